"""Rayyan: all it knows of a record stands in its notes, behind marks, with the names as Ruby prints them.

`RAYYAN-INCLUSION: {"Name"=>"Included"} | RAYYAN-LABELS: a,b | RAYYAN-EXCLUSION-REASONS: x,y | USER-NOTES: {"Name"=>["words"]}`

Whose a reason or a label is, it does not say: a reason is taken as that of everybody who excluded the record, a label as
nobody's in particular. Labels and reasons are parted at commas, as Rayyan joins them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .model import DECISION, LABEL, Carried, Said
from .words import answer_in, listed, once

NAME = "Rayyan"
_MARK = re.compile(r"(RAYYAN-[A-Z][A-Z-]*|USER-NOTES)\s*:\s*")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(=>|=&gt;|:)?')
_ESCAPED = re.compile(r'\\(["\\#])')
_KNOWN = ("RAYYAN-INCLUSION", "RAYYAN-LABELS", "RAYYAN-EXCLUSION-REASONS", "USER-NOTES")
_BRACKETS = " {}[],|\n\t"


def said(parsed: Mapping[str, Any], answer_columns: Sequence[str] = ()) -> Carried | None:
    """What Rayyan's marks in any left-over field of a record say, or None where there is none."""
    text = " | ".join(_texts(parsed.get("extra") or {}))
    if not text:
        return None
    parts = _parts(text)
    problems = [f"“{mark}” is not known." for mark in parts if mark not in _KNOWN]
    answers = _named(parts.get("RAYYAN-INCLUSION", ""), problems)
    notes = _named(parts.get("USER-NOTES", ""), problems)
    reasons = once(reason.replace("__EXR__", "").strip() for reason in listed(parts.get("RAYYAN-EXCLUSION-REASONS", "")))
    votes = []
    for who, words in answers.items():
        found = {answer_in(word) for word in words}
        if len(found) == 1 and (answer := found.pop()):
            votes.append(Said(DECISION, answer, who, reasons=reasons if answer == "exclude" else (), words="\n".join(notes.pop(who, []))))
        else:
            problems.append(f"“{', '.join(words)}” is not an answer.")
    if reasons and not any(vote.answer == "exclude" for vote in votes):
        problems.append(f"Reasons without anybody who excluded it: {', '.join(reasons)}.")
    labels = [Said(LABEL, name) for name in listed(parts.get("RAYYAN-LABELS", ""))]
    left = tuple((who, "", "\n".join(words)) for who, words in notes.items())
    return Carried(NAME, (*votes, *labels), left, tuple(problems))


def _texts(extra: Mapping[str, Any]) -> Iterator[str]:
    """The values that hold a mark; a column that is named like one gives its value behind that mark."""
    for name, values in extra.items():
        own = _MARK.fullmatch(f"{name.strip().upper()}:")
        for value in values:
            if own and not _MARK.search(value):
                yield f"{own.group(1)}: {value}"
            elif _MARK.search(value):
                yield value


def _parts(text: str) -> dict[str, str]:
    """Mark -> its text. What stands before the first mark is the record's own note."""
    found: dict[str, str] = {}
    marks = list(_MARK.finditer(text))
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        value = text[mark.end() : following.start() if following else len(text)].strip().removesuffix("|").strip()
        name = mark.group(1)
        found[name] = f"{found[name]},{value}" if found.get(name) else value
    return {name: value for name, value in found.items() if value}


def _named(text: str, problems: list[str]) -> dict[str, list[str]]:
    """Name -> what stands behind it. A bare word without any name is under the empty name."""
    found: dict[str, list[str]] = {}
    who = ""
    for match in _QUOTED.finditer(text):
        value = _ESCAPED.sub(r"\1", match.group(1)).replace("\\n", "\n").strip()
        if match.group(2):
            who = value
        elif value:
            found.setdefault(who, []).append(value)
    if not found and (bare := text.strip(_BRACKETS)):
        if answer_in(bare):
            return {"": [bare]}
        problems.append(f"“{bare[:80]}” is not understood.")
    return found
