"""Reads of policies: which holds, which reports it leaves to a member, and who wrote what."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, Count, DateTimeField, F, Func, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext as _

from screening.decisions.agreement.answers import folded
from screening.decisions.models import Decision, PolicyVersion, ReportStage, Resolution, Revelation, Seat, Stage, Standing
from screening.decisions.policies import statements as demands
from screening.decisions.policies.models import Authorship
from screening.decisions.policies.rules import AGREEMENT_WISHED, Policy, in_sample, may_be_offered, may_screen, waits_for_pilot
from screening.decisions.queue.queries import open_round_of
from screening.projects.models import Membership, Project, Role
from screening.projects.once import keep, once
from screening.references.models import Import, Report


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
        text, values = by_place(WAITING.format(demands.fits(policy, str(member.pk), leases=False)), arguments)
        fits = RawSQL(text, values)  # noqa: S611 (our own text)
        fitting = Q(report__in=fits)
    else:
        fitting = Q(n__lt=policy.required)
    # A report in a pilot round is its members' alone, however many have decided.
    return rows.filter(Q(round=open_round_of(member, stage), round__isnull=False) | (fitting & Q(round=None)))


@dataclass(frozen=True)
class Waits:
    """How many reports wait for a member, and since when the first of them has been there (None: none waits)."""

    n: int
    since: datetime | None


# When a report came to its title's stage: its id says so (version 7, references/copying.py), without a look at its row.
ARRIVED = Case(
    When(
        Exact(Func(F("report_id"), function="uuid_extract_version", output_field=IntegerField()), 7),
        then=Func(F("report_id"), function="uuid_extract_timestamp", output_field=DateTimeField()),
    ),
    default=Subquery(Report.objects.filter(pk=OuterRef("report_id")).values("created_at")),
)

_INCLUDED = ReportStage.objects.filter(report=OuterRef("report_id"), stage=Stage.TITLE_ABSTRACT, suspended=False).values("since")[:1]
# When a report came to a stage: to full text when its title was included, or else with the report itself. Everybody may know
# either, whereas the moment its row at full text last changed tells what was decided there.
CAME = {Stage.TITLE_ABSTRACT: ARRIVED, Stage.FULL_TEXT: Coalesce(Subquery(_INCLUDED), ARRIVED)}


@once
def waits_for(member: Membership, stage: str) -> Waits:
    """What the queue would offer this member at a stage if no seat were taken, counted in one scan of the open reports.

    `since` is when the first of them arrived in the project, whatever was decided on it since: it tells of nobody.
    """
    rows = waiting_rows(member, stage)
    if stage == Stage.FULL_TEXT:
        rows = rows.filter(retrieval=ReportStage.Retrieval.RETRIEVED)
    return Waits(**rows.aggregate(n=Count("*"), since=Min(ARRIVED)))


WAITING = """SELECT rs.report_id FROM screening_reportstage rs
    WHERE rs.project_id = %(project)s AND rs.stage = %(stage)s AND rs.status = 'open' AND NOT rs.suspended AND {}"""


def by_place(text: str, arguments: dict[str, Any]) -> tuple[str, list[Any]]:
    """A statement's named arguments as the ORM takes them inside its own: by their places."""
    names: list[str] = []
    placed = re.sub(r"%\((\w+)\)s", lambda found: names.append(found[1]) or "%s", text)
    return placed, [arguments[name] for name in names]


@once
def authored_by(member: Membership) -> list[UUID]:
    """The reports this member has declared to be an author of."""
    last: dict[UUID, bool] = {}
    facts = Authorship.objects.filter(member=member).order_by("seq")
    for report, declared in facts.values_list("anchor__placement__report", "declared"):
        last[report] = declared
    return [report for report, declared in last.items() if declared]


def spoken_at(project: Project, stage: str) -> list[UUID]:
    """The reports at a stage about which something is recorded there, in ascending id."""
    decided = Decision.objects.filter(project=project, stage=stage).values_list("anchor__placement__report", flat=True)
    ruled = Resolution.objects.filter(project=project, stage=stage).values_list("anchor__placement__report", flat=True)
    return sorted(set(decided) | set(ruled))


