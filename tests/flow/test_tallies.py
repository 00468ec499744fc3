"""Tallies of reports and stages follow every change, are summed up, and can be checked; boxes are paged from either end."""

from itertools import pairwise

import pytest

from screening.decisions.models import ReportStage, Stage, Standing
from screening.decisions.queries import open_at, progress_by_stage
from screening.flow import checks
from screening.flow.lists import paging
from screening.flow.lists.paging import page_of_box, page_of_records
from screening.flow.queries import counts_of, records_in, reports_in
from screening.flow.rules import LISTS, RECORD_BOXES
from screening.fulltext.actions import record_retrieval
from screening.references.actions import index
from screening.references.index import ReportCard, Tally
from screening.references.models import Placement, Report
from screening.references.queries.tallies import differing_tallies, reports_tallied, stages_tallied
from tests.cast import add_source, decide, import_file


def ris(*numbers: int) -> bytes:
    """Reports that are known by their DOI."""
    entries = [
        f"TY  - JOUR\nTI  - Report number {n:02} about peers\nAU  - Birch, M.\nPY  - 2020\nDO  - 10.1234/peers.{n}\nER  - \n"
        for n in numbers
    ]
    return "\n".join(entries).encode()


@pytest.fixture
def screened(team):
    """Titles from a database, one report of another method; some settled, one at full text."""
    import_file(team, add_source(team), ris(*range(12)))
    import_file(team, add_source(team, "Embase"), ris(5, 6, 7))
    import_file(team, add_source(team, "A website", kind="website"), ris(2, 99))
    reports = list(Report.objects.filter(project=team.project, column="databases").order_by("title_key"))
    for report in reports[:3]:
        decide(team.ana, report, "exclude")
        decide(team.ben, report, "exclude")
    decide(team.ana, reports[3], "include")
    decide(team.ben, reports[3], "include")
    decide(team.ana, reports[4], "include")
    decide(team.ben, reports[4], "exclude")
    return reports


def test_what_is_tallied_is_what_is_there(team, screened):
    assert differing_tallies(team.project) == []
    assert reports_tallied(team.project) == {("databases", ""): 12, ("other", ""): 1}
    titles = {at.status: at.n for at in stages_tallied(team.project) if at.stage == Stage.TITLE_ABSTRACT}
    assert titles == {"open": 7, "conflict": 1, "exclude": 3, "include": 1}
    assert open_at(team.project, Stage.TITLE_ABSTRACT) == 8
    progress = progress_by_stage(team.project)
    assert (progress[Stage.TITLE_ABSTRACT].settled, progress[Stage.FULL_TEXT].total) == (4, 2)


def test_notes_are_summed_up_and_nothing_is_lost(team, screened, monkeypatch):
    before, notes = stages_tallied(team.project), Tally.objects.filter(project_id=team.project.pk).count()
    monkeypatch.setattr(index, "NOTES", 5)
    index.bring_up(team.project)
    assert Tally.objects.filter(project_id=team.project.pk).count() < notes
    assert sorted(map(repr, stages_tallied(team.project))) == sorted(map(repr, before))
    assert differing_tallies(team.project) == []


def test_a_tally_that_is_off_is_found_and_mended(team, screened):
    Tally.objects.create(project_id=team.project.pk, what="stage", key="title_abstract|open|||", n=3)
    (difference,) = [one for one in index.differences(team.project) if one.what == "tally of stages"]
    assert (difference.id, difference.cached, difference.facts) == ("title_abstract|open|||", 10, 7)
    index.rebuild(team.project)
    assert differing_tallies(team.project) == []


def test_rows_that_go_leave_the_tally(team, screened):
    ReportStage.objects.filter(project=team.project, stage=Stage.FULL_TEXT).delete()
    assert differing_tallies(team.project) == []
    assert all(at.stage == Stage.TITLE_ABSTRACT for at in stages_tallied(team.project))


@pytest.mark.parametrize("often", [0, 101])
def test_a_box_is_paged_alike_from_all_titles_and_from_the_few(team, screened, monkeypatch, often):
    """0: always on the way through all titles; 101: never."""
    monkeypatch.setattr(paging, "OFTEN", often)
    record_retrieval(by=team.coordinator, report_id=screened[3].pk, status="retrieved")
    for box in LISTS:
        wanted = list(reports_in(team.project, box).order_by("title_key", "id").values_list("pk", flat=True))
        page = page_of_box(team.project, box, size=2)
        seen, pages = [row.pk for row in page.rows], [page]
        while page.after:
            page = page_of_box(team.project, box, after=page.after, size=2)
            pages.append(page)
            seen += [row.pk for row in page.rows]
        assert seen == wanted, box
        for earlier, later in pairwise(pages):
            assert page_of_box(team.project, box, before=later.before, size=2).rows == earlier.rows
        assert not pages[0].before
    counts = counts_of(team.project)
    for box in RECORD_BOXES:
        wanted = set(records_in(team.project, box).values_list("pk", flat=True))
        first = page = page_of_records(team.project, box, counts[box], size=2)
        seen = [row.pk for row in page.rows]
        while page.after:
            page = page_of_records(team.project, box, counts[box], after=page.after, size=2)
            seen += [row.pk for row in page.rows]
        assert set(seen) == wanted and len(seen) == len(wanted) == counts[box], box
        assert page_of_records(team.project, box, counts[box], after="nonsense~", size=2).rows == first.rows
    assert page_of_box(team.project, "title_open", after="nonsense").rows == page_of_box(team.project, "title_open").rows


def test_a_card_that_lags_behind_its_sources_or_its_place_is_found(team, screened):
    index.catch_up(team.project)
    assert index.differences(team.project) == []
    wrong = screened[0]
    ReportCard.objects.filter(pk=wrong.pk).update(sources=[])
    ReportCard.objects.filter(pk=screened[1].pk).update(places=["stands:included"])
    found = {(one.what, one.id) for one in index.differences(team.project)}
    assert found == {
        ("card in the list of reports", str(wrong.pk)),
        ("places of a card in the list of reports", str(screened[1].pk)),
    }
    index.rebuild(team.project)
    assert index.differences(team.project) == []


def test_stages_are_checked_in_batches_and_each_difference_is_named(team, screened, monkeypatch):
    monkeypatch.setattr(checks, "BATCH", 3)
    assert checks.check_project(team.project) == []
    ReportStage.objects.filter(report=screened[0], stage=Stage.TITLE_ABSTRACT).update(status="open", primary_reason=None)
    Standing.objects.filter(report=screened[4]).delete()
    found = {(one.what, one.id) for one in checks.check_stages(team.project)}
    at = f"{screened[0].pk} title_abstract"
    assert ("status of a stage", at) in found and ("standing answers", f"{screened[4].pk} title_abstract") in found
    assert {place for _, place in found} == {at, f"{screened[4].pk} title_abstract"}


def test_a_record_that_stands_elsewhere_than_it_was_put_is_found(team, screened):
    placement = Placement.objects.get(record=screened[0].placements.get().record)
    Placement.objects.filter(pk=placement.pk).update(report=screened[1])
    (difference,) = checks.check_placements(team.project)
    assert (difference.id, difference.cached, difference.facts) == (str(placement.pk), str(screened[1].pk), str(screened[0].pk))
