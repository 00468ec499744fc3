"""What somebody typed is on the page that says it could not be taken: no reason is written twice."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from screening.decisions.conflicts import actions as conflicts
from screening.decisions.pilots import actions as pilots
from screening.decisions.policies.queries import versions_of
from screening.decisions.queries import decisions_in_force
from screening.fulltext.models import Document
from screening.projects.actions import set_roles
from screening.references import actions as references
from tests.cast import decide

STAGE = "title_abstract"
WORDS = "Ben is right: nobody in it was paid."


@pytest.fixture
def post():
    def send(who, room: str, page: str, *args, **data) -> str:
        client = Client()
        client.force_login(who.user)
        sent = {"why": WORDS, **data}
        return client.post(reverse(f"{room}:{page}", args=[who.project.slug, *args]), sent, follow=True).content.decode()

    return send


@pytest.fixture
def torn(team, reports):
    decide(team.ana, reports[0], "include")
    decide(team.ben, reports[0], "exclude")
    return reports[0]


def on(member, report) -> list[str]:
    return [str(side.id) for side in decisions_in_force(member, report.pk, STAGE)]


def ruled(team, report) -> list[str]:
    """Ruled on by the adjudicator. Returns the decisions it was made on."""
    conflicts.reveal(by=team.adjudicator, report_id=report.pk, stage=STAGE)
    made_on = on(team.adjudicator, report)
    given = {"outcome": "include", "why": "So.", "on": made_on, "resolution_id": uuid4()}
    conflicts.resolve(by=team.adjudicator, report_id=report.pk, stage=STAGE, **given)
    return made_on


def test_a_ruling_that_comes_after_another(team, torn, post):
    sent = {"id": str(uuid4()), "on": ruled(team, torn), "outcome": "exclude"}
    html = post(team.adjudicator, "decisions", "settle", STAGE, torn.pk, **sent)
    assert "settled in the meantime" in html and f"You had written: “{WORDS}”" in html


def test_a_proposal_that_comes_after_a_ruling(team, torn, post):
    for member in (team.ana, team.ben):
        conflicts.meet(by=member, stage=STAGE)
    sent = {"id": str(uuid4()), "on": ruled(team, torn), "outcome": "exclude"}
    html = post(team.ana, "decisions", "propose", STAGE, torn.pk, **sent)
    assert "is settled as include" in html and f"You had written: “{WORDS}”" in html


def test_a_ruling_on_what_was_joined_away(team, torn, reports, post):
    conflicts.reveal(by=team.adjudicator, report_id=torn.pk, stage=STAGE)
    sent = {"id": str(uuid4()), "on": on(team.adjudicator, torn), "outcome": "exclude"}
    references.join_reports(by=team.coordinator, keep=reports[1], other=torn, reason="One report.")
    html = post(team.adjudicator, "decisions", "settle", STAGE, torn.pk, **sent)
    assert "What you had written" in html and WORDS in html
    assert html.count("<blockquote") == 1, "what was chosen, and the tokens, are no words"


def test_a_ruling_by_somebody_who_is_no_adjudicator_any_more(team, torn, post):
    set_roles(by=team.coordinator, member=team.adjudicator, roles={"observer"})
    html = post(team.adjudicator, "decisions", "settle", STAGE, torn.pk, outcome="exclude")
    assert "This is not open to you here" in html and f">{WORDS}</blockquote>" in html


def test_an_answer_to_a_request_nobody_makes_any_more(team, reports, post):
    decide(team.ana, reports[0], "include")
    decide(team.ben, reports[0], "include")
    asked = decide(team.ana, reports[0], "exclude")
    decide(team.ana, reports[0], "include")
    sent = {"id": str(uuid4()), "on": [str(asked.pk)], "answer": "decline"}
    html = post(team.adjudicator, "decisions", "reopen", STAGE, reports[0].pk, **sent)
    assert f"You had written: “{WORDS}”" in html


@pytest.mark.parametrize("name", ["together-settle", "together-preview"])
def test_many_conflicts_none_of_which_is_there_any_more(team, torn, post, name):
    place = f"{torn.pk}:{','.join(ruled(team, torn))}"
    sent = {"pattern": "include,exclude", "batch": str(uuid4()), "outcome": "exclude", "reason": "", "conflict": [place]}
    html = post(team.adjudicator, "decisions", name, STAGE, **sent)
    assert "No conflict that was shown to you is of this pattern now." in html and f"You had written: “{WORDS}”" in html


def test_many_conflicts_are_to_become_something_else_for_the_same_reason(team, torn, post):
    conflicts.reveal(by=team.adjudicator, report_id=torn.pk, stage=STAGE)
    sent = {"pattern": "include,exclude", "batch": str(uuid4()), "outcome": "exclude", "reason": ""}
    html = post(team.adjudicator, "decisions", "together-preview", STAGE, back="1", **sent)
    assert "List what would change" in html and WORDS in html


def test_a_policy_somebody_else_changed_meanwhile(team, reports, post):
    sent = {"way": "dual", "maybe": "include", "n": "7", "id": str(uuid4()), "low": "0"}
    html = post(team.coordinator, "decisions", "policy", STAGE, step="change", **sent)
    assert f"You had written: “{WORDS}”" in html and not versions_of(team.project, STAGE)
    html = post(team.coordinator, "decisions", "policy", STAGE, step="back", **sent)
    assert f'name="why" value="{WORDS}"' in html


def test_a_round_that_was_closed_already(team, reports, post):
    round_ = pilots.start_round(by=team.coordinator, stage=STAGE, size=2, members=[team.ana.pk, team.ben.pk], why="", round_id=uuid4())
    pilots.close_round(by=team.coordinator, round_=round_, why="Enough.")
    html = post(team.coordinator, "decisions", "pilot-close", round_.pk)
    assert f"It was closed already. You had written: “{WORDS}”" in html and "Enough." in html


def test_what_is_said_of_an_author_without_the_right(team, reports, post):
    html = post(team.ana, "decisions", "authors-declare", report=str(reports[0].pk), member=str(team.ben.pk), declared="no")
    assert f"You had written: “{WORDS}”" in html


def test_screening_is_stopped_by_a_coordinator_who_screens_by_now(team, reports, post):
    set_roles(by=team.coordinator, member=team.coordinator, roles={"coordinator", "reviewer"})
    team.coordinator.refresh_from_db()
    html = post(team.coordinator, "decisions", "ranking-stop")
    assert f"You had written: “{WORDS}”" in html


def test_a_line_that_cannot_be_kept(team, reports, post):
    html = post(team.ana, "fulltext", "keep-line", name="Line at forty", criterion=str(uuid4()), line="140")
    assert f"You had written: “Line at forty” “{WORDS}”" in html


def test_a_document_that_cannot_be_placed(team, reports, post):
    file = {"filename": "a.pdf", "sha256": "0" * 64, "stored_file": "a", "size": 1}
    document = Document.objects.create(project=team.project, by=team.coordinator, **file)
    html = post(team.coordinator, "fulltext", "place-document", document.pk, report=str(uuid4()), reason=WORDS)
    assert f"You had written: “{WORDS}”" in html


def test_an_attempt_that_is_refused_for_one_of_several(team, reports, post):
    html = post(team.ana, "fulltext", "retrievals", report=[str(reports[0].pk)], status="not_retrieved", detail=WORDS)
    assert f"You had written: “{WORDS}”" in html


def test_answers_to_a_full_text_that_is_gone(team, reports, post):
    html = post(team.ana, "fulltext", "decide", reports[0].pk, note=WORDS, answer="include")
    assert "What you had written" in html and WORDS in html
