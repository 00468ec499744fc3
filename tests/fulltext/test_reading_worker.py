"""A real worker reads documents, and one that is killed in the middle leaves nothing half done."""

import io
import time

import pytest

from screening.fulltext.actions import record_retrieval
from screening.fulltext.documents import actions, queries
from screening.fulltext.models import DocumentPage, DocumentPlacing, DocumentText
from screening.projects.models import Job
from screening.projects.tasks import resend_jobs
from tests.cast import decide, import_titles, make_team
from tests.fulltext.pdfs import pdf_of
from tests.worker import PATIENCE, started

pytestmark = pytest.mark.slow


def waited(job):
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        job.refresh_from_db()
        if job.is_over:
            return job
        resend_jobs()
        time.sleep(0.5)
    raise AssertionError(f"{job.state}: {job.sentence}")


@pytest.fixture
def texts(transactional_db):
    team = make_team()
    reports = import_titles(team, *(f"A made-up review of peer support, number {n} of several" for n in range(6)))
    for report in reports:
        for member in (team.ana, team.ben):
            decide(member, report, "include")
    record_retrieval(by=team.ana, report_id=reports[0].pk, status="sought", way="library")
    return team, reports


def upload(team, reports):
    files = []
    for n, report in enumerate(reports):
        data = pdf_of(*([[report.title, f"doi:{report.doi}"], *([f"Line {n} of page {m}"] * 30 for m in range(120))]))
        files.append((f"{n}.pdf", io.BytesIO(data), len(data)))
    return actions.keep_documents(by=team.ana, files=files)[1]


def test_a_worker_reads_and_places_what_was_uploaded(texts, settings, tmp_path):
    team, reports = texts
    with started(settings, tmp_path / "worker.log"):
        job = waited(upload(team, reports))
    assert job.state == Job.State.DONE and job.result["placed"] == 6, job.failure_sentence
    assert DocumentPage.objects.count() == 6 * 121 and list(queries.unplaced(team.project)) == []


def test_a_worker_that_is_killed_leaves_each_document_whole_or_unread(texts, settings, tmp_path):
    team, reports = texts
    with started(settings, tmp_path / "first.log"):
        job = upload(team, reports)
        ends = time.monotonic() + PATIENCE
        while not DocumentText.objects.filter(state="read").exists() and time.monotonic() < ends:
            time.sleep(0.02)
    # Killed here. What was read is whole; a document that was not is as if nobody had touched it.
    for text in DocumentText.objects.all():
        assert DocumentPage.objects.filter(document=text.document_id).count() == (121 if text.state == "read" else 0)
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(lease_until=None, lease_key=None, state=Job.State.WAITING)
    with started(settings, tmp_path / "second.log"):
        job = waited(job)
    assert job.state == Job.State.DONE and DocumentPlacing.objects.count() == 6
    assert set(DocumentText.objects.values_list("state", flat=True)) == {"read"}
