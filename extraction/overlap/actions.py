"""Starting and running the computation of the overlap."""

from typing import Any

from django.utils.translation import gettext as _

from extraction.overlap.queries import KIND, computed, inputs_of
from extraction.studies.models import PrimaryStudy
from screening.projects import jobs
from screening.projects.access import check
from screening.projects.jobs import Handle
from screening.projects.models import Job, Membership


def compute(*, by: Membership) -> Job:
    """The job for the citations as they are now: one that computed them or is about to, or else a new one."""
    check(by, "overlap.compute")
    digest = inputs_of(by.project).digest
    asked = Job.objects.filter(project=by.project, kind=KIND)
    holds = asked.filter(state=Job.State.DONE, result__digest=digest).order_by("-ended_at").first()
    asked_for_these = asked.filter(idempotency_key__startswith=digest)
    if found := holds or asked_for_these.exclude(state__in=Job.OVER).first():
        return found
    # An earlier one failed, was cancelled, or read other citations than it was asked for: it is tried anew.
    key = f"{digest}:{asked_for_these.count()}"
    return jobs.start(project=by.project, kind=KIND, key=key, args={"digest": digest}, by=by)


def run(handle: Handle) -> dict[str, Any]:
    """Compute from the facts as they are when the worker gets to it; the result carries the digest of what it read."""
    project = handle.job.project
    handle.step(0, 2, _("Reading the citation lists."))
    inputs = inputs_of(project)
    names = dict(PrimaryStudy.objects.filter(pk__in={cell.study for cell in inputs.cells}).values_list("pk", "label"))
    handle.step(1, 2, _("Comparing %(n)s reviews.") % {"n": f"{len(inputs.listed):,}"})
    result = computed(inputs, names)
    handle.step(2, 2, _("Overlap computed."))
    return result
