"""The summary: who can have it made, who gets it, and that its making survives what happens to it."""

from uuid import uuid4

import pytest
from django.urls import reverse

from extraction.exports import actions
from extraction.exports.queries import file_of, files_for, page_of_exports
from screening.projects import jobs
from screening.projects.access import Denied
from screening.projects.actions import set_roles
from screening.projects.models import Job, Role
from tests.extraction.exporting import make


def test_only_its_maker_gets_the_file(team, full, client):
    job = make(team, by=team.ana)
    stored = files_for(team.ana, job)[0]
    url = reverse("exports:file", args=[team.project.slug, job.pk, stored.name])
    api = reverse("exports-api:file", args=[team.project.slug, job.pk, stored.name])
    expected = {"ana": 200, "ben": 404, "coordinator": 404, "adjudicator": 404, "working_group": 403, "observer": 403}
    for name, member in team.members.items():
        client.force_login(member.user)
        for address in (url, api):
            assert client.get(address).status_code == expected[name], name
    client.force_login(team.outsider)
    assert client.get(url).status_code == client.get(api).status_code == 404
    assert file_of(team.ben, job.pk, stored.name) is None


def test_a_file_belongs_to_its_project_and_its_name_to_the_export(team, full, client):
    from screening.projects.actions import create_project

    job = make(team)
    stored = files_for(team.ana, job)[0]
    elsewhere = create_project(user=team.ana.user, title="Elsewhere")
    client.force_login(team.ana.user)
    assert client.get(reverse("exports:file", args=[elsewhere.project.slug, job.pk, stored.name])).status_code == 404
    assert client.get(reverse("exports:file", args=[team.project.slug, job.pk, "settings.py"])).status_code == 404
    response = client.get(reverse("exports:file", args=[team.project.slug, job.pk, stored.name]))
    assert response["Content-Disposition"] == f'attachment; filename="{stored.name}"'
    assert b"".join(response.streaming_content)[:2] == b"PK"


def test_whoever_loses_the_right_loses_the_file_and_the_job(team, full, client):
    done = make(team, by=team.ben)
    waiting = actions.ask(by=team.ben, request_id=uuid4())
    set_roles(by=team.coordinator, member=team.ben, roles={Role.OBSERVER})
    jobs.run(str(waiting.pk))
    waiting.refresh_from_db()
    assert waiting.state == Job.State.FAILED and "can make exports" in waiting.failure_sentence
    client.force_login(team.ben.user)
    assert client.get(reverse("exports:file", args=[team.project.slug, done.pk, done.result["files"][0]["name"]])).status_code == 403


def test_a_double_click_is_one_summary_and_a_second_wish_another(team, full):
    request_id = uuid4()
    assert actions.ask(by=team.ana, request_id=request_id) == actions.ask(by=team.ana, request_id=request_id)
    assert actions.ask(by=team.ben, request_id=request_id) != actions.ask(by=team.ana, request_id=request_id)
    for member in (team.working_group, team.observer):
        with pytest.raises(Denied):
            actions.ask(by=member, request_id=uuid4())


def test_a_worker_that_died_half_way_is_run_again(team, full, monkeypatch):
    from extraction.exports import actions as running

    job = actions.ask(by=team.ana, request_id=uuid4())
    monkeypatch.setattr(running, "_keep", lambda *args: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        jobs.run(str(job.pk))
    monkeypatch.undo()
    Job.objects.filter(pk=job.pk).update(lease_until="2020-01-01T00:00Z")
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.attempt) == (Job.State.DONE, 2)
    assert len(files_for(team.ana, job)) == 4


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_all_sheets_are_read_at_one_moment(team, full):
    job = make(team)
    assert job.state == Job.State.DONE, job.failure_sentence


def test_the_page_shows_progress_then_the_files(team, full, client):
    client.force_login(team.ana.user)
    here = reverse("exports:list", args=[team.project.slug])
    assert "No summary has been made yet" in client.get(here).content.decode()
    text = client.post(reverse("exports:make", args=[team.project.slug]), {"request_id": str(uuid4())}, follow=True).content.decode()
    assert "hx-get" in text
    job = Job.objects.get(kind="summary_export")
    jobs.run(str(job.pk))
    text = client.get(here).content.decode()
    assert "Workbook (XLSX)" in text and "CSV files (ZIP)" in text
    client.force_login(team.ben.user)
    text = client.get(here).content.decode()
    assert "Workbook (XLSX)" not in text and "Made for Ana, who alone can download it" in text
    client.force_login(team.observer.user)
    assert client.get(here).status_code == 403


def test_the_list_pages_by_key(team):
    made = [actions.ask(by=team.ana, request_id=uuid4()) for _ in range(5)]
    first = page_of_exports(team.ana, size=3)
    second = page_of_exports(team.ana, first.after, size=3)
    assert [job.pk for job in first.rows + second.rows] == [job.pk for job in reversed(made)]
    assert second.after == ""
    assert len(page_of_exports(team.ana, "nonsense", size=3).rows) == 3


def test_the_api_makes_lists_and_gives(team, full, client):
    client.force_login(team.ana.user)
    url = reverse("exports-api:exports", args=[team.project.slug])
    asked = client.post(url, {"request_id": str(uuid4())}, content_type="application/json")
    assert (asked.status_code, asked.json()["files"]) == (202, [])
    jobs.run(asked.json()["id"])
    row = client.get(url).json()["results"][0]
    assert (row["state"], len(row["files"])) == ("done", 4)
    assert client.get(row["files"][0]["url"]).status_code == 200
    client.force_login(team.ben.user)
    assert client.get(url).json()["results"][0]["files"] == []
