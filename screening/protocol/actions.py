"""The only writers of the protocol and its sources."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pghistory
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership, Project
from screening.protocol.models import Criterion, ProtocolVersion, Question, SearchSource, SourceVersion
from screening.protocol.queries import criterion_body, draft_digest
from screening.protocol.rules import condition_goes_round

HIGHEST_LINE, LOWEST_LINE = 100, 1


class ChangedMeanwhile(Refused):
    """Somebody else changed the same thing after it was opened. `now` is how it stands; nothing was written."""

    status = 409

    def __init__(self, now: Question | Criterion | SourceVersion) -> None:
        super().__init__("Somebody changed this while you had it open. Nothing of yours was saved yet: compare the two and save again.")
        self.now = now


def _draft(thing: Question | Criterion, opened_as: str | None) -> Question | Criterion:
    """The thing as it stands now, under the project's lock; refused where it is not what the form was opened with."""
    now = type(thing).objects.get(pk=thing.pk)
    if now.removed:
        raise Refused(f"“{now.label}” was removed from the draft in the meantime. Add it again where it is still needed.")
    if opened_as is not None and opened_as != draft_digest(now):
        raise ChangedMeanwhile(now)
    return now


def _next_position(model: type[Question] | type[Criterion], project: Project) -> int:
    return (model.objects.filter(project=project).aggregate(last=Max("position"))["last"] or 0) + 1


@transaction.atomic
def save_question(*, by: Membership, label: str, text: str, question: Question | None = None, opened_as: str | None = None) -> Question:
    """Add a research question, or change its words in the draft.

    `opened_as` is the digest of what the form was opened with: raises ChangedMeanwhile where that no longer holds.
    """
    check(by, "protocol.edit")
    project = _held(by)
    question = _draft(question, opened_as) if question else Question(project=project, position=_next_position(Question, project))
    question.label, question.text = label.strip(), text.strip()
    if not question.label or not question.text:
        raise Refused("A question needs a short label and its words.")
    with pghistory.context(member=str(by.pk)):
        question.save()
    return question


def _held(by: Membership) -> Project:
    """The project, locked until the transaction ends: one person at a time changes a protocol."""
    return Project.objects.select_for_update(no_key=True).get(pk=by.project_id)


@transaction.atomic
def save_criterion(
    *, by: Membership, values: Mapping[str, Any], criterion: Criterion | None = None, opened_as: str | None = None
) -> Criterion:
    """Add a criterion, or change it in the draft. `values` has the model's own field names.

    Raises Refused for a threshold without a line, and for conditions that lead back to the criterion itself;
    ChangedMeanwhile where the draft is no longer what the form was opened with (`opened_as`, its digest).
    """
    check(by, "protocol.edit")
    project = _held(by)
    criterion = _draft(criterion, opened_as) if criterion else Criterion(project=project, position=_next_position(Criterion, project))
    for name in ("label", "text", "plain_words", "kind", "scope", "threshold_percent", "condition_on", "condition_answer"):
        if name in values:
            setattr(criterion, name, values[name])
    _make_sense(criterion)
    with pghistory.context(member=str(by.pk)):
        criterion.save()
    return criterion


def _make_sense(criterion: Criterion) -> None:
    if not criterion.label.strip() or not criterion.text.strip():
        raise Refused("A criterion needs a short label and its words.")
    if criterion.kind == Criterion.Kind.THRESHOLD:
        if criterion.threshold_percent is None:
            raise Refused("A threshold needs its line: the percentage a review must reach.")
        if not LOWEST_LINE <= criterion.threshold_percent <= HIGHEST_LINE:
            raise Refused(f"The line is a percentage from {LOWEST_LINE} to {HIGHEST_LINE}.")
    if criterion.kind != Criterion.Kind.THRESHOLD:
        criterion.threshold_percent = None
    if criterion.condition_on is None:
        criterion.condition_answer = ""
        return
    if criterion.condition_on.project_id != criterion.project_id or criterion.condition_on.removed:
        raise Refused("A condition can only rest on a criterion of this project's draft.")
    if not criterion.condition_answer:
        raise Refused("Say which answer makes this criterion apply: yes or no.")
    rests_on = dict(Criterion.objects.filter(project=criterion.project).values_list("pk", "condition_on"))
    if condition_goes_round({**rests_on, criterion.pk: criterion.condition_on_id}, criterion.pk):
        raise Refused("These conditions lead in a circle: a criterion would wait for its own answer.")


