"""The heat map: every value printed as text, colours by class or by attribute, nothing a reader typed left unescaped."""

import re
import xml.etree.ElementTree as ElementTree
from itertools import combinations

import pytest

from extraction.overlap.heatmap import MOST_REVIEWS, MOST_REVIEWS_NARROW, ReviewLabel, heat_map, why_no_map
from extraction.overlap.rules import CitationMatrix, overlap, percent
from tests.overlap.published import from_cells

SVG = "{http://www.w3.org/2000/svg}"
# Five reviews of 20 studies: pairs with the first share 0, 0.5 (slight), 1, 2 and 3 in 20.
BANDS = [[1, 0, 1, 1, 1]] + [[1, 0, 0, 1, 1]] + [[1, 0, 0, 0, 1]] + [[1, 0, 0, 0, 0]] * 17 + [[0, 1, 0, 0, 0]]


def many(count: int):
    reviews = [f"Review {n}" for n in range(count)]
    return overlap(CitationMatrix.from_citations(reviews, [(review, n % 3) for n, review in enumerate(reviews)]))


def parsed(drawing: str) -> ElementTree.Element:
    """The page's drawing is HTML: attributes without a value are given one so that an XML parser reads it."""
    return ElementTree.fromstring(re.sub(r" (data-heatmap|data-ring)(?=[ />])", r' \1=""', drawing))


def cells(drawing: str) -> list[ElementTree.Element]:
    return [g for g in parsed(drawing).iter("g") if g.get("role") == "button"]


def test_one_cell_per_pair_with_its_share_printed_and_said():
    result = overlap(from_cells(BANDS))
    found = {(g.get("data-i"), g.get("data-j")): g for g in cells(heat_map(result))}
    assert len(found) == 10
    for i, j in combinations(range(5), 2):
        pair, cell = result.pairs.between(i, j), found[str(i), str(j)]
        assert cell.find("text").text == percent(pair.cca)
        assert f"R{i} and R{j}: {percent(pair.cca)}%" in cell.get("aria-label")
        assert cell.get("aria-label").endswith(f"{pair.shared} shared")


@pytest.mark.parametrize(("review", "step", "word"), [(1, 0, "none"), (2, 2, "moderate"), (3, 3, "high"), (4, 4, "very high")])
def test_colour_and_text_follow_the_band(review, step, word):
    cell = next(g for g in cells(heat_map(overlap(from_cells(BANDS)))) if (g.get("data-i"), g.get("data-j")) == ("0", str(review)))
    assert cell.find("rect").get("class") == f"cell h{step}"
    assert cell.find("text").get("class") == f"v on{step}"
    assert cell.get("data-band") == word


def test_a_share_below_five_per_cent_is_slight_not_none():
    result = overlap(from_cells([[1, 1]] + [[1, 0]] * 3000))
    cell = cells(heat_map(result))[0]
    assert (cell.find("text").text, cell.find("rect").get("class")) == ("0.0", "cell h1")


def test_the_diagonal_shows_studies_only_there_and_all():
    drawing = parsed(heat_map(overlap(from_cells(BANDS))))
    assert [t.text for t in drawing.findall("text") if t.get("class") == "v"] == ["17/20", "1/1", "0/1", "0/2", "0/3"]


def test_one_tab_stop_and_the_hooks_of_the_script():
    drawing = heat_map(overlap(from_cells(BANDS)), panel="chosen")
    assert [g.get("tabindex") for g in cells(drawing)] == ["0"] + ["-1"] * 9
    assert [g.get("aria-pressed") for g in cells(drawing)].count("true") == 1
    svg = parsed(drawing)
    assert (svg.get("role"), svg.get("data-panel"), svg.get("class")) == ("group", "chosen", "wid")
    assert "data-heatmap" in svg.attrib
    assert len([rect for rect in svg.iter("rect") if "data-ring" in rect.attrib]) == 2
    labels = {text.get("data-lab") for text in svg.iter("text")} - {None}
    assert labels == {g.get("data-a") for g in cells(drawing)} | {g.get("data-b") for g in cells(drawing)}


def test_the_panel_is_told_what_the_pair_rests_on():
    result = overlap(from_cells([[1, 1], [1, None], [1, 0], [0, 1]]))
    cell = cells(heat_map(result, [ReviewLabel("Elm", 2022), ReviewLabel("Fir")]))[0]
    fields = {name: cell.get(f"data-{name}") for name in ("name", "cca", "unadjusted", "shared", "either", "missing", "most", "band")}
    assert fields == {
        "name": "Elm 2022 and Fir", "cca": "33.3%", "unadjusted": "25.0%", "shared": "1", "either": "4",
        "missing": "1", "most": "66.7%", "band": "very high",
    }  # fmt: skip


