"""Consensus: those who differ are shown where, one proposes, all the others confirm; nobody settles it alone."""

from uuid import uuid4

import pytest

from screening.decisions import actions as decisions
from screening.decisions.conflicts import actions
from screening.decisions.conflicts.models import Confirmation, Proposal
from screening.decisions.conflicts.queries import consensus_on, met, waiting_for_me
from screening.decisions.models import Decision, ReportStage, Resolution, Revelation
from screening.decisions.queries import decisions_in_force, visible_decisions
from screening.decisions.rules import Policy
from screening.decisions.sent_twice import Clash
from screening.flow.checks import check_project
from screening.projects.access import Denied
from screening.projects.actions import Refused, set_roles
from tests.cast import decide

STAGE = "title_abstract"


@pytest.fixture
def torn(team, reports):
    """A report on which Ana and Ben differ."""
    decide(team.ana, reports[0], "include", note="Looks like one.")
    decide(team.ben, reports[0], "exclude", note="A trial.")
    return reports[0]


def row(report) -> ReportStage:
    return ReportStage.objects.get(report=report, stage=STAGE)


def sides(member, report) -> list:
    return [side.id for side in decisions_in_force(member, report.pk, STAGE)]


def propose(member, report, outcome: str | None = "include", **more):
    given = {"why": "We read it again.", "on": sides(member, report), "proposal_id": uuid4(), **more}
    return actions.propose(by=member, report_id=report.pk, stage=STAGE, outcome=outcome, **given)


def confirm(member, proposal, **more):
    return actions.confirm(by=member, proposal_id=proposal.pk, **{"confirmation_id": uuid4(), **more})


def both_meet(team) -> None:
    for member in (team.ana, team.ben):
        actions.meet(by=member, stage=STAGE)


def test_nothing_of_a_conflict_of_ones_own_is_shown_before_asking_and_asking_is_a_fact(team, torn):
    assert list(met(team.ana)) == [] and waiting_for_me(team.ana) == []
    assert {d.who for d in visible_decisions(team.ana, [torn.pk])} == {"Ana"}
    assert actions.meet(by=team.ana, stage=STAGE) == [torn.pk]
    assert Revelation.objects.get(member=team.ana).report == torn
    assert {d.who for d in visible_decisions(team.ana, [torn.pk])} == {"Ana", "Ben"}
    assert {d.who for d in visible_decisions(team.ben, [torn.pk])} == {"Ben"}, "Ben has not asked"


def test_asking_shows_only_reports_in_conflict_one_decided_on(team, torn, reports):
    decide(team.ana, reports[1], "include")
    decide(team.ana, reports[2], "exclude")
    decide(team.ben, reports[2], "exclude")
    decide(team.ben, reports[3], "include")
    assert actions.meet(by=team.ana, stage=STAGE) == [torn.pk]
    assert Revelation.objects.count() == 1
    assert actions.meet(by=team.ana, stage=STAGE) == [torn.pk], "asked twice, it is shown again"
    assert Revelation.objects.count() == 1


def test_two_settle_it_when_one_proposes_and_the_other_confirms(team, torn):
    both_meet(team)
    proposal = propose(team.ana, torn)
    assert row(torn).status == "conflict", "a proposal settles nothing"
    made = confirm(team.ben, proposal)
    assert (made.kind, made.outcome, made.why, made.by) == ("consensus", "include", "We read it again.", team.ben)
    assert {one.decision_id for one in made.made_on.all()} == set(Decision.objects.values_list("pk", flat=True))
    assert row(torn).status == "include"
    assert ReportStage.objects.filter(report=torn, stage="full_text").exists()
    assert check_project(team.project) == []


def test_nobody_confirms_their_own_proposal(team, torn):
    both_meet(team)
    proposal = propose(team.ana, torn)
    with pytest.raises(Denied, match="somebody else has to confirm"):
        confirm(team.ana, proposal)
    assert row(torn).status == "conflict"


def test_an_adjudicator_who_is_part_of_it_can_agree_but_not_rule(team, torn):
    set_roles(by=team.coordinator, member=team.ana, roles={"reviewer", "adjudicator"})
    team.ana.refresh_from_db()
    both_meet(team)
    with pytest.raises(Denied, match="cannot rule on it alone"):
        actions.resolve(
            by=team.ana, report_id=torn.pk, stage=STAGE, outcome="include", why="So.", on=sides(team.ana, torn), resolution_id=uuid4()
        )
    assert confirm(team.ben, propose(team.ana, torn)).outcome == "include"


def test_a_later_proposal_replaces_the_one_before(team, torn):
    both_meet(team)
    first = propose(team.ana, torn)
    second = propose(team.ben, torn, "exclude")
    with pytest.raises(Clash, match="Another proposal"):
        confirm(team.ben, first)
    assert confirm(team.ana, second).outcome == "exclude"


