"""Sentences that work in the background kept in English, in the language of whoever reads them."""

import re
from collections.abc import Sequence
from functools import cache

from django.utils.translation import gettext, ngettext

# A sentence with its places as %(name)s, or one and its plural, whose number is %(n)s.
Sentence = str | tuple[str, str]


def as_read(kept: str, sentences: Sequence[Sentence]) -> str:
    """A sentence that was kept, in the reader's language: `sentences` are all it may be. What is none of them stays as it is."""
    for pattern, sentence in _patterns(tuple(sentences)):
        found = pattern.fullmatch(kept)
        if found is None:
            continue
        values = found.groupdict()
        if isinstance(sentence, str):
            return gettext(sentence) % values
        return ngettext(*sentence, int(values["n"].replace(",", ""))) % values
    return kept


@cache
def _patterns(sentences: tuple[Sentence, ...]) -> tuple[tuple[re.Pattern[str], Sentence], ...]:
    return tuple((_pattern(form), one) for one in sentences for form in ((one,) if isinstance(one, str) else one))


def _pattern(sentence: str) -> re.Pattern[str]:
    """A number where the place is called n, anything in the others."""
    pieces = re.split(r"%\((\w+)\)s", sentence.replace("%%", "%"))
    texts = [re.escape(piece) if at % 2 == 0 else _place(piece) for at, piece in enumerate(pieces)]
    return re.compile("".join(texts), re.DOTALL)


def _place(name: str) -> str:
    return rf"(?P<{name}>[\d,]+)" if name == "n" else f"(?P<{name}>.+?)"
