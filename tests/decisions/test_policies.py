"""Policies on real reports: who is offered what, what a change does, and that nothing is lost by it."""

import random
from uuid import uuid4

import pytest

from screening.decisions import actions as decisions
from screening.decisions.actions import Clash
from screening.decisions.conflicts import actions as conflicts
from screening.decisions.models import PolicyVersion, ReportStage, Seat, Standing
from screening.decisions.policies import statements
from screening.decisions.policies.actions import change_policy
from screening.decisions.policies.previews import preview
from screening.decisions.policies.queries import pilot_result, policy_in_force, stuck_at, waiting_rows, why_not_offered
from screening.decisions.policies.rules import Part, Policy, in_sample, may_be_offered, may_screen, waits_for_pilot
from screening.decisions.queries import next_for, open_for
from screening.flow.checks import check_stages
from screening.projects import jobs
from screening.projects.access import Denied
from screening.projects.actions import Refused, set_roles
from screening.projects.models import Job, Membership, Role
from tests.cast import add_source, decide, import_titles, make_user

STAGE = "title_abstract"
TITLES = [f"A review of peer support, part {n:02}" for n in range(24)]


def join(team, name, *roles):
    member = Membership.objects.create(project=team.project, user=make_user(name), shown_name=name.title())
    set_roles(by=team.coordinator, member=member, roles=set(roles or [Role.REVIEWER]))
    member.refresh_from_db()
    return member


@pytest.fixture
def many(team):
    return import_titles(team, *TITLES)


def change(team, policy, **more):
    return change_policy(by=team.coordinator, stage=STAGE, policy=policy, why="Agreed in the meeting.", **more)[0]


def status(report):
    return ReportStage.objects.get(report=report, stage=STAGE).status


def test_set_before_or_after_the_import_is_the_same(team):
    change(team, Policy(required=1))
    (first,) = import_titles(team, "One of before")
    decide(team.ana, first, "include")
    assert status(first) == "include"
    change(team, Policy())
    (second,) = import_titles(team, "One of after", source=add_source(team, "Embase"))
    decide(team.ana, second, "include")
    assert [status(first), status(second)] == ["open", "open"]
    change(team, Policy(required=1))
    assert [status(first), status(second)] == ["include", "include"]


def test_a_change_reads_every_report_afresh_and_back_again_gives_what_was(team, reports):
    for report, answers in zip(reports, (["include"], ["include", "exclude"], ["exclude", "exclude"], ["include", "maybe"]), strict=True):
        for member, answer in zip((team.ana, team.ben), answers, strict=False):
            decide(member, report, answer)
    before = [status(report) for report in reports]
    assert before == ["open", "conflict", "exclude", "include"]
    n = Standing.objects.count()
    change(team, Policy(required=1))
    assert [status(report) for report in reports] == ["include", "include", "exclude", "include"]
    assert Standing.objects.filter(report=reports[1]).count() == 2, "what nobody needs any more is kept"
    assert check_stages(team.project) == []
    change(team, Policy(required=3))
    assert [status(report) for report in reports] == ["open"] * 4
    assert ReportStage.objects.get(report=reports[3], stage="full_text").suspended
    change(team, Policy())
    assert [status(report) for report in reports] == before
    assert Standing.objects.count() == n
    assert check_stages(team.project) == []
    assert (
        list(PolicyVersion.objects.filter(stage=STAGE, by=team.coordinator).values_list("why", flat=True)) == ["Agreed in the meeting."] * 3
    )


def test_a_ruling_survives_every_change(team, reports):
    decide(team.ana, reports[0], "include")
    decide(team.ben, reports[0], "exclude")
    on = Standing.objects.filter(report=reports[0]).values_list("decision", flat=True)
    conflicts.resolve(
        by=team.adjudicator, report_id=reports[0].pk, stage=STAGE, outcome="exclude", why="No review.", on=on, resolution_id=uuid4()
    )
    for policy in (Policy(required=1), Policy(required=3), Policy(way="one_include"), Policy()):
        change(team, policy)
        assert status(reports[0]) == "exclude", policy
    assert check_stages(team.project) == []


