"""Imports: several files, bad ones among them, the same twice, a worker that dies, two people at once."""

import io
import threading
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.projects import jobs
from screening.projects.actions import Refused, create_project
from screening.projects.models import Job, Role
from screening.protocol.models import SearchSource
from screening.references import actions, batches
from screening.references.models import Import, ImportEvent, Placement, Record, Report
from screening.references.queries import import_rows, imports_of, reports_of
from tests.cast import add_source, import_file, make_team, ris


def at(team, name="imports", **kwargs):
    return reverse(f"references:{name}", kwargs={"slug": team.project.slug, **kwargs})


def file(name, content):
    return SimpleUploadedFile(name, content)


def upload(team, source, content, name="search.ris"):
    return actions.upload(by=team.coordinator, source=source, name=name, content=io.BytesIO(content), size=len(content))


def run_all():
    for job in Job.objects.exclude(state__in=Job.OVER):
        jobs.run(str(job.pk))


def row_of(team, run):
    return import_rows(imports_of(team.project).filter(pk=run.pk))[0]


@pytest.fixture
def coordinator(client, team):
    client.force_login(team.coordinator.user)
    return client


CSV = b"Title,Authors,Year,DOI\nPeer support by table,Alder J,2020,10.1234/csv.1\n"
NBIB = b"PMID- 123456\nTI  - Peer support by PubMed\nAU  - Alder J\nDP  - 2021\nAB  - Words.\n"


def test_several_files_of_three_formats_for_a_source_made_on_the_spot(coordinator, team):
    files = [file("a.ris", ris("Peer support in wards")), file("b.csv", CSV), file("c.nbib", NBIB)]
    response = coordinator.post(at(team), {"source": "+", "new_name": "MEDLINE", "new_kind": "database", "files": files}, follow=True)
    assert response.status_code == 200 and "3 files were uploaded and are being read." in response.content.decode()
    assert SearchSource.objects.get().slug == "medline"
    run_all()
    assert {report.title for report in reports_of(team.project)} == {
        "Peer support in wards",
        "Peer support by table",
        "Peer support by PubMed",
    }


def test_one_bad_file_does_not_stop_the_others(coordinator, team):
    source = add_source(team)
    files = [file("good.ris", ris("Peer support in wards")), file("picture.ris", b"\x89PNG\r\n\x1a\n\x00\x00\x00"), file("empty.ris", b"")]
    page = coordinator.post(at(team), {"source": source.slug, "files": files}, follow=True).content.decode()
    assert "empty.ris is empty" in page
    run_all()
    states = {run.filename: row_of(team, run).state for run in Import.objects.all()}
    assert states == {"good.ris": "completed", "picture.ris": "failed"}
    assert [report.title for report in reports_of(team.project)] == ["Peer support in wards"]
    page = coordinator.get(at(team)).content.decode()
    assert "Not imported: The file seems to be a picture" in page and ">picture.ris<" in page and "upload it again" in page


def test_the_same_file_again_says_when_and_adds_nothing(coordinator, team):
    source, content = add_source(team), ris("Peer support in wards")
    run = import_file(team, source, content)
    page = coordinator.post(at(team), {"source": source.slug, "files": [file("again.ris", content)]}, follow=True).content.decode()
    assert f"again.ris: this file was imported on {run.recorded_at:%-d %B %Y} already; nothing was added." in page
    assert (Import.objects.count(), Record.objects.count(), Job.objects.count()) == (1, 1, 1)


def test_a_file_too_large_is_refused_with_the_limit(coordinator, team, settings):
    settings.UPLOAD_LIMIT_MB = 1
    source = add_source(team)
    big = file("big.ris", b"x" * (1024 * 1024 + 1))
    page = coordinator.post(at(team), {"source": source.slug, "files": [big, file("a.ris", ris("Small"))]}, follow=True).content.decode()
    assert "big.ris is larger than 1 MB" in page and Import.objects.get().filename == "a.ris"
    assert "Each file up to 1 MB" in coordinator.get(at(team)).content.decode()


