"""The involvement timeline: what happened when, a lane for each stage of the review. Pure; SVG with real text.

On the page the look comes from static/css/involvement.css through classes; the drawing that stands alone carries its own.
Shapes tell meetings (diamond), voices (disc, its area their number), rounds of priorities (square) and amendments (triangle)
apart; beside each lane its counts stand in words, and `lines` says the same without a drawing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

from screening.voices.drawing import alone, text, wrapped
from screening.voices.involvement.rules import STAGES, Facts

LABEL, AXIS, SAID = 196, 420, 210
LANE, HEAD, FOOT = 52, 30, 34
NARROW, NARROW_LANE = 320, 74

NAMES = ("o", "t", "s", "grid", "lane", "meeting", "voice", "round", "amendment", "n")
ON_PAGE = {name: f'class="tl-{name}"' for name in NAMES}
ALONE = {
    "o": 'font-size="13.5" font-weight="600" fill="#1b202b"',
    "t": 'font-size="13" fill="#1b202b"',
    "s": 'font-size="12.5" fill="#474d59"',
    "grid": 'stroke="#d6d9de" stroke-width="1"',
    "lane": 'stroke="#b9c0ca" stroke-width="1"',
    "meeting": 'fill="#203b8d"',
    "voice": 'fill="#203b8d" fill-opacity=".22" stroke="#203b8d" stroke-width="1"',
    "round": 'fill="#ffffff" stroke="#203b8d" stroke-width="2"',
    "amendment": 'fill="#1b202b"',
    "n": 'font-size="12" fill="#1b202b" text-anchor="middle"',
}


@dataclass(frozen=True)
class Mark:
    """Something that happened: its stage, its day (a month of voices: the middle of it), its kind, and how many."""

    stage: str
    day: date
    kind: str
    n: int = 1


@dataclass(frozen=True)
class Words:
    """What the drawing says, in the reader's language."""

    stages: Mapping[str, str]
    said: Callable[[Mapping[str, int]], str]
    nothing: str
    kinds: Mapping[str, str]
    month: Callable[[date], str]


KINDS = ("meeting", "voice", "round", "amendment")


def marks_of(facts: Facts) -> list[Mark]:
    """All that has a day and a stage. A round of priorities belongs to planning, where outcomes are chosen."""
    found = [Mark(one.stage, one.day, "meeting") for one in facts.meetings]
    found += [Mark(one.stage, one.month + timedelta(days=14), "voice", one.n) for one in facts.spells if one.stage]
    found += [Mark("planning", one.ended, "round") for one in facts.rounds]
    found += [Mark(one.stage, one.day, "amendment") for one in facts.amendments]
    return sorted(found, key=lambda mark: (mark.day, KINDS.index(mark.kind), mark.stage))


def counts_by_stage(marks: Sequence[Mark]) -> dict[str, dict[str, int]]:
    """Stage -> kind -> how many, for every stage of a review."""
    return {stage: {kind: sum(one.n for one in marks if (one.stage, one.kind) == (stage, kind)) for kind in KINDS} for stage in STAGES}


