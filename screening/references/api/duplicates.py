"""Duplicates over HTTP: what waits to be compared, what is said of it, joining and parting, all of it taken back."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from screening.projects.api import CURSOR, ProjectAPI
from screening.projects.queries import shown_name
from screening.references import actions
from screening.references.api.imports import ReasonSerializer
from screening.references.api.reports import OneReportSerializer, found_report, report_body
from screening.references.models import PairVerdict, ProposedPair, Record
from screening.references.queries import imports_of, page_of_acts, page_of_certain_joins, page_of_pairs, report_of


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


class PairSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(ProposedPair.Kind.choices)
    score = serializers.FloatField(help_text="From 0 to 1.")
    reasons = serializers.ListField(child=serializers.CharField())
    records = serializers.SerializerMethodField()
    reports = serializers.SerializerMethodField()

    @extend_schema(responses=serializers.ListField(child=serializers.UUIDField()))
    def get_records(self, pair: ProposedPair) -> list[str]:
        return [str(pair.first_id), str(pair.second_id)]

    @extend_schema(responses=serializers.ListField(child=serializers.UUIDField()))
    def get_reports(self, pair: ProposedPair) -> list[str]:
        return [str(pair.one), str(pair.other)]


class PairPageSerializer(serializers.Serializer):
    results = PairSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    count = serializers.IntegerField()


class PairsAPI(ProjectAPI):
    access = {"GET": "references.see"}

    @extend_schema(
        parameters=[CURSOR, OpenApiParameter("kind", OpenApiTypes.STR, enum=ProposedPair.Kind.values)], responses=PairPageSerializer
    )
    def get(self, request: Request, slug: str) -> Response:
        """The pairs of records that wait for a person, the likeliest first. `kind`: likely (the default) or versions."""
        asked = request.query_params.get("kind", ProposedPair.Kind.LIKELY)
        if asked not in ProposedPair.Kind.values:
            raise serializers.ValidationError({"kind": "A kind is likely or versions."})
        page, n = page_of_pairs(self.membership.project, asked, after=request.query_params.get("cursor", ""))
        return Response({"results": PairSerializer(page.rows, many=True).data, "next": page.after or None, "count": n})


class VerdictSerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="Made by you. Sending the same again changes nothing.")
    verdict = serializers.ChoiceField(PairVerdict.Verdict.choices)
    records = serializers.ListField(child=serializers.UUIDField(), min_length=2, max_length=actions.MOST_AT_ONCE)
    others = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, help_text="With same: records that were shown beside and are not it."
    )
    reason = serializers.CharField(required=False, allow_blank=True, default="")


class ActSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    words = serializers.CharField()
    verdicts = serializers.SerializerMethodField()
    by = serializers.SerializerMethodField()
    at = serializers.DateTimeField(source="last.recorded_at")
    reason = serializers.CharField(source="last.reason")
    reports = serializers.SerializerMethodField()

    def get_verdicts(self, act: Any) -> list[dict[str, str]]:
        return [{"first": str(one.first_id), "second": str(one.second_id), "verdict": one.verdict} for one in act.verdicts]

    def get_by(self, act: Any) -> str:
        return shown_name(act.last.by)

    @extend_schema(responses=serializers.ListField(child=serializers.UUIDField()))
    def get_reports(self, act: Any) -> list[str]:
        return [str(report.pk) for report in act.reports]


class ActPageSerializer(serializers.Serializer):
    results = ActSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class JudgedSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="act")
    report = serializers.UUIDField(source="report.pk", allow_null=True, default=None, help_text="With same: the report that holds all.")


class VerdictsAPI(ProjectAPI):
    access = {"GET": "references.see", "POST": "references.join"}

    @extend_schema(parameters=[CURSOR], responses=ActPageSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """What persons said and still stands, the latest first."""
        page = page_of_acts(self.membership.project, before=request.query_params.get("cursor", ""))
        return Response({"results": ActSerializer(page.rows, many=True).data, "next": page.after or None})

    @extend_schema(request=VerdictSerializer, responses={200: JudgedSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Say of records what they are. 409 where somebody said something about them in the meantime."""
        sent = VerdictSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        judged = actions.judge(
            by=self.membership,
            act=values["id"],
            verdict=values["verdict"],
            records=values["records"],
            others=values["others"],
            reason=values["reason"],
        )
        return Response(JudgedSerializer(judged).data)


class UndoSerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="Made by you. Sending the same again changes nothing.")


class UndoAPI(ProjectAPI):
    access = {"POST": "references.join"}

    @extend_schema(request=UndoSerializer, responses={204: None})
    def post(self, request: Request, slug: str, act: UUID) -> Response:
        """Take back all that one act said and moved, as far as it still stands."""
        sent = UndoSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        if not PairVerdict.objects.filter(project=self.membership.project, act=act).exists():
            raise Http404
        actions.take_back(by=self.membership, act=act, undo=sent.validated_data["id"])
        return Response(status=204)


class CertainJoinSerializer(serializers.Serializer):
    record = serializers.UUIDField(source="record_id")
    ordinal = serializers.IntegerField(source="record.ordinal")
    report = serializers.UUIDField(source="report_id")
    reason = serializers.CharField(source="join.reason")
    others = serializers.SerializerMethodField()

    @extend_schema(responses=serializers.ListField(child=serializers.UUIDField()))
    def get_others(self, row: Any) -> list[str]:
        return [str(one.record_id) for one in row.others]


class CertainJoinPageSerializer(serializers.Serializer):
    results = CertainJoinSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class CertainJoinsAPI(ProjectAPI):
    access = {"GET": "references.see"}

    @extend_schema(parameters=[CURSOR], responses=CertainJoinPageSerializer)
    def get(self, request: Request, slug: str, pk: UUID) -> Response:
        """The records of an import that were joined without asking anybody, with why, by place in the file."""
        run = imports_of(self.membership.project).filter(pk=pk).first()
        if run is None:
            raise Http404
        page = page_of_certain_joins(run, after=request.query_params.get("cursor", ""))
        return Response({"results": CertainJoinSerializer(page.rows, many=True).data, "next": page.after or None})
