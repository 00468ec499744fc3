"""What an automation tool said elsewhere: counted in PRISMA's box of its own, never as one of the people who decide."""

import pytest

from screening.decisions.bringing import actions
from screening.decisions.bringing.forms import BringForm
from screening.decisions.bringing.queries import summary_of
from screening.decisions.bringing.rules import AUTOMATION, Choices, plan
from screening.decisions.carried import DECISION, LABEL, RULING, Said
from screening.decisions.carried.words import is_tool
from screening.decisions.models import Decision, Standing
from screening.flow.checks import check_project
from screening.flow.equations import identities
from screening.flow.queries import counts_of, reports_in
from screening.projects.actions import Refused
from screening.references import actions as references
from screening.references.models import Removal, Report
from tests.cast import add_source, decide, import_file
from tests.decisions.test_bringing_in import bring, status

ROWS = (
    # title, Ana, Ben, the tool
    ("Only the tool said no", "", "", "exclude"),
    ("The tool and one person said no", "exclude", "", "exclude"),
    ("Two people said no", "exclude", "exclude", "include"),
    ("Only the tool said yes", "", "", "include"),
    ("The tool said maybe", "", "", "maybe"),
    ("Two people said yes and the tool no", "include", "include", "exclude"),
)
HEADER = "title,authors,year,doi,abstract,Ana vote,Ben vote,Robot vote"


@pytest.fixture
def table(team):
    rows = [f'{title},"Writer{n}, A.",2020,10.1234/t.{n},About {title}.,{",".join(votes)}' for n, (title, *votes) in enumerate(ROWS)]
    return import_file(team, add_source(team), "\n".join([HEADER, *rows]).encode(), "votes.csv")


@pytest.fixture
def people(team):
    return {"Ana vote": str(team.ana.pk), "Ben vote": str(team.ben.pk), "Robot vote": AUTOMATION}


def holding(team) -> list[str]:
    return [line.words for line in identities(counts_of(team.project)) if not line.holds] + check_project(team.project)


def test_what_a_tool_alone_excluded_is_in_the_box_of_automation_tools(team, table, people):
    result = bring(team, table, people, {})
    assert (result["decisions"], result["marked"], result["screened"], result["n_problems"]) == (5, 1, 2, 0)
    counts = counts_of(team.project)
    assert (counts["excluded_automatic"], counts["records_screened"], counts["records_excluded"]) == (1, 5, 1)
    assert [report.title for report in reports_in(team.project, "excluded_automatic")] == ["Only the tool said no"]
    assert holding(team) == []
    fact = Removal.objects.get()
    assert (fact.kind, fact.by, fact.act) == ("automation", team.coordinator, result and table_run(table).pk)
    assert fact.reason == "Marked as ineligible by Robot vote, an automation tool, in votes.csv."
    assert "marked by an automation tool" in actions.sentence(result) and "2 that a tool marked" in actions.sentence(result)


def table_run(table):
    from screening.decisions.bringing.queries import runs_of

    return runs_of(table)[0]


def test_a_tool_is_never_one_of_the_pair(team, table, people):
    bring(team, table, people, {})
    assert status(team, "The tool and one person said no") == "open"
    assert status(team, "Only the tool said yes") == status(team, "The tool said maybe") == "open"
    assert (status(team, "Two people said no"), status(team, "Two people said yes and the tool no")) == ("exclude", "include")
    assert set(Decision.objects.values_list("member", flat=True)) == {team.ana.pk, team.ben.pk}
    assert set(Standing.objects.values_list("member", flat=True)) == {team.ana.pk, team.ben.pk}


def test_brought_in_again_or_put_back_by_a_person(team, table, people):
    bring(team, table, people, {})
    again = bring(team, table, people, {})
    assert (again["marked"], again["decisions"]) == (0, 0) and Removal.objects.count() == 1
    report = Report.objects.get(title="Only the tool said no")
    references.put_back(by=team.coordinator, report_ids=[report.pk], reason="It is one after all.")
    assert status(team, report.title) == "open" and counts_of(team.project)["excluded_automatic"] == 0
    # A person's word stands: the same file takes it out no second time.
    again = bring(team, table, people, {})
    assert (again["marked"], again["kept"]) == (0, 1)
    decide(team.ana, report, "include")
    assert bring(team, table, people, {})["marked"] == 0
    assert holding(team) == []


def test_nothing_here_but_a_tools_answers_can_be_brought_in(team, table):
    only = {"Ana vote": "", "Ben vote": "", "Robot vote": AUTOMATION}
    result = bring(team, table, only, {})
    assert (result["decisions"], result["marked"]) == (0, 3)
    with pytest.raises(Refused, match="Everybody is left out"):
        actions.start(by=team.coordinator, source=table, people=dict.fromkeys(only, ""), reasons={})


def test_what_was_found_by_other_methods_has_no_such_box(team, people):
    run = import_file(team, add_source(team, "Citations", "citation"), f'{HEADER}\nOne,"W, A.",2020,10.1/x,A.,,,exclude'.encode(), "v.csv")
    result = bring(team, run, {"Robot vote": AUTOMATION}, {})
    assert result["marked"] == 0 and "found by other methods only" in result["problems"][0]
    assert holding(team) == []


@pytest.mark.parametrize(
    ("answers", "marked", "problems"),
    [
        (("exclude",), True, 0),
        (("exclude", "exclude"), True, 0),
        (("exclude", "include"), False, 1),
        (("include",), False, 0),
        ((), False, 0),
    ],
)
def test_tools_that_do_not_agree_leave_it_to_people(answers, marked, problems):
    said = [Said(DECISION, answer, who=f"Tool {n}") for n, answer in enumerate(answers)]
    made = plan(said, (), Choices(people={f"Tool {n}": AUTOMATION for n in range(len(answers))}))
    assert (bool(made.wanted), len(made.problems)) == (marked, problems)


def test_a_tool_neither_rules_nor_labels_nor_counts_at_full_text():
    said = [
        Said(RULING, "exclude", who="Tool", stage="title_abstract"),
        Said(LABEL, "seen", who="Tool"),
        Said(DECISION, "exclude", who="Tool", stage="full_text"),
    ]
    made = plan(said, (), Choices(people={"Tool": AUTOMATION}))
    assert made.wanted == [] and made.left_out == 2
    assert made.problems == ["Tool answered at full text, and tools count before screening alone."]


def test_a_name_that_says_so_is_suggested_as_a_tool(team, table):
    form = BringForm(source=table, summary=summary_of(table), project=team.project)
    suggested = {person.name: field.initial for person, field in form.rows_of_people()}
    assert suggested == {"Ana vote": "", "Ben vote": "", "Robot vote": AUTOMATION}
    tools = ("ASReview LAB", "robot_vote", "AI", "Priority classifier", "automation")
    assert all(map(is_tool, tools)) and not any(map(is_tool, ("Aina", "Robotnik", "Mai", "Ana R.", "")))


def test_the_page_offers_it_and_the_api_takes_it(client, team, table, people):
    client.force_login(team.coordinator.user)
    page = client.get(f"/p/{team.project.slug}/imports/{table.pk}/decisions/")
    assert "Not a person: an automation tool" in page.content.decode() and "nobody’s decision" in page.content.decode()
    sent = {"people": people | {"Ana vote": None}}
    made = client.post(f"/api/v1/projects/{team.project.slug}/imports/{table.pk}/decisions/", sent, content_type="application/json")
    assert made.status_code == 202
