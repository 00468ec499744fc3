"""Evidence, stopping early and going on: what is recorded, what moves, what is refused, and that PRISMA adds up."""

from uuid import uuid4

import pytest
from django.test import Client

from screening.decisions.desk.models import DeskView
from screening.decisions.models import ReportStage
from screening.decisions.policies.rules import Part
from screening.decisions.queries import next_for
from screening.decisions.ranking import actions
from screening.decisions.ranking.models import Stopping
from screening.decisions.ranking.queries import evidence_of, figures_of, settled_labels, stopping_in_force, unseen
from screening.decisions.rules import Policy
from screening.flow.checks import check_project
from screening.flow.equations import identities
from screening.flow.queries import counts_of
from screening.projects import actions as projects
from screening.projects import jobs
from screening.projects.access import Denied
from screening.projects.actions import Refused
from screening.projects.models import Job
from screening.protocol import actions as protocol
from screening.references.models import Removal
from tests.cast import decide, import_file, ris
from tests.decisions.ranking.made_up import STAGE, settle, with_titles


def run(stopping: Stopping) -> Job:
    jobs.run(str(stopping.job_id))
    job = Job.objects.get(pk=stopping.job_id)
    assert job.state == Job.State.DONE, job.failure_sentence
    return job


def adds_up(team) -> dict[str, int]:
    counts = counts_of(team.project)
    assert all(identity.holds for identity in identities(counts)), [i.words for i in identities(counts) if not i.holds]
    return dict(counts.boxes)


@pytest.fixture
def screened(team):
    """Everybody in one order; of 40 titles 20 are settled, 4 of them included."""
    wanted, other = with_titles(team, 5, 35)
    actions.set_rule(by=team.coordinator, share=100, for_all=True, recall=80, confidence=80)
    for report in wanted[:4]:
        settle(team, report, "include")
    for report in other[:16]:
        settle(team, report, "exclude")
    return wanted, other


def test_evidence_counts_what_is_not_settled_as_relevant(team, screened):
    _wanted, other = screened
    before = evidence_of(team.project)
    assert (before.figures.seen, before.figures.relevant, before.figures.total, before.figures.unsettled) == (20, 4, 40, 0)
    decide(team.ana, other[20], "exclude")
    figures = figures_of(team.project)
    assert (figures.seen, figures.relevant, figures.unsettled) == (21, 5, 1)
    decide(team.ben, other[20], "include")
    assert figures_of(team.project).unsettled == 1, "a conflict counts as much"
    assert settled_labels(team.project) == [1] * 4 + [0] * 16
    assert evidence_of(team.project).verdict.p > before.verdict.p


def test_the_evidence_is_the_same_whatever_an_unsettled_decision_says(team, screened):
    _wanted, other = screened
    decide(team.ana, other[20], "exclude")
    one = evidence_of(team.project)
    decide(team.ana, other[20], "include")
    assert evidence_of(team.project) == one


@pytest.mark.parametrize("void", ["own orders", "a filter", "parts", "nothing seen"])
def test_what_voids_it_is_said_instead(team, void):
    wanted, other = with_titles(team, 3, 5)
    actions.set_rule(by=team.coordinator, share=100, for_all=void != "own orders", recall=95, confidence=95)
    if void != "nothing seen":
        settle(team, wanted[0], "include")
        settle(team, other[0], "exclude")
    if void == "a filter":
        DeskView.objects.create(member=team.ana, filters="year=2020")
    if void == "parts":
        from screening.decisions.actions import set_policy

        set_policy(by=team.coordinator, project=team.project, stage=STAGE, policy=Policy(parts=(Part((str(team.ana.pk),)),)))
    evidence = evidence_of(team.project)
    assert evidence.verdict is None and evidence.sentences[0].startswith("No evidence is shown")
    words = {"own orders": "own orders", "a filter": "1 desk is", "parts": "different parts", "nothing seen": "no title was looked at"}
    assert words[void] in evidence.void


def test_an_import_begins_the_evidence_anew(team, screened):
    _wanted, other = screened
    import_file(team, team.project.sources.first(), ris("A late arrival", start=200), name="late.ris")
    evidence = evidence_of(team.project)
    assert evidence.verdict is None and "since records were imported" in evidence.void
    settle(team, other[25], "exclude")
    evidence = evidence_of(team.project)
    assert evidence.figures.begins == 20 and evidence.figures.seen == 21
    assert evidence.verdict.p > 0.5, "one title says little"


def test_other_criteria_begin_the_evidence_anew(team, screened):
    protocol.save_criterion(by=team.coordinator, values={"label": "Setting", "text": "Mental health services."})
    protocol.record_version(by=team.coordinator, amendment="The setting was missing.")
    assert "since the criteria changed" in evidence_of(team.project).void


