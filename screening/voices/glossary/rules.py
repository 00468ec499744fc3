"""The words every umbrella review uses, in plain words. A project's own meaning of a word stands in place of these."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

LONGEST_TERM = 80
LONGEST_MEANING = 600
MOST = 300

COMMON = (
    (_("Abstract"), _("The short summary at the beginning of a paper. Most papers are first judged by their title and abstract.")),
    (_("Amendment"), _("A change of the protocol after it was recorded, with the day, the reason and who decided.")),
    (_("AMSTAR 2"), _("Questions to judge how well a review was done. “Critically low” is said of the review, never of people in it.")),
    (_("Blind"), _("Two people judge the same paper without knowing what the other said, so that neither leans on the other.")),
    (_("Citation"), _("The line that names a paper: who wrote it, what it is called, where and when it appeared.")),
    (_("Conflict"), _("Two people judged the same paper differently. It is talked over, or somebody else decides.")),
    (_("Corrected covered area"), _("How far several reviews rest on the same studies. High: the same evidence is told more than once.")),
    (_("Criterion"), _("One line of the rules that say which papers belong in the review and which do not.")),
    (_("Duplicate"), _("The same paper found more than once, in different places. It is counted and judged once.")),
    (_("Eligible"), _("Fits all the criteria, so it belongs in the review.")),
    (_("Exclusion reason"), _("Why a paper was left out: the first criterion, in the order of the protocol, that it did not meet.")),
    (_("Extraction"), _("Writing down the same facts about every included paper, so that they can be compared.")),
    (_("Full text"), _("The whole paper, not only its title and abstract.")),
    (_("GRIPP2"), _("A short form in which a review tells how people with lived experience took part and what came of it.")),
    (_("Kappa"), _("A number for how far two people agree beyond what chance alone would give. 1 is always, 0 is no better than chance.")),
    (_("Outcome"), _("What may change for people: hope, time in hospital, feeling less alone.")),
    (_("Primary study"), _("A study that asked or followed people itself, rather than summing up other studies.")),
    (_("PRISMA diagram"), _("The drawing that shows how many papers were found, left out and kept, and why.")),
    (_("Protocol"), _("The plan, written down before the work begins: what is asked, what counts, and how it is done.")),
    (_("Record"), _("One entry as a database gave it. Several records can be of one report.")),
    (_("Report"), _("One paper or document. It is what people read and judge.")),
    (_("Screening"), _("Going through everything that was found and judging what belongs in the review.")),
    (_("Settled"), _("The team has come to its outcome on a paper. Before that, nobody is shown what others said of it.")),
    (_("Systematic review"), _("A paper that looks for all studies on a question by stated rules and sums up what they found.")),
    (_("Threshold"), _("A line a number has to reach, for example at least half of the workers are paid.")),
    (_("Umbrella review"), _("A review of reviews: it brings together what several systematic reviews found.")),
    (_("Working group"), _("People with lived experience who shape this review: what it asks, what matters most, and how it is told.")),
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A word with its meaning; `id` where the project wrote it."""

    term: str
    meaning: str
    id: UUID | None = None

    @property
    def anchor(self) -> str:
        return "term-" + "-".join("".join(letter if letter.isalnum() else " " for letter in self.term.casefold()).split())


def entries(own: Iterable[tuple[UUID, str, str]]) -> list[Entry]:
    """All words by the alphabet: the project's, and those of COMMON that it does not explain itself."""
    mine = [Entry(term, meaning, pk) for pk, term, meaning in own]
    taken = {entry.term.casefold() for entry in mine}
    common = [Entry(str(term), str(meaning)) for term, meaning in COMMON if str(term).casefold() not in taken]
    return sorted([*mine, *common], key=lambda entry: (entry.term.casefold(), entry.term))
