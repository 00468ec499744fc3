"""A project's reports as bit sets, one for each value of each facet, so that counting is counting bits.

A report's card gives its bit (`n`). What the cards say is kept in this process until their revision changes, and then
only what changed is read; what other rooms say, and labels, until any fact is written, and a few seconds at most.
100,000 reports take 12.5 kB for each value.
"""

import sys
import time
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from screening.projects import contributions
from screening.projects.models import Membership, Project
from screening.references.index import ReportIndex
from screening.references.models import Labelling

Bits = dict[tuple[str, str], int]
# Letters of a type or a language that a person wrote: of more the list offers the beginning.
LONGEST_VALUE = 60
PROJECTS_KEPT, VIEWS_KEPT, SECONDS_KEPT = 8, 64, 5.0


@dataclass(frozen=True)
class Snapshot:
    """The cards of a project at one revision. `all`: the reports that count; `bits`: (facet, value) -> reports."""

    revision: int
    size: int
    all: int = 0
    bits: Bits = field(default_factory=dict)
    common: frozenset[str] = frozenset()


NOTHING = Snapshot(revision=-1, size=0)
_snapshots: dict[UUID, Snapshot] = {}
_views: dict[tuple[Any, ...], tuple[int, float, Bits]] = {}

NUMBERS = "string_agg(int4send(n), '')"
VALUES = f"""
WITH changed AS NOT MATERIALIZED (SELECT * FROM screening_reportcard WHERE project_id = %s AND revision > %s AND n < %s)
SELECT '' AS facet, '' AS value, {NUMBERS} FROM changed
UNION ALL SELECT 'all', '', {NUMBERS} FROM changed WHERE counted
UNION ALL SELECT 'year', coalesce(year::text, ''), {NUMBERS} FROM changed WHERE counted GROUP BY year
UNION ALL SELECT 'kind', kind, {NUMBERS} FROM changed WHERE counted GROUP BY kind
UNION ALL SELECT 'language', language, {NUMBERS} FROM changed WHERE counted GROUP BY language
UNION ALL SELECT 'abstract', CASE WHEN has_abstract THEN 'yes' ELSE 'no' END, {NUMBERS} FROM changed WHERE counted GROUP BY has_abstract
UNION ALL SELECT 'removed', 'yes', {NUMBERS} FROM changed WHERE counted AND removed
UNION ALL SELECT 'found', least(cardinality(sources), 4)::text, {NUMBERS} FROM changed WHERE counted
          GROUP BY least(cardinality(sources), 4)
UNION ALL SELECT 'source', source::text, {NUMBERS} FROM changed, unnest(sources) source WHERE counted GROUP BY source
UNION ALL SELECT split_part(place, ':', 1), split_part(place, ':', 2), {NUMBERS} FROM changed, unnest(places) place WHERE counted
          GROUP BY 1, 2
UNION ALL SELECT 'flag', flag, {NUMBERS} FROM changed, unnest(flags) flag WHERE counted GROUP BY flag
"""  # noqa: S608 (constants)

KEPT = """
SELECT i.kept, b.facet, b.value, b.bits FROM screening_reportindex i JOIN screening_facetbits b ON b.project_id = i.project_id
WHERE i.project_id = %s AND i.kept >= 0
"""


