"""Where records go: the whole project matched once, and what follows written in one go.

Matching runs outside any transaction, on what is there at that moment; what it finds is written under the project's
lock, after matching again if anything moved in between. What changes is decided by the pure planner (dedupe/plan.py).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.utils import timezone

from screening.projects import contributions
from screening.projects.models import Project
from screening.protocol.rules import DATABASE_KINDS
from screening.references.actions.early import Early, show_others, texts_of
from screening.references.actions.joining import put_behind
from screening.references.ahead import short_turns
from screening.references.copying import copy_lines, copy_objects, new_ids
from screening.references.counting import settle_repeats
from screening.references.dedupe import Entry, Matching, find
from screening.references.dedupe.plan import Move, New, Plan, pinned, plan, unclashed
from screening.references.drafts import LOOKED_AT, REPORT, Drafts, before_lines, line_of
from screening.references.models import Import, ProposedPair, Report
from screening.references.showing import settle_columns, settle_gained, show_again, shown_values

Tick = Callable[[int, int], None]
BATCH = 2000

ENTRIES = """
SELECT record.id::text, record.seq, placement.report_id, said.title, said.authors, said.year, said.journal, said.volume, said.issue,
       said.pages, said.doi, said.pmid, left(said.abstract, %(looked_at)s), said.kind
FROM screening_record record
LEFT JOIN screening_placement placement ON placement.record_id = record.id,
LATERAL jsonb_to_record(record.parsed) AS said(title text, authors text[], year text, journal text, volume text, issue text,
    pages text, doi text, pmid text, abstract text, kind text)
WHERE record.project_id = %(project)s AND (placement.record_id IS NOT NULL OR record.import_run_id = %(import)s)
ORDER BY record.seq
"""
PLACED = ENTRIES.replace("LEFT JOIN", "JOIN").replace("(placement.record_id IS NOT NULL OR record.import_run_id = %(import)s)", "true")
# Whatever changes where records stand, or what a person said of two of them, writes one of these facts.
STAMP = """
SELECT (SELECT count(*) FROM screening_join WHERE project_id = %(project)s),
       (SELECT max(seq) FROM screening_pairverdict WHERE project_id = %(project)s)
