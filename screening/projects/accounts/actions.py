"""Asking for one's own data, and leaving Brolly altogether."""

from datetime import timedelta
from uuid import UUID

from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from screening.projects import jobs, team_contributions
from screening.projects.accounts.own_data import KIND
from screening.projects.actions import NAMELESS, Refused
from screening.projects.models import Invitation, Job, Membership, NamedAs, Notice, Project, Role, RoleGrant, User

EXPORTS_A_DAY = 5
KEPT = timedelta(days=7)


def ask_for_own_data(*, user: User, request_id: UUID) -> Job:
    """The job that gathers everything of a person into one file. `request_id` comes from the form: pressed twice, it is one job."""
    today = Job.objects.filter(user=user, kind=KIND, created_at__gt=timezone.now() - timedelta(days=1))
    if today.exclude(idempotency_key=f"{user.pk}:{request_id}").count() >= EXPORTS_A_DAY:
        raise Refused(_("That was asked for %(n)s times in the last 24 hours. The files made are below.") % {"n": EXPORTS_A_DAY})
    return jobs.start(project=None, user=user, kind=KIND, key=f"{user.pk}:{request_id}", args={}, by=None)


def forget_old_files() -> int:
    """Delete the files of own data that are older than a week; gives how many. Beat's round."""
    old = Job.objects.filter(kind=KIND, created_at__lt=timezone.now() - KEPT)
    n = 0
    for job in old:
        if stored := job.result.get("path"):
            default_storage.delete(stored)
        n += old.filter(pk=job.pk).delete()[0]
    return n


def only_coordinator_in(user: User) -> list[Project]:
    """Projects with other people in them that would be left without a coordinator."""
    mine = Membership.objects.filter(user=user, roles__contains=[Role.COORDINATOR]).select_related("project")
    found = []
    for member in mine:
        others = Membership.objects.filter(project=member.project).exclude(pk=member.pk).exclude(roles=[])
        if others.exists() and not others.filter(roles__contains=[Role.COORDINATOR]).exists():
            found.append(member.project)
    return found


@transaction.atomic
def delete_account(*, user: User, keep_names: bool) -> None:
    """Take a person out of Brolly. What they did stays, under the names they chose or, if they wish, as "A former member".

    Name, e-mail address, password, tokens, sessions, notices and who-did-it in the records of changes go, in event rows too.
    Raises Refused where a project with other people would be left without a coordinator.
    """
    members = list(Membership.objects.filter(user=user).select_related("project").order_by("project_id"))
    list(Project.objects.select_for_update(no_key=True).filter(pk__in=[m.project_id for m in members]).order_by("pk").values("pk"))
    if left := only_coordinator_in(user):
        titles = ", ".join(f"“{project.title}”" for project in left)
        raise Refused(_("You are the only coordinator of %(titles)s. Make somebody else one first.") % {"titles": titles})
    files = [job.result["path"] for job in Job.objects.filter(user=user, kind=KIND) if job.result.get("path")]
    _forget_invitations(user, members)
    for member in members:
        _leave(member, keep_names)
    _forget_in_changes(user, members)
    _end_sessions(user)
    user.delete()
    transaction.on_commit(lambda: [default_storage.delete(path) for path in files])


def _leave(member: Membership, keep_name: bool) -> None:
    RoleGrant.objects.bulk_create(
        RoleGrant(project=member.project, by=member, member=member, role=role, granted=False) for role in sorted(member.roles)
    )
    Notice.objects.filter(membership=member).delete()
    member.roles, member.user, member.unseen_notices, member.last_seen_on = [], None, 0, None
    if not keep_name:
        member.shown_name, member.named_as = NAMELESS[NamedAs.FORMER], NamedAs.FORMER
    member.save()
    team_contributions.tell_roles_changed(member)


def _forget_invitations(user: User, members: list[Membership]) -> None:
    """The address an invitation went to: theirs, or the one they came by."""
    from allauth.account.models import EmailAddress

    addresses = {user.email.lower(), *(email.lower() for email in EmailAddress.objects.filter(user=user).values_list("email", flat=True))}
    theirs = Q(accepted_by__in=members)
    for address in addresses:
        theirs |= Q(email__iexact=address)
    now = timezone.now()
    Invitation.objects.filter(theirs, accepted_by=None, revoked_at=None).update(revoked_at=now)
    Invitation.objects.filter(theirs).update(email="")


def _forget_in_changes(user: User, members: list[Membership]) -> None:
    """Who did it, in the records of changes: the account goes, the member they were in that project stays, as it is named."""
    Membership.pgh_event_model.objects.filter(user_id=user.pk).update(user_id=None)
    with connection.cursor() as cursor:
        for member in members:
            for start in (f"/p/{member.project.slug}/", f"/api/v1/projects/{member.project.slug}/"):
                cursor.execute(
                    "UPDATE pghistory_context SET metadata = metadata - 'user' || jsonb_build_object('member', %s::text) "
                    "WHERE metadata->>'user' = %s AND starts_with(metadata->>'url', %s)",
                    [str(member.pk), str(user.pk), start],
                )
        cursor.execute("UPDATE pghistory_context SET metadata = metadata - 'user' WHERE metadata->>'user' = %s", [str(user.pk)])


def _end_sessions(user: User) -> None:
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
