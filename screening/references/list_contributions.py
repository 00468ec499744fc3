"""What the list of reports hands in: its jobs, and its index as a cache that can be compared and rebuilt."""

from typing import Any

from django.urls import reverse

from screening.projects import contributions
from screening.projects.jobs import Handle
from screening.references.actions import index, labels, listing


@contributions.job(index.JOB, page=lambda job: reverse("references:reports", args=[job.project.slug]))
def run_index(handle: Handle) -> dict[str, Any]:
    return index.run(handle)


@contributions.job(labels.JOB, page=lambda job: reverse("references:reports", args=[job.project.slug]))
def run_labels(handle: Handle) -> dict[str, Any]:
    return labels.run(handle)


@contributions.job(listing.JOB, page=lambda job: reverse("references:list-exports", args=[job.project.slug]))
def run_listing(handle: Handle) -> dict[str, Any]:
    return listing.run(handle)


contributions.placing(contributions.Placing(hold=lambda report_ids: None, place=index.start_after))
contributions.caches(contributions.Caches(differences=index.differences, repair=index.rebuild))
