"""The flow as of a past moment: to the number what the live page said then, with exactly the lists it had then."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from screening.decisions.models import ReportStage
from screening.decisions.policies.actions import change_policy
from screening.decisions.rules import Policy
from screening.flow.past.looking import server_time
from screening.flow.past.queries import as_of
from screening.flow.past.snapshots import explained
from screening.flow.plain import as_figures
from screening.flow.queries import counts_of, places_counted, places_of, records_in, reports_in
from screening.flow.rules import BOXES, NAMES, RECORD_BOXES
from screening.projects.models import Project
from screening.references import actions as references
from screening.references.models import Record, Report
from tests.cast import add_source, decide, import_file
from tests.flow.histories import World, histories, ris_of


def lists_of(project: Project) -> dict[str, set[Any]]:
    lists = {box: set(reports_in(project, box).values_list("pk", flat=True)) for box in BOXES}
    return lists | {box: set(records_in(project, box).values_list("pk", flat=True)) for box in RECORD_BOXES}


def figures_as_of(project: Project, moment: datetime) -> tuple[dict[str, Any], dict[str, set[Any]]]:
    with as_of(project, moment):
        return as_figures(counts_of(project, places_counted(project))), lists_of(project)


class Undone(Exception):
    """Raised at the end of an example so that its rows are rolled back."""


# No shrinking: every step goes to the database, and a failing history is printed as it was.
@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
@given(history=histories, number=st.integers(0, 1000))
def test_any_past_moment_is_counted_and_explained_as_it_was_then(db, history, number):
    """What the live page said after each step is what is counted for that moment, and every difference is the sum of its lines."""
    with pytest.raises(Undone), transaction.atomic():
        world = World.fresh()
        project, said = world.team.project, []
        world.take(("import", 0, [0, 1, 2, 3]))
        looked_at = {number % len(history), (number * 7) % len(history), len(history) - 1}
        for place, step in enumerate(history):
            world.take(step)
            if place in looked_at:
                said.append((server_time(), as_figures(counts_of(project)), lists_of(project)))
        for moment, figures, lists in said:
            assert figures_as_of(project, moment) == (figures, lists)
        assert places_of(project) == places_counted(project)
        before, after, found = explained(project, said[0][0], said[-1][0])
        assert [one for one in found if not one.explained] == []
        differing = {key for key in NAMES if before.counts[key] != after.counts[key]}
        assert differing <= {one.key for one in found}
        raise Undone


def test_before_the_project_began_there_is_nothing(team, reports):
    figures, lists = figures_as_of(team.project, datetime(1999, 1, 1, tzinfo=UTC))
    assert set(figures["boxes"].values()) == {0} and not figures["sources"]
    assert all(identity["holds"] for identity in figures["identities"])
    assert not any(lists.values())


def test_nothing_of_the_past_is_left_behind(team, reports):
    import_file(team, add_source(team, "Embase"), ris_of([1, 2]))
    before = as_figures(counts_of(team.project)), Report.objects.count(), ReportStage.objects.count()
    with as_of(team.project, datetime(1999, 1, 1, tzinfo=UTC)):
        assert not Report.objects.exists() and not ReportStage.objects.exists()
    assert (as_figures(counts_of(team.project)), Report.objects.count(), ReportStage.objects.count()) == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relpersistence = 't' AND relname LIKE 'screening%%'")
        assert cursor.fetchone() == (0,)


def test_what_breaks_off_inside_leaves_today_as_it_is(team, reports):
    with pytest.raises(ZeroDivisionError), as_of(team.project, server_time()):
        _ = 1 / 0
    assert Report.objects.filter(project=team.project).count() == len(reports)


def test_a_decision_counts_from_when_the_server_recorded_it(team, reports):
    for member in (team.ana, team.ben):
        decide(member, reports[0], "exclude")
    then = server_time()
    decide(team.ana, reports[1], "exclude")
    decide(team.ben, reports[1], "exclude")
    assert counts_of(team.project)["records_excluded"] == 2
    figures, lists = figures_as_of(team.project, then)
    assert figures["boxes"]["records_excluded"] == 1
    assert lists["records_excluded"] == {reports[0].pk}


def lines_between(project: Project, since: datetime, until: datetime, box: str) -> list[tuple[int, str]]:
    (found,) = [one for one in explained(project, since, until)[2] if one.key == box]
    assert found.explained
    return [(line.n, line.cause.key) for line in found.lines]


def test_a_source_imported_again_an_un_merged_report_and_what_was_screened_are_told_apart(team):
    source = add_source(team)
    import_file(team, source, ris_of([1, 2, 3]))
    joined = import_file(team, add_source(team, "Embase"), ris_of([2, 5]))
    then = server_time()
    record = Record.objects.get(import_run=joined, ordinal=Record.objects.filter(import_run=joined).earliest("ordinal").ordinal)
    references.split_record(by=team.coordinator, record=record, reason="Another paper.")
    import_file(team, source, ris_of([6, 7]), name="more.ris")
    report = Report.objects.filter(project=team.project, title__contains="bbbb").first()
    for member in (team.ana, team.ben):
        decide(member, report, "exclude")
    now = server_time()
    assert lines_between(team.project, then, now, "records_identified") == [(2, "import_more")]
    assert lines_between(team.project, then, now, "records_screened") == [(2, "import_more"), (1, "parted")]
    assert lines_between(team.project, then, now, "duplicates") == [(-1, "parted")]
    assert lines_between(team.project, then, now, "records_excluded") == [(1, "decided")]
    withdrawn = server_time()
    references.withdraw(by=team.coordinator, import_run=joined, reason="The wrong file.")
    assert lines_between(team.project, withdrawn, server_time(), "records_identified") == [(-2, "withdrawn")]


def test_what_was_declared_and_removed_is_told(team, reports):
    source = add_source(team, "Scopus")
    then = server_time()
    references.declare_removed(by=team.coordinator, source=source, kind="automation", n=40, where="In EndNote", who="Ana")
    references.remove_reports(by=team.coordinator, report_ids=[reports[0].pk], kind="automation", reason="A letter.")
    found = lines_between(team.project, then, server_time(), "excluded_automatic")
    assert sorted(found) == [(1, "removed"), (40, "declared")]


def test_a_new_policy_is_a_cause(team, reports):
    decide(team.ana, reports[0], "exclude")
    then = server_time()
    change_policy(by=team.coordinator, stage="title_abstract", policy=Policy(required=1), why="Time is short.")
    assert lines_between(team.project, then, server_time(), "records_excluded") == [(1, "policy")]
    assert figures_as_of(team.project, then)[0]["boxes"]["records_excluded"] == 0