def test_a_pair_that_cannot_be_compared_is_crossed_and_explained():
    result = overlap(from_cells([[None, 1], [1, None]]))
    cell = cells(heat_map(result))[0]
    assert (cell.find("text").text, cell.get("data-cca"), cell.get("data-band")) == ("×", "not comparable", "not comparable")
    assert "×: not comparable" in heat_map(result)
    assert "not comparable" not in heat_map(overlap(from_cells([[1, 1]])))


def test_the_page_carries_no_style_and_the_file_no_class():
    page, file = (heat_map(overlap(from_cells(BANDS)), standalone=alone) for alone in (False, True))
    assert "style" not in page
    assert "fill=" not in page
    assert "class=" not in file
    assert "<style" not in file
    assert all(element.get("fill") or element.get("stroke") for element in ElementTree.fromstring(file).iter(f"{SVG}rect"))


def test_the_file_opened_alone_is_sized_titled_and_says_its_assumptions():
    result = overlap(from_cells([[1, 1], [1, None], [1, 0], [0, 1]]))
    svg = ElementTree.fromstring(heat_map(result, standalone=True))
    _, _, width, height = svg.get("viewBox").split()
    assert (svg.get("width"), svg.get("height")) == (width, height)
    caption = (
        "Corrected covered area 33.3% (very high): 2 reviews, 4 studies, 5 inclusions, 1 cell out of reach set aside; with them 25.0%."
    )
    assert caption in "".join(text.text or "" for text in svg.iter(f"{SVG}text"))
    assert caption in svg.find(f"{SVG}title").text


@pytest.mark.parametrize("standalone", [False, True])
def test_names_are_escaped_and_control_characters_dropped(standalone):
    name = 'A <script>"x"</script> & \x00B'
    drawing = heat_map(overlap(from_cells([[1, 1]])), [ReviewLabel(name), ReviewLabel("C")], standalone=standalone)
    assert "<script" not in drawing
    assert 'A <script>"x"</script> & B' in "".join(
        [*parsed(drawing).itertext(), *(value for element in parsed(drawing).iter() for value in element.attrib.values())]
    )


def test_a_long_name_is_shortened_and_kept_whole_beside_it():
    name = "A systematic review of everything that was ever published on peer support"
    drawing = heat_map(overlap(from_cells([[1, 1]])), [ReviewLabel(name, 2020), ReviewLabel("B")])
    assert "A systematic review of ev…" in drawing
    assert f"<title>{name} 2020</title>" in drawing


DRAWINGS = [(count, look) for count in (2, 3, 14, 15, 30, MOST_REVIEWS) for look in ({}, {"standalone": True})]
DRAWINGS += [(count, {"narrow": True}) for count in (2, 3, 9, MOST_REVIEWS_NARROW)]


@pytest.mark.parametrize(("count", "look"), DRAWINGS)
def test_any_readable_number_of_reviews_stays_inside_its_frame(count, look):
    svg = parsed(heat_map(many(count), **look))
    left, top, width, height = map(float, svg.get("viewBox").split())
    for element in svg.iter():
        if element.get("x") and not element.get("width", "").endswith("%"):
            assert left <= float(element.get("x")) <= left + width
            assert top <= float(element.get("y")) <= top + height
    if look.get("narrow"):
        assert width == 328


def test_the_legend_covers_no_label_and_no_cell():
    for count in range(2, 25):
        svg = parsed(heat_map(many(count)))
        first_key = next(float(r.get("y")) for r in svg.iter("rect") if "key" in r.get("class", ""))
        for text in svg.iter("text"):
            if text.get("text-anchor") == "end" and float(text.get("y")) > first_key - 50:
                assert float(text.get("x")) - 8 * len("".join(text.itertext())) > 215


@pytest.mark.parametrize(("count", "narrow"), [(0, False), (1, False), (MOST_REVIEWS + 1, False), (MOST_REVIEWS_NARROW + 1, True)])
def test_where_there_is_no_map_it_says_so_in_words(count, narrow):
    sentence = why_no_map(count, narrow=narrow)
    for standalone in (False, True):
        drawing = heat_map(many(count), narrow=narrow, standalone=standalone)
        said = " ".join(text.text for text in parsed(drawing).iter() if text.tag.endswith("text"))
        assert said == sentence
    assert count < 2 or "table of pairs" in sentence


def test_labels_must_fit_the_reviews():
    with pytest.raises(ValueError, match="1 labels for 2 reviews"):
        heat_map(overlap(from_cells([[1, 1]])), [ReviewLabel("A")])
