"""Conflicts with two at once: each on a connection of its own, and whichever comes first the record is whole."""

from uuid import uuid4

import pytest

from screening.decisions.conflicts import actions
from screening.decisions.conflicts.models import Confirmation
from screening.decisions.models import Decision, ReportStage, Resolution, Revelation
from screening.decisions.queries import decisions_in_force
from screening.decisions.sent_twice import Clash
from screening.flow.checks import check_project
from screening.projects.actions import Refused, set_roles
from tests.cast import decide, import_titles, make_team
from tests.decisions.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
STAGE = "title_abstract"
TIMES = 3


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def torn(team):
    """Reports on which Ana and Ben differ."""
    found = import_titles(team, *(f"Peer support review number {word}" for word in ("one", "two", "three")))
    for report in found:
        decide(team.ana, report, "include")
        decide(team.ben, report, "exclude")
    return found


def row(report) -> ReportStage:
    return ReportStage.objects.get(report=report, stage=STAGE)


def on_of(report) -> list:
    return sorted(Decision.objects.filter(report=report).values_list("pk", flat=True))


def rule(member, report, outcome="include", **more):
    given = {"why": "Read it twice.", "on": on_of(report), "resolution_id": uuid4(), **more}
    return lambda: actions.resolve(by=member, report_id=report.pk, stage=STAGE, outcome=outcome, **given)


def second_adjudicator(team):
    set_roles(by=team.coordinator, member=team.observer, roles={"adjudicator"})
    team.observer.refresh_from_db()
    return team.observer


def met(team) -> None:
    for member in (team.ana, team.ben):
        actions.meet(by=member, stage=STAGE)


def propose(member, report, outcome="include"):
    on = [side.id for side in decisions_in_force(member, report.pk, STAGE)]
    given = {"why": "Together.", "on": on, "proposal_id": uuid4()}
    return actions.propose(by=member, report_id=report.pk, stage=STAGE, outcome=outcome, **given)


def test_a_ruling_and_a_consensus_at_once_settle_it_once(team, torn):
    met(team)
    for report in torn:
        proposal = propose(team.ana, report, "exclude")
        confirmed = lambda p=proposal: actions.confirm(by=team.ben, proposal_id=p.pk, confirmation_id=uuid4())  # noqa: E731
        results = at_once(rule(team.adjudicator, report), confirmed)
        made = [one for one in results if isinstance(one, Resolution)]
        assert len(made) == 1 and sum(isinstance(one, Clash) for one in results) == 1, results
        assert row(report).status == made[0].outcome
    assert check_project(team.project) == []


def test_two_confirmations_by_one_person_at_once_are_one(team, torn):
    met(team)
    for report in torn:
        proposal = propose(team.ana, report)
        confirm = lambda p=proposal: actions.confirm(by=team.ben, proposal_id=p.pk, confirmation_id=uuid4())  # noqa: E731
        results = at_once(confirm, confirm)
        assert {getattr(one, "outcome", one) for one in results} == {"include"}, results
        assert Confirmation.objects.filter(proposal=proposal).count() == 1
    assert Resolution.objects.count() == len(torn)


def test_two_people_confirm_the_last_words_at_once(team, torn):
    set_roles(by=team.coordinator, member=team.observer, roles={"reviewer"})
    team.observer.refresh_from_db()
    from screening.decisions.actions import set_policy
    from screening.decisions.rules import Policy

    set_policy(by=team.coordinator, project=team.project, stage=STAGE, policy=Policy(required=3))
    for report in torn:
        decide(team.observer, report, "include")
    met(team)
    actions.meet(by=team.observer, stage=STAGE)
    for report in torn:
        proposal = propose(team.ana, report)
        confirm = lambda who, p=proposal: actions.confirm(by=who, proposal_id=p.pk, confirmation_id=uuid4())  # noqa: E731
        results = at_once(lambda c=confirm: c(team.ben), lambda c=confirm: c(team.observer))
        assert sum(isinstance(one, Resolution) for one in results) == 1 and results.count(None) == 1, results
        assert row(report).status == "include"


def test_two_proposals_at_once_leave_one_that_stands(team, torn):
    met(team)
    for report in torn:
        first, second = at_once(lambda r=report: propose(team.ana, r), lambda r=report: propose(team.ben, r, "exclude"))
        last, other = sorted((first, second), key=lambda one: -one.seq)
        confirmer = {team.ana.pk: team.ben, team.ben.pk: team.ana}
        with pytest.raises(Clash, match="Another proposal"):
            actions.confirm(by=confirmer[other.by_id], proposal_id=other.pk, confirmation_id=uuid4())
        assert actions.confirm(by=confirmer[last.by_id], proposal_id=last.pk, confirmation_id=uuid4()).outcome == last.outcome


