"""The same data under different assumptions: four switches, sixteen overlap figures.

Bracchiglione et al. 2025 (doi 10.1017/rsm.2025.10056) found that figures moved by 1.2 to 13.5 percentage points with
such choices, so a figure travels with its assumptions. No matrix is stored: each is derived from what the reviews
cite, report by report.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import product

from .rules import CitationMatrix, Overlap, overlap, structural_rule


@dataclass(frozen=True)
class Citations:
    """What the reviews of one overview cite.

    review_years: year of each review with a list of studies (its last search where known).
    cited: review -> reports it cites. in_scope: review -> those that contribute to one question or outcome.
    study_of: report -> its study (a publication thread is one study). report_years: report -> year, where known.
    """

    review_years: Mapping[Hashable, int]
    cited: Mapping[Hashable, frozenset[Hashable]]
    in_scope: Mapping[Hashable, frozenset[Hashable]]
    study_of: Mapping[Hashable, Hashable]
    report_years: Mapping[Hashable, int]


@dataclass(frozen=True)
class Assumptions:
    """review_scope: only reviews that contribute to the question. study_scope: only cells that contribute to it.
    structural: set aside studies strictly later than the review. threads: join the reports of one study."""

    review_scope: bool = False
    study_scope: bool = False
    structural: bool = False
    threads: bool = True


@dataclass(frozen=True)
class Scenario:
    """One overlap with the assumptions it rests on."""

    assumptions: Assumptions
    overlap: Overlap


def every_scenario(data: Citations) -> tuple[Scenario, ...]:
    """All sixteen combinations of the four switches, from all off to all on."""
    switches = (Assumptions(*on) for on in product((False, True), repeat=4))
    return tuple(scenario(data, assumptions) for assumptions in switches)


def scenario(data: Citations, assumptions: Assumptions) -> Scenario:
    """The overlap under one set of assumptions. A review outside the question stays in c unless review_scope is on."""
    reviews = [review for review in data.cited if not assumptions.review_scope or data.in_scope.get(review)]
    source = data.in_scope if assumptions.study_scope else data.cited
    row = data.study_of if assumptions.threads else {report: report for report in data.study_of}
    matrix = CitationMatrix.from_citations(
        reviews,
        [(review, row[report]) for review in reviews for report in source.get(review, ())],
        listed=[review for review in reviews if data.cited[review]],
    )
    if assumptions.structural:
        matrix, _ = structural_rule(matrix, _earliest(data, row), data.review_years)
    return Scenario(assumptions, overlap(matrix))


def _earliest(data: Citations, row: Mapping[Hashable, Hashable]) -> dict[Hashable, int]:
    """Year of each row: of a thread, its earliest report's."""
    years: dict[Hashable, int] = {}
    for report, year in data.report_years.items():
        years[row[report]] = min(year, years.get(row[report], year))
    return years
