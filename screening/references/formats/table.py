"""CSV and TSV of any source: delimiter, header row and the meaning of the columns are guessed from the content."""

import csv
import re
from collections.abc import Sequence

from .citation import described, parse_reference, parse_source
from .columns import FIELDS, fold, has_title, known, layout_of, numbered
from .fields import Fields, compose
from .latex import delatex
from .lines import lines_of
from .model import NotRead, ParsedRecord, ReadError, Reading
from .rows import MAX_FIELD, rows_of

NAME = "CSV"

DELIMITERS = (",", ";", "\t", "|")
HEADER_ROWS = 25
_NLM = re.compile(r"^NLM\d{5,9}$")
_REFERENCES = re.compile(r"\s*\[References\]\.?\s*$")
_NAMES = {",": "CSV", ";": "CSV", "\t": "TSV", "|": "CSV"}


def seems(text: str) -> float:
    """How much the start of a file looks like a table with a title column, from 0 to 1."""
    return 0.5 if _header(text) else 0.0


def columns_of(text: str) -> list[str]:
    """The first row's columns when the text looks like a table at all, else none: for the refusal's sentence."""
    line = text.split("\n", 1)[0][:20_000]
    delimiter = max(DELIMITERS, key=line.count)
    if not line.count(delimiter):
        return []
    cells = [len(row) for row in _rows_of(text[:20_000], delimiter)[:6]]
    same = len(cells) > 1 and cells.count(cells[0]) >= len(cells) - 1
    return [name.strip() for name in _rows_of(line, delimiter)[0]] if same else []


def read(text: str) -> Reading:
    """Every row below the header as a record. Raises ReadError when no column holds titles."""
    csv.field_size_limit(MAX_FIELD)
    found = _header(text[:1_000_000])
    if found is None:
        raise ReadError("No column of the table holds titles. Name the column of titles “title” and import again.")
    delimiter, skip, header = found
    reading = Reading(_NAMES[delimiter], layout=layout_of(header))
    if skip:
        reading.warnings.append(f"{skip} row{'s' if skip > 1 else ''} above the column names passed over.")
    table = _Table(header, reading.layout)
    if table.reference:
        reading.warnings.append(f"No column of titles: whole references were read from “{table.reference}”.")
    blank = 0
    lines = lines_of(text)
    for row in rows_of(lines, delimiter, len(header), skip + 1):
        if row.cause:
            reading.not_read.append(NotRead(row.begin + 1, row.cause))
        elif not any(cell.strip() for cell in row.cells):
            blank += 1
        else:
            raw = "".join(lines[row.begin : row.end])
            warnings = [row.warning] if row.warning else []
            reading.records.append(table.record(row.cells, len(reading.records) + 1, row.begin + 1, raw, warnings))
    if blank:
        reading.warnings.append(f"{blank} blank row{'s' if blank > 1 else ''} passed over.")
    return reading


def _header(text: str) -> tuple[str, int, list[str]] | None:
    """(delimiter, rows above, column names) of the best guess."""
    best: tuple[int, str, int, list[str]] | None = None
    for delimiter in DELIMITERS:
        for skip, row in enumerate(_rows_of(text[:200_000], delimiter)[:HEADER_ROWS]):
            score = known(row)
            if len(row) > 1 and has_title(row) and max(map(len, row)) < 200 and (best is None or score > best[0]):
                best = (score, delimiter, skip, [name.strip().strip('"') for name in row])
    return best[1:] if best else None


def _rows_of(text: str, delimiter: str) -> list[list[str]]:
    rows = []
    try:
        for row in csv.reader(lines_of(text), delimiter=delimiter, skipinitialspace=True):
            rows.append(row)
            if len(rows) >= HEADER_ROWS:
                break
    except csv.Error:
        pass
    return rows


