"""Reads of versions: what is said of each line, two side by side, and the deviations from what was planned."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from screening.projects.models import Project
from screening.projects.stages import ReviewStage
from screening.protocol.bodies import body_of
from screening.protocol.models import Criterion, ProtocolVersion, Question
from screening.protocol.queries import versions_of
from screening.protocol.rules import PARTS, filled
from screening.protocol.versions.models import Amendment
from screening.protocol.versions.rules import LineCompared, Standing, compared, registered_as, standing_of

DRAFT = "draft"


@dataclass(frozen=True)
class Side:
    """A version, or the draft, as one side of a comparison."""

    key: str
    name: str
    body: Mapping[str, Any]
    version: ProtocolVersion | None = None


def side_of(project: Project, key: str) -> Side | None:
    """The version of that number, or the draft; None where there is none such."""
    if key == DRAFT:
        return Side(DRAFT, _("The draft"), filled(body_of(project)))
    # As many digits as a number of the database has.
    found = versions_of(project).filter(n=int(key)).first() if key.isascii() and key.isdigit() and len(key) < 10 else None
    return side_of_version(found) if found else None


def side_of_version(version: ProtocolVersion) -> Side:
    return Side(str(version.n), _("Version %(n)s") % {"n": version.n}, filled(version.body), version)


@dataclass(frozen=True)
class VersionLine:
    """A version in the list: what it is, and what it amended."""

    version: ProtocolVersion
    standing: Standing
    amendment: Amendment | None

    @property
    def what(self) -> str:
        return self.amendment.what if self.amendment else self.version.amendment


def lines_of_versions(project: Project) -> list[VersionLine]:
    """Every version, the latest first."""
    versions = list(versions_of(project))
    registered = registered_as([(one.n, one.body) for one in versions])
    amended = {one.version_id: one for one in amendments_in_force(project).filter(version__isnull=False)}
    return [VersionLine(one, standing_of(one.n, registered), amended.get(one.pk)) for one in versions]


STANDING_WORDS = {
    "recorded": lambda: _("Recorded"),
    "draft": lambda: _("Draft, before registration"),
    "registered": lambda: _("Registered"),
    "amended": lambda: _("Amended"),
}


def standing_words(standing: Standing) -> str:
    return STANDING_WORDS[standing]()


# What is said of a line, in the order it is read. The labels are looked up when they are shown, in the reader's language.
FIELD_WORDS = {
    "label": lambda: _("Short label"),
    "text": lambda: _("Words"),
    "plain_words": lambda: _("In plain words"),
    "picos": lambda: _("Heading"),
    "kind": lambda: _("Kind of answer"),
    "line": lambda: _("Line"),
    "scope": lambda: _("Held against"),
    "condition": lambda: _("Applies"),
    "asked_at": lambda: _("Asked at"),
    "yes": lambda: _("An example of yes"),
    "no": lambda: _("An example of no"),
    "unclear": lambda: _("An example of unclear"),
    "overlap": lambda: _("Where reviews overlap"),
    "overlap_note": lambda: _("More on the overlap"),
    "questions": lambda: _("For the questions"),
    "register": lambda: _("Register"),
    "number": lambda: _("Number"),
    "link": lambda: _("Link"),
    "registered_on": lambda: _("Date registered"),
}
PART_WORDS = {
    "questions": lambda: _("Research questions"),
    "criteria": lambda: _("Eligibility criteria"),
    "outcomes": lambda: _("Outcomes of interest"),
    "instruments": lambda: _("Appraisal instruments"),
    "registration": lambda: _("Registration"),
}


def field_words(name: str) -> str:
    return FIELD_WORDS[name]() if name in FIELD_WORDS else name


def part_words(part: str) -> str:
    return PART_WORDS[part]()


def _choice(choices: Any, value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


def _said(part: str, line: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, str]:
    """What a version says of one line, as people read it. What is not said is empty."""
    said = {"label": line["label"], "text": line.get("text", ""), "plain_words": line.get("plain_words", "")}
    if part == "questions":
        overlap = line.get("overlap", "")
        said |= {"overlap": _choice(Question.Overlap, overlap) if overlap else "", "overlap_note": line.get("overlap_note", "")}
    if part == "criteria":
        share = line.get("threshold_percent")
        rests_on = labels.get(line.get("condition_on") or "", _("a criterion no longer known"))
        answer = line.get("condition_answer", "")
        said |= {
            "picos": _choice(Criterion.Picos, line["picos"]) if line.get("picos") else "",
            "kind": _choice(Criterion.Kind, line["kind"]),
            "line": _("At least %(share)s%%") % {"share": share} if share else "",
            "scope": _choice(Criterion.Scope, line["scope"]),
            "condition": _("When “%(other)s” is answered %(answer)s") % {"other": rests_on, "answer": answer}
            if line.get("condition_on")
            else _("Always"),
            "asked_at": _choice(Criterion.AskedAt, line.get("asked_at", "both")),
            **{key: (line.get("examples") or {}).get(key, "") for key in ("yes", "no", "unclear")},
        }
    return said | {"questions": ", ".join(labels.get(one, _("a question no longer asked")) for one in line.get("questions", []))}


def said_in(body: Mapping[str, Any]) -> dict[str, dict[str, dict[str, str]]]:
    """A whole version as people read it: part -> id of the line -> name of what is said -> words."""
    body = filled(body)
    labels = {line["id"]: line["label"] for part in PARTS for line in body[part]}
    parts = {part: {line["id"]: _said(part, line, labels) for line in body[part]} for part in PARTS}
    registration = body["registration"]
    parts["registration"] = {"registration": {key: str(value or "") for key, value in registration.items()}} if registration else {}
    return parts


@dataclass(frozen=True)
class PartCompared:
    """One part of the protocol on both sides."""

    key: str
    name: str
    lines: list[LineCompared]

    @property
    def n(self) -> int:
        return sum(line.state != "same" for line in self.lines)


def comparison(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[PartCompared]:
    """Both versions part by part, those parts left out that neither has."""
    was, now = said_in(before), said_in(after)
    parts = [PartCompared(part, part_words(part), compared(was[part], now[part])) for part in PART_WORDS]
    return [part for part in parts if part.lines]


def amendments_in_force(project: Project) -> QuerySet[Amendment]:
    """Amendments as they read now, in the order they were made: corrected ones and those taken back left out."""
    later = Amendment.objects.filter(replaces=OuterRef("pk"))
    found = Amendment.objects.filter(~Exists(later), project=project, withdrawn=False)
    return found.select_related("version", "by").order_by("made_on", "seq")


def amendment_of(project: Project, pk: UUID) -> Amendment | None:
    return amendments_in_force(project).filter(pk=pk).first()


def first_wordings(project: Project) -> dict[UUID, Amendment]:
    """Id of each wording of an amendment -> its first wording: what it is known by, however often it is corrected."""
    first: dict[UUID, Amendment] = {}
    for one in Amendment.objects.filter(project=project).select_related("project").order_by("seq"):
        first[one.pk] = first[one.replaces_id] if one.replaces_id else one
        first[one.pk].now = one
    return first


def earlier_words_of(amendment: Amendment) -> list[Amendment]:
    """How an amendment read before it was corrected, the latest first."""
    found, here = [], amendment.replaces
    while here is not None:
        found.append(here)
        here = here.replaces
    return found


@dataclass(frozen=True)
class Deviation:
    """One line of the list PRIOR 23c asks for. What nobody stated is empty, and the list says so."""

    n: int | None
    made_on: date
    stage: str
    what: str
    why: str
    decided_by: str
    heard: str
    amendment: Amendment | None = None
    version: ProtocolVersion | None = None


def deviations_of(project: Project) -> list[Deviation]:
    """Every deviation from what was planned, by date: amendments, versions nobody said more of, and departures."""
    registered = registered_as(list(ProtocolVersion.objects.filter(project=project).values_list("n", "body")))
    told = list(amendments_in_force(project))
    said_of = {one.version_id for one in told}
    since = max(1, registered or 1)
    lines = [_deviation(one) for one in told if one.version is None or one.version.n > since]
    bare = ProtocolVersion.objects.filter(project=project, n__gt=since).exclude(pk__in=said_of)
    lines += [Deviation(v.n, v.recorded_at.date(), "", v.amendment, "", "", "", version=v) for v in bare]
    return sorted(lines, key=lambda line: (line.made_on, line.n or 0))


def _deviation(one: Amendment) -> Deviation:
    heard = one.get_heard_display()
    return Deviation(
        n=one.version.n if one.version else None,
        made_on=one.made_on,
        stage=str(ReviewStage(one.stage).label),
        what=one.what,
        why=one.why,
        decided_by=one.decided_by,
        heard=f"{heard}: {one.heard_how}" if one.heard_how else heard,
        amendment=one,
        version=one.version,
    )


COLUMNS = (
    lambda: _("Version"),
    lambda: _("Date"),
    lambda: _("Stage of the review"),
    lambda: _("What was changed"),
    lambda: _("Why"),
    lambda: _("Who decided"),
    lambda: _("Was the working group heard"),
)


def deviation_table(deviations: Iterable[Deviation]) -> list[list[str]]:
    """The list as a table with its header; a cell for what nobody stated says so."""
    missing = _("Not stated")
    rows = [
        [
            str(line.n) if line.n else _("None: a departure"),
            date_format(line.made_on, "Y-m-d"),
            *(cell or missing for cell in (line.stage, line.what, line.why, line.decided_by, line.heard)),
        ]
        for line in deviations
    ]
    return [[column() for column in COLUMNS], *rows]
