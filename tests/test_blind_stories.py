"""Blind is blind on random stories: whatever a team did before, two ways on that differ in one unsettled decision look alike.

Every page, route, file, queue, question sent, job and letter; the headers and how many statements each took; for every
role, also for a coordinator and an adjudicator who screen. What a project may allow coordinators to see is off.
The examples of one run share a walk: each looks at every so many places. Of the many before and after, all together at all.
"""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.core import mail
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from screening.decisions.models import ReportStage, Revelation, Stage, Standing
from screening.projects.models import Project
from tests.blindness.looking import Ask, Eyes, Viewer, lived, told_apart
from tests.blindness.stories import Content, Story, contents, stories
from tests.walk import routes

DECISION = UUID("d0000000-0000-4000-8000-000000000001")
ORDERS = ("ranked", "random", "newest", "title")


def eyes_of(story: Story, *names: str) -> Eyes:
    team = story.world.team
    viewers = [Viewer(name, story.people[name]) for name in names]
    api = f"/api/v1/projects/{team.project.slug}/"
    return Eyes(viewers, [*story.world.addresses(routes()), *_narrowed(story, api)], _asks(story, api))


def _narrowed(story: Story, api: str) -> list[str]:
    """Addresses that say more: orders, searches for words of notes, facets, one report's decisions, a past moment."""
    page = f"/p/{story.world.team.project.slug}/"
    found = [f"{api}queue/{stage}/?n=20&order={order}" for stage in Stage.values for order in ORDERS]
    found += [f"{page}screening/?order={order}" for order in ORDERS]
    for base in (f"{page}reports/", f"{api}reports/"):
        found += [f"{base}?q=zebracrossing", f"{base}?q=%22trial%2C+it+seems%22", f"{base}?q=note%3Azebracrossing"]
        found += [f"{base}?stands={place}" for place in ("title_open", "title_excluded", "text_open", "open", "conflict")]
    for report in (story.text, *story.reports[:2]):
        found += [f"{api}decisions/?report={report.pk}", f"{api}reports/{report.pk}/"]
    return found + [f"{page}flow/prisma.json?as_of=2099-01-01", f"{page}?as_of=2099-01-01"]


def _asks(story: Story, api: str) -> list[Ask]:
    """What can be sent, that rests on what was decided."""
    report, other = str(story.reports[0].pk), str(story.reports[5].pk)
    members = [str(story.people[name].pk) for name in ("ana", "ben")]
    found = [
        Ask(f"{api}policies/{stage}/preview/", {"required": required, "way": way, "maybe": "include", "look": look})
        for stage in Stage.values
        for required, way, look in ((1, "unanimous", False), (3, "majority", False), (2, "one_include", True))
    ]
    found += [
        Ask(
            f"{api}decisions/",
            {"id": str(uuid4()), "report": other, "stage": "title_abstract", "answer": "include", "next": 20, "order": order},
        )
        for order in ORDERS
    ]
    found += [Ask(f"{api}sight/look/", {"what": what, "stage": "title_abstract"}) for what in ("people", "conflicts")]
    ruling = {"id": str(uuid4()), "stage": "title_abstract", "outcome": "include", "why": "So.", "on": []}
    found += [Ask(f"{api}{where}/", {**ruling, "report": report}) for where in ("resolutions", "proposals", "reopenings")]
    return [
        *found,
        Ask(f"{api}ranking/stop/", {"id": str(uuid4()), "why": "Enough."}),
        Ask(f"{api}pilots/", {"id": str(uuid4()), "stage": "title_abstract", "size": 3, "members": members, "seed": 1}),
        Ask(f"{api}removals/", {"reports": [report, other], "kind": "other", "reason": "Not a review."}),
        Ask(f"{api}reports/{report}/join/", {"other": other, "reason": "One paper."}),
        Ask(f"{api}reports/labels/", {"reports": [report], "label": str(uuid4()), "on": True}),
    ]


EVERYONE = ("ben", "cleo", "dora", "coordinator", "adjudicator", "working_group", "observer")
places_of_split = st.tuples(st.sampled_from(Stage.values), st.integers(0, 7))


class Seldom(Exception):
    """A run in which too few stories came to a point where worlds part."""


def run(check: Callable, *, examples: int, least: int, **drawn: st.SearchStrategy) -> None:
    """`check` on that many stories; it says of each whether there was something to compare. All of them must be blind."""
    compared = 0

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(**drawn)
    def example(**given_: object) -> None:
        nonlocal compared
        compared += bool(check(compared, **given_))

    example()
    if compared < least:
        raise Seldom(f"Of {examples} stories only {compared} had two worlds to compare.")


def unsettled(row: ReportStage | None) -> bool:
    return row is not None and not row.is_settled


