"""The summary: what its files hold, for whom, and that no word in them can do harm."""

import csv
import io
import zipfile
from datetime import UTC, datetime
from uuid import uuid4

import openpyxl
import pytest
from django.urls import reverse

from extraction.exports import actions
from extraction.exports.bundle import write_bundle
from extraction.exports.queries import file_of, files_for, page_of_exports
from extraction.exports.sheets import SHEETS, collect
from extraction.exports.sheets.model import Sheet, Source, Table
from extraction.exports.workbook import LONGEST_CELL, write_workbook
from extraction.forms.actions import save_extraction
from extraction.studies.actions import save_list
from screening.decisions import actions as decisions
from screening.decisions.queries import visible_decisions
from screening.fulltext.models import IncludedReview
from screening.projects import jobs
from screening.projects.access import Denied
from screening.projects.actions import set_roles
from screening.projects.models import Job, Role
from tests.cast import add_source, decide, import_titles
from tests.extraction.conftest import drop

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
STUDY = "Elm J (2014). Peer support in wards: a trial. Demo J. doi:10.1234/a"


@pytest.fixture
def full(team, reviews):
    """Three included reviews, one extracted, two with lists; one title in conflict, one open."""
    save_extraction(by=team.ana, review=reviews[0], values={"design": "scoping", "studies": 24, "population": "Adults"})
    save_list(by=team.ana, review=reviews[0], text=STUDY)
    save_list(by=team.ana, review=reviews[1], text=f"{STUDY}\nFir L (2016). Family peer work at home. Demo J.")
    conflict, opened = import_titles(team, "Conflicting title here", "Open title here")
    decide(team.ana, conflict, "include", note="ana-thinks-yes")
    decide(team.ben, conflict, "exclude", note="ben-thinks-no")
    decide(team.ana, opened, "include", note="ana-alone")
    return reviews


def make(team, by=None):
    job = actions.ask(by=by or team.ana, request_id=uuid4())
    jobs.run(str(job.pk))
    job.refresh_from_db()
    return job


def opened(member, job):
    """(workbook, {file name: rows}) of an export."""
    from django.core.files.storage import default_storage

    book, bundle, *_told = files_for(member, job)
    with default_storage.open(book.path) as raw:
        workbook = openpyxl.load_workbook(io.BytesIO(raw.read()))
    with default_storage.open(bundle.path) as raw, zipfile.ZipFile(io.BytesIO(raw.read())) as files:
        tables = {name: list(csv.reader(io.StringIO(files.read(name).decode("utf-8-sig")))) for name in files.namelist()}
    return workbook, tables


def words_of(workbook):
    return "\n".join(str(cell.value) for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value is not None)


def test_a_summary_has_every_sheet_and_every_table(team, full):
    job = make(team)
    assert job.state == Job.State.DONE, job.failure_sentence
    workbook, tables = opened(team.ana, job)
    assert workbook.sheetnames == ["Read me", "PRISMA counts", "Searches", "Included reviews", "Citation matrix", "Overlap", "Decisions"]
    assert set(tables) == {
        "read_me.csv",
        "assumptions.csv",
        "contents.csv",
        "prisma_boxes.csv",
        "prisma_sources.csv",
        "prisma_removed.csv",
        "prisma_removed_elsewhere.csv",
        "prisma_reasons.csv",
        "prisma_identities.csv",
        "prisma_s.csv",
        "known_reviews.csv",
        "known_reviews_by_source.csv",
        "included_reviews.csv",
        "citation_matrix.csv",
        "overlap_figure.csv",
        "overlap_frequency.csv",
        "overlap_pairs.csv",
        "decisions.csv",
        "notes.csv",
    }
    assert ["Made by", "Ana"] in tables["read_me.csv"]
    assert [row[0] for row in tables["contents.csv"][1:]] == workbook.sheetnames


def test_the_sheets_hold_what_the_pages_say(team, full):
    _, tables = opened(team.ana, make(team))
    boxes = {row[0]: row[2] for row in tables["prisma_boxes.csv"]}
    assert (boxes["new_studies"], boxes["new_reports"], boxes["title_open"], boxes["primary_studies"]) == ("3", "3", "2", "2")
    assert all(row[0] == "yes" for row in tables["prisma_identities.csv"][1:])
    reviews = [dict(zip(tables["included_reviews.csv"][0], row, strict=True)) for row in tables["included_reviews.csv"][1:]]
    assert [(row["Design of the review"], row["Included studies"], row["Extracted by"]) for row in reviews] == [
        ("Scoping review", "24", "Ana"),
        ("", "", ""),
        ("", "", ""),
    ]
    assert [row[3:] for row in tables["citation_matrix.csv"][1:]] == [["2", "1", "1"], ["1", "0", "1"]]
    figure = dict(tables["overlap_figure.csv"][1:])
    assert (figure["Reviews with a list (c)"], figure["CCA, adjusted for what is set aside"]) == ("2", "0.5")
    assert tables["overlap_pairs.csv"][1][2:5] == ["1", "2", "0"]
    assert any("Left out, because no study is listed" in row[1] for row in tables["notes.csv"])


