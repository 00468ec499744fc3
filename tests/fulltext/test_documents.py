"""Documents: uploaded many at once, matched, read safely, searched, and served to members alone."""

import io
import resource
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from screening.decisions.highlights.actions import set_terms
from screening.decisions.highlights.rules import Term
from screening.decisions.models import ReportStage
from screening.fulltext.documents import actions, queries
from screening.fulltext.documents.reading import read_pdf
from screening.fulltext.models import Document, DocumentPlacing, DocumentText, Retrieval
from screening.projects import contributions, jobs
from screening.projects.access import Denied
from screening.projects.actions import Refused
from screening.projects.models import Job
from screening.references.actions import join_reports, split_record
from screening.references.models import Record
from tests.cast import decide
from tests.fulltext.pdfs import bomb, pdf_of


@pytest.fixture
def texts(team, reports):
    for report in reports:
        for member in (team.ana, team.ben):
            decide(member, report, "include")
    return reports


def of(report, *more):
    """A PDF that carries a report's DOI and words of its own."""
    return pdf_of([report.title, f"doi:{report.doi}"], [f"Words of {report.title}", *more])


def upload(by, *files, report=None):
    """Keep files (name, bytes) and read them as the worker would."""
    given = [(name, io.BytesIO(data), len(data)) for name, data in files]
    kept, job = actions.keep_documents(by=by, files=given, report_id=report and report.pk)
    if job:
        jobs.run(str(job.pk))
        job.refresh_from_db()
        assert job.state == Job.State.DONE, job.failure_sentence
    return kept, job


def here(report):
    return [one.document.filename for one in queries.documents_of([report.pk]).get(report.pk, [])]


def row(report):
    return ReportStage.objects.get(report=report, stage="full_text")


def at(team, name, *args):
    return reverse(f"fulltext:{name}", args=[team.project.slug, *args])


@pytest.fixture
def browse(client):
    def as_member(member):
        client.force_login(member.user)
        return client

    return as_member


def test_many_files_find_their_reports_and_the_rest_waits_for_a_person(team, texts):
    kept, job = upload(
        team.ana,
        ("a.pdf", of(texts[0])),
        (f"{texts[1].title}.pdf", pdf_of(["Pictures mostly"])),
        ("unknown.pdf", pdf_of(["Something else altogether"])),
        ("notes.pdf", b"Not a PDF at all"),
    )
    assert [one.is_new for one in kept] == [True, True, True, False] and "is not a PDF" in kept[3].refusal
    assert here(texts[0]) == ["a.pdf"] and here(texts[1]) == [f"{texts[1].title}.pdf"]
    assert [one.filename for one in queries.unplaced(team.project)] == ["unknown.pdf"]
    assert job.result == {"documents": 3, "placed": 2, "to_place": 1, "without_words": 0}
    assert [row(report).retrieval for report in texts] == ["retrieved", "retrieved", "sought", "sought"]
    fact = Retrieval.objects.get(report=texts[0])
    assert (fact.by, fact.detail) == (team.ana, "Uploaded: a.pdf, placed by the DOI in it.")
    waits = {item.label: item.count for item in contributions.waiting_for(team.ana)}
    assert waits["document to place"] == 1 and waits["full texts to obtain"] == 2


def test_the_same_file_is_kept_once_and_a_job_runs_twice_without_harm(team, texts):
    data = of(texts[0])
    _, job = upload(team.ana, ("a.pdf", data))
    kept, again = upload(team.ben, ("copy.pdf", data))
    assert Document.objects.count() == 1 and not kept[0].is_new and again is None
    Job.objects.filter(pk=job.pk).update(state=Job.State.WAITING)
    jobs.run(str(job.pk))
    assert DocumentPlacing.objects.count() == 1 and Retrieval.objects.count() == 1


def test_a_file_is_judged_by_its_content_and_its_size(team, texts, settings):
    settings.DOCUMENT_LIMIT_MB = 1
    kept, _ = upload(
        team.ana,
        ("page.pdf", b"<html><script>alert(1)</script></html>"),
        ("huge.pdf", b"%PDF-1.4" + b"0" * 1024 * 1024),
        ("empty.pdf", b""),
        ("../../etc/no extension", of(texts[0])),
    )
    assert "is not a PDF" in kept[0].refusal and "larger than 1 MB" in kept[1].refusal and "is not a PDF" in kept[2].refusal
    assert kept[3].document.filename == "no extension"


