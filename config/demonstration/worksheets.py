"""What made-up full texts say: how many of their studies are of paid peer workers, and which criterion they do not meet.

The shares lie on both sides of the line of the protocol (half), some so near it that studies which do not say whether
anybody was paid decide: moving the line then moves reports.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from screening.fulltext.worksheet.actions import Answered
from screening.fulltext.worksheet.queries import given_places
from screening.fulltext.worksheet.rules import AnswerWord, Figures, Given, answer_at

LINE, OUTCOME = "Under half paid peer workers", "No outcome we ask about"
QUANTITATIVE, APPRAISAL = "Quantitative", "No quality appraisal"

# In turn: across the line, on either side of sixty percent, plainly above, a sample.
ABOVE = (
    Figures(9, 20, unclear=4),
    Figures(11, 20, how="stated"),
    Figures(9, 16, unclear=2),
    Figures(15, 18),
    Figures(24, 40, unclear=2, how="sampled", looked_at=30),
    Figures(13, 24),
    Figures(12, 12, how="stated"),
)
# Just below, across forty percent, a share alone, far below.
BELOW = (
    Figures(9, 20),
    Figures(7, 20, unclear=2),
    Figures(8, 18, how="stated"),
    Figures(12, 60, unclear=3, how="sampled", looked_at=50),
    Figures(4, 15),
)
# Why the excluded ones are: for the share, most often.
REASONS = (LINE, LINE, APPRAISAL, LINE, OUTCOME)


@dataclass(frozen=True)
class Read:
    """One reading of a full text: its decision, and the answers it rests on."""

    answer: str
    answered: list[Answered]


def including(body: Mapping[str, Any], n: int) -> Read:
    """Every criterion is met, for two of the questions or all; `n` says with which share."""
    met = dict(_met(body, figures=ABOVE[n % len(ABOVE)], judged="yes", page=f"Table {1 + n % 3}"))
    question = body["questions"][n % 5 % len(body["questions"])]["id"]
    if n % 5 < 2:
        met[_id(body, OUTCOME), question] = Answered(_id(body, OUTCOME), question, "no")
    return Read("include", list(met.values()))


def excluding(body: Mapping[str, Any], n: int) -> Read:
    """One criterion is not met, for most of them the share. Some readers stop at that; others answer the rest too."""
    label = REASONS[n % len(REASONS)]
    below, failed = label == LINE, _id(body, label)
    figures = BELOW[n % len(BELOW)] if below else ABOVE[n % len(ABOVE)]
    met = dict(_met(body, figures=figures, judged="no" if below else "yes", page=f"Table {1 + n % 3}"))
    if below and n % 3 == 0 and n:
        met = {place: one for place, one in met.items() if place[0] == failed}
    if label == APPRAISAL:
        met[_id(body, QUANTITATIVE), None] = Answered(_id(body, QUANTITATIVE), None, "yes")
    if not below:
        met |= {place: Answered(*place, "no") for place in given_places(body) if place[0] == failed}
    return Read("exclude", list(met.values()))


def told_by(body: Mapping[str, Any], figures: Figures) -> Read:
    """What the paper itself says of its studies, where it says nothing that excludes it otherwise."""
    line = next(one for one in body["criteria"] if one["label"] == LINE)
    below = answer_at(line, Given(figures=figures)) == "no"
    words = f"Of the {figures.total} studies included, {figures.met} evaluated peer support by workers who were paid for it"
    met = dict(_met(body, figures=figures, judged=None if below else "yes", page="2", quote=words))
    return Read("exclude" if below else "include", list(met.values()))


def _met(
    body: Mapping[str, Any], *, figures: Figures, judged: AnswerWord | None, page: str, quote: str = ""
) -> Iterator[tuple[tuple[str, str | None], Answered]]:
    """Each place answered as met, the share by its figures; `judged` counts only where their bounds straddle the line."""
    by_label = {criterion["label"]: criterion["id"] for criterion in body["criteria"]}
    quantitative = figures.total % 2 == 0
    for place in given_places(body):
        if place[0] == by_label[LINE]:
            yield place, Answered(*place, judged, figures, quote, page)
        elif place[0] == by_label[QUANTITATIVE]:
            yield place, Answered(*place, "yes" if quantitative else "no")
        else:
            yield place, Answered(*place, "yes")


def _id(body: Mapping[str, Any], label: str) -> str:
    return next(criterion["id"] for criterion in body["criteria"] if criterion["label"] == label)
