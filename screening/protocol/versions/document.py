"""A protocol, and the list of deviations, as Markdown and as a Word document: one order of parts, written once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from screening.projects import documents
from screening.projects.models import Project
from screening.projects.protocol_contributions import DocumentPart
from screening.protocol.versions.queries import PART_WORDS, Deviation, Side, deviation_table, field_words, part_words, said_in

# What Markdown would take for its own, anywhere and at the beginning of a line.
MARKS = re.compile(r"([\\`*_\[\]<>|])")
LINE_START = re.compile(r"^(\s*)(#{1,6}\s|[-+]\s|\d+[.)]\s|=+$|-{3,})", re.MULTILINE)
# The label is the heading; these stand below it in a sentence of their own.
HEADINGS = ("label", "text", "number")


@dataclass(frozen=True)
class Block:
    """A heading (level 1 to 3), a paragraph, or a table with its header row."""

    kind: str
    text: str = ""
    level: int = 0
    rows: Sequence[Sequence[str]] = ()


def protocol_blocks(side: Side, deviations: Sequence[Deviation], more: Sequence[DocumentPart] = ()) -> list[Block]:
    """The whole protocol: registration, questions, criteria, outcomes, instruments, what later rooms add, and what was amended."""
    parts = said_in(side.body)
    blocks: list[Block] = []
    for part in ("registration", *(one for one in PART_WORDS if one != "registration")):
        if parts[part]:
            blocks.append(Block("heading", part_words(part), 1))
            blocks += _registration(parts[part]) if part == "registration" else _lines(parts[part])
    for added in more:
        blocks.append(Block("heading", added.heading, 1))
        blocks += [Block("paragraph", words) for words in added.paragraphs]
        blocks += [Block("table", rows=added.rows)] if added.rows else []
    if deviations:
        blocks += [Block("heading", _("Amendments and departures (PRIOR 23c)"), 1), Block("table", rows=deviation_table(deviations))]
    return blocks


def _registration(lines: Mapping[str, Mapping[str, str]]) -> list[Block]:
    (said,) = lines.values()
    return [Block("paragraph", f"{field_words(name)}: {words}") for name, words in said.items() if words]


def _lines(lines: Mapping[str, Mapping[str, str]]) -> list[Block]:
    blocks: list[Block] = []
    for n, said in enumerate(lines.values(), start=1):
        blocks.append(Block("heading", f"{n}. {said['label']}", 2))
        if said.get("text"):
            blocks.append(Block("paragraph", said["text"]))
        blocks += [Block("paragraph", f"{field_words(name)}: {words}") for name, words in said.items() if words and name not in HEADINGS]
    return blocks


def deviation_blocks(deviations: Sequence[Deviation]) -> list[Block]:
    if not deviations:
        return [Block("paragraph", _("There is no deviation from the protocol."))]
    return [Block("table", rows=deviation_table(deviations))]


def title_of(project: Project, side: Side) -> tuple[str, str]:
    """The title and the line below it: which version this is, and since when."""
    if side.version is None:
        below = _("Protocol. A draft that has not been recorded.")
    else:
        day = date_format(side.version.recorded_at, "j F Y")
        below = _("Protocol, version %(n)s, recorded on %(day)s.") % {"n": side.version.n, "day": day}
    return project.title, below


def as_markdown(title: str, below: str, blocks: Sequence[Block]) -> str:
    parts = [f"# {plain(title)}", plain(below)]
    for block in blocks:
        if block.kind == "heading":
            # The words of a heading stand in one line.
            parts.append(f"{'#' * (block.level + 1)} {_in_one_line(block.text)}")
        elif block.kind == "table":
            parts.append("\n".join(_table_lines(block.rows)))
        else:
            parts.append(plain(block.text))
    return "\n\n".join(parts) + "\n"


def plain(text: str) -> str:
    """Text so that Markdown shows it letter by letter; line ends stay."""
    text = MARKS.sub(r"\\\1", text.replace("\r\n", "\n"))
    text = LINE_START.sub(lambda found: f"{found[1]}\\{found[2]}" if not found[2][0].isdigit() else _digit(found), text)
    return re.sub(r"\n(?=\S)", "  \n", text)


def _digit(found: re.Match[str]) -> str:
    escaped = re.sub(r"([.)])", r"\\\1", found[2], count=1)
    return found[1] + escaped


def _in_one_line(text: str) -> str:
    return " ".join(MARKS.sub(r"\\\1", text).split())


def _table_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    lines = ["| " + " | ".join(map(_in_one_line, row)) + " |" for row in rows]
    return [lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]]


def as_docx(title: str, below: str, blocks: Sequence[Block], *, wide: bool = False) -> bytes:
    doc = documents.document(title, subtitle=below)
    if wide:
        doc.landscape()
    for block in blocks:
        _write(doc, block)
    return doc.as_bytes()


def _write(doc: Any, block: Block) -> None:
    if block.kind == "heading":
        doc.heading(block.text, level=block.level)
    elif block.kind == "table":
        header, *rows = block.rows
        doc.table(header, rows)
    else:
        doc.paragraph(block.text)
