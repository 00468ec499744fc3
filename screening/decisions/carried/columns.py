"""Tables with a column of answers for each reviewer: the column's name is the reviewer's, until the coordinator says better."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .model import DECISION, Carried, Said
from .words import PLAIN, answer_in, speaks_of_answers

NAME = "Columns of answers"
ENOUGH = 0.8
MOST_WORDS = 40


def answer_columns(extras: Iterable[Mapping[str, Sequence[str]]]) -> tuple[str, ...]:
    """The left-over columns that hold answers, in the order they stand in: four values of five are one."""
    words: dict[str, Counter[str]] = defaultdict(Counter)
    for extra in extras:
        for name, values in extra.items():
            # A column of texts is given up early, so that a large file's words are not all kept.
            if len(words[name]) <= MOST_WORDS:
                words[name].update(value.strip().casefold() for value in values)
    return tuple(name for name, found in words.items() if _holds_answers(name, found))


def _holds_answers(name: str, words: Counter[str]) -> bool:
    answers = {word for word in words if answer_in(word)}
    if len(words) > MOST_WORDS or sum(words[word] for word in answers) < ENOUGH * words.total():
        return False
    return not answers <= PLAIN or speaks_of_answers(name)


def said(parsed: Mapping[str, Any], columns: Sequence[str] = ()) -> Carried | None:
    """An answer for each of these columns that has one; another word there is listed."""
    extra: Mapping[str, Sequence[str]] = parsed.get("extra") or {}
    votes, problems = [], []
    for name in columns:
        for value in extra.get(name, ()):
            if answer := answer_in(value):
                votes.append(Said(DECISION, answer, " ".join(name.split())))
            else:
                problems.append(f"“{value[:80]}” under “{name}” is not an answer.")
    return Carried(NAME, tuple(votes), (), tuple(problems)) if votes or problems else None
