"""The overlap of primary studies, for programs."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from extraction.overlap import actions, queries
from extraction.overlap.printed import figures, number, pair_figures
from extraction.overlap.queries import Figure
from screening.projects.api import ProjectAPI

PAIRS = 1000
ASSUMPTIONS = {
    "review_years": "publication",
    "structural_missingness": "A study later than a review's year of publication, and not included in it, is set aside.",
    "same_study": "Citations are one study when they share a DOI with titles that fit, or title and year.",
    "unlisted_reviews": "Reviews without a list of studies are left out.",
}


class PairShown(serializers.Serializer):
    a = serializers.UUIDField(help_text="A review.")
    b = serializers.UUIDField()
    shared = serializers.IntegerField(help_text="Studies in both.")
    either = serializers.IntegerField(help_text="Studies in at least one.")
    structurally_missing = serializers.IntegerField()
    cca = serializers.FloatField(allow_null=True)
    cca_adjusted = serializers.FloatField(allow_null=True)
    most_reachable = serializers.FloatField(allow_null=True)


class ColumnShown(serializers.Serializer):
    id = serializers.UUIDField()
    label = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    studies = serializers.IntegerField()
    only_here = serializers.IntegerField()


class OverlapShown(serializers.Serializer):
    """Shares are fractions of 1; null where undefined, with the reason in `warnings`."""

    state = serializers.ChoiceField(["not computed", "computed", "stale"], help_text="Stale: the citations changed since.")
    job = serializers.DictField(allow_null=True, help_text="The computation under way: id, state, sentence.")
    computed_at = serializers.DateTimeField(allow_null=True)
    reviews = serializers.IntegerField(allow_null=True)
    studies = serializers.IntegerField(allow_null=True)
    inclusions = serializers.IntegerField(allow_null=True)
    structurally_missing = serializers.IntegerField(allow_null=True)
    cca = serializers.FloatField(allow_null=True)
    cca_adjusted = serializers.FloatField(allow_null=True)
    band = serializers.CharField(allow_null=True)
    frequency = serializers.DictField(child=serializers.IntegerField(), help_text="Number of reviews -> studies in exactly so many.")
    columns = ColumnShown(many=True)
    left_out = serializers.ListField(child=serializers.CharField(), help_text="Reviews without a list.")
    assumptions = serializers.DictField(child=serializers.CharField())
    warnings = serializers.ListField(child=serializers.CharField())
    pairs = PairShown(many=True)
    next = serializers.CharField(allow_null=True)


class JobShown(serializers.Serializer):
    id = serializers.UUIDField()
    state = serializers.CharField()


EMPTY: dict[str, Any] = {
    "computed_at": None,
    "reviews": None,
    "studies": None,
    "inclusions": None,
    "structurally_missing": None,
    "cca": None,
    "cca_adjusted": None,
    "band": None,
    "frequency": {},
    "columns": [],
    "left_out": [],
    "warnings": ["The overlap has not been computed yet."],
    "pairs": [],
    "next": None,
}


def _shown(figure: Figure, start: int) -> dict[str, Any]:
    result = figure.result
    pairs = list(result.pairs)
    return {
        "computed_at": figure.job.ended_at,
        **figures(result),
        "columns": [
            {"id": one.review.id, "label": str(one.review), "year": year, "studies": one.studies, "only_here": one.only_here}
            for one, year in zip(result.per_review, figure.years, strict=True)
        ],
        "left_out": [str(review) for review in result.unlisted],
        "warnings": [*result.warnings, *figure.impossible],
        "pairs": [
            {
                "a": pair.a.id,
                "b": pair.b.id,
                **pair_figures(pair),
                "either": pair.either,
                "structurally_missing": pair.missing,
                "most_reachable": number(pair.most_reachable),
            }
            for pair in pairs[start : start + PAIRS]
        ],
        "next": str(start + PAIRS) if start + PAIRS < len(pairs) else None,
    }


class OverlapAPI(ProjectAPI):
    access = {"GET": "project.see", "POST": "overlap.compute"}

    @extend_schema(parameters=[OpenApiParameter("cursor", str, description="Of the pairs.")], responses=OverlapShown)
    def get(self, request: Request, slug: str) -> Response:
        """The figure computed last, with its pairs, assumptions, and whether the citations changed since."""
        project = self.membership.project
        # Before the figure: a job that ends in between has one.
        job = queries.job_under_way(project)
        digest = queries.inputs_of(project).digest
        figure = queries.figure_for(project, digest) or queries.latest_figure(project)
        cursor = request.query_params.get("cursor", "")
        start = int(cursor) if cursor.isdecimal() and len(cursor) < 9 else 0
        state = "not computed" if figure is None else "computed" if figure.digest == digest else "stale"
        body = (_shown(figure, start) if figure else EMPTY) | {
            "state": state,
            "assumptions": ASSUMPTIONS,
            "job": {"id": str(job.pk), "state": job.state, "sentence": job.sentence} if job else None,
        }
        return Response(OverlapShown(body).data)

    @extend_schema(request=None, responses={202: JobShown})
    def post(self, request: Request, slug: str) -> Response:
        """Compute the overlap of the citations as they are now; the same citations give the same job."""
        return Response(JobShown(actions.compute(by=self.membership)).data, status=status.HTTP_202_ACCEPTED)
