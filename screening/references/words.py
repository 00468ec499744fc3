"""Words of reports and of searches, folded alike, so that what is typed finds what is printed. Pure.

One function takes words apart, for the index and for the box in which people search: whatever the database's locale,
and however a word is accented, ligatured or hyphenated, both sides come to the same.
docs/rules/finding.md says the language of searches in prose.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from screening.references.dedupe.fold import doi_key

# Letters that no decomposition takes apart, by how they are written without the keyboard for them.
ALIKE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n"})
# A sign of a script written without spaces is a word by itself; neighbours are found as a phrase.
SIGN = "\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff"
WORD = re.compile(rf"[{SIGN}]|[^\W_{SIGN}]+")
LONGEST_WORD, MOST_WORDS, LAST_POSITION = 80, 15_000, 16_383
# PostgreSQL refuses more bytes of words and places in one vector; so many words are never too long for it.
MOST_BYTES, ALWAYS_FIT = 1_000_000, 2_500
# So many letters hold MOST_WORDS words of every language: no need to fold all of ten megabytes.
LONGEST_TEXT = 500_000
# So far apart are the fields of a report, that no phrase reaches from one into the next.
GAP = 10

LONGEST_QUERY, DEEPEST = 1_000, 12
DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:?\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
PMID = re.compile(r"(?:pmid:?\s*|https?://pubmed\.ncbi\.nlm\.nih\.gov/)?(\d{1,9})/?", re.IGNORECASE)


def folded(text: str) -> str:
    """Lower case, without accents: "Ångström" and "angstrom", "ﬁeld" and "field", "Straße" and "strasse" are equal."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(letter for letter in plain if letter.isascii() or unicodedata.category(letter)[0] != "M").translate(ALIKE)


def words_in(text: str) -> list[str]:
    """The words of a text in order, folded. A hyphen parts words, as a space does."""
    return [word[:LONGEST_WORD] for word in WORD.findall(folded(text))]


def vector(fields: Sequence[tuple[str, str]], common: Collection[str] = ()) -> str:
    """A text's words with their places, as PostgreSQL reads a tsvector. `fields`: (weight "A" to "D", text).

    Places end at 16,383, as PostgreSQL's do; what lies beyond is still found, but not by a phrase. Of a text of more
    than PostgreSQL's index of one text holds (a megabyte) the beginning is indexed. Two `common` words
    side by side are a word of their own too ("peer_support"): a phrase of words that most reports hold is then looked
    up, and not searched for in each of them.
    """
    places: dict[str, list[str]] = {}
    place, n = 0, 0
    for weight, text in fields:
        before = ""
        for word in words_in(text[:LONGEST_TEXT])[: MOST_WORDS - n]:
            place, n = place + 1, n + 1
            places.setdefault(word, []).append(f"{min(place, LAST_POSITION)}{weight}")
            is_common = word in common
            if is_common and before:
                places.setdefault(f"{before}_{word}", [])
            before = word if is_common else ""
        place += GAP
    if n > ALWAYS_FIT:
        _cut(places)
    return " ".join(f"'{word}':{','.join(at[:255])}" if at else f"'{word}'" for word, at in places.items())


def _cut(places: dict[str, list[str]]) -> None:
    """Leave of the words, in order, those that a vector can hold: each takes its bytes and two more for each place."""
    room = MOST_BYTES
    for word, at in list(places.items()):
        room -= len(word.encode()) + 2 * len(at[:255]) + 4
        if room < 0:
            del places[word]


