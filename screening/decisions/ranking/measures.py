"""How good an order was, once everything is known. Pure; `labels` are 1 (relevant) or 0, in the order of screening.

Sources: loss as ASReview defines it (the area above the recall curve, 0 where all relevant ones came first and 1 where
they came last); work saved over sampling after Cohen et al. 2006 (JAMIA 13:206): (N - screened) / N - (1 - recall),
with all that was screened to reach that recall counted. Another definition takes the share of irrelevant ones left.
"""

from collections.abc import Sequence
from itertools import accumulate
from math import ceil


def _known(labels: Sequence[int]) -> int:
    relevant = sum(labels)
    if not 0 < relevant < len(labels):
        raise ValueError("There have to be relevant and irrelevant reports.")
    return relevant


def loss(labels: Sequence[int]) -> float:
    """The area above the recall curve, of what an order can lose at all: from 0 (best) to 1 (worst)."""
    relevant, n = _known(labels), len(labels)
    return (relevant * (n - (relevant - 1) / 2) - sum(accumulate(labels))) / (relevant * (n - relevant))


def screened_to_reach(labels: Sequence[int], recall: float = 0.95) -> int:
    """How many had to be screened until this share of the relevant ones was found."""
    wanted = ceil(recall * _known(labels) - 1e-9)
    return next(n for n, found in enumerate(accumulate(labels), start=1) if found >= wanted)


def wss(labels: Sequence[int], recall: float = 0.95) -> float:
    """Work saved over sampling at a recall, as Cohen et al. 2006 define it."""
    return (len(labels) - screened_to_reach(labels, recall)) / len(labels) - (1 - recall)


def recall_at(labels: Sequence[int], share: float = 0.1) -> float:
    """The share of the relevant ones among the first so many of a hundred (`share` of all, whole reports)."""
    relevant = _known(labels)
    return sum(labels[: int(share * len(labels) + 1e-9)]) / relevant
