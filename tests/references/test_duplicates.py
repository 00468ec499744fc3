"""What a person says of duplicates: joined, kept apart, versions, parted, taken back. Decisions, counts and proposals follow."""

from itertools import combinations
from uuid import uuid4

import pytest

from screening.decisions.models import ReportStage
from screening.flow.checks import check_project
from screening.flow.queries import counts_of
from screening.projects import contributions
from screening.projects.access import Denied
from screening.projects.actions import Refused
from screening.references import actions
from screening.references.models import Join, PairVerdict, Placement, ProposedPair, Record, Report
from screening.references.queries import n_waiting, next_question, page_of_acts, reports_of, versions_of
from tests.cast import decide, import_titles

TITLES = ("Peer support in crisis teams", "Peer support in crisis teams: a review", "Peer support within crisis teams", "Bots as listeners")


@pytest.fixture
def reports(team):
    return import_titles(team, *TITLES)


def first(report) -> Record:
    return Record.objects.filter(joins__report=report).order_by("seq").first()


def propose(*reports, kind="likely", score=0.8):
    """Pairs as the matching would propose them."""
    made = []
    for n, (one, other) in enumerate(combinations(reports, 2)):
        a, b = sorted([first(one), first(other)], key=lambda record: record.pk)
        made.append(
            ProposedPair.objects.create(
                project=one.project, first=a, second=b, kind=kind, score=score - n / 100, reasons=["The titles are almost equal."]
            )
        )
    return made


def judge(team, verdict, *reports, others=(), by=None, act=None, **more):
    records = [first(report).pk for report in reports]
    beside = [first(report).pk for report in others]
    return actions.judge(by=by or team.coordinator, act=act or uuid4(), verdict=verdict, records=records, others=beside, **more)


def stands(report, stage="title_abstract"):
    row = ReportStage.objects.get(report=report, stage=stage)
    return "suspended" if row.suspended else row.status


def said(report, other):
    pair = sorted([first(report).pk, first(other).pk])
    last = PairVerdict.objects.filter(first=pair[0], second=pair[1]).order_by("-seq").first()
    return last.verdict if last else None


def test_same_joins_the_reports_and_stops_the_question(team, reports):
    (pair,) = propose(*reports[:2])
    judged = judge(team, "same", *reports[:2])
    assert judged.report == reports[0] and Placement.objects.filter(report=reports[0]).count() == 2
    pair.refresh_from_db()
    assert not pair.waits and said(*reports[:2]) == "same" and reports_of(team.project).count() == 3
    assert counts_of(team.project).boxes["duplicates"] == 1
    assert check_project(team.project) == []


def test_different_and_versions_join_nothing_and_are_not_asked_again(team, reports):
    propose(*reports[:2]), propose(reports[2], reports[3], kind="versions")
    judge(team, "different", *reports[:2])
    judge(team, "versions", reports[2], reports[3])
    assert reports_of(team.project).count() == 4 and not ProposedPair.objects.filter(waits=True).exists()
    assert said(*reports[:2]) == "different" and versions_of(reports[2]) == [reports[3]] and versions_of(reports[0]) == []
    assert not Join.objects.exclude(replaces=None).exists()


def test_a_group_is_joined_in_one_go_and_the_one_beside_it_kept_apart(team, reports):
    propose(*reports[:3])
    question = next_question(team.project, "likely")
    assert len(question.columns) == 3 and len(question.pairs) == 3 and question.reasons == ["The titles are almost equal."]
    judge(team, "same", *reports[:2], others=[reports[2]])
    assert said(reports[0], reports[1]) == "same" and said(reports[0], reports[2]) == said(reports[1], reports[2]) == "different"
    assert n_waiting(team.project, "likely") == 0


def test_what_was_said_of_two_reports_holds_for_all_their_records(team, reports):
    one, other, third, _ = reports
    judge(team, "same", one, other)
    judge(team, "different", one, third)
    (pair,) = propose(other, third)
    actions.settle_waits([one.pk])
    pair.refresh_from_db()
    assert not pair.waits


