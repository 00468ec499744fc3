"""The PRISMA 2020 flow as a drawing: wide and narrow for the page, and one that stands alone for a paper. Pure.

The page's drawings take their look from static/css/figures.css and each box is a link to its list; the one that
stands alone carries its colours and fonts as attributes and the full PRISMA wording. All are real text.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.projects.cells import fit

Row = tuple[str, int]
LINE, DETAIL_LINE, PAD, FIRST, GAP = 17, 17.5, 11, 22, 16
SHOWN_ROWS = 6
# Rough width of a letter at 13 px in the page's sans: enough to decide where to break a label.
LETTER = 5.9

HATCH = (
    '<svg class="defs" width="0" height="0" aria-hidden="true"><defs>'
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect class="pr-open-bg" width="6" height="6"/><path class="hatch-l" d="M0 0V6"/></pattern></defs></svg>'
)


@dataclass(frozen=True)
class Waits:
    """How many reports of a box wait for the person who looks, and where they go on."""

    n: int = 0
    url: str = ""


@dataclass(frozen=True)
class Cell:
    """One box with what stands right under it: a hatched place for what is not settled, a band for what waits."""

    key: str
    label: str
    n: int
    rows: Sequence[Row] = ()
    side: bool = False
    big: bool = False
    open_key: str = ""
    open_n: int = 0
    open_words: str = ""
    waits: Waits = field(default_factory=Waits)


def number(n: int) -> str:
    return f"{n:,}"


def folded(rows: Sequence[Row], most: int = SHOWN_ROWS) -> list[Row]:
    """At most this many rows: the last one sums up the rest."""
    if len(rows) <= most:
        return list(rows)
    kept, rest = list(rows[: most - 1]), rows[most - 1 :]
    return [*kept, (_("and %(n)s more") % {"n": len(rest)}, sum(n for _label, n in rest))]


def wrapped(text: str, width: float) -> list[str]:
    """Words in lines that fit a width in pixels; a word longer than a line goes on in the next."""
    most, lines = max(int(width / LETTER), 4), [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + min(len(word), most) > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
        while len(lines[-1]) > most:
            lines[-1:] = [lines[-1][:most], lines[-1][most:]]
    return lines


Look = Callable[[str], str]


def page_look(role: str) -> str:
    """Attributes of a part in the page: a class of figures.css."""
    also = {"side": "pr-box pr-side", "big": "pr-n pr-big"}
    return f'class="{also.get(role, f"pr-{role}")}"'


_SANS = "font-family=\"'Atkinson Hyperlegible Next', 'Segoe UI', Helvetica, Arial, sans-serif\""
_SERIF = "font-family=\"'Source Serif 4', Charter, Georgia, 'Times New Roman', serif\""
_ALONE: Mapping[str, str] = {
    "box": 'fill="#ffffff" stroke="#6f7683"',
    "side": 'fill="#f3f6f8" stroke="#6f7683"',
    "open": 'fill="url(#not-settled)" stroke="#6f7683" stroke-dasharray="4 3"',
    "phase": 'fill="#e7ebef"',
    "line": 'fill="none" stroke="#6f7683" stroke-width="1.25"',
    "arrow": 'fill="#6f7683"',
    "t": f'{_SANS} font-size="13.5" fill="#1c212b"',
    "s": f'{_SANS} font-size="13" fill="#3f4653"',
    "n": f'{_SERIF} font-size="16" font-weight="600" fill="#1c212b"',
    "big": f'{_SERIF} font-size="20" font-weight="600" fill="#1c212b"',
    "eq": f'{_SANS} font-size="13" font-weight="400" fill="#5a616e"',
    "sn": f'{_SERIF} font-size="14" font-weight="500" fill="#1c212b"',
    "head": f'{_SANS} font-size="13" font-weight="600" fill="#3f4653"',
    "phase-t": f'{_SANS} font-size="13" font-weight="600" fill="#3f4653"',
    "open-t": f'{_SANS} font-size="13" fill="#3f4653"',
}


def alone_look(role: str) -> str:
    """Attributes of a part in the drawing that stands alone."""
    return _ALONE[role]


def _at(value: float) -> str:
    return f"{value:g}"


@dataclass
class Sheet:
    """What has been drawn so far: lines first, boxes above them."""

    look: Look
    link: Callable[[str], str] | None = None
    lines: list[str] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)

    def text(self, role: str, x: float, y: float, words: str, *, end: bool = False) -> str:
        anchor = ' text-anchor="end"' if end else ""
        return f'<text {self.look(role)} x="{_at(x)}" y="{_at(y)}"{anchor}>{escape(fit(words))}</text>'

    def _linked(self, url: str, name: str, inside: str) -> str:
        return f'<a href="{escape(url)}" aria-label="{escape(fit(name))}">{inside}</a>' if url else f"<g>{inside}</g>"

    def _url(self, key: str) -> str:
        return self.link(key) if self.link and key else ""

    def lines_of(self, cell: Cell, width: float) -> list[str]:
        # The number stands on the first line, at the right.
        return wrapped(cell.label, width - 2 * PAD - 30 - len(number(cell.n)) * (11 if cell.big else 9))

    def box_height(self, cell: Cell, width: float) -> float:
        extra = (len(self.lines_of(cell, width)) - 1) * LINE
        details = sum(len(self._details(row, width)) for row in cell.rows)
        return 36 + extra + (details * DETAIL_LINE + 1 if details else 0)

    def draw(self, cell: Cell, x: float, y: float, width: float) -> float:
        """Draw a cell's stack and give the y of its lower edge."""
        tall, lines = self.box_height(cell, width), self.lines_of(cell, width)
        place = f'x="{_at(x)}" y="{_at(y)}" width="{_at(width)}" height="{_at(tall)}"'
        inside = f'<rect {self.look("side" if cell.side else "box")} {place} rx="2"/>'
        # The spaces keep neighbouring texts apart for whoever has the words without the picture.
        inside += " ".join(self.text("t", x + PAD, y + FIRST + i * LINE, words) for i, words in enumerate(lines))
        inside += (
            f' <text {self.look("big" if cell.big else "n")} x="{_at(x + width - PAD)}" y="{_at(y + FIRST + 1)}" text-anchor="end">'
            f"<tspan {self.look('eq')}>n = </tspan>{number(cell.n)}</text> "
        )
        inside += self._rows(cell.rows, x, y + FIRST + (len(lines) - 1) * LINE + 20, width)
        self.boxes.append(self._linked(self._url(cell.key), self._spoken(cell, width), inside))
        y += tall
        if cell.open_n:
            y = self._open(cell, x, y, width)
        if cell.waits.n:
            y = self._band(cell, x, y, width)
        return y

    def _spoken(self, cell: Cell, width: float) -> str:
        """The box's words in their order, as who speaks to the computer sees them; words that were broken follow in full."""
        rows = [(" ".join(self._details(row, width)), row) for row in cell.rows]
        label = " ".join(self.lines_of(cell, width))
        pairs = [(label, cell.label), *((seen, " ".join(whole.split())) for seen, (whole, _) in rows)]
        broken = [whole for seen, whole in pairs if seen != whole]
        spoken = f"{label}: n = {number(cell.n)}" + "".join(f"; {seen} {number(n)}" for seen, (_, n) in rows)
        return f"{spoken}. In full: {'; '.join(broken)}" if broken else spoken

    def _details(self, row: Row, width: float) -> list[str]:
        label, n = row
        return wrapped(label, width - 2 * PAD - 12 - len(number(n)) * 8)

    def _rows(self, rows: Sequence[Row], x: float, y: float, width: float) -> str:
        drawn = ""
        for label, n in rows:
            top = y
            for words in self._details((label, n), width):
                drawn += " " + self.text("s", x + PAD, y, words)
                y += DETAIL_LINE
            drawn += " " + self.text("sn", x + width - PAD, top, number(n), end=True)
        return drawn

    def _open(self, cell: Cell, x: float, y: float, width: float) -> float:
        words = f"{number(cell.open_n)} " + (cell.open_words or _("not settled yet"))
        inside = f'<rect {self.look("open")} x="{_at(x)}" y="{_at(y)}" width="{_at(width)}" height="26"/>' + self.text(
            "open-t", x + PAD, y + 17.5, words
        )
        self.boxes.append(self._linked(self._url(cell.open_key), f"{cell.label}: {words}", inside))
        return y + 26

    def _band(self, cell: Cell, x: float, y: float, width: float) -> float:
        n, counted = cell.waits.n, {"n": number(cell.waits.n)}
        if width > 200:
            words = ngettext("%(n)s of these waits for you", "%(n)s of these wait for you", n) % counted
        else:
            words = ngettext("%(n)s waits for you", "%(n)s wait for you", n) % counted
        inside = f'<rect {self.look("you")} x="{_at(x)}" y="{_at(y)}" width="{_at(width)}" height="24"/>' + self.text(
            "you-t", x + PAD, y + 16.5, words
        )
        self.boxes.append(self._linked(cell.waits.url, words, inside))
        return y + 24

    def arrow(self, *points: tuple[float, float]) -> None:
        """A line through these points, with its head at the last."""
        (x0, _), (x, y) = points[-2:]
        if x0 == x:
            head, stop = f"M{_at(x - 4)} {_at(y - 7)}h8l-4 7z", (x, y - 6)
        elif x0 < x:
            head, stop = f"M{_at(x - 7)} {_at(y - 4)}v8l7-4z", (x - 6, y)
        else:
            head, stop = f"M{_at(x + 7)} {_at(y - 4)}v8l-7-4z", (x + 6, y)
        path = "L".join(f"{_at(px)} {_at(py)}" for px, py in (*points[:-1], stop))
        self.lines.append(f'<path {self.look("line")} d="M{path}"/><path {self.look("arrow")} d="{head}"/>')

    def phase(self, y: float, height: float, words: str) -> None:
        self.boxes.append(
            f'<rect {self.look("phase")} x="0" y="{_at(y)}" width="24" height="{_at(height)}" rx="2"/>'
            f'<text {self.look("phase-t")} transform="translate(16.5 {_at(y + height / 2)}) rotate(-90)" '
            f'text-anchor="middle">{escape(fit(words))}</text>'
        )

    def heading(self, x: float, y: float, words: str) -> None:
        self.boxes.append(self.text("head", x, y, words))

    @property
    def drawn(self) -> str:
        return "".join(self.lines) + "".join(self.boxes)
