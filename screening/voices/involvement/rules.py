"""Rules of the involvement report that need no database.

The sections are those of the GRIPP2 short form (Staniszewska et al. 2017, GRIPP2 reporting checklists, BMJ 358:j3453).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

STAGES = ("planning", "searching", "titles", "full_texts", "extraction", "synthesis", "reporting")
LONGEST = 20_000
# So many letters in a row are not there by chance: as for words that are withdrawn.
REPEATED = 40


@dataclass(frozen=True)
class Gathering:
    """A meeting as a report may tell of it; no topics: they are not for publication, or erased."""

    day: date
    stage: str
    people: int
    topics: str = ""


@dataclass(frozen=True)
class Round:
    """A round of priorities that is over: how many answered, and what each group that is shown put first."""

    ended: date
    method: str
    answered: int
    groups: Sequence[str]
    first: Mapping[str, Sequence[str]]
    w: float | None = None
    outcomes: int = 0


@dataclass(frozen=True)
class Amended:
    """An amendment of the protocol: when, at which stage, and whether the working group was heard ("before", "after", "not")."""

    day: date
    stage: str
    heard: str


@dataclass(frozen=True)
class Spell:
    """How many voices of the working group fall in one month of one stage."""

    month: date
    stage: str
    n: int


@dataclass(frozen=True)
class Facts:
    """All that the draft rests on. Counts are of the working group's voices that everybody may know of; no words are in it."""

    members: int = 0
    said: int = 0
    people: int = 0
    withdrawn: int = 0
    waiting: int = 0
    median_days: int | None = None
    by_kind: Mapping[str, int] = field(default_factory=dict)
    by_status: Mapping[str, int] = field(default_factory=dict)
    by_stage: Mapping[str, int] = field(default_factory=dict)
    changes: Mapping[str, int] = field(default_factory=dict)
    meetings: Sequence[Gathering] = ()
    rounds: Sequence[Round] = ()
    amendments: Sequence[Amended] = ()
    spells: Sequence[Spell] = ()

    @property
    def stages(self) -> list[str]:
        """The stages at which people were heard or met, in the order of the work."""
        met = {one.stage for one in self.meetings} | {one.stage for one in self.amendments if one.heard == "before"}
        return [stage for stage in STAGES if stage in met or self.by_stage.get(stage)]


def figures_behind(facts: Facts) -> dict[str, int]:
    """The figures a draft rests on, flat: kept with what somebody wrote, so that a change of them is told."""
    return {
        "members": facts.members,
        "voices": facts.said,
        "withdrawn": facts.withdrawn,
        "waiting": facts.waiting,
        **{f"status_{status}": facts.by_status.get(status, 0) for status in ("heard", "acted_on", "not_acted_on", "later")},
        "changes": sum(facts.changes.values()),
        "meetings": len(facts.meetings),
        "rounds": len(facts.rounds),
        "amendments": len(facts.amendments),
        "amendments_heard": sum(one.heard == "before" for one in facts.amendments),
    }


def changed(behind: Mapping[str, Any], now: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Figure -> (then, now), of those that are not what they were when a section was written."""
    return {name: (int(behind[name]), n) for name, n in now.items() if name in behind and int(behind[name]) != n}


def _flat(words: str) -> str:
    return " ".join(words.split()).casefold()


def _runs(flat: str, length: int) -> set[str]:
    return {flat[start : start + length] for start in range(max(0, len(flat) - length + 1))}


def _is_phrase(flat: str) -> bool:
    """Whether words are so few that anybody may have said them."""
    return len(flat) < REPEATED and len(flat.split()) < 5


def quoted_in(text: str, voices: Iterable[tuple[Any, str]]) -> list[Any]:
    """Which voices (id, words) the text repeats, letter by letter, in a passage of at least REPEATED letters or as a whole.

    A voice shorter than that counts where it has at least five words and all of it stands in the text.
    """
    here, half = _flat(text), REPEATED // 2
    runs, halves = _runs(here, REPEATED), _runs(here, half)
    found = []
    for pk, words in voices:
        flat = _flat(words)
        whole = len(flat) < REPEATED and not _is_phrase(flat) and flat in here
        # Any passage holds a block of half its length that begins at a multiple of it: few blocks tell most voices apart.
        may_be = any(flat[start : start + half] in halves for start in range(0, len(flat) - half + 1, half))
        if whole or (may_be and not runs.isdisjoint(_runs(flat, REPEATED))):
            found.append(pk)
    return found


def without_words(text: str, words: str, mark: str) -> str:
    """The text without what it repeats of these words, each passage as `mark`: the counterpart of `quoted_in`."""
    flat = _flat(words)
    if _is_phrase(flat):
        return text
    runs = _runs(flat, REPEATED) or {flat}
    length = min(REPEATED, len(flat))
    # Where each letter of the flat text stands in the text: white space counts once.
    places, letters = [], []
    for n, letter in enumerate(text):
        if letter.isspace() and (not letters or letters[-1] == " "):
            continue
        for folded in " " if letter.isspace() else letter.casefold():
            places.append(n)
            letters.append(folded)
    here, gone = "".join(letters), set[int]()
    for start in range(max(0, len(here) - length + 1) if length else 0):
        if here[start : start + length] in runs:
            gone.update(range(places[start], places[start + length - 1] + 1))
    out: list[str] = []
    for n, letter in enumerate(text):
        if n not in gone:
            out.append(letter)
        elif n - 1 not in gone:
            out.append(mark)
    return "".join(out)
