"""Two at once is normal: racing requests on real connections, each in a thread of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from screening.decisions import actions
from screening.decisions.models import Decision, ReportStage, Resolution, Standing
from screening.projects.actions import set_roles
from screening.projects.models import Role
from tests.cast import decide, import_titles, make_team

pytestmark = pytest.mark.django_db(transaction=True)
STAGE = "title_abstract"


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls at the same moment, each on a connection of its own; an exception is a result too."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=60)
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [one.result(timeout=120) for one in [pool.submit(run, call) for call in calls]]


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def reports(team):
    return import_titles(team, *(f"Peer support review number {word}" for word in ("one", "two", "three", "four", "five", "six")))


def status(report) -> str:
    return ReportStage.objects.get(report=report, stage=STAGE).status


@pytest.mark.parametrize(
    ("ana", "ben", "outcome"), [("include", "include", "include"), ("exclude", "exclude", "exclude"), ("include", "exclude", "conflict")]
)
def test_two_reviewers_at_the_same_moment_both_land_and_neither_misses_the_other(team, reports, ana, ben, outcome):
    for report in reports:
        results = at_once(lambda r=report: decide(team.ana, r, ana), lambda r=report: decide(team.ben, r, ben))
        assert all(isinstance(one, Decision) for one in results), results
    assert [status(report) for report in reports] == [outcome] * len(reports)
    assert Standing.objects.count() == 2 * len(reports)


def test_two_adjudicators_make_one_ruling_and_the_other_is_told(team, reports):
    set_roles(by=team.coordinator, member=team.observer, roles={Role.ADJUDICATOR})
    team.observer.refresh_from_db()
    for report in reports[:3]:
        on = [decide(team.ana, report, "include").pk, decide(team.ben, report, "exclude").pk]

        def rule(member, outcome, report=report, on=on):
            return actions.resolve(
                by=member, report_id=report.pk, stage=STAGE, outcome=outcome, why="Read it twice.", on=on, resolution_id=uuid4()
            )

        results = at_once(lambda rule=rule: rule(team.adjudicator, "include"), lambda rule=rule: rule(team.observer, "exclude"))
        made = [one for one in results if isinstance(one, Resolution)]
        clashes = [one for one in results if isinstance(one, actions.Clash)]
        assert (len(made), len(clashes)) == (1, 1), results
        assert status(report) == made[0].outcome
        assert "settled in the meantime" in str(clashes[0])


def test_a_change_of_mind_during_a_ruling_either_comes_first_or_waits(team, reports):
    for report in reports[:4]:
        on = [decide(team.ana, report, "include").pk, decide(team.ben, report, "exclude").pk]

        def rule(report=report, on=on):
            return actions.resolve(
                by=team.adjudicator,
                report_id=report.pk,
                stage=STAGE,
                outcome="exclude",
                why="A primary study.",
                on=on,
                resolution_id=uuid4(),
            )

        ruled, changed = at_once(rule, lambda r=report: decide(team.ben, r, "include"))
        assert isinstance(changed, Decision), changed
        row = ReportStage.objects.get(report=report, stage=STAGE)
        if isinstance(ruled, Resolution):
            # The ruling was first: it stands, and the new answer asks to re-open.
            assert (row.status, row.requests) == ("exclude", 1)
        else:
            assert isinstance(ruled, actions.Clash), ruled
            assert (row.status, row.requests) == ("include", 0)


def test_one_id_sent_by_eight_requests_at_once_is_one_fact(team, reports):
    for report in reports[:3]:
        decision_id = uuid4()

        def send(report=report, decision_id=decision_id):
            return actions.decide(by=team.ana, report_id=report.pk, stage=STAGE, answer="include", decision_id=decision_id)

        results = at_once(*[send] * 8)
        assert {getattr(one, "pk", one) for one in results} == {decision_id}
        assert sum(one.is_new for one in results) == 1
        assert Decision.objects.filter(report=report).count() == 1


def test_one_id_for_two_different_reports_at_once_is_one_fact_and_a_clash(team, reports):
    decision_id = uuid4()
    results = at_once(
        *(
            lambda r=report: actions.decide(by=team.ana, report_id=r.pk, stage=STAGE, answer="include", decision_id=decision_id)
            for report in reports[:2]
        )
    )
    assert sorted(type(one).__name__ for one in results) == ["Clash", "Decision"]
    assert Decision.objects.count() == 1


def test_undo_and_the_other_decision_at_once_leave_the_status_right(team, reports):
    for report in reports:
        decide(team.ana, report, "include")
        undone, other = at_once(lambda r=report: decide(team.ana, r, None), lambda r=report: decide(team.ben, r, "include"))
        assert isinstance(undone, Decision) and isinstance(other, Decision)
        row = ReportStage.objects.get(report=report, stage=STAGE)
        # Undone first: one answer, open. Decided first: settled, and the undo waits as a request.
        assert (row.status, row.n, row.requests) in {("open", 1, 0), ("include", 2, 1)}


def test_one_ruling_sent_twice_at_once_is_one_ruling_and_no_clash(team, reports):
    for report in reports[:3]:
        on = [decide(team.ana, report, "include").pk, decide(team.ben, report, "exclude").pk]
        ruling_id = uuid4()

        def rule(report=report, on=on, ruling_id=ruling_id):
            return actions.resolve(
                by=team.adjudicator, report_id=report.pk, stage=STAGE, outcome="include", why="Read twice.", on=on, resolution_id=ruling_id
            )

        assert {getattr(one, "pk", one) for one in at_once(rule, rule, rule)} == {ruling_id}