def test_only_a_coordinator_changes_it_with_a_reason_and_what_was_looked_at(team, reports):
    with pytest.raises(Denied):
        change_policy(by=team.ana, stage=STAGE, policy=Policy(required=1), why="So.")
    with pytest.raises(Refused, match="Say why"):
        change_policy(by=team.coordinator, stage=STAGE, policy=Policy(required=1), why=" ")
    with pytest.raises(Refused, match="already"):
        change(team, Policy())
    change(team, Policy(required=1), n=0)
    with pytest.raises(Clash):
        change(team, Policy(required=3), n=0)
    with pytest.raises(Refused, match="expert"):
        change(team, Policy(expert=True, experts=(str(team.coordinator.pk),)))
    with pytest.raises(Refused, match="at least as many"):
        change(team, Policy(parts=(Part((str(team.ana.pk),)),)))


def test_one_to_include_gives_one_seat_at_a_time_and_one_include_is_enough(team, reports):
    change(team, Policy(way="one_include"))
    first = next_for(team.ana, STAGE, limit=1)
    decisions.take_seats(by=team.ana, stage=STAGE, report_ids=first)
    assert first[0] not in next_for(team.ben, STAGE)
    decide(team.ana, reports[0], "include")
    assert status(reports[0]) == "include"
    decide(team.ana, reports[1], "exclude")
    assert (status(reports[1]), reports[1].pk in next_for(team.ben, STAGE)) == ("open", True)
    decide(team.ben, reports[1], "exclude")
    assert status(reports[1]) == "exclude"


def test_a_majority_of_three(team, reports):
    cara = join(team, "cara")
    change(team, Policy(required=3, way="majority"))
    for member, answer in ((team.ana, "include"), (team.ben, "exclude")):
        decide(member, reports[0], answer)
    assert status(reports[0]) == "open"
    decide(cara, reports[0], "include")
    assert status(reports[0]) == "include"


def test_never_a_pair_without_an_expert(team, reports):
    cara = join(team, "cara")
    change(team, Policy(expert=True, experts=(str(cara.pk),)))
    decide(team.ana, reports[0], "include")
    assert reports[0].pk not in next_for(team.ben, STAGE)
    assert open_for(team.ben, STAGE) == 3
    assert reports[0].pk in next_for(cara, STAGE)
    decisions.take_seats(by=team.ana, stage=STAGE, report_ids=[reports[1].pk])
    assert reports[1].pk not in next_for(team.ben, STAGE)
    # A decision that comes all the same (late, or by an address) is kept, and the expert is still waited for.
    decide(team.ben, reports[0], "include")
    assert (status(reports[0]), reports[0].pk in next_for(cara, STAGE)) == ("open", True)
    decide(cara, reports[0], "include")
    assert status(reports[0]) == "include"


def test_parts_by_source_and_by_share(team):
    embase = add_source(team, "Embase")
    of_embase = import_titles(team, *TITLES[:6], source=embase)
    others = import_titles(team, *TITLES[6:], source=add_source(team, "CINAHL"))
    cara, dan = join(team, "cara"), join(team, "dan")
    parts = (
        Part((str(team.ana.pk), str(team.ben.pk)), source=str(embase.pk)),
        Part((str(cara.pk), str(dan.pk)), low=0, high=50),
    )
    change(team, Policy(parts=parts))
    low = {report.pk for report in others if may_screen(str(cara.pk), report.random_key, set(), Policy(parts=parts), [])}
    assert {report.pk for report in of_embase} <= set(next_for(team.ana, STAGE, limit=50))
    assert not {report.pk for report in of_embase} & set(next_for(cara, STAGE, limit=50))
    reviewers = [str(one.pk) for one in (team.ana, team.ben, cara, dan)]
    for member in (team.ana, cara):
        wanted = {
            report.pk
            for report, sources in [*((one, {str(embase.pk)}) for one in of_embase), *((one, set()) for one in others)]
            if may_screen(str(member.pk), report.random_key, sources, Policy(parts=parts), reviewers)
        }
        assert set(next_for(member, STAGE, limit=50)) == wanted
        assert open_for(member, STAGE) == len(wanted)
    assert low
    # Dan leaves: what was kept for Cara and him is everybody's, so nothing waits for somebody who is gone.
    set_roles(by=team.coordinator, member=dan, roles=set())
    assert {report.pk for report in others} <= set(next_for(team.ana, STAGE, limit=50))


