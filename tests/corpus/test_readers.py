"""Every real export of the formats read so far, against the counts of its manifest and known expected parses.

`READ` names the manifest's formats that can be read. A file whose count differs stands in `OTHERWISE` with the count it
must have and the reason; nothing else may differ.
"""

import csv
import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from screening.references.formats import ParsedRecord, ReadError, Reading, read
from tests.shared import SHARED, needs_shared

pytestmark = [needs_shared, pytest.mark.corpus]

DATA = SHARED / "data"
READ = ("ris", "nbib", "csv", "tsv", "wos", "enw", "endnote-xml", "pubmed-xml", "bib", "ovid-tagged", "xlsx", "tagged-other")

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
    "exports/JabRef__jabref/MedlinePlainImporterTestMultiTitle.txt": (1, "nbib without a PMID, which the manifest does not name"),
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


EXPORTS = [row for row in manifest() if row["path"].startswith("exports/")]
# The other workbooks are forms and matrices without titles.
FILES = [
    row
    for row in manifest()
    if row["format"] in READ and "/negatives_unsupported/" not in row["path"] and (row["format"] != "xlsx" or row in EXPORTS)
]


@cache
def outcome(path: str) -> Reading | str:
    """What reading one export file gives: its records, or the sentence it is refused with."""
    try:
        return read((DATA / path).read_bytes())
    except ReadError as error:
        return str(error)


def counted(row: dict[str, str]) -> int | None:
    """How many records the file has; None when it must be refused.

    For BibTeX the pattern of the manifest takes comments and strings for entries: there the entries one parser read
    and those it says it failed on are the count.
    """
    if row["path"] in OTHERWISE:
        return OTHERWISE[row["path"]][0]
    peers, end = json.JSONDecoder().raw_decode(row["peer_results"])
    if row["format"] == "xlsx":
        return int(peers["openpyxl"])
    if row["format"] != "bib":
        return int(row["raw_records"])
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


def test_every_export_file_counts_in_the_score():
    """At least 99% of all export files give what they hold: their records, or, holding none we read, a sentence.

    The expected parses beside the files (Zotero's own JSON) are no exports; each is refused with a sentence below.
    """
    wrong = {}
    for row in EXPORTS:
        if row["path"].endswith(".expected.json"):
            continue
        wanted = counted(row) if row in FILES else None
        found = outcome(row["path"])
        right = isinstance(found, str) if wanted is None else isinstance(found, Reading) and len(found.records) == wanted
        if not right:
            wrong[row["path"]] = (wanted, found if isinstance(found, str) else len(found.records))
    assert len(EXPORTS) > 400
    assert len(wrong) <= 0.01 * sum(not row["path"].endswith(".expected.json") for row in EXPORTS), wrong
    assert wrong == {}


def test_what_the_manifest_alone_says_agrees_as_often():
    """The score before any of the differences explained above: the manifest's own counts, taken as they stand."""
    compared = [row for row in EXPORTS if row["raw_records"] and row["format"] != "bib" and "/negatives" not in row["path"]]
    same = [row for row in compared if not isinstance(found := outcome(row["path"]), str) and len(found.records) == int(row["raw_records"])]
    explained = [row for row in compared if row["path"] in OTHERWISE or row["format"] == "mods-xml"]
    assert len(compared) > 160
    assert len(same) >= len(compared) - len(explained)


@pytest.mark.parametrize("row", [row for row in manifest() if "/negatives_unsupported/" in row["path"]], ids=lambda row: row["path"])
def test_what_is_not_supported_is_refused_with_a_sentence(row):
    found = outcome(row["path"])
    assert isinstance(found, str)
    assert re.match(r"The file (seems to be|is empty).*\.$", found)


@pytest.mark.parametrize("row", EXPORTS, ids=lambda row: row["path"])
def test_no_export_brings_anything_but_a_reading_or_a_sentence(row):
    found = outcome(row["path"])
    assert found.endswith((".", "?")) if isinstance(found, str) else found.records


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
    """As compared: tags and our marks of raised and lowered text gone, dashes alike, no full stop at the end."""
    text = re.sub(r"[\^_]\(([^()]*)\)", r"\1", re.sub(r"<[^>]+>", "", str(value or "")))
    text = unicodedata.normalize("NFKC", text).replace("–", "-").replace("—", "-").replace("--", "-")
    return " ".join(text.split()).casefold().rstrip(".")


