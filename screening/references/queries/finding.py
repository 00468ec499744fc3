"""The list of reports: searched, narrowed, counted and sorted; a page at a time by key."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy

from screening.projects import contributions
from screening.projects.models import Membership, Project
from screening.protocol.queries import latest_descriptions
from screening.references.models import Label, Report
from screening.references.queries.bits import Snapshot, bits_of, bits_sent, every_bit, numbers_in, snapshot_of
from screening.references.queries.paging import PAGE, Page, is_id
from screening.references.rules import without_nul
from screening.references.words import Search, search

# In the order of the page. "year" is asked for as ranges, the others as values; "also" are sources once more: of what one
# source found, what another found too.
FACETS = ("stands", "source", "also", "label", "year", "kind", "language", "abstract", "text", "flag", "found", "removed")
# Card columns a sort goes by, the report's id last. "best" is newest first, in two parts: see `tiers`.
KEYS: dict[str, tuple[str, ...]] = {
    "title": ("title_key", "report_id"),
    "year": ("newest", "title_key", "report_id"),
    "added": ("lately", "report_id"),
    "best": ("newest", "title_key", "report_id"),
}
SORTS = {
    "title": gettext_lazy("Title"),
    "year": gettext_lazy("Newest year"),
    "added": gettext_lazy("Added last"),
    "best": gettext_lazy("Best match"),
}
# Up to so many are asked for one by one; more are met often enough on the way through the sorted index.
FEW = 2_000
MOST_VALUES = 50


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to, and how it is sorted: the whole of a list's address."""

    q: str = ""
    sort: str = "title"
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, sent: Any) -> "Asked":
        """From an address (a QueryDict). What is not understood narrows nothing; `from` and `to` make a range of years."""
        q = without_nul(sent.get("q", ""))[:1000]
        chosen = {}
        for name in FACETS:
            values = tuple(dict.fromkeys(without_nul(value)[:200] for value in sent.getlist(name)[:MOST_VALUES] if value))
            if name == "year":
                values = tuple(value for value in values if years_in(value) is not None or value == "none")
                values = tuple(dict.fromkeys([*values, *_from_to(sent.get("from", ""), sent.get("to", ""))]))
            if values:
                chosen[name] = values
        sort = sent.get("sort", "")
        if sort not in SORTS or (sort == "best" and not q.strip()):
            sort = "best" if q.strip() else "title"
        return cls(q=q.strip(), sort=sort, chosen=chosen)

    @property
    def narrows(self) -> bool:
        return bool(self.q or self.chosen)

    def pairs(self) -> list[tuple[str, str]]:
        """Names and values of its address, in a fixed order."""
        pairs = [("q", self.q)] if self.q else []
        pairs += [(name, value) for name in FACETS for value in self.chosen.get(name, ())]
        return [*pairs, ("sort", self.sort)] if self.sort != ("best" if self.q else "title") else pairs

    def address(self, **more: str) -> str:
        return "?" + urlencode([*self.pairs(), *more.items()])

    def without(self, name: str, value: str = "") -> "Asked":
        """The same without one value of a facet, or without the words (name "q")."""
        if name == "q":
            return replace(self, q="", sort="title" if self.sort == "best" else self.sort)
        left = tuple(one for one in self.chosen.get(name, ()) if one != value)
        return replace(self, chosen={**{k: v for k, v in self.chosen.items() if k != name}, **({name: left} if left else {})})


def years_in(value: str) -> tuple[int, int] | None:
    """A range of years such as "2010-2019", "-1999" or "2020-"; None for anything else."""
    first, dash, last = value.partition("-")
    if not dash and first:
        last = first
    if not all(part == "" or (part.isascii() and part.isdecimal() and len(part) <= 4) for part in (first, last)) or not (first or last):
        return None
    return int(first or 0), int(last or 9999)


def _from_to(first: str, last: str) -> list[str]:
    """The range of two years as they were typed, whichever comes first."""
    first, last = first.strip(), last.strip()
    if (years := years_in(f"{first}-{last}")) and years[0] > years[1]:
        first, last = last, first
    return [f"{first}-{last}"] if years else []