"""
VERDICTS = """
SELECT said.first_id::text, said.second_id::text, said.verdict FROM screening_pairverdict said
WHERE said.project_id = %s AND said.verdict IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM screening_pairverdict later WHERE later.replaces_id = said.id)
"""
BY_HAND = """
SELECT DISTINCT placement.report_id FROM screening_join fact
JOIN screening_placement placement ON placement.record_id = fact.record_id AND placement.join_id = fact.id
WHERE fact.project_id = %s AND fact.certainty = 'person'
"""


@dataclass(slots=True)
class Snapshot:
    """What matching is told of a project: its records in the order they came, where each stands, and what people said.

    Records go by their ids as texts: an object for each takes twice as long wherever it is looked up.
    """

    stamp: tuple[int, int | None]
    entries: dict[str, Entry] = field(default_factory=dict)
    placed: dict[str, UUID] = field(default_factory=dict)
    same: list[tuple[str, str]] = field(default_factory=list)
    apart: list[tuple[str, str]] = field(default_factory=list)
    by_hand: set[UUID] = field(default_factory=set)


def _stamp(project: Project) -> tuple[int, int | None]:
    with connection.cursor() as cursor:
        cursor.execute(STAMP, {"project": project.pk})
        joins, verdict = cursor.fetchone()
        return joins, verdict


@transaction.atomic
def snapshot(import_run: Import, drafts: Drafts | None = None) -> Snapshot:
    """The records of the project that stand behind a report, and those of this import: from its drafts, where it has them."""
    found = Snapshot(_stamp(import_run.project))
    if drafts is None or not _add_placed(found, import_run, drafts):
        found.entries.clear()
        found.placed.clear()
        for _, key, report, entry in _entries(import_run, ENTRIES):
            found.entries[key] = entry
            if report:
                found.placed[key] = report
    with connection.cursor() as cursor:
        cursor.execute(VERDICTS, [import_run.project_id])
        for one, other, verdict in cursor.fetchall():
            (found.same if verdict == "same" else found.apart).append((one, other))
        cursor.execute(BY_HAND, [import_run.project_id])
        found.by_hand = {report for (report,) in cursor.fetchall()}
    return found


def _add_placed(found: Snapshot, import_run: Import, drafts: Drafts) -> bool:
    """The records that stand behind a report, then the drafts. False where some of those came after these: order matters."""
    if not found.stamp[0]:  # no record of the project was ever put behind a report
        found.entries |= drafts.entries
        return True
    began = import_run.records.order_by("ordinal").values_list("seq", flat=True).first()
    for seq, key, report, entry in _entries(import_run, PLACED):
        if began is not None and seq > began:
            return False
        found.entries[key], found.placed[key] = entry, report
    found.entries |= drafts.entries
    return True


def _entries(import_run: Import, statement: str) -> Iterator[tuple[int, str, UUID | None, Entry]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, {"looked_at": LOOKED_AT, "project": import_run.project_id, "import": import_run.pk})
        while rows := cursor.fetchmany(BATCH):
            for key, seq, report, title, authors, year, *rest in rows:
                whole = int(year) if year and year.lstrip("-").isdecimal() else None
                yield seq, key, report, Entry(key, title or "", tuple(authors or ()), whole, *(part or "" for part in rest))


def _held(taken: Snapshot, among: Collection[UUID]) -> set[UUID]:
    """Of these reports, those the machine takes nothing out of: decided on, or put together or parted by hand."""
    ids = list(among)
    spoken = {one for start in range(0, len(ids), BATCH) for one in contributions.spoken_reports(ids[start : start + BATCH])}
    return spoken | (taken.by_hand & set(among))


@dataclass(slots=True)
class Found:
    """A snapshot, what matching says of it with the held reports it was told of, and what is to be done then."""

    taken: Snapshot
    held: set[UUID]
    matching: Matching
    planned: Plan
    drafts: Drafts | None = None


def match_project(
    import_run: Import, tick: Tick | None = None, drafts: Drafts | None = None, meanwhile: Callable[[], None] | None = None
) -> Found:
    """Match every record of the project once. `drafts`: the records of this import, where they were all read just now.

    `meanwhile`: work for the database, which is done here while the matching, which asks it nothing, runs in a thread.
    """
    taken = snapshot(import_run, drafts)
    held = _held(taken, set(taken.placed.values()))
    together = [*taken.same, *pinned(taken.placed, held)]
    prepared = drafts.prepared if drafts else None

    def found() -> Found:
        matching = find(taken.entries.values(), together=together, apart=taken.apart, tick=tick, prepared=prepared)
        return Found(taken, held, matching, _planned(taken, held, matching), drafts)

    if meanwhile is None:
        return found()
    with ThreadPoolExecutor(1) as thread, short_turns():
        finding = thread.submit(found)
        meanwhile()
        return finding.result()


def still_stands(found: Found, project: Project, early: Early | None = None) -> bool:
    """Whether nothing has moved since the snapshot, but what was joined `early`. Asked under the project's lock."""
    joins, verdict = _stamp(project)
    return found.taken.stamp == (joins - (len(early.joined) if early else 0), verdict)


def _planned(taken: Snapshot, held: set[UUID], matching: Matching) -> Plan:
    matching = unclashed(
        find,
        lambda keys: [taken.entries[key] for key in keys],
        matching,
        placed=taken.placed,
        held=held,
        together=[*taken.same, *pinned(taken.placed, held)],
        apart=taken.apart,
    )
    return plan(list(taken.entries), placed=taken.placed, matching=matching, held=held, apart=taken.apart, said=[*taken.same, *taken.apart])


def _changed_reports(moves: Sequence[Move], placed: dict[str, UUID]) -> set[UUID]:
    """The reports that are there already and gain or lose a record."""
    gain = {move.to for move in moves if not isinstance(move.to, New)}
    return gain | {placed[move.key] for move in moves if move.key in placed}