def test_what_was_removed_and_what_was_searched_is_told(team, full):
    from screening.references.actions import add_known, declare_removed, remove_reports
    from screening.references.models import Report

    source = team.project.sources.first()
    removed = import_titles(team, "A letter to somebody, removed", source=add_source(team, "Embase"))[0]
    remove_reports(by=team.coordinator, report_ids=[removed.pk], kind="other", reason="A letter.")
    declare_removed(by=team.coordinator, source=source, kind="duplicates", n=4, where="In EndNote", who="A librarian")
    add_known(by=team.coordinator, text="A letter to somebody, removed\n10.5555/missed.by.all")
    workbook, tables = opened(team.ana, make(team))
    assert tables["prisma_removed.csv"][1][:4] == [removed.title, "Removed for other reasons", "A letter.", "Coordinator"]
    assert tables["prisma_removed_elsewhere.csv"][1][2:6] == ["Duplicates", "4", "In EndNote", "A librarian"]
    boxes = {row[0]: row[2:] for row in tables["prisma_boxes.csv"]}
    assert boxes["excluded_other"] == ["1", "0"] and boxes["duplicates"][1] == "4"
    assert all(row[0] == "yes" for row in tables["prisma_identities.csv"][1:])
    assert len(tables["prisma_s.csv"]) == 4 and "word for word" in tables["prisma_s.csv"][0][6]
    assert [row[5] for row in tables["known_reviews.csv"][1:]] == ["found", "missed"]
    assert ["Embase", "1", "1", "2"] in tables["known_reviews_by_source.csv"]
    assert "A letter." in words_of(workbook)
    assert Report.objects.get(pk=removed.pk).removed == "other"


def test_decisions_are_listed_for_settled_stages_only(team, full):
    for member in (team.ana, team.ben, team.coordinator, team.adjudicator):
        workbook, tables = opened(member, make(team, by=member))
        text = words_of(workbook) + str(tables)
        for secret in ("ana-thinks-yes", "ben-thinks-no", "ana-alone", "Conflicting title", "Open title"):
            assert secret not in text
        rows = tables["decisions.csv"][1:]
        assert len(rows) == 3 * 2 * 2
        assert {(row[3], row[5], row[10]) for row in rows} == {("Ana", "Include", "Included"), ("Ben", "Include", "Included")}


def test_two_worlds_that_differ_in_unsettled_decisions_give_the_same_decisions_sheet(team, full):
    def sheet():
        return [
            table.rows for one in collect(Source(team.project, team.coordinator, NOW)) if one.name == "Decisions" for table in one.tables
        ]

    before = sheet()
    for report in import_titles(team, "Another open title", "And one more title"):
        decide(team.ben, report, "exclude", note="hidden")
    assert sheet() == before


def test_a_ruling_stands_beside_the_decisions_it_settled(team, full):
    conflict = team.project.reports.get(title="Conflicting title here")
    decisions.reveal(by=team.adjudicator, report_id=conflict.pk, stage="title_abstract")
    seen = visible_decisions(team.adjudicator, [conflict.pk])
    decisions.resolve(
        by=team.adjudicator,
        report_id=conflict.pk,
        stage="title_abstract",
        outcome="exclude",
        why="A primary study.",
        on=[one.id for one in seen],
        resolution_id=uuid4(),
    )
    _, tables = opened(team.coordinator, make(team, by=team.coordinator))
    rows = [row for row in tables["decisions.csv"] if row[0] == "Conflicting title here"]
    assert [(row[3], row[9], row[10], row[12], row[14]) for row in rows] == [
        ("Ana", "ana-thinks-yes", "Excluded", "Adjudicator", "A primary study."),
        ("Ben", "ben-thinks-no", "Excluded", "Adjudicator", "A primary study."),
    ]


def test_a_decision_changed_or_taken_back_is_listed_and_does_not_stand(team, full):
    report = import_titles(team, "Changed title here")[0]
    decide(team.ana, report, "exclude")
    decide(team.ana, report, "include")
    decide(team.ben, report, "include")
    _, tables = opened(team.ana, make(team))
    rows = [row for row in tables["decisions.csv"] if row[0] == "Changed title here"]
    assert [(row[3], row[5], row[6]) for row in rows] == [("Ana", "Exclude", "no"), ("Ana", "Include", "yes"), ("Ben", "Include", "yes")]


