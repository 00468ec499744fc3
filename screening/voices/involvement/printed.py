"""The involvement report as files: Word and Markdown, with what was said and what became of it."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.projects.documents import document
from screening.projects.models import Project
from screening.projects.pictures import png
from screening.projects.stages import ReviewStage
from screening.voices.involvement.drafting import day_of
from screening.voices.involvement.queries import Quoted, SectionNow, facts_of, quoted, sections_of
from screening.voices.involvement.rules import Facts
from screening.voices.involvement.showing import lines_of, timeline_of

SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")


@dataclass(frozen=True)
class Report:
    """All of a report, in the order of its parts."""

    project: Project
    sections: list[SectionNow]
    facts: Facts
    lines: list[tuple[str, str]]
    log: list[Quoted]
    more: int

    @property
    def title(self) -> str:
        return _("Involvement in this review")

    @property
    def guideline(self) -> str:
        return _("After the GRIPP2 short form (Staniszewska et al. 2017, BMJ 358:j3453).")


def report_of(project: Project) -> Report:
    facts = facts_of(project)
    log, more = quoted(project)
    return Report(project, sections_of(project), facts, lines_of(facts), log, more)


def _stage(stage: str) -> str:
    return str(ReviewStage(stage).label) if stage else ""


def _meetings(facts: Facts) -> list[list[Any]]:
    withheld = _("not for publication")
    return [[day_of(one.day), _stage(one.stage), one.people, " ".join(one.topics.split()) or withheld] for one in facts.meetings]


def _log(report: Report) -> list[list[str]]:
    return [[f"{day_of(one.day)}. {_stage(one.stage)}".rstrip(". "), one.who, one.words, _became(one)] for one in report.log]


def _became(one: Quoted) -> str:
    return f"{one.status}: {one.answer}" if one.status else _("No answer yet, or none was asked for.")


def _headers() -> tuple[list[str], list[str], list[str]]:
    return (
        [_("Stage"), _("What happened")],
        [_("Day"), _("Stage"), _("People"), _("Topics")],
        [_("When, on what"), _("Who"), _("What was said"), _("What became of it")],
    )


def _left_out(report: Report) -> str:
    words = _(
        "Only words that may leave the project stand here: none that were withdrawn, or marked for the team only or not for publication."
    )
    if not report.more:
        return words
    more = ngettext("%(n)s earlier voice is left out.", "%(n)s earlier voices are left out.", report.more) % {"n": f"{report.more:,}"}
    return f"{words} {more}"


def as_docx(project: Project) -> bytes:
    """The report as a Word document; the same content gives the same bytes."""
    report, (by_stage, of_meetings, of_log) = report_of(project), _headers()
    doc = document(report.title, subtitle=project.title)
    doc.paragraph(report.guideline, note=True)
    for n, section in enumerate(report.sections, start=1):
        doc.heading(f"{n}. {section.title}")
        for paragraph in section.text.split("\n\n"):
            doc.paragraph(paragraph)
    doc.heading(_("Involvement by stage"))
    if drawing := timeline_of(project, report.facts, for_paper=True):
        doc.picture(png(drawing), alt=". ".join(f"{stage}: {said}" for stage, said in report.lines))
    doc.table(by_stage, report.lines, widths=[5, 11])
    if report.facts.meetings:
        doc.heading(_("Meetings"))
        doc.table(of_meetings, _meetings(report.facts), widths=[3, 4, 1.6, 8])
    if report.log:
        doc.heading(_("What was said, and what became of it"))
        doc.paragraph(_left_out(report), note=True)
        doc.table(of_log, _log(report), widths=[3.2, 2.6, 5.6, 5.2])
    return doc.as_bytes()


def _safe(words: object) -> str:
    """Words as Markdown that reads as they were written, on one line."""
    return SPECIAL.sub(r"\\\1", " ".join(str(words).split()))


def _paragraph(words: str) -> str:
    """A paragraph as it was written: its lines stay lines, and none becomes a heading or a list."""
    escaped = [SPECIAL.sub(r"\\\1", line) for line in words.splitlines()]
    return "  \n".join(re.sub(r"^(\s*)([-+]|\d+[.)])(\s)", r"\1\\\2\3", line) for line in escaped)


def _table(header: list[str], rows: list[Any]) -> list[str]:
    lines = [header, ["---"] * len(header), *([_safe(cell) for cell in row] for row in rows)]
    return [f"| {' | '.join(map(str, line))} |" for line in lines]


def as_markdown(project: Project) -> str:
    """The report as Markdown."""
    report, (by_stage, of_meetings, of_log) = report_of(project), _headers()
    parts = [f"# {_safe(report.title)}", _safe(project.title), f"*{_safe(report.guideline)}*"]
    for n, section in enumerate(report.sections, start=1):
        parts += [f"## {n}. {_safe(section.title)}", *(_paragraph(one) for one in section.text.split("\n\n"))]
    parts += ["## " + _safe(_("Involvement by stage")), "\n".join(_table(by_stage, report.lines))]
    if report.facts.meetings:
        parts += ["## " + _safe(_("Meetings")), "\n".join(_table(of_meetings, _meetings(report.facts)))]
    if report.log:
        said = "## " + _safe(_("What was said, and what became of it"))
        parts += [said, _safe(_left_out(report)), "\n".join(_table(of_log, _log(report)))]
    return "\n\n".join(parts) + "\n"
