"""What a person says of duplicates: one report, two, or versions of one review; records moved between reports; all of it taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.projects import contributions
from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.facts import fingerprint
from screening.projects.models import Membership, Project
from screening.projects.queries import shown_name
from screening.references.models import Join, PairVerdict, Placement, Record, Report
from screening.references.queries.duplicates import in_force
from screening.references.rules import without_nul
from screening.references.showing import report_from, settle_columns, show_again

Verdict = PairVerdict.Verdict
SAID = {
    Verdict.SAME: gettext_lazy("%(who)s said in the meantime that these are one report. Nothing was changed."),
    Verdict.DIFFERENT: gettext_lazy("%(who)s said in the meantime that these are different reports. Nothing was changed."),
    Verdict.VERSIONS: gettext_lazy("%(who)s said in the meantime that these are versions of one review. Nothing was changed."),
}
MOST_AT_ONCE = 20


class Told(Refused):
    """Somebody else was quicker: what was sent does not fit what is there now, and nothing was changed."""

    status = 409


@dataclass(frozen=True)
class Judged:
    """What came of a verdict: the act it can be taken back by, and the report that holds all that were said to be one."""

    act: UUID
    report: Report | None = None


def judge(*, by: Membership, act: UUID, verdict: str, records: Sequence[UUID], others: Sequence[UUID] = (), reason: str = "") -> Judged:
    """Say of records that were compared what they are. May be sent twice under one `act`.

    same: `records` are one report, and are joined; each of `others` (shown beside them) is another one.
    different, versions: every two of `records` are.
    Raises Refused where that cannot be said, Told where somebody said something about them in the meantime.
    """
    check(by, "references.join")
    if verdict not in Verdict.values:
        raise Refused(_("A verdict is same, different or versions."))
    named, beside = list(dict.fromkeys(records)), [one for one in dict.fromkeys(others) if one not in set(records)]
    if len(named) < 2:
        raise Refused(_("Choose at least two reports: a verdict says what they are to each other."))
    if len(named) + len(beside) > MOST_AT_ONCE:
        raise Refused(_("Choose at most %(most)s reports at once.") % {"most": MOST_AT_ONCE})
    sent = fingerprint({"by": by.pk, "verdict": verdict, "records": sorted(map(str, named)), "others": sorted(map(str, beside))})
    with transaction.atomic():
        _lock(by)
        if there := PairVerdict.objects.filter(project=by.project_id, act=act).order_by("seq").first():
            if there.payload_hash != sent:
                raise Told(_("This id was already used for another verdict. Nothing was changed."))
            return Judged(act, Placement.objects.select_related("report").get(record=there.first_id).report)
        placed = _placed(by, [*named, *beside])
        _still_open(placed)
        reason = without_nul(reason).strip()
        if verdict != Verdict.SAME:
            _say(by, combinations(named, 2), verdict, reason, act, sent)
            _settle_waits(placed.values())
            return Judged(act)
        keep = _join(by, [placed[one] for one in named], reason or "Compared side by side: one report.", act, named, sent)
        _say(by, ((one, other) for one in named for other in beside), Verdict.DIFFERENT, reason, act, sent)
        _settle_waits([keep, *placed.values()])
        return Judged(act, keep)


def _lock(by: Membership) -> None:
    """One writer of joins and verdicts at a time in a project: imports take the same lock."""
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)


def _placed(by: Membership, records: Sequence[UUID]) -> dict[UUID, Report]:
    found = Placement.objects.filter(record__in=records, record__project=by.project_id).select_related("report")
    placed = {placement.record_id: placement.report for placement in found}
    if len(placed) < len(records):
        raise Refused(_("One of these records is not in this project."))
    return placed


def _still_open(placed: dict[UUID, Report]) -> None:
    """Raises Told where two of these records are one report by now, or a person has said what they are."""
    of = {report.pk for report in placed.values()}
    said = _said_between(of)
    if len(of) < len(placed) or said is not None:
        who, what = (shown_name(said.by), Verdict(said.verdict)) if said else (_("Somebody"), Verdict.SAME)
        raise Told(SAID[what] % {"who": who})


def _said_between(reports: Iterable[UUID]) -> PairVerdict | None:
    """The latest verdict in force on two records behind different ones of these reports."""
    of = list(reports)
    found = in_force().filter(first__placement__report__in=of, second__placement__report__in=of).select_related("by")
    placed = found.values_list("pk", "first__placement__report", "second__placement__report").order_by("-seq")
    return next((found.get(pk=pk) for pk, one, other in placed if one != other), None)


def _say(by: Membership, pairs: Iterable[tuple[UUID, UUID]], verdict: str | None, reason: str, act: UUID, sent: str = "") -> None:
    """Write one verdict on each of these pairs of records, following whatever was said of it before."""
    wanted = list(dict.fromkeys((min(pair), max(pair)) for pair in pairs))
    if not wanted:
        return
    touched = {record for pair in wanted for record in pair}
    before = PairVerdict.objects.filter(first__in=touched, second__in=touched).order_by("first_id", "second_id", "-seq")
    last = {(said.first_id, said.second_id): said.pk for said in before.distinct("first_id", "second_id")}
    PairVerdict.objects.bulk_create(
        PairVerdict(
            project_id=by.project_id,
            by=by,
            first_id=pair[0],
            second_id=pair[1],
            verdict=verdict,
            reason=reason,
            act=act,
            payload_hash=sent,
            replaces_id=last.get(pair),
        )
        for pair in wanted
    )


def _move(*, by: Membership, record: Record, report: Report, reason: str, act: UUID) -> None:
    placement = Placement.objects.select_for_update().select_related("join").get(record=record)
    join = Join.objects.create(
        project_id=by.project_id,
        by=by,
        record=record,
        report=report,
        certainty=Join.Certainty.PERSON,
        reason=reason,
        act=act,
        replaces=placement.join,
    )
    Placement.objects.filter(record=record).update(report=report, join=join)


def _join(by: Membership, reports: Sequence[Report], reason: str, act: UUID, named: Sequence[UUID] = (), sent: str = "") -> Report:
    """Put all records of these reports behind the first of them (the given first, unless they were compared: then the oldest)."""
    contributions.hold_reports(sorted({report.pk for report in reports}, key=str))
    records = list(Record.objects.filter(placement__report__in=reports).select_related("placement").order_by("seq"))
    behind = {report.pk: [record for record in records if record.placement.report_id == report.pk] for report in reports}
    if not all(behind.values()):
        raise Refused(_("One of these was joined to another report in the meantime. Reload the page."))
    first_of = {record.placement.report_id: record for record in reversed(records)}
    keep = min(reports, key=lambda report: first_of[report.pk].seq) if named else reports[0]
    spoken_for = [record.pk for record in records]
    kept_apart = in_force().exclude(verdict=Verdict.SAME).filter(first__in=spoken_for, second__in=spoken_for)
    pairs = [(first_of[keep.pk].pk, record.pk) for pk, record in first_of.items() if pk != keep.pk]
    pairs += combinations(named, 2)
    _say(by, [*pairs, *kept_apart.values_list("first_id", "second_id")], Verdict.SAME, reason, act, sent)
    for record in records:
        if record.placement.report_id != keep.pk:
            _move(by=by, record=record, report=keep, reason=reason, act=act)
    show_again([keep])
    settle_columns([report.pk for report in reports])
    return keep


@transaction.atomic
def join_reports(*, by: Membership, keep: Report, other: Report, reason: str, act: UUID | None = None) -> None:
    """Put every record of `other` behind `keep`: they are one document. Decisions on both count from then on."""
    check(by, "references.join")
    if keep.project_id != by.project_id or other.project_id != by.project_id:
        raise Refused(_("Both reports must be in this project."))
    if keep.pk == other.pk:
        raise Refused(_("These are one report already."))
    _lock(by)
    _join(by, [keep, other], without_nul(reason).strip() or "Joined by hand.", act or uuid4())
    _settle_waits([keep])


@transaction.atomic
def split_record(*, by: Membership, record: Record, reason: str, act: UUID | None = None) -> Report:
    """Take a record out of its report, as a report of its own. Decisions stay with the record they were made on.

    Where it was joined from a report that is empty since, that one has it back, with its place in the queue.
    """
    check(by, "references.join")
    if record.project_id != by.project_id:
        raise Refused(_("That record is not in this project."))
    act, reason = act or uuid4(), without_nul(reason).strip() or "Parted by hand."
    _lock(by)
    old = Placement.objects.select_related("report").get(record=record).report
    others = list(Placement.objects.filter(report=old).exclude(record=record).values_list("record_id", flat=True))
    if not others:
        raise Refused(_("This is the only record behind its report, so there is nothing to part."))
    new = _home(record, old)
    contributions.hold_reports(sorted([old.pk, new.pk], key=str))
    new.save()
    _move(by=by, record=record, report=new, reason=reason, act=act)
    _say(by, ((record.pk, other) for other in others), Verdict.DIFFERENT, reason, act)
    _brought_up_to_date([old, new])
    return new


def _home(record: Record, old: Report) -> Report:
    """Where a parted record goes: the report it last had before, if nothing stands behind that now, else a new one."""
    before = Report.objects.filter(joins__record=record, placements__isnull=True).exclude(pk=old.pk)
    return before.order_by("-joins__seq").first() or report_from(old.project, [record.parsed])


def _brought_up_to_date(reports: Sequence[Report]) -> None:
    show_again(reports)
    settle_columns([report.pk for report in reports])
    _settle_waits(reports)


@transaction.atomic
def take_back(*, by: Membership, act: UUID, undo: UUID) -> None:
    """Undo all that was said and moved in one act, as far as it still stands: the next import may judge afresh.

    Records go back to the reports they came from. May be sent twice under one `undo`.
    """
    check(by, "references.join")
    _lock(by)
    if PairVerdict.objects.filter(project=by.project_id, act=undo).exists():
        return
    said = list(in_force().filter(project=by.project_id, act=act))
    moved = Placement.objects.filter(join__act=act, join__replaces__isnull=False, record__project=by.project_id)
    moved = list(moved.select_related("record", "report", "join__replaces__report"))
    if not said:
        raise Told(_("This was taken back already, or something else was said since. Nothing was changed."))
    reports = {report.pk: report for one in moved for report in (one.report, one.join.replaces.report)}
    contributions.hold_reports(sorted(reports, key=str))
    for one in moved:
        _move(by=by, record=one.record, report=one.join.replaces.report, reason="Taken back.", act=undo)
    parted = _same_and_apart({one.record_id for one in moved})
    _say(by, ((one.first_id, one.second_id) for one in (*said, *parted)), None, "Taken back.", undo)
    touched = Report.objects.filter(placements__record__in={record for one in said for record in (one.first_id, one.second_id)})
    _brought_up_to_date([*reports.values()])
    _settle_waits(touched)


def _same_and_apart(moved: set[UUID]) -> list[PairVerdict]:
    """What was said later of one of these records, while it stood with others: that it and one it has left now are one report."""
    said = in_force().filter(Q(first__in=moved) | Q(second__in=moved), verdict=Verdict.SAME)
    return list(said.exclude(first__placement__report=F("second__placement__report")))


SETTLE_WAITS = """
UPDATE screening_proposedpair pair SET waits = found.waits
FROM (
  SELECT pair.id, one.report_id <> other.report_id AND NOT EXISTS (
    SELECT 1 FROM screening_placement a
    JOIN screening_pairverdict said ON said.first_id = a.record_id OR said.second_id = a.record_id
    JOIN screening_placement b ON b.record_id = CASE WHEN said.first_id = a.record_id THEN said.second_id ELSE said.first_id END
    WHERE a.report_id = one.report_id AND b.report_id = other.report_id AND said.verdict IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM screening_pairverdict later WHERE later.replaces_id = said.id)
  ) AS waits
  FROM screening_proposedpair pair
  JOIN screening_placement one ON one.record_id = pair.first_id
  JOIN screening_placement other ON other.record_id = pair.second_id
  WHERE one.report_id = ANY(%(reports)s) OR other.report_id = ANY(%(reports)s)
) found
WHERE found.id = pair.id AND pair.waits <> found.waits
"""


def _settle_waits(reports: Iterable[Report]) -> None:
    settle_waits([report.pk for report in reports])


def settle_waits(report_ids: Sequence[UUID]) -> None:
    """Bring `waits` of every proposal on these reports up to the facts: what a person said of two reports is not asked again."""
    with connection.cursor() as cursor:
        cursor.execute(SETTLE_WAITS, {"reports": list(report_ids)})
