"""What the pure rules of the protocol call things, in the reader's language. Their own words are English, as files have them."""

from django.utils.translation import gettext_lazy

# Where hits went that are no record here (rules.Account.known).
WHERE_HITS_WENT = {
    "duplicates removed elsewhere": gettext_lazy("duplicates removed elsewhere"),
    "marked by automation tools, removed elsewhere": gettext_lazy("marked by automation tools, removed elsewhere"),
    "for other reasons, removed elsewhere": gettext_lazy("for other reasons, removed elsewhere"),
    "given twice by the search": gettext_lazy("given twice by the search"),
    "not readable in the file": gettext_lazy("not readable in the file"),
}
