"""How references are written in lists."""

from collections.abc import Sequence

from django import template

register = template.Library()

NAMED = 3


@register.filter
def authors(names: Sequence[str]) -> str:
    """The first authors by name, the others by number: "Alder J, Birch M, Cedar P, and 4 others"."""
    # The full stop of a last initial is the line's own.
    named = ", ".join(name.replace(",", "").rstrip(".") for name in names[:NAMED])
    others = len(names) - NAMED
    return f"{named}, and {others} other{'s' if others > 1 else ''}" if others > 0 else named


@register.filter
def is_web(address: str) -> bool:
    """Whether an address out of a file may be a link: anything but http and https stays text."""
    return address.lower().startswith(("http://", "https://"))


@register.filter
def is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()
