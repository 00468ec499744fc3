"""Reads: what an import or a file of ours carries, which report a row means, and the facts of many reports at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from screening.decisions.carried import POLICY, Said, Summary, carried, summarise
from screening.decisions.carried.columns import answer_columns
from screening.decisions.carried.covidence import NAME as COVIDENCE
from screening.decisions.carried.covidence import list_of
from screening.decisions.carried.own import DIGEST, Identity, NotOurs, by_report, read
from screening.decisions.carried.own import carried as own_carried
from screening.decisions.models import BringingIn, BroughtIn, Decision, DecisionFile, Resolution, ResolutionOn, Stage
from screening.decisions.pilots.models import PilotReport
from screening.decisions.policies.models import Authorship
from screening.decisions.queries import Facts
from screening.projects.jobs import JobFailure
from screening.projects.models import Membership, Project
from screening.references.models import Import, Placement, Record, Report
from screening.references.rules import doi_key, first_author, fold

Source = Import | DecisionFile
LOOK_AT = 500


@dataclass(frozen=True)
class OneReport:
    """What a file says about one report: `anchor` is the record it was said of, which it follows.

    `carriers`: where several records of an import stand behind the report, those that said something; `n` of what was said
    is the place of its own among them.
    """

    report_id: UUID
    anchor_id: UUID
    said: Sequence[Said] = ()
    notes: Sequence[tuple[str, str, str]] = ()
    carriers: Sequence[UUID] = ()

    def carrier(self, n: int) -> UUID:
        return self.carriers[n] if self.carriers else self.anchor_id


@dataclass
class Matched:
    """The reports a file's rows belong to, in ascending id, and sentences about rows that belong to none."""

    reports: list[OneReport] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def source_of(project: Project, *, import_id: UUID | None = None, file_id: UUID | None = None) -> Source | None:
    """The import or the file of this project with this id."""
    if import_id:
        return Import.objects.filter(project=project, pk=import_id).select_related("project", "source_version").first()
    return DecisionFile.objects.filter(project=project, pk=file_id).select_related("project").first()


def files_of(project: Project) -> QuerySet[DecisionFile]:
    """The files of decisions given back, the latest first."""
    return DecisionFile.objects.filter(project=project).select_related("by").order_by("-seq")


def runs_of(source: Source) -> list[BringingIn]:
    """What was brought in from an import or a file, the latest first."""
    about = {"import_run": source} if isinstance(source, Import) else {"file": source}
    return list(BringingIn.objects.filter(**about).select_related("job", "by", "import_run", "file").order_by("-seq"))


def may_see_answers(viewer: Membership, source: Source) -> bool:
    """Whoever gave the file has it in hand; to everybody else its answers are other people's decisions."""
    return source.by_id == viewer.pk


PARTS = ("parsed__title", "parsed__extra", "parsed__accession", "parsed__keywords")


def _parts(title: str | None, extra: dict[str, Any] | None, accession: str | None, keywords: list[str] | None) -> dict[str, Any]:
    """Of what was read of a record, that in which decisions can stand."""
    return {"title": title or "", "extra": extra or {}, "accession": accession or "", "keywords": keywords or []}


@lru_cache(maxsize=16)
def summary_of_import(import_id: UUID) -> Summary:
    """What the records of an import carry. Records never change, so it is worked out once."""
    rows = Record.objects.filter(import_run=import_id).order_by("ordinal")
    # Without abstracts: they are most of a record, and carry nothing.
    read_as = [(ordinal, _parts(*parts)) for ordinal, *parts in rows.values_list("ordinal", *PARTS).iterator(chunk_size=2000)]
    columns = answer_columns(parsed["extra"] for _ordinal, parsed in read_as)
    summary = summarise((ordinal, carried(parsed, columns)) for ordinal, parsed in read_as)
    summary.columns = columns
    return summary


@lru_cache(maxsize=4)
def summary_of_file(file_id: UUID) -> Summary:
    """What a file of ours carries. Raises NotOurs."""
    rows, problems = read(stored(DecisionFile.objects.get(pk=file_id)))
    groups = [*by_report(rows).values(), [row for row in rows if row.said.kind == POLICY]]
    summary = summarise((group[0].line, own_carried(group)) for group in groups if group)
    summary.records = len(by_report(rows))
    summary.not_understood, summary.n_not_understood = problems[:200], len(problems)
    return summary


def summary_of(source: Source) -> Summary:
    return summary_of_import(source.pk) if isinstance(source, Import) else summary_of_file(source.pk)


def likely_list(source: Source, summary: Summary) -> str:
    """Which of Covidence's lists a file is, by its name; the coordinator has the last word."""
    return list_of(source.filename) if isinstance(source, Import) and COVIDENCE in summary.tool else ""


def seems_to_carry(import_run: Import) -> bool:
    """Whether the first records of an import carry decisions: enough to say so on its page."""
    rows = Record.objects.filter(import_run=import_run, ordinal__lte=LOOK_AT).order_by("ordinal")
    parsed = list(rows.values_list("parsed", flat=True))
    columns = answer_columns(one.get("extra") or {} for one in parsed)
    return not summarise(enumerate(carried(one, columns) for one in parsed)).is_empty


