"""What this room hands in: how many primary studies there are, each review's count, and its lists' history."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from extraction.studies import queries
from screening.fulltext.models import IncludedReview
from screening.projects import contributions, review_contributions
from screening.projects.contributions import HistoryEntry
from screening.projects.models import Membership, Project
from screening.projects.queries import shown_name
from screening.projects.review_contributions import ReviewLine


@review_contributions.primary_studies
def primary_studies(project: Project) -> int | None:
    return queries.count_studies(project)


@review_contributions.review_lines
def studies_listed(membership: Membership, review_ids: list[Any]) -> dict[UUID, ReviewLine]:
    slug = membership.project.slug
    found = {}
    for pk, n in queries.studies_per_review(membership.project, review_ids).items():
        label = ngettext("study listed", "studies listed", n) if n else _("Add its list")
        found[pk] = ReviewLine(label, reverse("studies:list", args=[slug, pk]), n or None)
    return found


@contributions.history("review")
def lists(membership: Membership, review: IncludedReview) -> list[HistoryEntry]:
    found = []
    for one in queries.lists_of(review):
        found.append(
            HistoryEntry(
                one.recorded_at, shown_name(one.by), _("Added a list of primary studies (%(n)s read)") % {"n": one.n}, one.filename
            )
        )
        withdrawn = getattr(one, "withdrawn", None)
        if withdrawn:
            found.append(
                HistoryEntry(
                    withdrawn.recorded_at,
                    shown_name(withdrawn.by),
                    _("Withdrew a list of primary studies (%(n)s read)") % {"n": one.n},
                    withdrawn.reason,
                )
            )
    return found
