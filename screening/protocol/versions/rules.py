"""What sets two versions of a protocol apart, word by word, and what a version is called. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from screening.protocol.rules import asked_at

PieceKind = Literal["same", "removed", "added"]
LineState = Literal["added", "removed", "changed", "moved", "same"]
Standing = Literal["recorded", "draft", "registered", "amended"]
Texts = Mapping[str, str]

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
# Beyond this many words the comparison is made sentence by sentence: it grows with their product.
MOST_WORDS = 2_000
SENTENCES = re.compile(r"[^.!?\n]*[.!?\n]*\s*")


@dataclass(frozen=True)
class Piece:
    """A stretch of text that both sides have, or only one."""

    kind: PieceKind
    text: str


def word_differences(before: str, after: str) -> list[Piece]:
    """`before` and `after` as stretches: the pieces same and removed give `before` again, same and added `after`.

    What changed is told in whole words; a single space between two changed words is counted with them, so that a
    rewritten phrase reads as one. Very long texts are compared sentence by sentence.
    """
    cut = WORDS if len(before) + len(after) < MOST_WORDS * 6 else SENTENCES
    old, new = ([part for part in cut.findall(text) if part] for text in (before, after))
    pieces: list[Piece] = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(old[i:j])))
            continue
        if j > i:
            pieces.append(Piece("removed", "".join(old[i:j])))
        if m > k:
            pieces.append(Piece("added", "".join(new[k:m])))
    return _joined(pieces)


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """The same with a blank between two changes made part of both, and neighbours of one kind put together."""
    found: list[Piece] = []
    removed = added = ""
    for at, piece in enumerate(pieces):
        between = piece.kind == "same" and not piece.text.strip() and (removed or added) and at + 1 < len(pieces)
        if piece.kind == "removed" or between:
            removed += piece.text
        if piece.kind == "added" or between:
            added += piece.text
        if piece.kind == "same" and not between:
            found += _changed(removed, added) + [piece]
            removed = added = ""
    return found + _changed(removed, added)


def _changed(removed: str, added: str) -> list[Piece]:
    parts = (Piece("removed", removed), Piece("added", added))
    return [piece for piece in parts if piece.text]


@dataclass(frozen=True)
class FieldCompared:
    """One thing said of a line, on both sides."""

    name: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        return self.before != self.after

    @property
    def pieces(self) -> list[Piece]:
        return word_differences(self.before, self.after)


@dataclass(frozen=True)
class LineCompared:
    """A question, criterion, outcome or instrument on both sides; `was` and `now` are its places, 0 where it is not there."""

    id: str
    label: str
    state: LineState
    was: int
    now: int
    fields: tuple[FieldCompared, ...]

    @property
    def changed(self) -> tuple[FieldCompared, ...]:
        return tuple(field for field in self.fields if field.differs)


def compared(before: Mapping[str, Texts], after: Mapping[str, Texts]) -> list[LineCompared]:
    """The lines of one part of two versions (id -> what is said of it, in order), in the order of the later one.

    A line that was removed stands after the one it followed. A line has moved where its order among those both have is
    another: one removed above it moves nothing.
    """
    both = [key for key in after if key in before]
    moved = _moved([key for key in before if key in after], both)
    order = list(after)
    for at, key in enumerate(before):
        if key not in after:
            earlier = [one for one in list(before)[:at] if one in order]
            order.insert(order.index(earlier[-1]) + 1 if earlier else 0, key)
    was, now = ({key: n for n, key in enumerate(side, start=1)} for side in (before, after))
    return [_line(key, before.get(key), after.get(key), was.get(key, 0), now.get(key, 0), key in moved) for key in order]


def _moved(before: list[str], after: list[str]) -> set[str]:
    """The fewest lines whose moving explains the order."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    kept = {key for block in blocks for key in after[block.b : block.b + block.size]}
    return set(after) - kept