def test_a_second_document_for_a_report_waits_to_be_placed_by_hand(team, texts):
    upload(team.ana, ("a.pdf", of(texts[0])))
    upload(team.ana, ("supplement.pdf", of(texts[0], "Supplement")))
    (waiting,) = queries.unplaced(team.project)
    assert waiting.filename == "supplement.pdf"
    assert DocumentText.objects.get(document=waiting).guesses[0]["report"] == str(texts[0].pk)
    actions.place(by=team.ben, document=waiting, report_id=texts[0].pk)
    assert here(texts[0]) == ["supplement.pdf", "a.pdf"]


def test_taken_away_needs_a_reason_and_keeps_the_file_and_its_facts(team, texts):
    upload(team.ana, ("a.pdf", of(texts[0])))
    document = Document.objects.get()
    with pytest.raises(Refused, match="Say why"):
        actions.take_away(by=team.ana, document=document, reason=" ")
    actions.take_away(by=team.ana, document=document, reason="The accepted manuscript; the article follows.")
    assert here(texts[0]) == [] and list(queries.unplaced(team.project)) == []
    assert default_storage.exists(document.stored_file) and DocumentPlacing.objects.count() == 2
    told = [entry.what for entry in contributions.history_of("report", team.observer, texts[0]) if "Document" in entry.what]
    assert told == ["Document placed by the DOI in it: a.pdf.", "Document taken away: a.pdf."]
    actions.place(by=team.ana, document=document, report_id=texts[1].pk)
    assert here(texts[1]) == ["a.pdf"]


def test_a_document_follows_the_record_it_was_placed_with(team, texts):
    keep, other = texts[:2]
    upload(team.ana, ("b.pdf", of(other)), report=other)
    record = Record.objects.get(placement__report=other)
    join_reports(by=team.coordinator, keep=keep, other=other, reason="One report.")
    assert here(keep) == ["b.pdf"] and row(keep).retrieval == "retrieved"
    new = split_record(by=team.coordinator, record=record, reason="Two reports.")
    assert here(keep) == [] and here(new) == ["b.pdf"]


def test_only_who_obtains_full_texts_uploads_places_or_takes_away(team, texts):
    upload(team.ana, ("a.pdf", of(texts[0])))
    document = Document.objects.get()
    for member in (team.adjudicator, team.working_group, team.observer):
        for act in (
            lambda member=member: upload(member, ("x.pdf", of(texts[1]))),
            lambda member=member: actions.place(by=member, document=document, report_id=texts[1].pk),
            lambda member=member: actions.take_away(by=member, document=document, reason="x"),
        ):
            with pytest.raises(Denied):
                act()


def test_nothing_is_placed_with_a_report_that_is_not_at_full_text(team, reports):
    with pytest.raises(Refused, match="not at full text"):
        upload(team.ana, ("a.pdf", of(reports[0])), report=reports[0])
    upload(team.ana, ("a.pdf", of(reports[0])))
    assert [one.filename for one in queries.unplaced(team.project)] == ["a.pdf"]


def test_words_are_found_within_a_document_and_across_the_list(team, texts):
    upload(team.ana, ("a.pdf", of(texts[0], "Volunteers did the work.")), ("b.pdf", of(texts[1], "Paid workers did it.")))
    document = next(one.document for one in queries.documents_of([texts[0].pk])[texts[0].pk])
    (hit,) = queries.hits_in(document, "volunteers")
    assert hit.n == 2 and ("Volunteers", True) in hit.parts and queries.hits_in(document, "   ") == []
    assert queries.hits_in(document, "nowhere") == []
    found = [pk for (pk,) in queries.reports_with_words(team.project, '"did the work"').values_list("anchor__placement__report")]
    assert found == [texts[0].pk]


