"""Deleting an account: what leads to a person goes from every table, what they did stays. And everything of one's own in one file."""

import json
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.urls import reverse

from screening.decisions.models import Decision
from screening.projects import actions, jobs
from screening.projects.accounts.actions import EXPORTS_A_DAY, ask_for_own_data, delete_account, forget_old_files
from screening.projects.accounts.own_data import tables
from screening.projects.actions import Refused
from screening.projects.models import Invitation, Job, Membership, User
from screening.projects.notices import tell
from screening.projects.queries import shown_name
from screening.protocol.actions import save_criterion
from screening.references.models import Import
from screening.voices.actions import speak
from tests.cast import PASSWORD, decide, make_user
from tests.test_history import tables_with


def again(member: Membership) -> Membership:
    return Membership.objects.get(pk=member.pk)


@pytest.fixture
def leaver(team, reports, client) -> Membership:
    """Somebody who came by an invitation and left traces in every corner: session, token, notice, decision, change."""
    _, secret = actions.invite(by=team.coordinator, email="Quillfeather@example.org", roles={"reviewer", "coordinator"})
    user = User.objects.create_user("quillfeather@example.org", PASSWORD, name="Xanthe Quillfeather")
    member = actions.accept_invitation(user=user, secret=secret, named_as="pseudonym", shown_name="Heron")
    client.force_login(user)
    address = f"/api/v1/projects/{team.project.slug}/"
    assert client.patch(address, {"summary": "Changed."}, content_type="application/json").status_code == 200
    save_criterion(by=member, values={"label": "Peers", "text": "Paid.", "kind": "judged", "scope": "review"})
    decide(member, reports[0], "include")
    actions.make_token(user=user, name="A program")
    tell(member, key="k", words="The protocol was amended.", link="/")
    return member


def test_nothing_leads_to_the_person_and_what_they_did_stays(leaver, team):
    user_id = str(leaver.user_id)
    assert tables_with("uillfeather") and tables_with(user_id)
    before = Decision.objects.filter(member=leaver).count()
    delete_account(user=leaver.user, keep_names=True)
    assert tables_with("uillfeather") == [] and tables_with(user_id) == []
    assert Decision.objects.filter(member=leaver).count() == before == 1
    assert shown_name(again(leaver)) == "Heron" and again(leaver).roles == []
    assert not Session.objects.exists()


def test_who_did_it_in_the_history_is_the_member_as_named(leaver, team):
    delete_account(user=leaver.user, keep_names=True)
    last = type(team.project).pgh_event_model.objects.filter(pgh_obj=team.project.pk).select_related("pgh_context").latest("pgh_id")
    assert last.pgh_context.metadata["member"] == str(leaver.pk) and "user" not in last.pgh_context.metadata


def test_the_name_can_go_too(leaver):
    delete_account(user=leaver.user, keep_names=False)
    assert shown_name(again(leaver)) == "A former member"
    assert tables_with("Heron") == []


def test_the_last_coordinator_is_asked_to_find_another(team, client):
    with pytest.raises(Refused, match="the only coordinator of “Peer support”"):
        delete_account(user=team.coordinator.user, keep_names=True)
    client.force_login(team.coordinator.user)
    assert "Make somebody else a coordinator first" in client.get(reverse("delete-account")).content.decode()
    alone = make_user("alone")
    member = actions.create_project(user=alone, title="Mine alone")
    delete_account(user=alone, keep_names=True)
    assert again(member).roles == []


def test_open_invitations_to_the_address_are_withdrawn_and_forgotten(team):
    invitation, _ = actions.invite(by=team.coordinator, email="outsider@example.org", roles={"observer"})
    delete_account(user=team.outsider, keep_names=True)
    invitation.refresh_from_db()
    assert invitation.email == "" and invitation.revoked_at
    assert not Invitation.objects.filter(email__icontains="outsider").exists()


@pytest.mark.parametrize(("given", "status"), [({}, 422), ({"password": "wrong"}, 422), ({"password": PASSWORD}, 302)])
def test_the_page_asks_for_the_password_and_a_yes(client, team, given, status):
    client.force_login(team.ana.user)
    answer = client.post(reverse("delete-account"), {"names": "keep", "sure": "on", **given})
    assert answer.status_code == status
    assert User.objects.filter(pk=team.ana.user_id).exists() is (status == 422)
    if status == 302:
        assert client.get("/").status_code == 302
        assert client.post(reverse("account_login"), {"login": "ana@example.org", "password": PASSWORD}).status_code == 200


