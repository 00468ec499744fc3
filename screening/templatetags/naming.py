"""How people are named, for templates: by the one function that names them everywhere."""

from django import template

from screening.projects import queries
from screening.projects.models import Membership

register = template.Library()


@register.filter
def shown_name(member: Membership | None) -> str:
    """A member as they chose to be named, in the reader's language; what nobody did was done by Brolly."""
    return queries.shown_name(member or None)
