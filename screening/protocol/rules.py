"""Rules of the protocol that need no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

Key = TypeVar("Key")

# The kinds of source that feed PRISMA's first column, databases and registers; every other kind feeds the second.
DATABASE_KINDS = ("database", "register")


def condition_goes_round(rests_on: Mapping[Key, Key | None], start: Key) -> bool:
    """Whether following conditions from `start` comes back to where it has been."""
    seen: set[Key] = set()
    here: Key | None = start
    while here is not None:
        if here in seen:
            return True
        seen.add(here)
        here = rests_on.get(here)
    return False


def never_asked_together(one: str, other: str) -> bool:
    """Whether two criteria meet at no stage: each is asked at "both", "title_abstract" or "full_text"."""
    return "both" not in (one, other) and one != other


def asked_at(criterion: Mapping[str, Any], stage: str) -> bool:
    """Whether a version's criterion is asked at this stage. Criteria recorded before that could be said are asked at both."""
    return criterion.get("asked_at", "both") in ("both", stage)


# What a version's lines hold where they were recorded before there was a place for it.
UNSAID: dict[str, dict[str, Any]] = {
    "questions": {"plain_words": "", "overlap": "", "overlap_note": ""},
    "criteria": {"picos": "", "asked_at": "both", "examples": {"yes": "", "no": "", "unclear": ""}, "questions": []},
    "outcomes": {},
    "instruments": {},
}


def filled(body: Mapping[str, Any]) -> dict[str, Any]:
    """A version with every part it can have: parts and keys it was recorded without stand for nothing said."""
    lines = {part: [{**unsaid, **line} for line in body.get(part, [])] for part, unsaid in UNSAID.items()}
    return {**lines, "registration": body.get("registration")}


def empty(body: Mapping[str, Any]) -> bool:
    """Whether nothing stands in any part of a draft or version; where it is registered does not count."""
    return not any(body.get(part) for part in UNSAID)


def order_of(body: Mapping[str, Any]) -> tuple[str, ...]:
    """The criteria of a protocol version, as ids in protocol order: the order of exclusion reasons."""
    return tuple(criterion["id"] for criterion in body["criteria"])


def reasons_of(body: Mapping[str, Any]) -> tuple[str, ...]:
    """The criteria that can be a reason to exclude: descriptors never are."""
    return tuple(criterion["id"] for criterion in body["criteria"] if criterion["kind"] != "descriptor")


@dataclass(frozen=True)
class Statement:
    """A sentence in English with the places for its values (%(name)s): whoever shows it may look it up in another language."""

    sentence: str
    values: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence % self.values


def differences(before: Mapping[str, str] | None, after: Mapping[str, str]) -> list[Statement]:
    """What changed from one description of a thing to the next, one line each; a new thing is one line."""
    if before is None:
        return [Statement("Added.")]
    lines = []
    for name, now in after.items():
        was = before.get(name, "")
        if was == now:
            continue
        if name == "removed":
            lines.append(Statement("Removed from the draft." if now else "Brought back."))
            continue
        if name == "place":
            sentence = "Moved from place %(was)s to place %(now)s."
        elif not was:
            sentence = "%(name)s set to “%(now)s”."
        elif not now:
            sentence = "%(name)s taken away; it was “%(was)s”."
        else:
            sentence = "%(name)s changed from “%(was)s” to “%(now)s”."
        lines.append(Statement(sentence, {"name": name.capitalize(), "was": was, "now": now}))
    return lines


# Of each part of a version: a thing added, removed, changed; and their order.
PARTS = {
    "questions": (
        "Question added: %(label)s.",
        "Question removed: %(label)s.",
        "Question changed: %(label)s.",
        "The order of the questions changed.",
    ),
    "criteria": (
        "Criterion added: %(label)s.",
        "Criterion removed: %(label)s.",
        "Criterion changed: %(label)s.",
        "The order of the criteria changed.",
    ),
    "outcomes": (
        "Outcome added: %(label)s.",
        "Outcome removed: %(label)s.",
        "Outcome changed: %(label)s.",
        "The order of the outcomes changed.",
    ),
    "instruments": (
        "Instrument added: %(label)s.",
        "Instrument removed: %(label)s.",
        "Instrument changed: %(label)s.",
        "The order of the instruments changed.",
    ),
}


def changes_between(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[Statement]:
    """What sets one protocol version (or the draft) apart from an earlier one, one line per thing that differs."""
    lines: list[Statement] = []
    before, after = filled(before or {}), filled(after)
    for part, (added, removed, changed, moved) in PARTS.items():
        was = {thing["id"]: thing for thing in before[part]}
        now = {thing["id"]: thing for thing in after[part]}
        lines += [Statement(added, {"label": thing["label"]}) for key, thing in now.items() if key not in was]
        lines += [Statement(removed, {"label": thing["label"]}) for key, thing in was.items() if key not in now]
        lines += [Statement(changed, {"label": thing["label"]}) for key, thing in now.items() if key in was and was[key] != thing]
        kept = [key for key in now if key in was]
        if kept != [key for key in was if key in now]:
            lines.append(Statement(moved))
    if before["registration"] != after["registration"]:
        lines.append(Statement("Registration changed." if before["registration"] else "Registration added."))
    return lines


@dataclass(frozen=True)
class Account:
    """The hits a search reported, beside the records that count from it and what is known of the difference.

    `declared`: records removed elsewhere, by what they were.
    """

    hits: int | None
    records: int
    repeated: int = 0
    not_read: int = 0
    declared: Mapping[str, int] = field(default_factory=dict)

    @property
    def missing(self) -> int | None:
        """Hits without a record that counts; negative where more came in than were reported. None: hits are not stated."""
        return None if self.hits is None else self.hits - self.records

    @property
    def known(self) -> list[tuple[int, str]]:
        """Where hits went that are no record here, each number with its words."""
        parts = [(n, f"{what} removed elsewhere") for what, n in self.declared.items()]
        parts += [(self.repeated, "given twice by the search"), (self.not_read, "not readable in the file")]
        return [(n, words) for n, words in parts if n]

    @property
    def unexplained(self) -> int | None:
        """What is left of the difference: above 0 not imported, below 0 more than the search reported."""
        return None if self.missing is None else self.missing - sum(n for n, _ in self.known)

    @property
    def beyond(self) -> int:
        """How many more came in than the search reported."""
        return max(0, -(self.unexplained or 0))


def in_one(accounts: list[Account]) -> Account:
    """Several searches as one; hits are stated only where each states them."""
    declared: dict[str, int] = {}
    for account in accounts:
        for what, n in account.declared.items():
            declared[what] = declared.get(what, 0) + n
    hits = [account.hits for account in accounts]
    return Account(
        hits=None if None in hits or not hits else sum(n for n in hits if n is not None),
        records=sum(account.records for account in accounts),
        repeated=sum(account.repeated for account in accounts),
        not_read=sum(account.not_read for account in accounts),
        declared=declared,
    )
