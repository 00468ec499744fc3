"""Decisions of other tools, and our own given back, become facts here: who, what, why; nothing twice, nothing overwritten."""

import csv
import io
from dataclasses import replace

import pytest

from screening.decisions.bringing import actions
from screening.decisions.bringing.queries import runs_of, summary_of
from screening.decisions.carried.own import Identity, Row, Said, write_csv
from screening.decisions.models import Decision, ReportStage, Resolution, Standing
from screening.decisions.queries import visible_decisions
from screening.flow.checks import check_stages
from screening.projects import actions as projects
from screening.projects import jobs
from screening.projects.actions import Refused
from screening.projects.models import Job, Membership
from screening.protocol import actions as protocol
from screening.protocol.queries import reasons_in_order
from screening.references.actions import split_record
from screening.references.models import Labelling, Report
from tests.cast import add_source, decide, import_file
from tests.walk import routes

HEADER = "key,title,year,journal,authors,notes,doi,abstract"


def rayyan(*rows: tuple[str, str], start: int = 1) -> bytes:
    """An export as Rayyan writes it: (title, notes) for each record."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER.split(","))
    for n, (title, notes) in enumerate(rows, start=start):
        writer.writerow([f"rayyan-{n}", title, "2020", "A journal", f"Author{n}, A.", notes, f"10.1234/rayyan.{n}", f"About {title}."])
    return text.getvalue().encode()


def notes(answers: str, *, labels: str = "", reasons: str = "", words: str = "") -> str:
    parts = [f"RAYYAN-INCLUSION: {{{answers}}}"]
    parts += [f"RAYYAN-LABELS: {labels}"] if labels else []
    parts += [f"RAYYAN-EXCLUSION-REASONS: {reasons}"] if reasons else []
    parts += [f"USER-NOTES: {{{words}}}"] if words else []
    return " | ".join(parts)


BOTH_IN = notes('"Ana R."=>"Included", "Ben"=>"Included"', labels="peer work,scoping")
BOTH_OUT = notes('"Ana R."=>"Excluded", "Ben"=>"Excluded"', reasons="wrong population", words='"Ben"=>["Carers only", "See p. 2"]')
SPLIT = notes('"Ana R."=>"Included", "Ben"=>"Excluded"', reasons="wrong population,foreign language")
ONE = notes('"Ben"=>"Maybe"')
FILE = (("A review of peer support", BOTH_IN), ("Carers in crisis", BOTH_OUT), ("Split between two", SPLIT), ("Only one said", ONE))


@pytest.fixture
def population(team) -> str:
    """A protocol in force whose first criterion is the population."""
    for label in ("Wrong population", "Not a review"):
        protocol.save_criterion(by=team.coordinator, values={"label": label, "text": f"{label}."})
    protocol.record_version(by=team.coordinator)
    return reasons_in_order(team.project)[0].id


@pytest.fixture
def brought(team, population):
    """A Rayyan export imported, and who is who in it."""
    run = import_file(team, add_source(team), rayyan(*FILE), "articles.csv")
    people = {"Ana R.": str(team.ana.pk), "Ben": str(team.ben.pk)}
    return run, people, {"wrong population": population}


def bring(team, source, people, reasons, **more):
    """Start a run and do its job to the end, as the worker would."""
    run = actions.start(by=team.coordinator, source=source, people=people, reasons=reasons, **more)
    jobs.run(str(run.job_id))
    run.job.refresh_from_db()
    assert run.job.state == run.job.State.DONE, run.job.failure_sentence
    return run.job.result


def status(team, title: str, stage: str = "title_abstract") -> str | None:
    row = ReportStage.objects.filter(report__project=team.project, report__title=title, stage=stage, suspended=False).first()
    return row.status if row else None


def test_what_a_rayyan_file_carries_is_counted_by_person(brought):
    summary = summary_of(brought[0])
    assert summary.tool == "Rayyan"
    assert [person.name for person in summary.people] == ["Ana R.", "Ben"]
    assert summary.people[1].answers == {("", "include"): 1, ("", "exclude"): 2, ("", "maybe"): 1}
    assert summary.reasons == {"wrong population": 3, "foreign language": 1}
    assert summary.labels == {"peer work": 1, "scoping": 1}


def test_answers_become_decisions_of_the_mapped_members_and_the_outcome_rule_decides(team, brought):
    run, people, reasons = brought
    result = bring(team, run, people, reasons)
    assert (result["decisions"], result["labels"], result["n_problems"]) == (7, 2, 0)
    assert [status(team, title) for title, _notes in FILE] == ["include", "exclude", "conflict", "open"]
    out = Decision.objects.get(report__title="Carers in crisis", member=team.ben)
    assert (out.origin, out.by, out.note) == ("import", team.coordinator, "Carers only\nSee p. 2")
    assert [str(criterion) for criterion in out.failed] == [reasons["wrong population"]]
    assert str(ReportStage.objects.get(report=out.report, stage="title_abstract").primary_reason) == reasons["wrong population"]
    assert status(team, "A review of peer support", "full_text") == "open"
    assert check_stages(team.project) == []


def test_of_two_copies_in_one_file_each_keeps_its_own_votes_when_they_are_parted(team, population):
    one = rayyan(("One review, exported twice", notes('"Ana R."=>"Included"', labels="mine")))
    other = rayyan(("One review, exported twice", notes('"Ben"=>"Excluded"', labels="yours"))).split(b"\r\n", 1)[1]
    run = import_file(team, add_source(team), one + other, "articles.csv")
    assert Report.objects.count() == 1
    result = bring(team, run, {"Ana R.": str(team.ana.pk), "Ben": str(team.ben.pk)}, {})
    assert (result["decisions"], result["labels"]) == (2, 2) and status(team, "One review, exported twice") == "conflict"
    copy = run.records.get(ordinal=2)
    split_record(by=team.coordinator, record=copy, reason="Two after all.")
    votes = Decision.objects.values_list("anchor__placement__report", "member")
    assert set(votes) == {(run.records.get(ordinal=1).placement.report_id, team.ana.pk), (copy.placement.report_id, team.ben.pk)}
    assert [one.label.name for one in Labelling.objects.filter(anchor=copy)] == ["yours"] and check_stages(team.project) == []
    assert bring(team, run, {"Ana R.": str(team.ana.pk), "Ben": str(team.ben.pk)}, {})["already"] == 4


def test_a_reason_that_is_no_criterion_here_is_kept_in_words(team, brought):
    run, people, reasons = brought
    bring(team, run, people, reasons)
    split = Decision.objects.get(report__title="Split between two", member=team.ben)
    assert split.note == "Reason given: foreign language"


def test_brought_in_twice_nothing_is_written_twice(team, brought):
    run, people, reasons = brought
    bring(team, run, people, reasons)
    again = bring(team, run, people, reasons)
    assert (again["decisions"], again["labels"], again["already"]) == (0, 0, 9)
    assert (Decision.objects.count(), Labelling.objects.count()) == (7, 2)
    assert len(runs_of(run)) == 2


def test_who_decided_here_already_keeps_it_and_it_is_said(team, brought):
    run, people, reasons = brought
    here = Report.objects.get(title="A review of peer support")
    decide(team.ana, here, "exclude")
    result = bring(team, run, people, reasons)
    assert result["kept"] == 1
    assert result["problems"] == ["“A review of peer support”: Ana has decided here already; that stands."]
    assert Standing.objects.get(report=here, member=team.ana).answer == "exclude"
    assert status(team, here.title) == "conflict"


def test_the_page_of_an_import_says_who_decided_and_asks_who_they_are(team, brought, client):
    run, people, reasons = brought
    client.force_login(team.coordinator.user)
    here = f"/p/{team.project.slug}/imports/{run.pk}/"
    assert "This file carries decisions made elsewhere." in client.get(here).content.decode()
    page = client.get(f"{here}decisions/").content.decode()
    assert "7 decisions of 2 people" in page
    refused = client.post(f"{here}decisions/", {"stage": "title_abstract", "person_0": "", "person_1": people["Ben"]})
    assert refused.status_code == 422 and "Say who this is, or leave them out." in refused.content.decode()
    sent = {
        "stage": "title_abstract",
        "person_0": "new",
        "person_1": people["Ben"],
        "reason_1": reasons["wrong population"],
        "labels": "on",
    }
    taken = client.post(f"{here}decisions/", sent)
    assert taken.status_code == 302
    assert client.post(f"{here}decisions/", sent)["Location"] == taken["Location"]
    (made,) = runs_of(run)
    jobs.run(str(made.job_id))
    result = client.get(taken["Location"]).content.decode()
    assert "Brought in: 7 decisions, 2 labels." in result
    placeholder = Membership.objects.get(project=team.project, shown_name="Ana R.")
    assert placeholder.user is None and placeholder.roles == []
    assert Decision.objects.filter(member=placeholder).count() == 3
    history = client.get(f"/p/{team.project.slug}/reports/{Report.objects.get(title='Carers in crisis').pk}/").content.decode()
    assert "brought in from articles.csv" in history


def test_the_records_own_text_gives_no_decision_away(team, brought, client):
    client.force_login(team.ana.user)
    report = Report.objects.get(title="Split between two")
    for address in (f"/p/{team.project.slug}/reports/{report.pk}/", f"/api/v1/projects/{team.project.slug}/reports/{report.pk}/"):
        shown = client.get(address).content.decode()
        assert "Split between two" in shown and "not shown]" in shown
        assert "Excluded" not in shown.replace("Excluded</option>", "") and "wrong population" not in shown


COVIDENCE = "Title,Authors,Published Year,Journal,DOI,Ref,Covidence #,Study,Notes,Tags"


def covidence(*rows: tuple[str, str]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COVIDENCE.split(","))
    for n, (title, words) in enumerate(rows, start=1):
        writer.writerow([title, f"Author{n}, A.", "2020", "J", f"10.1234/covidence.{n}", n, f"#{n}", f"Author{n} 2020", words, "SRH"])
    return text.getvalue().encode()


LISTED = (
    ("Excluded with a reason", "Exclusion reason: Wrong population; Jane (2020-05-14 10:35:20)(Select): carers only; "),
    ("Excluded without a reason", ""),
)


def test_a_list_of_covidence_settles_as_agreed_on_without_votes(team, population):
    run = import_file(team, add_source(team), covidence(*LISTED), "review_1_excluded_csv.csv")
    result = bring(team, run, {"Jane": ""}, {"Wrong population": population}, listed="excluded")
    assert (result["decisions"], result["rulings"], result["labels"], result["retrievals"]) == (0, 4, 2, 2)
    assert [status(team, title) for title, _ in LISTED] == ["include", "include"]
    assert [status(team, title, "full_text") for title, _ in LISTED] == ["exclude", "exclude"]
    agreed = Resolution.objects.get(report__title="Excluded with a reason", stage="full_text")
    assert (agreed.kind, agreed.origin, str(agreed.primary_reason)) == ("consensus", "import", population)
    assert agreed.why == "Jane: carers only"
    assert check_stages(team.project) == []


def test_what_is_settled_here_is_not_settled_otherwise_from_a_file(team, population):
    run = import_file(team, add_source(team), covidence(*LISTED), "review_1_irrelevant_csv.csv")
    report = Report.objects.get(title="Excluded without a reason")
    for who in (team.ana, team.ben):
        decide(who, report, "include")
    result = bring(team, run, {"Jane": ""}, {}, listed="irrelevant")
    assert status(team, report.title) == "include"
    assert result["kept"] == 1
    assert f"“{report.title}”: it is settled otherwise here, so what was agreed on elsewhere was left out." in result["problems"]


def test_a_later_answer_on_what_was_agreed_elsewhere_asks_to_re_open(team, population):
    run = import_file(team, add_source(team), covidence(*LISTED), "review_1_irrelevant_csv.csv")
    bring(team, run, {"Jane": ""}, {}, listed="irrelevant")
    report = Report.objects.get(title="Excluded without a reason")
    decide(team.ana, report, "include")
    row = ReportStage.objects.get(report=report, stage="title_abstract")
    assert (row.status, row.requests) == ("exclude", 1)


def test_full_texts_decided_elsewhere_pass_titles_only_where_it_is_said(team, population):
    rows = (("A full text both excluded", BOTH_OUT), ("A full text one was unsure of", ONE))
    run = import_file(team, add_source(team), rayyan(*rows), "articles.csv")
    people = {"Ana R.": str(team.ana.pk), "Ben": str(team.ben.pk)}
    first = bring(team, run, people, {"wrong population": population}, stage="full_text")
    assert first["decisions"] == 0 and any("not at full texts here" in problem for problem in first["problems"])
    second = bring(team, run, people, {"wrong population": population}, stage="full_text", passed=True)
    assert (second["decisions"], second["retrievals"]) == (2, 1)
    assert status(team, "A full text both excluded", "full_text") == "exclude"
    assert any("said maybe, and a full text is included or excluded" in problem for problem in second["problems"])
    assert check_stages(team.project) == []


def test_one_person_on_two_records_of_a_report_is_taken_once_or_not_at_all(team, population):
    same, other = notes('"Ana"=>"Included"'), notes('"Ana"=>"Excluded"')
    text = rayyan(("Peers in crisis houses", same), ("Recovery colleges everywhere", same)).decode()
    again = rayyan(("Peers in crisis houses", same), ("Recovery colleges everywhere", other)).decode().split("\n", 1)[1]
    run = import_file(team, add_source(team), (text + again).encode(), "articles.csv")
    assert Report.objects.filter(project=team.project).count() == 2
    result = bring(team, run, {"Ana": str(team.ana.pk)}, {})
    assert [d.report.title for d in Decision.objects.filter(member=team.ana)] == ["Peers in crisis houses"]
    assert result["problems"] == ["“Recovery colleges everywhere”: Two different answers of Ana: neither was taken."]


def test_everybody_in_the_file_has_to_be_said_and_nobody_twice(team, brought):
    run, people, _reasons = brought
    outsider = Membership.objects.create(project=projects.create_project(user=team.outsider, title="Else").project, shown_name="Ann")
    for said, sentence in (
        ({"Ben": people["Ben"]}, "Say who Ana R. is"),
        ({**people, "Ana R.": people["Ben"]}, "cannot be one person"),
        ({**people, "Ana R.": str(outsider.pk)}, "is not in this project"),
        ({"Ana R.": "", "Ben": ""}, None),
    ):
        if sentence is None:
            assert bring(team, run, said, {})["decisions"] == 0  # the labels alone
            continue
        with pytest.raises(Refused, match=sentence):
            actions.start(by=team.coordinator, source=run, people=said, reasons={})
    with pytest.raises(Refused, match="not in the protocol in force"):
        actions.start(by=team.coordinator, source=run, people=people, reasons={"wrong population": str(outsider.pk)})
    assert Decision.objects.count() == 0


def test_what_was_brought_in_is_as_blind_as_any_other(team, brought):
    run, people, reasons = brought
    bring(team, run, people, reasons)
    split, settled = (Report.objects.get(title=title) for title in ("Split between two", "Carers in crisis"))
    assert visible_decisions(team.coordinator, [split.pk]) == []
    assert [one.who for one in visible_decisions(team.ana, [split.pk])] == ["Ana"]
    assert {one.origin for one in visible_decisions(team.coordinator, [settled.pk])} == {"import"}


def test_only_whoever_gave_the_file_sees_its_answers(team, brought, client):
    run, _people, _reasons = brought
    projects.set_roles(by=team.coordinator, member=team.ben, roles={"coordinator", "reviewer"})
    pages = {}
    for member in (team.coordinator, team.ben):
        client.force_login(member.user)
        pages[member.pk] = client.get(f"/p/{team.project.slug}/imports/{run.pk}/decisions/").content.decode()
        body = client.get(f"/api/v1/projects/{team.project.slug}/imports/{run.pk}/decisions/").json()
        assert [bool(person["answers"]) for person in body["people"]] == [member == team.coordinator] * 2
        assert body["labels"] == ({"peer work": 1, "scoping": 1} if member == team.coordinator else {"peer work": None, "scoping": None})
    assert "Only whoever gave the file" in pages[team.ben.pk] and "Only whoever gave the file" not in pages[team.coordinator.pk]


def test_over_http_the_same_is_said_and_refused(team, brought, client):
    run, people, reasons = brought
    client.force_login(team.coordinator.user)
    url = f"/api/v1/projects/{team.project.slug}/imports/{run.pk}/decisions/"
    refused = client.post(url, {"people": {"Ben": None}}, content_type="application/json")
    assert refused.status_code in (400, 409, 422) and "Say who Ana R. is" in refused.json()["detail"]
    sent = {"people": {**people, "Ana R.": "new"}, "reasons": reasons}
    asked = client.post(url, sent, content_type="application/json")
    assert asked.status_code == 202
    jobs.run(asked.json()["job"])
    job = client.get(f"/api/v1/projects/{team.project.slug}/jobs/{asked.json()['job']}/").json()
    assert (job["state"], job["result"]["decisions"]) == ("done", 7)


MINE = ("imports/<uuid:pk>/decisions/", "decision-files/", "brought-in/")


def test_only_coordinators_reach_the_pages_of_bringing_in(team, brought, client):
    run, people, reasons = brought
    bring(team, run, people, reasons)
    found = [route for route in routes() if any(part in route.route for part in MINE)]
    assert len(found) == 7 and {rule for route in found for rule in route.rules.values()} == {"decisions.bring_in"}
    addresses = [
        f"/p/{team.project.slug}/{path}"
        for path in (f"imports/{run.pk}/decisions/", "decision-files/", f"brought-in/{runs_of(run)[0].pk}/")
    ]
    for name, member in team.members.items():
        client.force_login(member.user)
        assert {client.get(address).status_code for address in addresses} == {200 if name == "coordinator" else 403}
    client.force_login(team.outsider)
    assert {client.get(address).status_code for address in addresses} == {404}


def test_a_file_that_is_not_ours_is_refused_with_a_sentence(team, client):
    client.force_login(team.coordinator.user)
    url = f"/p/{team.project.slug}/decision-files/"
    for content, sentence in (
        (b"Title,Year\nA,2020\n", "not a file of decisions made here"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b'{"brolly_decisions": "9"}\n', "holds no decision"),
        (b"", "empty"),
    ):
        answer = client.post(url, {"file": io.BytesIO(content)})
        assert answer.status_code == 422 and sentence in answer.content.decode()


def test_rows_of_reports_that_are_not_here_are_listed(team, reports):
    rows = [
        Row(Identity(title=title, year=2020), Said("decision", "include", "Ana", "title_abstract", n=1))
        for title in ("Nowhere", reports[0].title)
    ]
    text = io.StringIO()
    write_csv(text, [replace(row, about=replace(row.about, first_author=row.about.title and "Author1, A.")) for row in rows])
    data = text.getvalue().encode()
    file = actions.keep_file(by=team.coordinator, name="decisions.csv", content=io.BytesIO(data), size=len(data))
    result = bring(team, file, {"Ana": str(team.ana.pk)}, {})
    assert result["decisions"] == 1
    assert result["problems"] == ["“Nowhere” is not in this project; its one row was left out."]


def test_a_run_that_broke_off_half_way_is_taken_up_and_comes_to_the_same(team, brought, monkeypatch):
    run, people, reasons = brought
    monkeypatch.setattr(actions, "BATCH", 1)
    step, told = jobs.Handle.step, []

    def killed_after_two(handle, *args):
        told.append(args)
        if len(told) == 3:
            raise jobs.Stopped
        step(handle, *args)

    with monkeypatch.context() as broken:
        broken.setattr(jobs.Handle, "step", killed_after_two)
        half = actions.start(by=team.coordinator, source=run, people=people, reasons=reasons)
        jobs.run(str(half.job_id))
    assert 0 < Decision.objects.count() < 7
    Job.objects.filter(pk=half.job_id).update(lease_until="2020-01-01T00:00:00Z")
    jobs.run(str(half.job_id))
    assert Job.objects.get(pk=half.job_id).state == "done"
    assert [status(team, title) for title, _notes in FILE] == ["include", "exclude", "conflict", "open"]
    assert (Decision.objects.count(), Labelling.objects.count()) == (7, 2)
    assert check_stages(team.project) == []
