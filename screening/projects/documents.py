"""Word documents (DOCX) in one look, whoever makes them. No database.

The same calls give the same bytes: no clock and no name of a person gets into the file.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from screening.projects.cells import fit

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
INK, SOFT, RULE = RGBColor(0x1C, 0x21, 0x2B), RGBColor(0x5A, 0x61, 0x6E), "B9C0CA"
SANS, SERIF = "Calibri", "Georgia"
SIZES = {"Normal": 10.5, "Title": 20, "Subtitle": 11, "Heading 1": 15, "Heading 2": 12.5, "Heading 3": 11}
LINE = "single"
# The first moment a zip file can name.
NEVER = (1980, 1, 1, 0, 0, 0)


class Doc:
    """A document being written from top to bottom."""

    def __init__(self, title: str, *, subtitle: str = "", language: str = "en-GB") -> None:
        self._document = Document()
        self._dress(language)
        about = self._document.core_properties
        about.title, about.author, about.last_modified_by, about.comments = fit(title)[:255], "", "", ""
        about.created = about.modified = datetime(*NEVER, tzinfo=UTC)
        about.revision = 1
        self._document.add_paragraph(fit(title), style="Title")
        if subtitle:
            self._document.add_paragraph(fit(subtitle), style="Subtitle")

    def _dress(self, language: str) -> None:
        styles = self._document.styles
        for name, size in SIZES.items():
            style = styles[name]
            style.font.size, style.font.name = Pt(size), SERIF if name.startswith(("Title", "Heading")) else SANS
            style.font.bold, style.font.italic, style.font.color.rgb = name.startswith("Heading"), False, INK
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            fonts.set(qn("w:hAnsi"), style.font.name)
        styles["Subtitle"].font.color.rgb = SOFT
        # The template rules off its title in blue.
        for border in styles["Title"].element.findall(f".//{qn('w:pBdr')}"):
            border.getparent().remove(border)
        spoken = OxmlElement("w:lang")
        spoken.set(qn("w:val"), language)
        styles["Normal"].element.get_or_add_rPr().append(spoken)
        note = styles.add_style("Note", WD_STYLE_TYPE.PARAGRAPH)
        note.base_style, note.font.size, note.font.color.rgb = styles["Normal"], Pt(9), SOFT
        page = self._document.sections[0]
        page.page_width, page.page_height = Cm(21), Cm(29.7)
        page.left_margin = page.right_margin = Cm(2.2)
        page.top_margin = page.bottom_margin = Cm(2)

    def landscape(self) -> None:
        """Turn the page on its side, for wide tables and drawings."""
        page = self._document.sections[0]
        page.orientation = WD_ORIENT.LANDSCAPE
        page.page_width, page.page_height = Cm(29.7), Cm(21)

    def heading(self, text: str, *, level: int = 1) -> None:
        """A heading of level 1 to 3."""
        self._document.add_heading(fit(text), level=level)

    def paragraph(self, text: str, *, note: bool = False) -> None:
        """A paragraph; line ends stay. `note`: small and grey."""
        self._document.add_paragraph(fit(text), style="Note" if note else "Normal")

    def bullets(self, lines: Iterable[str], *, numbered: bool = False) -> None:
        for line in lines:
            self._document.add_paragraph(fit(line), style="List Number" if numbered else "List Bullet")

    def table(self, header: Sequence[str], rows: Iterable[Sequence[object]], *, widths: Sequence[float] = ()) -> None:
        """A table under its header row, which every page repeats. `widths` in cm. Numbers stand at the right."""
        table = self._document.add_table(rows=1, cols=len(header))
        table.autofit = not widths
        for cell, words in zip(table.rows[0].cells, header, strict=True):
            self._write(cell, words, bold=True)
        repeated = OxmlElement("w:tblHeader")
        repeated.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(repeated)
        for row in rows:
            for cell, value in zip(table.add_row().cells, row, strict=True):
                self._write(cell, value)
        for row in table.rows if widths else ():
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Cm(width)
        self._rule(table)
        self._document.add_paragraph()

    def _write(self, cell: Any, value: object, *, bold: bool = False) -> None:
        number = isinstance(value, int) and not isinstance(value, bool)
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        if number:
            paragraph.alignment = 2
        run = paragraph.add_run(f"{value:,}" if number else fit("" if value is None else value))
        run.bold, run.font.size = bold, Pt(9.5)

    def _rule(self, table: Any) -> None:
        borders = OxmlElement("w:tblBorders")
        for side in ("top", "bottom", "insideH"):
            line = OxmlElement(f"w:{side}")
            for key, value in (("val", LINE), ("sz", "4" if side == "insideH" else "8"), ("space", "0"), ("color", RULE)):
                line.set(qn(f"w:{key}"), value)
            borders.append(line)
        table._tbl.tblPr.append(borders)

    def picture(self, png: bytes, *, alt: str, width: float = 16.6) -> None:
        """A picture `width` cm wide; `alt` is what a screen reader says."""
        shape = self._document.add_picture(io.BytesIO(png), width=Cm(width))
        shape._inline.docPr.set("descr", fit(alt))

    def as_bytes(self) -> bytes:
        """The file; the same bytes for the same content, at any time."""
        made, kept = io.BytesIO(), io.BytesIO()
        self._document.save(made)
        with zipfile.ZipFile(made) as source, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as target:
            for name in source.namelist():
                target.writestr(zipfile.ZipInfo(name, NEVER), source.read(name), zipfile.ZIP_DEFLATED)
        return kept.getvalue()


def document(title: str, *, subtitle: str = "", language: str = "en-GB") -> Doc:
    """A new document with its title page line; write into it and take `as_bytes()`."""
    return Doc(title, subtitle=subtitle, language=language)
