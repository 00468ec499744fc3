"""Records cut out of an XML text, each parsed by itself: a damaged one is listed and never takes the others with it.

The prologue is never parsed, so no entity a file declares is ever expanded.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31});")
_BARE = re.compile(r"&(?!(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);)")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:x0?[0-8bcefBCEF]|x1[0-9a-fA-F]|[0-8]|1[124-9]|2\\d|3[01]);")
_MAX_DEPTH = 40
# A reference with 3,000 authors and their affiliations has some 60,000.
MOST_TAGS = 500_000


@dataclass(slots=True)
class Part:
    """One record's text, its first line (from 1), and its tree, or none and the cause when it cannot be read."""

    line: int
    raw: str
    element: ElementTree.Element | None
    cause: str = "The record's XML is damaged or cut off."


def parts(text: str, names: tuple[str, ...]) -> Iterator[Part]:
    """Every element called one of `names`, in order, outermost only."""
    start = re.compile(rf"<({'|'.join(names)})(?=[\s>])")
    at, line, counted = 0, 1, 0
    while match := start.search(text, at):
        close = f"</{match.group(1)}>"
        end = text.find(close, match.end())
        line += text.count("\n", counted, match.start())
        counted = match.start()
        if end < 0:
            yield Part(line, text[match.start() :], None)
            return
        at = end + len(close)
        raw = text[match.start() : at]
        if raw.count("<") > MOST_TAGS:
            yield Part(line, raw, None, "The record's XML has more parts than any reference has.")
        else:
            yield Part(line, raw, _parsed(raw))


def _parsed(raw: str) -> ElementTree.Element | None:
    mended = _NAMED.sub(lambda match: html.escape(html.unescape(match.group())), _CONTROL.sub("", raw))
    try:
        return ElementTree.fromstring(_BARE.sub("&amp;", mended))  # noqa: S314 - no prologue, so no entities of its own
    except ElementTree.ParseError:
        return None


def text_of(element: ElementTree.Element | None, depth: int = 0) -> str:
    """All text inside, superscripts and subscripts still marked for `clean`."""
    if element is None:
        return ""
    if depth > _MAX_DEPTH:
        return "".join(element.itertext())
    pieces = [element.text or ""]
    for child in element:
        inner = text_of(child, depth + 1)
        pieces.append(f"<{child.tag}>{inner}</{child.tag}>" if child.tag in ("sup", "sub") else inner)
        pieces.append(child.tail or "")
    return "".join(pieces)
