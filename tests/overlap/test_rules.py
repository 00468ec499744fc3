"""The rules one by one: bands, what is left out, the structural rule, what is undefined and why."""

from fractions import Fraction

import pytest

from extraction.overlap.rules import CitationMatrix, band, band_step, overlap, percent, structural_rule
from tests.overlap.published import from_cells


@pytest.mark.parametrize(
    ("share", "word", "step"),
    [
        (Fraction(0), "slight", 0),
        (Fraction(1, 10**9), "slight", 1),
        (Fraction(4999, 100_000), "slight", 1),
        (Fraction(1, 20), "moderate", 2),
        (Fraction(9999, 100_000), "moderate", 2),
        (Fraction(1, 10), "high", 3),
        (Fraction(14999, 100_000), "high", 3),
        (Fraction(3, 20), "very high", 4),
        (Fraction(1), "very high", 4),
        (None, None, None),
    ],
)
def test_bands_are_half_open_on_the_unrounded_value(share, word, step):
    assert (band(share), band_step(share)) == (word, step)


def test_a_share_that_rounds_up_to_a_line_stays_in_its_band():
    share = Fraction(4996, 100_000)
    assert (percent(share), band(share)) == ("5.0", "slight")


@pytest.mark.parametrize(("part", "whole", "written"), [(0, 1, "0.0"), (1, 1, "100.0"), (1, 16, "6.3"), (9, 11, "81.8"), (1, 2000, "0.1")])
def test_display_rounds_once_half_up(part, whole, written):
    assert percent(Fraction(part, whole)) == written


def test_rows_in_no_review_are_dropped_and_the_number_is_said():
    result = overlap(from_cells([[1, 1], [1, 0], [0, 0]]))
    assert (result.studies, result.unincluded, result.cca) == (2, 1, Fraction(1, 2))
    assert "1 study in no review left out." in result.warnings
    assert result.frequency == {0: 1, 1: 1, 2: 1}


def test_rows_in_no_review_can_be_kept():
    result = overlap(from_cells([[1, 1], [1, 0], [0, 0], [0, None]]), keep_unincluded=True)
    assert result.studies == 4
    assert result.frequency == {0: 2, 1: 1, 2: 1}
    assert result.structurally_missing == 1
    assert result.cca is None, "four rows hold three inclusions: below nothing is no share"
    assert any("4 rows hold only 3 inclusions" in warning for warning in result.warnings)


def test_a_review_without_a_list_is_left_out_of_c_with_a_warning():
    result = overlap(from_cells([[1, 1, 0], [1, 1, None]], all_listed=False))
    assert (result.reviews, result.cca, result.structurally_missing) == (2, Fraction(1), 0)
    assert result.unlisted == ("R2",)
    assert any("R2" in warning and "1 review" in warning for warning in result.warnings)
    assert [(p.a, p.b) for p in result.pairs] == [("R0", "R1")]


def test_left_out_columns_in_the_middle_do_not_shift_the_others():
    matrix = from_cells([[1, 0, 1, 0], [None, 0, 1, 1], [0, 0, 1, 1]], all_listed=False)
    result = overlap(matrix)
    pairs = {(p.a, p.b): (p.shared, p.missing) for p in result.pairs}
    assert pairs == {("R0", "R2"): (1, 1), ("R0", "R3"): (0, 1), ("R2", "R3"): (2, 0)}


def test_a_review_without_a_list_can_be_counted_on_request():
    result = overlap(from_cells([[1, 1, 0], [1, 1, 0]], all_listed=False), keep_unlisted=True)
    assert (result.reviews, result.cca, result.unlisted) == (3, Fraction(1, 2), ())


def test_a_review_with_a_list_counts_even_where_nothing_of_it_is_in_scope():
    matrix = CitationMatrix.from_citations(["A", "B", "C"], [("A", 1), ("B", 1)], listed=["A", "B", "C"])
    assert overlap(matrix).reviews == 3


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "no review has"),
        ([[1], [1]], "only one review"),
        ([[0, 0]], "no review includes any study"),
        ([[None, 1], [None, 1]], "(2 cells)"),
    ],
)
def test_what_is_undefined_says_why(rows, words):
    result = overlap(from_cells(rows))
    assert result.cca_adjusted is None
    assert result.band is None
    assert any(words in warning for warning in result.warnings)


