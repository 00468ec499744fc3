"""What a record, or a file of ours, says of decisions made elsewhere. Pure readers: nothing is guessed, what is not known is listed.

How to add a tool: a module with `said(parsed, columns) -> Carried | None` beside the others, in `TOOLS`, and a test with a
record as the tool writes it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from . import columns, covidence, rayyan
from .model import CONSENSUS, DECISION, LABEL, POLICY, RETRIEVAL, RULING, Carried, Said
from .summary import Person, Summary, summarise

TOOLS = (rayyan, covidence, columns)

__all__ = [
    "CONSENSUS",
    "DECISION",
    "LABEL",
    "POLICY",
    "RETRIEVAL",
    "RULING",
    "Carried",
    "Person",
    "Said",
    "Summary",
    "carried",
    "summarise",
]


def carried(parsed: Mapping[str, Any], answer_columns: Sequence[str] = ()) -> Carried | None:
    """What a record as it was read carries, or None. `answer_columns`: those of its table that hold nothing but answers."""
    return next((found for tool in TOOLS if (found := tool.said(parsed, answer_columns))), None)
