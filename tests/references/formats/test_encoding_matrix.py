"""The same records from every encoding and with every line end, in the formats people send most."""

import pytest

from screening.references.formats import read
from screening.references.formats.encoding import decode

RIS = "TY  - JOUR\nTI  - {title}\nAU  - {author}\nPY  - 2019\nAB  - {title} {title}\nER  - \n"
CSV = 'Title,Authors,Year,Abstract\n"{title}","{author}",2019,"{title}, {title}"\n'
NBIB = "PMID- 123\nTI  - {title}\nFAU - {author}\nDP  - 2019 Jan\nAB  - {title}\n"
WESTERN = {"title": "Étude des « pairs » à l'hôpital", "author": "Müller, Jürgen"}
TYPOGRAPHIC = {"title": "Peers’ support – a review", "author": "O’Neill, Zoë"}
CHINESE = {"title": "同伴支持对精神健康的影响系统评价", "author": "余敏"}
HEBREW = {"title": "תמיכת עמיתים בבריאות הנפש", "author": "כהן, דוד"}
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")


def with_mark(text: str, codec: str) -> bytes:
    marks = {"utf-16-le+": b"\xff\xfe", "utf-16-be+": b"\xfe\xff"}
    return marks.get(codec, b"") + text.encode(codec.removesuffix("+"))


CASES = [
    *((words, codec) for words in (WESTERN, TYPOGRAPHIC, CHINESE, HEBREW) for codec in (*UNICODE, "utf-16-le+", "utf-16-be+")),
    (WESTERN, "cp1252"),
    (WESTERN, "iso-8859-1"),
    (TYPOGRAPHIC, "cp1252"),
    (CHINESE, "gb18030"),
]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("form", [RIS, CSV, NBIB], ids=["ris", "csv", "nbib"])
@pytest.mark.parametrize(("words", "codec"), CASES, ids=[f"{codec}-{words['author']}" for words, codec in CASES])
def test_every_encoding_with_every_line_end(words, codec, form, end):
    text = form.format(**words).replace("\n", end)
    (record,) = read(with_mark(text, codec)).records
    assert (record.title, record.year) == (words["title"], 2019)
    assert record.authors == [words["author"]]
    assert record.abstract.startswith(words["title"])


@pytest.mark.parametrize("form", [RIS, CSV], ids=["ris", "csv"])
def test_mixed_line_ends(form):
    text = form.format(**WESTERN)
    lines = text.splitlines()
    mixed = "".join(line + end for line, end in zip(lines, ["\r\n", "\n", "\r", "\r\n", "\n", "\r"], strict=False))
    (record,) = read(mixed.encode()).records
    assert (record.title, record.year) == (WESTERN["title"], 2019)


def test_mostly_chinese_text_in_utf16_without_a_mark():
    text = "TI  - " + CHINESE["title"] * 20 + "\nAU  - 余敏\n"
    for codec in ("utf-16-le", "utf-16-be"):
        assert decode(text.encode(codec)).encoding == codec


def test_a_declaration_in_the_file_is_not_believed():
    record = '<record><ref-type name="Journal Article">17</ref-type><titles><title>Müller à Genève</title></titles></record>'
    xml = f'<?xml version="1.0" encoding="UTF-8"?>\n<xml><records>{record}</records></xml>'
    (record,) = read(xml.encode("cp1252")).records
    assert record.title == "Müller à Genève"


def test_half_of_a_surrogate_pair_is_shown_as_missing():
    decoded = decode("é è ü ö\n".encode() + b"TI  - A \xed\xa0\xbd pair\n")
    assert decoded.text.endswith("TI  - A \ufffd pair\n")
    decoded.text.encode("utf-8")
    assert "stray" in decoded.warnings[0]


def test_a_lone_surrogate_in_utf16():
    text = decode(b"\xff\xfe" + "title,year\nOne ".encode("utf-16-le") + b"\x3d\xd8" + "x,2001\n".encode("utf-16-le")).text
    text.encode("utf-8")
    assert "One" in text


def test_many_stray_bytes_are_weighed_in_bounded_time():
    data = ("é" * 30 + "\n").encode() * 40_000 + b"\xe9\n"
    decoded = decode(data)
    assert decoded.encoding == "utf-8"
    assert decoded.warnings == ["The file is UTF-8 save for 1 stray byte (first on line 40001)."]
