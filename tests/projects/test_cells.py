"""No cell of a CSV file is computed by the spreadsheet that opens it; and our own export reads back letter by letter."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.projects.cells import as_it_was, safe_cell, without_signs

ODD = st.text(st.one_of(st.sampled_from("=+-@\t\r\n '\"aあ\uff1d\uff0b\uff0d\uff20\ufeff\u200b\u00a0\x00"), st.characters()), max_size=8)


@pytest.mark.parametrize(
    "words",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\tHello",
        "\rHello",
        "\nHello",
        "  =1",
        "\u00a0=1",
        "\ufeff=1",
        "\u200b+1",
        "＝1",
        "＋1",
        "－1",
        "＠A",
    ],
)
def test_what_a_spreadsheet_would_compute_is_text(words):
    assert safe_cell(words) == "'" + words


@pytest.mark.parametrize("cell", ["Peer support", "", " Peer", "a=b", "5-10", "'90s music", "–5", 3, -3, 2.5, None])
def test_other_cells_stay_as_they_are(cell):
    assert safe_cell(cell) == cell


@given(ODD)
def test_no_cell_begins_a_formula(words):
    cell = safe_cell(words)
    assert cell[:1] not in tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
    assert cell.strip().lstrip("\ufeff\u200b\x00 ")[:1] not in tuple("=+-@\uff1d\uff0b\uff0d\uff20")


@given(ODD)
def test_what_was_made_safe_reads_back(words):
    assert as_it_was(safe_cell(words)) == words


@given(st.lists(ODD, min_size=1, max_size=4))
def test_it_reads_back_through_a_file(cells):
    text = io.StringIO(newline="")
    csv.writer(text).writerow(map(safe_cell, cells))
    rows = list(csv.reader(io.StringIO(text.getvalue(), newline="")))
    assert [as_it_was(cell) for cell in rows[0]] == cells


def test_words_that_were_made_safe_elsewhere_keep_their_apostrophe():
    assert safe_cell("'=1") == "''=1" and as_it_was("''=1") == "'=1"
    assert safe_cell("'quoted'") == "'quoted'" == as_it_was("'quoted'")


@given(ODD)
def test_names_for_other_programs_lose_their_signs(words):
    assert safe_cell(" ".join(without_signs(words).split())) == " ".join(without_signs(words).split())
    assert without_signs("Peer = support") == "Peer = support" and without_signs("=-@ Peer") == "Peer"