def test_stopping_records_who_why_and_what_was_known_and_moves_only_what_nobody_saw(team, screened):
    _wanted, other = screened
    before = adds_up(team)
    stopping = actions.stop_early(by=team.coordinator, why="Nothing new for long.")
    assert (stopping.unseen, stopping.by, stopping.why) == (20, team.coordinator, "Nothing new for long.")
    assert stopping.evidence["looked_at"] == 20 and stopping.evidence["p"] is not None and len(stopping.evidence["sentences"]) == 3
    assert run(stopping).result == {"moved": 20}
    after = adds_up(team)
    assert after["excluded_automatic"] == before["excluded_automatic"] + 20
    assert after["records_screened"] == before["records_screened"] - 20
    assert after["title_open"] == 0 and after["records_excluded"] == before["records_excluded"]
    assert check_project(team.project) == []
    assert next_for(team.ana, STAGE) == []
    removals = Removal.objects.filter(act=stopping.pk)
    assert removals.count() == 20 and all("Nothing new for long." in removal.reason for removal in removals)
    assert not ReportStage.objects.get(report=other[0], stage=STAGE).suspended


def test_going_on_brings_everything_back(team, screened):
    before = adds_up(team)
    order = next_for(team.ana, STAGE, limit=50)
    run(actions.stop_early(by=team.coordinator, why="Enough."))
    lifting = actions.go_on(by=team.coordinator, why="A reader asked for the rest.")
    assert lifting.unseen == 20 and run(lifting).result["moved"] == 20
    assert adds_up(team) == before
    assert check_project(team.project) == []
    assert set(next_for(team.ana, STAGE, limit=50)) == set(order)
    assert stopping_in_force(team.project) is None
    assert "no title was looked at since records were put back" in evidence_of(team.project).void
    again = actions.stop_early(by=team.coordinator, why="Now it is enough.")
    assert run(again).result == {"moved": 20}


@pytest.mark.parametrize("half", ["one decision", "a conflict", "taken back"])
def test_stopping_waits_for_what_somebody_has_decided_on(team, screened, half):
    _wanted, other = screened
    decide(team.ana, other[20], "include")
    if half == "a conflict":
        decide(team.ben, other[20], "exclude")
    if half == "taken back":
        decide(team.ana, other[20], None)
    with pytest.raises(Refused, match="not settled yet"):
        actions.stop_early(by=team.coordinator, why="Enough.")
    assert not Stopping.objects.exists() and not Removal.objects.exists()


def test_who_screens_titles_neither_sees_the_evidence_nor_stops(team, screened):
    projects.set_roles(by=team.coordinator, member=team.coordinator, roles={"coordinator", "reviewer"})
    team.coordinator.refresh_from_db()
    with pytest.raises(Denied, match="screen titles in this project"):
        actions.stop_early(by=team.coordinator, why="Enough.")
    for name in ("ana", "adjudicator", "observer"):
        with pytest.raises(Denied):
            actions.stop_early(by=team.members[name], why="Enough.")


def test_refusals_say_why(team, screened):
    with pytest.raises(Refused, match="Say why"):
        actions.stop_early(by=team.coordinator, why="  ")
    with pytest.raises(Refused, match="not stopped"):
        actions.go_on(by=team.coordinator, why="On.")
    one_id = uuid4()
    stopping = actions.stop_early(by=team.coordinator, why="Enough.", stopping_id=one_id)
    assert actions.stop_early(by=team.coordinator, why="Enough.", stopping_id=one_id) == stopping
    with pytest.raises(Refused, match="stopped already"):
        actions.stop_early(by=team.coordinator, why="Enough.")
    with pytest.raises(Refused, match="still being taken out"):
        actions.go_on(by=team.coordinator, why="On.")
    run(stopping)
    run(actions.go_on(by=team.coordinator, why="On."))
    for report in unseen(team.project):
        settle(team, type("Seen", (), {"pk": report})(), "exclude")
    with pytest.raises(Refused, match="nothing to leave"):
        actions.stop_early(by=team.coordinator, why="Enough.")


def test_a_decision_that_comes_between_keeps_its_title_in_screening(team, screened):
    _wanted, other = screened
    stopping = actions.stop_early(by=team.coordinator, why="Enough.")
    decide(team.ana, other[20], "include")
    assert run(stopping).result == {"moved": 19}
    assert next_for(team.ben, STAGE) == [other[20].pk]
    adds_up(team)
    assert check_project(team.project) == []


def test_what_is_imported_after_a_stop_is_screened(team, screened):
    stopping = actions.stop_early(by=team.coordinator, why="Enough.")
    import_file(team, team.project.sources.first(), ris("A late arrival", start=200), name="late.ris")
    assert run(stopping).result == {"moved": 20}
    assert len(next_for(team.ana, STAGE)) == 1
    adds_up(team)


