"""RIS as real platforms write it: no dialect loses a record."""

from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.references.formats import read, ris, stream


def one(text: str):
    reading = read(text.encode())
    assert len(reading.records) == 1
    return reading.records[0]


def test_a_plain_record():
    record = one(
        "TY  - JOUR\nAU  - Puschner, Bernd\nAU  - Repper, Julie\nTI  - Peer support\nPY  - 2019\nJF  - Ann Glob Health\n"
        "VL  - 85\nIS  - 1\nSP  - 10\nEP  - 19\nDO  - 10.5334/AOGH.2435\nAB  - Words.\nKW  - peers\nKW  - trial\n"
        "SN  - 22149996\nLA  - en\nUR  - https://example.org/a\nAN  - 77\nER  - \n"
    )
    assert record.title == "Peer support"
    assert record.authors == ["Puschner, Bernd", "Repper, Julie"]
    assert (record.year, record.journal, record.volume, record.issue) == (2019, "Ann Glob Health", "85", "1")
    assert (record.pages, record.doi, record.issn) == ("10-19", "10.5334/aogh.2435", "2214-9996")
    assert (record.keywords, record.kind, record.accession) == (["peers", "trial"], "JOUR", "77")
    assert (record.line, record.ordinal, record.extra, record.warnings) == (1, 1, {}, [])


def test_ovid_numbers_and_links_stand_between_records():
    reading = read(
        b"1.\r\nTY  - JOUR\r\nT1  - One\r\nER  -\r\n\r\nLink to the Ovid Full Text or citation: http://x\r\n\r\n"
        b"2.\r\nTY  - JOUR\r\nT1  - Two\r\nER  -\r\n"
    )
    assert [record.title for record in reading.records] == ["One", "Two"]
    assert [record.line for record in reading.records] == [2, 9]
    assert reading.warnings == []


def test_tags_after_the_end_belong_to_the_record_before():
    record = one("TY  - JOUR\nTI  - One\nER  - \nUR  - http://a.example\nDO  - 10.1000/x\n\n")
    assert (record.doi, record.url) == ("10.1000/x", "http://a.example")
    assert record.warnings == ["Some of its lines stand after its ER line."]


def test_a_record_without_its_first_line_still_comes_in():
    reading = read(b"TY  - JOUR\nTI  - One\nER  - \n\nAU  - Doe, J\nTI  - Two\nER  - \n\nTY  - JOUR\nTI  - Three\nER  - \n")
    assert [record.title for record in reading.records] == ["One", "Two", "Three"]
    assert reading.records[1].warnings == ["The record has no TY line."]


def test_a_record_without_its_last_line_ends_at_the_next():
    reading = read(b"TY  - JOUR\nTI  - One\n\nTY  - JOUR\nTI  - Two\n")
    assert [record.title for record in reading.records] == ["One", "Two"]
    assert all("no ER line" in record.warnings[0] for record in reading.records)


def test_banners_and_text_before_the_first_record_are_passed_over_and_told():
    reading = read(b"Provider: JSTOR http://x\nDatabase: JSTOR\nRecord #1 of 2\nSome search of mine\n\nTY  - JOUR\nTI  - One\nER  - \n")
    assert reading.records[0].title == "One"
    assert reading.warnings == ["1 line stands outside any record and was passed over (first: line 4)."]


def test_an_empty_record_is_listed_with_its_line():
    reading = read(b"TY  - JOUR\nTI  - One\nER  - \n\nTY  - JOUR\nER  - \n")
    assert len(reading.records) == 1
    assert [(part.line, "empty record" in part.cause) for part in reading.not_read] == [(5, True)]


def test_wrapped_lines_join_and_keyword_lines_stay_apart():
    record = one("TY  - JOUR\nTI  - Improving Urban Road\nExtraction\nKW  - one\ntwo; three\nER  - \n")
    assert record.title == "Improving Urban Road Extraction"
    assert record.keywords == ["one", "two", "three"]


def test_a_blank_line_after_every_tag():
    record = one("TY  - JOUR\n\nTI  - One\n\nAU  - A, B\n\nPY  - 2006\n\nER  - \n")
    assert (record.title, record.authors, record.year) == ("One", ["A, B"], 2006)


def test_odd_spacing_of_known_tags():
    record = one("ty  - JOUR\nTI\t- One\nKW - word\nPMID - 12345678\nPY  -2001\nER  -\n")
    assert (record.title, record.keywords, record.pmid, record.year) == ("One", ["word"], "12345678", 2001)


def test_text_that_only_resembles_a_tag_stays_text():
    record = one("TY  - JOUR\nTI  - One\nAB  - Levels of\nIL-6 rose and\nII - so did another.\nER  - \n")
    assert record.abstract == "Levels of IL-6 rose and II - so did another."