@dataclass(frozen=True)
class Phrase:
    """Words that stand side by side; with `prefix` the last of them only begins so."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True)
class Not:
    part: "Node"


@dataclass(frozen=True)
class All:
    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Any:
    parts: tuple["Node", ...]


Node = Phrase | Not | All | Any


@dataclass(frozen=True)
class Search:
    """What was typed, ready for the database.

    `tsquery`: empty where nothing was asked for. `inverted`: everything but what it finds is meant, so that no search
    has to go through what it does *not* hold. `doi`, `pmid`: set where the whole box is one.
    """

    tsquery: str = ""
    inverted: bool = False
    doi: str = ""
    pmid: str = ""


OPENS, CLOSES = '"\u201c\u201d\u201e\u00ab', '"\u201c\u201d\u00bb'
TOKEN = re.compile(
    rf"(?P<open>\()|(?P<close>\))|(?P<minus>(?<![^\s(])[-\u2212](?=[^\s-]))"
    rf"|(?P<phrase>[{OPENS}][^{CLOSES}]*[{CLOSES}]?\*?)|(?P<word>[^\s(){OPENS}]+)"
)


def parse(typed: str) -> Node | None:
    """What was typed as a tree; None where it asks for nothing. Never fails: what is not understood is words.

    Words side by side must all be there. OR (or |) between them: either. A minus or NOT before: must not be there.
    Double quotes: side by side. An asterisk at the end: any ending. Brackets group.
    """
    return _Parser(typed[:LONGEST_QUERY]).whole()


class _Parser:
    def __init__(self, typed: str) -> None:
        self.tokens = [(match.lastgroup or "", match.group()) for match in TOKEN.finditer(typed)]
        self.at = 0
        self.depth = 0

    def whole(self) -> Node | None:
        parts = []
        while self.at < len(self.tokens):
            if part := self.either():
                parts.append(part)
            # A bracket that was never opened closes nothing.
            self.at += 1
        return _joined(All, parts)

    def either(self) -> Node | None:
        parts = [self.all()]
        while self._is_or():
            self.at += 1
            parts.append(self.all())
        return _joined(Any, parts)

    def all(self) -> Node | None:
        parts = []
        while self.at < len(self.tokens) and self.tokens[self.at][0] != "close" and not self._is_or():
            parts.append(self.one())
        return _joined(All, parts)

    def _is_or(self) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at][0] == "word" and self.tokens[self.at][1] in ("OR", "|", "||")

    def one(self) -> Node | None:
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "minus" or (kind == "word" and text == "NOT"):
            follows = self.at < len(self.tokens) and self.tokens[self.at][0] != "close" and not self._is_or()
            part = self.one() if follows else None
            return _not(part) if part else None
        if kind == "open":
            return self._group()
        if kind == "word" and text in ("AND", "&", "&&"):
            return None
        found = tuple(words_in(text))
        return Phrase(found, prefix=text.rstrip(CLOSES).endswith("*")) if found else None

    def _group(self) -> Node | None:
        self.depth += 1
        inner = self.either() if self.depth <= DEEPEST else None
        self.depth -= 1
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "close":
            self.at += 1
        return inner


def _joined(kind: type[All] | type[Any], parts: Iterable[Node | None]) -> Node | None:
    kept = tuple(dict.fromkeys(part for part in parts if part is not None))
    return (kept[0] if len(kept) == 1 else kind(kept)) if kept else None


def _not(part: Node) -> Node:
    """The opposite, with every "not" moved down to a phrase."""
    match part:
        case Not():
            return part.part
        case All():
            return Any(tuple(_not(one) for one in part.parts))
        case Any():
            return All(tuple(_not(one) for one in part.parts))
        case _:
            return Not(part)


def _fits_nothing(part: Node) -> bool:
    """Whether a text without a single word would fit."""
    match part:
        case Not():
            return True
        case All():
            return all(_fits_nothing(one) for one in part.parts)
        case Any():
            return any(_fits_nothing(one) for one in part.parts)
        case _:
            return False


def tsquery(part: Node, common: Collection[str] = ()) -> str:
    """A tree in PostgreSQL's own language. Words are letters and digits only, so nothing in it needs escaping."""
    match part:
        case Not():
            return f"!{tsquery(part.part, common)}"
        case All():
            return f"({' & '.join(tsquery(one, common) for one in part.parts)})"
        case Any():
            return f"({' | '.join(tsquery(one, common) for one in part.parts)})"
        case _:
            return _phrase(part, common)


