"""Reads of the glossary."""

from screening.projects.models import Project
from screening.projects.once import once
from screening.voices.glossary.rules import Entry, entries
from screening.voices.models import GlossaryTerm


@once
def glossary_of(project: Project) -> list[Entry]:
    """Every word that is explained in this project, by the alphabet."""
    own = GlossaryTerm.objects.filter(project=project, removed=False).values_list("pk", "term", "meaning")
    return entries(own)
