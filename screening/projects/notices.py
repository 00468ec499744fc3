"""Notices: that something happened, and where to read it. Never what was said or decided."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from screening.projects.kept_words import Sentence, as_read
from screening.projects.models import Membership, Notice, User

BATCH = 1000

_sentences: list[Sentence] = []


def says(sentence: str) -> str:
    """Register a sentence that is told (given through gettext_noop), with its places as %(name)s. Gives it back."""
    _sentences.append(sentence)
    return sentence


def as_told(words: str) -> str:
    """What a notice says, in the language of whoever reads it."""
    return as_read(words, tuple(_sentences))


@transaction.atomic
def tell(*members: Membership, key: str, words: str, link: str, by: Membership | None = None) -> int:
    """Tell these members once for each `key`; gives how many were told now. Call it inside the action's transaction.

    `words` is a sentence in English that `says` knows, translated where it is read, and without content: no quoted comment,
    no decision, nobody's answer, and nothing that depends on an unsettled one. `link` is an address of our own ("/p/…").
    `by`, who did it, is not told, nor is anybody who has left.
    """
    if not link.startswith("/") or link.startswith("//"):
        raise ValueError("a notice leads to a page of our own")
    told = {member.pk for member in members if member.roles and member.user_id and (by is None or member.pk != by.pk)}
    known = set(Notice.objects.filter(membership__in=told, key=key[:200]).values_list("membership_id", flat=True))
    made = [Notice(membership_id=pk, key=key[:200], words=words[:300], link=link[:500]) for pk in sorted(told - known)]
    if not made:
        return 0
    # Two who tell the same at once: the second waits here, and then finds it told. In one order, so that none waits for the other.
    list(Membership.objects.select_for_update(no_key=True).filter(pk__in=[one.membership_id for one in made]).order_by("pk").values("pk"))
    Notice.objects.bulk_create(made, ignore_conflicts=True)
    _count([one.membership_id for one in made])
    return len(made)


def notices_of(user: User) -> QuerySet[Notice]:
    """What a person was told in the projects they are in, the latest first."""
    return (
        Notice.objects.filter(membership__user=user)
        .exclude(membership__roles=[])
        .select_related("membership__project")
        .order_by("-created_at", "-pk")
    )


@transaction.atomic
def see(*, user: User, ids: Iterable[UUID] | None = None) -> int:
    """Mark notices as seen: these, or all. Other people's are passed over. Gives how many were new."""
    mine = Notice.objects.filter(membership__user=user, seen_at=None)
    if ids is not None:
        mine = mine.filter(pk__in=list(ids))
    members = list(mine.values_list("membership_id", flat=True).distinct())
    n = mine.update(seen_at=timezone.now())
    _count(members)
    return n


def forget_seen(now: datetime | None = None) -> int:
    """Delete what was seen longer ago than notices are kept (NOTICES_KEPT_DAYS; 0: for ever), some at a time; gives how many.

    What was not seen stays, however old, so no count changes; what happened is told by the thing itself.
    """
    if not settings.NOTICES_KEPT_DAYS:
        return 0
    before = (now or timezone.now()) - timedelta(days=settings.NOTICES_KEPT_DAYS)
    gone = 0
    while old := list(Notice.objects.filter(seen_at__lt=before).values_list("pk", flat=True)[:BATCH]):
        gone += Notice.objects.filter(pk__in=old, seen_at__lt=before).delete()[0]
    return gone


def _count(members: list[Any]) -> None:
    """Bring the cached counts of these members (ids) up to their notices."""
    list(Membership.objects.select_for_update(no_key=True).filter(pk__in=members).order_by("pk").values("pk"))
    waiting = dict(Notice.objects.filter(membership__in=members, seen_at=None).values_list("membership").annotate(n=Count("pk")).order_by())
    for pk in members:
        Membership.objects.filter(pk=pk).exclude(unseen_notices=waiting.get(pk, 0)).update(unseen_notices=waiting.get(pk, 0))
