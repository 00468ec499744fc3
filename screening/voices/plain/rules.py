"""Finding the words of the glossary in a text."""

import re
from collections.abc import Sequence
from typing import Protocol, TypeVar


class Explained(Protocol):
    @property
    def term(self) -> str: ...


E = TypeVar("E", bound=Explained)


def parts(text: str, entries: Sequence[E], met: set[str]) -> list[tuple[str, E | None]]:
    """The text in pieces, each with the entry it is explained by or None. A word is marked where it is first met (`met` grows).

    Plurals in -s count. Longer words go before shorter ones: "systematic review" before "review".
    """
    by_term = {entry.term.casefold(): entry for entry in entries}
    if not by_term:
        return [(text, None)] if text else []
    words = "|".join(re.escape(term) for term in sorted(by_term, key=lambda term: (-len(term), term)))
    found: list[tuple[str, E | None]] = []
    at = 0
    for match in re.finditer(rf"(?<!\w)({words})s?(?!\w)", text, flags=re.IGNORECASE):
        key = match.group(1).casefold()
        if key in met or key not in by_term:
            continue
        met.add(key)
        found += [(text[at : match.start()], None), (match.group(0), by_term[key])]
        at = match.end()
    return [part for part in [*found, (text[at:], None)] if part[0]]


def said_plainly(plain: str, text: str) -> str:
    """The plain words where there are any, else the text as it is."""
    return plain.strip() or text
