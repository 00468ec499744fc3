"""An import that is killed, cut off from the database, or overtaken ends as if nothing had happened."""

import io
import threading
import time
import zipfile
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, connections
from django.utils import timezone

from screening.flow.checks import check_project
from screening.projects import jobs
from screening.projects.actions import create_project
from screening.projects.models import Job
from screening.references import actions, batches
from screening.references.actions import matching
from screening.references.models import Import, ImportEvent, Join, Placement, Record, Report
from screening.references.queries import records_identified, reports_of
from tests import worker as workers
from tests.cast import add_source, decide, import_file, make_team
from tests.references.dying import Dies


def upload(team, source, content, name="search.ris"):
    run, _ = actions.upload(by=team.coordinator, source=source, name=name, content=io.BytesIO(content), size=len(content))
    return run, Job.objects.get(args__import=str(run.pk))


def library(n, start=0, note=""):
    """Many small records; every tenth says what the one before it says."""
    entries = []
    for k in range(start, start + n):
        said = k - 1 if k % 10 == 9 else k
        entries.append(
            f"TY  - JOUR\nTI  - Umbrella study number {said} of wards and peers\nAU  - Author{said}, A.\nPY  - {1990 + said % 30}\n"
            f"DO  - 10.1234/many.{said}\nAN  - {k}\n{note}ER  - \n"
        )
    return "\n".join(entries).encode()


def state_of(project):
    """What an import leaves: records and their reports by content, the caches, and what it says of itself."""
    behind = {}
    for title, ordinal, report in Placement.objects.filter(record__project=project).values_list(
        "report__title", "record__ordinal", "report"
    ):
        behind.setdefault((report, title), []).append(ordinal)
    tally = ImportEvent.objects.get(project=project).tally
    return sorted((title, sorted(ordinals)) for (_, title), ordinals in behind.items()), tally, records_identified(project)


def test_killed_at_any_step_it_comes_to_the_same_end(team, monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 4)
    content = library(20)
    coordinator = create_project(user=team.coordinator.user, title="Read in one go")
    whole = SimpleNamespace(coordinator=coordinator, project=coordinator.project)
    import_file(whole, add_source(whole), content)
    run, job = upload(team, add_source(team), content)
    handle, at = jobs.take(str(job.pk)), 0
    while True:
        at += 1
        try:
            actions.read_import(Dies(handle, at))
        except KeyboardInterrupt:
            assert not reports_of(team.project).exists() and records_identified(team.project) == 0
            assert not Report.objects.filter(project=team.project).exists()
            assert check_project(team.project) == []
            continue
        break
    assert at > 7
    assert state_of(team.project) == state_of(whole.project)
    assert actions.read_import(handle) == ImportEvent.objects.get(import_run=run).tally
    assert Join.objects.filter(project=team.project).count() == Record.objects.filter(project=team.project).count() == 20
    assert check_project(team.project) == []


def test_two_imports_matched_at_the_same_moment_share_their_reports(team, monkeypatch):
    one, two = add_source(team), add_source(team, "Embase")
    (_, first), (_, second) = upload(team, one, library(12)), upload(team, two, library(12, start=4))
    once, match = [], matching.match_project

    def overtaken(import_run, *given, **named):
        found = match(import_run, *given, **named)
        if not once:
            once.append(True)
            jobs.run(str(second.pk))
        return found

    monkeypatch.setattr(matching, "match_project", overtaken)
    jobs.run(str(first.pk))
    assert set(Job.objects.values_list("state", flat=True)) == {Job.State.DONE}
    assert Record.objects.count() == 24 and reports_of(team.project).count() == 15 and check_project(team.project) == []


def test_a_report_decided_on_while_the_files_are_matched_is_not_joined_by_the_machine(team, monkeypatch):
    source = add_source(team)
    bare = b"TY  - JOUR\nTI  - Peer support in crisis teams, a systematic review\nAU  - Alder, J.\n%sER  - \n"
    import_file(team, source, bare % b"PY  - 2020\nDO  - 10.1234/a\n")
    import_file(team, source, bare.replace(b"Alder", b"Cedar") % b"PY  - 2020\nDO  - 10.1234/b\n", "b.ris")
    reports = list(Report.objects.all())
    assert len(reports) == 2
    _, job = upload(team, source, bare % b"PY  - 2020\nDO  - 10.1234/a\nJO  - Wards\n", "c.ris")
    plan_held = matching.plan_held

    def decided_meanwhile(found):
        for report in reports:
            decide(team.ana, report, "include")
        return plan_held(found)

    monkeypatch.setattr(matching, "plan_held", decided_meanwhile)
    jobs.run(str(job.pk))
    assert reports_of(team.project).count() == 2 and check_project(team.project) == []


