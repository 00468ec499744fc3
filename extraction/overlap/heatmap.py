"""The heat map of overlap between pairs of reviews: an SVG with real text, the same on the page and in the export.

Upper triangle; in the diagonal, of each review, studies in no other review / all its studies; one decimal in each
cell; colour by band, decided on the unrounded value. On the page colours come from the stylesheet through classes
(`cell h0` to `cell h4`, `v on0` to `v on4`) and `heatmap.js` moves the focus; a standalone drawing carries its own.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from html import escape

from .heatmap_look import ON_PAGE, STANDALONE, Look
from .heatmap_words import ENGLISH, HeatWords
from .pairs import Pair
from .rules import Overlap, ReviewOverlap, band_step, percent

MOST_REVIEWS = 60
MOST_REVIEWS_NARROW = 16


@dataclass(frozen=True)
class ReviewLabel:
    """How a review is called in the drawing: a short name, and its year where known."""

    name: str
    year: int | None = None

    def __str__(self) -> str:
        return self.name if self.year is None else f"{self.name} {self.year}"

    def shortened(self, most: int) -> str:
        name = " ".join(self.name.split())
        return name if len(name) <= most else name[: most - 1].rstrip() + "…"


@dataclass(frozen=True)
class _Shape:
    """Sizes in pixels at 100%: a cell, the room left of the first column and above the first row, the legend."""

    cell_width: float
    cell_height: float
    left: float
    top: float
    least_width: float
    legend_step: float
    legend_width: float
    most_letters: int
    narrow: bool


def heat_map(
    result: Overlap,
    labels: Sequence[ReviewLabel] | None = None,
    *,
    standalone: bool = False,
    narrow: bool = False,
    panel: str = "pair",
    words: HeatWords = ENGLISH,
) -> str:
    """The drawing as an SVG string, every name in it escaped.

    labels: one per review of `result.per_review`, in that order (default: the reviews' keys). narrow: for small
    screens, without numbers in the cells. panel: id of the element in which heatmap.js reads out the chosen pair.
    words: what stands in it, in another language than English.
    With fewer than 2 or more than 60 reviews (16 if narrow) the SVG holds the sentence of `why_no_map` instead.
    Raises ValueError when the number of labels is not the number of reviews.
    """
    names = list(labels) if labels is not None else [ReviewLabel(str(r.review)) for r in result.per_review]
    if len(names) != result.reviews:
        raise ValueError(f"{len(names)} labels for {result.reviews} reviews")
    look = STANDALONE if standalone else ON_PAGE
    sentence = why_no_map(result.reviews, narrow=narrow, words=words)
    if sentence:
        return _sentence_drawing(sentence, look, narrow)
    return _Drawing(result, names, look, narrow, panel, words).svg()


def why_no_map(reviews: int, *, narrow: bool = False, words: HeatWords = ENGLISH) -> str | None:
    """Why there is no heat map for so many reviews and what to read instead; None where there is one."""
    if reviews < 2:
        return words.too_few
    if reviews > (MOST_REVIEWS_NARROW if narrow else MOST_REVIEWS):
        sentence = words.too_many_for_narrow if narrow and reviews <= MOST_REVIEWS else words.too_many
        return sentence % {"reviews": reviews}
    return None


class _Drawing:
    """One heat map being drawn."""

    def __init__(self, result: Overlap, labels: list[ReviewLabel], look: Look, narrow: bool, panel: str, words: HeatWords) -> None:
        self.result, self.labels, self.look, self.panel, self.words = result, labels, look, panel, words
        self.shape = _shape(result, labels, narrow)
        self.count = len(labels)
        self.undefined = any(True for _ in result.pairs.undefined())

    def svg(self) -> str:
        shape = self.shape
        body = "".join(self._row(i) for i in range(self.count))
        grid_bottom = shape.top + self.count * shape.cell_height
        legend, bottom = self._legend(grid_bottom)
        right = shape.left + self.count * shape.cell_width
        right += 4 if shape.narrow else max(44, self._last_label_width() - shape.cell_width / 2)
        width, height = right, max(grid_bottom, bottom) + 6
        caption = self.words.caption(self.result)
        if self.look is STANDALONE:
            legend += f'<text {self.look["leg"]} x="0" y="{_n(height + 16)}">{escape(caption)}</text>'
            height += 26
            width = max(width, _text_width(caption))
        else:
            # A drawing of few reviews keeps its size instead of being blown up to the column's width.
            width = max(width, shape.least_width)
        return self._frame(body + legend + self._rings(), width, height, caption)

    def _frame(self, body: str, width: float, height: float, caption: str) -> str:
        box = f'viewBox="0 0 {_n(width)} {_n(height)}"'
        if self.look is STANDALONE:
            return _standalone_frame(body, width, height, f"{self.words.name}. {caption}")
        kind = "nar" if self.shape.narrow else "wid large" if width > 1000 else "wid"
        return (
            f'<svg class="{kind}" {box} role="group" aria-label="{_text(self.words.named_with_keys)}" '
            f'data-heatmap data-panel="{_text(self.panel)}">{body}</svg>'
        )

    def _row(self, i: int) -> str:
        shape, look = self.shape, self.look
        x, y = shape.left + i * shape.cell_width, shape.top + i * shape.cell_height
        middle = y + shape.cell_height / 2
        parts = [self._label(i, f'x="{_n(x - 9)}" y="{_n(middle + 4.5)}" text-anchor="end"')]
        if i and not shape.narrow:
            turned = f"translate({_n(x + shape.cell_width / 2 - 2)} {_n(shape.top - 7)}) rotate(-42)"
            parts.append(self._label(i, f'transform="{turned}"'))
        parts.append(
            f'<rect {look["diag"]} x="{_n(x + 2)}" y="{_n(y + 2)}" '
            f'width="{_n(shape.cell_width - 4)}" height="{_n(shape.cell_height - 4)}"/>'
        )
        if not shape.narrow:
            text = _diagonal(self.result.per_review[i])
            parts.append(f"<text {look['v']} {self._centre(x, middle)}>{text}</text>")
        parts += [self._cell(i, j, y) for j in range(i + 1, self.count)]
        return "".join(parts)

    def _label(self, i: int, place: str) -> str:
        label = self.labels[i]
        short = label.shortened(self.shape.most_letters)
        year = "" if label.year is None else f" <tspan {self.look['year']}>{label.year}</tspan>"
        full = f"<title>{_text(str(label))}</title>" if short != label.name else ""
        mark = "" if self.look is STANDALONE else f' data-lab="{i}"'
        return f"<text {self.look['lab']}{mark} {place}>{full}{_text(short)}{year}</text>"

    def _cell(self, i: int, j: int, y: float) -> str:
        shape, look, pair = self.shape, self.look, self.result.pairs.between(i, j)
        value = pair.cca_adjusted
        step = band_step(value)
        x = shape.left + j * shape.cell_width
        colour = "none" if step is None else step
        drawn = f'<rect {look[f"cell{colour}"]} x="{_n(x)}" y="{_n(y)}" width="{_n(shape.cell_width)}" height="{_n(shape.cell_height)}"/>'
        if not shape.narrow:
            text = "×" if value is None else percent(value)
            drawn += f"<text {look[f'on{colour}']} {self._centre(x, y + shape.cell_height / 2)}>{text}</text>"
        said = _said(self.labels[i], self.labels[j], pair, self.words)
        if look is STANDALONE:
            return f"<g><title>{_text(said)}</title>{drawn}</g>"
        first = (i, j) == (0, 1)
        return (
            f'<g role="button" tabindex="{0 if first else -1}" aria-pressed="{"true" if first else "false"}" '
            f'aria-label="{_text(said)}" data-i="{i}" data-j="{j}" data-a="{i}" data-b="{j}" '
            f"{_fields(self.labels[i], self.labels[j], pair, self.words)}>{drawn}</g>"
        )

    def _centre(self, x: float, middle: float) -> str:
        return f'x="{_n(x + self.shape.cell_width / 2)}" y="{_n(middle + 5)}"'

    def _legend(self, grid_bottom: float) -> tuple[str, float]:
        """The legend and where it ends: in the empty lower triangle if it fits there, otherwise below."""
        shape, look, step, words = self.shape, self.look, self.shape.legend_step, self.words
        heads = [] if shape.narrow else [words.head]
        if heads and self.result.structurally_missing:
            heads.append(words.set_aside)
        notes = [] if shape.narrow else [words.diagonal]
        if self.undefined:
            notes.append(words.blank if shape.narrow else words.cross)
        height = (len(heads) + len(words.ranges) + len(notes)) * step + 4
        y = grid_bottom - height
        if not self._clear(y - 6):
            y = grid_bottom + step
        parts = []
        for place, text in enumerate(heads):
            parts.append(f'<text {look["legb" if place == 0 else "leg"]} x="0" y="{_n(y + place * step + 12.5)}">{_text(text)}</text>')
        y += len(heads) * step
        for place, (means, called) in enumerate(zip(words.ranges, words.bands, strict=True)):
            top = y + place * step
            more = "" if shape.narrow or place == 0 else f", {called}"
            parts.append(f'<rect {look[f"key{place}"]} x="0.5" y="{_n(top)}" width="22" height="15"/>')
            parts.append(f'<text {look["leg"]} x="31" y="{_n(top + 12.5)}">{_text(means + more)}</text>')
        y += len(words.ranges) * step
        for place, text in enumerate(notes):
            parts.append(f'<text {look["leg"]} x="0" y="{_n(y + place * step + 12.5)}">{_text(text)}</text>')
        return "".join(parts), y + len(notes) * step

    def _clear(self, y: float) -> bool:
        """No label of a row reaches into the legend's column below y."""
        shape = self.shape
        if y < shape.top:
            return False
        rows = range(max(0, int((y - shape.top) // shape.cell_height)), self.count)
        starts = (shape.left + i * shape.cell_width - 9 - _label_width(self.labels[i], shape.most_letters) for i in rows)
        return all(start > shape.legend_width for start in starts)

    def _last_label_width(self) -> float:
        return 0.75 * _label_width(self.labels[-1], self.shape.most_letters) + 12

    def _rings(self) -> str:
        if self.look is STANDALONE:
            return ""
        size = f'width="{_n(self.shape.cell_width + 4)}" height="{_n(self.shape.cell_height + 4)}" rx="2"'
        return f'<rect class="ring under" data-ring {size}/><rect class="ring" data-ring {size}/>'


def _shape(result: Overlap, labels: list[ReviewLabel], narrow: bool) -> _Shape:
    count = len(labels)
    if narrow:
        return _narrow_shape(labels)
    widest = max(len(_diagonal(review)) for review in result.per_review)
    shape = _Shape(
        cell_width=max(59 if count <= 14 else 46, 8 * widest + 12),
        cell_height=36 if count <= 14 else 30,
        left=0,
        top=0,
        least_width=880,
        legend_step=22,
        legend_width=215,
        most_letters=26,
        narrow=False,
    )
    widths = [_label_width(label, shape.most_letters) for label in labels]
    return replace(
        shape,
        left=max(60, *(w + 12 - i * shape.cell_width for i, w in enumerate(widths))),
        top=max(40, 0.68 * max(widths[1:]) + 20),
    )


def _narrow_shape(labels: list[ReviewLabel]) -> _Shape:
    left = max(60.0, *(_label_width(label, 11) + 12 for label in labels[:2]))
    cell = min(40.0, (324 - left) / len(labels))
    return _Shape(cell, 24, left, 8, 328, 19, 130, 11, True)


def _diagonal(review: ReviewOverlap) -> str:
    return f"{review.only_here}/{review.studies}"


def _said(a: ReviewLabel, b: ReviewLabel, pair: Pair, words: HeatWords) -> str:
    if pair.cca_adjusted is None:
        return words.pair_not_comparable % {"a": a, "b": b}
    called = words.bands[band_step(pair.cca_adjusted)]
    return words.pair_said % {"a": a, "b": b, "share": f"{percent(pair.cca_adjusted)}%", "band": called, "shared": pair.shared}


def _fields(a: ReviewLabel, b: ReviewLabel, pair: Pair, words: HeatWords) -> str:
    """What the panel beside the map may show of the pair, as data attributes."""
    step = band_step(pair.cca_adjusted)
    fields = {
        "name": words.pair % {"a": a, "b": b},
        "cca": _percent_or_reason(pair.cca_adjusted, words),
        "unadjusted": _percent_or_reason(pair.cca, words),
        "band": words.not_comparable if step is None else words.bands[step],
        "shared": pair.shared,
        "either": pair.either,
        "missing": pair.missing,
        "most": _percent_or_reason(pair.most_reachable, words),
    }
    return " ".join(f'data-{name}="{_text(str(value))}"' for name, value in fields.items())


def _percent_or_reason(value: Fraction | None, words: HeatWords) -> str:
    return words.not_comparable if value is None else f"{percent(value)}%"


def _sentence_drawing(sentence: str, look: Look, narrow: bool) -> str:
    """The sentence as SVG text, broken where the narrow drawing would cut it."""
    words, lines = sentence.split(), [""]
    for word in words:
        if lines[-1] and _text_width(f"{lines[-1]} {word}") > (320 if narrow else 700):
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    body = "".join(f'<text {look["leg"]} x="0" y="{20 + 20 * place}">{escape(line)}</text>' for place, line in enumerate(lines))
    width, height = (328 if narrow else 720), 20 * len(lines) + 12
    if look is STANDALONE:
        return _standalone_frame(body, width, height, sentence)
    return f'<svg class="{"nar" if narrow else "wid"}" viewBox="0 0 {width} {height}">{body}</svg>'


def _standalone_frame(body: str, width: float, height: float, title: str) -> str:
    edge = 16
    box = f"{-edge} {-edge} {_n(width + 2 * edge)} {_n(height + 2 * edge)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="{_n(width + 2 * edge)}" '
        f'height="{_n(height + 2 * edge)}" role="img" font-family="system-ui, Helvetica, Arial, sans-serif">'
        f"<title>{escape(title)}</title>"
        f'<rect x="{-edge}" y="{-edge}" width="100%" height="100%" fill="#ffffff"/>{body}</svg>'
    )


def _text_width(text: str) -> float:
    """Width in pixels at about 13.5 px, estimated; wide letters (Chinese, Japanese) take a full square."""
    return sum(13.5 if unicodedata.east_asian_width(sign) in "WF" else 7.8 for sign in text)


def _label_width(label: ReviewLabel, most: int) -> float:
    return _text_width(str(replace(label, name=label.shortened(most))))


def _text(words: str) -> str:
    """Words as XML text or attribute value: escaped, control characters (which no XML may hold) taken out."""
    return escape("".join(sign for sign in words if unicodedata.category(sign) not in ("Cc", "Cs")))


def _n(number: float) -> str:
    """A coordinate without a needless tail: 59.0 -> 59."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
