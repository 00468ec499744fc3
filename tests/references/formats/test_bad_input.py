"""Hostile and enormous files: each its sentence or its right result, within a stated time and memory.

The large ones are read in a process of their own, whose peak memory is that of the reading alone.
"""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from screening.references import formats
from screening.references.formats import ReadError, preview, read

ROOT = Path(__file__).parents[3]
MEASURE = """
import json, resource, sys, time
from screening.references.formats import Limits, ReadError, read, stream

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

{make}
before, start = peak(), time.process_time()
try:
    reading, records = stream(data)
    said = {{"records": sum(1 for _ in records), "not_read": len(reading.not_read), "format": reading.format}}
except ReadError as error:
    said = {{"refused": str(error)}}
print(json.dumps(said | {{"seconds": time.process_time() - start, "megabytes": peak() - before}}))
"""


def measured(make: str) -> dict:
    """What came of reading `data`, as made by the given code: records or refusal, seconds, and megabytes beyond the data itself."""
    code = MEASURE.format(make=textwrap.dedent(make))
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)


def test_two_million_lines_are_refused_before_a_record_is_made():
    said = measured('data = b"title,authors,year\\n" + b"A study of peers,Able A,2001\\n" * 2_000_000')
    assert said["refused"] == "The file holds more than 500,000 records. Split the export, by year for example, and import its parts."
    assert said["seconds"] < 8
    assert said["megabytes"] < 150


def test_two_million_lines_of_ris_are_refused_too():
    said = measured('data = b"TY  - JOUR\\nTI  - A study\\nER  - \\n" * 700_000')
    assert "more than 500,000 records" in said["refused"]
    assert said["seconds"] < 8
    assert said["megabytes"] < 150


@pytest.mark.slow
def test_a_file_of_two_hundred_megabytes_is_read_record_by_record():
    """The largest file an upload may be, by default: its text is held once more, its records one at a time."""
    said = measured(
        'data = (b"TY  - JOUR\\nTI  - A study\\nAU  - Able, A.\\nAB  - " + b"words of an abstract " * 95 + b"\\nER  - \\n\\n") * 102_000'
    )
    assert said["records"] == 102_000
    assert said["seconds"] < 30
    assert said["megabytes"] < 450


@pytest.mark.slow
def test_many_rows_are_read_one_by_one():
    said = measured('data = b"title,authors,year\\n" + b"\\"A study of peers among the nurses\\",Able A,2001\\n" * 50_000')
    assert said["records"] == 50_000
    assert said["megabytes"] < 60


@pytest.mark.parametrize(
    "make",
    [
        'data = b"TY  - JOUR\\nTI  - One\\nAB  - " + b"words and more words " * 500_000 + b"\\nER  - \\n"',
        pytest.param('data = b"TY  - JOUR\\nTI  - One\\n" + b"KW  - word\\n" * 900_000 + b"ER  - \\n"', marks=pytest.mark.slow),
        'data = b"title,abstract\\nOne," + b"words <b>and</b> more &amp; words " * 300_000 + b"\\n"',
        pytest.param('data = b"title,abstract\\nOne,\\"" + b"line\\n" * 15_000 + b"x" * 10_000_000 + b"\\"\\n"', marks=pytest.mark.slow),
        pytest.param('data = b"PMID- 1\\nTI  - One\\nAB  - " + b"words and more\\n      " * 500_000 + b"\\n"', marks=pytest.mark.slow),
        pytest.param('data = b"@article{a, title={One}, abstract={" + b"{words} and " * 800_000 + b"}}\\n"', marks=pytest.mark.slow),
    ],
    ids=["ris", "ris-keywords", "csv", "csv-lines", "nbib", "bibtex"],
)
def test_one_record_of_ten_megabytes(make):
    said = measured(make)
    assert said.get("records") == 1, said
    assert said["seconds"] < 12
    assert said["megabytes"] < 600


@pytest.mark.slow
@pytest.mark.parametrize(
    "make",
    [
        "data = b'title,year\\n' + b'\"' * 5_000_000",
        "data = b'title,year\\n' + b'\"a,\\n' * 200_000",
        'data = b"title,year\\n" + b"," * 5_000_000',
        'data = b"title,year\\n" + b"\\n" * 5_000_000',
        'data = b"," * 5_000_000',
        'data = b"\\0" * 5_000_000',
        'data = b"\\xe9" * 5_000_000',
        'data = b"<" * 5_000_000',
        'data = b"TY  - " * 900_000',
    ],
    ids=["quotes", "open-quotes", "commas", "blank", "only-commas", "nul", "high", "lt", "tags"],
)
def test_five_megabytes_of_one_thing(make):
    said = measured(make)
    assert said["seconds"] < 15, said
    assert said["megabytes"] < 400, said


@pytest.mark.parametrize(
    "data",
    [
        b"title,year\n" + b"a,1\n" * 70,
        b"TY  - JOUR\nTI  - x\nER  - \n" * 70,
        b"ty- JOUR\nti- x\ner- \n" * 70,
        b"@a{k,title={x}}\n" * 70,
        b"RT Book\nT1 x\n" * 70,
        b"<xml>" + b"<record><ref-type>1</ref-type><title>x</title></record>" * 70 + b"</xml>",
    ],
    ids=["csv", "ris", "odd-ris", "bibtex", "refworks", "xml"],
)
def test_many_records_of_hardly_a_word_are_refused(monkeypatch, data):
    monkeypatch.setattr(formats, "MANY", 60)
    with pytest.raises(ReadError, match="hardly a word"):
        read(data)


