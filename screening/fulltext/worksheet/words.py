"""What the figures of a threshold come to, and what is wrong with them, in the reader's language."""

from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from screening.fulltext.worksheet.rules import Figures, OddFigures, Share, against_line, percent, share_of

GIVE_BOTH = gettext_noop("Give how many studies meet it and how many there are in all, or leave all of these empty.")

# What the rules say of figures that cannot be: named here, so that it is translated.
ODD = (
    GIVE_BOTH,
    gettext_noop("Say how this was determined: stated by the review, counted, or sampled."),
    gettext_noop("Numbers of studies are from 0 to %(most)s."),
    gettext_noop("How many were looked at belongs to a sample. Leave it empty where every study was counted."),
    gettext_noop("%(met)s that meet it and %(unclear)s unclear are more than the %(seen)s looked at."),
    gettext_noop("Of a sample, say how many studies were looked at."),
    gettext_noop("A sample is from 0 to the %(total)s studies there are."),
    gettext_noop("The line of this threshold is not a number."),
)


def odd_in_words(odd: OddFigures) -> str:
    return _(odd.sentence) % odd.values


def share_words(figures: Figures, line: Fraction) -> str:
    """What a worksheet comes to, in a sentence or two: the bounds with their counts, and what they say of the line."""
    share = share_of(figures)
    if share.low is None or share.high is None:
        return _("A review without studies has no share.")
    words = [_bounds(figures, share, line)]
    if share.estimate is not None and figures.how == "sampled":
        sample = {"looked_at": f"{figures.looked_at:,}", "met": f"{figures.met:,}", "share": percent(share.estimate)}
        words.append(_("Of the %(looked_at)s looked at, %(met)s do (%(share)s): an estimate, not a bound.") % sample)
    at = {"line": f"{float(line * 100):g}%"}
    match against_line(share, line):
        case "yes":
            words.append(_("Even the least reaches the line of %(line)s.") % at)
        case "no":
            words.append(_("Even the most stays below the line of %(line)s.") % at)
        case _:
            depends = _("Whether it reaches the line of %(line)s depends on the studies that are unclear or were not looked at.")
            words.append(depends % at)
    return " ".join(words)


def _bounds(figures: Figures, share: Share, line: Fraction) -> str:
    """The share with its counts: one where the bounds are the same."""
    n, total = figures.total, f"{figures.total:,}"
    least = percent(share.low, line)
    if share.low == share.high:
        words = ngettext("%(met)s of %(total)s study meet it: %(share)s.", "%(met)s of %(total)s studies meet it: %(share)s.", n)
        return words % {"met": f"{figures.met:,}", "total": total, "share": least}
    words = ngettext(
        "%(met)s to %(most)s of %(total)s study meet it: %(low)s to %(high)s.",
        "%(met)s to %(most)s of %(total)s studies meet it: %(low)s to %(high)s.",
        n,
    )
    most = f"{int(share.high * n):,}"
    return words % {"met": f"{figures.met:,}", "most": most, "total": total, "low": least, "high": percent(share.high, line)}
