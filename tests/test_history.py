"""What the database keeps by itself: facts that cannot change, and a history of the few rows that can."""

from contextlib import contextmanager
from datetime import date
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from pghistory.models import Event

from extraction.forms.models import Extraction
from extraction.studies.models import Citation, CitationList, CitationListEvent, PrimaryStudy, StudyMatch
from screening.decisions.actions import resolve, reveal
from screening.decisions.amended.models import LookedAgain
from screening.decisions.conflicts.models import Confirmation, ConflictRule, Proposal
from screening.decisions.content_notes.actions import put_note
from screening.decisions.desk.actions import set_rule
from screening.decisions.highlights.actions import set_terms
from screening.decisions.highlights.rules import Term
from screening.decisions.models import BringingIn, BroughtIn, Decision, DecisionFile, Resolution, ResolutionOn
from screening.decisions.pilots.models import PilotClosing, PilotReport, PilotRound
from screening.decisions.policies.models import Authorship, Sight, SightUse
from screening.decisions.queries import visible_decisions
from screening.decisions.ranking.actions import set_rule as order_titles
from screening.decisions.ranking.models import RankingFit, Stopping
from screening.flow.models import BoxLabel, PreviousReview
from screening.fulltext.actions import record_retrieval, review_of
from screening.fulltext.lines.models import LineSnapshot
from screening.fulltext.models import Assessment, CriterionAnswer, Document, DocumentPlacing
from screening.projects import actions as projects
from screening.projects.facts import Fact, Written
from screening.projects.models import Invitation, Membership, Project, User
from screening.protocol.actions import record_version, save_criterion
from screening.protocol.models import Criterion, OutcomeOfInterest, ProtocolVersion, Question
from screening.protocol.versions.models import Amendment
from screening.references.actions import add_known, declare_removed, remove_reports
from screening.references.models import (
    ColumnChoice,
    Correction,
    Import,
    Label,
    Labelling,
    PairVerdict,
    Record,
    Report,
    UnreadRecord,
)
from screening.voices.attachments.models import VoiceFile
from screening.voices.involvement.models import InvolvementText
from screening.voices.left.models import WordsLeft, WordsStay
from screening.voices.meetings.models import Meeting, MeetingRecord, MeetingWords
from screening.voices.models import GlossaryTerm, Thread, Voice, VoiceAnswer, VoiceBody, VoiceMark, VoiceSetting
from screening.voices.priorities.models import OutcomeRating, PriorityAnswer, PriorityClosing, PriorityRound
from tests.cast import PASSWORD, Team, decide, make_user

MODELS = [model for name in ("screening", "extraction") for model in apps.get_app_config(name).get_models()]
EVENTS = [model for model in MODELS if issubclass(model, Event)]
WRITTEN = [model for model in MODELS if issubclass(model, Written)]
# Written once like a fact, but without an id of its own: the decisions a ruling was made on.
ONCE = [*WRITTEN, ResolutionOn]
TRACKED = [model for model in MODELS if hasattr(model, "pgh_event_model")]

UPDATE, DELETE, BEFORE = 1 << 4, 1 << 3, 1 << 1

# Facts that may be reached from the thing they are about. Decisions and rulings never may: only the one query
# function that knows who is asking hands them out.
REACHED = {
    "Import.source", "ImportEvent.import_run", "Record.import_run", "UnreadRecord.import_run", "Join.record", "Join.report",
    "SourceVersion.source", "ReviewLink.review", "Voice.thread", "VoiceAnswer.voice", "CitationList.review", "Citation.citation_list",
    "VoiceFile.voice",
    "CitationListEvent.citation_list", "StudyMatch.citation", "StudyMatch.study",
    "Import.readmits", "ColumnChoice.import_run", "Correction.report", "DeclaredRemoval.source",
    "PilotReport.round", "PilotClosing.round", "MeetingRecord.meeting",
    "OutcomeRating.answer", "PriorityClosing.round", "Amendment.version",
}  # fmt: skip


