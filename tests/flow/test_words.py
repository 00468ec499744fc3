"""The flow in words, the drawing of an update, labels in every place, and each file read by somebody else's reader."""

import csv
import io
import json
import xml.etree.ElementTree as ET

import pytest

from screening.flow.equations import identities
from screening.flow.files.writing import KINDS, count_rows
from screening.flow.layout import alone, on_page
from screening.flow.package_csv import LABELS, package_csv
from screening.flow.plain import as_figures, from_figures
from screening.flow.rules import NAMES, Counts, Previous, SourceCount, count, place_of
from screening.flow.told import TEXTS, TITLES, Screened, lines_in_words, methods
from screening.flow.words import BOX_NAMES, CAUSES, GROUPS, KEYS, full_words, line_in_words, short_words, with_labels

EARLIER = Previous(12, 13, 2, 3, "The first version")


def counts_of_an_update(previous: Previous | None = EARLIER, **more) -> Counts:
    at = {"title": None, "retrieval": None, "text": None, "reason": None}
    places = {
        place_of(**at | {"column": "databases", "title": "exclude"}): 820,
        place_of(**at | {"column": "databases", "title": "open"}): 14,
        place_of(**at | {"column": "databases", "title": "include", "retrieval": "retrieved", "text": "exclude", "reason": "a"}): 51,
        place_of(**at | {"column": "databases", "title": "include", "retrieval": "not_retrieved", "text": "open"}): 2,
        place_of(**at | {"column": "databases", "title": "include", "retrieval": "retrieved", "text": "include"}): 35,
        place_of(**at | {"column": "other", "retrieval": "retrieved", "text": "include"}): 3,
        place_of(**at | {"column": "databases", "removed": "automation"}): 7,
    }
    sources = [SourceCount("m", "MEDLINE", "database", 1200), SourceCount("c", "Citations", "citation", 4)]
    return count(places=places, sources=sources, reason_labels={"a": "No peers"}, reviews=36, previous=previous, **more)


def test_an_update_adds_up_to_a_total():
    counts = counts_of_an_update()
    assert counts["total_studies"] == 12 - 2 + 36 and counts["total_reports"] == 13 - 3 + 38
    (reviews,) = [one for one in identities(counts) if one.words == "Reviews in all"]
    assert reviews.holds and reviews.right == [("in the previous version", 12), ("new", 36), ("withdrawn since", -2)]
    assert not [one for one in identities(counts_of_an_update(None)) if "in all" in one.words]


def test_the_column_of_an_update_stands_in_every_drawing():
    counts, plain = counts_of_an_update(), counts_of_an_update(None)
    words = full_words()
    figure = ET.fromstring(alone(counts, title="t"))
    said = " ".join(text.strip() for text in figure.itertext())
    for label in (words.column_previous, words.total_reports, words.withdrawn):
        assert label in said
    assert "Previous" not in alone(plain, title="t")
    drawings = on_page(counts, link=lambda box: f"/to/{box}")
    assert drawings.count("In the previous version") == 4, "seen and spoken, wide and narrow"
    assert "In the previous version" not in on_page(plain, link=str)


def test_labels_stand_on_the_page_in_the_figure_and_in_the_file_of_the_package():
    labels = {"titles": "Titles <read>", "titles_out": "Out; at, once", "nonsense": "x"}
    counts = counts_of_an_update()
    assert "Titles &lt;read&gt;" in alone(counts, title="t", words=with_labels(full_words(), labels))
    assert "Titles &lt;read&gt;" in on_page(counts, link=str, words=with_labels(short_words(), labels))
    rows = {row["data"]: row for row in csv.DictReader(io.StringIO(package_csv(counts, labels)))}
    assert rows["records_screened"]["boxtext"] == "Titles <read>"
    assert rows["records_excluded"]["boxtext"] == "Out at once", "the package splits at commas and semicolons"
    assert rows["previous_studies"]["n"] == "12" and rows["total_studies"]["n"] == "46"
    assert set(LABELS.values()) <= set(KEYS)


def test_every_label_has_its_place_on_the_page_of_labels_once():
    placed = [key for _, keys in GROUPS for key in keys]
    assert sorted(placed) == sorted(KEYS)


def test_the_words_in_other_languages_are_of_the_same_boxes():
    assert {key: str(name) for key, name in BOX_NAMES.items()} == NAMES


def test_the_diagram_in_words_says_every_number_of_the_drawing():
    counts = counts_of_an_update(primary_studies=426)
    said = " ".join(lines_in_words(counts, full_words()))
    for key in ("records_identified", "records_screened", "title_open", "records_excluded", "dbr_assessed", "new_studies", "total_reports"):
        assert f"{counts[key]:,}" in said, key
    assert "No peers 51" in said and "426" in said and "Not settled yet: 14." in said


def test_the_paragraph_has_every_figure_and_says_what_will_change():
    counts = counts_of_an_update(primary_studies=426)
    said = methods(counts, {TITLES: Screened(2, 20, True, "0.71"), TEXTS: Screened(3, kappa="0.80")})
    assert "We identified 1,200 records in databases and registers (MEDLINE, 1,200) and 4 by other methods." in said
    assert "two reviewers independently for a random 20% of them, and then one reviewer, screened" in said
    assert "of 908 records (kappa 0.71) and excluded 820." in said
    assert "3 reviewers independently assessed 89 reports for eligibility (kappa 0.80)." in said
    assert "51 reports were excluded (No peers, 51), and 36 reviews (38 reports) were included." in said
    assert "With the 12 of the previous version, less 2 withdrawn since, the review covers 46." in said
    assert "(14 reports are not settled yet: this paragraph will change.)" in said


def test_the_paragraph_of_one_reviewer_claims_no_agreement():
    said = methods(counts_of_an_update(None), {TITLES: Screened(1, kappa="0.9")})
    assert "one reviewer screened" in said and "kappa 0.9" not in said


def test_figures_are_counts_again():
    counts = counts_of_an_update(primary_studies=4)
    assert as_figures(from_figures(json.loads(json.dumps(as_figures(counts))))) == as_figures(counts)


@pytest.mark.parametrize("key", CAUSES)
def test_every_cause_is_a_line(key):
    assert line_in_words(-12, "record", key, "Embase").startswith("12 records: ")
    assert line_in_words(1, "report", key, "Embase").startswith("1 report: ")


def test_a_source_imported_again_is_said_so():
    assert line_in_words(12, "record", "import_again", "Embase") == "12 records: source Embase re-imported"
    assert line_in_words(3, "report", "parted") == "3 reports: un-merged"


def test_the_table_of_counts_has_every_box():
    rows = dict(count_rows(counts_of_an_update()))
    assert set(NAMES.values()) <= set(rows) and rows["    MEDLINE"] == 1200 and rows["Reviews in all"] == 46
    assert {kind.page for kind in KINDS.values()} >= {"prisma-png", "excluded-ris"}
