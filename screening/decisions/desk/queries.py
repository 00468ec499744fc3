"""What the desk gives of a report, how a member likes their desk, and how they are getting on."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.decisions.desk import statements
from screening.decisions.desk.models import DeskRule, DeskView
from screening.decisions.desk.rules import Pace, last_sitting
from screening.decisions.highlights.queries import lookup_of
from screening.decisions.highlights.rules import browser_runs, in_browser, spans
from screening.decisions.models import Decision, Stage, Standing
from screening.decisions.queue.queries import EVERYTHING, Among
from screening.decisions.rules import ReportWords, shown
from screening.decisions.words import report_words
from screening.projects.models import Membership, Project
from screening.protocol.queries import latest_descriptions
from screening.references.queries.bits import numbers_in
from screening.references.queries.facets import FIXED, NAMES, NOT_GIVEN, years_in_words
from screening.references.queries.finding import Asked, find, labels_of

# Facets that say where a record comes from and what it is. None that says where it stands: those would tell of decisions.
FACETS = ("source", "label", "year", "kind", "language", "abstract", "flag", "found")
# What a filter remembered may still name when it is gone.
GONE = {"source": gettext_lazy("a source that is gone"), "label": gettext_lazy("a label that is gone")}
FEW = 2_000
LATELY, MOST_LATELY = 15.0, 512
SITTING = 2_000
# What would name its authors or its journal as surely as their names do.
KEPT_FROM_THE_DESK = {"authors": [], "journal": "", "volume": "", "issue": "", "pages": "", "doi": "", "pmid": "", "url": ""}


def on_desk(member: Membership, stage: str, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Reports as the desk shows them, with what stands beside: marked words, what is said before each, one's own labels.

    `rows`: by the names of statements.OFFERED. Where the project keeps authors and journal from the desk, they are not in it.
    """
    more = _more(member, [row["id"] for row in rows]) if rows and rows[0]["more"] else {}
    said = report_words()
    return [_on_desk(row, stage, said, *more.get(row["id"], ([], []))) for row in rows]


def _more(member: Membership, report_ids: Sequence[UUID]) -> dict[UUID, tuple[list[str], list[UUID]]]:
    with connection.prepared_cursor() as cursor:
        cursor.execute(statements.MORE, {"reports": list(report_ids), "project": member.project_id, "member": member.pk})
        return {report: (care, labels) for report, care, labels in cursor.fetchall()}


def _on_desk(row: Mapping[str, Any], stage: str, said: ReportWords, care: list[str], labels: list[UUID]) -> dict[str, Any]:
    hides = bool(row["hides"]) and stage == Stage.TITLE_ABSTRACT
    report = shown({**row, **KEPT_FROM_THE_DESK} if hides else row, said)
    if hides:
        report["byline"] = f"{row['year']}." if row["year"] else ""
    words = lookup_of(row["terms"])
    return report | {
        "marks": {
            "title": in_browser(report["title"], spans(report["title"], words)),
            "abstract": [in_browser(part, spans(part, words)) for _, part in report["abstract"]],
        },
        "care": care,
        "labels": [str(label) for label in labels],
    }


@dataclass(frozen=True)
class Painted:
    """The words of a report in pieces, each with what it is marked as: for a page the server draws."""

    title: list[tuple[str, str]]
    abstract: list[tuple[str, list[tuple[str, str]]]]


def painted(report: Mapping[str, Any]) -> Painted:
    """`report`: as `on_desk` gives it."""
    marks = report["marks"]
    parts = zip(report["abstract"], marks["abstract"], strict=True)
    return Painted(browser_runs(report["title"], marks["title"]), [(heading, browser_runs(words, m)) for (heading, words), m in parts])


