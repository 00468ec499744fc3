"""Reads of duplicates: what waits to be compared, what was said, and what an import joined."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from screening.projects.models import Membership, Project
from screening.projects.once import keep, once
from screening.references.comparing import Row, compare
from screening.references.models import Correction, Import, Join, PairVerdict, Placement, ProposedPair, Report
from screening.references.queries.paging import PAGE, Page, is_id
from screening.references.wording import COMPARED

# More reports than this in one group are asked in several goes: nobody compares a dozen columns.
MOST_COLUMNS = 5


def waiting_pairs(project: Project, kind: str) -> QuerySet[ProposedPair]:
    """The pairs that wait for a person, the likeliest first. One of an import that does not count asks nobody."""
    return _waiting(ProposedPair.objects.filter(project=project, kind=kind)).order_by("-score", "id")


def _waiting(pairs: QuerySet[ProposedPair]) -> QuerySet[ProposedPair]:
    found = pairs.filter(waits=True)
    found = found.exclude(first__placement__report__column=Report.Column.NONE).exclude(second__placement__report__column=Report.Column.NONE)
    return found.exclude(first__placement__report=F("second__placement__report"))


@dataclass(frozen=True)
class ToCompare:
    """How many pairs wait for a person, and since when both records of the first of them are here (None: no pair waits)."""

    n: int = 0
    since: datetime | None = None


def n_waiting(project: Project, kind: str) -> int:
    return to_compare(project, kind).n


@once
def to_compare(project: Project, kind: str) -> ToCompare:
    return _to_compare(ProposedPair.objects.filter(project=project, kind=kind)).get((project.pk, kind), ToCompare())


def _to_compare(pairs: QuerySet[ProposedPair]) -> dict[tuple[UUID, str], ToCompare]:
    both = Greatest("first__recorded_at", "second__recorded_at")
    rows = _waiting(pairs).values_list("project", "kind").annotate(n=Count("*"), since=Min(both))
    return {(project, kind): ToCompare(n, since) for project, kind, n, since in rows}


def pairs_of_import(run: Import) -> dict[str, int]:
    """How many pairs with a record of this import wait for a person, by kind."""
    found = ProposedPair.objects.filter(Q(first__import_run=run) | Q(second__import_run=run), project=run.project)
    return {kind: waits.n for (_project, kind), waits in _to_compare(found).items()}


def read_ahead(members: Sequence[Membership]) -> None:
    """The same for both kinds in several members' projects."""
    found = _to_compare(ProposedPair.objects.filter(project__in=[member.project_id for member in members]))
    for member in members:
        for kind in ProposedPair.Kind.values:
            keep(to_compare, member.project, kind, answer=found.get((member.project_id, kind), ToCompare()))


def page_of_pairs(project: Project, kind: str, *, after: str = "", size: int = PAGE) -> tuple[Page, int]:
    """A page of the pairs that wait, each with the reports its records stand behind (`one`, `other`), and how many wait in all.

    A cursor is the id of the last pair shown: it leads on also when that pair has been judged meanwhile.
    """
    found = _of_pairs(project, kind)
    n = found.count()
    last = ProposedPair.objects.filter(project=project, pk=after).first() if is_id(after) else None
    if last is not None:
        found = found.filter(Q(score__lt=last.score) | Q(score=last.score, pk__gt=last.pk))
    rows = list(found[: size + 1])
    return Page(rows=rows[:size], after=str(rows[size - 1].pk) if len(rows) > size else ""), n


@dataclass(frozen=True)
class Column:
    """One of the reports compared: its record that was proposed, all its records, and its values beside the others'."""

    report: Report
    record: UUID
    behind: list[Placement]

    @property
    def sources(self) -> list[str]:
        """The sources that found it, each once."""
        return list(dict.fromkeys(placement.record.import_run.source_version.name for placement in self.behind))


@dataclass(frozen=True)
class Question:
    """What a person is asked: are these one report? `pairs`: the proposals it is made of, the likeliest first."""

    kind: str
    pairs: list[ProposedPair]
    columns: list[Column]
    rows: list[Row]

    @property
    def key(self) -> UUID:
        return self.pairs[0].pk

    @property
    def reasons(self) -> list[str]:
        """Why they are proposed, each sentence once."""
        return list(dict.fromkeys(reason for pair in self.pairs for reason in pair.reasons))


