"""What each sheet of a summary holds, in the reader's language. The sheets themselves are English, for programs read them."""

from django.utils.translation import gettext, gettext_noop

ABOUTS = (
    gettext_noop("A row per primary study, a column per included review with a list: 1 where the review includes the study."),
    gettext_noop("Every decision on reports whose stage is settled: who, when, what, why, and how a conflict was ruled."),
    gettext_noop("One row per included review: its reports, what was extracted, and how many primary studies it lists."),
    gettext_noop("Corrected covered area (CCA) of the included reviews, overall and for every pair, with what it assumes."),
    gettext_noop(
        "The outcomes in the order of what matters most, and how much each matters to each group: median, quartiles and number, of groups "
        "large enough to be shown."
    ),
    gettext_noop(
        "Every box of the PRISMA 2020 diagram, the sources, what was removed before screening, the reasons for exclusion, and the "
        "equations."
    ),
    gettext_noop("What this file is, and what was assumed."),
    gettext_noop(
        "Every search as PRISMA-S asks: interface, strategy word for word, limits, dates, hits beside records; and the known reviews found."
    ),
)


def about_as_read(about: str) -> str:
    return gettext(about)
