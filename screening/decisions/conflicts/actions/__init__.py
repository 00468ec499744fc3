"""The only writers of what settles conflicts: rulings, consensus, and what becomes of changes of mind.

Each takes the lock on the report's stage row first; several are locked in ascending report id.
"""

from screening.decisions.conflicts.actions.consensus import confirm, meet, propose
from screening.decisions.conflicts.actions.requests import decline, reopen
from screening.decisions.conflicts.actions.settling import (
    MOST_TOGETHER,
    NotTogether,
    resolve,
    reveal,
    reveal_many,
    set_rule,
    settle_together,
)

__all__ = [
    "MOST_TOGETHER",
    "NotTogether",
    "confirm",
    "decline",
    "meet",
    "propose",
    "reopen",
    "resolve",
    "reveal",
    "reveal_many",
    "set_rule",
    "settle_together",
]
