"""The equations between PRISMA's boxes, each with its figures, and what is possible but worth a look. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from screening.flow.rules import OTHER_KINDS, Counts
from screening.protocol.rules import DATABASE_KINDS


@dataclass(frozen=True)
class Identity:
    """One equation between boxes, in words and figures. It holds when both sides are equal."""

    words: str
    left: int
    right: Sequence[tuple[str, int]]

    @property
    def holds(self) -> bool:
        return self.left == sum(n for _, n in self.right)


def identities(counts: Counts) -> list[Identity]:
    """The equations of PRISMA 2020, with what is not settled in its own place. They hold at every moment."""
    b = counts.boxes
    lines = [
        Identity(
            "Records identified from databases and registers",
            b["records_identified"],
            [(s.name, s.n) for s in counts.sources if s.kind in DATABASE_KINDS],
        ),
        Identity(
            "Records identified from databases and registers",
            b["records_identified"],
            [("removed before screening", b["removed_before_screening"]), ("screened or waiting", b["records_screened"])],
        ),
        Identity(
            "Records removed before screening",
            b["removed_before_screening"],
            [
                ("duplicates", b["duplicates"]),
                ("marked by automation tools", b["excluded_automatic"]),
                ("removed for other reasons", b["excluded_other"]),
            ],
        ),
        Identity(
            "Titles and abstracts",
            b["records_screened"],
            [("excluded", b["records_excluded"]), ("full texts sought", b["dbr_sought_reports"]), ("not settled", b["title_open"])],
        ),
        Identity(
            "Records identified by other methods", b["other_identified"], [(s.name, s.n) for s in counts.sources if s.kind in OTHER_KINDS]
        ),
        Identity(
            "Records identified by other methods",
            b["other_identified"],
            [("already found", b["other_already_found"]), ("full texts sought", b["other_sought_reports"])],
        ),
    ]
    for column, name in (("dbr", "databases and registers"), ("other", "other methods")):
        lines += [
            Identity(
                f"Full texts sought, {name}",
                b[f"{column}_sought_reports"],
                [
                    ("not retrieved", b[f"{column}_notretrieved_reports"]),
                    ("assessed", b[f"{column}_assessed"]),
                    ("being sought", b[f"{column}_retrieval_open"]),
                ],
            ),
            Identity(
                f"Full texts assessed, {name}",
                b[f"{column}_assessed"],
                [("excluded", b[f"{column}_excluded"]), ("included", b[f"{column}_included"]), ("not settled", b[f"{column}_text_open"])],
            ),
            Identity(
                f"Full texts excluded, {name}",
                b[f"{column}_excluded"],
                list(counts.reasons["databases" if column == "dbr" else "other"].items()),
            ),
        ]
    lines.append(
        Identity(
            "Reports included",
            b["new_reports"],
            [("from databases and registers", b["dbr_included"]), ("by other methods", b["other_included"])],
        )
    )
    return lines + _totals(counts)


def _totals(counts: Counts) -> list[Identity]:
    if counts.previous is None:
        return []
    b = counts.boxes
    return [
        Identity(
            f"{words} in all",
            b[f"total_{key}"],
            [("in the previous version", b[f"previous_{key}"]), ("new", b[f"new_{key}"]), ("withdrawn since", -b[f"withdrawn_{key}"])],
        )
        for key, words in (("studies", "Reviews"), ("reports", "Reports"))
    ]


def warnings(counts: Counts) -> list[str]:
    """What is possible but worth a look."""
    if counts.reviews > counts["new_reports"]:
        return [f"{counts.reviews} reviews in {counts['new_reports']} reports: one report may hold two reviews, but look once."]
    return []
