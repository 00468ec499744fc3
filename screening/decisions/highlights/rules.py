"""Which words of a text are marked, and as what. Pure; docs/rules/desk.md says it in prose.

A term is one or more words. Each is compared by its stem, so that "worker" also finds "workers"; in double quotes by
the very form; with an asterisk at its end by its beginning. Case and accents never matter, and a hyphen parts words as
a space does. Where two terms overlap, the longer is marked; of two of one length the earlier in the text.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, pairwise
from typing import Any, Literal

from screening.references.words import SIGN, WORD, folded

Kind = Literal["include", "exclude"]
KINDS: tuple[Kind, ...] = ("include", "exclude")
Span = tuple[int, int, Kind]
"""From, to (behind the last letter) and as what; places in the text as Python counts them."""

MOST_TERMS, LONGEST_TERM, MOST_WORDS = 300, 100, 8
SHORTEST_PREFIX = 2
VOWELS = frozenset("aeiouy")


@dataclass(frozen=True)
class Term:
    """A word or phrase of the team's list. `exact`: this very form, no other ending."""

    kind: Kind
    text: str
    exact: bool = False

    def written(self) -> str:
        """As a person writes it: one line of the list."""
        return f'"{self.text}"' if self.exact else self.text


def term_in(line: str, kind: Kind) -> Term | None:
    """One line of a list; None where it holds no word."""
    text = " ".join(line.split())
    exact = len(text) > 2 and text[0] in '"\u201c\u201e' and text[-1] in '"\u201d'
    text = text.strip('"\u201c\u201d\u201e ')[:LONGEST_TERM]
    return Term(kind, text, exact) if _parts(text) else None


@dataclass(frozen=True)
class Fault:
    """What keeps a list from being used; words.py says it in words."""

    kind: str
    values: dict[str, Any]


TOO_MANY, TOO_LONG, TOO_SHORT, BOTH = "too-many", "too-long", "too-short", "both"


def faults_in(terms: Sequence[Term]) -> list[Fault]:
    """What keeps this list from being used."""
    faults = []
    if len(terms) > MOST_TERMS:
        faults.append(Fault(TOO_MANY, {"n": len(terms), "most": MOST_TERMS}))
    seen: dict[tuple[Any, ...], Term] = {}
    for term in terms:
        parts = _parts(term.text)
        if len(parts) > MOST_WORDS:
            faults.append(Fault(TOO_LONG, {"term": term.text, "n": len(parts), "most": MOST_WORDS}))
        if any(prefix and len(word) < SHORTEST_PREFIX for word, prefix in parts):
            faults.append(Fault(TOO_SHORT, {"term": term.text, "least": SHORTEST_PREFIX}))
        there = seen.setdefault(tuple(_sought(term)), term)
        if there.kind != term.kind:
            faults.append(Fault(BOTH, {"term": term.text}))
    return faults


def stem(word: str) -> str:
    """An English word without its ending of number, tense or -ing: the first step of Porter (1980), and no more.

    Only inflections go: "reviews", "reviewed" and "reviewing" are one, "review" and "reviewer" are two. The word is folded.
    """
    if len(word) < 4 or not word.isascii():
        return word
    word = _singular(word)
    for ending in ("ing", "ed"):
        left = word[: -len(ending)]
        if word.endswith(ending) and len(left) > 2 and not word.endswith("eed") and not VOWELS.isdisjoint(left):
            word = left[:-1] if left[-1] == left[-2] and left[-1] not in "lsz" else left
            break
    if word.endswith("e") and len(word) > 3:
        word = word[:-1]
    return f"{word[:-1]}i" if word.endswith("y") and len(word) > 3 and word[-2] not in VOWELS else word


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "ches", "shes", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


_stem = lru_cache(maxsize=50_000)(stem)


def _parts(text: str) -> list[tuple[str, bool]]:
    """The words of a term, folded, each with whether any ending will do."""
    found = []
    for piece in text.split():
        words = WORD.findall(folded(piece))
        found += [(word, piece.endswith("*") and n == len(words) - 1) for n, word in enumerate(words)]
    return found


