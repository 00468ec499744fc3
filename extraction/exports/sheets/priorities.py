"""How much each outcome matters to whom: the figures that may be shown, of every round that is over."""

from extraction.exports.sheets.model import Source, Table
from screening.voices.priorities.models import PriorityClosing
from screening.voices.priorities.queries import now_called
from screening.voices.priorities.rules import in_order
from screening.voices.priorities.showing import HEADER, table_rows

NAME = "Priorities"
ABOUT = "How much each outcome matters to each group: median, quartiles and number, of groups large enough to be shown."

COLUMNS = ("Round", "Ended on", "Way of asking", *(name.capitalize() for name in HEADER))
WIDTHS = (8, 14, 14, 34, 28, 34, 20, 10, 10, 14, 14, 40)


def tables(source: Source) -> list[Table]:
    closings = PriorityClosing.objects.filter(project=source.project, recorded_at__lte=source.as_of).select_related("round").order_by("seq")
    rows = [
        (closing.round.n, closing.recorded_at, closing.body["method"], *(None if cell == "" else cell for cell in row))
        for closing in closings
        for row in table_rows(closing.body, in_order(closing.body), now_called(source.project, closing.body))[1:]
    ]
    notes = ("A rating runs from 1 to 9, a ranking from the first place down. A figure is left out where a small group could be made out.",)
    return [Table("priorities", "Priorities", COLUMNS, rows, WIDTHS, notes)]