def months(first: date, last: date, most: int) -> list[date]:
    """First days of months from the first day's to the one after the last's, at most about so many."""
    n = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((step for step in (1, 2, 3, 6, 12, 24, 60, 120) if n / step <= most), 240)
    start = first.year * 12 + first.month - 1
    return [date((start + at) // 12, (start + at) % 12 + 1, 1) for at in range(0, n + 1, step)]


@dataclass(frozen=True)
class Axis:
    """Days along a line: from the first of the first month to the first of the month after the last."""

    first: date
    last: date
    left: float
    width: float

    def at(self, day: date) -> float:
        return self.left + self.width * (day - self.first).days / max(1, (self.last - self.first).days)


def axis_of(marks: Sequence[Mark], left: float, width: float) -> Axis:
    days = [mark.day for mark in marks]
    first, end = min(days).replace(day=1), max(days)
    last = date(end.year + end.month // 12, end.month % 12 + 1, 1)
    return Axis(first, last, left, width)


def timeline(facts: Facts, words: Words, *, title: str, for_paper: bool = False) -> str:
    """The drawing, or nothing where nothing happened yet."""
    marks = marks_of(facts)
    if not marks:
        return ""
    if for_paper:
        body, width, height = _wide(marks, words, ALONE)
        return alone(body, width, height, title)
    wide, width, height = _wide(marks, words, ON_PAGE)
    narrow, tall = _narrow(marks, words)
    named = f'role="img" aria-label="{text(title)}"'
    return (
        f'<svg class="wid" viewBox="0 0 {width} {height}" {named}>{wide}</svg>'
        f'<svg class="nar" viewBox="0 0 {NARROW} {tall}" {named}>{narrow}</svg>'
    )


def lines(facts: Facts, words: Words) -> list[tuple[str, str]]:
    """The same in words: each stage with what happened in it."""
    counts = counts_by_stage(marks_of(facts))
    return [(words.stages[stage], words.said(counts[stage]) if any(counts[stage].values()) else words.nothing) for stage in STAGES]


def _shape(mark: Mark, x: float, y: float, look: Mapping[str, str]) -> str:
    if mark.kind == "voice":
        size = min(18.0, 4 + 2.2 * sqrt(mark.n))
        number = f'<text {look["n"]} x="{x:.1f}" y="{y + 4.2:.1f}">{mark.n}</text>' if size > 9 else ""
        return f'<circle {look["voice"]} cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}"/>{number}'
    if mark.kind == "meeting":
        return f'<path {look["meeting"]} d="M{x:.1f} {y - 7:.1f}l7 7-7 7-7-7z"/>'
    if mark.kind == "round":
        return f'<rect {look["round"]} x="{x - 5.5:.1f}" y="{y - 5.5:.1f}" width="11" height="11"/>'
    return f'<path {look["amendment"]} d="M{x:.1f} {y - 7:.1f}l7.5 13h-15z"/>'


def _heights(kind: str) -> float:
    """Where in its lane a kind stands, so that what fell together stays legible: above the line, on it, below."""
    return {"voice": 0.0, "meeting": -11.0, "round": 11.0, "amendment": 11.0}[kind]


def _grid(axis: Axis, words: Words, top: float, foot: float, most: int, look: Mapping[str, str]) -> str:
    parts = []
    ticks = months(axis.first, axis.last - timedelta(days=1), most)
    for tick in ticks:
        x = axis.at(tick)
        if x > axis.left + axis.width + 0.5:
            continue
        parts.append(f'<line {look["grid"]} x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{foot}"/>')
        if x < axis.left + axis.width - 30:
            parts.append(f'<text {look["s"]} x="{x + 3:.1f}" y="{top + 11}">{text(words.month(tick))}</text>')
    return "".join(parts)


def _legend(words: Words, kinds: Sequence[str], x: float, y: float, step: float, look: Mapping[str, str], per_row: int) -> str:
    parts = []
    for n, kind in enumerate(kinds):
        left, down = x + step * (n % per_row), y + 22 * (n // per_row)
        parts.append(_shape(Mark("", date.min, kind), left + 8, down, look))
        parts.append(f'<text {look["s"]} x="{left + 22}" y="{down + 4.5}">{text(words.kinds[kind])}</text>')
    return "".join(parts)


def _kinds(marks: Sequence[Mark]) -> list[str]:
    return [kind for kind in KINDS if any(mark.kind == kind for mark in marks)]


def _wide(marks: Sequence[Mark], words: Words, look: Mapping[str, str]) -> tuple[str, float, float]:
    width, foot = LABEL + AXIS + SAID, HEAD + LANE * len(STAGES)
    axis, counts = axis_of(marks, LABEL, AXIS), counts_by_stage(marks)
    parts = [_grid(axis, words, HEAD - 18, foot, 7, look)]
    for n, stage in enumerate(STAGES):
        middle = HEAD + LANE * n + LANE / 2
        for line, said in enumerate(label := wrapped(words.stages[stage], 26, 2)):
            parts.append(f'<text {look["o"]} x="0" y="{middle + 5 - 8 * (len(label) - 1) + 17 * line}">{text(said)}</text>')
        parts.append(f'<line {look["lane"]} x1="{LABEL}" x2="{LABEL + AXIS}" y1="{middle}" y2="{middle}"/>')
        said = words.said(counts[stage]) if any(counts[stage].values()) else words.nothing
        for line, part in enumerate(told := wrapped(said, 32, 3)):
            y = middle + 4.5 - 8 * (len(told) - 1) + 16 * line
            parts.append(f'<text {look["s"]} x="{LABEL + AXIS + 22}" y="{y}">{text(part)}</text>')
        parts += [_shape(mark, axis.at(mark.day), middle + _heights(mark.kind), look) for mark in marks if mark.stage == stage]
    return "".join(parts) + _legend(words, _kinds(marks), LABEL, foot + 18, 105, look, 4), width, foot + FOOT


def _narrow(marks: Sequence[Mark], words: Words) -> tuple[str, float]:
    """For a phone: the stage and its counts above, its line below."""
    axis, counts = axis_of(marks, 8, NARROW - 16), counts_by_stage(marks)
    told = [wrapped(words.said(counts[stage]) if any(counts[stage].values()) else words.nothing, 48, 2) for stage in STAGES]
    lane = NARROW_LANE + 16 * (max(map(len, told)) - 1)
    foot = HEAD + lane * len(STAGES)
    parts = [_grid(axis, words, HEAD - 18, foot, 4, ON_PAGE)]
    for n, stage in enumerate(STAGES):
        top, middle = HEAD + lane * n, HEAD + lane * n + lane - 22
        parts.append(f'<text {ON_PAGE["o"]} x="0" y="{top + 13}">{text(words.stages[stage])}</text>')
        for line, said in enumerate(told[n]):
            parts.append(f'<text {ON_PAGE["s"]} x="0" y="{top + 29 + 16 * line}">{text(said)}</text>')
        parts.append(f'<line {ON_PAGE["lane"]} x1="8" x2="{NARROW - 8}" y1="{middle}" y2="{middle}"/>')
        parts += [_shape(mark, axis.at(mark.day), middle + _heights(mark.kind), ON_PAGE) for mark in marks if mark.stage == stage]
    kinds = _kinds(marks)
    return "".join(parts) + _legend(words, kinds, 0, foot + 16, 160, ON_PAGE, 2), foot + 16 + 22 * ((len(kinds) + 1) // 2)
