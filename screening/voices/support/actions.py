"""The only writers of what a project says of support and of answers."""

from django.db import transaction
from django.utils.translation import gettext as _

from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership, Project
from screening.voices.models import VoiceSetting
from screening.voices.queries import answer_days, setting_of
from screening.voices.rules import clean_words

LONGEST = 5000
MOST_DAYS = 365


def _keep(by: Membership, *, days: int, support: str) -> VoiceSetting:
    """The latest holds; the same again writes nothing."""
    there = setting_of(by.project)
    if there is not None and (there.answer_days, there.support) == (days, support):
        return there
    return VoiceSetting.objects.create(project=by.project, by=by, answer_days=days, support=support)


@transaction.atomic
def write_support(*, by: Membership, text: str) -> VoiceSetting:
    """Whom to turn to, in Markdown. Empty words take it away. What was there before is kept on record."""
    check(by, "voices.support")
    text = clean_words(text)
    if len(text) > LONGEST:
        raise Refused(_("Keep it to %(most)s characters.") % {"most": f"{LONGEST:,}"})
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    return _keep(by, days=answer_days(by.project), support=text)


@transaction.atomic
def promise(*, by: Membership, days: int) -> VoiceSetting:
    """Within how many days a voice is owed its answer."""
    check(by, "voices.set")
    if not 1 <= days <= MOST_DAYS:
        raise Refused(_("Promise an answer within 1 to %(most)s days.") % {"most": MOST_DAYS})
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    there = setting_of(by.project)
    return _keep(by, days=days, support=there.support if there else "")
