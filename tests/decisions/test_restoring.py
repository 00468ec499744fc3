"""Our own file of decisions, given back into a fresh project with the same records, restores it: states, counts, and the file itself."""

import csv
import io
import random
from uuid import uuid4

import pytest

from extraction.exports.decisions_file import rows_of
from screening.decisions.actions import decline, reopen, resolve, reveal
from screening.decisions.bringing import actions
from screening.decisions.carried.own import COLUMNS, read, write_csv, write_lines
from screening.decisions.conflicts import actions as conflicts
from screening.decisions.models import Decision, ReportStage
from screening.decisions.queries import decisions_in_force
from screening.flow.checks import check_stages
from screening.flow.queries import counts_of
from screening.fulltext.actions import record_retrieval
from screening.projects import actions as projects
from screening.projects import jobs
from screening.projects.models import Membership, Role
from screening.protocol import actions as protocol
from screening.protocol.queries import reasons_in_order
from screening.references.actions import join_reports
from screening.references.models import Label, Labelling, Placement, Report
from tests.cast import Team, add_source, decide, import_file, make_user, ris

TITLES = [f"A made-up review number {n} of peers" for n in range(24)]
LABELS = ("Wrong population", 'Not a "review"; really', "=Design")


def screened(team: Team) -> None:
    """A project in which everything happens: agreement, conflict, ruling, re-opening, full texts, labels, odd words."""
    team.file = ris(*TITLES)
    import_file(team, add_source(team), team.file)
    _protocol(team)
    reasons = [reason.id for reason in reasons_in_order(team.project)]
    reports = list(Report.objects.filter(project=team.project).order_by("title"))
    dice = random.Random(7)
    for report in reports[:20]:
        for who in (team.ana, team.ben):
            answer = dice.choice(("include", "include", "exclude", "maybe"))
            words = dice.choice(("", "=1+1", "'quoted", 'Says "no",\nthen yes', "Zoë: ünsure"))
            decide(who, report, answer, note=words, failed=dice.sample(reasons, 2) if answer == "exclude" else [])
    for row in list(ReportStage.objects.filter(project=team.project, status="conflict").order_by("report__title"))[:5]:
        _settle(team, row, dice, reasons)
    _agreed(team)
    _change_of_mind(team, reasons)
    _full_texts(team, dice, reasons)
    label = Label.objects.create(project=team.project, name="Peer work")
    for placement in Placement.objects.filter(report__in=reports[:6]):
        Labelling.objects.create(
            project=team.project, by=team.ana, report=placement.report, anchor_id=placement.record_id, label=label, on=True
        )


def _protocol(team: Team) -> None:
    for words in LABELS:
        protocol.save_criterion(by=team.coordinator, values={"label": words, "text": f"About {words}."})
    protocol.record_version(by=team.coordinator)


def _settle(team: Team, row: ReportStage, dice: random.Random, reasons: list[str]) -> None:
    reveal(by=team.adjudicator, report_id=row.report_id, stage=row.stage)
    outcome = dice.choice(("include", "exclude"))
    resolve(
        by=team.adjudicator,
        report_id=row.report_id,
        stage=row.stage,
        outcome=outcome,
        why="Read again, @home.",
        on=[one.id for one in decisions_in_force(team.adjudicator, row.report_id, row.stage)],
        resolution_id=uuid4(),
        primary_reason=reasons[0] if outcome == "exclude" else None,
    )


def _agreed(team: Team) -> None:
    """A conflict that the two settled together."""
    row = ReportStage.objects.filter(project=team.project, stage="title_abstract", status="conflict").order_by("report__title").first()
    for who in (team.ana, team.ben):
        conflicts.meet(by=who, stage=row.stage)
    on = [one.id for one in decisions_in_force(team.ana, row.report_id, row.stage)]
    given = {"report_id": row.report_id, "stage": row.stage, "outcome": "include", "why": "Read it together.", "on": on}
    proposal = conflicts.propose(by=team.ana, proposal_id=uuid4(), **given)
    assert conflicts.confirm(by=team.ben, proposal_id=proposal.pk, confirmation_id=uuid4())


def _change_of_mind(team: Team, reasons: list[str]) -> None:
    """One request that waits, one that was accepted, and one that was declined."""
    settled = ReportStage.objects.filter(project=team.project, stage="title_abstract", status="include").order_by("report__title")
    first, second, third = list(settled)[:3]
    decide(team.ana, third.report, "exclude", failed=reasons[:1])
    decline(by=team.adjudicator, report_id=third.report_id, stage="title_abstract", why="It stands.", resolution_id=uuid4())
    decide(team.ana, first.report, "exclude", failed=reasons[:1])
    decide(team.ben, second.report, "exclude", failed=reasons[1:2])
    reopen(by=team.adjudicator, report_id=second.report_id, stage="title_abstract", why="They are right.", resolution_id=uuid4())
    decide(team.ana, second.report, "exclude", failed=reasons[:1])


