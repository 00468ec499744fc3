"""Covidence: an export is one of its lists, and says what the team agreed on, not who voted how.

`Notes` holds `Exclusion reason: Wrong population; ` for what was excluded at full text, and notes as
`Name (2024-05-14 10:35:20)(Select): words; `. Tags are labels. Which list a file is, the coordinator says: its name often
tells, its content does not.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .model import CONSENSUS, LABEL, RULING, Carried, Said
from .words import once

NAME = "Covidence"
_REASON = re.compile(r"Exclusion reason:\s*([^;\n]+)", re.IGNORECASE)
_NOTE = re.compile(
    r"^(?P<who>[^();:]{1,120}?)\s*\((?P<at>\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?)\)\s*\((?P<stage>\w+)\)\s*:\s*(?P<words>.*)$"
)
_STAGES = {"screen": "title_abstract", "select": "full_text"}
# Words in the names Covidence gives its files -> which of its lists it is.
LISTS = (("irrelevant", "irrelevant"), ("excluded", "excluded"), ("included", "included"), ("select", "sought"), ("screen", ""))


def said(parsed: Mapping[str, Any], answer_columns: Sequence[str] = ()) -> Carried | None:
    """The agreed reason, tags and notes of a record from Covidence, or None where it is not one of Covidence's."""
    extra: Mapping[str, Sequence[str]] = parsed.get("extra") or {}
    folded = {name.strip().casefold(): values for name, values in extra.items()}
    of_theirs = str(parsed.get("accession") or "").startswith("#") and {"ref", "study"} <= set(folded)
    texts = [value for name in ("notes", "n1", "note", "%z") for value in folded.get(name, ())]
    if not of_theirs and not any(_REASON.search(text) for text in texts):
        return None
    reasons, notes = [], []
    for text in texts:
        for part in re.split(r";\s*(?:\n|$|(?=[A-Z]))", text):
            if reason := _REASON.fullmatch(part.strip()):
                reasons.append(" ".join(reason.group(1).split()))
            elif part.strip():
                notes.append(_note(part.strip()))
    tags = [tag.strip() for value in folded.get("tags", ()) for tag in value.split(";")]
    if of_theirs and not tags:
        tags = list(parsed.get("keywords") or [])
    agreed = (Said(RULING, "exclude", stage="full_text", reasons=once(reasons), form=CONSENSUS),) if reasons else ()
    return Carried(NAME, (*agreed, *(Said(LABEL, tag) for tag in once(tags))), tuple(notes))


def _note(text: str) -> tuple[str, str, str]:
    match = _NOTE.match(text)
    if match is None:
        return "", "", text
    return match["who"].strip(), _STAGES.get(match["stage"].casefold(), ""), match["words"].strip()


def list_of(filename: str) -> str:
    """Which list a file of Covidence's is by its name: irrelevant, sought, excluded, included, or nothing known."""
    name = filename.casefold()
    return next((meaning for word, meaning in LISTS if word in name), "")