def test_unknown_tags_are_kept():
    assert one("TY  - JOUR\nTI  - One\nZZ  - kept\nJP  - CRISPR\nER  - \n").extra == {"ZZ": ["kept"], "JP": ["CRISPR"]}


def test_an_empty_date_part_and_a_labelled_date():
    assert one("TY  - JOUR\nTI  - One\nPY  - 2012///\nER  - \n").year == 2012
    assert one("TY  - JOUR\nTI  - One\nPY  - Start date: 20170812\nER  - \n").year == 2017


def test_the_issue_year_is_kept_apart_from_the_online_first_date():
    record = one("TY  - JOUR\nTI  - One\nPY  - 2021\nDA  - 2020/11/03\nY1  - 2020\nER  - \n")
    assert record.year == 2021
    assert record.extra == {"DA": ["2020/11/03"], "Y1": ["2020"]}


def test_one_odd_field_is_a_warning_on_its_record():
    record = one("TY  - JOUR\nTI  - One\nPY  - in press\nDO  - not-a-doi\nER  - \n")
    assert record.title == "One"
    assert record.extra == {"year": ["in press"], "doi": ["not-a-doi"]}
    assert len(record.warnings) == 2


def test_no_value_is_lost_when_two_tags_mean_one_field():
    record = one("TY  - JOUR\nTI  - One\nT2  - Long Name\nJA  - L. N.\nSP  - 3-9\nEP  - 11\nSN  - 1234-5679\nSN  - 1111-1111\nER  - \n")
    assert (record.journal, record.pages) == ("Long Name", "3-9")
    assert record.extra == {"JA": ["L. N."], "EP": ["11"], "SN": ["1111-1111"]}


def test_an_end_page_alone_is_no_page_range():
    record = one("TY  - JOUR\nTI  - One\nEP  - 423\nER  - \n")
    assert (record.pages, record.extra) == ("", {"EP": ["423"]})


def test_authors_in_both_author_tags_keep_their_order():
    assert one("TY  - JOUR\nTI  - One\nA1  - Georgiev, D\nAU  - Bello, L\nA1  - Carmi,A\nER  - \n").authors == [
        "Georgiev, D",
        "Bello, L",
        "Carmi, A",
    ]


def test_a_group_is_one_author():
    record = one("TY  - JOUR\nTI  - One\nAU  - Ministry of Health and Welfare\nAU  - Smith, J.; Doe, K.\nER  - \n")
    assert record.authors == ["Ministry of Health and Welfare", "Smith, J.", "Doe, K."]


def test_pmid_and_doi_from_where_platforms_hide_them():
    assert one("TY  - JOUR\nTI  - One\nU1  - 26957754[pmid]\nER  - \n").pmid == "26957754"
    assert one("TY  - JOUR\nTI  - One\nDB  - PubMed\nAN  - 26957754\nER  - \n").pmid == "26957754"
    assert one("TY  - JOUR\nTI  - One\nM3  - doi: 10.1016/j.x.2016.1\nER  - \n").doi == "10.1016/j.x.2016.1"
    assert one("TY  - JOUR\nTI  - One\nUR  - http://dx.doi.org/10.1201/b19107-2\nER  - \n").doi == "10.1201/b19107-2"
    ovid = "TY  - JOUR\nTI  - One\nUR  - http://ovidsp.ovid.com/x?T=JS&DO=10.1016%2fj.n.2007.02\nER  - \n"
    assert one(ovid).doi == "10.1016/j.n.2007.02"


@pytest.mark.parametrize(
    "line", ["M3  - https://dx.doi.org/10.1000/X", "ID  - 10.1000/x [doi]", "U1  - 10.1000/x(DOI)", "N1  - doi:10.1000/x"]
)
def test_a_doi_that_stands_alone_under_another_tag(line):
    (record,) = read(f"TY  - JOUR\nTI  - One\nAU  - A, B\nPY  - 2020\n{line}\nER  - \n".encode()).records
    assert record.doi == "10.1000/x"


def test_of_a_tag_that_stands_twice_the_value_that_fits_is_taken():
    text = "TY  - JOUR\nTI  - One\nPY  - in press\nPY  - 2020\nDO  - none given\nDO  - 10.1000/x\nM1  - a note\nM1  - 3\nER  - \n"
    (record,) = read(text.encode()).records
    assert (record.year, record.doi, record.issue, record.warnings) == (2020, "10.1000/x", "3", [])
    assert (record.extra["PY"], record.extra["DO"], record.extra["M1"]) == (["in press"], ["none given"], ["a note"])


def test_spaces_that_do_not_break():
    (record,) = read("TY  - JOUR\nTI  - One\nAU  - A, B\nER  - \n".replace("  - ", "\xa0\xa0-\xa0").encode()).records
    assert (record.title, record.authors) == ("One", ["A, B"])