def named(model) -> str:
    return model.__name__


@contextmanager
def refused():
    """The database says no, and the test's transaction lives on."""
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        yield


@pytest.fixture
def one_of_each(team: Team, reports: list[Report]) -> Team:
    """A project with at least one row of every fact there is."""
    save_criterion(by=team.coordinator, values={"label": "No peers", "text": "No peer workers.", "kind": "judged", "scope": "review"})
    record_version(by=team.coordinator)
    for member, answer in ((team.ana, "include"), (team.ben, "exclude")):
        decide(member, reports[0], answer)
        decide(member, reports[1], "include")
    settle(team, reports[0])
    record_retrieval(by=team.ana, report_id=reports[1].pk, status="retrieved")
    for member in (team.ana, team.ben):
        decide(member, reports[1], "include", stage="full_text")
    review = review_of(by=team.ana, report=reports[1])
    around_a_report(team, reports)
    around_a_text(team, reports[1])
    around_a_conflict(team, reports[0])
    on_the_desk(team, reports)
    around_the_order(team)
    around_policies(team, reports[0])
    around_versions(team, reports[1])
    UnreadRecord.objects.create(import_run=Import.objects.get(), line=7, cause="No end of record.")
    mine = {"project": team.project, "by": team.working_group}
    thread = Thread.objects.create(project=team.project, about_kind="report", about_id=reports[0].pk)
    voice = Voice.objects.create(thread=thread, **mine)
    VoiceBody.objects.create(voice=voice, words="Who counts as a peer here?")
    VoiceAnswer.objects.create(voice=voice, status="heard", words="Thank you.", **mine)
    around_voices(team)
    VoiceMark.objects.create(voice=voice, audience="team", **mine)
    VoiceFile.objects.create(voice=voice, kind="text", **mine)
    left = WordsLeft.objects.create(voice=voice, text_kind="criterion", text_id=uuid4(), digest="0" * 64, **mine)
    WordsStay.objects.create(left=left, reason="Everybody says it so.", **mine)
    VoiceSetting.objects.create(answer_days=14, support="Ring the house.", **mine)
    GlossaryTerm.objects.create(project=team.project, term="Peer", meaning="Somebody who has been there.")
    Extraction.objects.create(review=review, template="first", template_version=1, values={}, **mine)
    given = CitationList.objects.create(review=review, raw="A 2001", **mine)
    citation = Citation.objects.create(citation_list=given, ordinal=1, raw="A 2001")
    study = PrimaryStudy.objects.create(project=team.project, label="A 2001")
    StudyMatch.objects.create(citation=citation, study=study, reason="The first of its study.", **mine)
    CitationListEvent.objects.create(citation_list=given, reason="Wrong list.", **mine)
    file = DecisionFile.objects.create(sha256="0" * 64, filename="decisions.csv", size=1, stored_file="decisions/0", **mine)
    run = BringingIn.objects.create(file=file, choices={}, **mine)
    BroughtIn.objects.create(run=run, fact=Decision.objects.first().pk)
    BoxLabel.objects.create(key="titles", label="Titles screened", **mine)
    PreviousReview.objects.create(studies=12, reports=14, citation="The first version, 2019", **mine)
    return team


def around_a_report(team: Team, reports: list[Report]) -> None:
    """Every fact about records and reports that is no decision."""
    run, facts = Import.objects.get(), {"project": team.project, "by": team.coordinator}
    first, second = Record.objects.filter(placement__report__in=reports[:2]).order_by("id")
    ColumnChoice.objects.create(import_run=run, header_digest="0" * 64, mapping={}, **facts)
    Correction.objects.create(report=reports[0], anchor=first, field="year", value=2001, reason="As printed.", **facts)
    PairVerdict.objects.create(first=first, second=second, verdict="different", reason="Two papers.", **facts)
    label = Label.objects.create(project=team.project, name="Peers")
    Labelling.objects.create(report=reports[0], anchor=first, label=label, on=True, **facts)
    remove_reports(by=team.coordinator, report_ids=[reports[3].pk], kind="other", reason="A letter.")
    declare_removed(by=team.coordinator, source=run.source, kind="duplicates", n=3, where="In EndNote", who="A librarian")
    add_known(by=team.coordinator, text="10.5555/known.1")


