"""The sheets of the summary, in their order. How to add one: README.md beside this file."""

from types import ModuleType

from extraction.exports.sheets import citation_matrix, decisions, included_reviews, overlap, priorities, prisma_counts, read_me, searches
from extraction.exports.sheets.model import Sheet, Source

SHEETS: tuple[ModuleType, ...] = (read_me, prisma_counts, searches, included_reviews, citation_matrix, overlap, priorities, decisions)


def collect(source: Source) -> list[Sheet]:
    """Every sheet, read now. Run it in one transaction, so that all sheets tell of one moment."""
    source.contents.extend((module.NAME, module.ABOUT) for module in SHEETS)
    return [Sheet(module.NAME, module.ABOUT, module.tables(source)) for module in SHEETS]
