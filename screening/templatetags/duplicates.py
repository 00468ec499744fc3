"""What pages of duplicates and flags look up."""

from collections.abc import Mapping
from typing import Any

from django import template

from screening.references.wording import FLAGS, TAGS

register = template.Library()


@register.filter
def of(found: Mapping[Any, Any], key: Any) -> Any:
    """What a mapping holds for a key, or nothing."""
    return found.get(key)


@register.filter
def flag_words(flag: str) -> str:
    """What a flag of a report says in words."""
    return str(FLAGS.get(flag, flag))


@register.filter
def flag_tag(flag: str) -> str:
    """The same on a tag, where there is little room."""
    return str(TAGS.get(flag, flag.capitalize()))
