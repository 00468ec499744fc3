"""The PRISMA 2020 counts: boxes, sources, reasons for exclusion, and the equations that hold between them."""

from extraction.exports.sheets.model import Source, Table
from screening.flow.queries import counts_of
from screening.flow.rules import NAMES, Counts, identities

NAME = "PRISMA counts"
ABOUT = "Every box of the PRISMA 2020 diagram, the sources, the reasons for exclusion, and the equations between them."

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
        Table("prisma_boxes", "Boxes", ("Box", "What it counts", "n"), _boxes(counts), (34, 66, 10)),
        Table(
            "prisma_sources",
            "Records by source",
            ("Source", "Kind", "Records"),
            [(one.name, KINDS.get(one.kind, one.kind), one.n) for one in counts.sources],
            (34, 66, 10),
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


def _boxes(counts: Counts) -> list[tuple[str, str, int | None]]:
    rows: list[tuple[str, str, int | None]] = [
        (key, NAMES.get(key, key.replace("_", " ").capitalize()), n) for key, n in counts.boxes.items()
    ]
    return [*rows, ("primary_studies", "Primary studies in the lists of included reviews", counts.primary_studies)]


def _sum(right: object) -> str:
    return " + ".join(f"{words} ({n})" for words, n in right) or "0"
