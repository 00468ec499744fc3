"""Random stories of a team that screens, up to the moment at which two worlds part.

Each step is a plain tuple, so that a failing story prints as what happened. A step the rules refuse changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from django.db import transaction
from hypothesis import strategies as st

from screening.decisions import actions as decisions
from screening.decisions.authors.actions import declare
from screening.decisions.conflicts import actions as conflicts
from screening.decisions.content_notes.actions import put_note
from screening.decisions.desk.actions import like
from screening.decisions.models import ReportStage, Stage
from screening.decisions.pilots.actions import close_round, start_round
from screening.decisions.pilots.queries import open_round_at
from screening.decisions.policies.actions import change_policy
from screening.decisions.policies.rules import Part, Policy
from screening.decisions.queries import decisions_in_force
from screening.decisions.ranking.actions import set_rule, start_due
from screening.decisions.sight.actions import set_sight
from screening.fulltext.worksheet.actions import Answered, assess, keep_draft
from screening.projects import actions as projects
from screening.projects import jobs
from screening.projects.access import Denied
from screening.projects.actions import Refused
from screening.projects.models import Membership, Role
from screening.protocol.queries import reasons_in_order
from screening.references.actions.labels import make_label, put
from screening.references.models import Report
from screening.voices.actions import speak
from tests.cast import decide, import_titles, make_user
from tests.samples import TITLES, World, everything

MORE = ("Peers at night", "Peers by telephone", "Peers in prison", "Peers for mothers")
SCREENERS = ("ana", "ben", "cleo", "dora")
ANSWERS = ("include", "exclude", "maybe")
POLICIES = (
    Policy(required=1),
    Policy(),
    Policy(maybe="conflict"),
    Policy(differing_reasons_conflict=True),
    Policy(way="one_include"),
    Policy(way="one_include", maybe="conflict"),
    Policy(required=3),
    Policy(required=3, way="majority"),
    Policy(pilot=50),
)

number, who, stage = st.integers(0, 7), st.sampled_from(SCREENERS), st.sampled_from(Stage.values)
step = st.one_of(
    st.tuples(st.just("decide"), who, number, st.sampled_from(ANSWERS)),
    st.tuples(st.just("decide"), who, number, st.sampled_from(ANSWERS)),
    st.tuples(st.just("differ"), number),
    st.tuples(st.just("undo"), who, number),
    st.tuples(st.just("assess"), who, st.sampled_from(("include", "exclude"))),
    st.tuples(st.just("draft"), who),
    st.tuples(st.just("speak"), who, number),
    st.tuples(st.just("label"), who, number),
    st.tuples(st.just("care"), number),
    st.tuples(st.just("policy"), stage, st.integers(0, len(POLICIES) - 1)),
    st.tuples(st.just("expert"), stage, who),
    st.tuples(st.just("parts"), stage, who, who),
    st.tuples(st.just("pilot"), stage, st.integers(1, 3)),
    st.tuples(st.just("close"), stage),
    st.tuples(st.just("fit")),
    st.tuples(st.just("order"), st.booleans()),
    st.tuples(st.just("skip"), who, st.sampled_from(("ranked", "random", "newest", "title"))),
    st.tuples(st.just("author"), who, number),
    st.tuples(st.just("anonymous"), st.booleans()),
    st.tuples(st.just("rule"), number, st.sampled_from(("include", "exclude"))),
    st.tuples(st.just("meet"), who),
    st.tuples(st.just("propose"), who, number),
    st.tuples(st.just("reopen"), number),
    st.tuples(st.just("decline"), number),
)
stories = st.lists(step, min_size=2, max_size=9)


@dataclass(frozen=True)
class Content:
    """What one decision says: all that must reach nobody else while its report is not settled."""

    answer: str
    note: str = ""
    fails: int = 0
    """How many criteria are marked as not met (of an exclusion), the last in the protocol's order first."""
    quote: str = ""

    def plain(self) -> "Content":
        return self if self.answer == "exclude" else replace(self, fails=0)