class _Table:
    """What the columns of one table mean, worked out once."""

    def __init__(self, header: list[str], layout: str) -> None:
        self.layout = layout
        self.names = _unique(header)
        folded = [fold(name) for name in header]
        self.columns = {
            field: [self.names[at] for name in names for at, other in enumerate(folded) if other == name] for field, names in FIELDS.items()
        }
        self.many: set[str] = set()
        for field in ("authors", "abstract", "keywords"):
            columns = [self.names[at] for at, name in enumerate(header) if numbered(name) == field]
            if len(columns) > 1 or (columns and not self.columns[field]):
                self.columns[field] = columns
                self.many.add(field)
        self.reference = "" if self.columns["title"] else next(iter(self.columns["reference"]), "")
        if self.reference:
            self.columns["title"] = [self.reference]
        if layout == "Scopus":
            self.columns["source"] = []

    def record(self, row: Sequence[str], ordinal: int, line: int, raw: str, warnings: list[str]) -> ParsedRecord:
        """The record of one row."""
        cells = [delatex(cell) for cell in row] if self.layout == "BibTeX columns" else row
        pairs = list(zip(self.names, cells, strict=False))
        if len(cells) > len(self.names):
            pairs += [("(more cells)", cell) for cell in cells[len(self.names) :]]
            warnings.append(f"The row has {len(cells)} cells for {len(self.names)} columns.")
        elif len(cells) < len(self.names) - 1:
            warnings.append(f"The row has only {len(cells)} cells for {len(self.names)} columns.")
        return self._compose(Fields(pairs), ordinal, line, raw, warnings)

    def _compose(self, fields: Fields, ordinal: int, line: int, raw: str, warnings: list[str]) -> ParsedRecord:
        def take(field: str) -> str:
            return fields.first(*self.columns[field])

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
            author_lists=self._authors(fields) or [source.get("authors", "")],
            year=take("year") or source.get("year", ""),
            journal=take("journal") or source.get("journal", ""),
            volume=take("volume") or source.get("volume", ""),
            issue=take("issue") or source.get("issue", ""),
            pages=self._pages(fields, source),
            doi=doi or source.get("doi", ""),
            pmid=pmid,
            abstract=take("abstract") or source.get("abstract", ""),
            keywords=self._keywords(fields),
            language=take("language"),
            url=take("url"),
            kind=take("kind"),
            accession=take("accession") or (pmid if self.layout == "PubMed" else ""),
            issn=take("issn"),
            warnings=warnings,
        )

    def _authors(self, fields: Fields) -> list[str]:
        names = self.columns["authors"]
        return fields.every(*names) if "authors" in self.many else [value for value in [fields.first(*names)] if value]

    def _keywords(self, fields: Fields) -> list[str]:
        names = self.columns["keywords"]
        return fields.every(*names) if "keywords" in self.many else _words(fields.first(*names))

    def _pages(self, fields: Fields, source: dict[str, str]) -> tuple[str, str]:
        pages = fields.first(*self.columns["pages"])
        if pages:
            return pages, ""
        start = fields.first(*self.columns["start"])
        return (start, fields.first(*self.columns["end"])) if start else (source.get("pages", ""), "")

    def _source(self, fields: Fields) -> dict[str, str]:
        """What a column of whole sources or references says; the text itself stays where it is."""
        if self.reference:
            return parse_reference(" ".join(fields.peek(self.reference)))
        for text in fields.peek(*self.columns["source"]):
            found = parse_source(text) | described(text)
            if found:
                return found
        return {}


def _unique(header: list[str]) -> list[str]:
    """Names for every column: an empty or repeated name gets its place."""
    seen: set[str] = set()
    names = []
    for at, name in enumerate(header, 1):
        label = name if name and name not in seen else f"{name or 'column'} {at}".strip()
        seen.add(label)
        names.append(label)
    return names


def _words(value: str) -> list[str]:
    if value.startswith("[") and value.endswith("]"):
        return [word.strip(" '\"") for word in value[1:-1].split("',")]
    for separator in (";", "\n", "|"):
        if separator in value:
            return value.split(separator)
    return value.split(",")
