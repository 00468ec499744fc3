"""Who may do what, asked by a template of the one table."""

from django import template

from screening.projects.access import may
from screening.projects.models import Membership

register = template.Library()


@register.filter
def allows(membership: Membership | None, action: str) -> bool:
    """Whether this member may do this: a work area that is not theirs is left out of a menu."""
    return membership is not None and may(membership, action)
