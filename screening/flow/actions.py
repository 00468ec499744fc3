"""The only writer of this room: bringing caches up to the facts. The flow itself is never stored."""

from django.db import transaction
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from screening.decisions.models import ReportStage, Stage, Standing
from screening.flow.checks import check_project, check_roles, check_stages
from screening.fulltext.models import Retrieval
from screening.projects import contributions
from screening.projects.contributions import Difference
from screening.projects.models import Membership, Project
from screening.references.showing import rebuild


@transaction.atomic
def repair(project: Project) -> list[Difference]:
    """Write every cache of a project anew from its facts. Gives what still differs afterwards: nothing, or a fault to report."""
    for difference in check_roles(project):
        Membership.objects.filter(pk=difference.id).update(roles=difference.facts)
    latest = Retrieval.objects.filter(report=OuterRef("report_id")).order_by("-seq").values("status")[:1]
    ReportStage.objects.filter(project=project, stage=Stage.FULL_TEXT).update(
        retrieval=Coalesce(Subquery(latest), Value(ReportStage.Retrieval.SOUGHT))
    )
    rebuild(project)
    for difference in check_stages(project):
        # An answer that stands where its report has no row at all.
        if difference.what == "standing answers" and not difference.facts:
            report, _, stage = difference.id.partition(" ")
            Standing.objects.filter(report=report, stage=stage).delete()
    for thing in contributions.every_cache():
        thing.repair(project)
    return check_project(project)
