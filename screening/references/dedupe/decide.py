"""What a comparison means: certainly one report, likely one, versions of one review, or two; with reasons in words.

A certain pair needs titles that fit, enough that supports it, and nothing of weight against it. The harm to avoid is a
unique record taken for a duplicate, so what is left in doubt waits for a person.
"""

from dataclasses import dataclass, replace
from enum import Enum

from .compare import FIRST_WEB_NUMBER, Comparison, Says, Titles, misprint
from .prepared import Prepared
from .titles import compared
from .venue import Pages
from .versions import versions
from .words import against, support, title_words


class Kind(Enum):
    CERTAIN = "certain"
    LIKELY = "likely"
    VERSIONS = "versions"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Verdict:
    kind: Kind
    score: float = 0.0
    reasons: tuple[str, ...] = ()


APART = Verdict(Kind.APART)
LONG_TITLE, VERY_LONG_TITLE = 25, 40  # letters; shorter titles are borne by several papers of one author
# Words of which one cannot stand for another, in singular; each line is one choice.
_CHOICES = """
    men women
    male female
    boy girl
    mother father
    maternal paternal
    infant child children adolescent adult
    older younger
    rat mice mouse rabbit
    left right
    upper lower
    anterior posterior
    high low
    short long
    early late
    acute chronic
    primary secondary
    positive negative
    systolic diastolic
    internal external
    urban rural
    inpatient outpatient
    preoperative postoperative intraoperative
    pre post
    before after
    with without
    one two three four five six seven eight nine ten twelve
"""
_OPPOSED = {word: line for line in _CHOICES.split("\n") for word in line.split()}
_MEETING = frozenset("proceedings conference congress symposium meeting workshop minitrack".split())  # noqa: SIM905


def decide(a: Prepared, b: Prepared, c: Comparison | None) -> Verdict:
    """The verdict on two records. The same whichever comes first."""
    if c is None:
        return APART
    why = versions(a, b, c)
    if why is not None:
        return Verdict(Kind.VERSIONS, _score(c), (why,)) if why else APART
    kind = _kind(a, b, c)
    if kind is Kind.APART:
        return APART
    if kind is Kind.CERTAIN and c.pmid is Says.DIFFER:
        kind = Kind.LIKELY  # PubMed gives each document one number
    score = _score(c)
    return Verdict(kind, score if kind is Kind.CERTAIN else min(score, 0.95), (title_words(c), *support(c), *against(a, b, c)))


def _kind(a: Prepared, b: Prepared, c: Comparison) -> Kind:
    if c.title is Titles.OTHER:
        return _other_titles(c)
    if a.title.generic or b.title.generic:
        return _generic(c)
    if c.numbers is Says.DIFFER:
        return _numbers_differ(c)
    located = is_located(c)
    doubts = _doubts(c)
    if c.title is Titles.SAME or (c.title is Titles.BEGINS and c.cut) or _misprinted(a, b, c):
        return _same_titles(a, b, c, located, doubts)
    return _near_titles(a, b, c, located, doubts)


def is_located(c: Comparison) -> bool:
    """Whether something says that both were printed in one place: the DOI, the PubMed number, or volume and first page."""
    if Says.AGREE in (c.doi, c.pmid):
        return True
    if c.pages < Says.CLOSE:
        return False
    beside = (c.volume is Says.AGREE) + (c.journal is Says.AGREE) + (c.year == 0) + (c.pages is Says.AGREE)
    return beside >= 2 and c.volume is not Says.DIFFER


def _doubts(c: Comparison) -> int:
    """What speaks against one report; each doubt has to be outweighed."""
    doubts = 0
    doubts += 2 * (c.doi is Says.DIFFER) + 2 * (c.pmid is Says.DIFFER) + 2 * (c.pages is Says.DIFFER)
    doubts += 2 * (c.authors is Says.DIFFER) + (c.authors is Says.CLOSE)
    doubts += (c.journal is Says.DIFFER) + (c.abstract is Says.DIFFER)
    doubts += (1 if c.pages is Says.AGREE else 2) * (c.volume is Says.DIFFER)
    doubts += 0 if c.year is None or c.year == 0 else 1 if c.year == 1 else 3
    return doubts