@dataclass(frozen=True)
class Found:
    """The reports that fit, as bits, and what there is to choose from. `counts`: (facet, value) -> reports, were it chosen too."""

    asked: Asked
    snapshot: Snapshot
    bits: int
    tiers: tuple[int, ...]
    n: int
    total: int
    counts: Mapping[tuple[str, str], int]


def find(viewer: Membership, asked: Asked, *, title: str = "", count: bool = True) -> Found:
    """The reports that fit what is asked for, as far as this member may know: OR inside a facet, AND across facets.

    `title`: the title contains this, letter by letter.
    """
    snapshot = snapshot_of(viewer.project)
    known = every_bit(viewer, snapshot)
    known = {**known, **{("also", value): bits for (name, value), bits in known.items() if name == "source"}}
    base, in_title = snapshot.all, 0
    if asked.q:
        words = search(asked.q, snapshot.common)
        base &= _with_words(viewer.project, snapshot, words, "words")
        in_title = _with_words(viewer.project, snapshot, words, "title_words") if asked.sort == "best" else 0
    if title:
        base &= _titled(viewer.project, snapshot, title)
    unions = {name: _union(known, name, values, viewer.project) for name, values in asked.chosen.items()}
    bits = reduce(lambda left, union: left & union, unions.values(), base)
    counts = _counts(known, base, unions) if count else {}
    tiers = (bits & in_title, bits & ~in_title) if asked.sort == "best" else (bits,)
    return Found(asked, snapshot, bits, tiers, bits.bit_count(), snapshot.all.bit_count(), counts)


def _union(known: Mapping[tuple[str, str], int], name: str, values: Iterable[str], project: Project) -> int:
    """The reports with any of these values of a facet."""
    groups = next((facet.groups for facet in contributions.report_facets() if facet.name == name), {})
    slugs = {d.source.slug: str(d.source_id) for d in latest_descriptions(project)} if name in ("source", "also") else {}
    found = []
    for value in values:
        if name == "year":
            found += _years(known, value)
        else:
            found += [known.get((name, key), 0) for key in groups.get(value, (slugs.get(value, value),))]
    return reduce(or_, found, 0)


def _years(known: Mapping[tuple[str, str], int], value: str) -> list[int]:
    if value == "none":
        return [known.get(("year", ""), 0)]
    first, last = years_in(value) or (1, 0)
    return [bits for (name, year), bits in known.items() if name == "year" and year and first <= int(year) <= last]


def _counts(known: Mapping[tuple[str, str], int], base: int, unions: Mapping[str, int]) -> dict[tuple[str, str], int]:
    """For each value, how many of the reports found have it: narrowed by all other facets, not by its own."""
    among = {name: reduce(lambda left, union: left & union, (u for other, u in unions.items() if other != name), base) for name in FACETS}
    return {(name, value): (among[name] & bits).bit_count() for (name, value), bits in known.items() if name in among}


def _with_words(project: Project, snapshot: Snapshot, asked: Search, column: str) -> int:
    """The reports in which these words are found; a DOI or a PubMed number finds its report as well."""
    if not asked.tsquery:
        return snapshot.all
    by_number = (
        "UNION ALL SELECT card.n FROM screening_report r JOIN screening_reportcard card ON card.report_id = r.id WHERE r.project_id = %s"
    )
    statement = f"SELECT n FROM screening_reportwords WHERE project_id = %s AND {column} @@ %s::tsquery"  # noqa: S608 (our own columns)
    arguments: list[Any] = [project.pk, asked.tsquery]
    if asked.doi:
        statement, arguments = f"{statement} {by_number} AND r.doi_key = %s", [*arguments, project.pk, asked.doi]
    elif asked.pmid:
        statement, arguments = f"{statement} {by_number} AND r.pmid = %s", [*arguments, project.pk, asked.pmid]
    with transaction.atomic(), connection.cursor() as cursor:
        # Its costs leave out that reading through all reports would fetch every vector from beside its row.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"SELECT string_agg(int4send(n), '') FROM ({statement}) AS hits (n) WHERE n < %s", [*arguments, snapshot.size])  # noqa: S608
        found = bits_sent(cursor.fetchone()[0], snapshot.size)
    return snapshot.all & ~found if asked.inverted else found


