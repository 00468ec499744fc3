"""How much each outcome matters to each group, side by side, as a drawing with real text: wide, narrow, and for a paper. Pure.

On the page the look comes from static/css/involvement.css through classes; the drawing that stands alone carries its own.
A dot is the median, the bar goes from the lower to the upper quartile, and the words beside it say the same with the number.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from screening.voices.drawing import alone, text, wrapped
from screening.voices.priorities.rules import ALL, GROUPS, HIGHEST, LOWEST

LABEL, NAME, AXIS, SAID = 216, 124, 300, 196
LANE, HEAD, GAP = 24, 34, 18
NARROW, NARROW_LANE = 320, 42

NAMES = ("o", "t", "s", "grid", "band", "bar", "dot", "whole", "rule")
ON_PAGE = {name: f'class="pri-{name}"' for name in NAMES}
ALONE = {
    "o": 'font-size="14" font-weight="600" fill="#1b202b"',
    "t": 'font-size="13" fill="#1b202b"',
    "s": 'font-size="12.5" fill="#474d59"',
    "grid": 'stroke="#d6d9de" stroke-width="1"',
    "band": 'fill="#f1f3f6"',
    "bar": 'stroke="#203b8d" stroke-width="5" stroke-linecap="round" opacity=".35"',
    "dot": 'fill="#203b8d"',
    "whole": 'fill="#ffffff" stroke="#203b8d" stroke-width="2.5"',
    "rule": 'stroke="#b9c0ca" stroke-width="1"',
}


@dataclass(frozen=True)
class Words:
    """What the drawing says, in the reader's language. `said`: one figure in words; `hidden`: in place of a figure not shown."""

    groups: Mapping[str, str]
    said: Callable[[Mapping[str, Any]], str]
    hidden: str
    bands: Sequence[str]
    ends: tuple[str, str]


@dataclass(frozen=True)
class Scale:
    """From what matters least, at the left, to what matters most. A ranking runs from the last place to the first."""

    least: float
    most: float

    def at(self, value: float) -> float:
        """Where a value lies, from 0 to 1."""
        span = self.most - self.least
        return (value - self.least) / span if span else 0.5

    @property
    def marks(self) -> list[int]:
        low, high = sorted((int(self.least), int(self.most)))
        step = 1 if high - low <= 12 else 5 if high - low <= 40 else 10
        return sorted({low, high, *(value for value in range(low, high + 1) if value % step == 0)})


def scale_of(body: Mapping[str, Any]) -> Scale:
    if body["method"] == "ranking":
        return Scale(float(max(len(body["outcomes"]), 2)), 1.0)
    return Scale(float(LOWEST), float(HIGHEST))


def lanes_of(body: Mapping[str, Any]) -> list[str]:
    """The groups that have a lane, in their order, and all together last where anything is shown of them."""
    groups = [group for group in GROUPS if group in body["groups"]]
    return [*groups, *([ALL] if any(ALL in row["figures"] for row in body["outcomes"]) else [])]


def priorities_figure(body: Mapping[str, Any], order: Sequence[str], words: Words, *, title: str, for_paper: bool = False) -> str:
    """The drawing, or nothing where no figure may be shown. `order`: outcomes (ids) from top to bottom; `title`: what it is of."""
    rows = {row["id"]: row for row in body["outcomes"]}
    drawn = [rows[pk] for pk in order if pk in rows and rows[pk]["figures"]]
    if not drawn:
        return ""
    if for_paper:
        inside, width, height = _wide(drawn, body, words, ALONE)
        return alone(inside, width, height, title)
    wide, width, height = _wide(drawn, body, words, ON_PAGE)
    narrow, tall = _narrow(drawn, body, words)
    named = f'role="img" aria-label="{text(title)}"'
    return (
        f'<svg class="wid" viewBox="0 0 {width} {height}" {named}>{wide}</svg>'
        f'<svg class="nar" viewBox="0 0 {NARROW} {tall}" {named}>{narrow}</svg>'
    )