def test_no_file_or_no_source_is_said_beside_the_field(coordinator, team):
    response = coordinator.post(at(team), {"source": "+", "new_name": "", "new_kind": "database"})
    page = response.content.decode()
    assert response.status_code == 422 and "Choose at least one file." in page and "Name the source these files come from" in page
    assert not SearchSource.objects.exists()


def test_what_was_not_read_is_listed_with_line_and_cause(coordinator, team):
    content = ris("Peer support in wards") + b"\nTY  - JOUR\nER  - \n" + b"TY  - JOUR\nTI  - Peers in homes\nPY  - 2021\nER  - \n"
    run = import_file(team, add_source(team), content)
    row = row_of(team, run)
    assert row.tally["read"] == 2 and row.tally["not_read"] == run.unread.count() == 1
    gap = run.unread.get()
    page = coordinator.get(at(team, "import", pk=run.pk)).content.decode()
    assert gap.cause in page.replace("&#x27;", "'") and str(gap.line) in page


def test_nul_bytes_and_odd_names_do_no_harm(team):
    content = ris("Peer\x00 support in wards")
    run, _ = upload(team, add_source(team), content, name="bad\x00name.ris")
    run_all()
    assert row_of(team, run).state == "completed"
    assert "\x00" not in Report.objects.get().title and "\x00" not in Import.objects.get().filename


def test_a_killed_worker_comes_to_the_same_end(team, monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 3)
    content = ris(*[f"Peer support study number {n}" for n in range(10)], "Peer support study number 1", "Peer support study number 2")
    upload(team, add_source(team), content)
    handle = jobs.take(str(Job.objects.get().pk))

    class Dies:
        job = handle.job
        steps = 0

        def step(self, done, total, sentence=""):
            self.steps += 1
            if self.steps == 3:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.read_import(Dies())
    assert 0 < Record.objects.count() < 12 and not reports_of(team.project).exists()
    tally = actions.read_import(handle)
    assert (tally["read"], Record.objects.count()) == (12, 12)
    assert tally["new_reports"] == Report.objects.count() == reports_of(team.project).count()
    assert Placement.objects.count() == 12
    assert actions.read_import(handle) == tally and ImportEvent.objects.count() == 1


def test_a_cancelled_reading_counts_nothing_and_can_be_started_again(coordinator, team):
    run, _ = upload(team, add_source(team), ris("Peer support in wards"))
    jobs.cancel(Job.objects.get())
    assert row_of(team, run).state == "stopped"
    assert "Read it again" in coordinator.get(at(team)).content.decode()
    coordinator.post(at(team, "read-again", pk=run.pk))
    run_all()
    assert row_of(team, run).state == "completed" and reports_of(team.project).count() == 1
    page = coordinator.post(at(team, "read-again", pk=run.pk), follow=True).content.decode()
    assert "read to its end already" in page


def test_a_withdrawn_import_leaves_every_count_and_keeps_its_facts(coordinator, team):
    run = import_file(team, add_source(team), ris("Peer support in wards"))
    refused = coordinator.post(at(team, "withdraw", pk=run.pk), {"reason": " "}, follow=True).content.decode()
    assert "Say why this import is withdrawn" in refused
    page = coordinator.post(at(team, "withdraw", pk=run.pk), {"reason": "The wrong search."}, follow=True).content.decode()
    assert "The wrong search." in page and not reports_of(team.project).exists() and Record.objects.count() == 1
    report = Report.objects.get()
    assert "in no list and no count" in coordinator.get(at(team, "report", pk=report.pk)).content.decode()
    again = coordinator.post(at(team), {"source": run.source.slug, "files": [file("a.ris", ris("Peer support in wards"))]}, follow=True)
    assert "and withdrawn since; nothing was added" in again.content.decode()


