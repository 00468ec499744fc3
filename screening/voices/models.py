"""What people say, about anything, and what was done about it."""

import uuid

from django.db import models

from screening.projects.facts import Fact
from screening.projects.models import Project

__all__ = ["Thread", "Voice", "VoiceAnswer", "VoiceBody"]


class Thread(models.Model):
    """All that was said about one thing. `about_kind` names what registered it (projects/contributions.py)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="threads")
    about_kind = models.CharField(max_length=30)
    about_id = models.UUIDField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "about_kind", "about_id"], name="one_thread_per_thing")]


class Voice(Fact):
    """Somebody spoke. The words stand apart, where they can be redacted; that there was a voice remains."""

    class Kind(models.TextChoices):
        COMMENT = "comment", "Comment"
        QUESTION = "question", "Question"
        CONCERN = "concern", "Concern"
        SUGGESTION = "suggestion", "Suggestion"
        EXPERIENCE = "experience", "Experience"

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="voices")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.COMMENT)
    reply_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    # Whether a coordinator owes an answer: set when it is spoken, by the role of who speaks.
    wants_answer = models.BooleanField(default=False)


class VoiceBody(models.Model):
    """The words of a voice: the one part that its author may have erased."""

    voice = models.OneToOneField(Voice, models.PROTECT, primary_key=True, related_name="body")
    words = models.TextField()
    redacted_at = models.DateTimeField(null=True)


class VoiceAnswer(Fact):
    """What became of a voice. The latest holds."""

    class Status(models.TextChoices):
        HEARD = "heard", "Heard"
        ACTED_ON = "acted_on", "Acted on"
        NOT_ACTED_ON = "not_acted_on", "Not acted on"
        LATER = "later", "Later"

    voice = models.ForeignKey(Voice, models.PROTECT, related_name="answers")
    status = models.CharField(max_length=12, choices=Status.choices)
    words = models.TextField()
