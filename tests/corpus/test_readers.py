"""Every real export of the formats read so far, against the counts of its manifest and known expected parses.

`READ` names the manifest's formats that can be read. A file whose count differs stands in `OTHERWISE` with the count it
must have and the reason; nothing else may differ.
"""

import csv
import json
import re
import unicodedata
from functools import cache

import pytest

from screening.references.formats import ReadError, read
from tests.shared import SHARED, needs_shared

pytestmark = [needs_shared, pytest.mark.corpus]

DATA = SHARED / "data"
READ = ("ris", "nbib", "csv", "wos", "enw", "endnote-xml", "pubmed-xml", "bib")

EMPTY = "one entry has no field: it is listed, not read"
UNTYPED = "the manifest counts %0 lines, which some of its records do not have"
FRAGMENT = "one tag without a title: not a record"
PATTERN = "the manifest counts PMID lines of one spelling; the file has this many records"
NO_TITLES = "no column holds titles: a list of identifiers or a citation matrix, which must be refused"
OTHERWISE = {
    "exports/retorquere__zotero-better-bibtex/Better_BibTeX.009.bib": (2, EMPTY),
    "exports/CoLRev-Environment__colrev/ais_enl.txt": (6, UNTYPED),
    "exports/CoLRev-Environment__colrev/enl_data.enl": (3, UNTYPED),
    "exports/JabRef__jabref/Endnote.pattern.A.enw": (None, FRAGMENT),
    "exports/CoLRev-Environment__colrev/nbib_data.nbib": (1, PATTERN),
    "exports/JabRef__jabref/MedlinePlainImporterTestDOI.txt": (1, PATTERN),
    "exports/JabRef__jabref/MedlinePlainImporterTestMultipleEntries.txt": (7, PATTERN),
    "exports/zotero__translators/MEDLINEnbib_04.nbib": (3, PATTERN),
    "exports/zotero__translators/MEDLINEnbib_06.nbib": (4, PATTERN),
    "dedup/bib-dedupe_stroke/merged_record_ids.csv": (None, NO_TITLES),
    "dedup/bib-dedupe_cytology_screening/merged_record_ids.csv": (None, NO_TITLES),
    "dedup/bib-dedupe_special_cases/merged_record_ids.csv": (None, NO_TITLES),
    "overlap/ccaR_test.csv": (None, NO_TITLES),
    "overlap/ccaR_test2.csv": (None, NO_TITLES),
    "overlap/ccaR_miyazaki2017CCA.csv": (None, NO_TITLES),
}
RETURNS = {"base": 85, "cinahl": 168, "embase": 568, "github": 155, "ieee": 93, "medline": 859, "psychinfo": 58, "scopus": 709}


