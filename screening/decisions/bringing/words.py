"""What it can mean that a record is in a file, in the reader's language."""

from django.utils.translation import gettext_lazy

LIST_WORDS = {
    "": gettext_lazy("Nothing: only what stands beside a record counts"),
    "irrelevant": gettext_lazy("It was excluded at title and abstract (irrelevant)"),
    "sought": gettext_lazy("It was included at title and abstract (full text to be assessed)"),
    "excluded": gettext_lazy("It was excluded at full text"),
    "included": gettext_lazy("It was included at full text"),
}
