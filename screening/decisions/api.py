"""The desk's queue and decisions for programs; the desk in the browser is the first of them."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from screening.decisions import actions
from screening.decisions.desk.queries import among, among_lately
from screening.decisions.models import Answer, Decision, Stage
from screening.decisions.queries import (
    decided_by,
    open_for,
    visible_decisions,
)
from screening.decisions.queue.queries import EVERYTHING
from screening.decisions.queue.words import ORDERS
from screening.projects.access import check
from screening.projects.api import ProjectAPI
from screening.projects.queries import shown_name
from screening.projects.quick_json import QuickJSON
from screening.projects.throttle import AtTheDesk

MOST_AHEAD = 20
MOST_WITHOUT = 2000
PAGE = 50


class Marks(serializers.Serializer):
    """Where the team's words stand: [from, to, "include" or "exclude"], counted as JavaScript counts; by paragraph in the abstract."""

    title = serializers.ListField(child=serializers.ListField())
    abstract = serializers.ListField(child=serializers.ListField(child=serializers.ListField()))


class ShownReport(serializers.Serializer):
    """A report as the desk shows it. `abstract` is a list of [heading, words].

    Where the project keeps authors and journal from the desk, they are empty here, and so is what would name them.
    """

    id = serializers.UUIDField()
    title = serializers.CharField()
    byline = serializers.CharField()
    abstract = serializers.ListField(child=serializers.ListField(child=serializers.CharField(allow_blank=True)))
    authors = serializers.ListField(child=serializers.CharField())
    year = serializers.IntegerField(allow_null=True)
    journal = serializers.CharField(allow_blank=True)
    volume = serializers.CharField(allow_blank=True)
    issue = serializers.CharField(allow_blank=True)
    pages = serializers.CharField(allow_blank=True)
    doi = serializers.CharField(allow_blank=True)
    pmid = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_blank=True)
    flags = serializers.ListField(child=serializers.CharField(), help_text="What happened to it since: Retracted, Corrected...")
    marks = Marks()
    care = serializers.ListField(child=serializers.CharField(), help_text="What to say before it is read, where there is something.")
    labels = serializers.ListField(child=serializers.UUIDField(), help_text="Your own labels on it.")


class Queue(serializers.Serializer):
    results = ShownReport(many=True)
    left = serializers.IntegerField(help_text="How many reports wait for you at this stage, these included.")


class DecisionShown(serializers.Serializer):
    id = serializers.UUIDField()
    report = serializers.UUIDField(source="report_id")
    stage = serializers.ChoiceField(Stage.choices)
    answer = serializers.ChoiceField(Answer.choices, allow_null=True)
    note = serializers.CharField(allow_blank=True)
    failed = serializers.ListField(child=serializers.UUIDField())
    primary_reason = serializers.UUIDField(allow_null=True)
    who = serializers.CharField()
    is_mine = serializers.BooleanField()
    at = serializers.DateTimeField()
    version = serializers.IntegerField(required=False, help_text="The protocol version it was made under.")


class Deciding(serializers.Serializer):
    """One answer. The id is made by the client, so that what is sent twice is written once."""

    id = serializers.UUIDField()
    report = serializers.UUIDField()
    stage = serializers.ChoiceField(Stage.choices)
    answer = serializers.ChoiceField(Answer.choices, allow_null=True, help_text="null takes your last answer back.")
    note = serializers.CharField(allow_blank=True, default="", max_length=10_000)
    failed = serializers.ListField(child=serializers.UUIDField(), default=list, max_length=200)
    client_time = serializers.DateTimeField(required=False, allow_null=True, default=None)
    next = serializers.IntegerField(min_value=0, max_value=MOST_AHEAD, default=0, help_text="How many more reports to offer.")
    without = serializers.ListField(
        child=serializers.UUIDField(), default=list, max_length=MOST_WITHOUT, help_text="Reports the client holds already."
    )
    order = serializers.ChoiceField(
        list(ORDERS.items()), required=False, allow_null=True, default=None, help_text="The order of what is offered; see the queue."
    )
    filters = serializers.CharField(
        default="", allow_blank=True, max_length=20_000, help_text="What is offered is narrowed to; see the queue."
    )


