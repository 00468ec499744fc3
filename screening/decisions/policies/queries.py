"""Reads of policies: which holds, which reports it leaves to a member, and who wrote what."""

from functools import lru_cache
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from screening.decisions.models import PolicyVersion, ReportStage, Revelation, Standing
from screening.decisions.policies import statements as demands
from screening.decisions.policies.models import Authorship
from screening.decisions.policies.rules import Policy
from screening.decisions.queue.queries import open_round_of
from screening.projects.models import Membership, Project
from screening.projects.once import once


@once
def policy_in_force(project: Project, stage: str) -> Policy:
    """Read at decision time: it does not matter whether it was set before or after the import."""
    version = PolicyVersion.objects.filter(project=project, stage=stage).order_by("-n").first()
    return Policy.of(version.rules) if version else Policy()


@lru_cache(maxsize=512)
def policy_of(version_id: UUID) -> Policy:
    """What a recorded policy version says. A version is a fact, so it may be remembered."""
    return Policy.of(PolicyVersion.objects.get(pk=version_id).rules)


def waiting_rows(member: Membership, stage: str) -> QuerySet[ReportStage]:
    """The reports at a stage that are for this member and wait for one more person; full texts too that are not obtained yet.

    All that may be offered to them if no seat were taken.
    """
    rows = ReportStage.objects.filter(project=member.project_id, stage=stage, status=ReportStage.Status.OPEN, suspended=False)
    decided = Standing.objects.filter(member=member, stage=stage).values("report")
    shown = Revelation.objects.filter(member=member, stage=stage).values("report")
    rows = rows.exclude(report__in=decided).exclude(report__in=shown)
    if authored := authored_by(member):
        rows = rows.exclude(report__in=authored)
    policy = policy_in_force(member.project, stage)
    if policy.way == "one_include" or policy.pilot or policy.expert or policy.parts:
        arguments = demands.arguments(policy) | {"member": member.pk, "project": member.project_id, "stage": stage}
        fits = RawSQL(WAITING.format(demands.fits(policy, str(member.pk), leases=False)), arguments)  # noqa: S611 (our own text)
        fitting = Q(report__in=fits)
    else:
        fitting = Q(n__lt=policy.required)
    # A report in a pilot round is its members' alone, however many have decided.
    return rows.filter(Q(round=open_round_of(member, stage), round__isnull=False) | (fitting & Q(round=None)))


WAITING = """SELECT rs.report_id FROM screening_reportstage rs
    WHERE rs.project_id = %(project)s AND rs.stage = %(stage)s AND rs.status = 'open' AND NOT rs.suspended AND {}"""


@once
def authored_by(member: Membership) -> list[UUID]:
    """The reports this member has declared to be an author of."""
    last: dict[UUID, bool] = {}
    facts = Authorship.objects.filter(member=member).order_by("seq")
    for report, declared in facts.values_list("anchor__placement__report", "declared"):
        last[report] = declared
    return [report for report, declared in last.items() if declared]
