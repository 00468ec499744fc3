"""Lines of a text by any line end: LF, CRLF, CR, mixed; nothing else ends a line."""

import re
from collections.abc import Iterator

_LINE = re.compile(r"[^\r\n]*+(?:\r\n?|\n)|[^\r\n]++")
_CHUNK = 1 << 16


def each_line(text: str, at: int = 0, to: int | None = None) -> Iterator[str]:
    """Every line from `at` to `to` (both at line ends) with its own line end kept, so that joining them gives the text back.

    A piece of the text at a time.
    """
    to = len(text) if to is None else to
    while at < to:
        cut = text.find("\n", at + _CHUNK, to) + 1
        end = cut or to
        yield from _LINE.findall(text, at, end)
        at = end


def lines_of(text: str) -> list[str]:
    """All lines of `text`, as `each_line` gives them."""
    return list(each_line(text))
