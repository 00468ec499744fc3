"""What the lead sets: the share of ranked titles, whether everybody works in one order, and the target for stopping."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from screening.decisions.ranking.models import RankingRule
from screening.decisions.ranking.queries import rule_in_force
from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership, Project
from screening.references.rules import without_nul

SET = ("share", "for_all", "recall", "confidence")


@transaction.atomic
def set_rule(*, by: Membership, share: int, for_all: bool, recall: int, confidence: int, why: str = "") -> RankingRule:
    """Record how titles are ordered from now on. The same again writes nothing. Raises Refused where a number is out of range.

    The order of what is on somebody's screen stays; a new share shows with the next fit, which it asks for.
    """
    check(by, "ranking.set")
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    there = rule_in_force(by.project)
    wanted = {"share": share, "for_all": for_all, "recall": recall, "confidence": confidence}
    if there.n and all(getattr(there, name) == value for name, value in wanted.items()):
        return there
    rule = RankingRule(project=by.project, by=by, n=there.n + 1, why=without_nul(why).strip(), **wanted)
    try:
        rule.clean_fields(exclude=["project", "by", "seq", "recorded_at"])
    except ValidationError as error:
        raise Refused(_("The share is from 1 to 100, recall and confidence from 50 to 100, all whole numbers.")) from error
    rule.save(force_insert=True)
    return rule