def test_a_failed_or_cancelled_import_leaves_pages_and_counts_alone(client, team, settings, monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 4)
    settings.RECORDS_LIMIT = 10
    client.force_login(team.coordinator.user)
    run, job = upload(team, add_source(team), library(20))
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert job.state == Job.State.FAILED and "10" in job.failure_sentence
    assert records_identified(team.project) == 0 and check_project(team.project) == []
    slug = team.project.slug
    for page in ("", "imports/", f"imports/{run.pk}/", f"imports/{run.pk}/records/", "reports/", "screening/", "duplicates/"):
        assert client.get(f"/p/{slug}/{page}").status_code == 200, page
    settings.RECORDS_LIMIT = 500
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("first half.ris", library(20))
    files = [("searches.zip", packed, packed.tell())]
    packed.seek(0)
    (sent,) = actions.upload_several(by=team.coordinator, source=run.source, files=files)
    again = sent.import_run
    assert sent.is_new and again.readmits == run and Import.objects.count() == 2
    # It is called what it was sent as, in what is listed and in what was just said.
    assert (again.filename, run.filename) == (sent.name, "search.ris") and sent.name == "searches.zip/first half.ris"
    jobs.run(str(Job.objects.latest("created_at").pk))
    assert records_identified(team.project) == 20 and check_project(team.project) == []


def waits_for_a_lock():
    """The server process of whoever waits for a lock of ours."""
    ends = time.monotonic() + workers.PATIENCE
    while time.monotonic() < ends:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
            if found := cursor.fetchone():
                return found[0]
        time.sleep(0.02)
    raise AssertionError("Nobody waits for the lock.")


class Held:
    """A table nobody else writes to while this is open: a second connection holds it."""

    def __init__(self, table):
        self.table = table

    def __enter__(self):
        self.other = connections.create_connection("default")
        self.other.set_autocommit(False)
        self.other.cursor().execute(f"LOCK TABLE {self.table} IN SHARE ROW EXCLUSIVE MODE")

    def __exit__(self, *_):
        self.other.rollback()
        self.other.close()


def sent_again(job):
    """As beat does when the lease has ended."""
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(lease_until=timezone.now() - timedelta(seconds=1))
    jobs.send(job)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_real_worker_killed_and_cut_off_from_the_database_comes_to_the_same_end(settings, tmp_path):
    team = make_team()
    content = library(6000, note=f"N1  - {'long ' * 150}\n")  # as large as is read in a process beside
    assert len(content) > batches.LARGE
    with workers.started(settings, tmp_path / "one.log"):
        run, job = upload(team, add_source(team), content)
        ends = time.monotonic() + workers.PATIENCE
        while not Record.objects.exists() and time.monotonic() < ends:
            time.sleep(0.01)
        with Held("screening_record"):
            killed_with = Record.objects.count()
    assert 0 < killed_with < 6000
    with Held("screening_placement"), workers.started(settings, tmp_path / "two.log"):  # killed while it waits
        sent_again(job)
        waits_for_a_lock()
    assert Record.objects.count() == 6000 and records_identified(team.project) == 0
    with workers.started(settings, tmp_path / "three.log"):
        with Held("screening_placement"):
            sent_again(job)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [waits_for_a_lock()])
        ends = time.monotonic() + workers.PATIENCE
        while not Job.objects.filter(pk=job.pk, lease_until__lte=timezone.now()).exists() and time.monotonic() < ends:
            time.sleep(0.02)
        assert not Report.objects.exists()
        jobs.send(job)
        while not ImportEvent.objects.exists() and time.monotonic() < ends:
            time.sleep(0.05)
    tally = ImportEvent.objects.get(import_run=run).tally
    assert (tally["read"], tally["new_reports"], tally["duplicates"]) == (6000, 5400, 600)
    assert Record.objects.count() == Record.objects.values("ordinal").distinct().count() == Placement.objects.count() == 6000
    assert reports_of(team.project).count() == 5400


@pytest.mark.django_db(transaction=True)
def test_two_people_importing_one_file_at_once_get_one_import(settings):
    team = make_team()
    source, content = add_source(team), library(20)
    start, found = threading.Barrier(2), []

    def send():
        try:
            start.wait(60)
            upload(team, source, content)
            found.append([jobs.run(str(job.pk)) for job in Job.objects.all()])
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    assert len(found) == 2 and Import.objects.count() == Job.objects.count() == ImportEvent.objects.count() == 1
    assert Record.objects.count() == Placement.objects.count() == 20
