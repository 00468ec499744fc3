"""Overlap of primary studies between included reviews: the corrected covered area (CCA) and its kin.

Pure: no database, no Django. Everything is counted in integers and divided as `fractions.Fraction`; rounding
happens once, for display. What is undefined is None with a reason in the warnings: never 0, 1 or NaN.

Sources: Pieper et al. 2014 (CCA), Perez-Bracchiglione et al. 2022 (GROOVE: pairs, structural missingness, bands),
Bougioukas et al. 2023 (ccaR).
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .pairs import Pairs, count_pairs

BANDS = ("slight", "moderate", "high", "very high")
_BAND_LINES = (Fraction(5, 100), Fraction(10, 100), Fraction(15, 100))
_NAMED_AT_MOST = 5


@dataclass(frozen=True)
class CitationMatrix:
    """Which review includes which primary study, kept sparse.

    reviews, studies: one key (a name or an id) per column and per row, each key once.
    included: per study, the sorted column numbers of the reviews that include it.
    missing: row number -> column numbers of the reviews that could not have included the study (structurally
    missing, X). A cell is never both: inclusion wins.
    unlisted: columns of reviews from which no list of studies was extracted. A review that has a list, but none
    of whose studies is left after restricting to a question or an outcome, is not unlisted.
    """

    reviews: tuple[Hashable, ...]
    studies: tuple[Hashable, ...]
    included: tuple[tuple[int, ...], ...]
    missing: Mapping[int, frozenset[int]]
    unlisted: frozenset[int]

    @classmethod
    def from_citations(
        cls,
        reviews: Iterable[Hashable],
        citations: Iterable[tuple[Hashable, Hashable]],
        *,
        studies: Iterable[Hashable] = (),
        missing: Iterable[tuple[Hashable, Hashable]] = (),
        listed: Iterable[Hashable] | None = None,
    ) -> "CitationMatrix":
        """Build from (review, study) pairs in any order; a pair met twice counts once.

        studies: rows to keep even if no review includes them. listed: the reviews that have a list of studies;
        where it is not given, those with at least one citation. Raises KeyError for a review not in `reviews`.
        """
        columns = {review: column for column, review in enumerate(dict.fromkeys(reviews))}
        rows: dict[Hashable, set[int]] = {study: set() for study in studies}
        for review, study in citations:
            rows.setdefault(study, set()).add(columns[review])
        absent: dict[Hashable, set[int]] = {}
        for review, study in missing:
            rows.setdefault(study, set())
            absent.setdefault(study, set()).add(columns[review])
        have_list = set().union(*rows.values()) if listed is None else {columns[review] for review in listed}
        return cls(
            reviews=tuple(columns),
            studies=tuple(rows),
            included=tuple(tuple(sorted(cells)) for cells in rows.values()),
            missing=_missing_rows(rows, absent),
            unlisted=frozenset(range(len(columns))) - have_list,
        )

    def only_columns(self, keep: Sequence[int]) -> "CitationMatrix":
        """The same rows seen by the reviews in these columns alone, in the order given."""
        place = {column: position for position, column in enumerate(keep)}
        moved = {row: frozenset(place[c] for c in columns if c in place) for row, columns in self.missing.items()}
        return CitationMatrix(
            reviews=tuple(self.reviews[column] for column in keep),
            studies=self.studies,
            included=tuple(tuple(sorted(place[c] for c in cells if c in place)) for cells in self.included),
            missing={row: columns for row, columns in moved.items() if columns},
            unlisted=frozenset(place[c] for c in self.unlisted if c in place),
        )


def _missing_rows(rows: Mapping[Hashable, set[int]], absent: Mapping[Hashable, set[int]]) -> dict[int, frozenset[int]]:
    """Structurally missing columns by row number, without the cells that hold an inclusion."""
    left = {row: frozenset(absent[study] - cells) for row, (study, cells) in enumerate(rows.items()) if study in absent}
    return {row: columns for row, columns in left.items() if columns}


@dataclass(frozen=True)
class Query:
    """An inclusion that looks impossible: the study's year is later than the review's. For a person to look at."""

    review: Hashable
    study: Hashable
    review_year: int
    study_year: int

    def __str__(self) -> str:
        return f"{self.review} ({self.review_year}) includes {self.study} ({self.study_year})"


def structural_rule(
    matrix: CitationMatrix, study_years: Mapping[Hashable, int], review_years: Mapping[Hashable, int]
) -> tuple[CitationMatrix, tuple[Query, ...]]:
    """Mark as structurally missing each cell whose study is strictly later than the review.

    review_years: year of the last search where known, otherwise of publication (the caller says which).
    study_years: of a publication thread, the earliest report's. A cell with an inclusion is never marked: where the
    years make it look impossible it comes back as a Query. Cells marked before stay; unknown years mark nothing.
    """
    dated = [(review_years[review], c) for c, review in enumerate(matrix.reviews) if review in review_years]
    too_early: dict[int, frozenset[int]] = {}
    missing = dict(matrix.missing)
    queries: list[Query] = []
    for row, study in enumerate(matrix.studies):
        year = study_years.get(study)
        if year is None:
            continue
        if year not in too_early:
            too_early[year] = frozenset(column for limit, column in dated if year > limit)
        columns = too_early[year]
        impossible = columns.intersection(matrix.included[row])
        for column in sorted(impossible):
            review = matrix.reviews[column]
            queries.append(Query(review, study, review_years[review], year))
        # Rows of one year share one set: the pair count below recognises it and counts it once.
        columns = columns - impossible if impossible else columns
        columns = columns | missing[row] if row in missing else columns
        if columns:
            missing[row] = columns
    marked = CitationMatrix(matrix.reviews, matrix.studies, matrix.included, missing, matrix.unlisted)
    return marked, tuple(queries)


@dataclass(frozen=True)
class ReviewOverlap:
    """One review in the figure: how many studies it includes, and how many of them no other review includes."""

    review: Hashable
    studies: int
    only_here: int


@dataclass(frozen=True)
class Overlap:
    """The overlap of a citation matrix. Shares are fractions of 1, exact; None where undefined (see warnings).

    reviews c, studies r, inclusions N, structurally_missing X (cells, in the rows counted).
    cca = (N - r) / (r c - r); cca_adjusted = (N - r) / (r c - r - X); covered_area = N / (r c).
    band: of the adjusted figure (equal to cca when nothing is structurally missing).
    frequency: m -> number of studies in exactly m reviews. Rows in no review show at 0 even where they are left out
    of r: the sum over m >= 1 is r, the sum of m x number is N.
    unincluded: rows in no review; left out of r unless keep_unincluded was asked for.
    unlisted: reviews left out of c because no list of their studies was extracted.
    """

    reviews: int
    studies: int
    inclusions: int
    structurally_missing: int
    covered_area: Fraction | None
    cca: Fraction | None
    cca_adjusted: Fraction | None
    band: str | None
    frequency: dict[int, int]
    per_review: tuple[ReviewOverlap, ...]
    pairs: Pairs
    unincluded: int
    unlisted: tuple[Hashable, ...]
    warnings: tuple[str, ...]


def band(value: Fraction | None) -> str | None:
    """GROOVE's word for a share, decided on the unrounded value: [0, 5%) slight, [5, 10) moderate, [10, 15) high."""
    if value is None:
        return None
    return BANDS[sum(value >= line for line in _BAND_LINES)]


