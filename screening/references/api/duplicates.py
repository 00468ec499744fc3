"""Joining and parting over HTTP."""

from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from screening.projects.api import ProjectAPI
from screening.references import actions
from screening.references.api.imports import ReasonSerializer
from screening.references.api.reports import OneReportSerializer, found_report, report_body
from screening.references.models import Record
from screening.references.queries import (
    report_of,
)


class JoinSerializer(serializers.Serializer):
    other = serializers.UUIDField(help_text="The report whose records come behind this one.")
    reason = serializers.CharField()


class JoinAPI(ProjectAPI):
    access = {"POST": "references.join"}

    @extend_schema(request=JoinSerializer, responses=OneReportSerializer)
    def post(self, request: Request, slug: str, pk: UUID) -> Response:
        """Put every record of `other` behind this report."""
        sent = JoinSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        keep, other = found_report(self, pk), report_of(self.membership.project, sent.validated_data["other"])
        if other is None:
            raise serializers.ValidationError({"other": "There is no such report in this project."})
        actions.join_reports(by=self.membership, keep=keep, other=other, reason=sent.validated_data["reason"])
        return Response(report_body(self, found_report(self, pk)))


class SplitAPI(ProjectAPI):
    access = {"POST": "references.join"}

    @extend_schema(request=ReasonSerializer, responses={201: OneReportSerializer})
    def post(self, request: Request, slug: str, pk: UUID) -> Response:
        """Take one record out of its report, as a report of its own, which is the answer."""
        sent = ReasonSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        record = Record.objects.filter(project=self.membership.project, pk=pk).first()
        if record is None:
            raise Http404
        new = actions.split_record(by=self.membership, record=record, reason=sent.validated_data["reason"])
        return Response(report_body(self, new), status=201)
