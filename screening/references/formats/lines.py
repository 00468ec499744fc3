"""Lines of a text by any line end: LF, CRLF, CR, mixed; nothing else ends a line."""

import re
from collections.abc import Iterator

_LINE = re.compile(r"[^\r\n]*+(?:\r\n?|\n)|[^\r\n]++")
_CHUNK = 1 << 20


def each_line(text: str) -> Iterator[str]:
    """Every line with its own line end kept, so that joining them gives the text back; a piece of the text at a time."""
    at = 0
    while at < len(text):
        cut = text.find("\n", at + _CHUNK) + 1
        end = cut or len(text)
        yield from _LINE.findall(text, at, end)
        at = end


def lines_of(text: str) -> list[str]:
    """All lines of `text`, as `each_line` gives them."""
    return list(each_line(text))
