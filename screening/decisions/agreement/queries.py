"""Reads for agreement. Only settled reports: figures over the others would tell what a colleague decided.

Whoever may see who decided what on settled reports sees the figures; one person's figures against the consensus are for
that person and coordinators alone.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import redis
from django.core.cache import cache
from django.db import connection

from screening.decisions.agreement.independent import Said, first_settled, independent
from screening.decisions.agreement.showing import Shown, shown, words_of
from screening.decisions.models import Decision, Origin, ReportStage, Resolution, Stage
from screening.decisions.queries import facts_of_many, policy_of
from screening.decisions.rules import UNKNOWN, Policy
from screening.projects.access import may
from screening.projects.models import Membership, Project
from screening.projects.queries import shown_name
from screening.protocol.queries import reason_labels, reasons_in_order
from screening.references.queries.tallies import stages_tallied

DECISION_FIELDS = ("anchor__placement__report", "id", "member", "answer", "failed", "seq", "recorded_at", "policy_version", "origin")


@dataclass(frozen=True)
class Settled:
    """A settled report as agreement sees it: member id -> their independent answer, and what it came to."""

    report: UUID
    outcome: str
    said: dict[str, Said]

    @property
    def answers(self) -> dict[str, str]:
        return {member: one.answer or "" for member, one in self.said.items()}

    @property
    def last(self) -> int:
        """The number of the last of these answers: the order in which reports were decided."""
        return max(one.seq for one in self.said.values())

    @property
    def at(self) -> datetime:
        return max(one.at for one in self.said.values())


@dataclass(frozen=True)
class Round:
    """A pilot round: its name, and the reports that everybody screened in it."""

    label: str
    reports: frozenset[UUID]


_rounds: list[Callable[[Project, str], list[Round]]] = []


def pilot_rounds(give: Callable[[Project, str], list[Round]]) -> Callable[[Project, str], list[Round]]:
    """Register what gives the pilot rounds of a project at a stage, in their order."""
    _rounds.append(give)
    return give


def rounds_of(project: Project, stage: str) -> list[Round]:
    return [one for give in _rounds for one in give(project, stage)]


def n_settled(project: Project, stage: str) -> int:
    return sum(at.n for at in stages_tallied(project) if at.stage == stage and not at.suspended and at.status in ReportStage.SETTLED)


def settled_reports(project: Project, stage: str, *, brought_in: bool = False) -> list[Settled]:
    """Every settled report somebody decided on here, in the order they were decided.

    `brought_in`: with decisions made elsewhere too, of which nobody knows here whether they were independent.
    """
    rows = ReportStage.objects.filter(project=project, stage=stage, suspended=False, status__in=ReportStage.SETTLED)
    outcomes = {report: (status, key) for report, status, key in rows.values_list("report", "status", "random_key")}
    said, policies, counted = _said(project, stage, outcomes, brought_in)
    revealed = _revealed(project, stage)
    ruled = _first_ruled(project, stage)
    odd = {
        report: outcomes[report][1]
        for report in said
        if not _is_plain(said[report], counted[report], outcomes[report][1], ruled.get(report))
    }
    cuts = _first_settled(odd, stage, policies)
    found = []
    for report, answers in said.items():
        mine = independent(answers, settled=cuts.get(report), shown=revealed.get(report, {}))
        if mine:
            found.append(Settled(report, outcomes[report][0], mine))
    return sorted(found, key=lambda one: one.last)


Answers = dict[UUID, list[Said]]


def _said(project: Project, stage: str, outcomes: Container[UUID], brought_in: bool) -> tuple[Answers, dict[str, UUID], dict[UUID, set]]:
    """Report -> its answers; decision -> its policy version; report -> (policy version, number) of all its decisions."""
    answers: Answers = defaultdict(list)
    policies: dict[str, UUID] = {}
    counted: dict[UUID, set] = defaultdict(set)
    found = Decision.objects.filter(project=project, stage=stage).values_list(*DECISION_FIELDS)
    for report, pk, member, answer, failed, seq, at, policy, origin in found.iterator(chunk_size=5000):
        if report not in outcomes:
            continue
        policies[str(pk)] = policy
        counted[report].add((policy, seq))
        if brought_in or origin == Origin.DESK:
            answers[report].append(Said(str(member), answer, frozenset(map(str, failed)), seq, at))
    return answers, policies, counted


# By the records that stood behind the report when it was shown: parted from it since, they take what is known along.
SHOWN = """
SELECT placed.report_id, told.member_id, min(told.seq)
FROM screening_revelation told
JOIN screening_join stood ON stood.report_id = told.report_id AND stood.seq < told.seq
JOIN screening_placement placed ON placed.record_id = stood.record_id
WHERE told.project_id = %s AND told.stage = %s
  AND NOT EXISTS (SELECT 1 FROM screening_join later WHERE later.replaces_id = stood.id AND later.seq < told.seq)
GROUP BY 1, 2
"""


def _revealed(project: Project, stage: str) -> dict[UUID, dict[str, int]]:
    """Report -> member -> the number of the fact that they were shown the others' decisions on a record of it."""
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(SHOWN, [project.pk, stage])
        for report, member, seq in cursor.fetchall():
            found[report][str(member)] = seq
    return found


def _first_ruled(project: Project, stage: str) -> dict[UUID, int]:
    first: dict[UUID, int] = {}
    for report, seq in Resolution.objects.filter(project=project, stage=stage).values_list("anchor__placement__report", "seq"):
        first[report] = min(seq, first.get(report, seq))
    return first


