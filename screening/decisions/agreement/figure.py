"""Kappa and its interval, line by line, as a drawing with real text: for the page (wide and narrow) and for a paper. Pure.

On the page the look comes from static/css/agreement.css through classes; the drawing that stands alone carries its own.
Each line says its counts and its figure in words, so that nothing rests on the drawing alone.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from html import escape
from math import floor

from .rules import Agreement
from .showing import Line, two_places

ROW, TOP, FOOT = 30, 34, 12
LABEL, AXIS, WORDS = 210, 280, 330
MOST_LETTERS = 31

ON_PAGE = {name: f'class="ag-{name}"' for name in ("t", "s", "grid", "zero", "bar", "dot")}
ALONE = {
    "t": 'font-size="13.5" fill="#1b202b"',
    "s": 'font-size="13" fill="#474d59"',
    "grid": 'stroke="#d6d9de" stroke-width="1"',
    "zero": 'stroke="#7d848e" stroke-width="1"',
    "bar": 'stroke="#203b8d" stroke-width="2"',
    "dot": 'fill="#203b8d"',
}


def kappa_figure(lines: Sequence[Line], *, title: str, said: Callable[[Line], str], alone: bool = False) -> str:
    """The drawing, or nothing where no line has a kappa of two raters. `title` says what it is of, `said` what stands beside a line."""
    drawn = [line for line in lines if isinstance(line.figures, Agreement) and line.figures.kappa.value is not None]
    if not drawn:
        return ""
    if alone:
        return _wide(drawn, ALONE, title, said)
    return _wide(drawn, ON_PAGE, title, said) + _narrow(drawn, title, said)


def _lowest(lines: Sequence[Line]) -> float:
    """Where the axis begins: at 0, or as low as any interval goes, in quarters."""
    lows = [line.figures.interval.low or 0.0 for line in lines if isinstance(line.figures, Agreement)]
    return max(-1.0, floor(min(0.0, *lows) * 4) / 4)


def _grid(least: float, left: float, width: float, foot: float, look: Mapping[str, str]) -> str:
    ticks = [least + 0.25 * n for n in range(round((1 - least) / 0.25) + 1)]
    places = {tick: left + width * (tick - least) / (1 - least) for tick in ticks}
    parts = []
    for tick, x in places.items():
        kind = "zero" if tick == 0 else "grid"
        parts.append(f'<line {look[kind]} x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 8}" y2="{foot}"/>')
        if round(tick * 4) % 2 == 0:
            parts.append(
                f'<text {look["s"]} x="{x:.1f}" y="{TOP - 16}" text-anchor="middle">{two_places(tick).rstrip("0").rstrip(".")}</text>'
            )
    return "".join(parts)


def _mark(line: Line, y: float, least: float, left: float, width: float, look: Mapping[str, str]) -> str:
    figures = line.figures
    low, high, point = figures.interval.low or 0.0, figures.interval.high or 0.0, float(figures.kappa.value or 0)
    x1, x2, x = (left + width * (value - least) / (1 - least) for value in (low, high, point))
    return f'<line {look["bar"]} x1="{x1:.1f}" x2="{x2:.1f}" y1="{y}" y2="{y}"/><circle {look["dot"]} cx="{x:.1f}" cy="{y}" r="4.5"/>'


def _wide(lines: Sequence[Line], look: Mapping[str, str], title: str, said: Callable[[Line], str]) -> str:
    least, foot = _lowest(lines), TOP + ROW * len(lines)
    grid = _grid(least, LABEL, AXIS, foot, look)
    rows = []
    for n, line in enumerate(lines):
        y = TOP + ROW * n + ROW / 2
        rows.append(f'<text {look["t"]} x="0" y="{y + 5}">{_text(_cut(line.label))}</text>')
        rows.append(_mark(line, y, least, LABEL, AXIS, look))
        rows.append(f'<text {look["s"]} x="{LABEL + AXIS + 18}" y="{y + 5}">{_text(said(line))}</text>')
    body, width, height = grid + "".join(rows), LABEL + AXIS + WORDS, foot + FOOT
    if look is ALONE:
        return _frame(body, width, height, title)
    return f'<svg class="wid" viewBox="0 0 {width} {height}" role="img" aria-label="{_text(title)}">{body}</svg>'


def _narrow(lines: Sequence[Line], title: str, said: Callable[[Line], str]) -> str:
    """For a phone: words above, the interval below."""
    row, width = 64, 320
    least, foot = _lowest(lines), TOP + row * len(lines)
    grid = _grid(least, 8, width - 16, foot, ON_PAGE)
    rows = []
    for n, line in enumerate(lines):
        y = TOP + row * n
        rows.append(f'<text {ON_PAGE["t"]} x="0" y="{y + 12}">{_text(_cut(line.label, 40))}</text>')
        rows.append(f'<text {ON_PAGE["s"]} x="0" y="{y + 30}">{_text(said(line))}</text>')
        rows.append(_mark(line, y + 46, least, 8, width - 16, ON_PAGE))
    return f'<svg class="nar" viewBox="0 0 {width} {foot + FOOT}" role="img" aria-label="{_text(title)}">{grid}{"".join(rows)}</svg>'


def _frame(body: str, width: float, height: float, title: str) -> str:
    edge, head = 16, 26
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-edge} {-edge - head} {width + 2 * edge} {height + head + 2 * edge}" '
        f'width="{width + 2 * edge}" height="{height + head + 2 * edge}" role="img" font-family="system-ui, Helvetica, Arial, sans-serif">'
        f'<title>{_text(title)}</title><rect x="{-edge}" y="{-edge - head}" width="100%" height="100%" fill="#ffffff"/>'
        f'<text x="0" y="{-head + 14}" font-size="14" font-weight="600" fill="#1b202b">{_text(title)}</text>{body}</svg>'
    )


def _cut(label: str, most: int = MOST_LETTERS) -> str:
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"


def _text(words: str) -> str:
    """Words as XML text: escaped, and without control characters, which no XML may hold."""
    return escape("".join(sign for sign in words if unicodedata.category(sign) not in ("Cc", "Cs")))