def band_step(value: Fraction | None) -> int | None:
    """0 none, then 1 to 4 for the four bands: the step of the heat map's colour. None where undefined."""
    if value is None:
        return None
    return 0 if value == 0 else 1 + sum(value >= line for line in _BAND_LINES)


def percent(value: Fraction) -> str:
    """A share as a percentage with one decimal, rounded half up from the exact value: Fraction(9, 11) -> '81.8'."""
    tenths = (value.numerator * 2000 + value.denominator) // (2 * value.denominator)
    return f"{tenths // 10}.{tenths % 10}"


def overlap(matrix: CitationMatrix, *, keep_unincluded: bool = False, keep_unlisted: bool = False) -> Overlap:
    """The overlap of all reviews, of each review and of each pair.

    keep_unincluded counts rows that no review includes into r, as some published overviews did. keep_unlisted
    counts reviews without a list of studies into c, which dilutes the figure; by default they are left out.
    """
    warnings: list[str] = []
    left_out: tuple[Hashable, ...] = ()
    if matrix.unlisted and not keep_unlisted:
        left_out = tuple(matrix.reviews[column] for column in sorted(matrix.unlisted))
        matrix = matrix.only_columns([c for c in range(len(matrix.reviews)) if c not in matrix.unlisted])
        warnings.append(_left_out_sentence(left_out))
    frequency = Counter(map(len, matrix.included))
    unincluded = frequency[0]
    if unincluded and keep_unincluded:
        warnings.append(f"{counted(unincluded, 'study')} in no review counted, as asked.")
    elif unincluded:
        warnings.append(f"{counted(unincluded, 'study')} in no review left out.")
    c, r = len(matrix.reviews), len(matrix.studies) - (0 if keep_unincluded else unincluded)
    n = sum(times * number for times, number in frequency.items())
    x = sum(len(columns) for row, columns in matrix.missing.items() if matrix.included[row] or keep_unincluded)
    cca = corrected(reviews=c, studies=r, inclusions=n)
    adjusted = _share(n - r, r * c - r - x)
    pairs = count_pairs(matrix.reviews, matrix.included, matrix.missing)
    warnings += _undefined_sentences(c, r, n, x, cca, adjusted)
    warnings += _band_sentence(cca, adjusted)
    warnings += _pair_sentence(pairs)
    return Overlap(
        reviews=c,
        studies=r,
        inclusions=n,
        structurally_missing=x,
        covered_area=_share(n, r * c),
        cca=cca,
        cca_adjusted=adjusted,
        band=band(adjusted),
        frequency={times: number for times, number in sorted(frequency.items()) if number},
        per_review=_per_review(matrix),
        pairs=pairs,
        unincluded=unincluded,
        unlisted=left_out,
        warnings=tuple(warnings),
    )


