"""BibTeX: entries found by their braces, whatever surrounds or breaks them."""

import pytest

from screening.references.formats import read


def one(text: str):
    (record,) = read(text.encode()).records
    return record


def test_an_entry():
    record = one(
        '% a comment\n@article{Adams2001,\n  author = {Adams, Nancy K and {Ministry of Health and Welfare} and M{\\"u}ller, J.},\n'
        '  title = "The {BERT} of {\\\'E}tudes",\n  journal = {Bull Volc},\n  year = 2001,\n  volume = {62}, number={3},\n'
        "  pages = {493--518},\n  doi = {https://doi.org/10.1000/ABC},\n  keywords = {a,b; c},\n  note = {kept}\n}\n"
    )
    assert record.title == "The BERT of Études"
    assert (record.authors[0], record.authors[-1]) == ("Adams, Nancy K", "Müller, J.")
    assert (record.journal, record.year, record.volume, record.issue, record.pages) == ("Bull Volc", 2001, "62", "3", "493-518")
    assert (record.doi, record.keywords, record.kind, record.accession) == ("10.1000/abc", ["a", "b", "c"], "article", "Adams2001")
    assert (record.extra, record.line) == ({"note": ["kept"]}, 2)


def test_macros_and_joined_strings():
    record = one('@string{bv = "Bulletin"}\n@string(x = {of})\n@article{k, title = "A" # { B}, journal = bv # " " # x, year = {1999}}\n')
    assert (record.title, record.journal, record.year) == ("A B", "Bulletin of", 1999)


def test_comments_and_preambles_are_no_records():
    reading = read(
        b'@preamble{"x"}\n@comment{jabref-meta: y;}\n@misc{a, title={One}}\n@comment{@misc{b, title={Not}}}\n@book(c, title={Two})\n'
    )
    assert [record.title for record in reading.records] == ["One", "Two"]


def test_an_entry_that_never_closes_takes_no_other_with_it():
    reading = read(
        b"@article{a, title = {One}, year = {2001}\n\n@article{b, title = {Two {broken}, year = 2002}\n@article{c,\n title={Three}}\n"
    )
    assert [record.accession for record in reading.records] == ["a", "b", "c"]
    assert reading.records[0].title == "One"
    assert reading.records[2].title == "Three"
    assert "never close" in reading.records[1].warnings[0]


def test_an_empty_entry_is_listed():
    reading = read(b"@misc{a, title={One}}\n@misc{empty,\n}\n")
    assert [(part.line, part.cause) for part in reading.not_read] == [(2, "An entry without a field.")]


def test_an_address_in_a_value_is_no_entry():
    assert one("@misc{a, title={Write to me@example{x}}, note={\n@home{y}\n}}\n").title == "Write to me@examplex"


def test_only_carriage_returns():
    assert [record.line for record in read(b"% x\r@misc{a, title={One}}\r\r@misc{b, title={Two}}\r").records] == [2, 4]


@pytest.mark.slow
def test_time_stays_linear():
    import time

    start = time.process_time()
    for text in (b"@a{x" * 50_000, b"@comment{" * 50_000, b"@a{b, c={d}}" * 20_000, b"@a{b, c=" + b"{" * 200_000, b"\n@a{b, c={d" * 20_000):
        try:
            read(text)
        except Exception as error:
            assert type(error).__name__ == "ReadError"
    assert time.process_time() - start < 20


def test_shifted_figures_and_addresses():
    record = one("@misc{a, title={CO$_2$ and DNA$_{\\textrm{2}}$ at~10$^{-3}$}, url={http://x.example/~me/a\\_b}}\n")
    assert record.title == "CO₂ and DNA₂ at 10⁻³"
    assert record.url == "http://x.example/~me/a_b"


def test_scopus_and_mendeley_spell_some_fields_their_own_way():
    text = rb"""@article{a, title = {One $\alpha$ {\textgreater} 0.5}, art_number = {123}, note = {PMID: 77; Cited by: 3},
    url = {https://example.org/a{\_}b{\%}20c}}"""
    (record,) = read(text).records
    assert (record.title, record.pages, record.pmid) == ("One α > 0.5", "123", "77")
    assert record.url == "https://example.org/a_b%20c"


@pytest.mark.parametrize(
    ("people", "names"),
    [
        ("{Group A and B} and Elm, Ann and others", ["Group A and B", "Elm, Ann"]),
        ("{Elm, Ann and Oak, B.}", ["Elm, Ann", "Oak, B."]),
        ("{Elm, Ann and Oak, B.", ["Elm, Ann", "Oak, B."]),
        (r"G{\"o}del, K. AND {\O}st, S.", ["Gödel, K.", "Øst, S."]),
    ],
)
def test_and_parts_names_save_inside_braces(people, names):
    assert one(f"@article{{a, title={{One}}, author = {{{people}}}\n}}").authors == names


def test_more_fields_than_any_entry_has_are_told():
    (record,) = read(b"@article{a, title = {One}, " + b"x=1, " * 6000 + b"}").records
    assert record.title == "One"
    assert record.warnings == ["More than 5,000 fields: the others stand only in the entry's own text."]


def test_what_latex_prints_of_dashes_and_quotation_marks():
    text = b"@article{a, title = {Peers --- ``a'' 2010--2015 ---- x}, note = {a--b ``c''}, url = {https://example.org/a--b}}"
    (record,) = read(text).records
    assert record.title == "Peers — “a” 2010–2015 ---- x"
    assert (record.extra["note"], record.url) == (["a--b ``c''"], "https://example.org/a--b")