class Asking(serializers.Serializer):
    """What is asked of the queue, where what a client holds is more than an address can carry."""

    n = serializers.IntegerField(min_value=1, max_value=MOST_AHEAD, default=MOST_AHEAD)
    without = serializers.ListField(child=serializers.UUIDField(), default=list, max_length=MOST_WITHOUT)
    order = serializers.ChoiceField(list(ORDERS.items()), required=False, allow_null=True, default=None)
    filters = serializers.CharField(default="", allow_blank=True, max_length=20_000)


# Made once: a serializer copies all its fields each time it is made, which cost as much as a statement.
DECIDING = Deciding()


class Decided(serializers.Serializer):
    decision = DecisionShown()
    next = ShownReport(many=True)
    left = serializers.IntegerField(
        allow_null=True, help_text="Known only near the end of the queue: counting it each time would cost more than deciding."
    )


class DecisionsPage(serializers.Serializer):
    results = DecisionShown(many=True)
    next = serializers.UUIDField(allow_null=True)


def known_stage(stage: str) -> str:
    if stage not in Stage.values:
        raise Http404
    return stage


def known_order(order: str | None) -> str | None:
    if order and order not in ORDERS:
        raise exceptions.ValidationError({"order": [f"The orders are {', '.join(ORDERS)}."]})
    return order or None


def uuids(text: str) -> list[UUID]:
    """A list of ids with commas between. Raises ValidationError where one is not an id."""
    try:
        return [UUID(part) for part in text.split(",") if part][:MOST_WITHOUT]
    except ValueError as error:
        raise exceptions.ValidationError({"without": ["Give ids with commas between."]}) from error


def own(decision: Decision) -> dict[str, Any]:
    """The decision its own author has just made, in the shape all decisions are shown."""
    return {
        "id": str(decision.pk),
        "report": str(decision.report_id),
        "stage": decision.stage,
        "answer": decision.answer,
        "note": decision.note,
        "failed": [str(criterion) for criterion in decision.failed],
        "primary_reason": str(decision.primary_reason) if decision.primary_reason else None,
        "who": shown_name(decision.member),
        "is_mine": True,
        "at": decision.recorded_at.isoformat(),
    }


class DeskAPI(ProjectAPI):
    """What the desk speaks with."""

    throttle_classes = [AtTheDesk]
    renderer_classes = [QuickJSON]


