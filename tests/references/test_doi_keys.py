"""One rule for DOIs: the same key in matching, in lists, in searches; and a kept key that is another one is found."""

import pytest

from extraction.studies import rules as studies
from screening.flow.checks import check_project
from screening.references import known, rules, words
from screening.references.dedupe import fold, prepared
from screening.references.models import Report
from tests.cast import add_source, import_file

ENCODED, DECODED = "10.1016/0165-5876%2895%2901238-9", "10.1016/0165-5876(95)01238-9"


def test_every_room_compares_dois_by_one_function():
    assert {module.doi_key for module in (rules, prepared, words, known, studies)} == {fold.doi_key}


def test_a_search_for_an_encoded_doi_is_one_for_the_decoded():
    assert words.search(f"https://doi.org/{ENCODED}").doi == words.search(DECODED).doi == DECODED


@pytest.mark.parametrize("doi", ["10.1234/" + "a" * 393, "10.1234/" + "a" * 5_000])
def test_what_is_longer_than_any_doi_is_none(doi):
    assert fold.doi_key(doi) == "" and fold.doi_key("10.1234/" + "a" * 392)


def test_a_key_is_its_own_key():
    for doi in (ENCODED, DECODED, "https://dx.doi.org/10.1234/AbC.", "10.1002/(SICI)1097(199711)16:21&lt;1::AID-1&gt;3.0.CO;2-2"):
        assert fold.doi_key(fold.doi_key(doi)) == fold.doi_key(doi) != ""


@pytest.mark.django_db
def test_a_kept_key_that_the_rule_does_not_give_is_found(team):
    import_file(
        team, add_source(team), f"TY  - JOUR\nTI  - Peers\nDO  - {ENCODED}\nER  - \nTY  - JOUR\nTI  - Wards\nDO  - 10.1/x\nER  - ".encode()
    )
    assert check_project(team.project) == []
    assert Report.objects.filter(doi=ENCODED, doi_key=DECODED).update(doi_key=ENCODED) == 1
    assert any(difference.what.startswith("doi_key") for difference in check_project(team.project))
