"""Assessments over HTTP: answers to criteria with the decision that rests on them, one's own draft, and both sides compared."""

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from screening.decisions.models import Outcome, Stage
from screening.decisions.queries import VisibleDecision, decisions_in_force, visible_decisions
from screening.fulltext.models import CriterionAnswer
from screening.fulltext.worksheet.actions import LONGEST_QUOTE, Answered, assess
from screening.fulltext.worksheet.queries import Assessed, assessed_by, body_held_against, figures_of, questions_of_review
from screening.fulltext.worksheet.rules import Figures, Given, OddFigures, line_of, share_of, verdict_of
from screening.fulltext.worksheet.words import odd_in_words, share_words
from screening.projects.api import ProjectAPI


class ThresholdFigures(serializers.Serializer):
    met = serializers.IntegerField(min_value=0)
    unclear = serializers.IntegerField(min_value=0, default=0)
    total = serializers.IntegerField(min_value=0)
    how = serializers.ChoiceField(CriterionAnswer.How.choices)
    looked_at = serializers.IntegerField(min_value=0, allow_null=True, default=None, help_text="Of a sample alone.")


class AnswerSerializer(serializers.Serializer):
    criterion = serializers.UUIDField()
    question = serializers.UUIDField(allow_null=True, default=None, help_text="For criteria answered for each question apart.")
    answer = serializers.ChoiceField(CriterionAnswer.Answer.choices, allow_null=True, default=None)
    figures = ThresholdFigures(allow_null=True, default=None, help_text="A threshold's worksheet; where it decides, it is the answer.")
    quote = serializers.CharField(allow_blank=True, default="", max_length=LONGEST_QUOTE)
    page = serializers.CharField(allow_blank=True, default="", max_length=40)


class AssessingSerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="Made by the client: sent twice, it is one decision.")
    report = serializers.UUIDField()
    answer = serializers.ChoiceField(Outcome.choices)
    answers = AnswerSerializer(many=True)
    note = serializers.CharField(allow_blank=True, default="", max_length=10_000)
    primary_reason = serializers.UUIDField(allow_null=True, default=None, help_text="Another failed criterion than the first.")
    reason_why = serializers.CharField(allow_blank=True, default="", max_length=2000)


class ShareSerializer(serializers.Serializer):
    low = serializers.CharField(allow_null=True, help_text="An exact fraction, as 7/15.")
    high = serializers.CharField(allow_null=True)
    estimate = serializers.CharField(allow_null=True, help_text="A sample's own share: no bound.")
    words = serializers.CharField()


class AnswerShown(AnswerSerializer):
    share = ShareSerializer(allow_null=True)


class AssessmentShown(serializers.Serializer):
    decision = serializers.UUIDField()
    report = serializers.UUIDField()
    who = serializers.CharField()
    is_mine = serializers.BooleanField()
    answer = serializers.CharField(allow_null=True)
    failed = serializers.ListField(child=serializers.UUIDField())
    primary_reason = serializers.UUIDField(allow_null=True)
    follows_reason = serializers.UUIDField(allow_null=True, help_text="The first failed criterion in protocol order.")
    reason_why = serializers.CharField()
    questions = serializers.ListField(child=serializers.UUIDField(), help_text="Those it was found eligible for.")
    answers = AnswerShown(many=True)


class AssessmentsShown(serializers.Serializer):
    results = AssessmentShown(many=True)
    eligible_for = serializers.ListField(child=serializers.UUIDField(), help_text="Questions all including reviewers agree on.")
    differ_on = serializers.ListField(child=serializers.UUIDField(), help_text="Questions only some of them found it eligible for.")


def _figures(given: dict[str, Any] | None) -> Figures | None:
    if given is None:
        return None
    try:
        return Figures(**given)
    except OddFigures as odd:
        raise serializers.ValidationError({"answers": [odd_in_words(odd)]}) from odd


def _answered(given: dict[str, Any]) -> Answered:
    question = str(given["question"]) if given["question"] else None
    return Answered(str(given["criterion"]), question, given["answer"], _figures(given["figures"]), given["quote"], given["page"])


def _answer_shown(answer: CriterionAnswer, percent: str | None) -> dict[str, Any]:
    figures = figures_of(answer)
    share = share_of(figures) if figures else None
    return {
        "criterion": answer.criterion,
        "question": answer.question,
        "answer": answer.answer,
        "figures": vars(figures) if figures else None,
        "quote": answer.quote,
        "page": answer.page,
        "share": {
            "low": None if share.low is None else str(share.low),
            "high": None if share.high is None else str(share.high),
            "estimate": None if share.estimate is None else str(share.estimate),
            "words": share_words(figures, line_of(percent)) if percent else "",
        }
        if share
        else None,
    }


