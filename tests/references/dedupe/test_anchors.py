"""Real labelled sets: what is joined by itself, what waits, and above all no unique record taken for a duplicate."""

import csv
import io
import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from defusedxml import ElementTree
from django.core.management import call_command

from screening.references.dedupe import Entry, find
from screening.references.formats import read
from tests.references.dedupe.made_up import verdict
from tests.shared import SHARED, needs_shared

DEDUP = SHARED / "data" / "dedup"
pytestmark = [needs_shared, pytest.mark.corpus]

# Sensitivity of bib-dedupe 0.11 on the same files (bench/dedupe.py measures it anew).
SETS = {"bib-dedupe_stroke": 0.994, "bib-dedupe_cytology_screening": 0.992}


def truth_of(name: str) -> list[list[str]]:
    with (DEDUP / name / "merged_record_ids.csv").open(encoding="utf-8") as lines:
        return [row["merged_ids"].split(";") for row in csv.DictReader(lines)]


def found_in(name: str) -> dict[str, Any]:
    """What the command prints for a labelled set."""
    answer = io.StringIO()
    call_command("find_duplicates", str(DEDUP / name / "records_pre_merged.csv"), stdout=answer)
    return json.loads(answer.getvalue())


def pairs(groups: list[list[str]]) -> set[frozenset[str]]:
    return {frozenset(pair) for group in groups for pair in combinations(group, 2)}


@pytest.mark.parametrize("name", SETS)
def test_labelled_sets(name: str) -> None:
    found, truth = found_in(name), truth_of(name)
    true, certain, likely = pairs(truth), pairs(found["certain"]), pairs(found["likely"])
    of = {key: place for place, group in enumerate(truth) for key in group}
    removed = sum(len({of.get(key, key) for key in group}) - 1 for group in found["certain"])
    assert removed <= 1
    assert len(certain & true) / len(true) >= SETS[name]
    assert len((certain | likely) & true) / len(true) >= 0.995
    assert len({key for pair in likely for key in pair}) / found["records"] < 0.03


def test_conference_papers_and_articles_of_one_title() -> None:
    """Pairs 1-2, 5-6 and 7-11 are labelled duplicates; the annual introductions 3-4 and the others must not be joined."""
    found = found_in("bib-dedupe_special_cases")
    true = pairs(truth_of("bib-dedupe_special_cases"))
    assert pairs(found["certain"]) <= true
    assert true <= pairs(found["certain"]) | pairs(found["likely"])


def _cases() -> list[dict[str, Any]]:
    path = DEDUP / "bib-dedupe_pair_cases" / "cases_a.json"
    return json.loads(path.read_text(encoding="utf-8"))["cases"] if path.is_file() else []


def _entry(record: dict[str, Any]) -> Entry:
    return Entry(
        key=record["ID"],
        title=record["title"],
        authors=tuple((record.get("author") or "").split(" and ")),
        year=int(record["year"]) if record.get("year") else None,
        journal=record.get("journal") or record.get("booktitle") or "",
        volume=record.get("volume") or "",
        issue=record.get("number") or "",
        pages=record.get("pages") or "",
        doi=record.get("doi") or "",
    )


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case["id"])
def test_labelled_pairs(case: dict[str, Any]) -> None:
    says = verdict(_entry(case["record_a"]), _entry(case["record_b"]))
    if "pub2_vs_pub3" in case["id"]:
        assert says == "versions"  # the set calls two versions of a Cochrane review duplicates; they are two reports
    elif case["expected_duplicate"]:
        assert says == "certain"
    else:
        assert says != "certain"


def test_endnote_library_with_captions() -> None:
    """Every record captioned as a duplicate is in a group, and no group holds two that are not captioned."""
    path = DEDUP / "dedupe-sweep" / "tafenoquine.xml"
    captions = ["".join(record.find("caption").itertext() if record.find("caption") is not None else "").strip()
                for record in ElementTree.parse(path).getroot().iter("record")]  # fmt: skip
    records = read(path.read_bytes(), path.name).records
    assert len(records) == len(captions)
    matching = find(
        Entry(r.ordinal, r.title, tuple(r.authors), r.year, r.journal, r.volume, r.issue, r.pages, r.doi, r.pmid, r.abstract, r.kind)
        for r in records
    )
    captioned = {record.ordinal for record, caption in zip(records, captions, strict=True) if caption}
    assert captioned == {key for group in matching.certain for key in group.keys}


@pytest.mark.parametrize("name", ["nodupes.json", "isbn-false-dupe.json"])
def test_records_that_share_only_what_they_say_about_the_journal(name: str) -> None:
    found = find(
        Entry(r["recNumber"], r["title"], tuple(r["authors"] if isinstance(r["authors"], list) else r["authors"].split(",")),
              int(r["year"]), r["journal"], r.get("volume", ""), r.get("number", ""), r.get("pages", ""), "", "", r.get("abstract", ""))
        for r in json.loads((DEDUP / "sra-dedupe" / name).read_text(encoding="utf-8"))
    )  # fmt: skip
    assert found.certain == found.versions == []
    assert len(found.likely) == (1 if name.startswith("isbn") else 0)


def test_other_real_searches_are_not_swallowed() -> None:
    """Nine searches on one subject: groups stay as small as the number of files that could hold a record."""
    folder: Path = SHARED / "data" / "screening" / "citesource_working"
    entries = [
        Entry(f"{path.stem}:{r.ordinal}", r.title, tuple(r.authors), r.year, r.journal, r.volume, r.issue, r.pages, r.doi, r.pmid)
        for path in sorted(folder.glob("*.ris"))
        for r in read(path.read_bytes(), path.name).records
    ]
    found = find(entries)
    assert max(len(group.keys) for group in found.certain) <= 9
    assert len({key for pair in found.likely for key in (pair.first, pair.second)}) / len(entries) < 0.03