def _full_texts(team: Team, dice: random.Random, reasons: list[str]) -> None:
    texts = list(ReportStage.objects.filter(project=team.project, stage="full_text", suspended=False).order_by("report__title"))
    record_retrieval(by=team.coordinator, report_id=texts[0].report_id, status="not_retrieved", detail="Asked the authors.")
    for row in texts[1:]:
        record_retrieval(by=team.ana, report_id=row.report_id, status="retrieved")
        for who in (team.ana, team.ben):
            answer = dice.choice(("include", "exclude"))
            decide(who, row.report, answer, stage="full_text", failed=dice.sample(reasons, 1) if answer == "exclude" else [])


def exported(viewer: Membership, write=write_csv) -> str:
    text = io.StringIO(newline="")
    write(text, rows_of(viewer))
    return text.getvalue()


def fresh(team: Team, content: bytes) -> Membership:
    """A coordinator of a new project with the same people's names, protocol and files, and nothing decided."""
    coordinator = projects.create_project(user=make_user("somebody_new"), title="Again")
    coordinator.shown_name = team.coordinator.shown_name
    coordinator.save()
    other = Team(coordinator.project, coordinator, *[None] * 5, outsider=team.outsider)
    import_file(other, add_source(other), content)
    _protocol(other)
    return coordinator


def give_back(by: Membership, content: str, people: dict[str, str] | None = None, name: str = "decisions.csv") -> dict:
    data = content.encode()
    file = actions.keep_file(by=by, name=name, content=io.BytesIO(data), size=len(data))
    names = {row.said.who for row in read(data)[0] if row.said.who}
    reasons = {reason.label: reason.id for reason in reasons_in_order(by.project)}
    known = {by.shown_name: str(by.pk)}
    run = actions.start(by=by, source=file, people=people or {name: known.get(name, "new") for name in names}, reasons=reasons)
    jobs.run(str(run.job_id))
    run.job.refresh_from_db()
    assert run.job.state == "done", run.job.failure_sentence
    return run.job.result


def without_made(content: str) -> list[list[str]]:
    at = COLUMNS.index("made")
    return [row[:at] + row[at + 1 :] for row in csv.reader(io.StringIO(content, newline=""))]


def states(project) -> list[tuple]:
    """Where each report stands, with reasons by their labels: ids differ from project to project."""
    labels = {reason.id: reason.label for reason in reasons_in_order(project)}
    rows = ReportStage.objects.filter(project=project, suspended=False).select_related("report").order_by("report__title", "stage")
    return [(r.report.title, r.stage, r.status, r.retrieval, r.n, r.requests, labels.get(str(r.primary_reason), "")) for r in rows]


def prisma(project) -> dict:
    counts = counts_of(project)
    return dict(counts.boxes)


@pytest.fixture
def everything_settled(team):
    """Seen by an adjudicator to whom all conflicts were shown and who coordinates: the file then holds all there is."""
    projects.set_roles(by=team.coordinator, member=team.adjudicator, roles={Role.ADJUDICATOR, Role.COORDINATOR})
    team.adjudicator.refresh_from_db()
    screened(team)
    for row in ReportStage.objects.filter(project=team.project, status="conflict"):
        reveal(by=team.adjudicator, report_id=row.report_id, stage=row.stage)
    return team


def test_our_own_file_restores_states_counts_and_itself_byte_for_byte(everything_settled):
    team = everything_settled
    before = exported(team.adjudicator)
    said = [row.said for row in read(before.encode())[0]]
    assert {one.kind for one in said} == {"decision", "ruling", "label", "retrieval", "policy"}
    assert {one.form for one in said} == {"", "ruling", "consensus", "reopening", "declined"}
    assert {one.answer for one in said if one.kind == "decision"} == {"include", "exclude", "maybe"}
    again = fresh(team, team.file)
    result = give_back(again, before)
    assert result["problems"] == []
    assert states(again.project) == states(team.project)
    assert prisma(again.project) == prisma(team.project)
    assert check_stages(again.project) == []
    projects.set_roles(by=again, member=again, roles={Role.ADJUDICATOR, Role.COORDINATOR})
    again.refresh_from_db()
    for row in ReportStage.objects.filter(project=again.project, status="conflict"):
        reveal(by=again, report_id=row.report_id, stage=row.stage)
    assert without_made(exported(again)) == without_made(before)


def test_given_back_to_itself_it_changes_nothing(everything_settled):
    team = everything_settled
    before = exported(team.adjudicator)
    people = {name: str(member.pk) for name, member in ((m.shown_name, m) for m in team.members.values())}
    names = {row.said.who for row in read(before.encode())[0] if row.said.who}
    result = give_back(team.adjudicator, before, {name: people[name] for name in names})
    assert (result["decisions"], result["rulings"], result["labels"], result["retrievals"]) == (0, 0, 0, 0)
    assert result["kept"] > 40
    assert exported(team.adjudicator) == before


