"""Who is told what, once, and that it is counted right."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from screening.projects import notices
from screening.projects.actions import set_roles
from screening.projects.models import Membership, Notice
from screening.projects.notices import as_told, notices_of, see, tell
from screening.projects.tasks import forget_notices
from screening.protocol.versions.actions import AMENDED
from screening.voices.actions import ANSWERED
from screening.voices.priorities.actions import ASKED

ROOT = Path(__file__).resolve().parents[2]


def told(member: Membership) -> list[str]:
    return [one.words for one in notices_of(member.user)]


def counted(member: Membership) -> int:
    return Membership.objects.get(pk=member.pk).unseen_notices


def test_everybody_but_whoever_did_it_is_told_once(team):
    everybody = {"key": "amended:2", "words": "The protocol was amended.", "link": f"/p/{team.project.slug}/protocol/"}
    assert tell(team.ana, team.ben, team.coordinator, by=team.coordinator, **everybody) == 2
    assert tell(team.ana, team.ben, team.observer, by=team.coordinator, **everybody) == 1
    assert told(team.ana) == told(team.observer) == ["The protocol was amended."]
    assert told(team.coordinator) == []
    assert (counted(team.ana), counted(team.coordinator)) == (1, 0)


def test_another_key_is_another_notice(team):
    for n in (1, 2):
        tell(team.ana, key=f"answer:{n}", words="What you said was answered.", link="/")
    assert counted(team.ana) == 2


def test_who_left_or_has_no_account_is_not_told(team):
    set_roles(by=team.coordinator, member=team.ben, roles=set())
    team.ben.refresh_from_db()
    nobody = Membership.objects.create(project=team.project, user=None, shown_name="From a file", roles=["reviewer"])
    assert tell(team.ben, nobody, key="k", words="w", link="/") == 0
    assert not Notice.objects.exists()


def test_seeing_some_leaves_the_others(team):
    for n in range(3):
        tell(team.ana, key=str(n), words=f"Notice {n}", link="/")
    tell(team.ben, key="0", words="Notice 0", link="/")
    first = notices_of(team.ana.user).first()
    others = notices_of(team.ben.user).first()
    assert see(user=team.ana.user, ids=[first.pk, others.pk]) == 1
    assert (counted(team.ana), counted(team.ben)) == (2, 1)
    assert see(user=team.ana.user) == 2
    assert see(user=team.ana.user) == 0
    assert (counted(team.ana), counted(team.ben)) == (0, 1)


def test_a_notice_leads_nowhere_else(db):
    for link in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        with pytest.raises(ValueError, match="a page of our own"):
            tell(key="k", words="w", link=link)


def test_the_day_somebody_was_here_is_kept_and_nothing_finer(team, client):
    client.force_login(team.ana.user)
    Membership.objects.filter(pk=team.ana.pk).update(last_seen_on=timezone.now().date() - timedelta(days=9))
    client.get(f"/p/{team.project.slug}/team/")
    assert Membership.objects.get(pk=team.ana.pk).last_seen_on == timezone.now().date()


def test_what_was_seen_long_ago_is_forgotten_and_nothing_else(team, settings, monkeypatch):
    monkeypatch.setattr(notices, "BATCH", 2)
    now = timezone.now()
    seen = {"old": 181, "older": 400, "oldest": 900, "recent": 179}
    for key in (*seen, "never seen"):
        tell(team.ana, key=key, words=key, link="/")
    for key, days in seen.items():
        Notice.objects.filter(key=key).update(seen_at=now - timedelta(days=days))
    Notice.objects.update(created_at=now - timedelta(days=1000))
    settings.NOTICES_KEPT_DAYS = 0
    assert notices.forget_seen(now) == 0
    settings.NOTICES_KEPT_DAYS = 180
    assert (notices.forget_seen(now), notices.forget_seen(now)) == (3, 0)
    assert set(told(team.ana)) == {"recent", "never seen"}


def test_the_beat_forgets_notices(team, settings):
    names = {one["task"] for one in settings.CELERY_BEAT_SCHEDULE.values()}
    assert forget_notices.name in names
    tell(team.ana, key="k", words="w", link="/")
    Notice.objects.update(seen_at=timezone.now() - timedelta(days=settings.NOTICES_KEPT_DAYS + 1))
    forget_notices()
    assert not Notice.objects.exists()


def test_a_notice_is_read_in_the_readers_language_and_kept_in_english(team, monkeypatch):
    monkeypatch.setattr("screening.projects.kept_words.gettext", lambda words: f"<{words}>")
    kept = [ANSWERED, AMENDED % {"n": 2}, ASKED]
    for n, words in enumerate(kept):
        tell(team.ana, key=str(n), words=words, link="/")
    assert sorted(told(team.ana)) == sorted(kept)
    assert [as_told(words) for words in kept] == [f"<{words}>" for words in kept]
    assert as_told("Told by an earlier version.") == "Told by an earlier version."


def test_whoever_tells_says_it_in_no_language_of_their_own():
    """What `tell` is given is registered with `says`: a sentence put together in the teller's language could not be read in another."""
    modules = [ast.parse(path.read_text(encoding="utf-8")) for path in ROOT.glob("screening/**/actions*.py")]
    modules += [ast.parse(path.read_text(encoding="utf-8")) for path in ROOT.glob("screening/**/actions/*.py")]
    calls = [node for module in modules for node in ast.walk(module) if is_tell(node)]
    given = [next(keyword.value for keyword in call.keywords if keyword.arg == "words") for call in calls]
    assert len(given) >= 4
    assert not [ast.unparse(words) for words in given if "_(" in ast.unparse(words) or isinstance(words, ast.Constant | ast.JoinedStr)]


def is_tell(node) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "tell" and any(keyword.arg == "words" for keyword in node.keywords)