def test_a_pilot_first_and_then_one_person(team, many):
    policy = Policy(pilot=30)
    change(team, policy)
    sample = [report for report in many if in_sample(report.random_key, 30)]
    assert 0 < len(sample) < len(many), "made anew: the random keys of this run fell on one side"
    assert set(next_for(team.ana, STAGE, limit=50)) == {report.pk for report in sample}
    assert open_for(team.ana, STAGE) == len(sample)
    outside = next(report for report in many if report not in sample)
    assert "pilot" in why_not_offered(team.ana, ReportStage.objects.get(report=outside, stage=STAGE))
    decide(team.ana, outside, "include")
    assert status(outside) == "open", "before the pilot is over it waits for a second answer"
    over = Policy(pilot=30, single=True)
    with pytest.raises(Refused, match=f"0 of the pilot's {len(sample)}"):
        change(team, over)
    for report in sample:
        decide(team.ana, report, "include")
        decide(team.ben, report, "include")
    result = pilot_result(team.project, STAGE, policy)
    assert (result.sampled, result.read, result.agreed, result.is_low) == (len(sample), len(sample), len(sample), False)
    assert preview(team.coordinator, STAGE, over).pilot == result
    version = change(team, over)
    assert (version.reached, version.by) == ({"sampled": len(sample), "read": len(sample), "agreed": len(sample)}, team.coordinator)
    assert status(outside) == "include"
    assert check_stages(team.project) == []


def test_a_pilot_with_too_little_agreement_is_told_so(team, many):
    change(team, Policy(pilot=30))
    sample = [report for report in many if in_sample(report.random_key, 30)]
    for report in sample:
        decide(team.ana, report, "include")
        decide(team.ben, report, "exclude")
        assert pilot_result(team.project, STAGE, Policy(pilot=30)).read == 0, "while a report is not settled nothing is told"
    for report in sample:
        on = Standing.objects.filter(report=report).values_list("decision", flat=True)
        conflicts.resolve(by=team.adjudicator, report_id=report.pk, stage=STAGE, outcome="include", why="So.", on=on, resolution_id=uuid4())
    result = pilot_result(team.project, STAGE, Policy(pilot=30))
    assert (result.agreed, result.is_low) == (0, True)
    assert change(team, Policy(pilot=30, single=True)).reached["agreed"] == 0


def test_the_preview_lists_settled_reports_and_tells_nothing_of_others(team, reports):
    decide(team.ana, reports[0], "include")
    decide(team.ben, reports[0], "maybe")
    decide(team.ana, reports[1], "exclude")
    decide(team.ben, reports[1], "exclude")
    decide(team.ana, reports[2], "include")
    seen = preview(team.coordinator, STAGE, Policy(maybe="conflict"))
    assert [(group.words, group.n, [row.report_id for row in group.rows]) for group in seen.groups] == [
        ("would fall into conflict", 1, [reports[0].pk])
    ]
    assert {box.label: (box.before, box.after) for box in seen.boxes}["Reports sought for retrieval, databases and registers"] == (1, 0)
    assert seen.enough is None, "with the same number it would be a count of conflicts"
    one = preview(team.coordinator, STAGE, Policy(required=1))
    assert (one.enough, one.unsettled) == (1, {})
    three = preview(team.coordinator, STAGE, Policy(required=3))
    assert {group.words: group.n for group in three.groups} == {"would be open again": 2}
    assert {box.label: (box.before, box.after) for box in three.boxes}["Records excluded on title and abstract"] == (1, 0)
    assert policy_in_force(team.project, STAGE) == Policy(), "a preview changes nothing"
    set_roles(by=team.coordinator, member=team.coordinator, roles={Role.COORDINATOR, Role.REVIEWER})
    team.coordinator.refresh_from_db()
    assert preview(team.coordinator, STAGE, Policy(required=1)).enough is None, "who screens is blind there whatever other roles they hold"


