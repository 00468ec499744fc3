"""Agreement as CSV: the figures line by line, and the table behind them, one row per report and one column per rater. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

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


def underlying_table(reports: Sequence[Any], names: Mapping[str, str], titles: Mapping[Any, str], *, outcomes: bool) -> list[Row]:
    """The independent answers, in the order the reports were decided; `manage.py agreement` reads this file.

    `outcomes`: with what each report came to, for those who may see people against the consensus.
    """
    raters = list(names)
    rows: list[Row] = [["report", "title", *(names[rater] for rater in raters), *(["settled as"] if outcomes else [])]]
    for one in reports:
        answers = one.answers
        end = [one.outcome] if outcomes else []
        rows.append([str(one.report), titles.get(one.report, ""), *(answers.get(rater, "") for rater in raters), *end])
    return rows
