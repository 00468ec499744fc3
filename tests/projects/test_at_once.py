"""Two at once in the first room: who holds a job and for whom its result is, and projects made at the same moment."""

import io
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from screening.flow.checks import check_project
from screening.projects import contributions, jobs
from screening.projects.actions import create_project
from screening.projects.models import Job
from screening.references import actions as references
from screening.references.actions import imports as importing
from screening.references.models import ImportEvent, Record
from tests.cast import add_source, make_team, make_user, ris
from tests.decisions.test_races import at_once


def test_what_work_came_to_is_for_whoever_asked_for_it(client, team):
    job = Job.objects.create(
        project=team.project, kind="summary_export", idempotency_key="one", asked_by=team.ana, state=Job.State.DONE, result={"files": ["x"]}
    )
    said = {}
    for name in ("ana", "ben", "coordinator"):
        client.force_login(team.members[name].user)
        said[name] = client.get(f"/api/v1/projects/{team.project.slug}/jobs/{job.pk}/").json()["result"]
    assert said == {"ana": {"files": ["x"]}, "ben": {}, "coordinator": {}}


@pytest.mark.django_db(transaction=True)
def test_two_projects_with_one_title_at_the_same_moment_get_addresses_of_their_own():
    users = [make_user(name) for name in ("one", "two", "three")]
    made_now = at_once(*(lambda user=user: create_project(user=user, title="Peer support") for user in users))
    assert {one.project.slug for one in made_now} == {"peer-support", "peer-support-2", "peer-support-3"}


def made(team, run, monkeypatch) -> Job:
    monkeypatch.setitem(contributions._jobs, "slow", run)
    return Job.objects.create(project=team.project, kind="slow", idempotency_key="one", asked_by=team.coordinator)


def run_out(job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


@pytest.mark.django_db(transaction=True)
def test_a_step_longer_than_the_lease_keeps_it(monkeypatch):
    monkeypatch.setattr(jobs, "HEARTBEAT", timedelta(seconds=0.05))
    taken = []

    def run(handle):
        run_out(handle.job)  # as when the step has taken as long as that
        ends = time.monotonic() + 60
        while Job.objects.filter(pk=handle.job.pk, lease_until__lt=timezone.now()).exists() and time.monotonic() < ends:
            time.sleep(0.01)
        taken.append(jobs.take(str(handle.job.pk)))
        return {"made": True}

    job = made(make_team(), run, monkeypatch)
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert (taken, job.state, job.result, job.attempt) == ([None], Job.State.DONE, {"made": True}, 1)


@pytest.mark.django_db(transaction=True)
def test_a_runner_that_lost_its_lease_does_not_renew_it(monkeypatch):
    job = made(make_team(), lambda handle: {}, monkeypatch)
    lost = jobs.take(str(job.pk))
    run_out(job)
    held = jobs.take(str(job.pk))
    assert not lost.renew() and held.renew()
    with pytest.raises(jobs.Stopped):
        lost.step(1, 2)


@pytest.mark.django_db(transaction=True)
def test_an_import_whose_lease_was_lost_before_its_end_is_ended_by_the_other_alone(monkeypatch):
    team = make_team()
    content = ris("One review", "Two reviews", "Three reviews")
    run, _ = references.upload(by=team.coordinator, source=add_source(team), name="a.ris", content=io.BytesIO(content), size=len(content))
    job = Job.objects.get(kind="import")
    lost, whole = jobs.take(str(job.pk)), importing._complete
    others = []

    def meanwhile(handle, *rest):
        """Just before the first worker lets the records count, another takes the job over and is still reading."""
        run_out(job)
        others.append(jobs.take(str(job.pk)))
        return whole(handle, *rest)

    monkeypatch.setattr(importing, "_complete", meanwhile)
    with pytest.raises(jobs.Stopped):
        references.read_import(lost)
    assert not ImportEvent.objects.exists()
    monkeypatch.setattr(importing, "_complete", whole)
    assert references.read_import(others[0])["read"] == 3
    assert (Record.objects.count(), ImportEvent.objects.count()) == (3, 1)
    assert check_project(team.project) == []
    assert run.events.get().kind == "completed"


@pytest.mark.django_db(transaction=True)
def test_records_another_worker_kept_in_the_meantime_are_passed_over(monkeypatch):
    team = make_team()
    content = ris("One review", "Two reviews", "Three reviews")
    references.upload(by=team.coordinator, source=add_source(team), name="a.ris", content=io.BytesIO(content), size=len(content))
    job, whole = Job.objects.get(kind="import"), importing._keep

    def twice(import_run, batch):
        whole(import_run, batch)
        whole(import_run, batch)

    monkeypatch.setattr(importing, "_keep", twice)
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, Record.objects.count()) == (Job.State.DONE, 3)