def stored(file: DecisionFile) -> bytes:
    """The file as it was given. Raises JobFailure where the store does not have it any more."""
    try:
        with default_storage.open(file.stored_file) as content:
            return content.read()
    except FileNotFoundError as error:
        raise JobFailure(_("The file is not in the server's store any more. Give it again, or ask whoever runs the server.")) from error


def batches(source: Source, columns: Sequence[str], size: int) -> Iterator[tuple[int, int, list[OneReport], list[str]]]:
    """(done, all, reports, problems) in ascending report id, `size` reports at a time."""
    found = _of_import(source, columns, size) if isinstance(source, Import) else _of_file(source, size)
    yield from found


def _of_import(run: Import, columns: Sequence[str], size: int) -> Iterator[tuple[int, int, list[OneReport], list[str]]]:
    behind: dict[UUID, list[UUID]] = defaultdict(list)
    placed = Placement.objects.filter(record__import_run=run).order_by("report_id", "record__seq")
    for report_id, record_id in placed.values_list("report_id", "record_id").iterator(chunk_size=5000):
        behind[report_id].append(record_id)
    ids = list(behind)
    for start in range(0, len(ids), size):
        batch = ids[start : start + size]
        wanted = [record for report in batch for record in behind[report]]
        parsed = {pk: _parts(*parts) for pk, *parts in Record.objects.filter(pk__in=wanted).values_list("pk", *PARTS)}
        reports, problems = [], []
        for report_id in batch:
            found = [(record, carries) for record in behind[report_id] if (carries := carried(parsed[record], columns))]
            if found:
                said = [replace(one, n=n) for n, (_record, carries) in enumerate(found) for one in carries.said]
                notes = [note for _record, carries in found for note in carries.notes]
                reports.append(OneReport(report_id, found[0][0], said, notes, [record for record, _carries in found]))
                problems += [f"“{_short(parsed[record])}”: {words}" for record, carries in found for words in carries.not_understood]
            else:
                reports.append(OneReport(report_id, behind[report_id][0]))
        yield min(start + size, len(ids)), len(ids), reports, problems


def _short(parsed: dict[str, Any]) -> str:
    return (parsed.get("title") or "Untitled")[:80]


def _of_file(file: DecisionFile, size: int) -> Iterator[tuple[int, int, list[OneReport], list[str]]]:
    try:
        rows, problems = read(stored(file))
    except NotOurs as error:
        raise JobFailure(str(error)) from error
    matched = match(file.project, by_report(rows))
    told = [f"Line {line:,}: {sentence}" for line, sentence in problems] + matched.problems
    yield 0, len(matched.reports), [], told
    for start in range(0, len(matched.reports), size):
        yield min(start + size, len(matched.reports)), len(matched.reports), matched.reports[start : start + size], []


def match(project: Project, groups: dict[Identity, list[Any]]) -> Matched:
    """The report each identity means: by its records, else DOI, PMID, or title with year and first author; never by less."""
    finder, found = _Finder(project), Matched()
    taken: dict[UUID, str] = {}
    for about, rows in groups.items():
        place = finder.find(about)
        if isinstance(place, str):
            found.problems.append(f"“{about.title[:80] or 'Untitled'}” {place}; {_rows(len(rows))} left out.")
        elif place[0] in taken:
            found.problems.append(
                f"“{about.title[:80]}” is the same report here as “{taken[place[0]][:80]}”, which came first; {_rows(len(rows))} left out."
            )
        else:
            taken[place[0]] = about.title
            found.reports.append(OneReport(*place, [row.said for row in rows]))
            if (n := finder.n_reports(about)) > 1:
                several = f"is one report in the file and {n:,} here; what was said is on the first, so join them."
                found.problems.append(f"“{about.title[:80] or 'Untitled'}” {several}")
    found.reports.sort(key=lambda one: one.report_id)
    return found


def _rows(n: int) -> str:
    return "its one row was" if n == 1 else f"its {n:,} rows were"


class _Finder:
    """The project's records and reports under all the names a row may call them by."""

    def __init__(self, project: Project) -> None:
        imports = {pk: sha[:DIGEST] for pk, sha in Import.objects.filter(project=project).values_list("pk", "sha256")}
        self.records: dict[str, tuple[UUID, UUID]] = {}
        self.first: dict[UUID, UUID] = {}
        placed = Placement.objects.filter(record__project=project).order_by("record__seq")
        rows = placed.values_list("record_id", "report_id", "record__import_run", "record__ordinal")
        for record, report, run, ordinal in rows.iterator(chunk_size=5000):
            self.records.setdefault(f"{imports[run]}:{ordinal}", (report, record))
            self.first.setdefault(report, record)
        self.names: dict[str, dict[Any, set[UUID]]] = {name: defaultdict(set) for name in ("doi", "pmid", "title")}
        fields = ("pk", "doi_key", "pmid", "title", "year", "authors")
        for pk, doi, pmid, title, year, authors in Report.objects.filter(pk__in=list(self.first)).values_list(*fields).iterator():
            for name, key in (("doi", doi), ("pmid", pmid), ("title", _title_key(title, year, first_author(authors)))):
                if key:
                    self.names[name][key].add(pk)

    def n_reports(self, about: Identity) -> int:
        """How many reports the records stand behind here that were one report there, as far as they are here."""
        return len({self.records[record][0] for record in about.records if record in self.records})

    def find(self, about: Identity) -> tuple[UUID, UUID] | str:
        """The report and its record, or why there is none."""
        for record in about.records:
            if record in self.records:
                return self.records[record]
        keys = (
            ("doi", doi_key(about.doi)),
            ("pmid", about.pmid),
            ("title", _title_key(about.title, about.year, first_author([about.first_author] if about.first_author else []))),
        )
        for name, key in keys:
            found = self.names[name].get(key, set()) if key else set()
            if len(found) == 1:
                (report,) = found
                return report, self.first[report]
            if found:
                return f"could be any of {len(found)} reports here"
        return "is not in this project"


