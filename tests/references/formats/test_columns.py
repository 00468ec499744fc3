"""Known layouts, a person's word on columns, and what is shown of a table before it is read."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.references.formats import Limits, ReadError, preview, read
from screening.references.formats.columns import FIELDS, WORDS, fold
from screening.references.formats.layouts import LAYOUTS

LAYOUT_ROWS = {
    "Cochrane": (
        "Cochrane Review ID,Author(s),Title,Source,Year,Abstract,Issue,Publisher,ISSN,Keywords,DOI,URL,Cochrane Review Group Code",
        'CD004807,"Able, A; Bell, BC",One,Cochrane Database of Systematic Reviews,2019,Words,7,Wiley,1465-1858,a; b,10.1002/1,u,DEPRESSN',
        {"authors": ["Able, A", "Bell, BC"], "journal": "Cochrane Database of Systematic Reviews", "accession": "CD004807", "issue": "7"},
    ),
    "Embase": (
        "\"SEARCH QUERY\"\n\"('peer support'/exp OR 'peer support':ti,ab) AND [2010-2020]/py\"\n\n"
        "Title,Author Names,Source,Abstract,Open URL Link",
        'One,"Able A., Bell B.C.","Endoscopic Ultrasound (2019) 3:3 (152-160). Date of Publication: 2019",Words,https://x',
        {"authors": ["Able A.", "Bell B.C."], "journal": "Endoscopic Ultrasound", "volume": "3", "pages": "152-160"},
    ),
    "Rayyan": (
        "key,title,year,month,day,journal,issn,volume,issue,pages,authors,url,language,publisher,location,abstract,notes,doi,keywords,"
        "pubmed_id,pmc_id",
        'rayyan-1,One,2019,,,J Test,,1,2,3-4,"Able, A and Bell, B",,en,,,Words,"RAYYAN-INCLUSION: {""A""=>""Included""}",10.1000/x,,7,',
        {"accession": "rayyan-1", "authors": ["Able, A", "Bell, B"], "pmid": "7"},
    ),
    "Covidence": (
        "Title,Authors,Abstract,Published Year,Published Month,Journal,Volume,Issue,Pages,Accession Number,DOI,Ref,Covidence #,"
        "Study,Notes,Tags",
        'One,"Able, A.; Bell, B.",Words,2019,May,J Test,1,2,3-4,,10.1000/x,44,#12,Able 2019,note,tag',
        {"accession": "#12", "journal": "J Test", "keywords": []},
    ),
    "Web of Science": (
        "PT\tAU\tTI\tSO\tDE\tID\tAB\tPY\tVL\tIS\tBP\tEP\tAR\tDI\tPM\tUT\tMA",
        "J\tAble, A; Bell, B\tOne\tJ TEST\tpeers\tHOPE; WORK\tWords\t2019\t1\t2\t3\t4\t\t10.1000/x\t7\tWOS:000\tM12",
        {
            "journal": "J TEST",
            "pages": "3-4",
            "keywords": ["peers", "HOPE", "WORK"],
            "accession": "WOS:000",
            "authors": ["Able, A", "Bell, B"],
        },
    ),
    "OpenAlex": (
        "id,doi,display_name,publication_year,primary_location.source.display_name,authorships.author.display_name,biblio.first_page,biblio.last_page",
        "https://openalex.org/W1,https://doi.org/10.1000/X,One,2019,J Test,Ann Able|Ben Bell,3,4",
        {
            "doi": "10.1000/x",
            "journal": "J Test",
            "authors": ["Ann Able", "Ben Bell"],
            "pages": "3-4",
            "accession": "https://openalex.org/W1",
        },
    ),
    "Zotero": (
        "Key,Item Type,Publication Year,Author,Title,Publication Title,ISSN,DOI,Url,Abstract Note,Date,Pages,Issue,Volume,Manual Tags",
        'ABC,journalArticle,2019,"Able, A; Bell, B",One,J Test,1465-1858,10.1000/x,u,Words,2019-05-01,3-4,2,1,peers',
        {"kind": "journalArticle", "keywords": ["peers"], "journal": "J Test"},
    ),
    "EPPI-Reviewer": (
        "ItemId,Title,ShortTitle,Authors,Year,Journal,Abstract",
        "9,One,Able (2019),Able A; Bell B,2019,J Test,Words",
        {"accession": "9", "authors": ["Able A", "Bell B"]},
    ),
    "KSR Evidence": (
        "KSR Number,Title,Authors,Year,Journal,DOI",
        'KSRA1,One,"Able A, Bell B",2019,J Test,10.1000/x',
        {"accession": "KSRA1"},
    ),
    "Epistemonikos": (
        "epistemonikos_id,title,authors,year,journal,abstract,doi",
        'e1,One,"Able A, Bell B",2019,J Test,Words,10.1000/x',
        {"accession": "e1", "doi": "10.1000/x"},
    ),
    "EBSCO": (
        "Article Title,Author,Journal Title,ISSN,Publication Date,Volume,Issue,First Page,Accession Number,DOI,"
        "Doctype,Subjects,Abstract,PLink",
        'One,"Able, A; Bell, B",J Test,14651858,20190501,1,2,3,44,10.1000/x,Article,Hope; Work,Words,https://x',
        {"accession": "44", "kind": "Article", "keywords": ["Hope", "Work"], "issn": "1465-1858", "pages": "3"},
    ),
    "ProQuest": (
        "Title,Abstract,StoreId,Authors,pubtitle,year,volume,issue,startPage,digitalObjectIdentifier,subjectTerms",
        'One,Words,55,"Able, A; Bell, B",J Test,2019,1,2,3,10.1000/x,Hope; Work',
        {"journal": "J Test", "accession": "55", "doi": "10.1000/x"},
    ),
    "Publish or Perish": (
        "Cites,Authors,Title,Year,Source,Publisher,ArticleURL,GSRank,QueryDate,DOI",
        '4,"A Able, B Bell",One,2019,J Test,P,https://x,1,2020-01-01,10.1000/x',
        {"journal": "J Test", "authors": ["A Able", "B Bell"]},
    ),
    "Europe PMC": (
        "SOURCE,EXT_ID,PMID,PMCID,DOI,TITLE,AUTHOR_STRING,JOURNAL_TITLE,ISSUE,JOURNAL_VOLUME,PUB_YEAR,JOURNAL_ISSN,PAGE_INFO",
        'MED,7,7,,10.1000/x,One,"Able A, Bell B.",J Test,2,1,2019,1465-1858,3-4',
        {"pmid": "7", "volume": "1", "pages": "3-4", "authors": ["Able A", "Bell B"]},
    ),
    "ClinicalTrials.gov": (
        "NCT Number,Study Title,Study URL,Brief Summary,Start Date",
        "NCT01,One,https://x,Words,2019-01",
        {"accession": "NCT01"},
    ),
}


@pytest.mark.parametrize("layout", LAYOUT_ROWS)
def test_a_known_layout_is_known_and_read(layout):
    header, row, wanted = LAYOUT_ROWS[layout]
    data = f"{header}\n{row}\n".encode()
    shown = preview(data)
    assert (shown.layout, shown.sure) == (layout, True)
    reading = read(data)
    (record,) = reading.records
    assert (reading.layout, record.title) == (layout, "One")
    assert {name: getattr(record, name) for name in wanted} == wanted
    assert record.year == 2019 or layout == "ClinicalTrials.gov"
    assert record.warnings == []


def test_web_of_science_counts_pages_under_pg_and_names_sponsors_under_sp():
    header = "PT\tAU\tAF\tTI\tSO\tSP\tPY\tBP\tEP\tAR\tPG\tUT"
    rows = (
        "J\tAble, A\tAble, Anna\tOne\tJ TEST\tA sponsor\t2019\t12\t19\t\t8\tWOS:1\nJ\tBell, B\t\tTwo\tJ TEST\t\t2019\t\t\t123\t11\tWOS:2\n"
    )
    first, second = read(f"{header}\n{rows}".encode()).records
    assert (first.pages, first.authors, first.extra["PG"], first.extra["SP"]) == ("12-19", ["Able, Anna"], ["8"], ["A sponsor"])
    assert (second.pages, second.authors) == ("123", ["Bell, B"])


def test_embase_names_its_own_number_pui():
    text = "TITLE,AUTHOR NAMES,SOURCE TITLE,FIRST PAGE,LAST PAGE,MEDLINE PMID,DOI,PUI\nOne,Able A.,BMJ,1,9,77,10.1000/x,L12\n"
    reading = read(text.encode())
    assert (reading.layout, reading.records[0].accession, reading.records[0].pages) == ("Embase", "L12", "1-9")


def test_a_library_portal_gives_months_with_years_and_one_source_text():
    text = 'ID,Title,Authors,Source,Journal,Publication year\nlil-1,One,"Able, A","J;21(1): 123-134, 2021. tab",J,202103\n'
    (record,) = read(text.encode()).records
    assert (record.year, record.volume, record.issue, record.pages) == (2021, "21", "1", "123-134")


def test_a_pubmed_number_in_a_note():
    (record,) = read(
        b'Key,Item Type,Title,Author,Publication Title,Extra,Manual Tags\nA,book,One,"Able, A",J,PMID: 77 PMCID: PMC1,\n'
    ).records
    assert (record.pmid, record.extra["Extra"]) == ("77", ["PMID: 77 PMCID: PMC1"])


def test_decisions_of_other_tools_stay_with_the_record():
    for layout, column in (("Rayyan", "notes"), ("Covidence", "Tags")):
        header, row, _ = LAYOUT_ROWS[layout]
        assert read(f"{header}\n{row}\n".encode()).records[0].extra[column]


def test_every_layout_names_fields_and_folded_columns_only():
    for layout in LAYOUTS:
        assert set(layout.columns.values()) <= {*FIELDS, ""}
        for name in {*layout.columns, *(name for mark in layout.marks for name in mark)}:
            assert fold(name) == name


def test_every_field_has_words_and_no_name_means_two_fields():
    assert {field for field, _ in WORDS} == set(FIELDS)
    names = [name for named in FIELDS.values() for name in named]
    assert {name for name in names if names.count(name) > 1} == {"citation"}


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Año", "year"),
        ("Título", "title"),
        ("标题", "title"),
        ("ЗАГЛАВИЕ", "title"),
        ("제목", "title"),
        ("العنوان", "title"),
        ("Résumé", "abstract"),
    ],
)
def test_column_names_in_other_languages(header, field):
    assert preview(f"title,{header}\nOne,x\n".encode()).guess[header] == field


# What a person says


def test_the_words_of_a_person_replace_the_guess():
    data = b"Title,Heading,Who,When\nMr,A study of peers,Able A; Bell B,2019\n"
    (record,) = read(data, columns={"Heading": "title", "Who": "authors", "When": "year"}).records
    assert (record.title, record.authors, record.year) == ("A study of peers", ["Able A", "Bell B"], 2019)
    assert record.extra == {"Title": ["Mr"]}


def test_saying_what_was_guessed_changes_nothing():
    for layout, (header, row, _) in LAYOUT_ROWS.items():
        data = f"{header}\n{row}\n".encode()
        assert read(data, columns=preview(data).guess).records == read(data).records, layout


def test_several_columns_of_authors_are_one_list():
    data = b"Name of paper,Writer one,Writer two\nOne,Able A,Bell B\n"
    (record,) = read(data, columns={"Name of paper": "title", "Writer one": "authors", "Writer two": "authors"}).records
    assert record.authors == ["Able A", "Bell B"]


def test_a_choice_without_a_column_of_titles_is_refused():
    with pytest.raises(ReadError, match=r"No column was named as the one of titles\."):
        read(b"title,year\nOne,2001\n", columns={"year": "year"})


def test_a_choice_for_columns_that_are_not_there_changes_nothing_else():
    (record,) = read(b"title,year\nOne,2001\n", columns={"title": "title", "other": "doi"}).records
    assert (record.title, record.year, record.extra) == ("One", None, {"year": ["2001"]})


def test_other_formats_pass_over_the_choice():
    assert read(b"TY  - JOUR\nTI  - One\nER  - \n", columns={"a": "title"}).records[0].title == "One"


def test_a_list_of_titles_under_that_one_word():
    records = read(b'Title\r\nPeer support, a review\r\n"Hope, found"\r\n').records
    assert [(record.title, record.line) for record in records] == [("Peer support, a review", 2), ("Hope, found", 3)]
    with pytest.raises(ReadError):
        read(b"Title\n")


# What is shown before


def test_what_is_shown_of_a_table():
    shown = preview(b"sep=;\nTitle;;Authors;Authors\nOne;x;Able A;y\n\nTwo;;;\n")
    assert shown.header == ["Title", "column 2", "Authors", "Authors 4"]
    assert shown.rows == [["One", "x", "Able A", "y"], ["Two", "", "", ""]]
    assert shown.guess["Title"] == "title"
    assert ("doi", "DOI") in shown.fields
    assert preview(b"TY  - JOUR\nTI  - One\nER  - \n") is None


def test_at_most_five_rows_are_shown():
    assert len(preview(b"title,year\n" + b"One,2001\n" * 100).rows) == 5


def test_the_same_columns_have_the_same_digest():
    one = preview(b"Title,Year\nOne,2001\n").digest
    assert preview(b"TITLE ;  year\nTwo;2002\n").digest == one
    assert preview(b"Year,Title\n2001,One\n").digest != one
    assert preview("标题,Title\nx,One\n".encode()).digest != preview("摘要,Title\nx,One\n".encode()).digest


@pytest.mark.parametrize(
    ("header", "sure"),
    [
        ("title,authors,year", True),
        ("title,abstract", True),
        ("title,colour", False),
        ("title,article title,year", False),
        ("title,First Author,author", True),
    ],
)
def test_when_the_names_leave_no_doubt(header, sure):
    assert preview(f"{header}\nOne,x,2001\n".encode()).sure is sure


ABSTRACT = "Peer workers offer hope by what they have lived through themselves. " * 5


def test_columns_are_guessed_from_what_they_hold():
    rows = "".join(f"{n},Peer support for people with psychosis part {n},10.1000/{n},{ABSTRACT},{2000 + n}\n" for n in range(9))
    shown = preview(f"Nr,Wording,Locator,Gist,When\n{rows}".encode())
    assert shown.guess == {"Wording": "title", "Locator": "doi", "Gist": "abstract", "When": "year"}
    assert not shown.sure
    (first, *_) = read(f"Nr,Wording,Locator,Gist,When\n{rows}".encode(), columns=shown.guess).records
    assert (first.title, first.doi, first.year) == ("Peer support for people with psychosis part 0", "10.1000/0", 2000)


def test_a_table_without_column_names_loses_no_row():
    data = "".join(f"Peer support for people with psychosis {n},10.1000/{n},{2000 + n}\n" for n in range(4)).encode()
    shown = preview(data)
    assert shown.header == ["column 1", "column 2", "column 3"]
    assert (shown.guess, shown.sure) == ({"column 1": "title", "column 2": "doi", "column 3": "year"}, False)
    records = read(data, columns=shown.guess).records
    assert [(record.line, record.year) for record in records] == [(1, 2000), (2, 2001), (3, 2002), (4, 2003)]
    with pytest.raises(ReadError, match="a table without names above its columns"):
        read(data)


def test_what_no_choice_could_make_readable_is_refused_before():
    for data in (b"%PDF-1.4", b"", b"<html><body>", b"just a note"):
        with pytest.raises(ReadError, match=r"^list\.csv: The file"):
            shown = preview(data, "list.csv")
            assert shown is None, "a note is no table"
            read(data, "list.csv")


def test_whole_references_beside_titles_fill_what_is_missing():
    (record,) = read(b'Refid,Title,Bibliography\n4,One,"Able, A. & Bell, B. (2019). One. J Test, 1, 3. doi: 10.1000/x"\n').records
    assert (record.title, record.year, record.doi, record.authors[0]) == ("One", 2019, "10.1000/x", "Able, A.")


def test_more_records_than_the_limit_are_refused_before_any_is_made():
    data = b"title,abstract\n" + b'One,"two\nlines"\n' * 50
    assert len(read(data, limits=Limits(records=50)).records) == 50
    with pytest.raises(ReadError, match=r"^big\.csv: The file holds more than 49 records\. Split the export"):
        read(data, "big.csv", limits=Limits(records=49))
    with pytest.raises(ReadError, match="more than 2 records"):
        read(b"TY  - JOUR\nTI  - One\nER  - \n" * 3, limits=Limits(records=2))


@given(st.lists(st.text(max_size=8), min_size=2, max_size=6), st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=6), max_size=5))
def test_any_table_is_shown_or_refused(header, rows):

    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    data = out.getvalue().encode("utf-8", "replace")
    try:
        shown = preview(data)
    except ReadError:
        return
    if shown is not None:
        assert len(set(shown.header)) == len(shown.header)
        assert set(shown.guess) <= set(shown.header)
        assert set(shown.guess.values()) <= set(FIELDS)