Sought = tuple[str, str]
"""How a word is compared ("stem", "form" or "begins") and with what."""


def _sought(term: Term) -> list[Sought]:
    return [("begins", word) if prefix else ("form", word) if term.exact else ("stem", _stem(word)) for word, prefix in _parts(term.text)]


@dataclass(frozen=True)
class Lookup:
    """Terms made ready: by their first word, so that a text is gone through once, whatever their number."""

    by_stem: Mapping[str, Sequence[tuple[Sequence[Sought], Kind]]] = field(default_factory=dict)
    by_form: Mapping[str, Sequence[tuple[Sequence[Sought], Kind]]] = field(default_factory=dict)
    by_beginning: Mapping[str, Sequence[tuple[Sequence[Sought], Kind]]] = field(default_factory=dict)
    beginnings: Sequence[int] = ()
    """The lengths that beginnings have: few, and each is one look into `by_beginning`."""
    candidate: re.Pattern[str] | None = None
    """The first letters of every first word: where it does not match, nothing can begin."""

    def __bool__(self) -> bool:
        return self.candidate is not None


def lookup(terms: Iterable[Term]) -> Lookup:
    kept: dict[str, dict[str, list[tuple[Sequence[Sought], Kind]]]] = {"stem": {}, "form": {}, "begins": {}}
    for term in terms:
        sought = _sought(term)
        if sought:
            kept[sought[0][0]].setdefault(sought[0][1], []).append((tuple(sought[1:]), term.kind))
    # A word begins as its stem does, save for the "i" that stands for a "y".
    firsts = {word[:-1] if word.endswith("i") and len(word) > 3 else word for word in kept["stem"]} | {*kept["form"], *kept["begins"]}
    return Lookup(kept["stem"], kept["form"], kept["begins"], sorted({len(word) for word in kept["begins"]}), _candidate(firsts))


def _candidate(firsts: set[str]) -> re.Pattern[str] | None:
    """One pattern for the beginnings, by their first letter: the engine then looks at a place only once."""
    if not firsts:
        return None
    by_letter: dict[str, set[str]] = {}
    for word in firsts:
        by_letter.setdefault(word[0], set()).add(word[1:3])
    branches = [f"{re.escape(letter)}(?:{'|'.join(sorted(map(re.escape, rest)))})" for letter, rest in sorted(by_letter.items())]
    return re.compile(rf"(?<![^\W_{SIGN}])(?:{'|'.join(branches)})|[{SIGN}]")


def spans(text: str, terms: Lookup) -> list[Span]:
    """What is marked in a text, in its order, never overlapping."""
    if not terms or not text:
        return []
    found = _found_in(plain, terms) if (plain := _letter_for_letter(text)) else _found_at(_words_at(text), terms)
    return _apart(found)


def _found_in(plain: str, terms: Lookup) -> list[Span]:
    """In a text that is folded letter for letter: only where a term may begin are words looked at."""
    found: list[Span] = []
    for place in terms.candidate.finditer(plain):
        words = [(m.start(), m.end(), m[0]) for m in islice(WORD.finditer(plain, place.start()), 1)]
        for rest, kind in _beginning_with(words[0][2], terms):
            if len(words) <= len(rest):
                words = [(m.start(), m.end(), m[0]) for m in islice(WORD.finditer(plain, place.start()), MOST_WORDS)]
            if len(rest) < len(words) and all(_is(words[1 + n][2], sought) for n, sought in enumerate(rest)):
                found.append((words[0][0], words[len(rest)][1], kind))
    return found


def _found_at(words: Sequence[tuple[int, int, str]], terms: Lookup) -> list[Span]:
    found: list[Span] = []
    for n, (start, _, word) in enumerate(words):
        for rest, kind in _beginning_with(word, terms):
            last = n + len(rest)
            if last < len(words) and all(_is(words[n + 1 + place][2], sought) for place, sought in enumerate(rest)):
                found.append((start, words[last][1], kind))
    return found


