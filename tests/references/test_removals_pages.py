"""Removals on pages and through the API: the question why, the list, what is declared elsewhere, and the check of caches."""

import csv
import io

import pytest
from django.urls import reverse

from screening.decisions.models import ReportStage
from screening.flow.checks import check_project
from screening.flow.queries import counts_of
from screening.references.models import DeclaredRemoval, Removal, Report
from tests.cast import add_source, decide
from tests.references.removing import declare, put_back, remove, removed

pytestmark = pytest.mark.django_db


def url(team, name, **kwargs):
    return reverse(f"references:{name}", kwargs={"slug": team.project.slug, **kwargs})


@pytest.fixture
def coordinator(client, team):
    client.force_login(team.coordinator.user)
    return client


def test_ids_alone_are_answered_with_the_question_why(coordinator, team, reports):
    ids = [str(report.pk) for report in reports[:2]]
    asked = coordinator.post(url(team, "removals"), {"report": [*ids, "nonsense"]})
    assert asked.status_code == 200 and not Removal.objects.exists()
    page = asked.content.decode()
    assert all(one in page for one in ids) and "Remove 2 reports" in page
    assert coordinator.post(url(team, "removals"), {"report": ids, "kind": "other", "reason": ""}).status_code == 422
    done = coordinator.post(url(team, "removals"), {"report": ids, "kind": "automation", "reason": "Under 5%."}, follow=True)
    assert "2 reports were removed" in done.content.decode() and removed(*reports[:2]) == ["automation"] * 2


def test_all_that_a_list_shows_are_removed_once_it_is_said_why(coordinator, team, reports, monkeypatch):
    kept, found = reports[0], reports[1:]
    listed = {"which": "found", "query": f"q=-%22{kept.title}%22"}
    asked = coordinator.post(url(team, "removals"), listed)
    assert f"Remove {len(found)} reports" in asked.content.decode() and kept.title not in asked.content.decode()
    said = {**listed, "kind": "other", "reason": "Not in English."}
    for n in ({}, {"n": "1"}):
        again = coordinator.post(url(team, "removals"), {**said, **n})
        assert again.status_code == 422 and f"The list has {len(found)} reports now" in again.content.decode()
    assert not Removal.objects.exists()
    coordinator.post(url(team, "removals"), {**said, "n": str(len(found))})
    assert removed(kept, *found) == ["", *["other"] * len(found)]
    monkeypatch.setattr("screening.references.actions.MOST_REMOVED", 1)
    for query, says in (("", "Narrow the list first"), ("q=absent", "No report fits that."), ("removed=yes", "at most 1 reports")):
        refused = coordinator.post(url(team, "removals"), {**listed, "query": query}, follow=True)
        assert says in refused.content.decode(), query


def test_all_that_a_list_shows_are_put_back_with_one_reason(coordinator, team, reports):
    remove(team, *reports[:3])
    remove(team, reports[3], reason="A letter.")
    listed = {"which": "found", "query": f"removed=yes&q=-%22{reports[3].title}%22", "reason": "They are reviews."}
    page = coordinator.get(f"{url(team, 'reports')}?{listed['query']}").content.decode()
    assert "Put all 3 back" in page and "Remove all" not in page
    again = coordinator.post(url(team, "put-back"), {**listed, "n": "4"}, follow=True)
    assert "The list has 3 reports now" in again.content.decode() and "" not in removed(*reports)
    done = coordinator.post(url(team, "put-back"), {**listed, "n": "3"}, follow=True)
    assert "3 reports were put back" in done.content.decode() and removed(*reports) == ["", "", "", "other"]


def test_the_page_lists_them_with_reason_and_puts_them_back(coordinator, team, reports):
    remove(team, *reports[:2], reason="Letters to the editor.")
    page = coordinator.get(url(team, "removals")).content.decode()
    assert page.count("Letters to the editor.") == 2
    assert coordinator.get(url(team, "removals"), {"kind": "automation"}).context["rows"] == []
    back = coordinator.post(url(team, "put-back"), {"report": [str(reports[0].pk)], "reason": "It is a review."}, follow=True)
    assert "1 report was put back" in back.content.decode() and removed(*reports[:2]) == ["", "other"]


def test_the_report_says_that_it_was_removed_and_its_history_who_and_why(client, team, reports):
    remove(team, reports[0], reason="A letter.")
    client.force_login(team.observer.user)
    page = client.get(url(team, "report", pk=reports[0].pk)).content.decode()
    assert "Removed before screening: other reasons" in page and "A letter." in page


def test_it_is_offered_until_everybody_may_know_that_it_was_decided(coordinator, team, reports):
    def offered(report):
        return "Remove before screening" in coordinator.get(url(team, "report", pk=report.pk)).content.decode()

    excluded, to_full_text, open_still, _ = reports
    for report, answer in ((excluded, "exclude"), (to_full_text, "include")):
        decide(team.ana, report, answer), decide(team.ben, report, answer)
    decide(team.ana, open_still, "exclude")
    # One vote of two is blind: the page is as that of a report nobody has opened.
    assert [offered(report) for report in reports] == [False, False, True, True]


