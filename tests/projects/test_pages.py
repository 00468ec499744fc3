"""Home, joining, the team, one's account, long work and history."""

import re
from urllib.parse import quote

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from screening.projects import actions, jobs, queries
from screening.projects.access import Denied
from screening.projects.models import ApiToken, Invitation, Job, Membership, Project, Role
from tests.cast import PASSWORD, make_user


def page(client, member, name, *args, **query):
    client.force_login(member.user)
    return client.get(reverse(f"projects:{name}", args=[member.project.slug, *args]), query)


def send(client, member, name, *args, **given):
    client.force_login(member.user)
    return client.post(reverse(f"projects:{name}", args=[member.project.slug, *args]), given)


def test_home_shows_my_projects_and_what_waits_in_each(client, team, reports):
    client.force_login(team.ana.user)
    text = client.get("/").content.decode()
    assert team.project.title in text and "to screen" in text
    client.force_login(team.outsider)
    text = client.get("/").content.decode()
    assert team.project.title not in text and "no project yet" in text


def test_home_leads_to_sign_in(client, db):
    assert client.get("/").url.startswith(reverse("account_login"))


def test_making_a_project_makes_one_its_coordinator(client, db):
    user = make_user("somebody")
    client.force_login(user)
    assert client.post(reverse("new-project"), {"title": " "}).status_code == 422
    answer = client.post(reverse("new-project"), {"title": "Peer support", "summary": "", "roles": ["reviewer"]})
    membership = Membership.objects.get(user=user)
    assert answer.url == reverse("flow:project", args=["peer-support"])
    assert set(membership.roles) == {"coordinator", "reviewer"}


@pytest.mark.parametrize(
    ("roles", "words"), [([], "No role"), (["observer"], "Observer"), (["reviewer", "coordinator"], "Coordinator and reviewer")]
)
def test_roles_read_as_words(roles, words):
    assert queries.role_names(roles) == words


def invite(client, team, email="new@example.org", roles=("reviewer",)):
    answer = send(client, team.coordinator, "invite", email=email, roles=list(roles))
    found = re.search(r'id="invite-link">([^<]+)<', answer.content.decode())
    return answer, found and found.group(1)


def test_an_invitation_is_mailed_and_its_link_shown_once(client, team):
    answer, link = invite(client, team, roles=("reviewer", "adjudicator"))
    assert answer.status_code == 200 and link.startswith("http://testserver/join/")
    (message,) = mail.outbox
    assert message.to == ["new@example.org"] and link in message.body and link in message.alternatives[0][0]
    assert "Coordinator invites you" in message.subject and "\n" not in message.subject
    assert link not in page(client, team.coordinator, "team").content.decode()
    assert Invitation.objects.get().digest not in link


def test_a_person_signs_up_through_the_link_and_comes_back_to_it(client, team):
    _, link = invite(client, team)
    client.logout()
    text = client.get(link).content.decode()
    assert team.project.title in text and "as reviewer" in text
    signup = re.search(r'href="([^"]*signup[^"]*)"', text).group(1)
    answer = client.post(signup, {"name": "New Person", "email": "other@example.org", "password1": "a-long-word-for-tests", "next": link})
    assert answer.status_code == 302 and answer.url.endswith(link.removeprefix("http://testserver"))
    assert client.post(link).url == reverse("flow:project", args=[team.project.slug])
    assert Membership.objects.get(user__email="other@example.org").roles == ["reviewer"]
    # Opened again, the link leads in; for anybody else it is used up.
    assert client.get(link).status_code == 302
    client.force_login(team.outsider)
    assert client.get(link).status_code == 410 and client.post(link).status_code == 410


@pytest.mark.parametrize("change", [{"revoked_at": timezone.now()}, {"expires_at": timezone.now()}])
def test_an_invitation_that_is_over_says_so(client, team, change):
    _, link = invite(client, team)
    Invitation.objects.update(**change)
    client.force_login(team.outsider)
    answer = client.get(link)
    assert answer.status_code == 410 and "Ask the coordinator for a new one" in answer.content.decode()
    assert client.post(link).status_code == 410
    assert not Membership.objects.filter(user=team.outsider).exists()


