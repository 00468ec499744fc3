"""What waits to be compared, and what a report's history tells of verdicts and corrections: handed in by contribute.py."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from screening.projects import contributions
from screening.projects.access import may
from screening.projects.contributions import HistoryEntry, Waiting
from screening.projects.models import Membership, Role
from screening.projects.queries import shown_name
from screening.references import queries
from screening.references.models import Correction, PairVerdict, ProposedPair
from screening.references.queries import duplicates
from screening.references.wording import IN_SENTENCES


@contributions.waiting_ahead
def in_several_projects(members: Sequence[Membership]) -> None:
    asking = [member for member in members if may(member, "references.join")]
    if asking:
        duplicates.read_ahead(asking)


@contributions.waiting
def to_compare(membership: Membership) -> list[Waiting]:
    """Likely duplicates and proposed versions, for those who may say what they are."""
    if not may(membership, "references.join"):
        return []
    project = membership.project
    likely, versions = (duplicates.to_compare(project, kind) for kind in ProposedPair.Kind.values)
    pairs = ngettext("pair that may be one report", "pairs that may be one report", likely.n)
    proposed = ngettext("pair that may be versions of one review", "pairs that may be versions of one review", versions.n)
    button = ngettext("Compare %(n)s pair that may be one report", "Compare %(n)s pairs that may be one report", likely.n)
    button %= {"n": f"{likely.n:,}"}
    url, versions_url = reverse("references:duplicates", args=[project.slug]), reverse("references:versions", args=[project.slug])
    return [
        Waiting(likely.n, pairs, url, order=22, role=Role.COORDINATOR, since=likely.since, button=button),
        Waiting(versions.n, proposed, versions_url, order=23, role=Role.COORDINATOR, since=versions.since),
    ]


@contributions.history("report")
def what_was_said_of_it(membership: Membership, report: Any) -> list[HistoryEntry]:
    """Verdicts on this report and others, and what was corrected in what it shows."""
    lines = [line for said in queries.verdicts_on(report) if (line := _verdict(said, report))]
    lines += [HistoryEntry(made.recorded_at, shown_name(made.by), _corrected(made), made.reason) for made in queries.corrections_of(report)]
    return lines


def _corrected(made: Correction) -> str:
    """What a correction did, with what stood there before where that was corrected too."""
    was = made.replaces is not None and made.replaces.value is not None
    words = {"field": IN_SENTENCES[made.field], "value": _short(made.value), "before": _short(made.replaces.value) if was else ""}
    if made.value is None:
        said = _("Took back the correction of %(field)s (was: %(before)s).") if was else _("Took back the correction of %(field)s.")
    else:
        said = _("Corrected %(field)s to: %(value)s (was: %(before)s).") if was else _("Corrected %(field)s to: %(value)s.")
    return said % words


def _verdict(said: PairVerdict, report: Any) -> HistoryEntry | None:
    """One line for what was said of this report and another; what joined or parted is told by the records that moved."""
    here = said.first.placement.report
    other = said.second.placement.report if here.pk == report.pk else here
    if other.pk == report.pk or said.verdict == PairVerdict.Verdict.SAME:
        return None
    what = SAID_OF_TWO[said.verdict] % {"title": other.title or _("Untitled report")}
    return HistoryEntry(said.recorded_at, shown_name(said.by), what, said.reason if said.verdict else "")


SAID_OF_TWO = {
    PairVerdict.Verdict.DIFFERENT: gettext_lazy("Kept apart from “%(title)s”."),
    PairVerdict.Verdict.VERSIONS: gettext_lazy("Said to be a version of one review with “%(title)s”."),
    None: gettext_lazy("Took back what was said about this and “%(title)s”."),
}


def _short(value: Any) -> str:
    words = "; ".join(value) if isinstance(value, list) else str(value)
    return (words[:200] + "\u2026" if len(words) > 200 else words) or _("nothing")
