"""The two dresses of the heat map: classes for the page's stylesheet, or attributes for a file opened alone.

Each part of the drawing has one entry; its value is put into the element's opening tag as it stands.
The standalone colours are the light theme's tokens (oklch) as sRGB.
"""

from collections.abc import Mapping

Look = Mapping[str, str]

_INK, _INK_2, _INK_3, _RULE, _EDGE, _LIGHT = "#1b202b", "#474d59", "#5e6570", "#d6d9de", "#7d848e", "#fdfdfd"
_FILLS = ("#f5f7f9", "#d2e1f5", "#9cbdeb", "#4773c0", "#203b8d")
# The text flips to light from band 3 on; "none" recedes.
_ON = (_INK_3, _INK, _INK, _LIGHT, _LIGHT)
_NUMBER = 'font-size="14.5" font-weight="500" font-family="Georgia, serif" text-anchor="middle"'

ON_PAGE: Look = {
    "lab": 'class="lab"',
    "year": 'class="year"',
    "diag": 'class="diag"',
    "v": 'class="v"',
    "leg": 'class="leg-t"',
    "legb": 'class="leg-t b"',
    "cellnone": 'class="cell diag"',
    "onnone": 'class="v on0"',
    **{f"cell{step}": f'class="cell h{step}"' for step in range(5)},
    **{f"on{step}": f'class="v on{step}"' for step in range(5)},
    **{f"key{step}": f'class="h{step} key"' for step in range(5)},
}

STANDALONE: Look = {
    "lab": f'font-size="13.5" fill="{_INK}"',
    "year": f'fill="{_INK_3}"',
    "diag": f'fill="none" stroke="{_EDGE}"',
    "v": f'{_NUMBER} fill="{_INK}"',
    "leg": f'font-size="13" fill="{_INK_2}"',
    "legb": f'font-size="13" font-weight="600" fill="{_INK}"',
    "cellnone": f'fill="none" stroke="{_RULE}"',
    "onnone": f'{_NUMBER} fill="{_INK_3}"',
    "cell0": f'fill="{_FILLS[0]}" stroke="{_RULE}"',
    **{f"cell{s}": f'fill="{_FILLS[s]}" stroke="#ffffff" stroke-width="2"' for s in range(1, 5)},
    **{f"on{s}": f'{_NUMBER} fill="{_ON[s]}"' for s in range(5)},
    **{f"key{s}": f'fill="{_FILLS[s]}" stroke="{_RULE}"' for s in range(5)},
}
