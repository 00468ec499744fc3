"""Random histories of a review: imports, duplicates, joins, decisions, rulings, retrievals, removals, withdrawals.

Each step is a plain tuple, so that a failing history prints as what happened. A step the rules refuse changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st

from screening.decisions import actions as decisions
from screening.decisions.bringing import actions as bringing
from screening.decisions.bringing.queries import summary_of
from screening.decisions.conflicts import actions as conflicts
from screening.decisions.models import ReportStage
from screening.decisions.queries import events_of, policy_in_force
from screening.decisions.rules import state_of
from screening.fulltext.actions import record_retrieval
from screening.projects import jobs
from screening.projects.access import Denied
from screening.projects.actions import Refused
from screening.projects.facts import Written
from screening.protocol.actions import save_criterion
from screening.protocol.models import Criterion
from screening.references import actions as references
from screening.references.models import Import, Record, Report
from screening.references.queries import declared_in_force
from tests.cast import Team, add_source, decide, import_file, make_team

KINDS = ("database", "database", "register", "citation", "website", "organisation")
STAGES = ("title_abstract", "full_text")
ANSWERS = ("include", "exclude", "maybe")

number = st.integers(0, 11)
said = st.sampled_from(("", "include", "exclude"))
stage = st.sampled_from(STAGES)
step = st.one_of(
    st.tuples(st.just("import"), st.integers(0, len(KINDS) - 1), st.lists(st.integers(0, 7), min_size=1, max_size=5)),
    st.tuples(st.just("decide"), stage, number, st.sampled_from(("ana", "ben")), st.sampled_from(ANSWERS)),
    st.tuples(st.just("both"), stage, number, st.sampled_from(ANSWERS)),
    st.tuples(st.just("differ"), stage, number),
    st.tuples(st.just("undo"), stage, number, st.sampled_from(("ana", "ben"))),
    st.tuples(st.just("rule"), stage, number, st.sampled_from(("include", "exclude"))),
    st.tuples(st.just("reopen"), stage, number),
    st.tuples(st.just("decline"), stage, number),
    st.tuples(st.just("agree"), stage, number, st.sampled_from(("include", "exclude"))),
    st.tuples(st.just("rule_on_many"), stage, st.sampled_from(("include", "exclude"))),
    st.tuples(st.just("retrieve"), number, st.sampled_from(("retrieved", "retrieved", "not_retrieved", "sought"))),
    st.tuples(st.just("join"), number, number),
    st.tuples(st.just("part"), number),
    st.tuples(st.just("withdraw"), st.integers(0, 3)),
    st.tuples(st.just("remove"), number, st.sampled_from(("automation", "other"))),
    st.tuples(st.just("put_back"), number),
    st.tuples(st.just("bring_in"), st.integers(0, 2), st.lists(st.tuples(st.integers(0, 7), said, said, said), min_size=1, max_size=4)),
    st.tuples(
        st.just("declare"), st.integers(0, len(KINDS) - 1), st.sampled_from(("duplicates", "automation", "other")), st.integers(1, 9)
    ),
    st.tuples(st.just("take_back"), number),
)
histories = st.lists(step, min_size=6, max_size=40)


def ris_of(titles: Sequence[int]) -> bytes:
    """Records of a small world of papers: the same number is always the same paper, under the same accession number.

    So duplicates happen, and what one source gives twice counts once.
    """
    return "\n".join(
        f"TY  - JOUR\nTI  - Peer support study number {'abcdefgh'[n] * 5}\nAU  - Writer{n}, A.\nPY  - 20{10 + n}\n"
        f"DO  - 10.1234/w.{n}\nAN  - {n}\nER  - \n"
        for n in titles
    ).encode()


def _age(row: Any) -> tuple[Any, ...]:
    """The same order in every run, so that a history does the same each time; ids are made by chance."""
    if isinstance(row, Written):
        return (row.seq,)
    if isinstance(row, Criterion):
        return (row.position,)
    report = row if isinstance(row, Report) else row.report
    return (report.title, min(report.placements.values_list("record__seq", flat=True), default=0), str(report.pk))


@dataclass
class World:
    """A team, its sources, and how to take each step."""

    team: Team
    sources: list = field(default_factory=list)
    taken: int = 0

    @classmethod
    def fresh(cls) -> "World":
        team = make_team()
        for position in range(2):
            save_criterion(by=team.coordinator, values={"label": f"Criterion {position}", "text": "As the protocol says."})
        sources = [add_source(team, f"{kind.title()} {n}", kind) for n, kind in enumerate(KINDS)]
        return cls(team, sources)

    def take(self, step: tuple) -> None:
        name, *given = step
        try:
            getattr(self, f"step_{name}")(*given)
        except (Refused, Denied):
            return
        self.taken += 1

    def _one(self, rows, n: int):
        found = sorted(rows.all(), key=_age)
        if not found:
            raise Refused("There is none yet.")
        return found[n % len(found)]

    def report(self, n: int) -> Report:
        return self._one(Report.objects.filter(project=self.team.project), n)

    def at(self, stage: str, n: int) -> Report:
        """A report that is at this stage now, so that most steps do something."""
        row = self._one(ReportStage.objects.filter(project=self.team.project, stage=stage, suspended=False), n)
        return row.report

    def step_import(self, source: int, titles: list[int]) -> None:
        import_file(self.team, self.sources[source], ris_of(titles), name=f"{uuid4()}.ris")

    def step_decide(self, stage: str, n: int, who: str, answer: str) -> None:
        report = self.at(stage, n)
        failed = []
        if stage == "full_text":
            self._obtained(report)
            if answer == "exclude":
                failed = [self._one(self.team.project.criteria, n).pk]
        decide(getattr(self.team, who), report, answer, stage, failed=failed)

    def _obtained(self, report: Report) -> None:
        if not ReportStage.objects.filter(report=report, stage="full_text", retrieval="retrieved").exists():
            record_retrieval(by=self.team.ana, report_id=report.pk, status="retrieved")

    def step_both(self, stage: str, n: int, answer: str) -> None:
        report = self.at(stage, n)
        for who in ("ana", "ben"):
            failed = []
            if stage == "full_text":
                self._obtained(report)
                failed = [self._one(self.team.project.criteria, n).pk] if answer == "exclude" else []
            decide(getattr(self.team, who), report, answer, stage, failed=failed)

    def step_differ(self, stage: str, n: int) -> None:
        self.step_decide(stage, n, "ana", "include")
        self.step_decide(stage, n, "ben", "exclude")

    def step_undo(self, stage: str, n: int, who: str) -> None:
        decide(getattr(self.team, who), self.at(stage, n), None, stage)

    def step_rule(self, stage: str, n: int, outcome: str) -> None:
        row = self._one(ReportStage.objects.filter(project=self.team.project, stage=stage, status="conflict", suspended=False), n)
        state = state_of(events_of(row.report_id, stage), policy_in_force(self.team.project, stage))
        reason = self._one(self.team.project.criteria, n).pk if stage == "full_text" and outcome == "exclude" else None
        decisions.resolve(
            by=self.team.adjudicator,
            report_id=row.report_id,
            stage=stage,
            outcome=outcome,
            why="Read again together.",
            on=[d.id for d in state.in_force.values()],
            resolution_id=uuid4(),
            primary_reason=reason,
        )

    def step_reopen(self, stage: str, n: int) -> None:
        row = self._one(ReportStage.objects.filter(project=self.team.project, stage=stage, requests__gt=0, suspended=False), n)
        decisions.reopen(by=self.team.adjudicator, report_id=row.report_id, stage=stage, why="A fair point.", resolution_id=uuid4())

    def step_decline(self, stage: str, n: int) -> None:
        row = self._one(ReportStage.objects.filter(project=self.team.project, stage=stage, requests__gt=0, suspended=False), n)
        decisions.decline(by=self.team.adjudicator, report_id=row.report_id, stage=stage, why="It stands.", resolution_id=uuid4())

    def _decided(self, row: ReportStage, stage: str) -> list:
        state = state_of(events_of(row.report_id, stage), policy_in_force(self.team.project, stage))
        return [d.id for d in state.in_force.values()]

    def step_agree(self, stage: str, n: int, outcome: str) -> None:
        """Both ask where they differ, one proposes, the other confirms."""
        row = self._one(ReportStage.objects.filter(project=self.team.project, stage=stage, status="conflict", suspended=False), n)
        for who in (self.team.ana, self.team.ben):
            conflicts.meet(by=who, stage=stage)
        reason = self._one(self.team.project.criteria, n).pk if stage == "full_text" and outcome == "exclude" else None
        given = {"outcome": outcome, "why": "Read together.", "on": self._decided(row, stage), "reason": reason}
        proposal = conflicts.propose(by=self.team.ana, report_id=row.report_id, stage=stage, proposal_id=uuid4(), **given)
        conflicts.confirm(by=self.team.ben, proposal_id=proposal.pk, confirmation_id=uuid4())

    def step_rule_on_many(self, stage: str, outcome: str) -> None:
        rows = ReportStage.objects.filter(project=self.team.project, stage=stage, status="conflict", suspended=False)
        chosen = [(row.report_id, self._decided(row, stage)) for row in rows]
        reason = self._one(self.team.project.criteria, 0).pk if stage == "full_text" and outcome == "exclude" else None
        conflicts.settle_together(
            by=self.team.adjudicator, stage=stage, conflicts=chosen, outcome=outcome, why="All alike.", batch_id=uuid4(), reason=reason
        )

    def step_retrieve(self, n: int, status: str) -> None:
        record_retrieval(by=self.team.ana, report_id=self.at("full_text", n).pk, status=status, detail="Asked twice.")

    def step_join(self, a: int, b: int) -> None:
        references.join_reports(by=self.team.coordinator, keep=self.report(a), other=self.report(b), reason="One paper.")

    def step_part(self, n: int) -> None:
        record = self._one(Record.objects.filter(project=self.team.project), n)
        references.split_record(by=self.team.coordinator, record=record, reason="Another paper.")

    def step_withdraw(self, n: int) -> None:
        run = self._one(Import.objects.filter(project=self.team.project), n)
        references.withdraw(by=self.team.coordinator, import_run=run, reason="The wrong file.")

    def step_remove(self, n: int, kind: str) -> None:
        # Among those that can be, where there are any: most steps should do something.
        open_titles = ReportStage.objects.filter(project=self.team.project, stage="title_abstract", status="open", suspended=False)
        report = self._one(open_titles, n).report
        if not references.remove_reports(by=self.team.coordinator, report_ids=[report.pk], kind=kind, reason="Not a review.").n:
            raise Refused("Somebody has decided on it.")

    def step_bring_in(self, source: int, rows: list[tuple[int, str, str, str]]) -> None:
        """A table of another tool: what Ana, Ben and an automation tool said of some papers, brought in."""
        text = "title,authors,year,doi,Ana vote,Ben vote,Robot vote\n" + "".join(
            f'Peer support study number {"abcdefgh"[n] * 5},"Writer{n}, A.",20{10 + n},10.1234/w.{n},{",".join(votes)}\n'
            for n, *votes in rows
        )
        run = import_file(self.team, self.sources[source], text.encode(), name=f"{uuid4()}.csv")
        names = {person.name: person for person in summary_of(run).people}
        people = {"Ana vote": str(self.team.ana.pk), "Ben vote": str(self.team.ben.pk), "Robot vote": "automation"}
        brought = bringing.start(
            by=self.team.coordinator, source=run, people={name: people[name] for name in names}, reasons={}, stage="title_abstract"
        )
        jobs.run(str(brought.job_id))
        brought.job.refresh_from_db()
        assert brought.job.state == "done", brought.job.failure_sentence

    def step_put_back(self, n: int) -> None:
        report = self._one(Report.objects.filter(project=self.team.project).exclude(removed=""), n)
        references.put_back(by=self.team.coordinator, report_ids=[report.pk], reason="It is one after all.")

    def step_declare(self, source: int, kind: str, n: int) -> None:
        references.declare_removed(by=self.team.coordinator, source=self.sources[source], kind=kind, n=n, where="In EndNote", who="Ana")

    def step_take_back(self, n: int) -> None:
        declared = self._one(declared_in_force(self.team.project), n)
        references.take_back_declaration(by=self.team.coordinator, declared=declared)