def _beginning_with(word: str, terms: Lookup) -> Iterable[tuple[Sequence[Sought], Kind]]:
    yield from terms.by_stem.get(_stem(word), ())
    if terms.by_form:
        yield from terms.by_form.get(word, ())
    for length in terms.beginnings:
        yield from terms.by_beginning.get(word[:length], ()) if len(word) >= length else ()


def _is(word: str, sought: Sought) -> bool:
    how, what = sought
    return _stem(word) == what if how == "stem" else word == what if how == "form" else word.startswith(what)


FOREIGN = re.compile(r"[^\x00-\x7f]")


class _Longer(Exception):
    """A letter that folds to none or to several."""


def _letter(found: re.Match[str]) -> str:
    plain = _folded_letter(found[0])
    if len(plain) != 1:
        raise _Longer
    return plain


_folded_letter = lru_cache(maxsize=5_000)(folded)


def _letter_for_letter(text: str) -> str:
    """The text folded, where every letter folds to one, so that places stay; else nothing."""
    plain = text.lower()
    if plain.isascii():
        return plain
    try:
        plain = FOREIGN.sub(_letter, plain)
    except _Longer:
        return ""
    return plain if len(plain) == len(text) else ""


def _words_at(text: str) -> list[tuple[int, int, str]]:
    """The words of any text, folded, with where each stands in the text as it is."""
    found = []
    # A combining accent would end the word for the pattern: it belongs to the letter before it.
    start = None
    for place, letter in enumerate([*text, " "]):
        inside = bool(WORD.fullmatch(letter)) or (start is not None and unicodedata.combining(letter) > 0)
        if inside and start is None:
            start = place
        elif not inside and start is not None:
            found += _pieces(text, start, place)
            start = None
    return found


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """A run of letters as words: one, save in scripts where each sign is a word."""
    run = text[start:end]
    signs = WORD.findall(run)
    if len(signs) > 1 and "".join(signs) == run:
        pieces, at = [], start
        for sign in signs:
            pieces.append((at, at + len(sign), folded(sign)))
            at += len(sign)
        return pieces
    return [(start, end, folded(run))]


def _apart(found: list[Span]) -> list[Span]:
    """The longest first, then the earliest; what overlaps one that is kept goes. Of two on one place, include stays."""
    in_order = sorted(set(found))
    if all(one[1] <= other[0] for one, other in pairwise(in_order)):
        return in_order
    kept: list[Span] = []
    for span in sorted(in_order, key=lambda one: (one[0] - one[1], one[0], KINDS.index(one[2]))):
        if all(span[1] <= other[0] or span[0] >= other[1] for other in kept):
            kept.append(span)
    return sorted(kept)


def runs(text: str, marked: Sequence[Span]) -> list[tuple[str, str]]:
    """A text in pieces: (words, "include", "exclude" or ""). Together the pieces are the text: nothing is escaped or lost."""
    pieces, at = [], 0
    for start, end, kind in marked:
        pieces += [(text[at:start], ""), (text[start:end], kind)]
        at = end
    pieces.append((text[at:], ""))
    return [piece for piece in pieces if piece[0]]


def in_browser(text: str, marked: Sequence[Span]) -> list[list[Any]]:
    """The same spans with places as JavaScript counts them: a sign beyond the first plane (an emoji) is two there."""
    if not marked:
        return []
    if text.isascii() or max(text) <= "\uffff":
        return [list(span) for span in marked]

    def units(place: int) -> int:
        return place + sum(letter > "\uffff" for letter in text[:place])

    return [[units(start), units(end), kind] for start, end, kind in marked]


def browser_runs(text: str, marked: Sequence[Sequence[Any]]) -> list[tuple[str, str]]:
    """`runs` of spans whose places are counted as JavaScript does."""
    if text.isascii() or not marked or max(text) <= "\uffff":
        return runs(text, [tuple(span) for span in marked])
    units = text.encode("utf-16-le", "surrogatepass")
    plain = [(len(units[: 2 * a].decode("utf-16-le")), len(units[: 2 * b].decode("utf-16-le")), kind) for a, b, kind in marked]
    return runs(text, plain)
