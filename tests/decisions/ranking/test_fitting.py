"""Fits in the database: what they learn from, how they are started, and that they tell nothing."""

from datetime import timedelta

import numpy as np
import pytest
from django.db import transaction
from django.utils import timezone

from screening.decisions.models import ReportStage
from screening.decisions.ranking import actions
from screening.decisions.ranking.actions import fitting
from screening.decisions.ranking.models import Rank, RankingFit, RankingRule
from screening.decisions.ranking.queries import due
from screening.projects import jobs
from screening.projects.access import Denied
from screening.projects.actions import Refused
from screening.projects.models import Job
from screening.references import actions as references
from tests.cast import decide, import_titles
from tests.decisions.ranking.made_up import fit_now, open_reports, order_of, settle, with_titles


def later(monkeypatch, seconds: float) -> None:
    """As if that much time had passed since the last fit."""
    now = timezone.now() + timedelta(seconds=seconds)
    monkeypatch.setattr("screening.decisions.ranking.queries.timezone.now", lambda: now)


def test_the_first_include_and_exclude_settled_bring_an_order_with_the_likeliest_first(team):
    wanted, other = with_titles(team, 6, 14)
    settle(team, wanted[0], "include")
    assert actions.start_due() == []
    settle(team, other[0], "exclude")
    fit_now(team)
    order = order_of(team)
    assert set(order) == open_reports(team)
    assert set(order[:5]) == {report.pk for report in wanted[1:]}
    fit = RankingFit.objects.get(project=team.project)
    assert (fit.n, fit.relevant, fit.irrelevant, fit.reports, fit.ranked, fit.share) == (1, 1, 1, 20, 18, 100)


def test_a_fit_excludes_nothing_and_changes_no_report(team):
    wanted, other = with_titles(team, 3, 5)
    settle(team, wanted[0], "include")
    settle(team, other[0], "exclude")
    before = list(ReportStage.objects.filter(project=team.project).order_by("pk").values())
    fit_now(team)
    assert list(ReportStage.objects.filter(project=team.project).order_by("pk").values()) == before


def test_only_the_latest_order_is_kept_and_the_next_fit_waits_for_more(team, monkeypatch):
    wanted, other = with_titles(team, 4, 12)
    settle(team, wanted[0], "include")
    settle(team, other[0], "exclude")
    fit_now(team)
    assert actions.start_due() == []
    settle(team, other[1], "exclude")
    assert actions.start_due() == [], "too soon after the last one"
    later(monkeypatch, 25)
    fit_now(team)
    assert set(Rank.objects.filter(project=team.project).values_list("fit", flat=True)) == {2}
    assert RankingFit.objects.filter(project=team.project).count() == 2
    later(monkeypatch, 1000)
    assert due() == [], "nothing was settled since"


def test_new_records_and_a_new_share_ask_for_a_fit(team, monkeypatch):
    wanted, other = with_titles(team, 3, 6)
    settle(team, wanted[0], "include")
    settle(team, other[0], "exclude")
    fit_now(team)
    later(monkeypatch, 25)
    actions.set_rule(by=team.coordinator, share=50, for_all=True, recall=95, confidence=95)
    fit_now(team)
    assert RankingFit.objects.get(project=team.project, n=2).share == 50
    later(monkeypatch, 60)
    new = import_titles(team, "Peer workers and recovery, a late review", source=team.project.sources.first())
    fit_now(team)
    assert new[0].pk in order_of(team)


def test_one_fit_at_a_time_however_often_beat_looks(team):
    wanted, other = with_titles(team, 3, 6)
    settle(team, wanted[0], "include")
    settle(team, other[0], "exclude")
    (job,) = actions.start_due()
    assert actions.start_due() == []
    jobs.run(str(job.pk))
    jobs.run(str(job.pk))
    assert RankingFit.objects.filter(project=team.project).count() == 1


def test_a_fit_that_failed_is_tried_again(team, monkeypatch):
    wanted, other = with_titles(team, 3, 6)
    settle(team, wanted[0], "include")
    settle(team, other[0], "exclude")
    (job,) = actions.start_due()
    with monkeypatch.context() as broken:
        broken.setattr(fitting, "_features", lambda *_: 1 / 0)
        jobs.run(str(job.pk))
    job.refresh_from_db()
    assert job.state == Job.State.FAILED and "on the server" in job.failure_sentence
    fit_now(team)
    assert RankingFit.objects.filter(project=team.project).count() == 1


def test_two_fits_that_meet_leave_one_order(team):
    wanted, other = with_titles(team, 3, 6)
    settle(team, wanted[0], "include")
    settle(team, other[0], "exclude")
    fields = {"seq": 1, "relevant": 1, "irrelevant": 1, "reports": 9, "ranked": 1, "share": 100, "seconds": 0.1}
    assert fitting._write(team.project, [wanted[1].pk], **fields) == 1
    with pytest.MonkeyPatch.context() as late:
        late.setattr(fitting, "last_fit", lambda project: None)
        assert fitting._write(team.project, [other[1].pk], **fields) is None
    assert order_of(team) == [wanted[1].pk]