def test_a_review_excluded_later_drops_out_of_every_sheet(team, full):
    drop(team, full[0])
    _, tables = opened(team.ana, make(team))
    assert len(tables["included_reviews.csv"]) == 3
    assert tables["citation_matrix.csv"][0][4:] == [full[1].label]
    assert dict(tables["overlap_figure.csv"][1:])["CCA, adjusted for what is set aside"] == ""
    assert any("Overlap is undefined" in row[1] for row in tables["notes.csv"])


EVIL = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    '=HYPERLINK("http://example.org","x")',
    "{=1+1}",
    "http://example.org/x",
    "mailto:x@example.org",
]


def table(*rows, **more):
    return [Sheet("Words", "Test", [Table("words", "Words", ("=A", "B"), rows, **more)])]


def test_no_word_becomes_a_formula_a_link_or_a_number(tmp_path):
    path = tmp_path / "x.xlsx"
    write_workbook(path, table(*[(word, "12") for word in EVIL]), as_of=NOW, title="=T", author="@A")
    sheet = openpyxl.load_workbook(path)["Words"]
    for number, word in enumerate(EVIL, start=2):
        cell = sheet.cell(number, 1)
        assert (cell.data_type, cell.hyperlink) == ("s", None)
        assert cell.value.strip().removeprefix("_x000D_") == word.strip()
        assert sheet.cell(number, 2).data_type == "s"
    with zipfile.ZipFile(path) as parts:
        page = parts.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in page and "hyperlink" not in page


def test_no_cell_of_the_bundle_begins_a_formula(tmp_path):
    path = tmp_path / "x.zip"
    write_bundle(path, table(*[(word, -5) for word in EVIL], notes=["=note"]), as_of=NOW)
    with zipfile.ZipFile(path) as files:
        for name in files.namelist():
            raw = files.read(name)
            assert raw.startswith(b"\xef\xbb\xbf")
            for row in csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")):
                assert not [cell for cell in row if cell[:1] in tuple("=+@\t\r")]
        rows = list(csv.reader(io.StringIO(files.read("words.csv").decode("utf-8-sig"), newline="")))
    assert rows[1] == ["'=1+1", "-5"]


def test_titles_with_formulas_go_all_the_way_through_safely(team, full):
    IncludedReview.objects.filter(pk=full[0].pk).update(label="=cmd|' /C calc'!A0")
    save_list(by=team.ana, review=full[2], text="author,year,title\n@SUM(1),2014,=1+1 peers in wards and homes")
    workbook, tables = opened(team.ana, make(team))
    for sheet in workbook:
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink]
    assert "=cmd|' /C calc'!A0" in words_of(workbook)
    for rows in tables.values():
        assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+@\t\r")]


def test_what_a_cell_cannot_hold_is_cut_or_left_out_and_said(tmp_path):
    path = tmp_path / "x.xlsx"
    write_workbook(
        path,
        table(("x" * 40_000, "a\x00b\x08c\ufffed"), (None, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))),
        as_of=NOW,
        title="T",
        author="A",
    )
    sheet = openpyxl.load_workbook(path)["Words"]
    assert len(sheet["A2"].value) == LONGEST_CELL
    assert sheet["A2"].value.endswith("the CSV bundle has it whole]")
    assert sheet["B2"].value == "abcd"
    assert sheet["B3"].value == datetime(2026, 1, 2, 3, 4, 5)


def test_the_same_facts_and_moment_give_the_same_bytes(team, full, tmp_path):
    made = []
    for n in range(2):
        sheets = collect(Source(team.project, team.ana, NOW))
        actions.write_files(tmp_path / f"{n}.xlsx", tmp_path / f"{n}.zip", sheets, NOW, team.project, team.ana)
        made.append(((tmp_path / f"{n}.xlsx").read_bytes(), (tmp_path / f"{n}.zip").read_bytes()))
    assert made[0] == made[1]
    assert b"2026-03-04" in zipfile.ZipFile(tmp_path / "0.xlsx").read("docProps/core.xml")


def test_every_sheet_has_the_same_shape():
    assert len({module.NAME for module in SHEETS}) == len(SHEETS)
    for module in SHEETS:
        assert len(module.NAME) <= 31 and not set(module.NAME) & set("[]:*?/\\")
        assert module.ABOUT.endswith(".")
        assert callable(module.tables)


def test_an_empty_project_has_a_summary_too(team):
    _, tables = opened(team.ana, make(team))
    assert len(tables["included_reviews.csv"]) == 1
    assert len(tables["decisions.csv"]) == 1


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
