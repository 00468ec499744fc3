"""How references are written in lists."""

from collections.abc import Sequence

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from screening.references.formats.columns import WORDS
from screening.references.kept import column_word, file_as_read, reason_as_read
from screening.references.wording import in_words
from screening.references.words import WORD, folded

register = template.Library()

NAMED = 3
BEFORE, AFTER, LONGEST_PIECE = 70, 130, 400


@register.filter
def authors(names: Sequence[str]) -> str:
    """The first authors by name, the others by number: "Alder J, Birch M, Cedar P, and 4 others"."""
    # The full stop of a last initial is the line's own.
    named = ", ".join(name.replace(",", "").rstrip(".") for name in names[:NAMED])
    others = len(names) - NAMED
    if others <= 0:
        return named
    return ngettext("%(names)s, and %(n)s other", "%(names)s, and %(n)s others", others) % {"names": named, "n": others}


@register.filter
def named(word: str) -> str:
    """A type of publication or a language, in the reader's language."""
    return in_words(word)


@register.filter
def why_joined(kept: str) -> str:
    """Why records were joined, parted or proposed as one, in the reader's language."""
    return reason_as_read(kept)


@register.filter
def told_of_file(kept: str) -> str:
    """What was said of a file, a line or a record of it, in the reader's language."""
    return file_as_read(kept)


@register.filter
def column_holds(words: str) -> str:
    return column_word(words)


@register.filter
def field_of_column(key: str) -> str:
    """What a column was said to hold, by the field's name in the file's reading."""
    return column_word(dict(WORDS).get(key, key))


# As people know them; others are known by the name they have in capitals.
ENCODINGS = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252", "latin-1": "ISO-8859-1"}


@register.filter
def encoding_named(name: str) -> str:
    return ENCODINGS.get(name, name.upper())


@register.filter
def is_web(address: str) -> bool:
    """Whether an address out of a file may be a link: anything but http and https stays text."""
    return address.lower().startswith(("http://", "https://"))


@register.filter
def is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _mark(text: str, words: Sequence[tuple[str, bool]]) -> SafeString:
    """The text escaped, with every word that was searched for in a <mark>."""
    parts, last = [], 0
    for found in WORD.finditer(text):
        word = folded(found.group())
        if any(word.startswith(wanted) if prefix else word == wanted for wanted, prefix in words):
            parts += [escape(text[last : found.start()]), "<mark>", escape(found.group()), "</mark>"]
            last = found.end()
    parts.append(escape(text[last:]))
    # Every part of it was escaped or is ours.
    return mark_safe("".join(parts))  # noqa: S308


@register.filter
def marked(text: str, words: Sequence[tuple[str, bool]]) -> SafeString:
    """A title with the words that were searched for marked in it."""
    return _mark(text, words) if words else escape(text)


@register.filter
def around(text: str, words: Sequence[tuple[str, bool]]) -> SafeString:
    """Where a text first has one of the words that were searched for, with what stands around it; empty where it has none."""
    for found in WORD.finditer(text) if words else ():
        word = folded(found.group())
        if any(word.startswith(wanted) if prefix else word == wanted for wanted, prefix in words):
            start = text.rfind(" ", 0, max(0, found.start() - BEFORE)) + 1 if found.start() > BEFORE else 0
            end = text.find(" ", found.end() + AFTER)
            piece = text[start : end if end != -1 else len(text)][:LONGEST_PIECE]
            return mark_safe(("… " if start else "") + _mark(piece, words) + (" …" if end != -1 else ""))  # noqa: S308
    return mark_safe("")
