"""A project's team, for programs: members and their roles, and invitations."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from screening.projects import actions, queries
from screening.projects.api import CURSOR, ProjectAPI, page_by_time, valid
from screening.projects.mail import send_invitation
from screening.projects.models import Invitation, Membership, Role


class MemberOut(serializers.Serializer):
    id = serializers.UUIDField(read_only=True)
    name = serializers.SerializerMethodField()
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices))
    joined_at = serializers.DateTimeField(read_only=True)

    def get_name(self, member: Membership) -> str:
        return queries.shown_name(member)


class MemberPage(serializers.Serializer):
    results = MemberOut(many=True)
    next = serializers.CharField(allow_null=True)


class InvitationOut(serializers.Serializer):
    id = serializers.UUIDField(read_only=True)
    email = serializers.EmailField(max_length=254)
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices), allow_empty=False)
    created_at = serializers.DateTimeField(read_only=True)
    expires_at = serializers.DateTimeField(read_only=True)


class InvitationMade(InvitationOut):
    """An invitation with its link, which is told in this one answer only."""

    link = serializers.URLField(read_only=True)
    mail_sent = serializers.BooleanField(read_only=True)


class InvitationPage(serializers.Serializer):
    results = InvitationOut(many=True)
    next = serializers.CharField(allow_null=True)


class MembersAPI(ProjectAPI):
    access = {"GET": "project.see"}

    @extend_schema(parameters=[CURSOR], responses=MemberPage)
    def get(self, request: Request, slug: str) -> Response:
        rows, following = page_by_time(
            queries.members_of(self.membership.project), request.query_params.get("cursor", ""), field="joined_at"
        )
        return Response(MemberPage({"results": rows, "next": following}).data)


class MemberAPI(ProjectAPI):
    access = {"PATCH": "team.manage"}

    @extend_schema(request=MemberOut, responses=MemberOut)
    def patch(self, request: Request, slug: str, member_id: UUID) -> Response:
        """Give a member exactly these roles."""
        member = get_object_or_404(Membership, pk=member_id, project=self.membership.project_id)
        actions.set_roles(by=self.membership, member=member, roles=set(valid(MemberOut(data=request.data))["roles"]))
        member.refresh_from_db()
        return Response(MemberOut(member).data)


class InvitationsAPI(ProjectAPI):
    access = {"GET": "team.manage", "POST": "team.manage"}

    @extend_schema(parameters=[CURSOR], responses=InvitationPage)
    def get(self, request: Request, slug: str) -> Response:
        """The invitations that can still be accepted."""
        rows, following = page_by_time(
            queries.open_invitations(self.membership.project), request.query_params.get("cursor", ""), field="created_at", latest_first=True
        )
        return Response(InvitationPage({"results": rows, "next": following}).data)

    @extend_schema(request=InvitationOut, responses={201: InvitationMade})
    def post(self, request: Request, slug: str) -> Response:
        given = valid(InvitationOut(data=request.data))
        invitation, secret = actions.invite(by=self.membership, email=given["email"], roles=set(given["roles"]))
        invitation.link = request.build_absolute_uri(reverse("join", args=[secret]))
        invitation.mail_sent = send_invitation(invitation, invitation.link)
        return Response(InvitationMade(invitation).data, status=status.HTTP_201_CREATED)


class InvitationAPI(ProjectAPI):
    access = {"DELETE": "team.manage"}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, invitation_id: UUID) -> Response:
        """Withdraw an invitation: its link no longer works."""
        invitation = get_object_or_404(Invitation, pk=invitation_id, project=self.membership.project_id)
        actions.revoke_invitation(by=self.membership, invitation=invitation)
        return Response(status=status.HTTP_204_NO_CONTENT)