def test_a_link_cut_short_tells_nothing(client, team):
    text = client.get(reverse("join", args=["not-a-secret"])).content.decode()
    assert "not complete" in text and team.project.title not in text


def test_only_coordinators_manage_the_team_and_others_see_why(client, team):
    text = page(client, team.ana, "team").content.decode()
    assert "Only a coordinator can invite people" in text and "ben@example.org" not in text
    assert send(client, team.ana, "invite", email="x@example.org", roles=["reviewer"]).status_code == 403
    assert send(client, team.ana, "roles", team.ben.pk, roles=["observer"]).status_code == 403


@pytest.mark.parametrize(
    "given",
    [{"email": "not an address", "roles": ["reviewer"]}, {"email": "x@example.org"}, {"email": "ana@example.org", "roles": ["observer"]}],
)
def test_an_invitation_that_makes_no_sense_is_refused_in_the_form(client, team, given):
    answer = send(client, team.coordinator, "invite", **given)
    assert answer.status_code == 422 and not mail.outbox and not Invitation.objects.exists()


def test_a_project_sends_no_more_than_so_many_invitations_a_day(team, monkeypatch):
    monkeypatch.setattr(actions, "INVITATIONS_A_DAY", 2)
    for n in range(2):
        actions.invite(by=team.coordinator, email=f"p{n}@example.org", roles={"observer"})
    with pytest.raises(actions.Refused, match="tomorrow"):
        actions.invite(by=team.coordinator, email="p3@example.org", roles={"observer"})


def test_a_mail_server_that_refuses_still_leaves_the_link(client, team, monkeypatch):
    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", lambda self: (_ for _ in ()).throw(ConnectionRefusedError()))
    answer, link = invite(client, team)
    assert link and "could not be sent" in answer.content.decode()


def test_roles_change_several_at_once_and_a_project_keeps_a_coordinator(client, team):
    send(client, team.coordinator, "roles", team.ana.pk, roles=["reviewer", "adjudicator"])
    team.ana.refresh_from_db()
    assert team.ana.roles == ["reviewer", "adjudicator"]
    send(client, team.coordinator, "roles", team.coordinator.pk, roles=["observer"])
    team.coordinator.refresh_from_db()
    assert team.coordinator.roles == ["coordinator"]
    send(client, team.coordinator, "roles", team.ben.pk)
    assert page(client, team.ben, "team").status_code == 404


def test_a_withdrawn_invitation_leaves_the_list(client, team):
    _, link = invite(client, team)
    send(client, team.coordinator, "invitation-revoke", Invitation.objects.get().pk)
    assert not queries.open_invitations(team.project).exists()
    client.force_login(team.outsider)
    assert client.get(link).status_code == 410


def test_everybody_chooses_their_name_and_coordinators_change_the_project(client, team):
    send(client, team.working_group, "settings", change="name", named_as="name", shown_name="Marigold")
    team.working_group.refresh_from_db()
    assert queries.shown_name(team.working_group) == "Marigold"
    rest = {"change": "project", "summary": "", "time_zone": "UTC", "group_named": "name", "language": ""}
    assert send(client, team.ana, "settings", **rest, title="Mine now").status_code == 403
    assert send(client, team.coordinator, "settings", **rest | {"title": "A better title", "summary": "Why."}).status_code == 302
    assert send(client, team.coordinator, "settings", **rest, title="").status_code == 422
    assert Project.objects.get(pk=team.project.pk).title == "A better title"


def test_a_tokens_secret_is_shown_once_and_signs_a_program_in_until_revoked(client, team):
    client.force_login(team.ana.user)
    answer = client.post(reverse("account_settings"), {"change": "token", "token-name": "backup"})
    secret = re.search(r'id="new-token">([^<]+)<', answer.content.decode()).group(1)
    assert secret not in client.get(reverse("account_settings")).content.decode()
    client.logout()
    headers = {"authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/me/", headers=headers).json()["email"] == "ana@example.org"
    client.force_login(team.ben.user)
    token = ApiToken.objects.get()
    client.post(reverse("token-revoke", args=[token.pk]))
    token.refresh_from_db()
    assert token.revoked_at is None
    client.force_login(team.ana.user)
    client.post(reverse("token-revoke", args=[token.pk]))
    client.logout()
    refused = client.get("/api/v1/me/", headers=headers)
    assert refused.status_code == 401 and "revoked" in refused.json()["detail"]