def around_a_text(team: Team, report: Report) -> None:
    """Every fact about a full text that is no decision."""
    facts = {"project": team.project, "by": team.ana}
    document = Document.objects.create(sha256="1" * 64, filename="text.pdf", size=1, stored_file="documents/1", **facts)
    DocumentPlacing.objects.create(document=document, report=report, anchor=report.placements.get().record, how="hand", **facts)
    assessment = Assessment.objects.create(decision=Decision.objects.filter(stage="full_text").first(), **facts)
    CriterionAnswer.objects.create(assessment=assessment, criterion=uuid4(), answer="yes", **facts)


def around_a_conflict(team: Team, report: Report) -> None:
    """How conflicts are shown, and a consensus in the making."""
    facts = {"project": team.project, "by": team.ana}
    ConflictRule.objects.create(anonymous=True, **facts)
    anchor = Record.objects.get(placement__report=report)
    proposal = Proposal.objects.create(report=report, anchor=anchor, stage="title_abstract", outcome="include", on=[], **facts)
    Confirmation.objects.create(proposal=proposal, **facts)


def on_the_desk(team: Team, reports: list[Report]) -> None:
    """What every desk marks and hides, and a note before a report."""
    set_terms(by=team.coordinator, terms=[Term("include", "peer support")])
    set_rule(by=team.coordinator, hide_authors=True, why="To judge the study alone.")
    put_note(by=team.working_group, words="Speaks of crisis.", report_id=reports[0].pk)


def around_the_order(team: Team) -> None:
    """How titles are ordered, a fit, and screening stopped early."""
    order_titles(by=team.coordinator, share=90, for_all=True, recall=95, confidence=95)
    RankingFit.objects.create(project=team.project, n=1, relevant=1, irrelevant=1, reports=4, ranked=2, share=90, seconds=0.1)
    Stopping.objects.create(project=team.project, by=team.coordinator, why="Enough.", unseen=2)


def around_policies(team: Team, report: Report) -> None:
    """A pilot round, an author, and what coordinators may see."""
    facts = {"project": team.project, "by": team.coordinator}
    version, anchor = ProtocolVersion.objects.last(), Record.objects.get(placement__report=report)
    held = PilotRound.objects.create(stage="full_text", n=1, size=1, seed=7, members=[team.ana.pk], protocol_version=version, **facts)
    PilotReport.objects.create(round=held, report=report, anchor=anchor)
    PilotClosing.objects.create(round=held, **facts)
    Authorship.objects.create(report=report, anchor=anchor, member=team.ana, declared=True, **facts)
    Sight.objects.create(sees=["conflicts"], **facts)
    SightUse.objects.create(what="conflicts", stage="full_text", **facts)


def around_voices(team: Team) -> None:
    """A meeting, a section of the involvement report, and a round of priorities."""
    facts = {"project": team.project, "by": team.coordinator}
    meeting = Meeting.objects.create(project=team.project)
    record = MeetingRecord.objects.create(meeting=meeting, held_on="2022-03-01", stage="planning", present=[team.ana.pk], **facts)
    MeetingWords.objects.create(record=record, topics="What matters most.")
    InvolvementText.objects.create(section="aim", behind={}, **facts)
    asked = PriorityRound.objects.create(n=1, method="rating", smallest=5, **facts)
    answer = PriorityAnswer.objects.create(round=asked, group="carers", **facts)
    outcome = OutcomeOfInterest.objects.create(project=team.project, position=1, label="Hope")
    OutcomeRating.objects.create(answer=answer, outcome=outcome, label="Hope", value=9)
    PriorityClosing.objects.create(round=asked, body={}, **facts)