def plan_held(found: Found) -> Plan:
    """The plan, with every report it changes locked for decisions: one decided on since the snapshot makes a new plan."""
    while True:
        changed = _changed_reports(found.planned.moves, found.taken.placed)
        contributions.hold_reports(sorted(changed, key=str))
        since = _held(found.taken, changed) - found.held
        if not since:
            return found.planned
        found.held |= since
        found.planned = _planned(found.taken, found.held, found.matching)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the reports made of this import's records alone that have no place yet (and all of several records that may
    have one number), those that gained new records, those that gained or lost earlier ones, and how many of the import's
    records founded a report.
    """

    new: list[UUID]
    several: list[UUID]
    gained: list[UUID]
    moved: list[UUID]
    founded: int


@dataclass(slots=True)
class _Changes:
    """Of new reports: the records of each, by its founder, and the founders of those that gain records of another report. Of
    those that are there: which gain records, which gain some of another, and which lose some.
    """

    members: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    again: set[str] = field(default_factory=set)
    gained: set[UUID] = field(default_factory=set)
    moved: set[UUID] = field(default_factory=set)
    left: set[UUID] = field(default_factory=set)


def _changes(moves: Sequence[Move], placed: dict[str, UUID]) -> _Changes:
    found = _Changes()
    for move in moves:
        before = placed.get(move.key)
        if isinstance(move.to, New):
            found.members[move.to.founder].append(move.key)
        else:
            found.gained.add(move.to)
        if before is None:
            continue
        found.left.add(before)
        if isinstance(move.to, New):
            found.again.add(move.to.founder)
        else:
            found.moved.add(move.to)
    return found


def write(import_run: Import, found: Found, planned: Plan, early: Early | None = None) -> Written:
    """Reports, joins, placements and proposed pairs, as planned. Under the project's lock, with the reports held.

    `early`: the reports that were written while the file was read.
    """
    taken, drafts = found.taken, found.drafts
    changes = _changes(planned.moves, taken.placed)
    members = changes.members
    report_of: dict[str, UUID] = {}
    if early is not None:
        early.take_away(members)
        report_of |= early.report_of
    waiting = [move for move in planned.moves if not early or move.key not in early.joined]
    # Of reports that are there the records are joined first: what the others show is worked out meanwhile.
    there = [move for move in waiting if isinstance(move.to, New) and move.to.founder in report_of]
    with _Several(members, report_of, drafts, early.texts if early else {}) as shown:
        if there:
            put_behind(import_run.project_id, there, report_of, taken.placed)
        _make_reports(import_run, members, report_of, drafts, shown)
    if len(there) < len(waiting):
        done = {move.key for move in there}
        put_behind(import_run.project_id, [move for move in waiting if move.key not in done], report_of, taken.placed)
    _write_proposals(import_run.project, planned, [*taken.same, *taken.apart])
    for ids in _batches(sorted(changes.gained | changes.left, key=str)):
        show_again(list(Report.objects.filter(pk__in=ids)))
    moved = changes.moved | changes.left | {report_of[founder] for founder in changes.again}
    several = [report_of[founder] for founder, keys in members.items() if len(keys) > 1 and (drafts is None or drafts.may_repeat(keys))]
    placed = changes.again | early.placed if early else changes.again
    new = [report for founder, report in report_of.items() if founder not in placed]
    founded = len(members.keys() - taken.placed.keys())
    return Written(new, several, sorted(changes.gained - moved, key=str), sorted(moved, key=str), founded)


def settle(written: Written) -> None:
    """Let what was written count: columns and removals of the reports, and their places at the desk."""
    # Their column stands in their rows already, and nobody can have removed them.
    settle_repeats(written.several)
    contributions.place_new_reports(written.new)
    for ids in _batches(written.moved):
        settle_columns(ids)
    for ids in _batches(written.gained):
        settle_gained(ids)


def _batches(things: Sequence[Any], size: int = BATCH) -> Iterator[Sequence[Any]]:
    for start in range(0, len(things), size):
        yield things[start : start + size]


class _Several:
    """What the new reports of several records show, and those whose record was not drafted; a batch at a time.

    `early`: the founders of those that are there already. `texts`: what was read of some records. Of the first batch it is worked out in
    a thread from the beginning on.
    """

    def __init__(self, members: dict[str, list[str]], report_of: dict[str, UUID], drafts: Drafts | None, texts: dict[str, str]) -> None:
        founders = [founder for founder, keys in members.items() if len(keys) > 1 or drafts is None or founder not in drafts.entries]
        self.members, self.texts, self.batches = members, texts, list(_batches(founders))
        self.founders, self.early = set(founders), report_of.keys() & set(founders)

    def __enter__(self) -> "_Several":
        self._thread = ThreadPoolExecutor(1)
        first = self.batches[0] if self.batches else []
        self._first = self._thread.submit(self._shown, first, self._said(first))
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown()

    def __iter__(self) -> Iterator[dict[str, dict[str, Any]]]:
        """Founder -> what its report shows, where it does not already."""
        yield self._first.result()
        for founders in self.batches[1:]:
            yield self._shown(founders, self._said(founders))

    def _said(self, founders: Sequence[str]) -> dict[str, str]:
        return self.texts | texts_of([key for founder in founders for key in self.members[founder] if key not in self.texts])

    def _shown(self, founders: Sequence[str], said: dict[str, str]) -> dict[str, dict[str, Any]]:
        found = {}
        for founder in founders:
            parsed = [orjson.loads(said[key]) for key in self.members[founder]]
            values = shown_values(parsed)
            # One that is there shows what its first record says: most of the others add nothing.
            if founder not in self.early or values != shown_values(parsed[:1]):
                found[founder] = values
        return found


def _make_reports(
    import_run: Import, members: dict[str, list[str]], report_of: dict[str, UUID], drafts: Drafts | None, several: _Several
) -> None:
    """Write the new reports as they show themselves: those of one record that was drafted as they are drafted.

    `report_of`: those that are there already, by their founders; the others are added.
    """
    column, now = column_of(import_run), timezone.now()
    missing = [founder for founder in members if founder not in report_of]
    report_of |= zip(missing, map(UUID, new_ids(len(missing))), strict=True)
    if drafts is not None:
        alone = {founder: report_of[founder] for founder in missing if founder not in several.founders}
        copy_lines(Report, REPORT, drafts.reports(alone.get, import_run.project_id, column, now))
    between = before_lines(import_run.project_id, column, now)
    for shown in several:
        show_others((report_of[founder], values) for founder, values in shown.items() if founder in several.early)
        new = ((report_of[founder], values) for founder, values in shown.items() if founder not in several.early)
        lines = ((report.hex.encode(), between, line_of(values).encode()) for report, values in new)
        copy_lines(Report, REPORT, [b"".join(chain.from_iterable(lines))])


def column_of(import_run: Import) -> str:
    """The PRISMA column of reports of this import's records alone, as it will be when the import counts, a moment later in
    the same transaction: no row is written twice.
    """
    return str(Report.Column.DATABASES if import_run.source_version.kind in DATABASE_KINDS else Report.Column.OTHER)


def _write_proposals(project: Project, planned: Plan, said: Collection[tuple[str, str]]) -> None:
    """Make the proposed pairs what the plan says. Those a person has judged stay, so that a verdict can be taken back."""
    wanted = {(min(p.first, p.second), max(p.first, p.second)): p for p in planned.proposals}
    there = {(str(pair.first_id), str(pair.second_id)): pair for pair in ProposedPair.objects.filter(project=project)}
    judged = {(min(pair), max(pair)) for pair in said}
    gone = [pair.pk for key, pair in there.items() if key not in wanted and key not in judged]
    for ids in _batches(gone):
        ProposedPair.objects.filter(pk__in=ids).delete()
    new, changed = [], []
    for key, proposal in wanted.items():
        pair = there.get(key) or ProposedPair(project=project, first_id=key[0], second_id=key[1])
        says = {"kind": proposal.kind, "score": proposal.score, "reasons": list(proposal.reasons), "waits": proposal.waits}
        if key in there and all(getattr(pair, name) == value for name, value in says.items()):
            continue
        for name, value in says.items():
            setattr(pair, name, value)
        (changed if key in there else new).append(pair)
    copy_objects(new)
    ProposedPair.objects.bulk_update(changed, ["kind", "score", "reasons", "waits"], batch_size=BATCH)