@dataclass(frozen=True)
class PilotResult:
    """What came of a pilot: of `sampled` reports `settled`; `read` by two people or more, who were all of one mind on `agreed`."""

    sampled: int
    settled: int
    read: int
    agreed: int

    @property
    def is_over(self) -> bool:
        return self.sampled == self.settled > 0

    @property
    def percent(self) -> Fraction | None:
        return Fraction(100 * self.agreed, self.read) if self.read else None

    @property
    def is_low(self) -> bool:
        """Under what AMSTAR 2 asks for (item 5), or unknown."""
        return self.percent is None or self.percent < AGREEMENT_WISHED

    @property
    def as_fact(self) -> dict[str, int]:
        return {"sampled": self.sampled, "read": self.read, "agreed": self.agreed}


def pilot_result(project: Project, stage: str, policy: Policy) -> PilotResult:
    """How far the pilot of this policy has come. What was agreed on is counted over settled reports alone."""
    rows = ReportStage.objects.filter(project=project, stage=stage, suspended=False)
    if stage == Stage.FULL_TEXT:
        rows = rows.exclude(retrieval=ReportStage.Retrieval.NOT_RETRIEVED)
    sample = {report: status for report, key, status in rows.values_list("report", "random_key", "status") if in_sample(key, policy.pilot)}
    settled = sum(status in ReportStage.SETTLED for status in sample.values())
    if not sample or settled < len(sample):
        return PilotResult(len(sample), settled, 0, 0)
    from screening.decisions.agreement.queries import settled_reports  # reads decisions, which read policies

    answers = [one.answers.values() for one in settled_reports(project, stage) if one.report in sample and len(one.answers) > 1]
    agreed = sum(len({folded(answer) for answer in one}) == 1 for one in answers)
    return PilotResult(len(sample), settled, len(answers), agreed)


@dataclass(frozen=True)
class Stuck:
    """Open reports that wait for more people than the team has for them, since when the first of them is there, and why.

    `told`: those of them of which somebody was shown what others said, and may decide all the same (`nobody_else_can`).
    """

    n: int
    since: datetime
    why: str
    told: tuple[UUID, ...] = ()


NEEDED = "CASE WHEN ((screening_reportstage.random_key & 65535) * 100) >> 16 < %(pilot)s THEN %(required)s ELSE %(otherwise)s END"
# Whether fewer people are left for a report than it needs. Who is left is looked for only where all of the team would be enough:
# a team that is too small has this asked of 100,000 reports.
TOO_FEW = f"""
CASE WHEN screening_reportstage.n + %(people)s < {NEEDED} THEN true ELSE
  screening_reportstage.n + (
    SELECT count(*) FROM unnest(%(reviewers)s::uuid[]) AS who (id)
    WHERE NOT EXISTS (SELECT 1 FROM screening_standing s
                     WHERE s.report_id = screening_reportstage.report_id AND s.stage = screening_reportstage.stage AND s.member_id = who.id)
      AND NOT EXISTS (SELECT 1 FROM screening_revelation v
                     WHERE v.report_id = screening_reportstage.report_id AND v.stage = screening_reportstage.stage AND v.member_id = who.id)
      AND NOT EXISTS (SELECT 1 FROM unnest(%(authored)s::uuid[], %(authors)s::uuid[]) AS wrote (report, member)
                     WHERE wrote.report = screening_reportstage.report_id AND wrote.member = who.id)
  ) < {NEEDED} END
"""  # noqa: S608 (our own text)


def _stuck(project: Project, stage: str, *, particular: Sequence[UUID] | None = None) -> QuerySet[ReportStage]:
    """Open reports for which fewer people are left than they need: of these alone, or of all where the team itself is too small."""
    wrote, reviewers = authorships(project), reviewers_of(project)
    arguments = demands.arguments(policy_in_force(project, stage)) | {
        "people": len(reviewers),
        "reviewers": [UUID(pk) for pk in reviewers],
        "authored": [report for report, _ in wrote],
        "authors": [member for _, member in wrote],
    }
    rows = ReportStage.objects.filter(project=project, stage=stage, status=ReportStage.Status.OPEN, suspended=False, round=None)
    if particular is not None:
        rows = rows.filter(report__in=particular)
    return rows.filter(RawSQL(*by_place(TOO_FEW, arguments), output_field=BooleanField()))  # noqa: S611 (our own text)


