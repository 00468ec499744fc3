"""Reports written while their file is read: the end is the same, and before the end nothing is seen of them."""

import io
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from screening.flow.checks import check_project
from screening.projects import jobs
from screening.projects.actions import create_project
from screening.projects.models import Job
from screening.references import actions, batches
from screening.references.actions import early, matching
from screening.references.models import ImportEvent, Join, Placement, ProposedPair, Record, Report
from screening.references.queries import records_identified
from tests.cast import add_source, make_team
from tests.references.dying import Dies

pytestmark = pytest.mark.django_db(transaction=True)


def entry(title, **fields):
    said = {"AU": "Alder, J.", "PY": "2020", "JO": "Wards", "VL": "3", "SP": "5", "EP": "9"} | fields
    return f"TY  - JOUR\nTI  - {title}\n" + "".join(f"{tag}  - {value}\n" for tag, value in said.items() if value) + "ER  - \n"


WORDS = """peer support workers wards recovery crisis trials costs nurses homes schools sleep exercise falls pain stroke
asthma hearing vision cancer memory housing music reading walking""".split()  # noqa: SIM905 (a list of words reads better so)


def title(n):
    """A title of its own: in those much alike matching sees versions of one review."""
    return " ".join(random.Random(n).sample(WORDS, 9)).capitalize()


def of(n):
    return entry(title(n), DO=f"10.1234/many.{n}", SP=f"{n}01", EP=f"{n}09")


def shouted(n):
    """The same again, as another database prints it: one time in two with an abstract."""
    return entry(title(n).upper(), SP=f"{n}01", EP=f"{n}09", AB="Aims and results." if n % 2 else "")


def misprinted(n):
    """The same again, which only a close look finds: no DOI, and another title letter by letter."""
    return entry(title(n).replace("s ", " ", 1), SP=f"{n}01", EP=f"{n}09")


# With four records in a batch: beside each other, in another batch, found by a close look alone; and one that cannot be read.
EMPTY = "TY  - JOUR\nER  - \n"
FIRST = [of(1), shouted(1), of(2), of(3), of(4), of(5), shouted(2), misprinted(3), of(6), shouted(2), EMPTY, of(7)]
SECOND = [of(20), of(6), shouted(7), misprinted(4), of(21), shouted(20), misprinted(21), of(22)]
FILES = {"first.ris": "".join(FIRST).encode(), "second.ris": "".join(SECOND).encode()}
PLACE = ("record__import_run__filename", "record__ordinal")


def upload(team, source, content, name):
    run, _ = actions.upload(by=team.coordinator, source=source, name=name, content=io.BytesIO(content), size=len(content))
    return run, Job.objects.get(args__import=str(run.pk))


def state_of(project):
    """What is there, by content: of each report what it shows, its records, its places; and what each import said."""
    reports = {}
    for report in Report.objects.filter(project=project):
        behind = Placement.objects.filter(report=report).order_by("record__seq").values_list(*PLACE)
        places = list(report.stages.values_list("stage", "status", "suspended"))
        shown = (report.title, report.authors, report.doi, report.pages, report.year, report.column, report.title_key)
        reports[tuple(behind)] = shown, places
    joins = sorted(Join.objects.filter(project=project).values_list(*PLACE, "certainty", "reason"))
    pairs = sorted(ProposedPair.objects.filter(project=project).values_list("first__ordinal", "second__ordinal", "kind", "waits"))
    return reports, joins, pairs, [event.tally for event in ImportEvent.objects.filter(project=project).order_by("seq")]


@pytest.fixture
def two_projects(monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 4)
    team = make_team()
    yield team, create_project(user=team.coordinator.user, title="Early")


def imported(by, monkeypatch, *, large):
    monkeypatch.setattr(batches, "LARGE", 1 if large else 1 << 60)
    team = type("Team", (), {"coordinator": by, "project": by.project})
    source = add_source(team)
    for name, content in FILES.items():
        _, job = upload(team, source, content, name)
        jobs.run(str(job.pk))
        job.refresh_from_db()
        assert job.state == Job.State.DONE
    return state_of(by.project)


