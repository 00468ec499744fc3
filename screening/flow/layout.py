"""Where the boxes of the PRISMA 2020 flow stand, and in which words. Pure.

`on_page` gives the two drawings of the project page, `alone` the figure for a paper.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from screening.flow.diagram import GAP, HATCH, LINE, Cell, Row, Sheet, Waits, alone_look, folded, page_look, wrapped
from screening.flow.rules import Counts
from screening.flow.told import in_words
from screening.flow.words import Words, full_words, short_words
from screening.projects.cells import fit
from screening.protocol.rules import DATABASE_KINDS

NAME = gettext_noop("PRISMA 2020 flow diagram")
# A line that is part of the lines above it: what was removed elsewhere counts, and nobody can look at it here.
NO_LIST = gettext_noop("of these, without a list")


@dataclass(frozen=True)
class ForYou:
    """What waits for the person who looks, by box key."""

    titles: Waits = field(default_factory=Waits)
    texts: Waits = field(default_factory=Waits)
    other_texts: Waits = field(default_factory=Waits)


@dataclass(frozen=True)
class Cells:
    """The boxes of one drawing, filled in."""

    identified: Cell
    removed: Cell
    other: Cell
    titles: Cell
    titles_out: Cell
    sought: Cell
    missing: Cell
    assessed: Cell
    out: Cell
    other_sought: Cell
    other_missing: Cell
    other_assessed: Cell
    other_out: Cell
    included: Cell
    previous: Cell | None = None
    total: Cell | None = None


def cells_of(counts: Counts, words: Words, you: ForYou, *, most_rows: int) -> Cells:
    """Fill the boxes from the counts. Sources and reasons beyond `most_rows` are summed in a last row."""
    b = counts.boxes
    databases = [(s.name, s.n) for s in counts.sources if s.kind in DATABASE_KINDS]
    other = [(s.name, s.n) for s in counts.sources if s.kind not in DATABASE_KINDS]
    if b["other_already_found"]:
        other = [*folded(other, most_rows - 1), (_("Found already"), b["other_already_found"])]
    removed: list[Row] = [
        (words.duplicates, b["duplicates"]),
        (words.automation, b["excluded_automatic"]),
        (words.other_reasons, b["excluded_other"]),
    ]
    if declared := counts.without_list.get("removed_before_screening"):
        removed.append((_(NO_LIST), declared))
    if declared := counts.without_list.get("other_already_found"):
        other.append((_(NO_LIST), declared))
    included: list[Row] = [(words.reports, b["new_reports"])]
    if counts.primary_studies is not None:
        included.append((words.studies, counts.primary_studies))

    def reasons(column: str) -> list[Row]:
        return folded(list(counts.reasons[column].items()), most_rows)

    def text_open(column: str) -> dict[str, int | str]:
        return {"open_key": f"{column}_text_open", "open_n": b[f"{column}_text_open"]}

    def being_sought(column: str) -> dict[str, int | str]:
        return {"open_key": f"{column}_retrieval_open", "open_n": b[f"{column}_retrieval_open"], "open_words": _("being sought")}

    return Cells(
        identified=Cell("records_identified", words.identified, b["records_identified"], folded(databases, most_rows)),
        removed=Cell("removed_before_screening", words.removed, b["removed_before_screening"], removed, side=True),
        other=Cell("other_identified", words.other, b["other_identified"], folded(other, most_rows)),
        titles=Cell(
            "records_screened", words.titles, b["records_screened"], open_key="title_open", open_n=b["title_open"], waits=you.titles
        ),
        titles_out=Cell("records_excluded", words.titles_out, b["records_excluded"], side=True),
        sought=Cell("dbr_sought_reports", words.sought, b["dbr_sought_reports"], **being_sought("dbr")),
        missing=Cell("dbr_notretrieved_reports", words.missing, b["dbr_notretrieved_reports"], side=True),
        assessed=Cell("dbr_assessed", words.assessed, b["dbr_assessed"], waits=you.texts, **text_open("dbr")),
        out=Cell("dbr_excluded", words.out, b["dbr_excluded"], reasons("databases"), side=True),
        other_sought=Cell("other_sought_reports", words.other_sought, b["other_sought_reports"], **being_sought("other")),
        other_missing=Cell("other_notretrieved_reports", words.other_missing, b["other_notretrieved_reports"], side=True),
        other_assessed=Cell("other_assessed", words.other_assessed, b["other_assessed"], waits=you.other_texts, **text_open("other")),
        other_out=Cell("other_excluded", words.other_out, b["other_excluded"], reasons("other"), side=True),
        included=Cell("new_studies", words.included, b["new_studies"], included, big=True),
        **_of_an_update(counts, words),
    )


def _of_an_update(counts: Counts, words: Words) -> dict[str, Cell]:
    """The boxes that only an update of an earlier review has."""
    if counts.previous is None:
        return {}
    b = counts.boxes
    before: list[Row] = [(words.previous_reports, b["previous_reports"])]
    if b["withdrawn_studies"] or b["withdrawn_reports"]:
        before.append((words.withdrawn, b["withdrawn_studies"]))
    return {
        "previous": Cell("previous_studies", words.previous, b["previous_studies"], before),
        "total": Cell("total_studies", words.total, b["total_studies"], [(words.total_reports, b["total_reports"])], big=True),
    }


@dataclass(frozen=True)
class Columns:
    """Left edge and width of the four columns, and the width of the whole."""

    a: tuple[float, float] = (34, 254)
    b: tuple[float, float] = (310, 232)
    c: tuple[float, float] = (566, 150)
    d: tuple[float, float] = (736, 152)
    width: float = 888
    # Where an earlier version of the review stands; without a column of its own, beside the total.
    p: tuple[float, float] | None = None


PAPER = Columns(a=(34, 300), b=(358, 290), c=(676, 250), d=(950, 250), width=1200)
PAPER_OF_AN_UPDATE = Columns(a=(260, 300), b=(584, 290), c=(902, 250), d=(1176, 250), width=1426, p=(34, 200))


def _wide(sheet: Sheet, cells: Cells, columns: Columns, words: Words) -> float:
    """Draw the two columns side by side; gives the height."""
    (a, aw), (b, bw), (c, cw), (d, dw) = columns.a, columns.b, columns.c, columns.d
    middle, other_middle = a + aw / 2, c + cw / 2
    rows = [
        [(cells.identified, a, aw), (cells.removed, b, bw), (cells.other, c, cw)],
        [(cells.titles, a, aw), (cells.titles_out, b, bw)],
        [(cells.sought, a, aw), (cells.missing, b, bw), (cells.other_sought, c, cw), (cells.other_missing, d, dw)],
        [(cells.assessed, a, aw), (cells.out, b, bw), (cells.other_assessed, c, cw), (cells.other_out, d, dw)],
        [(cells.included, a, aw)],
    ]
    if cells.total and cells.previous:
        rows.append([(cells.total, a, aw)])
        rows[0 if columns.p else 5].append((cells.previous, *(columns.p or columns.b)))
    y, tops, bottoms = 24.0 + _headings(sheet, columns, words, bool(cells.previous)), [], []
    for row in rows:
        ends = [sheet.draw(cell, x, y, width) for cell, x, width in row]
        tops.append(y)
        bottoms.append(ends)
        y = max(ends) + GAP
    for i in range(4):
        sheet.arrow((a + aw, tops[i] + 18), (b, tops[i] + 18))
    for i in range(len(rows) - 1):
        sheet.arrow((middle, bottoms[i][0]), (middle, tops[i + 1]))
    for i in (2, 3):
        sheet.arrow((c + cw, tops[i] + 18), (d, tops[i] + 18))
    sheet.arrow((other_middle, bottoms[0][2]), (other_middle, tops[2]))
    sheet.arrow((other_middle, bottoms[2][2]), (other_middle, tops[3]))
    sheet.arrow((other_middle, bottoms[3][2]), (other_middle, tops[4] + 18), (a + aw, tops[4] + 18))
    if len(rows) > 5:
        _before(sheet, columns, tops, bottoms)
    sheet.phase(tops[0], max(bottoms[0]) - tops[0], words.identification)
    sheet.phase(tops[1], max(bottoms[3]) - tops[1], words.screening)
    sheet.phase(tops[4], max(bottoms[-1]) - tops[4], words.inclusion)
    return max(bottoms[-1]) + 2


def _headings(sheet: Sheet, columns: Columns, words: Words, update: bool) -> float:
    """The headings of the columns, in as many lines as the longest takes; gives the height of those beyond the first."""
    (a, _aw), (c, _cw) = columns.a, columns.c
    named = [(a, columns.c[0] - a - GAP, words.column_databases), (c, columns.width - c, words.column_other)]
    if update and columns.p:
        named.append((*columns.p, words.column_previous))
    lines = [(x, wrapped(label, width)) for x, width, label in named]
    most = max(len(parts) for _, parts in lines)
    for x, parts in lines:
        for i, part in enumerate(parts):
            sheet.heading(x, 14 + i * LINE, part)
    return (most - 1) * LINE


def _before(sheet: Sheet, columns: Columns, tops: list[float], bottoms: list[list[float]]) -> None:
    """From what an earlier version had included to the total."""
    total = tops[5] + 18
    if columns.p:
        middle = columns.p[0] + columns.p[1] / 2
        sheet.arrow((middle, bottoms[0][3]), (middle, total), (columns.a[0], total))
    else:
        sheet.arrow((columns.b[0], total), (columns.a[0] + columns.a[1], total))


NARROW, INDENT = 328, 34


def _narrow(sheet: Sheet, cells: Cells, words: Words) -> float:
    """Draw one column under the other; what is excluded stands indented after its box. Gives the height."""
    sheet.heading(0, 13, words.column_databases)
    y = 22.0
    pairs = [
        (cells.identified, cells.removed),
        (cells.titles, cells.titles_out),
        (cells.sought, cells.missing),
        (cells.assessed, cells.out),
    ]
    y = _steps(sheet, pairs, y, goes_on=True)
    y = sheet.draw(cells.included, 0, y, NARROW)
    for cell in (cells.previous, cells.total):
        if cell:
            y = sheet.draw(cell, 0, y + GAP, NARROW)
    y += 36
    sheet.heading(0, y - 8, words.column_other)
    end = sheet.draw(cells.other, 0, y, NARROW)
    sheet.arrow((16, end), (16, end + 14))
    return _steps(sheet, [(cells.other_sought, cells.other_missing), (cells.other_assessed, cells.other_out)], end + 14, goes_on=False)


def _steps(sheet: Sheet, pairs: list[tuple[Cell, Cell]], y: float, *, goes_on: bool) -> float:
    for step, (cell, side) in enumerate(pairs):
        end = sheet.draw(cell, 0, y, NARROW)
        side_top = end + 12
        side_end = sheet.draw(side, INDENT, side_top, NARROW - INDENT)
        sheet.arrow((16, end), (16, side_top + 18), (INDENT, side_top + 18))
        y = side_end + 14
        if goes_on or step + 1 < len(pairs):
            sheet.arrow((16, end), (16, y))
    return y if goes_on else y - 12


def _svg(kind: str, width: float, height: float, inside: str) -> str:
    name = escape(_("PRISMA 2020 flow diagram; every box opens its list"))
    return f'<svg class="{kind}" viewBox="0 0 {width:g} {height:g}" role="group" aria-label="{name}">{inside}</svg>'


def on_page(counts: Counts, *, link: Callable[[str], str], you: ForYou | None = None, words: Words | None = None) -> str:
    """The wide and the narrow drawing for the page, with the hatch both use. `link` gives a box's address by its key."""
    words = words or short_words()
    cells = cells_of(counts, words, you or ForYou(), most_rows=6)
    wide, narrow = Sheet(page_look, link), Sheet(page_look, link)
    wide_height, narrow_height = _wide(wide, cells, Columns(), words), _narrow(narrow, cells, words)
    return HATCH + _svg("wid", Columns.width, wide_height, wide.drawn) + _svg("nar", NARROW, narrow_height, narrow.drawn)


def alone(counts: Counts, *, title: str, words: Words | None = None) -> str:
    """The figure as an SVG file of its own: PRISMA's wording, no links, the same bytes for the same counts."""
    words, sheet = words or full_words(), Sheet(alone_look)
    columns = PAPER_OF_AN_UPDATE if counts.previous else PAPER
    height = _wide(sheet, cells_of(counts, words, ForYou(), most_rows=40), columns, words)
    hatch = (
        '<defs><pattern id="not-settled" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="6" height="6" fill="#ffffff"/><path d="M0 0V6" stroke="#d5d8de" stroke-width="1.5"/></pattern></defs>'
    )
    width, tall = columns.width + 24, height + 24
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{tall:g}" viewBox="-12 -12 {width:g} {tall:g}" role="img" '
        f'aria-labelledby="flow-title flow-words"><title id="flow-title">{escape(fit(_(NAME) + f": {title}"))}</title>'
        f'<desc id="flow-words">{escape(fit(in_words(counts, words)))}</desc>{hatch}'
        f'<rect x="-12" y="-12" width="{width:g}" height="{tall:g}" fill="#ffffff"/>{sheet.drawn}</svg>\n'
    )
