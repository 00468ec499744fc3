"""What pages of notices look up."""

from django import template

from screening.projects.notices import as_told

register = template.Library()
register.filter("as_told", as_told)
