"""The orders a queue can have. Pure; words.py has them in words."""

RANKED, RANDOM, NEWEST, TITLE = "ranked", "random", "newest", "title"
ORDERS = (RANKED, RANDOM, NEWEST, TITLE)


def order_used(asked: str | None, *, ranked_for_all: bool) -> str:
    """The order a member's queue has: the project's where everybody works in one, else their own choice, else at random."""
    if ranked_for_all:
        return RANKED
    return asked if asked in ORDERS else RANDOM
