"""The demonstration as somebody meets it who opens it for the first time."""

from decimal import Decimal

import pytest

from config.demonstration import story
from config.demonstration.worksheets import ABOVE, BELOW, LINE, excluding, including, told_by
from screening.decisions.models import ReportStage, Stage
from screening.fulltext.lines.queries import seen_at, thresholds_of
from screening.fulltext.models import CriterionAnswer
from screening.fulltext.worksheet.queries import body_held_against
from screening.fulltext.worksheet.rules import Figures, against_line, line_of, share_of, verdict_of
from screening.projects.models import Membership
from screening.protocol.queries import questions_of


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker, tmp_path_factory):
    from django.db import transaction
    from django.test import override_settings

    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")), transaction.atomic():
        yield story.tell()
        transaction.set_rollback(True)


@pytest.fixture
def alder(told, django_db_blocker):
    with django_db_blocker.unblock():
        yield Membership.objects.get(project=told, user__email="alder@example.org")


def test_a_moved_line_moves_reports_and_some_depend_on_unclear_studies(alder):
    criterion = thresholds_of(body_held_against(alder.project))[0]
    seen = seen_at(alder, criterion["id"], Decimal(40))
    at = {int(one.line): one for one in seen.lines}
    told = {line: {fate: n for fate, n in one.fates.items() if n} for line, one in at.items()}
    assert at[40].fates["comes"] and at[40].fates["depends_out"] and at[50].fates["depends_in"], told
    assert at[60].fates["leaves"] and at[60].fates["depends_in"] and at[50].fates["below"] and at[50].not_knowable, told
    assert at[40].reports.certain > at[50].reports.certain > at[60].reports.certain
    for question in questions_of(alder.project):
        assert at[40].questions[str(question.pk)].certain > 0


def test_no_answers_are_made_up_about_real_reviews(alder):
    answered = CriterionAnswer.objects.filter(project=alder.project).values("assessment__decision__report")
    settled = ReportStage.objects.filter(project=alder.project, stage=Stage.FULL_TEXT, status=ReportStage.Status.INCLUDE)
    titles = {row.report.title.casefold()[:20] for row in settled.filter(report__in=answered).select_related("report")}
    assert titles == {"demonstration record"}
    assert settled.exclude(report__in=answered).count() == 10


def test_the_shares_are_stated_counted_and_sampled(alder):
    assert set(CriterionAnswer.objects.filter(project=alder.project, total__isnull=False).values_list("how", flat=True)) == {
        "stated",
        "counted",
        "sampled",
    }


def test_every_reading_comes_to_what_it_says(alder):
    body = body_held_against(alder.project)
    questions = [question["id"] for question in body["questions"]]
    line = line_of(next(one["threshold_percent"] for one in body["criteria"] if one["label"] == LINE))
    assert {against_line(share_of(one), line) for one in ABOVE} == {"yes", "unclear"}
    assert {against_line(share_of(one), line) for one in BELOW} == {"no"}
    readings = [read(body, n) for n in range(40) for read in (including, excluding)]
    readings += [told_by(body, Figures(met, 12, unclear=unclear)) for met in range(10) for unclear in range(3)]
    for read in readings:
        verdict = verdict_of(body["criteria"], questions, {one.place: one.given for one in read.answered})
        assert bool(verdict.failed) == (read.answer == "exclude") and not (read.answer == "include" and verdict.missing)