@cache
def manifest() -> list[dict[str, str]]:
    if not (DATA / "MANIFEST.csv").is_file():
        return []
    with (DATA / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


FILES = [row for row in manifest() if row["format"] in READ]


def counted(row: dict[str, str]) -> int | None:
    """How many records the file has; None when it must be refused.

    For BibTeX the pattern of the manifest takes comments and strings for entries: there the entries one parser read
    and those it says it failed on are the count.
    """
    if row["path"] in OTHERWISE:
        return OTHERWISE[row["path"]][0]
    if row["format"] != "bib":
        return int(row["raw_records"])
    peers, end = json.JSONDecoder().raw_decode(row["peer_results"])
    failed = re.search(r"bibtexparser_failed_blocks=(\d+)", row["peer_results"][end:])
    return (peers["bibtexparser2"] + (int(failed.group(1)) if failed else 0)) or None


@pytest.mark.parametrize("row", FILES, ids=lambda row: row["path"])
def test_the_file_has_its_records(row):
    wanted = counted(row)
    data = (DATA / row["path"]).read_bytes()
    if wanted is None:
        with pytest.raises(ReadError, match=r"titles|plain text|Refer format|BibTeX without an entry|a short note|no record"):
            read(data)
        return
    reading = read(data)
    assert len(reading.records) == wanted
    assert len(reading.not_read) == (OTHERWISE.get(row["path"]) == (2, EMPTY))
    assert "".join(record.raw for record in reading.records).strip()


def test_the_exports_reach_the_score():
    """At least 99% of the export files of these formats have the right count (expected parses before patterns)."""
    exports = [row for row in FILES if row["path"].startswith("exports/")]
    right = 0
    for row in exports:
        wanted = counted(row)
        right += wanted is None or len(read((DATA / row["path"]).read_bytes()).records) == wanted
    assert len(exports) > 100
    assert right >= 0.99 * len(exports), f"{right} of {len(exports)}"


@pytest.mark.parametrize("row", [row for row in manifest() if "/negatives_unsupported/" in row["path"]], ids=lambda row: row["path"])
def test_what_is_not_supported_is_refused_with_a_sentence(row):
    with pytest.raises(ReadError, match=r"The file (seems to be|is empty).*\.$"):
        read((DATA / row["path"]).read_bytes())


@pytest.mark.parametrize("row", [row for row in manifest() if row["path"].startswith("exports/")], ids=lambda row: row["path"])
def test_no_export_brings_anything_but_a_reading_or_a_sentence(row):
    try:
        assert read((DATA / row["path"]).read_bytes()).records
    except ReadError as error:
        assert str(error).endswith((".", "?"))


@pytest.mark.parametrize("source", RETURNS)
def test_the_eight_search_returns_lose_nothing(source):
    reading = read((DATA / f"screening/dimitrov_dual/search_returns/{source}.csv").read_bytes())
    count = RETURNS[source]
    assert (len(reading.records), reading.not_read) == (count, [])
    assert reading.layout
    assert sum(1 for record in reading.records if record.title) >= count - 1
    assert sum(1 for record in reading.records if record.authors) >= 0.95 * count
    assert sum(1 for record in reading.records if record.year) >= 0.96 * count


def test_the_search_returns_together():
    assert sum(RETURNS.values()) == 2695
    reading = read((DATA / "screening/dimitrov_dual/tiab/all_results_deduplicated.csv").read_bytes())
    assert len(reading.records) == 1498
    assert all(record.title for record in reading.records)


def folded(value: object) -> str:
    text = re.sub(r"<[^>]+>", "", str(value or ""))
    return " ".join(unicodedata.normalize("NFKC", text).replace("–", "-").split()).casefold()


# RIS_02 is a table of tag names, not of records: "Year" as a year, editors as first creators.
EXPECTED = sorted((DATA / "exports/zotero__translators").glob("*.expected.json")) if SHARED.is_dir() else []
COMPARED_FORMATS = ("RIS", "MEDLINE", "Web_of_Science", "PubMed_XML", "Endnote_XML", "ReferBibIX", "BibTeX")
COMPARED = [path for path in EXPECTED if path.name.startswith(COMPARED_FORMATS) and "RIS_02" not in path.name]


def first_author(item: dict) -> str:
    return item["creators"][0]["lastName"] if item.get("creators") else ""


def family(authors: list[str]) -> str:
    """The first author's family name: before the comma, else the last word (a format without commas keeps names as found)."""
    name = authors[0] if authors else ""
    return name.split(",")[0] if "," in name else name.rpartition(" ")[2]


def pairs(item: dict, record) -> list[tuple[str, str, str]]:
    year = re.search(r"\d{4}", item.get("date") or item.get("issueDate") or "")
    return [
        (name, folded(wanted), folded(got))
        for name, wanted, got in (
            ("title", item.get("title"), record.title),
            ("first author", first_author(item), family(record.authors)),
            ("year", year.group() if year else "", record.year),
            ("doi", item.get("DOI"), record.doi),
            ("journal", item.get("publicationTitle"), record.journal),
            ("pages", item.get("pages"), record.pages),
            ("abstract", item.get("abstractNote"), record.abstract),
        )
        if wanted
    ]


def test_fields_equal_the_expected_parses():
    """97% of compared fields. Known to differ: an editor taken as first author, a single page written twice, a second journal name."""
    compared = []
    for path in COMPARED:
        (file,) = [other for other in path.parent.glob(path.name.split(".")[0] + ".*") if other.suffix != ".json"]
        records = read(file.read_bytes()).records
        items = json.loads(path.read_text(encoding="utf-8"))
        assert len(items) == len(records)
        for item, record in zip(items, records, strict=True):
            compared += pairs(item, record)
    different = [pair for pair in compared if pair[1] != pair[2]]
    assert len(compared) > 80
    assert len(different) <= 0.03 * len(compared), different
