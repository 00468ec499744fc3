"""Figures and queues that must not tell what an unsettled decision says, to people with more than one role."""

import pytest

from screening.decisions.models import ReportStage
from screening.decisions.policies.actions import change_policy
from screening.decisions.policies.previews import preview
from screening.decisions.policies.queries import stuck_at
from screening.decisions.policies.rules import Policy
from screening.decisions.queries import next_for, open_for
from screening.decisions.ranking.queries import reason_against_evidence
from screening.projects import actions as projects
from screening.projects.models import Membership
from tests.cast import decide

TITLE = "title_abstract"


@pytest.mark.parametrize("maybe", ["include", "conflict"])
def test_where_one_include_is_enough_the_queue_does_not_tell_a_maybe_from_an_exclusion(team, reports, maybe):
    change_policy(by=team.coordinator, stage=TITLE, policy=Policy(way="one_include", maybe=maybe), why="To be fast.")
    decide(team.ana, reports[0], "exclude")
    decide(team.ana, reports[1], "maybe")
    if maybe == "conflict":
        assert set(next_for(team.ben, TITLE)) == {report.pk for report in reports}
        assert open_for(team.ben, TITLE) == len(reports)
        decide(team.ben, reports[1], "exclude")
    settled = {row.report_id: row.status for row in ReportStage.objects.filter(stage=TITLE)}
    assert settled[reports[1].pk] == maybe


def test_what_waits_for_an_expert_who_left_does_not_leave_out_conflicts(team, reports):
    """Of all that is open the rest would be how many are in conflict, and a coordinator who screens would read it."""
    change_policy(by=team.coordinator, stage=TITLE, policy=Policy(expert=True, experts=(str(team.ben.pk),)), why="Ben knows.")
    decide(team.ben, reports[0], "include")
    decide(team.ana, reports[1], "exclude")
    projects.set_roles(by=team.coordinator, member=team.adjudicator, roles={"reviewer"})
    projects.set_roles(by=team.coordinator, member=team.ben, roles={"observer"})
    before = [one.n for one in stuck_at(team.project, TITLE) if "expert" in one.why]
    decide(team.ana, reports[0], "exclude")
    assert ReportStage.objects.get(report=reports[0], stage=TITLE).status == "conflict"
    assert [one.n for one in stuck_at(team.project, TITLE) if "expert" in one.why] == before == [len(reports) - 1]


def test_whoever_gives_the_reviewers_role_up_for_a_moment_stays_blind(team, reports):
    """Evidence and previews count what waits for a second decision: not for a coordinator who has decided here, whatever they are today."""
    other = team.coordinator
    for roles, shown in (({"coordinator", "reviewer"}, False), ({"coordinator"}, True)):
        projects.set_roles(by=other, member=team.observer, roles=roles)
        member = Membership.objects.get(pk=team.observer.pk)
        assert (reason_against_evidence(member) is None) == shown
        assert (preview(member, TITLE, Policy(required=1)).enough is None) != shown
    projects.set_roles(by=other, member=team.observer, roles={"coordinator", "reviewer"})
    decide(Membership.objects.get(pk=team.observer.pk), reports[0], "include")
    projects.set_roles(by=other, member=team.observer, roles={"coordinator"})
    member = Membership.objects.get(pk=team.observer.pk)
    assert "have screened titles" in reason_against_evidence(member)
    assert preview(member, TITLE, Policy(required=1)).enough is None
