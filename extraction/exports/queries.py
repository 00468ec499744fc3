"""Reads of exports. A file holds what its maker may see, so only its maker gets it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from screening.projects.models import Job, Membership, Project
from screening.voices.priorities.queries import latest_closing
from screening.voices.priorities.rules import ALL
from screening.voices.priorities.showing import group_names, shown_groups

KIND = "summary_export"
PAGE = 20


@dataclass(frozen=True)
class Stored:
    """One file of an export: the name it is downloaded under, where it is stored, its size in bytes."""

    name: str
    path: str
    size: int


@dataclass(frozen=True)
class ExportPage:
    rows: list[Job]
    after: str = ""


def orders_for(project: Project) -> list[tuple[str, str]]:
    """By whose priorities outcomes can stand in order, as (key, name): all together, then the groups large enough to be shown.

    Where all together are not shown, that key stands for the protocol's own order. Empty until a round has ended that shows anything.
    """
    closing = latest_closing(project)
    shown = shown_groups(closing.body) if closing else []
    first = _("By what matters to all together") if ALL in shown else _("As the protocol has them")
    others = [(group, _("By what matters to: %(group)s") % {"group": group_names()[group]}) for group in shown if group != ALL]
    return [(ALL, first), *others] if shown else []


def order_named(job: Job) -> str:
    """The name of the group in whose order the outcomes of an export stand; empty where no group was chosen."""
    return group_names().get(job.args.get("order", ALL), "") if job.args.get("order", ALL) != ALL else ""


def exports_of(membership: Membership) -> QuerySet[Job]:
    """The project's exports, the latest first."""
    return Job.objects.filter(project=membership.project, kind=KIND).select_related("asked_by").order_by("-created_at", "-id")


def page_of_exports(membership: Membership, after: str = "", size: int = PAGE) -> ExportPage:
    """A page of exports by key; `after` is the id of the last one of the page before."""
    found = exports_of(membership)
    last = found.filter(pk=after).first() if _is_id(after) else None
    if last:
        found = found.extra(where=["(screening_job.created_at, screening_job.id) < (%s, %s)"], params=[last.created_at, last.pk])
    rows = list(found[: size + 1])
    return ExportPage(rows[:size], str(rows[size - 1].pk) if len(rows) > size else "")


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def files_for(membership: Membership, job: Job) -> list[Stored]:
    """The files of an export that this member may download: their own, once it is done."""
    mine = job.project_id == membership.project_id and job.asked_by_id == membership.pk
    if not mine or job.kind != KIND or job.state != Job.State.DONE:
        return []
    kept: list[dict[str, Any]] = job.result.get("files", [])
    return [Stored(one["name"], one["path"], one["size"]) for one in kept]


def file_of(membership: Membership, job_id: UUID, name: str) -> Stored | None:
    """One file of one export where this member may have it."""
    job = exports_of(membership).filter(pk=job_id).first()
    return next((one for one in files_for(membership, job) if one.name == name), None) if job else None
