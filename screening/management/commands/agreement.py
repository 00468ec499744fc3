"""`manage.py agreement RATINGS.csv`: agreement between raters from a file, as JSON. Needs no database."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from screening.decisions.agreement.answers import FOLDED, fold, of_all, of_pair, pairs_of
from screening.decisions.agreement.printed import pair_figures, together_figures
from screening.decisions.agreement.ratings_file import Ratings, UnreadableRatings, read_ratings
from screening.decisions.agreement.rules import Agreement, Together
from screening.management.plain import PlainCommand


class Command(PlainCommand):
    """Exit code 1, with one sentence on stderr and nothing on stdout, when the file cannot be read."""

    help = (
        "Observed agreement, Cohen's kappa with its interval, PABAK, Gwet's AC1, Krippendorff's alpha, prevalence and bias index, "
        "p_pos and p_neg, from a CSV with one row per report and one column per rater, as JSON. What is undefined is null, with the "
        "reason. With more than two raters: all together (kappa is Conger's), and every pair."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ratings", metavar="RATINGS.csv")
        parser.add_argument("--id-column", metavar="COLUMN", help="the column that names the report, and is no rater's")
        parser.add_argument("--categories", metavar="A,B", help="all possible answers, the positive one first")

    def handle(self, *args: Any, ratings: str, id_column: str | None, categories: str | None, **options: Any) -> None:
        asked = [word.strip() for word in (categories or "").split(",") if word.strip()]
        try:
            file = read_ratings(Path(ratings).read_bytes(), id_column=id_column, categories=asked)
        except OSError as error:
            raise CommandError(f"{ratings}: the file cannot be opened ({error.strerror or 'no reason given'}). Check its name.") from error
        except ValueError as error:
            raise CommandError(f"{ratings!r}: this is not a file name. Check it.") from error
        except UnreadableRatings as error:
            raise CommandError(f"{ratings}: {error}") from error
        self.stdout.write(json.dumps(as_json(file), ensure_ascii=False, indent=1))


def as_json(file: Ratings) -> dict[str, Any]:
    """The figures of all raters, of every pair, and where there is a maybe the same with it counted as include."""
    folded = fold(file.rated) if file.folds else None
    return {
        "raters": list(file.raters),
        "rows": len(file.rated),
        **_figures(of_all(file.rated, file.categories, file.raters)),
        "folded": None if folded is None else _figures(of_all(folded, FOLDED, file.raters)),
        "pairs": [
            {
                "a": one,
                "b": other,
                **pair_figures(of_pair(file.rated, one, other, file.categories)),
                "folded": None if folded is None else pair_figures(of_pair(folded, one, other, FOLDED)),
            }
            for one, other in pairs_of(file.rated, file.raters)
        ],
        "report_column": file.left_out,
        "warnings": list(file.warnings),
    }


def _figures(result: Agreement | Together) -> dict[str, Any]:
    return pair_figures(result) if isinstance(result, Agreement) else together_figures(result)
