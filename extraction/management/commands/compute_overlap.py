"""Overlap of a citation matrix kept in a file, as JSON. Needs no database."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError

from extraction.overlap.matrix_files import MatrixOptions, UnreadableMatrix, read_matrix
from extraction.overlap.printed import figures, pair_figures
from extraction.overlap.rules import Overlap, overlap
from screening.management.plain import PlainCommand


class Command(PlainCommand):
    help = (
        "Corrected covered area of a citation matrix (.csv or .xlsx: first column the study, one column per "
        "review, cells 1, 0, blank or X), overall and for every pair, as JSON. Numbers are fractions of 1; "
        "what is undefined is null, with the reason in warnings."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("matrix", type=Path, metavar="MATRIX", help="a .csv or .xlsx file")
        parser.add_argument("--sheet", help="sheet of the workbook (default: the first that looks like a matrix)")
        parser.add_argument("--study-column", metavar="COLUMN", help="column that names the study (default: the first)")
        parser.add_argument(
            "--drop-columns",
            action="append",
            default=[],
            metavar="COLUMNS",
            help="columns that are no reviews; comma-separated, may be repeated",
        )
        parser.add_argument(
            "--where",
            action="append",
            default=[],
            metavar="COLUMN=VALUE",
            help="keep only rows with this value; the column is then no review; may be repeated",
        )
        parser.add_argument("--study-year", metavar="COLUMN", help="column with the year of the study")
        parser.add_argument(
            "--review-years",
            type=Path,
            metavar="FILE",
            help="CSV of review,year: studies strictly later than a review are structurally missing from it",
        )
        parser.add_argument(
            "--blank",
            choices=("zero", "missing"),
            default="zero",
            help="what a blank cell means: not included (default) or structurally missing",
        )
        parser.add_argument("--keep-unincluded", action="store_true", help="count rows that are in no review")

    def handle(self, *args, **options) -> None:
        try:
            file = read_matrix(options["matrix"], _matrix_options(options))
        except UnreadableMatrix as error:
            raise CommandError(str(error)) from error
        result = overlap(file.matrix, keep_unincluded=options["keep_unincluded"])
        self.stdout.write(json.dumps(as_json(result, file.warnings), indent=2))


def _matrix_options(options: dict) -> MatrixOptions:
    return MatrixOptions(
        sheet=options["sheet"],
        study_column=options["study_column"],
        drop_columns=tuple(options["drop_columns"]),
        where=tuple(options["where"]),
        study_year=options["study_year"],
        review_years=options["review_years"],
        blank_is_missing=options["blank"] == "missing",
    )


def as_json(result: Overlap, warnings: tuple[str, ...] = ()) -> dict:
    """The overlap in the shape the command prints; shares as fractions of 1, null where undefined."""
    return {
        **figures(result),
        "pairs": [{"a": str(pair.a), "b": str(pair.b), **pair_figures(pair)} for pair in result.pairs],
        "warnings": [*warnings, *result.warnings],
    }