def test_json_lines_hold_the_same_rows(everything_settled):
    team = everything_settled
    table, lines = exported(team.adjudicator), exported(team.adjudicator, write_lines)
    rows = [[(row.about, row.said, row.made) for row in read(text.encode())[0]] for text in (table, lines)]
    assert rows[0] == rows[1] and len(rows[0]) > 60


def test_given_back_in_halves_it_is_whole(everything_settled):
    """What a broken-off job has written is passed over, and the rest follows."""
    team = everything_settled
    before = exported(team.adjudicator)
    again = fresh(team, team.file)
    names = {row.said.who for row in read(before.encode())[0] if row.said.who}
    give_back(again, before, {name: str(again.pk) if name == again.shown_name else "new" for name in names})
    written = Decision.objects.filter(project=again.project).count()
    known = {m.shown_name: str(m.pk) for m in Membership.objects.filter(project=again.project)}
    result = give_back(again, before, {name: known[name] for name in names})
    assert Decision.objects.filter(project=again.project).count() == written
    assert result["decisions"] == result["rulings"] == 0 and result["kept"] == 0
    assert states(again.project) == states(team.project)


def test_decisions_on_two_reports_that_were_joined_come_back_in_force(team):
    team.file = ris("Peers in crisis teams", "Peers in crisis teams, a review")
    import_file(team, add_source(team), team.file)
    _protocol(team)
    keep, other = Report.objects.filter(project=team.project).order_by("title")
    for who in (team.ana, team.ben):
        decide(who, keep, "include")
        decide(who, other, "include")
    join_reports(by=team.coordinator, keep=keep, other=other, reason="One report.")
    before = exported(team.coordinator)
    again = fresh(team, ris("Peers in crisis teams"))
    assert give_back(again, before)["problems"] == []
    assert states(again.project) == states(team.project)
    assert without_made(exported(again)) != without_made(before)  # the records behind differ, and nothing else
    for row, other_row in zip(without_made(exported(again)), without_made(before), strict=True):
        assert row[:6] + row[7:] == other_row[:6] + other_row[7:]


def test_reports_that_people_had_joined_and_that_are_two_again_are_told(team):
    team.file = ris("Peers in crisis teams", "Peers in crisis teams, a review")
    import_file(team, add_source(team), team.file)
    _protocol(team)
    keep, other = Report.objects.filter(project=team.project).order_by("title")
    decide(team.ana, keep, "include"), decide(team.ben, other, "include")
    join_reports(by=team.coordinator, keep=keep, other=other, reason="One report.")
    again = fresh(team, team.file)
    told = "“Peers in crisis teams” is one report in the file and 2 here; what was said is on the first, so join them."
    assert give_back(again, exported(team.coordinator))["problems"] == [told]
    first, second = Report.objects.filter(project=again.project).order_by("title")
    join_reports(by=again, keep=first, other=second, reason="One report.")
    assert states(again.project) == states(team.project) and check_stages(again.project) == []


def test_whoever_is_blind_exports_only_what_is_settled_and_their_own(team):
    team.file = ris(*TITLES[:3])
    import_file(team, add_source(team), team.file)
    reports = list(Report.objects.filter(project=team.project).order_by("title"))
    decide(team.ana, reports[0], "include", note="Only mine")
    decide(team.ana, reports[1], "include"), decide(team.ben, reports[1], "exclude", note="Not to be seen")
    decide(team.ana, reports[2], "include"), decide(team.ben, reports[2], "include")
    seen = exported(team.coordinator)
    assert "Only mine" not in seen and "Not to be seen" not in seen
    assert [row.said.who for row in read(seen.encode())[0] if row.said.kind == "decision"] == ["Ana", "Ben"]
    own = exported(team.ana)
    assert "Only mine" in own and "Not to be seen" not in own


def test_a_summary_has_the_decisions_as_files_to_give_back(team, client):
    from extraction.exports.actions import ask, run
    from extraction.exports.queries import files_for
    from screening.projects.models import Job

    team.file = ris(*TITLES[:2])
    import_file(team, add_source(team), team.file)
    for who in (team.ana, team.ben):
        decide(who, Report.objects.filter(project=team.project).first(), "include")
    job = ask(by=team.coordinator, request_id=uuid4())
    jobs.run(str(job.pk))
    job = Job.objects.get(pk=job.pk)
    assert run and [file.name.rsplit("-", 1)[-1] for file in files_for(team.coordinator, job)][2:] == ["decisions.csv", "decisions.jsonl"]
    client.force_login(team.coordinator.user)
    assert "Decisions, to bring back (CSV)" in client.get(f"/p/{team.project.slug}/exports/").content.decode()


def test_our_file_of_decisions_is_no_file_of_records(team):
    from screening.references.formats import ReadError
    from screening.references.formats import read as read_references

    with pytest.raises(ReadError, match="exported from here, not of records"):
        read_references((",".join(COLUMNS) + "\r\n1,A title\r\n").encode(), "decisions.csv")
