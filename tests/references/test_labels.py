"""Labels: put on and taken off, one or many; blind until a report is settled; following their record."""

import json
import re
from uuid import UUID

import pytest
from django.http import QueryDict
from django.urls import reverse

from screening.fulltext.actions import record_retrieval
from screening.projects import jobs
from screening.projects.access import Denied
from screening.projects.actions import Refused
from screening.projects.models import Job
from screening.references import actions
from screening.references.actions import labels
from screening.references.models import Label, Labelling, Record
from screening.references.queries.facets import labels_on
from screening.references.queries.finding import Asked
from screening.references.queries.label_counts import label_counts
from screening.references.views.reports import list_context
from tests.cast import add_source, decide, import_file, ris
from tests.samples import World, everything
from tests.test_blind import differences, in_a_world, seen_by


def on(viewer, report) -> list[str]:
    return [label.name for label in labels_on(viewer, [report.pk]).get(report.pk, [])]


def listed(viewer, address: str) -> list[str]:
    return [row["report"].title for row in list_context(viewer, Asked.of(QueryDict(address)))["rows"]]


@pytest.fixture
def trials(team):
    return labels.make_label(by=team.ana, name="Trials")


def test_a_label_is_ones_own_until_the_report_is_settled(team, reports, trials):
    report = reports[0]
    labels.put(by=team.ana, label=trials, report_ids=[report.pk], on=True)
    others = [team.ben, team.coordinator, team.adjudicator, team.working_group, team.observer]
    assert on(team.ana, report) == ["Trials"]
    assert [on(viewer, report) for viewer in others] == [[]] * 5
    assert listed(team.ana, f"label={trials.pk}") == [report.title]
    assert listed(team.ben, f"label={trials.pk}") == []
    assert label_counts(team.ben) == {}
    decide(team.ana, report, "exclude")
    assert on(team.ben, report) == []
    decide(team.ben, report, "exclude")
    assert [on(viewer, report) for viewer in others] == [["Trials"]] * 5
    assert listed(team.observer, f"label={trials.pk}") == [report.title]
    assert label_counts(team.observer) == {trials.pk: 1}


def test_a_label_of_somebody_who_does_not_screen_is_for_all(team, reports, trials):
    labels.put(by=team.coordinator, label=trials, report_ids=[reports[0].pk], on=True)
    assert on(team.ben, reports[0]) == on(team.observer, reports[0]) == ["Trials"]


def test_at_full_text_it_waits_again_once_it_can_be_read(team, reports, trials):
    report = reports[0]
    labels.put(by=team.ana, label=trials, report_ids=[report.pk], on=True)
    for member in (team.ana, team.ben):
        decide(member, report, "include")
    record_retrieval(by=team.ana, report_id=report.pk, status="retrieved")
    assert (on(team.ana, report), on(team.ben, report)) == (["Trials"], [])
    for member in (team.ana, team.ben):
        decide(member, report, "include", stage="full_text")
    assert on(team.ben, report) == ["Trials"]


def test_of_a_report_that_counts_no_more_a_screeners_label_stays_back(team, trials):
    run = import_file(team, add_source(team), ris("Peers at work"))
    report = Record.objects.get(import_run=run).placement.report
    labels.put(by=team.ana, label=trials, report_ids=[report.pk], on=True)
    actions.withdraw(by=team.coordinator, import_run=run, reason="Wrong.")
    assert (on(team.ana, report), on(team.ben, report)) == (["Trials"], [])


def test_what_is_so_already_is_no_new_fact_and_off_takes_ones_own_away(team, reports, trials):
    ids = [report.pk for report in reports]
    assert labels.put(by=team.ana, label=trials, report_ids=ids[:2], on=True) == 2
    assert labels.put(by=team.ana, label=trials, report_ids=ids, on=True) == 2
    labels.put(by=team.coordinator, label=trials, report_ids=ids[:1], on=True)
    assert labels.put(by=team.ana, label=trials, report_ids=ids, on=False) == 4
    assert labels.put(by=team.ana, label=trials, report_ids=ids, on=False) == 0
    assert on(team.ana, reports[0]) == ["Trials"], "the coordinator's own stays"
    assert labels.put(by=team.ana, label=trials, report_ids=ids[1:2], on=True) == 1
    assert on(team.ana, reports[1]) == ["Trials"]
    assert Labelling.objects.count() == 10


def test_a_label_follows_its_record_when_reports_are_joined_and_parted(team, reports, trials):
    keep, other = reports[0], reports[1]
    labels.put(by=team.coordinator, label=trials, report_ids=[other.pk], on=True)
    record = Record.objects.get(placement__report=other)
    actions.join_reports(by=team.coordinator, keep=keep, other=other, reason="One.")
    assert on(team.ben, keep) == ["Trials"]
    parted = actions.split_record(by=team.coordinator, record=record, reason="Two.")
    assert (on(team.ben, keep), on(team.ben, parted)) == ([], ["Trials"])


def test_names_are_one_whatever_their_case_and_come_back_when_made_again(team, reports, trials):
    assert labels.make_label(by=team.ben, name="  TRIALS ").pk == trials.pk
    labels.put(by=team.coordinator, label=trials, report_ids=[reports[0].pk], on=True)
    labels.remove_label(by=team.coordinator, label=trials)
    assert on(team.ben, reports[0]) == []
    with pytest.raises(Refused):
        labels.put(by=team.ben, label=Label.objects.get(), report_ids=[reports[0].pk], on=True)
    assert labels.make_label(by=team.ben, name="trials").pk == trials.pk
    assert on(team.ben, reports[0]) == ["trials"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "\x00" * 70])