def corrected(*, reviews: int, studies: int, inclusions: int) -> Fraction | None:
    """The corrected covered area, (N - r) / (rc - r) (Pieper et al. 2014); None where it is not defined."""
    return _share(inclusions - studies, studies * reviews - studies)


def _share(part: int, whole: int) -> Fraction | None:
    """None where nothing could overlap, and where rows in no review outnumber every repeated inclusion."""
    return Fraction(part, whole) if whole > 0 and part >= 0 else None


def _per_review(matrix: CitationMatrix) -> tuple[ReviewOverlap, ...]:
    sizes = Counter(column for cells in matrix.included for column in cells)
    alone = Counter(cells[0] for cells in matrix.included if len(cells) == 1)
    return tuple(ReviewOverlap(review, sizes[column], alone[column]) for column, review in enumerate(matrix.reviews))


def _undefined_sentences(c: int, r: int, n: int, x: int, cca: Fraction | None, adjusted: Fraction | None) -> list[str]:
    if cca is not None and adjusted is not None:
        return []
    if c < 2:
        reviews = {0: "no review has", 1: "only one review has"}[c]
        return [f"Overlap is undefined: {reviews} a list of studies, and it takes two."]
    if r == 0:
        return ["Overlap is undefined: no review includes any study."]
    if n < r:
        return [
            f"Overlap is undefined: {r} rows hold only {n} inclusions, so the rows in no review outweigh "
            "every overlap; compute it without them."
        ]
    return [
        "Adjusted overlap is undefined (not comparable): every cell in which two reviews could have "
        f"overlapped is structurally missing ({counted(x, 'cell')})."
    ]


def _band_sentence(cca: Fraction | None, adjusted: Fraction | None) -> list[str]:
    if band(cca) == band(adjusted) or adjusted is None:
        return []
    return [
        f"The band is that of the adjusted figure ({percent(adjusted)}%, {band(adjusted)}); unadjusted it is {percent(cca)}%, {band(cca)}."
    ]


def _pair_sentence(pairs: Pairs) -> list[str]:
    undefined = list(pairs.undefined())
    if not undefined:
        return []
    named = [f"{a} and {b}" for a, b in undefined]
    return [f"Undefined (not comparable) for {counted(len(named), 'pair')}: {some_of(named)}."]


def _left_out_sentence(reviews: Sequence[Hashable]) -> str:
    names = some_of([str(review) for review in reviews])
    return f"Left out, because no study is listed for it: {names} ({counted(len(reviews), 'review')})."


def some_of(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    shown = "; ".join(names[:_NAMED_AT_MOST])
    more = len(names) - _NAMED_AT_MOST
    return f"{shown}; and {more} more" if more > 0 else shown


def counted(number: int, noun: str) -> str:
    """The number and its noun: counted(2, 'study') -> '2 studies'."""
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number} {noun if number == 1 else plural}"