@transaction.atomic
def move(*, by: Membership, thing: Question | Criterion, earlier: bool) -> None:
    """Change places with the neighbour. The order of criteria decides the primary exclusion reason."""
    check(by, "protocol.edit")
    _held(by)
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
def remove(*, by: Membership, thing: Question | Criterion) -> None:
    """Take a question or criterion out of the draft. Versions that hold it, and answers to it, stay."""
    check(by, "protocol.edit")
    _held(by)
    if isinstance(thing, Criterion):
        leaning = Criterion.objects.filter(condition_on=thing, removed=False).first()
        if leaning:
            raise Refused(f"“{leaning.label}” applies only when this one is answered. Change that one first.")
    thing.removed = True
    with pghistory.context(member=str(by.pk)):
        thing.save(update_fields=["removed"])


def body_of(project: Project) -> dict[str, Any]:
    """The draft as it stands, in the shape a version keeps."""
    return {
        "questions": [{"id": str(q.pk), "label": q.label, "text": q.text} for q in Question.objects.filter(project=project, removed=False)],
        "criteria": [criterion_body(c) for c in Criterion.objects.filter(project=project, removed=False)],
    }


@transaction.atomic
def record_version(*, by: Membership, amendment: str = "") -> ProtocolVersion:
    """Record the draft as the next version. From the second on, an amendment says what changed and why."""
    check(by, "protocol.edit")
    project = _held(by)
    last = ProtocolVersion.objects.filter(project=project).order_by("-n").first()
    body = body_of(project)
    if not body["criteria"]:
        raise Refused("A version needs at least one criterion: add what makes a review eligible first.")
    if last and last.body == body:
        raise Refused(f"Nothing has changed since version {last.n}.")
    if last and not amendment.strip():
        raise Refused("Say what changed and why: the amendment is part of the record.")
    return ProtocolVersion.objects.create(project=project, by=by, n=last.n + 1 if last else 1, body=body, amendment=amendment.strip())


@transaction.atomic
def version_in_force(project: Project) -> ProtocolVersion:
    """The latest recorded version. Screening that starts before any was recorded records the draft as the first."""
    version = ProtocolVersion.objects.filter(project=project).order_by("-n").first()
    if version is None:
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        version, _ = ProtocolVersion.objects.get_or_create(
            project=project, n=1, defaults={"body": body_of(project), "amendment": "Recorded by Brolly when screening began."}
        )
    return version


@transaction.atomic
def save_source(
    *,
    by: Membership,
    name: str,
    kind: str,
    platform: str = "",
    strategy: str = "",
    searched_on: date | None = None,
    hits: int | None = None,
    limits: str = "",
    coverage: str = "",
    peer_review: str = "",
    source: SearchSource | None = None,
    opened_as: int | None = None,
) -> SourceVersion:
    """Describe a source, or describe it anew: each description is kept, the latest holds.

    Another date searched makes it another search of the source, an update; files imported from then on belong to it.
    The strategy is kept letter by letter, as PRISMA-S asks.
    `opened_as` is the number of the description a form was opened with: raises ChangedMeanwhile where there is a later one.
    """
    check(by, "references.import")
    project = _held(by)
    if not name.strip():
        raise Refused("A source needs a name, for example MEDLINE.")
    if source is None:
        source = SearchSource.objects.create(project=project, slug=_free_source_slug(project, name))
    elif source.project_id != project.pk:
        raise Refused("That source is not in this project.")
    latest = SourceVersion.objects.filter(source=source).order_by("-n").first()
    if latest and opened_as is not None and latest.n != opened_as:
        raise ChangedMeanwhile(latest)
    return SourceVersion.objects.create(
        project=project,
        by=by,
        source=source,
        n=latest.n + 1 if latest else 1,
        name=name.strip(),
        kind=kind,
        platform=platform.strip(),
        strategy=strategy.replace("\r\n", "\n").replace("\0", "") if strategy.strip() else "",
        searched_on=searched_on,
        hits=hits,
        limits=limits.strip(),
        coverage=coverage.strip(),
        peer_review=peer_review.strip(),
    )


def _free_source_slug(project: Project, name: str) -> str:
    base = slugify(name)[:60] or "source"
    slug, n = base, 1
    # "new" is the address of the form.
    while slug == "new" or SearchSource.objects.filter(project=project, slug=slug).exists():
        n += 1
        slug = f"{base}-{n}"
    return slug
