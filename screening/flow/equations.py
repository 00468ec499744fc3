"""The equations between PRISMA's boxes, each with its figures, and what is possible but worth a look. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from screening.flow.rules import OTHER_KINDS, Counts, SourceCount
from screening.protocol.rules import DATABASE_KINDS


@dataclass(frozen=True)
class Term:
    """One figure of an equation, and the list that it opens: a box, and perhaps one part of it. No box: there is no list."""

    words: str
    n: int
    box: str = ""
    part: str = ""


@dataclass(frozen=True)
class Identity:
    """One equation between boxes, in words and figures. It holds when both sides are equal."""

    words: str
    left: int
    terms: Sequence[Term]
    box: str = ""

    @property
    def right(self) -> list[tuple[str, int]]:
        return [(term.words, term.n) for term in self.terms]

    @property
    def holds(self) -> bool:
        return self.left == sum(term.n for term in self.terms)


def identities(counts: Counts) -> list[Identity]:
    """The equations of PRISMA 2020, with what is not settled in its own place. They hold at every moment."""

    def equation(words: str, box: str, *terms: tuple[str, str]) -> Identity:
        return Identity(words, counts[box], [Term(said, counts[one], one) for said, one in terms], box)

    identified, others = "Records identified from databases and registers", "Records identified by other methods"
    lines = [
        Identity(identified, counts["records_identified"], _sources(counts, DATABASE_KINDS), "records_identified"),
        equation(
            identified,
            "records_identified",
            ("removed before screening", "removed_before_screening"),
            ("screened or waiting", "records_screened"),
        ),
        equation(
            "Records removed before screening",
            "removed_before_screening",
            ("duplicates", "duplicates"),
            ("marked by automation tools", "excluded_automatic"),
            ("removed for other reasons", "excluded_other"),
        ),
        equation(
            "Titles and abstracts",
            "records_screened",
            ("excluded", "records_excluded"),
            ("full texts sought", "dbr_sought_reports"),
            ("not settled", "title_open"),
        ),
        Identity(others, counts["other_identified"], _sources(counts, OTHER_KINDS), "other_identified"),
        equation(others, "other_identified", ("already found", "other_already_found"), ("full texts sought", "other_sought_reports")),
    ]
    for column, side, name in (("dbr", "databases", "databases and registers"), ("other", "other", "other methods")):
        excluded = f"{column}_excluded"
        lines += [
            equation(
                f"Full texts sought, {name}",
                f"{column}_sought_reports",
                ("not retrieved", f"{column}_notretrieved_reports"),
                ("assessed", f"{column}_assessed"),
                ("being sought", f"{column}_retrieval_open"),
            ),
            equation(
                f"Full texts assessed, {name}",
                f"{column}_assessed",
                ("excluded", excluded),
                ("included", f"{column}_included"),
                ("not settled", f"{column}_text_open"),
            ),
            Identity(f"Full texts excluded, {name}", counts[excluded], _reasons(counts, side, excluded), excluded),
        ]
    included = ("from databases and registers", "dbr_included"), ("by other methods", "other_included")
    lines.append(equation("Reports included", "new_reports", *included))
    return lines + _totals(counts)


def _sources(counts: Counts, kinds: Iterable[str]) -> list[Term]:
    """The sources of these kinds, each under the line of the diagram that counts it: two kinds of one line are one list."""
    found: dict[tuple[str, str], Term] = {}
    for one in counts.sources:
        if one.kind in kinds:
            box = _line_of(one)
            known = found.get((box, one.slug), Term(one.name, 0, box, one.slug))
            found[box, one.slug] = Term(one.name, known.n + one.n, box, one.slug)
    return list(found.values())


def _line_of(source: SourceCount) -> str:
    return OTHER_KINDS.get(source.kind) or f"{source.kind}_results"


def _reasons(counts: Counts, side: str, box: str) -> list[Term]:
    keys = counts.reason_keys.get(side, {})
    return [Term(label, n, box if label in keys else "", keys.get(label, "")) for label, n in counts.reasons[side].items()]


def _totals(counts: Counts) -> list[Identity]:
    """What an earlier version of the review had included was recorded as a number alone: there is no list of it here."""
    if counts.previous is None:
        return []
    return [
        Identity(
            f"{words} in all",
            counts[f"total_{key}"],
            [
                Term("in the previous version", counts[f"previous_{key}"]),
                Term("new", counts[f"new_{key}"], f"new_{key}"),
                Term("withdrawn since", -counts[f"withdrawn_{key}"]),
            ],
        )
        for key, words in (("studies", "Reviews"), ("reports", "Reports"))
    ]


def warnings(counts: Counts) -> list[str]:
    """What is possible but worth a look."""
    if counts.reviews > counts["new_reports"]:
        return [f"{counts.reviews} reviews in {counts['new_reports']} reports: one report may hold two reviews, but look once."]
    return []
