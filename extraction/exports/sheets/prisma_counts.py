"""The PRISMA 2020 counts: boxes, sources, reasons for exclusion, and the equations that hold between them."""

from datetime import datetime

from extraction.exports.sheets.model import Source, Table
from screening.flow.equations import identities
from screening.flow.queries import counts_of
from screening.flow.rules import NAMES, Counts
from screening.projects.queries import shown_name
from screening.references.queries import declared_in_force, removals_in_force, removed_reports

NAME = "PRISMA counts"
ABOUT = (
    "Every box of the PRISMA 2020 diagram, the sources, what was removed before screening, the reasons for exclusion, and the equations."
)

COLUMNS = {"databases": "Databases and registers", "other": "Other methods"}
KINDS = {
    "database": "Database",
    "register": "Register",
    "website": "Website",
    "organisation": "Organisation",
    "citation": "Citation searching",
    "expert": "Expert or team knowledge",
}


def tables(source: Source) -> list[Table]:
    counts = counts_of(source.project)
    return [
        Table("prisma_boxes", "Boxes", ("Box", "What it counts", "n", "Of these, without a list"), _boxes(counts), (34, 66, 10, 22)),
        Table(
            "prisma_sources",
            "Records by source",
            ("Source", "Kind", "Records", "Of these, removed elsewhere"),
            [(one.name, KINDS.get(one.kind, one.kind), one.n, one.declared) for one in counts.sources],
            (34, 66, 10, 22),
        ),
        Table(
            "prisma_removed",
            "Reports removed before screening",
            ("Title", "Why", "Reason", "By", "When"),
            _removed(source),
            (34, 40, 66, 22, 20),
        ),
        Table(
            "prisma_removed_elsewhere",
            "Records removed elsewhere, as declared",
            ("Source", "Date searched", "What they were", "Records", "Where", "By whom", "Declared by", "When"),
            [
                (
                    fact.source_version.name,
                    fact.source_version.searched_on.isoformat() if fact.source_version.searched_on else "Not stated",
                    fact.get_kind_display(),
                    fact.n,
                    fact.where,
                    fact.who,
                    shown_name(fact.by),
                    fact.recorded_at,
                )
                for fact in declared_in_force(source.project)
            ],
            (34, 16, 40, 10, 34, 34, 22, 20),
            notes=("They count as identified and as removed. There is no list of them here.",),
        ),
        Table(
            "prisma_reasons",
            "Full texts excluded, by primary reason",
            ("Column", "Reason", "Reports"),
            [(COLUMNS.get(column, column), reason, n) for column, reasons in counts.reasons.items() for reason, n in reasons.items()],
            (34, 66, 10),
        ),
        Table(
            "prisma_identities",
            "Equations",
            ("Holds", "In words", "Left side"),
            [("yes" if one.holds else "NO", f"{one.words} = {_sum(one.right)}", one.left) for one in identities(counts)],
            (34, 66, 10),
        ),
    ]


def _boxes(counts: Counts) -> list[tuple[str, str, int | None, int | None]]:
    rows: list[tuple[str, str, int | None, int | None]] = [
        (key, NAMES.get(key, key.replace("_", " ").capitalize()), n, counts.without_list.get(key, 0)) for key, n in counts.boxes.items()
    ]
    return [*rows, ("primary_studies", "Primary studies in the lists of included reviews", counts.primary_studies, None)]


def _removed(source: Source) -> list[tuple[str, str, str, str, datetime]]:
    """Every report removed before screening, by title, with who removed it and why."""
    reports = list(removed_reports(source.project).order_by("title_key", "id").only("title"))
    why = removals_in_force([report.pk for report in reports])
    found = [(report, why[report.pk]) for report in reports if report.pk in why]
    return [(report.title, fact.get_kind_display(), fact.reason, shown_name(fact.by), fact.recorded_at) for report, fact in found]


def _sum(right: object) -> str:
    return " + ".join(f"{words} ({n})" for words, n in right) or "0"
