"""Which sandboxes of a review a member can open."""

from django.db.models import QuerySet

from screening.projects.models import Membership, Project


def sandboxes_of(member: Membership) -> QuerySet[Project]:
    """The sandboxes copied from this project that this person is in, the latest first."""
    mine = Membership.objects.filter(user=member.user_id).exclude(roles=[]).values("project")
    return Project.objects.filter(copied_from=member.project_id, is_sandbox=True, deleted_at=None, pk__in=mine).order_by("-created_at")
