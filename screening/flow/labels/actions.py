"""The only writers of labels and of what an earlier version had included."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from screening.flow.models import BoxLabel, PreviousReview
from screening.flow.queries import labels_of
from screening.flow.words import KEYS
from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.cells import fit
from screening.projects.models import Membership, Project

LONGEST = 120
MOST = 10_000_000


@transaction.atomic
def set_labels(*, by: Membership, labels: Mapping[str, str]) -> list[BoxLabel]:
    """Call boxes so from now on; an empty label gives a box PRISMA's own words again. Keys left out stay as they are.

    Gives what was written: nothing for a label that says what it said. Raises Refused for a key there is no box for.
    """
    check(by, "project.edit")
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    known, wanted = labels_of(by.project), {key: " ".join(fit(label).split()) for key, label in labels.items()}
    for key, label in wanted.items():
        if key not in KEYS:
            raise Refused(_("There is no box called %(key)s.") % {"key": key[:40]})
        if len(label) > LONGEST:
            raise Refused(_("A label has at most %(n)s letters.") % {"n": LONGEST})
    changed = {key: label for key, label in wanted.items() if known.get(key, "") != label}
    return [BoxLabel.objects.create(project=by.project, by=by, key=key, label=label) for key, label in changed.items()]


@transaction.atomic
def record_previous(
    *, by: Membership, studies: int, reports: int, withdrawn_studies: int = 0, withdrawn_reports: int = 0, citation: str = ""
) -> PreviousReview:
    """Record what the version that this review updates had included, and how much of it is left out now.

    Raises Refused where more is withdrawn than there was, or a number is none.
    """
    check(by, "project.edit")
    if not all(0 <= n <= MOST for n in (studies, reports, withdrawn_studies, withdrawn_reports)):
        raise Refused(_("Give numbers from 0 to %(most)s.") % {"most": f"{MOST:,}"})
    if withdrawn_studies > studies or withdrawn_reports > reports:
        raise Refused(_("More cannot be withdrawn than the previous version had included."))
    return PreviousReview.objects.create(
        project=by.project,
        by=by,
        studies=studies,
        reports=reports,
        withdrawn_studies=withdrawn_studies,
        withdrawn_reports=withdrawn_reports,
        citation=" ".join(fit(citation).split())[:500],
    )


@transaction.atomic
def forget_previous(*, by: Membership) -> PreviousReview:
    """Say that this review updates none (any more): its column goes from the diagram, the facts stay."""
    check(by, "project.edit")
    return PreviousReview.objects.create(project=by.project, by=by, studies=None)
