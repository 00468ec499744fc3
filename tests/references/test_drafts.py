"""What an import writes without reading it back is what the database would have given back."""

import gc
import io
import uuid

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.flow.checks import check_project
from screening.projects import jobs
from screening.projects.models import Job
from screening.references import actions, batches
from screening.references.actions import imports as import_actions
from screening.references.actions import matching
from screening.references.copying import as_json, copy_lines, escaped
from screening.references.cycles import seldom_looked_for
from screening.references.drafts import REPORT, Drafts, drafted, entry_of
from screening.references.models import Import, Record, Report
from screening.references.showing import SHOWN_COLUMNS, shown_values
from tests.cast import add_source, import_file

TEXT = st.text(st.one_of(st.sampled_from('ab \\\t\n\r"{},N.\x1f\u2028é\x00\ud800'), st.characters()), max_size=12)
PARSED = st.fixed_dictionaries(
    dict.fromkeys(("title", "journal", "volume", "doi", "abstract", "kind", "language", "url"), TEXT)
    | {"authors": st.lists(TEXT, max_size=3), "keywords": st.lists(TEXT, max_size=3), "year": st.none() | st.integers(-9, 40000)}
)


def upload(team, source, content, name="search.ris"):
    run, _ = actions.upload(by=team.coordinator, source=source, name=name, content=io.BytesIO(content), size=len(content))
    return run, Job.objects.get(args__import=str(run.pk))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PARSED, min_size=1, max_size=4))
def test_a_report_written_from_its_draft_shows_what_its_record_says(team, said):
    """Backslashes, tabs, line ends, quotes, braces and what no database takes: each comes back as it went in, or marked."""
    kept = {uuid.uuid4(): as_json(parsed)[1] for parsed in said}
    drafts, now = Drafts(), timezone.now()
    drafts.add([entry_of(key, parsed) for key, parsed in kept.items()], "".join(drafted(one)[0] for one in kept.values()).encode())
    report_of = {key: uuid.uuid4() for key in kept}
    copy_lines(Report, REPORT, drafts.reports(report_of.get, team.project.pk, "databases", now))
    for key, parsed in kept.items():
        report, shown = Report.objects.get(pk=report_of[key]), shown_values([parsed])
        assert {name: getattr(report, name) for name in SHOWN_COLUMNS} == shown
        assert (report.project_id, report.column, report.created_at, report.removed) == (team.project.pk, "databases", now, "")
    drafts.close()


def test_fields_of_a_line_are_parted_by_tabs_alone():
    assert escaped(("a\tb", "c\\d\n")) == "a\\tb\tc\\\\d\\n"
    assert escaped(("a\x1fb", "c")) == "a\x1fb\tc"
    assert escaped(("\\N", "")) == "\\\\N\t"


def test_only_the_records_asked_for_are_written_and_large_files_wait_on_disk(monkeypatch):
    from screening.references import drafts as module

    monkeypatch.setattr(module, "HELD", 100)
    drafts, keys = Drafts(), [uuid.uuid4() for _ in range(500)]
    for start in range(0, 500, 50):
        said = {key: {"title": str(key)} for key in keys[start : start + 50]}
        drafts.add([entry_of(key, parsed) for key, parsed in said.items()], "".join(drafted(one)[0] for one in said.values()).encode())
    wanted = {key: uuid.uuid4() for key in keys[::3]}
    lines = b"".join(drafts.reports(wanted.get, uuid.uuid4(), "other", timezone.now())).decode().splitlines()
    assert [line.split("\t")[0] for line in lines] == [report.hex for report in wanted.values()]
    assert all(str(key) in line for key, line in zip(wanted, lines, strict=True))
    drafts.close()


ODD = (
    'TY  - JOUR\nTI  - A backslash \\ and a tab\there\nAU  - O\'Brien \\N, "A."\nPY  - 2020\n'
    "AB  - {braces}, \u2028 and\u0000 nothing\nER  - \n"
    "TY  - JOUR\nTI  - Second study of wards and peers\nAU  - Alder, J.\nPY  - 2020\nDO  - 10.1234/a\nER  - \n"
    "TY  - JOUR\nTI  - SECOND STUDY OF WARDS AND PEERS\nAU  - Alder, J.\nPY  - 2020\nDO  - 10.1234/a\nER  - \n"
).encode()


@pytest.mark.parametrize("broken_off", [False, True])
def test_read_in_one_attempt_or_two_the_import_is_the_same(team, monkeypatch, broken_off):
    monkeypatch.setattr(batches, "BATCH", 1)
    given_drafts, match = [], matching.match_project
    monkeypatch.setattr(matching, "match_project", lambda run, tick, drafts: given_drafts.append(drafts) or match(run, tick, drafts))
    run, job = upload(team, add_source(team), ODD)
    if broken_off:
        keep, left = import_actions._keep, [2]

        def dies(*args):
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt
            return keep(*args)

        monkeypatch.setattr(import_actions, "_keep", dies)
        with pytest.raises(KeyboardInterrupt):
            jobs.run(str(job.pk))
        assert Record.objects.count() == 2
        monkeypatch.setattr(import_actions, "_keep", keep)
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now())
    jobs.run(str(job.pk))
    # What was kept by an earlier attempt is taken from the database: it may have been read by another version.
    assert (given_drafts == [None]) is broken_off
    assert Record.objects.count() == 3 and Report.objects.count() == 2 and check_project(team.project) == []
    first = Report.objects.get(title__startswith="A backslash")
    assert first.title == "A backslash \\ and a tab here" and first.authors == ['O\'Brien \\N, "A."']
    assert Import.objects.get(pk=run.pk).records.get(ordinal=1).raw.startswith("TY  - JOUR\nTI  - A backslash \\ and a tab\there\n")


def test_records_that_came_in_while_a_file_was_read_stand_in_their_order(team, monkeypatch):
    """Another import ends between this one's reading and matching: which record is first is told by the database alone."""
    source, other = add_source(team), add_source(team, "Embase")
    content = ODD.replace(b"10.1234/a", b"10.1234/b")
    once, match = [], matching.match_project

    def overtaken(*args):
        if not once:
            once.append(True)
            import_file(team, other, ODD, "other.ris")
        return match(*args)

    monkeypatch.setattr(matching, "match_project", overtaken)
    run, job = upload(team, source, content)
    jobs.run(str(job.pk))
    assert Record.objects.count() == 6 and check_project(team.project) == []
    firsts = set(run.records.values_list("joins__certainty", flat=True)) | {""}
    assert Job.objects.get(pk=job.pk).state == Job.State.DONE and "certain" in firsts


def test_cycles_are_looked_for_as_before_once_an_import_is_over(team):
    before = gc.get_threshold()
    run, job = upload(team, add_source(team), ODD)
    jobs.run(str(job.pk))
    assert gc.get_threshold() == before and run.events.exists()
    with pytest.raises(RuntimeError), seldom_looked_for():
        assert gc.get_threshold()[0] > before[0]
        raise RuntimeError
    assert gc.get_threshold() == before


def test_of_several_at_once_the_last_puts_back_what_the_first_found():
    """Whoever ends first: two imports in two threads."""
    before = gc.get_threshold()
    first, second = seldom_looked_for(), seldom_looked_for()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert gc.get_threshold()[0] > before[0]
    second.__exit__(None, None, None)
    assert gc.get_threshold() == before
