"""Who wrote a candidate review does not screen, settle or appraise it."""

import pytest

from screening.decisions import actions as decisions
from screening.decisions.authors.actions import declare
from screening.decisions.authors.queries import declared_in, suggested_in
from screening.decisions.authors.rules import may_be
from screening.decisions.conflicts import actions as conflicts
from screening.decisions.conflicts.queries import conflicts_for
from screening.decisions.models import ReportStage, Seat
from screening.decisions.queries import next_for, open_for
from screening.flow.checks import check_stages
from screening.fulltext.actions import record_retrieval
from screening.fulltext.queries import rows_in
from screening.projects.access import Denied
from screening.projects.actions import Refused, choose_name, set_roles
from screening.references.models import Report
from tests.cast import decide

STAGE = "title_abstract"


def status(report, stage=STAGE):
    return ReportStage.objects.get(report=report, stage=stage).status


def test_the_report_leaves_their_queue_and_their_answer_is_refused(team, reports):
    decisions.take_seats(by=team.ana, stage=STAGE, report_ids=[reports[0].pk])
    declare(by=team.ana, report_id=reports[0].pk)
    assert not Seat.objects.exists()
    assert reports[0].pk not in next_for(team.ana, STAGE) and open_for(team.ana, STAGE) == 3
    assert reports[0].pk in next_for(team.ben, STAGE)
    with pytest.raises(Refused, match="author"):
        decide(team.ana, reports[0], "include")
    with pytest.raises(Refused, match="recorded already"):
        declare(by=team.ana, report_id=reports[0].pk)


def test_what_they_said_before_counts_no_more_and_comes_back_if_it_was_no_mistake_of_theirs(team, reports):
    decide(team.ana, reports[0], "include")
    declare(by=team.ana, report_id=reports[0].pk)
    decide(team.ben, reports[0], "include")
    assert status(reports[0]) == "open"
    with pytest.raises(Refused, match="Say why"):
        declare(by=team.ana, report_id=reports[0].pk, declared=False)
    declare(by=team.ana, report_id=reports[0].pk, declared=False, why="Another A. Ana.")
    assert status(reports[0]) == "include"
    assert check_stages(team.project) == []


def test_what_is_settled_stands_and_a_settled_title_is_not_theirs_at_full_text(team, reports):
    for member in (team.ana, team.ben):
        decide(member, reports[0], "include")
    record_retrieval(by=team.ben, report_id=reports[0].pk, status="retrieved")
    assert [row.report_id for row in rows_in(team.ana, "assess")] == [reports[0].pk]
    declare(by=team.coordinator, report_id=reports[0].pk, member=team.ana, why="Her name is on it.")
    assert status(reports[0]) == "include"
    assert list(rows_in(team.ana, "assess")) == []
    assert [row.report_id for row in rows_in(team.ben, "assess")] == [reports[0].pk]
    assert check_stages(team.project) == []


def test_an_author_settles_no_conflict_about_their_review(team, reports):
    decide(team.ana, reports[0], "include")
    decide(team.ben, reports[0], "exclude")
    declare(by=team.adjudicator, report_id=reports[0].pk)
    assert list(conflicts_for(team.adjudicator)) == []
    with pytest.raises(Denied, match="author"):
        conflicts.reveal(by=team.adjudicator, report_id=reports[0].pk, stage=STAGE)


def test_nobody_says_it_of_others_but_coordinators(team, reports):
    with pytest.raises(Denied):
        declare(by=team.ben, report_id=reports[0].pk, member=team.ana)
    declare(by=team.coordinator, report_id=reports[0].pk, member=team.ana)
    (one,) = declared_in(team.project)
    assert (one.report, one.member, one.by) == (reports[0], team.ana, team.coordinator.shown_name)


def test_names_alike_are_a_hint_for_coordinators(team, reports):
    choose_name(by=team.ana, shown_name="Petra Rowan")
    Report.objects.filter(pk=reports[1].pk).update(authors=["Alder, J.", "Rowan, P. J."])
    Report.objects.filter(pk=reports[2].pk).update(authors=["Rowan, Karl"])
    assert [(one.report, one.member, one.author) for one in suggested_in(team.project)] == [(reports[1], team.ana, "Rowan, P. J.")]
    declare(by=team.ana, report_id=reports[1].pk)
    assert suggested_in(team.project) == []


@pytest.mark.parametrize(
    ("author", "shown", "alike"),
    [
        ("Rowan, P. J.", "Petra Rowan", True),
        ("Rowan PJ", "Petra Rowan", True),
        ("Petra J. Rowan", "Petra Rowan", True),
        ("Rowan, K.", "Petra Rowan", False),
        ("Müller, Ö.", "Özlem Muller", True),
        ("Rowan, P.", "Rowan", False),
        ("Prowan, P.", "Petra Rowan", False),
    ],
)
def test_family_name_and_first_initial_make_a_hint(author, shown, alike):
    assert may_be(author, shown) is alike


def test_a_round_of_those_who_left_their_role_keeps_what_they_declared(team, reports):
    declare(by=team.ana, report_id=reports[0].pk)
    set_roles(by=team.coordinator, member=team.ana, roles=set())
    assert [one.member for one in declared_in(team.project)] == [team.ana]
