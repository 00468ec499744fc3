"""The searches as PRISMA-S asks for them, and what each source found of the reviews known beforehand."""

from extraction.exports.sheets.model import Source, Table
from screening.protocol.prisma_s import COLUMNS, cells
from screening.protocol.queries import prisma_s_rows
from screening.references.queries.known import Held, hold_known

NAME = "Searches"
ABOUT = "Every search as PRISMA-S asks: interface, strategy word for word, limits, dates, hits beside records; and the known reviews found."

WIDTHS = (28, 18, 22, 26, 14, 14, 80, 40, 40, 14, 14, 14, 14, 14, 14)


def tables(source: Source) -> list[Table]:
    held = hold_known(source.project)
    found = [(one.source.name, one.found, one.alone, one.of) for one in held.yields] if held.findings else []
    return [
        Table("prisma_s", "Searches", COLUMNS, [cells(row) for row in prisma_s_rows(source.project)], WIDTHS),
        Table("known_reviews_by_source", "Known reviews by source", ("Source", "Found", "In no other source", "Of known reviews"), found),
        Table(
            "known_reviews",
            "Known reviews",
            ("Title", "First author", "Year", "DOI", "PubMed number", "Found", "Found in", "Where it stands"),
            _known(held),
        ),
    ]


def _known(held: Held) -> list[tuple[str | int | None, ...]]:
    names = {one.source.source_id: one.source.name for one in held.yields}
    return [
        (
            one.known.title,
            one.known.first_author,
            one.known.year,
            one.known.doi,
            one.known.pmid,
            one.state,
            "; ".join(names[pk] for pk in names if pk in one.sources),
            "; ".join(dict.fromkeys(match.stands.words for match in one.matches if match.stands)),
        )
        for one in held.findings
    ]