def test_cochranes_own_tags():
    text = "TY  - JOUR\nAN  - CN-1\nAU  - A, B\nTI  - One\nYR  - 2021\nNO  - 3\nPG  - 123\u2010134\nPM  - PUBMED 77\nER  - \n"
    (record,) = read(text.encode()).records
    assert (record.issue, record.pages, record.pmid, record.accession) == ("3", "123-134", "77", "CN-1")


@pytest.mark.parametrize(("database", "title"), [("Ovid MEDLINE(R)", "One."), ("Embase", "One. [Review]")])
def test_what_ovid_sets_behind_a_title_goes_to_extra(database, title):
    (record,) = read(f"TY  - JOUR\nTI  - One. [Review]\nAU  - A, B\nPY  - 2020\nDB  - {database}\nER  - \n".encode()).records
    assert record.title == title
    assert record.extra.get("(behind the title)") == (["[Review]"] if title == "One." else None)


def test_the_longer_of_two_abstracts_is_taken_and_na_is_none():
    record = one("TY  - JOUR\nTI  - One\nAB  - Short\nN2  - Much longer\nER  - \n")
    assert (record.abstract, record.extra) == ("Much longer", {"AB": ["Short"]})
    assert one("TY  - JOUR\nTI  - One\nAB  - NA\nER  - \n").abstract == ""


def test_every_line_end_reads_the_same():
    text = "TY  - JOUR\nTI  - One\nER  - \n\nTY  - JOUR\nTI  - Two\nER  - \n"
    for end in ("\n", "\r\n", "\r"):
        assert [record.title for record in read(text.replace("\n", end).encode()).records] == ["One", "Two"]
    mixed = text.replace("\n", "\r\n", 3).replace("\nTY  - JOUR\nTI  - Two", "\n\rTY  - JOUR\rTI  - Two")
    assert [record.title for record in read(mixed.encode()).records] == ["One", "Two"]


def test_raw_is_the_record_as_it_stood():
    text = "TY  - JOUR\r\nTI  - A  &amp; B\r\nER  - \r\n"
    record = one("\r\n" + text + "\r\n")
    assert record.raw == text
    assert record.title == "A & B"
    assert record.line == 2


WORD = st.text(st.characters(codec="utf-8", categories=("Lu", "Ll", "Nd")), min_size=1, max_size=12)
TITLE = st.lists(WORD, min_size=1, max_size=8).map(" ".join)
RECORD = st.fixed_dictionaries(
    {
        "TI": TITLE,
        "AU": st.lists(st.tuples(WORD, WORD).map(", ".join), max_size=4),
        "PY": st.integers(1500, 2099),
        "JF": TITLE,
        "VL": st.integers(1, 999),
        "AB": TITLE,
        "ZZ": TITLE,
    }
)


def written(record: dict) -> str:
    lines = ["TY  - JOUR"]
    for tag, value in record.items():
        lines += [f"{tag}  - {item}" for item in (value if isinstance(value, list) else [value])]
    return "\n".join([*lines, "ER  - ", "", ""])


