"""Speaking of an included review, and of one answer of its extraction."""

from django.urls import reverse

from screening.decisions.content_notes.actions import put_note
from screening.fulltext.actions import link_report
from screening.fulltext.queries import reports_of_review
from screening.projects.actions import create_project
from screening.voices import actions, queries
from tests.cast import import_titles
from tests.extraction.conftest import include


def thread_at(team, review):
    return reverse("voices:thread", args=[team.project.slug, "review", review.pk])


def say(member, review, words="Whose recovery is counted here?"):
    return actions.speak(by=member, about_kind="review", about_id=review.pk, words=words, kind="question")


def read(member, review):
    return [voice.words for voice in queries.thread_of(member, "review", review.pk)]


def test_from_its_pages_one_speaks_of_a_review_and_says_of_which_answer(client, team):
    (review,) = include(team, "Peer support in crisis teams")
    client.force_login(team.working_group.user)
    pages = [reverse(name, args=[team.project.slug, review.pk]) for name in ("forms:extract", "studies:list")]
    assert f'hx-get="{thread_at(team, review)}"' in client.get(pages[0]).content.decode()
    for page in pages:
        assert client.get(reverse("voices:speak", args=[team.project.slug]), {"from": page}).url == thread_at(team, review)
    assert "Which answer" in client.get(thread_at(team, review)).content.decode()
    sent = {"id": "7d1f0a7e-6f0b-4c9b-9a43-3c1f5d1a2b11", "words": "Which countries?", "kind": "question", "place": "Countries"}
    assert client.post(thread_at(team, review), sent).status_code == 302
    (voice,) = queries.thread_of(team.coordinator, "review", review.pk)
    assert (voice.words, voice.place, voice.about, voice.about_url, voice.awaits) == (
        "Which countries?", "Countries", review.label, pages[0], True,
    )  # fmt: skip
    shown = client.get(thread_at(team, review)).content.decode()
    assert "Voices on this included review." in shown and ", Countries, " in shown
    assert review.label in client.get(reverse("voices:said", args=[team.project.slug])).content.decode()
    assert client.get(reverse("projects:history", args=[team.project.slug, "review", review.pk])).status_code == 200


def test_of_another_projects_review_nobody_speaks(client, team):
    (review,) = include(team, "Peer support in crisis teams")
    elsewhere = create_project(user=team.coordinator.user, title="Another review").project.slug
    client.force_login(team.coordinator.user)
    assert client.get(thread_at(team, review)).status_code == 200
    assert client.get(reverse("voices:thread", args=[elsewhere, "review", review.pk])).status_code == 404
    assert client.get(reverse("voices:thread", args=[team.project.slug, "review", team.project.pk])).status_code == 404


def test_while_one_of_its_reports_is_open_what_its_screeners_say_waits(team):
    (review,) = include(team, "Peer support in crisis teams")
    say(team.ana, review)
    assert read(team.ben, review) == ["Whose recovery is counted here?"]
    (opened,) = import_titles(team, "Peer support in crisis teams: one year on")
    link_report(by=team.ana, report=opened, review=review)
    say(team.working_group, review, "Mine is not.")
    assert read(team.ben, review) == read(team.coordinator, review) == ["Mine is not."]
    assert len(read(team.ana, review)) == 2
    # No figure moves with what waits: what possible screeners say of a review is in none.
    assert queries.tally(team.coordinator) == queries.tally(team.ana) == {"waiting": 1}
    assert queries.figures(team.project)["working_group"]["by_stage"] == {"extraction": 1}


def test_a_content_note_on_its_report_stands_before_what_is_said_of_a_review(client, team):
    (review,) = include(team, "Peer support in crisis teams")
    put_note(by=team.working_group, words="Speaks of a death.", report_id=reports_of_review(review).get().pk)
    say(team.working_group, review, "Hard to read.")
    client.force_login(team.observer.user)
    page = client.get(thread_at(team, review)).content.decode()
    assert page.index("Speaks of a death.") < page.index("Hard to read.")
