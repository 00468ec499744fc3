"""Tags of RIS as they are met: other dashes and gaps, small letters, the quotation marks of a spreadsheet."""

import pytest

from screening.references.formats import ParsedRecord, read


def one(text: str) -> ParsedRecord:
    (record,) = read(text.encode()).records
    return record


def in_a_spreadsheet(line: str) -> str:
    return '"' + line.replace('"', '""') + '"' if "," in line or '"' in line else line


ODD_TAGS = {
    "no gap": lambda line: line.replace("  - ", "- "),
    "tabs": lambda line: line.replace("  - ", "\t-\t"),
    "small letters": lambda line: line[:2].lower() + line[2:],
    "small and no gap": lambda line: line[:2].lower() + line[2:].replace("  - ", "- "),
    "an en dash": lambda line: line.replace("  - ", "  – "),
    "an em dash": lambda line: line.replace("  - ", " — "),
    "saved by a spreadsheet": in_a_spreadsheet,
    "first and last tight": lambda line: line.replace("TY  - ", "TY- ").replace("ER  - ", "ER-"),
}


@pytest.mark.parametrize("way", ODD_TAGS)
def test_tags_written_another_way_throughout_are_tags(way):
    lines = ["TY  - JOUR", "AU  - Alder, J", 'TI  - One, of "two" - an x', "PY  - 2019", "SP  - 1", "EP  - 9", "ER  - "]
    as_standard, otherwise = (read("\n".join(map(write, lines * 2)).encode()) for write in (str, ODD_TAGS[way]))
    fields = [(record.kind, record.authors, record.title, record.year, record.pages, record.extra) for record in as_standard.records]
    assert fields == [(record.kind, record.authors, record.title, record.year, record.pages, record.extra) for record in otherwise.records]
    assert len(fields) == 2 and not otherwise.not_read and not otherwise.records[0].warnings


def test_small_letters_are_text_where_the_tags_are_capitals():
    record = one("TY  - JOUR\nTI  - One\nAB  - There is\nno  - or hardly any\nan- x\nER  - \n")
    assert record.abstract == "There is no - or hardly any an- x"


def test_a_doi_in_any_of_the_addresses():
    assert one("TY  - JOUR\nTI  - One\nUR  - https://a.example/1\nUR  - https://doi.org/10.1000/X\nER  - \n").doi == "10.1000/x"


def test_a_name_broken_behind_its_comma_is_one():
    assert one("TY  - JOUR\nTI  - One\nAU  - Alder,\n      Jo\nAU  - Birch ,B C\nER  - \n").authors == ["Alder, Jo", "Birch, B C"]
    assert one("TY  - JOUR\nTI  - One\nAU  - Alder, J,\nBirch, B\nER  - \n").authors == ["Alder, J", "Birch, B"]