def _titled(project: Project, snapshot: Snapshot, title: str) -> int:
    hits = Report.objects.filter(project=project, title__icontains=without_nul(title), card__n__lt=snapshot.size)
    return bits_of(hits.values_list("card__n", flat=True), snapshot.size)


def page_of_found(found: Found, project: Project, *, after: str = "", before: str = "", size: int = PAGE) -> Page:
    """One page of what was found, by key: its cost does not grow with how far one has paged. A cursor is a report's id."""
    here = _card(project, before or after, found.asked.sort)
    backwards = bool(before) and here is not None
    ids = _walk(found, project, here, backwards, size + 1)
    more, ids = len(ids) > size, ids[:size]
    if backwards:
        ids.reverse()
    there = Report.objects.in_bulk(ids)
    rows = [there[pk] for pk in ids if pk in there]
    return Page(
        rows=rows,
        after=str(ids[-1]) if ids and (more or backwards) else "",
        before=str(ids[0]) if ids and (more if backwards else here is not None) else "",
    )


def _card(project: Project, pk: str, sort: str) -> tuple[Any, ...] | None:
    """Where a cursor's report stands in a sort: its n and its key; None for a cursor that is not understood."""
    if not is_id(pk):
        return None
    with connection.cursor() as cursor:
        columns = ", ".join(KEYS[sort])
        cursor.execute(f"SELECT n, {columns} FROM screening_reportcard WHERE project_id = %s AND report_id = %s", [project.pk, pk])  # noqa: S608
        return cursor.fetchone()


def _walk(found: Found, project: Project, here: tuple[Any, ...] | None, backwards: bool, limit: int) -> list[UUID]:
    """The next so many ids of what was found, from a place on, through one tier after the other."""
    tiers = list(enumerate(found.tiers))
    if backwards:
        tiers.reverse()
    start = next((n for n, bits in tiers if here is not None and bits >> here[0] & 1), None)
    ids: list[UUID] = []
    begun = start is None
    for n, bits in tiers:
        begun = begun or n == start
        if begun and bits and len(ids) < limit:
            ids += _in_order(
                found, project, bits, here[1:] if here and (n == start or start is None) else None, backwards, limit - len(ids)
            )
    return ids


def _in_order(found: Found, project: Project, bits: int, here: tuple[Any, ...] | None, backwards: bool, limit: int | None) -> list[UUID]:
    """Ids of the reports of a bit set in the order asked for."""
    keys = KEYS[found.asked.sort]
    where, arguments = ["project_id = %s", "counted"], [project.pk]
    if bits == found.snapshot.all:
        pass
    elif bits.bit_count() <= FEW:
        where.append("n = ANY(%s)")
        arguments.append(numbers_in(bits))
    else:
        # Asked in the order of the index, card by card; a card that is newer than the snapshot is not among its bits.
        size = bits.bit_length() // 8 + 1
        where.append("CASE WHEN n < %s THEN get_bit(%s::bytea, n) = 1 ELSE false END")
        arguments += [size * 8, bits.to_bytes(size, "little")]
    if here is not None:
        where.append(f"({', '.join(keys)}) {'<' if backwards else '>'} ({', '.join(['%s'] * len(keys))})")
        arguments += here
    order = ", ".join(f"{key} {'DESC' if backwards else 'ASC'}" for key in keys)
    statement = f"SELECT report_id FROM screening_reportcard WHERE {' AND '.join(where)} ORDER BY {order}"  # noqa: S608 (our own columns)
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} LIMIT {int(limit)}" if limit is not None else statement, arguments)
        return [row[0] for row in cursor.fetchall()]


def ids_found(found: Found, project: Project) -> list[UUID]:
    """The ids of all that was found, in the order asked for."""
    return [pk for bits in found.tiers if bits for pk in _in_order(found, project, bits, None, False, None)]


def reports_in_turn(ids: list[UUID], *, at_once: int = 500) -> Iterator[list[Report]]:
    """Reports in the order of their ids, a batch at a time, so that memory does not grow with them."""
    for start in range(0, len(ids), at_once):
        there = Report.objects.in_bulk(ids[start : start + at_once])
        yield [there[pk] for pk in ids[start : start + at_once] if pk in there]


def labels_of(project: Project) -> list[Label]:
    return list(Label.objects.filter(project=project, removed=False))
