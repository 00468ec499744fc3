"""The only writer of a stage's policy once reports stand under it: the policy and every report it moves, in one go."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.decisions.actions import Clash, set_policy
from screening.decisions.bringing import statements
from screening.decisions.bringing.queries import facts_of_many
from screening.decisions.models import PolicyVersion, ReportStage, Stage
from screening.decisions.placing import refresh
from screening.decisions.policies.queries import pilot_result, policy_in_force, spoken_at
from screening.decisions.policies.rules import Policy
from screening.decisions.queries import Facts
from screening.decisions.rules import State, state_of
from screening.projects import jobs
from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.jobs import Handle
from screening.projects.models import Job, Membership, Project, Role

KIND = "policy"
BATCH = 500
AT_ONCE = 2_000
"""With more reports that somebody decided on, a worker makes the change."""


@dataclass(frozen=True)
class Moved:
    """A report that a policy would have stand elsewhere."""

    row: ReportStage
    facts: Facts
    state: State


def moved_by(project: Project, stage: str, policy: Policy) -> Iterator[Moved]:
    """The reports at a stage that stand elsewhere under this policy, by what is recorded now."""
    ids = spoken_at(project, stage)
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        facts = facts_of_many(batch)
        rows = ReportStage.objects.filter(report__in=batch, stage=stage, project=project).select_related("report").order_by("report_id")
        for row in rows:
            mine = facts[row.report_id, stage]
            state = state_of(mine.events(), policy.at(row.random_key))
            there = (row.status, row.n, row.requests, row.primary_reason and str(row.primary_reason))
            if there != (state.status, len(state.in_force), len(state.requests), state.primary_reason):
                yield Moved(row, mine, state)


def change_policy(
    *, by: Membership, stage: str, policy: Policy, why: str, n: int | None = None, change_id: UUID | None = None
) -> tuple[PolicyVersion | None, Job | None]:
    """Have a stage decided otherwise from now on: at once, or by a job where many reports were decided on.

    Nothing is deleted: every report is read afresh by what is recorded, so that changing back gives what was before.
    `n`: the version that was on the screen. Raises Clash where it is not in force any more, Refused where the policy
    would leave reports that nobody can decide, or is the one in force.
    """
    check(by, "project.edit")
    _fits(by.project, stage, policy, why)
    last = PolicyVersion.objects.filter(project=by.project, stage=stage).order_by("-n").first()
    if n is not None and n != (last.n if last else 0):
        raise Clash(_("Somebody else has changed how this stage is decided. Look at it again."))
    if policy == policy_in_force(by.project, stage):
        raise Refused(_("That is how this stage is decided already. Nothing was changed."))
    if len(spoken_at(by.project, stage)) <= AT_ONCE:
        return _change(by, stage, policy, why, n), None
    args = {"stage": stage, "rules": policy.rules, "why": why, "n": last.n if last else 0}
    key = f"{stage}:{args['n']}:{change_id or ''}"
    return None, jobs.start(project=by.project, kind=KIND, key=key, args=args, by=by)


def _fits(project: Project, stage: str, policy: Policy, why: str) -> None:
    if not why.strip():
        raise Refused(_("Say why: the reason is part of the record."))
    members = Membership.objects.filter(project=project, roles__contains=[Role.REVIEWER]).values_list("pk", flat=True)
    reviewers = {str(pk) for pk in members}
    if policy.expert and not set(policy.experts) & reviewers:
        raise Refused(_("Name at least one reviewer as an expert, or every report would wait for one."))
    for part in policy.parts:
        if len(set(part.members) & reviewers) < policy.required:
            raise Refused(
                ngettext(
                    "%(n)s person screens each report, so name at least as many reviewers for each part.",
                    "%(n)s people screen each report, so name at least as many reviewers for each part.",
                    policy.required,
                )
                % {"n": policy.required}
            )
    before = policy_in_force(project, stage)
    if policy.single and not before.single:
        if not before.pilot:
            raise Refused(_("Only a pilot can be over: choose one first, or single screening."))
        result = pilot_result(project, stage, before)
        if not result.is_over:
            raise Refused(
                _("%(settled)s of the pilot's %(sampled)s reports are settled. What was agreed on can be told once all are.")
                % {"settled": f"{result.settled:,}", "sampled": f"{result.sampled:,}"}
            )


@transaction.atomic
def _change(by: Membership, stage: str, policy: Policy, why: str, n: int | None) -> PolicyVersion:
    project = Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    last = PolicyVersion.objects.filter(project=project, stage=stage).order_by("-n").first()
    if n is not None and n != (last.n if last else 0):
        raise Clash(_("Somebody else has changed how this stage is decided. Look at it again."))
    before = policy_in_force(project, stage)
    # Whoever is deciding now ends first, under the old policy; whoever comes waits for the new one.
    list(ReportStage.objects.select_for_update().filter(project=project, stage=stage).order_by("report_id").values_list("report_id"))
    reached = pilot_result(project, stage, before).as_fact if policy.single and not before.single else {}
    version = set_policy(by=by, project=project, stage=stage, policy=policy, why=why.strip(), reached=reached)
    _place(project, stage, policy, list(moved_by(project, stage, policy)))
    return version


def _place(project: Project, stage: str, policy: Policy, moved: Sequence[Moved]) -> None:
    """Bring the rows of these reports to where they stand now, as placing.refresh does it for one; in a few statements for all."""
    apart = []
    for start in range(0, len(moved), BATCH):
        batch = moved[start : start + BATCH]
        _write(stage, batch)
        apart += _full_texts(project, batch) if stage == Stage.TITLE_ABSTRACT else []
    for one in apart:
        one.row.project = project
        refresh(one.row, policy=policy)


def _write(stage: str, batch: Sequence[Moved]) -> None:
    ids, states = [one.row.report_id for one in batch], [one.state for one in batch]
    columns = (
        [state.status for state in states],
        [len(state.in_force) for state in states],
        [len(state.requests) for state in states],
        [state.primary_reason for state in states],
    )
    standing = [(member, one.row.report_id, said.answer, said.id) for one in batch for member, said in one.state.standing.items()]
    with connection.cursor() as cursor:
        cursor.execute(statements.STAGES, [ids, *columns, stage])
        cursor.execute(statements.CLEAR, [ids, stage])
        if standing:
            cursor.execute(statements.STAND, [stage, *map(list, zip(*standing, strict=True))])


def _full_texts(project: Project, batch: Sequence[Moved]) -> list[Moved]:
    """Titles that are included now go on to full text, others leave it. Gives those whose records came from elsewhere: one by one."""
    rows = ReportStage.objects.filter(report__in=[one.row.report_id for one in batch], stage=Stage.FULL_TEXT)
    there = {row.report_id: row for row in rows}
    new, apart = [], []
    moving: dict[bool, list[UUID]] = {True: [], False: []}
    for one in batch:
        goes_on, text = one.state.status == ReportStage.Status.INCLUDE, there.get(one.row.report_id)
        if one.row.suspended:
            continue
        if text is not None and text.suspended == goes_on:
            moving[not goes_on].append(text.report_id)
        elif text is None and goes_on and any(joined is not None for _record, joined in one.facts.records):
            apart.append(one)
        elif text is None and goes_on:
            new.append(
                ReportStage(
                    report_id=one.row.report_id,
                    stage=Stage.FULL_TEXT,
                    project=project,
                    random_key=one.row.random_key,
                    retrieval=ReportStage.Retrieval.SOUGHT,
                    since=timezone.now(),
                )
            )
    ReportStage.objects.bulk_create(new)
    for suspended, ids in moving.items():
        ReportStage.objects.filter(report__in=ids, stage=Stage.FULL_TEXT).update(suspended=suspended)
    return apart


def change_by_job(handle: Handle) -> dict[str, Any]:
    """The same in a worker. Safe to run twice: a change that was made is found by its reason and rules."""
    job, args = handle.job, handle.job.args
    policy = Policy.of(args["rules"])
    done = PolicyVersion.objects.filter(project=job.project, stage=args["stage"], n=args["n"] + 1).first()
    if done is not None and (done.rules, done.why) == (policy.rules, args["why"].strip()):
        return {"n": done.n}
    handle.step(0, 0, _("Reading every report by the new policy. Decisions wait for a moment."))
    try:
        version = _change(job.asked_by, args["stage"], policy, args["why"], args["n"])
    except (Refused, Clash) as refusal:
        raise jobs.JobFailure(str(refusal)) from refusal
    return {"n": version.n}


def statuses(moved: Sequence[Moved]) -> dict[tuple[UUID, str], tuple[str, Any]]:
    """Where these reports would stand, as the flow asks for it."""
    return {(one.row.report_id, Stage(one.row.stage)): (one.state.status, one.state.primary_reason) for one in moved}
