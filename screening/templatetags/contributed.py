"""What later rooms have to say on an earlier room's page."""

from typing import Any

from django import template
from django.template import Context

from screening.projects import contributions, text_contributions
from screening.projects.contributions import ImportLine, Panel

register = template.Library()


@register.simple_tag(takes_context=True)
def lines_of_import(context: Context, import_run: Any) -> list[ImportLine]:
    """What later rooms say about an import to whoever reads its page."""
    return contributions.lines_of_import(context["membership"], import_run)


@register.simple_tag(takes_context=True)
def comparisons(context: Context, row: Any, sides: Any) -> list[Panel]:
    """What later rooms show beside decisions that stand side by side (those the reader may see), for a report at a stage."""
    return text_contributions.comparisons_of(context["membership"], row.report_id, row.stage, sides)
