"""Whoever was shown the others' decisions, to settle a conflict, does not screen that report any more."""

import pytest

from screening.decisions import actions
from screening.decisions.queries import next_for, open_for
from screening.projects.actions import Refused, set_roles
from tests.cast import decide

STAGE = "title_abstract"


@pytest.fixture
def cara(team):
    """An adjudicator who screens too."""
    set_roles(by=team.coordinator, member=team.adjudicator, roles={"adjudicator", "reviewer"})
    team.adjudicator.refresh_from_db()
    return team.adjudicator


def test_the_answer_of_somebody_who_was_shown_the_others_is_refused(team, reports, cara):
    decide(team.ana, reports[0], "include")
    decide(team.ben, reports[0], "exclude")
    actions.reveal(by=cara, report_id=reports[0].pk, stage=STAGE)
    with pytest.raises(Refused, match="shown what the others decided"):
        decide(cara, reports[0], "include")


def test_the_report_is_not_offered_to_them_when_it_is_open_again(team, reports, cara):
    decide(team.ana, reports[0], "include")
    decide(team.ben, reports[0], "exclude")
    actions.reveal(by=cara, report_id=reports[0].pk, stage=STAGE)
    decide(team.ben, reports[0], None)
    assert set(next_for(cara, STAGE)) == {report.pk for report in reports[1:]}
    assert open_for(cara, STAGE) == len(reports) - 1
    with pytest.raises(Refused):
        decide(cara, reports[0], "include")
    assert reports[0].pk in next_for(team.ben, STAGE)
