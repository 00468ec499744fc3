"""Two or more records side by side, the words that differ marked. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from screening.references.rules import fold

# What is compared, under the name a person reads.
ROWS = (
    ("title", "Title"),
    ("authors", "Authors"),
    ("year", "Year"),
    ("journal", "Journal"),
    ("volume", "Volume"),
    ("issue", "Issue"),
    ("pages", "Pages"),
    ("doi", "DOI"),
    ("pmid", "PubMed"),
    ("kind", "Kind"),
    ("abstract", "Abstract"),
)
# Comparing words costs their product: so many are, from the first that differs on, and the rest is shown without marks.
MOST_WORDS = 800
MOST_LETTERS = 12_000
# Of a text longer than this the differences are shown first, each with some words around it, and the whole is folded.
LONG, AROUND, ONE_STRETCH, GIST = 3_000, 80, 400, 1_500


@dataclass(frozen=True)
class Part:
    """A stretch of a text. `differs`: these words are not in the other one."""

    text: str
    differs: bool = False


@dataclass(frozen=True)
class Row:
    """One field across the columns. `same`: nothing differs. `cut`: only the beginning of a very long text is there."""

    name: str
    label: str
    cells: tuple[tuple[Part, ...], ...]
    same: bool
    cut: bool = False

    @property
    def folded(self) -> list[tuple[tuple[Part, ...], tuple[Part, ...]]]:
        """Of each column the whole text, and of a long one what is shown of it at first (else nothing)."""
        return [(cell, gist(cell) if sum(len(part.text) for part in cell) > LONG else ()) for cell in self.cells]


def gist(parts: Sequence[Part]) -> tuple[Part, ...]:
    """What differs in a long text, with a few words around each difference; where nothing does, its beginning."""
    if not any(part.differs for part in parts):
        return (Part(_beginning("".join(part.text for part in parts), ONE_STRETCH)),)
    shown, last = [], len(parts) - 1
    for n, part in enumerate(parts):
        if part.differs:
            text = _beginning(part.text, ONE_STRETCH)
        elif len(part.text) <= 2 * AROUND:
            text = part.text
        else:
            text = (_beginning(part.text, AROUND) if n else " … ") + (_end(part.text, AROUND) if n < last else "")
        shown.append(Part(text, part.differs))
        if sum(len(one.text) for one in shown) > GIST:
            return (*shown, Part(" … "))
    return tuple(shown)


def _beginning(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    return (text[:most].rpartition(" ")[0] or text[:most]) + " … "


def _end(text: str, most: int) -> str:
    return text[-most:].partition(" ")[2] or text[-most:]


def compare(shown: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Field by field, with the words of each column that the first has not, and of the first that another has not."""
    rows = []
    for name, label in ROWS:
        texts = [_text(one.get(name)) for one in shown]
        if not any(texts):
            continue
        cells = marked([text[:MOST_LETTERS] for text in texts])
        differs = any(part.differs for cell in cells for part in cell)
        rows.append(Row(name, label, cells, not differs, any(len(text) > MOST_LETTERS for text in texts)))
    return rows


def _text(value: Any) -> str:
    return "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)


def marked(texts: Sequence[str]) -> tuple[tuple[Part, ...], ...]:
    """Each text in parts, as against the first; the first as against all others. Case, accents and punctuation do not differ."""
    words = [re.findall(r"\S+\s*", text) for text in texts]
    keys = [[fold(word) for word in some] for some in words]
    lone: list[set[int]] = [set() for _ in texts]
    for n in range(1, len(texts)):
        at = next((at for at, (one, other) in enumerate(zip(keys[0], keys[n], strict=False)) if one != other), None)
        at = min(len(keys[0]), len(keys[n])) if at is None else at  # up to here they are alike, however far that is
        one, other = (some[at : at + MOST_WORDS] for some in (keys[0], keys[n]))
        for what, i, j, k, m in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
            if what != "equal":
                lone[0] |= {place for place in range(at + i, at + j) if keys[0][place]}
                lone[n] |= {place for place in range(at + k, at + m) if keys[n][place]}
    return tuple(_parts(some, differing) for some, differing in zip(words, lone, strict=True))


def _parts(words: Sequence[str], differing: set[int]) -> tuple[Part, ...]:
    parts: list[tuple[list[str], bool]] = []
    for place, word in enumerate(words):
        if parts and parts[-1][1] == (place in differing):
            parts[-1][0].append(word)
        else:
            parts.append(([word], place in differing))
    return tuple(Part("".join(some), differs) for some, differs in parts)
