"""The overlap of primary studies, computed anew from the citations as they are: the figure and every pair."""

from fractions import Fraction

from extraction.exports.sheets.model import Cell, Source, Table
from extraction.overlap.queries import inputs_of, matrix_of
from extraction.overlap.rules import band, overlap
from extraction.studies.models import PrimaryStudy

NAME = "Overlap"
ABOUT = "Corrected covered area (CCA) of the included reviews, overall and for every pair, with what it assumes."


def tables(source: Source) -> list[Table]:
    inputs = inputs_of(source.project)
    names = dict(PrimaryStudy.objects.filter(project=source.project).values_list("pk", "label"))
    matrix, impossible = matrix_of(inputs, names)
    result = overlap(matrix)
    figure: list[tuple[str, Cell]] = [
        ("Reviews with a list (c)", result.reviews),
        ("Primary studies (r)", result.studies),
        ("Inclusions (N)", result.inclusions),
        ("Structurally missing cells (X), set aside", result.structurally_missing),
        ("CCA, adjusted for what is set aside", _share(result.cca_adjusted)),
        ("CCA, without setting aside", _share(result.cca)),
        ("Band of the adjusted figure", result.band or "undefined"),
    ]
    frequency = [(times, n) for times, n in result.frequency.items() if times]
    pairs = [
        (
            str(pair.a),
            str(pair.b),
            pair.shared,
            pair.either,
            pair.missing,
            _share(pair.cca_adjusted),
            _share(pair.cca),
            band(pair.cca_adjusted) or "not comparable",
            _share(pair.most_reachable),
        )
        for pair in result.pairs
    ]
    notes = [*result.warnings, *(f"Look once: {query}." for query in impossible)]
    return [
        Table("overlap_figure", "Figure", ("Measure", "Value"), figure, (40, 28), notes),
        Table("overlap_frequency", "How many reviews include a study", ("In exactly so many reviews", "Studies"), frequency),
        Table(
            "overlap_pairs",
            "Pairs (shares are fractions of 1)",
            ("Review", "And review", "In both", "In either", "Set aside", "CCA adjusted", "CCA", "Band", "Most the pair could reach"),
            pairs,
            (40, 28, 10, 10, 10, 13, 13, 16, 13),
        ),
    ]


def _share(share: Fraction | None) -> float | None:
    """Nine decimals, so that a file is the same on every machine."""
    return None if share is None else round(float(share), 9)
