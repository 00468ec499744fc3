"""Texts and JSON that databases and managers give beside RIS: RefWorks tagged, Cochrane, ProQuest, lists of objects."""

import json

import pytest

from screening.references.formats import ReadError, read

REFWORKS = """RT Journal Article
SR Electronic(1)
ID 1
A1 O'Neill,Siobhan
A1 Müller,Karl-Heinz
T1 Peer support: a scoping review
JF BMC Psychiatry
YR 2021
VO 21
IS 1
SP 123
OP 134
K1 Peers
K1 Recovery
AB Background, wrapped
US adults took part
SN 1471-244X
DO 10.1000/X
UL https://example.org/u

RT Book, Section
A2 Smith,J.
T1 A chapter
T2 The book
YR 2019
FP unknown
"""
CNKI = """RT Journal Article
SR 1
A1 王伟;李娜
T1 同伴支持对精神疾病患者影响的系统评价
JF 中华护理杂志
YR 2021
IS 03
vo 56
OP 123-134
K1 同伴支持;系统评价
LA 中文;
DS CNKI
"""
COCHRANE = """Record #1 of 2
ID: CN-02123456
AU: O'Neill S
AU: Smith J
TI: Peer support: a randomised trial
SO: Journal of nursing
YR: 2021
VL: 12
NO: 3
PG: 123‐134
PM: PUBMED 33657890
XR: EMBASE 2012345678
PT: Journal Article
KY: Adult; Peer Group
DOI: 10.1000/X
AB: BACKGROUND: words
OBJECTIVE: more
US: https://example.org/1


Record #2 of 2
ID: CN-02123457
TI: Another
YR: 2020
"""
PROQUEST = """____________________________________________________________

Report Information from ProQuest

Document 1 of 2

Peer support in adolescents: Part II

Author: O'Neill, Siobhan; Le, Tran

Publication info: Journal of Clinical Psychology; New York Vol. 77, Iss. 3, (Jul 2021): 12-34.

Abstract: Objective. To review.

METHODS: Words

Publication title: Journal of Clinical Psychology; New York

Volume: 77

Issue: 3

Pages: 12-34

Publication year: 2021

ISSN: 00219762

DOI: https://doi.org/10.1000/X

ProQuest document ID: 2551234567

Database: APA PsycInfo

____________________________________________________________

Document 2 of 2

Another study

Author: Smith, John

Publication year: 2020

ProQuest document ID: 2551234568
____________________________________________________________

Contact us at: https://example.org
"""


def test_refworks_tagged():
    reading = read(REFWORKS.encode())
    first, second = reading.records
    assert (reading.format, first.authors) == ("RefWorks tagged", ["O'Neill, Siobhan", "Müller, Karl-Heinz"])
    assert (first.year, first.volume, first.issue, first.pages, first.doi) == (2021, "21", "1", "123-134", "10.1000/x")
    assert (first.abstract, first.keywords) == ("Background, wrapped US adults took part", ["Peers", "Recovery"])
    assert (first.kind, first.issn, first.extra) == ("Journal Article", "1471-244X", {"SR": ["Electronic(1)"]})
    assert (second.title, second.authors, second.journal, second.year) == ("A chapter", ["Smith, J."], "The book", 2019)


def test_refworks_as_cnki_writes_it():
    reading = read(CNKI.encode("gb18030"))
    (record,) = reading.records
    assert (reading.encoding, record.authors, record.title) == ("gb18030", ["王伟", "李娜"], "同伴支持对精神疾病患者影响的系统评价")
    assert (record.volume, record.pages, record.language, record.extra["DS"]) == ("56", "123-134", "中文", ["CNKI"])


def test_refworks_under_numbers_and_without_a_field():
    reading = read(b"<Reference 1>\nRT Journal Article\nA1 Able,B\nT1 One\n\n<Reference 2>\nRT Book\nID 2\n")
    assert [record.title for record in reading.records] == ["One"]
    assert [(gone.line, gone.cause) for gone in reading.not_read] == [(7, "An empty record: nothing below its RT line.")]


