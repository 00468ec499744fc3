"""People and projects over HTTP, and the description of the whole API."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from screening.projects.models import Invitation, Membership
from tests.cast import make_user


def test_the_whole_api_is_described_without_a_warning(capsys):
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", stdout=out)
    described = json.loads(out.getvalue())
    assert described["openapi"].startswith("3.1")
    for address in ("me/", "projects/", "projects/{slug}/", "projects/{slug}/flow/", "projects/{slug}/voices/", "projects/{slug}/members/"):
        assert f"/api/v1/{address}" in described["paths"]


def test_the_schema_and_its_page_open_offline_for_anybody(client, db):
    assert client.get(reverse("api:schema"), {"format": "json"}).json()["info"]["title"] == "Brolly"
    page = client.get(reverse("api:docs"))
    text = page.content.decode()
    assert "swagger-ui-bundle" in text and "<script>" not in text and "<style" not in text
    assert "script-src 'self';" in page["Content-Security-Policy"] and "https:" not in page["Content-Security-Policy"]
    assert "'unsafe-inline'" not in client.get(reverse("account_login"))["Content-Security-Policy"]
    assert "SwaggerUIBundle" in client.get(reverse("api:docs"), {"script": ""}).content.decode()


def test_making_and_listing_projects(client, db):
    client.force_login(make_user("somebody"))
    made = client.post("/api/v1/projects/", {"title": "Peer support", "roles": ["reviewer"]}, content_type="application/json")
    assert made.status_code == 201 and set(made.json()["my_roles"]) == {"coordinator", "reviewer"}
    listed = client.get("/api/v1/projects/").json()
    assert [project["slug"] for project in listed["results"]] == [made.json()["slug"]] and listed["next"] is None
    assert client.post("/api/v1/projects/", {}, content_type="application/json").json()["errors"][0]["field"] == "title"


def test_projects_are_paged_and_each_comes_once(client, db, monkeypatch):
    from screening.projects import actions, queries

    monkeypatch.setattr(queries, "PAGE", 2)
    user = make_user("somebody")
    for n in range(5):
        actions.create_project(user=user, title=f"Project {n}")
    client.force_login(user)
    slugs, after = [], ""
    while after is not None:
        page = client.get("/api/v1/projects/", {"cursor": after} if after else {}).json()
        slugs += [project["slug"] for project in page["results"]]
        after = page["next"]
    assert slugs == [f"project-{n}" for n in range(5)]
    assert client.get("/api/v1/projects/", {"cursor": "2026-13-45~x"}).status_code == 400


def test_a_project_is_read_by_members_and_changed_by_coordinators(client, team):
    address = f"/api/v1/projects/{team.project.slug}/"
    client.force_login(team.observer.user)
    assert client.get(address).json()["my_roles"] == ["observer"]
    refused = client.patch(address, {"title": "x"}, content_type="application/json")
    assert refused.status_code == 403 and "Only a coordinator" in refused.json()["detail"]
    client.force_login(team.coordinator.user)
    assert client.patch(address, {"summary": "Why."}, content_type="application/json").json()["summary"] == "Why."
    client.force_login(team.outsider)
    assert client.get(address).status_code == 404


def test_members_and_invitations(client, team):
    root = f"/api/v1/projects/{team.project.slug}/"
    client.force_login(team.observer.user)
    members = client.get(f"{root}members/").json()["results"]
    assert len(members) == 6 and all(set(member) == {"id", "name", "roles", "joined_at"} for member in members)
    client.force_login(team.coordinator.user)
    made = client.post(f"{root}invitations/", {"email": "x@example.org", "roles": ["reviewer"]}, content_type="application/json").json()
    assert "/join/" in made["link"] and made["mail_sent"]
    assert "link" not in client.get(f"{root}invitations/").json()["results"][0]
    assert client.delete(f"{root}invitations/{made['id']}/").status_code == 204
    assert Invitation.objects.get().revoked_at
    changed = client.patch(f"{root}members/{team.ana.pk}/", {"roles": ["adjudicator"]}, content_type="application/json")
    assert changed.json()["roles"] == ["adjudicator"]
    alone = client.patch(f"{root}members/{team.coordinator.pk}/", {"roles": ["observer"]}, content_type="application/json")
    assert alone.status_code == 400 and "needs a coordinator" in alone.json()["detail"]
    assert Membership.objects.get(pk=team.coordinator.pk).roles == ["coordinator"]


def test_what_waits_for_me(client, team, reports):
    client.force_login(team.ana.user)
    waiting = client.get(f"/api/v1/projects/{team.project.slug}/waiting/").json()["results"]
    assert any(item["count"] == 4 for item in waiting)


@pytest.mark.parametrize("address", ["me/", "projects/"])
def test_nobody_signed_in_gets_a_problem(client, db, address):
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == 401 and answer["Content-Type"] == "application/problem+json"


def test_a_method_or_address_there_is_not_is_told_apart_from_one_that_is_not_allowed(client, team):
    sources = f"/api/v1/projects/{team.project.slug}/sources/"
    assert client.delete(sources).status_code == 401
    client.force_login(team.outsider)
    assert client.delete(sources).status_code == 404
    client.force_login(team.observer.user)
    refused = client.delete(sources)
    assert refused.status_code == 405
    assert "/api/v1/docs/" in refused.json()["detail"]
    missing = client.get("/api/v1/no-such-thing/")
    assert missing.status_code == 404
    assert missing.headers["Content-Type"] == "application/problem+json"


def test_whoever_is_not_signed_in_reads_how_to(client, db):
    assert "token from your account page" in client.get("/api/v1/me/").json()["detail"]
