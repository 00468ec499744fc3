"""The flow over HTTP: every number, and the list behind each."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from screening.flow.queries import counts_of, page_of_box, page_of_records
from screening.flow.rules import NAMES, RECORD_BOXES, as_figures
from screening.projects.api import CURSOR, ProjectAPI


class Term(serializers.Serializer):
    words = serializers.CharField()
    n = serializers.IntegerField()


class EquationOut(serializers.Serializer):
    words = serializers.CharField()
    left = serializers.IntegerField()
    right = Term(many=True)
    holds = serializers.BooleanField()


class SourceFigure(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    n = serializers.IntegerField()
    declared = serializers.IntegerField(help_text="How many of these were removed elsewhere: there is no list of them.")


class ReasonFigure(serializers.Serializer):
    label = serializers.CharField()
    n = serializers.IntegerField()


class FlowOut(serializers.Serializer):
    boxes = serializers.DictField(child=serializers.IntegerField())
    without_list = serializers.DictField(
        child=serializers.IntegerField(), help_text="By box: how many of its records were only declared, so that its list is shorter."
    )
    sources = SourceFigure(many=True)
    reasons = serializers.DictField(child=ReasonFigure(many=True))
    included_reviews = serializers.IntegerField()
    primary_studies = serializers.IntegerField(allow_null=True)
    identities = EquationOut(many=True)
    warnings = serializers.ListField(child=serializers.CharField())


class BoxEntry(serializers.Serializer):
    """A report; in a box of records, the record's id, source and the report it stands behind."""

    id = serializers.UUIDField()
    report = serializers.UUIDField()
    title = serializers.CharField()
    authors = serializers.ListField(child=serializers.CharField())
    year = serializers.IntegerField(allow_null=True)
    doi = serializers.CharField(allow_blank=True)
    source = serializers.CharField(allow_blank=True, help_text="In a box of records: where the record came from.")


class BoxOut(serializers.Serializer):
    box = serializers.CharField()
    name = serializers.CharField()
    n = serializers.IntegerField()
    without_list = serializers.IntegerField()
    results = BoxEntry(many=True)
    next = serializers.CharField(allow_null=True)


def _entry(report: Any, *, id: Any = None, source: str = "") -> dict[str, Any]:
    return {
        "id": id or report.pk,
        "report": report.pk,
        "title": report.title,
        "authors": report.authors,
        "year": report.year,
        "doi": report.doi,
        "source": source,
    }


class FlowAPI(ProjectAPI):
    access = {"GET": "project.see"}

    @extend_schema(responses=FlowOut)
    def get(self, request: Request, slug: str) -> Response:
        """Every number of the PRISMA 2020 diagram as it stands now, and the equations between them."""
        return Response(FlowOut(as_figures(counts_of(self.membership.project))).data)


class BoxAPI(ProjectAPI):
    access = {"GET": "references.see"}

    @extend_schema(parameters=[CURSOR], responses=BoxOut)
    def get(self, request: Request, slug: str, box: str) -> Response:
        """Exactly the reports (or records) that a box counts, by title."""
        if box not in NAMES:
            raise Http404
        project, after = self.membership.project, request.query_params.get("cursor", "")
        counts = counts_of(project)
        without_list = counts.without_list.get(box, 0)
        if box in RECORD_BOXES:
            page = page_of_records(project, box, counts[box] - without_list, after=after)
            entries = [_entry(r.placement.report, id=r.pk, source=r.import_run.source_version.name) for r in page.rows]
        else:
            page = page_of_box(project, box, after=after)
            entries = [_entry(report) for report in page.rows]
        body = {"box": box, "name": NAMES[box], "n": counts[box], "without_list": without_list}
        return Response(BoxOut({**body, "results": entries, "next": page.after or None}).data)
