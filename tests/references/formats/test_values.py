"""Single values: text, DOI, year, pages, ISSN, LaTeX, names, source texts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.references.formats import read, text
from screening.references.formats.citation import parse_source
from screening.references.formats.latex import delatex
from screening.references.formats.names import single_names, split_authors
from screening.references.formats.text import clean, doi_in, issn_in, oddities, pages_of, stored, year_in


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("A &amp; B &lt;i&gt;C&lt;/i&gt;", "A & B C"),
        ("&amp;amp;", "&"),
        ("<jats:p>One.</jats:p><jats:p>Two</jats:p>", "One. Two"),
        ("<p>One.</p><p>Two</p>", "One. Two"),
        ("10<sup>-3</sup> and H<sub>2</sub>O", "10⁻³ and H₂O"),
        ("x<sup>abc</sup> y<sub>a</sub>", "x^(abc) y_a"),
        ("p <0.05 and n> 3", "p <0.05 and n> 3"),
        ("a<b and c>d", "a<b and c>d"),
        ("two\u00a0 \t words\u200b", "two words"),
        ("a\x07b", "ab"),
        ("https://a.example/?x=1&copy=2", "https://a.example/?x=1&copy=2"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_text_becomes_plain(given, wanted):
    assert clean(given) == wanted


def test_control_characters_and_garbling_are_told():
    assert oddities("plain\n") == []
    assert oddities("a\x07b") == ["Control characters were removed."]
    assert "garbled" in oddities("cafÃ©")[0]
    assert oddities("café São Paulo Âge") == []


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("Smith, J. and Jones, B.", ["Smith, J.", "Jones, B."]),
        ("Smith, J., van den Berg, B.-C., & O’Hara, D.", ["Smith, J.", "van den Berg, B.-C.", "O’Hara, D."]),
        ("Ministry of Health and Welfare, Tokyo", ["Ministry of Health and Welfare, Tokyo"]),
        ("Smith, J., Jr.", ["Smith, J., Jr."]),
        ("Smith ,J", ["Smith, J"]),
    ],
)
def test_one_value_with_several_names(given, wanted):
    assert list(single_names(given)) == wanted


def test_names_set_with_commas_alone():
    assert split_authors("Smith, Jones, Lee") == ["Smith", "Jones", "Lee"]
    assert split_authors("Smith, Jones") == ["Smith, Jones"]
    assert split_authors("Smith, John, Jr") == ["Smith, John, Jr"]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("10.1016/J.X.2019.05.032", "10.1016/j.x.2019.05.032"),
        ("https://doi.org/10.1000/abc.", "10.1000/abc"),
        ("doi:10.1201/b19107-2 [doi]", "10.1201/b19107-2"),
        ("http://dx.doi.org/10.1000%2Fabc", "10.1000/abc"),
        ("10.1002/(SICI)1097-0258(1998)17:24<1:AID>3", "10.1002/(sici)1097-0258(1998)17:24<1:aid>3"),
        ("10.1016/S0140-6736(05)66545-0", "10.1016/s0140-6736(05)66545-0"),
        ("(10.1000/abc)", "10.1000/abc"),
        ("not-a-doi", ""),
        ("10.1", ""),
    ],
)
def test_dois(given, wanted):
    assert doi_in(given) == wanted


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("2012///", 2012),
        ("1996 Jul 9", 1996),
        ("20170812", 2017),
        ("Article 10 2019", 2019),
        ("in press", None),
        ("12345", None),
        ("1499", None),
    ],
)
def test_years(given, wanted):
    assert year_in(given) == wanted


def test_pages():
    assert pages_of("183", "186") == "183-186"
    assert pages_of("pp 37-64") == "37-64"
    assert pages_of("2361--2368", "") == "2361-2368"
    assert pages_of("S51", "S51") == "S51"
    assert pages_of("132-42") == "132-142"
    assert pages_of("6913", "7") == "6913-6917"
    assert pages_of("99-9") == "99-9"
    assert pages_of("12-3") == "12-13"
    assert pages_of("", "9") == ""
    assert pages_of("suppl 3") == "suppl 3"


def test_issns():
    assert issn_in("20964129 (ISSN)") == "2096-4129"
    assert issn_in("0028-646x") == "0028-646X"
    assert issn_in("8976368") == "0897-6368"
    assert issn_in("1234567") == "1234567"
    assert issn_in("978-3-642-00230-4") == "978-3-642-00230-4"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (r"M{\"u}hendisli{\u g}i", "Mühendisliği"),
        (r"B{\.I}L{\'e}\c{c}{\o}", "BİLéçø"),
        (r"50{\%} \& more {\textendash} {BERT}", "50% & more – BERT"),
        (r"\'{\i}", "í"),
        ("plain", "plain"),
    ],
)
def test_latex(given, wanted):
    import unicodedata

    assert unicodedata.normalize("NFKD", delatex(given)).replace("ı", "i") == unicodedata.normalize("NFKD", wanted)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("Smith, John", ["Smith, John"]),
        ("Smith,John", ["Smith, John"]),
        ("Tikka C, Verbeek JH.", ["Tikka C", "Verbeek JH"]),
        ("Liu R., Adler D.G.", ["Liu R.", "Adler D.G."]),
        ("W. Shehieb; M. O. Nasri", ["W. Shehieb", "M. O. Nasri"]),
        ("Zuna, R E and Wang, S S", ["Zuna, R E", "Wang, S S"]),
        ("Pai K, Venkataramana AND Thilagam, P.", ["Pai K, Venkataramana", "Thilagam, P."]),
        ("Joseph Rottman, Erran Carmel, Mary Lacity", ["Joseph Rottman", "Erran Carmel", "Mary Lacity"]),
        ("Maldonado Alegre, Fernando, Ulloa, Vanessa", ["Maldonado Alegre, Fernando", "Ulloa, Vanessa"]),
        ("['Marx, Karl', 'Lindgren, Astrid']", ["Marx, Karl", "Lindgren, Astrid"]),
        ("Teggi, R\n\nColombo, B", ["Teggi, R", "Colombo, B"]),
        ("Sajise, Asa Jose U. and", ["Sajise, Asa Jose U."]),
        ("World Health Organization", ["World Health Organization"]),
        ("余敏; 朱江", ["余敏", "朱江"]),
        ("", []),
        (" ; ", []),
    ],
)
def test_author_lists(given, wanted):
    assert split_authors(given) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Brain Imaging. 16(4) (pp 1873-1883), 2022. Date of Publication: 1.", ("Brain Imaging", "2022", "16", "4", "1873-1883")),
        ("Hearing Research. 422(no pagination), 2022. Article Number: 108552.", ("Hearing Research", "2022", "422", "", "108552")),
        ("Studies in HTI. 306(pp 305-310), 2023. Date.", ("Studies in HTI", "2023", "306", "", "305-310")),
        ("medRxiv. (no pagination), 2023. Date of Publication: 15 Feb 2023.", ("medRxiv", "2023", "", "", "")),
        ("Neurological Sciences. Vol.45,(3), 2024, pp. 1209-1216.", ("Neurological Sciences", "2024", "45", "3", "1209-1216")),
        ("Diss Abstr: B. Vol.80,(5-B(E)), 2019, pp. No Pagination Specified.", ("Diss Abstr: B", "2019", "80", "5-B(E)", "")),
        ("J World (2011) 17:1 (130-134). Date of Publication: 2011", ("J World", "2011", "17", "1", "130-134")),
        ("Hear Res. 2020 Sep 15;395:107995. doi: 10.1016/j. Epub 2020.", ("Hear Res", "2020", "395", "", "107995")),
        ("Interdisciplinaria; 40(1); 63-80", ("Interdisciplinaria", "", "40", "1", "63-80")),
        ("Source: Scientific Reports, Vol 12, Iss 1, Pp 1-10 (2022) ; Description: x", ("Scientific Reports", "2022", "12", "1", "1-10")),
        ("Source: Diagnostics; Volume 13; Issue 3; Pages: 575 ; Description: x", ("Diagnostics", "", "13", "3", "575")),
        ("nothing of the kind", ("", "", "", "", "")),
    ],
)
def test_source_texts(text, wanted):
    found = parse_source(text)
    assert tuple(found.get(part, "") for part in ("journal", "year", "volume", "issue", "pages")) == wanted


@pytest.mark.parametrize(
    "text", ["caf\u00c3\u00a9", "it\u00e2\u20ac\u2122s", "caf\u221a\u00a9", "\u201a\u00c4\u00f4", "\u00ce\u00b1 wave", "lost \ufffd"]
)
def test_letters_garbled_by_a_wrong_encoding_are_told_and_left(text):
    assert oddities(text) == ["Some letters look garbled by a wrong encoding in the source."]
    assert clean(text) == text


@pytest.mark.parametrize(
    "text", ["\u00c3o", "S\u00e3o Paulo", "\u00c5ngstr\u00f6m", "\u00d1and\u00fa", "\u221a2", "\u00cele-de-France", "plain"]
)
def test_real_letters_are_not_called_garbled(text):
    assert oddities(text) == []


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        ("$10^{-3}$", "10<sup>-3</sup>"),
        ("H$_2$O", "H<sub>2</sub>O"),
        (r"$4^{\textrm{e}}$ ed", "4<sup>e</sup> ed"),
        (r"$\alpha \le 0.05$", "α≤0.05"),
        ("from $5 and $10", "from $5 and $10"),
    ],
)
def test_mathematics_in_latex_stays_readable(latex, text):
    assert delatex(latex).replace(" ≤", "≤").replace("≤ ", "≤") == text


def test_a_stored_value_is_as_it_stood():
    assert stored("  a  <b>\r\nc\x00\x07 &amp; ") == "a  <b>\nc &amp;"


def test_names_without_end_are_bounded_and_told():
    (record,) = read(b"TY  - JOUR\nTI  - One\nAU  - A, B\n" + b"  A, C\n" * 30_000 + b"ER  - \n").records
    assert len(record.authors) == 20_000
    assert record.warnings == ["More than 20,000 names: the others stand only in the record's own text."]
    assert record.raw.count("A, C") == 30_000


@settings(max_examples=300)
@given(st.text(st.one_of(st.sampled_from(" \n&;<>/bé\u2028\x00amp"), st.characters()), max_size=30))
def test_pieces_of_a_text_that_can_be_printed_are_cleaned_as_any_value(value):
    if text.printed(value):
        assert text.clean_printed(value) == text.clean(value)
        assert not value.isascii() or text.oddities(value) == []


SICI = "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2"


@pytest.mark.parametrize(
    "written",
    [
        "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2",
        "https://doi.org/10.1002/(SICI)1097-0258(19980815/30)17:15/16&lt;1661::AID-SIM968&gt;3.0.CO;2-2",
        "10.1002%2F(SICI)1097-0258(19980815%2F30)17%3A15%2F16%3C1661%3A%3AAID-SIM968%3E3.0.CO%3B2-2",
    ],
)
def test_the_brackets_of_a_sici_belong_to_its_doi(written):
    """Without them every article of an issue would have the same."""
    assert doi_in(written) == SICI
    assert doi_in("<10.1000/x>") == "10.1000/x"


def test_a_sici_as_bibtex_writes_it():
    for less, greater in (("$<$", "$>$"), (r"\textless{}", r"\textgreater{}"), (r"{\textless}", r"{\textgreater}")):
        doi = f"10.1002/(SICI)1097-0258(19980815/30)17:15/16{less}1661::AID-SIM968{greater}3.0.CO;2-2"
        text = "@article{a, title={x}, doi={" + doi + "}}"
        assert read(text.encode()).records[0].doi == SICI


def test_the_last_of_a_list_of_names_behind_an_ampersand():
    assert split_authors("Smith, J., Jones, B. C., & Lee, D.") == ["Smith, J.", "Jones, B. C.", "Lee, D."]
    assert split_authors("Smith, John & Lee, Dan") == ["Smith, John", "Lee, Dan"]
    assert split_authors("García Márquez, Gabriel José and Lee, Dan") == ["García Márquez, Gabriel José", "Lee, Dan"]