def test_taking_back_a_join_gives_back_the_very_reports_there_were(team, reports):
    propose(*reports[:3])
    act = judge(team, "same", *reports[:3]).act
    undo = uuid4()
    actions.take_back(by=team.coordinator, act=act, undo=undo)
    actions.take_back(by=team.coordinator, act=act, undo=undo)
    assert {placement.report_id for placement in Placement.objects.all()} == {report.pk for report in reports}
    assert n_waiting(team.project, "likely") == 3 and said(*reports[:2]) is None
    assert Join.objects.filter(act=undo).count() == 2 and check_project(team.project) == []
    with pytest.raises(actions.Told, match="taken back already"):
        actions.take_back(by=team.coordinator, act=act, undo=uuid4())


def test_a_taken_back_pair_can_be_judged_again(team, reports):
    propose(*reports[:2])
    actions.take_back(by=team.coordinator, act=judge(team, "different", *reports[:2]).act, undo=uuid4())
    assert n_waiting(team.project, "likely") == 1
    judge(team, "same", *reports[:2])
    assert PairVerdict.objects.count() == 3 and said(*reports[:2]) == "same"
    assert PairVerdict.objects.filter(replaces=None).count() == 1


def test_the_same_act_sent_twice_is_one_act_and_another_under_its_id_is_refused(team, reports):
    act = uuid4()
    once = judge(team, "same", *reports[:2], act=act)
    assert judge(team, "same", *reports[:2], act=act) == once and Join.objects.filter(act=act).count() == 1
    with pytest.raises(actions.Told, match="already used"):
        judge(team, "different", *reports[:2], act=act)


def test_whoever_comes_second_to_a_pair_is_told_what_was_said(team, reports):
    judge(team, "different", *reports[:2])
    with pytest.raises(actions.Told, match="Coordinator said in the meantime that these are different reports"):
        judge(team, "same", *reports[:2])
    judge(team, "same", reports[2], reports[3])
    with pytest.raises(actions.Told, match="one report"):
        judge(team, "different", reports[2], reports[3])
    assert reports_of(team.project).count() == 3


@pytest.mark.parametrize("verdict", ["maybe", ""])
def test_odd_verdicts_are_refused(team, reports, verdict):
    with pytest.raises(Refused):
        judge(team, verdict, *reports[:2])


def test_one_report_alone_or_one_of_another_project_is_refused(team, reports):
    with pytest.raises(Refused, match="at least two"):
        judge(team, "same", reports[0])
    with pytest.raises(Refused, match="not in this project"):
        actions.judge(by=team.coordinator, act=uuid4(), verdict="same", records=[first(reports[0]).pk, uuid4()])
    for member in (team.ana, team.adjudicator, team.observer):
        with pytest.raises(Denied):
            judge(team, "same", *reports[:2], by=member)


def test_joining_by_hand_overrules_what_kept_them_apart_and_parting_says_different_to_all_left(team, reports):
    one, other, third, _ = reports
    judge(team, "different", one, other)
    actions.join_reports(by=team.coordinator, keep=one, other=other, reason="The same after all.")
    assert said(one, other) == "same"
    actions.join_reports(by=team.coordinator, keep=one, other=third, reason="And this.")
    parted = actions.split_record(by=team.coordinator, record=first(other), reason="No.")
    assert parted == other and said(other, one) == said(other, third) == "different" and said(one, third) == "same"
    assert reports_of(team.project).count() == 3 and check_project(team.project) == []


def test_a_parting_is_taken_back_like_any_other_act(team, reports):
    actions.join_reports(by=team.coordinator, keep=reports[0], other=reports[1], reason="Same.")
    actions.split_record(by=team.coordinator, record=first(reports[1]), reason="Hm.")
    (parting, *_) = page_of_acts(team.project).rows
    assert parting.words == "Parted" and {report.pk for report in parting.reports} == {reports[0].pk, reports[1].pk}
    actions.take_back(by=team.coordinator, act=parting.id, undo=uuid4())
    assert Placement.objects.filter(report=reports[0]).count() == 2 and check_project(team.project) == []


