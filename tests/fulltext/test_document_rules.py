"""Which report a PDF is of: placed without asking only where it is certain; and which bytes a range asks for."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.fulltext.documents.rules import Candidate, byte_range, dois_in, match, squeezed
from screening.references.rules import doi_key

CRISIS = Candidate("crisis", "Peer support workers in crisis teams: a systematic review", "10.1234/crisis.1", ("Alder, J",), 2020)
WARDS = Candidate("wards", "Family peer workers on acute wards, a scoping review", "10.1234/wards.2", ("Birch, K",), 2021)
REPLY = Candidate("reply", f"Reply to: {CRISIS.title}", "10.1234/reply.3", ("Cedar, L",), 2021)
ALL = [CRISIS, WARDS, REPLY]


def found(texts, name="download (3).pdf", candidates=ALL):
    return match(texts, name, candidates, doi_key)


def placed(*args, **kwargs):
    guess = found(*args, **kwargs).placed
    return (guess.report, guess.how) if guess else None


def test_a_doi_on_the_first_pages_places_it_however_it_is_written():
    for text in ("https://doi.org/10.1234/CRISIS.1.", "doi: 10.1234/crisis.1)", "DOI 10.1234/crisis.1\nReceived"):
        assert placed([f"Journal of Peers\n{text}"]) == ("crisis", "doi")


def test_a_doi_further_back_is_a_reference():
    assert placed(["One", "Two", "See doi 10.1234/crisis.1"]) is None


def test_of_several_known_dois_the_one_whose_title_stands_there_counts():
    both = "doi 10.1234/crisis.1, a comment on 10.1234/wards.2"
    assert placed([both]) is None
    assert {guess.report for guess in found([both]).guesses} == {"crisis", "wards"}
    assert placed([f"{WARDS.title}\n{both}"]) == ("wards", "doi")


def test_the_whole_title_at_the_head_of_a_page_places_it_across_broken_lines_and_accents():
    assert placed(["Cover page", "Peer sup-\nport workers in Crisis Teams:\na SYSTÉMATIC review\nAlder"]) == ("crisis", "title")


def test_the_longer_of_two_titles_is_meant():
    assert placed([f"Letters\n{REPLY.title}\nCedar"]) == ("reply", "title")


def test_a_title_deep_in_a_page_is_a_reference():
    assert placed([f"Editorial {'words ' * 600} {CRISIS.title}"]) is None


def test_a_short_title_places_nothing():
    short = Candidate("short", "Peer support", "", ("Alder, J",), 2020)
    assert placed(["Peer support\nA paper about something else"], candidates=[short]) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("10.1234_crisis.1.pdf", ("crisis", "name")),
        ("Family peer workers on acute wards - a scoping review.PDF", ("wards", "name")),
        ("Birch 2021.pdf", None),
        ("1.pdf", None),
    ],
)
def test_a_file_s_name_places_it_only_where_it_is_the_whole_doi_or_title(name, expected):
    assert placed(["No words"], name) == expected


def test_author_and_year_in_the_name_are_a_guess():
    guesses = found([""], "Birch_2021_final.pdf").guesses
    assert [(guess.report, guess.certain) for guess in guesses] == [("wards", False)]


def test_a_report_that_has_a_document_is_a_guess():
    taken = Candidate(**{**vars(CRISIS), "has_document": True})
    result = found(["doi 10.1234/crisis.1"], candidates=[taken, WARDS])
    assert result.placed is None and result.guesses[0].report == "crisis"


def test_dois_are_found_once_and_without_what_stands_behind_them():
    assert dois_in("10.1000/a, (10.1000/a) 10.1000/b. 10.99/x", doi_key) == ["10.1000/a", "10.1000/b"]


calm = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@calm
@given(st.lists(st.text(max_size=80), max_size=4), st.text(max_size=40))
def test_whatever_a_file_holds_at_most_one_report_is_placed_and_it_is_among_the_guesses(texts, name):
    result = found(texts, name)
    assert result.placed is None or result.placed in result.guesses
    assert len({guess.report for guess in result.guesses}) == len(result.guesses)


@calm
@given(st.text(max_size=60))
def test_squeezing_twice_changes_nothing(text):
    assert squeezed(squeezed(text)) == squeezed(text)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", None),
        ("bytes=0-0", (0, 0)),
        ("bytes=10-", (10, 99)),
        ("bytes=-20", (80, 99)),
        ("bytes=-2000", (0, 99)),
        ("bytes=90-5000", (90, 99)),
        ("bytes=5-2", None),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("lines=0-5", None),
        ("bytes=99999999999999999999-", None),
    ],
)
def test_a_range_is_read_as_the_standard_says(header, expected):
    assert byte_range(header, 100) == expected


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=500-600", "bytes=-0"])
def test_a_range_outside_the_file_cannot_be_had(header):
    with pytest.raises(ValueError):
        byte_range(header, 100)