def reports_on_desk(member: Membership, stage: str, report_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Reports that are asked for by name, as the desk shows them, in the order asked for."""
    with connection.cursor() as cursor:
        cursor.execute(statements.ON_DESK, {"reports": list(report_ids), "project": member.project_id, "member": member.pk})
        rows = {row[0]: dict(zip(statements.OFFERED, row, strict=True)) for row in cursor.fetchall()}
    return on_desk(member, stage, [rows[pk] for pk in report_ids if pk in rows])


def desk_rule(project: Project) -> DeskRule | None:
    """What the project asks of every desk now; None while nothing was ever asked."""
    return DeskRule.objects.filter(project=project).order_by("-n").first()


def view_of(member: Membership) -> DeskView:
    """How this member likes their desk; as it comes, where they never said."""
    return DeskView.objects.filter(member=member).first() or DeskView(member=member)


def asked_in(filters: str) -> Asked:
    """What a desk is narrowed to, from an address. Facets that the desk does not have narrow nothing."""
    asked = Asked.of(QueryDict(filters))
    return Asked(
        q=asked.q, sort="best" if asked.q else "title", chosen={name: values for name, values in asked.chosen.items() if name in FACETS}
    )


def among(member: Membership, filters: str) -> Among:
    """The reports a member narrowed their desk to. Only what this member may see narrows: of labels, their own on open reports."""
    asked = asked_in(filters) if filters else None
    if asked is None or not asked.narrows:
        return EVERYTHING
    found = find(member, asked, count=False)
    if found.n > FEW:
        size = found.bits.bit_length() // 8 + 1
        arguments = {"bits": found.bits.to_bytes(size, "little"), "size": size * 8}
        return Among(statements.AMONG_BITS, arguments, found.bits)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT report_id FROM screening_reportcard WHERE project_id = %s AND n = ANY(%s)", [member.project_id, numbers_in(found.bits)]
        )
        ids = [row[0] for row in cursor.fetchall()]
    return Among(statements.AMONG, {"among": ids}, found.bits)


@dataclass(frozen=True)
class Narrowing:
    """One thing a desk is narrowed by, in words, and what the filters are without it."""

    facet: str
    words: str
    without: str


def narrowings(project: Project, filters: str) -> list[Narrowing]:
    """What a desk is narrowed by, for the line that says so."""
    asked = asked_in(filters)
    if not asked.narrows:
        return []
    found = [Narrowing(_("Words"), asked.q, _written(asked.without("q")))] if asked.q else []
    said: dict[tuple[str, str], str] = {(name, value): words for name, choices in FIXED.items() for value, words in choices}
    if "source" in asked.chosen:
        said |= {("source", d.source.slug): d.name for d in latest_descriptions(project)}
    if "label" in asked.chosen:
        said |= {("label", str(label.pk)): label.name for label in labels_of(project)}
    for name, values in asked.chosen.items():
        for value in values:
            words = years_in_words(value) if name == "year" and value != "none" else NOT_GIVEN if value == "none" else GONE.get(name, value)
            found.append(Narrowing(NAMES[name], said.get((name, value), words), _written(asked.without(name, value))))
    return found


def _written(asked: Asked) -> str:
    return asked.address().removeprefix("?")


_lately: dict[tuple[UUID, tuple[str, ...], str], tuple[float, Among]] = {}


def among_lately(member: Membership, filters: str) -> Among:
    """`among`, as it was found in the last few seconds by this process: for a decision, which must not wait for a search."""
    key, now = (member.pk, tuple(member.roles), filters), time.monotonic()
    there = _lately.get(key)
    if there is None or now - there[0] > LATELY:
        there = now, among(member, filters)
        if len(_lately) >= MOST_LATELY:
            _lately.clear()
        _lately[key] = there
    return there[1]


def pace_of(member: Membership, stage: str) -> Pace | None:
    """How fast this member's last sitting went. Their own decisions alone; what was brought in was not decided here."""
    rows = Decision.objects.filter(member=member, stage=stage, origin="desk").exclude(answer=None).order_by("-seq")
    return last_sitting(list(rows.values_list("recorded_at", flat=True)[:SITTING]))


def answers_of(member: Membership, stage: str) -> dict[str, int]:
    """How many of this member's answers stand, by answer."""
    rows = Standing.objects.filter(member=member, stage=stage).values("answer").annotate(n=Count("report")).order_by("answer")
    return {row["answer"]: row["n"] for row in rows}