def test_a_person_has_so_many_tokens_at_most(client, team, monkeypatch):
    monkeypatch.setattr(actions, "TOKENS_AT_ONCE", 1)
    actions.make_token(user=team.ana.user, name="one")
    client.force_login(team.ana.user)
    answer = client.post(reverse("account_settings"), {"change": "token", "token-name": "two"})
    assert answer.status_code == 422 and "Revoke one" in answer.content.decode()


def make_job(team, by=None, **fields) -> Job:
    return Job.objects.create(
        project=team.project, kind="import", idempotency_key=str(timezone.now()), asked_by=by or team.coordinator, **fields
    )


def test_a_job_asks_again_while_it_runs_and_stops_when_it_is_over(client, team):
    job = make_job(team, state=Job.State.RUNNING, done=3, total=9, sentence="Reading.")
    client.force_login(team.coordinator.user)
    address = reverse("projects:job", args=[team.project.slug, job.pk])
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert f'hx-get="{address}"' in part and "3 of 9" in part and "<html" not in part
    Job.objects.update(state=Job.State.DONE)
    assert "hx-get" not in client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" in client.get(address).content.decode()


def test_who_asked_or_a_coordinator_cancels_a_job(client, team):
    job = make_job(team)
    assert send(client, team.ana, "job-cancel", job.pk).status_code == 403
    assert send(client, team.coordinator, "job-cancel", job.pk).status_code == 302
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    with pytest.raises(Denied):
        actions.cancel_job(by=team.ben, job=job)
    own = make_job(team, by=team.ben)
    actions.cancel_job(by=team.ben, job=own)
    assert jobs.take(str(own.pk)) is None


def test_history_is_a_page_and_a_fragment_and_only_of_known_things(client, team, reports):
    answer = page(client, team.ana, "history", "report", reports[0].pk)
    assert answer.status_code == 200 and "History" in answer.content.decode()
    client.force_login(team.ana.user)
    address = reverse("projects:history", args=[team.project.slug, "report", reports[0].pk])
    assert "<html" not in client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert page(client, team.ana, "history", "report", team.project.pk).status_code == 404
    assert page(client, team.ana, "history", "nothing", reports[0].pk).status_code == 404


def test_signing_in_with_the_right_password_opens_home(client, team):
    answer = client.post(reverse("account_login"), {"login": "ana@example.org", "password": PASSWORD})
    assert answer.url == reverse("home")


def test_one_person_may_have_every_role(team):
    actions.set_roles(by=team.coordinator, member=team.ana, roles=set(Role.values))
    team.ana.refresh_from_db()
    assert team.ana.roles == list(Role.values)


def test_signed_out_one_is_led_to_sign_in_but_no_sign_in_page_stands_in_the_middle_of_another(client, team):
    home, decide = reverse("home"), reverse("decisions:decide", args=[team.project.slug])
    for send, address in ((client.get, home), (client.get, reverse("flow:project", args=[team.project.slug])), (client.post, decide)):
        assert send(address).url.startswith(reverse("account_login"))
        answer = send(address, headers={"HX-Request": "true"})
        assert answer.status_code == 401 and answer.content == b""


def test_signed_out_somebody_who_typed_gets_their_words_back_before_they_sign_in(client, team):
    address = reverse("decisions:decide", args=[team.project.slug])
    came_from = f"http://testserver{reverse('decisions:desk', args=[team.project.slug])}?report=x"
    answer = client.post(address, {"note": "Only family carers <b>.", "answer": "exclude"}, headers={"Referer": came_from})
    html = answer.content.decode()
    assert answer.status_code == 401 and "Only family carers &lt;b&gt;." in html
    assert f'href="/accounts/login/?next={quote(reverse("decisions:desk", args=[team.project.slug]), safe="")}"' in html
    nowhere = client.post(address, {"note": "Two words"}, headers={"Referer": "https://elsewhere.example//evil.example/"})
    assert 'href="/accounts/login/?next=%2F"' in nowhere.content.decode()
