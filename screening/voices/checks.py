"""Whom each voice is for, as it is cached beside its words, held against its marks."""

from typing import Any

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from screening.projects.contributions import Difference
from screening.projects.models import Project
from screening.voices.models import Audience, VoiceBody, VoiceMark


def _off(project: Project) -> Any:
    latest = VoiceMark.objects.filter(voice=OuterRef("pk")).order_by("-seq").values("audience")[:1]
    bodies = VoiceBody.objects.filter(voice__project=project).annotate(marked=Coalesce(Subquery(latest), Value(Audience.EVERYONE.value)))
    return [body for body in bodies.only("pk", "audience").iterator() if body.audience != body.marked]


def differences(project: Project) -> list[Difference]:
    return [Difference("audience of a voice", str(body.pk), body.audience, body.marked) for body in _off(project)]


def repair(project: Project) -> None:
    for body in _off(project):
        VoiceBody.objects.filter(pk=body.pk).update(audience=body.marked)
