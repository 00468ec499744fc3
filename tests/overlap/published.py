"""The matrices and answers the overlap tests compare with."""

import csv
import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from extraction.overlap.rules import CitationMatrix
from tests.shared import SHARED

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "overlap"
FOLDER = SHARED / "groundtruth" / "overlap"
EXPECTED = json.loads((FIXTURES / "expected.json").read_text(encoding="utf-8"))
EDGE_CASES = json.loads((FIXTURES / "edge_cases.json").read_text(encoding="utf-8"))
SCENARIOS = json.loads((FIXTURES / "scenario_fixture_16.json").read_text(encoding="utf-8"))
CCAR = sorted(path.name.removesuffix(".ccaR_expected.csv") for path in FOLDER.glob("*.ccaR_expected.csv"))


def exact(written: str | dict | None) -> Fraction | None:
    """A fraction as the answer files write it: "9/11", or an object holding it, or null."""
    if isinstance(written, dict):
        written = written["fraction"]
    return None if written is None else Fraction(written)


def from_cells(rows: Sequence[Sequence[int | None]], columns: int | None = None, *, all_listed: bool = True) -> CitationMatrix:
    """A matrix from cells 1, 0 and None (structurally missing); reviews R0, R1 ..., studies S0, S1 ..."""
    count = columns if columns is not None else (len(rows[0]) if rows else 0)
    reviews = [f"R{column}" for column in range(count)]
    cells = [(f"R{c}", f"S{r}", cell) for r, row in enumerate(rows) for c, cell in enumerate(row)]
    return CitationMatrix.from_citations(
        reviews,
        [(review, study) for review, study, cell in cells if cell == 1],
        studies=[f"S{r}" for r in range(len(rows))],
        missing=[(review, study) for review, study, cell in cells if cell is None],
        listed=reviews if all_listed else None,
    )


def published_matrix(name: str) -> CitationMatrix:
    """One of the published matrices, read here by csv alone, so that the reader of files is tested apart."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    reviews = [title.strip() for title in header[1:]]
    cells = [(review, row[0], cell.strip()) for row in rows for review, cell in zip(reviews, row[1:], strict=True)]
    return CitationMatrix.from_citations(
        reviews,
        [(review, study) for review, study, cell in cells if cell == "1"],
        studies=[row[0] for row in rows],
        missing=[(review, study) for review, study, cell in cells if cell in ("", "X")],
    )