def nobody_else_can(row: ReportStage) -> bool:
    """Whether an open report needs more people than are left for it, those left out who were shown what others said of it.

    Then these may decide on it all the same, or two people whose reports were parted could never bring it to an end.
    """
    return _stuck(row.project, row.stage, particular=[row.report_id]).exists()


def stuck_at(project: Project, stage: str) -> list[Stuck]:
    """What nobody in the team can bring to an end, for coordinators to see. It depends on who decided, never on what."""
    policy = policy_in_force(project, stage)
    reviewers = reviewers_of(project)
    shown = shown_while_open(project, stage)
    particular = [*shown, *(report for report, _ in authorships(project))]
    few = len(reviewers) < policy.required
    found, came = [], {"n": Count("*"), "since": Min(CAME[Stage(stage)])}
    stuck = _stuck(project, stage, particular=None if few else particular).aggregate(**came) if few or particular else {"n": 0}
    if stuck["n"]:
        told = _stuck(project, stage, particular=shown).values_list("report", flat=True) if shown else []
        why = _("Fewer people screen here than these reports need, authors left out. Give somebody else the reviewer's role.")
        found.append(Stuck(stuck["n"], stuck["since"], why, tuple(sorted(told))))
    if policy.expert and not set(policy.experts) & set(reviewers):
        # All that none of them has decided on and that is not settled: of those that are open alone, the rest would be conflicts.
        seen = Standing.objects.filter(stage=stage, member__in=policy.experts).values("report")
        rows = ReportStage.objects.filter(project=project, stage=stage, suspended=False).exclude(status__in=ReportStage.SETTLED)
        waiting = rows.exclude(report__in=seen).aggregate(**came)
        if waiting["n"]:
            why = _("They wait for an expert, and none of those named screens here any more.")
            found.append(Stuck(waiting["n"], waiting["since"], why))
    return found


def left_to(member: Membership, stage: str) -> list[UUID]:
    """The open reports that no queue offers, since everybody left for them was shown what others said, and this member may decide on.

    They come from parting what was settled together: the queue offers nothing to whoever was shown the others' answers on it.
    """
    shown = {report for at, report in shown_to(member) if at == stage}
    if not shown:
        return []
    left = shown & {report for one in stuck_at(member.project, stage) for report in one.told}
    mine = Standing.objects.filter(member=member, stage=stage, report__in=left).values_list("report", flat=True)
    return sorted(left - set(mine) - set(authored_by(member)))


OPEN_SINCE = {"report__stages__stage": F("stage"), "report__stages__status": ReportStage.Status.OPEN}


@once
def shown_to(member: Membership) -> list[tuple[str, UUID]]:
    """(stage, report) of the open ones of which this member was shown what others decided."""
    return list(Revelation.objects.filter(member=member, **OPEN_SINCE).values_list("stage", "report"))


@once
def shown_while_open(project: Project, stage: str) -> list[UUID]:
    """The open reports at a stage of which somebody was shown what others decided."""
    return list(Revelation.objects.filter(project=project, stage=stage, **OPEN_SINCE).values_list("report", flat=True))


@once
def reviewers_of(project: Project) -> list[str]:
    """The ids of those who screen today, in the order they joined."""
    found = Membership.objects.filter(project=project, roles__contains=[Role.REVIEWER]).order_by("joined_at", "id")
    return [str(pk) for pk in found.values_list("pk", flat=True)]


@once
def authorships(project: Project) -> list[tuple[UUID, UUID]]:
    """(report, member) for every report of which a member is an author, as last declared."""
    return _authorships([project.pk])[project.pk]


