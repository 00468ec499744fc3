"""The summary: what its files hold, and that no word in them can do harm."""

import csv
import io
import zipfile
from datetime import UTC, datetime
from uuid import uuid4

import openpyxl

from extraction.exports import actions
from extraction.exports.bundle import write_bundle
from extraction.exports.sheets import SHEETS, collect
from extraction.exports.sheets.model import Sheet, Source, Table
from extraction.exports.workbook import LONGEST_CELL, write_workbook
from extraction.studies.actions import save_list
from screening.decisions import actions as decisions
from screening.decisions.queries import visible_decisions
from screening.fulltext.models import IncludedReview
from screening.projects.models import Job
from tests.cast import add_source, decide, import_titles
from tests.extraction.conftest import drop
from tests.extraction.exporting import make, opened, words_of

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def test_a_summary_has_every_sheet_and_every_table(team, full):
    job = make(team)
    assert job.state == Job.State.DONE, job.failure_sentence
    workbook, tables = opened(team.ana, job)
    assert workbook.sheetnames == [
        "Read me",
        "PRISMA counts",
        "Searches",
        "Included reviews",
        "Citation matrix",
        "Overlap",
        "Priorities",
        "Decisions",
    ]
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
        "outcomes.csv",
        "priorities.csv",
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
