"""What is said with scripts, marks and control characters in it harms nobody, wherever it is shown again."""

from uuid import uuid4

import pytest
from django.urls import reverse

from screening.voices.models import Voice

HOSTILE = (
    "Ask us <script>alert(1)</script> first\x07\u202e\x1b <img src=x onerror=alert(2)> [here](javascript:alert(3)) "
    '"><svg onload=alert(4)> {{ 7|add:7 }} </textarea><b>so</b>'
)
DANGEROUS = ("<script>alert", "<img src=x", "<svg onload", 'href="javascript:', "</textarea><b>")


@pytest.mark.parametrize("way", ["page", "api"])
def test_scripts_and_control_characters_in_a_comment_come_to_nothing(client, team, way):
    slug = team.project.slug
    client.force_login(team.working_group.user)
    thread = reverse("voices:thread", args=[slug, "protocol", team.project.pk])
    if way == "page":
        assert client.post(thread, {"id": uuid4(), "words": HOSTILE, "kind": "concern", "reply_to": ""}).status_code == 302
    else:
        sent = {"about_kind": "protocol", "about_id": str(team.project.pk), "words": HOSTILE, "kind": "concern"}
        assert client.post(f"/api/v1/projects/{slug}/voices/", sent, content_type="application/json").status_code == 201
    kept = Voice.objects.select_related("body").get().body.words
    assert not set(kept) & {"\x07", "\u202e", "\x1b"} and "<script>alert(1)</script> first" in kept, "as it was written, but for those"
    client.force_login(team.coordinator.user)
    for address in (thread, reverse("voices:list", args=[slug]), reverse("flow:project", args=[slug]), reverse("home")):
        text = client.get(address).content.decode()
        assert not [one for one in DANGEROUS if one in text], address
        assert address == reverse("home") or "Ask us" in text
    assert "{{ 7|add:7 }}" in client.get(thread).content.decode(), "shown, and not worked out"


def test_a_null_character_is_refused_in_words_and_what_was_written_is_kept(client, team):
    client.force_login(team.working_group.user)
    thread = reverse("voices:thread", args=[team.project.slug, "protocol", team.project.pk])
    answer = client.post(thread, {"id": uuid4(), "words": "Ask us\x00 first", "kind": "concern", "reply_to": ""})
    text = answer.content.decode()
    assert answer.status_code == 422 and "Null characters are not allowed" in text and "first</textarea>" in text
    sent = {"about_kind": "protocol", "about_id": str(team.project.pk), "words": "Ask us\x00 first", "kind": "concern"}
    refused = client.post(reverse("voices-api:voices", args=[team.project.slug]), sent, content_type="application/json")
    assert refused.status_code == 400 and [error["field"] for error in refused.json()["errors"]] == ["words"]
    assert not Voice.objects.exists()
