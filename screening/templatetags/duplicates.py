"""What pages of duplicates and flags look up."""

from collections.abc import Mapping
from typing import Any

from django import template

from screening.references.kinds import FLAGS

register = template.Library()


@register.filter
def of(found: Mapping[Any, Any], key: Any) -> Any:
    """What a mapping holds for a key, or nothing."""
    return found.get(key)


@register.filter
def flag_words(flag: str) -> str:
    """What a flag of a report says in words."""
    return FLAGS.get(flag, flag)
