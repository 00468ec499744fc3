"""An answer that arrives when its title has become one with another: it follows the records it was given on.

Had it arrived before the joining, it would have moved with them and counted; that it waited in a browser changes nothing.
Two cases need the person: they decided on the other one too, or may not decide on it. Then they are told which it is.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from screening.projects.actions import Refused
from screening.projects.models import Project
from screening.references.models import Join, Placement
from screening.references.queries import joined_into, report_of


@dataclass(frozen=True)
class JoinedOnto:
    """The report that another one is part of now, its title, and those of its records that stood behind the other."""

    report: UUID
    title: str
    records: frozenset[UUID]


class OneWithAnother(Refused):
    """An answer on a report that was joined to another, which cannot take it: names that one, so that it can be opened."""

    def __init__(self, onto: JoinedOnto, refusal: Refused) -> None:
        said = _("It was joined to “%(title)s” meanwhile. %(refusal)s")
        super().__init__(said % {"title": onto.title or _("Untitled report"), "refusal": refusal})
        self.status = getattr(refusal, "status", 400)
        self.onto = onto
        self.more: dict[str, Any] = {"report_now": str(onto.report)}


def joined_onto(project: Project, report_id: UUID) -> JoinedOnto | None:
    """Where all records of a report stand now that has none any more; None where it has some, or they went different ways."""
    report = report_of(project, report_id)
    now = joined_into(report) if report else None
    if now is None:
        return None
    ever = Join.objects.filter(report=report_id).values("record")
    behind = set(Placement.objects.filter(record__in=ever).values_list("report_id", "record_id"))
    if {where for where, _record in behind} != {now.pk}:
        return None
    return JoinedOnto(now.pk, now.title, frozenset(record for _where, record in behind))
