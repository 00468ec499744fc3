"""Nothing hard unprepared, and never a screen without a way to speak: pages that are not about voices keep both promises."""

from datetime import date

import pytest
from django.urls import reverse

from screening.decisions.content_notes.actions import put_note
from screening.protocol.versions.actions import Said, correct, depart, withdraw
from screening.voices import actions, queries
from screening.voices.changes import changes_to_link
from tests.cast import decide, import_titles
from tests.references.test_duplicates import propose

NOTE = "Speaks of a death on a ward."
WORDS = {"stage": "searching", "why": "The licence ran out.", "decided_by": "The team", "heard": "not"}


# Content notes -----------------------------------------------------------------------------------------------


@pytest.fixture
def alike(team):
    """Two reports with abstracts, and a note before the first."""
    found = import_titles(team, "Peers after a loss", "Peers in recovery colleges")
    put_note(by=team.working_group, words=NOTE, report_id=found[0].pk)
    return found


def test_a_piece_of_an_abstract_that_was_found_stands_behind_its_note(client, team, alike):
    found = reverse("references:reports", args=[team.project.slug])
    for member in (team.working_group, team.coordinator):
        client.force_login(member.user)
        page = client.get(found, {"q": "peers"}).content.decode()
        assert page.count(NOTE) == 1 and page.count("Abstract of") == 1
        assert NOTE not in client.get(found).content.decode()


def test_a_conflict_shows_its_abstract_behind_its_note(client, team, alike):
    for report in alike:
        decide(team.ana, report, "include")
        decide(team.ben, report, "exclude")
    client.force_login(team.adjudicator.user)
    noted, plain = (
        client.get(reverse("decisions:conflict", args=[team.project.slug, "title_abstract", report.pk])).content.decode()
        for report in alike
    )
    assert noted.index(NOTE) < noted.index('<details class="abstract">') < noted.index("Abstract of")
    assert NOTE not in plain and '<details class="abstract" open>' in plain


def test_abstracts_side_by_side_come_after_their_notes(client, team, alike):
    propose(*alike)
    client.force_login(team.working_group.user)
    page = client.get(reverse("references:duplicates", args=[team.project.slug])).content.decode()
    assert page.count(NOTE) == 1 and page.index(NOTE) < page.index('<table class="dup')


# Ways to speak -----------------------------------------------------------------------------------------------


def test_whoever_is_refused_can_say_so_and_find_support(client, team):
    client.force_login(team.working_group.user)
    refused = reverse("voices:left", args=[team.project.slug])
    answer = client.get(refused)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert f'href="{reverse("voices:speak", args=[team.project.slug])}?from={refused}"' in page
    assert f'href="{reverse("voices:support", args=[team.project.slug])}"' in page
    client.force_login(team.outsider)
    outside = client.get(refused)
    assert outside.status_code == 404 and "voices/speak" not in outside.content.decode()


def departed(team, **more):
    return depart(by=team.coordinator, said=Said(**{**WORDS, "what": "Embase was not searched.", "made_on": date(2026, 3, 2), **more}))


def test_an_amendment_has_one_thread_however_often_it_is_corrected(client, team):
    first = departed(team)
    actions.speak(by=team.working_group, about_kind="amendment", about_id=first.pk, words="Nobody asked us.", kind="concern")
    now = correct(
        by=team.coordinator, amendment=first, said=Said(**{**WORDS, "what": "Embase was searched late.", "made_on": date(2026, 3, 2)})
    )
    (voice,) = queries.awaiting(team.coordinator)
    assert voice.about == "Amendment of 2 March 2026: Embase was searched late."
    client.force_login(team.working_group.user)
    page, thread = voice.about_url.partition("#")[0], reverse("voices:thread", args=[team.project.slug, "amendment", first.pk])
    listed = client.get(page).content.decode()
    assert f'id="amendment-{first.pk}"' in listed and f'href="{thread}"' in listed
    assert "Nobody asked us." in client.get(thread).content.decode()
    assert client.get(reverse("voices:thread", args=[team.project.slug, "amendment", now.pk])).status_code == 404
    client.force_login(team.coordinator.user)
    here = reverse("protocol:deviation", args=[team.project.slug, now.pk])
    assert client.get(reverse("voices:speak", args=[team.project.slug]), {"from": here}).url == thread
    withdraw(by=team.coordinator, amendment=now)
    assert "Nobody asked us." in client.get(thread).content.decode()


def test_an_answer_links_to_the_amendment_that_came_of_it(client, team):
    voice = actions.speak(
        by=team.working_group, about_kind="protocol", about_id=team.project.pk, words="Search it later.", kind="suggestion"
    )
    first = departed(team)
    correct(by=team.coordinator, amendment=first, said=Said(**{**WORDS, "what": "Embase comes later.", "made_on": date(2026, 3, 2)}))
    offered = dict(changes_to_link(team.coordinator))["Amendments and departures"]
    assert offered == [(f"amendment:{first.pk}", "Amendment of 2 March 2026: Embase comes later.")]
    client.force_login(team.coordinator.user)
    sent = {"id": "7d1f0a7e-6f0b-4c9b-9a43-3c1f5d1a2b12", "status": "acted_on", "words": "It is amended.", "change": offered[0][0]}
    assert client.post(reverse("voices:answer", args=[team.project.slug, voice.pk]), sent).status_code == 302
    (spoken,) = queries.thread_of(team.working_group, "protocol", team.project.pk)
    assert (spoken.answer.change_label, spoken.answer.change_url.partition("#")[2]) == (offered[0][1], f"amendment-{first.pk}")