def test_a_proposal_taken_back_cannot_be_confirmed(team, torn):
    both_meet(team)
    proposal = propose(team.ana, torn)
    propose(team.ana, torn, None)
    with pytest.raises(Clash, match="Another proposal"):
        confirm(team.ben, proposal)
    with pytest.raises(Clash, match="no proposal of yours"):
        propose(team.ben, torn, None)


def test_who_has_not_asked_can_neither_propose_nor_confirm_and_learns_nothing_from_the_refusal(team, torn, reports):
    actions.meet(by=team.ana, stage=STAGE)
    on = sides(team.ana, torn)
    proposal = propose(team.ana, torn)
    decide(team.ben, reports[1], "include")
    told = set()
    for report in (torn, reports[1]):
        with pytest.raises(Denied) as refusal:
            propose(team.ben, report, on=on)
        told.add(str(refusal.value))
    with pytest.raises(Denied) as refusal:
        confirm(team.ben, proposal)
    assert told == {str(refusal.value)}


def test_an_outsider_to_the_conflict_cannot_take_part(team, torn):
    set_roles(by=team.coordinator, member=team.observer, roles={"reviewer"})
    team.observer.refresh_from_db()
    assert actions.meet(by=team.observer, stage=STAGE) == []
    with pytest.raises(Denied):
        propose(team.observer, torn, on=[])
    with pytest.raises(Denied):
        actions.meet(by=team.coordinator, stage=STAGE)


def test_once_shown_a_conflict_ones_answer_changes_only_by_agreeing(team, torn):
    actions.meet(by=team.ana, stage=STAGE)
    with pytest.raises(Refused, match="Settle it with them"):
        decide(team.ana, torn, "exclude")
    decide(team.ben, torn, "maybe")
    assert row(torn).status == "include", "Ben has not been shown anything, and his answer is his own"
    decide(team.ana, torn, "exclude")
    assert row(torn).requests == 1, "once it is settled a change of mind is a request, as for anybody"


def test_a_proposal_lapses_when_an_answer_changes(team, torn):
    actions.meet(by=team.ana, stage=STAGE)
    proposal = propose(team.ana, torn)
    decide(team.ben, torn, "exclude", note="A second thought.")
    actions.meet(by=team.ben, stage=STAGE)
    with pytest.raises(Clash, match="changed their mind"):
        confirm(team.ben, proposal)
    found = decisions_in_force(team.ana, torn.pk, STAGE)
    assert consensus_on(team.ana, row(torn), found) is None


def test_what_is_sent_twice_is_written_once(team, torn):
    both_meet(team)
    pk, on = uuid4(), sides(team.ana, torn)
    proposals = [propose(team.ana, torn, proposal_id=pk, on=on) for _ in range(2)]
    assert proposals[0] == proposals[1] and Proposal.objects.count() == 1
    with pytest.raises(Clash, match="already used"):
        propose(team.ana, torn, "exclude", proposal_id=pk, on=on)
    sent = uuid4()
    made = [confirm(team.ben, proposals[0], confirmation_id=sent) for _ in range(2)]
    assert made[0] == made[1] and Confirmation.objects.count() == Resolution.objects.count() == 1


def test_three_reviewers_all_have_to_confirm(team, reports):
    decisions.set_policy(by=team.coordinator, project=team.project, stage=STAGE, policy=Policy(required=3))
    set_roles(by=team.coordinator, member=team.observer, roles={"reviewer"})
    team.observer.refresh_from_db()
    for member, answer in ((team.ana, "include"), (team.ben, "exclude"), (team.observer, "include")):
        decide(member, reports[0], answer)
    for member in (team.ana, team.ben, team.observer):
        actions.meet(by=member, stage=STAGE)
    proposal = propose(team.ana, reports[0])
    assert confirm(team.ben, proposal) is None
    assert row(reports[0]).status == "conflict" and len(waiting_for_me(team.observer)) == 1 and waiting_for_me(team.ben) == []
    assert confirm(team.observer, proposal).outcome == "include"


def test_one_reviewer_alone_has_nobody_to_agree_with(team, reports):
    decisions.set_policy(by=team.coordinator, project=team.project, stage=STAGE, policy=Policy(required=1, maybe="conflict"))
    decide(team.ana, reports[0], "maybe")
    actions.meet(by=team.ana, stage=STAGE)
    with pytest.raises(Refused, match="nobody to agree with"):
        propose(team.ana, reports[0])


def test_a_proposal_needs_a_reason_in_words(team, torn):
    both_meet(team)
    with pytest.raises(Refused, match="Say why"):
        propose(team.ana, torn, why="  ")
    with pytest.raises(Refused, match="include or exclude"):
        propose(team.ana, torn, "maybe")


def test_agreement_counts_what_they_said_before_they_were_shown(team, torn):
    from screening.decisions.agreement.queries import settled_reports

    both_meet(team)
    confirm(team.ben, propose(team.ana, torn))
    decide(team.ben, torn, "include")
    (one,) = settled_reports(team.project, STAGE)
    assert one.answers == {str(team.ana.pk): "include", str(team.ben.pk): "exclude"}
