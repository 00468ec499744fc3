"""The counts of one project, and the lists behind them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from screening.decisions.models import ReportStage, Stage
from screening.decisions.queries import open_for
from screening.flow.models import BoxLabel, PreviousReview
from screening.flow.rules import LISTS, OTHER_KINDS, Counts, Declared, Place, Previous, SourceCount, count, place_of
from screening.fulltext.queries import included_reports, review_link_of
from screening.projects import review_contributions
from screening.projects.access import may
from screening.projects.models import Membership, Project
from screening.projects.once import once
from screening.protocol.queries import latest_descriptions, reason_labels
from screening.protocol.rules import DATABASE_KINDS
from screening.references.counting import COUNTS
from screening.references.models import DeclaredRemoval, Record, Removal, Report
from screening.references.queries import declared_in_force
from screening.references.queries.imports import records_by_kind
from screening.references.queries.tallies import reports_tallied, stages_tallied

STAGES = """
FROM screening_report report
LEFT JOIN screening_reportstage title ON title.report_id = report.id AND title.stage = 'title_abstract' AND NOT title.suspended
LEFT JOIN screening_reportstage text ON text.report_id = report.id AND text.stage = 'full_text' AND NOT text.suspended
"""
# How a report stands, but for the reason of an exclusion: boxes do not depend on it.
STANDS = (
    "concat_ws('|', report.column, coalesce(title.status, ''), coalesce(text.retrieval, ''), coalesce(text.status, ''), report.removed)"
)
REPORTS_AT = f"SELECT report.id {STAGES} WHERE report.project_id = %s AND report.column <> 'none' AND {STANDS} = ANY(%s)"
OTHER_TEXTS = """
SELECT text.status, text.retrieval, coalesce(text.primary_reason::text, ''), count(*)
FROM screening_report report
JOIN screening_reportstage text ON text.report_id = report.id AND text.stage = 'full_text' AND NOT text.suspended
WHERE report.project_id = %s AND report.column = 'other' AND report.removed = '' GROUP BY 1, 2, 3
"""
# The first counted record of a report is what was screened; every other one was there already. A report that a
# database or register gave has its first record among those.
RECORDS_AT = f"""
SELECT id FROM (
    SELECT record.id, version.kind,
           row_number() OVER (PARTITION BY placement.report_id ORDER BY version.kind = ANY(%s) DESC, record.seq) AS nth,
           report.removed <> '' AS removed
    FROM screening_record record
    JOIN screening_import import ON import.id = record.import_run_id
    JOIN screening_sourceversion version ON version.id = import.source_version_id
    JOIN screening_placement placement ON placement.record_id = record.id
    JOIN screening_report report ON report.id = placement.report_id
    WHERE record.project_id = %s AND NOT placement.repeated AND {COUNTS}
) counted WHERE kind = ANY(%s) AND (nth > 1 OR %s OR (%s AND removed))
"""  # noqa: S608 (constants)
OTHER = tuple(OTHER_KINDS)


@dataclass(frozen=True)
class Chosen:
    """Which records a box counts: of which kinds of source, and beyond those that came second also the first of a report.

    `first`: of every report; `removed`: of those removed before screening.
    """

    kinds: tuple[str, ...]
    first: bool = True
    removed: bool = False


RECORDS_OF: dict[str, Chosen] = {
    "records_identified": Chosen(DATABASE_KINDS),
    "database_results": Chosen(("database",)),
    "register_results": Chosen(("register",)),
    "removed_before_screening": Chosen(DATABASE_KINDS, first=False, removed=True),
    "duplicates": Chosen(DATABASE_KINDS, first=False),
    "other_identified": Chosen(OTHER),
    "other_already_found": Chosen(OTHER, first=False),
    **{key: Chosen(tuple(kind for kind in OTHER if OTHER_KINDS[kind] == key)) for key in dict.fromkeys(OTHER_KINDS.values())},
}


def places_of(project: Project) -> Counter[Place]:
    """How many reports stand at each place now.

    From the tallies, by what holds of every row at a stage: at title and abstract are the reports of databases and
    registers that were not removed, and at full text those of them that were included, and those of other methods.
    """
    reports, stages = reports_tallied(project), [at for at in stages_tallied(project) if not at.suspended]
    title = Counter[str]()
    texts = Counter[TextState]()
    for at in stages:
        if at.stage == Stage.TITLE_ABSTRACT:
            title[at.status] += at.n
        else:
            texts[at.status, at.retrieval, at.reason] += at.n
    others = reports.get((Report.Column.OTHER, ""), 0)
    of_others = _texts_of_others(project) if others else Counter[TextState]()
    found: Counter[Place] = Counter()
    for (column, removed), n in reports.items():
        if removed and column != Report.Column.NONE:
            found[place_of(column=column, title=None, retrieval=None, text=None, reason=None, removed=removed)] += n
    settled = {status: title[status] for status in ReportStage.SETTLED}
    left = reports.get((Report.Column.DATABASES, ""), 0) - sum(settled.values())
    found[_place(Report.Column.DATABASES, ReportStage.Status.EXCLUDE)] += settled[ReportStage.Status.EXCLUDE]
    found[_place(Report.Column.DATABASES, ReportStage.Status.OPEN)] += left
    _count_texts(found, Report.Column.DATABASES, texts - of_others, settled[ReportStage.Status.INCLUDE])
    _count_texts(found, Report.Column.OTHER, of_others, others)
    return +found


TextState = tuple[str, str, str]


def _place(column: str, title: str | None, text: TextState | None = None) -> Place:
    status, retrieval, reason = text or (None, None, None)
    return place_of(column=column, title=title, retrieval=retrieval, text=status, reason=reason)


def _texts_of_others(project: Project) -> Counter[TextState]:
    with connection.cursor() as cursor:
        cursor.execute(OTHER_TEXTS, [project.pk])
        return Counter({(status, retrieval, reason): n for status, retrieval, reason, n in cursor.fetchall()})


def _count_texts(found: Counter[Place], column: str, texts: Counter[TextState], of: int) -> None:
    """Reports that go on to full text, `of` so many; one without a row there yet is being sought."""
    title = ReportStage.Status.INCLUDE if column == Report.Column.DATABASES else None
    for text, n in texts.items():
        found[_place(column, title, text)] += n
    found[_place(column, title)] += of - texts.total()


def source_counts(project: Project, declared: Sequence[DeclaredRemoval] = ()) -> list[SourceCount]:
    """Records of counted imports by source, under the kind they were imported as and the latest name.

    What was declared removed elsewhere adds to its source, under the kind the source had when it was declared.
    """
    given: dict[Any, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for (source, kind), n in records_by_kind(project).items():
        if n:
            given[source][kind][0] += n
    for fact in declared:
        given[fact.source_id][fact.source_version.kind][1] += fact.n
    found = []
    for description in latest_descriptions(project):
        mine = given.get(description.source_id) or {description.kind: [0, 0]}
        for kind, (here, elsewhere) in sorted(mine.items()):
            found.append(SourceCount(description.source.slug, description.name, kind, n=here + elsewhere, declared=elsewhere))
    return found


def reviews_included(project: Project) -> int:
    """Included reviews: reports linked to one review count once, an unlinked report is a review of its own."""
    links = list(review_link_of(included_reports(project)).values_list("review_id", flat=True))
    return len({link for link in links if link}) + sum(1 for link in links if link is None)


COUNTED = f"""
SELECT report.column, title.status, text.retrieval, text.status, text.primary_reason::text, report.removed, count(*) {STAGES}
WHERE report.project_id = %s AND report.column <> 'none' GROUP BY 1, 2, 3, 4, 5, 6
"""


def places_counted(project: Project) -> Counter[Place]:
    """The same as `places_of`, from the rows themselves: it takes as long as there are reports."""
    found: Counter[Place] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, [project.pk])
        for column, title, retrieval, text, reason, removed, n in cursor.fetchall():
            found[place_of(column=column, title=title, retrieval=retrieval, text=text, reason=reason, removed=removed)] += n
    return found


def counts_of(project: Project, places: Mapping[Place, int] | None = None) -> Counts:
    """Every number of the project's PRISMA 2020 diagram, as it stands now. `places`: how many reports stand where, where known."""
    declared = list(declared_in_force(project))
    return count(
        places=places_of(project) if places is None else places,
        sources=source_counts(project, declared),
        declared=[Declared(fact.source_version.kind, fact.kind, fact.n) for fact in declared],
        reason_labels=reason_labels(project),
        reviews=reviews_included(project),
        primary_studies=review_contributions.primary_studies_of(project),
        previous=previous_of(project),
    )


