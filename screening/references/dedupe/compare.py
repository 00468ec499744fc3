"""Two records side by side: for each field whether they agree, differ, or one of them says nothing."""

import re
from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Indel

from .names import Names
from .prepared import Prepared
from .titles import Title
from .venue import Pages, journals_agree


class Says(IntEnum):
    """What two values of one field say about the pair. NOTHING: missing on a side, or not comparable."""

    DIFFER = -1
    NOTHING = 0
    CLOSE = 1
    AGREE = 2


class Titles(IntEnum):
    """OTHER: not of one paper. ALIKE: many words shared. BEGINS: one begins the other. NEAR: a letter or a small word. SAME."""

    OTHER = 0
    ALIKE = 1
    BEGINS = 2
    NEAR = 3
    SAME = 4


@dataclass(frozen=True, slots=True)
class Comparison:
    title: Titles
    cut: bool  # the shorter title is so long that a database may have cut it
    numbers: Says  # AGREE: the same; CLOSE: one lacks what the other has; DIFFER: each has what the other lacks
    authors: Says
    year: int | None  # years apart; None where one is missing
    journal: Says
    volume: Says
    issue: Says
    pages: Says
    doi: Says
    pmid: Says
    abstract: Says


SHORTEST_BEGINNING, LONG_BEGINNING = 20, 40
CUT_AT = 150
FIRST_WEB_NUMBER = 1000  # below it, letter and number are the page of a supplement
NEAR_RATIO, ALIKE_RATIO = 93.0, 76.0


def compare(a: Prepared, b: Prepared) -> Comparison | None:
    """The comparison of two records; None, at once, where nothing could make them one report."""
    title, cut = compare_titles(a.title, b.title)
    doi, pmid = compare_dois(a.doi, b.doi), _equal(a.pmid, b.pmid)
    pages = compare_pages(a.pages, b.pages)
    if pages is Says.DIFFER and (_before_print(a, b) or _before_print(b, a)):
        pages = Says.NOTHING
    if title is Titles.OTHER and Says.AGREE not in (doi, pmid) and pages is not Says.AGREE:
        return None
    authors = compare_names(a.names, b.names) if a.entry.authors and b.entry.authors else Says.NOTHING
    if title is Titles.OTHER and authors < Says.CLOSE and pmid is not Says.AGREE:
        return None
    return Comparison(
        title=title,
        cut=cut,
        numbers=compare_numbers(a.title.numbers, b.title.numbers),
        authors=authors,
        year=abs(a.year - b.year) if a.year and b.year else None,
        journal=compare_journals(a.journal, b.journal),
        volume=_equal(a.volume, b.volume),
        issue=_equal(a.issue, b.issue),
        pages=pages,
        doi=doi,
        pmid=pmid,
        abstract=compare_abstracts(a, b),
    )


def _before_print(one: Prepared, other: Prepared) -> bool:
    """Published on the web, counted from page 1, before there was a volume."""
    return bool(one.pages and one.pages.start == 1 and not one.pages.article and not one.volume and other.volume)


def compare_titles(a: Title, b: Title) -> tuple[Titles, bool]:
    """How well two titles fit, and whether the shorter one may have been cut off."""
    if not a.same or not b.same:
        return Titles.OTHER, False
    if a.same == b.same:
        return Titles.SAME, False
    if a.other or b.other:
        said = {a.same, a.other} & {b.same, b.other}
        if any(len(text) > SHORTEST_BEGINNING for text in said):
            return Titles.SAME, False
    short, long = (a, b) if len(a.line) < len(b.line) else (b, a)
    cut_at = LONG_BEGINNING if short.cut else CUT_AT
    if len(short.line) >= SHORTEST_BEGINNING and long.line.startswith(short.line.rstrip()):
        return Titles.BEGINS, len(short.line) >= cut_at and (short.cut or long.line[len(short.line)] != " ")
    if len(short.line) >= cut_at and _nearly_begins(short.line, long.line):
        return Titles.BEGINS, True
    ratio = fuzz.ratio(a.line, b.line, score_cutoff=60)
    if ratio >= NEAR_RATIO:
        return Titles.NEAR, False
    if len(short.same) >= SHORTEST_BEGINNING and long.same.startswith(short.same):
        return Titles.BEGINS, False
    if ratio >= ALIKE_RATIO or fuzz.ratio(a.same, b.same, score_cutoff=ALIKE_RATIO):
        return Titles.ALIKE, False
    if ratio and fuzz.token_sort_ratio(a.line, b.line) >= 85:
        return Titles.ALIKE, False
    if len(short.line) >= LONG_BEGINNING and fuzz.ratio(short.line, long.line[: len(short.line)], score_cutoff=NEAR_RATIO):
        before = short.line.split()
        if all(x == y or misprint(x, y) for x, y in zip(before, long.line.split(), strict=False)):
            return Titles.BEGINS, False
    if len(short.same) >= SHORTEST_BEGINNING and long.same.endswith(short.same):
        return Titles.BEGINS, False
    return Titles.OTHER, False


