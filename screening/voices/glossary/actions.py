"""The only writers of a project's glossary."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership, Project
from screening.voices.glossary.rules import LONGEST_MEANING, LONGEST_TERM, MOST
from screening.voices.models import GlossaryTerm
from screening.voices.rules import clean_line, clean_words


@transaction.atomic
def explain(*, by: Membership, term: str, meaning: str) -> GlossaryTerm:
    """Say what a word means in this project; said again, the new meaning takes the old one's place (both are kept)."""
    check(by, "glossary.edit")
    term, meaning = clean_line(term, LONGEST_TERM), clean_words(meaning)
    if not term or not meaning:
        raise Refused(_("Write a word, and what it means."))
    if len(meaning) > LONGEST_MEANING:
        raise Refused(_("Keep the meaning to %(most)s characters, so that it is read in a moment.") % {"most": LONGEST_MEANING})
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    there = GlossaryTerm.objects.filter(project=by.project, removed=False, term__iexact=term).first()
    if there is None:
        if GlossaryTerm.objects.filter(project=by.project, removed=False).count() >= MOST:
            raise Refused(_("There are %(most)s words already. Take those away that nobody needs.") % {"most": MOST})
        return GlossaryTerm.objects.create(project=by.project, term=term, meaning=meaning)
    if (there.term, there.meaning) != (term, meaning):
        there.term, there.meaning = term, meaning
        there.save(update_fields=["term", "meaning"])
    return there


@transaction.atomic
def take_away(*, by: Membership, term_id: UUID) -> None:
    """Take the project's own meaning away. A word every review uses has its common one again. Twice is once."""
    check(by, "glossary.edit")
    there = GlossaryTerm.objects.select_for_update().filter(project=by.project, pk=term_id, removed=False).first()
    if there is not None:
        there.removed = True
        there.save(update_fields=["removed"])
