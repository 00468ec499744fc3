"""The extraction template as data, and what may be entered in it. Pure.

docs/rules/extraction.md says it in prose. A field left empty is "not extracted yet"; what the review itself does
not say is an answer of its own: not reported.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

NOT_REPORTED = "not_reported"
NOT_REPORTED_WORDS = "Not reported"
NOTHING_TO_CHOOSE = "Choose among: nothing yet: the protocol has no questions."
LONGEST_TEXT = 10_000
LARGEST_NUMBER = 1_000_000_000


class Kind(StrEnum):
    CHOICE = "choice"
    SEVERAL = "several"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True)
class Choice:
    key: str
    label: str


@dataclass(frozen=True)
class Field:
    """One question of a template. `choices` may be given by the project (`from_project` says which list)."""

    key: str
    label: str
    kind: Kind
    help: str = ""
    choices: tuple[Choice, ...] = ()
    from_project: str = ""
    may_be_unreported: bool = True
    unreported_words: str = NOT_REPORTED_WORDS


@dataclass(frozen=True)
class Template:
    key: str
    version: int
    name: str
    fields: tuple[Field, ...]

    def field(self, key: str) -> Field:
        return next(field for field in self.fields if field.key == key)


FIRST = Template(
    key="first",
    version=1,
    name="Characteristics of the included review",
    fields=(
        Field(
            "design",
            "Design of the review",
            Kind.CHOICE,
            choices=(
                Choice("no_pooling", "Systematic review without pooling"),
                Choice("meta_analysis", "Systematic review with meta-analysis"),
                Choice("qualitative_synthesis", "Systematic review with qualitative synthesis"),
                Choice("scoping", "Scoping review"),
                Choice("realist", "Realist review"),
            ),
            may_be_unreported=False,
        ),
        Field(
            "questions",
            "Questions it answers",
            Kind.SEVERAL,
            "A review may answer several.",
            from_project="questions",
            may_be_unreported=False,
        ),
        Field("aim", "Aim", Kind.TEXT, "In the review's own words where they are short."),
        Field("studies", "Included studies", Kind.NUMBER, "How many primary studies the review says it includes."),
        Field("participants", "Participants", Kind.NUMBER, "In all included studies together."),
        Field("population", "Population", Kind.TEXT, "Who took part: diagnosis, age, setting."),
        Field("countries", "Countries", Kind.TEXT, "Where the included studies took place."),
        Field(
            "peer_type",
            "Peer type",
            Kind.CHOICE,
            "Whose own experience the peer workers bring: kept apart in every summary.",
            choices=(Choice("consumer", "Consumer"), Choice("family", "Family"), Choice("both", "Both")),
        ),
        Field(
            "peer_support",
            "Type and format of peer support",
            Kind.TEXT,
            "For example: one to one, in groups, online; led by peers or within a team.",
        ),
        Field(
            "own_appraisal",
            "Own quality appraisal done",
            Kind.CHOICE,
            "Whether the review appraised its primary studies.",
            choices=(Choice("yes", "Yes"), Choice("no", "No")),
        ),
    ),
)
TEMPLATES = {(FIRST.key, FIRST.version): FIRST}


@dataclass(frozen=True)
class Checked:
    """What was entered, made plain: `values` without empty answers, `errors` as field key -> sentence."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def choices_of(one: Field, project_choices: Mapping[str, Sequence[Choice]]) -> tuple[Choice, ...]:
    """The choices a field offers, without "not reported"."""
    return tuple(project_choices.get(one.from_project, ())) if one.from_project else one.choices


def validate(values: Mapping[str, Any], template: Template, project_choices: Mapping[str, Sequence[Choice]]) -> Checked:
    """Check a filled-in template. Empty answers are allowed (not extracted yet) and left out of the values."""
    known = {one.key for one in template.fields}
    errors = {key: "This template has no such field." for key in values if key not in known}
    clean: dict[str, Any] = {}
    for one in template.fields:
        try:
            value = _CHECKS[one.kind](one, values.get(one.key), choices_of(one, project_choices))
        except ValueError as error:
            errors[one.key] = str(error)
        else:
            if value is not None:
                clean[one.key] = value
    return Checked(clean, errors)


def _choice(one: Field, value: Any, choices: Sequence[Choice]) -> str | None:
    if value in (None, ""):
        return None
    if value == NOT_REPORTED and one.may_be_unreported:
        return NOT_REPORTED
    if value not in {choice.key for choice in choices}:
        raise ValueError(f"Choose one of: {_listed(choices, one)}." if choices else NOTHING_TO_CHOOSE)
    return value


def _several(one: Field, value: Any, choices: Sequence[Choice]) -> list[str] | str | None:
    if value in (None, "", []):
        return None
    if value == NOT_REPORTED and one.may_be_unreported:
        return NOT_REPORTED
    if not isinstance(value, list | tuple):
        raise ValueError("Give a list of choices.")
    wanted = set(map(str, value))
    kept = [choice.key for choice in choices if choice.key in wanted]
    if len(kept) != len(wanted):
        raise ValueError(f"Choose among: {_listed(choices, one)}." if choices else NOTHING_TO_CHOOSE)
    return kept


def _number(one: Field, value: Any, choices: Sequence[Choice]) -> int | str | None:
    if value in (None, ""):
        return None
    if value == NOT_REPORTED:
        return NOT_REPORTED
    digits = re.sub(r"[\s,.\u2009\u202f'](?=\d{3}(?!\d))", "", str(value).strip())
    if isinstance(value, bool) or not re.fullmatch(r"\d+", digits, re.ASCII):
        raise ValueError("Write a whole number, such as 24, without words or decimals.")
    number = int(digits[:20])
    if number > LARGEST_NUMBER:
        raise ValueError(f"This number is larger than {LARGEST_NUMBER:,}. Look at it once more.")
    return number


def _text(one: Field, value: Any, choices: Sequence[Choice]) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError("Write this in words.")
    text = value.replace("\x00", "").strip()
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"This is {len(text):,} characters long; {LONGEST_TEXT:,} are kept. Shorten it.")
    return text or None


_CHECKS = {Kind.CHOICE: _choice, Kind.SEVERAL: _several, Kind.NUMBER: _number, Kind.TEXT: _text}


def _listed(choices: Sequence[Choice], one: Field) -> str:
    labels = [choice.label for choice in choices]
    return "; ".join([*labels, one.unreported_words] if one.may_be_unreported else labels)


def shown(one: Field, value: Any, project_choices: Mapping[str, Sequence[Choice]]) -> str:
    """A value in words, for tables, history and exports. Nothing where it is not extracted yet."""
    if value is None:
        return ""
    if value == NOT_REPORTED:
        return one.unreported_words
    labels = {choice.key: choice.label for choice in choices_of(one, project_choices)}
    if one.kind is Kind.CHOICE:
        return labels.get(value, str(value))
    if one.kind is Kind.SEVERAL:
        return "; ".join(labels.get(key, key) for key in value)
    return f"{value:,}" if one.kind is Kind.NUMBER else str(value)


def changed(before: Mapping[str, Any], after: Mapping[str, Any], template: Template) -> list[Field]:
    """The fields whose values differ between two versions, in the template's order."""
    return [one for one in template.fields if before.get(one.key) != after.get(one.key)]


def answered(values: Mapping[str, Any], template: Template) -> int:
    """How many fields hold an answer (not reported is one)."""
    return sum(one.key in values for one in template.fields)
