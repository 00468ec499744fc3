"""Files of the flow, of now and of a past moment, and the list of excluded full texts with reasons."""

import csv
import io
import json
from uuid import uuid4

import docx
import pytest
from django.urls import reverse

from screening.flow.files import making
from screening.flow.past import looking
from screening.flow.past.looking import server_time
from screening.fulltext.actions import record_retrieval
from screening.projects import jobs
from screening.projects.access import Denied
from screening.projects.actions import Refused
from screening.projects.models import Job
from screening.protocol.actions import save_criterion
from screening.references.formats import read
from tests.cast import PASSWORD, decide

FIGURES = ("svg", "png", "docx", "csv", "json")
LISTS = ("docx", "csv", "ris")


@pytest.fixture
def excluded(team, reports):
    """One full text excluded for a reason with a sign before it, two included."""
    criterion = save_criterion(by=team.coordinator, values={"label": "=No peers", "text": "No peer workers."})
    for report in reports[:3]:
        for member in (team.ana, team.ben):
            decide(member, report, "include")
        record_retrieval(by=team.ana, report_id=report.pk, status="retrieved")
    for member in (team.ana, team.ben):
        decide(member, reports[0], "exclude", "full_text", failed=[criterion.pk])
        decide(member, reports[1], "include", "full_text")
    return reports[0]


@pytest.fixture
def get(client, team):
    def ask(name: str, who=None, *args, **data):
        client.login(username=(who or team.ana).user.email, password=PASSWORD)
        return client.get(reverse(f"flow:{name}", args=[team.project.slug, *args]), data)

    return ask


@pytest.mark.parametrize("suffix", FIGURES)
def test_the_figure_as_every_kind_of_file(get, team, excluded, suffix):
    answer = get(f"prisma-{suffix}", team.observer)
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="{team.project.slug}-prisma.{suffix}"'
    assert answer.content == get(f"prisma-{suffix}", team.observer).content, "the same bytes for the same counts"


def test_the_document_holds_the_picture_and_every_count(get, team, excluded):
    read_again = docx.Document(io.BytesIO(get("prisma-docx").content))
    counts = {row.cells[0].text: row.cells[1].text for row in read_again.tables[0].rows}
    assert counts["Reports excluded at full text, databases and registers"] == "1" and counts["Reports of included reviews"] == "1"
    assert [[cell.text for cell in row.cells] for row in read_again.tables[1].rows][1] == ["=No peers", "1"]
    assert "Records screened: 4." in read_again.inline_shapes[0]._inline.docPr.get("descr")


def test_the_list_of_excluded_full_texts_names_each_with_its_reason(get, team, excluded):
    (row,) = csv.DictReader(io.StringIO(get("excluded-csv").content.decode("utf-8-sig")))
    assert (row["title"], row["Reason"], row["Found by"]) == (excluded.title, "'=No peers", "Databases and registers")
    words = " ".join(cell.text for table in docx.Document(io.BytesIO(get("excluded-docx").content)).tables for cell in table._cells)
    assert excluded.title.rstrip(".") in words
    ris = get("excluded-ris").content
    assert b"N1  - Excluded at full text: =No peers" in ris
    (record,) = read(ris).records
    assert record.title == excluded.title


@pytest.mark.parametrize("suffix", LISTS)
def test_an_empty_list_is_a_file_too_and_lists_are_exports(get, team, reports, suffix):
    assert get(f"excluded-{suffix}").status_code == 200
    assert get(f"excluded-{suffix}", team.working_group).status_code == 403


def test_files_of_a_past_moment_are_of_that_moment(get, team, reports, excluded):
    then = server_time().isoformat()
    for member in (team.ana, team.ben):
        decide(member, reports[2], "exclude", "full_text", failed=[team.project.criteria.get().pk])
    assert json.loads(get("prisma-json").content)["boxes"]["dbr_excluded"] == 2
    past = json.loads(get("prisma-json", at=then).content)
    assert past["boxes"]["dbr_excluded"] == 1 and past["as_of"]
    assert len(list(csv.DictReader(io.StringIO(get("excluded-csv", at=then).content.decode("utf-8-sig"))))) == 1
    assert b"As of" in get("prisma-svg", at=then).content
    assert get("prisma-svg", at="yesterday").status_code == 302


def test_a_long_list_is_made_by_a_job_for_its_maker_alone(get, client, team, excluded, monkeypatch):
    monkeypatch.setattr(making, "AT_ONCE", 0)
    assert get("excluded-csv").status_code == 302
    assert client.post(reverse("flow:files", args=[team.project.slug]), {"kind": "excluded-csv"}).status_code == 302
    job = Job.objects.get(kind=making.JOB)
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    page = get("files").content.decode()
    assert job.result["files"][0]["name"] in page and "Make the CSV" in page
    kept = b"".join(get("made-file", None, job.pk).streaming_content)
    assert excluded.title.encode() in kept
    assert get("made-file", team.ben, job.pk).status_code == 404


def test_there_is_no_other_kind_of_file(team, reports):
    with pytest.raises(Refused):
        making.ask(by=team.ana, kind="exe", at=None, request_id=uuid4())
    with pytest.raises(Denied):
        making.ask(by=team.observer, kind="excluded-csv", at=None, request_id=uuid4())


def test_a_file_of_a_large_review_s_past_waits_for_its_count(get, client, team, reports, monkeypatch):
    monkeypatch.setattr(looking, "AT_ONCE", 1)
    then = server_time().isoformat()
    assert get("prisma-json", at=then).status_code == 302
    client.post(reverse("flow:files", args=[team.project.slug]), {"kind": "json", "at": then})
    job = Job.objects.get(kind=making.JOB)
    jobs.run(str(job.pk))
    job.refresh_from_db()
    made = json.loads(b"".join(get("made-file", None, job.pk).streaming_content))
    assert made["boxes"]["records_screened"] == len(reports)
