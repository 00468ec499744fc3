"""The only writers of what a project says of support and of answers."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership, Project
from screening.voices.models import VoiceSetting
from screening.voices.rules import ANSWER_DAYS, clean_words

LONGEST = 5000
MOST_DAYS = 365


def _keep(by: Membership, **changed: Any) -> VoiceSetting:
    """The latest holds; what is not given stays as it is, and the same again writes nothing."""
    # Whoever changes the same a moment later waits here, and changes what stands then.
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    there = VoiceSetting.objects.filter(project=by.project_id).order_by("-seq").first()
    before = {"answer_days": ANSWER_DAYS, "support": "", "takes_files": False}
    if there is not None:
        before = {name: getattr(there, name) for name in before}
        if before == before | changed:
            return there
    return VoiceSetting.objects.create(project=by.project, by=by, **(before | changed))


@transaction.atomic
def write_support(*, by: Membership, text: str) -> VoiceSetting:
    """Whom to turn to, in Markdown. Empty words take it away. What was there before is kept on record."""
    check(by, "voices.support")
    text = clean_words(text)
    if len(text) > LONGEST:
        raise Refused(_("Keep it to %(most)s characters.") % {"most": f"{LONGEST:,}"})
    return _keep(by, support=text)


@transaction.atomic
def promise(*, by: Membership, days: int) -> VoiceSetting:
    """Within how many days a voice is owed its answer."""
    check(by, "voices.set")
    if not 1 <= days <= MOST_DAYS:
        raise Refused(_("Promise an answer within 1 to %(most)s days.") % {"most": MOST_DAYS})
    return _keep(by, answer_days=days)


@transaction.atomic
def switch_files(*, by: Membership, on: bool) -> VoiceSetting | None:
    """Whether files may come with what is said from now on. What came before stays. Off where it was never on writes nothing."""
    check(by, "voices.set")
    if not on and not VoiceSetting.objects.filter(project=by.project_id, takes_files=True).exists():
        return None
    return _keep(by, takes_files=on)