def test_cochrane_text():
    reading = read(COCHRANE.encode())
    first, second = reading.records
    assert (reading.format, first.authors, first.year) == ("Cochrane text", ["O'Neill S", "Smith J"], 2021)
    assert (first.journal, first.volume, first.issue, first.pages) == ("Journal of nursing", "12", "3", "123-134")
    assert (first.pmid, first.doi, first.accession) == ("33657890", "10.1000/x", "CN-02123456")
    assert (first.abstract, first.extra) == ("BACKGROUND: words OBJECTIVE: more", {"XR": ["EMBASE 2012345678"]})
    assert (second.title, second.line) == ("Another", 21)


def test_proquest_text():
    reading = read(PROQUEST.encode())
    first, second = reading.records
    assert (reading.format, first.title) == ("ProQuest text", "Peer support in adolescents: Part II")
    assert (first.authors, first.year, first.pages) == (["O'Neill, Siobhan", "Le, Tran"], 2021, "12-34")
    assert (first.abstract, first.doi, first.issn) == ("Objective. To review. METHODS: Words", "10.1000/x", "0021-9762")
    assert first.accession == "2551234567"
    assert "Vol. 77" in first.extra["publication info"][0]
    assert (second.title, second.authors, second.extra) == ("Another study", ["Smith, John"], {})


EPPI = {
    "CodeSets": [{"SetName": "Screen", "Attributes": {"AttributesList": [{"AttributeName": "Include"}]}}],
    "References": [
        {
            "ItemId": 77,
            "Title": "Peer support",
            "ParentTitle": "BMC Psychiatry",
            "Authors": "O'Neill S ; Müller K ; ",
            "Year": "2021",
            "Abstract": "Words",
            "DOI": "10.1000/X",
            "StandardNumber": "1471-244X",
            "Codes": [{"AttributeId": 11}],
        },
        {"ItemId": 78, "Title": "Second", "Year": "2020", "Authors": ""},
    ],
}
OPENALEX = {
    "meta": {"count": 1},
    "results": [
        {
            "id": "https://openalex.org/W1",
            "doi": "https://doi.org/10.1000/x",
            "display_name": "Peer support",
            "publication_year": 2021,
            "authorships": [{"author": {"display_name": "Siobhan O'Neill"}}, {"author": {"display_name": "Karl Müller"}}],
        }
    ],
}


def test_json_of_eppi_reviewer():
    reading = read(json.dumps(EPPI, indent=1).encode())
    first, second = reading.records
    assert (reading.format, first.authors, first.journal) == ("JSON", ["O'Neill S", "Müller K"], "BMC Psychiatry")
    assert (first.year, first.doi, first.accession, first.issn) == (2021, "10.1000/x", "77", "1471-244X")
    assert first.extra["Codes"] == ['[{"AttributeId": 11}]']
    assert (second.title, second.authors, second.year) == ("Second", [], 2020)


def test_json_of_openalex():
    (record,) = read(json.dumps(OPENALEX).encode()).records
    assert (record.title, record.authors, record.year) == ("Peer support", ["Siobhan O'Neill", "Karl Müller"], 2021)
    assert (record.doi, record.accession) == ("10.1000/x", "https://openalex.org/W1")


@pytest.mark.parametrize(
    "data", [b'{"title": "One"}', b'[{"a": 1, "b": 2}]', b'{"items": [1, 2]}', b"[" * 5000, b'{"results": [{"title": "x"}]}']
)
def test_other_json_is_refused(data):
    with pytest.raises(ReadError, match="JSON"):
        read(data)


def test_a_list_of_numbers_is_named():
    with pytest.raises(ReadError, match="a list of numbers"):
        read(b"33657890\n30000001\n23456789\n20000000\n")
