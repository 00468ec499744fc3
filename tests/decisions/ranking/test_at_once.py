"""Fits beside decisions, beside each other, and in a worker of their own process."""

import time
from datetime import timedelta
from itertools import pairwise
from threading import Event
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.utils import timezone

from screening.decisions.actions import decide_and_offer, offer
from screening.decisions.models import Decision, ReportStage
from screening.decisions.ranking import actions
from screening.decisions.ranking.models import Rank, RankingFit
from screening.decisions.tasks import refit_rankings
from screening.projects import jobs
from screening.projects.models import Job
from tests.cast import make_team
from tests.decisions.ranking.made_up import STAGE, open_reports, order_of, settle, with_titles
from tests.decisions.test_races import at_once
from tests.worker import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def team():
    return make_team()


def test_decisions_land_while_one_order_after_the_other_is_learnt(team):
    """Two reviewers screen along the ranked order as fast as they can, and fits come without a pause."""
    wanted, other = with_titles(team, 6, 12)
    settle(team, wanted[0], "include")
    settle(team, other[0], "exclude")
    actions.set_rule(by=team.coordinator, share=80, for_all=True, recall=95, confidence=95)
    liked = {report.pk for report in wanted}
    over, made = Event(), []

    def screens(member):
        def screen():
            held = [UUID(report["id"]) for report in offer(by=member, stage=STAGE, limit=4)]
            while held:
                report, held = held[0], held[1:]
                answer = "include" if report in liked else "exclude"
                one = uuid4()
                _, more = decide_and_offer(
                    by=member, report_id=report, stage=STAGE, answer=answer, decision_id=one, limit=4, without=held, order="ranked"
                )
                made.append(one)
                held += [UUID(found["id"]) for found in more][: 4 - len(held)]
                held = held or [UUID(found["id"]) for found in offer(by=member, stage=STAGE, limit=4)]

        return screen

    def fits():
        n = 0
        while not over.is_set():
            job = jobs.start(project=team.project, kind=actions.FIT, key=f"race.{n}", args={}, by=None)
            jobs.run(str(job.pk))
            n += 1
        return n

    def both():
        try:
            return at_once(screens(team.ana), screens(team.ben))
        finally:
            over.set()

    screened, fitted = at_once(both, fits)
    assert screened == [None, None], screened
    assert fitted >= 1 and not Job.objects.filter(kind=actions.FIT, state=Job.State.FAILED).exists()
    assert len(made) == len(set(made)) == 2 * 16
    assert Decision.objects.filter(pk__in=made).count() == len(made)
    assert not ReportStage.objects.filter(project=team.project, stage=STAGE, status="open").exists()
    latest = RankingFit.objects.filter(project=team.project).latest("n")
    assert set(Rank.objects.filter(project=team.project).values_list("fit", flat=True)) <= {latest.n}


def test_beats_that_look_at_the_same_moment_start_one_fit(team):
    wanted, other = with_titles(team, 3, 5)
    settle(team, wanted[0], "include")
    settle(team, other[0], "exclude")
    started = at_once(*[actions.start_due] * 4)
    assert not [one for one in started if isinstance(one, Exception)], started
    assert Job.objects.filter(project=team.project, kind=actions.FIT).count() == 1


def test_two_fits_at_once_leave_one_whole_order(team):
    wanted, other = with_titles(team, 5, 9)
    settle(team, wanted[0], "include")
    settle(team, other[0], "exclude")
    both = [jobs.start(project=team.project, kind=actions.FIT, key=f"twice.{n}", args={}, by=None) for n in range(2)]
    at_once(*[lambda job=job: jobs.run(str(job.pk)) for job in both])
    assert not Job.objects.filter(kind=actions.FIT, state=Job.State.FAILED).exists()
    order = order_of(team)
    assert len(order) == len(set(order)) and set(order) == open_reports(team)


def test_a_steady_stream_of_settled_titles_is_learnt_from_as_it_comes(team, monkeypatch):
    wanted, other = with_titles(team, 8, 32)
    titles = [(report, "include") for report in wanted] + [(report, "exclude") for report in other]
    titles = [titles[(k * 7) % 40] for k in range(36)]
    # Ten seconds from one settled title to the next; `since`: as many of them as have gone by since the last fit.
    since, passed, seen, now = [0.0], 0.0, [], timezone.now
    monkeypatch.setattr("screening.decisions.ranking.queries.timezone.now", lambda: now() + timedelta(seconds=since[0]))
    for report, answer in titles:
        settle(team, report, answer)
        since[0], passed = since[0] + 10, passed + 10
        for job in actions.start_due():
            jobs.run(str(job.pk))
            fit = RankingFit.objects.filter(project=team.project).latest("n")
            seen.append((passed, fit.relevant + fit.irrelevant))
            since[0] = 0.0
    learnt = [n for _, n in seen]
    assert learnt == sorted(learnt) and len(learnt) >= 10, "no starvation"
    assert learnt[-1] >= 34
    between = [later - earlier for (earlier, _), (later, _) in pairwise(seen)]
    assert min(between) >= 20, "no pile-up"
    assert not Job.objects.filter(kind=actions.FIT).exclude(state=Job.State.DONE).exists()


def test_a_real_worker_learns_an_order_when_beat_asks(team, worker):
    wanted, other = with_titles(team, 5, 9)
    settle(team, wanted[0], "include")
    settle(team, other[0], "exclude")
    refit_rankings.delay()
    ends = time.monotonic() + PATIENCE
    while not RankingFit.objects.filter(project=team.project).exists() and time.monotonic() < ends:
        time.sleep(0.2)
    assert set(order_of(team)[:4]) == {report.pk for report in wanted[1:]}
    connection.close()
