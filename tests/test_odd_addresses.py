"""Whatever stands behind the question mark: an answer, never a server error."""

import pytest
from django.test import Client

from screening.references.models import ImportEvent, Join
from tests.samples import everything
from tests.walk import routes

NAMES = ("after", "before", "cursor", "from", "q", "title", "source", "stands", "stage", "sort", "show", "list")
NAMES += ("report", "skip", "with", "without")
UUID_LIKE = "0" * 36
ODD = (
    "\x00",
    f"\x00~{'0' * 8}-0000-4000-8000-{'0' * 12}",
    f"2026-13-45T00:00:00Z~{UUID_LIKE}",
    f"2026-01-01T00:00:00Z~{UUID_LIKE}",
    "9" * 40,
    "²",
    "%",
)


@pytest.mark.parametrize("turn", [pytest.param(turn, marks=pytest.mark.slow) for turn in (0, 2, 5)])
def test_odd_words_after_the_question_mark_are_answered(db, turn):
    """Each name has another odd word, and from one address and one member to the next they change places."""
    world = everything()
    broken, asked = [], turn
    for name in ("coordinator", "adjudicator", "ana"):
        client = Client(raise_request_exception=False)
        client.force_login(world.team.members[name].user)
        for route in routes():
            if route.in_project and "GET" in route.rules:
                for address in world.urls(route) if "box" in route.kwargs else [world.url(route)]:
                    asked += 1
                    response = client.get(address, {given: ODD[(asked + n) % len(ODD)] for n, given in enumerate(NAMES)})
                    if response.status_code >= 500:
                        broken.append((name, address, response.status_code))
    assert broken == [] and asked > 150


def test_a_reason_with_a_letter_the_database_cannot_hold_is_kept_without_it(db):
    world = everything()
    client = Client()
    client.force_login(world.team.coordinator.user)
    first, second = world.of["report"][:2]
    slug, pk = world.team.project.slug, world.of["imports/pk"][0]
    joined = client.post(f"/p/{slug}/reports/{first}/join/", {"with": second, "reason": "One\x00document."})
    withdrawn = client.post(f"/p/{slug}/imports/{pk}/withdrawal/", {"reason": "The wrong\x00file."})
    client.force_login(world.team.ana.user)
    lists = f"/p/{slug}/extraction/{world.of['review'][0]}/studies/{world.of['citation_list'][0]}/withdraw/"
    listed = client.post(lists, {"reason": "Another\x00review's."})
    assert (joined.status_code, withdrawn.status_code, listed.status_code) == (302, 302, 302)
    assert Join.objects.filter(reason="One\ufffddocument.").exists() and ImportEvent.objects.filter(reason="The wrong\ufffdfile.").exists()
