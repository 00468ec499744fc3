"""Reads of the protocol."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from screening.projects import source_contributions
from screening.projects.models import Project
from screening.projects.once import once
from screening.projects.source_contributions import SearchAccount
from screening.protocol.bodies import body_of
from screening.protocol.models import (
    Criterion,
    OutcomeOfInterest,
    PlannedInstrument,
    ProtocolVersion,
    Question,
    Registration,
    SearchSource,
    SourceVersion,
)
from screening.protocol.prisma_s import SearchRow
from screening.protocol.rules import Account, asked_at, in_one

# The questions of the draft that something names; those taken out of it are left unsaid.
DRAFTED = Prefetch("questions", Question.objects.filter(removed=False))


# In the order of a table of eligibility; what has no heading stands last.
HEADINGS = (*[heading for heading in Criterion.Picos if heading], Criterion.Picos.NONE)


def questions_of(project: Project) -> QuerySet[Question]:
    return Question.objects.filter(project=project, removed=False)


def criteria_of(project: Project) -> QuerySet[Criterion]:
    return Criterion.objects.filter(project=project, removed=False).select_related("condition_on").prefetch_related(DRAFTED)


def under_headings(criteria: Iterable[Criterion]) -> list[tuple[str, list[tuple[int, Criterion]]]]:
    """Criteria with their places in protocol order, under what they look at; nothing where no criterion has a heading."""
    places = list(enumerate(criteria, start=1))
    headed = [(str(heading.label), [place for place in places if place[1].picos == heading]) for heading in HEADINGS]
    return [(heading, those) for heading, those in headed if those] if any(one.picos for _, one in places) else []


def outcomes(project: Project) -> QuerySet[OutcomeOfInterest]:
    """The outcomes of interest of the draft, in their order, each with the questions it belongs to."""
    return OutcomeOfInterest.objects.filter(project=project, removed=False).select_related("added_by").prefetch_related(DRAFTED)


def outcomes_known(project: Project) -> QuerySet[OutcomeOfInterest]:
    """Every outcome of the draft, and those taken out of it: ratings and voices stay with them."""
    return OutcomeOfInterest.objects.filter(project=project).select_related("project", "added_by").prefetch_related(DRAFTED)


def outcomes_named_at(outcomes: Sequence[OutcomeOfInterest]) -> list[datetime]:
    """When each of these outcomes was named first, as the record of changes has it."""
    events = OutcomeOfInterest.pgh_event_model.objects.filter(pgh_obj__in=outcomes, pgh_label="insert")
    return list(events.values_list("pgh_created_at", flat=True))


def instruments(project: Project) -> QuerySet[PlannedInstrument]:
    """The appraisal instruments the draft plans, in their order."""
    return PlannedInstrument.objects.filter(project=project, removed=False).prefetch_related(DRAFTED)


def registration_of(project: Project) -> Registration | None:
    return Registration.objects.filter(project=project).first()


@once
def current_version(project: Project) -> ProtocolVersion | None:
    return ProtocolVersion.objects.filter(project=project).order_by("-n").first()


def versions_of(project: Project) -> QuerySet[ProtocolVersion]:
    return ProtocolVersion.objects.filter(project=project).select_related("by").order_by("-n")


@once
def latest_descriptions(project: Project) -> QuerySet[SourceVersion]:
    """Each source's description in force, in the order the sources were added."""
    latest = SourceVersion.objects.filter(source=OuterRef("pk")).order_by("-n").values("pk")[:1]
    current = SearchSource.objects.filter(project=project).annotate(latest=Subquery(latest)).values("latest")
    return SourceVersion.objects.filter(pk__in=current).select_related("source").order_by("source__created_at", "source_id")


@dataclass(frozen=True)
class Reason:
    """A criterion as a reason to exclude, under the label the latest version that knows it gives it."""

    id: str
    label: str


def reason_labels(project: Project) -> dict[str, str]:
    """Criterion id -> short label, for every criterion any version or the draft has known."""
    return {str(pk): label for pk, label in Criterion.objects.filter(project=project).values_list("pk", "label")}


