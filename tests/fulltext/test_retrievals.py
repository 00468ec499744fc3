"""Attempts to obtain a full text: each with its day and way, and each follows the record it was about."""

from datetime import timedelta

import pytest
from django.utils import timezone

from screening.decisions.models import ReportStage
from screening.flow.checks import check_project
from screening.fulltext import queries
from screening.fulltext.actions import record_retrieval
from screening.fulltext.models import Retrieval
from screening.fulltext.rules import Attempt, attempt_words, retrieval_in_force
from screening.projects.actions import Refused
from screening.references.actions import join_reports, split_record
from screening.references.models import Record
from tests.cast import decide


def attempt(seq, status, report="r"):
    return Attempt(seq, report, status)


@pytest.mark.parametrize(
    ("attempts", "joined", "status"),
    [
        ([], 0, "sought"),
        ([attempt(2, "sought"), attempt(3, "retrieved")], 1, "retrieved"),
        ([attempt(2, "retrieved"), attempt(3, "not_retrieved")], 1, "not_retrieved"),
        # Given up here, obtained there, then joined: it is obtained.
        ([attempt(2, "retrieved", "other"), attempt(3, "not_retrieved")], 5, "retrieved"),
        ([attempt(2, "not_retrieved", "other"), attempt(3, "retrieved")], 5, "retrieved"),
        ([attempt(2, "not_retrieved", "other"), attempt(3, "sought")], 5, "sought"),
        # What is said of the whole after the join holds, whatever was known of the parts.
        ([attempt(2, "retrieved", "other"), attempt(3, "sought"), attempt(6, "not_retrieved")], 5, "not_retrieved"),
        # Of one part the latest attempt counts.
        ([attempt(2, "retrieved", "other"), attempt(3, "not_retrieved", "other"), attempt(4, "sought")], 5, "sought"),
    ],
)
def test_the_latest_attempt_on_the_whole_holds(attempts, joined, status):
    assert retrieval_in_force(attempts, "r", joined) == status
    assert retrieval_in_force(list(reversed(attempts)), "r", joined) == status


@pytest.fixture
def texts(team, reports):
    for report in reports[:2]:
        for member in (team.ana, team.ben):
            decide(member, report, "include")
    return reports[:2]


def row(report):
    return ReportStage.objects.get(report=report, stage="full_text")


def test_an_attempt_keeps_its_day_its_way_and_its_link(team, texts):
    day = timezone.localdate() - timedelta(days=40)
    made = record_retrieval(
        by=team.ana,
        report_id=texts[0].pk,
        status="sought",
        detail="No answer yet.",
        way="authors",
        tried_on=day,
        link="https://example.org/a",
    )
    made.refresh_from_db()
    assert (made.way, made.tried_on, made.link, made.anchor.placement.report) == ("authors", day, "https://example.org/a", texts[0])
    assert row(texts[0]).retrieval == "sought"
    record_retrieval(by=team.ana, report_id=texts[0].pk, status="not_retrieved", way="loan")
    assert [one.status for one in queries.retrievals_of(texts[0])] == ["sought", "not_retrieved"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"status": "not_retrieved"}, "Say what was tried"),
        ({"status": "lost"}, "obtained, still sought, or not retrieved"),
        ({"status": "sought", "way": "pigeon"}, "The ways are"),
        ({"status": "sought", "link": "javascript:alert(1)"}, "begins with https"),
        ({"status": "sought", "tried_on": timezone.localdate() + timedelta(days=30)}, "still to come"),
    ],
)
def test_an_attempt_that_makes_no_sense_is_refused(team, texts, values, sentence):
    with pytest.raises(Refused, match=sentence):
        record_retrieval(by=team.ana, report_id=texts[0].pk, **values)
    assert not Retrieval.objects.exists()


def join(team, keep, other):
    join_reports(by=team.coordinator, keep=keep, other=other, reason="One report.")


def record_of(report):
    return Record.objects.filter(placement__report=report).order_by("seq").first()


def retrieved(team, report, status="retrieved"):
    record_retrieval(by=team.ana, report_id=report.pk, status=status, detail="In the library.")


def test_what_was_obtained_goes_with_its_record_when_reports_are_joined_and_parted(team, texts):
    keep, other = texts
    retrieved(team, other)
    record = record_of(other)
    join(team, keep, other)
    assert row(keep).retrieval == "retrieved" and check_project(team.project) == []
    assert [one.status for one in queries.retrievals_of(keep)] == ["retrieved"]
    assert queries.latest_retrievals([keep.pk])[keep.pk].detail == "In the library."
    new = split_record(by=team.coordinator, record=record, reason="Two reports.")
    assert (row(keep).retrieval, row(new).retrieval) == ("sought", "retrieved") and check_project(team.project) == []


def test_what_was_obtained_does_not_stay_behind(team, texts):
    keep, other = texts
    join(team, keep, other)
    retrieved(team, keep)
    first, second = Record.objects.filter(placement__report=keep).order_by("seq")
    new = split_record(by=team.coordinator, record=second, reason="Two reports.")
    assert (row(keep).retrieval, row(new).retrieval) == ("retrieved", "sought")
    assert check_project(team.project) == []
    assert first == record_of(keep)


def test_obtained_on_one_side_of_a_join_is_enough_until_somebody_says_otherwise_of_the_whole(team, texts):
    keep, other = texts
    retrieved(team, other)
    retrieved(team, keep, "not_retrieved")
    join(team, keep, other)
    assert row(keep).retrieval == "retrieved"
    retrieved(team, keep, "not_retrieved")
    assert row(keep).retrieval == "not_retrieved" and check_project(team.project) == []


def test_a_title_included_after_a_join_knows_what_was_obtained_before(team, reports):
    """The other report was at full text; this one comes there only now."""
    keep, other = reports[:2]
    for member in (team.ana, team.ben):
        decide(member, other, "include")
    retrieved(team, other)
    decide(team.ana, keep, "exclude")
    decide(team.ben, keep, "exclude")
    join(team, keep, other)
    # Both gave two differing answers, so both are asked again.
    for member in (team.ana, team.ben):
        decide(member, keep, "include")
    assert row(keep).retrieval == "retrieved" and check_project(team.project) == []


def test_an_empty_report_keeps_nothing_in_its_cache(team, texts):
    keep, other = texts
    retrieved(team, other)
    join(team, keep, other)
    assert row(other).suspended and row(other).retrieval == "sought"
    assert check_project(team.project) == []


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (("", "", "Wrote to them.", ""), "Wrote to them."),
        (("Library", "on 2026-03-01", "", ""), "Library, on 2026-03-01"),
        (("Library", "", "No. 7", "https://example.org/a"), "Library. No. 7 https://example.org/a"),
        (("", "", "", ""), ""),
    ],
)
def test_an_attempt_is_told_in_one_line(parts, words):
    assert attempt_words(*parts) == words
