"""Reads of who wrote which report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from screening.decisions.authors.rules import family_name, may_be
from screening.decisions.policies.models import Authorship
from screening.decisions.policies.queries import authored_by, authorships
from screening.projects.models import Membership, Project
from screening.projects.queries import members_of, shown_name
from screening.references.models import Report

__all__ = ["Declared", "Suggested", "authored_by", "authorships", "declared_in", "facts_about", "is_author", "suggested_in", "titled"]

LISTED, PER_MEMBER = 20, 20

# Author names are folded roughly here; rules.may_be reads them with care.
WITH_AUTHOR = """
SELECT id FROM screening_report
WHERE project_id = %s AND "column" <> 'none' AND EXISTS (SELECT 1 FROM unnest(authors) AS author WHERE position(%s IN lower(author)) > 0)
ORDER BY title_key, id LIMIT 200
"""


@dataclass(frozen=True)
class Declared:
    """That a member wrote a report, and who said so, when and why."""

    report: Report
    member: Membership
    by: str
    at: datetime
    why: str

    @property
    def who(self) -> str:
        return shown_name(self.member)


def is_author(member: Membership, report_id: UUID) -> bool:
    return report_id in authored_by(member)


def declared_in(project: Project) -> list[Declared]:
    """Every authorship that holds, by the title of the report."""
    last: dict[tuple[UUID, UUID], Authorship] = {}
    for fact in facts_in(project):
        last[fact.anchor.placement.report_id, fact.member_id] = fact
    held = [
        Declared(fact.anchor.placement.report, fact.member, shown_name(fact.by), fact.recorded_at, fact.why)
        for fact in last.values()
        if fact.declared
    ]
    return sorted(held, key=lambda one: (one.report.title_key, str(one.member.pk)))


def facts_in(project: Project) -> Sequence[Authorship]:
    found = Authorship.objects.filter(project=project).select_related("by", "member", "anchor__placement__report")
    return list(found.defer("anchor__raw", "anchor__parsed").order_by("seq"))


def facts_about(report: Report) -> Sequence[Authorship]:
    """All that was said of who wrote this report, oldest first."""
    return list(Authorship.objects.filter(anchor__placement__report=report).select_related("by", "member").order_by("seq"))


def titled(project: Project, words: str) -> list[Report]:
    """The first reports whose title has these words, in their order."""
    text = " ".join(words.split())
    if len(text) < 3:
        return []
    return list(Report.objects.filter(project=project, title__icontains=text).exclude(column="none").order_by("title_key", "id")[:LISTED])


@dataclass(frozen=True)
class Suggested:
    """A report one of whose authors has a member's name."""

    report: Report
    member: Membership
    author: str


def suggested_in(project: Project) -> list[Suggested]:
    """Reports with an author who has the name of a member, where nothing was said of it yet. A hint for a person to look at."""
    known = {(fact.anchor.placement.report_id, fact.member_id) for fact in facts_in(project)}
    found: list[Suggested] = []
    for member in members_of(project):
        family = family_name(shown_name(member))
        if not family:
            continue
        with connection.cursor() as cursor:
            cursor.execute(WITH_AUTHOR, [project.pk, family])
            ids = [row[0] for row in cursor.fetchall()]
        mine = 0
        for report in Report.objects.filter(pk__in=ids).order_by("title_key", "id"):
            author = next((name for name in report.authors or [] if may_be(name, shown_name(member))), None)
            if author and (report.pk, member.pk) not in known and mine < PER_MEMBER:
                found.append(Suggested(report, member, author))
                mine += 1
    return found
