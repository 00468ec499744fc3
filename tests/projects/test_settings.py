"""How I am named here and who can still tell; title, zone and language of a project."""

import pytest
from django.urls import reverse

from screening.projects import actions
from screening.projects.models import Membership, Project
from screening.projects.settings.queries import elsewhere, who_can_tell
from tests.cast import make_user


def page(client, member: Membership, **given):
    client.force_login(member.user)
    url = reverse("projects:settings", args=[member.project.slug])
    return client.post(url, given) if given else client.get(url)


def again(member: Membership) -> Membership:
    return Membership.objects.get(pk=member.pk)


def test_a_working_group_member_can_be_one_of_the_group(client, team):
    text = page(client, team.working_group).content.decode()
    assert "As a member of the working group" in text and "Whoever runs this server" in text
    assert page(client, team.working_group, change="name", named_as="member", shown_name="").status_code == 302
    assert again(team.working_group).shown_name == "A member of the working group"
    # Seen by somebody else, on a page of another room's making.
    assert "Working_Group" not in page(client, team.ana).content.decode()
    client.force_login(team.ana.user)
    team_page = client.get(reverse("projects:team", args=[team.project.slug])).content.decode()
    assert "A member of the working group" in team_page and "Working_Group" not in team_page


def test_a_reviewer_is_not_offered_it(client, team):
    assert "As a member of the working group" not in page(client, team.ana).content.decode()
    assert page(client, team.ana, change="name", named_as="member", shown_name="").status_code == 422
    refused = page(client, team.ana, change="name", named_as="pseudonym", shown_name=" ")
    assert refused.status_code == 422 and refused.content.decode().count("Write the name others will see") == 2, (
        "in the summary and beside it"
    )
    assert "(optional)" not in refused.content.decode().split('id="project"')[0]
    assert again(team.ana).shown_name == "Ana"


def test_the_page_says_who_sent_the_invitation(team):
    _, secret = actions.invite(by=team.coordinator, email="new@example.org", roles={"working_group"})
    member = actions.accept_invitation(user=make_user("new"), secret=secret)
    assert "Coordinator, who sent you the invitation" in who_can_tell(member)[0]
    assert not any("sent you the invitation" in line for line in who_can_tell(team.ana))


def test_a_name_is_chosen_before_anybody_can_see_one(client, team):
    _, secret = actions.invite(by=team.coordinator, email="new@example.org", roles={"working_group"})
    user = make_user("new")
    client.force_login(user)
    text = client.get(reverse("join", args=[secret])).content.decode()
    assert "who sent you the invitation" in text and "As a member of the working group" in text
    refused = client.post(reverse("join", args=[secret]), {"named_as": "pseudonym", "shown_name": ""})
    assert refused.status_code == 422 and not Membership.objects.filter(user=user).exists()
    client.post(reverse("join", args=[secret]), {"named_as": "pseudonym", "shown_name": "Heron"})
    assert Membership.objects.get(user=user).shown_name == "Heron"


def test_a_project_can_name_its_working_group_as_such_from_the_first_moment(client, team):
    actions.edit_project(by=team.coordinator, title="Peers", summary="", group_named="member")
    for name, roles, shown in (("one", {"working_group"}, "A member of the working group"), ("two", {"reviewer"}, "Two")):
        _, secret = actions.invite(by=team.coordinator, email=f"{name}@example.org", roles=roles)
        user = make_user(name)
        client.force_login(user)
        client.post(reverse("join", args=[secret]))
        assert Membership.objects.get(user=user).shown_name == shown


def test_coordinators_set_the_zone_and_pages_show_it(client, team):
    given = {"change": "project", "title": "Peers", "summary": "", "group_named": "name", "language": ""}
    assert page(client, team.coordinator, **given, time_zone="Mars/Olympus").status_code == 422
    assert page(client, team.coordinator, **given, time_zone="Asia/Kathmandu").status_code == 302
    assert Project.objects.get().time_zone == "Asia/Kathmandu"
    assert page(client, team.ana, **given, time_zone="UTC").status_code == 403
    assert Project.objects.get().time_zone == "Asia/Kathmandu"


def test_what_coordinators_set_everybody_reads(client, team):
    actions.edit_project(by=team.coordinator, title="Peers", summary="", group_named="member", time_zone="Asia/Kathmandu")
    text = page(client, team.observer).content.decode()
    assert "Asia/Kathmandu" in text and "As each reader&#x27;s browser asks" in text
    assert "<dd>As a member of the working group</dd>" in text and "Only a coordinator can change the project" in text


@pytest.mark.parametrize("given", [{"time_zone": "Nowhere"}, {"language": "xx"}, {"group_named": "former"}])
def test_the_api_refuses_what_there_is_not(client, team, given):
    client.force_login(team.coordinator.user)
    url = reverse("api:project", args=[team.project.slug])
    assert client.patch(url, given, content_type="application/json").status_code == 400
    assert client.patch(url, {"time_zone": "Europe/London"}, content_type="application/json").json()["time_zone"] == "Europe/London"


def test_my_name_by_the_api(client, team):
    client.force_login(team.working_group.user)
    url = reverse("projects-api:naming", args=[team.project.slug])
    answer = client.patch(url, {"named_as": "pseudonym", "name": "Heron"}, content_type="application/json").json()
    assert (answer["name"], answer["named_as"]) == ("Heron", "pseudonym") and answer["who_can_tell"]
    assert client.patch(url, {"named_as": "former"}, content_type="application/json").status_code == 400
    client.force_login(team.ana.user)
    members = client.get(reverse("projects-api:members", args=[team.project.slug])).json()["results"]
    assert "Heron" in {member["name"] for member in members}


def test_every_other_setting_leads_somewhere(client, team):
    lines = elsewhere(team.coordinator)
    assert len(lines) == 6
    client.force_login(team.coordinator.user)
    assert {client.get(line.url).status_code for line in lines} == {200}
