"""Reads about full texts and included reviews."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, CharField, Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.decisions.models import ReportStage, Stage, Standing
from screening.decisions.policies.queries import CAME, waiting_rows
from screening.fulltext.models import IncludedReview, Retrieval, ReviewLink
from screening.fulltext.rules import Attempt, retrieval_in_force
from screening.projects.access import may
from screening.projects.contributions import Whereabouts
from screening.projects.models import Membership, Project, Role
from screening.projects.once import keep, once
from screening.protocol.queries import reason_labels
from screening.references.models import Placement, Removal, Report
from screening.references.queries import moved_to


def at_full_text(project: Project) -> QuerySet[ReportStage]:
    """Every report that is at full text now, with its report."""
    return (
        ReportStage.objects.filter(project=project, stage=Stage.FULL_TEXT, suspended=False)
        .select_related("report")
        .order_by("report__title_key", "report_id")
    )


def included_reports(project: Project) -> QuerySet[Report]:
    """The reports included at full text."""
    return included_in([project.pk]).order_by("title_key", "id")


def included_in(projects: Sequence[UUID]) -> QuerySet[Report]:
    """The same of several projects, in no order."""
    rows = ReportStage.objects.filter(project__in=projects, stage=Stage.FULL_TEXT, suspended=False, status=ReportStage.Status.INCLUDE)
    return Report.objects.filter(pk__in=rows.values("report"))


def review_link_of(reports: QuerySet[Report]) -> QuerySet[Report]:
    """The same reports with `review_id`: the review each belongs to (null where none is recorded yet)."""
    latest = ReviewLink.objects.filter(report=OuterRef("pk")).order_by("-seq").values("review")[:1]
    return reports.annotate(review_id=Subquery(latest))


def included_reviews(project: Project) -> QuerySet[IncludedReview]:
    """The reviews that at least one included report belongs to now."""
    linked = review_link_of(included_reports(project)).exclude(review_id=None).values("review_id")
    return IncludedReview.objects.filter(pk__in=linked)


def reports_of_review(review: IncludedReview) -> QuerySet[Report]:
    return review_link_of(included_reports(review.project)).filter(review_id=review.pk)


def retrievals_of(report: Report) -> QuerySet[Retrieval]:
    """Every attempt to obtain this full text, the first first, on whichever report its record stood behind then."""
    return Retrieval.objects.filter(anchor__placement__report=report).select_related("by").order_by("seq")


def anchors_of(report_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Report id -> the first record behind it, which what is said of the report follows."""
    placed = Placement.objects.filter(report__in=list(report_ids)).order_by("-record__seq")
    return dict(placed.values_list("report_id", "record_id"))


