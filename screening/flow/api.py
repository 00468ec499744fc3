"""The flow over HTTP: every number, and the list behind each."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from screening.flow.breakers import reviews_screened
from screening.flow.figures import FlowOut
from screening.flow.lists.api import AT, not_counted
from screening.flow.lists.looking import NotCounted, reading
from screening.flow.past.forms import moment_named
from screening.flow.plain import as_figures
from screening.flow.queries import counts_of, labels_of
from screening.flow.told import lines_in_words, methods
from screening.flow.words import full_words, with_labels
from screening.projects.api import ProjectAPI


class FlowAPI(ProjectAPI):
    access = {"GET": "project.see"}

    @extend_schema(responses=FlowOut)
    def get(self, request: Request, slug: str) -> Response:
        """Every number of the PRISMA 2020 diagram as it stands now, and the equations between them."""
        return Response(FlowOut(as_figures(counts_of(self.membership.project))).data)


class GroupOut(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()
    figures = serializers.ListField(child=serializers.IntegerField(), help_text="In the order of `rows`.")
    parts = serializers.ListField(
        child=serializers.CharField(allow_blank=True),
        help_text="In the order of `rows`: the part of the row's list that each number counts.",
    )


class SplitOut(serializers.Serializer):
    key = serializers.CharField()
    name = serializers.CharField()
    rows = serializers.ListField(child=serializers.CharField())
    boxes = serializers.ListField(child=serializers.CharField(), help_text="In the order of `rows`: the list that its numbers open.")
    groups = GroupOut(many=True)
    all = serializers.ListField(child=serializers.IntegerField())
    all_boxes = serializers.ListField(child=serializers.CharField(), help_text="In the order of `rows`: the list that `all` opens.")
    several = serializers.IntegerField(help_text="Reports that are in more than one group.")


class SplitAPI(ProjectAPI):
    access = {"GET": "project.see"}

    @extend_schema(parameters=[AT], responses=SplitOut(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The flow split by source, by question, and by what was extracted; with `at`, as it was at that moment."""
        try:
            with reading(self.membership.project, moment_named(request.query_params.get("at", ""))) as read:
                tables = read.tables()
        except NotCounted:
            raise not_counted() from None
        return Response(SplitOut(tables, many=True).data)


class WordsOut(serializers.Serializer):
    diagram = serializers.ListField(child=serializers.CharField())
    methods = serializers.CharField()


class WordsAPI(ProjectAPI):
    access = {"GET": "project.see"}

    @extend_schema(responses=WordsOut)
    def get(self, request: Request, slug: str) -> Response:
        """The diagram in words, and a paragraph for the methods section with every figure as it stands now."""
        this = self.membership.project
        counts = counts_of(this)
        lines = lines_in_words(counts, with_labels(full_words(), labels_of(this)))
        return Response(WordsOut({"diagram": lines, "methods": methods(counts, reviews_screened(self.membership))}).data)
