"""The orders a queue can have. Pure."""

RANKED, RANDOM, NEWEST, TITLE = "ranked", "random", "newest", "title"
ORDERS: dict[str, str] = {
    RANKED: "Ranked, the likeliest first",
    RANDOM: "At random, in an order of your own",
    NEWEST: "Newest first",
    TITLE: "By title",
}


def order_used(asked: str | None, *, ranked_for_all: bool) -> str:
    """The order a member's queue has: the project's where everybody works in one, else their own choice, else at random."""
    if ranked_for_all:
        return RANKED
    return asked if asked in ORDERS else RANDOM
