"""Many conflicts of one pattern: settled together for one reason, all or none, each with a fact of its own."""

from uuid import uuid4

import pytest

from screening.decisions.conflicts import actions
from screening.decisions.conflicts.queries import all_shown, not_shown_to, of_pattern
from screening.decisions.conflicts.rules import Pattern, groups, pattern_of, stand_in
from screening.decisions.conflicts.words import in_words
from screening.decisions.models import ReportStage, Resolution
from screening.decisions.sent_twice import Clash
from screening.flow.checks import check_project
from screening.fulltext.actions import record_retrieval
from screening.projects.access import Denied
from screening.projects.actions import Refused, set_roles
from screening.protocol.actions import record_version, save_criterion
from screening.protocol.queries import reasons_in_order
from tests.cast import decide, import_titles

STAGE = "title_abstract"


@pytest.fixture
def many(team):
    titles = [f"Peer support review number {word}" for word in ("one", "two", "three", "four", "five", "six")]
    found = import_titles(team, *titles)
    for report, ana, ben in zip(found, ("include",) * 3 + ("maybe",) * 2 + ("include",), ("exclude",) * 6, strict=True):
        decide(team.ana, report, ana)
        decide(team.ben, report, ben)
    return found


def show_all(team) -> None:
    places = list(not_shown_to(team.adjudicator).values_list("report_id", "stage"))
    actions.reveal_many(by=team.adjudicator, places=places)


def chosen(team, key: str = "maybe,exclude") -> list:
    return [(one.row.report_id, [side.id for side in one.sides]) for one in of_pattern(team.adjudicator, STAGE, key)]


def settle(team, conflicts, **more):
    given = {"outcome": "exclude", "why": "Trials, all of them.", "batch_id": uuid4(), **more}
    return actions.settle_together(by=team.adjudicator, stage=STAGE, conflicts=conflicts, **given)


def status(report) -> str:
    return ReportStage.objects.get(report=report, stage=STAGE).status


def test_patterns_are_told_only_from_conflicts_that_were_shown(team, many):
    assert all_shown(team.adjudicator, STAGE) == []
    show_all(team)
    found = groups([(one, one.answers) for one in all_shown(team.adjudicator, STAGE)], by_people=False)
    assert [(in_words(group.pattern), group.n) for group in found] == [("include against exclude", 4), ("maybe against exclude", 2)]
    assert not_shown_to(team.adjudicator).count() == 0


def test_settled_together_each_has_a_ruling_of_its_own_with_the_one_reason(team, many):
    show_all(team)
    made = settle(team, chosen(team))
    assert [status(report) for report in many] == ["conflict"] * 3 + ["exclude"] * 2 + ["conflict"]
    assert len({one.pk for one in made}) == 2 and {one.why for one in made} == {"Trials, all of them."}
    assert len({one.batch for one in made}) == 1 and all(one.made_on.count() == 2 for one in made)
    assert check_project(team.project) == []


def test_if_one_has_changed_none_is_settled(team, many):
    show_all(team)
    conflicts = chosen(team)
    decide(team.ana, many[3], "exclude")
    with pytest.raises(actions.NotTogether, match="One of them") as refusal:
        settle(team, conflicts)
    assert refusal.value.reports == (many[3].pk,)
    assert status(many[4]) == "conflict" and Resolution.objects.count() == 0


def test_sent_twice_it_is_settled_once_and_another_content_clashes(team, many):
    show_all(team)
    conflicts, batch = chosen(team), uuid4()
    first = settle(team, conflicts, batch_id=batch)
    assert settle(team, conflicts, batch_id=batch) == first and Resolution.objects.count() == 2
    with pytest.raises(Clash, match="already used"):
        settle(team, conflicts, batch_id=batch, outcome="include")