def test_two_worlds_give_a_coordinator_the_same_preview(team, reports):
    decide(team.ben, reports[0], "exclude")
    seen = []
    for answer in ("include", "maybe"):
        decide(team.ana, reports[0], answer)
        seen.append(
            [preview(team.coordinator, STAGE, policy) for policy in (Policy(required=1), Policy(required=3), Policy(maybe="conflict"))]
        )
    assert seen[0] == seen[1]


def test_many_reports_are_changed_by_a_job(team, reports, monkeypatch):
    monkeypatch.setattr("screening.decisions.policies.actions.AT_ONCE", 0)
    decide(team.ana, reports[0], "include")
    version, job = change_policy(by=team.coordinator, stage=STAGE, policy=Policy(required=1), why="So.")
    assert version is None and status(reports[0]) == "open"
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, status(reports[0])) == (Job.State.DONE, "include")
    # Run twice, as after a killed worker, it is one change.
    from screening.decisions.policies.actions import change_by_job
    from screening.projects.jobs import Handle

    change_by_job(Handle(job, uuid4()))
    assert PolicyVersion.objects.filter(stage=STAGE, by=team.coordinator).count() == 1


def test_what_nobody_can_bring_to_an_end_is_told_to_coordinators(team, reports):
    assert stuck_at(team.project, STAGE) == []
    decide(team.ana, reports[0], "include")
    set_roles(by=team.coordinator, member=team.ben, roles=set())
    assert [one.n for one in stuck_at(team.project, STAGE)] == [4]
    join(team, "cara")
    assert stuck_at(team.project, STAGE) == []


@pytest.mark.parametrize("seed", [1, 2])
def test_the_statements_offer_what_the_rules_say(team, many, seed):
    """Random policies, decisions and seats: the queue and the pure rules give the same reports to everybody."""
    chance = random.Random(seed)
    people = [team.ana, team.ben, join(team, "cara"), join(team, "dan")]
    ids = [str(one.pk) for one in people]
    for _ in range(3):
        way = chance.choice(["unanimous", "one_include", "majority"])
        required = {"one_include": 2, "majority": 3}.get(way, chance.choice([1, 2, 3]))
        policy = Policy(
            required=required,
            way=way,
            pilot=chance.choice([0, 40]) if required > 1 else 0,
            expert=chance.random() < 0.5,
            experts=(chance.choice(ids),),
            parts=(Part(tuple(chance.sample(ids, 3)), low=0, high=50),) if chance.random() < 0.5 else (),
        )
        decisions.set_policy(by=None, project=team.project, stage=STAGE, policy=policy)
        report = chance.choice(many)
        decide(chance.choice(people), report, "exclude")
        decisions.take_seats(by=chance.choice(people), stage=STAGE, report_ids=[chance.choice(many).pk])
        for member in people:
            wanted = expected(policy, member, ids)
            assert set(next_for(member, STAGE, limit=50)) == wanted, (policy, member)
            mine = set(Standing.objects.filter(stage=STAGE, member=member).values_list("report", flat=True))
            for row in ReportStage.objects.filter(stage=STAGE, status="open").exclude(report__in=mine)[:6]:
                assert (why_not_offered(member, row) is None) == (row.report_id in wanted)


def expected(policy, member, reviewers):
    found = set()
    for row in ReportStage.objects.filter(stage=STAGE, status="open"):
        decided = {str(pk) for pk in Standing.objects.filter(report=row.report_id, stage=STAGE).values_list("member", flat=True)}
        leased = {
            str(pk) for pk in Seat.objects.filter(report=row.report_id).exclude(member=member).values_list("member", flat=True)
        } - decided
        mine = policy.at(row.random_key)
        free = may_be_offered(
            decided=len(decided),
            leased=len(leased),
            has_expert=not (decided | leased).isdisjoint(policy.experts),
            is_expert=str(member.pk) in policy.experts,
            policy=mine,
        )
        theirs = may_screen(str(member.pk), row.random_key, set(), policy, reviewers)
        if free and theirs and not waits_for_pilot(row.random_key, policy) and str(member.pk) not in decided:
            found.add(row.report_id)
    return found


def test_a_statement_is_one_text_for_one_kind_of_policy():
    one, other = Policy(expert=True, experts=("a",)), Policy(required=3, expert=True, experts=("b",))
    assert statements.fits(one, "x") is statements.fits(other, "x")
    assert waiting_rows.__doc__
