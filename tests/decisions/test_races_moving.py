"""Deciding while records move behind reports: joins, splits, withdrawals and imports that end at the same moment."""

import pytest

from screening.decisions.models import Decision, ReportStage
from screening.flow.checks import check_project
from screening.projects.actions import Refused
from screening.references import actions as references
from screening.references.models import Import, ImportEvent, Placement, Report
from tests.cast import add_source, decide, import_file, import_titles, make_team, ris
from tests.decisions.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def reports(team):
    return import_titles(team, *(f"Peer support review number {word}" for word in ("one", "two", "three", "four", "five", "six")))


def join(team, keep, other):
    return references.join_reports(by=team.coordinator, keep=keep, other=other, reason="One document.")


def row(report) -> ReportStage:
    return ReportStage.objects.get(report=report, stage="title_abstract")


def test_a_decision_and_a_join_at_once_both_land_or_the_reviewer_is_told(team, reports):
    for keep, other in zip(reports[::2], reports[1::2], strict=True):
        decide(team.ana, keep, "include")
        decided, joined = at_once(lambda r=other: decide(team.ben, r, "include"), lambda k=keep, o=other: join(team, k, o))
        assert joined is None, joined
        if isinstance(decided, Decision):
            assert (row(keep).status, row(keep).n) == ("include", 2)
        else:
            assert isinstance(decided, Refused) and "joined" in str(decided)
            assert (row(keep).status, row(keep).n) == ("open", 1)
    assert check_project(team.project) == []


def test_a_decision_on_the_report_that_stays_and_a_join_at_once_both_land(team, reports):
    for keep, other in zip(reports[::2], reports[1::2], strict=True):
        decide(team.ana, other, "include")
        decided, joined = at_once(lambda r=keep: decide(team.ben, r, "include"), lambda k=keep, o=other: join(team, k, o))
        assert isinstance(decided, Decision) and joined is None, (decided, joined)
        assert (row(keep).status, row(keep).n) == ("include", 2)
    assert check_project(team.project) == []


def test_two_joins_that_cross_are_one_join_and_a_refusal(team, reports):
    for one, two in zip(reports[::2], reports[1::2], strict=True):
        results = at_once(lambda a=one, b=two: join(team, a, b), lambda a=one, b=two: join(team, b, a))
        assert sorted(type(result).__name__ for result in results) == ["NoneType", "Refused"], results
        assert sorted(Placement.objects.filter(report=report).count() for report in (one, two)) == [0, 2]
    assert check_project(team.project) == []


def test_decisions_and_a_withdrawal_at_once_leave_every_cache_true(team, reports):
    run = Import.objects.get(project=team.project)
    results = at_once(
        lambda: references.withdraw(by=team.coordinator, import_run=run, reason="The wrong file."),
        *(lambda r=report: decide(team.ana, r, "include") for report in reports[:5]),
    )
    assert all(result is None or isinstance(result, (Decision, Refused)) for result in results), results
    assert all(row(report).suspended for report in reports)
    assert check_project(team.project) == []


def test_an_import_withdrawn_twice_at_once_is_withdrawn_once(team, reports):
    run = Import.objects.get(project=team.project)
    results = at_once(*[lambda: references.withdraw(by=team.coordinator, import_run=run, reason="The wrong file.")] * 3)
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "Refused", "Refused"], results
    assert ImportEvent.objects.filter(kind="withdrawn").count() == 1


def test_two_imports_with_the_same_reports_may_end_at_the_same_moment(team):
    titles = [f"A review of peer support, part {n}" for n in range(12)]
    databases, website = add_source(team), add_source(team, "Website", "website")
    results = at_once(
        lambda: import_file(team, databases, ris(*titles)), lambda: import_file(team, website, ris(*titles) + b"\n", name="site.ris")
    )
    assert all(isinstance(result, Import) for result in results), results
    # Databases go before other methods, whichever file was read to its end first.
    assert set(Report.objects.filter(project=team.project).values_list("column", flat=True)) == {"databases"}
    assert Report.objects.filter(project=team.project).count() == 12
    assert check_project(team.project) == []