def test_ones_own_conflicts_are_in_no_pattern_and_cannot_be_slipped_in(team, many):
    set_roles(by=team.coordinator, member=team.ana, roles={"reviewer", "adjudicator"})
    team.ana.refresh_from_db()
    assert not_shown_to(team.ana).count() == 0 and all_shown(team.ana, STAGE) == []
    assert actions.reveal_many(by=team.ana, places=[(many[0].pk, STAGE)]) == 0
    show_all(team)
    with pytest.raises(Denied, match="cannot rule on it alone"):
        actions.settle_together(by=team.ana, stage=STAGE, conflicts=chosen(team), outcome="include", why="So.", batch_id=uuid4())
    with pytest.raises(Denied):
        actions.settle_together(by=team.coordinator, stage=STAGE, conflicts=chosen(team), outcome="include", why="So.", batch_id=uuid4())


def test_what_is_not_sensible_is_refused(team, many):
    show_all(team)
    one = chosen(team)[0]
    for conflicts, more, words in (
        ([], {}, "from 1 to"),
        ([one, one], {}, "named twice"),
        ([one], {"why": " "}, "Say why"),
        ([one], {"outcome": "maybe"}, "include or exclude"),
        ([one], {"reason": uuid4()}, "not in the protocol version"),
    ):
        with pytest.raises(Refused, match=words):
            settle(team, conflicts, **more)
    assert Resolution.objects.count() == 0


def test_a_report_that_is_not_here_is_a_change_like_any_other(team, many):
    show_all(team)
    with pytest.raises(actions.NotTogether):
        settle(team, [*chosen(team), (uuid4(), [uuid4()])])


@pytest.mark.parametrize("named", [False, True])
def test_full_texts_excluded_for_differing_reasons_get_the_first_in_protocol_order_or_the_one_named(team, reports, named):
    for label in ("Not a review", "Population"):
        save_criterion(by=team.coordinator, values={"label": label, "text": label})
    record_version(by=team.coordinator)
    first, second = (reason.id for reason in reasons_in_order(team.project))
    for member in (team.ana, team.ben):
        decide(member, reports[0], "include")
    record_retrieval(by=team.ana, report_id=reports[0].pk, status="retrieved")
    decide(team.ana, reports[0], "include", stage="full_text")
    decide(team.ben, reports[0], "exclude", stage="full_text", failed=[second, first])
    actions.reveal_many(by=team.adjudicator, places=[(reports[0].pk, "full_text")])
    (one,) = all_shown(team.adjudicator, "full_text")
    conflicts = [(one.row.report_id, [side.id for side in one.sides])]
    given = {"stage": "full_text", "outcome": "exclude", "why": "Both read it again.", "batch_id": uuid4()}
    (made,) = actions.settle_together(by=team.adjudicator, conflicts=conflicts, reason=second if named else None, **given)
    assert str(made.primary_reason) == (second if named else first)
    assert str(ReportStage.objects.get(report=reports[0], stage="full_text").primary_reason) == str(made.primary_reason)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"a": "exclude", "b": "include"}, "include against exclude"),
        ({"a": "exclude", "b": "exclude"}, "both exclude, for different reasons"),
        ({"a": "maybe"}, "one maybe"),
        ({"a": "maybe", "b": "maybe"}, "both maybe"),
        ({"a": "include", "b": "exclude", "c": "include"}, "2 × include against exclude"),
        ({"a": "exclude", "b": "exclude", "c": "exclude"}, "all three exclude, for different reasons"),
    ],
)
def test_a_pattern_is_named_in_plain_words(answers, words):
    assert in_words(pattern_of(answers)) == words


def test_groups_are_by_answers_and_if_wished_by_people():
    conflicts = [(n, {"a": "include", who: "exclude"}) for n, who in enumerate("bcb")]
    assert [(group.n, group.pattern.people) for group in groups(conflicts, by_people=True)] == [(2, ("a", "b")), (1, ("a", "c"))]
    (whole,) = groups(conflicts, by_people=False)
    assert whole.pattern == Pattern(("include", "exclude")) and whole.conflicts == (0, 1, 2)


def test_a_stand_in_name_does_not_follow_a_person_from_report_to_report():
    names = {stand_in("ana", n) for n in range(40)}
    assert len(names) > 20 and stand_in("ana", 1) == stand_in("ana", 1) != stand_in("ben", 1)