def test_old_jobs_are_let_go(team, monkeypatch):
    wanted, other = with_titles(team, 3, 6)
    settle(team, wanted[0], "include")
    settle(team, other[0], "exclude")
    for n in range(30):
        Job.objects.create(project=team.project, kind=actions.FIT, idempotency_key=f"0.{n}", state=Job.State.DONE)
    fit_now(team)
    assert Job.objects.filter(project=team.project, kind=actions.FIT).count() <= fitting.KEPT_JOBS + 1


def test_features_survive_and_are_made_again_when_a_text_changes(team, monkeypatch):
    wanted, other = with_titles(team, 3, 6)
    settle(team, wanted[0], "include")
    settle(team, other[0], "exclude")
    fit_now(team)
    file = fitting.features_file(team.project)
    made = file.stat().st_mtime_ns
    settle(team, other[1], "exclude")
    later(monkeypatch, 200)
    fit_now(team)
    assert file.stat().st_mtime_ns == made
    references.correct(by=team.coordinator, report=other[2], field="title", value="Peer workers everywhere", reason="Wrong title.")
    settle(team, other[3], "exclude")
    later(monkeypatch, 400)
    fit_now(team)
    assert file.stat().st_mtime_ns != made
    assert order_of(team)[0] in {wanted[1].pk, wanted[2].pk, other[2].pk}


def test_features_that_cannot_be_kept_are_no_failure(team, settings, tmp_path):
    wanted, other = with_titles(team, 3, 6)
    settle(team, wanted[0], "include")
    settle(team, other[0], "exclude")
    (tmp_path / "a-file").write_text("in the way")
    settings.DATA_DIR = tmp_path / "a-file"
    fit_now(team)


@pytest.fixture
def half_decided(team):
    """Two settled, and Ana alone has decided on one more."""
    wanted, other = with_titles(team, 4, 10)
    settle(team, wanted[0], "include")
    settle(team, other[0], "exclude")
    return wanted, other


class TurnBack(Exception):
    pass


def in_a_world(team, happens) -> list:
    """The order that comes of it, in a world that is then forgotten."""
    order = []
    try:
        with transaction.atomic():
            happens()
            fit_now(team)
            order = order_of(team)
            raise TurnBack
    except TurnBack:
        return order


def test_two_worlds_that_differ_in_an_unsettled_decision_have_one_order(team, half_decided):
    _wanted, other = half_decided
    worlds = [
        in_a_world(team, lambda: None),
        in_a_world(team, lambda: decide(team.ana, other[1], "include")),
        in_a_world(team, lambda: decide(team.ana, other[1], "exclude")),
        in_a_world(team, lambda: [decide(team.ana, other[1], "include"), decide(team.ben, other[1], "exclude")]),
    ]
    assert worlds[0] == worlds[1] == worlds[2] == worlds[3] and len(worlds[0]) == 12


def test_an_unsettled_decision_asks_for_no_fit(team, half_decided, monkeypatch):
    _wanted, other = half_decided
    fit_now(team)
    later(monkeypatch, 10_000)
    decide(team.ana, other[1], "include")
    assert due() == []
    decide(team.ben, other[1], "exclude")
    assert due() == [], "a conflict is as silent"


def test_a_settled_decision_does_move_the_order(team, half_decided, monkeypatch):
    """The check above can fail: what is settled is learnt from."""
    _wanted, other = half_decided
    fit_now(team)
    before = order_of(team)
    for report in other[1:4]:
        settle(team, report, "include")
    later(monkeypatch, 25)
    fit_now(team)
    kept = [pk for pk in before if pk in set(order_of(team))]
    assert order_of(team) != kept


def test_what_is_set_is_on_record(team):
    one = actions.set_rule(by=team.coordinator, share=90, for_all=True, recall=98, confidence=90, why="As registered.")
    assert actions.set_rule(by=team.coordinator, share=90, for_all=True, recall=98, confidence=90) == one
    actions.set_rule(by=team.coordinator, share=80, for_all=False, recall=98, confidence=90)
    assert list(RankingRule.objects.order_by("n").values_list("n", "share", "for_all")) == [(1, 90, True), (2, 80, False)]
    for wrong in ({"share": 0}, {"share": 101}, {"recall": 49}, {"confidence": 101}):
        with pytest.raises(Refused, match="whole numbers"):
            actions.set_rule(by=team.coordinator, **({"share": 50, "for_all": True, "recall": 95, "confidence": 95} | wrong))
    with pytest.raises(Denied):
        actions.set_rule(by=team.ana, share=90, for_all=True, recall=95, confidence=95)


def test_random_titles_are_mixed_in_by_the_share(team, monkeypatch):
    wanted, other = with_titles(team, 12, 30)
    for report in wanted[:2]:
        settle(team, report, "include")
    for report in other[:4]:
        settle(team, report, "exclude")
    actions.set_rule(by=team.coordinator, share=50, for_all=True, recall=95, confidence=95)
    fit_now(team)
    order = order_of(team)
    assert sorted(map(str, order)) == sorted(map(str, open_reports(team)))
    keys = dict(ReportStage.objects.filter(project=team.project).values_list("report", "random_key"))
    at_random = sorted(order, key=lambda pk: keys[pk])
    by_rank = [pk for place, pk in enumerate(order[:12]) if place % 2]
    assert {str(pk) for pk in by_rank} <= {str(report.pk) for report in wanted}
    assert order[0] == at_random[0]
    assert np.mean([pk in set(order[:20]) for pk in at_random[:8]]) == 1.0