def test_the_pages_show_search_and_say_what_is_where(browse, team, texts):
    upload(team.ana, ("a.pdf", of(texts[0], "Volunteers did the work.")), ("lost.pdf", pdf_of(["Nobody knows"])))
    document = Document.objects.get(filename="a.pdf")
    client = browse(team.ben)
    page = client.get(at(team, "assess", texts[0].pk)).content.decode()
    assert "data-viewer" in page and at(team, "document-file", document.pk) in page and "Placed by the DOI in it" in page
    found = client.get(at(team, "document-search", document.pk), {"q": "volunteers"}).content.decode()
    assert "<mark>Volunteers</mark>" in found and "Page 2" in found
    listed = client.get(at(team, "list"), {"list": "assess", "q": "volunteers"})
    assert [line["report"] for line in listed.context["rows"]] == [texts[0]]
    nothing = client.get(at(team, "list"), {"list": "assess", "q": "zebra"}).content.decode()
    assert "No document in this list has a page with these words." in nothing
    waiting = client.get(at(team, "documents"), {"find": "wards"}).content.decode()
    assert "lost.pdf" in waiting and "up to 50 MB" in waiting and texts[1].title in waiting


def test_files_are_uploaded_and_placed_in_the_browser_without_scripts(browse, team, texts):
    client = browse(team.ana)
    files = [
        SimpleUploadedFile("one.pdf", of(texts[0])),
        SimpleUploadedFile("two.pdf", pdf_of(["Unknown"])),
        SimpleUploadedFile("x.pdf", b"x"),
    ]
    answer = client.post(at(team, "documents"), {"files": files}, follow=True)
    page = answer.content.decode()
    assert "2 documents were uploaded." in page and "x.pdf is not a PDF" in page and "?job=" in answer.redirect_chain[0][0]
    jobs.run(str(Job.objects.get(kind="documents").pk))
    unknown = Document.objects.get(filename="two.pdf")
    client.post(at(team, "place-document", unknown.pk), {"report": str(texts[2].pk)})
    assert here(texts[2]) == ["two.pdf"]
    client.post(at(team, "place-document", unknown.pk), {"report": "", "reason": "Not ours."})
    assert here(texts[2]) == []
    client.post(at(team, "upload-here", texts[3].pk), {"files": [SimpleUploadedFile("three.pdf", pdf_of(["Three"]))]})
    assert here(texts[3]) == ["three.pdf"]
    empty = client.post(at(team, "documents"), {})
    assert empty.status_code == 422 and "Choose at least one file" in empty.content.decode()


def test_the_file_reaches_members_alone_and_nothing_in_it_can_run(team, texts):
    upload(team.ana, ('od"d\r\nname.pdf', of(texts[0])))
    document = Document.objects.get()
    address = at(team, "document-file", document.pk)
    client = Client()
    assert client.get(address).status_code == 302
    client.force_login(team.outsider)
    assert client.get(address).status_code == 404
    client.force_login(team.working_group.user)
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == of(texts[0])
    headers = answer.headers
    assert headers["Content-Type"] == "application/pdf" and headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert headers["Content-Disposition"].startswith("attachment") and "\n" not in headers["Content-Disposition"]
    assert "no-store" in headers["Cache-Control"] and headers["X-Frame-Options"] == "DENY"
    assert client.get(at(team, "document-file", uuid4())).status_code == 404


def test_a_document_of_another_project_is_not_found(team, texts):
    from screening.projects.actions import create_project

    upload(team.ana, ("a.pdf", of(texts[0])))
    other = create_project(user=team.ana.user, title="Another review")
    client = Client()
    client.force_login(team.ana.user)
    for name in ("document-file", "document-search", "document-marks"):
        assert client.get(reverse(f"fulltext:{name}", args=[other.project.slug, Document.objects.get().pk])).status_code == 404


def test_a_part_of_the_file_can_be_asked_for(browse, team, texts):
    upload(team.ana, ("a.pdf", of(texts[0])))
    document, data = Document.objects.get(), of(texts[0])
    address, client = at(team, "document-file", document.pk), browse(team.ana)
    part = client.get(address, headers={"Range": "bytes=5-9"})
    assert (part.status_code, part.content, part["Content-Range"]) == (206, data[5:10], f"bytes 5-9/{len(data)}")
    assert client.get(address, headers={"Range": f"bytes={len(data)}-"}).status_code == 416
    whole = client.get(address, headers={"Range": "bytes=0-3", "If-Range": '"another"'})
    assert whole.status_code == 200 and len(b"".join(whole.streaming_content)) == len(data)