def around_versions(team: Team, report: Report) -> None:
    """What was amended, a report held against it, and a line elsewhere."""
    facts = {"project": team.project, "by": team.coordinator}
    version, anchor = ProtocolVersion.objects.last(), Record.objects.get(placement__report=report)
    said = {"made_on": date(2026, 3, 1), "what": "One more line.", "why": "It was missing.", "decided_by": "The team", "heard": "not"}
    Amendment.objects.create(version=version, stage="titles", **said, **facts)
    LookedAgain.objects.create(report=report, anchor=anchor, stage="title_abstract", outcome="include", version=version, **facts)
    LineSnapshot.objects.create(criterion=uuid4(), version=version, name="At 40%", line=40, body={}, **facts)


def settle(team: Team, report: Report) -> None:
    this = {"by": team.adjudicator, "report_id": report.pk, "stage": "title_abstract"}
    reveal(**this)
    on = [decision.id for decision in visible_decisions(team.adjudicator, [report.pk])]
    resolve(**this, outcome="include", why="A review.", on=on, resolution_id=uuid4())


def test_no_fact_can_be_changed_or_deleted(one_of_each):
    empty = []
    for model in ONCE:
        table = connection.ops.quote_name(model._meta.db_table)
        if not model.objects.exists():
            empty.append(named(model))
            continue
        column = connection.ops.quote_name(model._meta.concrete_fields[-1].column)
        for sql in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
            with refused(), connection.cursor() as cursor:
                cursor.execute(sql)
    assert empty == []


@pytest.mark.parametrize("model", ONCE, ids=named)
def test_the_table_itself_refuses(model, db):
    """The trigger is there, enabled, before update and before delete: not only what the tests above happened to touch."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgtype FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O' AND tgname LIKE 'pgtrigger_written_once%%'",
            [model._meta.db_table],
        )
        found = [row[0] for row in cursor.fetchall()]
    assert len(found) == 1
    assert found[0] & (UPDATE | DELETE | BEFORE) == UPDATE | DELETE | BEFORE


def test_the_orm_is_refused_as_well(one_of_each):
    decision = Decision.objects.first()
    decision.answer = "maybe"
    with refused():
        decision.save()
    with refused():
        Decision.objects.filter(pk=decision.pk).update(note="")
    with refused():
        Resolution.objects.filter(why="A review.")._raw_delete("default")


def test_the_server_takes_the_time_and_the_order_whatever_was_sent(team, reports):
    first, second = (decide(team.ana, report, "include") for report in reports[:2])
    assert first.seq < second.seq
    assert first.recorded_at < second.recorded_at


def test_facts_are_their_own_history():
    assert [named(model) for model in WRITTEN if model in TRACKED] == []
    assert {named(model) for model in TRACKED} >= {"Project", "Membership", "Invitation", "Question", "Criterion", "IncludedReview"}


def test_words_and_names_that_may_be_erased_are_kept_in_one_place():
    assert not {User, VoiceBody, Report} & set(TRACKED)
    columns = {event.pgh_tracked_model: {field.name for field in event._meta.get_fields()} for event in EVENTS}
    assert "shown_name" not in columns[Membership]
    assert not {"email", "digest"} & columns[Invitation]
    assert all(not {"email", "shown_name", "words"} & names for names in columns.values())


def test_a_name_given_up_is_nowhere_in_the_history(team):
    projects.choose_name(by=team.ana, shown_name="Xanthe Quillfeather")
    projects.choose_name(by=team.ana, shown_name="A reviewer")
    assert tables_with("Quillfeather") == []
    assert tables_with("A reviewer") == [Membership._meta.db_table]


def tables_with(words: str) -> list[str]:
    """Every table of the database with a row that holds these words anywhere."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name != "django_migrations"]
        found = []
        for table in tables:
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {connection.ops.quote_name(table)} t WHERE t::text LIKE %s)", [f"%{words}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


