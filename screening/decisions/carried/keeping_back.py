"""A record as it may be shown: without the decisions that came with it, which are as blind here as any other.

What was read and kept does not change. The record's own text is shown up to the first of them: where one ends is not
certain in every format, and too little is better than a word too much.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .words import may_be_answer

KEPT_BACK = "[decisions made elsewhere, not shown]"
_MARKS = re.compile(r"RAYYAN-[A-Z]|USER-NOTES\s*:|Exclusion reason:|\(\d{4}-\d\d-\d\d[ T][\d:]{5,8}\)\s*\(\w+\)\s*:", re.IGNORECASE)


def shown_without(raw: str, parsed: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The text and the fields of a record without decisions; both as they are where there are none."""
    extra: Mapping[str, Iterable[str]] = parsed.get("extra") or {}
    marked = {name for name, values in extra.items() if _MARKS.search(name) or any(_MARKS.search(value) for value in values)}
    answers = {name for name, values in extra.items() if any(may_be_answer(name, value) for value in values)}
    found = _MARKS.search(raw)
    if not (marked or answers or found):
        return raw, parsed
    extra = {name: [KEPT_BACK] if name in marked | answers else values for name, values in extra.items()}
    # In a row of a table answers have no mark: then none of it is shown.
    text = KEPT_BACK if answers or not found else raw[: found.start()] + KEPT_BACK
    return text, {**parsed, "extra": extra}
