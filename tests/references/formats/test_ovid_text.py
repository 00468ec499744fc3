"""Ovid's text exports, by tags and by whole names; the records are made up in the layouts Ovid gives."""

import pytest

from screening.references.formats import ReadError, read

TAGGED = b"""<1. >
VN  - Ovid Technologies
DB  - Ovid MEDLINE(R)
UI  - 31234567
AU  - Winter A
AU  - Summer BC
FA  - Winter, Anna
FA  - Summer, Ben C
TI  - Peer workers in crisis houses: a review. [Review]
SO  - Journal of Crisis Care. 12(3):45-52, 2019 Mar.
DO  - https://dx.doi.org/10.1000/CRISIS.12
AB  - First line of the abstract,
      wrapped onto a second.
KW  - peer support;  crisis
LG  - English
PT  - Journal Article
PT  - Review
IS  - 1234-5679
YR  - 2019
XL  - http://ovidsp.ovid.com/ovidweb.cgi?AN=31234567
XL  - http://library.test/?sid=OVID&id=pmid:31234567&volume=12&issue=3&spage=45&pages=45-52&date=2019

<2. >
VN  - Ovid Technologies
DB  - Embase
AN  - 2001234567
AU  - Long Y.
TI  - A second one.
SO  - Annals of Nothing. 5 (2) (pp 10-19), 2020.
"""
NAMED = b"""<1>
Accession Number
  00001111-201504000-00002.
Author
  Spring, Cleo MD, PhD 1,*;  van Autumn, Dirk RN 2
Institution
  (1)A house, somewhere
Title
  Listening as work.[Miscellaneous]
Source
  Quarterly of Listening.   28(2):103-106, April 2015.
Abstract
  One paragraph.

  Another paragraph.
Author Keywords
  listening;  work.
Language
  English.
ISSN
  1234-5679
DOI Number
  10.1000/listen.5

<2>
Title
  Without anything else
"""


def test_tags():
    reading = read(TAGGED)
    first, second = reading.records
    assert reading.format == "Ovid text"
    assert (first.title, first.extra["(behind the title)"]) == ("Peer workers in crisis houses: a review", ["[Review]"])
    assert (first.authors, first.year, first.journal) == (["Winter, Anna", "Summer, Ben C"], 2019, "Journal of Crisis Care")
    assert (first.volume, first.issue, first.pages, first.doi) == ("12", "3", "45-52", "10.1000/crisis.12")
    assert (first.pmid, first.accession, first.issn) == ("31234567", "31234567", "1234-5679")
    assert first.abstract == "First line of the abstract, wrapped onto a second."
    assert (first.keywords, first.kind, first.language) == (["peer support", "crisis"], "Journal Article; Review", "English")
    assert first.extra["AU"] == ["Winter A", "Summer BC"]
    assert (second.authors, second.journal, second.volume, second.pages) == (["Long Y"], "Annals of Nothing", "5", "10-19")
    assert (second.pmid, second.accession, second.year, second.line) == ("", "2001234567", 2020, 23)
    assert first.raw.startswith("<1. >\nVN") and first.raw.endswith("date=2019\n")


def test_whole_names():
    first, second = read(NAMED).records
    assert first.title == "Listening as work"
    assert first.authors == ["Spring, Cleo", "van Autumn, Dirk"]
    assert (first.journal, first.volume, first.issue, first.pages, first.year) == ("Quarterly of Listening", "28", "2", "103-106", 2015)
    assert first.abstract == "One paragraph. Another paragraph."
    assert (first.doi, first.language, first.accession) == ("10.1000/listen.5", "English", "00001111-201504000-00002")
    assert first.extra["Institution"] == ["(1)A house, somewhere"]
    assert (second.title, second.authors, second.line) == ("Without anything else", [], 25)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("A Journal January/February 2010;14(1):56", ("A Journal", "14", "1", "56", 2010)),
        ("A Journal. 2007 15 June; 433-441.", ("A Journal", "", "", "433-441", 2007)),
        ("A Journal, 2013(1): 3-28.", ("A Journal", "", "1", "3-28", 2013)),
        ("A Journal 12, Winter 2007: 7-14.", ("A Journal", "12", "", "7-14", 2007)),
        ("A Journal. Vol.24(7), 2019, pp. 847-856.", ("A Journal", "24", "7", "847-856", 2019)),
        ("A Journal. 101(5):201-209, September 15, 2004.", ("A Journal", "101", "5", "201-209", 2004)),
        ("Nothing that can be read", ("", "", "", "", None)),
    ],
)
def test_sources(source, found):
    (record,) = read(f"<1. >\nVN  - Ovid Technologies\nTI  - One\nSO  - {source}\n".encode()).records
    assert (record.journal, record.volume, record.issue, record.pages, record.year) == found
    assert record.extra["SO"] == [source]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Smith, MA", "Smith, MA"),
        ("Smith MA.", "Smith MA"),
        ("Smith, Mary MA", "Smith, Mary"),
        ("Walsh, Neil B. [Inventor, Reprint Author]", "Walsh, Neil B."),
        ("Zhang, Wei 1,2,+", "Zhang, Wei"),
        ("AHMED, Mughees.", "AHMED, Mughees"),
    ],
)
def test_names_lose_roles_degrees_and_footnotes_and_keep_initials(written, name):
    (record,) = read(f"<1. >\nVN  - Ovid Technologies\nTI  - One\nAU  - {written}\n".encode()).records
    assert record.authors == [name]


def test_a_whole_title_in_brackets_stays():
    (record,) = read(b"<1. >\nVN  - Ovid Technologies\nTI  - [Translated title of a text.]\n").records
    assert record.title == "[Translated title of a text.]"


def test_a_record_with_nothing_but_its_number_is_listed():
    reading = read(TAGGED + b"\n<3. >\nVN  - Ovid Technologies\nDB  - Embase\n")
    assert len(reading.records) == 2
    assert [(at.line, at.cause) for at in reading.not_read] == [(31, "An empty record: no field below its number.")]


def test_other_numbers_in_angles_are_not_ovid():
    with pytest.raises(ReadError):
        read(b"<1>\n\nsome words\n<2>\nother words\n")


def test_a_wrapped_value_is_one_value():
    (record,) = read(b"<1. >\nVN  - Ovid Technologies\nTI  - One\nKW  - peer\n      support;  crisis\n").records
    assert record.keywords == ["peer support", "crisis"]
