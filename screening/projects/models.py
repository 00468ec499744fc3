"""People, projects, roles and long work."""

import uuid

import pghistory
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from screening.projects.facts import Fact

__all__ = ["ApiToken", "Invitation", "Job", "Membership", "Project", "RoleGrant", "User"]


class Role(models.TextChoices):
    COORDINATOR = "coordinator", "Coordinator"
    REVIEWER = "reviewer", "Reviewer"
    ADJUDICATOR = "adjudicator", "Adjudicator"
    WORKING_GROUP = "working_group", "Working-group member"
    OBSERVER = "observer", "Observer"


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
    email = models.EmailField("e-mail address", max_length=254, unique=True)
    name = models.CharField("your name", max_length=120, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

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
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.title


@pghistory.track(exclude=["shown_name"])
class Membership(models.Model):
    """A person's seat in a project. It outlives the account, so that facts keep their author."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="members")
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="memberships")
    shown_name = models.CharField(max_length=120)
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), default=list, help_text="Cache of the role facts.")
    joined_at = models.DateTimeField(auto_now_add=True)

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
    email = models.EmailField("e-mail address", max_length=254)
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices))
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]


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
    """Long work. This row is the truth: Celery only carries its id, and beat sends it again when its lease ends."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting to start"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    OVER = (State.DONE, State.FAILED, State.CANCELLED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
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
        constraints = [models.UniqueConstraint(fields=["project", "kind", "idempotency_key"], name="one_job_per_key")]
        indexes = [
            models.Index(
                fields=["state", "lease_until"], name="job_to_send", condition=~models.Q(state__in=["done", "failed", "cancelled"])
            ),
            models.Index(fields=["project", "-created_at"], name="job_recent"),
        ]

    @property
    def is_over(self) -> bool:
        return self.state in self.OVER
