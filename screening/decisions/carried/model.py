"""The shapes that every reader of carried decisions gives."""

from dataclasses import dataclass

DECISION, RULING, LABEL, RETRIEVAL, POLICY = "decision", "ruling", "label", "retrieval", "policy"
CONSENSUS = "consensus"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that somebody said about one record, as its file tells it.

    `stage`: empty where the file does not say. `who`: the name as it stands there, empty where it does not say.
    `answer`: include, exclude or maybe (None: taken back); a ruling's outcome (None: re-opened); a label's name; a
    retrieval's status. `form`: what kind of ruling. `on`: the places (`n`) of the decisions a ruling was made on, None
    where the file does not say. `at`: a moment as the file writes it (ISO 8601), or empty.
    """

    kind: str
    answer: str | None
    who: str = ""
    stage: str = ""
    reasons: tuple[str, ...] = ()
    primary: str = ""
    words: str = ""
    at: str = ""
    form: str = ""
    n: int = 0
    on: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """All that one record carries. `notes`: (who, stage, words) of people whose answer the file does not give."""

    tool: str
    said: tuple[Said, ...] = ()
    notes: tuple[tuple[str, str, str], ...] = ()
    not_understood: tuple[str, ...] = ()