@pytest.mark.parametrize("line", [b"\n", b"a\n", b" \r\n", b"a\r", b"<a>\n"])
def test_many_lines_of_hardly_a_letter_are_refused(monkeypatch, line):
    monkeypatch.setattr(formats, "MANY_LINES", 600)
    for head in (b"", b"TY  - JOUR\nTI  - x\n", b"title,year\n"):
        with pytest.raises(ReadError, match=r"hardly one holds anything|is empty"):
            read(head + line * 2000)


# Small and odd


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty"),
        (b"   \n\r\n\t", "The file is empty"),
        (b"<!DOCTYPE html>\n<html><head><title>Session expired</title></head><body>TY  - </body></html>", "a web page (HTML)"),
        (b"%PDF-1.7\n1 0 obj\nTY  - JOUR\nTI  - x\nER  - ", "a PDF document"),
        (b"\n\n%PDF-1.7\n1 0 obj\nTY  - JOUR\nTI  - x\nER  - ", "a PDF document"),
        (b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><body>x</body></html>', "a web page (HTML)"),
    ],
)
def test_what_is_sent_by_mistake_is_named(data, words):
    for act in (read, preview):
        with pytest.raises(ReadError) as caught:
            act(data, "search.ris")
        assert str(caught.value).startswith("search.ris: ")
        assert words in str(caught.value)


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
ENDNOTE = (
    '<xml><records><record><ref-type name="Journal Article">17</ref-type><titles><title>One {0}</title></titles></record></records></xml>'
)
PUBMED = (
    "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>One {0}</ArticleTitle></Article>"
    "</MedlineCitation></PubmedArticle></PubmedArticleSet>"
)


@pytest.mark.parametrize("form", [ENDNOTE, PUBMED], ids=["endnote", "pubmed"])
@pytest.mark.parametrize("head", [BOMB, '<!DOCTYPE x [<!ENTITY c SYSTEM "file:///etc/passwd">]>'], ids=["bomb", "file"])
def test_entities_of_a_file_are_never_resolved(form, head):
    try:
        reading = read(('<?xml version="1.0"?>' + head + form.format("&c;")).encode())
    except ReadError as error:
        assert str(error).endswith(".")
        return
    said = json.dumps([[record.title, record.abstract] for record in reading.records])
    assert "root:" not in said
    assert len(said) < 500


def test_nul_bytes_are_taken_out_everywhere():
    for data in (
        b"TY  - JOUR\nTI  - O\0ne\nER  - \n",
        b"title,year\nO\0ne,2001\n",
        b"PMID- 1\nTI  - O\0ne\n",
        b"@article{a, title={O\0ne}}",
    ):
        reading = read(data)
        assert reading.records[0].title == "One"
        assert "\0" not in json.dumps([reading.records[0].raw, reading.records[0].extra])
        assert "1 NUL character was removed." in reading.warnings


@pytest.mark.parametrize(
    "data",
    [
        b"title,year\nOne \xed\xa0\x80 two \xc3\xa9,2001\n",
        b"title,year\nOne &#xD800; two,2001\n",
        b"TY  - JOUR\nTI  - One &#55296; two\nER  - \n",
        b'[{"id": "1", "type": "article-journal", "issued": {}, "title": "One \\ud800 two"}]',
        b"@article{a, title={One \\symbol{55296} two}}",
        b"\xff\xfe" + "title,year\nOne ".encode("utf-16-le") + b"\x00\xd8" + " two,2001\n".encode("utf-16-le"),
    ],
    ids=["bytes", "entity", "ris", "json", "latex", "utf16"],
)
def test_lone_surrogates_never_reach_a_record(data):
    (record,) = read(data).records
    for value in (record.title, record.raw, json.dumps(record.extra, ensure_ascii=False)):
        value.encode("utf-8")
    assert record.title.startswith("One")


@pytest.mark.parametrize(
    ("title", "author"),
    [("تأثير دعم الأقران", "أحمد, محمد"), ("תמיכת עמיתים", "כהן, דוד"), ("اثر حمایت همتا", "رضایی, علی")],
    ids=["arabic", "hebrew", "persian"],
)
def test_names_written_from_right_to_left(title, author):
    files = (
        f"TY  - JOUR\nTI  - {title}\nAU  - {author}\nPY  - 2019\nER  - \n",
        f'title,authors,year\n"{title}","{author}; {author}",2019\n',
        f"PMID- 1\nTI  - {title}\nFAU - {author}\nDP  - 2019\n",
        f"@article{{a, title={{{title}}}, author={{{author}}}, year=2019}}",
    )
    for text in files:
        (record,) = read(text.encode()).records
        assert (record.title, record.authors[0], record.year) == (title, author, 2019)


def test_marks_of_direction_are_kept_in_names():
    (record,) = read('title,authors\nOne,"\u200fכהן, דוד\u200e"\n'.encode()).records
    assert "כהן" in record.authors[0]
