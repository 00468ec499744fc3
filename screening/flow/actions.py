"""The only writer of this room: bringing caches up to the facts. The flow itself is never stored."""

from django.db import transaction

from screening.decisions.models import ReportStage, Stage, Standing
from screening.flow.checks import check_project, check_roles, check_stages
from screening.fulltext.actions import place_retrievals
from screening.projects import contributions
from screening.projects.contributions import Difference
from screening.projects.models import Membership, Project
from screening.references.showing import rebuild


@transaction.atomic
def repair(project: Project) -> list[Difference]:
    """Write every cache of a project anew from its facts. Gives what still differs afterwards: nothing, or a fault to report."""
    for difference in check_roles(project):
        Membership.objects.filter(pk=difference.id).update(roles=difference.facts)
    texts = ReportStage.objects.filter(project=project, stage=Stage.FULL_TEXT)
    place_retrievals(list(texts.values_list("report", flat=True)))
    rebuild(project)
    for difference in check_stages(project):
        # An answer that stands where its report has no row at all.
        if difference.what == "standing answers" and not difference.facts:
            report, _, stage = difference.id.partition(" ")
            Standing.objects.filter(report=report, stage=stage).delete()
    for thing in contributions.every_cache():
        thing.repair(project)
    return check_project(project)
