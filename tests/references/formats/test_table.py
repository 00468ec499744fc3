"""CSV and TSV: the columns of known exports, and rows no stray mark may swallow."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.references.formats import ReadError, read
from screening.references.formats import rows as rows_module


def only(text: str):
    (record,) = read(text.encode()).records
    return record


def test_the_plain_layout():
    record = only(
        "id,title,author,year,journal,volume,number,pages,doi,abstract\n"
        '7,"One, and two","Zuna, R E and Wang, S S",2006,Cancer,108,4,288-297,10.1002/CNCR.1,Words\n'
    )
    assert record.authors == ["Zuna, R E", "Wang, S S"]
    assert (record.accession, record.title, record.year, record.journal) == ("7", "One, and two", 2006, "Cancer")
    assert (record.volume, record.issue, record.pages, record.doi) == ("108", "4", "288-297", "10.1002/cncr.1")
    assert record.extra == {}
    assert record.line == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter(delimiter):
    reading = read(delimiter.join(["Title", "Year", "Abstract"]).encode() + b"\n" + delimiter.join(["One", "2001", "Words"]).encode())
    (record,) = reading.records
    assert (record.title, record.year, record.abstract) == ("One", 2001, "Words")
    assert reading.format == ("TSV" if delimiter == "\t" else "CSV")


def test_line_breaks_inside_quoted_fields():
    reading = read(b'title,abstract\r\nOne,"Aim.\r\n\r\nResult, too."\r\nTwo,x\r\n')
    assert [record.abstract for record in reading.records] == ["Aim. Result, too.", "x"]
    assert [record.line for record in reading.records] == [2, 5]
    assert reading.records[0].raw == 'One,"Aim.\r\n\r\nResult, too."\r\n'


def test_pubmed():
    record = only(
        "\ufeffPMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,NIHMS ID,DOI\n"
        '"28685503","Interventions","Tikka C, Verbeek JH, van Raaij M J.","Cochrane Database Syst Rev. 2017 Jul 7;7(7):CD006396. '
        'doi: 10.1002/1.","Tikka C","Cochrane Database Syst Rev","2017","2017/07/08","PMC6353150","","10.1002/1.pub4"\n'
    )
    assert record.authors == ["Tikka C", "Verbeek JH", "van Raaij M J"]
    assert (record.pmid, record.accession, record.year) == ("28685503", "28685503", 2017)
    assert (record.volume, record.issue, record.pages) == ("7", "7", "CD006396")
    assert record.extra["PMCID"] == ["PMC6353150"]


def test_scopus_prefers_full_names_and_keeps_its_source_column():
    reading = read(
        b"Authors,Author full names,Title,Year,Source title,Volume,Issue,Art. No.,Page start,Page end,DOI,Link,EID,Source\n"
        b'Abbott N.; Love T.,"Abbott, Noelle (57205190093); Love, Tracy (7006624283)",One,2023,Brain Sciences,13,11,1606,,,'
        b"10.3390/b,https://x.example,2-s2.0-1,Scopus\n"
    )
    (record,) = reading.records
    assert reading.layout == "Scopus"
    assert record.authors == ["Abbott, Noelle", "Love, Tracy"]
    assert (record.pages, record.journal, record.accession) == ("1606", "Brain Sciences", "2-s2.0-1")
    assert record.extra == {"Authors": ["Abbott N.; Love T."], "Source": ["Scopus"]}


def test_ovid_embase_has_all_but_the_title_in_one_source_text():
    record = only(
        "ORN,VN,DB,UI,TI,SO,AU,AB,FTURL,PM\n1,Ovid Technologies,Embase,46283377,Structural.,"
        '"Neuron. 53(5) (pp 663-675), 2007. Date of Publication: 2007.","Howard R.J.\n\nMinor Jr. D.L.",Words,'
        "https://o.example/x?D=e&DO=10.1016%2fj.neuron.2007.02.010,17329207 [https://x]\n"
    )
    assert record.authors == ["Howard R.J.", "Minor Jr. D.L."]
    assert (record.journal, record.year, record.volume, record.issue) == ("Neuron", 2007, "53", "5")
    assert (record.pages, record.pmid, record.doi) == ("663-675", "17329207", "10.1016/j.neuron.2007.02.010")


def test_ovid_psycinfo_drops_the_mark_of_the_reference_list():
    record = only(
        'ORN,DB,AN,TI,YR,AU,SO,JN,VO,IP,PG\n1,APA PsycInfo,2024-1,Subtypes. [References].,2024,"Teggi, R\n\nColombo, B",x,N Sci,45,3,1-9\n'
    )
    assert (record.title, record.authors, record.accession) == ("Subtypes.", ["Teggi, R", "Colombo, B"], "2024-1")


def test_ebsco_columns_that_repeat():
    record = only(
        "jinfo/jtl,jinfo/issn,pubinfo/dt/_year,pubinfo/vid,artinfo/ui/0/__text,artinfo/ppf,artinfo/tig/atl,artinfo/aug/au/0,"
        "artinfo/aug/au/1,artinfo/aug/au/2,artinfo/sug/subj/0/_type,artinfo/sug/subj/0/__text,artinfo/sug/subj/1/__text\n"
        "J Learn Disabil,222194,2003,36,NLM15493234,165,Factors,Watson CS,Kidd GR,,major,Hearing,Noise\n"
    )
    assert (record.authors, record.title, record.year) == (["Watson CS", "Kidd GR"], "Factors", 2003)
    assert (record.pmid, record.doi, record.issn, record.volume) == ("15493234", "", "0022-2194", "36")
    assert record.keywords == ["Hearing", "Noise"]


def test_bibtex_in_columns_loses_its_braces():
    record = only(
        "language,note,year,url,author,title,ENTRYTYPE\n"
        '{en},"{Source: The Demonstration Journal ; volume 73, issue 11, page 8,9 ; ISSN 0745}",2020,'
        'http://dx.doi.org/10.1097/01.a,"Crowson, Matthew G. AND M{\\""u}ller, J.",{Siegel{\\textquoteright}s criteria},article\n'
    )
    assert (record.title, record.authors) == ("Siegel’s criteria", ["Crowson, Matthew G.", "Müller, J."])
    assert (record.journal, record.volume, record.issue, record.pages) == ("The Demonstration Journal", "73", "11", "8,9")
    assert (record.doi, record.language) == ("10.1097/01.a", "en")


def test_rows_above_the_column_names():
    reading = read(
        b'"SEARCH QUERY","(peer) AND support"\n\nTitle,Author Names,Source\nOne,"Liu R., Adler D.G.",Endosc (2014) 3:3 (152-160)\n'
    )
    (record,) = reading.records
    assert record.authors == ["Liu R.", "Adler D.G."]
    assert (record.year, record.volume, record.issue, record.pages) == (2014, "3", "3", "152-160")
    assert "above the column names" in reading.warnings[0]


def test_rows_too_long_too_short_and_blank():
    reading = read(b"title,year,doi\nOne,2001,10.1000/a,more\nTwo\n,,\nThree,2003,10.1000/c\n")
    assert [record.title for record in reading.records] == ["One", "Two", "Three"]
    assert reading.records[0].extra == {"(more cells)": ["more"]}
    assert "4 cells for 3 columns" in reading.records[0].warnings[0]
    assert "only 1 cells" in reading.records[1].warnings[0]
    assert reading.warnings == ["1 blank row passed over."]


def test_the_column_names_of_files_put_one_behind_the_other_are_no_rows():
    once = "\ufefftitle,year\r\nOne,2001\r\n"
    reading = read((once * 3).encode())
    assert [record.title for record in reading.records] == ["One"] * 3
    assert reading.warnings == ["The column names stand 2 times more among the rows; passed over."]


def test_of_a_row_without_end_only_some_cells_are_kept():
    (record,) = read(b"title,year\nOne,2001" + b",a" * 20_000 + b"\n").records
    assert (record.title, len(record.extra["(more cells)"])) == ("One", 1_000)
    assert record.warnings == ["The row has 20002 cells for 2 columns."]


def test_a_row_without_a_title_comes_in_with_a_warning():
    assert only("title,doi\n,10.1000/x\n").warnings == ["No title."]


def test_a_quotation_mark_that_never_closes_takes_no_other_row_with_it():
    rows = [b"title %d,2001,10.1000/%d" % (n, n) for n in range(500)]
    rows[10] = b'"' + rows[10]
    reading = read(b"title,year,doi\n" + b"\n".join(rows) + b"\n")
    assert len(reading.records) == 500
    assert reading.records[10].title == "title 10"
    assert reading.records[10].warnings == [rows_module.UNCLOSED]
    rows[200] = b'"' + rows[200]
    assert len(read(b"title,year,doi\n" + b"\n".join(rows) + b"\n").records) == 500


def test_a_file_cut_inside_its_last_row_keeps_it():
    reading = read(b'title,abstract\nOne,x\nTwo,"A long\nabstract that was cu')
    assert [record.abstract for record in reading.records] == ["x", "A long abstract that was cu"]
    assert reading.records[1].warnings == [rows_module.UNCLOSED]


def test_a_row_that_cannot_be_saved_is_listed(monkeypatch):
    monkeypatch.setattr(rows_module, "MAX_ROW_LINES", 50)
    reading = read(b'title,year,doi\n"x,y\n' + b"\n".join(b"t%d,2001," % n for n in range(200)))
    assert [(part.line, part.cause) for part in reading.not_read] == [(2, rows_module.UNCLOSED)]
    assert len(reading.records) == 200


def test_a_table_without_titles_is_refused_by_naming_its_columns():
    with pytest.raises(ReadError, match=r"none of its columns holds titles.*“Primary_study”, “Guo2016”"):
        read(b"Primary_study;Guo2016\nCheung2011;1\nClark2009;0\n")


def test_whole_references_are_the_last_resort():
    reading = read(
        b'Refid,Bibliography\n3,"Cuijpers, Pim, Franco, Pamela (2023).  Treatment of depression Psychol Med, 53(6). 10.1017/S003"\n'
    )
    (record,) = reading.records
    assert record.title.startswith("Cuijpers")
    assert (record.year, record.doi, record.authors) == (2023, "10.1017/s003", ["Cuijpers, Pim", "Franco, Pamela"])
    assert "No column of titles" in reading.warnings[0]


def test_repeated_and_nameless_columns_keep_their_values():
    record = only(",title,note,note\n0,One,a,b\n")
    assert record.extra == {"column 1": ["0"], "note": ["a"], "note 4": ["b"]}


CELL = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")) | st.sampled_from('",\n;'), max_size=30)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8))
def test_whatever_the_csv_module_writes_comes_back_row_by_row(cells):
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["title", "abstract"])
    writer.writerows([f"T{n} {a}", b] for n, (a, b) in enumerate(cells))
    reading = read(out.getvalue().encode())
    assert len(reading.records) + len(reading.not_read) == len(cells)
    assert [record.title.split()[0] for record in reading.records] == [f"T{n}" for n in range(len(cells))]
