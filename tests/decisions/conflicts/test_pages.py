"""The pages and the API of conflicts, as people and programs meet them."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from screening.decisions.conflicts import actions
from screening.decisions.conflicts.models import ConflictRule
from screening.decisions.conflicts.queries import not_shown_to
from screening.decisions.models import ReportStage, Resolution
from screening.decisions.queries import decisions_in_force
from screening.projects.actions import set_roles
from tests.cast import decide

STAGE = "title_abstract"


@pytest.fixture
def torn(team, reports):
    decide(team.ana, reports[0], "include", note="Looks like one.")
    decide(team.ben, reports[0], "exclude", note="A trial.")
    return reports[0]


def address(team, name: str, *args) -> str:
    return reverse(f"decisions:{name}", args=[team.project.slug, *args])


def status(report) -> str:
    return ReportStage.objects.get(report=report, stage=STAGE).status


@pytest.fixture
def page(client):
    def open_as(member, url: str, data: dict | None = None, *, follow: bool = True) -> tuple[int, str]:
        client.force_login(member.user)
        answer = client.get(url) if data is None else client.post(url, data, follow=follow)
        return answer.status_code, answer.content.decode()

    return open_as


def hidden(html: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]+)"', html)


def test_two_people_settle_a_conflict_with_forms_alone(team, torn, page):
    _, listed = page(team.ana, address(team, "conflicts"))
    assert torn.title not in listed and "Show where we differ" in listed
    _, listed = page(team.ana, address(team, "meet"), {"stage": STAGE})
    assert "You and a colleague differ on 1 report." in listed and torn.title in listed
    one = address(team, "conflict", STAGE, torn.pk)
    _, html = page(team.ana, one)
    assert "A trial." in html and "Your proposal" in html and "Ana (you)" in html
    sent = {"id": hidden(html, "id")[-1], "on": hidden(html, "on"), "outcome": "exclude", "why": "Ben is right: a trial."}
    _, html = page(team.ana, f"{one}propose/", sent)
    assert "Your proposal" in html and "Ben is right: a trial." in html and status(torn) == "conflict"
    page(team.ben, address(team, "meet"), {"stage": STAGE})
    assert "A proposal waits for your word" in page(team.ben, address(team, "conflicts"))[1]
    assert "proposal of a colleague to look at" in page(team.ben, reverse("flow:project", args=[team.project.slug]))[1]
    _, html = page(team.ben, one)
    assert "Ana proposes" in html
    _, html = page(team.ben, f"{one}confirm/", {"proposal": hidden(html, "proposal")[0], "id": hidden(html, "id")[0]})
    assert "Agreed on exclude" in html and status(torn) == "exclude"
    _, history = page(team.coordinator, reverse("references:report", args=[team.project.slug, torn.pk]))
    assert "agreed on exclude with the others" in history


def test_a_proposal_is_taken_back_on_the_page(team, torn, page):
    page(team.ana, address(team, "meet"), {"stage": STAGE})
    one = address(team, "conflict", STAGE, torn.pk)
    on = [side.id for side in decisions_in_force(team.ana, torn.pk, STAGE)]
    actions.propose(by=team.ana, report_id=torn.pk, stage=STAGE, outcome="include", why="So.", on=on, proposal_id=uuid4())
    _, html = page(team.ana, f"{one}propose/", {"take_back": "1", "id": str(uuid4()), "on": on})
    assert "Your proposal was taken back." in html and "Take it back" not in html
    code, html = page(team.ana, f"{one}propose/", {"take_back": "1", "id": "nonsense", "on": on})
    assert code == 422 and "This page is not complete" in html


def test_a_proposal_without_a_reason_comes_back_with_what_was_written(team, torn, page):
    page(team.ana, address(team, "meet"), {"stage": STAGE})
    one = address(team, "conflict", STAGE, torn.pk)
    _, html = page(team.ana, one)
    code, html = page(team.ana, f"{one}propose/", {"id": str(uuid4()), "on": hidden(html, "on"), "outcome": "include", "why": ""})
    assert code == 422 and "Say why" in html and "checked" in html


def test_a_stale_confirmation_shows_the_newer_proposal(team, torn, page):
    for member in (team.ana, team.ben):
        actions.meet(by=member, stage=STAGE)
    on = [side.id for side in decisions_in_force(team.ana, torn.pk, STAGE)]
    given = {"report_id": torn.pk, "stage": STAGE, "on": on}
    first = actions.propose(by=team.ana, outcome="include", why="First.", proposal_id=uuid4(), **given)
    actions.propose(by=team.ana, outcome="exclude", why="Second thoughts.", proposal_id=uuid4(), **given)
    code, html = page(
        team.ben, f"{address(team, 'conflict', STAGE, torn.pk)}confirm/", {"proposal": str(first.pk), "id": str(uuid4())}, follow=False
    )
    assert code == 409 and "Another proposal was made" in html and "Second thoughts." in html


def test_without_names_nobody_reads_who_decided_until_it_is_settled(team, torn, page):
    _, html = page(team.coordinator, address(team, "conflict-rule"), {"anonymous": "on"})
    assert "Conflicts are shown without names." in html and ConflictRule.objects.get().by == team.coordinator
    page(team.coordinator, address(team, "conflict-rule"), {"anonymous": "on"})
    assert ConflictRule.objects.count() == 1, "saved unchanged, it is no new fact"
    actions.reveal(by=team.adjudicator, report_id=torn.pk, stage=STAGE)
    where = (
        address(team, "conflict", STAGE, torn.pk),
        address(team, "together"),
        reverse("references:report", args=[team.project.slug, torn.pk]),
    )
    for url in where:
        html = page(team.adjudicator, url)[1]
        assert not re.search(r"\b(Ana|Ben)\b", html), url
    assert re.search(r"Reviewer [A-Z]{2}", page(team.adjudicator, where[0])[1])
    api = page(team.adjudicator, f"/api/v1/projects/{team.project.slug}/decisions/?report={torn.pk}")[1]
    assert "Ana" not in api and "Reviewer" in api
    actions.meet(by=team.ana, stage=STAGE)
    html = page(team.ana, where[0])[1]
    assert "Ana (you)" in html and not re.search(r"\bBen\b", html)
    on = [side.id for side in decisions_in_force(team.adjudicator, torn.pk, STAGE)]
    actions.resolve(by=team.adjudicator, report_id=torn.pk, stage=STAGE, outcome="include", why="Read.", on=on, resolution_id=uuid4())
    assert "Ben" in page(team.adjudicator, where[2])[1]


@pytest.mark.parametrize("who", ["ana", "adjudicator", "working_group", "observer"])
def test_only_a_coordinator_sets_how_conflicts_are_shown(team, page, who):
    assert page(team.members[who], address(team, "conflict-rule"), {"anonymous": "on"})[0] == 403
    assert ConflictRule.objects.count() == 0


def test_many_of_one_pattern_are_listed_before_anything_changes(team, reports, page):
    for report, answer in zip(reports, ("include", "include", "include", "maybe"), strict=True):
        decide(team.ana, report, answer)
        decide(team.ben, report, "exclude", note="A trial.")
    _, html = page(team.adjudicator, address(team, "together"))
    assert "4 conflicts have not been shown to you" in html and "against" not in html
    _, html = page(team.adjudicator, address(team, "reveal-many"), {"stage": STAGE})
    assert "Include against exclude" in html and "Maybe against exclude" in html
    chooser = address(team, "together-pattern", STAGE)
    _, html = page(team.adjudicator, f"{chooser}?pattern=include,exclude")
    assert html.count("A trial.") == 3 and "List what would change" in html
    said = {"pattern": "include,exclude", "batch": hidden(html, "batch")[0], "outcome": "exclude", "why": "Trials.", "reason": ""}
    _, html = page(team.adjudicator, f"{chooser}preview/", said)
    assert "Nothing has changed yet." in html and html.count("In conflict now; then excluded.") == 3
    assert [status(report) for report in reports] == ["conflict"] * 4
    listed = hidden(html, "conflict")
    _, html = page(team.adjudicator, f"{chooser}settle/", {**said, "conflict": listed[:2]})
    assert "2 conflicts settled as exclude." in html
    settled = [report for report in reports if status(report) == "exclude"]
    assert len(settled) == 2 and Resolution.objects.filter(batch=said["batch"]).count() == 2
    assert not_shown_to(team.adjudicator).count() == 0


def test_a_preview_that_is_out_of_date_settles_nothing_and_says_so(team, reports, page):
    for report in reports[:2]:
        decide(team.ana, report, "include")
        decide(team.ben, report, "exclude")
    page(team.adjudicator, address(team, "reveal-many"), {"stage": STAGE})
    chooser = address(team, "together-pattern", STAGE)
    said = {"pattern": "include,exclude", "batch": str(uuid4()), "outcome": "exclude", "why": "Trials.", "reason": ""}
    _, html = page(team.adjudicator, f"{chooser}preview/", said)
    decide(team.ben, reports[0], "include")
    code, again = page(team.adjudicator, f"{chooser}settle/", {**said, "conflict": hidden(html, "conflict")})
    assert code == 409 and "nothing was settled" in again and reports[1].title in again and reports[0].title not in again
    assert Resolution.objects.count() == 0
    for broken in (["nonsense"], [f"{reports[1].pk}:x"], []):
        assert page(team.adjudicator, f"{chooser}settle/", {**said, "conflict": broken})[0] == 409
    assert page(team.adjudicator, f"{chooser}preview/", {**said, "why": ""})[0] == 422


def test_a_request_is_left_settled_or_re_opened_on_its_page(team, reports, page):
    decide(team.ana, reports[0], "include")
    decide(team.ben, reports[0], "include")
    decide(team.ana, reports[0], "exclude", note="I misread it.")
    one = address(team, "reopen", STAGE, reports[0].pk)
    assert "You asked for this yourself" in page(team.ana, one)[1]
    assert "Only an adjudicator decides on this" in page(team.ben, one)[1]
    assert "1 settled report on which" in page(team.adjudicator, address(team, "conflicts"))[1]
    _, html = page(team.adjudicator, one)
    said = {"id": hidden(html, "id")[0], "on": hidden(html, "on"), "answer": "decline", "why": "Both texts say review."}
    assert len(said["on"]) == 1 and "asks to re-open" in html
    assert page(team.adjudicator, one, {**said, "answer": ""})[0] == 422
    _, html = page(team.adjudicator, one, said)
    assert "Left settled" in html and status(reports[0]) == "include"
    assert page(team.adjudicator, one, said)[0] == 200 and Resolution.objects.count() == 1, "sent twice it is one"
    history = page(team.coordinator, reverse("references:report", args=[team.project.slug, reports[0].pk]))[1]
    assert "left it settled" in history and "Both texts say review." in history


def test_a_coordinator_without_other_roles_sees_no_conflict_and_no_number(team, torn, page):
    code, html = page(team.coordinator, address(team, "conflicts"))
    assert code == 200 and torn.title not in html and "conflict waits" not in html
    assert page(team.coordinator, address(team, "together"))[0] == 403


def test_the_pages_are_worked_by_keys(team, torn, page):
    actions.reveal(by=team.adjudicator, report_id=torn.pk, stage=STAGE)
    html = page(team.adjudicator, address(team, "conflict", STAGE, torn.pk))[1]
    assert set(re.findall(r'data-key="(\w)"', html)) >= {"i", "e", "l", "a"}
    listed = page(team.adjudicator, address(team, "conflicts"))[1]
    assert {"o", "p"} <= set(re.findall(r'data-key="(\w)"', listed))


def api(client, member, team, path: str, body: dict | None = None, method: str = "post"):
    client.force_login(member.user)
    url = f"/api/v1/projects/{team.project.slug}/{path}"
    return client.get(url) if body is None else getattr(client, method)(url, body, content_type="application/json")


def test_programs_settle_by_consensus_too(team, torn, client):
    met = api(client, team.ana, team, f"conflicts/mine/{STAGE}/", {}).json()["results"]
    assert met[0]["report"] == str(torn.pk) and met[0]["proposal"] is None
    on = [decision["id"] for decision in met[0]["decisions"]]
    body = {"id": str(uuid4()), "report": str(torn.pk), "stage": STAGE, "on": on, "outcome": "include", "why": "So."}
    proposed = api(client, team.ana, team, "proposals/", body)
    assert proposed.status_code == 201 and proposed.json()["waits_for"] == 1
    assert api(client, team.ben, team, "confirmations/", {"proposal": proposed.json()["id"]}).status_code == 403
    (mine,) = api(client, team.ben, team, f"conflicts/mine/{STAGE}/", {}).json()["results"]
    assert mine["proposal"]["waits_for_me"] is True
    done = api(client, team.ben, team, "confirmations/", {"proposal": proposed.json()["id"], "id": str(uuid4())})
    assert done.status_code == 201 and done.json()["settled"]["kind"] == "consensus" and status(torn) == "include"


def test_programs_settle_many_and_answer_requests(team, torn, client):
    shown = api(client, team.adjudicator, team, f"conflicts/{STAGE}/{torn.pk}/reveal/", {}).json()["decisions"]
    body = {"id": str(uuid4()), "stage": STAGE, "outcome": "include", "why": "Read.", "conflicts": []}
    assert api(client, team.adjudicator, team, "resolutions/together/", body).status_code == 400
    body["conflicts"] = [{"report": str(torn.pk), "on": [decision["id"] for decision in shown]}]
    first, second = (api(client, team.adjudicator, team, "resolutions/together/", body).json() for _ in range(2))
    assert first == second and len(first["results"]) == 1
    decide(team.ana, torn, "exclude")
    got = api(client, team.adjudicator, team, "conflicts/").json()
    assert [one["report"] for one in got["requests"]] == [str(torn.pk)]
    declined = {"id": str(uuid4()), "report": str(torn.pk), "stage": STAGE, "why": "It stands.", "accept": False}
    assert api(client, team.adjudicator, team, "reopenings/", declined).json()["kind"] == "declined"
    assert api(client, team.adjudicator, team, "conflicts/").json()["requests"] == []
    assert api(client, team.coordinator, team, "conflicts/rule/", {"anonymous": True}, "put").json() == {"anonymous": True}
    assert api(client, team.ben, team, "conflicts/rule/").json() == {"anonymous": True}
    assert api(client, team.adjudicator, team, f"conflicts/mine/{STAGE}/", {}).status_code == 403


def test_taking_back_by_program_answers_without_content(team, torn, client):
    (met,) = api(client, team.ana, team, f"conflicts/mine/{STAGE}/", {}).json()["results"]
    body = {"report": str(torn.pk), "stage": STAGE, "on": [one["id"] for one in met["decisions"]], "why": "So."}
    api(client, team.ana, team, "proposals/", {**body, "outcome": "include"})
    assert api(client, team.ana, team, "proposals/", {**body, "outcome": None}).status_code == 204
    assert api(client, team.ana, team, "conflicts/mine/nonsense/", {}).status_code == 404


def test_somebody_who_is_reviewer_and_adjudicator_has_both_lists(team, torn, reports, page):
    set_roles(by=team.coordinator, member=team.ana, roles={"reviewer", "adjudicator"})
    team.ana.refresh_from_db()
    html = page(team.ana, address(team, "conflicts"))[1]
    assert "No conflict waits for you." in html and torn.title not in html