def test_asking_to_be_shown_and_a_change_of_mind_at_once(team, torn):
    """Shown first: the change is refused. Changed first: there is nothing to show."""
    for report in torn:
        changed, shown = at_once(lambda r=report: decide(team.ana, r, "exclude"), lambda: actions.meet(by=team.ana, stage=STAGE))
        was_shown = Revelation.objects.filter(report=report, member=team.ana).exists()
        if isinstance(changed, Decision):
            assert row(report).status == "exclude" and not was_shown, shown
        else:
            assert isinstance(changed, Refused) and was_shown and row(report).status == "conflict"


def test_an_undo_and_a_ruling_at_once(team, torn):
    for report in torn:
        undone, ruled = at_once(lambda r=report: decide(team.ben, r, None), rule(team.adjudicator, report))
        assert isinstance(undone, Decision), undone
        if isinstance(ruled, Resolution):
            assert (row(report).status, row(report).requests) == ("include", 1), "ruled first, the undo asks to re-open"
        else:
            assert isinstance(ruled, Clash) and row(report).status == "open", ruled
    assert check_project(team.project) == []


def test_many_settled_together_and_one_ruled_on_at_once(team, torn):
    other = second_adjudicator(team)
    conflicts = [(report.pk, on_of(report)) for report in torn]
    given = {"stage": STAGE, "outcome": "exclude", "why": "Trials.", "batch_id": uuid4()}
    together, ruled = at_once(
        lambda: actions.settle_together(by=team.adjudicator, conflicts=conflicts, **given), rule(other, torn[1], "include")
    )
    if isinstance(together, list):
        assert isinstance(ruled, Clash) and [row(report).status for report in torn] == ["exclude"] * 3
    else:
        assert isinstance(together, actions.NotTogether) and together.reports == (torn[1].pk,)
        assert [row(report).status for report in torn] == ["conflict", "include", "conflict"]
    assert check_project(team.project) == []


def test_two_batches_that_overlap_do_not_wait_for_each_other_for_ever(team, torn):
    other = second_adjudicator(team)
    forward = [(report.pk, on_of(report)) for report in torn]

    def settle(who, some, outcome):
        given = {"stage": STAGE, "outcome": outcome, "why": "Read.", "batch_id": uuid4()}
        return lambda: actions.settle_together(by=who, conflicts=some, **given)

    results = at_once(settle(team.adjudicator, forward, "exclude"), settle(other, forward[::-1], "include"))
    assert sorted(type(one).__name__ for one in results) == ["NotTogether", "list"], results
    assert len({row(report).status for report in torn}) == 1 and Resolution.objects.count() == 3


def test_one_batch_sent_three_times_at_once_is_one(team, torn):
    conflicts, batch = [(report.pk, on_of(report)) for report in torn], uuid4()

    def send():
        return actions.settle_together(
            by=team.adjudicator, stage=STAGE, conflicts=conflicts, outcome="exclude", why="Trials.", batch_id=batch
        )

    results = at_once(send, send, send)
    assert {tuple(one.pk for one in made) for made in results} == {tuple(Resolution.objects.order_by("seq").values_list("pk", flat=True))}


def test_a_request_re_opened_and_declined_at_once_has_one_answer(team, torn):
    other = second_adjudicator(team)
    for report in torn[:TIMES]:
        rule(team.adjudicator, report)()
        decide(team.ana, report, "exclude")
        given = {"report_id": report.pk, "stage": STAGE, "why": "Looked again."}
        results = at_once(
            lambda g=given: actions.reopen(by=team.adjudicator, resolution_id=uuid4(), **g),
            lambda g=given: actions.decline(by=other, resolution_id=uuid4(), **g),
        )
        made = [one for one in results if isinstance(one, Resolution)]
        assert len(made) == 1 and sum(isinstance(one, Clash) for one in results) == 1, results
        assert row(report).status == ("exclude" if made[0].kind == "reopening" else "include")
    assert check_project(team.project) == []


def test_one_answer_to_a_request_sent_twice_at_once_is_one(team, torn):
    rule(team.adjudicator, torn[0])()
    decide(team.ana, torn[0], "exclude")
    pk = uuid4()

    def send():
        return actions.reopen(by=team.adjudicator, report_id=torn[0].pk, stage=STAGE, why="Right.", resolution_id=pk)

    assert {getattr(one, "pk", one) for one in at_once(send, send, send)} == {pk}