def next_question(project: Project, kind: str, *, after: str = "") -> Question | None:
    """The next to compare: after the pair of this id in the order of the queue, and round to its beginning."""
    waiting = waiting_pairs(project, kind)
    last = ProposedPair.objects.filter(project=project, pk=after).first() if is_id(after) else None
    if last is not None:
        beyond = waiting.filter(Q(score__lt=last.score) | Q(score=last.score, pk__gt=last.pk))
        for pair in beyond[:50]:
            question = _question(project, pair)
            # A group put off is put off whole: its other pairs do not bring it back at once.
            if last.pk not in {one.pk for one in question.pairs}:
                return question
    pair = waiting.first()
    return _question(project, pair) if pair else None


def _of_pairs(project: Project, kind: str) -> QuerySet[ProposedPair]:
    return waiting_pairs(project, kind).annotate(one=F("first__placement__report"), other=F("second__placement__report"))


def _question(project: Project, pair: ProposedPair) -> Question:
    """A pair with all that hangs together with it. Versions are asked pair by pair: nothing is joined there."""
    pairs = _of_pairs(project, pair.kind)
    (first,) = pairs.filter(pk=pair.pk)
    reports: dict[UUID, UUID] = {first.one: first.first_id, first.other: first.second_id}
    found = {first.pk: first}
    while pair.kind == ProposedPair.Kind.LIKELY and len(reports) < MOST_COLUMNS:
        more = pairs.filter(Q(one__in=list(reports)) | Q(other__in=list(reports))).exclude(pk__in=list(found)).first()
        if more is None:
            break
        found[more.pk] = more
        reports.setdefault(more.one, more.first_id)
        reports.setdefault(more.other, more.second_id)
    columns = _columns(reports)
    shown = [vars(column.report) for column in columns]
    kept = [one for one in found.values() if one.one in reports and one.other in reports]
    return Question(
        pair.kind,
        sorted(kept, key=lambda one: (-one.score, one.pk)),
        columns,
        [replace(row, label=str(COMPARED[row.name])) for row in compare(shown)],
    )


def question_of(project: Project, kind: str, key: str) -> Question | None:
    """The question a certain pair belongs to, while it waits."""
    pair = waiting_pairs(project, kind).filter(pk=key).first() if is_id(key) else None
    return _question(project, pair) if pair else None


def _columns(reports: dict[UUID, UUID]) -> list[Column]:
    placements = (
        Placement.objects.filter(report__in=list(reports))
        .select_related("report", "record__import_run__source_version")
        .defer("record__raw", "record__parsed")
        .order_by("record__seq")
    )
    behind: dict[UUID, list[Placement]] = {}
    for placement in placements:
        behind.setdefault(placement.report_id, []).append(placement)
    return [Column(some[0].report, reports[pk], some) for pk, some in behind.items()]


@dataclass(frozen=True)
class Act:
    """What one person said in one go, as far as it still stands."""

    id: UUID
    verdicts: list[PairVerdict]
    moved: int

    @property
    def last(self) -> PairVerdict:
        return self.verdicts[0]

    @property
    def words(self) -> str:
        if any(one.verdict == PairVerdict.Verdict.SAME for one in self.verdicts):
            return _("One report")
        if self.moved:
            return _("Parted")
        return str(PairVerdict.Verdict(self.last.verdict).label)

    @property
    def reports(self) -> list[Report]:
        """The reports it was about, as they are now, each once."""
        found = [record.placement.report for one in self.verdicts for record in (one.first, one.second)]
        return list({report.pk: report for report in found}.values())


def in_force() -> QuerySet[PairVerdict]:
    """The verdicts that nothing later replaces."""
    return PairVerdict.objects.filter(verdict__isnull=False).exclude(Exists(PairVerdict.objects.filter(replaces=OuterRef("pk"))))


def standing_verdicts(project: Project) -> QuerySet[PairVerdict]:
    """What persons said in a project and has not been taken back."""
    return in_force().filter(project=project, act__isnull=False)


