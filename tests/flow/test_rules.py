"""The pure rules of the flow: places, boxes, equations, and the package's file."""

import csv
import io

import pytest

from screening.flow.equations import identities, warnings
from screening.flow.package_csv import HEADER, package_csv, plain
from screening.flow.plain import as_figures
from screening.flow.rules import BOXES, NO_REASON, Place, Previous, SourceCount, count, place_of
from tests.shared import SHARED

SOURCES = [
    SourceCount("medline", "MEDLINE", "database", 600),
    SourceCount("embase", "Embase", "database", 450),
    SourceCount("prospero", "PROSPERO", "register", 30),
    SourceCount("citations", "Citation searching", "citation", 16),
    SourceCount("web", "A website", "website", 4),
]
PLACES = {
    Place("databases", title="open"): 100,
    Place("databases", title="exclude"): 850,
    Place("databases", title="include", retrieval="sought", text="open"): 5,
    Place("databases", title="include", retrieval="not_retrieved", text="open"): 4,
    Place("databases", title="include", retrieval="retrieved", text="open"): 3,
    Place("databases", title="include", retrieval="retrieved", text="exclude", reason="a"): 30,
    Place("databases", title="include", retrieval="retrieved", text="exclude", reason="b"): 11,
    Place("databases", title="include", retrieval="retrieved", text="include"): 27,
    Place("other", retrieval="retrieved", text="exclude"): 2,
    Place("other", retrieval="retrieved", text="include"): 6,
}


@pytest.fixture
def counts():
    return count(
        places=PLACES,
        sources=SOURCES,
        reason_labels={"a": "Not a review, nor a protocol; really", "b": "=Under half"},
        reviews=32,
        primary_studies=348,
    )


def test_a_conflict_is_not_told_apart_from_what_is_open():
    for status in ("open", "conflict"):
        assert place_of(column="databases", title=status, retrieval=None, text=None, reason=None) == Place("databases", title="open")


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"title": "include", "retrieval": None, "text": None}, Place("databases", title="include", retrieval="sought", text="open")),
        (
            {"title": "include", "retrieval": "not_retrieved", "text": "open"},
            Place("databases", title="include", retrieval="not_retrieved", text="open"),
        ),
        ({"title": "exclude", "retrieval": "retrieved", "text": "include"}, Place("databases", title="exclude")),
        (
            {"title": "include", "retrieval": "sought", "text": "include"},
            Place("databases", title="include", retrieval="retrieved", text="include"),
        ),
    ],
)
def test_where_a_report_stands(given, wanted):
    assert place_of(column="databases", reason=None, **given) == wanted


def test_every_equation_holds_and_says_its_figures(counts):
    lines = identities(counts)
    assert [line.words for line in lines if not line.holds] == []
    sought = next(line for line in lines if line.words.startswith("Full texts sought, databases"))
    assert (sought.left, [n for _, n in sought.right]) == (80, [4, 71, 5])


def test_a_broken_equation_is_told(counts):
    counts.boxes["records_excluded"] += 1
    assert [line.words for line in identities(counts) if not line.holds] == ["Titles and abstracts"]


def test_an_excluded_full_text_without_a_reason_is_counted_under_a_name(counts):
    assert counts.reasons["other"] == {NO_REASON: 2}


def test_more_reviews_than_reports_is_a_warning_only(counts):
    assert warnings(counts) == []
    more = count(places=PLACES, sources=SOURCES, reason_labels={}, reviews=40)
    assert "40 reviews in 33 reports" in warnings(more)[0]


def test_the_figures_as_plain_data_hold_every_box(counts):
    figures = as_figures(counts)
    assert set(BOXES) <= set(figures["boxes"])
    assert figures["primary_studies"] == 348
    assert all(line["holds"] for line in figures["identities"])


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_says_what_the_boxes_say(counts):
    rows = {row["data"]: row["n"] for row in rows_of(package_csv(counts)) if row["data"] != "NA"}
    assert rows["database_results"] == "1050" and rows["register_results"] == "30"
    assert rows["database_specific_results"] == "MEDLINE, 600; Embase, 450"
    assert rows["duplicates"] == str(1080 - 1030)
    assert rows["dbr_excluded"] == "Not a review nor a protocol really, 30; Under half, 11"
    assert rows["other_excluded"] == f"{NO_REASON}, 2"
    assert rows["new_studies"] == rows["total_studies"] == "32"
    assert rows["new_reports"] == rows["total_reports"] == "33"
    assert {rows[key] for key in ("previous_studies", "previous_reports", "total_studies_ma", "total_reports_ma")} == {"0"}


def test_details_that_are_not_used_keep_the_templates_placeholders():
    rows = {row["data"]: row["n"] for row in rows_of(package_csv(count(places={}, sources=[], reason_labels={}, reviews=0)))}
    assert rows["register_specific_results"] == "Register 1, xxx; Register 2, xxx; Register 3, xxx"
    assert rows["dbr_excluded"] == "Reason1, xxx; Reason2, xxx; Reason3, xxx"


@pytest.mark.parametrize("label", ["a, b; c", "=1+1", "  \n ", ";", "+x"])
def test_a_label_never_splits_a_detail_or_starts_a_formula(label):
    assert not set(plain(label)) & {",", ";", "\n"}
    assert plain(label)[0] not in "=+-@"


@pytest.mark.parametrize("name", ["PRISMA2020_v1.1.4_template.csv", "example_umbrella_filled.csv"])
def test_the_file_has_the_packages_rows_in_the_packages_order(counts, name):
    path = SHARED / "groundtruth" / "prisma" / name
    if not path.exists():
        pytest.skip(f"{path.name} is not beside this checkout")
    theirs, ours = rows_of(path.read_text(encoding="utf-8-sig")), rows_of(package_csv(counts))
    assert list(theirs[0]) == list(HEADER) == list(ours[0])
    for column in ("data", "node", "box", "description", "tooltips", "url"):
        assert [row[column] for row in ours] == [row[column] for row in theirs]
    for mine, row in zip(ours, theirs, strict=True):
        # Only what names studies is renamed; all other words are the package's.
        assert mine["boxtext"] == row["boxtext"] or "review" in mine["boxtext"].lower()
        # A number where they have one, a list of "name, number" where they have that.
        assert (";" in mine["n"] or "," in mine["n"]) == ("," in row["n"].replace("1,250", "1250")) or mine["n"].isdigit()


def test_what_was_withdrawn_since_is_said_in_the_box_it_is_taken_from():
    previous = Previous(studies=20, reports=24, withdrawn_studies=2, withdrawn_reports=3)
    updated = count(places=PLACES, sources=SOURCES, reason_labels={}, reviews=32, previous=previous)
    rows = {row["data"]: row for row in rows_of(package_csv(updated, {"previous": "Earlier, reviews"})) if row["data"] != "NA"}
    assert rows["previous_studies"]["boxtext"] == "Earlier reviews (2 of them withdrawn since)"
    assert rows["previous_reports"]["boxtext"].endswith("umbrella review (3 of them withdrawn since)")
    assert [rows[key]["n"] for key in ("previous_studies", "new_studies", "total_studies")] == ["20", "32", "50"]
    assert [rows[key]["n"] for key in ("previous_reports", "new_reports", "total_reports")] == ["24", "33", "54"]
    assert sum("withdrawn" in row["boxtext"] for row in rows.values()) == 2
    assert "withdrawn" not in package_csv(count(places=PLACES, sources=SOURCES, reason_labels={}, reviews=32, previous=Previous(20, 24)))
