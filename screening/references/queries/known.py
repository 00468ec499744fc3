"""Known reviews held against the reports: found or missed, by which source, and where each stands."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from screening.projects import contributions
from screening.projects.contributions import Whereabouts
from screening.projects.models import Project
from screening.protocol.models import SourceVersion
from screening.protocol.queries import latest_descriptions
from screening.references.index import IndexDue, ReportIndex
from screening.references.known import FOUND, PERHAPS, Cited, Shown, held_against
from screening.references.models import KnownReview, Placement, Report
from screening.references.queries.imports import counted_imports
from screening.references.queries.reports import reports_of
from screening.references.rules import doi_key, fold
from screening.references.words import several_of

# How much of a folded title has to be equal for a report to be looked at first.
BEGINNING = 16
AT_ONCE = 100
# Of a review that none of these is, so many reports that share most with its title are looked at by the matching core.
MOST_ALIKE = 30
# Reports that the index of words does not hold yet are all looked at, unless a large import has just ended.
MOST_DUE = 2_000
ALIKE = """
SELECT DISTINCT alike.report_id FROM unnest(%s::text[]) AS asked (words) CROSS JOIN LATERAL (
    SELECT held.report_id FROM screening_reportwords held WHERE held.project_id = %s AND held.title_words @@ asked.words::tsquery
    ORDER BY ts_rank(held.title_words, asked.words::tsquery) DESC, held.report_id LIMIT %s
) alike
"""


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
    def not_found(self) -> int:
        return self.of - self.found

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
    def not_found(self) -> int:
        """By no source for certain: missed, or to look at."""
        return len(self.findings) - self.count(FOUND)

    @property
    def percent(self) -> float | None:
        """Found by any source, of all known, in percent."""
        return 100 * self.count(FOUND) / len(self.findings) if self.findings else None


def hold_known(project: Project) -> Held:
    """Hold the list of known reviews against what was found, as it is now."""
    known = {review.pk: review for review in known_reviews(project)}
    cited = {pk: cited_as(review) for pk, review in known.items()}
    reports = _candidates(project, list(cited.values()))
    found = held_against(cited, [_shown(report) for report in reports.values()])
    if missed := {pk: one for pk, one in cited.items() if FOUND not in found[pk].values() and one.title}:
        alike = _alike(project, [one.title for one in missed.values()])
        found |= held_against(missed, [_shown(report) for report in (reports | alike).values()])
        reports |= alike
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


def _alike(project: Project, titles: Sequence[str]) -> dict[Any, Report]:
    """The reports whose titles share several words with any of these, however they begin; the matching core decides on them."""
    common = frozenset(ReportIndex.objects.filter(project=project).values_list("common", flat=True).first() or ())
    with transaction.atomic(), connection.cursor() as cursor:
        # As in finding.py: reading through all reports would fetch every vector from beside its row.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(ALIKE, [[words for title in titles if (words := several_of(title, common))], project.pk, MOST_ALIKE])
        wanted = [report_id for (report_id,) in cursor.fetchall()]
    due = list(IndexDue.objects.filter(project_id=project.pk).values_list("report_id", flat=True)[: MOST_DUE + 1])
    if len(due) <= MOST_DUE:
        wanted += due
    return {report.pk: report for report in reports_of(project).filter(pk__in=wanted).defer("abstract")}


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
