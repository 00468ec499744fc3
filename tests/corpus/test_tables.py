"""Real tables: what their columns were taken for, compared cell by cell with the columns a person would choose."""

import csv
import io
import re

import pytest

from screening.references.formats import ReadError, preview, read
from tests.shared import SHARED, needs_shared

pytestmark = [needs_shared, pytest.mark.corpus]

DATA = SHARED / "data"
RETURNS = DATA / "screening/dimitrov_dual/search_returns"
EXPORTS = sorted(path for end in ("csv", "tsv", "xlsx") for path in (DATA / "exports").glob(f"*/*.{end}")) if SHARED.is_dir() else []

# The columns a person would choose; "" where the source has none of its own. Authors, journal and year of Embase stand in SO.
COLUMNS = {
    "medline": {
        "title": "Title",
        "authors": "Authors",
        "year": "Publication Year",
        "doi": "DOI",
        "journal": "Journal/Book",
        "pmid": "PMID",
    },
    "psychinfo": {"title": "TI", "authors": "AU", "year": "YR", "abstract": "AB", "journal": "JN", "accession": "AN"},
    "embase": {"title": "TI", "authors": "AU", "abstract": "AB", "accession": "UI"},
    "cinahl": {"title": "artinfo/tig/atl", "authors": "artinfo/aug/au/0", "year": "pubinfo/dt/_year", "journal": "jinfo/jtl"},
    "ieee": {"title": "Document Title", "authors": "Authors", "year": "Publication Year", "doi": "DOI", "abstract": "Abstract"},
    "scopus": {"title": "Title", "authors": "Authors", "year": "Year", "doi": "DOI", "abstract": "Abstract", "pmid": "PubMed ID"},
    "github": {"title": "title", "authors": "author", "abstract": "abstract"},
    "base": {"title": "title", "authors": "author", "year": "year"},
}
# At least this many records of each have a value: counted by hand in the files, less a few of odd form.
FILLED = {
    "medline": {"year": 859, "doi": 830, "journal": 859, "volume": 850, "pages": 855},
    "psychinfo": {"year": 58, "doi": 49, "abstract": 58, "volume": 56},
    "embase": {"year": 568, "doi": 500, "journal": 568, "pages": 540, "abstract": 558, "pmid": 410},
    "cinahl": {"year": 168, "doi": 136, "abstract": 144, "keywords": 158, "pages": 160},
    "ieee": {"year": 93, "doi": 93, "abstract": 93, "pages": 93},
    "scopus": {"year": 709, "doi": 670, "abstract": 700, "pages": 675, "pmid": 480},
    "github": {"year": 155, "abstract": 92},
    "base": {"year": 82, "doi": 55, "abstract": 64, "journal": 49},
}
# Its "bibliography" is a short name, as "Author, et al 2020 ".
WITHOUT_YEARS = ("hedco_anxiety_overview/APO_review_eligibility.xlsx",)
# Made up by their authors with words in place of titles or DOIs.
MADE_UP = ("missing_values.csv", "duplicate_records.csv", "broken_record_id.csv", "duplicate_data_with_doi.csv", "sample_data.csv")
NO_SPACES = re.compile(r"[\W_]+")


def letters(value: object) -> str:
    return NO_SPACES.sub("", str(value or "")).casefold()


@pytest.mark.parametrize("source", COLUMNS)
def test_the_search_returns_are_mapped_without_a_question(source):
    shown = preview((RETURNS / f"{source}.csv").read_bytes())
    assert shown.layout
    assert shown.sure
    for field, column in COLUMNS[source].items():
        assert shown.guess[column] == field


@pytest.mark.parametrize("source", COLUMNS)
def test_the_values_are_those_of_their_cells(source):
    data = (RETURNS / f"{source}.csv").read_bytes()
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), skipinitialspace=True))
    records = read(data).records
    compared = different = 0
    for row, record in zip(rows, records, strict=True):
        for field, column in COLUMNS[source].items():
            cell, value = row[column], getattr(record, field)
            if field == "authors":
                value = value[0].split(",")[0] if value else ""
            compared += bool(cell)
            different += bool(cell) and letters(value)[:30] not in letters(cell) and letters(cell)[:30] not in letters(value)
    assert compared > 2 * len(records)
    assert different <= (0.1 if source == "base" else 0.01) * compared, f"{different} of {compared}"


@pytest.mark.parametrize("source", FILLED)
def test_as_many_records_have_a_value_as_the_source_gives(source):
    records = read((RETURNS / f"{source}.csv").read_bytes()).records
    have = {field: sum(1 for record in records if getattr(record, field)) for field in FILLED[source]}
    assert {field: n for field, n in have.items() if n < FILLED[source][field]} == {}


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: path.name)
def test_every_exported_table_is_mapped_and_read(path):
    data = path.read_bytes()
    shown = preview(data)
    assert "title" in shown.guess.values()
    assert shown.sure
    reading = read(data)
    assert reading.not_read == []
    assert all(record.title for record in reading.records) or path.name in MADE_UP
    for field in ("authors", "year", "doi", "abstract"):
        if field in shown.guess.values() and path.name not in MADE_UP:
            assert any(getattr(record, field) for record in reading.records), field
    assert read(data, columns=shown.guess).records == reading.records


def test_the_workbook_of_the_exports():
    (path,) = [path for path in EXPORTS if path.suffix == ".xlsx"]
    reading = read(path.read_bytes())
    assert (reading.format, len(reading.records)) == ("XLSX", 3)
    assert {(record.title, record.year, tuple(record.authors)) for record in reading.records} == {
        ("Paper title", 2021, ("Smith A", "Walter B"))
    }


@pytest.mark.parametrize(
    ("name", "records", "sheet"),
    [
        ("solastalgia_workbook.xlsx", 150, "Search Results"),
        ("hedco_anxiety_overview/APO_review_eligibility_citations.xlsx", 570, "Sheet1"),
        ("hedco_anxiety_overview/APO_review_eligibility.xlsx", 570, "Sheet1"),
    ],
)
def test_workbooks_of_screening(name, records, sheet):
    data = (DATA / "screening" / name).read_bytes()
    assert preview(data).sheet == sheet
    reading = read(data)
    assert len(reading.records) == records
    assert sum(1 for record in reading.records if record.title) >= records - 1
    if name not in WITHOUT_YEARS:
        assert sum(1 for record in reading.records if record.year) >= 0.9 * records
        assert sum(1 for record in reading.records if record.authors) >= 0.9 * records


REFUSED = {
    "MarcXmlParserTestBook.xml": ("MARC XML", "catalogue"),
    "CopacImporterTest1.txt": ("library catalogue's own tagged text", "RIS"),
    "CffImporterTestInvalid1.cff": ("CITATION.cff", "RIS"),
    "CffImporterTestValid.cff": ("CITATION.cff", "RIS"),
    "MsBibImporterTest6.xml": ("Microsoft Word source list", "reference manager"),
    "InspecImportTestFalse.txt": ("short note", "RIS"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_supported_is_named_with_what_to_do(name):
    with pytest.raises(ReadError) as caught:
        read((DATA / "exports/negatives_unsupported" / name).read_bytes(), name)
    sentence = str(caught.value)
    assert sentence.startswith(f"{name}: The file seems to be ")
    for words in REFUSED[name]:
        assert words in sentence
    assert sentence.endswith("import that.")


def test_every_unsupported_file_is_named_here():
    assert {path.name for path in (DATA / "exports/negatives_unsupported").iterdir()} == set(REFUSED)
