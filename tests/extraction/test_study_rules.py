"""Reading lists of primary studies, and which citations are one study."""

import pytest

from extraction.studies.rules import (
    Known,
    Line,
    cited_twice,
    identity_key,
    match,
    read_list,
    study_label,
    unlike,
)

VANCOUVER = "1. Alder J, Birch M, Cedar S. Peer support in serious illness: a report. Demo Bull. 2006;32(3):443-50. doi:10.1234/demo.043"
HARVARD = "Elm, J. and Fir, T. (2011) A review of peer support in mental health services. Demo Journal 20(4), 392-411."
APA = "Alder, M., Birch, P., & Cedar, R. (2014a). Peer support services: assessing the evidence. Demo Services, 65."
COLON = "Elm D, Fir L: The treatment relationship in peer-based management. Demo Serv 2006, 57:1179-84."


def only(text):
    reading = read_list(text)
    assert len(reading.citations) == 1, reading
    return reading.citations[0]


@pytest.mark.parametrize(
    ("line", "author", "year", "title", "doi"),
    [
        (VANCOUVER, "Alder J, Birch M, Cedar S", 2006, "Peer support in serious illness: a report", "10.1234/demo.043"),
        (HARVARD, "Elm, J. and Fir, T", 2011, "A review of peer support in mental health services", ""),
        (APA, "Alder, M., Birch, P., & Cedar, R", 2014, "Peer support services: assessing the evidence", ""),
        (COLON, "Elm D, Fir L", 2006, "The treatment relationship in peer-based management", ""),
        (
            "Müller Ö, García-López M. Peer work in Łódź vs. elsewhere. Demo. 2018;1:2.",
            "Müller Ö, García-López M",
            2018,
            "Peer work in Łódź vs. elsewhere",
            "",
        ),
        (
            "van der Berg A. Peer work from 2001 to 2010: a cohort. Demo J. 2012;3:4",
            "van der Berg A",
            2012,
            "Peer work from 2001 to 2010: a cohort",
            "",
        ),
        ("Does peer support work? A trial among adults", "", None, "Does peer support work?", ""),
        ("https://doi.org/10.1234/DEMO.20001.", "", None, "", "10.1234/demo.20001"),
        (
            "- Alder J (2014). Peer work in crisis teams. Demo J. https://doi.org/10.1234/x",
            "Alder J",
            2014,
            "Peer work in crisis teams",
            "10.1234/x",
        ),
    ],
)
def test_citations_as_people_write_them(line, author, year, title, doi):
    read = only(line)
    assert (read.author, read.year, read.title, read.doi) == (author, year, title, doi)
    assert read.raw == line


@pytest.mark.parametrize("line", ["Smith 2014", "Smith et al. (2014)", "Smith, Jones and Brown 2014", "O'Brien & Elm, 2012."])
def test_an_author_and_a_year_alone_are_not_understood(line):
    reading = read_list(line)
    assert reading.citations == []
    assert reading.not_understood[0].cause == "Only an author and a year: add the title or the DOI."


def test_lines_that_are_no_citations_are_listed_with_their_number_and_the_rest_is_kept():
    reading = read_list(f"Included studies\n\n{HARVARD}\n***\n{VANCOUVER}\r\nhttps://example.org/x\n")
    assert [line.number for line in reading.citations] == [3, 5]
    assert [(gap.number, gap.raw) for gap in reading.not_understood] == [(1, "Included studies"), (4, "***"), (6, "https://example.org/x")]


def test_a_table_is_read_by_the_names_of_its_columns():
    text = 'First author;Publication year;Article title;DOI;Notes\nElm;2014;"Peer support; in wards";https://doi.org/10.1234/ABC;x\n;;;;\nFir;2013;;;\n'
    reading = read_list(text)
    assert reading.how == "a table with the columns author, year, title, doi"
    line = reading.citations[0]
    assert (line.number, line.author, line.year, line.title, line.doi) == (2, "Elm", 2014, "Peer support; in wards", "10.1234/abc")
    assert [gap.number for gap in reading.not_understood] == [4]


def test_a_table_with_a_column_of_whole_citations():
    line = only(f'Citation,Notes\n"{APA}",kept\n')
    assert (line.year, line.title) == (2014, "Peer support services: assessing the evidence")


def test_a_quoted_field_may_hold_line_breaks_and_numbers_stay_those_of_the_file():
    reading = read_list('title,year\n"Peer support\nin wards",2014\nPeer support at home,2015\n')
    assert [(line.number, line.title, line.year) for line in reading.citations] == [
        (2, "Peer support in wards", 2014),
        (4, "Peer support at home", 2015),
    ]


