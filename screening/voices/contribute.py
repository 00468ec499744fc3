"""What this room hands in: voices that wait for an answer, its place in the strip, and the latest words."""

from django.urls import reverse

from screening.projects import contributions
from screening.projects.access import may
from screening.projects.contributions import Figure, Panel, Waiting
from screening.projects.models import Membership
from screening.voices.priorities import contribute as priorities  # noqa: F401
from screening.voices.queries import awaiting_count, recent


@contributions.waiting
def voices_to_answer(membership: Membership) -> list[Waiting]:
    if not may(membership, "voices.answer"):
        return []
    n = awaiting_count(membership)
    words = "voice" if n == 1 else "voices"
    return [
        Waiting(
            count=n,
            label=f"{words} to answer",
            url=f"{reverse('voices:list', args=[membership.project.slug])}?show=waiting",
            order=70,
            detail="The oldest first",
            button=f"Answer {n} {words}",
        )
    ]


@contributions.figures
def voices_in_strip(membership: Membership) -> list[Figure]:
    n = awaiting_count(membership)
    return [
        Figure(
            key="voices",
            label="Voices",
            url=reverse("voices:list", args=[membership.project.slug]),
            order=80,
            figure=n or None,
            unit="waiting" if n else "",
            gap_before=True,
        )
    ]


@contributions.panels
def latest_words(membership: Membership) -> list[Panel]:
    return [Panel(order=60, template="voices/panel.html", context={"voices": recent(membership)})]