@pytest.mark.parametrize("way", ["session", "token"])
def test_a_change_is_kept_with_who_and_where(way, team, client):
    if way == "session":
        client.login(username="coordinator@example.org", password=PASSWORD)
        headers = {}
    else:
        _, secret = projects.make_token(user=team.coordinator.user, name="A program")
        headers = {"Authorization": f"Bearer {secret}"}
    before = team.project.title
    address = f"/api/v1/projects/{team.project.slug}/"
    answer = client.patch(address, {"title": "Renamed"}, content_type="application/json", headers=headers)
    assert answer.status_code == 200, answer.content
    events = Project.pgh_event_model.objects.filter(pgh_obj=team.project.pk).order_by("pgh_id").select_related("pgh_context")
    assert [event.title for event in events] == [before, "Renamed"]
    last = events.last()
    assert (last.pgh_context.metadata["user"], last.pgh_context.metadata["url"]) == (str(team.coordinator.user_id), address)


def test_a_change_of_the_protocol_is_kept_before_and_after(team):
    values = {"label": "Peers", "text": "Paid peers.", "kind": "judged", "scope": "review"}
    criterion = save_criterion(by=team.coordinator, values=values)
    save_criterion(by=team.coordinator, values={**values, "text": "Paid or trained peers."}, criterion=criterion)
    events = Criterion.pgh_event_model.objects.filter(pgh_obj=criterion.pk).order_by("pgh_id").select_related("pgh_context")
    assert [event.text for event in events] == ["Paid peers.", "Paid or trained peers."]
    assert {event.pgh_context.metadata["member"] for event in events} == {str(team.coordinator.pk)}


def test_the_secret_of_an_invitation_is_kept_nowhere(team, client):
    _, secret = projects.invite(by=team.coordinator, email="new@example.org", roles={"reviewer"})
    make_user("new")
    client.login(username="new@example.org", password=PASSWORD)
    client.post(f"/join/{secret}")
    assert Membership.objects.filter(project=team.project, user__email="new@example.org").exists()
    assert tables_with(secret) == []


def test_a_row_changed_behind_the_actions_still_leaves_an_event(team):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {Project._meta.db_table} SET summary = 'By hand' WHERE id = %s", [team.project.pk])
    assert Project.pgh_event_model.objects.filter(pgh_obj=team.project.pk, summary="By hand").count() == 1


def relations() -> list[models.ForeignKey]:
    return [field for model in MODELS if model not in EVENTS for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)]


def test_screening_points_at_nothing_in_extraction():
    crossing = {(field.model._meta.app_label, field.related_model._meta.app_label) for field in relations()}
    assert ("extraction", "screening") in crossing
    assert ("screening", "extraction") not in crossing


def test_facts_are_reached_only_where_it_is_said():
    of_facts = [field for field in relations() if issubclass(field.model, Written)]
    reached = {f"{named(field.model)}.{field.name}" for field in of_facts if not field.remote_field.hidden}
    assert reached == REACHED
    assert not {name for name in reached if name.startswith(("Decision", "Resolution", "Revelation", "RoleGrant", "Extraction"))}


def test_every_fact_says_whose_project_it_is():
    for model in WRITTEN:
        if issubclass(model, Fact):
            assert model._meta.get_field("project").null is False


def test_no_row_that_a_fact_stands_on_can_vanish():
    """Facts hold on to what they are about; only a person's account may go, and their seat in the project stays."""
    loose = [str(field) for field in relations() if issubclass(field.model, Written) and field.remote_field.on_delete is not models.PROTECT]
    assert loose == []
    assert Question._meta.get_field("project").remote_field.on_delete is models.PROTECT
