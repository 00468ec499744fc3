"""The project page, the lists, the files and the commands."""

import csv
import io
import json
import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from screening.decisions.models import ReportStage
from screening.flow.actions import repair
from screening.flow.checks import check_project
from screening.flow.queries import counts_of
from screening.fulltext.actions import record_retrieval
from screening.projects.models import Membership
from screening.protocol.actions import record_version, save_criterion
from screening.references.models import Placement, Report
from tests.cast import add_source, decide, import_file, import_titles, ris


@pytest.fixture
def settled(team, reports):
    """Four reports from one database, two of them also found by citation searching, with one new one there."""
    for report, answer in zip(reports, ("include", "exclude", "include", "exclude"), strict=True):
        decide(team.ana, report, answer)
        decide(team.ben, report, answer)
    import_file(
        team,
        add_source(team, "Citation searching", "citation"),
        ris(*(r.title for r in reports[:2]), "Found by citation alone", start=1),
        name="c.ris",
    )
    record_retrieval(by=team.ana, report_id=reports[0].pk, status="retrieved")
    return reports


def page(client, member, name, *args, **query):
    client.force_login(member.user)
    return client.get(reverse(name, args=[member.project.slug, *args]), query)


def test_the_project_page_is_the_diagram_with_what_waits_for_me(client, team, settled):
    import_titles(team, "Not looked at by anybody yet", source=add_source(team, "Embase"))
    answer = page(client, team.ana, "flow:project")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert reverse("flow:box", args=[team.project.slug, "records_screened"]) in text
    assert "1 of these waits for you" in text
    assert "of these wait" not in page(client, team.observer, "flow:project").content.decode()


def test_an_empty_project_says_what_to_do_first(client, team):
    text = page(client, team.coordinator, "flow:project").content.decode()
    assert "First steps" in text and reverse("protocol:sources", args=[team.project.slug]) in text
    assert "A coordinator does these" in page(client, team.ben, "flow:project").content.decode()


def test_the_page_asks_the_database_the_same_number_of_times_for_more_reports(client, team, reports):
    with CaptureQueriesContext(connection) as few:
        page(client, team.ana, "flow:project")
    import_titles(team, *(f"Another report about wards number {n}" for n in range(30)), source=add_source(team, "Embase"))
    with CaptureQueriesContext(connection) as many:
        page(client, team.ana, "flow:project")
    assert len(many) <= len(few)


def test_a_vote_that_settles_nothing_changes_nobody_elses_page(client, team, reports):
    save_criterion(by=team.coordinator, values={"label": "A review", "text": "It is a review."})
    record_version(by=team.coordinator)

    def seen() -> dict[str, str]:
        pages = {name: page(client, member, "flow:project").content.decode() for name, member in team.members.items() if name != "ana"}
        return {name: re.sub(r"[A-Za-z0-9]{64}", "csrf", text) for name, text in pages.items()}

    before = seen()
    decide(team.ana, reports[0], "exclude", note="My colleague must not see this.")
    assert seen() == before


@pytest.mark.parametrize(
    ("box", "titles"),
    [
        ("records_excluded", {"Family peer work in wards", "Recovery colleges reviewed"}),
        ("dbr_assessed", {"Peer support in crisis teams"}),
        ("dbr_retrieval_open", {"Bots as listeners"}),
        ("other_sought_reports", {"Found by citation alone"}),
        ("other_already_found", {"Peer support in crisis teams", "Family peer work in wards"}),
    ],
)
def test_a_box_lists_exactly_what_it_counts(client, team, settled, box, titles):
    answer = page(client, team.observer, "flow:box", box)
    shown = answer.context.get("reports") or [record.placement.report for record in answer.context["records"]]
    assert {report.title for report in shown} == titles
    assert answer.context["n"] == len(shown) == counts_of(team.project)[box]


def test_every_number_within_a_box_leads_to_its_list(client, team, settled):
    """What stands in a line within a box of the diagram is a link on the page of that box, with the same number."""
    import_file(team, add_source(team, "Embase"), ris(settled[0].title), name="e.ris")
    for member in (team.ana, team.ben):
        decide(member, settled[0], "include", "full_text")
    counts = counts_of(team.project)
    for box, key, n in (
        ("removed_before_screening", "duplicates", 1),
        ("other_identified", "other_already_found", 2),
        ("new_reports", "dbr_included", 1),
    ):
        (link,) = page(client, team.observer, "flow:box", box).context["within"]
        assert link["url"] == reverse("flow:box", args=[team.project.slug, key]) and link["n"] == counts[key] == n
    then = timezone.now().isoformat()
    (link,) = page(client, team.observer, "flow:box", "new_reports", at=then).context["within"]
    assert client.get(link["url"]).context["n"] == 1 and "at=" in link["url"]


