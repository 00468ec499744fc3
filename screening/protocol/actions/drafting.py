"""What every change of the draft has in common: one person at a time, nothing overwritten unseen, lines in an order."""

from collections.abc import Iterable
from typing import Any, TypeVar

import pghistory
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership, Project
from screening.protocol.bodies import LINKS, Line, draft_digest, questions_named
from screening.protocol.models import Criterion, CriterionQuestion, Question, Registration, SourceVersion

AnyLine = TypeVar("AnyLine", bound=Line)


class ChangedMeanwhile(Refused):
    """Somebody else changed the same thing after it was opened. `now` is how it stands; nothing was written."""

    status = 409

    def __init__(self, now: Line | Registration | SourceVersion) -> None:
        super().__init__(_("Somebody changed this while you had it open. Nothing of yours was saved yet: compare the two and save again."))
        self.now = now


def held(by: Membership) -> Project:
    """The project, locked until the transaction ends: one person at a time changes a protocol."""
    return Project.objects.select_for_update(no_key=True).get(pk=by.project_id)


def as_it_stands(thing: AnyLine, opened_as: str | None) -> AnyLine:
    """The line as it stands now, under the project's lock; refused where it is not what the form was opened with."""
    now = type(thing).objects.get(pk=thing.pk)
    if now.removed:
        raise Refused(
            _("“%(label)s” was removed from the draft in the meantime. Add it again where it is still needed.") % {"label": now.label}
        )
    if opened_as is not None and opened_as != draft_digest(now):
        raise ChangedMeanwhile(now)
    return now


def next_position(model: type[Any], project: Project) -> int:
    return (model.objects.filter(project=project).aggregate(last=Max("position"))["last"] or 0) + 1


def name_questions(thing: Line, questions: Iterable[Question]) -> None:
    """Let the line name exactly these questions of the same project's draft."""
    wanted = {question.pk: question for question in questions}
    if any(question.project_id != thing.project_id or question.removed for question in wanted.values()):
        raise Refused(_("Choose among the questions of this project's draft."))
    link, back = LINKS[type(thing)]
    here = link.objects.filter(**{back: thing}, question__removed=False)
    here.exclude(question__in=wanted).delete()
    known = set(here.values_list("question_id", flat=True))
    for pk in wanted.keys() - known:
        link.objects.create(**{back: thing, "question_id": pk})


@transaction.atomic
def move(*, by: Membership, thing: Line, earlier: bool) -> None:
    """Change places with the neighbour. The order of criteria decides the primary exclusion reason."""
    check(by, "protocol.edit")
    held(by)
    line = list(type(thing).objects.filter(project=by.project, removed=False))
    here = next((n for n, other in enumerate(line) if other.pk == thing.pk), None)
    there = None if here is None else here + (-1 if earlier else 1)
    if there is None or not 0 <= there < len(line):
        return
    line[here], line[there] = line[there], line[here]
    with pghistory.context(member=str(by.pk)):
        for position, other in enumerate(line, start=1):
            if other.position != position:
                other.position = position
                other.save(update_fields=["position"])


@transaction.atomic
def remove(*, by: Membership, thing: Line) -> None:
    """Take a line out of the draft. Versions that hold it, and answers to it, stay."""
    check(by, "protocol.edit")
    held(by)
    _nothing_leans_on(thing)
    thing.removed = True
    with pghistory.context(member=str(by.pk)):
        thing.save(update_fields=["removed"])


def _nothing_leans_on(thing: Line) -> None:
    if isinstance(thing, Criterion):
        leaning = Criterion.objects.filter(condition_on=thing, removed=False).first()
        if leaning:
            raise Refused(_("“%(label)s” applies only when this one is answered. Change that one first.") % {"label": leaning.label})
    if isinstance(thing, Question):
        naming = CriterionQuestion.objects.filter(question=thing, criterion__removed=False).select_related("criterion")
        for link in naming:
            # Without its last question it would be held against every one.
            if questions_named(Criterion, [link.criterion_id])[link.criterion_id] == [str(thing.pk)]:
                raise Refused(_("“%(label)s” is asked for this question alone. Change that one first.") % {"label": link.criterion.label})
