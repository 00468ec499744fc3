"""The words of the desk's scripts (static/js/desk*.js, paper.js), in the reader's language."""

from django.utils.translation import gettext as _

from screening.projects.script_words import Words, as_attribute, counted


def _of_keys() -> Words:
    return {
        "key_include": _("Include"),
        "key_maybe": _("Maybe"),
        "key_exclude": _("Exclude"),
        "key_criterion": _("Mark a criterion as not met"),
        "key_next": _("Next title"),
        "key_previous": _("Previous title"),
        "key_undo": _("Undo the last decision"),
        "key_skip": _("Skip: it comes back at the end"),
        "key_note": _("Write a note (Escape closes it)"),
        "key_label": _("Labels (Escape closes them)"),
        "key_show": _("Show a title behind a content note"),
        "key_narrow": _("Order and filters"),
        "key_clear": _("Show all titles again"),
    }


def _of_both_views() -> Words:
    return {
        "include": _("Included"),
        "exclude": _("Excluded"),
        "maybe": _("Maybe"),
        "no_failed": _("A title that is included cannot have a criterion marked as not met. Take the mark away, or choose another answer."),
        "show_first": _("Show the title first, or leave it for later."),
        "marked": _("{criterion}: marked as not met"),
        "not_marked": _("{criterion}: not marked"),
        "taken_back": _("Taken back: {title}"),
        "note": _("Note"),
        "note_written": _("Note written"),
        "label": _("Label"),
        "labels": counted("{n} label", "{n} labels"),
        "a_label": _("A label"),
        "put_on": _("{label}: put on."),
        "taken_off": _("{label}: taken off."),
        "label_offline": _("A new label needs a connection. The ones above can be put on without one."),
        "not_remembered": _("That holds for this page, but could not be remembered. Check your connection."),
        "remembered": _("Remembered."),
        "disconnected": _("Not connected. What you decide is kept in this browser."),
        "connected": _("Connected again."),
        "progress": _("You have decided on {n} of {all}"),
        "all_sent": _("All sent"),
        "n_waiting": counted("{n} waiting", "{n} waiting"),
        **_of_what_is_not_sent(),
        "open_again": _("Open it again"),
        "open_other": _("Open that one"),
        "seen": _("I have seen this"),
        "why_refused": _("“{title}”: {why}"),
        "you_said": _("You had said: {answer}."),
        "you_noted": _("Your note: “{note}”"),
    }


def _of_what_is_not_sent() -> Words:
    """Where decisions are while they cannot be sent: on their way into the browser, in it, or in this page alone."""
    return {
        "at_waiting": _("Waiting: {n}"),
        "at_waiting_kept": _("Waiting, kept here: {n}"),
        "at_waiting_unkept": _("Waiting, only in this page: {n}"),
        "at_offline": _("Offline: {n}"),
        "at_offline_kept": _("Offline, kept here: {n}"),
        "at_offline_unkept": _("Offline, only in this page: {n}"),
        "at_signed-out": _("Signed out: {n}"),
        "at_signed-out_kept": _("Signed out, kept here: {n}"),
        "at_signed-out_unkept": _("Signed out, only in this page: {n}"),
        "at_another": _("Another account: {n}"),
        "at_another_kept": _("Another account, kept here: {n}"),
        "at_another_unkept": _("Another account, only in this page: {n}"),
    }


@as_attribute
def one_at_a_time() -> Words:
    return {
        **_of_keys(),
        **_of_both_views(),
        "said_include": _("Included."),
        "said_exclude": _("Excluded."),
        "said_maybe": _("Maybe."),
        "said_before": _("Not saved before, when you said: {answer}. Your marks and your note are here again."),
        "last_include": _("Included: “{title}”"),
        "last_exclude": _("Excluded: “{title}”"),
        "last_maybe": _("Maybe: “{title}”"),
        "undo": _("Undo"),
        "only_one": _("This is the only title left for now."),
        "skipped": _("Skipped. It comes back at the end."),
        "none_further": _("No further title is here."),
        "none_before": _("No title before this one."),
        "before_you_read": _("Before you read: {words} Press S to show the title, K to leave it for later."),
        "next": _("Next: {title}"),
        "arrived": _("Another title is here."),
        "not_fetched": _("The next titles could not be fetched. Trying again every few seconds; what you decided is kept."),
        "fetching": _("Fetching the next titles"),
        "no_abstract": _("There is no abstract in the records of this report."),
        "end": _("That was the last one. Thank you."),
        "end_narrowed": _("Nothing that fits your filters is left."),
        "end_decided": counted(
            "You have decided on {n} title: {include} include, {maybe} maybe, {exclude} exclude.",
            "You have decided on {n} titles: {include} include, {maybe} maybe, {exclude} exclude.",
        ),
        "end_elsewhere": counted(
            "{n} more lies on colleagues’ desks just now, and may come back.",
            "{n} more lie on colleagues’ desks just now, and may come back.",
        ),
    }


@as_attribute
def as_list() -> Words:
    return {
        **_of_keys(),
        **_of_both_views(),
        "not_met": _("Not met: {criteria}"),
        "state_waiting": _("waiting"),
        "state_sent": _("sent"),
        "state_skipped": _("skipped"),
        "state_taken_back": _("taken back"),
        "state_refused": _("not saved: see above"),
        "state_elsewhere": _("with colleagues by now; what you decide is kept"),
        "decided_here": _("{n} of {all} decided here"),
        "last_of_list": _("That was the last title of this list."),
        "first_of_list": _("This is the first title of this list."),
        "include_next": _("Included. Next: {title}"),
        "exclude_next": _("Excluded. Next: {title}"),
        "maybe_next": _("Maybe. Next: {title}"),
        "before_you_read": _("before you read: {words}"),
        "done_include": _("Included. This list is done."),
        "done_exclude": _("Excluded. This list is done."),
        "done_maybe": _("Maybe. This list is done."),
        "done_skipped": _("Skipped. This list is done."),
        "open_include": counted("Included. {n} left open in this list.", "Included. {n} left open in this list."),
        "open_exclude": counted("Excluded. {n} left open in this list.", "Excluded. {n} left open in this list."),
        "open_maybe": counted("Maybe. {n} left open in this list.", "Maybe. {n} left open in this list."),
        "open_skipped": counted("Skipped. {n} left open in this list.", "Skipped. {n} left open in this list."),
        "left_open": _("Left open. It comes back at the end."),
        "nothing_to_undo": _("Nothing on this page to undo. Earlier decisions are under My decisions."),
    }
