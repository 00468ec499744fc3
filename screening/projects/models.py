"""People, projects, roles and long work."""

import uuid
from datetime import date

import pghistory
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from screening.projects.facts import Fact

__all__ = ["ApiToken", "Invitation", "Job", "Membership", "Notice", "Project", "RoleGrant", "User"]


def today() -> date:
    return timezone.now().date()


class Role(models.TextChoices):
    COORDINATOR = "coordinator", _("Coordinator")
    REVIEWER = "reviewer", _("Reviewer")
    ADJUDICATOR = "adjudicator", _("Adjudicator")
    WORKING_GROUP = "working_group", _("Working-group member")
    OBSERVER = "observer", _("Observer")


class NamedAs(models.TextChoices):
    """How a member chose to be named in one project."""

    NAME = "name", _("By name")
    PSEUDONYM = "pseudonym", _("By a name I choose for this project")
    MEMBER = "member", _("As a member of the working group")
    FORMER = "former", _("As a former member")


class Digest(models.TextChoices):
    """How often somebody wants a mail that says how much is new, and nothing of what."""

    NEVER = "", _("Never")
    DAILY = "daily", _("Once a day, where there is something new")
    WEEKLY = "weekly", _("Once a week, where there is something new")


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in by e-mail address. Name and address live here alone, so that erasing is one place."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("your name"), max_length=120, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    digest = models.CharField(max_length=6, choices=Digest.choices, blank=True, default=Digest.NEVER)
    digest_sent_at = models.DateTimeField(null=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]

    def __str__(self) -> str:
        return self.name or self.email


@pghistory.track()
class Project(models.Model):
    """One umbrella review, with its protocol, team and data."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    is_demonstration = models.BooleanField(default=False)
    # Times are shown in this zone; kept and exported in UTC.
    time_zone = models.CharField(max_length=64, default="UTC")
    # The language of its pages, mails and exports; empty: as each reader's browser asks.
    language = models.CharField(max_length=10, blank=True, default="")
    # How working-group members are named until they choose for themselves.
    group_named = models.CharField(max_length=9, choices=NamedAs.choices, default=NamedAs.NAME)
    # For training: a copy of a project's protocol, sources and reports, without people and decisions. It can be deleted.
    is_sandbox = models.BooleanField(default=False)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    deleted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.title


@pghistory.track(exclude=["shown_name", "named_as", "last_seen_on", "unseen_notices"])
class Membership(models.Model):
    """A person's seat in a project. It outlives the account, so that facts keep their author."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="members")
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="memberships")
    # What is shown of this member everywhere, as they chose it.
    shown_name = models.CharField(max_length=120)
    named_as = models.CharField(max_length=9, choices=NamedAs.choices, default=NamedAs.NAME)
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), default=list, help_text="Cache of the role facts.")
    joined_at = models.DateTimeField(auto_now_add=True)
    # The day alone: an hour beside a colleague's would tell who decided when.
    last_seen_on = models.DateField(null=True, default=today)
    # Cache: how many notices wait to be seen. Every page shows it, and none asks for it.
    unseen_notices = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "user"], name="one_membership_per_person")]
        ordering = ["joined_at", "id"]

    def __str__(self) -> str:
        return self.shown_name

    def has(self, *roles: str) -> bool:
        return not set(roles).isdisjoint(self.roles)


class RoleGrant(Fact):
    """A role given to or taken from a member. The latest per member and role holds."""

    member = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices)
    granted = models.BooleanField()


@pghistory.track(exclude=["email", "digest"])
class Invitation(models.Model):
    """A way into a project for one person. Only a digest of the link's secret is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-mail address"), max_length=254)
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices))
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]


class Notice(models.Model):
    """Something a member is told: that something happened and where to read it, never what was said or decided."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="notices")
    key = models.CharField(max_length=200, help_text="Told once for each key.")
    words = models.CharField(max_length=300)
    link = models.CharField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "key"], name="one_notice_per_key")]
        indexes = [models.Index(fields=["membership", "-created_at", "-id"], name="notices_latest")]


class ApiToken(models.Model):
    """A secret a person's own programs sign in with. Only its digest is kept; it can do what its owner can."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]


class Job(models.Model):
    """Long work. This row is the truth: Celery only carries its id, and beat sends it again when its lease ends.

    It belongs to a project, or to one person's account (`user`).
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting to start")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    OVER = (State.DONE, State.FAILED, State.CANCELLED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=40)
    idempotency_key = models.CharField(max_length=120)
    args = models.JSONField(default=dict)
    asked_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    sentence = models.CharField(max_length=300, blank=True)
    failure_sentence = models.CharField(max_length=500, blank=True)
    result = models.JSONField(default=dict)
    lease_until = models.DateTimeField(null=True)
    lease_key = models.UUIDField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "kind", "idempotency_key"], name="one_job_per_key", nulls_distinct=False)]
        indexes = [
            models.Index(
                fields=["state", "lease_until"], name="job_to_send", condition=~models.Q(state__in=["done", "failed", "cancelled"])
            ),
            models.Index(fields=["project", "-created_at"], name="job_recent"),
        ]

    @property
    def is_over(self) -> bool:
        return self.state in self.OVER