class QueueAPI(DeskAPI):
    access = {"GET": "titles.screen", "POST": "titles.screen"}

    @extend_schema(
        responses=Queue,
        parameters=[
            OpenApiParameter("n", int, description="From 1 to 20."),
            OpenApiParameter("without", str, description="Ids held already, with commas between."),
            OpenApiParameter(
                "order", str, enum=list(ORDERS), description="At random where none is given. The project may have one for all."
            ),
            OpenApiParameter(
                "filters",
                str,
                description="Only these: as in the address of the list of reports (source, label, year, kind, language, abstract, "
                "flag, found, q), in one value. What says where reports stand narrows nothing.",
            ),
        ],
    )
    def get(self, request: Request, slug: str, stage: str) -> Response:
        """The next reports for you. A seat is kept for you at each for half an hour."""
        check(self.membership, actions.ACTION_OF[Stage(known_stage(stage))])
        wanted = request.query_params.get("n", "")
        n = min(max(int(wanted), 1), MOST_AHEAD) if wanted.isdecimal() else MOST_AHEAD
        order = known_order(request.query_params.get("order"))
        held = uuids(request.query_params.get("without", ""))
        return self._offered(stage, n, held, order, request.query_params.get("filters", ""))

    @extend_schema(request=Asking, responses=Queue)
    def post(self, request: Request, slug: str, stage: str) -> Response:
        """The same, for as many reports held already as you like: an address has an end."""
        check(self.membership, actions.ACTION_OF[Stage(known_stage(stage))])
        asked = Asking(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        return self._offered(stage, values["n"], values["without"], values["order"], values["filters"])

    def _offered(self, stage: str, n: int, held: list[UUID], order: str | None, filters: str) -> Response:
        within = among(self.membership, filters)
        found = actions.offer(by=self.membership, stage=stage, limit=n, without=held, order=order, among=within)
        return Response({"results": found, "left": open_for(self.membership, stage, among=within)})


class Seats(serializers.Serializer):
    reports = serializers.ListField(child=serializers.UUIDField(), max_length=MOST_WITHOUT)


class SeatsAPI(DeskAPI):
    access = {"POST": "titles.screen"}

    @extend_schema(request=Seats, responses=Seats)
    def post(self, request: Request, slug: str, stage: str) -> Response:
        """Keep your seats at reports you were offered for another half hour, while you work on them.

        The answer has those that are still yours to decide on: of the others, as many people as they need have them by now.
        """
        check(self.membership, actions.ACTION_OF[Stage(known_stage(stage))])
        asked = Seats(data=request.data)
        asked.is_valid(raise_exception=True)
        kept = actions.keep_seats(by=self.membership, stage=stage, report_ids=asked.validated_data["reports"])
        return Response({"reports": [str(report) for report in kept]})


class DecisionsAPI(DeskAPI):
    # Which stage it is stands in what is sent: the action checks that one.
    access = {"GET": "project.see", "POST": "titles.screen"}

    @extend_schema(
        responses=DecisionsPage,
        parameters=[
            OpenApiParameter("report", UUID, description="All you may see of the decisions on one report."),
            OpenApiParameter("stage", str, enum=Stage.values),
            OpenApiParameter("cursor", UUID),
        ],
    )
    def get(self, request: Request, slug: str) -> Response:
        """Your own standing decisions, the latest first; or all you may see of one report's."""
        stage = known_stage(request.query_params.get("stage") or Stage.TITLE_ABSTRACT)
        if report := uuids(request.query_params.get("report", "")):
            asked = stage if "stage" in request.query_params else None
            seen = visible_decisions(self.membership, report[:1], stage=asked)
            return Response({"results": DecisionShown(seen, many=True).data, "next": None})
        before = next(iter(uuids(request.query_params.get("cursor", ""))), None)
        found = list(decided_by(self.membership, stage, before=before).select_related("member")[: PAGE + 1])
        following = str(found[PAGE - 1].pk) if len(found) > PAGE else None
        return Response({"results": [{**own(d), "report": str(d.report_now.pk)} for d in found[:PAGE]], "next": following})

    @extend_schema(request=Deciding, responses={201: Decided, 200: Decided})
    def post(self, request: Request, slug: str) -> Response:
        """Decide, and have the next reports in the same answer."""
        values = DECIDING.run_validation(request.data)
        wanted = values["next"]
        within = among_lately(self.membership, values["filters"]) if wanted and values["filters"] else EVERYTHING
        decision, found = actions.decide_and_offer(
            by=self.membership,
            report_id=values["report"],
            stage=values["stage"],
            answer=values["answer"],
            decision_id=values["id"],
            note=values["note"],
            failed=values["failed"],
            client_time=values["client_time"],
            limit=wanted,
            without=values["without"],
            order=values["order"],
            among=within,
        )
        # Fewer than asked for: the queue is nearly at its end, and then counting is cheap.
        left = open_for(self.membership, values["stage"], among=within) if len(found) < wanted else None
        code = status.HTTP_201_CREATED if decision.is_new else status.HTTP_200_OK
        return Response({"decision": own(decision), "next": found, "left": left}, status=code)
