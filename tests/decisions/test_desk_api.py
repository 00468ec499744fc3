"""The API of the desk: what a browser or a program sends and gets."""

from uuid import uuid4

import pytest
from django.urls import reverse

from screening.decisions import actions
from screening.decisions.models import Decision, ReportStage, Revelation, Seat
from screening.decisions.queries import next_for, open_for
from screening.protocol.actions import save_criterion
from screening.protocol.queries import reasons_in_order
from tests.cast import decide, import_titles

STAGE = "title_abstract"


def url(team, name, *args):
    return reverse(f"decisions-api:{name}", args=[team.project.slug, *args])


@pytest.fixture
def as_ana(client, team):
    client.force_login(team.ana.user)
    return client


def deciding(report, answer="include", **more):
    return {"id": str(uuid4()), "report": str(report.pk), "stage": STAGE, "answer": answer, **more}


def post(client, address, body):
    return client.post(address, body, content_type="application/json")


def test_the_queue_gives_what_the_desk_shows_and_keeps_seats(as_ana, team, reports):
    answer = as_ana.get(url(team, "queue", STAGE)).json()
    assert answer["left"] == 4
    assert {one["id"] for one in answer["results"]} == {str(report.pk) for report in reports}
    first = answer["results"][0]
    assert first["abstract"] == [["", f"Abstract of {first['title']}."]]
    assert first["byline"].startswith("Author")
    assert Seat.objects.filter(member=team.ana).count() == 4


def test_the_queue_leaves_out_what_the_desk_holds(as_ana, team, reports):
    held = ",".join(str(report.pk) for report in reports[:3])
    answer = as_ana.get(url(team, "queue", STAGE), {"without": held, "n": "20"}).json()
    assert [one["id"] for one in answer["results"]] == [str(reports[3].pk)]
    assert as_ana.get(url(team, "queue", STAGE), {"without": "not-an-id"}).status_code == 400
    assert as_ana.get(url(team, "queue", "nowhere")).status_code == 404


def test_the_queue_is_asked_with_more_held_than_an_address_can_carry(as_ana, team, reports):
    held = [*(str(report.pk) for report in reports[:3]), *(str(uuid4()) for _ in range(400))]
    answer = post(as_ana, url(team, "queue", STAGE), {"n": 20, "without": held, "order": "title", "filters": ""}).json()
    assert [one["id"] for one in answer["results"]] == [str(reports[3].pk)] and answer["left"] == 4
    assert post(as_ana, url(team, "queue", STAGE), {"n": 21}).status_code == 400
    assert post(as_ana, url(team, "queue", STAGE), {"order": "best"}).status_code == 400
    assert post(as_ana, url(team, "queue", "nowhere"), {}).status_code == 404


def test_the_order_is_fixed_and_goes_on_from_where_one_stopped(as_ana, team, reports):
    order = next_for(team.ana, STAGE)
    assert next_for(team.ana, STAGE) == order
    Decision.objects.count()
    decide(team.ana, next(report for report in reports if report.pk == order[1]), "include")
    assert next_for(team.ana, STAGE) == [order[2], order[3], order[0]]


def test_what_next_offers_and_what_is_left_agree_when_no_seat_is_taken(team, reports):
    decide(team.ana, reports[0], "include")
    decide(team.ben, reports[1], "include")
    decide(team.ana, reports[2], "include")
    decide(team.ben, reports[2], "exclude")
    for member in (team.ana, team.ben):
        assert len(next_for(member, STAGE)) == open_for(member, STAGE)


def test_a_full_report_is_not_offered_while_its_seats_are_taken(team, reports):
    from screening.projects.actions import set_roles
    from screening.projects.models import Role

    set_roles(by=team.coordinator, member=team.observer, roles={Role.REVIEWER})
    team.observer.refresh_from_db()
    for member in (team.ana, team.ben):
        actions.offer(by=member, stage=STAGE, limit=1, without=[report.pk for report in reports[1:]])
    assert reports[0].pk not in next_for(team.observer, STAGE)
    assert open_for(team.observer, STAGE) == 4
    Seat.objects.update(lease_until="2020-01-01T00:00Z")
    assert reports[0].pk in next_for(team.observer, STAGE)


