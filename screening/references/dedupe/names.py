"""Author lists as they are compared: in any order of given and family name, with or without full given names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from .fold import plain

LONGEST = 20_000  # letters of one author: a whole list may stand in one string
_BETWEEN = re.compile(r"\s*;\s*|\s+and\s+|\s+&\s+|\s*\n\s*")
_RUN_ON = re.compile(r"(?<=\.)(?=[^\W\d_][^\W\d_’']*[a-z’'])")
_INNER = re.compile(r"[’'`´]")
_WORD = re.compile(r"[^\W\d_]+")
_NOBODY = frozenset({"unknown", "anonymous", "anon", "noauthor", "noauthorlisted", "notavailable", "na", "none", "nn", "author"})
_NOT_FAMILY = frozenset({"jr", "sr", "ii", "iii", "md", "phd", "dr", "prof", "van", "von", "der", "den", "de", "del", "della", "da", "dos"}
                        | {"di", "la", "le", "el", "al", "bin", "ibn", "ter", "ten", "du", "do", "st"})  # fmt: skip
_OTHERS = frozenset({"etal", "others", "andothers"})
_BODY = re.compile(
    r"\b(?:group|collaborat(?:ion|ive|ors)|consortium|committee|investigators|network|society|association|organi[sz]ation|trialists"
    r"|initiative|team|task force|council|institute|academy|college|federation|foundation|ministry|agency)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Names:
    """`families`: per author, the words that may be the family name. `every`: all words of all authors but initials."""

    families: tuple[frozenset[str], ...]
    every: frozenset[str]
    first: frozenset[str]  # all words of the first author's name, initials aside
    cut: bool  # the list ends in "et al."
    body: bool = False  # a study group or society alone is named, where another database may name its people


NOBODY = Names((), frozenset(), frozenset(), False)


@lru_cache(maxsize=16384)
def read_names(authors: tuple[str, ...]) -> Names:
    """The authors of a record. Several names in one string are taken apart where it can be seen how.

    Kept for a while rather than with each record: only records that are compared are asked for their names.
    """
    families: list[frozenset[str]] = []
    every: set[str] = set()
    first: frozenset[str] = frozenset()
    cut, body = False, True
    for name in _single(authors):
        family, said = _name(name)
        if "".join(sorted(said)) in _OTHERS or name.strip().lower().rstrip(".") in ("et al", "others"):
            cut = True
            continue
        if name.lower().endswith("et al.") or name.lower().endswith(" et al"):
            cut = True
        if not family or "".join(said) in _NOBODY:
            continue
        if not families:
            first = said
        families.append(family)
        body = body and _BODY.search(name) is not None
        every |= said
    return Names(tuple(families), frozenset(every), first, cut, body) if families else NOBODY


def _single(authors: Sequence[str]) -> list[str]:
    found: list[str] = []
    for author in authors:
        author = author[:LONGEST]
        parts = _BETWEEN.split(author) if len(author) > 12 else [author]
        if len(parts) == 1 and "," not in author:
            parts = _RUN_ON.split(author)
        found += [part for part in parts if part.strip()]
    return found


def _name(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """(words that may be the family name, all words of the name but initials)."""
    name = _INNER.sub("", name)
    particle: list[str] = []
    before, comma, after = name.partition(",")
    if comma and before.strip():
        family = _words(before)
        given = [plain(word) for word in _WORD.findall(after) if len(word) > 2 or not word.isupper()]
        # "de, Sanjose S": a particle that was taken for the family name.
        if all(word in _NOT_FAMILY or len(word) == 1 for word in family):
            particle, family, given = family, family + given, []  # or no particle: Du, Fang
    else:
        spelt = [word for word in _WORD.findall(name) if not (word.isupper() and len(word) <= 3)]
        parts = [plain(word) for word in spelt] or _words(name)[:1]
        long = [word for word in parts if len(word) > 1 and word not in ("et", "al")]
        # "Smith JA", "J. A. Smith" leave the family name alone; of "John Smith" the last word is it, or the first.
        family, given = (long, []) if len(long) < 2 else ([long[0], long[-1]], long)
    words = [word for word in family if word not in _NOT_FAMILY and len(word) > 1] or [word for word in family if len(word) > 1]
    joined = "".join(family)
    names = {*words, joined, *particle} if len(joined) > 1 else set(words)
    return frozenset(names), frozenset(names | {word for word in given if len(word) > 1})


def _words(text: str) -> list[str]:
    return [plain(word) for word in _WORD.findall(plain(text))]