def _nearly_begins(short: str, long: str) -> bool:
    """Whether one title is the other cut within a word, but for misprints: of two whole titles each ends in a word of its own."""
    *before, cut = short.split()
    said = long.split()
    if len(said) <= len(before) or not (said[len(before)].startswith(cut) and said[len(before)] != cut):
        return False
    return all(x == y or misprint(x, y) for x, y in zip(before, said, strict=False))


def misprint(x: str, y: str) -> bool:
    """Whether two words differ as misprints do: a letter left out, doubled or swapped, but not another in its place."""
    if min(len(x), len(y)) < 4 or x[0] != y[0]:
        return False
    return Indel.distance(x, y) == 1 or (len(x) == len(y) and OSA.distance(x, y) == 1 and sorted(x) == sorted(y))


def compare_numbers(a: frozenset[str], b: frozenset[str]) -> Says:
    if a == b:
        return Says.AGREE
    return Says.CLOSE if a < b or b < a else Says.DIFFER


def compare_names(a: Names, b: Names) -> Says:
    """AGREE: the first author and most of the shorter list are in the other, or all in another order; CLOSE: some are."""
    if not a.families or not b.families:
        return Says.NOTHING
    short, long = (a, b) if len(a.families) <= len(b.families) else (b, a)
    # Both ways round, because a database may take given names for family names.
    known = max(_known(short.families, long.every), min(len(short.families), _known(long.families, short.every)))
    leads = not a.families[0].isdisjoint(b.first) or not b.families[0].isdisjoint(a.first)
    if not leads:
        leads = _misspelt(a.families[0], b.families[0])
        known += leads and short.families[0].isdisjoint(long.every)
    if known == 0:
        return Says.NOTHING if a.body != b.body else Says.DIFFER
    share = known / len(short.families)
    if (leads and (share >= 0.6 or a.cut or b.cut)) or (share == 1 and len(short.families) > 1):
        return Says.AGREE
    return Says.CLOSE if leads or share >= 0.5 else Says.DIFFER


def _known(families: tuple[frozenset[str], ...], words: frozenset[str]) -> int:
    return sum(1 for family in families if not family.isdisjoint(words))


def _misspelt(a: frozenset[str], b: frozenset[str]) -> bool:
    return any(fuzz.ratio(x, y) >= 80 for x in a for y in b)


def compare_journals(a: tuple[str, ...], b: tuple[str, ...]) -> Says:
    if not a or not b:
        return Says.NOTHING
    return Says.AGREE if journals_agree(a, b) else Says.DIFFER


def compare_pages(a: Pages | None, b: Pages | None) -> Says:
    """Agree by their first page. A number on the web (e1754) beside pages in print says nothing."""
    if a is None or b is None:
        return Says.NOTHING
    if not a.start or not b.start:
        short, long = sorted((str(a.end), str(b.end)), key=len)
        return Says.CLOSE if long.endswith(short) else Says.NOTHING
    if a.start == b.start:
        if a.letters != b.letters and a.letters and b.letters:
            return Says.NOTHING
        return Says.AGREE if a.end == b.end or a.article or b.article else Says.CLOSE
    for one, other in ((a, b), (b, a)):
        if one.start == 1 and not one.article and (other.article or other.letters):
            return Says.NOTHING
        if one.start >= FIRST_WEB_NUMBER and one.article and one.letters not in ("", "s", "p") and not other.letters:
            return Says.NOTHING
    if not a.article and not b.article and a.letters == b.letters and (a.end == b.end or abs(a.start - b.start) <= 1):
        return Says.NOTHING  # one page off: a slip, or the page of the title alone
    if not (a.article and b.article) and a.letters == b.letters and (a.start <= b.start <= a.end or b.start <= a.start <= b.end):
        return Says.NOTHING
    return Says.DIFFER


def _equal(a: str, b: str) -> Says:
    if not a or not b:
        return Says.NOTHING
    return Says.AGREE if a == b else Says.DIFFER


_WITH_VERSION = re.compile(r"[./]v\d{1,2}$")


def compare_dois(a: str, b: str) -> Says:
    """Equal, or equal but for a version that one of them names (10.1000/x and 10.1000/x.v1)."""
    says = _equal(a, b)
    if says is Says.DIFFER:
        short, long = sorted((a, b), key=len)
        if long.startswith(short) and _WITH_VERSION.fullmatch(long[len(short) :]):
            return Says.AGREE
    return says


def compare_abstracts(a: Prepared, b: Prepared) -> Says:
    """By their beginnings. AGREE needs nearly the same text; other words are DIFFER, which a translation has too."""
    if len(a.entry.abstract) < 120 or len(b.entry.abstract) < 120:
        return Says.NOTHING
    if a.entry.abstract[:300] == b.entry.abstract[:300]:
        return Says.AGREE
    one, other = a.abstract(), b.abstract()
    length = min(len(one), len(other))
    ratio = fuzz.ratio(one[:length], other[:length])
    if ratio < 85:
        ratio = max(ratio, fuzz.partial_ratio(one[60:260], other))
    return Says.AGREE if ratio >= 85 else Says.CLOSE if ratio >= 65 else Says.DIFFER
