"""Two people at one pair at the same moment, on two connections: one is heard, the other is told; nothing is half done."""

from uuid import uuid4

import pytest

from screening.flow.checks import check_project
from screening.references import actions
from screening.references.models import Correction, Join, PairVerdict, Placement
from tests.cast import decide, import_titles, make_team
from tests.decisions.test_races import at_once
from tests.references.test_duplicates import judge, propose

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def reports(team):
    return import_titles(team, *(f"Peer support review number {word}" for word in ("one", "two", "three", "four")))


def test_two_verdicts_on_one_pair_at_once_are_one_and_the_other_is_told(team, reports):
    for pair in (reports[:2], reports[2:]):
        propose(*pair)
        results = at_once(lambda p=pair: judge(team, "same", *p), lambda p=pair: judge(team, "different", *p))
        assert sorted(type(result).__name__ for result in results) == ["Judged", "Told"], results
    assert PairVerdict.objects.count() == 2 and check_project(team.project) == []


def test_one_act_sent_twice_at_once_is_written_once(team, reports):
    act = uuid4()
    results = at_once(*[lambda: judge(team, "same", *reports[:3], act=act)] * 2)
    assert all(result.act == act and result.report == reports[0] for result in results), results
    assert Join.objects.filter(act=act).count() == 2 and Placement.objects.filter(report=reports[0]).count() == 3


def test_an_undo_sent_twice_at_once_is_one_undo(team, reports):
    act, undo = judge(team, "same", *reports[:2]).act, uuid4()
    results = at_once(*[lambda: actions.take_back(by=team.coordinator, act=act, undo=undo)] * 2)
    assert results == [None, None] and Join.objects.filter(act=undo).count() == 1 and check_project(team.project) == []


def test_a_verdict_and_a_decision_at_once_leave_every_cache_true(team, reports):
    results = at_once(lambda: judge(team, "same", *reports[:2]), lambda: decide(team.ana, reports[1], "include"))
    assert isinstance(results[0], actions.Judged), results
    assert check_project(team.project) == []


def test_two_corrections_of_one_field_at_once_are_both_kept(team, reports):
    def correct(value):
        return actions.correct(by=team.coordinator, report=reports[0], field="journal", value=value, reason="x")

    first, second = at_once(lambda: correct("Peers"), lambda: correct("Wards"))
    later = max(first, second, key=lambda made: (made.refresh_from_db(), made.seq)[1])
    reports[0].refresh_from_db()
    assert reports[0].journal == later.value and later.replaces_id in {first.pk, second.pk}


def test_a_correction_taken_back_twice_at_once_is_taken_back_once(team, reports):
    actions.correct(by=team.coordinator, report=reports[0], field="journal", value="Peers", reason="x")
    results = at_once(*[lambda: actions.take_back_correction(by=team.coordinator, report=reports[0], field="journal")] * 2)
    assert sorted(type(result).__name__ for result in results) == ["Correction", "Refused"], results
    assert Correction.objects.count() == 2
