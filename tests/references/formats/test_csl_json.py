"""CSL-JSON in its shapes: lists, one item, CrossRef's answer, names and dates of every kind, damaged items."""

import json

import pytest

from screening.references.formats import ReadError, read

ITEM = {
    "id": "winter2019",
    "type": "article-journal",
    "title": "Peer <i>workers</i> in 10<sup>3</sup> houses",
    "author": [
        {"family": "Winter", "given": "Anna", "suffix": "Jr"},
        {"family": "Berg", "given": "Jo", "non-dropping-particle": "van den"},
        {"family": "Gogh", "given": "Vic", "dropping-particle": "von"},
        {"literal": "The Crisis Group"},
    ],
    "issued": {"date-parts": [[2019, 3, 1]]},
    "container-title": "Journal of Crisis Care",
    "volume": 12,
    "issue": "3",
    "page": "45-52",
    "DOI": "https://doi.org/10.1000/CRISIS.12",
    "PMID": "31234567",
    "ISSN": ["1234-5679", "2049-3630"],
    "abstract": "Words &amp; numbers.",
    "keyword": "peer support; crisis",
    "note": 'RAYYAN-INCLUSION: {"Anna"=>"Included"}',
    "custom": {"deep": [1, {"er": None}]},
}


def one(**changes: object):
    (record,) = read(json.dumps([ITEM | changes]).encode()).records
    return record


def test_an_item():
    record = one()
    assert record.title == "Peer workers in 10³ houses"
    assert record.authors == ["Winter, Anna, Jr", "van den Berg, Jo", "Gogh, Vic von", "The Crisis Group"]
    assert (record.year, record.journal, record.volume, record.issue, record.pages) == (2019, "Journal of Crisis Care", "12", "3", "45-52")
    assert (record.doi, record.pmid, record.issn, record.accession) == ("10.1000/crisis.12", "31234567", "1234-5679", "winter2019")
    assert (record.abstract, record.keywords, record.kind) == ("Words & numbers.", ["peer support", "crisis"], "article-journal")
    assert record.extra["note"] == ['RAYYAN-INCLUSION: {"Anna"=>"Included"}']
    assert record.extra["ISSN"] == ["2049-3630"]
    assert json.loads(record.extra["custom"][0]) == ITEM["custom"]
    assert record.extra["issued"] == ["2019-3-1"]
    assert json.loads(record.raw) == ITEM


@pytest.mark.parametrize(
    ("issued", "year"),
    [
        ({"raw": "March 2011"}, 2011),
        ({"literal": "c. 1999"}, 1999),
        ({"date-parts": [["2004"]]}, 2004),
        ({"date-parts": [[None]]}, None),
        ({"date-parts": []}, None),
        ({"date-parts": 7}, None),
        ("2010-05-05", 2010),
        (2008, 2008),
        (None, None),
        ([], None),
    ],
)
def test_dates(issued, year):
    assert one(issued=issued).year == year


@pytest.mark.parametrize("author", ["Anna Winter", ["Anna Winter"], {"name": "Anna Winter"}, [{"literal": "Anna Winter"}, 3, None, {}]])
def test_odd_authors(author):
    assert one(author=author).authors == ["Anna Winter"]


def test_editors_stand_in_for_authors():
    record = one(author=[], editor=[{"family": "Winter", "given": "Anna"}])
    assert record.authors == ["Winter, Anna"]
    assert "editor" not in record.extra
    assert "editor" in one(editor=[{"family": "Frost"}]).extra


def test_one_item_alone_and_a_list_inside_an_object():
    assert read(json.dumps(ITEM).encode()).records[0].year == 2019
    assert len(read(json.dumps({"status": "ok", "items": [ITEM, ITEM]}).encode()).records) == 2
    assert len(read(b"\xef\xbb\xbf" + json.dumps([ITEM], indent=2).replace("\n", "\r\n").encode()).records) == 1


def test_titles_in_lists_and_a_pmid_in_a_note():
    record = one(title=["One", "Another"], PMID=None, note="PMID: 77")
    assert (record.title, record.extra["title"], record.pmid) == ("One", ["Another"], "77")


def test_a_damaged_item_is_listed_and_the_next_is_read():
    text = "[\n" + json.dumps(ITEM) + ',\n{"id": "x", "type": "book", broken},\n' + json.dumps(ITEM) + "]"
    reading = read(text.encode())
    assert len(reading.records) == 2
    assert [(at.line, at.cause) for at in reading.not_read] == [(3, "The item is damaged or cut off.")]
    assert reading.records[1].line == 4


def test_a_cut_file_keeps_what_is_whole():
    reading = read((json.dumps([ITEM] * 3)[:-40]).encode())
    assert (len(reading.records), len(reading.not_read)) == (2, 1)


def test_many_damaged_items_end_the_reading_with_a_sentence():
    reading = read(("[" + json.dumps(ITEM) + ',{"id": x}' * 100 + "," + json.dumps(ITEM) + "]").encode())
    assert len(reading.records) == 1
    assert reading.not_read[-1].cause.endswith("the rest was left.")


def test_half_a_character_is_no_reason_to_fail():
    record = one(title="a \ud800 b")
    record.title.encode()


@pytest.mark.parametrize("data", [b'[{"itemType": "book", "title": "x"}]', b'{"a": 1}', b"[1, 2, 3]", b'[{"type": "x"}]'])
def test_other_json_is_refused_by_name(data):
    with pytest.raises(ReadError, match="JSON"):
        read(data)


def test_other_values_between_items_are_told_once_a_run():
    text = f'[{json.dumps(ITEM)}, 1, null, "words", [2, 3],\n{json.dumps(ITEM)}, 7]'
    reading = read(text.encode())
    assert [record.line for record in reading.records] == [1, 2]
    assert [(at.line, at.cause[:15]) for at in reading.not_read] == [(1, "This is no item"), (2, "This is no item")]


def test_what_crossref_answers():
    text = (
        '{"status":"ok","message-type":"work-list","message":{"facets":{},"total-results":1,"items":[{"DOI":"10.1000/X","type":"journal-article",'
        '"title":["One"],"author":[{"given":"A","family":"B"}],"issued":{"date-parts":[[2020,1]]},"container-title":["J"],"page":"1-2"}]}}'
    )
    (record,) = read(text.encode()).records
    assert (record.title, record.authors, record.year, record.journal, record.doi) == ("One", ["B, A"], 2020, "J", "10.1000/x")
