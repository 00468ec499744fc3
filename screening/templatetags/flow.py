"""What pages of the flow look up."""

from django import template

from screening.flow.words import in_equation

register = template.Library()
register.filter("in_equation", in_equation)