def _same_titles(a: Prepared, b: Prepared, c: Comparison, located: bool, doubts: int) -> Kind:
    if _copies(a, b) or _but_for_pages(a, b, c):
        return Kind.CERTAIN
    if located:
        return Kind.CERTAIN if doubts <= _borne(c) else Kind.LIKELY if doubts <= 5 else Kind.APART
    if _talk_and_article(a, b):
        return Kind.LIKELY if doubts <= 3 and c.authors >= Says.NOTHING else Kind.APART
    if doubts == 0:
        return Kind.CERTAIN if _supported(a, b, c) else Kind.LIKELY
    if c.authors is Says.DIFFER:
        return Kind.LIKELY if doubts == 2 and _points(c) >= 3 else Kind.APART
    if doubts == 1 and c.authors is Says.AGREE and _outweighed(a, b, c):
        return Kind.CERTAIN
    if c.year and (c.doi is Says.DIFFER and c.journal is Says.AGREE):
        return Kind.APART  # what one journal prints under one title every year
    if c.year and c.year > 1 and c.authors is not Says.AGREE:
        return Kind.APART
    return Kind.LIKELY if doubts <= 3 else Kind.APART


def _talk_and_article(a: Prepared, b: Prepared) -> bool:
    """Both databases name the type, and one says that it is a conference abstract or paper."""
    return bool(a.entry.kind and b.entry.kind) and (a.nature.kind == "conference") != (b.nature.kind == "conference")


def _outweighed(a: Prepared, b: Prepared, c: Comparison) -> bool:
    """One doubt, no place of printing, and the same authors: whether the rest says enough.

    Another journal may be a preprint server nobody has heard of: the volume has to be the same, or both are meetings.
    """
    if c.year == 1 and _first_on_the_web(a, b, c):
        return True
    if c.journal is Says.DIFFER and c.volume is not Says.AGREE:
        meetings = _MEETING.intersection(a.journal) and _MEETING.intersection(b.journal)
        return bool(meetings) and c.abstract is Says.AGREE and c.year == 0
    if c.year and any(map(_of_a_supplement, (a.pages, b.pages))):
        return False
    return _points(c) >= 4


def _of_a_supplement(pages: Pages | None) -> bool:
    """Whether what stands on these pages (S12) is an abstract among others: what is printed elsewhere may be the article."""
    return pages is not None and pages.letters not in ("", "e") and pages.start < FIRST_WEB_NUMBER and pages.end - pages.start < 2


def _everybody(a: Prepared, b: Prepared, c: Comparison) -> bool:
    return c.authors is Says.AGREE and len(a.names.families) == len(b.names.families) >= 2


def _copies(a: Prepared, b: Prepared) -> bool:
    """One record imported twice: the same text in every field, and enough of it to mean one document."""
    if not a.entry.authors or len(a.title.same) < VERY_LONG_TITLE:
        return False
    return replace(a.entry, key=None) == replace(b.entry, key=None)


def _but_for_pages(a: Prepared, b: Prepared, c: Comparison) -> bool:
    """All the same, down to the issue, and another page: a slip in one database."""
    if not _everybody(a, b, c) or len(a.title.same) < VERY_LONG_TITLE or c.abstract is Says.DIFFER or Says.DIFFER in (c.doi, c.pmid):
        return False
    return c.journal is c.volume is c.issue is Says.AGREE and c.year == 0 and c.title is Titles.SAME


def _first_on_the_web(a: Prepared, b: Prepared, c: Comparison) -> bool:
    """In the same journal a year earlier and without a volume, as articles are before they are printed."""
    early, late = (a, b) if (a.year or 0) < (b.year or 0) else (b, a)
    printed = late.volume and late.pages and late.pages.letters not in ("s", "p", "a", "suppl") and not (early.volume and early.pages)
    serial = a.nature.kind == b.nature.kind == "" and not _MEETING.intersection(a.journal + b.journal)
    several = min(len(a.names.families), len(b.names.families)) > 1
    return bool(printed) and serial and several and c.journal is c.authors is Says.AGREE and len(a.title.same) >= VERY_LONG_TITLE