def _authorships(projects: Sequence[UUID]) -> dict[UUID, list[tuple[UUID, UUID]]]:
    last: dict[tuple[UUID, UUID, UUID], bool] = {}
    facts = Authorship.objects.filter(project__in=projects).order_by("seq")
    for project, report, member, declared in facts.values_list("project", "anchor__placement__report", "member", "declared"):
        last[project, report, member] = declared
    found: dict[UUID, list[tuple[UUID, UUID]]] = defaultdict(list)
    for (project, report, member), declared in last.items():
        if declared:
            found[project].append((report, member))
    return found


def read_ahead(members: Sequence[Membership]) -> None:
    """The policies, reviewers and authors of several members' projects, and what was shown there: a query for each of these."""
    projects = [member.project_id for member in members]
    latest = PolicyVersion.objects.filter(project__in=projects).order_by("project", "stage", "-n").distinct("project", "stage")
    rules = {(project, stage): said for project, stage, said in latest.values_list("project", "stage", "rules")}
    reviewers: dict[UUID, list[str]] = defaultdict(list)
    screening = Membership.objects.filter(project__in=projects, roles__contains=[Role.REVIEWER]).order_by("joined_at", "id")
    for project, pk in screening.values_list("project", "pk"):
        reviewers[project].append(str(pk))
    shown: dict[tuple[UUID, str], list[UUID]] = defaultdict(list)
    to: dict[UUID, list[tuple[str, UUID]]] = defaultdict(list)
    told = Revelation.objects.filter(project__in=projects, **OPEN_SINCE)
    for project, stage, report, who in told.values_list("project", "stage", "report", "member"):
        shown[project, stage].append(report)
        to[who].append((stage, report))
    wrote = _authorships(projects)
    for member in members:
        project = member.project
        keep(reviewers_of, project, answer=reviewers[project.pk])
        keep(authorships, project, answer=wrote[project.pk])
        keep(shown_to, member, answer=to[member.pk])
        keep(authored_by, member, answer=[report for report, who in wrote[project.pk] if who == member.pk])
        for stage in Stage.values:
            said = rules.get((project.pk, stage))
            keep(policy_in_force, project, stage, answer=Policy() if said is None else Policy.of(said))
            keep(shown_while_open, project, stage, answer=shown[project.pk, stage])


def versions_of(project: Project, stage: str) -> list[PolicyVersion]:
    """How a stage was decided over time, the latest first."""
    return list(PolicyVersion.objects.filter(project=project, stage=stage).select_related("by").order_by("-n"))


def why_not_offered(member: Membership, row: ReportStage) -> str | None:
    """Why an open report is not for this member now, as a sentence; None where it is.

    The same as the queue asks, for somebody who comes by an address. It depends on how many decided, never on what.
    """
    if row.report_id in authored_by(member):
        return _("You are an author of this report, as you declared. Others screen it.")
    if Revelation.objects.filter(member=member, report=row.report_id, stage=row.stage).exists() and not nobody_else_can(row):
        return _("You were shown what others decided on this report, so you do not screen it.")
    if row.round is not None:
        return None if open_round_of(member, row.stage) == row.round else _("It is in a pilot round, for those who screen in that.")
    policy = policy_in_force(member.project, row.stage)
    sources = Import.objects.filter(records__placement__report=row.report_id).values_list("source", flat=True) if policy.parts else ()
    if not may_screen(str(member.pk), row.random_key, {str(pk) for pk in sources}, policy, reviewers_of(member.project)):
        return _("It is in a part of the reports that others screen.")
    if waits_for_pilot(row.random_key, policy):
        return _("It waits until the pilot is over.")
    decided = {str(pk) for pk in Standing.objects.filter(report=row.report_id, stage=row.stage).values_list("member", flat=True)}
    seats = Seat.objects.filter(report=row.report_id, stage=row.stage, lease_until__gt=timezone.now()).exclude(member=member)
    leased = {str(pk) for pk in seats.values_list("member", flat=True)} - decided
    free = may_be_offered(
        decided=len(decided),
        leased=len(leased),
        has_expert=not (decided | leased).isdisjoint(policy.experts),
        is_expert=str(member.pk) in policy.experts,
        policy=policy.at(row.random_key),
    )
    return None if free else _("As many people as it needs have it already, or have decided on it.")