def test_a_stop_whose_worker_died_goes_on_where_it_was(team, screened, monkeypatch):
    stopping = actions.stop_early(by=team.coordinator, why="Enough.")
    monkeypatch.setattr("screening.decisions.ranking.actions.stopping.BATCH", 8)
    handle = jobs.take(str(stopping.job_id))
    steps = []
    real = jobs.Handle.step

    def dies(self, done, total, sentence=""):
        steps.append(done)
        if len(steps) == 2:
            raise KeyboardInterrupt
        real(self, done, total, sentence)

    with monkeypatch.context() as killed:
        killed.setattr(jobs.Handle, "step", dies)
        with pytest.raises(KeyboardInterrupt):
            actions.carry_out(handle)
    adds_up(team)
    Job.objects.filter(pk=stopping.job_id).update(lease_until="2000-01-01T00:00:00Z")
    assert run(stopping).result == {"moved": 12}
    assert adds_up(team)["excluded_automatic"] == 20


def page(member) -> str:
    client = Client()
    client.force_login(member.user)
    answer = client.get(f"/p/{member.project.slug}/screening/ranking/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_shows_the_curve_to_all_and_evidence_to_who_screens_none(team, screened):
    lead, reviewer, group = page(team.coordinator), page(team.ana), page(team.working_group)
    for seen in (lead, reviewer, group):
        assert "should screen everything twice" in seen and "<polyline" in seen and "4</strong>" in seen
    assert "titles were looked at" in lead and "Stop screening</button>" in lead
    for seen in (reviewer, group):
        assert "titles were looked at" not in seen and 'aria-disabled="true"' in seen
    assert "What voids it" in reviewer


def test_an_empty_project_has_a_page_too(team):
    seen = page(team.coordinator)
    assert "No title is settled yet" in seen and '<svg class="wid"' not in seen


def test_setting_stopping_and_going_on_from_the_page(team, screened):
    client = Client()
    client.force_login(team.coordinator.user)
    base = f"/p/{team.project.slug}/screening/ranking/"
    wrong = client.post(f"{base}rule/", {"share": 0, "recall": 95, "confidence": 95})
    assert wrong.status_code == 422 and "greater than or equal to 1" in wrong.content.decode()
    assert client.post(f"{base}rule/", {"for_all": "all", "share": 90, "recall": 95, "confidence": 95}).status_code == 302
    assert client.post(f"{base}stop/", {"why": ""}).status_code == 422
    assert client.post(f"{base}stop/", {"why": "Enough\x00."}).status_code in (302, 422)
    if stopping_in_force(team.project) is None:
        assert client.post(f"{base}stop/", {"why": "Enough."}).status_code == 302
    stopping = stopping_in_force(team.project)
    assert "being taken out of screening" in page(team.ana)
    run(stopping)
    seen = page(team.ana)
    assert "stopped screening on" in seen and "20 titles unseen" in seen and "The evidence at that moment" in seen
    assert client.post(f"{base}go-on/", {"why": "More."}).status_code == 302
    assert client.post(f"{base}go-on/", {"why": "More."}).status_code == 422


def test_the_same_for_programs(team, screened):
    client = Client()
    client.force_login(team.coordinator.user)
    base = f"/api/v1/projects/{team.project.slug}/ranking/"
    found = client.get(base).json()
    assert found["screened"] == 20 and found["found"] == 4 and found["curve"][-1] == [20, 4]
    assert found["evidence"]["looked_at"] == 20 and found["stopped"] is None
    set_now = client.post(base, {"share": 75, "for_all": True, "recall": 90, "confidence": 95}, content_type="application/json")
    assert set_now.status_code == 201 and set_now.json()["rule"]["share"] == 75
    one = str(uuid4())
    for _ in range(2):
        stopped = client.post(f"{base}stop/", {"id": one, "why": "Enough."}, content_type="application/json")
        assert stopped.status_code == 201 and stopped.json()["unseen"] == 20
    run(stopping_in_force(team.project))
    assert client.post(f"{base}go-on/", {"why": "More."}, content_type="application/json").status_code == 201
    client.force_login(team.ana.user)
    seen = client.get(base).json()
    assert seen["evidence"] is None and "coordinator" in seen["no_evidence"]
    assert client.post(f"{base}stop/", {"why": "Enough."}, content_type="application/json").status_code == 403


def test_a_reviewers_page_is_the_same_before_and_after_a_colleague_decides(team, screened):
    from tests.walk import same_for_all

    _wanted, other = screened
    before = same_for_all(page(team.ben).encode())
    decide(team.ana, other[20], "include")
    assert same_for_all(page(team.ben).encode()) == before
