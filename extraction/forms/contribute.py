"""What this room hands in: its place in the strip, what waits, included reviews as what a voice is about, and their history."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

# What one can speak of registers itself.
from extraction.forms import queries, speaking  # noqa: F401
from extraction.forms.rules import changed
from extraction.forms.words import in_language
from screening.fulltext.models import IncludedReview, ReviewLink
from screening.projects import contributions, split_contributions
from screening.projects.access import acting_as, may
from screening.projects.contributions import About, Figure, HistoryEntry, Waiting
from screening.projects.models import Membership, Project
from screening.projects.queries import shown_name
from screening.projects.split_contributions import Split
from screening.references.queries import is_id

PEER_WORK = {"consumer": gettext_lazy("Consumer peer work"), "family": gettext_lazy("Family peer work")}


def _peer_work(project: Project) -> dict[UUID, tuple[str, ...]]:
    """Review -> whose experience its peer workers bring, as extracted: in both groups where it is both."""
    groups = {"both": tuple(PEER_WORK), **{key: (key,) for key in PEER_WORK}}
    return {pk: groups.get(str(one.values.get("peer_type")), ()) for pk, one in queries.latest_by_review(project).items()}


split_contributions.split(Split("peer_work", gettext_lazy("Consumer or family peer work"), PEER_WORK, _peer_work))


def _review(membership: Membership, pk: str) -> IncludedReview | None:
    return _reviews(membership, [pk]).get(UUID(str(pk))) if is_id(str(pk)) else None


def _reviews(membership: Membership, ids: Sequence[Any]) -> dict[UUID, IncludedReview]:
    return IncludedReview.objects.filter(project=membership.project_id).select_related("project").in_bulk(list(ids))


contributions.about(
    About(
        kind="review",
        name=gettext_lazy("included review"),
        find=_review,
        find_all=_reviews,
        label=lambda review: review.label,
        url=lambda review: reverse("forms:extract", args=[review.project.slug, review.pk]),
        waits_for=queries.whose_words_wait,
        reports_behind=queries.reports_ever_of,
    )
)


@contributions.figures
def place(membership: Membership) -> list[Figure]:
    url = reverse("forms:list", args=[membership.project.slug])
    return [Figure("extraction", _("Extraction"), url, 60, queries.extracted(membership.project), _("done"), gap_before=True)]


@contributions.waiting_ahead
def in_several_projects(members: Sequence[Membership]) -> None:
    if extracting := [member for member in members if may(member, "extraction.edit")]:
        queries.read_ahead(extracting)


@contributions.waiting
def to_extract(membership: Membership) -> list[Waiting]:
    if not may(membership, "extraction.edit"):
        return []
    waiting = queries.waiting_since(membership.project)
    n = len(waiting)
    label = ngettext("review to extract", "reviews to extract", n)
    url = reverse("forms:list", args=[membership.project.slug])
    return [
        Waiting(
            n,
            label,
            url,
            _("Included, and nothing extracted yet."),
            order=60,
            role=acting_as(membership, "extraction.edit"),
            since=waiting[0] if waiting else None,
            button=ngettext("Extract: %(n)s review", "Extract: %(n)s reviews", n) % {"n": n},
        )
    ]


@contributions.history("review")
def extractions(membership: Membership, review: IncludedReview) -> list[HistoryEntry]:
    """Which fields each version changed, from what to what; and which reports were said to belong to the review."""
    choices = queries.all_choices(review.project)
    lines, before = [], {}
    for version in queries.versions_of(review):
        template = in_language(queries.template_of(version))
        words = dict(queries.in_words(version.values, template, choices))
        earlier = dict(queries.in_words(before, template, choices))
        parts = [_change(one.label, earlier[one.label], words[one.label]) for one in changed(before, version.values, template)]
        what = _("Extracted") if version.replaces_id is None else _("Changed the extraction")
        lines.append(HistoryEntry(version.recorded_at, shown_name(version.by), what, " · ".join(parts)))
        before = version.values
    links = ReviewLink.objects.filter(review=review).select_related("by", "report").order_by("seq")
    lines += [
        HistoryEntry(link.recorded_at, shown_name(link.by), _("Said that a report belongs to this review"), str(link.report))
        for link in links
    ]
    return lines


def _change(label: str, before: str, after: str) -> str:
    if not before:
        return f"{label}: {_short(after)}"
    now = _short(after) or _("nothing")
    return f"{label}: {_short(before)} → {now}"


def _short(words: str) -> str:
    return words if len(words) <= 80 else words[:79].rstrip() + "…"