def _title_key(title: str, year: int | None, author: str) -> tuple[str, int | None, str] | None:
    folded = fold(title)
    return (folded, year, author) if folded else None


def facts_of_many(report_ids: Sequence[UUID]) -> dict[tuple[UUID, str], Facts]:
    """All facts of these reports at both stages, as `queries.facts_of` gives those of one."""
    placed: dict[UUID, UUID] = {}
    found = {(report, stage): Facts([], [], [], report=str(report)) for report in report_ids for stage in Stage.values}
    rows = Placement.objects.filter(report__in=report_ids).order_by("record__seq")
    for record, report, replaced, seq in rows.values_list("record_id", "report_id", "join__replaces", "join__seq"):
        placed[record] = report
        for stage in Stage.values:
            found[report, stage].records.append([str(record), seq if replaced else None])
    fields = ("seq", "id", "member_id", "answer", "failed", "protocol_version_id", "report_id", "anchor_id", "stage", "primary_reason")
    for row in Decision.objects.filter(anchor__in=list(placed)).order_by("seq").values(*fields):
        found[placed[row["anchor_id"]], row["stage"]].decisions.append(
            {
                "seq": row["seq"],
                "id": str(row["id"]),
                "member": str(row["member_id"]),
                "answer": row["answer"],
                "failed": [str(criterion) for criterion in row["failed"]],
                "version": str(row["protocol_version_id"]),
                "report": str(row["report_id"]),
                "anchor": str(row["anchor_id"]),
                "reason": str(row["primary_reason"]) if row["primary_reason"] else None,
            }
        )
    for row, stage, anchor in _rulings(list(placed)):
        found[placed[anchor], stage].rulings.append(row)
    rounds = PilotReport.objects.filter(anchor__in=list(placed)).order_by("seq")
    for anchor, seq, pk, stage, closed in rounds.values_list("anchor", "seq", "round", "round__stage", "round__closing__seq"):
        found[placed[anchor], stage].rounds.append([seq, str(pk), closed])
    authors = Authorship.objects.filter(anchor__in=list(placed)).order_by("seq")
    for anchor, seq, member, declared in authors.values_list("anchor", "seq", "member", "declared"):
        for stage in Stage.values:
            found[placed[anchor], stage].authors.append([seq, str(member), declared])
    return found


def _rulings(records: list[UUID]) -> Iterator[tuple[dict[str, Any], str, UUID]]:
    rulings = list(Resolution.objects.filter(anchor__in=records).order_by("seq"))
    on: dict[UUID, list[str]] = defaultdict(list)
    for ruling, decision in ResolutionOn.objects.filter(resolution__in=rulings).values_list("resolution_id", "decision_id"):
        on[ruling].append(str(decision))
    for one in rulings:
        row = {
            "seq": one.seq,
            "id": str(one.pk),
            "outcome": one.outcome,
            "primary_reason": str(one.primary_reason) if one.primary_reason else None,
            "on": on[one.pk],
            "alone": one.is_alone,
            "declines": one.kind == Resolution.Kind.DECLINED,
        }
        yield row, one.stage, one.anchor_id


def from_same_source(source: Source, fact_ids: Iterable[Any]) -> set[str]:
    """Of these facts, those that an earlier run brought in from the same import or file."""
    about = {"run__import_run": source} if isinstance(source, Import) else {"run__file": source}
    return {str(pk) for pk in BroughtIn.objects.filter(fact__in=list(fact_ids), **about).values_list("fact", flat=True)}


@dataclass(frozen=True, slots=True)
class Came:
    """Where a fact was brought in from, and when it was said there (None: its file does not tell)."""

    filename: str
    said_at: datetime | None


def brought_in(fact_ids: Iterable[Any]) -> dict[UUID, Came]:
    """Of these facts, those that were brought in."""
    found = list(BroughtIn.objects.filter(fact__in=list(fact_ids)).values_list("fact", "run", "said_at"))
    runs = BringingIn.objects.filter(pk__in={run for _fact, run, _at in found}).select_related("import_run", "file")
    names = {run.pk: run.filename for run in runs}
    return {fact: Came(names[run], at) for fact, run, at in found}
