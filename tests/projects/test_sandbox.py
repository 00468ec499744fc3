"""A sandbox holds the protocol, sources and reports, nobody's decisions and nobody but its maker; and it can go without a trace."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse

from screening.decisions.models import Decision, ReportStage
from screening.projects import jobs
from screening.projects.access import Denied
from screening.projects.actions import Refused
from screening.projects.models import Job, Membership, Project
from screening.projects.sandbox import actions
from screening.projects.sandbox.deleting import FOLDERS, delete_due, delete_files, delete_rows, paths
from screening.projects.tasks import delete_sandboxes
from screening.protocol.models import Criterion, SearchSource
from screening.references.models import Record, Report
from screening.voices.actions import speak
from tests.cast import Team, decide
from tests.samples import everything


def make(by: Membership, reports: int = 200) -> Project:
    job = actions.ask(by=by, reports=reports, request_id=uuid4())
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.failure_sentence
    return Project.objects.get(slug=job.result["slug"])


@pytest.fixture
def team(db) -> Team:
    return everything().team


def test_what_is_copied_and_what_is_not(team):
    made = make(team.coordinator)
    origin = team.project
    assert made.is_sandbox and made.title == f"Sandbox: {origin.title}" and made.copied_from == origin
    members = Membership.objects.filter(project=made)
    assert [(one.user_id, sorted(one.roles)) for one in members] == [(team.coordinator.user_id, ["coordinator", "reviewer"])]
    for model in (Criterion, SearchSource):
        assert model.objects.filter(project=made).count() == model.objects.filter(project=origin).count() > 0
    assert sorted(Criterion.objects.filter(project=made).values_list("label")) == sorted(
        Criterion.objects.filter(project=origin).values_list("label")
    )
    titles = set(Report.objects.filter(project=origin).exclude(column="none").values_list("title", flat=True))
    assert set(Report.objects.filter(project=made).values_list("title", flat=True)) == titles
    # None of them tells a time that was never one (decisions/policies/queries.py, ARRIVED).
    assert {pk.version for pk in Report.objects.filter(project=made).values_list("pk", flat=True)} == {3}
    assert not Decision.objects.filter(project=made).exists()
    assert set(ReportStage.objects.filter(project=made).values_list("stage", "status")) == {("title_abstract", "open")}


def test_it_can_be_screened_and_its_numbers_add_up(team):
    made = make(team.coordinator)
    member = Membership.objects.select_related("project", "user").get(project=made)
    report = Report.objects.filter(project=made).first()
    before = Decision.objects.filter(project=team.project).count()
    decide(member, report, "include")
    assert Decision.objects.filter(project=made).count() == 1
    assert Decision.objects.filter(project=team.project).count() == before
    from screening.flow.checks import check_project

    assert check_project(made) == []
    assert Record.objects.filter(project=made, placement__report=report).exists()


def test_running_twice_makes_one(team):
    job = actions.ask(by=team.coordinator, reports=200, request_id=uuid4())
    jobs.run(str(job.pk))
    Job.objects.filter(pk=job.pk).update(state=Job.State.WAITING)
    jobs.run(str(job.pk))
    assert Project.objects.filter(is_sandbox=True).count() == 1


def test_no_more_reports_than_asked_for(team, monkeypatch):
    monkeypatch.setattr(actions, "SIZES", (3,))
    assert Report.objects.filter(project=make(team.coordinator, 3)).count() == 3


def test_who_may(team):
    with pytest.raises(Denied):
        actions.ask(by=team.ana, reports=200, request_id=uuid4())
    with pytest.raises(Refused, match="how many reports"):
        actions.ask(by=team.coordinator, reports=7, request_id=uuid4())
    made = Membership.objects.select_related("project").get(project=make(team.coordinator))
    with pytest.raises(Refused, match="a sandbox already"):
        actions.ask(by=made, reports=200, request_id=uuid4())
    with pytest.raises(Refused, match="Only a sandbox"):
        actions.delete(by=team.coordinator)


def rows_of(project: Project) -> dict[str, int]:
    found = {}
    with connection.cursor() as cursor:
        for table, condition, _ in paths():
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {condition}", [project.pk])
            if n := cursor.fetchone()[0]:
                found[table] = n
    return found


def test_deleting_leaves_nothing_and_touches_nothing_else(team, client):
    made = make(team.coordinator)
    member = Membership.objects.select_related("project", "user").get(project=made)
    decide(member, Report.objects.filter(project=made).first(), "include")
    speak(by=member, about_kind="protocol", about_id=made.pk, kind="comment", words="A word.")
    kept = default_storage.save(f"imports/{team.project.pk}/a", ContentFile(b"of the review"))
    gone = [default_storage.save(f"{folder}/{made.pk}/one/{n}.txt", ContentFile(b"x")) for folder in FOLDERS for n in range(2)]
    before = rows_of(team.project)
    client.force_login(team.coordinator.user)
    url = reverse("projects:sandbox-delete", args=[made.slug])
    assert client.post(url).status_code == 302 and rows_of(made)
    client.post(url, {"delete": "yes"})
    assert client.get(f"/p/{made.slug}/").status_code == 404
    delete_sandboxes()
    assert not Project.objects.filter(pk=made.pk).exists()
    assert rows_of(made) == {}
    assert default_storage.exists(kept) and not any(default_storage.exists(path) for path in gone)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what still pointed at a row that went would fail here
    assert rows_of(team.project) == before
    assert delete_due() == 0


def test_no_folder_of_the_file_store_is_forgotten():
    """Wherever something is kept in a folder of its project."""
    sources = [path.read_text() for room in ("screening", "extraction") for path in (Path(__file__).parents[2] / room).rglob("*.py")]
    found = {folder for text in sources for folder in re.findall(r'f"([a-z-]+)/\{[\w.]*project(?:_id|\.pk)\}/', text)}
    assert found == set(FOLDERS)


def test_a_review_is_never_taken_away(team):
    for delete in (delete_files, delete_rows):
        with pytest.raises(ValueError, match="only a sandbox"):
            delete(team.project)
    Project.objects.filter(pk=team.project.pk).update(deleted_at="2026-01-01T00:00Z")
    assert delete_due() == 0 and Project.objects.filter(pk=team.project.pk).exists()


def test_by_the_api(client, team):
    url = reverse("projects-api:sandboxes", args=[team.project.slug])
    client.force_login(team.coordinator.user)
    given = {"reports": 200, "request_id": str(uuid4())}
    job = client.post(url, given, content_type="application/json").json()
    assert client.post(url, given, content_type="application/json").json()["id"] == job["id"]
    assert client.post(url, {**given, "reports": 7}, content_type="application/json").status_code == 400
    jobs.run(job["id"])
    slug = client.get(url).json()["results"][0]["slug"]
    assert client.delete(url).status_code == 400
    assert client.delete(reverse("projects-api:sandboxes", args=[slug])).status_code == 204
    assert client.get(url).json()["results"] == []


def test_the_page(client, team):
    client.force_login(team.coordinator.user)
    url = reverse("projects:sandbox", args=[team.project.slug])
    page = client.get(url).content.decode()
    assert "its protocol as it is drafted now" in page and "Recorded versions of the protocol and their amendments" in page
    assert client.post(url, {"reports": "7", "request_id": str(uuid4())}).status_code == 422
    assert client.post(url, {"reports": "200", "request_id": str(uuid4())}).status_code == 302
    jobs.run(str(Job.objects.get(kind="sandbox").pk))
    made = Project.objects.get(is_sandbox=True)
    assert f"/p/{made.slug}/" in client.get(url).content.decode()
    text = client.get(f"/p/{made.slug}/").content.decode()
    assert "Sandbox</span>" in text and "A sandbox for training" in text
    inside = client.get(reverse("projects:sandbox", args=[made.slug])).content.decode()
    assert "Delete the sandbox" in inside and "versions and amendments listed here were made here" in inside
    client.force_login(team.ana.user)
    assert client.get(url).status_code == 403