def test_a_file_that_is_gone_from_the_store_says_so(browse, team, texts):
    upload(team.ana, ("a.pdf", of(texts[0])))
    document = Document.objects.get()
    default_storage.delete(document.stored_file)
    assert browse(team.ana).get(at(team, "document-file", document.pk)).status_code == 404
    jobs.run(str(actions.read_again(by=team.ana, document=document).pk))
    text = DocumentText.objects.get()
    assert text.state == "failed" and "not in the server's store" in text.sentence


def test_the_team_s_words_are_given_as_they_stand_in_the_document(browse, team, texts):
    upload(team.ana, ("a.pdf", of(texts[0], "PAID Workers, not volunteers.")))
    set_terms(by=team.coordinator, terms=[Term("include", "paid worker"), Term("exclude", "volunteer*")])
    marks = browse(team.ana).get(at(team, "document-marks", Document.objects.get().pk)).json()
    assert marks == {"include": ["paid workers"], "exclude": ["volunteers"]}


def reading(tmp_path: Path, data: bytes, **limits):
    path = tmp_path / "file.pdf"
    path.write_bytes(data)
    return read_pdf(path, **{"seconds": 20, "megabytes": 1024, **limits})


def test_the_words_of_each_page_are_read(tmp_path):
    found = reading(tmp_path, pdf_of(["First page", "two lines"], ["Second (page)"], title="A title"))
    assert found.pages == 2 and found.title == "A title" and found.sentence == ""
    assert "First page" in found.texts[1] and "two lines" in found.texts[1] and "Second (page)" in found.texts[2]


@pytest.mark.parametrize(
    "data", [b"%PDF-1.4\nnothing more", b"%PDF-1.7\n" + b"\xff" * 5000, b"", pdf_of(["x"])[:200]], ids=["bare", "noise", "empty", "cut"]
)
def test_damaged_files_end_in_a_sentence(tmp_path, data):
    found = reading(tmp_path, data)
    assert not found.has_words and (found.sentence.endswith(".") or found.pages == 0)


def test_a_file_that_grows_when_it_is_opened_is_stopped_and_harms_nobody(tmp_path):
    begun = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = reading(tmp_path, bomb(600), seconds=5, megabytes=300)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - begun.ru_utime
    assert not found.has_words and spent < 7


def test_a_picture_without_words_is_told_apart_from_a_failure(team, texts):
    upload(team.ana, ("scan.pdf", pdf_of([])))
    text = DocumentText.objects.get()
    assert (text.state, text.pages) == ("empty", 1) and "pictures without words" in text.sentence


def test_the_api_takes_places_searches_and_serves_documents(client, team, texts):
    client.force_login(team.ana.user)
    api = f"/api/v1/projects/{team.project.slug}/documents/"
    files = [SimpleUploadedFile("a.pdf", of(texts[0], "Volunteers did it.")), SimpleUploadedFile("x.pdf", b"no")]
    sent = client.post(api, {"files": files})
    assert sent.status_code == 202 and [bool(one["refusal"]) for one in sent.json()["results"]] == [False, True]
    jobs.run(sent.json()["job"])
    (row,) = client.get(api).json()["results"]
    assert (row["report"], row["placed"], row["state"], row["pages"]) == (str(texts[0].pk), "doi", "read", 2)
    one = f"{api}{row['id']}/"
    assert client.get(one).json() == row
    assert client.get(f"{one}words/", {"q": "volunteers"}).json()["results"][0]["page"] == 2
    assert client.get(f"{one}file/", headers={"Range": "bytes=0-4"}).content == b"%PDF-"
    away = client.post(f"{one}placing/", {"report": None, "reason": "Wrong file."}, content_type="application/json")
    assert away.json()["report"] is None and client.get(api, {"report": str(texts[0].pk)}).json()["results"] == []
    refused = client.post(f"{one}placing/", {"report": None}, content_type="application/json")
    assert refused.status_code == 400 and "Say why" in refused.content.decode()
    client.force_login(team.outsider)
    assert client.get(f"{one}file/").status_code == 404
