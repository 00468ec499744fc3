"""Every format gives its records one by one: of a file of a hundred thousand, only a few are held at any moment."""

from itertools import islice

import pytest

from screening.references.formats import FORMATS, Limits, ReadError, read, stream, table
from tests.references.formats.mutants import SEEDS

MODULES = {module.NAME: module for module in FORMATS if module is not table}
REPEATED = {name: data for name, data in SEEDS.items() if name not in ("csl", "json", "csv", "tsv", "utf-16", "gb18030", "cp1252")}


@pytest.mark.parametrize("name", REPEATED)
def test_a_record_is_given_before_the_next_ones_are_made(name, monkeypatch):
    data = REPEATED[name] * 50
    module = MODULES[read(REPEATED[name]).format]
    made = []
    compose = module.compose
    monkeypatch.setattr(module, "compose", lambda *args, **kwargs: made.append(1) or compose(*args, **kwargs))
    _reading, records = stream(data)
    given = list(islice(records, 5))
    assert [record.ordinal for record in given] == [1, 2, 3, 4, 5]
    assert len(made) <= 6
    assert len(given) + sum(1 for _ in records) == 50


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES.keys())
def test_every_format_offers_its_records_one_by_one(module):
    assert callable(module.each)
    assert not hasattr(module, "read")


def test_what_gives_no_record_is_listed_when_it_is_passed():
    good, bad = b"PMID- 1\nTI  - One\n\n", b"PMID- 2\n\n"
    reading, records = stream(good + bad + good.replace(b"1", b"3"))
    assert next(records).pmid == "1"
    assert reading.not_read == []
    assert next(records).pmid == "3"
    assert [gap.line for gap in reading.not_read] == [4]


@pytest.mark.parametrize("tag", ["PMID- 1\nTI  - One\nOT  - ", "PT J\nTI x\nAU A, B\nID ", "%0 Book\n%A A, B\n%T One\n%K "])
def test_the_lines_of_a_wrapped_value_are_put_together(tag):
    (record,) = read((tag + "first\n   second ; third\n   fourth\n").encode()).records
    assert " ".join(record.keywords) == "first second third fourth"


def test_too_many_records_behind_a_long_beginning_are_told_while_they_are_read():
    """The beginning lets one expect few: so they are not counted before the first is read."""
    one = b"TY  - JOUR\nTI  - One\nER  - \n"
    long = b"TY  - JOUR\nTI  - Long\nAB  - " + b"word " * 100_000 + b"\nER  - \n"
    _, records = stream(long + one * 60, "long.ris", limits=Limits(records=50))
    with pytest.raises(ReadError, match=r"^long\.ris: .*more than 50 records"):
        list(records)
    with pytest.raises(ReadError, match="more than 50 records"):
        stream(one * 60, limits=Limits(records=50))
    assert len(list(stream(long + one * 49, limits=Limits(records=50))[1])) == 50
