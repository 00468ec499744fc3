"""Everything that waits for somebody says for which role and since when, and the moment tells nothing of what is blind."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from screening.decisions.conflicts import actions as conflicts
from screening.decisions.models import Decision, ReportStage
from screening.decisions.pilots.actions import start_round
from screening.decisions.queries import decisions_in_force
from screening.fulltext.actions import record_retrieval
from screening.fulltext.documents.actions import keep_documents
from screening.fulltext.models import Document
from screening.projects import contributions, jobs
from screening.projects.actions import set_roles
from screening.projects.models import Job, Membership, Role
from screening.protocol.actions import add_outcome
from screening.protocol.models import OutcomeOfInterest
from screening.references.actions import upload
from screening.references.models import Import
from screening.voices.priorities import actions as priorities
from tests.cast import add_source, decide, import_titles
from tests.fulltext.pdfs import pdf_of
from tests.references.test_duplicates import propose as propose_pair
from tests.voices.test_voices import say

TITLE, TEXT = "title_abstract", "full_text"


def waits(member: Membership, words: str) -> contributions.Waiting | None:
    """The one item whose label holds these words."""
    found = [item for item in contributions.waiting_for(member) if words in item.label]
    assert len(found) < 2
    return found[0] if found else None


def stage(report, at: str = TITLE) -> ReportStage:
    return ReportStage.objects.get(report=report, stage=at)


def both(team, report, answer: str, at: str = TITLE) -> None:
    for member in (team.ana, team.ben):
        decide(member, report, answer, stage=at)


def test_full_texts_to_obtain_wait_since_the_titles_were_included(team, reports):
    for report in reports[:2]:
        both(team, report, "include")
    item = waits(team.ana, "to obtain")
    assert (item.count, item.role, item.since) == (2, Role.REVIEWER, stage(reports[0]).since)
    assert waits(team.coordinator, "to obtain").role == Role.COORDINATOR and waits(team.observer, "to obtain") is None
    record_retrieval(by=team.ana, report_id=reports[0].pk, status="retrieved")
    assert waits(team.ana, "to obtain").since == stage(reports[1]).since


def test_a_report_found_otherwise_is_to_be_obtained_since_it_came(team):
    (report,) = import_titles(team, "Found on a website", source=add_source(team, "A website", kind="website"))
    assert abs(waits(team.ana, "to obtain").since - report.created_at) < timedelta(seconds=2)


def test_when_a_full_text_is_to_be_obtained_tells_nothing_of_what_was_decided_on_it(team, reports):
    """Two read it, and it is sought again: whether they agree, differ or have said nothing, it waits since the same moment."""
    both(team, reports[0], "include")
    before, included = waits(team.ben, "to obtain"), stage(reports[0]).since
    record_retrieval(by=team.ana, report_id=reports[0].pk, status="retrieved")
    for member, answer in ((team.ana, "include"), (team.ben, "exclude"), (team.ana, None)):
        decide(member, reports[0], answer, stage=TEXT)
        record_retrieval(by=team.coordinator, report_id=reports[0].pk, status="sought")
        for member in (team.ana, team.ben):
            assert waits(member, "to obtain") == before
        assert waits(team.coordinator, "to obtain").since == before.since == included
        record_retrieval(by=team.coordinator, report_id=reports[0].pk, status="retrieved")
    assert stage(reports[0], TEXT).since > included, "its own row has moved, and is not what is told"


def test_documents_to_place_wait_since_they_were_brought(team, reports):
    for name in ("one.pdf", "two.pdf"):
        data = pdf_of([name], ["Nobody knows whose."])
        _, job = keep_documents(by=team.ana, files=[(name, io.BytesIO(data), len(data))], report_id=None)
        jobs.run(str(job.pk))
    item = waits(team.ana, "to place")
    assert (item.count, item.role, item.since) == (2, Role.REVIEWER, Document.objects.order_by("seq").first().recorded_at)


def test_a_table_waits_for_its_columns_since_it_came(team):
    for name, content in (("a.csv", b"Lfd,Werk,Wer\n1,Peers,Alder J\n"), ("b.csv", b"Nr,Was,Wo\n1,Peers,Ulm\n")):
        upload(by=team.coordinator, source=add_source(team, name), name=name, content=io.BytesIO(content), size=len(content))
    for job in Job.objects.exclude(state__in=Job.OVER):
        jobs.run(str(job.pk))
    item = waits(team.coordinator, "which column is which")
    assert (item.count, item.role, item.since) == (2, Role.COORDINATOR, Import.objects.order_by("seq").first().recorded_at)


def test_pairs_wait_since_both_records_are_here(team, reports):
    (later,) = import_titles(team, "A later one", source=add_source(team, "Embase"))
    propose_pair(reports[0], later), propose_pair(*reports[2:], kind="versions")
    came = {report.pk: report.placements.get().record.recorded_at for report in (*reports, later)}
    likely, versions = waits(team.coordinator, "one report"), waits(team.coordinator, "versions of one review")
    assert (likely.count, likely.role, likely.since) == (1, Role.COORDINATOR, came[later.pk])
    assert versions.since == max(came[report.pk] for report in reports[2:])
    propose_pair(*reports[:2])
    assert waits(team.coordinator, "one report").since == max(came[report.pk] for report in reports[:2])


@pytest.fixture
def torn(team, reports):
    """Two reports on which Ana and Ben differ, and both have asked to be shown where."""
    for report in reports[:2]:
        decide(team.ana, report, "include")
        decide(team.ben, report, "exclude")
    for member in (team.ana, team.ben):
        conflicts.meet(by=member, stage=TITLE)
    return reports[:2]


def propose(member, report):
    on = [side.id for side in decisions_in_force(member, report.pk, TITLE)]
    return conflicts.propose(by=member, report_id=report.pk, stage=TITLE, outcome="include", why="Read again.", on=on, proposal_id=uuid4())


def test_proposals_wait_since_the_first_was_made_and_cost_the_same_however_many(team, torn):
    first = propose(team.ana, torn[0])
    item = waits(team.ben, "proposal")
    assert (item.count, item.role, item.since) == (1, Role.REVIEWER, first.recorded_at) and waits(team.ana, "proposal") is None
    with CaptureQueriesContext(connection) as one:
        contributions.waiting_for(team.ben)
    propose(team.ana, torn[1])
    with CaptureQueriesContext(connection) as two:
        item = waits(team.ben, "proposal")
    assert (item.count, item.since, len(two)) == (2, first.recorded_at, len(one))


def test_a_proposal_nobody_was_shown_waits_for_nobody(team, reports):
    """That a colleague proposes something would itself tell that there is a conflict."""
    decide(team.ana, reports[0], "include")
    decide(team.ben, reports[0], "exclude")
    conflicts.meet(by=team.ana, stage=TITLE)
    before = contributions.waiting_for(team.ben)
    propose(team.ana, reports[0])
    assert contributions.waiting_for(team.ben) == before and waits(team.ben, "proposal") is None


def test_changes_of_mind_wait_since_the_first_was_asked_for(team, reports):
    for report in reports[:3]:
        both(team, report, "include")
    decide(team.ana, reports[0], "exclude")
    decide(team.ben, reports[1], "exclude")
    asked = Decision.objects.filter(answer="exclude").order_by("seq")
    item = waits(team.adjudicator, "change")
    assert (item.count, item.role, item.since) == (2, Role.ADJUDICATOR, asked[0].recorded_at)
    with CaptureQueriesContext(connection) as two:
        contributions.waiting_for(team.adjudicator)
    decide(team.ben, reports[2], "exclude")
    with CaptureQueriesContext(connection) as three:
        assert waits(team.adjudicator, "change").count == 3
    assert len(three) == len(two)
    decline = {"by": team.adjudicator, "stage": TITLE, "why": "Read again.", "resolution_id": uuid4()}
    conflicts.decline(report_id=reports[0].pk, on=[asked[0].pk], **decline)
    assert waits(team.adjudicator, "change").since == asked[1].recorded_at
    assert waits(team.ana, "change") is None


def test_without_an_adjudicator_a_change_of_mind_waits_for_the_other_reviewer(team, reports):
    set_roles(by=team.coordinator, member=team.adjudicator, roles={"observer"})
    both(team, reports[0], "include")
    decide(team.ana, reports[0], "exclude")
    assert waits(team.ben, "change").role == Role.REVIEWER and waits(team.ana, "change") is None


def test_reports_for_nobody_wait_since_they_came_whatever_was_decided(team, reports):
    both(team, reports[0], "include")
    record_retrieval(by=team.ana, report_id=reports[0].pk, status="retrieved")
    decide(team.ana, reports[1], "include")
    set_roles(by=team.coordinator, member=team.ben, roles=set())
    before = waits(team.coordinator, "for nobody")
    assert (before.count, before.role) == (4, Role.COORDINATOR)
    assert abs(before.since - min(report.created_at for report in reports[1:])) < timedelta(seconds=2)
    for answer in ("exclude", None, "include"):
        decide(team.ana, reports[2], answer)
        decide(team.ana, reports[0], answer, stage=TEXT)
        assert waits(team.coordinator, "for nobody") == before


def test_new_outcomes_wait_since_they_were_named(team):
    named = [add_outcome(by=team.coordinator, label=label) for label in ("Hope", "Recovery")]
    asked = priorities.ask(by=team.coordinator, method="rating", smallest=3)
    every = waits(team.working_group, "which outcomes matter")
    assert (every.role, every.since) == ("", asked.recorded_at), "every member is asked"
    values = {outcome.pk: 7 for outcome in named}
    priorities.answer(by=team.working_group, round_=asked, group="lived_experience", values=values)
    assert waits(team.working_group, "outcomes") is None
    add_outcome(by=team.ana, label="Work"), add_outcome(by=team.ana, label="Housing")
    events = OutcomeOfInterest.pgh_event_model.objects.filter(label="Work", pgh_label="insert")
    item = waits(team.working_group, "new outcomes")
    assert (item.count, item.role) == (2, "") and abs(item.since - events.get().pgh_created_at) < timedelta(seconds=5)


def test_late_answers_wait_since_they_were_due(team, monkeypatch):
    said = say(team.working_group, "Ask us.")
    now = timezone.now() + timedelta(days=40)
    monkeypatch.setattr(timezone, "now", lambda: now)
    item = waits(team.coordinator, "overdue")
    assert (item.role, item.since) == (Role.COORDINATOR, said.recorded_at + timedelta(days=14))


def test_all_that_waits_names_a_role_of_mine_and_a_moment(team, torn, reports):
    """Several roles, both stages, a pilot, pairs, a proposal and a voice in one project: nothing waits without its since when."""
    for report in reports[2:]:
        both(team, report, "include")
    record_retrieval(by=team.ana, report_id=reports[2].pk, status="retrieved")
    import_titles(team, *(f"More {n}" for n in range(4)), source=add_source(team, "Embase"))
    propose(team.ana, torn[0]), propose_pair(*reports[:2])
    start_round(by=team.coordinator, stage=TITLE, size=2, members=[team.ana.pk, team.ben.pk])
    say(team.working_group, "Ask us.")
    for member in (team.coordinator, team.ana, team.ben):
        set_roles(by=team.coordinator, member=member, roles={"coordinator", "reviewer", "adjudicator"})
    seen = set()
    for name, member in team.members.items():
        member.refresh_from_db()
        for item in contributions.waiting_for(member):
            assert item.since is not None and item.since <= timezone.now(), (name, item.label)
            assert item.role in ("", *member.roles), (name, item.label)
            seen.add(item.order)
    assert seen >= {22, 30, 31, 34, 35, 70}
