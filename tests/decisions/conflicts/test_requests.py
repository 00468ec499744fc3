"""Changes of mind after settling: re-opened or left settled, by somebody entitled, with a reason and an id."""

from uuid import uuid4

import pytest

from screening.decisions.conflicts import actions
from screening.decisions.conflicts.queries import requests_to_answer
from screening.decisions.models import ReportStage, Resolution, ResolutionOn
from screening.decisions.sent_twice import Clash
from screening.flow.checks import check_project
from screening.projects.access import Denied
from screening.projects.actions import Refused, set_roles
from tests.cast import decide

STAGE = "title_abstract"


@pytest.fixture
def asked(team, reports):
    """Settled as include, and Ana has changed her mind since."""
    decide(team.ana, reports[0], "include")
    decide(team.ben, reports[0], "include")
    decide(team.ana, reports[0], "exclude", note="I misread it.")
    return reports[0]


def row(report) -> ReportStage:
    return ReportStage.objects.get(report=report, stage=STAGE)


def answer(act, member, report, **more):
    return act(by=member, report_id=report.pk, stage=STAGE, **{"why": "A fair point.", "resolution_id": uuid4(), **more})


def without_adjudicator(team) -> None:
    set_roles(by=team.coordinator, member=team.adjudicator, roles={"observer"})
    team.adjudicator.refresh_from_db()


def test_re_opened_the_answers_as_they_are_now_decide(team, asked):
    made = answer(actions.reopen, team.adjudicator, asked)
    assert (made.kind, made.outcome, row(asked).status, row(asked).requests) == ("reopening", None, "conflict", 0)
    assert ResolutionOn.objects.filter(resolution=made).count() == 1, "it names the request"
    assert ReportStage.objects.get(report=asked, stage="full_text").suspended


def test_declined_it_stays_settled_and_the_request_is_gone_but_not_the_answer(team, asked):
    made = answer(actions.decline, team.adjudicator, asked)
    assert (made.kind, row(asked).status, row(asked).requests) == ("declined", "include", 0)
    assert requests_to_answer(team.adjudicator) == []
    assert check_project(team.project) == []
    decide(team.ben, asked, "exclude")
    answer(actions.reopen, team.adjudicator, asked)
    assert row(asked).status == "exclude", "re-opened for another reason, what Ana said since counts too"


def test_a_declined_request_can_be_made_again(team, asked):
    answer(actions.decline, team.adjudicator, asked)
    decide(team.ana, asked, "exclude", note="I looked at it a third time.")
    assert row(asked).requests == 1
    decide(team.ana, asked, "include")
    assert row(asked).requests == 0, "back at the old answer there is nothing to ask"


def test_declining_needs_a_reason(team, asked):
    with pytest.raises(Refused, match="Say why"):
        answer(actions.decline, team.adjudicator, asked, why=" ")


@pytest.mark.parametrize("act", [actions.reopen, actions.decline])
def test_sent_twice_it_is_one_fact_and_another_content_clashes(team, asked, act):
    pk = uuid4()
    assert answer(act, team.adjudicator, asked, resolution_id=pk) == answer(act, team.adjudicator, asked, resolution_id=pk)
    assert Resolution.objects.count() == 1
    with pytest.raises(Clash, match="already used"):
        answer(act, team.adjudicator, asked, resolution_id=pk, why="Another reason.")


def test_what_was_not_on_the_screen_is_not_answered(team, asked):
    seen = _asking(team, asked)
    decide(team.ben, asked, "exclude")
    with pytest.raises(Clash, match="answered anew"):
        answer(actions.reopen, team.adjudicator, asked, on=seen)
    assert answer(actions.reopen, team.adjudicator, asked, on=_asking(team, asked)).kind == "reopening"


def _asking(team, report) -> list:
    from screening.decisions.conflicts.queries import requests_on

    return list(requests_on(team.project, report.pk, STAGE).values())


def test_whoever_asked_is_not_the_one_who_answers_nor_is_it_in_their_list(team, asked):
    set_roles(by=team.coordinator, member=team.ana, roles={"reviewer", "adjudicator"})
    team.ana.refresh_from_db()
    assert requests_to_answer(team.ana) == [] and len(requests_to_answer(team.adjudicator)) == 1
    with pytest.raises(Denied, match="asked for this yourself"):
        answer(actions.reopen, team.ana, asked)


def test_where_there_is_an_adjudicator_nobody_else_answers(team, asked):
    assert requests_to_answer(team.ben) == []
    for member in (team.ben, team.coordinator, team.observer):
        with pytest.raises(Denied):
            answer(actions.reopen, member, asked)


def test_two_people_without_an_adjudicator_answer_each_other(team, asked):
    without_adjudicator(team)
    assert [one.report_id for one in requests_to_answer(team.ben)] == [asked.pk] and requests_to_answer(team.ana) == []
    with pytest.raises(Denied):
        answer(actions.reopen, team.ana, asked)
    answer(actions.reopen, team.ben, asked)
    assert row(asked).status == "conflict"


def test_a_reviewer_who_did_not_decide_on_it_does_not_answer(team, asked):
    without_adjudicator(team)
    set_roles(by=team.coordinator, member=team.observer, roles={"reviewer"})
    team.observer.refresh_from_db()
    assert requests_to_answer(team.observer) == []
    with pytest.raises(Denied):
        answer(actions.decline, team.observer, asked)


def test_nobody_asks_any_more(team, asked):
    decide(team.ana, asked, "include")
    with pytest.raises(Clash, match="Nobody asks"):
        answer(actions.reopen, team.adjudicator, asked)
