"""The list of reports, one report, joining and parting."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.fulltext.actions import record_retrieval
from screening.projects import contributions
from screening.references import actions
from screening.references.models import Placement, Record, Report
from screening.references.queries import page_of_reports, reports_of
from tests.cast import add_source, decide, import_file, import_titles, ris


def at(team, name="reports", **kwargs):
    return reverse(f"references:{name}", kwargs={"slug": team.project.slug, **kwargs})


@pytest.fixture
def browse(client):
    def as_member(member):
        client.force_login(member.user)
        return client

    return as_member


def shown(response):
    return [row["report"].title for row in response.context["rows"]]


def settle(team, report, answer, stage="title_abstract", **more):
    for member in (team.ana, team.ben):
        decide(member, report, answer, stage, **more)


def test_reports_are_listed_by_title_and_turned_by_key(browse, team):
    import_titles(team, *[f"Peer support report {n:03}" for n in range(120)])
    client, seen, address = browse(team.observer), [], at(team)
    while address:
        response = client.get(address)
        seen += shown(response)
        address = at(team) + response.context["next_url"] if response.context["next_url"] else ""
    assert seen == sorted(seen) and len(seen) == len(set(seen)) == 120
    back = client.get(at(team) + response.context["previous_url"])
    assert shown(back) == seen[50:100]


@pytest.mark.parametrize("cursor", ["nonsense", "~", "x~" + "z" * 36, "\x00~" + "0" * 36, "a~00000000-0000-0000-0000-000000000000"])
def test_an_odd_cursor_is_no_error(browse, team, reports, cursor):
    client = browse(team.observer)
    assert client.get(at(team), {"after": cursor}).status_code == 200
    assert client.get(at(team), {"before": cursor, "q": "\x00", "source": "\x00", "stands": "x"}).status_code == 200


def test_titles_are_found_without_accents_case_or_punctuation(browse, team):
    import_titles(team, "Soutien par les pairs : une évaluation", "Recovery colleges")
    client = browse(team.observer)
    for words in ("EVALUATION", "pairs: une", "évaluation"):
        assert shown(client.get(at(team), {"q": words})) == ["Soutien par les pairs : une évaluation"]
    assert "No report fits that." in client.get(at(team), {"q": "absent"}).content.decode()


def test_reports_are_narrowed_by_source_and_a_withdrawn_import_is_none(browse, team):
    medline, psycinfo = add_source(team), add_source(team, "PsycINFO")
    import_titles(team, "Peers in MEDLINE", source=medline)
    run = import_file(team, psycinfo, ris("Peers in PsycINFO", start=50))
    client = browse(team.observer)
    assert shown(client.get(at(team), {"source": "psycinfo"})) == ["Peers in PsycINFO"]
    actions.withdraw(by=team.coordinator, import_run=run, reason="Wrong.")
    assert shown(client.get(at(team), {"source": "psycinfo"})) == []
    assert shown(client.get(at(team))) == ["Peers in MEDLINE"]


def test_reports_are_narrowed_by_where_they_stand_and_a_conflict_is_open(browse, team, reports):
    conflict, excluded, gone, included = reports
    decide(team.ana, conflict, "include")
    decide(team.ben, conflict, "exclude")
    settle(team, excluded, "exclude")
    for report in (gone, included):
        settle(team, report, "include")
    record_retrieval(by=team.ana, report_id=gone.pk, status="not_retrieved", detail="Wrote to the authors.")
    record_retrieval(by=team.ana, report_id=included.pk, status="retrieved")
    settle(team, included, "include", "full_text")
    client = browse(team.observer)
    for key, report in {"open": conflict, "excluded": excluded, "not_retrieved": gone, "included": included}.items():
        assert shown(client.get(at(team), {"stands": key})) == [report.title]
    assert "onflict" not in client.get(at(team)).content.decode()


def test_the_list_asks_as_often_for_many_as_for_few(browse, team):
    client = browse(team.observer)
    import_titles(team, "Peer support first")
    client.get(at(team))
    with CaptureQueriesContext(connection) as few:
        client.get(at(team))
    import_titles(team, *[f"Peer support {n}" for n in range(30)], source=add_source(team, "Second"))
    client.get(at(team))  # the first look after a change brings the index up
    with CaptureQueriesContext(connection) as many:
        client.get(at(team))
    assert len(many) == len(few)


def twice(team):
    """One report found in two sources."""
    medline, psycinfo = add_source(team), add_source(team, "PsycINFO")
    import_file(team, medline, ris("Peer support in crisis teams"))
    import_file(team, psycinfo, ris("Peer support in crisis teams") + b"\n", name="psycinfo.ris")
    return Report.objects.get()


def test_a_report_shows_every_record_behind_it_with_why_it_was_joined(browse, team):
    report = twice(team)
    page = browse(team.observer).get(at(team, "report", pk=report.pk)).content.decode()
    assert "The 2 records behind it" in page and "psycinfo.ris" in page and "Same DOI" in page
    assert "TI  - Peer support in crisis teams" in page and f"https://doi.org/{report.doi_key}" in page
    entries = contributions.history_of("report", team.observer, report)
    assert [entry.what for entry in entries] == [
        "Imported from MEDLINE, file search.ris.",
        "Imported from PsycINFO, file psycinfo.ris.",
    ]
    assert entries[0].who == team.coordinator.shown_name and entries[1].detail.startswith("Same DOI")


def test_a_record_is_parted_with_a_reason_and_joined_again(browse, team):
    report = twice(team)
    record = Record.objects.order_by("seq").last()
    client = browse(team.coordinator)
    page = client.post(at(team, "split", pk=record.pk), {"reason": "Another edition."}, follow=True)
    new = page.context["report"]
    assert new.pk != report.pk and Placement.objects.get(record=record).report_id == new.pk and reports_of(team.project).count() == 2
    entries = contributions.history_of("report", team.observer, report)
    assert entries[-1].what == "Took a record of PsycINFO out of this report." and entries[-1].detail == "Another edition."
    search = client.get(at(team, "join", pk=report.pk), {"q": "crisis"})
    assert [found.pk for found in search.context["found"]] == [new.pk]
    confirm = client.get(at(team, "join", pk=report.pk), {"with": str(new.pk)}).content.decode()
    assert "Join these two" in confirm
    client.post(at(team, "join", pk=report.pk), {"with": str(new.pk), "reason": "The same after all."})
    assert Placement.objects.filter(report=report).count() == 2 and reports_of(team.project).count() == 1
    gone = client.get(at(team, "report", pk=new.pk)).content.decode()
    assert "joined to another report" in gone and at(team, "report", pk=report.pk) in gone


def test_a_single_record_cannot_be_parted_nor_a_report_joined_to_itself(browse, team, reports):
    client = browse(team.coordinator)
    record = Record.objects.order_by("seq").first()
    assert "only record behind its report" in client.post(at(team, "split", pk=record.pk), {"reason": "x"}, follow=True).content.decode()
    page = client.post(at(team, "join", pk=reports[0].pk), {"with": str(reports[0].pk), "reason": "x"}, follow=True).content.decode()
    assert "one report already" in page
    assert client.post(at(team, "join", pk=reports[0].pk), {"with": "nonsense", "reason": "x"}).status_code == 404


@pytest.mark.parametrize("name", ["ana", "adjudicator", "working_group", "observer"])
def test_only_coordinators_join_and_part(browse, team, name):
    report = twice(team)
    client = browse(getattr(team, name))
    page = client.get(at(team, "report", pk=report.pk)).content.decode()
    assert "Only a coordinator can join or part reports" in page
    assert client.get(at(team, "join", pk=report.pk)).status_code == 403
    assert client.post(at(team, "split", pk=Record.objects.order_by("seq").first().pk), {"reason": "x"}).status_code == 403


def test_an_open_report_tells_nobody_who_decided_what(browse, team, reports):
    before = browse(team.ben).get(at(team, "report", pk=reports[0].pk)).content
    decide(team.ana, reports[0], "exclude", note="a secret")
    after = browse(team.ben).get(at(team, "report", pk=reports[0].pk)).content
    masked = [re.sub(rb'"[A-Za-z0-9]{64}"', b'""', page) for page in (before, after)]
    assert masked[0] == masked[1]


def test_an_address_in_a_file_is_a_link_only_when_it_is_of_the_web(browse, team):
    content = b"TY  - JOUR\nTI  - Peers and addresses\nUR  - javascript:alert(1)\nPY  - 2020\nER  - \n"
    import_file(team, add_source(team), content)
    page = browse(team.observer).get(at(team, "report", pk=Report.objects.get().pk)).content.decode()
    assert 'href="javascript' not in page


def test_the_pages_of_cursors_hold_under_equal_titles(team):
    import_titles(team, *[f"Peer support {n}" for n in range(5)])
    Report.objects.update(title_key="same")
    first = page_of_reports(reports_of(team.project), size=3)
    second = page_of_reports(reports_of(team.project), after=first.after, size=3)
    assert len({row.pk for row in first.rows + second.rows}) == 5 and second.after == ""
    assert [row.pk for row in page_of_reports(reports_of(team.project), before=second.before, size=3).rows] == [
        row.pk for row in first.rows
    ]