def test_tabs_without_a_header():
    line = only("Elm J\t2014\tPeer support in wards: a trial\t10.1234/abc")
    assert (line.author, line.year, line.title, line.doi) == ("Elm J", 2014, "Peer support in wards: a trial", "10.1234/abc")


@pytest.mark.parametrize("text", ["", "\n\n", "\x00", "\t\t\n", '"', "a,b,c\n" * 3, "(2014)", "10.1234", "((((" * 200, "A" * 50_000])
def test_nothing_makes_it_fail(text):
    reading = read_list(text)
    assert all(line.title or line.doi for line in reading.citations)


def test_a_long_list_is_read_in_good_time():
    text = "\n".join(f"{n}. Alder J, Birch M. Peer support study number {n} of many. Demo J. 2014;{n}:1-9." for n in range(1, 3001))
    assert len(read_list(text).citations) == 3000


def line(title="", year=None, doi="", number=1):
    return Line(number, title, "Elm J", year, title, doi)


def known(key, title="", year=None, doi=""):
    return Known(key, title, doi, identity_key(title, year))


def matched(one, *studies):
    by_doi, by_identity = {}, {}
    for study in studies:
        by_doi.setdefault(study.doi, []).append(study)
        by_identity.setdefault(study.identity, []).append(study)
    return match(one, by_doi, by_identity)


TITLE = "Peer support in crisis teams"


def test_the_same_doi_is_the_same_study_when_the_titles_fit():
    assert (
        matched(
            line(TITLE, 2014, "https://doi.org/10.1234/A"), known("s", "Peer support in crisis teams: a trial", 2013, "10.1234/a")
        ).study
        == "s"
    )
    assert matched(line("", None, "10.1234/a"), known("s", TITLE, 2014, "10.1234/a")).study == "s"


def test_one_doi_with_titles_of_other_papers_is_not_one_study():
    assert matched(line("Recovery colleges in the north", 2014, "10.1234/a"), known("s", TITLE, 2014, "10.1234/a")).study is None


def test_the_same_title_and_year_is_the_same_study_however_it_is_printed():
    assert matched(line("PEER-SUPPORT in crisis teams.", 2014), known("s", TITLE, 2014)).study == "s"
    assert matched(line(TITLE, 2015), known("s", TITLE, 2014)).study is None
    assert matched(line(TITLE, None), known("s", TITLE, None)).study == "s"
    assert matched(line(TITLE, None), known("s", TITLE, 2014)).study is None


def test_two_different_dois_keep_studies_apart_whatever_the_titles_say():
    assert matched(line(TITLE, 2014, "10.1234/b"), known("s", TITLE, 2014, "10.1234/a")).study is None
    assert matched(line(TITLE, 2014), known("s", TITLE, 2014, "10.1234/a")).study == "s"


def test_a_title_that_fits_two_studies_is_kept_apart_and_says_so():
    found = matched(line(TITLE, 2014), known("s", TITLE, 2014, "10.1234/a"), known("t", TITLE, 2014, "10.1234/b"))
    assert found.study is None
    assert "several studies" in found.reason


def test_titles_that_say_nothing_identify_nothing():
    assert identity_key("Editorial", 2014) == identity_key("Reply", 2014) == identity_key("Letter to the editor", 2014) == ""


@pytest.mark.parametrize(
    ("author", "label"),
    [
        ("Elm J", "Elm 2014"),
        ("Elm, J. and Fir, T", "Elm and Fir 2014"),
        ("Alder, M., Birch, P., & Cedar, R", "Alder et al. 2014"),
        ("Elm et al", "Elm et al. 2014"),
        ("Ana Elm; Ben Fir", "Elm and Fir 2014"),
        ("van der Berg A", "van der Berg 2014"),
        ("O'Brien, K.", "O'Brien 2014"),
    ],
)
def test_short_names(author, label):
    assert study_label(author, 2014, TITLE, "") == label


def test_without_an_author_a_study_is_called_by_its_title_or_doi():
    assert study_label("", 2014, TITLE, "") == TITLE
    assert study_label("", None, "", "10.1234/a") == "10.1234/a"


def test_what_is_cited_again_points_to_the_first_line():
    assert list(cited_twice({3: "s", 1: "s", 2: "t", 9: "s"})) == [(3, 1), (9, 1)]


def test_names_are_made_unlike_without_meeting_another():
    assert unlike(["A", "B", "A", "A (2)", "A"]) == ["A", "B", "A (3)", "A (2)", "A (4)"]
    assert len(set(unlike(["A"] * 5 + ["A (2)"] * 2))) == 7