def made(member: Membership) -> Job:
    job = ask_for_own_data(user=member.user, request_id=uuid4())
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.failure_sentence
    return job


def opened(job: Job) -> dict[str, object]:
    with default_storage.open(job.result["path"]) as file, ZipFile(file) as bundle:
        return {name: json.loads(bundle.read(name)) for name in bundle.namelist() if name.endswith(".json")}


def test_own_data_hold_what_i_made_and_nothing_of_others(team, reports):
    decide(team.ana, reports[0], "include", note="Mine alone.")
    decide(team.ben, reports[0], "exclude", note="A secret of Ben's.")
    criterion = save_criterion(by=team.coordinator, values={"label": "Peers", "text": "Paid.", "kind": "judged", "scope": "review"})
    speak(by=team.ana, about_kind="criterion", about_id=criterion.pk, kind="question", words="Who is a peer?")
    files = opened(made(team.ana))
    folder = team.project.slug
    assert files["account.json"]["email"] == "ana@example.org"
    assert files[f"{folder}/membership.json"]["named"] == "Ana"
    assert [row["note"] for row in files[f"{folder}/decision.json"]] == ["Mine alone."]
    assert [row["words"] for row in files[f"{folder}/voice.json"]] == ["Who is a peer?"]
    text = json.dumps(files)
    assert "A secret" not in text and "ben@example.org" not in text
    assert not {"seq", "payload_hash", "password"} & {
        key for rows in files.values() for row in (rows if isinstance(rows, list) else [rows]) for key in row
    }


def test_what_i_brought_in_for_somebody_is_theirs():
    assert dict(tables())[Decision] == ["member"]
    assert dict(tables())[Import] == ["by"]


def test_the_file_is_for_whoever_asked_alone(client, team):
    job = made(team.ana)
    url = reverse("own-data-file", args=[job.pk])
    client.force_login(team.ben.user)
    assert client.get(url).status_code == 404
    client.force_login(team.ana.user)
    assert b"".join(client.get(url).streaming_content)[:2] == b"PK"
    assert "Download my data" in client.get(reverse("own-data")).content.decode()


def test_by_the_api(client, team):
    client.force_login(team.ana.user)
    made_now = client.post(reverse("api:own-data"), {"request_id": str(uuid4())}, content_type="application/json").json()
    jobs.run(made_now["id"])
    assert [one["state"] for one in client.get(reverse("api:own-data")).json()["results"]] == ["done"]
    assert client.get(reverse("api:own-data-file", args=[made_now["id"]])).status_code == 200
    client.force_login(team.ben.user)
    assert client.get(reverse("api:own-data-file", args=[made_now["id"]])).status_code == 404


def test_a_double_click_is_one_job_and_a_day_has_few(client, team):
    client.force_login(team.ana.user)
    one = "00000000-0000-4000-8000-00000000000{}"
    for _ in range(2):
        client.post(reverse("own-data"), {"request_id": one.format(0)})
    assert Job.objects.filter(user=team.ana.user).count() == 1
    for n in range(1, EXPORTS_A_DAY + 2):
        answer = client.post(reverse("own-data"), {"request_id": one.format(n)})
    assert answer.status_code == 422 and Job.objects.filter(user=team.ana.user).count() == EXPORTS_A_DAY
    assert client.post(reverse("own-data"), {"request_id": "x"}).status_code == 422


def test_files_are_forgotten_after_a_week_and_with_the_account(team, django_capture_on_commit_callbacks):
    job = made(team.ana)
    assert forget_old_files() == 0
    Job.objects.filter(pk=job.pk).update(created_at="2020-01-01T00:00Z")
    assert forget_old_files() == 1 and not default_storage.exists(job.result["path"])
    job = made(team.ben)
    with django_capture_on_commit_callbacks(execute=True):
        delete_account(user=team.ben.user, keep_names=True)
    assert not default_storage.exists(job.result["path"]) and not Job.objects.filter(pk=job.pk).exists()
