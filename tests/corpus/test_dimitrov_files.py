"""That the published screening's files say what they are taken to say, before anything is replayed from them."""

import pytest

from screening.references.formats import read
from screening.references.rules import doi_key
from tests.corpus import dimitrov
from tests.shared import needs_shared

pytestmark = [needs_shared, pytest.mark.corpus]

CONFLICTS = {16, 43, 59, 82, 159, 365}


def test_an_id_is_a_row_of_the_deduplicated_set():
    set_of_all = dimitrov.screened()
    assert len(set_of_all) == dimitrov.expected()["deduplicated"] == 1498
    for reviewer in dimitrov.REVIEWERS:
        rows = dimitrov.responses(reviewer)
        assert [int(row["ID"]) for row in rows] == list(range(1, 1499))
        # The last 155 are repositories, which the reviewers' files name "github1", "github2" ... in the same order.
        assert [dimitrov.letters(row["title"]) for row in rows[:1343]] == [dimitrov.letters(row["title"]) for row in set_of_all[:1343]]
        assert [row["title"] for row in rows[1343:]] == [f"github{n}" for n in range(1, 156)]
    assert [row["database"] for row in set_of_all[1343:]] == ["github"] * 155


def test_the_reader_keeps_the_rows_in_their_order():
    records = read(dimitrov.deduplicated()).records
    assert [dimitrov.letters(record.title) for record in records] == [dimitrov.letters(row["title"]) for row in dimitrov.screened()]


def test_two_people_decided_and_disagreed_on_six():
    first, second = (dimitrov.answers(reviewer) for reviewer in dimitrov.REVIEWERS)
    published = dimitrov.expected()
    assert [list(answers.values()).count("include") for answers in (first, second)] == published["reviewer_includes"]
    assert {n for n in first if first[n] != second[n]} == CONFLICTS
    assert round(dimitrov.kappa((first[n], second[n]) for n in first), 4) == published["kappa_published_and_reproduced"]


def test_a_third_ruled_on_the_six():
    ruled, published = dimitrov.rulings(), dimitrov.expected()["third_reviewer"]
    assert {n for n, answer in ruled.items() if answer == "include"} == set(published["include_ids"])
    assert {n for n, answer in ruled.items() if answer == "exclude"} == set(published["exclude_ids"])
    assert set(ruled) == CONFLICTS


def test_of_the_sixteen_that_went_on_one_has_no_full_text():
    first, second = (dimitrov.answers(reviewer) for reviewer in dimitrov.REVIEWERS)
    went_on = {n for n in first if first[n] == second[n] == "include"}
    went_on |= {n for n, answer in dimitrov.rulings().items() if answer == "include"}
    assert len(went_on) == 16
    assert went_on - {text.id for text in dimitrov.full_texts()} == {43}
    assert {text.id for text in dimitrov.full_texts()} - went_on == {None}


def test_the_full_texts_and_why_they_were_excluded():
    texts, published = dimitrov.full_texts(), dimitrov.expected()
    assert len(texts) == published["full_text_assessed"]
    assert sum(text.id is None for text in texts) == 3
    assert [text.id for text in texts if text.is_conflict] == [3]
    finals = [text.final for text in texts]
    assert (finals.count("include"), finals.count("exclude")) == (published["full_text_included"], published["full_text_excluded"])
    assert {text.reason for text in texts if text.final == "exclude"} == set(dimitrov.REASONS)
    assert {text.id for text in texts if text.reason == "Wrong age cohort"} == {20, 38}
    assert all(text.failed(reviewer) for text in texts for reviewer, answer in text.decisions.items() if answer == "exclude")


def test_the_nine_pairs_in_the_deduplicated_set_share_a_doi_and_were_all_excluded_by_both():
    records, answers = read(dimitrov.deduplicated()).records, [dimitrov.answers(reviewer) for reviewer in dimitrov.REVIEWERS]
    for later, earlier in dimitrov.SAME_REPORT.items():
        doi = doi_key(records[later - 1].doi)
        assert doi
        assert doi == doi_key(records[earlier - 1].doi)
        assert {said[n] for said in answers for n in (later, earlier)} == {"exclude"}


def test_kappa_by_hand():
    # 20 answers both gave alike of 25: 0.8 seen; by chance 0.6 * 0.6 + 0.4 * 0.4 = 0.52; so 0.28 / 0.48.
    pairs = [("yes", "yes")] * 12 + [("yes", "no")] * 3 + [("no", "yes")] * 3 + [("no", "no")] * 7
    observed, chance = 19 / 25, 0.6 * 0.6 + 0.4 * 0.4
    assert dimitrov.kappa(pairs) == pytest.approx((observed - chance) / (1 - chance))
