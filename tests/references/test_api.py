"""Imports and reports over HTTP."""

from contextlib import contextmanager
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from screening.projects import jobs, later_answers
from screening.projects.models import Job, Project
from screening.references import actions
from screening.references.models import Record, Report
from screening.references.queries import being_read
from tests.cast import add_source, import_file, import_titles, ris


@pytest.fixture
def api(client, team):
    def call(member, method, name, data=None, *, json=True, **kwargs):
        client.force_login(member.user)
        address = reverse(f"references-api:{name}", kwargs={"slug": team.project.slug, **kwargs})
        plain = method == "get" or not json
        return getattr(client, method)(address, data) if plain else getattr(client, method)(address, data, content_type="application/json")

    return call


def test_while_it_is_read_an_import_answers_as_it_otherwise_does(api, team, monkeypatch):
    """The quick answer, of prepared statements, is the one that goes through the models."""
    from screening.references.api import imports as module

    sent = api(
        team.coordinator,
        "post",
        "imports",
        {"source": add_source(team).slug, "files": [SimpleUploadedFile("a.ris", ris("Peers"))]},
        json=False,
    )
    key = sent.json()["results"][0]["id"]
    Job.objects.update(state="running", done=3, total=9, sentence="Read 3 records.")
    quick = api(team.observer, "get", "import", pk=key).json()
    assert quick["state"] == "reading" and quick["job"]["done"] == 3
    with monkeypatch.context() as patch:
        patch.setattr(module, "being_read", lambda project, pk: None)
        assert quick == api(team.observer, "get", "import", pk=key).json()
    assert being_read(Project(pk=uuid4()), key) is None
    Job.objects.update(state="cancelled")
    assert api(team.observer, "get", "import", pk=key).json()["state"] == "stopped"


def test_an_import_is_answered_when_it_has_ended_where_the_client_would_wait(client, team, monkeypatch):
    content, slept = ris("Peers"), []
    source = add_source(team)
    run, _ = actions.upload(by=team.coordinator, source=source, name="a.ris", content=BytesIO(content), size=len(content))

    @contextmanager
    def listening(job):
        def hear(seconds):
            slept.append(seconds)
            jobs.run(str(job))

        yield hear

    monkeypatch.setattr(later_answers, "listening", listening)
    client.force_login(team.observer.user)
    address = reverse("references-api:import", kwargs={"slug": team.project.slug, "pk": run.pk})
    assert client.get(address).json()["state"] == "reading" and slept == []
    assert client.get(address, headers={"Prefer": "wait=20"}).json()["state"] == "completed" and len(slept) == 1


def test_files_are_uploaded_read_and_followed(api, team):
    source = add_source(team)
    files = [SimpleUploadedFile("a.ris", ris("Peers at home")), SimpleUploadedFile("bad.ris", b"")]
    sent = api(team.coordinator, "post", "imports", {"source": source.slug, "files": files}, json=False)
    assert sent.status_code == 201
    good, bad = sent.json()["results"]
    assert good["is_new"] and bad["id"] is None and "bad.ris is empty" in bad["refusal"]
    assert api(team.observer, "get", "import", pk=good["id"]).json()["state"] == "reading"
    jobs.run(str(Job.objects.get().pk))
    whole = api(team.observer, "get", "import", pk=good["id"]).json()
    assert whole["state"] == "completed" and whole["tally"]["read"] == 1 and whole["not_read"] == {"results": [], "next": None}
    same = SimpleUploadedFile("a.ris", ris("Peers at home"))
    again = api(team.coordinator, "post", "imports", {"source": source.slug, "files": [same]}, json=False)
    assert again.status_code == 200 and again.json()["results"][0] == {
        "filename": "a.ris",
        "id": good["id"],
        "is_new": False,
        "refusal": "",
    }


def test_refused_uploads_name_field_and_remedy(api, team):
    source = add_source(team)
    refused = api(team.coordinator, "post", "imports", {"source": source.slug, "files": [SimpleUploadedFile("e.ris", b"")]}, json=False)
    assert refused.status_code == 400 and refused.json()["errors"][0]["field"] == "files"
    unknown = api(team.coordinator, "post", "imports", {"source": "nowhere", "files": [SimpleUploadedFile("e.ris", b"x")]}, json=False)
    assert unknown.json()["errors"] == [{"field": "source", "remedy": "There is no such source in this project. Add it first."}]
    assert api(team.ana, "post", "imports", {"source": source.slug}, json=False).status_code == 403


def test_an_import_is_withdrawn_with_a_reason(api, team):
    run = import_file(team, add_source(team), ris("Peers at home"))
    assert api(team.coordinator, "post", "withdraw", {}, pk=run.pk).status_code == 400
    done = api(team.coordinator, "post", "withdraw", {"reason": "Wrong file."}, pk=run.pk)
    assert done.json()["state"] == "withdrawn" and done.json()["sentence"] == "Wrong file."
    assert api(team.coordinator, "post", "withdraw", {"reason": "Again."}, pk=run.pk).status_code == 400
    assert api(team.observer, "get", "reports").json()["count"] == 0


def test_reports_turn_by_cursor_without_internal_numbers(api, team):
    import_titles(team, *[f"Peer support {n:03}" for n in range(60)])
    first = api(team.observer, "get", "reports").json()
    second = api(team.observer, "get", "reports", {"cursor": first["next"]}).json()
    titles = [report["title"] for report in first["results"] + second["results"]]
    assert titles == sorted(titles) and len(set(titles)) == 60 == first["count"] and second["next"] is None
    assert {"seq", "random_key"}.isdisjoint(first["results"][0])
    assert first["results"][0]["stands"] == {"key": "open", "words": "Open: title and abstract", "reason": ""}
    assert api(team.observer, "get", "reports", {"title": "support 007"}).json()["count"] == 1


def test_reports_are_parted_and_joined(api, team):
    import_file(team, add_source(team), ris("Peers at home and in their wards"))
    import_file(team, add_source(team, "PsycINFO"), ris("Peers at home and in their wards") + b"\n")
    report, record = Report.objects.get(), Record.objects.order_by("seq").last()
    assert [r["certainty"] for r in api(team.observer, "get", "report", pk=report.pk).json()["records"]] == ["first", "certain"]
    new = api(team.coordinator, "post", "split", {"reason": "Another edition."}, pk=record.pk)
    assert new.status_code == 201 and [r["id"] for r in new.json()["records"]] == [str(record.pk)]
    joined = api(team.coordinator, "post", "join", {"other": new.json()["id"], "reason": "The same."}, pk=report.pk).json()
    assert len(joined["records"]) == 2 and joined["records"][1]["joined_by"] == team.coordinator.shown_name
    assert api(team.ana, "post", "join", {"other": new.json()["id"], "reason": "x"}, pk=report.pk).status_code == 403


def test_outsiders_find_nothing(client, team, reports):
    client.force_login(team.outsider)
    for name, kwargs in {"imports": {}, "reports": {}, "report": {"pk": reports[0].pk}}.items():
        assert client.get(reverse(f"references-api:{name}", kwargs={"slug": team.project.slug, **kwargs})).status_code == 404