def test_a_box_that_does_not_exist_is_not_found(client, team):
    assert page(client, team.ana, "flow:box", "nothing").status_code == 404


def test_records_are_paged_by_key_and_none_is_lost(client, team, monkeypatch):
    import_titles(team, *(f"Report about peers number {n:03}" for n in range(60)))
    first = page(client, team.ana, "flow:box", "records_identified")
    assert len(first.context["records"]) == 50
    second = client.get(first.request["PATH_INFO"] + first.context["next_url"])
    assert len({record.pk for record in [*first.context["records"], *second.context["records"]]}) == 60
    assert second.context["next_url"] == ""


def test_each_equation_is_shown_with_its_figures(client, team, settled):
    answer = page(client, team.observer, "flow:identities")
    assert answer.context["holding"] == len(answer.context["lines"])
    assert "Breaks" not in answer.content.decode()


def test_the_files(client, team, settled):
    svg = page(client, team.observer, "flow:prisma-svg")
    assert svg["Content-Type"].startswith("image/svg+xml") and svg.content == page(client, team.observer, "flow:prisma-svg").content
    figures = json.loads(page(client, team.observer, "flow:prisma-json").content)
    assert figures["boxes"]["records_excluded"] == 2
    rows = list(csv.DictReader(io.StringIO(page(client, team.observer, "flow:prisma-csv").content.decode())))
    assert {row["data"]: row["n"] for row in rows}["citations_results"] == "3"


def test_the_api_gives_the_same_numbers_and_lists(client, team, settled):
    client.force_login(team.observer.user)
    root = f"/api/v1/projects/{team.project.slug}/flow/"
    assert client.get(root).json()["boxes"]["records_excluded"] == 2
    box = client.get(f"{root}records_excluded/").json()
    assert box["n"] == len(box["results"]) == 2 and box["next"] is None
    assert client.get(f"{root}nothing/").status_code == 404


def run(command, *arguments):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(command, *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_prisma_counts_prints_json_or_one_sentence(team, settled):
    code, out, err = run("prisma_counts", team.project.slug)
    assert (code, err) == (0, "")
    assert json.loads(out)["boxes"]["records_identified"] == 4 and all(line["holds"] for line in json.loads(out)["identities"])
    code, out, err = run("prisma_counts", "no-such-project")
    assert (code, out) == (1, "") and err.count("\n") == 1


def spoil(team, reports):
    """Every kind of cache, made wrong behind the actions' back; gives the words each difference should have."""
    ReportStage.objects.filter(report=reports[0], stage="title_abstract").update(status="conflict", n=7)
    ReportStage.objects.filter(report=reports[2], stage="full_text").update(retrieval="not_retrieved", suspended=True)
    Report.objects.filter(pk=reports[1].pk).update(column="other", title="Another title")
    Membership.objects.filter(pk=team.observer.pk).update(roles=["coordinator"])
    Placement.objects.filter(report=reports[3]).update(report=reports[0])
    return {
        "status of a stage",
        "n of a stage",
        "retrieval of a stage",
        "suspended of a stage",
        "column of a report",
        "title of a report",
        "roles of a member",
        "report of a record",
    }


def test_verify_finds_nothing_where_nothing_is_wrong(team, settled):
    code, out, _ = run("verify")
    assert code == 0
    assert json.loads(out)["projects"] == [{"project": team.project.slug, "differences": [], "broken": [], "lost_files": []}]


def test_verify_finds_every_kind_of_wrong_cache_and_repairs_it(team, settled):
    expected = spoil(team, settled)
    code, out, err = run("verify", team.project.slug)
    assert code == 1 and "differ" in err
    assert expected <= {difference["what"] for difference in json.loads(out)["projects"][0]["differences"]}
    code, out, _ = run("verify", "--repair")
    assert code == 0 and json.loads(out)["projects"][0]["left"] == []
    assert run("verify")[0] == 0
    assert counts_of(team.project)["records_excluded"] == 2


def test_repair_on_a_sound_project_changes_nothing(team, settled):
    before = list(ReportStage.objects.order_by("report_id", "stage").values_list("status", "n", "since"))
    assert check_project(team.project) == [] == repair(team.project)
    assert list(ReportStage.objects.order_by("report_id", "stage").values_list("status", "n", "since")) == before
