"""Pilot rounds: drawn at random, screened by everybody, blind to the end, and then told to those who screened."""

import pytest
from django.test import Client
from django.urls import reverse

from screening.decisions.agreement.queries import settled_reports
from screening.decisions.models import Decision, ReportStage, Revelation
from screening.decisions.pilots.actions import close_round, close_when_done, start_round
from screening.decisions.pilots.models import PilotClosing
from screening.decisions.pilots.queries import left_in, reports_of, result_of
from screening.decisions.queries import next_for, open_for, visible_decisions
from screening.flow.checks import check_stages
from screening.projects import contributions
from screening.projects.access import Denied
from screening.projects.actions import Refused, set_roles
from screening.protocol import actions as protocol
from screening.protocol.queries import reasons_in_order
from screening.references.actions import join_reports
from tests.cast import decide, import_titles
from tests.decisions.test_policies import join
from tests.walk import same_for_all

STAGE = "title_abstract"


@pytest.fixture
def many(team):
    protocol.save_criterion(by=team.coordinator, values={"label": "Not a review", "text": "The report is a systematic review."})
    protocol.record_version(by=team.coordinator)
    return import_titles(team, *(f"A review of peer support, part {n:02}" for n in range(10)))


@pytest.fixture
def cara(team):
    return join(team, "cara")


@pytest.fixture
def opened(team, many, cara):
    people = [one.pk for one in (team.ana, team.ben, cara)]
    return start_round(by=team.coordinator, stage=STAGE, size=4, members=people, why="To try the criteria.", seed=7)


def row(report_id):
    return ReportStage.objects.get(report=report_id, stage=STAGE)


def test_a_round_is_first_in_the_queue_of_its_members_and_nobody_elses(team, many, cara, opened):
    dan = join(team, "dan")
    ids = set(reports_of(opened))
    assert len(ids) == opened.size == 4
    for member in (team.ana, team.ben, cara):
        assert set(next_for(member, STAGE, limit=4)) == ids
        assert set(next_for(member, STAGE, limit=10, order="title")[:4]) == ids
        assert open_for(member, STAGE) == 10
        (waits,) = [item for item in contributions.waiting_for(member) if item.label == "of pilot round 1 to screen"]
        assert (waits.count, waits.since) == (4, opened.recorded_at)
    assert not ids & set(next_for(dan, STAGE, limit=50))
    assert open_for(dan, STAGE) == 6
    assert check_stages(team.project) == []


def test_the_same_seed_draws_the_same_and_only_one_round_is_open_at_a_stage(team, many, cara, opened):
    with pytest.raises(Refused, match="A round is open"):
        start_round(by=team.coordinator, stage=STAGE, size=2, members=[team.ana.pk, team.ben.pk])
    close_round(by=team.coordinator, round_=opened, why="Drawn by mistake.")
    again = start_round(by=team.coordinator, stage=STAGE, size=4, members=opened.members, seed=7)
    assert (again.n, reports_of(again)) == (2, reports_of(opened))


def test_only_coordinators_start_rounds_of_at_least_two_people_and_of_new_reports(team, many):
    for member in (team.ana, team.adjudicator, team.working_group):
        with pytest.raises(Denied):
            start_round(by=member, stage=STAGE, size=2, members=[team.ana.pk, team.ben.pk])
    with pytest.raises(Refused, match="two people"):
        start_round(by=team.coordinator, stage=STAGE, size=2, members=[team.ana.pk, team.adjudicator.pk])
    for report in many:
        decide(team.ana, report, "include")
    with pytest.raises(Refused, match="nobody has decided"):
        start_round(by=team.coordinator, stage=STAGE, size=2, members=[team.ana.pk, team.ben.pk])


def test_nothing_settles_and_nothing_shows_until_everybody_has_decided_on_everything(team, many, cara, opened):
    ids = reports_of(opened)
    reason = reasons_in_order(team.project)[0].id
    answers = {team.ana: "iiii", team.ben: "iiee", cara: "imie"}
    for member, said in answers.items():
        for pk, letter in zip(ids, said, strict=True):
            answer = {"i": "include", "e": "exclude", "m": "maybe"}[letter]
            decide(member, row(pk).report, answer, failed=[reason] if answer == "exclude" else [])
            if not (member is cara and pk == ids[-1]):
                assert row(pk).status == "open"
                assert close_when_done(opened.pk) is None
    for viewer in team.members.values():
        assert [one for one in visible_decisions(viewer, ids) if one.member_id != viewer.pk] == []
    assert left_in(opened) == {str(one.pk): 0 for one in (team.ana, team.ben, cara)}
    assert close_when_done(opened.pk).by is None
    assert [row(pk).status for pk in ids] == ["include", "include", "conflict", "conflict"]
    assert Revelation.objects.filter(purpose="round").count() == 4 * 4, "its three members and whoever started it"
    for viewer in (team.ana, team.ben, cara):
        assert {one.member_id for one in visible_decisions(viewer, ids[2:])} == {team.ana.pk, team.ben.pk, cara.pk}
    assert visible_decisions(join(team, "dan"), ids[2:]) == []
    assert visible_decisions(team.working_group, ids) == []
    result = result_of(team.ana, opened)
    assert (result.n, result.read, [one.report.pk for one in result.discussed]) == (
        4,
        4,
        sorted(ids[2:], key=lambda pk: row(pk).report.title_key),
    )
    assert {name: (read, alone) for name, read, alone in result.people} == {"Ana": (4, 1), "Ben": (4, 1), "Cara": (4, 0)}
    assert len(result.pairs) == 3 and result.criteria
    assert check_stages(team.project) == []