words = st.sampled_from(("", "zebracrossing", "A trial, it seems to me.", "<b>Nothing</b> " * 30))
contents = st.builds(Content, st.sampled_from(ANSWERS), words, st.integers(0, 2), words).map(Content.plain)


@dataclass
class Story:
    """A world with one of everything, more people in it, and how to take each step."""

    world: World
    people: dict[str, Membership]
    reports: list[Report]
    text: Report
    taken: list[str] = field(default_factory=list)

    @classmethod
    def begun(cls, *, pair: bool = False) -> "Story":
        """`pair`: Ana and Ben are the only ones who screen; whatever Cleo or Dora would do, Ben does."""
        world = everything()
        team = world.team
        set_sight(by=team.coordinator, sees=[], why="Blind to everybody.")
        more = import_titles(team, *MORE, source=_source(world))
        people = dict(team.members)
        for name, also in (("cleo", Role.COORDINATOR), ("dora", Role.ADJUDICATOR)):
            if pair:
                people[name] = people["ben"]
                continue
            people[name] = Membership.objects.create(project=team.project, user=make_user(name), shown_name=name.title())
            projects.set_roles(by=team.coordinator, member=people[name], roles={Role.REVIEWER, also})
        for member in people.values():
            member.refresh_from_db()
        by_title = {report.title: report for report in Report.objects.filter(project=team.project)}
        titles = [by_title[title] for title in (TITLES[0], TITLES[1], TITLES[7], TITLES[8])]
        return cls(world, people, [*titles, *more], by_title[TITLES[5]])

    @property
    def coordinator(self) -> Membership:
        return self.people["coordinator"]

    @property
    def reasons(self) -> list[UUID]:
        return [UUID(reason.id) for reason in reasons_in_order(self.world.team.project)]

    def take(self, steps: Sequence[tuple]) -> None:
        for name, *given in steps:
            try:
                with transaction.atomic():
                    getattr(self, f"step_{name}")(*given)
            except (Refused, Denied):
                continue
            self.taken.append(name)

    def parts(self, author: str, at: str, content: Content, decision_id: UUID, nth: int = 0) -> ReportStage | None:
        """Where two worlds part: the same decision, with this content. None where the rules refuse it."""
        try:
            with transaction.atomic():
                self._said(author, at, content, decision_id, nth)
        except (Refused, Denied):
            return None
        return ReportStage.objects.get(report=self.target(at, nth), stage=at)

    def target(self, at: str, nth: int = 0) -> Report:
        return self.text if at == Stage.FULL_TEXT else self.reports[nth]

    def _said(self, author: str, at: str, content: Content, decision_id: UUID, nth: int) -> None:
        by, failed = self.people[author], self.reasons[::-1][: content.fails]
        if at == Stage.TITLE_ABSTRACT:
            report = self.target(at, nth).pk
            decisions.decide(
                by=by, report_id=report, stage=at, answer=content.answer, decision_id=decision_id, note=content.note, failed=failed
            )
            return
        said = [Answered(str(one), None, "no" if one in failed else "yes", None, content.quote, "3") for one in self.reasons]
        assess(by=by, report_id=self.text.pk, answer=content.answer, decision_id=decision_id, answered=said, note=content.note)

    def step_decide(self, who: str, n: int, answer: str) -> None:
        decide(self.people[who], self.reports[n], answer, note=f"{who} says {answer}.")

    def step_differ(self, n: int) -> None:
        decide(self.people["ben"], self.reports[n], "exclude", failed=self.reasons[:1])
        decide(self.people["cleo"], self.reports[n], "include")

    def step_undo(self, who: str, n: int) -> None:
        decide(self.people[who], self.reports[n], None)

    def step_assess(self, who: str, answer: str) -> None:
        self._said(who, Stage.FULL_TEXT, Content(answer, "Read.", 1 if answer == "exclude" else 0, "So it says."), uuid4(), 0)

    def step_draft(self, who: str) -> None:
        keep_draft(by=self.people[who], report_id=self.text.pk, values={"note": f"{who} is at page 7."})

    def step_speak(self, who: str, n: int) -> None:
        speak(by=self.people[who], about_kind="report", about_id=self.reports[n].pk, words=f"{who} wonders.", kind="question")

    def step_label(self, who: str, n: int) -> None:
        label = make_label(by=self.people[who], name=f"Kept by {who}")
        put(by=self.people[who], label=label, report_ids=[self.reports[n].pk], on=True)

    def step_care(self, n: int) -> None:
        put_note(by=self.people["working_group"], words="Speaks of hard times.", report_id=self.reports[n].pk)

    def step_policy(self, at: str, n: int) -> None:
        change_policy(by=self.coordinator, stage=at, policy=POLICIES[n], why="To try it.")

    def step_expert(self, at: str, who: str) -> None:
        change_policy(by=self.coordinator, stage=at, policy=Policy(expert=True, experts=(str(self.people[who].pk),)), why="To try it.")

    def step_parts(self, at: str, one: str, two: str) -> None:
        members = tuple(sorted({str(self.people[one].pk), str(self.people[two].pk)}))
        change_policy(by=self.coordinator, stage=at, policy=Policy(parts=(Part(members, low=0, high=60),)), why="To try it.")

    def step_pilot(self, at: str, size: int) -> None:
        start_round(by=self.coordinator, stage=at, size=size, members=[self.people[name].pk for name in SCREENERS[:3]], seed=size)

    def step_close(self, at: str) -> None:
        round_ = open_round_at(self.world.team.project, at)
        if round_ is None:
            raise Refused("No round is open.")
        close_round(by=self.coordinator, round_=round_, why="Enough.")

    def step_fit(self) -> None:
        for job in start_due():
            jobs.run(str(job.pk))

    def step_order(self, for_all: bool) -> None:
        set_rule(by=self.coordinator, share=80, for_all=for_all, recall=95, confidence=95, why="To try it.")

    def step_skip(self, who: str, order: str) -> None:
        like(by=self.people[who], order=order)
        decisions.offer(by=self.people[who], stage=Stage.TITLE_ABSTRACT, limit=2, order=order)

    def step_author(self, who: str, n: int) -> None:
        declare(by=self.people[who], report_id=self.reports[n].pk)

    def step_anonymous(self, on: bool) -> None:
        conflicts.set_rule(by=self.coordinator, anonymous=on)

    def _row(self, n: int) -> ReportStage:
        return ReportStage.objects.get(report=self.reports[n], stage=Stage.TITLE_ABSTRACT)

    def _given(self, n: int, outcome: str, by: Membership) -> dict:
        on = [one.id for one in decisions_in_force(by, self.reports[n].pk, Stage.TITLE_ABSTRACT)]
        return {"report_id": self.reports[n].pk, "stage": Stage.TITLE_ABSTRACT, "outcome": outcome, "why": "Read again.", "on": on}

    def step_rule(self, n: int, outcome: str) -> None:
        by = self.people["adjudicator"]
        conflicts.reveal(by=by, report_id=self.reports[n].pk, stage=Stage.TITLE_ABSTRACT)
        conflicts.resolve(by=by, resolution_id=uuid4(), **self._given(n, outcome, by))

    def step_meet(self, who: str) -> None:
        conflicts.meet(by=self.people[who], stage=Stage.TITLE_ABSTRACT)

    def step_propose(self, who: str, n: int) -> None:
        by = self.people[who]
        conflicts.propose(by=by, proposal_id=uuid4(), reason=None, **self._given(n, "include", by))

    def step_reopen(self, n: int) -> None:
        by = self.people["adjudicator"]
        conflicts.reopen(by=by, report_id=self.reports[n].pk, stage=Stage.TITLE_ABSTRACT, why="A fair point.", resolution_id=uuid4())

    def step_decline(self, n: int) -> None:
        by = self.people["adjudicator"]
        conflicts.decline(by=by, report_id=self.reports[n].pk, stage=Stage.TITLE_ABSTRACT, why="It stands.", resolution_id=uuid4())


def _source(world: World):
    from screening.protocol.models import SearchSource

    return SearchSource.objects.filter(project=world.team.project).first()
