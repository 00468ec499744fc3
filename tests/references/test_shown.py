"""What a report shows of its records, from which of them, and what has happened to it since. Pure rules."""

import pytest

from screening.references.kinds import flags_of, kind_of, language_of
from screening.references.rules import chosen, corrected_value, shown_fields


def record(**fields):
    return {"title": "", "authors": [], "year": None, "doi": "", "abstract": "", **fields}


@pytest.mark.parametrize(
    ("name", "values", "wanted"),
    [
        ("title", ["PEER SUPPORT IN WARDS", "Peer support in wards"], 1),
        ("title", ["Peer support in wards", "Peer support in wards: a review"], 0),
        ("title", ["Peer supp\ufffdrt", "Peer support"], 1),
        ("title", ["Peer support in ...", "Peer support in wards"], 1),
        ("title", ["", "PEER SUPPORT"], 1),
        ("authors", [["Alder, J.", "et al."], ["Alder, J.", "Birch, M."]], 1),
        ("authors", [["Alder, J.", "Birch, M."], ["Alder, Jane", "Birch, Mary"]], 1),
        ("abstract", ["Short.", "A longer abstract.", "Short too."], 1),
        ("doi", ["", "10.1234/a"], 1),
        ("doi", ["not a doi", "10.1234/a"], 1),
        ("doi", ["10.1234/a", "10.1234/b", "https://doi.org/10.1234/B"], 1),
        ("pmid", ["PMC12", "12345"], 1),
        ("url", ["see the library", "https://example.org/a"], 1),
        ("journal", ["J. Peer Supp.", "Journal of Peer Support"], 1),
        ("journal", ["JOURNAL OF PEER SUPPORT", "J Peer Supp"], 1),
        ("kind", ["JOUR", "Journal Article; Systematic Review"], 1),
    ],
)
def test_the_best_value_of_a_field_is_taken_and_whose_it_is(name, values, wanted):
    choice = chosen([record(**{name: value}) for value in values])[name]
    assert choice.n == wanted
    if name != "kind":
        assert choice.value == values[wanted]


def test_the_citation_is_of_one_record_and_only_gaps_are_filled_from_another():
    first = record(year=2020, journal="Peers", url="")
    printed = record(year=2021, journal="Peers", volume="4", issue="2", pages="1-9")
    found = chosen([first, printed])
    assert [found[name].value for name in ("year", "volume", "issue", "pages")] == [2021, "4", "2", "1-9"]
    assert found["year"].n == 1
    lacking = chosen([record(year=2020), record(volume="4", pages="1-9")])
    assert (lacking["year"].value, lacking["year"].n, lacking["volume"].n) == (2020, 0, 1)


def test_keywords_are_gathered_once_each():
    found = chosen([record(keywords=["Peers", "wards"]), record(keywords=["peers", "Crisis"])])["keywords"]
    assert (found.value, found.n) == (["Peers", "wards", "Crisis"], None)


def test_a_field_nobody_gives_is_empty_and_nobodys():
    shown = shown_fields([record()])
    assert shown["authors"] == [] == shown["keywords"] and shown["year"] is None and shown["doi"] == ""
    assert all(choice.n is None for choice in chosen([record()]).values())


def test_a_correction_goes_before_every_record_and_may_empty_a_field():
    records = [record(title="Peer suport", year=1020)]
    shown = shown_fields(records, {"title": "Peer support", "year": ""})
    assert shown["title"] == "Peer support" and shown["year"] is None


@pytest.mark.parametrize(
    ("field", "given", "kept"),
    [
        ("language", "eng", "English"),
        ("kind", "systematic REVIEW", "Systematic review"),
        ("kind", "Realist synthesis", "Realist synthesis"),
        ("kind", " ", ""),
    ],
)
def test_a_corrected_type_or_language_is_kept_under_the_word_the_list_offers(field, given, kept):
    assert corrected_value(field, given) == kept


def test_a_year_no_column_can_hold_is_left_out():
    assert shown_fields([record(year=202020)])["year"] is None


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("JOUR", "Journal article"),
        ("Journal Article; Meta-Analysis; Research Support", "Systematic review"),
        ("article", "Journal article"),
        ("inproceedings", "Conference paper"),
        ("Conference Abstract", "Conference paper"),
        ("CHAP", "Book chapter"),
        ("Published Erratum", "Erratum"),
        ("Retraction of Publication", "Retraction notice"),
        ("Journal Article; Retracted Publication", "Journal article"),
        ("Preprint", "Preprint"),
        ("phdthesis", "Thesis"),
        ("Something new", "Other"),
        ("", ""),
    ],
)
def test_kinds_come_to_a_few_words(words, kind):
    assert kind_of(words) == kind
    assert kind_of(kind) == kind


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("eng", "English"),
        ("English", "English"),
        ("en-GB", "English"),
        ("sv", "Swedish"),
        ("nb-NO", "Norwegian"),
        ("fre; ger", "French, German"),
        ("welsh", "Welsh"),
    ],
)
def test_languages_have_one_name_each(words, language):
    assert language_of(words) == language
    assert language_of(language) == language


@pytest.mark.parametrize(
    ("fields", "flags"),
    [
        ({"title": "RETRACTED: Peer support in wards"}, ["retracted"]),
        ({"title": "Retracted Article: Peer support in wards"}, ["retracted"]),
        ({"title": "[Retracted] Peer support in wards"}, ["retracted"]),
        ({"title": "Peer support in wards (Retracted article. See vol. 12, pg 3, 2010)"}, ["retracted"]),
        ({"title": "WITHDRAWN: Peer support in wards"}, ["withdrawn"]),
        ({"title": "Peers", "kind": "Journal Article; Retracted Publication"}, ["retracted"]),
        ({"title": "Peers", "extra": {"RIN": ["Peers. 2020 Mar;3(2):9"]}}, ["retracted"]),
        ({"title": "Peers", "extra": {"EIN": ["Peers. 2020"], "ECI": ["Peers. 2021"]}}, ["concern", "corrected"]),
        ({"title": "Peers", "extra": {"N1": ["This article has been retracted."]}}, ["retracted"]),
        ({"title": "Peers", "extra": {"N1": ["Erratum in: Peers 2020"]}}, ["corrected"]),
        ({"title": "Retracted studies in systematic reviews of peers"}, []),
        ({"title": "Retraction: Peer support in wards", "kind": "Retraction of Publication"}, []),
        ({"title": "Erratum: Peer support in wards", "kind": "Published Erratum"}, []),
        ({"title": "Peers who had withdrawn: a study of drop-outs"}, []),
        ({"title": "Removing barriers to peer support"}, []),
        ({"title": "Peers", "extra": {"EIN": [""]}}, []),
        ({}, []),
    ],
)
def test_what_has_happened_to_a_report_is_read_from_its_records(fields, flags):
    assert flags_of([fields]) == flags


def test_one_record_that_tells_is_enough():
    assert flags_of([{"title": "Peers"}, {"title": "RETRACTED: Peers"}, {"title": "Peers", "extra": {"EIN": ["x"]}}]) == [
        "retracted",
        "corrected",
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"title": "RETRACTED: Peers", "kind": "JOUR", "language": "eng; fre", "keywords": ["Peers", "peers", " "], "year": 2020},
        {"authors": ["Alder, J."], "journal": "PEERS", "doi": "none", "pmid": "x", "url": "y", "abstract": "z", "pages": "1"},
    ],
)
def test_one_record_alone_shows_what_the_rules_choose(fields):
    assert shown_fields([fields]) == {name: choice.value for name, choice in chosen([fields]).items()}
