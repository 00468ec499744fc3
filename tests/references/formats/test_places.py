"""Where the text of a record stands in its file: to the letter, or nowhere."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.references.formats import ParsedRecord, read
from screening.references.formats.places import FIRST, NEAR, placed
from tests.corpus.test_readers import EXPORTS
from tests.shared import SHARED, needs_shared

RIS = "TY  - JOUR\nTI  - Peer support für Ältere – a trial\nAU  - Alder, J\nAB  - Words.\nER  - \n\n"
PLACED = [RIS, RIS * 3, "Provider: Ovid\n\n1.\n" + RIS + "\n\n2.\n" + RIS, RIS.replace("\n", "\r\n") * 2, RIS.replace("ER  - \n", "") * 2]


def stands_there(data: bytes, record: ParsedRecord) -> bool:
    begin, end = record.place
    return data[begin:end].decode() == record.raw


@pytest.mark.parametrize("text", PLACED)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"\xef\xbb\xbf" * 2])
def test_a_record_of_a_text_stands_where_it_is_said_to(text, mark):
    data = mark + text.encode()
    records = read(data).records
    assert records and all(record.place and stands_there(data, record) for record in records)
    places = [record.place for record in records]
    assert places == sorted(places) and all(one[1] <= other[0] for one, other in pairwise(places))


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_in_another_encoding_has_no_places(encoding):
    records = read((RIS * 3).encode(encoding)).records
    assert len(records) == 3 and [record.place for record in records] == [None] * 3


def test_a_text_that_was_mended_has_no_places():
    assert read((RIS * 3).replace("Words", "Wo\0rds").encode()).records[0].place is None
    assert read((RIS * 3).encode() + b"\xff").records[0].place is None


def test_files_put_one_behind_the_other_have_no_places():
    assert [record.place for record in read(("\ufeff" + RIS).encode() * 2).records] == [None] * 2


def test_a_record_made_anew_by_its_reader_has_no_place():
    (record,) = read(b"Title,Authors,Year\nPeer support,Alder J,2020\n").records
    assert record.raw and record.place is None


@given(st.lists(st.tuples(st.text(max_size=12), st.text(min_size=1, max_size=12), st.booleans()), max_size=8), st.integers(0, 6))
def test_a_place_is_never_wrong(pieces, mark):
    """Texts between records, records, and whether a record's text was changed on the way: what has a place stands there."""
    text = "".join(between + raw for between, raw, _ in pieces)
    records = [ParsedRecord(n, 1, raw + ("\u2028changed" if changed else "")) for n, (_, raw, changed) in enumerate(pieces, 1)]
    data = b"." * mark + text.encode("utf-8", "surrogatepass")
    for record in placed(iter(records), text, mark):
        if record.place:
            begin, end = record.place
            assert data[begin:end].decode("utf-8", "surrogatepass") == record.raw


def test_what_is_far_away_is_not_looked_for():
    raw = "far" * FIRST
    assert next(placed(iter([ParsedRecord(1, 1, raw)]), "." * (NEAR + 1) + raw, 0)).place is None
    assert next(placed(iter([ParsedRecord(1, 1, raw)]), "." * NEAR + raw, 0)).place == (NEAR, NEAR + len(raw))
    assert next(placed(iter([ParsedRecord(1, 1, "")]), "any", 0)).place is None


@needs_shared
def test_records_of_real_files_stand_where_they_are_said_to():
    told = {"ris": 0, "nbib": 0}
    for row in EXPORTS:
        path = SHARED / "data" / row["path"]
        if row["format"] not in told or "/negatives" in row["path"]:
            continue
        data = path.read_bytes()
        for record in read(data).records:
            if record.place:
                assert stands_there(data, record), (path, record.ordinal)
                told[row["format"]] += 1
    assert told["ris"] > 1000 and told["nbib"] > 100, told
