"""The pages and the API of policies, pilot rounds, authors and leaving, as people use them."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from screening.decisions.models import PolicyVersion, ReportStage, Seat
from screening.decisions.pilots.models import PilotClosing, PilotRound
from screening.decisions.policies.models import Authorship
from screening.decisions.policies.queries import policy_in_force
from screening.decisions.policies.rules import Policy
from screening.decisions.queries import next_for
from screening.projects.models import Membership
from screening.protocol import actions as protocol
from tests.cast import decide

STAGE = "title_abstract"


def signed_in(member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def page(team, name, *args):
    return reverse(f"decisions:{name}", args=[team.project.slug, *args])


@pytest.fixture
def boss(team):
    return signed_in(team.coordinator)


def choice(**more):
    return {"way": "dual", "maybe": "include", "n": 0, "step": "preview", **more}


def test_everybody_reads_how_reports_are_decided_and_only_coordinators_change_it(team, reports):
    for member in team.members.values():
        text = signed_in(member).get(page(team, "policies")).content.decode()
        assert "Two people decide on each report, each without seeing the others." in text
        assert ("Only a coordinator can change the project" in text) is (member != team.coordinator)
    assert signed_in(team.ana).get(page(team, "policy", STAGE)).status_code == 403
    assert signed_in(team.coordinator).get(page(team, "policy", "nowhere")).status_code == 404


def test_a_change_is_looked_at_first_and_made_with_a_reason(team, reports, boss):
    decide(team.ana, reports[0], "include")
    decide(team.ben, reports[0], "include")
    n = PolicyVersion.objects.filter(stage=STAGE).count()
    looked = boss.post(page(team, "policy", STAGE), choice(way="three", n=n))
    text = looked.content.decode()
    assert "1 settled report would be open again" in text and reports[0].title in text
    assert policy_in_force(team.project, STAGE) == Policy(), "a preview changes nothing"
    kept = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', text))
    without = boss.post(page(team, "policy", STAGE), {**kept, "step": "change", "why": ""})
    assert without.status_code == 422 and "Say why" in without.content.decode()
    back = boss.post(page(team, "policy", STAGE), {**kept, "step": "back", "why": ""})
    assert b"Show what would change" in back.content
    done = boss.post(page(team, "policy", STAGE), {**kept, "step": "change", "why": "The lead asked for it."}, follow=True)
    assert "Three people decide on each report" in done.content.decode()
    assert "The lead asked for it." in done.content.decode()
    assert ReportStage.objects.get(report=reports[0], stage=STAGE).status == "open"
    stale = boss.post(page(team, "policy", STAGE), {**kept, "way": "single", "step": "change", "why": "Me too."}, follow=True)
    assert "Somebody else has changed" in stale.content.decode()
    assert policy_in_force(team.project, STAGE).required == 3


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"way": ""}, "Choose how many people decide"),
        ({"way": "coin"}, "Select a valid choice"),
        ({"way": "pilot"}, "how many of a hundred"),
        ({"way": "pilot", "pilot": "0"}, "greater than or equal to 1"),
        ({"way": "pilot", "pilot": "x"}, "whole number"),
        ({"way": "dual"}, "decided already"),
        ({"way": "single", "part-0-low": "60", "part-0-high": "40", "part-0-members": "ANA"}, "A share goes from 0 up to 100"),
        ({"way": "single", "part-0-members": "nobody"}, "cannot be read"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(team, reports, boss, sent, words):
    sent = {key: str(team.ana.pk) if value == "ANA" else value for key, value in sent.items()}
    answer = boss.post(page(team, "policy", STAGE), choice(**sent))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not PolicyVersion.objects.filter(stage=STAGE, by=team.coordinator).exists()


def test_experts_and_parts_come_through_the_form(team, reports, boss):
    sent = choice(
        way="dual",
        expert="on",
        experts=[str(team.ana.pk)],
        **{"part-0-low": "0", "part-0-high": "50", "part-0-members": [str(team.ana.pk), str(team.ben.pk)]},
    )
    looked = boss.post(page(team, "policy", STAGE), sent)
    assert "At least one of them is Ana." in looked.content.decode()
    assert "0 to 50 per cent of the reports: for Ana and Ben." in looked.content.decode()
    boss.post(page(team, "policy", STAGE), {**sent, "step": "change", "why": "So."})
    policy = policy_in_force(team.project, STAGE)
    assert (policy.experts, policy.parts[0].members) == ((str(team.ana.pk),), (str(team.ana.pk), str(team.ben.pk)))
    shown = boss.get(page(team, "policy", STAGE)).content.decode()
    assert 'name="part-0-high" value="50"' in shown


def test_a_third_reviewer_does_not_open_a_title_whose_seats_are_taken(team, reports):
    from tests.decisions.test_policies import join

    cara = signed_in(join(team, "cara"))
    for title, answers in ((reports[0], ("include", "exclude")), (reports[1], ("include", None))):
        for member, answer in zip((team.ana, team.ben), answers, strict=True):
            if answer:
                decide(member, title, answer)
    in_conflict = cara.get(page(team, "desk"), {"report": reports[0].pk}, follow=True).content.decode()
    assert "As many people as it needs" in in_conflict
    assert reports[1].title in cara.get(page(team, "desk"), {"report": reports[1].pk}).content.decode()
    # Their own colleague's conflict and a full open report read alike.
    Seat.objects.all().delete()
    for member in (team.ana, team.ben):
        next_for(member, STAGE)
    assert reports[0].title in signed_in(team.ana).get(page(team, "desk"), {"report": reports[0].pk}).content.decode()


def test_a_round_from_start_to_end_on_the_pages(team, reports, boss):
    ana = signed_in(team.ana)
    assert ana.post(page(team, "pilots"), {}).status_code == 403
    empty = boss.post(page(team, "pilots"), {"stage": STAGE, "size": "", "id": "00000000-0000-4000-8000-000000000001"})
    assert empty.status_code == 422 and "Name at least two people." in empty.content.decode()
    sent = {"stage": STAGE, "size": 2, "members": [str(team.ana.pk), str(team.ben.pk)], "id": "00000000-0000-4000-8000-000000000001"}
    for _ in range(2):
        started = boss.post(page(team, "pilots"), sent, follow=True)
    round_ = PilotRound.objects.get()
    assert "Pilot round 1 is open: 2 reports" in started.content.decode()
    here = page(team, "pilot", round_.pk)
    assert ">2</b> of 2 are left to you" in ana.get(here).content.decode()
    assert "left to you" not in boss.get(here).content.decode()
    first, second = next_for(team.ana, STAGE, limit=2)
    for pk in (first, second):
        title = next(report for report in reports if report.pk == pk)
        decide(team.ana, title, "include", note="Words of Ana.")
        assert "Words of Ana." not in boss.get(here).content.decode()
    decide(team.ben, next(report for report in reports if report.pk == first), "exclude", note="Words of Ben.")
    assert boss.post(f"{here}close/", {"why": ""}).status_code == 422
    boss.post(f"{here}close/", {"why": "Time is up."})
    assert PilotClosing.objects.get().why == "Time is up."
    for viewer in (ana, boss, signed_in(team.ben)):
        text = viewer.get(here).content.decode()
        assert "To talk over: 1 of 2" in text and "Words of Ben." in text
        assert reverse("voices:thread", args=[team.project.slug, "pilot", round_.pk]) in text
        assert viewer.get(reverse("voices:thread", args=[team.project.slug, "pilot", round_.pk])).status_code == 200
    for outside in (team.working_group, team.observer, team.adjudicator):
        assert "Words of" not in signed_in(outside).get(here).content.decode()
        assert signed_in(outside).get(reverse("voices:thread", args=[team.project.slug, "pilot", round_.pk])).status_code == 404
    asked = "?amendment=After+pilot+round+1"
    assert asked[1:] in boss.get(here).content.decode()
    protocol_page = reverse("protocol:page", args=[team.project.slug])
    boss.get(protocol_page + asked)
    protocol.save_criterion(by=team.coordinator, values={"label": "Clearer", "text": "Said better."})
    next_version = reverse("protocol:record-version", args=[team.project.slug])
    assert "After pilot round 1" in boss.get(next_version).content.decode(), "kept while the criteria were changed"


def test_authors_declare_themselves_on_the_page_and_coordinators_others(team, reports, boss):
    ana = signed_in(team.ana)
    found = ana.get(page(team, "authors"), {"q": "crisis"}).content.decode()
    assert reports[0].title in found and "I am an author of this" in found
    said = ana.post(page(team, "authors-declare"), {"report": reports[0].pk}, follow=True).content.decode()
    assert "You are an author of" in said
    assert ana.post(page(team, "authors-declare"), {"report": reports[1].pk, "member": team.ben.pk}, follow=True).status_code == 200
    assert Authorship.objects.count() == 1, "only they themselves, or a coordinator"
    boss.post(page(team, "authors-declare"), {"report": reports[1].pk, "member": team.ben.pk})
    assert Authorship.objects.filter(member=team.ben, declared=True).count() == 1
    ana.post(page(team, "authors-declare"), {"report": reports[0].pk, "declared": "no", "why": "Another Ana."})
    assert reports[0].pk in next_for(team.ana, STAGE)
    for wrong in ("", "x", "00000000-0000-4000-8000-000000000001"):
        assert ana.post(page(team, "authors-declare"), {"report": wrong}).status_code == 404
    assert boss.get(page(team, "authors"), {"alike": 1}).status_code == 200


def test_somebody_leaves_and_nothing_of_theirs_is_lost_or_stuck(team, reports, boss):
    decide(team.ana, reports[0], "include")
    next_for(team.ana, STAGE)
    Seat.objects.create(report=reports[1], stage=STAGE, member=team.ana, lease_until="2099-01-01T00:00Z")
    Seat.objects.create(report=reports[1], stage=STAGE, member=team.coordinator, lease_until="2099-01-01T00:00Z")
    assert reports[1].pk not in next_for(team.ben, STAGE)
    leave = reverse("projects:leave", args=[team.project.slug, team.ana.pk])
    assert signed_in(team.ben).get(leave).status_code == 403
    told = boss.get(leave).content.decode()
    assert "What they decided stays, and counts." in told and "go back to the queue" in told
    boss.post(leave)
    assert Membership.objects.get(pk=team.ana.pk).roles, "a press of the button says so"
    boss.post(leave, {"leave": "yes"})
    assert Membership.objects.get(pk=team.ana.pk).roles == []
    assert reports[1].pk in next_for(team.ben, STAGE)
    decide(team.ben, reports[0], "include")
    assert ReportStage.objects.get(report=reports[0], stage=STAGE).status == "include"
    assert "3 reports wait for nobody." in re.sub(r"\s+", " ", boss.get(page(team, "policies")).content.decode())
    own = reverse("projects:leave", args=[team.project.slug, team.ben.pk])
    assert signed_in(team.ben).post(own, {"leave": "yes"}).status_code == 302
    only = reverse("projects:leave", args=[team.project.slug, team.coordinator.pk])
    assert "A project needs a coordinator" in boss.post(only, {"leave": "yes"}).content.decode()


def test_programs_do_the_same(team, reports, boss):
    api = f"/api/v1/projects/{team.project.slug}/"
    ask = {"content_type": "application/json"}
    assert [one["required"] for one in boss.get(f"{api}policies/").json()] == [2, 2]
    tried = boss.post(f"{api}policies/{STAGE}/preview/", {"required": 1}, **ask)
    assert tried.status_code == 200 and tried.json()["groups"] == []
    made = boss.put(f"{api}policies/{STAGE}/", {"required": 1, "why": "So."}, **ask)
    assert (made.status_code, made.json()) == (200, {"n": 1, "job": None})
    assert boss.put(f"{api}policies/{STAGE}/", {"required": 3, "why": "So.", "n": 0}, **ask).status_code == 409
    assert boss.put(f"{api}policies/{STAGE}/", {"required": 1, "pilot": 10, "why": "So."}, **ask).status_code == 400
    assert signed_in(team.ana).put(f"{api}policies/{STAGE}/", {"required": 3, "why": "So."}, **ask).status_code == 403
    round_ = boss.post(f"{api}pilots/", {"stage": STAGE, "size": 1, "members": [team.ana.pk, team.ben.pk], "seed": 3}, **ask)
    assert (round_.status_code, round_.json()["open"]) == (201, True)
    closed = boss.post(f"{api}pilots/{round_.json()['id']}/close/", {"why": "So."}, **ask)
    assert closed.json()["open"] is False and len(boss.get(f"{api}pilots/").json()) == 1
    said = boss.post(f"{api}authors/", {"report": reports[0].pk, "member": team.ana.pk}, **ask)
    assert [one["who"] for one in said.json()] == ["Ana"]
    assert boss.post(f"{api}sight/look/", {"what": "people", "stage": STAGE}, **ask).status_code == 403
    assert boss.put(f"{api}sight/", {"sees": ["people"], "why": "So."}, **ask).json()["sees"] == ["people"]
    assert boss.post(f"{api}sight/look/", {"what": "people", "stage": STAGE}, **ask).json() == []
    assert [use["what"] for use in signed_in(team.observer).get(f"{api}sight/").json()["uses"]] == ["people"]
