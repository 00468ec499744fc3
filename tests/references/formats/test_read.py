"""The face of the room: what is refused and how, and that no bytes bring anything but a reading or a sentence."""

import gc
import re
import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.references import formats
from screening.references.formats import ReadError, Reading, read


def refusal(data: bytes, name: str = "") -> str:
    with pytest.raises(ReadError) as caught:
        read(data, name)
    return str(caught.value)


def zipped(*names: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "empty"),
        (b" \r\n \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"<!DOCTYPE html><html><body>Session expired</body></html>", "a web page"),
        (b"\n<HTML><head>", "a web page"),
        (b"%PDF-1.7 \n%\xe2\xe3", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture"),
        (zipped("xl/workbook.xml"), "a damaged Excel workbook"),
        (zipped("xl/workbook.bin"), "a binary Excel workbook"),
        (zipped("content.xml", "mimetype"), "an OpenDocument spreadsheet"),
        (zipped("Index/Document.iwa"), "an Apple Numbers"),
        (b"PK\x03\x04 cut off", "a zip archive that is damaged"),
        (b"\x1f\x8b\x08", "a compressed file (gzip)"),
        (zipped("word/document.xml"), "a Word document"),
        (zipped("a.ris"), "a zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word or Excel document"),
        (b"\xd0\xcf\x11\xe0" + "Workbook".encode("utf-16-le"), "an old Excel workbook"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
        (b"{\\rtf1\\ansi}", "an RTF document"),
        (bytes(range(256)) * 40, "a binary file"),
        (b"this should fail", "a short note"),
        (b'[{"title": "x"}]', "JSON"),
        (b"<?xml version='1.0'?><records><dc/></records>", "XML of another kind"),
        (b"TI- The SIS project\nAU- Prechelt, Lutz\n", "a library catalogue"),
        (b"# YAML 1.2\n---\nabstract: x\ncff-version: 1\n", "YAML"),
    ],
)
def test_what_cannot_be_read_is_refused_by_what_it_seems_to_be(data, what):
    sentence = refusal(data)
    assert what in sentence
    assert sentence.endswith(".")
    assert re.search(r"\b[Ii]mport", sentence), "what to do instead"


def test_the_file_is_named_in_the_refusal():
    assert refusal(b"", "mine.ris").startswith("mine.ris: The file is empty")


def test_a_file_of_a_format_without_a_record():
    assert "RIS, but it holds no record" in refusal(b"TY  - JOUR\nER  - \n")


def test_the_name_of_the_file_does_not_matter():
    assert read(b"TY  - JOUR\nTI  - One\nER  - \n", "x.csv").format == "RIS"
    assert read(b"title,doi\nOne,\n", "x.ris").format == "CSV"


def test_a_long_preamble_before_the_first_record():
    assert read(b"Some words of a search.\n" * 20_000 + b"TY  - JOUR\nTI  - One\nER  - \n").records[0].title == "One"


def test_right_to_left_names():
    (record,) = read("TY  - JOUR\nTI  - دعم الأقران\nAU  - محمد، أحمد\nER  - \n".encode()).records
    assert (record.title, record.authors) == ("دعم الأقران", ["محمد، أحمد"])


def test_the_room_knows_no_django():
    for path in Path(formats.__file__).parent.glob("*.py"):
        assert "django" not in path.read_text(encoding="utf-8").replace("no Django", "").replace("Django, no", "")


SEEDS = (
    b"TY  - JOUR\nAU  - A, B\nTI  - One\nPY  - 2001\nER  - \n\n",
    b"PMID- 1\nOWN - NLM\nTI  - One\n      more\nFAU - A, B\n\n",
    b'title,author,year,abstract\n"One, two","A, B; C, D",2001,"x\ny"\n',
)


@settings(max_examples=300)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    outcome(data)


@settings(max_examples=400)
@given(st.data())
def test_mutated_files_are_read_or_refused(data):
    text = bytearray(data.draw(st.sampled_from(SEEDS)) * data.draw(st.integers(1, 4)))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(text)))
        match data.draw(st.sampled_from(["insert", "cut", "repeat"])):
            case "insert":
                text[at:at] = data.draw(st.binary(max_size=4) | st.sampled_from([b'"', b"\n", b"\r", b"\0", b"ER  - \n", b",", b"<", b"&"]))
            case "cut":
                del text[at : at + data.draw(st.integers(0, 10))]
            case "repeat":
                text[at:at] = text[at : at + 20] * 3
    outcome(bytes(text))


def outcome(data: bytes) -> None:
    try:
        reading = read(data)
    except ReadError as error:
        assert str(error)
        return
    assert isinstance(reading, Reading)
    assert reading.records
    assert [record.ordinal for record in reading.records] == list(range(1, len(reading.records) + 1))
    assert all(record.raw for record in reading.records)
    lines = [record.line for record in reading.records]
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("small", "many"),
    [
        (b"TY  - JOUR\nTI  - x\nER  - \n", 10_000),
        (b"PMID- 1\nTI  - abc\n\n", 10_000),
        (b"a b c,2001,10.1/x\n", 10_000),
        (b'"a b c,2001,10.1/x\n', 10_000),
        (b"continued line\n", 40_000),
    ],
)
@pytest.mark.slow
def test_time_grows_with_the_size_and_not_with_its_square(small, many):
    head = b"title,year,doi\n" if b"2001" in small else b"TY  - JOUR\nTI  - x\n" if small.startswith(b"cont") else b""

    def seconds(count: int) -> float:
        start = time.process_time()
        read(head + small * count)
        return time.process_time() - start

    # Among all that the tests hold, Python's search for cycles takes longer than the reading.
    gc.disable()
    try:
        once = max(seconds(many), 0.01)
        assert seconds(4 * many) < 12 * once
    finally:
        gc.enable()
