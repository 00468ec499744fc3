"""Meetings and priorities of the demonstration: made up, like the people in it."""

from datetime import date
from uuid import uuid5

from screening.projects.models import Membership
from screening.protocol.models import OutcomeOfInterest
from screening.voices.meetings.actions import About, record_meeting
from screening.voices.priorities import actions as priorities

Team = dict[str, Membership]

MEETINGS = (
    (date(2022, 9, 6), "planning", ("alder", "birch", "elm"), 4, "What the review should ask, and which words to use for it."),
    (date(2022, 10, 4), "planning", ("alder", "elm"), 3, "Which outcomes to name in the protocol. What counts as paid."),
    (date(2022, 12, 13), "titles", ("alder", "birch", "cedar", "elm"), 0, "Titles read together: where “peer” means a study design."),
    (date(2023, 2, 21), "full_texts", ("alder", "dogwood", "elm"), 2, "Reviews that say nothing about pay."),
)
# How much the outcomes matter, in the order of the protocol; what is beyond these is left out.
ANSWERS = {
    "birch": ("researchers", (7, 6, 8, 5, 6, 7)),
    "cedar": ("researchers", (8, 6, 7, 6, 6, 5)),
    "dogwood": ("researchers", (7, 5, 8, 6, 7, 6)),
    "elm": ("lived_experience", (6, 9, 5, 9, 8, 7)),
}


def meet_and_ask(team: Team) -> None:
    """Four meetings; one round that is over, in which only the researchers are enough to be shown; and one that is open."""
    for day, stage, present, guests, topics in MEETINGS:
        about = About(held_on=day, stage=stage, present=[team[name].pk for name in present], topics=topics, guests=guests)
        record_meeting(by=team["alder"], about=about)
    outcomes = list(OutcomeOfInterest.objects.filter(project=team["alder"].project, removed=False))
    words = "A first try within the team, before the working group is asked."
    first = priorities.ask(by=team["alder"], method="rating", smallest=3, words=words)
    for name, (group, values) in ANSWERS.items():
        given = dict(zip((outcome.pk for outcome in outcomes), values, strict=False))
        priorities.answer(by=team[name], round_=first, group=group, values=given, answer_id=uuid5(first.pk, name))
    priorities.close(by=team["alder"], round_=first)
    priorities.ask(
        by=team["alder"],
        method="rating",
        smallest=3,
        words="Now everybody: which outcomes should stand first in the tables? Take your time, and leave out what you cannot say.",
    )
