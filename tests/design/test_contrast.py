"""The colours hold their contrast in both themes: text 4.5 to 1, edges and marks 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11)."""

import math
import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
TOKEN = re.compile(r"--([\w-]+):\s*light-dark\(oklch\(([^)]*)\),\s*oklch\(([^)]*)\)\)")
PLACES = ["ground", "paper", "sunken"]
TEXT = [(ink, place) for ink in ("ink", "ink-2", "ink-3", "accent", "accent-strong") for place in PLACES]
TEXT += [
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("ink", "accent-soft"),
    ("ink-2", "accent-soft"),
    ("accent", "accent-soft"),
]
TEXT += [(f"{kind}-t", place) for kind in ("inc", "exc", "may", "con") for place in ("ground", "paper", f"{kind}-s")]
TEXT += [("ink", f"{kind}-s") for kind in ("inc", "exc", "may", "con")]
TEXT += [("h-lo", "h0"), ("h-lo", "h1"), ("h-lo", "h2"), ("on-h3", "h3"), ("h-hi", "h4"), ("ink-3", "h0")]
# The maybe mark is the one exception: a glyph of 3 to 1 always stands beside it.
EDGES = [(edge, place) for edge in ("edge", "accent", "inc-m", "exc-m", "con-m") for place in ("ground", "paper")]


def tokens() -> dict[str, tuple[str, str]]:
    """Each colour token's light and dark oklch() arguments."""
    return {name: (light, dark) for name, light, dark in TOKEN.findall((CSS / "tokens.css").read_text())}


def luminance(oklch: str) -> float:
    """Relative luminance (WCAG 2.2) of "L C h". The matrices are those of CSS Color 4, section 10."""
    lightness, chroma, hue = (float(part) for part in oklch.split())
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    red, green, blue = (min(max(part, 0.0), 1.0) for part in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_measure_itself_knows_black_white_and_a_published_blue():
    assert contrast("1 0 0", "0 0 0") == pytest.approx(21, abs=0.01)
    # CSS blue, #0000ff, is oklch(.452 .3132 264.05) and stands 8.59 to 1 against white.
    assert contrast("1 0 0", ".45201 .31321 264.05") == pytest.approx(8.59, abs=0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read_on_every_surface_it_stands_on(theme):
    values = {name: pair[theme == "dark"] for name, pair in tokens().items()}
    weak = [
        (ink, place, round(contrast(values[ink], values[place]), 2)) for ink, place in TEXT if contrast(values[ink], values[place]) < 4.5
    ]
    assert weak == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_edges_and_marks_can_be_seen(theme):
    values = {name: pair[theme == "dark"] for name, pair in tokens().items()}
    weak = [
        (edge, place, round(contrast(values[edge], values[place]), 2)) for edge, place in EDGES if contrast(values[edge], values[place]) < 3
    ]
    assert weak == []


def test_heat_bands_differ_in_lightness_alone_and_in_order():
    for theme in (0, 1):
        steps = [luminance(tokens()[f"h{band}"][theme]) for band in range(5)]
        assert steps == sorted(steps, reverse=theme == 0)


def test_colours_are_defined_in_one_file_only():
    elsewhere = {
        sheet.name: re.findall(r"#[0-9a-f]{3,8}\b(?!\))|oklch\(\.|rgb\(|hsl\(", sheet.read_text(), re.I)
        for sheet in CSS.glob("*.css")
        if sheet.name != "tokens.css"
    }
    assert {name: found for name, found in elsewhere.items() if found} == {}


def test_every_token_used_is_defined():
    text = "".join(sheet.read_text() for sheet in CSS.glob("*.css"))
    used, defined = set(re.findall(r"var\(--([\w-]+)", text)), set(re.findall(r"--([\w-]+):", text))
    assert used - defined == set()


def test_no_text_is_under_thirteen_pixels():
    for sheet in CSS.glob("*.css"):
        sizes = [float(size) for size in re.findall(r"font(?:-size)?:[^;{}]*?(\d*\.?\d+)rem", sheet.read_text())]
        assert all(size >= 0.8125 for size in sizes), sheet.name
        assert not [size for size in re.findall(r"font(?:-size)?:[^;{}]*?(\d+(?:\.\d+)?)px", sheet.read_text()) if float(size) < 13], (
            sheet.name
        )
