"""What the review asks and how far it is, for somebody who has read no protocol before."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from screening.decisions.models import Stage
from screening.decisions.queries import progress_by_stage
from screening.fulltext.queries import included_reports, where_reports_stand
from screening.projects import contributions
from screening.projects.models import Membership, Project
from screening.protocol.models import Criterion, OutcomeOfInterest
from screening.protocol.queries import criteria_known, criteria_of, questions_of
from screening.references.models import Report
from screening.voices.glossary.queries import glossary_of
from screening.voices.glossary.rules import Entry
from screening.voices.plain.rules import parts, said_plainly

Parts = list[tuple[str, Entry | None]]


@dataclass(frozen=True)
class Line:
    """Something of the protocol: what to call it, in plain words (in pieces, with what they mean), and where to speak of it."""

    kind: str
    id: UUID
    label: str
    words: Parts
    as_written: str = ""

    @property
    def is_spoken_of(self) -> bool:
        """Whether there are threads about things of its kind."""
        return contributions.about_kind(self.kind) is not None


@dataclass(frozen=True)
class Plainly:
    """The review in plain words."""

    questions: list[Line]
    criteria: list[Line]
    outcomes: list[Line]
    titles_settled: int
    titles: int
    texts_settled: int
    texts: int
    included: int


def plainly(project: Project) -> Plainly:
    """Counts are of settled reports alone: they tell nothing of anybody's decision."""
    entries, met = glossary_of(project), set()

    def line(kind: str, thing: Any) -> Line:
        plain = getattr(thing, "plain_words", "") or ""
        words = said_plainly(plain, thing.text or thing.label)
        return Line(kind, thing.pk, thing.label, parts(words, entries, met), thing.text if plain.strip() else "")

    progress = progress_by_stage(project)
    titles, texts = progress[Stage.TITLE_ABSTRACT], progress[Stage.FULL_TEXT]
    return Plainly(
        questions=[line("question", one) for one in questions_of(project)],
        criteria=[line("criterion", one) for one in criteria_of(project) if one.kind != Criterion.Kind.DESCRIPTOR],
        outcomes=[line("outcome", one) for one in OutcomeOfInterest.objects.filter(project=project, removed=False)],
        titles_settled=titles.settled,
        titles=titles.total,
        texts_settled=texts.settled,
        texts=texts.total,
        included=included_reports(project).count(),
    )


def where_it_stands(member: Membership, report: Report) -> tuple[str, Criterion | None]:
    """(key, criterion it did not meet) of where a report stands, as everybody may know it. "" where nobody screens it."""
    place = where_reports_stand(member.project, [report.pk]).get(report.pk)
    if place is None:
        return "", None
    return place.key, criteria_known(member.project).filter(label=place.reason).first() if place.reason else None
