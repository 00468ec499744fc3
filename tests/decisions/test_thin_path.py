"""From an import to settled titles, with the facts behind."""

from uuid import uuid4

import pytest

from screening.decisions import actions
from screening.decisions.conflicts.queries import conflicts_for
from screening.decisions.models import Decision, ReportStage
from screening.decisions.queries import next_for, open_for, visible_decisions
from screening.flow.equations import identities
from screening.flow.queries import counts_of, reports_in
from screening.fulltext.actions import record_retrieval
from screening.projects.access import Denied
from tests.cast import decide


def stage_of(report, stage="title_abstract"):
    return ReportStage.objects.get(report=report, stage=stage)


def test_two_includes_send_a_report_on_to_full_text(team, reports):
    decide(team.ana, reports[0], "include")
    assert stage_of(reports[0]).status == "open"
    decide(team.ben, reports[0], "maybe")
    assert stage_of(reports[0]).status == "include"
    assert stage_of(reports[0], "full_text").retrieval == "sought"


def test_a_conflict_is_settled_by_an_adjudicator_who_saw_both(team, reports):
    decide(team.ana, reports[0], "include")
    decide(team.ben, reports[0], "exclude", note="not a review")
    assert [row.report_id for row in conflicts_for(team.adjudicator)] == [reports[0].pk]
    assert visible_decisions(team.adjudicator, [reports[0].pk]) == []
    actions.reveal(by=team.adjudicator, report_id=reports[0].pk, stage="title_abstract")
    seen = visible_decisions(team.adjudicator, [reports[0].pk])
    assert {d.answer for d in seen} == {"include", "exclude"}
    actions.resolve(
        by=team.adjudicator,
        report_id=reports[0].pk,
        stage="title_abstract",
        outcome="exclude",
        why="Primary study.",
        on=[d.id for d in seen],
        resolution_id=uuid4(),
    )
    assert stage_of(reports[0]).status == "exclude"
    assert len(visible_decisions(team.ana, [reports[0].pk])) == 2
    assert visible_decisions(team.working_group, [reports[0].pk]) == []


def test_nobody_sees_an_unsettled_decision_of_another(team, reports):
    decide(team.ana, reports[0], "include", note="secret")
    for member in team.members.values():
        seen = visible_decisions(member, [reports[0].pk])
        assert [d.member_id for d in seen] == ([team.ana.pk] if member == team.ana else [])


def test_a_late_change_of_mind_waits_until_somebody_accepts_it(team, reports):
    decide(team.ana, reports[0], "exclude")
    decide(team.ben, reports[0], "exclude")
    decide(team.ben, reports[0], "include")
    row = stage_of(reports[0])
    assert (row.status, row.requests) == ("exclude", 1)
    actions.reopen(by=team.adjudicator, report_id=reports[0].pk, stage="title_abstract", why="Fair point.", resolution_id=uuid4())
    assert stage_of(reports[0]).status == "conflict"


def test_the_same_id_posted_twice_is_one_decision_and_with_other_words_a_clash(team, reports):
    decision_id = uuid4()
    for _ in range(2):
        actions.decide(by=team.ana, report_id=reports[0].pk, stage="title_abstract", answer="include", decision_id=decision_id)
    assert Decision.objects.count() == 1
    with pytest.raises(actions.Clash):
        actions.decide(by=team.ana, report_id=reports[0].pk, stage="title_abstract", answer="exclude", decision_id=decision_id)


def test_the_queue_leaves_out_what_i_decided_and_what_is_full(team, reports):
    assert len(next_for(team.ana, "title_abstract")) == 4
    decide(team.ana, reports[0], "include")
    assert reports[0].pk not in next_for(team.ana, "title_abstract")
    assert open_for(team.ana, "title_abstract") == 3
    assert reports[0].pk in next_for(team.ben, "title_abstract")


def test_undo_is_a_new_fact_and_puts_the_report_back(team, reports):
    decide(team.ana, reports[0], "include")
    decide(team.ana, reports[0], None)
    assert Decision.objects.count() == 2
    assert reports[0].pk in next_for(team.ana, "title_abstract")


def test_only_reviewers_decide(team, reports):
    for member in (team.coordinator, team.adjudicator, team.working_group, team.observer):
        with pytest.raises(Denied):
            decide(member, reports[0], "include")


def test_the_boxes_follow_and_the_lists_match_them(team, reports):
    for report, answer in zip(reports, ("include", "exclude", "include", "exclude"), strict=True):
        decide(team.ana, report, answer)
        decide(team.ben, report, answer)
    record_retrieval(by=team.ana, report_id=reports[0].pk, status="retrieved")
    record_retrieval(by=team.ana, report_id=reports[2].pk, status="not_retrieved", detail="Asked the authors twice.")
    counts = counts_of(team.project)
    assert (counts["records_identified"], counts["records_excluded"], counts["dbr_sought_reports"]) == (4, 2, 2)
    assert (counts["dbr_notretrieved_reports"], counts["dbr_assessed"]) == (1, 1)
    assert [report.pk for report in reports_in(team.project, "dbr_notretrieved_reports")] == [reports[2].pk]
    assert all(identity.holds for identity in identities(counts))
