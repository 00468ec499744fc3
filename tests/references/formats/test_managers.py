"""What reference managers and Web of Science write: CIW, Refer, EndNote XML, PubMed XML."""

from screening.references.formats import read

CIW = """\ufeffFN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Li, W
   Dou, ZG
AF Li, Wei
   Dou, Zhiguo
TI Soil fauna diversity at different stages of reed restoration in a
   lakeshore wetland
SO ECOSYSTEM HEALTH
VL 6
IS 1
AR 1722034
DI 10.1080/20964129.2020.1722034
PD DEC 16 2020
PY 2021
DE reed; fauna
ID WETLAND
SN 2096-4129
UT WOS:000510
ER

PT J
AU Doe, K
TI Second
BP 82
EP 99
PY 2011
ER

EF
"""


def test_web_of_science():
    first, second = read(CIW.encode()).records
    assert first.title == "Soil fauna diversity at different stages of reed restoration in a lakeshore wetland"
    assert first.authors == ["Li, Wei", "Dou, Zhiguo"]
    assert (first.year, first.pages, first.doi) == (2021, "1722034", "10.1080/20964129.2020.1722034")
    assert (first.keywords, first.accession) == (["reed", "fauna", "WETLAND"], "WOS:000510")
    assert first.extra["PD"] == ["DEC 16 2020"]
    assert first.extra["AU"] == ["Li, W\nDou, ZG"]
    assert (second.authors, second.pages, second.line) == (["Doe, K"], "82-99", 23)


def test_web_of_science_without_its_ends():
    records = read(CIW.replace("ER\n", "").replace("EF\n", "").encode()).records
    assert [record.title[:6] for record in records] == ["Soil f", "Second"]
    assert records[0].warnings == ["The record has no ER line."]


def test_refer():
    text = (
        "%0 Journal Article\n%A Guo, Wenbo\n%A Cai, Zhao\n%T One\n%J MISQ\n%D 2021\n%8 September 1, 2021\n%V 45\n"
        "%N 3\n%P 1309-48\n%R 10.1000/X\n%X Words\nmore\n%K a; b\n%@ 1008-0821\n"
    )
    first, second, third = read(f"{text}\n{text}\n\n%T Table of contents\n%D 2021\n%B MISQ\n".encode()).records
    assert first.authors == ["Guo, Wenbo", "Cai, Zhao"]
    assert (first.title, first.journal, first.year, first.doi, first.pages) == ("One", "MISQ", 2021, "10.1000/x", "1309-1348")
    assert (first.abstract, first.keywords, first.issn) == ("Words more", ["a", "b"], "1008-0821")
    assert first.extra == {"%8": ["September 1, 2021"]}
    assert (second.line, third.title) == (17, "Table of contents")


ENDNOTE = """<?xml version="1.0" encoding="latin-1"?><!DOCTYPE xml [<!ENTITY bomb "boom">]><xml><records>
<record><database name="a.enl">a.enl</database><rec-number>7</rec-number><ref-type name="Journal Article">17</ref-type>
<contributors><authors><author><style face="normal">Müller, J</style></author><author>Doe, K</author></authors>
<secondary-authors><author>Editor, E</author></secondary-authors></contributors>
<titles><title><style>Peer</style><style> support &amp; more&nbsp;care</style></title><secondary-title>BMC Med</secondary-title></titles>
<pages>1-9</pages><volume>22</volume><number>1</number><keywords><keyword>peers</keyword><keyword>trial</keyword></keywords>
<dates><year>2024</year><pub-dates><date>Feb 1</date></pub-dates></dates><electronic-resource-num>10.1186/S1</electronic-resource-num>
<custom1>kept</custom1></record>
<record><titles><title>Broken</titles></record>
<record><ref-type name="Book">6</ref-type><titles><title>Third &bomb;</title></titles></record>
<record><titles><title>Cut off
"""


def test_endnote_xml_whatever_its_prologue_declares():
    reading = read(ENDNOTE.encode())
    first, third = reading.records
    assert (first.title, first.journal, first.year) == ("Peer support & more care", "BMC Med", 2024)
    assert (first.authors, first.keywords) == (["Müller, J", "Doe, K"], ["peers", "trial"])
    assert (first.kind, first.accession, first.doi) == ("Journal Article", "7", "10.1186/s1")
    assert first.extra == {"secondary-authors": ["Editor, E"], "date": ["Feb 1"], "custom1": ["kept"]}
    assert (first.line, third.kind) == (2, "Book")
    assert "boom" not in third.title
    assert [part.line for part in reading.not_read] == [9, 11]


PUBMED = """<?xml version="1.0"?><!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "https://dtd.nlm.nih.gov/x.dtd">
<PubmedArticleSet><PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">30446446</PMID>
<Article><Journal><ISSN IssnType="Print">0923-7534</ISSN><JournalIssue><Volume>30</Volume><Issue>2</Issue>
<PubDate><MedlineDate>2019 Nov-Dec</MedlineDate></PubDate></JournalIssue><Title>Annals</Title></Journal>
<ArticleTitle>Trial of <i>X</i> at 10<sup>3</sup> &lt; 5.</ArticleTitle><Pagination><MedlinePgn>1-9</MedlinePgn></Pagination>
<ELocationID EIdType="doi">10.1093/ANNONC/1</ELocationID>
<Abstract><AbstractText Label="AIM">To see.</AbstractText><AbstractText Label="RESULT">Seen.</AbstractText></Abstract>
<AuthorList><Author><LastName>Smith</LastName><ForeName>Ann B</ForeName></Author>
<Author><CollectiveName>Peers, Carers and Families Group</CollectiveName></Author></AuthorList>
<Language>eng</Language><PublicationTypeList><PublicationType>Journal Article</PublicationType></PublicationTypeList>
<ArticleDate DateType="Electronic"><Year>2018</Year><Month>12</Month><Day>30</Day></ArticleDate></Article>
<MeshHeadingList><MeshHeading><DescriptorName>Humans</DescriptorName></MeshHeading></MeshHeadingList></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="pmc">PMC1</ArticleId></ArticleIdList></PubmedData></PubmedArticle>
<PubmedBookArticle><BookDocument><PMID>2</PMID><Book><BookTitle>Guideline</BookTitle><PubDate><Year>2009</Year></PubDate></Book>
</BookDocument></PubmedBookArticle></PubmedArticleSet>
"""


def test_pubmed_xml():
    article, book = read(PUBMED.encode()).records
    assert article.title == "Trial of X at 10³ < 5"
    assert article.authors == ["Smith, Ann B", "Peers, Carers and Families Group"]
    assert (article.year, article.volume, article.issue, article.pages) == (2019, "30", "2", "1-9")
    assert (article.pmid, article.doi, article.issn) == ("30446446", "10.1093/annonc/1", "0923-7534")
    assert article.abstract == "AIM: To see. RESULT: Seen."
    assert article.extra == {"ArticleDate": ["2018-12-30"], "pmc": ["PMC1"]}
    assert (book.title, book.pmid, book.year) == ("Guideline", "2", 2009)


def test_a_record_of_more_xml_than_any_reference_has_is_listed():
    text = "<xml><records><record><ref-type>1</ref-type><title>One</title></record><record>" + "<i>" * 600_000 + "</record></records></xml>"
    reading = read(text.encode())
    assert [record.title for record in reading.records] == ["One"]
    assert [gone.cause for gone in reading.not_read] == ["The record's XML has more parts than any reference has."]