def _borne(c: Comparison) -> int:
    """How much doubt a place of printing outweighs."""
    identified = Says.AGREE in (c.doi, c.pmid)
    borne = 1 + (c.authors is Says.AGREE) * (2 if identified else 1)
    borne += identified and (c.pages is not Says.DIFFER or (c.volume is Says.AGREE and c.year == 0))
    borne += c.pages is Says.AGREE and c.volume is Says.AGREE
    return borne


def _supported(a: Prepared, b: Prepared, c: Comparison) -> bool:
    """Same title, nothing against it, no place of printing: who, when and where have to say enough."""
    if _points(c) >= 4:
        return True
    if c.authors is Says.AGREE and c.abstract is Says.AGREE:
        return True
    if c.authors is Says.AGREE and c.year == 0:
        return len(a.title.same) >= LONG_TITLE
    if len(a.title.same) < VERY_LONG_TITLE:
        return False
    if c.journal is Says.AGREE and c.authors is Says.AGREE:
        return True
    if c.authors is Says.NOTHING and c.year == 0:
        return c.journal is Says.AGREE or c.volume is c.issue is Says.AGREE
    return _points(c) >= 3 and _everybody(a, b, c)


def _points(c: Comparison) -> int:
    return (
        2 * (c.authors is Says.AGREE)
        + (c.year == 0)
        + (c.journal is Says.AGREE)
        + (c.volume is Says.AGREE)
        + (c.issue is Says.AGREE)
        + 2 * (c.abstract is Says.AGREE)
        + (c.pages >= Says.CLOSE)
    )


def _whole_article(a: Prepared, b: Prepared, c: Comparison) -> bool:
    """Whether one place of printing holds one document: an identifier, three pages or more, or a number on the web.

    On a single page of a supplement there are several abstracts, often by the same people and with similar titles, and
    a DOI may be that of the whole supplement.
    """
    if c.pmid is Says.AGREE or c.abstract is Says.AGREE:
        return True
    supplement = any(map(_of_a_supplement, (a.pages, b.pages)))
    placed = c.year == 0 and c.journal is c.volume is c.pages is Says.AGREE and c.issue is not Says.DIFFER
    if c.title is Titles.BEGINS and not supplement and placed and _everybody(a, b, c):
        return True
    if c.doi is Says.AGREE and not supplement and (c.pages >= Says.CLOSE or (c.pages is Says.NOTHING and c.title is Titles.BEGINS)):
        return True
    return c.pages >= Says.CLOSE and all(
        p is not None and (p.end - p.start >= 2 or (p.article and p.start >= FIRST_WEB_NUMBER)) for p in (a.pages, b.pages)
    )


def _slip(a: Prepared, b: Prepared) -> bool:
    """Whether titles differ as misprints do: a letter left out, doubled or swapped, a space more or less.

    Another letter in its place is no slip: "abduction" is not "adduction", nor "microvascular" "macrovascular".
    """
    one, other = compared(a.title.line), compared(b.title.line)
    if "".join(one) == "".join(other):
        return True
    left, right = set(one) - set(other), set(other) - set(one)
    return len(left) == len(right) and all(any(misprint(x, y) for y in right) for x in left)


def _misprinted(a: Prepared, b: Prepared, c: Comparison) -> bool:
    """Whether the titles are one but for a misprint, and so long that no other paper's title is so near."""
    near = c.title is Titles.NEAR and c.numbers is Says.AGREE
    return near and min(len(a.title.same), len(b.title.same)) >= VERY_LONG_TITLE and _slip(a, b)


def _opposed(a: Prepared, b: Prepared) -> bool:
    """Whether each title has a word that the other has the opposite of: two papers of one study, "in men" and "in women"."""
    one, other = set(a.title.line.split()), set(b.title.line.split())
    left, right = ({_OPPOSED.get(word.removesuffix("s")) for word in words} for words in (one - other, other - one))
    return not left.isdisjoint(right - {None})