def _grid(body: Mapping[str, Any], words: Words, left: float, width: float, foot: float, look: Mapping[str, str]) -> str:
    """The scale: GRADE's three bands behind ratings, its marks, and what its ends mean."""
    scale, parts = scale_of(body), []
    if body["method"] == "rating":
        edges = [left + width * scale.at(value) for value in (LOWEST, 3.5, 6.5, HIGHEST)]
        parts.append(
            f'<rect {look["band"]} x="{edges[1]:.1f}" y="{HEAD - 6}" width="{edges[2] - edges[1]:.1f}" height="{foot - HEAD + 6}"/>'
        )
        for name, start, end in zip(words.bands, edges, edges[1:], strict=False):
            parts.append(f'<text {look["s"]} x="{(start + end) / 2:.1f}" y="10" text-anchor="middle">{text(name)}</text>')
    else:
        parts.append(f'<text {look["s"]} x="{left}" y="10">{text(words.ends[0])}</text>')
        parts.append(f'<text {look["s"]} x="{left + width}" y="10" text-anchor="end">{text(words.ends[1])}</text>')
    for value in scale.marks:
        x = left + width * scale.at(value)
        parts.append(f'<line {look["grid"]} x1="{x:.1f}" x2="{x:.1f}" y1="{HEAD - 6}" y2="{foot}"/>')
        parts.append(f'<text {look["s"]} x="{x:.1f}" y="{HEAD - 10}" text-anchor="middle">{value}</text>')
    return "".join(parts)


def _mark(figure: Mapping[str, Any], group: str, scale: Scale, left: float, width: float, y: float, look: Mapping[str, str]) -> str:
    low, middle, high = (left + width * scale.at(figure[name]) for name in ("lower", "median", "upper"))
    dot = look["whole"] if group == ALL else look["dot"]
    return f'<line {look["bar"]} x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}"/><circle {dot} cx="{middle:.1f}" cy="{y}" r="5"/>'


def _wide(rows: Sequence[Mapping[str, Any]], body: Mapping[str, Any], words: Words, look: Mapping[str, str]) -> tuple[str, float, float]:
    scale, lanes, left = scale_of(body), lanes_of(body), LABEL + NAME
    width, y, parts = LABEL + NAME + AXIS + SAID, float(HEAD), []
    for n, row in enumerate(rows):
        label = wrapped(row["label"], 28, 3)
        if n:
            parts.append(f'<line {look["rule"]} x1="0" x2="{width}" y1="{y - GAP / 2}" y2="{y - GAP / 2}"/>')
        for line, said in enumerate(label):
            parts.append(f'<text {look["o"]} x="0" y="{y + 16 + 18 * line}">{text(said)}</text>')
        for lane, group in enumerate(lanes):
            middle, figure = y + LANE * lane + LANE / 2, row["figures"].get(group)
            parts.append(f'<text {look["t"]} x="{LABEL}" y="{middle + 4.5}">{text(words.groups[group])}</text>')
            said = words.said(figure) if figure else words.hidden
            parts.append(f'<text {look["s"]} x="{left + AXIS + 18}" y="{middle + 4.5}">{text(said)}</text>')
            if figure:
                parts.append(_mark(figure, group, scale, left, AXIS, middle, look))
        y += max(LANE * len(lanes), 18 * len(label) + 6) + GAP
    foot = y - GAP + 4
    return _grid(body, words, left, AXIS, foot, look) + "".join(parts), width, foot + 4


def _narrow(rows: Sequence[Mapping[str, Any]], body: Mapping[str, Any], words: Words) -> tuple[str, float]:
    """For a phone: words above, the mark below."""
    scale, lanes, left = scale_of(body), lanes_of(body), 8
    width, y, parts = NARROW - 16, float(HEAD), []
    for n, row in enumerate(rows):
        if n:
            parts.append(f'<line {ON_PAGE["rule"]} x1="0" x2="{NARROW}" y1="{y - 6}" y2="{y - 6}"/>')
        for said in wrapped(row["label"], 38, 2):
            parts.append(f'<text {ON_PAGE["o"]} x="0" y="{y + 16}">{text(said)}</text>')
            y += 20
        for group in lanes:
            figure = row["figures"].get(group)
            said = words.said(figure) if figure else words.hidden
            parts.append(f'<text {ON_PAGE["t"]} x="0" y="{y + 14}">{text(words.groups[group])}</text>')
            parts.append(f'<text {ON_PAGE["s"]} x="{NARROW}" y="{y + 14}" text-anchor="end">{text(said)}</text>')
            if figure:
                parts.append(_mark(figure, group, scale, left, width, y + 28, ON_PAGE))
            y += NARROW_LANE if figure else 22
        y += 14
    return _grid(body, words, left, width, y - 14, ON_PAGE) + "".join(parts), y
