"""PubMed's tagged text, and ERIC's use of it."""

from screening.references.formats import read

PUBMED = b"""PMID- 99942275
OWN - NLM
STAT- MEDLINE
IS  - 0000-7732 (Electronic)
IS  - 0000-0443 (Linking)
VI  - 30
IP  - 11
DP  - 2019 Nov
TI  - Peers in Hospital Wards and in the Community: Results 
      from the Demonstration Registry.
PG  - 1759-1764.e6
LID - S0000-0443(19)30544-5 [pii]
LID - 10.5555/demo.2019.05.032 [doi]
AB  - PURPOSE: To compare
      outcomes.
FAU - Hazel, Rowan-Jan B
AU  - Hazel RB
AD  - Nowhere.
CN  - Demonstration Investigators
LA  - eng
PT  - Journal Article
PT  - Review
DEP - 20190918
TA  - Demo J Rev
JT  - Demonstration journal of reviews
MH  - Peers/*training
OT  - wards
PMC - PMC123
SO  - Demo J Rev. 2019 Nov;30(11):1759-1764.e6. doi: 10.5555/demo.2019.05.032.
"""


def test_a_pubmed_record():
    reading = read(PUBMED)
    (record,) = reading.records
    assert reading.format == "PubMed tagged (nbib)"
    assert record.title == "Peers in Hospital Wards and in the Community: Results from the Demonstration Registry."
    assert record.authors == ["Hazel, Rowan-Jan B", "Demonstration Investigators"]
    assert (record.year, record.volume, record.issue, record.pages) == (2019, "30", "11", "1759-1764.e6")
    assert (record.pmid, record.accession, record.doi) == ("99942275", "99942275", "10.5555/demo.2019.05.032")
    assert record.journal == "Demonstration journal of reviews"
    assert record.abstract == "PURPOSE: To compare outcomes."
    assert record.keywords == ["Peers/*training", "wards"]
    assert (record.kind, record.language, record.issn) == ("Journal Article; Review", "eng", "0000-7732")


def test_the_online_date_and_every_other_tag_stay_in_extra():
    (record,) = read(PUBMED).records
    assert record.extra["DEP"] == ["20190918"]
    assert record.extra["AU"] == ["Hazel RB"]
    assert record.extra["IS"] == ["0000-0443 (Linking)"]
    assert record.extra["TA"] == ["Demo J Rev"]
    assert record.extra["PMC"] == ["PMC123"]


def test_records_follow_one_another_with_or_without_a_blank_line():
    assert len(read(PUBMED + b"\n" + PUBMED.replace(b"99942275", b"2")).records) == 2
    assert len(read(PUBMED + PUBMED.replace(b"99942275", b"2")).records) == 2
    assert [record.line for record in read(PUBMED + b"\n\n" + PUBMED).records] == [1, 32]


def test_short_author_names_count_where_no_full_name_stands():
    (record,) = read(b"PMID- 1\nTI  - One\nAU  - Smith J\nFAU - Doe, Kay\nAU  - Doe K\nAU  - et al.\n").records
    assert record.authors == ["Smith J", "Doe, Kay"]


def test_eric_records_have_no_pmid_and_follow_by_blank_lines():
    reading = read(
        b"\nOWN - ERIC\nTI  - First\nAU  - van Groen, M.\nSO  - v21 n1 p12-24 2020\nAID - http://dx.doi.org/10.1186/s40468-019\n"
        b"OID - EJ1227990\nVI  - 21\nDP  - Article 10 2019\nLID - http://eric.ed.gov/?id=EJ1227990\nAB  - Words\nISSN - EISSN-2375-5636\n"
        b"\nOWN - ERIC\nTI  - Second\nDP  - 2017\nPT  - Reports\n"
    )
    first, second = reading.records
    assert (first.title, second.title) == ("First", "Second")
    assert (first.accession, first.year, first.doi) == ("EJ1227990", 2019, "10.1186/s40468-019")
    assert (first.abstract, first.issn, first.pages) == ("Words", "2375-5636", "12-24")
    assert first.url == "http://eric.ed.gov/?id=EJ1227990"


def test_a_line_of_no_record_is_told():
    reading = read(PUBMED + b"\nThis line belongs nowhere.\n\n" + PUBMED)
    assert len(reading.records) == 2
    assert reading.warnings == ["Text outside any record was passed over: line 31."]


def test_a_blank_line_inside_a_record_does_not_cut_it():
    (record,) = read(b"PMID- 1\nOWN - NLM\nTI  - One\n\nAB  - Words\n\nFAU - Doe, Kay\n").records
    assert (record.abstract, record.authors) == ("Words", ["Doe, Kay"])


def test_an_identifier_alone_is_listed():
    reading = read(b"PMID- 1\nTI  - One\n\nPMID- 2\n\nPMID- 3\nTI  - Three\n")
    assert [record.pmid for record in reading.records] == ["1", "3"]
    assert [part.line for part in reading.not_read] == [4]


def test_a_tight_identifier_line_and_an_article_number():
    (record,) = read(b"PMID-22664220\nTI  - One\nLID - e1042 [pii]\nAID - doi:10.1016/j.cpr.2005.02.002\n").records
    assert (record.pmid, record.pages, record.doi) == ("22664220", "e1042", "10.1016/j.cpr.2005.02.002")
