"""What pages of refusals give back."""

from django import template
from django.http import HttpRequest

from screening.projects import typed

register = template.Library()


@register.filter
def words_sent(request: HttpRequest | str) -> list[str]:
    """What was written in the form that was refused; nothing where a page is drawn without a request."""
    return typed.words_sent(request) if isinstance(request, HttpRequest) else []