def test_progress_comes_alone_when_the_page_asks_for_it(coordinator, team):
    run, _ = upload(team, add_source(team), ris("Peer support in wards"))
    reading = coordinator.get(at(team, "import", pk=run.pk), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in reading and "hx-get" in reading
    run_all()
    done = coordinator.get(at(team, "import", pk=run.pk), headers={"HX-Request": "true"}).content.decode()
    assert "hx-get" not in done and "<dt>new report</dt>" in done


@pytest.mark.parametrize("name", ["ana", "adjudicator", "working_group", "observer"])
def test_others_read_but_do_not_import(client, team, name):
    run = import_file(team, add_source(team), ris("Peer support in wards"))
    client.force_login(getattr(team, name).user)
    page = client.get(at(team)).content.decode()
    assert "Only a coordinator can import search results" in page and 'type="file"' not in page
    assert client.post(at(team), {"source": run.source.slug}).status_code == 403
    assert client.post(at(team, "withdraw", pk=run.pk), {"reason": "x"}).status_code == 403
    assert client.post(at(team, "read-again", pk=run.pk)).status_code == 403


def test_the_page_asks_as_often_for_many_imports_as_for_one(coordinator, team):
    source = add_source(team)
    import_file(team, source, ris("First of them all"))
    coordinator.get(at(team))
    with CaptureQueriesContext(connection) as few:
        coordinator.get(at(team))
    for n in range(6):
        import_file(team, source, ris(f"Peer support number {n}"), name=f"{n}.ris")
    with CaptureQueriesContext(connection) as many:
        coordinator.get(at(team))
    assert len(many) == len(few)


def test_imports_page_by_page(coordinator, team):
    source = add_source(team)
    for n in range(22):
        upload(team, source, ris(f"Peer support number {n}"), name=f"file{n}.ris")
    first = coordinator.get(at(team))
    assert first.context["page"].rows[0].run.filename == "file21.ris" and len(first.context["page"].rows) == 20
    second = coordinator.get(at(team) + first.context["next_url"])
    assert [row.run.filename for row in second.context["page"].rows] == ["file1.ris", "file0.ris"]
    assert coordinator.get(at(team) + "?before=nonsense").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_people_uploading_one_file_at_once_import_it_once(settings, tmp_path):
    team = make_team()
    source, content = add_source(team), ris("Peer support in wards")
    start, found = threading.Barrier(2), []

    def send():
        try:
            start.wait(60)
            found.append(upload(team, source, content))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join(60) for thread in threads]
    assert len({run.pk for run, _ in found}) == 1 and sorted(is_new for _, is_new in found) == [False, True]
    assert Job.objects.count() == 1
    stored = [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert len(stored) == 1 and str(stored[0]).endswith(Import.objects.get().stored_file)
    run_all()
    assert Record.objects.count() == 1


def test_what_is_due_in_the_index_is_looked_up_by_key_whatever_the_statistics_say(team):
    """Gathered while there were few notes, they let the database go through all notes for each record."""
    source, n = add_source(team), 300
    import_file(team, source, ris("First"))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE screening_indexdue, screening_record, screening_placement, screening_reportstage")
    import_file(team, source, ris(*(f"Peers in the town of {k} houses" for k in range(n))), name="second.ris")
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'screening_indexdue'")
        assert cursor.fetchone()[0] < 10 * n


def test_a_file_of_another_project_is_left_alone(team):
    elsewhere = create_project(user=team.outsider, title="Elsewhere", roles=(Role.COORDINATOR,))
    run = import_file(team, add_source(team), ris("Peers"))
    choose = partial(actions.choose_columns, mapping={"a": "title"})
    for act in (actions.read_again, actions.bring_back, choose, partial(actions.withdraw, reason="Wrong file.")):
        with pytest.raises(Refused, match="not in this project"):
            act(by=elsewhere, import_run=run)
