"""Agreement for programs."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from screening.decisions.agreement.printed import pair_figures, together_figures
from screening.decisions.agreement.queries import figures_of
from screening.decisions.agreement.rules import Agreement
from screening.decisions.agreement.showing import Line
from screening.decisions.agreement.views import asked, known_stage
from screening.decisions.models import Stage
from screening.projects.api import ProjectAPI


class Figures(serializers.Serializer):
    """Figures are fractions of 1; one that does not exist is null, and `undefined` says why."""

    what = serializers.ChoiceField(["stage", "pair", "round", "criterion", "month", "hundred", "consensus"])
    label = serializers.CharField()
    people = serializers.ListField(child=serializers.UUIDField(), help_text="The members compared, for a pair and against the consensus.")
    reports = serializers.IntegerField()
    categories = serializers.ListField(child=serializers.CharField())
    table = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()), required=False, help_text="For two people: the counts."
    )
    observed_agreement = serializers.FloatField(allow_null=True)
    kappa = serializers.FloatField(allow_null=True, help_text="Cohen's; Conger's where more than two people rated the reports.")
    kappa_interval = serializers.ListField(child=serializers.FloatField(), allow_null=True, required=False)
    kappa_standard_error = serializers.FloatField(allow_null=True, required=False)
    fleiss_kappa = serializers.FloatField(allow_null=True, required=False)
    pabak = serializers.FloatField(allow_null=True)
    gwet_ac1 = serializers.FloatField(allow_null=True)
    krippendorff_alpha = serializers.FloatField(allow_null=True)
    prevalence_index = serializers.FloatField(allow_null=True, required=False)
    bias_index = serializers.FloatField(allow_null=True, required=False)
    p_pos = serializers.FloatField(allow_null=True, required=False)
    p_neg = serializers.FloatField(allow_null=True, required=False)
    undefined = serializers.DictField(child=serializers.CharField())


class StageFigures(serializers.Serializer):
    stage = serializers.ChoiceField(Stage.choices)
    settled = serializers.IntegerField(help_text="Settled reports: only these are looked at.")
    compared = serializers.IntegerField(help_text="Those of them with two independent answers or more.")
    results = Figures(many=True)


class AgreementAPI(ProjectAPI):
    access = {"GET": "decisions.see"}

    @extend_schema(
        responses=StageFigures,
        parameters=[
            OpenApiParameter("maybe", str, enum=["folded", "apart"], description="Maybe counted as include, or as an answer of its own."),
            OpenApiParameter("by", str, enum=["month", "hundred"]),
            OpenApiParameter("brought_in", str, enum=["0", "1"], description="With decisions made elsewhere too."),
        ],
    )
    def get(self, request: Request, slug: str, stage: str) -> Response:
        """How far independent answers agree on settled reports; your own against the consensus (for coordinators, everybody's)."""
        this = known_stage(stage)
        result, _, _ = figures_of(self.membership, this, **asked(request))
        lines = [_line(line) for line in result.lines()]
        return Response({"stage": this, "settled": result.settled, "compared": result.compared, "results": lines})


def _line(line: Line) -> dict[str, Any]:
    figures = pair_figures(line.figures) if isinstance(line.figures, Agreement) else together_figures(line.figures)
    return {"what": line.key, "label": line.label, "people": list(line.people), **figures}
