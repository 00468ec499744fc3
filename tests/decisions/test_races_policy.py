"""A policy that changes, a round that ends, an author who says so: each while decisions arrive on other connections."""

import pytest
from django.db import connection

from screening.decisions.authors.actions import declare
from screening.decisions.models import Decision, PolicyVersion, ReportStage
from screening.decisions.pilots.actions import close_round, start_round
from screening.decisions.pilots.models import PilotClosing
from screening.decisions.pilots.queries import reports_of
from screening.decisions.policies.actions import change_policy
from screening.decisions.policies.queries import policy_in_force
from screening.decisions.policies.rules import Policy
from screening.flow.checks import check_stages
from screening.projects.actions import Refused
from tests.cast import decide, import_titles, make_team
from tests.decisions.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
STAGE = "title_abstract"


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def reports(team):
    return import_titles(team, *(f"A review of peer support, part {n:02}" for n in range(8)))


def change(team, policy):
    return change_policy(by=team.coordinator, stage=STAGE, policy=policy, why="So.")


def test_decisions_that_arrive_during_a_change_stand_under_the_new_policy(team, reports):
    for n, policy in enumerate((Policy(required=1), Policy(required=3), Policy(way="one_include"), Policy())):
        mine = reports[2 * n : 2 * n + 2]
        results = at_once(
            lambda policy=policy: change(team, policy),
            *(lambda r=report: decide(team.ana, r, "include") for report in mine),
            *(lambda r=report: decide(team.ben, r, "exclude") for report in mine),
        )
        assert all(isinstance(one, (Decision, tuple)) for one in results), results
        assert check_stages(team.project) == [], policy


def test_the_ordinary_policy_is_not_recorded_over_one_that_came_first(team, reports):
    """The first decision of a project looks for a policy, and finds none, a moment before a coordinator's is recorded."""
    changed = []

    def before_the_lock(execute, sql, params, many, context):
        if not changed and "screening_project" in sql and "FOR NO KEY UPDATE" in sql:
            changed.append(True)
            (outcome,) = at_once(lambda: change(team, Policy(required=1)))
            assert isinstance(outcome, tuple), outcome
        return execute(sql, params, many, context)

    with connection.execute_wrapper(before_the_lock):
        decide(team.ana, reports[0], "include")
    assert changed and policy_in_force(team.project, STAGE) == Policy(required=1)
    assert PolicyVersion.objects.filter(project=team.project, stage=STAGE).count() == 1
    assert check_stages(team.project) == []


def test_two_changes_at_once_are_one_after_the_other_and_of_one_version_only_one(team, reports):
    decide(team.ana, reports[0], "include")
    n = PolicyVersion.objects.filter(project=team.project, stage=STAGE).count()

    def ask(policy):
        return change_policy(by=team.coordinator, stage=STAGE, policy=policy, why="So.", n=n)

    results = at_once(lambda: ask(Policy(required=1)), lambda: ask(Policy(required=3)))
    assert sorted(type(one).__name__ for one in results) == ["Clash", "tuple"], results
    assert check_stages(team.project) == []


def test_the_last_decisions_of_a_round_at_once_close_it_once(team, reports):
    for _ in range(2):
        round_ = start_round(by=team.coordinator, stage=STAGE, size=3, members=[team.ana.pk, team.ben.pk])
        rows = list(ReportStage.objects.filter(report__in=reports_of(round_), stage=STAGE).select_related("report"))
        results = at_once(*(lambda m=member, r=row: decide(m, r.report, "include") for member in (team.ana, team.ben) for row in rows))
        assert all(isinstance(one, Decision) for one in results), results
        assert PilotClosing.objects.filter(round=round_).count() == 1
        assert set(ReportStage.objects.filter(report__in=reports_of(round_), stage=STAGE).values_list("status", flat=True)) == {"include"}
    assert check_stages(team.project) == []


def test_a_round_closed_while_its_decisions_arrive_leaves_every_cache_true(team, reports):
    round_ = start_round(by=team.coordinator, stage=STAGE, size=6, members=[team.ana.pk, team.ben.pk])
    rows = list(ReportStage.objects.filter(report__in=reports_of(round_), stage=STAGE).select_related("report"))
    for row in rows:
        decide(team.ana, row.report, "include")
    results = at_once(
        lambda: close_round(by=team.coordinator, round_=round_, why="Time is up."),
        *(lambda r=row: decide(team.ben, r.report, "exclude") for row in rows),
    )
    assert isinstance(results[0], PilotClosing), results
    # A decision comes before the end or after it: then it is as any other, unless its author was shown what was said.
    assert all(isinstance(one, (Decision, Refused)) for one in results[1:]), results
    assert check_stages(team.project) == []


def test_an_author_who_says_so_while_they_decide(team, reports):
    for report in reports[:4]:
        said, decided = at_once(lambda r=report: declare(by=team.ana, report_id=r.pk), lambda r=report: decide(team.ana, r, "include"))
        assert not isinstance(said, Exception), said
        assert isinstance(decided, (Decision, Refused)), decided
        assert ReportStage.objects.get(report=report, stage=STAGE).n == 0
    assert check_stages(team.project) == []
