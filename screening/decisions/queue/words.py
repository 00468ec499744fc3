"""The orders a queue can have, in the reader's language."""

from django.utils.translation import gettext_lazy

from screening.decisions.queue.rules import NEWEST, RANDOM, RANKED, TITLE

ORDERS = {
    RANKED: gettext_lazy("Ranked, the likeliest first"),
    RANDOM: gettext_lazy("At random, in an order of your own"),
    NEWEST: gettext_lazy("Newest first"),
    TITLE: gettext_lazy("By title"),
}