def _shown(one: VisibleDecision, made_on: Assessed, lines: dict[str, str | None]) -> dict[str, Any]:
    return {
        "decision": one.id,
        "report": one.report_id,
        "who": one.who,
        "is_mine": one.is_mine,
        "answer": one.answer,
        "failed": one.failed,
        "primary_reason": one.primary_reason,
        "follows_reason": made_on.follows_reason,
        "reason_why": made_on.reason_why,
        "questions": made_on.questions,
        "answers": [_answer_shown(answer, lines.get(str(answer.criterion))) for answer in made_on.answers.values()],
    }


class AssessmentsAPI(ProjectAPI):
    access = {"GET": "project.see", "POST": "fulltext.screen"}

    def _lines(self) -> dict[str, str | None]:
        return {criterion["id"]: criterion["threshold_percent"] for criterion in body_held_against(self.membership.project)["criteria"]}

    @extend_schema(parameters=[OpenApiParameter("report", OpenApiTypes.UUID, required=True)], responses=AssessmentsShown)
    def get(self, request: Request, slug: str) -> Response:
        """The answers behind the decisions in force on one full text, as far as you may see them, side by side."""
        report = serializers.UUIDField().run_validation(request.query_params.get("report", ""))
        seen = decisions_in_force(self.membership, report, Stage.FULL_TEXT)
        made_on, lines = assessed_by(seen), self._lines()
        shared, some = questions_of_review(seen)
        results = [_shown(one, made_on[one.id], lines) for one in seen if one.id in made_on]
        return Response(AssessmentsShown({"results": results, "eligible_for": shared, "differ_on": some}).data)

    @extend_schema(request=AssessingSerializer, responses={201: AssessmentShown, 200: AssessmentShown})
    def post(self, request: Request, slug: str) -> Response:
        """Decide on a full text with the answers the decision rests on. What excludes follows from them."""
        sent = AssessingSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        made = assess(
            by=self.membership,
            report_id=values["report"],
            answer=values["answer"],
            decision_id=values["id"],
            answered=[_answered(one) for one in values["answers"]],
            note=values["note"],
            primary_reason=values["primary_reason"],
            reason_why=values["reason_why"],
        )
        (mine,) = [one for one in visible_decisions(self.membership, [made.report_now.pk], stage=Stage.FULL_TEXT) if one.id == made.pk]
        code = status.HTTP_201_CREATED if made.is_new else status.HTTP_200_OK
        return Response(AssessmentShown(_shown(mine, assessed_by([mine])[made.pk], self._lines())).data, status=code)


class VerdictAsked(serializers.Serializer):
    answers = AnswerSerializer(many=True)


class VerdictShown(serializers.Serializer):
    word = serializers.ChoiceField([("include", "Include"), ("exclude", "Exclude"), ("open", "Open")])
    failed = serializers.ListField(child=serializers.UUIDField())
    questions = serializers.ListField(child=serializers.UUIDField())
    missing = serializers.ListField(child=serializers.DictField(child=serializers.UUIDField(allow_null=True)))
    unclear = serializers.ListField(child=serializers.DictField(child=serializers.UUIDField(allow_null=True)))


def _places(places: Any) -> list[dict[str, str | None]]:
    return [{"criterion": criterion, "question": question} for criterion, question in places]


class VerdictAPI(ProjectAPI):
    access = {"POST": "project.see"}

    @extend_schema(request=VerdictAsked, responses=VerdictShown)
    def post(self, request: Request, slug: str) -> Response:
        """What answers come to by the protocol in force. Nothing is kept."""
        sent = VerdictAsked(data=request.data)
        sent.is_valid(raise_exception=True)
        body = body_held_against(self.membership.project)
        answered = [_answered(one) for one in sent.validated_data["answers"]]
        given: dict[Any, Given] = {one.place: one.given for one in answered}
        verdict = verdict_of(body["criteria"], [question["id"] for question in body["questions"]], given)
        shown = {"missing": _places(verdict.missing), "unclear": _places(verdict.unclear)}
        return Response(VerdictShown({"word": verdict.word, "failed": verdict.failed, "questions": verdict.questions, **shown}).data)


def report_asked(request: Request) -> UUID | None:
    """The report a list is narrowed to; None for all."""
    asked = request.query_params.get("report", "")
    return serializers.UUIDField().run_validation(asked) if asked else None
