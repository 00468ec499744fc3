"""What stands in plain words on the page of a report."""

from django.urls import reverse
from django.utils.translation import gettext as _

from screening.projects.models import Membership
from screening.projects.report_contributions import ReportLine, report_lines
from screening.references.models import Report
from screening.voices.plain.queries import where_it_stands
from screening.voices.plain.rules import said_plainly


def _words(key: str) -> str:
    return {
        "open": _("The team is still judging this paper. Nobody is shown what others said of it before that is settled."),
        "included": _("The team read the whole paper and found that it belongs in the review."),
        "excluded": _("The team agreed that this paper does not belong in the review."),
        "not_retrieved": _("Nobody could get hold of the whole paper, so it could not be judged to the end."),
        "removed": _("This was taken out before anybody judged it."),
    }.get(key, "")


@report_lines
def in_plain_words(membership: Membership, report: Report) -> list[ReportLine]:
    """What the team did with this paper, without a word of the trade, and never who decided what."""
    key, criterion = where_it_stands(membership, report)
    if not (words := _words(key)):
        return []
    slug = membership.project.slug
    url = reverse("voices:thread", args=[slug, "report", report.pk])
    found = [ReportLine(heading=_("In plain words"), words=words, url=url, label=_("Say something about it"))]
    if criterion is not None:
        words = _("The rule it did not meet: %(rule)s") % {"rule": said_plainly(criterion.plain_words, criterion.label)}
        url = reverse("voices:thread", args=[slug, "reason", criterion.pk])
        found.append(ReportLine(heading=_("The reason"), words=words, url=url, label=_("Say something about this reason")))
    return found
