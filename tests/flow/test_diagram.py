"""The drawing: real text, a link for every box, nothing that is not settled in a box, the same bytes each time."""

import re
import xml.etree.ElementTree as ET

import pytest

from screening.flow.diagram import Waits, folded, wrapped
from screening.flow.layout import ForYou, alone, on_page
from screening.flow.rules import BOXES, RECORD_BOXES, REVIEWS, Place, SourceCount, count

LONG = "A reason so long that it has to be cut somewhere before its end <because> & so on"


def counts_with(sources: int = 2, reasons: int = 2, waiting: int = 40):
    places = {Place("databases", title="open"): waiting, Place("other", retrieval="retrieved", text="open"): 3}
    places |= {Place("databases", title="include", retrieval="retrieved", text="exclude", reason=str(n)): n + 1 for n in range(reasons)}
    return count(
        places=places,
        sources=[SourceCount(str(n), f"Source {n}", "database", 100) for n in range(sources)],
        reason_labels={str(n): f"{LONG} {n}" for n in range(reasons)},
        reviews=0,
    )


def drawings(counts, you=None) -> list[ET.Element]:
    """The three SVGs of the page: the hatch, the wide drawing, the narrow one."""
    return list(ET.fromstring(f"<div>{on_page(counts, link=lambda box: f'/to/{box}', you=you)}</div>"))


def words_of(svg: ET.Element) -> str:
    return " ".join(text for text in svg.itertext())


@pytest.mark.parametrize("which", [1, 2])
def test_each_box_links_to_its_list_and_has_its_number_as_text(which):
    svg = drawings(counts_with())[which]
    addresses = {link.get("href").removeprefix("/to/") for link in svg.iter("a")}
    assert addresses <= set(BOXES) | RECORD_BOXES | {REVIEWS}
    assert {"records_identified", "records_screened", "title_open", "dbr_excluded", "other_assessed", "new_studies"} <= addresses
    assert "Titles and abstracts" in words_of(svg) and "40 not settled yet" in words_of(svg)
    assert all(link.get("aria-label") for link in svg.iter("a"))


def test_the_hatch_stands_outside_both_drawings():
    hatch, wide, narrow = drawings(counts_with())
    assert hatch.find(".//pattern").get("id") == "hatch"
    assert wide.find(".//pattern") is None and narrow.find(".//pattern") is None


def test_nothing_is_hatched_when_everything_is_settled():
    _, wide, _ = drawings(count(places={Place("databases", title="exclude"): 4}, sources=[], reason_labels={}, reviews=0))
    assert "not settled" not in words_of(wide) and 'class="pr-open"' not in ET.tostring(wide, encoding="unicode")


def test_what_waits_for_me_is_a_band_that_leads_to_my_work():
    _, wide, narrow = drawings(counts_with(), ForYou(titles=Waits(18, "/desk"), texts=Waits(1, "/texts")))
    for svg in (wide, narrow):
        bands = {link.get("href"): words_of(link) for link in svg.iter("a") if "for you" in words_of(link)}
        assert bands == {"/desk": "18 of these wait for you", "/texts": "1 of these waits for you"}


def test_many_sources_fold_into_the_last_line_and_lose_no_record():
    _, wide, _ = drawings(counts_with(sources=30))
    assert "and 25 more" in words_of(wide) and "2,500" in words_of(wide)
    assert folded([("a", 1), ("b", 2), ("c", 3)], 2) == [("a", 1), ("and 2 more", 5)]


def test_a_long_label_takes_the_lines_it_needs_and_nothing_is_cut():
    for svg in drawings(counts_with())[1:]:
        assert "…" not in words_of(svg)
        assert f"{LONG} 1" in " ".join(words_of(svg).split())


@pytest.mark.parametrize("label", [LONG, "Reference lists of included reviews", "Un" + "speakably" * 14, "", "a  b"])
def test_a_box_is_called_by_the_words_it_shows(label):
    """Whoever speaks to the computer says what they see: WCAG 2.2, 2.5.3."""
    counts = count(
        places={Place("databases", title="include", retrieval="retrieved", text="exclude", reason="r"): 1203},
        sources=[SourceCount("s", label, "database", 1203), SourceCount("c", label, "citation", 7)],
        reason_labels={"r": label},
        reviews=0,
    )
    for svg in drawings(counts)[1:]:
        for link in svg.iter("a"):
            seen, called = (re.sub(r"[^\w=,]+", " ", words).split() for words in (words_of(link), link.get("aria-label")))
            assert called[: len(seen)] == seen or "not settled" in words_of(link)


def test_words_are_wrapped_to_their_width_and_a_long_one_is_broken():
    assert wrapped("two words", 40) == ["two", "words"]
    assert wrapped("a incomprehensibilities b", 60) == ["a", "incomprehe", "nsibilitie", "s b"]
    for text in (LONG, "x" * 500, f"{'long' * 9} and short"):
        lines = wrapped(text, 100)
        assert max(map(len, lines)) <= 16 and "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_labels_are_escaped_everywhere():
    assert "<because>" not in on_page(counts_with(), link=str) and "<because>" not in alone(counts_with(), title="<because>")


def test_the_drawing_that_stands_alone_needs_no_style_sheet_and_cuts_nothing():
    counts = counts_with(sources=12, reasons=9)
    text = alone(counts, title="Peer support")
    svg = ET.fromstring(text)
    assert text == alone(counts, title="Peer support")
    assert "class=" not in text and "style=" not in text and "<a " not in text
    words = " ".join(words_of(svg).split())
    for label in (
        "Records removed before",
        "Records screened",
        "Reports sought for retrieval",
        "Reports not retrieved",
        "Reviews included in umbrella",
    ):
        assert label in words
    assert "…" not in text and "more" not in words and "Source 11" in words
    assert all("font-family" in element.attrib for element in svg.iter("{http://www.w3.org/2000/svg}text"))


def test_boxes_do_not_run_into_each_other():
    svg = ET.fromstring(alone(counts_with(sources=12, reasons=9), title="t"))
    boxes = [
        tuple(float(r.get(k)) for k in ("x", "y", "width", "height")) for r in svg.iter("{http://www.w3.org/2000/svg}rect") if r.get("rx")
    ]
    for n, (x, y, w, h) in enumerate(boxes):
        for a, b, c, d in boxes[n + 1 :]:
            assert x + w <= a or a + c <= x or y + h <= b or b + d <= y
    assert float(re.search(r'height="(\d+)', alone(counts_with(), title="t")).group(1)) > 300
