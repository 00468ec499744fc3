"""Documents and pictures: what goes in comes out, whatever it holds, and the same bytes every time."""

import io

import docx
import pytest

from screening.projects.documents import document
from screening.projects.pictures import png

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40"><text x="4" y="20" font-size="16" {}>{}</text></svg>'


def _written() -> bytes:
    doc = document("Peer\x00 support", subtitle="As of 1 May")
    doc.heading("Counts", level=2)
    doc.paragraph("One\nline \ud800 more\x07.")
    doc.bullets(["first", "second"])
    doc.table(["Box", "n"], [["Records <identified>", 1234], ["Nothing", None]], widths=[10, 3])
    doc.picture(png(SVG.format("", "Flow")), alt='A flow with "quotes"', width=8)
    return doc.as_bytes()


def test_everything_written_is_read_again():
    read = docx.Document(io.BytesIO(_written()))
    assert [p.text for p in read.paragraphs if p.text][:6] == [
        "Peer support",
        "As of 1 May",
        "Counts",
        "One\nline  more.",
        "first",
        "second",
    ]
    assert [[cell.text for cell in row.cells] for row in read.tables[0].rows] == [
        ["Box", "n"],
        ["Records <identified>", "1,234"],
        ["Nothing", ""],
    ]
    assert read.inline_shapes[0]._inline.docPr.get("descr") == 'A flow with "quotes"'
    assert (read.core_properties.title, read.core_properties.author) == ("Peer support", "")


def test_the_same_content_gives_the_same_bytes():
    assert _written() == _written()


def test_a_document_on_its_side():
    doc = document("Wide")
    doc.landscape()
    page = docx.Document(io.BytesIO(doc.as_bytes())).sections[0]
    assert page.page_width > page.page_height


@pytest.mark.parametrize("words", ["Records", "Ελληνικά", "Żółć", "Жизнь", "研究"])
def test_a_drawing_becomes_a_picture_in_every_script(words):
    made = png(SVG.format("font-family=\"'Source Serif 4', serif\"", words))
    assert made.startswith(b"\x89PNG")
    assert int.from_bytes(made[16:20]) == 400, "two pixels to the unit"


def test_our_fonts_tell_their_families_apart():
    sans, serif = (png(SVG.format(f"font-family=\"'{name}'\"", "Records")) for name in ("Atkinson Hyperlegible Next", "Source Serif 4"))
    assert sans != serif


def test_what_is_no_drawing_is_refused():
    with pytest.raises(ValueError, match=r"."):
        png("<p>no drawing</p>")
