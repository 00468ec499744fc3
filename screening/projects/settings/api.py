"""How I am named in a project, for programs."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from screening.projects import actions
from screening.projects.api import ProjectAPI
from screening.projects.models import Membership, NamedAs
from screening.projects.queries import shown_name
from screening.projects.settings.queries import who_can_tell

CHOICES = [NamedAs.NAME, NamedAs.PSEUDONYM, NamedAs.MEMBER]


class NamingIn(serializers.Serializer):
    named_as = serializers.ChoiceField(choices=[(one.value, one.value) for one in CHOICES])
    name = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")


class NamingOut(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField(help_text="As it is shown everywhere in the project.")
    named_as = serializers.ChoiceField(choices=NamedAs.choices)
    roles = serializers.ListField(child=serializers.CharField())
    who_can_tell = serializers.ListField(child=serializers.CharField(), help_text="Who can still tell who you are.")


class NamingAPI(ProjectAPI):
    """Who I am in this project, and how I am named."""

    access = {"GET": "project.see", "PATCH": "project.see"}

    def _out(self, member: Membership) -> Response:
        mine = {"id": member.pk, "name": shown_name(member), "named_as": member.named_as, "roles": member.roles}
        return Response(NamingOut({**mine, "who_can_tell": who_can_tell(member)}).data)

    @extend_schema(responses=NamingOut)
    def get(self, request: Request, slug: str) -> Response:
        return self._out(self.membership)

    @extend_schema(request=NamingIn, responses=NamingOut)
    def patch(self, request: Request, slug: str) -> Response:
        given = NamingIn(data=request.data)
        given.is_valid(raise_exception=True)
        actions.choose_name(by=self.membership, named_as=given.validated_data["named_as"], shown_name=given.validated_data["name"])
        return self._out(self.membership)
