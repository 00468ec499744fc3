"""Where reports stand: the lock every writer of decisions takes first, and the caches it then brings up to the facts.

Without the lock on the report's stage row, two reviewers who decide at the same moment each miss the other's answer.
Locks on several rows are taken in ascending report id. Only actions call what stands here.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from screening.decisions import statements
from screening.decisions.models import Decision, ReportStage, Stage
from screening.decisions.queries import Facts, events_of, facts_in, facts_of, policy_in_force, spoken_reports
from screening.decisions.rules import Policy, State, state_of
from screening.projects import text_contributions
from screening.projects.actions import Refused
from screening.projects.models import Membership, Project
from screening.references.models import Report


def lock(report_id: UUID, stage: str, project: Project) -> ReportStage:
    """The stage row, locked until the transaction ends. Raises Refused where the report is not at this stage."""
    with connection.prepared_cursor() as cursor:
        cursor.execute(statements.LOCK, [report_id, stage, project.pk])
        return _locked(cursor, project)


def lock_to_decide(report_id: UUID, stage: str, by: Membership, decision_id: UUID) -> tuple[ReportStage, Facts]:
    """The same, with all that a decision needs to know, read once the lock is held.

    Both go out in one journey: the server runs the second statement, and looks at the rows, after the first has the lock.
    """
    known = {"project": by.project_id, "member": by.pk, "id": decision_id}
    with connection.prepared_cursor() as locking, connection.prepared_cursor() as reading:
        with connection.together():
            locking.execute(statements.LOCK, [report_id, stage, by.project_id])
            reading.execute(statements.FOR_DECIDING, {"report": report_id, "stage": stage, **known})
        return _locked(locking, by.project), facts_in(reading, report_id)


def _locked(cursor: Any, project: Project) -> ReportStage:
    names, found = [column.name for column in cursor.description], cursor.fetchone()
    if found is None:
        raise Refused(
            _(
                "This report is not at this stage any more. It may have been joined to another or removed before screening, "
                "or its earlier decision changed."
            )
        )
    row = ReportStage.from_db(connection.alias, names, found)
    row.project = project
    return row


def records_behind(facts: Facts) -> list[UUID]:
    """The records behind a report, the earliest first: it is the anchor that decisions follow."""
    if not facts.records:
        raise Refused(_("This report was joined to another one. Open that one instead."))
    return [UUID(record) for record, _ in facts.records]


def refresh(row: ReportStage, events: Sequence[Any] | None = None, *, policy: Policy | None = None) -> State:
    """Bring the caches of a locked row up to its facts: status, standings, and the next stage's row.

    A writer that has the facts at hand gives them (with the policy); then the next stage is looked at only if
    the status has changed, since nothing else can move it.
    """
    policy = policy or policy_in_force(row.project, row.stage)
    state, changed = _bring_up(row, events_of(row.report_id, row.stage) if events is None else events, policy)
    with connection.prepared_cursor() as cursor:
        cursor.execute(statements.WRITE_CACHES, _caches(row, state))
    if changed or events is None:
        _open_full_text(row)
    return state


@contextmanager
def written(new: Decision, row: ReportStage, facts: Facts, policy: Policy) -> Iterator[None]:
    """Write a decision on a locked row, with the caches: the last act of its transaction.

    What is asked of the database in the block goes out together with it. `facts`: what was recorded before it.
    Its number and moment are there after the block.
    """
    state, changed = _bring_up(row, facts.events(new), policy)
    if changed:
        _open_full_text(row)
    with connection.prepared_cursor() as cursor:
        with connection.together(to_the_end=True):
            cursor.execute(statements.WRITE_DECISION, _caches(row, state, of=str(new.member_id)) | _fact(new))
            yield
        new.seq, new.recorded_at = cursor.fetchone()


def _bring_up(row: ReportStage, events: Sequence[Any], policy: Policy) -> tuple[State, bool]:
    """Where a locked row stands by its facts, and whether it stood otherwise. Only the row in memory is changed."""
    state = state_of(events, policy.at(row.random_key))
    changed = row.status != state.status
    if changed:
        row.since = timezone.now()
    row.status, row.n, row.requests = state.status, len(state.in_force), len(state.requests)
    row.primary_reason, row.round = state.primary_reason, state.round
    return state, changed


def _caches(row: ReportStage, state: State, *, of: str | None = None) -> dict[str, Any]:
    """The stage's row and what each member's answer is now: one member's, where nobody else's can have changed."""
    standing = state.standing
    members = sorted(member for member in standing if of in (None, member))
    return {
        "report": row.report_id,
        "stage": row.stage,
        "status": row.status,
        "n": row.n,
        "requests": row.requests,
        "primary_reason": row.primary_reason,
        "round": row.round,
        "since": row.since,
        "only": of,
        "members": members,
        "answers": [standing[member].answer for member in members],
        "decisions": [standing[member].id for member in members],
    }


def _fact(new: Decision) -> dict[str, Any]:
    return {
        "id": new.pk,
        "payload_hash": new.payload_hash,
        "answer": new.answer,
        "note": new.note,
        "client_time": new.client_time,
        "project": new.project_id,
        "member": new.member_id,
        "anchor": new.anchor_id,
        "failed": new.failed,
        "fact_reason": new.primary_reason,
        "protocol": new.protocol_version_id,
        "policy": new.policy_version_id,
        "records": new.records_shown,
        "replaces": new.replaces_id,
    }


def _open_full_text(row: ReportStage) -> None:
    """Included titles go on to full text; when the title is re-opened, what was done there is kept but suspended."""
    if row.stage != Stage.TITLE_ABSTRACT or row.suspended:
        # A suspended report is not at its title now; whoever placed it has said whether it is at full text.
        return
    goes_on = row.status == ReportStage.Status.INCLUDE
    full_text = ReportStage.objects.filter(report=row.report_id, stage=Stage.FULL_TEXT).first()
    if full_text is None and goes_on:
        # Records joined from another report may bring decisions made at its full text, and attempts to obtain it.
        facts = facts_of(row.report_id, Stage.FULL_TEXT)
        moved = any(joined is not None for _record, joined in facts.records)
        new = ReportStage.objects.create(
            report_id=row.report_id,
            stage=Stage.FULL_TEXT,
            project=row.project,
            random_key=row.random_key,
            retrieval=text_contributions.retrievals_known([row.report_id] if moved else []).get(
                row.report_id, ReportStage.Retrieval.SOUGHT
            ),
            since=timezone.now(),
        )
        refresh(new, facts.events())
    elif full_text is not None and full_text.suspended == goes_on:
        ReportStage.objects.filter(report=row.report_id, stage=Stage.FULL_TEXT).update(suspended=not goes_on)


STAGE_OF_COLUMN = {Report.Column.DATABASES: Stage.TITLE_ABSTRACT, Report.Column.OTHER: Stage.FULL_TEXT}
NEWLY_RETRIEVED = {Stage.TITLE_ABSTRACT: "", Stage.FULL_TEXT: str(ReportStage.Retrieval.SOUGHT)}


def first_stage_of(report: Report) -> str | None:
    """Where a report enters: at title and abstract, straight at full text, or (uncounted, or removed before screening) nowhere."""
    return None if report.removed else STAGE_OF_COLUMN.get(report.column)


def hold_reports(report_ids: Sequence[UUID]) -> None:
    """Lock every stage row of these reports, in ascending id: nobody decides while records move behind them.

    A report's title before its full text, as a decision takes them: in the other order each could wait for the other.
    """
    rows = ReportStage.objects.select_for_update().filter(report__in=report_ids)
    list(rows.order_by("report_id", "-stage").values_list("report_id"))


def place_reports(report_ids: Sequence[UUID]) -> None:
    """Put reports where their column says: at title and abstract, straight at full text, or nowhere.

    Called, with the locks held, whenever the records behind them change. Existing facts decide where they stand.
    """
    there: dict[UUID, dict[str, ReportStage]] = defaultdict(dict)
    for row in ReportStage.objects.filter(report__in=report_ids).select_related("project"):
        there[row.report_id][row.stage] = row
    now = timezone.now()
    # A report parted from another may bring decisions along: only where nobody has said anything is a new row enough.
    spoken = spoken_reports(report_ids)
    again = spoken | set(there)
    place_new([report_id for report_id in report_ids if report_id not in again])
    moved: dict[bool, list[UUID]] = {True: [], False: []}
    for report in Report.objects.filter(pk__in=list(again)).order_by("pk"):
        if report.pk not in spoken and _is_untouched(there[report.pk]) and first_stage_of(report) in (None, Stage.TITLE_ABSTRACT):
            moved[first_stage_of(report) is None].append(report.pk)
        else:
            _place_again(report, there[report.pk], now)
    for suspended, ids in moved.items():
        # Thousands at once where screening stops early, and no fact to be read of any.
        ReportStage.objects.filter(report__in=ids, stage=Stage.TITLE_ABSTRACT).exclude(suspended=suspended).update(suspended=suspended)


def _is_untouched(rows: dict[str, ReportStage]) -> bool:
    """Whether these are the rows of a report at title and abstract that nobody has said anything about, there or later."""
    if set(rows) != {Stage.TITLE_ABSTRACT}:
        return False
    title = rows[Stage.TITLE_ABSTRACT]
    return title.status == ReportStage.Status.OPEN and not (title.n or title.requests or title.primary_reason)


def place_new(report_ids: Sequence[UUID]) -> None:
    """The first rows of reports nobody has said anything about: thousands after an import, so the database makes them itself."""
    entering = [(str(column), str(stage), NEWLY_RETRIEVED[stage]) for column, stage in STAGE_OF_COLUMN.items()]
    columns, stages, retrievals = (list(part) for part in zip(*entering, strict=True))
    reports = f"{{{','.join([report_id.hex for report_id in report_ids])}}}"  # one value: a list of them takes ten times as long
    arguments = {"columns": columns, "stages": stages, "retrievals": retrievals, "now": timezone.now(), "reports": reports}
    with connection.cursor() as cursor:
        cursor.execute(statements.PLACE_ANEW, arguments)


def _new_row(report: Report, now: Any) -> ReportStage:
    stage = first_stage_of(report)
    return ReportStage(
        report=report,
        stage=stage,
        project_id=report.project_id,
        random_key=report.random_key,
        since=now,
        retrieval=NEWLY_RETRIEVED[stage],
    )


def _place_again(report: Report, rows: dict[str, ReportStage], now: Any) -> None:
    """A report that was placed before: suspend or bring back its rows, and read its facts afresh."""
    first_stage = first_stage_of(report)
    if first_stage and first_stage not in rows:
        rows[first_stage] = _new_row(report, now)
        rows[first_stage].save(force_insert=True)
    title, text = rows.get(Stage.TITLE_ABSTRACT), rows.get(Stage.FULL_TEXT)
    if title is not None:
        title.suspended = first_stage != Stage.TITLE_ABSTRACT
        title.save(update_fields=["suspended"])
    if text is not None:
        # Behind a title, the title's outcome decides in a moment whether the full text is open.
        text.suspended = first_stage != Stage.FULL_TEXT
        text.save(update_fields=["suspended"])
    for row in (text, title):
        if row is not None:
            refresh(row)
