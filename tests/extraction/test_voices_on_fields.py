"""Speaking of what the extraction form asks, whichever review it asks it of."""

from uuid import uuid4

from django.urls import reverse

from extraction.forms.rules import FIRST
from extraction.forms.speaking import form_fields
from screening.projects.actions import create_project
from screening.voices import actions, queries
from tests.extraction.conftest import include


def thread_at(team, one):
    return reverse("voices:thread", args=[team.project.slug, "field", one.pk])


def field_named(team, key):
    return next(one for one in form_fields(team.project) if one.field.key == key)


def test_every_question_of_the_form_has_a_thread_reached_from_the_pages_of_extraction(client, team):
    (review,) = include(team, "Peer support in crisis teams")
    client.force_login(team.working_group.user)
    shown = client.get(reverse("forms:list", args=[team.project.slug])).content.decode()
    fields = form_fields(team.project)
    assert [one.field.key for one in fields] == [field.key for field in FIRST.fields]
    for one in fields:
        assert f'id="field-{one.field.key}"' in shown and f'href="{thread_at(team, one)}"' in shown
        assert one.field.label in client.get(thread_at(team, one)).content.decode()
    listed = reverse("forms:list", args=[team.project.slug])
    assert f'href="{listed}#asked"' in client.get(reverse("forms:extract", args=[team.project.slug, review.pk])).content.decode()


def test_the_questions_stand_before_any_review_is_included(client, team):
    client.force_login(team.observer.user)
    shown = client.get(reverse("forms:list", args=[team.project.slug])).content.decode()
    assert "No report is included yet." in shown and thread_at(team, field_named(team, "aim")) in shown


def test_what_is_said_of_a_question_is_answered_listed_and_counted_like_any_other(client, team):
    one = field_named(team, "peer_type")
    client.force_login(team.working_group.user)
    sent = {"id": str(uuid4()), "words": "Some are both, and more.", "kind": "comment", "audience": "everyone"}
    assert client.post(thread_at(team, one), sent).status_code == 302
    (voice,) = queries.awaiting(team.coordinator)
    assert (voice.about, voice.about_url) == (
        "Extraction: Peer type", f"{reverse('forms:list', args=[team.project.slug])}#field-peer_type",
    )  # fmt: skip
    assert "Extraction: Peer type" in client.get(reverse("voices:list", args=[team.project.slug])).content.decode()
    assert queries.figures(team.project)["working_group"]["by_stage"] == {"extraction": 1}
    actions.answer(
        by=team.coordinator, voice=queries.voice_for(team.coordinator, voice.id), status="acted_on", words="Both is a choice now.",
        change=actions.Change("field", one.pk),
    )  # fmt: skip
    (spoken,) = queries.thread_of(team.working_group, "field", one.pk)
    assert spoken.answer.change_label == "Extraction: Peer type" and not spoken.awaits


def test_a_question_of_another_project_or_of_no_form_is_not_there(client, team):
    other = create_project(user=team.coordinator.user, title="Another review").project
    client.force_login(team.coordinator.user)
    one = field_named(team, "aim")
    assert client.get(thread_at(team, one)).status_code == 200
    for slug, pk in ((other.slug, one.pk), (team.project.slug, uuid4())):
        assert client.get(reverse("voices:thread", args=[slug, "field", pk])).status_code == 404
    assert queries.Things(team.coordinator).find("field", "no id") is None


def test_from_a_thread_on_a_question_one_speaks_of_it_again(client, team):
    one = field_named(team, "countries")
    client.force_login(team.observer.user)
    answer = client.get(reverse("voices:speak", args=[team.project.slug]), {"from": thread_at(team, one)})
    assert answer.url == thread_at(team, one)
