"""What was seen at a line as plain data and as CSV: a snapshot keeps this, and the page's file is the same."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from screening.fulltext.lines.queries import Seen
from screening.fulltext.lines.rules import FATES, AtLine, Count, Outlook
from screening.fulltext.worksheet.rules import percent
from screening.projects.line_contributions import OverlapIf

FATE_WORDS = {
    "comes": lambda: _("Would come in"),
    "leaves": lambda: _("Would leave"),
    "depends_out": lambda: _("Excluded; depends on unclear studies"),
    "depends_in": lambda: _("Included; depends on unclear studies"),
    "no_share": lambda: _("Excluded; not knowable: no share recorded"),
    "left_open": lambda: _("Excluded; not knowable: other criteria left open"),
    "failed_others": lambda: _("Excluded; not knowable: failed other criteria too"),
    "unknown_in": lambda: _("Included; not knowable: no share recorded"),
    "below": lambda: _("Excluded; its share stays below"),
    "stays": lambda: _("Included; stays in"),
}


def fate_words(fate: str) -> str:
    return FATE_WORDS[fate]()


def share_printed(low: Fraction, high: Fraction) -> str:
    return percent(low) if low == high else f"{percent(low)} – {percent(high)}"


def as_data(seen: Seen) -> dict[str, Any]:
    """All that was seen, as plain data."""
    return {
        "criterion": seen.criterion["label"],
        "protocol_line": f"{seen.protocol_line:f}",
        "line": f"{seen.line:f}",
        "included": seen.included,
        "unsettled": seen.unsettled,
        "questions": dict(seen.questions),
        "lines": [line_data(seen, one) for one in seen.lines],
        "rows": [row_data(one, seen.titles) for one in seen.outlooks],
    }


def line_data(seen: Seen, one: AtLine) -> dict[str, Any]:
    return {
        "line": f"{one.line:f}",
        "fates": dict(one.fates),
        "reports": _count(one.reports),
        "reviews": _count(one.reviews),
        "questions": {question: _count(count) for question, count in one.questions.items()},
        "overlap": [_overlap(seen.overlap_of(reviews)) for reviews in (one.certain_reviews, one.possible_reviews)],
    }


def _count(count: Count) -> list[int]:
    return [count.certain, count.possible]


def _overlap(overlap: OverlapIf | None) -> dict[str, Any] | None:
    if overlap is None:
        return None
    cca = None if overlap.cca is None else round(float(overlap.cca), 6)
    return {"reviews": overlap.reviews, "listed": overlap.listed, "studies": overlap.studies, "citations": overlap.citations, "cca": cca}


def row_data(one: Outlook, titles: Mapping[str, str]) -> dict[str, Any]:
    bounds = one.bounds
    return {
        "report": one.held.report,
        "title": titles.get(one.held.report, ""),
        "included": one.held.included,
        "fate": one.fate,
        "low": None if bounds is None else round(float(bounds.low), 6),
        "high": None if bounds is None else round(float(bounds.high), 6),
        "certain": list(one.certain),
        "possible": list(one.possible),
    }


def table_of(data: Mapping[str, Any]) -> list[list[str | int]]:
    """A snapshot as rows: the lines side by side, an empty row, then every full text at the line asked for."""
    lines = data["lines"]
    rows: list[list[str | int]] = [[_("Criterion"), data["criterion"]], [_("Line of the protocol"), f"{data['protocol_line']}%"]]
    rows += [
        [_("Line looked at"), f"{data['line']}%"],
        [_("Included now"), data["included"]],
        [_("Not settled yet"), data["unsettled"]],
        [],
    ]
    rows.append(["", *(f"{one['line']}%" for one in lines)])
    rows += [[fate_words(fate), *(one["fates"][fate] for one in lines)] for fate in FATES]
    rows += [[label, *(_between(one[key]) for one in lines)] for key, label in _counted()]
    rows += [[label, *(_between(one["questions"][key]) for one in lines)] for key, label in data["questions"].items()]
    if any(one["overlap"][0] for one in lines):
        rows.append([_("CCA of the reviews with a list"), *(cca_words(one["overlap"]) for one in lines)])
    rows += [[], [_("Full text"), _("Title"), _("Now"), _("At this line"), _("Share, at least"), _("Share, at most"), _("Questions")]]
    return rows + [_row(row, data["questions"]) for row in data["rows"]]


def _counted() -> list[tuple[str, str]]:
    return [("reports", _("Included reports, for certain to at most")), ("reviews", _("Included reviews, for certain to at most"))]


def _between(count: Sequence[int]) -> str | int:
    return count[0] if count[0] == count[1] else f"{count[0]} – {count[1]}"


def cca_words(overlaps: Sequence[Mapping[str, Any] | None]) -> str:
    """The CCA of the certain set, and of the possible one where it is another; with how many reviews it rests on."""
    parts = []
    for one in overlaps:
        if one is None or one["cca"] is None:
            parts.append(_("not defined"))
        else:
            parts.append(
                _("%(cca)s (%(listed)s of %(reviews)s reviews with a list)")
                % {"cca": f"{one['cca'] * 100:.1f}%", "listed": one["listed"], "reviews": one["reviews"]}
            )
    return " – ".join(dict.fromkeys(parts))


def _row(row: Mapping[str, Any], questions: Mapping[str, str]) -> list[str | int]:
    share = ["" if row[key] is None else f"{row[key] * 100:.4g}%" for key in ("low", "high")]
    named = "; ".join(questions.get(question, question) for question in row["possible"])
    return [row["report"], row["title"], _("Included") if row["included"] else _("Excluded"), fate_words(row["fate"]), *share, named]
