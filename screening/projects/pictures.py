"""A drawing (SVG) as a picture (PNG), set in the fonts of the pages wherever it is made. No database."""

import os
import tempfile
from functools import cache
from pathlib import Path

import resvg_py
from django.conf import settings
from fontTools.ttLib import TTFont

FONTS = Path(settings.BASE_DIR) / "assets" / "node" / "fonts"
# In the order in which a letter is looked for; a family's first file keeps the family's name.
FILES = (
    "atkinson-hyperlegible-next-latin-wght-normal",
    "source-serif-4-latin-wght-normal",
    "atkinson-hyperlegible-next-latin-ext-wght-normal",
    "source-sans-3-greek-wght-normal",
    "source-sans-3-cyrillic-wght-normal",
    "source-serif-4-latin-ext-wght-normal",
    "source-serif-4-greek-wght-normal",
    "source-serif-4-cyrillic-wght-normal",
)
FAMILY, FULL, WHOLE_FAMILY = 1, 4, 16


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """Where they lie unpacked until the process ends."""
    return tempfile.TemporaryDirectory(prefix="brolly-fonts-")


@cache
def _fonts() -> tuple[tuple[str, ...], frozenset[int]]:
    """The packaged fonts unpacked for the renderer (once in a process), and every letter they have."""
    folder = Path(_folder().name)
    found, letters = [], set[int]()
    for place, name in enumerate(FILES):
        source = FONTS / f"{name}.woff2"
        if not source.exists():
            continue
        with TTFont(source) as font:
            letters |= set(font.getBestCmap())
            # Parts of one family under one name would hide each other.
            if place > 1:
                for entry in (entry for entry in font["name"].names if entry.nameID in (FAMILY, FULL, WHOLE_FAMILY)):
                    entry.string = f"Part {place} {entry.toUnicode()}"
            font.flavor = None
            target = folder / f"{place}.ttf"
            font.save(target)
        found.append(os.fspath(target))
    return tuple(found), frozenset(letters)


def png(svg: str, *, zoom: float = 2) -> bytes:
    """A PNG of a drawing, `zoom` pixels to its unit. Letters our fonts lack come from the machine's fonts, if it has them.

    Raises ValueError if the text is no drawing.
    """
    files, letters = _fonts()
    known = bool(files) and all(ord(letter) in letters or letter.isspace() for letter in svg)
    return resvg_py.svg_to_bytes(svg_string=svg, font_files=list(files), skip_system_fonts=known, zoom=zoom, background="#ffffff")