@settings(max_examples=60, deadline=None)
@given(st.lists(RECORD, min_size=1, max_size=5), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_what_is_written_is_read_back(records, end, codec):
    reading = read("".join(map(written, records)).replace("\n", end).encode(codec))
    assert len(reading.records) == len(records)
    for wrote, got in zip(records, reading.records, strict=True):
        if wrote["TI"].lower() not in ("na", "nan", "null", "none"):
            assert got.title == wrote["TI"]
        assert got.year == wrote["PY"]
        assert got.authors == wrote["AU"]
        assert got.volume == str(wrote["VL"])
        assert got.extra["ZZ"] == [wrote["ZZ"]]


RAYYAN = (
    'RAYYAN-INCLUSION: {"Anna"=>"Excluded", "Ben"=>"Included"} | RAYYAN-LABELS: a <b>,x  y | '
    'RAYYAN-EXCLUSION-REASONS: wrong population | USER-NOTES: {"Anna"=>["see p <0.05 &amp; more"]}'
)


def test_what_other_tools_write_of_decisions_stays_verbatim():
    text = f"TY  - JOUR\nTI  - One\nN1  - {RAYYAN}\nRN  - my  note\nC1  - reason &lt;b&gt;\nU2  - kept\nER  - \n"
    (record,) = read(text.encode()).records
    assert record.extra["N1"] == [RAYYAN]
    assert (record.extra["RN"], record.extra["C1"], record.extra["U2"]) == (["my  note"], ["reason &lt;b&gt;"], ["kept"])


def test_a_wrapped_note_keeps_its_lines():
    (record,) = read(b"TY  - JOUR\nTI  - One\nN1  - first\nsecond\nER  - \n").records
    assert record.extra["N1"] == ["first\nsecond"]


def test_the_records_of_a_large_file_come_one_by_one():
    reading, records = stream(b"TY  - JOUR\nTI  - One\nER  - \n\n" * 3 + b"stray words\nTY  - JOUR\nER  - \n")
    assert (next(records).title, reading.records, reading.not_read) == ("One", [], [])
    assert [record.ordinal for record in records] == [2, 3]
    assert [at.line for at in reading.not_read] == [14]
    assert reading.encoding == "ascii" and "line 13" in reading.warnings[0]


def test_an_edited_book_is_known_by_its_editors():
    (record,) = read(b"TY  - EDBOOK\nTI  - One\nED  - Winter, Anna\nER  - \n").records
    assert record.authors == ["Winter, Anna"]
    (record,) = read(b"TY  - JOUR\nTI  - One\nA2  - Winter, Anna\nER  - \n").records
    assert (record.authors, record.extra["A2"]) == ([], ["Winter, Anna"])


LINES = st.sampled_from(
    [
        "TY  - JOUR",
        "ER  - ",
        "ER  -",
        "ER  - more",
        "TI  - One",
        "AU  - Alder, J.",
        "AB  - Words",
        "  go on",
        "KW  -",
        "KW  - ",
        "",
        "  ",
        "1.",
    ]
    + ["XX  - odd", "ty  - JOUR", "PY - 2020", "DO  - 10.1000/x\x0b", "TY  -", "N1  - a\u2028b", "AN  - \t7"]
)
ENDS = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(LINES, ENDS), max_size=40), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_a_record_read_in_one_go_is_what_it_is_line_by_line(lines, alike, end):
    """Most records are read at once, the others line by line; nobody can tell which."""
    text = "TY  - JOUR\nTI  - First\nER  - \n" + "".join(line + (end if alike else its_own) for line, its_own in lines)
    whole = read(text.encode())
    with mock.patch.object(ris, "_plain", lambda part, at, number: None):
        assert whole == read(text.encode())


VALUES = st.sampled_from(
    [
        "2020",
        "2020/05/01",
        "May",
        "n/a",
        "-",
        "[No abstract available]",
        "A title",
        "A  title of   gaps",
        "Alder, J.",
        "Alder,J.",
        "Birch, A.;Cole",
    ]
    + [
        "Smith and",
        "Doe, J. (123456)",
        "10.1000/ab.12",
        "DOI: 10.1000/AB(1)",
        "https://doi.org/10.1000/x",
        "no doi",
        "p &lt; 0.05",
        "a < b",
        '"quoted" \\ back',
    ]
    + [
        "Müller, K.",
        "FranÃ§ois",
        "1234-567x",
        "9781234567897",
        "12345678 [pmid]",
        "PMID: 77",
        "Medline",
        "12",
        "101-9",
        "e17",
        "a; b;a",
        "soft\u00adhyphen",
    ]
    + ["https://pubmed.ncbi.nlm.nih.gov/31234567/", "JOUR", "BOOK", ""]
)
TAGS = st.sampled_from(sorted(ris.KNOWN - {"TY", "ER"}))
USUAL = ["TI  - One title", "AU  - Alder, J.", "PY  - 2021", "DO  - 10.1000/x1"]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(TAGS, VALUES), max_size=14), st.integers(0, 4), st.sampled_from(["JOUR", "BOOK", "n/a", ""]))
def test_a_record_with_nothing_to_weigh_is_what_weighing_would_make_of_it(fields, usual, kind):
    lines = [f"TY  - {kind}", *USUAL[:usual], *(f"{tag}  - {value}" for tag, value in fields if len(tag) == 2), "ER  - "]
    text = "\n".join(["TY  - JOUR", "TI  - First", "ER  - ", *lines, ""])
    whole = read(text.encode())
    with mock.patch.object(ris, "plain_record", lambda *record: None):
        assert whole == read(text.encode())


def test_most_records_have_nothing_to_weigh():
    """Else the test above would compare nothing."""
    lines = [
        "TY  - JOUR",
        *USUAL,
        "AU  - Birch, B.",
        "VL  - 12",
        "IS  - 3",
        "SP  - 5",
        "EP  - 9",
        "N1  - A note",
        "DB  - Embase",
        "ID  - 77",
        "ER  - ",
    ]
    with mock.patch.object(ris, "_record") as weighed:
        (record,) = read("\n".join([*lines, ""]).encode()).records
    assert not weighed.called
    assert (record.title, record.pages, record.extra) == ("One title", "5-9", {"N1": ["A note"], "DB": ["Embase"]})