def page_of_acts(project: Project, *, by: Membership | None = None, before: str = "", size: int = 20) -> Page:
    """What was said of duplicates, the latest first. A cursor is an act's id: the running number stays on the server."""
    acts = standing_verdicts(project).values("act").annotate(at=Max("seq")).order_by("-at")
    if by is not None:
        acts = acts.filter(by=by)
    if is_id(before) and (at := PairVerdict.objects.filter(project=project, act=before).aggregate(at=Max("seq"))["at"]):
        acts = acts.filter(at__lt=at)
    ids = [row["act"] for row in acts[: size + 1]]
    return Page(rows=_acts(project, ids[:size]), after=str(ids[size - 1]) if len(ids) > size else "")


def _acts(project: Project, ids: Sequence[UUID]) -> list[Act]:
    said = standing_verdicts(project).filter(act__in=ids).select_related("by", "first__placement__report", "second__placement__report")
    found: dict[UUID, list[PairVerdict]] = {one: [] for one in ids}
    for verdict in said.defer("first__raw", "first__parsed", "second__raw", "second__parsed").order_by("-seq"):
        found[verdict.act].append(verdict)
    moved = dict(Join.objects.filter(act__in=ids).values_list("act").annotate(n=Count("pk")))
    return [Act(act, verdicts, moved.get(act, 0)) for act, verdicts in found.items()]


def verdicts_on(report: Report) -> list[PairVerdict]:
    """All that was ever said of records behind this report and records behind others, oldest first.

    Without what a parting or its undoing said of the records it moved: that they moved tells it.
    """
    found = PairVerdict.objects.filter(Q(first__placement__report=report) | Q(second__placement__report=report))
    found = found.select_related("by", "first__placement__report", "second__placement__report")
    said = list(found.defer("first__raw", "first__parsed", "second__raw", "second__parsed").order_by("seq"))
    acts = {one.act for one in said}
    joined = set(PairVerdict.objects.filter(act__in=acts, verdict=PairVerdict.Verdict.SAME).values_list("act", flat=True))
    moved = set(Join.objects.filter(act__in=acts).values_list("act", flat=True)) - joined
    return [one for one in said if one.act not in moved]


def corrections_of(report: Report) -> list[Correction]:
    """Every correction that follows a record behind this report, and every one taken back, oldest first."""
    return list(Correction.objects.filter(anchor__placement__report=report).select_related("by", "replaces").order_by("seq"))


def versions_of(report: Report) -> list[Report]:
    """The other reports that a person said are versions of one review with this one."""
    said = standing_verdicts(report.project).filter(verdict=PairVerdict.Verdict.VERSIONS)
    one = said.filter(first__placement__report=report).values("second__placement__report")
    other = said.filter(second__placement__report=report).values("first__placement__report")
    return list(Report.objects.filter(Q(pk__in=one) | Q(pk__in=other)).exclude(pk=report.pk).order_by("year", "title_key"))


def page_of_certain_joins(run: Import, *, after: str = "", size: int = 30) -> Page:
    """The records of an import that were joined because they are certainly the same, with the others behind their report.

    By place in the file. A cursor is the place of the last one shown. `behind` of each row: the other placements.
    """
    found = Placement.objects.filter(record__import_run=run, join__certainty=Join.Certainty.CERTAIN)
    found = found.select_related("record", "report", "join").order_by("record__ordinal")
    if after.isdecimal() and len(after) < 10:
        found = found.filter(record__ordinal__gt=int(after))
    rows = list(found.defer("record__raw")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    others = Placement.objects.filter(report__in={row.report_id for row in rows}).select_related("record__import_run__source_version")
    behind: dict[UUID, list[Placement]] = {}
    for one in others.defer("record__raw").order_by("record__seq"):
        behind.setdefault(one.report_id, []).append(one)
    for row in rows:
        row.others = [one for one in behind[row.report_id] if one.pk != row.pk]
    return Page(rows=rows, after=str(rows[-1].record.ordinal) if more else "")


def n_certain_joins(run: Import) -> int:
    return Placement.objects.filter(record__import_run=run, join__certainty=Join.Certainty.CERTAIN).count()