def test_early_or_late_the_import_is_the_same(two_projects, monkeypatch):
    team, other = two_projects
    gone, again, take_away, show = [], [], early.Early.take_away, early.show_others
    monkeypatch.setattr(
        early.Early, "take_away", lambda self, founders: gone.append(set(self.report_of) - set(founders)) or take_away(self, founders)
    )
    monkeypatch.setattr(matching, "show_others", lambda shown: again.append(list(shown)) or show(again[-1]))
    late = imported(team.coordinator, monkeypatch, large=False)
    assert not gone and not any(again)
    said = len(again)
    assert imported(other, monkeypatch, large=True) == late
    # Else the sameness would say nothing of what was taken away, and of what gained a record.
    assert any(gone) and any(again[said:])
    for project in (team.project, other.project):
        assert check_project(project) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM screening_indexdue WHERE report_id NOT IN (SELECT id FROM screening_report)")
        assert cursor.fetchone() == (0,)


def test_killed_at_any_step_nothing_is_seen_and_the_end_is_the_same(two_projects, monkeypatch):
    team, other = two_projects
    late = imported(other, monkeypatch, large=False)
    monkeypatch.setattr(batches, "LARGE", 1)
    source, at = add_source(team), 0
    for name, content in FILES.items():
        before = Report.objects.filter(project=team.project).count()
        counted = records_identified(team.project)
        _, job = upload(team, source, content, name)
        handle = jobs.take(str(job.pk))
        for at in range(1, 20):
            try:
                actions.read_import(Dies(handle, at))
            except KeyboardInterrupt:
                assert (Report.objects.filter(project=team.project).count(), records_identified(team.project)) == (before, counted)
                continue
            break
        assert 4 < at < 19
    assert state_of(team.project) == late
    assert check_project(team.project) == []


def test_of_a_file_that_cannot_be_read_to_its_end_only_that_is_kept(two_projects, monkeypatch, settings):
    team, _ = two_projects
    monkeypatch.setattr(batches, "LARGE", 1)
    settings.RECORDS_LIMIT = 9
    monkeypatch.setattr("screening.references.formats._MARKS", {})  # else it is seen before one is read
    _, job = upload(team, add_source(team), FILES["first.ris"], "first.ris")
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert job.state == Job.State.FAILED and "first.ris" in job.failure_sentence
    assert ImportEvent.objects.get().kind == ImportEvent.Kind.FAILED
    assert Record.objects.count() == 8 and not Report.objects.exists() and check_project(team.project) == []


def test_what_a_person_parts_between_early_places_and_the_end_is_matched_with(two_projects, monkeypatch):
    team, other = two_projects
    monkeypatch.setattr(batches, "LARGE", 1 << 60)

    def began(by):
        source = add_source(type("Team", (), {"coordinator": by, "project": by.project}))
        for name, content in FILES.items():
            _, job = upload(type("Team", (), {"coordinator": by}), source, content, name)
            if name == "first.ris":
                jobs.run(str(job.pk))
        return job

    def part(by):
        try:
            printed_again = Record.objects.get(project=by.project, import_run__filename="first.ris", ordinal=2)
            actions.split_record(by=by, record=printed_again, reason="Another edition.")
        finally:
            connection.close()

    late, soon = began(other), began(team.coordinator)
    part(other)
    jobs.run(str(late.pk))
    go_on, parted = early.Early.go_on, []

    def a_person_parts_meanwhile(self):
        go_on(self)
        with ThreadPoolExecutor(1) as thread:
            thread.submit(part, team.coordinator).result(timeout=60)
        parted.append(len(self.joined))

    monkeypatch.setattr(batches, "LARGE", 1)
    monkeypatch.setattr(early.Early, "go_on", a_person_parts_meanwhile)
    jobs.run(str(soon.pk))
    assert parted[0]
    assert state_of(team.project) == state_of(other.project)
    assert check_project(team.project) == []
