"""Included reviews over HTTP: their reports, their questions, and which report belongs to which."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from screening.fulltext.queries import included_reports
from screening.fulltext.reviews import actions
from screening.fulltext.reviews.queries import questions_of_included, together
from screening.projects.api import CURSOR, ProjectAPI
from screening.references.models import Report
from screening.references.queries import page_of_reports


class IncludedShown(serializers.Serializer):
    report = serializers.UUIDField()
    title = serializers.CharField()
    same_review = serializers.ListField(child=serializers.UUIDField(), help_text="The other reports of its review.")
    questions = serializers.ListField(child=serializers.UUIDField(), help_text="Those all who included it agree on.")
    differ_on = serializers.ListField(child=serializers.UUIDField())


class IncludedPage(serializers.Serializer):
    reports = serializers.IntegerField()
    reviews = serializers.IntegerField()
    results = IncludedShown(many=True)
    next = serializers.CharField(allow_null=True)


class Belonging(serializers.Serializer):
    other = serializers.UUIDField(allow_null=True, help_text="A report of the same review; none: a review of its own.")


def _shown(report: Report, others: list[Report], questions: tuple[Any, Any]) -> dict[str, Any]:
    return {
        "report": report.pk,
        "title": report.title,
        "same_review": [one.pk for one in others],
        "questions": sorted(questions[0]),
        "differ_on": sorted(questions[1]),
    }


class IncludedAPI(ProjectAPI):
    access = {"GET": "project.see"}

    @extend_schema(parameters=[CURSOR], responses=IncludedPage)
    def get(self, request: Request, slug: str) -> Response:
        """What was included, by title: reports and reviews are counted apart."""
        project = self.membership.project
        page = page_of_reports(included_reports(project), after=request.query_params.get("cursor", ""))
        here, questions = together(project), questions_of_included(project)
        results = [_shown(report, here.others.get(report.pk, []), questions.get(report.pk, ((), ()))) for report in page.rows]
        return Response(
            IncludedPage({"reports": here.reports, "reviews": here.reviews, "results": results, "next": page.after or None}).data
        )


class BelongingAPI(ProjectAPI):
    access = {"POST": "extraction.edit"}

    def _report(self, pk: UUID) -> Report:
        report = Report.objects.filter(project=self.membership.project_id, pk=pk).first()
        if report is None:
            raise Http404
        return report

    @extend_schema(request=Belonging, responses=IncludedShown)
    def post(self, request: Request, slug: str, report: UUID) -> Response:
        """Say that a report is of the same review as another one, or a review of its own."""
        sent = Belonging(data=request.data)
        sent.is_valid(raise_exception=True)
        found, other = self._report(report), sent.validated_data["other"]
        if other:
            actions.same_review(by=self.membership, report=found, other=self._report(other))
        else:
            actions.stands_alone(by=self.membership, report=found)
        project = self.membership.project
        return Response(
            IncludedShown(
                _shown(found, together(project).others.get(found.pk, []), questions_of_included(project).get(found.pk, ((), ())))
            ).data
        )