def test_decide_and_have_the_next_in_one_answer(as_ana, team, reports):
    body = deciding(reports[0], "maybe", note="Unsure.", next=2, without=[str(reports[1].pk)])
    answer = post(as_ana, url(team, "decisions"), body)
    assert answer.status_code == 201
    told = answer.json()
    assert told["decision"]["answer"] == "maybe"
    assert told["decision"]["is_mine"] is True
    assert {one["id"] for one in told["next"]} == {str(report.pk) for report in reports[2:]}
    assert told["left"] is None
    again = post(as_ana, url(team, "decisions"), body)
    assert again.status_code == 200
    assert Decision.objects.count() == 1
    end = post(as_ana, url(team, "decisions"), deciding(reports[1], next=20)).json()
    assert (len(end["next"]), end["left"]) == (2, 2)


def test_no_number_of_the_server_leaves_it(as_ana, team, reports):
    told = post(as_ana, url(team, "decisions"), deciding(reports[0], next=5)).json()
    assert "seq" not in str(told)
    assert all(isinstance(one["id"], str) and len(one["id"]) == 36 for one in [told["decision"], *told["next"]])


def test_the_same_id_with_other_words_is_a_clash_in_problem_details(as_ana, team, reports):
    body = deciding(reports[0])
    post(as_ana, url(team, "decisions"), body)
    refused = post(as_ana, url(team, "decisions"), {**body, "answer": "exclude"})
    assert refused.status_code == 409
    assert refused["Content-Type"] == "application/problem+json"
    assert "already used" in refused.json()["detail"]
    assert Decision.objects.get().answer == "include"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"answer": "perhaps"}, 400),
        ({"report": str(uuid4())}, 400),
        ({"id": "x"}, 400),
        ({"next": 21}, 400),
        ({"failed": [str(uuid4())]}, 400),
        ({"answer": None}, 400),
        ({"stage": "full_text"}, 400),
    ],
)
def test_what_does_not_fit_is_refused_with_its_remedy_and_nothing_is_written(as_ana, team, reports, change, code):
    refused = post(as_ana, url(team, "decisions"), {**deciding(reports[0]), **change})
    assert refused.status_code == code
    assert refused.json()["detail"]
    assert not Decision.objects.exists()


def test_an_include_cannot_carry_a_criterion_that_is_not_met(as_ana, team, reports):
    save_criterion(by=team.coordinator, values={"label": "Not a review", "text": "A review", "kind": "judged"})
    [reason] = reasons_in_order(team.project)
    refused = post(as_ana, url(team, "decisions"), deciding(reports[0], failed=[reason.id]))
    assert refused.status_code == 400
    told = post(as_ana, url(team, "decisions"), deciding(reports[0], "exclude", failed=[reason.id])).json()
    assert told["decision"]["primary_reason"] == reason.id


def test_what_was_decided_under_one_account_is_not_written_under_another(as_ana, team, reports):
    body = deciding(reports[0])
    refused = as_ana.post(
        url(team, "decisions"), body, content_type="application/json", headers={"X-Brolly-Account": str(team.ben.user.pk)}
    )
    assert refused.status_code == 401
    assert not Decision.objects.exists()
    kept = as_ana.post(url(team, "decisions"), body, content_type="application/json", headers={"X-Brolly-Account": str(team.ana.user.pk)})
    assert kept.status_code == 201


def test_a_decision_and_the_next_twenty_take_a_handful_of_queries(as_ana, team, django_assert_max_num_queries):
    reports = import_titles(team, *(f"A review of peer support, part {n:03}" for n in range(60)))
    decide(team.ben, reports[0], "include")
    post(as_ana, url(team, "decisions"), deciding(reports[1], next=1))
    # Session, user and membership; lock, records, decisions, versions, rulings, insert, two caches, queue, seats.
    for report, wanted in ((reports[2], 1), (reports[3], 20)):
        with django_assert_max_num_queries(17):
            assert post(as_ana, url(team, "decisions"), deciding(report, next=wanted)).status_code == 201


