"""Kept results in the reader's language: for the page, the drawing and the files."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.voices.priorities.figure import Words
from screening.voices.priorities.models import Group
from screening.voices.priorities.rules import ALL, GROUPS, strength

HEADER = (
    "outcome", "rated as", "in the protocol now", "group", "people", "median", "lower quartile", "upper quartile", "not shown because",
)  # fmt: skip


def group_names() -> dict[str, str]:
    return {**{group.value: str(group.label) for group in Group}, ALL: _("All together")}


def plain(value: float) -> str:
    """A median or quartile: 7, 7.5, 6.25."""
    return number_format(round(value, 2), decimal_pos=0 if value == int(value) else 1 if value * 2 == int(value * 2) else 2)


def said(figure: Mapping[str, Any]) -> str:
    """A figure in words: "8 (7 to 9), 6 people"."""
    people = ngettext("%(n)s person", "%(n)s people", figure["n"]) % {"n": figure["n"]}
    spread = {"median": plain(figure["median"]), "lower": plain(figure["lower"]), "upper": plain(figure["upper"])}
    return _("%(median)s (%(lower)s to %(upper)s)") % spread + f", {people}"


def words_of(body: Mapping[str, Any]) -> Words:
    return Words(
        groups=group_names(),
        said=said,
        hidden=_("not shown"),
        bands=[_("limited"), _("important"), _("critical")],
        ends=(_("matters least"), _("matters most")),
    )


def hidden_groups(body: Mapping[str, Any]) -> list[str]:
    """The names of groups that are not shown apart, be they small or empty."""
    names = group_names()
    return [names[group] for group in GROUPS if group not in body["groups"]]


def shown_groups(body: Mapping[str, Any]) -> list[str]:
    """The groups, and all together, that have a figure on anything, in their fixed order."""
    return [key for key in (*GROUPS, ALL) if any(key in row["figures"] for row in body["outcomes"])]


STRENGTHS = {
    "strong": lambda: _("They put them in much the same order."),
    "fair": lambda: _("Their orders are alike in good part."),
    "some": lambda: _("Their orders are a little alike."),
    "none": lambda: _("Their orders have little in common."),
    "opposite": lambda: _("What comes first for one comes late for the other."),
    "unknown": lambda: _("It cannot be told from what may be shown."),
}


def agreement_lines(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """How far groups agree, line by line: who, the figure, on how many outcomes, and what it says."""
    found, names = body["agreement"], group_names()
    lines = []
    if len(found["groups"]) > 2:
        lines.append(_line(_("All groups that are shown"), "W", found["w"], found["outcomes"]))
    for pair in found["pairs"]:
        who = _("%(one)s and %(other)s") % {"one": names[pair["groups"][0]], "other": names[pair["groups"][1]]}
        lines.append(_line(who, "ρ", pair["rho"], pair["outcomes"]))
    return lines


def _line(who: str, sign: str, value: float | None, outcomes: int) -> dict[str, Any]:
    return {
        "who": who,
        "sign": sign,
        "value": _("not defined") if value is None else number_format(value, decimal_pos=2).replace("-", "−"),
        "outcomes": outcomes,
        "says": STRENGTHS[strength(value)](),
    }


def whole(value: float) -> float | int:
    """8, not 8.0."""
    return int(value) if value == int(value) else value


def table_rows(body: Mapping[str, Any], order: Sequence[str], now: Mapping[str, Any]) -> list[list[Any]]:
    """The results as a table for a file: one row per outcome and group. A figure that is not shown is empty, and says why."""
    names, rows = group_names(), {row["id"]: row for row in body["outcomes"]}
    table: list[list[Any]] = [list(HEADER)]
    for row in (rows[pk] for pk in order):
        outcome = now.get(row["id"])
        is_called = "" if outcome is None or outcome.removed else outcome.label
        for group in (*GROUPS, ALL):
            figure = row["figures"].get(group)
            figures = [whole(figure[name]) for name in ("n", "median", "lower", "upper")] if figure else ["", "", "", ""]
            why = "" if figure else f"fewer than {body['smallest']} people, or a small group could be worked out"
            table.append([row["label"], "; ".join(row["rated_as"]), is_called, names[group], *figures, why])
    return table
