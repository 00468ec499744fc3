"""Words somebody typed into a form that could not be taken: they are given back with the reason, and never lost."""

from django.http import HttpRequest
from django.utils.translation import gettext as _


def with_words(sentence: object, *typed: str) -> str:
    """A refusal, and after it what was typed: for a page on which the form does not stand any more."""
    kept = [words.strip() for words in typed if words.strip()]
    if not kept:
        return str(sentence)
    return _("%(sentence)s You had written: “%(words)s”") % {"sentence": sentence, "words": "” “".join(kept)}


def words_sent(request: HttpRequest) -> list[str]:
    """What was written in a form of a project, as far as it can be told from what was chosen: that has no spaces in it."""
    if request.method != "POST" or not request.path.startswith("/p/"):
        return []
    return [value for name in request.POST for value in request.POST.getlist(name) if len(value.split()) > 1]
