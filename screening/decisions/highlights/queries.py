"""The words that are marked in a project's texts, as they stand now and as they stood."""

from functools import lru_cache
from uuid import UUID

from screening.decisions.desk.models import TermList
from screening.decisions.highlights.rules import KINDS, Lookup, Term, lookup
from screening.projects.models import Project

NOTHING = Lookup()


def current_list(project: Project) -> TermList | None:
    return TermList.objects.filter(project=project).order_by("-n").first()


def terms_of(version: TermList | None) -> dict[str, list[Term]]:
    """The terms of a version by kind, in the order they were written."""
    terms = [Term(**term) for term in (version.terms if version else [])]
    return {kind: [term for term in terms if term.kind == kind] for kind in KINDS}


@lru_cache(maxsize=256)
def lookup_of(version_id: UUID | None) -> Lookup:
    """A version made ready for looking through texts. It is a fact, so it may be remembered."""
    if version_id is None:
        return NOTHING
    return lookup(Term(**term) for term in TermList.objects.get(pk=version_id).terms)


def lookup_for(project: Project) -> Lookup:
    """The words in force in a project, for a page that shows one text: pass it to rules.spans."""
    return lookup_of(TermList.objects.filter(project=project).order_by("-n").values_list("pk", flat=True).first())
