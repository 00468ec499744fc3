"""Sentences that work in the background kept in English, in the language of whoever reads them."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from django.utils.translation import gettext, override

# A sentence with its places as %(name)s, or what gives it for a number, which then stands at %(n)s.
Sentence = str | Callable[[int], str]


def as_read(kept: str, sentences: Sequence[Sentence], words: Mapping[str, str] | None = None) -> str:
    """A sentence that was kept, in the reader's language: `sentences` are all it may be. What is none of them stays as it is.

    `words`: what may stand in a place -> the same in the reader's language.
    """
    for pattern, sentence in _patterns(tuple(sentences)):
        found = pattern.fullmatch(kept)
        if found is None:
            continue
        values = {place: (words or {}).get(value, value) for place, value in found.groupdict().items()}
        here = gettext(sentence) if isinstance(sentence, str) else sentence(int(found["n"].replace(",", "")))
        return here % values
    return kept


@cache
def _patterns(sentences: tuple[Sentence, ...]) -> tuple[tuple[re.Pattern[str], Sentence], ...]:
    with override(None):
        return tuple((_pattern(form), one) for one in sentences for form in ((one,) if isinstance(one, str) else (one(1), one(2))))


def _pattern(sentence: str) -> re.Pattern[str]:
    """A number where the place is called n, anything in the others."""
    pieces = re.split(r"%\((\w+)\)s", sentence.replace("%%", "%"))
    texts = [re.escape(piece) if at % 2 == 0 else _place(piece) for at, piece in enumerate(pieces)]
    return re.compile("".join(texts), re.DOTALL)


def _place(name: str) -> str:
    return rf"(?P<{name}>[\d,]+)" if name == "n" else f"(?P<{name}>.+?)"
