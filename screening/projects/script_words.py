"""The words of the scripts that every page loads (static/js/words.js), in the reader's language: no script holds any."""

import json
from collections.abc import Callable, Mapping
from functools import cache

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

# Numbers of which each language's kinds of plural have one at least; what is most often needed stands under "".
KINDS = (0, 1, 2, 3, 5, 11, 100)
USUAL = 5

Words = Mapping[str, str | Mapping[str, str]]


def counted(one: str, many: str) -> dict[str, str]:
    """A sentence with {n} in it by the kinds of number a language tells apart."""
    forms = {n: ngettext(one, many, n) for n in KINDS}
    return {"": forms[USUAL], **{str(n): form for n, form in forms.items() if form != forms[USUAL]}}


def as_attribute(words: Callable[[], Words]) -> Callable[[], str]:
    """These words as JSON, made once for each language."""

    @cache
    def made(language: str | None) -> str:
        return json.dumps(words(), ensure_ascii=False, separators=(",", ":"))

    return lambda: made(get_language())


@as_attribute
def frame_words() -> Words:
    """What any page may say: that something was copied, which keys there are, what waits in this browser to be sent."""
    return {
        "copied": _("Copied"),
        "selected": _("Selected: copy it with your keyboard"),
        "keys_from_to": _("{first} to {last}"),
        "show_keys": _("Show these keys"),
        "unreachable": _("The server could not be reached, so that was not done. Check your connection and try again."),
        "not_allowed": _("That was not done: your role in this project does not allow it, or you were signed out."),
        "signed_out_here": _(
            "That was not done: you have been signed out. Sign in in another window and try again here: what you typed stays."
        ),
        "gone": _("That was not done: it is no longer here. Load the page again to see what is."),
        "failed": _("That was not done: the server answered with an error ({status}). Load the page again before you try once more."),
        "no_reason": _("The server answered with an error ({status}) and gave no reason."),
        "sign_in": _("Sign in"),
        "see_it": _("See it"),
        "not_saved": _("A decision was not saved. The desk says why."),
        "decisions": counted("{n} decision", "{n} decisions"),
        "changes": counted("{n} change", "{n} changes"),
        "signed_out": _("Sign in to send {them}, kept in this browser until then."),
        "another": counted(
            "Another account is signed in now. {them} of yours is kept in this browser, and sent when you sign in again.",
            "Another account is signed in now. {them} of yours are kept in this browser, and sent when you sign in again.",
        ),
        "offline": counted(
            "{them} waits in this browser until the server can be reached.", "{them} wait in this browser until the server can be reached."
        ),
        "unkept": _(
            "This browser cannot keep what you decide: its storage is full or switched off. "
            "Leave this page open until all is sent ({them} now)."
        ),
        "elsewhere": counted(
            "{them} made under another account waits in this browser. It is sent when that account signs in here, and under no other.",
            "{them} made under another account wait in this browser. They are sent when that account signs in here, and under no other.",
        ),
        "elsewhere_signed_out": counted(
            "Sign in to send {them}, kept in this browser under the account that made it.",
            "Sign in to send {them}, kept in this browser under the account that made them.",
        ),
    }
