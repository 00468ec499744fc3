"""How much each outcome matters to whom: the outcomes in order, and the figures that may be shown of every round that is over."""

from extraction.exports.sheets.model import Cell, Source, Table
from screening.voices.priorities.models import PriorityClosing
from screening.voices.priorities.queries import latest_closing, now_called, outcomes_in_order
from screening.voices.priorities.rules import in_order
from screening.voices.priorities.showing import HEADER, group_names, shown_groups, table_rows, whole

NAME = "Priorities"
ABOUT = (
    "The outcomes in the order of what matters most, and how much each matters to each group: median, quartiles and number, of groups "
    "large enough to be shown."
)

COLUMNS = ("Round", "Ended on", "Way of asking", *(name.capitalize() for name in HEADER))
IN_ORDER = ("Place", "Outcome", "What it means", "Group", "People", "Median", "Lower quartile", "Upper quartile")
WIDTHS = (8, 14, 14, 34, 28, 34, 20, 10, 10, 14, 14, 40)


def tables(source: Source) -> list[Table]:
    closings = PriorityClosing.objects.filter(project=source.project, recorded_at__lte=source.as_of).select_related("round").order_by("seq")
    rows = [
        (closing.round.n, closing.recorded_at, closing.body["method"], *(None if cell == "" else cell for cell in row))
        for closing in closings
        for row in table_rows(closing.body, in_order(closing.body, source.order), now_called(source.project, closing.body))[1:]
    ]
    notes = ("A rating runs from 1 to 9, a ranking from the first place down. A figure is left out where a small group could be made out.",)
    ordered = Table("outcomes", "Outcomes in order", IN_ORDER, _outcomes(source), (8, 34, 60, 34, 10, 10, 14, 14), [order_of(source)])
    return [ordered, Table("priorities", "Priorities", COLUMNS, rows, WIDTHS, notes)]


def order_of(source: Source) -> str:
    """By whose priorities outcomes stand in order, as a sentence. Only kept figures enter, so it tells no more than they do."""
    closing = latest_closing(source.project)
    if closing is None:
        return "Outcomes stand as the protocol has them: no round on priorities has ended."
    group, ended = group_names()[source.order], f"{closing.recorded_at:%Y-%m-%d}"
    if source.order not in shown_groups(closing.body):
        return f"Outcomes stand as the protocol has them: {group} has no figure that may be shown in the round that ended on {ended}."
    return f"Outcomes stand by what mattered most to: {group}, when round {closing.round.n} ended on {ended}."


def _outcomes(source: Source) -> list[tuple[Cell, ...]]:
    closing = latest_closing(source.project)
    figures = {row["id"]: row["figures"].get(source.order) for row in closing.body["outcomes"]} if closing else {}
    rows: list[tuple[Cell, ...]] = []
    for place, outcome in enumerate(outcomes_in_order(source.project, source.order), start=1):
        figure = figures.get(str(outcome.pk))
        told = [whole(figure[name]) for name in ("n", "median", "lower", "upper")] if figure else [None] * 4
        rows.append((place, outcome.label, outcome.text or None, group_names()[source.order] if figure else None, *told))
    return rows