def _phrase(part: Phrase, common: Collection[str]) -> str:
    whole = part.words[:-1] if part.prefix else part.words
    pairs = [f"'{one}_{two}'" for one, two in pairwise(whole) if one in common and two in common]
    if pairs and len(part.words) == 2:
        return pairs[0]
    words = [f"'{word}'" for word in part.words]
    side_by_side = f"({' <-> '.join(words)}{':*' if part.prefix else ''})"
    return f"({' & '.join([*pairs, side_by_side])})" if pairs else side_by_side


def search(typed: str, common: Collection[str] = ()) -> Search:
    """What was typed in the box, ready for the database. `common`: as it was when the reports were indexed."""
    bare = typed.strip()
    doi, pmid = DOI.fullmatch(bare), PMID.fullmatch(bare)
    tree = parse(typed)
    if tree is None:
        return Search()
    inverted = _fits_nothing(tree)
    return Search(
        tsquery=tsquery(_not(tree) if inverted else tree, common),
        inverted=inverted,
        doi=doi_key(doi.group(1)) if doi else "",
        pmid=pmid.group(1).lstrip("0") if pmid else "",
    )


# Of a title its longest words: so many of them have to be in another for it to be worth a look.
TELLING, SHARED = 6, {2: 2, 3: 2, 4: 2, 5: 3, 6: 3}


def several_of(title: str, common: Collection[str] = ()) -> str:
    """A tsquery for titles that hold about half of the longest words of this one, in any order; empty for a title of one word.

    Words that many reports hold tell nothing: they count only where a title has no two others, and then all of them.
    """
    words = sorted(set(words_in(title[:LONGEST_QUERY])), key=lambda word: (-len(word), word))
    telling = [word for word in words if word not in common][:TELLING]
    if len(telling) < 2:
        return _all_of(words) if len(words) > 1 else ""
    return " | ".join(f"({_all_of(some)})" for some in combinations(sorted(telling), SHARED[len(telling)]))


def _all_of(words: Iterable[str]) -> str:
    return " & ".join(f"'{word}'" for word in words)


COMMON_SHARE = 0.04


def common_words(texts: Sequence[str]) -> list[str]:
    """The words that at least 4% of these texts hold."""
    held = Counter(word for text in texts for word in set(words_in(text)))
    return sorted(word for word, n in held.items() if n >= COMMON_SHARE * len(texts))


# What databases understand and this box does not: signs for letters inside a word, how far apart words stand, names of fields.
FOREIGN = re.compile(
    r"\w+[*$#?]\w+"
    r"|\b(?:near|adj|next|pre|n|w)/\d+|\b(?:near|adj)\d+\b"
    r"|\[(?:ti|ab|tiab|tw|au|mh|pt|mesh|title|abstract|author)\b[^\]]{0,30}\]"
    r"|\.(?:ti|ab|kw|kf|mp|tw)(?:,\w\w)*\."
    r"|\b(?:ti|ab|tiab|title|abstract|au|kw)[:=](?=\S)",
    re.IGNORECASE,
)


def of_other_boxes(typed: str) -> list[str]:
    """What of this is the language of a database: here it has no meaning, and its words are searched for as they stand."""
    return list(dict.fromkeys(found.group() for found in FOREIGN.finditer(typed[:LONGEST_QUERY])))


def words_to_mark(typed: str) -> list[tuple[str, bool]]:
    """The words a search wants to find, to be marked where they stand: (word, whether it is a beginning). None of a DOI."""
    tree = None if DOI.fullmatch(typed.strip()) else parse(typed)
    found: dict[tuple[str, bool], None] = {}

    def gather(part: Node) -> None:
        match part:
            case All() | Any():
                for one in part.parts:
                    gather(one)
            case Phrase():
                for word in part.words[:-1]:
                    found[word, False] = None
                found[part.words[-1], part.prefix] = None

    if tree is not None:
        gather(tree)
    return list(found)
