"""Known reviews held against the reports: found or missed, by which source, and where each stands."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from screening.projects import contributions
from screening.projects.contributions import Whereabouts
from screening.projects.models import Project
from screening.protocol.models import SourceVersion
from screening.protocol.queries import latest_descriptions
from screening.references.known import FOUND, PERHAPS, Cited, Shown, held_against
from screening.references.models import KnownReview, Placement, Report
from screening.references.queries.imports import counted_imports
from screening.references.queries.reports import reports_of
from screening.references.rules import doi_key, fold

# How much of a folded title has to be equal for the matching core to look at a report at all.
BEGINNING = 16
AT_ONCE = 100


def known_reviews(project: Project) -> QuerySet[KnownReview]:
    """The list as it stands: what was not taken off, in the order it was added."""
    later = KnownReview.objects.filter(replaces=OuterRef("pk"))
    found = KnownReview.objects.filter(project=project, removed=False).exclude(Exists(later))
    return found.select_related("by").order_by("seq")


def cited_as(known: KnownReview) -> Cited:
    return Cited(known.title, known.first_author, known.year, known.doi, known.pmid)


@dataclass(frozen=True)
class Match:
    """A report that is a known review, or may be: where it stands and the sources (ids) whose records stand behind it."""

    report: Report
    certain: bool
    sources: tuple[UUID, ...]
    stands: Whereabouts | None


@dataclass(frozen=True)
class Finding:
    """One known review and what was found of it. `state`: "found", "perhaps" or "missed"."""

    known: KnownReview
    matches: list[Match] = field(default_factory=list)

    @property
    def state(self) -> str:
        if any(match.certain for match in self.matches):
            return FOUND
        return PERHAPS if self.matches else "missed"

    @property
    def sources(self) -> frozenset[UUID]:
        """The sources that found it, certainly."""
        return frozenset(source for match in self.matches if match.certain for source in match.sources)


@dataclass(frozen=True)
class Yield:
    """How many of the known reviews one source found, and how many of them no other source did."""

    source: SourceVersion
    found: int
    alone: int
    of: int

    @property
    def percent(self) -> float | None:
        """Sensitivity: found of all known, in percent. None where nothing is on the list."""
        return 100 * self.found / self.of if self.of else None


@dataclass(frozen=True)
class Held:
    """The whole list held against the reports."""

    findings: list[Finding]
    yields: list[Yield]

    def count(self, state: str) -> int:
        return sum(finding.state == state for finding in self.findings)

    @property
    def percent(self) -> float | None:
        """Found by any source, of all known, in percent."""
        return 100 * self.count(FOUND) / len(self.findings) if self.findings else None


def hold_known(project: Project) -> Held:
    """Hold the list of known reviews against what was found, as it is now."""
    known = {review.pk: review for review in known_reviews(project)}
    reports = _candidates(project, [cited_as(review) for review in known.values()])
    shown = [_shown(report) for report in reports.values()]
    found = held_against({pk: cited_as(review) for pk, review in known.items()}, shown)
    wanted = {report for matches in found.values() for report in matches}
    sources, stands = _sources(project, wanted), contributions.where_reports_stand(project, list(wanted))
    findings = [
        Finding(
            review,
            [
                Match(reports[report], how == FOUND, tuple(sources[report]), stands.get(report))
                for report, how in sorted(found[pk].items(), key=lambda item: (item[1] != FOUND, reports[item[0]].title_key))
                if how == FOUND or FOUND not in found[pk].values()
            ],
        )
        for pk, review in known.items()
    ]
    return Held(findings, _yields(project, findings))


def _shown(report: Report) -> Shown:
    return Shown(report.pk, report.title, report.authors[0] if report.authors else "", report.year, report.doi, report.pmid)


def _candidates(project: Project, cited: list[Cited]) -> dict[Any, Report]:
    """The reports that any of these could be: by number, or by how their titles begin."""
    found: dict[Any, Report] = {}
    for start in range(0, len(cited), AT_ONCE):
        part = cited[start : start + AT_ONCE]
        wanted = Q(doi_key__in=[key for one in part if (key := doi_key(one.doi))]) | Q(pmid__in=[one.pmid for one in part if one.pmid])
        for beginning in {fold(one.title)[:BEGINNING] for one in part if len(fold(one.title)) >= BEGINNING}:
            wanted |= Q(title_key__gte=beginning, title_key__lt=beginning + "\U0010ffff")
        short = [fold(one.title) for one in part if 0 < len(fold(one.title)) < BEGINNING]
        wanted |= Q(title_key__in=short)
        found |= {report.pk: report for report in reports_of(project).filter(wanted).defer("abstract")}
    return found


def _sources(project: Project, report_ids: Collection[Any]) -> dict[Any, list[UUID]]:
    """Report id -> the sources with a counted record behind it, each once."""
    rows = Placement.objects.filter(report__in=report_ids, record__import_run__in=counted_imports(project).values("pk"))
    found: dict[Any, list[UUID]] = defaultdict(list)
    for report, source in (
        rows.values_list("report", "record__import_run__source").distinct().order_by("report", "record__import_run__source")
    ):
        found[report].append(source)
    return found


def _yields(project: Project, findings: Iterable[Finding]) -> list[Yield]:
    """Each source with how much of the list it found, in the order the sources were added."""
    findings = list(findings)
    found, alone = Counter[UUID](), Counter[UUID]()
    for finding in findings:
        found.update(finding.sources)
        if len(finding.sources) == 1:
            alone.update(finding.sources)
    return [Yield(d, found[d.source_id], alone[d.source_id], len(findings)) for d in latest_descriptions(project)]