def reasons_in_order(project: Project, stage: str | None = None) -> list[Reason]:
    """The criteria of the version in force that can exclude, in protocol order (the draft where none is recorded).

    With a stage, those that are asked there.
    """
    version = current_version(project)
    body: dict[str, Any] = version.body if version else body_of(project)
    asked = [one for one in body["criteria"] if one["kind"] != "descriptor" and (stage is None or asked_at(one, stage))]
    return [Reason(one["id"], one["label"]) for one in asked]


def naming_conditions(criteria: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A version's criteria, each with `rests_on`: the label of the one whose answer it waits for, or nothing."""
    labels = {criterion["id"]: criterion["label"] for criterion in criteria}
    return [{**criterion, "rests_on": labels.get(criterion["condition_on"], "")} for criterion in criteria]


def question_of(project: Project, pk: Any) -> Question | None:
    return questions_of(project).filter(pk=pk).first()


def criteria_known(project: Project) -> QuerySet[Criterion]:
    """Every criterion of the draft, and those that only earlier versions know."""
    return Criterion.objects.filter(project=project).select_related("condition_on", "project")


def criterion_of(project: Project, pk: Any) -> Criterion | None:
    """A criterion of the draft, or one that an earlier version knows."""
    return criteria_known(project).filter(pk=pk).first()


def descriptions_of(source: SearchSource) -> QuerySet[SourceVersion]:
    """Everything a source was ever described as, the latest first."""
    return SourceVersion.objects.filter(source=source).select_related("by", "source").order_by("-n")


def source_named(project: Project, slug: str) -> SearchSource | None:
    return SearchSource.objects.filter(project=project, slug=slug).first()


@dataclass(frozen=True)
class Search:
    """One run of a search: a source on one date, as it was last described, and what came of it.

    `nth`: 1 is the first, later ones are updates. An update adds a run and leaves the counts of earlier ones alone.
    """

    description: SourceVersion
    nth: int
    figures: SearchAccount
    account: Account

    @property
    def is_update(self) -> bool:
        return self.nth > 1


@dataclass(frozen=True)
class SourceLine:
    """A source as it is described now, its searches in the order of their dates, and all of them in one account."""

    description: SourceVersion
    searches: list[Search]

    @property
    def account(self) -> Account:
        return in_one([search.account for search in self.searches])

    @property
    def records(self) -> int:
        return self.account.records

    @property
    def missing(self) -> int | None:
        return self.account.missing


def sources_with_records(project: Project, source: SearchSource | None = None) -> list[SourceLine]:
    """Each source (or one) with its searches and their counted records, in the order the sources were added."""
    accounts = source_contributions.accounts_of(project)
    described: dict[Any, list[SourceVersion]] = defaultdict(list)
    found = SourceVersion.objects.filter(project=project).select_related("source", "by").order_by("source__created_at", "source_id", "n")
    for description in found.filter(source=source) if source else found:
        described[description.source_id].append(description)
    return [SourceLine(versions[-1], _searches(versions, accounts.get(pk, {}))) for pk, versions in described.items()]


def _searches(versions: list[SourceVersion], accounts: dict[Any, SearchAccount]) -> list[Search]:
    """The runs of one source: one for each date it was described with.

    A date from which nothing came, and that was described anew with another, was a slip, or was filled in later: it is no run
    of its own. Of a search that found nothing, nothing can come.
    """
    by_date = {version.searched_on: version for version in versions}
    latest = versions[-1].searched_on
    dates = [day for day, version in by_date.items() if day in accounts or day == latest or (day is not None and version.hits == 0)]
    runs = []
    for nth, day in enumerate(sorted(dates, key=lambda day: (day is not None, day)), start=1):
        figures, description = accounts.get(day, SearchAccount()), by_date[day]
        account = Account(description.hits, figures.records, figures.repeated, figures.not_read, figures.declared)
        runs.append(Search(description, nth, figures, account))
    return runs


def prisma_s_rows(project: Project) -> list[SearchRow]:
    """Every search of a project as the PRISMA-S table has it: sources in their order, each with its searches by date."""
    return [
        SearchRow(
            name=line.description.name,
            kind=search.description.get_kind_display(),
            platform=search.description.platform,
            coverage=search.description.coverage,
            nth=search.nth,
            searched_on=search.description.searched_on,
            strategy=search.description.strategy,
            limits=search.description.limits,
            peer_review=search.description.peer_review,
            account=search.account,
        )
        for line in sources_with_records(project)
        for search in line.searches
    ]
