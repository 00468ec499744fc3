"""The words of answers, and lists of them."""

import re
from collections.abc import Iterable

ANSWERS = {
    "include": "include",
    "included": "include",
    "exclude": "exclude",
    "excluded": "exclude",
    "maybe": "maybe",
    "unsure": "maybe",
    "yes": "include",
    "no": "exclude",
}
# Alone these are no answers: a column of yes and no may be about anything.
PLAIN = frozenset({"yes", "no"})
# Words in the name of a column that holds answers, or what was said beside them.
_ABOUT = ("vote", "decision", "reviewer", "screener", "screening", "rater", "include")
_FIRST = re.compile(r"\W*([^\W\d_]+)")
_TOOLS = re.compile(r"\b(AI|ASReview|automat\w+|classifier|machine|model|robot(?:s|search|analyst|reviewer)?|algorithm)\b", re.IGNORECASE)


def answer_in(word: str) -> str | None:
    """The answer a word gives, or None where it is none."""
    return ANSWERS.get(word.strip().casefold())


def speaks_of_answers(name: str) -> bool:
    """Whether a column is named like one of answers."""
    return any(word in name.casefold() for word in _ABOUT)


def may_be_answer(name: str, value: str) -> bool:
    """Whether a value may tell what somebody decided: an answer, one with words behind it, or anything under such a name."""
    first = _FIRST.match(value)
    word = first[1].casefold() if first else ""
    return (word in ANSWERS and word not in PLAIN) or (bool(value.strip()) and speaks_of_answers(name))


def is_tool(name: str) -> bool:
    """Whether a name says of itself that it is an automation tool's."""
    return bool(_TOOLS.search(name.replace("_", " ")))


def listed(text: str, separator: str = ",") -> tuple[str, ...]:
    """The parts of a list, each once, in their order."""
    return once(" ".join(part.split()) for part in text.split(separator))


def once(words: Iterable[str]) -> tuple[str, ...]:
    """Words without repeats (in any case of letters) and without empty ones."""
    seen: dict[str, str] = {}
    for word in words:
        if word:
            seen.setdefault(word.casefold(), word)
    return tuple(seen.values())