def test_after_the_round_its_members_change_their_minds_and_others_cannot_be_drawn_in(team, many, cara, opened):
    set_roles(by=team.coordinator, member=team.coordinator, roles={"coordinator", "reviewer"})
    team.coordinator.refresh_from_db()
    ids = reports_of(opened)
    for pk in ids:
        for member, answer in ((team.ana, "include"), (team.ben, "exclude")):
            decide(member, row(pk).report, answer)
    close_round(by=team.coordinator, round_=opened, why="Cara is away.")
    with pytest.raises(Refused, match="shown what the others decided"):
        decide(team.coordinator, row(ids[0]).report, "include")
    decide(team.ben, row(ids[0]).report, "include")
    assert (row(ids[0]).status, row(ids[1]).status) == ("include", "conflict")
    assert Decision.objects.filter(report=ids[0]).count() == 3
    assert check_stages(team.project) == []


def test_what_a_member_decided_without_a_connection_is_kept_when_it_arrives_after_the_round(team, many, cara, opened):
    agreed, excluded, differing = (row(pk).report for pk in reports_of(opened)[:3])
    for report, said in ((agreed, "ii"), (excluded, "ee"), (differing, "ie")):
        for member, letter in zip((team.ana, team.ben), said, strict=True):
            decide(member, report, "include" if letter == "i" else "exclude")
    close_round(by=team.coordinator, round_=opened, why="Cara has no connection.")
    assert not {agreed.pk, excluded.pk, differing.pk} & set(next_for(cara, STAGE, limit=50)), "she was shown them: not offered"
    for report in (agreed, excluded, differing):
        assert decide(cara, report, "include", note="In the train.").is_new
    assert Decision.objects.filter(member=cara, note="In the train.").count() == 3
    assert [row(report.pk).status for report in (agreed, excluded, differing)] == ["include", "exclude", "conflict"]
    assert [row(report.pk).requests for report in (agreed, excluded, differing)] == [0, 1, 0], "an include asks for another look"
    counted = {one.report: set(one.said) for one in settled_reports(team.project, STAGE)}
    assert counted[agreed.pk] == counted[excluded.pk] == {str(team.ana.pk), str(team.ben.pk)}, "agreement leaves out what came after"
    assert check_stages(team.project) == []


def test_closed_early_what_too_few_decided_on_goes_back_to_the_queue_blind_as_before(team, many, cara, opened):
    ids = reports_of(opened)
    decide(team.ana, row(ids[0]).report, "include", note="Only mine to see.")
    close_round(by=team.coordinator, round_=opened, why="Too long.")
    assert (row(ids[0]).status, row(ids[0]).round) == ("open", None)
    assert ids[0] in next_for(join(team, "dan"), STAGE, limit=50)
    assert ids[0] in next_for(team.ben, STAGE, limit=50)
    assert [one.member_id for one in visible_decisions(team.ben, ids)] == []
    assert not Revelation.objects.exists()


def test_closing_twice_is_one_closing_and_only_a_coordinators(team, many, cara, opened):
    with pytest.raises(Denied):
        close_round(by=team.ana, round_=opened, why="Done.")
    first = close_round(by=team.coordinator, round_=opened, why="Done.")
    assert close_round(by=team.coordinator, round_=opened, why="Done again.") == first
    assert PilotClosing.objects.count() == 1


def test_a_round_does_not_wait_for_somebody_who_left(team, many, cara, opened):
    for pk in reports_of(opened):
        for member in (team.ana, team.ben):
            decide(member, row(pk).report, "include")
    assert left_in(opened)[str(cara.pk)] == 4
    set_roles(by=team.coordinator, member=cara, roles=set())
    assert PilotClosing.objects.filter(round=opened).exists()
    assert [row(pk).status for pk in reports_of(opened)] == ["include"] * 4


@pytest.mark.slow
def test_two_worlds_of_an_open_round_look_the_same_to_everybody_else(team, many, cara, opened):
    """Histories that differ only in what Ana answers in it, or whether she does; her words wait as always."""
    first = row(reports_of(opened)[0]).report
    decide(team.ben, first, "include")

    def seen():
        found = {}
        for viewer in (team.ben, cara, team.coordinator, team.adjudicator, team.working_group):
            client = Client()
            client.force_login(viewer.user)
            for name, args in (("pilot", [opened.pk]), ("pilots", []), ("policies", []), ("mine", []), ("conflicts", [])):
                answer = client.get(reverse(f"decisions:{name}", args=[team.project.slug, *args]))
                found[viewer.shown_name, name] = same_for_all(answer.content)
            for address in (f"reports/{first.pk}/", "", "team/"):
                found[viewer.shown_name, address] = same_for_all(client.get(f"/p/{team.project.slug}/{address}").content)
            found[viewer.shown_name, "api"] = client.get(f"/api/v1/projects/{team.project.slug}/decisions/?report={first.pk}").content
        return found

    before = seen()
    decide(team.ana, first, "include", note="A fine review.")
    assert seen() == before
    decide(team.ana, first, "exclude", note="Quite another note.")
    assert seen() == before
    decide(cara, first, "exclude")
    assert row(first.pk).status == "open"


def test_a_report_of_a_round_that_is_joined_to_another_takes_it_along(team, many, cara, opened):
    ids = reports_of(opened)
    other = next(report for report in many if report.pk not in ids)
    inside = row(ids[0]).report
    decide(team.ana, inside, "include")
    join_reports(by=team.coordinator, keep=other, other=inside, reason="One document.")
    assert row(other.pk).round == opened.pk
    assert other.pk in reports_of(opened) and inside.pk not in reports_of(opened)
    assert other.pk in next_for(team.ben, STAGE, limit=4)
    assert check_stages(team.project) == []
    close_round(by=team.coordinator, round_=opened, why="Done.")
    assert row(other.pk).round is None
    assert check_stages(team.project) == []