def family(authors: list[str]) -> str:
    """The first author's family name: before the comma, else the last word (a format without commas keeps names as found)."""
    name = authors[0] if authors else ""
    return name.split(",")[0] if "," in name else name.rpartition(" ")[2]


COMPARED = ("title", "first author", "year", "doi", "journal", "pages", "abstract")
# Why these fields differ from what stands beside their files; nothing else may.
DIFFERENT = {
    ("BibTeX_05.bib", "title"): "a tilde without a letter to stand on is the sign ∼ there, a plain ~ here",
    ("BibTeX_09.bib", "title"): "a title of broken commands; there a brace is kept",
    ("BibTeX_15.bib", "journal"): "the entry abbreviates its journal; there it is written out from a table",
    ("OVID_Tagged_01.txt", "journal"): "there the volume stays behind the journal's name",
    ("OVID_Tagged_04.txt", "pages"): "there the pages of the whole book, here those of the chapter",
    ("RIS_02.ris", "first author"): "a table of every tag of every kind, where creators of other roles stand first",
    ("ReferBibIX_00.enw", "journal"): "the journal in two scripts; there the second",
    ("Web_of_Science_Tagged_02.ciw", "pages"): "one page, there written 82-82",
    ("MedlineImporterTestKeywordSingleEntry.xml", "first author"): "there the person the text is about, here none: it names no author",
    ("MedlinePlainImporterTestMultiTitle.txt", "title"): "three title lines, there joined by colons",
    ("RisImporterTestDate1.2.ris", "journal"): "there the short name, here the full one, both in the record",
}


def of_zotero(item: dict) -> tuple:
    creators = item.get("creators") or [{}]
    first = next((creator for creator in creators if creator.get("creatorType") == "author"), creators[0])
    year = re.search(r"\d{4}", item.get("date") or item.get("issueDate") or "")
    return (
        item.get("title"),
        first.get("lastName"),
        year.group().replace("0000", "") if year else "",
        item.get("DOI"),
        item.get("publicationTitle"),
        item.get("pages"),
        item.get("abstractNote"),
    )


def of_record(record: ParsedRecord) -> tuple:
    return (record.title, family(record.authors), record.year, record.doi, record.journal, record.pages, record.abstract)


def pairs() -> Iterator[tuple[Path, list[tuple]]]:
    """(file, what each of its records should say) for every export with an expected parse, or the same records as BibTeX, beside it."""
    for path in sorted((DATA / "exports/zotero__translators").glob("*.expected.json")):
        (file,) = [other for other in path.parent.glob(path.name.split(".")[0] + ".*") if other.suffix != ".json"]
        yield file, [of_zotero(item) for item in json.loads(path.read_text(encoding="utf-8"))]
    jabref, colrev = DATA / "exports/JabRef__jabref", DATA / "exports/CoLRev-Environment__colrev"
    beside = [
        (path.with_suffix(".bib"), path) for path in sorted(jabref.iterdir()) if path.suffix in (".xml", ".ris", ".txt", ".enw", ".isi")
    ]
    beside += [(jabref / f"OvidImporterTestBib{n}.bib", jabref / f"OvidImporterTest{n}.txt") for n in (3, 5, 6)]
    beside += [(colrev / "enl_data_expected.bib", colrev / "enl_data.enl")]
    for expected, file in beside:
        if expected.is_file() and file.name != "MedlineImporterTestMinimalEntry.xml":  # beside it: an entry without any field
            yield file, [of_record(record) for record in read(expected.read_bytes()).records]


def test_fields_equal_the_expected_parses():
    """97% of compared fields; those that differ are named in `DIFFERENT` with the reason."""
    files = compared = 0
    different = []
    for file, wanted in pairs():
        records = read(file.read_bytes()).records
        assert len(wanted) == len(records), file.name
        files += 1
        for expected, record in zip(wanted, records, strict=True):
            for name, value, got in zip(COMPARED, expected, of_record(record), strict=True):
                compared += bool(value)
                if value and folded(value) != folded(got):
                    different.append((file.name, name, value, got))
    assert files >= 65
    assert compared >= 700
    assert [pair for pair in different if pair[:2] not in DIFFERENT] == []
    assert len(different) <= 0.03 * compared, different