def test_undefined_pairs_are_named():
    result = overlap(from_cells([[None, 1, 1], [None, 1, 1], [1, None, None]]))
    assert [(p.a, p.b) for p in result.pairs if p.cca_adjusted is None] == [("R0", "R1"), ("R0", "R2")]
    assert "Undefined (not comparable) for 2 pairs: R0 and R1; R0 and R2." in result.warnings


def test_a_pair_of_empty_reviews_is_undefined_without_any_missing_cell():
    result = overlap(from_cells([[1, 0, 0]]))
    assert [p.cca for p in result.pairs] == [0, 0, None]
    assert list(result.pairs.undefined()) == [("R1", "R2")]


def test_a_warning_names_a_few_and_counts_the_rest():
    matrix = CitationMatrix.from_citations([f"Empty {n}" for n in range(8)] + ["A", "B"], [("A", 1), ("B", 1)])
    assert any("Empty 4; and 3 more (8 reviews)" in warning for warning in overlap(matrix).warnings)


def test_the_band_is_the_adjusted_figures_and_says_so_where_they_differ():
    rows = [[1, 1]] + [[1, 0]] * 5 + [[1, None]] * 6
    result = overlap(from_cells(rows))
    assert (result.cca, result.cca_adjusted, result.band) == (Fraction(1, 12), Fraction(1, 6), "very high")
    assert any("unadjusted it is 8.3%, moderate" in warning for warning in result.warnings)


def test_a_pair_shows_what_it_could_reach_at_most():
    pair = overlap(from_cells([[1, 1]] + [[1, 0]] * 3)).pairs.between(0, 1)
    assert (pair.cca, pair.most_reachable) == (Fraction(1, 4), Fraction(1, 4))


def test_a_pair_can_be_asked_for_in_either_order():
    pairs = overlap(from_cells([[1, 1, 0], [1, None, 1], [1, 0, 0]])).pairs
    forth, back = pairs.between(0, 1), pairs.between(1, 0)
    assert (forth.a, back.a) == ("R0", "R1")
    assert (forth.shared, forth.missing, forth.cca_adjusted) == (back.shared, back.missing, back.cca_adjusted) == (1, 1, Fraction(1, 2))
    with pytest.raises(IndexError):
        pairs.between(1, 1)


def test_the_same_citation_twice_counts_once():
    once = CitationMatrix.from_citations(["A", "B"], [("A", 1), ("B", 1), ("B", 2)])
    twice = CitationMatrix.from_citations(["A", "B"], [("A", 1), ("B", 1), ("A", 1), ("B", 2), ("B", 2)])
    assert once == twice


def test_an_unknown_review_is_refused():
    with pytest.raises(KeyError):
        CitationMatrix.from_citations(["A"], [("B", 1)])


class TestStructuralRule:
    YEARS = {"Old": 2010, "New": 2020}

    def matrix(self, *citations, **more):
        return CitationMatrix.from_citations(["Old", "New"], citations, **more)

    def test_a_study_strictly_later_than_the_review_could_not_have_been_included(self):
        matrix, queries = structural_rule(self.matrix(("New", "S")), {"S": 2011}, self.YEARS)
        assert (dict(matrix.missing), queries) == ({0: frozenset({0})}, ())

    def test_a_study_of_the_same_year_could(self):
        matrix, _ = structural_rule(self.matrix(("New", "S")), {"S": 2010}, self.YEARS)
        assert not matrix.missing

    def test_an_inclusion_beats_the_years_and_comes_back_as_a_query(self):
        matrix, queries = structural_rule(self.matrix(("Old", "S"), ("New", "S")), {"S": 2011}, self.YEARS)
        assert not matrix.missing
        assert [str(query) for query in queries] == ["Old (2010) includes S (2011)"]

    def test_unknown_years_mark_nothing(self):
        matrix, _ = structural_rule(self.matrix(("New", "S"), ("New", "T")), {"S": 2030}, {"New": 2020})
        assert dict(matrix.missing) == {}
        assert len(structural_rule(matrix, {"S": 2030}, {"New": 2020})[1]) == 1

    def test_cells_marked_by_hand_stay(self):
        marked = self.matrix(("Old", "S"), ("New", "T"), missing=[("New", "S")])
        matrix, _ = structural_rule(marked, {"T": 2015}, self.YEARS)
        assert dict(matrix.missing) == {0: frozenset({1}), 1: frozenset({0})}

    def test_an_inclusion_beats_a_mark_by_hand(self):
        assert not self.matrix(("Old", "S"), missing=[("Old", "S")]).missing