def bits_of(places: Iterable[int] | None, size: int) -> int:
    """Numbers as a bit set."""
    if not places:
        return 0
    kept = bytearray(size // 8 + 1)
    for n in places:
        kept[n >> 3] |= 1 << (n & 7)
    return int.from_bytes(kept, "little")


def bits_sent(sent: bytes | None, size: int) -> int:
    """Numbers below `size` as a bit set, from the database's `string_agg(int4send(n), '')`: a third of the time of a list."""
    if not sent:
        return 0
    numbers = array("i", sent)
    if sys.byteorder == "little":
        numbers.byteswap()
    if len(numbers) < size // 50:
        return bits_of(numbers, size)
    # A letter for each report, the first one last, as numbers are written.
    letters = bytearray(b"0") * size
    deque(map(letters.__setitem__, numbers, repeat(ord("1"))), maxlen=0)
    letters.reverse()
    return int(letters, 2)


def numbers_in(bits: int) -> list[int]:
    """The numbers of a bit set, ascending."""
    kept = bits.to_bytes((bits.bit_length() + 7) // 8, "little")
    return [place * 8 + bit for place, byte in enumerate(kept) if byte for bit in range(8) if byte >> bit & 1]


def snapshot_of(project: Project) -> Snapshot:
    """What the cards say now: kept in this process, or in the database, and brought up by what changed since."""
    row = ReportIndex.objects.filter(project=project).values_list("revision", "next_n").first()
    revision, size = row or (0, 0)
    kept = _snapshots.get(project.pk, NOTHING)
    if kept.revision == revision:
        return kept
    if kept.revision < 0 or kept.revision > revision:
        # Nothing yet; or it was written in a transaction that was taken back.
        kept = _kept_in_database(project)
    read = values_since(project, kept.revision, size)
    stay = ~read.pop(("", ""), 0)
    counted = read.pop(("all", ""), 0)
    bits = {key: before & stay for key, before in kept.bits.items()}
    for key, more in _offered(read).items():
        bits[key] = bits.get(key, 0) | more
    common = ReportIndex.objects.filter(project=project).values_list("common", flat=True).first()
    now = Snapshot(revision, size, kept.all & stay | counted, {key: some for key, some in bits.items() if some}, frozenset(common or ()))
    _keep(_snapshots, project.pk, now, PROJECTS_KEPT)
    return now


def values_since(project: Project, revision: int, size: int) -> Bits:
    """What the cards written after a revision say, in the words of the cards; ("", ""): which these are."""
    with connection.cursor() as cursor:
        cursor.execute(VALUES, [project.pk, revision, size])
        return {(facet, value): bits_sent(numbers, size) for facet, value, numbers in cursor.fetchall()}


def _kept_in_database(project: Project) -> Snapshot:
    """The bit sets that were made ahead, where there are some: all of one revision, for they are read in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(KEPT, [project.pk])
        rows = cursor.fetchall()
    if not rows:
        return NOTHING
    read = {(facet, value): int.from_bytes(bits, "little") for _, facet, value, bits in rows}
    return Snapshot(rows[0][0], 0, read.pop(("all", ""), 0), _offered(read))


def _offered(read: Bits) -> Bits:
    """The same under the values the list offers: of several languages the first, and "none" where the records say nothing."""
    found: Bits = {}
    for (facet, value), bits in read.items():
        if facet in ("kind", "language"):
            said = value.partition(", ")[0] if facet == "language" else value
            value = said[:LONGEST_VALUE] or "none"
        found[facet, value] = found.get((facet, value), 0) | bits
    return found


def _keep(kept: dict[Any, Any], key: Any, value: Any, most: int) -> None:
    kept.pop(key, None)
    while len(kept) >= most:
        kept.pop(next(iter(kept)), None)
    kept[key] = value


def _for_a_while(key: tuple[Any, ...], read: Callable[[], Bits]) -> Bits:
    """What was read under this key, until a fact is written anywhere: a transaction that ends later shows seconds later."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM brolly_fact_seq")
        (last,) = cursor.fetchone()
    if (there := _views.get(key)) and there[0] == last and time.monotonic() - there[1] < SECONDS_KEPT:
        return there[2]
    found = read()
    _keep(_views, key, (last, time.monotonic(), found), VIEWS_KEPT)
    return found


LABELLED = """
SELECT said.label_id::text, array_agg(DISTINCT card.n) FROM ({}) AS said (label_id, report_id)
JOIN screening_reportcard card ON card.report_id = said.report_id AND card.counted GROUP BY 1
"""


def label_bits(viewer: Membership, snapshot: Snapshot) -> Bits:
    """Labels as far as this member may see them: one's own, and others' where nothing is blind any more."""

    def read() -> Bits:
        rows = visible_labellings(viewer).values_list("label_id", "anchor__placement__report_id")
        sql, params = rows.query.sql_with_params()
        with transaction.atomic(), connection.cursor() as cursor:
            # From the few labels to their reports, not through every record of every project.
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
            cursor.execute(LABELLED.format(sql), params)
            found = cursor.fetchall()
        return {("label", label): bits_of((n for n in ns if n < snapshot.size), snapshot.size) & snapshot.all for label, ns in found}

    return _for_a_while(("labels", viewer.pk, tuple(viewer.roles), snapshot.revision), read)


def visible_labellings(viewer: Membership) -> QuerySet[Labelling]:
    """The labels that lie on reports now, as far as this member may see them. The one query that shows a label."""
    rows = Labelling.objects.filter(project=viewer.project_id, on=True, label__removed=False)
    rows = rows.exclude(pk__in=Labelling.objects.filter(project=viewer.project_id).exclude(replaces=None).values("replaces"))
    waits = Q(pk__in=[])
    for condition in contributions.waiting_words(viewer.project, report="anchor__placement__report", member="by"):
        waits |= condition
    return rows.filter(Q(by=viewer) | ~waits)


def every_bit(viewer: Membership, snapshot: Snapshot) -> Mapping[tuple[str, str], int]:
    """All facets of the list, as this member may see them."""
    return {**snapshot.bits, **label_bits(viewer, snapshot)}
