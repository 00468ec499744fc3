"""Decisions of other tools, and our own given back, become facts here: who, what, why; nothing twice, nothing overwritten."""

import csv
import io

import pytest

from screening.decisions.bringing import actions
from screening.decisions.bringing.queries import runs_of, summary_of
from screening.decisions.models import Decision, ReportStage, Standing
from screening.flow.checks import check_stages
from screening.projects import jobs
from screening.projects.models import Membership
from screening.protocol import actions as protocol
from screening.protocol.queries import reasons_in_order
from screening.references.models import Labelling, Report
from tests.cast import add_source, decide, import_file

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
