"""The record of each row of a table, once it is known which column is which field."""

import re
from collections.abc import Mapping, Sequence

from .citation import described, parse_reference, parse_source
from .columns import all_together, by_field, guess, layout_of, unique
from .fields import MOST_WORDS, Fields, compose
from .latex import delatex
from .model import ParsedRecord
from .text import pmid_noted

_NLM = re.compile(r"^NLM\d{5,9}$")
_REFERENCES = re.compile(r"\s*\[References\]\.?\s*$")
MOST_MORE = 1_000  # cells right of the last column; those beyond stand only in the row's own text


class Columns:
    """What the columns of one table mean, worked out once.

    `mapping` (column to field) is a person's word: a column it does not name is of no field. Without it the names
    are guessed from.
    """

    def __init__(self, header: Sequence[str], mapping: Mapping[str, str] | None = None) -> None:
        self.layout = layout_of(header)
        self.names = unique(header)
        self.of = by_field(self.names, guess(self.names) if mapping is None else mapping)
        self.together = {field for field, named in self.of.items() if all_together(field, named)}
        self.reference = "" if self.of["title"] else next(iter(self.of["reference"]), "")
        if self.reference:
            self.of["title"] = [self.reference]

    @property
    def titled(self) -> bool:
        """Whether records could have titles at all."""
        return bool(self.of["title"])

    def record(self, row: Sequence[str], ordinal: int, line: int, raw: str, warnings: list[str]) -> ParsedRecord:
        """The record of one row."""
        cells = [delatex(cell) for cell in row] if self.layout == "BibTeX columns" else row
        pairs = list(zip(self.names, cells, strict=False))
        if len(cells) > len(self.names):
            pairs += [("(more cells)", cell) for cell in cells[len(self.names) : len(self.names) + MOST_MORE]]
            warnings.append(f"The row has {len(cells)} cells for {len(self.names)} columns.")
        elif len(cells) < len(self.names) - 1:
            warnings.append(f"The row has only {len(cells)} cells for {len(self.names)} columns.")
        return self._compose(Fields(pairs), ordinal, line, raw, warnings)

    def _compose(self, fields: Fields, ordinal: int, line: int, raw: str, warnings: list[str]) -> ParsedRecord:
        def take(field: str) -> str:
            return fields.first(*self.of[field])

        source = self._source(fields)
        doi, pmid = take("doi"), take("pmid")
        if not pmid and _NLM.match(doi):
            doi, pmid = "", doi
        return compose(
            fields,
            ordinal=ordinal,
            line=line,
            raw=raw,
            title=_REFERENCES.sub("", take("title")),
            author_lists=self._list(fields, "authors") or [source.get("authors", "")],
            year=take("year") or source.get("year", ""),
            journal=take("journal") or source.get("journal", ""),
            volume=take("volume") or source.get("volume", ""),
            issue=take("issue") or source.get("issue", ""),
            pages=self._pages(fields, source),
            doi=doi or source.get("doi", ""),
            pmid=pmid or pmid_noted(fields.peek("Extra", "Note", "Notes")),
            abstract=" ".join(self._list(fields, "abstract")) or source.get("abstract", ""),
            keywords=self._keywords(fields),
            language=take("language"),
            url=take("url"),
            kind=take("kind"),
            accession=take("accession") or (pmid if self.layout == "PubMed" else ""),
            issn=take("issn"),
            warnings=warnings,
        )

    def _list(self, fields: Fields, field: str) -> list[str]:
        """All columns of a list that stands in several, else the first that says something."""
        names = self.of[field]
        return fields.every(*names) if field in self.together else [value for value in [fields.first(*names)] if value]

    def _keywords(self, fields: Fields) -> list[str]:
        words = self._list(fields, "keywords")
        if "keywords" in self.together:
            return [word for value in words for word in value.split(";", MOST_WORDS)]
        return [word for value in words for word in _words(value)]

    def _pages(self, fields: Fields, source: dict[str, str]) -> tuple[str, str]:
        pages = fields.first(*self.of["pages"])
        if pages:
            return pages, ""
        start = fields.first(*self.of["start"])
        return (start, fields.first(*self.of["end"])) if start else (source.get("pages", ""), "")

    def _source(self, fields: Fields) -> dict[str, str]:
        """What a column of whole sources or references says; the text itself stays where it is."""
        if self.reference:
            return parse_reference(" ".join(fields.peek(self.reference)))
        for text in fields.peek(*self.of["source"]):
            found = parse_source(text) | described(text)
            if found:
                return found
        return parse_reference(" ".join(fields.peek(*self.of["reference"]))) if self.of["reference"] else {}


def _words(value: str) -> list[str]:
    if value.startswith("[") and value.endswith("]"):
        return [word.strip(" '\"") for word in value[1:-1].split("',")]
    for separator in (";", "\n", "|"):
        if separator in value:
            return value.split(separator, MOST_WORDS)
    return value.split(",", MOST_WORDS)