def test_my_decisions_page_by_key_and_show_only_mine(as_ana, team, reports, monkeypatch):
    monkeypatch.setattr("screening.decisions.api.PAGE", 2)
    for report in reports[:3]:
        decide(team.ana, report, "exclude")
        decide(team.ben, report, "include", note="secret")
    decide(team.ana, reports[0], "maybe")
    first = as_ana.get(url(team, "decisions")).json()
    assert [(one["report"], one["answer"]) for one in first["results"]] == [(str(reports[0].pk), "maybe"), (str(reports[2].pk), "exclude")]
    second = as_ana.get(url(team, "decisions"), {"cursor": first["next"]}).json()
    assert [one["report"] for one in second["results"]] == [str(reports[1].pk)]
    assert second["next"] is None
    assert "secret" not in as_ana.get(url(team, "decisions"), {"report": str(reports[1].pk)}).content.decode()


def conflict_on(team, report):
    return [decide(team.ana, report, "include", note="It pays them."), decide(team.ben, report, "exclude", note="Volunteers.")]


def test_a_conflict_is_revealed_then_settled(client, team, reports):
    on = [str(decision.pk) for decision in conflict_on(team, reports[0])]
    client.force_login(team.adjudicator.user)
    listed = client.get(url(team, "conflicts"))
    assert [one["report"] for one in listed.json()["results"]] == [str(reports[0].pk)]
    assert "Volunteers" not in listed.content.decode()
    shown = client.post(url(team, "reveal", STAGE, reports[0].pk)).json()
    assert {one["note"] for one in shown["decisions"]} == {"It pays them.", "Volunteers."}
    assert Revelation.objects.filter(member=team.adjudicator).count() == 1
    ruling = {"id": str(uuid4()), "report": str(reports[0].pk), "stage": STAGE, "outcome": "include", "why": "Paid.", "on": on}
    assert post(client, url(team, "resolutions"), {**ruling, "on": on[:1]}).status_code == 409
    assert post(client, url(team, "resolutions"), ruling).status_code == 201
    assert post(client, url(team, "resolutions"), ruling).status_code == 201
    assert post(client, url(team, "resolutions"), {**ruling, "id": str(uuid4())}).status_code == 409
    assert ReportStage.objects.get(report=reports[0], stage=STAGE).status == "include"


def test_a_change_of_mind_is_listed_and_reopened(client, team, reports):
    for member in (team.ana, team.ben):
        decide(member, reports[0], "exclude")
    decide(team.ana, reports[0], "include")
    client.force_login(team.adjudicator.user)
    assert [one["report"] for one in client.get(url(team, "conflicts")).json()["requests"]] == [str(reports[0].pk)]
    body = {"report": str(reports[0].pk), "stage": STAGE, "why": "A fair point."}
    assert post(client, url(team, "reopenings"), body).status_code == 201
    assert ReportStage.objects.get(report=reports[0], stage=STAGE).status == "conflict"
    assert post(client, url(team, "reopenings"), body).status_code == 409


def test_only_those_entitled_settle_and_only_reviewers_screen(client, team, reports):
    conflict_on(team, reports[0])
    for member in (team.coordinator, team.working_group, team.observer, team.adjudicator):
        client.force_login(member.user)
        assert client.get(url(team, "queue", STAGE)).status_code == 403
        assert post(client, url(team, "decisions"), deciding(reports[1])).status_code == 403
    for member in (team.coordinator, team.ana, team.working_group, team.observer):
        client.force_login(member.user)
        seen = client.get(url(team, "conflicts"))
        assert seen.status_code == 403 or seen.json() == {"results": [], "next": None, "mine": [], "requests": []}
        assert client.post(url(team, "reveal", STAGE, reports[0].pk)).status_code == 403
    client.force_login(team.outsider)
    assert client.get(url(team, "decisions")).status_code == 404
