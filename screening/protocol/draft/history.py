"""What a line of the draft says, in words, and what became of it: from the events the database keeps of it and of its links."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from screening.protocol.bodies import LINKS, Line
from screening.protocol.models import Criterion, Question
from screening.protocol.rules import differences
from screening.protocol.words import in_reading


@dataclass(frozen=True)
class Change:
    """One change of a line's draft: when, by which user or member (ids, as the database kept them), what."""

    at: Any
    user: str | None
    member: str | None
    lines: list[str]


@dataclass(frozen=True)
class Names:
    """What the things a line names are called."""

    criteria: Mapping[Any, str] = field(default_factory=dict)
    questions: Mapping[Any, str] = field(default_factory=dict)


def names_in(project_id: Any) -> Names:
    return Names(
        criteria=dict(Criterion.objects.filter(project=project_id).values_list("pk", "label")),
        questions=dict(Question.objects.filter(project=project_id).order_by("position").values_list("pk", "label")),
    )


def in_words(thing: Line) -> dict[str, str]:
    """Every part of a line that says something, under its name: for showing it beside another state of it."""
    model = type(thing)
    named = set(thing.questions.filter(removed=False).values_list("pk", flat=True)) if model in LINKS else set()
    words = _words_of(model, thing, named, names_in(thing.project_id))
    return {name: said for name, said in words.items() if said and name not in ("place", "removed")}


def _words_of(model: type[Any], row: Any, named: set[Any], names: Names) -> dict[str, str]:
    """A row, or an event of one, in words. The keys are those of `rules.differences`."""
    words = {"place": str(row.position), _("short label"): row.label, _("words"): row.text, _("plain words"): row.plain_words}
    if model is Question:
        words |= {
            _("where reviews overlap"): Question.Overlap(row.overlap).label if row.overlap else "",
            _("overlap note"): row.overlap_note,
        }
    if model is Criterion:
        words |= _of_criterion(row, names)
    if model in LINKS:
        words[_("questions")] = ", ".join(str(label) for pk, label in names.questions.items() if pk in named)
    return {**{name: str(said) for name, said in words.items()}, "removed": "yes" if row.removed else ""}


def _of_criterion(row: Any, names: Names) -> dict[str, Any]:
    rests_on = names.criteria.get(row.condition_on_id) or _("a criterion")
    condition = f"{rests_on}: {row.condition_answer}" if row.condition_on_id else ""
    return {
        _("example of yes"): row.example_yes,
        _("example of no"): row.example_no,
        _("example of unclear"): row.example_unclear,
        _("kind"): Criterion.Kind(row.kind).label,
        _("line"): "" if row.threshold_percent is None else f"{row.threshold_percent.normalize():f}%",
        _("scope"): Criterion.Scope(row.scope).label,
        _("heading"): Criterion.Picos(row.picos).label if row.picos else "",
        _("asked at"): Criterion.AskedAt(row.asked_at).label,
        _("condition"): condition,
    }


def changes_of(thing: Line) -> list[Change]:
    """Every change of a line's draft that the database kept, oldest first, each with what was before and after."""
    model, names = type(thing), names_in(thing.project_id)
    named: set[Any] = set()
    row, before, found = None, None, []
    for _key, events in groupby(_events_of(thing), key=_together):
        together = list(events)
        for event in together:
            if not hasattr(event, "question_id"):
                row = event
            elif event.pgh_label == "delete":
                named.discard(event.question_id)
            else:
                named.add(event.question_id)
        after = _words_of(model, row, named, names)
        if lines := differences(before, after):
            context = together[0].pgh_context.metadata if together[0].pgh_context else {}
            found.append(
                Change(at=together[0].pgh_created_at, user=context.get("user"), member=context.get("member"), lines=in_reading(lines))
            )
        before = after
    return found


def _together(event: Any) -> Any:
    """What one action did is told as one change."""
    return event.pgh_context_id or (type(event), event.pgh_id)


def _events_of(thing: Line) -> list[Any]:
    """The events of a line and of what it names, in order; those of one action side by side, the line's own first."""
    model = type(thing)
    own = list(model.pgh_event_model.objects.filter(pgh_obj=thing.pk).select_related("pgh_context").order_by("pgh_id"))
    links: list[Any] = []
    if model in LINKS:
        link, back = LINKS[model]
        links = list(link.pgh_event_model.objects.filter(**{f"{back}_id": thing.pk}).select_related("pgh_context").order_by("pgh_id"))
    first: dict[Any, int] = {}
    for n, event in enumerate(sorted([*own, *links], key=lambda event: event.pgh_created_at)):
        first.setdefault(_together(event), n)
    return sorted([*own, *links], key=lambda event: (first[_together(event)], event in links))
