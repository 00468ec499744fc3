"""Settled, and then the records behind a report are joined or parted: it may re-open, and the numbers follow."""

from uuid import uuid4

import pytest
from django.urls import reverse

from screening.decisions.agreement.queries import settled_reports
from screening.decisions.conflicts import actions
from screening.decisions.conflicts.queries import current_proposal, met
from screening.decisions.models import ReportStage
from screening.decisions.policies.queries import left_to, stuck_at
from screening.decisions.queries import decisions_in_force, resolutions_visible
from screening.decisions.sent_twice import Clash
from screening.flow.checks import check_project
from screening.flow.queries import counts_of
from screening.projects.access import Denied
from screening.projects.actions import Refused, set_roles
from screening.references import actions as references
from screening.references.models import Placement, Report
from tests.cast import decide

STAGE = "title_abstract"


@pytest.fixture
def joined(team, reports):
    """Two reports, each decided on by one person, and then found to be one."""

    def make(ana: str, ben: str) -> tuple[Report, object]:
        decide(team.ana, reports[0], ana)
        decide(team.ben, reports[1], ben)
        other = Placement.objects.get(report=reports[1]).record
        references.join_reports(by=team.coordinator, keep=reports[0], other=reports[1], reason="One document.")
        return reports[0], other

    return make


def part(team, record) -> Report:
    references.split_record(by=team.coordinator, record=record, reason="Two documents after all.")
    return Placement.objects.get(record=record).report


def status(report) -> str:
    return ReportStage.objects.get(report=report, stage=STAGE).status


def agree(team, report, outcome: str):
    for member in (team.ana, team.ben):
        actions.meet(by=member, stage=STAGE)
    on = [side.id for side in decisions_in_force(team.ana, report.pk, STAGE)]
    given = {"report_id": report.pk, "stage": STAGE, "outcome": outcome, "why": "Read together.", "on": on}
    return actions.propose(by=team.ana, proposal_id=uuid4(), **given)


def test_what_was_shown_of_a_report_is_known_of_what_was_parted_from_it(team, joined):
    """An answer given on the parted report by whoever saw the others' on the whole is not independent."""
    kept, record = joined("include", "exclude")
    actions.confirm(by=team.ben, proposal_id=agree(team, kept, "include").pk, confirmation_id=uuid4())
    parted = part(team, record)
    decide(team.ana, parted, "exclude")
    (one,) = [settled for settled in settled_reports(team.project, STAGE) if settled.report == parted.pk]
    assert set(one.said) == {str(team.ben.pk)}


def test_parted_again_a_settled_report_is_open_and_the_numbers_follow(team, joined):
    kept, record = joined("include", "include")
    assert status(kept) == "include" and counts_of(team.project)["dbr_sought_reports"] == 1
    parted = part(team, record)
    assert (status(kept), status(parted)) == ("open", "open")
    assert ReportStage.objects.get(report=kept, stage="full_text").suspended
    assert counts_of(team.project)["dbr_sought_reports"] == 0 and check_project(team.project) == []


def test_two_people_whose_consensus_lapsed_by_parting_bring_both_reports_to_an_end(client, team, joined):
    """Ben was shown what Ana said of the report that stays, and nobody else is there: a third person must not be needed."""
    kept, record = joined("include", "exclude")
    actions.confirm(by=team.ben, proposal_id=agree(team, kept, "include").pk, confirmation_id=uuid4())
    parted = part(team, record)
    client.force_login(team.coordinator.user)
    page = client.get(reverse("decisions:policies", args=[team.project.slug])).content.decode()
    assert "1 report waits for nobody." in page and f"?report={kept.pk}" in page and f"?report={parted.pk}" not in page
    assert (left_to(team.ana, STAGE), left_to(team.ben, STAGE)) == ([], [kept.pk]), "Ana has decided on it"
    client.force_login(team.ben.user)
    for home in (reverse("flow:project", args=[team.project.slug]), "/"):
        waits = client.get(home).content.decode()
        assert "parted title to decide on again" in waits and f"?report={kept.pk}" in waits
    desk = client.get(reverse("decisions:desk", args=[team.project.slug]), {"report": str(kept.pk)})
    assert desk.status_code == 200 and desk.context["report"]["id"] == str(kept.pk)
    decide(team.ben, kept, "include")
    assert left_to(team.ben, STAGE) == []
    decide(team.ana, parted, "exclude")
    assert (status(kept), status(parted)) == ("include", "exclude") and stuck_at(team.project, STAGE) == []
    said = {one.report: set(one.said) for one in settled_reports(team.project, STAGE)}
    assert said[kept.pk] == {str(team.ana.pk)}, "agreement leaves out what was said knowing the other's answer"
    assert check_project(team.project) == []


def test_a_consensus_lapses_when_one_of_its_decisions_goes_with_its_record(team, joined):
    kept, record = joined("include", "exclude")
    assert status(kept) == "conflict"
    actions.confirm(by=team.ben, proposal_id=agree(team, kept, "include").pk, confirmation_id=uuid4())
    assert status(kept) == "include"
    parted = part(team, record)
    assert (status(kept), status(parted)) == ("open", "open")
    assert check_project(team.project) == []
    set_roles(by=team.coordinator, member=team.observer, roles={"reviewer"})
    team.observer.refresh_from_db()
    assert stuck_at(team.project, STAGE) == []
    with pytest.raises(Refused, match="shown what the others decided"):
        decide(team.ben, kept, "include")
    decide(team.observer, kept, "include")
    assert status(kept) == "include", "somebody who was shown nothing decides on it"
    assert [one.kind for one in resolutions_visible(team.coordinator, kept.pk)] == ["consensus"], "it stays in the history"


def test_a_proposal_is_gone_when_a_decision_it_was_about_is(team, joined):
    kept, record = joined("include", "exclude")
    proposal = agree(team, kept, "include")
    part(team, record)
    assert list(met(team.ana)) == []
    with pytest.raises((Clash, Denied)):
        actions.confirm(by=team.ben, proposal_id=proposal.pk, confirmation_id=uuid4())
    assert current_proposal(kept.pk, STAGE, []) is None
