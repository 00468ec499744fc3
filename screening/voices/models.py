"""What people say, about anything, and what was done about it."""

import uuid

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from screening.projects.facts import Fact
from screening.projects.models import Membership, Project

__all__ = ["GlossaryTerm", "Mention", "Thread", "Voice", "VoiceAnswer", "VoiceBody", "VoiceMark", "VoiceSetting"]


class Audience(models.TextChoices):
    """Who reads a voice, and whether its words may leave the project. The latest mark of its author holds."""

    EVERYONE = "everyone", _("Everybody in the project, and reports that quote it")
    NOT_PUBLISHED = "not_published", _("Not for publication: everybody in the project, quoted nowhere else")
    TEAM = "team", _("For the team only: not observers, and quoted nowhere else")


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
        COMMENT = "comment", _("Comment")
        QUESTION = "question", _("Question")
        CONCERN = "concern", _("Concern")
        SUGGESTION = "suggestion", _("Suggestion")
        EXPERIENCE = "experience", _("Experience")

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="voices")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.COMMENT)
    reply_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    # Whether a coordinator owes an answer: set when it is spoken, by the role of who speaks.
    wants_answer = models.BooleanField(default=False)
    # Whether whoever spoke was in the working group then: they may leave it, and what they said stays the group's.
    from_working_group = models.BooleanField(default=False, db_default=False)

    class Meta(Fact.Meta):
        indexes = [
            models.Index(fields=["project", "-recorded_at", "-id"], name="voice_recent"),
            models.Index(fields=["project", "seq"], name="voice_owed", condition=models.Q(wants_answer=True)),
            models.Index(fields=["thread", "-seq"], name="voice_in_thread"),
        ]

    @property
    def audience(self) -> str:
        return self.body.audience


class VoiceBody(models.Model):
    """The words of a voice: the one part that its author may have erased.

    `salt` goes with the words: without it nobody can try out what they may have been against the voice's fingerprint.
    `audience` is a cache of the latest mark.
    """

    voice = models.OneToOneField(Voice, models.PROTECT, primary_key=True, related_name="body")
    words = models.TextField()
    # Where in the thing it was said: a page of a document, or the page of the project one stood on.
    place = models.CharField(max_length=80, blank=True, default="", db_default="")
    audience = models.CharField(max_length=13, choices=Audience.choices, default=Audience.EVERYONE, db_default=Audience.EVERYONE)
    salt = models.CharField(max_length=32, blank=True, default="", db_default="")
    redacted_at = models.DateTimeField(null=True)
    # Cache: an answer is owed, none was given, and the words are still there. The database keeps it (migration 0002).
    awaits = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [
            models.Index(fields=["voice"], name="voice_awaits", condition=models.Q(awaits=True)),
            GinIndex(SearchVector("words", config="simple"), name="voice_words"),
        ]


class VoiceMark(Fact):
    """Whose eyes a voice is for, as its author said it. The latest holds."""

    voice = models.ForeignKey(Voice, models.PROTECT, related_name="+")
    audience = models.CharField(max_length=13, choices=Audience.choices)


class Mention(models.Model):
    """A member named in a voice, or whose voice was replied to. `told_at`: when they had a notice; none while it is kept back."""

    voice = models.ForeignKey(Voice, models.PROTECT, related_name="mentions")
    member = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    is_reply = models.BooleanField(default=False)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["voice", "member"], name="one_mention")]
        indexes = [models.Index(fields=["voice"], name="mention_to_tell", condition=models.Q(told_at=None))]


class VoiceAnswer(Fact):
    """What became of a voice. The latest holds."""

    class Status(models.TextChoices):
        HEARD = "heard", _("Heard")
        ACTED_ON = "acted_on", _("Acted on")
        NOT_ACTED_ON = "not_acted_on", _("Not acted on")
        LATER = "later", _("Later")

    voice = models.ForeignKey(Voice, models.PROTECT, related_name="answers")
    status = models.CharField(max_length=12, choices=Status.choices)
    words = models.TextField()
    # What changed: a thing a voice can be about (an amendment, a criterion, an outcome), as its kind and id.
    change_kind = models.CharField(max_length=30, blank=True, default="", db_default="")
    change_id = models.UUIDField(null=True)


class VoiceSetting(Fact):
    """Within how many days an answer is owed, whom to turn to for support, and whether files come with words. The latest holds."""

    answer_days = models.PositiveSmallIntegerField()
    support = models.TextField(blank=True)
    takes_files = models.BooleanField(default=False, db_default=False)


@pghistory.track()
class GlossaryTerm(models.Model):
    """A word of the trade in plain words, as this project has it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="glossary")
    term = models.CharField(max_length=80)
    meaning = models.TextField()
    removed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint("project", Lower("term"), condition=models.Q(removed=False), name="one_meaning_per_term"),
        ]

    def __str__(self) -> str:
        return self.term
