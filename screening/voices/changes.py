"""What an answer can link to as changed: the protocol's versions, amendments, criteria, outcomes and questions, the latest first."""

from typing import Any

from django.utils.translation import gettext as _

from screening.projects import contributions
from screening.projects.models import Membership
from screening.protocol.queries import criteria_of, questions_of, versions_of
from screening.protocol.versions.queries import amendments_in_force, first_wordings

MOST_VERSIONS = 20


def changes_to_link(membership: Membership) -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups of choices: (what they are, [(kind:id, label)]). Kinds nobody has registered, and empty groups, are left out."""
    project = membership.project
    groups: list[tuple[str, str, list[Any]]] = [
        (_("Versions of the protocol"), "version", list(versions_of(project)[:MOST_VERSIONS])),
        (_("Amendments and departures"), "amendment", _amendments(project)),
        (_("Criteria"), "criterion", list(criteria_of(project))),
        (_("Outcomes"), "outcome", _outcomes(project)),
        (_("Questions"), "question", list(questions_of(project))),
    ]
    found = []
    for words, kind, things in groups:
        about = contributions.about_kind(kind)
        if about is not None and things:
            found.append((words, [(f"{kind}:{thing.pk}", about.label(thing)) for thing in things]))
    return found


def _amendments(project: Any) -> list[Any]:
    first = first_wordings(project)
    return [first[one.pk] for one in amendments_in_force(project).reverse()[:MOST_VERSIONS]]


def _outcomes(project: Any) -> list[Any]:
    from screening.protocol.models import OutcomeOfInterest

    return list(OutcomeOfInterest.objects.filter(project=project, removed=False))
