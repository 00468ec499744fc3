"""Agreement as CSV: the figures line by line, and the table behind them, one row per report and one column per rater. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from .printed import decimals
from .rules import Agreement
from .showing import MANY, Line, Shown, measure_of

KINDS = {
    "stage": "stage",
    "pair": "pair",
    "round": "pilot round",
    "criterion": "criterion",
    "month": "month",
    "hundred": "reports in the order decided",
    "consensus": "reviewer against consensus",
}
MEASURES = ("kappa", "pabak", "ac1", "alpha", "prevalence", "bias", "positive", "negative")
HEADER = ["what", "label", "reports", "agreed on", "observed agreement", "kappa", "kappa 95% low", "kappa 95% high", "kappa standard error"]
HEADER += ["pabak", "gwet ac1", "krippendorff alpha", "prevalence index", "bias index", "p pos", "p neg", "not defined because"]

Row = list[str | int]
Titles = Callable[[Sequence[UUID]], Mapping[UUID, str]]
AT_ONCE = 2_000


def figures_table(result: Shown) -> list[Row]:
    """One row per line of the page; a figure that does not exist is empty, and the last cell says why."""
    return [list(HEADER), *(_row(line) for line in result.lines())]


def _row(line: Line) -> Row:
    figures = line.figures
    interval = figures.interval if isinstance(figures, Agreement) else None
    bounds = [interval.low, interval.high, interval.standard_error] if interval else [None] * 3
    measures = {name: measure_of(figures, name) for name in MEASURES}
    whys = {measure.why for measure in (figures.observed, *measures.values()) if measure.value is None} - {MANY}
    return [
        KINDS[line.key],
        line.label,
        figures.n,
        figures.observed.of[0] if figures.observed.of else "",
        decimals(figures.observed),
        decimals(measures["kappa"]),
        *("" if bound is None else f"{bound:.4f}" for bound in bounds),
        *(decimals(measures[name]) for name in MEASURES[1:]),
        " ".join(sorted(whys)),
    ]


def underlying_table(reports: Iterable[Any], names: Mapping[str, str], titles: Titles, *, outcomes: bool) -> Iterator[Row]:
    """The independent answers, in the order the reports were decided; `manage.py agreement` reads this file.

    `titles`: the titles of so many reports by id. `outcomes`: with what each report came to, for those who may see people
    against the consensus.
    """
    raters = list(names)
    yield ["report", "title", *(names[rater] for rater in raters), *(["settled as"] if outcomes else [])]
    left = iter(reports)
    while some := list(islice(left, AT_ONCE)):
        called = titles([one.report for one in some])
        for one in some:
            answers, end = one.answers, [one.outcome] if outcomes else []
            yield [str(one.report), called.get(one.report, ""), *(answers.get(rater, "") for rater in raters), *end]
