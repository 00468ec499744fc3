"""The pages around the diagram: a past moment, the words, the splits, the equations, labels and an earlier version; and their API."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone

from extraction.forms.actions import save_extraction
from screening.flow.labels.actions import forget_previous, record_previous, set_labels
from screening.flow.models import BoxLabel, PreviousReview
from screening.flow.past import looking
from screening.flow.past.looking import counts_at, server_time
from screening.flow.queries import counts_of, labels_of, places_of
from screening.flow.splits.queries import by_source, tables_of
from screening.fulltext.actions import record_retrieval
from screening.fulltext.reviews.actions import stands_alone
from screening.projects import jobs
from screening.projects.access import Denied
from screening.projects.actions import Refused
from screening.projects.models import Job
from screening.protocol.actions import save_criterion
from tests.cast import PASSWORD, add_source, decide, import_file
from tests.flow.histories import ris_of


@pytest.fixture
def page(client, team):
    def ask(name: str, who=None, *args, **data):
        client.login(username=(who or team.coordinator).user.email, password=PASSWORD)
        return client.get(reverse(f"flow:{name}", args=[team.project.slug, *args]), data)

    return ask


@pytest.fixture
def send(client, team):
    def ask(name: str, who=None, **data):
        client.login(username=(who or team.coordinator).user.email, password=PASSWORD)
        return client.post(reverse(f"flow:{name}", args=[team.project.slug]), data)

    return ask


@pytest.fixture
def api(client, team):
    def ask(name: str, method: str = "get", body=None, who=None, **data):
        client.login(username=(who or team.coordinator).user.email, password=PASSWORD)
        address = reverse(f"flow-api:{name}", args=[team.project.slug])
        return getattr(client, method)(
            address, body if body is not None else data, **({"content_type": "application/json"} if body else {})
        )

    return ask


def exclude(team, report) -> None:
    for member in (team.ana, team.ben):
        decide(member, report, "exclude")


class TestPast:
    def test_a_moment_and_what_changed_since_another(self, page, team, reports):
        first = server_time()
        exclude(team, reports[0])
        second = server_time()
        exclude(team, reports[1])
        text = page("past", team.observer, at=second.isoformat(), since=first.isoformat()).content.decode()
        assert "1 report: screened" in text and "2 reports" not in text
        assert f"at={quote(second.isoformat())}" in text
        listed = page("box", None, "records_excluded", at=second.isoformat()).content.decode()
        assert reports[0].title in listed and reports[1].title not in listed

    def test_the_page_asks_for_a_moment_and_says_what_is_none(self, page, team, reports):
        assert page("past").status_code == 200
        for wrong in ("soon", "2026-13-45", "0000-00-00T00:00", "9999-01-01T00:00", "1e9"):
            answer = page("past", at=wrong)
            assert answer.status_code == 400 and ("Give a date" in answer.content.decode() or "still to come" in answer.content.decode())
        assert page("past", at=server_time().isoformat(), since=timezone.now().isoformat()).status_code == 400
        assert page("box", None, "title_open", at="soon").status_code == 302

    def test_before_the_project_began(self, page, team, reports):
        text = page("past", at="1999-12-31T23:59").content.decode()
        assert "Nothing had been recorded by then" in text
        assert page("past", at="0001-01-01T00:00").status_code == 200

    def test_a_large_review_is_counted_by_a_job_once(self, page, send, api, team, reports, monkeypatch):
        then = server_time()
        exclude(team, reports[0])
        now = server_time()
        monkeypatch.setattr(looking, "AT_ONCE", 1)
        assert "Count it" in page("past", at=now.isoformat(), since=then.isoformat()).content.decode()
        assert send("past", at=now.isoformat(), since=then.isoformat()).status_code == 302
        job = Job.objects.get(kind=looking.JOB)
        jobs.run(str(job.pk))
        assert "1 report: screened" in page("past", at=now.isoformat(), since=then.isoformat()).content.decode()
        assert Job.objects.filter(kind=looking.JOB).count() == 1
        body = api("past", at=now.isoformat(), since=then.isoformat()).json()
        assert body["flow"]["boxes"]["records_excluded"] == 1 and body["earlier"]["boxes"]["records_excluded"] == 0
        assert api("past", at=then.isoformat()).status_code == 202

    def test_over_http(self, api, team, reports):
        then = server_time()
        exclude(team, reports[0])
        body = api("past", at=server_time().isoformat(), since=then.isoformat()).json()
        (out,) = [one for one in body["differences"] if one["box"] == "records_excluded"]
        assert (out["before"], out["after"], out["lines"]) == (0, 1, [{"n": 1, "words": "1 report: screened"}])
        assert api("past").status_code == 400 and api("past", at="soon").status_code == 400

    def test_a_list_of_then_over_http(self, client, team, reports):
        exclude(team, reports[0])
        then = server_time()
        exclude(team, reports[1])
        client.login(username=team.observer.user.email, password=PASSWORD)
        address = reverse("flow-api:box", args=[team.project.slug, "records_excluded"])
        assert client.get(address).json()["n"] == 2
        body = client.get(address, {"at": then.isoformat()}).json()
        assert body["n"] == 1 and [one["report"] for one in body["results"]] == [str(reports[0].pk)]
        assert client.get(address, {"at": "soon"}).status_code in (400, 409, 422)


class TestParts:
    def test_each_source_of_a_number_opens_its_own_list(self, page, team, reports):
        import_file(team, add_source(team, "Embase"), ris_of([1, 2]))
        text = page("box", None, "records_identified").content.decode()
        assert "Embase" in text and "?part=embase" in text
        text = page("box", None, "records_identified", part="embase").content.decode()
        assert text.count("From Embase") == 2 and "From MEDLINE" not in text

    def test_each_reason_opens_its_own_list(self, page, team, reports):
        criteria = [save_criterion(by=team.coordinator, values={"label": f"Reason {n}", "text": "As it says."}) for n in (1, 2)]
        for report, criterion in zip(reports, [criteria[0], criteria[0], criteria[1]], strict=False):
            for member in (team.ana, team.ben):
                decide(member, report, "include")
            record_retrieval(by=team.ana, report_id=report.pk, status="retrieved")
            for member in (team.ana, team.ben):
                decide(member, report, "exclude", "full_text", failed=[criterion.pk])
        text = page("box", None, "dbr_excluded", part=str(criteria[0].pk)).content.decode()
        assert reports[0].title in text and reports[2].title not in text
        left = page("box", None, "dbr_excluded", part=str(criteria[1].pk)).context
        assert [one["n"] for one in left["parts"]] == [2, 1] and [one.pk for one in left["reports"]] == [reports[2].pk]
        assert page("box", None, "dbr_excluded", part="nonsense").content.decode().count("<li>") >= 3

    def test_what_was_excluded_for_no_reason_has_a_list_too(self, page, team, reports):
        """Before there are criteria, and where decisions were brought in, there may be none."""
        for member in (team.ana, team.ben):
            decide(member, reports[0], "include")
        record_retrieval(by=team.ana, report_id=reports[0].pk, status="retrieved")
        for member in (team.ana, team.ben):
            decide(member, reports[0], "exclude", "full_text")
        shown = page("box", None, "dbr_excluded", part="none").context
        assert [(one["name"], one["n"]) for one in shown["parts"]] == [("No reason recorded", 1)]
        assert shown["n"] == 1 and [one.pk for one in shown["reports"]] == [reports[0].pk]


class TestEquations:
    def test_what_is_not_settled_is_listed_with_why(self, page, team, reports):
        exclude(team, reports[0])
        text = page("identities", team.observer).content.decode()
        assert "3 not settled" in text and "too few have decided on" in text and reports[1].title in text
        assert "Breaks" not in text

    def test_a_conflict_is_told_to_whoever_settles_it_alone(self, page, team, reports):
        decide(team.ana, reports[0], "include")
        decide(team.ben, reports[0], "exclude")
        assert "1 in conflict" in page("identities", team.adjudicator).content.decode()
        for who in (team.coordinator, team.ana, team.observer, team.working_group):
            assert "in conflict" not in page("identities", who).content.decode()


class TestWords:
    def test_the_paragraph_and_the_description(self, page, api, team, reports):
        exclude(team, reports[0])
        text = page("told", team.working_group).content.decode()
        assert "We identified 4 records" in text and "Records screened: 4. Not settled yet: 3." in text
        body = api("words").json()
        assert body["methods"].startswith("We identified 4 records") and body["diagram"][2].startswith("Records screened: 4.")

    def test_kappa_is_for_those_who_may_see_who_decided_what(self, page, team, reports):
        exclude(team, reports[0])
        for member in (team.ana, team.ben):
            decide(member, reports[1], "include")
        assert "(kappa 1.00" in page("told").content.decode()
        assert "kappa 1" not in page("told", team.working_group).content.decode()

    def test_an_empty_project(self, page, team):
        assert "nothing to tell" in page("told").content.decode()
        assert "nothing to split" in page("split").content.decode()


class TestSplits:
    @pytest.fixture
    def included(self, team, reports):
        import_file(team, add_source(team, "Embase"), ris_of([1]))
        for report in reports[:2]:
            for member in (team.ana, team.ben):
                decide(member, report, "include")
            record_retrieval(by=team.ana, report_id=report.pk, status="retrieved")
            for member in (team.ana, team.ben):
                decide(member, report, "include", "full_text")
        return [stands_alone(by=team.ana, report=report) for report in reports[:2]]

    def test_by_source(self, team, included):
        table = by_source(team.project)
        figures = {group.label: dict(zip(table.rows, group.figures, strict=True)) for group in table.groups}
        assert figures["MEDLINE"]["titles"] == 4 and figures["Embase"]["titles"] == 1
        assert figures["MEDLINE"]["reports"] == 2 and figures["Embase"]["reports"] == 0
        counts = counts_of(team.project)
        assert dict(zip(table.rows, table.all, strict=True))["titles"] == counts["records_screened"] and table.several == 0

    def test_what_was_removed_is_not_called_as_in_the_diagram_which_counts_duplicates_with_it(self, page, team, included):
        shown = " ".join(page("split", team.observer).content.decode().split())
        assert "Reports removed before screening, duplicates not counted" in shown
        assert ">Records removed before screening<" not in shown

    def test_by_consumer_and_family_peer_work_once_it_is_extracted(self, page, api, team, included):
        assert [table.key for table in tables_of(team.project, places_of(team.project))] == ["source"]
        save_extraction(by=team.ana, review=included[0], values={"peer_type": "both"})
        (table,) = [one for one in tables_of(team.project, places_of(team.project)) if one.key == "peer_work"]
        assert {group.label: group.figures for group in table.groups} == {
            "Consumer peer work": (1, 1),
            "Family peer work": (1, 1),
            "Not recorded": (1, 1),
        }
        assert (table.all, table.several) == ((2, 2), 1)
        assert "Family peer work" in page("split", team.observer).content.decode()
        assert api("split").json()[1]["all"] == [2, 2]


class TestLabels:
    def test_a_label_stands_everywhere_from_then_on(self, page, send, team, reports):
        before = server_time()
        assert send("labels", titles="Titles\x00").status_code == 400, "a form takes no such sign"
        set_labels(by=team.coordinator, labels={"titles": "  Titles\x07 we <b>read</b> "})
        assert labels_of(team.project) == {"titles": "Titles we <b>read</b>"}
        assert "Titles we &lt;b&gt;read&lt;/b&gt;" in page("project").content.decode()
        assert "Titles we &lt;b&gt;read&lt;/b&gt;" in page("prisma-svg").content.decode()
        send("labels", titles="Titles we <b>read</b>")
        assert BoxLabel.objects.count() == 1, "what says what it said writes nothing"
        send("labels", titles="")
        assert labels_of(team.project) == {} and BoxLabel.objects.count() == 2
        assert "Titles and abstracts" in page("project").content.decode()
        assert counts_at(team.project, before)["records_screened"] == 4

    def test_coordinators_alone(self, page, send, team, reports):
        assert send("labels", team.ana, titles="x").status_code == 403
        assert send("previous", team.ana, **{"previous-studies": 1, "previous-reports": 1}).status_code == 403
        assert "Only a coordinator" in page("labels", team.ana).content.decode()
        with pytest.raises(Denied):
            set_labels(by=team.observer, labels={"titles": "x"})

    def test_what_is_no_label(self, api, send, team):
        with pytest.raises(Refused):
            set_labels(by=team.coordinator, labels={"nonsense": "x"})
        assert api("labels", "patch", {"labels": {"titles": "x" * 121}}).status_code == 400
        assert send("labels", titles="x" * 121).status_code == 400
        answer = api("labels", "patch", {"labels": {"titles": "Titles"}}).json()
        assert [one["label"] for one in answer if one["key"] == "titles"] == ["Titles"]


class TestPrevious:
    def test_an_update_has_its_column_and_a_total(self, page, send, team, reports):
        given = {"studies": 12, "reports": 13, "withdrawn_studies": 1, "withdrawn_reports": 1, "citation": "First version, 2019"}
        assert send("previous", **{f"previous-{name}": value for name, value in given.items()}).status_code == 302
        assert counts_of(team.project)["total_studies"] == 11
        assert "In the previous version" in page("project").content.decode()
        assert "12 reviews" in page("labels").content.decode()
        then = server_time()
        assert send("previous", none="1").status_code == 302
        assert counts_of(team.project).previous is None and counts_at(team.project, then)["total_studies"] == 11
        assert "In the previous version" not in page("project").content.decode()

    def test_more_cannot_be_withdrawn_than_there_was(self, send, api, team):
        with pytest.raises(Refused):
            record_previous(by=team.coordinator, studies=1, reports=1, withdrawn_studies=2)
        assert send("previous", **{"previous-studies": 1, "previous-reports": 1, "previous-withdrawn_studies": 2}).status_code == 400
        assert api("previous", "put", {"studies": 1, "reports": 1, "withdrawn_reports": 2}).status_code in (400, 409, 422)
        assert api("previous", "put", {"studies": -1}).status_code == 400
        assert not PreviousReview.objects.exists()

    def test_over_http(self, api, team):
        assert api("previous").json()["studies"] is None
        assert api("previous", "put", {"studies": 2, "reports": 3}).json()["reports"] == 3
        assert api("previous", "put", {"studies": None}).json()["studies"] is None
        assert forget_previous(by=team.coordinator).studies is None


def test_a_day_alone_is_its_end_and_today_is_until_now(page, team, reports):
    today = timezone.localdate()
    assert page("past", at=today.isoformat()).status_code == 200
    yesterday = page("past", at=(today - timedelta(days=1)).isoformat()).content.decode()
    assert "Nothing had been recorded by then" in yesterday
    assert page("past", at=(today + timedelta(days=1)).isoformat()).status_code == 400