def retrievals_in_force(report_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Report id -> whether its full text is sought, retrieved or not retrieved; only those anything was recorded of."""
    found = Retrieval.objects.filter(anchor__placement__report__in=list(report_ids))
    attempts: dict[UUID, list[Attempt]] = defaultdict(list)
    for now, then, seq, status in found.values_list("anchor__placement__report", "report", "seq", "status"):
        attempts[now].append(Attempt(seq, str(then), status))
    placed = Placement.objects.filter(report__in=attempts).values_list("report").annotate(last=Max("join__seq"))
    return {report: retrieval_in_force(attempts[report], str(report), joined) for report, joined in placed}


def _unsettled(rows: QuerySet[ReportStage]) -> QuerySet[ReportStage]:
    return rows.exclude(status__in=ReportStage.SETTLED)


@dataclass(frozen=True)
class ToObtain:
    """How many full texts are being sought, and since when the first of them is at full text (None: none is sought)."""

    n: int = 0
    since: datetime | None = None


@once
def to_obtain(project: Project) -> ToObtain:
    return _to_obtain([project.pk]).get(project.pk, ToObtain())


def _to_obtain(projects: Sequence[UUID]) -> dict[UUID, ToObtain]:
    rows = rows_to_obtain(ReportStage.objects.filter(project__in=projects)).values_list("project")
    return {project: ToObtain(n, since) for project, n, since in rows.annotate(n=Count("*"), since=Min(CAME[Stage.FULL_TEXT]))}


def rows_to_obtain(rows: QuerySet[ReportStage]) -> QuerySet[ReportStage]:
    return _unsettled(rows.filter(stage=Stage.FULL_TEXT, suspended=False)).filter(retrieval=ReportStage.Retrieval.SOUGHT)


def read_ahead(members: Sequence[Membership]) -> None:
    """The same for several members' projects."""
    found = _to_obtain([member.project_id for member in members])
    for member in members:
        keep(to_obtain, member.project, answer=found.get(member.project_id, ToObtain()))


def obtained_since(member: Membership) -> datetime | None:
    """When the first of the full texts that wait for this member was obtained."""
    rows = rows_in(member, "assess").order_by()
    facts = Retrieval.objects.filter(project=member.project_id, status=Retrieval.Status.RETRIEVED)
    facts = facts.filter(anchor__placement__report__in=rows.values("report"))
    last = facts.values("anchor__placement__report").annotate(at=Max("recorded_at"))
    return last.aggregate(since=Min("at"))["since"]


LISTS = ("assess", "mine", "obtain", "unobtained", "open", "settled")


def lists_for(membership: Membership) -> list[str]:
    """The lists that concern a member: those who screen get their own in place of all that is open."""
    own = ["assess", "obtain", "unobtained", "mine", "settled"]
    return own if may(membership, "fulltext.screen") else ["obtain", "unobtained", "open", "settled"]


def rows_in(member: Membership, name: str) -> QuerySet[ReportStage]:
    """The full texts of one list, for this member. `name` is one of LISTS; "assess" and "mine" are their own."""
    rows = ReportStage.objects.filter(project=member.project_id, stage=Stage.FULL_TEXT, suspended=False)
    mine = Standing.objects.filter(member=member, stage=Stage.FULL_TEXT).values("report")
    retrieved = _unsettled(rows).filter(retrieval=ReportStage.Retrieval.RETRIEVED)
    match name:
        case "assess":
            return waiting_rows(member, Stage.FULL_TEXT).filter(retrieval=ReportStage.Retrieval.RETRIEVED)
        case "mine":
            return retrieved.filter(report__in=mine)
        case "obtain":
            return rows_to_obtain(rows)
        case "unobtained":
            return _unsettled(rows).filter(retrieval=ReportStage.Retrieval.NOT_RETRIEVED)
        case "open":
            return retrieved
        case _:
            return rows.filter(status__in=ReportStage.SETTLED)


def reports_in_list(member: Membership, name: str) -> QuerySet[Report]:
    return Report.objects.filter(pk__in=rows_in(member, name).values("report"))


def row_of(project: Project, report_id: UUID) -> ReportStage | None:
    """Where a report stands at full text; None where it is not there now."""
    return at_full_text(project).filter(report=report_id).first()


def latest_retrievals(report_ids: Iterable[UUID]) -> dict[UUID, Retrieval]:
    """Report id -> what was last recorded of its full text."""
    facts = Retrieval.objects.filter(anchor__placement__report__in=list(report_ids)).select_related("by", "anchor__placement")
    return {fact.anchor.placement.report_id: fact for fact in facts.defer("anchor__raw", "anchor__parsed").order_by("seq")}


def attempts_on(report_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Report id -> how many attempts to obtain its full text are recorded."""
    found = Retrieval.objects.filter(anchor__placement__report__in=list(report_ids)).values("anchor__placement__report")
    return dict(found.annotate(n=Count("pk")).values_list("anchor__placement__report", "n"))


def where_reports_stand(project: Project, report_ids: list[UUID]) -> dict[UUID, Whereabouts]:
    """Report id -> where it stands, as everybody may know it. A conflict is open; a reason shows once settled."""
    rows = ReportStage.objects.filter(project=project, report__in=report_ids, suspended=False)
    last: dict[UUID, ReportStage] = {}
    for row in sorted(rows, key=lambda row: row.stage == Stage.FULL_TEXT):
        last[row.report_id] = row
    labels = reason_labels(project) if any(row.primary_reason for row in last.values()) else {}
    removed = Report.objects.filter(pk__in=report_ids, project=project).exclude(removed="").values_list("pk", "removed")
    return {report_id: _stands(row, labels) for report_id, row in last.items()} | {pk: _removed(kind) for pk, kind in removed}


def _removed(kind: str) -> Whereabouts:
    if kind == Removal.Kind.AUTOMATION:
        return Whereabouts("removed", _("Removed before screening: marked by automation tools"))
    return Whereabouts("removed", _("Removed before screening: other reasons"))


def _stands(row: ReportStage, labels: Mapping[str, str]) -> Whereabouts:
    at_text = row.stage == Stage.FULL_TEXT
    if row.status == ReportStage.Status.EXCLUDE:
        words = _("Excluded at full text") if at_text else _("Excluded at title and abstract")
        return Whereabouts("excluded", words, labels.get(str(row.primary_reason), "") if row.primary_reason else "", past_titles=True)
    if not at_text:
        return Whereabouts("open", _("Open: title and abstract"))
    if row.status == ReportStage.Status.INCLUDE:
        return Whereabouts("included", _("Included"), past_titles=True)
    match row.retrieval:
        case ReportStage.Retrieval.NOT_RETRIEVED:
            return Whereabouts("not_retrieved", _("Not retrieved"), past_titles=True)
        case ReportStage.Retrieval.RETRIEVED:
            return Whereabouts("open", _("Open: full text to assess"), past_titles=True)
        case _:
            return Whereabouts("open", _("Open: full text sought"), past_titles=True)


PLACES = (
    ("removed", gettext_lazy("Removed before screening")),
    ("title_open", gettext_lazy("Open: title and abstract")),
    ("title_excluded", gettext_lazy("Excluded at title and abstract")),
    ("text_sought", gettext_lazy("Open: full text sought")),
    ("text_open", gettext_lazy("Open: full text to assess")),
    ("not_retrieved", gettext_lazy("Not retrieved")),
    ("text_excluded", gettext_lazy("Excluded at full text")),
    ("included", gettext_lazy("Included")),
)
# Words of an address that stand for several of these at once.
PLACE_GROUPS = {"open": ("title_open", "text_sought", "text_open"), "excluded": ("title_excluded", "text_excluded")}


def places_of_reports(project: Project, ids: Sequence[UUID]) -> Iterator[tuple[UUID, str]]:
    """(report id, key of PLACES) for each of these that is screened, or was removed: what `where_reports_stand` says, for all at once.

    A removed report stands in no stage, or was never given one: parted from another, say.
    """
    status, retrieval = ReportStage.Status, ReportStage.Retrieval
    rows = ReportStage.objects.filter(suspended=False, project=project, report__in=ids)
    # A title that is included has its place at full text.
    rows = rows.exclude(stage=Stage.TITLE_ABSTRACT, status=status.INCLUDE)
    place = Case(
        When(stage=Stage.TITLE_ABSTRACT, status=status.EXCLUDE, then=Value("title_excluded")),
        When(stage=Stage.TITLE_ABSTRACT, then=Value("title_open")),
        When(status=status.EXCLUDE, then=Value("text_excluded")),
        When(status=status.INCLUDE, then=Value("included")),
        When(retrieval=retrieval.NOT_RETRIEVED, then=Value("not_retrieved")),
        When(retrieval=retrieval.RETRIEVED, then=Value("text_open")),
        default=Value("text_sought"),
        output_field=CharField(),
    )
    yield from rows.values_list("report_id", place)
    removed = Report.objects.filter(project=project, pk__in=ids).exclude(removed="")
    yield from ((pk, "removed") for pk in removed.values_list("pk", flat=True))


def obtained_texts(project: Project, ids: Sequence[UUID]) -> QuerySet[ReportStage, tuple[UUID, str]]:
    """(report id, "yes") for each of these whose full text was obtained."""
    rows = at_full_text(project).filter(retrieval=ReportStage.Retrieval.RETRIEVED, report__in=ids).select_related(None).order_by()
    return rows.values_list("report_id", Value("yes"))


def words_that_wait(project: Project, report: str, member: str) -> Q:
    """Rows (a `member`'s word about a `report`, both as paths) that wait until the report is settled, as voices do.

    All rows at once, for lists and counts: `waiting_voices` says the same of single reports. A report that stands
    nowhere, because nothing of it counts, keeps back what its possible screeners said.
    """
    rows = ReportStage.objects.filter(project=project, suspended=False)
    texts = rows.filter(stage=Stage.FULL_TEXT)
    settled = rows.filter(status=ReportStage.Status.EXCLUDE) | texts.filter(status=ReportStage.Status.INCLUDE)
    unread = _unsettled(texts).exclude(retrieval=ReportStage.Retrieval.RETRIEVED)
    reviewers = Membership.objects.filter(project=project, roles__contains=[Role.REVIEWER]).values("pk")
    spoke = Standing.objects.filter(report=OuterRef(report), member=OuterRef(member))
    spoke_there = spoke.filter(stage=Stage.FULL_TEXT) | spoke.exclude(Exists(texts.filter(report=OuterRef("report"))))
    screeners = Q(**{f"{member}__in": reviewers}) & ~Q(**{f"{report}__in": unread.values("report")})
    return ~Q(**{f"{report}__in": settled.values("report")}) & (screeners | Q(Exists(spoke_there)))


def waiting_voices(reports: Sequence[Report]) -> dict[UUID, frozenset[UUID]]:
    """Report id -> the members whose voices on it wait until it is settled where it stands.

    They are all who may screen it, and all whose answer counts there, whatever roles they have today. Of a report
    that was joined to another, it is the other that has to be settled. As many queries for many reports as for one.
    """
    moved = moved_to([report.pk for report in reports])
    stands = {report.pk: moved.get(report.pk, report.pk) for report in reports}
    rows = {pk: row for pk, row in _last_rows(set(stands.values())).items() if not row.is_settled}
    spoke: dict[tuple[UUID, str], set[UUID]] = defaultdict(set)
    for report_id, stage, member in Standing.objects.filter(report__in=rows).values_list("report_id", "stage", "member_id"):
        spoke[report_id, stage].add(member)
    projects = {report.project_id for report in reports}
    reviewers: dict[UUID, set[UUID]] = defaultdict(set)
    for project, pk in Membership.objects.filter(project__in=projects, roles__contains=[Role.REVIEWER]).values_list("project_id", "pk"):
        reviewers[project].add(pk)
    return {
        report.pk: _possible_screeners(row, spoke, reviewers[report.project_id]) if (row := rows.get(stands[report.pk])) else frozenset()
        for report in reports
    }


def _possible_screeners(row: ReportStage, spoke: Mapping[tuple[UUID, str], set[UUID]], reviewers: set[UUID]) -> frozenset[UUID]:
    to_be_read = row.stage == Stage.TITLE_ABSTRACT or row.retrieval == ReportStage.Retrieval.RETRIEVED
    return frozenset(spoke.get((row.report_id, row.stage), set()) | (reviewers if to_be_read else set()))


def _last_rows(report_ids: Iterable[UUID]) -> dict[UUID, ReportStage]:
    """The stage each report is at; where its imports were withdrawn, the one it was last at, for it may come back."""
    rows = ReportStage.objects.filter(report__in=report_ids)
    return {row.report_id: row for row in sorted(rows, key=lambda row: (not row.suspended, row.stage == Stage.FULL_TEXT))}
