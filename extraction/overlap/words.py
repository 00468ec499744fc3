"""The words of an overlap in the reader's language: of its drawing, its bands, and what is to be known of it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from extraction.overlap.heatmap_words import HeatWords
from extraction.overlap.rules import Overlap, band, percent
from screening.projects.kept_words import as_read

# What a computation says beside its figure, as it is kept.
WARNINGS = (
    lambda n: ngettext("%(n)s study in no review counted, as asked.", "%(n)s studies in no review counted, as asked.", n),
    lambda n: ngettext("%(n)s study in no review left out.", "%(n)s studies in no review left out.", n),
    gettext_noop("Overlap is undefined: no review has a list of studies, and it takes two."),
    gettext_noop("Overlap is undefined: only one review has a list of studies, and it takes two."),
    gettext_noop("Overlap is undefined: no review includes any study."),
    gettext_noop(
        "Overlap is undefined: %(rows)s rows hold only %(n)s inclusions, so the rows in no review outweigh every overlap; "
        "compute it without them."
    ),
    lambda n: ngettext(
        "Adjusted overlap is undefined (not comparable): every cell in which two reviews could have overlapped is structurally missing "
        "(%(n)s cell).",
        "Adjusted overlap is undefined (not comparable): every cell in which two reviews could have overlapped is structurally missing "
        "(%(n)s cells).",
        n,
    ),
    gettext_noop("The band is that of the adjusted figure (%(adjusted)s, %(band)s); unadjusted it is %(cca)s, %(other_band)s."),
    lambda n: ngettext(
        "Undefined (not comparable) for %(n)s pair: %(pairs)s.", "Undefined (not comparable) for %(n)s pairs: %(pairs)s.", n
    ),
    lambda n: ngettext(
        "Left out, because no study is listed for it: %(names)s (%(n)s review).",
        "Left out, because no study is listed for it: %(names)s (%(n)s reviews).",
        n,
    ),
)

IMPOSSIBLE = (gettext_noop("%(review)s includes %(study)s: a study of %(study_year)s in a review of %(review_year)s"),)


def bands() -> dict[str, str]:
    """The bands as rules.py names them -> in the reader's language."""
    return {"slight": _("slight"), "moderate": _("moderate"), "high": _("high"), "very high": _("very high")}


def band_word(share_band: str | None) -> str:
    return bands()[share_band] if share_band else ""


def warning_as_read(warning: str) -> str:
    return as_read(warning, WARNINGS, bands())


def impossible_as_read(query: str) -> str:
    """An inclusion that the years make impossible."""
    return as_read(query, IMPOSSIBLE)


def heat_words() -> HeatWords:
    """The words of the heat map."""
    return HeatWords(
        name=_("Heat map of overlap between pairs of reviews"),
        named_with_keys=_("Heat map of overlap between pairs of reviews; arrow keys move between pairs"),
        bands=(_("none"), *bands().values()),
        ranges=(_("none"), _("under 5"), _("5 to 10"), _("10 to 15"), _("15 or more")),
        not_comparable=_("not comparable"),
        # xgettext:no-python-format
        head=_("Studies in both, % of either"),
        set_aside=_("those out of reach set aside"),
        diagonal=_("diagonal: only here / all"),
        blank=_("blank: not comparable"),
        cross=_("×: not comparable"),
        pair=_("%(a)s and %(b)s"),
        pair_said=_("%(a)s and %(b)s: %(share)s, %(band)s, %(shared)s shared"),
        pair_not_comparable=_("%(a)s and %(b)s: not comparable"),
        too_few=_("A heat map compares pairs: it needs at least two reviews with a list of studies."),
        too_many=_("With %(reviews)s reviews a heat map cannot be read: use the table of pairs."),
        too_many_for_narrow=_("With %(reviews)s reviews a heat map cannot be read on a narrow screen: use the table of pairs."),
        caption=caption,
    )


def caption(result: Overlap) -> str:
    """The figure with its assumptions, in one line."""
    values = {
        "counts": ", ".join(
            (
                ngettext("%(n)s review", "%(n)s reviews", result.reviews) % {"n": result.reviews},
                ngettext("%(n)s study", "%(n)s studies", result.studies) % {"n": result.studies},
                ngettext("%(n)s inclusion", "%(n)s inclusions", result.inclusions) % {"n": result.inclusions},
            )
        )
    }
    if result.cca_adjusted is None:
        return _("Corrected covered area undefined: %(counts)s.") % values
    values |= {"share": f"{percent(result.cca_adjusted)}%", "band": band_word(band(result.cca_adjusted))}
    if not result.structurally_missing:
        return _("Corrected covered area %(share)s (%(band)s): %(counts)s.") % values
    words = ngettext(
        "Corrected covered area %(share)s (%(band)s): %(counts)s, %(n)s cell out of reach set aside; with them %(cca)s.",
        "Corrected covered area %(share)s (%(band)s): %(counts)s, %(n)s cells out of reach set aside; with them %(cca)s.",
        result.structurally_missing,
    )
    return words % {**values, "n": result.structurally_missing, "cca": f"{percent(result.cca)}%"}
