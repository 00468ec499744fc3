"""The one writer of the team's words."""

from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction

from screening.decisions.desk.models import TermList
from screening.decisions.highlights.queries import current_list
from screening.decisions.highlights.rules import Term, faults_in
from screening.decisions.highlights.words import in_words
from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership, Project


@transaction.atomic
def set_terms(*, by: Membership, terms: Sequence[Term]) -> TermList | None:
    """Mark these words from now on; what was marked until now stays on record. The same list again writes nothing.

    Raises Refused with every fault of the list.
    """
    check(by, "desk.edit")
    kept = list(dict.fromkeys(terms))
    if faults := faults_in(kept):
        raise Refused(" ".join(map(in_words, faults)))
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    last = current_list(by.project)
    wanted = [asdict(term) for term in kept]
    if wanted == (last.terms if last else []):
        return last
    return TermList.objects.create(project=by.project, by=by, n=last.n + 1 if last else 1, terms=wanted)