def test_a_name_that_cannot_be_is_refused(team, name):
    with pytest.raises(Refused):
        labels.make_label(by=team.ana, name=name)


def test_who_may_label_and_who_may_rename(team, reports, trials):
    for member in (team.observer, team.working_group):
        with pytest.raises(Denied):
            labels.put(by=member, label=trials, report_ids=[reports[0].pk], on=True)
    with pytest.raises(Denied):
        labels.rename_label(by=team.ana, label=trials, name="Others")
    labels.rename_label(by=team.coordinator, label=trials, name="Others")
    trials.refresh_from_db()
    assert trials.name == "Others"


def test_no_two_labels_have_one_name_and_there_are_only_so_many(team, trials, monkeypatch):
    other = labels.make_label(by=team.ana, name="Others")
    with pytest.raises(Refused, match="There is a label TRIALS already"):
        labels.rename_label(by=team.coordinator, label=other, name="TRIALS")
    labels.remove_label(by=team.coordinator, label=other)
    monkeypatch.setattr(labels, "MOST_LABELS", 1)
    for name in ("Third", "Others"):
        with pytest.raises(Refused, match="There are 1 labels already"):
            labels.make_label(by=team.ana, name=name)
    assert labels.make_label(by=team.ana, name="trials") == trials


class TestMany:
    def test_the_ticked_and_all_that_were_found(self, client, team, reports):
        client.force_login(team.coordinator.user)
        address = reverse("references:label-many", args=[team.project.slug])
        sent = client.post(
            address, {"scope": "ticked", "report": [reports[0].pk, "nonsense"], "new_label": "Ours", "query": "q=peer", "do": "on"}
        )
        assert sent.headers["Location"].endswith("/reports/?q=peer")
        label = Label.objects.get()
        assert listed(team.observer, f"label={label.pk}") == [reports[0].title]
        client.post(address, {"scope": "all", "label": label.pk, "query": "q=peer", "do": "on"})
        assert len(listed(team.observer, f"label={label.pk}")) == 2
        client.post(address, {"scope": "all", "label": label.pk, "query": "", "do": "off"})
        assert listed(team.observer, f"label={label.pk}") == []

    def test_none_ticked_or_no_label_is_said(self, client, team, reports):
        client.force_login(team.ana.user)
        address = reverse("references:label-many", args=[team.project.slug])
        for data, words in (({"new_label": "A"}, "No report is ticked"), ({"scope": "all"}, "Choose a label")):
            assert words in client.post(address, data, follow=True).content.decode()

    def test_very_many_are_a_job_that_can_run_twice(self, team, reports, trials, monkeypatch):
        monkeypatch.setattr(labels, "AT_ONCE", 2)
        n, job = labels.put_on_all(by=team.coordinator, label=trials, report_ids=[report.pk for report in reports], on=True)
        assert (n, job.kind) == (0, labels.JOB)
        jobs.run(str(job.pk))
        job.refresh_from_db()
        assert (job.state, job.result, job.done) == (Job.State.DONE, {"changed": 4}, 4)
        Job.objects.filter(pk=job.pk).update(state=Job.State.WAITING)
        jobs.run(str(job.pk))
        assert Labelling.objects.count() == 4

    def test_reports_of_another_project_are_left_alone(self, client, team, reports, trials):
        client.force_login(team.ana.user)
        address = reverse("references-api:labelling", args=[team.project.slug])
        body = {"label": str(trials.pk), "reports": [str(UUID(int=5))]}
        assert client.post(address, body, content_type="application/json").status_code == 400
        body["reports"] = [str(reports[0].pk)]
        sent = client.post(address, body, content_type="application/json")
        assert json.loads(sent.content) == {"changed": 1}


def test_the_page_of_labels_makes_renames_and_removes(client, team):
    client.force_login(team.coordinator.user)
    address = reverse("references:labels", args=[team.project.slug])
    client.post(address, {"do": "make", "name": "Ours"})
    label = Label.objects.get()
    client.post(address, {"do": "rename", "label": label.pk, "name": "Theirs"})
    assert "Theirs" in client.get(address).content.decode()
    client.post(address, {"do": "remove", "label": label.pk})
    assert "No label is in use yet." in client.get(address).content.decode()
    assert client.post(address, {"do": "rename", "label": label.pk, "name": "x"}).status_code == 404


@pytest.mark.slow
def test_two_worlds_that_differ_in_a_reviewers_labels_look_the_same_to_everybody_else(db):
    """Every address: lists, facets, filters, counts, exports. The label's name is the team's word; where it lies is blind."""
    world = everything()
    label = labels.make_label(by=world.team.ana, name="Trials")
    members = {name: world.team.members[name] for name in ("ben", "coordinator")}
    # The pages that could show a label, or count one; every other address is opened by tests/test_blind.py.
    world.addresses = lambda table: [
        url for url in World.addresses(world, table) if re.search(r"/(reports|labels|screening|queue|exports)/", url)
    ]

    def look():
        seen = {where: body for name, member in members.items() for where, body in seen_by(world, name, member).items()}
        for name, member in members.items():
            seen[name, "narrowed"] = repr(listed(member, f"label={label.pk}")).encode()
        return seen

    none = in_a_world(lambda: None, look)
    assert len(none) > 20
    some = in_a_world(lambda: labels.put(by=world.team.ana, label=label, report_ids=[world.open_report.pk], on=True), look)
    assert differences(none, some) == []
    by_all = in_a_world(lambda: labels.put(by=world.team.coordinator, label=label, report_ids=[world.open_report.pk], on=True), look)
    assert differences(none, by_all), "the check itself can fail"