def _near_titles(a: Prepared, b: Prepared, c: Comparison, located: bool, doubts: int) -> Kind:
    if c.title is not Titles.BEGINS and _opposed(a, b):
        return Kind.LIKELY if located and doubts <= 2 else Kind.APART
    if located:
        if not _whole_article(a, b, c) and not (c.title is Titles.NEAR and _slip(a, b)):
            return Kind.LIKELY if doubts <= 2 else Kind.APART
        strong = c.authors is Says.AGREE or c.abstract is Says.AGREE or (c.authors is Says.NOTHING and c.title is not Titles.ALIKE)
        borne = _borne(c) - 1 - (c.title is Titles.ALIKE) - (c.numbers is Says.CLOSE)
        if strong and doubts <= borne and not (c.doi is Says.DIFFER and not _slip(a, b)):
            return Kind.CERTAIN
        return Kind.LIKELY if doubts <= 3 else Kind.APART
    if Says.DIFFER in (c.pages, c.doi):
        return Kind.APART  # other words, and another place
    if c.title is not Titles.ALIKE and c.abstract is Says.AGREE and doubts == 0 and c.authors is Says.AGREE and c.numbers is Says.AGREE:
        return Kind.CERTAIN
    if c.title is Titles.ALIKE:
        enough = c.authors is Says.AGREE and c.year in (0, 1, None) and (c.abstract is Says.AGREE or _points(c) >= 5)
        return Kind.LIKELY if enough and doubts <= 1 else Kind.APART
    if c.authors is Says.DIFFER:
        return Kind.APART
    return Kind.LIKELY if doubts <= 2 and _points(c) >= 2 else Kind.APART


def _generic(c: Comparison) -> Kind:
    """Titles like "Reply": only the place of printing can say anything, and then everything has to fit."""
    if c.title is not Titles.SAME or not is_located(c) or c.authors is Says.DIFFER:
        return Kind.APART
    exact = c.pages is Says.AGREE and c.volume is Says.AGREE and c.journal is Says.AGREE and c.authors is not Says.CLOSE
    told = c.pages is Says.AGREE and c.authors is Says.AGREE and c.year == 0 and (c.doi is Says.AGREE or c.volume is Says.AGREE)
    # The same person writes the first page of every issue.
    if (exact or told) and _doubts(c) == 0 and c.issue is not Says.DIFFER and (c.authors is Says.AGREE or c.doi is Says.AGREE):
        return Kind.CERTAIN
    return Kind.LIKELY if _doubts(c) <= 1 else Kind.APART


def _numbers_differ(c: Comparison) -> Kind:
    """Part 1 and part 2, phase II and phase III: never joined by the machine, unless all else is one and the same."""
    if is_located(c) and c.authors >= Says.NOTHING and _doubts(c) <= 1 and c.title >= Titles.BEGINS:
        return Kind.LIKELY
    return Kind.APART


def _other_titles(c: Comparison) -> Kind:
    """Titles that do not fit: another language perhaps, where place of printing, year and authors are the same."""
    if c.authors is not Says.AGREE or c.year not in (0, None) or c.pmid is Says.DIFFER or c.abstract is Says.DIFFER:
        return Kind.APART
    placed = c.pages is Says.AGREE and c.volume is Says.AGREE and c.journal is not Says.DIFFER and c.doi is not Says.DIFFER
    told = Says.AGREE in (c.doi, c.pmid) and c.pages is not Says.DIFFER
    return Kind.LIKELY if placed or told else Kind.APART


_WEIGHTS = {"doi": 3.0, "pmid": 3.0, "pages": 2.0, "volume": 1.0, "journal": 0.7, "issue": 0.4, "authors": 1.6, "abstract": 1.6}


def _score(c: Comparison) -> float:
    """From 0 to 1, for order alone: what agrees raises it, what differs lowers it."""
    total = (float(c.title) - 2.5) * 1.2 + 0.5 * (c.numbers - 1)
    for field, weight in _WEIGHTS.items():
        total += weight * {Says.AGREE: 1.0, Says.CLOSE: 0.5, Says.NOTHING: 0.0, Says.DIFFER: -1.2}[getattr(c, field)]
    total += 0.0 if c.year is None else 1.0 if c.year == 0 else -0.4 if c.year == 1 else -2.0
    return round(1 / (1 + 2.718281828 ** (-total / 2)), 4)