def _line(key: str, before: Texts | None, after: Texts | None, was: int, now: int, moved: bool) -> LineCompared:
    names = dict.fromkeys([*(after or {}), *(before or {})])
    fields = tuple(FieldCompared(name, (before or {}).get(name, ""), (after or {}).get(name, "")) for name in names)
    state: LineState = "added" if before is None else "removed" if after is None else "same"
    if state == "same":
        state = "changed" if any(field.differs for field in fields) else "moved" if moved else "same"
    label = (after or before or {}).get("label", "")
    return LineCompared(key, label, state, was, now, fields)


def registered_as(bodies: Sequence[tuple[int, Mapping[str, Any]]]) -> int | None:
    """The number of the first version that says where the protocol is registered; None where none does."""
    return next((n for n, body in sorted(bodies, key=lambda one: one[0]) if (body.get("registration") or {}).get("number")), None)


def standing_of(n: int, registered: int | None) -> Standing:
    """What a version is: a draft of what was registered, what was registered, or amended since.

    Where nothing was registered, the first is the protocol as recorded and every later one amends it.
    """
    if registered is None:
        return "recorded" if n == 1 else "amended"
    return "draft" if n < registered else "registered" if n == registered else "amended"


@dataclass(frozen=True)
class Reach:
    """Which reports decided under an earlier version a later one may decide otherwise, at one stage.

    `included`: those included, and why (criteria and questions by label). `excluded_for`: criterion id -> why those
    excluded for it. `unreasoned`: why those excluded without a criterion named; then nobody can tell which it was.
    """

    included: tuple[str, ...]
    excluded_for: Mapping[str, str]

    @property
    def unreasoned(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.excluded_for.values()))

    def __bool__(self) -> bool:
        return bool(self.included or self.excluded_for)


SUBSTANCE = ("text", "kind", "scope", "condition_on", "condition_answer")


def reach_of(before: Mapping[str, Any], after: Mapping[str, Any], stage: str) -> Reach:
    """What a decision under `before` would have to be looked at again for under `after`, at a stage.

    A criterion added can exclude what was included; one taken away can bring back what it excluded; one whose words
    changed, both. A line that rose can exclude, one that fell can bring back. Labels, plain words, examples and the
    order decide nothing. At full texts a question added or changed asks the included anew, and those that failed what
    is asked for each question; a question taken away asks the included.
    """
    was, now = ({c["id"]: c for c in body["criteria"] if c["kind"] != "descriptor" and asked_at(c, stage)} for body in (before, after))
    included: dict[str, None] = {}
    excluded: dict[str, str] = {}
    for key in dict.fromkeys([*now, *was]):
        tighter, looser = _turned(was.get(key), now.get(key))
        label = (now.get(key) or was[key])["label"]
        if tighter:
            included[label] = None
        if looser:
            excluded[key] = label
    if stage == "full_text":
        _questions(before, after, was, included, excluded)
    return Reach(tuple(included), excluded)


def _turned(was: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> tuple[bool, bool]:
    """Whether a criterion may now exclude more, and whether fewer."""
    if was is None or now is None:
        return was is None and now is not None, now is None and was is not None
    if any(was.get(name) != now.get(name) for name in SUBSTANCE) or set(was.get("questions", [])) != set(now.get("questions", [])):
        return True, True
    before, after = (float(one.get("threshold_percent") or 0) for one in (was, now))
    return after > before, after < before


def _questions(
    before: Mapping[str, Any], after: Mapping[str, Any], criteria: Mapping[str, Any], included: dict[str, None], excluded: dict[str, str]
) -> None:
    was, now = ({one["id"]: one for one in body["questions"]} for body in (before, after))
    asked_anew = [now[key]["label"] for key in now if key not in was or was[key]["text"] != now[key]["text"]]
    included.update(dict.fromkeys([*asked_anew, *(was[key]["label"] for key in was if key not in now)]))
    if asked_anew:
        for key, criterion in criteria.items():
            if criterion["scope"] == "question":
                excluded.setdefault(key, asked_anew[0])
