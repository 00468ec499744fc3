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
# Comparing words costs their product: of a longer text the rest is shown without marks.
MOST_WORDS = 800
MOST_LETTERS = 12_000


@dataclass(frozen=True)
class Part:
    """A stretch of a text. `differs`: these words are not in the other one."""

    text: str
    differs: bool = False


@dataclass(frozen=True)
class Row:
    """One field across the columns. `same`: nothing differs. `cut`: only the beginning of a long text is shown."""

    name: str
    label: str
    cells: tuple[tuple[Part, ...], ...]
    same: bool
    cut: bool = False


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
    keys = [[fold(word) for word in some[:MOST_WORDS]] for some in words]
    lone: list[set[int]] = [set() for _ in texts]
    for n in range(1, len(texts)):
        for what, i, j, k, m in SequenceMatcher(None, keys[0], keys[n], autojunk=False).get_opcodes():
            if what != "equal":
                lone[0] |= {place for place in range(i, j) if keys[0][place]}
                lone[n] |= {place for place in range(k, m) if keys[n][place]}
    return tuple(_parts(some, differing) for some, differing in zip(words, lone, strict=True))


def _parts(words: Sequence[str], differing: set[int]) -> tuple[Part, ...]:
    parts: list[tuple[list[str], bool]] = []
    for place, word in enumerate(words):
        if parts and parts[-1][1] == (place in differing):
            parts[-1][0].append(word)
        else:
            parts.append(([word], place in differing))
    return tuple(Part("".join(some), differs) for some, differs in parts)
