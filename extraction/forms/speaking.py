"""Fields of the extraction form as what a voice can be about. A field has a key alone; its id is made of that."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from extraction.forms.rules import FIRST, TEMPLATES, Field
from extraction.forms.words import in_language
from screening.projects import contributions
from screening.projects.contributions import About
from screening.projects.models import Membership, Project
from screening.references.queries import is_id
from screening.voices.rules import id_of_key

KIND = "field"


@dataclass(frozen=True)
class FormField:
    """A field of the form one project extracts with, in the reader's language."""

    project: Project
    field: Field
    pk: UUID


def form_fields(project: Project) -> list[FormField]:
    """What the form in force asks of each included review, in its order."""
    return [FormField(project, field, _id_of(project, field)) for field in in_language(FIRST).fields]


def _id_of(project: Project, field: Field) -> UUID:
    return id_of_key(project.pk, f"field:{field.key}")


def _every(project: Project) -> dict[UUID, FormField]:
    """Of earlier versions of the form too: what was said of a field that it asks no more is not lost."""
    earlier = [FormField(project, field, _id_of(project, field)) for one in TEMPLATES.values() for field in in_language(one).fields]
    return {field.pk: field for field in [*earlier, *form_fields(project)]}


def _find_all(member: Membership, ids: Iterable[Any]) -> dict[UUID, FormField]:
    wanted = {UUID(str(pk)) for pk in ids}
    return {pk: field for pk, field in _every(member.project).items() if pk in wanted}


def _find(member: Membership, pk: str) -> FormField | None:
    return _every(member.project).get(UUID(pk)) if is_id(pk) else None


contributions.about(
    About(
        kind=KIND,
        name=gettext_lazy("question of the extraction form"),
        find=_find,
        find_all=_find_all,
        label=lambda one: _("Extraction: %(question)s") % {"question": one.field.label},
        url=lambda one: f"{reverse('forms:list', args=[one.project.slug])}#field-{one.field.key}",
    )
)
