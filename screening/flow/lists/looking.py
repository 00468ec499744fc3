"""The numbers, their splits and their lists for somebody who looks: from the rows of now or of then, or from what a job kept."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext as _

from screening.flow.lists.opening import Opened, opened, opened_kept
from screening.flow.past.looking import is_long, kept_of
from screening.flow.past.queries import as_of
from screening.flow.plain import from_figures
from screening.flow.queries import counts_of, places_counted, places_of
from screening.flow.rules import Counts, Place
from screening.flow.splits.queries import Table, as_read, tables_of
from screening.projects.models import Job, Project
from screening.references.models import DeclaredRemoval
from screening.references.queries import declared_in_force


class NotCounted(Exception):
    """A past moment of a large review that no job has counted yet."""

    def __str__(self) -> str:
        return _("Have this moment counted first: its lists are kept with its numbers.")


@dataclass(frozen=True)
class FromRows:
    """Read from the rows: of now, or inside a past moment."""

    project: Project
    places: Mapping[Place, int]

    @cached_property
    def counts(self) -> Counts:
        return counts_of(self.project, self.places)

    def tables(self) -> list[Table]:
        return tables_of(self.project, self.places)

    def declared(self) -> list[DeclaredRemoval]:
        return list(declared_in_force(self.project)) if self.counts.without_list else []

    def open(self, box: str, part: str = "") -> Opened:
        return opened(self.project, box, part, self.places)


@dataclass(frozen=True)
class FromJob:
    """Read from what the job that counted a past moment of a large review kept. It keeps no list of what was declared."""

    job: Job

    @cached_property
    def counts(self) -> Counts:
        return from_figures(self.job.result["figures"])

    def tables(self) -> list[Table]:
        return [as_read(table) for table in self.job.result["tables"]]

    def declared(self) -> list[DeclaredRemoval]:
        return []

    def open(self, box: str, part: str = "") -> Opened:
        return opened_kept(self.job, box, part)


@contextmanager
def reading(project: Project, at: datetime | None) -> Iterator[FromRows | FromJob]:
    """The flow of now, or of a past moment, while it is read. Raises NotCounted."""
    if at and is_long(project):
        job = kept_of(project, at)
        if job is None:
            raise NotCounted
        yield FromJob(job)
        return
    with as_of(project, at) if at else nullcontext():
        yield FromRows(project, places_counted(project) if at else places_of(project))


@contextmanager
def open_list(project: Project, box: str, part: str, at: datetime | None) -> Iterator[Opened]:
    """The list of a box, or of one of its parts, while it is read. Raises NotCounted, and NoSuchPart for a part there is none of."""
    with reading(project, at) as read:
        yield read.open(box, part)
