"""Full texts over HTTP: the lists, and whether each was obtained. Decisions are posted to the decisions resource."""

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from screening.fulltext import queries
from screening.fulltext.actions import record_retrievals
from screening.fulltext.models import Retrieval
from screening.projects import contributions
from screening.projects.api import CURSOR, ProjectAPI
from screening.references.api import ReportPageSerializer, ReportSerializer
from screening.references.queries import page_of_reports
from screening.references.queries.facets import labels_on


class RetrievalsSerializer(serializers.Serializer):
    reports = serializers.ListField(child=serializers.UUIDField(), allow_empty=False, max_length=500)
    status = serializers.ChoiceField(Retrieval.Status.choices)
    detail = serializers.CharField(
        allow_blank=True, default="", help_text="What was tried; this or a way is needed where it was not retrieved."
    )
    way = serializers.ChoiceField(Retrieval.Way.choices, allow_blank=True, default="")
    tried_on = serializers.DateField(allow_null=True, default=None, help_text="The day it was tried; none: today.")
    link = serializers.URLField(allow_blank=True, default="", max_length=1000)


class RecordedSerializer(serializers.Serializer):
    recorded = serializers.IntegerField()
    refusals = serializers.ListField(child=serializers.CharField())


class FullTextsAPI(ProjectAPI):
    access = {"GET": "project.see"}

    @extend_schema(
        parameters=[
            CURSOR,
            OpenApiParameter("list", OpenApiTypes.STR, enum=queries.LISTS, description="Those who screen have assess and mine."),
        ],
        responses=ReportPageSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """The full texts of one list, by title."""
        names, asked = queries.lists_for(self.membership), request.query_params.get("list", "")
        if asked and asked not in names:
            raise serializers.ValidationError({"list": _("Your lists are %(lists)s.") % {"lists": ", ".join(names)}})
        found = queries.reports_in_list(self.membership, asked or names[0])
        page = page_of_reports(found, after=request.query_params.get("cursor", ""))
        ids = [report.pk for report in page.rows]
        context = {"stands": contributions.where_reports_stand(self.membership.project, ids), "labels": labels_on(self.membership, ids)}
        results = ReportSerializer(page.rows, many=True, context=context).data
        return Response({"results": results, "next": page.after or None, "count": found.count()})


class RetrievalsAPI(ProjectAPI):
    access = {"POST": "fulltext.retrieve"}

    @extend_schema(request=RetrievalsSerializer, responses=RecordedSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Record that full texts were obtained, could not be, or are sought again. One refused does not stop the others."""
        sent = RetrievalsSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = dict(sent.validated_data)
        recorded, refusals = record_retrievals(by=self.membership, report_ids=values.pop("reports"), **values)
        if not recorded:
            raise serializers.ValidationError({"reports": list(dict.fromkeys(refusals))})
        return Response({"recorded": recorded, "refusals": refusals})