def previous_of(project: Project) -> Previous | None:
    """What an earlier version of this review had included, as last recorded; None where there was none."""
    last = PreviousReview.objects.filter(project=project).order_by("-seq").first()
    if last is None or last.studies is None:
        return None
    return Previous(last.studies, last.reports, last.withdrawn_studies, last.withdrawn_reports, last.citation)


@once
def labels_of(project: Project) -> dict[str, str]:
    """Key of `words.Words` -> what the project calls it, where it has a label of its own."""
    latest = BoxLabel.objects.filter(project=project).order_by("key", "-seq").distinct("key")
    return {key: label for key, label in latest.values_list("key", "label") if label}


def reports_in(project: Project, box: str) -> QuerySet[Report]:
    """The reports a box counts, by the same rule as its number."""
    return Report.objects.filter(project=project, pk__in=RawSQL(REPORTS_AT, (project.pk, standing_in(box))))  # noqa: S611 (constant, with parameters)


State = tuple[str, str, str, str, str]


@cache
def states_of(box: str) -> frozenset[State]:
    """Every way in which a report of a box may stand: column, title, retrieval, text, removed."""
    belongs, status = LISTS[box], ["", *ReportStage.Status.values]
    every = product(("databases", "other"), status, ["", *ReportStage.Retrieval.values], status, ("", *Removal.Kind.values))
    return frozenset(
        (column, title, retrieval, text, removed)
        for column, title, retrieval, text, removed in every
        if belongs(place_of(column=column, title=title, retrieval=retrieval, text=text, reason=None, removed=removed))
    )


def standing_in(box: str) -> list[str]:
    """The same as `STANDS` writes it."""
    return ["|".join(state) for state in states_of(box)]


def records_in(project: Project, box: str) -> QuerySet[Record]:
    """The records that a box of records counts, with their report and source."""
    chosen = RECORDS_OF[box]
    asked = (list(DATABASE_KINDS), project.pk, list(chosen.kinds), chosen.first, chosen.removed)
    found = Record.objects.filter(project=project, pk__in=RawSQL(RECORDS_AT, asked))  # noqa: S611 (constant, with parameters)
    return found.select_related("placement__report", "import_run__source_version")


def waiting_by_box(member: Membership) -> dict[str, int]:
    """Of the reports not settled yet, how many wait for this member, by the box they stand under."""
    found = {}
    if may(member, "titles.screen"):
        found["records_screened"] = open_for(member, Stage.TITLE_ABSTRACT)
    if may(member, "fulltext.screen"):
        found["dbr_assessed"] = open_for(member, Stage.FULL_TEXT, column=Report.Column.DATABASES)
        found["other_assessed"] = open_for(member, Stage.FULL_TEXT, column=Report.Column.OTHER)
    return found