def test_joins_raise_the_conflict_that_lies_in_their_decisions_and_undoing_takes_it_away(team, reports):
    one, other = reports[:2]
    for member in (team.ana, team.ben):
        decide(member, one, "include")
        decide(member, other, "exclude")
    assert (stands(one), stands(other)) == ("include", "exclude")
    act = judge(team, "same", one, other).act
    assert stands(one) in ("open", "conflict", "exclude") and stands(other) == "suspended" and check_project(team.project) == []
    actions.take_back(by=team.coordinator, act=act, undo=uuid4())
    assert (stands(one), stands(other)) == ("include", "exclude") and check_project(team.project) == []
    boxes = counts_of(team.project).boxes
    assert boxes["records_excluded"] == 1 and boxes["duplicates"] == 0


def test_a_conflict_between_two_people_arises_from_a_join(team, reports):
    one, other = reports[:2]
    decide(team.ana, one, "include")
    decide(team.ben, other, "exclude")
    judge(team, "same", one, other)
    assert stands(one) == "conflict"


def test_a_part_after_screening_leaves_decisions_with_the_record_shown_and_the_other_in_the_queue(team, reports):
    one, other = reports[:2]
    judge(team, "same", one, other)
    for member in (team.ana, team.ben):
        decide(member, one, "exclude")
    new = actions.split_record(by=team.coordinator, record=first(other), reason="Another report.")
    assert (stands(one), stands(new)) == ("exclude", "open") and check_project(team.project) == []


def test_history_tells_what_was_said_and_taken_back(team, reports):
    act = judge(team, "different", *reports[:2], reason="Other samples.").act
    actions.take_back(by=team.coordinator, act=act, undo=uuid4())
    entries = contributions.history_of("report", team.observer, reports[0])
    assert [entry.what for entry in entries[1:]] == [
        f"Kept apart from “{reports[1].title}”.",
        f"Took back what was said about this and “{reports[1].title}”.",
    ]
    assert entries[1].detail == "Other samples." and entries[1].who == team.coordinator.shown_name


def test_a_question_put_off_comes_round_again_after_the_others(team, reports):
    one = propose(*reports[:2], score=0.9)[0]
    two = propose(*reports[2:4], score=0.7)[0]
    asked = next_question(team.project, "likely")
    assert asked.key == one.pk
    asked = next_question(team.project, "likely", after=str(asked.key))
    assert asked.key == two.pk
    assert next_question(team.project, "likely", after=str(asked.key)).key == one.pk
    assert next_question(team.project, "likely", after="nonsense").key == one.pk


def test_what_was_said_later_of_records_that_an_undo_parts_is_taken_back_with_it(team, reports):
    a, b, c, d = reports
    records = [first(report) for report in reports]
    actions.join_reports(by=team.coordinator, keep=b, other=c, reason="One report.")
    act = judge(team, "same", a, b).act
    actions.judge(by=team.coordinator, act=uuid4(), verdict="same", records=[records[2].pk, records[3].pk])
    assert Placement.objects.filter(report=a).count() == 4
    actions.take_back(by=team.coordinator, act=act, undo=uuid4())
    assert set(Placement.objects.filter(report=b).values_list("record", flat=True)) == {records[1].pk, records[2].pk}
    assert (said(c, d), said(a, d), said(b, c)) == (None, "same", "same") and check_project(team.project) == []
    again = actions.judge(by=team.coordinator, act=uuid4(), verdict="same", records=[records[2].pk, records[3].pk])
    assert again.report == a and Placement.objects.filter(report=a).count() == 4


def test_a_pair_of_a_withdrawn_import_asks_nobody(team, reports):
    propose(*reports[:2])
    run = first(reports[0]).import_run
    actions.withdraw(by=team.coordinator, import_run=run, reason="Wrong.")
    assert n_waiting(team.project, "likely") == 0 and next_question(team.project, "likely") is None
    assert Report.objects.count() == 4
