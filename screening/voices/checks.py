"""What is cached beside a voice's words, held against the facts: whom it is for, and whether it waits for an answer."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.expressions import ExpressionWrapper
from django.db.models.fields import BooleanField
from django.db.models.functions import Coalesce

from screening.projects.contributions import Difference
from screening.projects.models import Project
from screening.voices.models import Audience, VoiceAnswer, VoiceBody, VoiceMark


def _off(project: Project) -> Any:
    latest = VoiceMark.objects.filter(voice=OuterRef("pk")).order_by("-seq").values("audience")[:1]
    bodies = VoiceBody.objects.filter(voice__project=project).annotate(marked=Coalesce(Subquery(latest), Value(Audience.EVERYONE.value)))
    return [body for body in bodies.only("pk", "audience").iterator() if body.audience != body.marked]


def _waiting_otherwise(project: Project) -> list[VoiceBody]:
    answered = VoiceAnswer.objects.filter(voice=OuterRef("pk"))
    owed = ExpressionWrapper(Q(voice__wants_answer=True, redacted_at=None) & ~Exists(answered), output_field=BooleanField())
    bodies = VoiceBody.objects.filter(voice__project=project).annotate(owed=owed).exclude(awaits=F("owed"))
    return list(bodies.only("pk", "awaits"))


def differences(project: Project) -> list[Difference]:
    found = [Difference("audience of a voice", str(body.pk), body.audience, body.marked) for body in _off(project)]
    return found + [
        Difference("whether a voice waits for an answer", str(body.pk), body.awaits, not body.awaits)
        for body in _waiting_otherwise(project)
    ]


def repair(project: Project) -> None:
    for body in _off(project):
        VoiceBody.objects.filter(pk=body.pk).update(audience=body.marked)
    for body in _waiting_otherwise(project):
        VoiceBody.objects.filter(pk=body.pk).update(awaits=not body.awaits)
