"""Included reviews to extract from: reports that both reviewers included at both stages."""

from uuid import uuid4

import pytest

from extraction.forms.actions import save_extraction
from extraction.studies.actions import save_list
from screening.decisions.actions import reopen
from screening.fulltext.actions import record_retrieval, review_of
from screening.fulltext.models import IncludedReview
from screening.fulltext.queries import reports_of_review
from tests.cast import Team, decide, import_titles

STUDY = "Elm J (2014). Peer support in wards: a trial. Demo J. doi:10.1234/a"


def include(team: Team, *titles: str) -> list[IncludedReview]:
    """Reports with these titles, included at full text, and the review of each."""
    reviews = []
    for report in import_titles(team, *titles):
        for member in (team.ana, team.ben):
            decide(member, report, "include")
        record_retrieval(by=team.coordinator, report_id=report.pk, status="retrieved")
        for member in (team.ana, team.ben):
            decide(member, report, "include", stage="full_text")
        reviews.append(review_of(by=team.ana, report=report))
    return reviews


def drop(team: Team, review: IncludedReview) -> None:
    """Both reviewers change their minds about the review's report, and that is accepted: it is excluded now."""
    report = reports_of_review(review).get()
    for member in (team.ana, team.ben):
        decide(member, report, "exclude", stage="full_text")
    reopen(by=team.adjudicator, report_id=report.pk, stage="full_text", why="Both looked again.", resolution_id=uuid4())


@pytest.fixture
def reviews(team) -> list[IncludedReview]:
    return include(team, "Peer support in crisis teams", "Family peer work in wards", "Recovery colleges reviewed")


@pytest.fixture
def full(team, reviews):
    """Three included reviews, one extracted, two with lists; one title in conflict, one open."""
    save_extraction(by=team.ana, review=reviews[0], values={"design": "scoping", "studies": 24, "population": "Adults"})
    save_list(by=team.ana, review=reviews[0], text=STUDY)
    save_list(by=team.ana, review=reviews[1], text=f"{STUDY}\nFir L (2016). Family peer work at home. Demo J.")
    conflict, opened = import_titles(team, "Conflicting title here", "Open title here")
    decide(team.ana, conflict, "include", note="ana-thinks-yes")
    decide(team.ben, conflict, "exclude", note="ben-thinks-no")
    decide(team.ana, opened, "include", note="ana-alone")
    return reviews


@pytest.fixture
def signed_in(client):
    """A browser signed in as a member."""

    def sign_in(member):
        client.force_login(member.user)
        return client

    return sign_in