class Alike:
    """The check: worlds that part in the content of Ana's decision, as all others see them."""

    def __init__(self, story: Story, eyes: Eyes, share: int) -> None:
        self.story, self.eyes, self.share = story, eyes, share

    def __call__(self, nth: int, steps: list, split: tuple, one: Content, two: Content) -> bool:
        compared: list[bool] = []

        def live() -> None:
            self.story.take(steps)
            compared.append(self.compare(nth, *split, one, two))

        lived(live)
        return compared[0]

    def worlds(self, at: str, report: int, one: Content, two: Content) -> list[Callable[[], ReportStage | None]]:
        return [lambda content=content: self.story.parts("ana", at, content, DECISION, report) for content in (one, two)]

    def compare(self, nth: int, at: str, report: int, one: Content, two: Content) -> bool:
        if one == two:
            return False
        worlds, rows = self.worlds(at, report, one, two), []
        for world in worlds:
            lived(lambda world=world: rows.append(world()))
        if not all(unsettled(row) for row in rows):
            return False
        shown = Revelation.objects.filter(report=self.story.target(at, report), stage=at)
        told = {viewer.name for viewer in self.eyes.viewers if shown.filter(member=viewer.member).exists()}
        places = [place for place in self.eyes.places(nth % self.share, self.share) if place[0] not in told]
        found = told_apart(self.eyes, worlds, places)
        assert found == [], (at, report, one, two, self.story.taken)
        return True


DRAWN = {"steps": stories, "split": places_of_split, "one": contents, "two": contents}


def test_two_worlds_look_alike_after_random_stories(db):
    story = Story.begun()
    run(Alike(story, eyes_of(story, *EVERYONE), 60), examples=5, least=2, **DRAWN)


@pytest.mark.slow
def test_two_worlds_look_alike_after_many_random_stories(db):
    story = Story.begun()
    run(Alike(story, eyes_of(story, *EVERYONE), 12), examples=14, least=4, **DRAWN)


class BeforeAndAfter(Alike):
    """The check: nothing was decided, this was, or that."""

    def worlds(self, at: str, report: int, one: Content, two: Content) -> list[Callable[[], ReportStage | None]]:
        def nothing() -> ReportStage | None:
            return ReportStage.objects.filter(report=self.story.target(at, report), stage=at).first()

        return [nothing, *super().worlds(at, report, one, two)]


@pytest.mark.slow
def test_before_and_after_look_alike_to_the_other_of_a_pair_and_to_who_does_not_screen(db):
    story = Story.begun(pair=True)
    run(BeforeAndAfter(story, eyes_of(story, "ben", "working_group", "observer"), 30), examples=10, least=4, **DRAWN)


@pytest.mark.slow
def test_before_and_after_look_alike_on_many_random_stories(db):
    story = Story.begun(pair=True)
    run(BeforeAndAfter(story, eyes_of(story, "ben", "working_group", "observer"), 8), examples=16, least=8, **DRAWN)


def _tells_by_a_figure(project: Project, stage: str) -> int:
    return Standing.objects.filter(report__project=project, stage=stage, answer="include").count()


def _tells_by_the_clock(project: Project, stage: str) -> int:
    if Standing.objects.filter(decision=DECISION, answer="include").exists():
        list(Standing.objects.all()[:1])
    return 7


@pytest.mark.parametrize("leak", [_tells_by_a_figure, _tells_by_the_clock])
def test_a_planted_leak_is_found(db, monkeypatch, leak):
    """A figure that moves with what a colleague said, and one that only takes a statement more: on any page with the strip."""
    story = Story.begun()
    eyes = Eyes([Viewer(name, story.people[name]) for name in ("ben", "observer")], [f"/p/{story.world.team.project.slug}/"])
    places = [place for place in eyes.places() if place[1].startswith("/p/")]
    check = Alike(story, eyes, 1)
    worlds = check.worlds("title_abstract", 0, Content("include", "A review."), Content("exclude", "A trial.", 1))
    assert told_apart(eyes, worlds, places) == []
    monkeypatch.setattr("screening.decisions.contribute.open_at", leak)
    assert {one.place for one in told_apart(eyes, worlds, places)} == set(places)


def test_letters_jobs_and_files_are_looked_at(db):
    """What is no page is compared too: a letter that tells, a job whose words tell, and the decisions in a file."""
    story = Story.begun()
    eyes = Eyes([Viewer("coordinator", story.people["coordinator"])], [])
    places = eyes.places()
    assert [where for _, where in places] == ["exports", "jobs and mail"]

    def settled(note: str) -> None:
        for n, name in enumerate(("ana", "ben")):
            story.parts(name, "title_abstract", Content("include", note), UUID(int=n + 1))

    found = told_apart(eyes, [lambda: settled("A review."), lambda: settled("A fine one.")], places)
    assert ("coordinator", "exports: decisions file") in {one.place for one in found}
    found = told_apart(eyes, [lambda: None, _letter], places)
    assert {one.place for one in found} == {("coordinator", "jobs and mail")}


def _letter() -> None:
    mail.send_mail("Ana has decided", "She said include.", None, ["ben@example.org"])
