"""The bell, its page, and mails that say how much is new and nothing of what."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from screening.projects import actions
from screening.projects.models import Membership, Notice, User
from screening.projects.notices import tell
from screening.projects.telling.digest import send_due
from screening.projects.telling.rules import is_due

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WORDS = "What you said about Quillfeather was answered."


@pytest.mark.parametrize(
    ("every", "hours", "due"),
    [
        ("daily", None, True),
        ("daily", 22, False),
        ("daily", 24, True),
        ("weekly", 24 * 6, False),
        ("weekly", 24 * 7, True),
        ("", None, False),
    ],
)
def test_when_a_mail_is_due(every, hours, due):
    assert is_due(every, None if hours is None else NOW - timedelta(hours=hours), NOW) is due


def test_nobody_gets_mail_unasked(team):
    tell(team.ana, key="k", words=WORDS, link="/")
    assert send_due() == 0 and mail.outbox == []


@pytest.fixture
def wanting(team):
    actions.set_digest(user=team.ana.user, digest="daily")
    User.objects.filter(pk=team.ana.user_id).update(digest_sent_at=timezone.now() - timedelta(days=2))
    return team.ana


def test_a_mail_says_how_much_and_not_what(wanting):
    tell(wanting, key="k", words=WORDS, link="/")
    tell(wanting, key="l", words=WORDS, link="/")
    assert send_due() == 1
    sent = mail.outbox[0]
    everything = sent.subject + sent.body + sent.alternatives[0][0]
    assert "2 new notices in “Peer support”" in sent.body and "Quillfeather" not in everything
    assert sent.to == ["ana@example.org"] and reverse("notices") in sent.body
    assert send_due() == 0
    # What was in a mail is not in the next.
    assert send_due(timezone.now() + timedelta(days=2)) == 0
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("why_not", ["seen", "left", "off", "inactive"])
def test_who_has_nothing_new_gets_none(wanting, why_not):
    tell(wanting, key="k", words=WORDS, link="/")
    if why_not == "seen":
        Membership.objects.filter(pk=wanting.pk).update(unseen_notices=1)  # a cache that is behind sends nothing either
        Notice.objects.update(seen_at=timezone.now())
    elif why_not == "left":
        actions.leave_project(by=wanting, member=wanting)
    elif why_not == "off":
        actions.set_digest(user=wanting.user, digest="")
    else:
        User.objects.filter(pk=wanting.user_id).update(is_active=False)
    assert send_due() == 0


def test_the_bell_counts_and_following_marks_as_seen(client, team):
    link = reverse("projects:team", args=[team.project.slug])
    tell(team.ana, key="k", words="The team has changed.", link=link)
    client.force_login(team.ana.user)
    assert "Notices: 1 new" in client.get(link).content.decode()
    assert "The team has changed." in client.get(reverse("notices-latest"), headers={"HX-Request": "true"}).content.decode()
    assert client.get(reverse("notices-latest")).url == reverse("notices")
    notice = Notice.objects.get()
    assert client.get(reverse("notice", args=[notice.pk])).status_code == 405
    assert client.post(reverse("notice", args=[notice.pk])).url == link
    assert "Notices: 1 new" not in client.get(link).content.decode()


def test_nobody_elses_notices(client, team):
    tell(team.ana, key="k", words="For Ana alone.", link="/")
    client.force_login(team.ben.user)
    notice = Notice.objects.get()
    assert client.post(reverse("notice", args=[notice.pk])).status_code == 404
    client.post(reverse("notices-seen"))
    assert Notice.objects.get().seen_at is None
    assert "For Ana" not in client.get(reverse("notices")).content.decode()
    assert client.get(reverse("api:notices")).json()["results"] == []


def test_many_are_paged_and_all_can_be_seen(client, team):
    for n in range(55):
        tell(team.ana, key=str(n), words=f"Notice number {n}.", link="/")
    client.force_login(team.ana.user)
    first = client.get(reverse("notices"))
    assert "55 are new" in first.content.decode() and first.content.decode().count("Notice number") == 50
    rest = client.get(reverse("notices") + first.context["next_url"]).content.decode()
    assert rest.count("Notice number") == 5
    assert client.get(reverse("notices"), {"after": "nonsense"}).url == reverse("notices")
    client.post(reverse("notices-seen"))
    assert "Nothing is new" in client.get(reverse("notices")).content.decode()


def test_how_often_is_chosen_on_the_page(client, team):
    client.force_login(team.ana.user)
    client.post(reverse("notices-mails"), {"digest": "weekly"})
    assert User.objects.get(pk=team.ana.user_id).digest == "weekly"
    client.post(reverse("notices-mails"), {"digest": "hourly"})
    assert User.objects.get(pk=team.ana.user_id).digest == "weekly"
    client.post(reverse("notices-mails"), {"digest": ""})
    assert User.objects.get(pk=team.ana.user_id).digest_sent_at is None


def test_the_api_marks_some_or_all(client, team):
    for n in range(3):
        tell(team.ana, key=str(n), words=f"Notice {n}", link="/")
    client.force_login(team.ana.user)
    first = client.get(reverse("api:notices")).json()["results"][0]
    assert (first["words"], first["project"], first["seen_at"]) == ("Notice 2", team.project.slug, None)
    url = reverse("api:notices-seen")
    assert client.post(url, {"ids": [first["id"]]}, content_type="application/json").json() == {"marked": 1}
    assert client.post(url, {}, content_type="application/json").json() == {"marked": 2}
    assert client.post(url, {"ids": ["x"]}, content_type="application/json").status_code == 400
