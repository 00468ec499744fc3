"""The recall curve and what each hundred titles gave, as shapes for a drawing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from screening.decisions.ranking.rules import curve, per_hundred

WIDE, NARROW = 640, 328
HEIGHT = 220
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 12, 26
NICE = (1, 2, 5)


@dataclass(frozen=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    first: int
    last: int
    found: int


@dataclass(frozen=True)
class Drawing:
    """One drawing: its size, the line of points or bars, and the marks on both axes, in its own units."""

    width: int
    height: int
    left: int
    right: float
    base: float
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    points: str = ""
    bars: tuple[Bar, ...] = ()


def ticks(highest: int, wanted: int) -> list[int]:
    """Round numbers from 0 to at most `highest`, about so many."""
    step = next(nice * 10**power for power in range(12) for nice in NICE if nice * 10**power * wanted >= highest)
    return list(range(0, highest + 1, step))


def _axes(width: int, across: int, up: int) -> tuple[float, float, tuple[Tick, ...], tuple[Tick, ...]]:
    by_x, by_y = (width - LEFT - RIGHT) / max(across, 1), (HEIGHT - TOP - BOTTOM) / max(up, 1)
    base = HEIGHT - BOTTOM
    return (
        by_x,
        by_y,
        tuple(Tick(round(LEFT + n * by_x, 1), f"{n:,}") for n in ticks(across, 5 if width == WIDE else 3)),
        tuple(Tick(round(base - n * by_y, 1), f"{n:,}") for n in ticks(up, 5)),
    )


def recall_curve(labels: Sequence[int], width: int = WIDE) -> Drawing:
    """Relevant titles found (up) by titles screened (across)."""
    by_x, by_y, across, up = _axes(width, len(labels), sum(labels))
    base = HEIGHT - BOTTOM
    points = " ".join(f"{LEFT + n * by_x:.1f},{base - found * by_y:.1f}" for n, found in curve(labels, width))
    return Drawing(width, HEIGHT, LEFT, width - RIGHT, base, across, up, points=points)


def found_per_hundred(labels: Sequence[int], width: int = WIDE, most: int = 60) -> Drawing:
    """Relevant titles among each hundred screened; where there are too many hundreds to draw, the last of them."""
    hundreds = per_hundred(labels)[-most:]
    begin = hundreds[0][0] - 1 if hundreds else 0
    end = hundreds[-1][1] if hundreds else 0
    by_x, by_y, across, up = _axes(width, end - begin, max([found for _, _, found in hundreds], default=0))
    base = HEIGHT - BOTTOM
    bars = tuple(
        Bar(
            x=round(LEFT + (first - 1 - begin) * by_x + 0.5, 1),
            y=round(base - found * by_y, 1),
            width=round(max(1.0, (last - first + 1) * by_x - 1), 1),
            height=round(found * by_y, 1),
            first=first,
            last=last,
            found=found,
        )
        for first, last, found in hundreds
    )
    moved = tuple(Tick(tick.at, f"{int(tick.label.replace(',', '')) + begin:,}") for tick in across)
    return Drawing(width, HEIGHT, LEFT, width - RIGHT, base, moved, up, bars=bars)