def _is_plain(answers: Sequence[Said], counted: set, key: int, ruled: int | None) -> bool:
    """Whether nothing could be known to anybody when they answered: one answer each, no more than were needed, none after a ruling.

    Nearly all reports are; for the others the facts are gone through one by one. `key`: the report's random key, by which
    a policy tells whether it is in a pilot.
    """
    policies = {policy_of(policy).at(key) for policy, _ in counted}
    if any(policy.way == "one_include" for policy in policies):
        return False
    needed = min(policy.required for policy in policies)
    alone = len(answers) == len({one.member for one in answers}) and len(counted) <= needed
    return alone and (ruled is None or max(seq for _, seq in counted) < ruled) and all(one.answer for one in answers)


AT_ONCE = 2000


def _first_settled(keys: Mapping[UUID, int], stage: str, policies: Mapping[str, UUID]) -> dict[UUID, int | None]:
    """Report -> the number of the fact that first settled it, for the reports of `keys` (each with its random key)."""
    found: dict[UUID, int | None] = {}
    ids = list(keys)
    for start in range(0, len(ids), AT_ONCE):
        for report, facts in facts_of_many(ids[start : start + AT_ONCE], stage).items():
            key = keys[report]

            def policy_then(decision: str, key: int = key) -> Policy:
                return policy_of(policies[decision]).at(key) if decision in policies else Policy()

            found[report] = first_settled(facts.events(), policy_then)
    return found


def members_named(project: Project, ids: Iterable[str]) -> dict[str, str]:
    """Member id -> the name shown, in the order they joined; two of one name are told apart by a number."""
    named: dict[str, str] = {}
    for member in Membership.objects.filter(project=project, pk__in=list(ids)).order_by("joined_at", "id"):
        name, n = shown_name(member), 1
        while name in named.values():
            n += 1
            name = f"{shown_name(member)} ({n})"
        named[str(member.pk)] = name
    return named


def sees_everybody(viewer: Membership) -> bool:
    """Whether this member sees other people's figures against the consensus: coordinators do."""
    return may(viewer, "team.manage")


def figures_of(
    viewer: Membership, stage: str, *, fold_maybe: bool = True, by: str = "month", brought_in: bool = False
) -> tuple[Shown, list[Settled], dict[str, str]]:
    """All this member may see of a stage's agreement; the settled reports behind it; and the raters' names by id."""
    everybody = sees_everybody(viewer)
    return figures_for(
        viewer.project,
        stage,
        fold_maybe=fold_maybe,
        by=by,
        brought_in=brought_in,
        for_whom=lambda member: everybody or member == str(viewer.pk),
    )


def figures_for(
    project: Project, stage: str, *, fold_maybe: bool, by: str, brought_in: bool, for_whom: Callable[[str], bool] = lambda member: True
) -> tuple[Shown, list[Settled], dict[str, str]]:
    """The same for whoever may see the lines against the consensus of those it is `for_whom`."""
    reports = settled_reports(project, stage, brought_in=brought_in)
    if len(reports) > SMALL and not brought_in:
        with suppress(redis.RedisError):
            cache.set(_kept(project, stage), _headline(reports, stage), REMEMBERED)
    names = members_named(project, {member for one in reports for member in one.said})
    result = shown(
        reports,
        names,
        settled=n_settled(project, stage),
        stage_has_maybe=stage == Stage.TITLE_ABSTRACT,
        fold_maybe=fold_maybe,
        by=by,
        rounds=rounds_of(project, stage),
        criteria=criteria_marked(project, reports),
        for_whom=for_whom,
    )
    return result, reports, names


def criteria_marked(project: Project, reports: Sequence[Settled]) -> list[tuple[str, str]]:
    """The criteria that can exclude, in protocol order, and after them those that only earlier versions knew and somebody marked."""
    current = [(reason.id, reason.label) for reason in reasons_in_order(project)]
    marked = {criterion for one in reports for said in one.said.values() for criterion in said.failed}
    labels = reason_labels(project)
    earlier = sorted(marked - {pk for pk, _ in current}, key=lambda pk: labels.get(pk, ""))
    return current + [(pk, labels.get(pk, UNKNOWN)) for pk in earlier]


SMALL, REMEMBERED = 3_000, 600


def headlines(project: Project) -> tuple[list[dict[str, str]], bool]:
    """For each stage the words of its figures, for a panel; and whether they may be up to ten minutes old.

    With thousands of settled reports they are the figures that the page of agreement gave last, or none: no other page
    waits while they are worked out.
    """
    lines, old = [], False
    for stage in Stage:
        settled = n_settled(project, stage)
        if settled < 1:
            continue
        found = _remembered(project, stage) if settled > SMALL else _headline(settled_reports(project, stage), stage)
        old = old or settled > SMALL
        if found or settled > SMALL:
            lines.append({"stage": stage.value, "label": str(stage.label), **found})
    return lines, old


def _remembered(project: Project, stage: str) -> dict[str, str]:
    """What the page of agreement gave last. Nothing while Redis does not answer: the page of the project does not depend on it."""
    with suppress(redis.RedisError):
        return cache.get(_kept(project, stage), {})
    return {}


def _kept(project: Project, stage: str) -> str:
    return f"agreement:{project.pk}:{stage}"


def _headline(reports: Sequence[Settled], stage: str) -> dict[str, str]:
    result = shown(reports, {}, settled=len(reports), stage_has_maybe=stage == Stage.TITLE_ABSTRACT)
    return words_of(result.overall.figures) if result.compared else {}
