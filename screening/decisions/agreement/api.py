"""Agreement for programs."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from screening.decisions.agreement.printed import pair_figures, together_figures
from screening.decisions.agreement.rules import Agreement
from screening.decisions.agreement.showing import Line
from screening.decisions.agreement.views import asked, known_stage
from screening.decisions.agreement.working import NotWorkedOut, ask, found_for, is_long
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
    at = serializers.DateTimeField(allow_null=True, help_text="When they were worked out, where so many are settled that it takes a while.")
    settled = serializers.IntegerField(help_text="Settled reports: only these are looked at.")
    compared = serializers.IntegerField(help_text="Those of them with two independent answers or more.")
    results = Figures(many=True)


HOW = [
    OpenApiParameter("maybe", str, enum=["folded", "apart"], description="Maybe counted as include, or as an answer of its own."),
    OpenApiParameter("by", str, enum=["month", "hundred"]),
    OpenApiParameter("brought_in", str, enum=["0", "1"], description="With decisions made elsewhere too."),
]


class AgreementAPI(ProjectAPI):
    access = {"GET": "decisions.see", "POST": "decisions.see"}

    @extend_schema(
        responses=StageFigures,
        parameters=HOW,
    )
    def get(self, request: Request, slug: str, stage: str) -> Response:
        """How far independent answers agree on settled reports; your own against the consensus (for coordinators, everybody's)."""
        this = known_stage(stage)
        found = found_for(self.membership, this, asked(request))
        if found is None:
            raise NotWorkedOut(_("The figures have to be worked out first: POST here, with the same parameters."))
        result, lines = found.result, [_line(line) for line in found.result.lines()]
        return Response({"stage": this, "at": found.at, "settled": result.settled, "compared": result.compared, "results": lines})

    @extend_schema(request=None, responses={202: None}, parameters=HOW)
    def post(self, request: Request, slug: str, stage: str) -> Response:
        """Have them worked out in the background, where many reports are settled; else there is nothing to do."""
        this = known_stage(stage)
        if is_long(self.membership.project, this):
            ask(by=self.membership, stage=this, how=asked(request))
        return Response(status=202)


def _line(line: Line) -> dict[str, Any]:
    figures = pair_figures(line.figures) if isinstance(line.figures, Agreement) else together_figures(line.figures)
    return {"what": line.key, "label": line.label, "people": list(line.people), **figures}
