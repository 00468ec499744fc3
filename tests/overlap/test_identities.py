"""What must hold for any matrix, tried on many; and the counting by another way, on wide rows as well."""

import random
from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.overlap.rules import CitationMatrix, overlap, structural_rule
from tests.overlap.published import from_cells

CELL = st.sampled_from([1, 0, 0, None])


@st.composite
def matrices(draw, cell=CELL, fewest_columns=2):
    columns = draw(st.integers(fewest_columns, 7))
    return draw(st.lists(st.lists(cell, min_size=columns, max_size=columns), min_size=1, max_size=12))


def figures(result):
    counts = (result.reviews, result.studies, result.inclusions, result.structurally_missing)
    return (*counts, result.cca, result.cca_adjusted, result.frequency)


@given(matrices())
def test_the_identities(rows):
    result = overlap(from_cells(rows))
    times = [sum(cell == 1 for cell in row) for row in rows]
    r, c = result.studies, result.reviews

    assert sum(number for m, number in result.frequency.items() if m) == r == sum(m > 0 for m in times)
    assert result.frequency.get(0, 0) == result.unincluded == len(rows) - r
    assert sum(m * number for m, number in result.frequency.items()) == result.inclusions == sum(times)
    if r:
        assert result.cca == Fraction(sum(m - 1 for m in times if m), r * (c - 1))
        assert 0 <= result.cca <= 1
        assert result.covered_area == Fraction(result.inclusions, r * c)
    if result.cca_adjusted is not None:
        assert result.cca <= result.cca_adjusted <= 1
    if not result.structurally_missing:
        assert result.cca_adjusted == result.cca


@given(matrices())
def test_every_pair_is_the_overlap_of_its_two_columns_alone(rows):
    pairs = overlap(from_cells(rows)).pairs
    for i, j in combinations(range(len(rows[0])), 2):
        pair = pairs.between(i, j)
        alone = overlap(from_cells([[row[i], row[j]] for row in rows]))
        assert (pair.cca, pair.cca_adjusted) == (alone.cca, alone.cca_adjusted)
        assert pair.missing == alone.structurally_missing
        if pair.cca is not None:
            assert pair.cca <= pair.most_reachable <= 1


@given(matrices(cell=st.sampled_from([0, 1])).map(lambda rows: [row[:2] for row in rows]))
def test_of_two_reviews_it_is_the_jaccard_index(rows):
    left, right = ({r for r, row in enumerate(rows) if row[side]} for side in (0, 1))
    expected = Fraction(len(left & right), len(left | right)) if left | right else None
    assert overlap(from_cells(rows)).cca == expected


@given(matrices(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_does_not_matter(rows, chance):
    columns = list(range(len(rows[0])))
    chance.shuffle(columns)
    mixed = [[row[column] for column in columns] for row in rows]
    chance.shuffle(mixed)
    before, after = overlap(from_cells(rows)), overlap(from_cells(mixed))
    assert figures(before) == figures(after)
    assert sorted(_pair_values(before)) == sorted(_pair_values(after))


def _pair_values(result):
    return [(p.shared, p.either, p.missing) for p in result.pairs]


@given(matrices(), st.randoms(use_true_random=False))
def test_repeated_citations_do_not_matter(rows, chance):
    reviews = [f"R{c}" for c in range(len(rows[0]))]
    citations = [(f"R{c}", f"S{r}") for r, row in enumerate(rows) for c, cell in enumerate(row) if cell == 1]
    repeated = citations + [chance.choice(citations) for _ in citations]
    once, twice = (CitationMatrix.from_citations(reviews, c, listed=reviews) for c in (citations, repeated))
    assert figures(overlap(once)) == figures(overlap(twice))


@given(matrices(cell=st.sampled_from([0, 1])), st.data())
def test_setting_aside_by_year_only_raises_the_figure_and_never_loses_an_inclusion(rows, data):
    matrix = from_cells(rows)
    year = st.integers(2000, 2006)
    dated, queries = structural_rule(
        matrix, {study: data.draw(year) for study in matrix.studies}, {review: data.draw(year) for review in matrix.reviews}
    )
    before, after = overlap(matrix), overlap(dated)
    assert (after.inclusions, after.studies, after.cca) == (before.inclusions, before.studies, before.cca)
    assert after.cca_adjusted is None or after.cca_adjusted >= before.cca
    for query in queries:
        assert query.study_year > query.review_year


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.02, 0.3, 0.9]))
def test_wide_and_narrow_rows_are_counted_alike(seed, fill):
    chance = random.Random(seed)
    rows = [[1 if chance.random() < fill else chance.choice([0, None]) for _ in range(30)] for _ in range(25)]
    sets = [{r for r, row in enumerate(rows) if row[c] == 1} for c in range(30)]
    absent = [{r for r, row in enumerate(rows) if row[c] is None} for c in range(30)]
    pairs = overlap(from_cells(rows)).pairs
    assert len(pairs) == 435
    for i, j, shared, either, comparable in pairs.counts():
        assert (shared, either) == (len(sets[i] & sets[j]), len(sets[i] | sets[j]))
        assert either - comparable == len(sets[i] & absent[j]) + len(sets[j] & absent[i])
