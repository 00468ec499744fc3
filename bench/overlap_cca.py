"""Overlap of 1,000 reviews x 100,000 studies (0.5% filled): every one of the 499,500 pairs, in one process.

Target: under 2 seconds and 1 GB. Beside it, in the same run and on a smaller matrix both can finish, the algorithm
of the R package ccaR written out in plain Python: for every pair of reviews filter the rows that either includes,
then sum them. (It is that algorithm, not R itself: the ratio compares ways of counting, not languages.)

Run: python -m bench.overlap_cca
"""

import random
import resource
import sys
import time
from collections.abc import Callable
from itertools import combinations

from extraction.overlap.rules import CitationMatrix, overlap, structural_rule

TARGET_SECONDS = 2.0
TARGET_MEGABYTES = 1024


def made_matrix(reviews: int, studies: int, fill: float, seed: int = 1) -> CitationMatrix:
    """A random matrix with exactly reviews x studies x fill inclusions, spread evenly."""
    chance = random.Random(seed)
    cells = chance.sample(range(reviews * studies), round(reviews * studies * fill))
    citations = ((f"Review {cell % reviews}", f"Study {cell // reviews}") for cell in cells)
    return CitationMatrix.from_citations(
        [f"Review {number}" for number in range(reviews)],
        citations,
        studies=[f"Study {number}" for number in range(studies)],
    )


def every_pair(matrix: CitationMatrix) -> float:
    """The whole result and the share of every pair, summed so that the peer can be checked against it."""
    result = overlap(matrix)
    return sum(shared / either for _, _, shared, either, _ in result.pairs.counts())


def every_pair_by_filtering(matrix: CitationMatrix) -> float:
    """ccaR's way: a full table of 0 and 1; per pair the rows either includes, N, r and (N - r) / (r c - r)."""
    table = [[0] * len(matrix.reviews) for _ in matrix.studies]
    for row, cells in zip(table, matrix.included, strict=True):
        for column in cells:
            row[column] = 1
    total = 0.0
    for i, j in combinations(range(len(matrix.reviews)), 2):
        rows = [(row[i], row[j]) for row in table if row[i] or row[j]]
        inclusions = sum(a + b for a, b in rows)
        total += (inclusions - len(rows)) / (len(rows) * 2 - len(rows))
    return total


def timed(work: Callable[[CitationMatrix], float], matrix: CitationMatrix) -> tuple[float, float]:
    start = time.perf_counter()
    answer = work(matrix)
    return time.perf_counter() - start, answer


def peak_megabytes() -> float:
    """Most memory the process has held so far, the matrix and the interpreter included."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024**2 if sys.platform == "darwin" else peak / 1024


def with_years(matrix: CitationMatrix) -> CitationMatrix:
    """Reviews over four decades, each study some years before the first review that includes it."""
    chance = random.Random(2)
    review_years = [chance.randint(1985, 2024) for _ in matrix.reviews]
    study_years = {
        study: min((review_years[column] for column in cells), default=2024) - chance.randint(0, 10)
        for study, cells in zip(matrix.studies, matrix.included, strict=True)
    }
    return structural_rule(matrix, study_years, dict(zip(matrix.reviews, review_years, strict=True)))[0]


def main() -> int:
    small = made_matrix(60, 3000, 0.05)
    ours, answer = timed(every_pair, small)
    theirs, check = timed(every_pair_by_filtering, small)
    if abs(answer - check) > 1e-6:
        print(f"The two ways disagree: {answer} and {check}", file=sys.stderr)
        return 1
    print(f"60 x 3,000, 1,770 pairs, alike in sum ({answer:.6f}):")
    print(f"  Brolly {ours:.4f} s, ccaR's algorithm in Python {theirs:.4f} s: {theirs / ours:.0f}x")

    large = made_matrix(1000, 100_000, 0.005)
    seconds, _ = timed(every_pair, large)
    peak = peak_megabytes()
    print("1,000 x 100,000, 500,000 inclusions, 499,500 pairs:")
    print(f"  {seconds:.2f} s (target {TARGET_SECONDS:.0f}), peak {peak:.0f} MB (target {TARGET_MEGABYTES})")

    start = time.perf_counter()
    dated = with_years(large)
    marked = time.perf_counter() - start
    dated_seconds, _ = timed(every_pair, dated)
    cells = sum(map(len, dated.missing.values()))
    print(f"The same with {cells:,} cells structurally missing by year:")
    print(f"  marking {marked:.2f} s, counting {dated_seconds:.2f} s, peak {peak_megabytes():.0f} MB")
    return 0 if seconds < TARGET_SECONDS and peak < TARGET_MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
