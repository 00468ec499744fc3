"""What pages of the protocol look up."""

from django import template

from screening.protocol.words import WHERE_HITS_WENT

register = template.Library()


@register.filter
def where_hits_went(words: str) -> str:
    """Where hits of a search went that are no record here, in the reader's language."""
    return str(WHERE_HITS_WENT.get(words, words))
