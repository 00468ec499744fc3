"""Records removed before screening: with a reason, put back at any time, and declared where it was done elsewhere."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from screening.decisions.queries import next_for
from screening.flow.queries import counts_of
from screening.projects.access import Denied
from screening.projects.actions import Refused
from screening.protocol.actions import save_source
from screening.references import actions
from screening.references.models import DeclaredRemoval, Placement, Record, Removal, Report
from screening.references.queries import declared_in_force
from screening.references.queries.finding import Asked
from screening.references.removing import Behind, InForce, removed_as
from screening.references.views.reports import list_context
from tests.cast import add_source, decide, import_file, ris
from tests.references.removing import declare, put_back, remove, removed, sound

pytestmark = pytest.mark.django_db


def test_a_removed_report_leaves_the_queue_and_stands_in_its_box(team, reports):
    done = remove(team, reports[0], kind="automation")
    assert (done.n, done.sentences) == (1, [])
    counts = counts_of(team.project)
    assert (counts["excluded_automatic"], counts["excluded_other"], counts["records_screened"]) == (1, 0, 3)
    assert counts["records_identified"] == 4
    assert reports[0].pk not in next_for(team.ana, "title_abstract")
    with pytest.raises(Refused, match="removed before screening"):
        decide(team.ana, reports[0], "include")
    sound(team.project)


def test_it_can_be_put_back_at_any_time_and_removed_again(team, reports):
    for _ in range(2):
        remove(team, reports[0])
        assert removed(reports[0]) == ["other"]
        put_back(team, reports[0])
        assert removed(reports[0]) == [""]
        assert reports[0].pk in next_for(team.ana, "title_abstract")
    assert [fact.kind for fact in Removal.objects.order_by("seq")] == ["other", None, "other", None]
    sound(team.project)


def test_what_somebody_has_decided_on_stays_alike_for_every_answer(team, reports):
    decide(team.ana, reports[0], "include")
    decide(team.ana, reports[1], "exclude")
    decide(team.ana, reports[2], "maybe")
    decide(team.ana, reports[2], None)
    for report in reports[:3]:
        done = remove(team, report)
        assert done.n == 0 and done.sentences == [
            f"“{report.title}”: somebody has decided already, so this stays in screening. Exclude at the desk instead."
        ]
    assert removed(*reports[:3]) == ["", "", ""]


def test_of_many_those_that_can_be_are_removed_and_the_others_told_in_one_sentence_each(team, reports):
    decide(team.ana, reports[0], "include")
    decide(team.ana, reports[1], "include")
    import_file(team, add_source(team, "Citations", "citation"), ris("Found by citation alone"), name="c.ris")
    other = Report.objects.get(title="Found by citation alone")
    done = remove(team, *reports, other)
    assert done.n == 2 and len(done.sentences) == 2
    assert any(sentence.startswith("2 reports (") for sentence in done.sentences)
    assert any("other methods only" in sentence for sentence in done.sentences)
    assert remove(team, reports[2]).sentences == [f"“{reports[2].title}”: removed already."]
    sound(team.project)


@pytest.mark.parametrize(("kind", "reason"), [("other", "  "), ("whim", "Because."), ("", "Because.")])
def test_a_removal_needs_its_box_and_its_reason(team, reports, kind, reason):
    with pytest.raises(Refused):
        remove(team, reports[0], kind=kind, reason=reason)
    assert not Removal.objects.exists()


def test_only_a_coordinator_removes(team, reports):
    for member in (team.ana, team.adjudicator, team.working_group, team.observer):
        with pytest.raises(Denied):
            actions.remove_reports(by=member, report_ids=[reports[0].pk], kind="other", reason="Because.")
        with pytest.raises(Denied):
            actions.put_back(by=member, report_ids=[reports[0].pk], reason="Because.")


def test_reports_of_another_project_are_nothing_to_it(team, reports):
    with pytest.raises(Refused, match="at least one report of this project"):
        actions.remove_reports(by=team.coordinator, report_ids=[uuid4()], kind="other", reason="Because.")


def test_a_removal_is_never_changed_or_deleted(team, reports):
    remove(team, reports[0])
    for change in (lambda: Removal.objects.update(reason="Another."), lambda: Removal.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def join(team, keep, other):
    actions.join_reports(by=team.coordinator, keep=keep, other=other, reason="One paper.")


@pytest.mark.parametrize("removed_first", [True, False])
def test_joined_to_one_that_was_kept_it_stays_in_and_parted_it_is_removed_again(team, reports, removed_first):
    gone, kept = (reports[0], reports[1]) if removed_first else (reports[1], reports[0])
    remove(team, gone)
    record = Placement.objects.get(report=gone).record
    join(team, kept, gone)
    assert removed(kept) == [""]
    sound(team.project)
    new = actions.split_record(by=team.coordinator, record=record, reason="Another paper.")
    assert removed(new, kept) == ["other", ""]
    # It was never placed at a stage, and has its place in the list all the same.
    found = list_context(team.coordinator, Asked.of(QueryDict("stands=removed")))
    assert [row["report"].pk for row in found["rows"]] == [new.pk]
    sound(team.project)


def test_kept_into_removed_stays_in_too(team, reports):
    remove(team, reports[0])
    join(team, reports[0], reports[1])
    assert removed(reports[0]) == [""]
    sound(team.project)


def test_two_removed_ones_joined_are_one_removed_report(team, reports):
    remove(team, reports[0], kind="automation")
    remove(team, reports[1], kind="other")
    join(team, reports[0], reports[1])
    counts = counts_of(team.project)
    assert removed(reports[0]) == ["other"]
    assert (counts["duplicates"], counts["excluded_other"], counts["excluded_automatic"]) == (1, 1, 0)
    sound(team.project)
    put_back(team, reports[0])
    assert removed(reports[0]) == [""]
    sound(team.project)


def test_what_was_decided_while_it_was_joined_keeps_it_in_screening(team, reports):
    remove(team, reports[0])
    record = Placement.objects.get(report=reports[0]).record
    join(team, reports[1], reports[0])
    decide(team.ana, reports[1], "include")
    new = actions.split_record(by=team.coordinator, record=record, reason="Another paper.")
    # The decision was made on the first record of the two: it went with the one that was removed, or stayed.
    first = Record.objects.filter(placement__report__in=[new, reports[1]]).order_by("seq").first()
    assert removed(new) == ["" if first.pk == record.pk else "other"]
    sound(team.project)


def test_found_again_by_another_search_it_stays_removed(team, reports):
    remove(team, reports[0])
    import_file(team, add_source(team, "Embase"), ris(reports[0].title), name="again.ris")
    assert Placement.objects.filter(report=reports[0]).count() == 2
    assert removed(reports[0]) == ["other"]
    counts = counts_of(team.project)
    assert (counts["duplicates"], counts["excluded_other"]) == (1, 1)
    sound(team.project)


def test_a_withdrawn_file_takes_its_report_out_of_every_box_and_leaves_the_removal_in_force(team):
    source, embase = add_source(team), add_source(team, "Embase")
    first = import_file(team, source, ris("Peer support in crisis teams"))
    report = Report.objects.get()
    remove(team, report)
    second = import_file(team, embase, ris("Peer support in crisis teams"), name="again.ris")
    actions.withdraw(by=team.coordinator, import_run=first, reason="The wrong file.")
    assert removed(report) == ["other"] and counts_of(team.project)["excluded_other"] == 1
    actions.withdraw(by=team.coordinator, import_run=second, reason="The wrong file too.")
    assert removed(report) == [""] and counts_of(team.project)["records_identified"] == 0
    sound(team.project)


A, B, C, D = (uuid4() for _ in range(4))


@pytest.mark.parametrize(
    ("removals", "behind", "wanted"),
    [
        ([], [Behind(A, 1, False)], ""),
        ([InForce(A, "other", frozenset({A}))], [Behind(A, 1, False)], "other"),
        # A record an import put there afterwards says nothing; one that was there before and not covered was kept.
        ([InForce(A, "other", frozenset({A}))], [Behind(A, 1, False), Behind(B, 2, False)], "other"),
        ([InForce(A, "other", frozenset({A}))], [Behind(B, 1, False), Behind(A, 2, True)], ""),
        ([InForce(A, "other", frozenset({A}))], [Behind(A, 1, False), Behind(B, 2, True)], ""),
        (
            [InForce(A, "automation", frozenset({A})), InForce(B, "other", frozenset({B}))],
            [Behind(A, 1, False), Behind(B, 2, True)],
            "other",
        ),
    ],
)
def test_the_rule(removals, behind, wanted):
    assert removed_as(removals, behind) == wanted


records = st.integers(0, 5).map(lambda n: (A, B, C, D, A, B)[n])


@given(
    covers=st.lists(st.sets(records, min_size=1), min_size=1, max_size=3),
    others=st.lists(st.tuples(records, st.integers(1, 50), st.booleans()), max_size=6, unique_by=lambda one: one[0]),
)
def test_a_report_all_of_whose_records_were_covered_is_always_removed(covers, others):
    removals = [InForce(sorted(cover, key=str)[0], "other", frozenset(cover)) for cover in covers]
    behind = {one.anchor: Behind(one.anchor, 7, True) for one in removals}
    behind |= {record: Behind(record, joined, moved) for record, joined, moved in others if any(record in cover for cover in covers)}
    assert removed_as(removals, list(behind.values())) == "other"


# Declared


def test_what_was_removed_elsewhere_adds_to_identified_and_removed_alike(team, reports):
    source = team.project.sources.get()
    before = counts_of(team.project)
    declare(team, source, n=7)
    declare(team, source, kind="automation", n=2)
    declare(team, source, kind="other", n=1)
    counts = counts_of(team.project)
    assert counts["records_identified"] == before["records_identified"] + 10
    assert (counts["duplicates"], counts["excluded_automatic"], counts["excluded_other"]) == (7, 2, 1)
    assert counts["records_screened"] == before["records_screened"]
    assert counts.without_list == {
        "records_identified": 10,
        "database_results": 10,
        "removed_before_screening": 10,
        "duplicates": 7,
        "excluded_automatic": 2,
        "excluded_other": 1,
    }
    (line,) = counts.sources
    assert (line.n, line.declared) == (14, 10)
    sound(team.project)


def test_a_declaration_is_taken_back_once_and_stays_on_record(team):
    source = add_source(team)
    fact = declare(team, source)
    actions.take_back_declaration(by=team.coordinator, declared=fact)
    assert list(declared_in_force(team.project)) == [] and DeclaredRemoval.objects.count() == 2
    with pytest.raises(Refused, match="already"):
        actions.take_back_declaration(by=team.coordinator, declared=fact)
    assert counts_of(team.project)["records_identified"] == 0


def test_the_kind_a_source_had_when_it_was_declared_decides_the_column(team):
    source = add_source(team, "A place", "database")
    declare(team, source, n=3)
    save_source(by=team.coordinator, source=source, name="A place", kind="website")
    declare(team, source, n=4)
    counts = counts_of(team.project)
    assert (counts["database_results"], counts["website_results"]) == (3, 4)
    assert (counts["duplicates"], counts["other_already_found"]) == (3, 4)
    sound(team.project)


@pytest.mark.parametrize(
    "wrong", [{"n": 0}, {"n": 10**9}, {"kind": "mood"}, {"source": "citation", "kind": "automation"}, {"where": " "}, {"who": ""}]
)
def test_what_cannot_be_declared_is_refused(team, wrong):
    source = add_source(team, "A source", wrong.pop("source", "database"))
    with pytest.raises(Refused):
        actions.declare_removed(
            by=team.coordinator, source=source, **{"kind": "duplicates", "n": 1, "where": "There", "who": "Me", **wrong}
        )
    assert not DeclaredRemoval.objects.exists()