def test_a_reviewer_reads_the_page_and_changes_nothing(client, team, reports):
    remove(team, reports[0])
    client.force_login(team.ana.user)
    page = client.get(url(team, "removals")).content.decode()
    assert "Only a coordinator can remove records before screening" in page and reports[0].title in page
    assert client.post(url(team, "removals"), {"report": [str(reports[1].pk)], "kind": "other", "reason": "So."}).status_code == 403
    assert client.post(url(team, "put-back"), {"report": [str(reports[0].pk)], "reason": "So."}).status_code == 403


def test_the_box_and_the_equations_say_what_has_no_list(coordinator, team, reports):
    source = team.project.sources.get()
    declare(team, source, n=7)
    box = coordinator.get(reverse("flow:box", args=[team.project.slug, "duplicates"])).content.decode()
    assert "7 of these were removed elsewhere" in box
    page = coordinator.get(reverse("flow:identities", args=[team.project.slug])).content.decode()
    assert "Numbers without a list" in page and "no list" in page and "Breaks" not in page
    assert "without a list" in coordinator.get(reverse("flow:project", args=[team.project.slug])).content.decode()
    rows = list(csv.DictReader(io.StringIO(coordinator.get(reverse("flow:prisma-csv", args=[team.project.slug])).content.decode())))
    assert {row["data"]: row["n"] for row in rows}["duplicates"] == "7"


def test_a_declaration_is_made_and_taken_back_on_the_page_of_the_source(coordinator, team):
    source = add_source(team)
    sent = {"kind": "duplicates", "n": "12", "where": "In EndNote 20", "who": "Made-up Librarian"}
    assert coordinator.post(url(team, "declare", source=source.slug), {**sent, "n": "0"}).status_code == 422
    page = coordinator.post(url(team, "declare", source=source.slug), sent, follow=True).content.decode()
    assert "In EndNote 20" in page and "no list" in page
    fact = DeclaredRemoval.objects.get()
    page = coordinator.post(url(team, "take-back", pk=fact.pk), follow=True).content.decode()
    assert "took back 12 duplicates" in page and counts_of(team.project)["duplicates"] == 0


def test_what_other_methods_found_is_only_declared_as_duplicates(coordinator, team):
    source = add_source(team, "Citations", "citation")
    page = coordinator.get(url(team, "declare", source=source.slug)).content.decode()
    assert "Duplicates" in page and "Marked as ineligible" not in page


def test_the_api_removes_puts_back_and_declares(coordinator, team, reports):
    decide(team.ana, reports[1], "include")
    root = f"/api/v1/projects/{team.project.slug}/"
    sent = {"reports": [str(report.pk) for report in reports[:2]], "kind": "other", "reason": "Letters."}
    answer = coordinator.post(f"{root}removals/", sent, content_type="application/json").json()
    assert answer["n"] == 1 and len(answer["refused"]) == 1
    (row,) = coordinator.get(f"{root}removals/").json()["results"]
    assert (row["report"], row["kind"], row["reason"]) == (str(reports[0].pk), "other", "Letters.")
    back = {"reports": [str(reports[0].pk)], "reason": "No."}
    assert coordinator.post(f"{root}removals/back/", back, content_type="application/json").json() == {"n": 1, "refused": []}
    slug = team.project.sources.get().slug
    body = {"kind": "duplicates", "n": 4, "where": "In EndNote", "who": "Me"}
    made = coordinator.post(f"{root}sources/{slug}/declared-removals/", body, content_type="application/json")
    assert made.status_code == 201
    flow = coordinator.get(f"{root}flow/").json()
    assert flow["without_list"]["duplicates"] == 4 and flow["sources"][0]["declared"] == 4
    assert coordinator.get(f"{root}flow/duplicates/").json()["without_list"] == 4
    assert coordinator.delete(f"{root}declared-removals/{made.json()['id']}/").status_code == 204
    (fact,) = coordinator.get(f"{root}sources/{slug}/declared-removals/").json()
    assert fact["taken_back"] is True
    bad = {**body, "description": 9}
    assert coordinator.post(f"{root}sources/{slug}/declared-removals/", bad, content_type="application/json").status_code == 400


def test_verify_finds_a_wrong_removal_and_repairs_it(team, reports):
    from screening.flow.actions import repair

    remove(team, reports[0])
    Report.objects.filter(pk=reports[0].pk).update(removed="")
    Report.objects.filter(pk=reports[1].pk).update(removed="automation")
    assert {d.what for d in check_project(team.project)} >= {"removal of a report"}
    assert repair(team.project) == []
    assert removed(*reports[:2]) == ["other", ""]
    assert ReportStage.objects.get(report=reports[0], stage="title_abstract").suspended


def test_the_list_of_reports_offers_it_and_finds_what_was_removed(coordinator, team, reports):
    page = coordinator.get(url(team, "reports")).content.decode()
    assert f'formaction="{url(team, "removals")}"' in page
    remove(team, reports[0])
    found = coordinator.get(url(team, "reports"), {"stands": "removed"}).content.decode()
    assert reports[0].title in found and reports[1].title not in found and "Removed before screening" in found
    everything = coordinator.get(url(team, "reports")).content.decode()
    assert all(report.title in everything for report in reports)
    put_back(team, reports[0])
    assert reports[0].title not in coordinator.get(url(team, "reports"), {"stands": "removed"}).content.decode().split("found-rows")[-1]
