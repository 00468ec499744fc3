"""One batch of reports: their locks, the facts a plan asks for, and the caches brought up to them. Only actions call it.

Nothing that is there is overwritten: whoever has decided here keeps what they decided here, and it is said.
Every fact has an id made of its file and what it says, so that a batch that is written again writes nothing.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.db.models.functions import Lower
from django.utils import timezone

from screening.decisions.bringing import statements
from screening.decisions.bringing.one_stage import OneStage, moment
from screening.decisions.bringing.queries import OneReport, facts_of_many, from_same_source
from screening.decisions.bringing.rules import MARKED, STAGES, TEXTS, TITLES, Choices, Plan, Wanted, plan
from screening.decisions.carried import DECISION, LABEL, RETRIEVAL, RULING
from screening.decisions.models import BringingIn, BroughtIn, Decision, PolicyVersion, ReportStage, Resolution, ResolutionOn
from screening.decisions.placing import hold_reports
from screening.decisions.queries import policy_in_force
from screening.decisions.rules import State, state_of
from screening.projects import contributions, text_contributions
from screening.projects.contributions import Obtained
from screening.projects.models import Membership, Project
from screening.protocol.models import ProtocolVersion
from screening.protocol.rules import reasons_of
from screening.references.actions.removals import DECIDED, REMOVED_ALREADY, remove_reports
from screening.references.copying import copy_objects
from screening.references.models import Label, Labelling, Placement, Removal, Report
from screening.references.queries.removals import put_back_among

STAGE_WORDS = {TITLES: "titles and abstracts", TEXTS: "full texts"}
LABEL_LENGTH = Label._meta.get_field("name").max_length
MOST_TOLD = 500
# A plan is pure and knows members by id alone.
_MEMBER = re.compile(r"\{([0-9a-f-]{36})\}")


@dataclass
class Tally:
    """What became of a file: facts written by kind, what was there already, and sentences about what was not taken over."""

    written: Counter[str] = field(default_factory=Counter)
    already: int = 0
    kept: int = 0
    left_out: int = 0
    screened: int = 0
    problems: list[str] = field(default_factory=list)
    n_problems: int = 0

    def tell(self, *sentences: str) -> None:
        self.n_problems += len(sentences)
        self.problems += sentences[: max(MOST_TOLD - len(self.problems), 0)]

    def add(self, other: "Tally") -> None:
        self.written += other.written
        self.already, self.kept, self.left_out = self.already + other.already, self.kept + other.kept, self.left_out + other.left_out
        self.screened += other.screened
        self.n_problems += other.n_problems - len(other.problems)
        self.tell(*other.problems)

    def as_json(self) -> dict[str, Any]:
        return {
            "decisions": self.written[DECISION],
            "rulings": self.written[RULING],
            "labels": self.written[LABEL],
            "retrievals": self.written[RETRIEVAL],
            "marked": self.written[MARKED],
            "screened": self.screened,
            "already": self.already,
            "kept": self.kept,
            "left_out": self.left_out,
            "problems": self.problems,
            "n_problems": self.n_problems,
        }


@dataclass
class Writing:
    """What all batches of one run share."""

    run: BringingIn
    choices: Choices
    members: dict[str, Membership]
    protocol: ProtocolVersion
    policies: dict[str, PolicyVersion]
    labels: dict[str, Label] = field(default_factory=dict)

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        return reasons_of(self.protocol.body)

    @property
    def source(self) -> Any:
        return self.run.import_run or self.run.file


@transaction.atomic
def write(writing: Writing, reports: Sequence[OneReport]) -> Tally:
    """Write what is wanted about these reports (in ascending id), in one transaction."""
    return _Batch(writing, reports).write()


class _Batch:
    def __init__(self, writing: Writing, reports: Sequence[OneReport]) -> None:
        self.w, self.run, self.project = writing, writing.run, writing.run.project
        self.tally = Tally()
        plans = [(one, plan(one.said, one.notes, writing.choices)) for one in reports]
        self.plans: list[tuple[OneReport, Plan]] = []
        for one, made in plans:
            self.tally.left_out += made.left_out
            if made.wanted or made.problems:
                self.plans.append((one, made))
        self.ids = [one.report_id for one, _made in self.plans]
        self.brought: list[BroughtIn] = []
        self.touched: list[tuple[UUID, State]] = []

    def write(self) -> Tally:
        if not self.plans:
            return self.tally
        # The project first, as whoever moves records or labels reports takes it; it keeps nobody from deciding.
        Project.objects.select_for_update(no_key=True).get(pk=self.project.pk)
        hold_reports(self.ids)
        self._still_there()
        self.titles = dict(Report.objects.filter(pk__in=self.ids).values_list("pk", "title"))
        for one, made in self.plans:
            self.tally.tell(*(self.about(one, sentence) for sentence in made.problems))
        self.rows = {(row.report_id, row.stage): row for row in ReportStage.objects.filter(report__in=self.ids)}
        self.facts = facts_of_many(self.ids)
        told = [fact["id"] for facts in self.facts.values() for fact in (*facts.decisions, *facts.rulings)]
        self.ours = from_same_source(self.w.source, told)
        self.numbers = self._numbers(sum(len(made.wanted) for _one, made in self.plans))
        for stage in STAGES:
            self._stage(stage)
        self._labels()
        copy_objects(self.brought)
        self._marked()
        return self.tally

    def _still_there(self) -> None:
        """Records may have been moved since the file was gone through; their decisions would stand on the wrong report."""
        records = {record for one, _ in self.plans for record in (one.anchor_id, *one.carriers)}
        placed = dict(Placement.objects.filter(record__in=records).values_list("record", "report"))
        moved = [one for one, _ in self.plans if {placed.get(record) for record in (one.anchor_id, *one.carriers)} != {one.report_id}]
        if moved:
            self.tally.tell(f"{len(moved)} reports were joined or parted meanwhile. Bring the file in again for those.")
            gone = {one.report_id for one in moved}
            self.plans = [(one, made) for one, made in self.plans if one.report_id not in gone]
            self.ids = [one.report_id for one, _made in self.plans]

    def about(self, one: OneReport, sentence: str) -> str:
        named = _MEMBER.sub(lambda found: self.w.members[found.group(1)].shown_name, sentence)
        return f"“{(self.titles.get(one.report_id) or 'Untitled')[:100]}”: {named}"

    def _numbers(self, n: int) -> Iterator[int]:
        """As many numbers of the one sequence as there may be facts: written together, they keep the order they were said in."""
        with connection.cursor() as cursor:
            cursor.execute(statements.SEQUENCE, [n])
            return iter([row[0] for row in cursor.fetchall()])

    def _stage(self, stage: str) -> None:
        self.decisions: list[Decision] = []
        self.rulings: list[Resolution] = []
        self.made_on: list[ResolutionOn] = []
        changed: dict[UUID, State] = {}
        policy = policy_in_force(self.project, stage)
        for one, made in self.plans:
            wanted = made.at(stage)
            row = self.rows.get((one.report_id, stage))
            if not wanted:
                continue
            if row is None or row.suspended:
                at, n = STAGE_WORDS[stage], len(wanted)
                alone = f"it is not at {at} here, so its decision was left out."
                self.tally.tell(self.about(one, alone if n == 1 else f"it is not at {at} here, so its {n} decisions were left out."))
                continue
            mine = policy.at(row.random_key)
            OneStage(self, one, stage, wanted, self.facts[one.report_id, stage], mine).write()
            changed[one.report_id] = state_of(self.facts[one.report_id, stage].events(), mine)
        for facts in (self.decisions, self.rulings, self.made_on):
            copy_objects(facts)
        self._caches(stage, changed)
        if stage == TITLES:
            self._open_full_texts(changed)
        else:
            self._retrievals(changed)

    def _caches(self, stage: str, changed: dict[UUID, State]) -> None:
        if not changed:
            return
        ids, states = list(changed), list(changed.values())
        columns = (
            [state.status for state in states],
            [len(state.in_force) for state in states],
            [len(state.requests) for state in states],
            [state.primary_reason for state in states],
        )
        standing = [
            (member, report, decision.answer, decision.id)
            for report, state in changed.items()
            for member, decision in state.standing.items()
        ]
        with connection.cursor() as cursor:
            cursor.execute(statements.STAGES, [ids, *columns, stage])
            cursor.execute(statements.CLEAR, [ids, stage])
            if standing:
                cursor.execute(statements.STAND, [stage, *map(list, zip(*standing, strict=True))])

    def _open_full_texts(self, changed: dict[UUID, State]) -> None:
        """Included titles go on to full text, as placing does it for one."""
        new, back, away = [], [], []
        for report, state in changed.items():
            goes_on, row = state.status == ReportStage.Status.INCLUDE, self.rows.get((report, TEXTS))
            if row is None and goes_on:
                title = self.rows[report, TITLES]
                sought = ReportStage.Retrieval.SOUGHT
                new.append(
                    ReportStage(
                        report_id=report,
                        stage=TEXTS,
                        project=self.project,
                        random_key=title.random_key,
                        retrieval=sought,
                        since=timezone.now(),
                    )
                )
            elif row is not None and row.suspended == goes_on:
                (back if goes_on else away).append(row)
        moved = [row.report_id for row in new if any(joined is not None for _record, joined in self.facts[row.report_id, TEXTS].records)]
        known = text_contributions.retrievals_known(moved)
        for row in new:
            row.retrieval = known.get(row.report_id, row.retrieval)
        made = ReportStage.objects.bulk_create(new)
        self.rows |= {(row.report_id, TEXTS): row for row in made}
        for rows, suspended in ((back, False), (away, True)):
            for row in rows:
                row.suspended = suspended
            ReportStage.objects.filter(report__in=[row.report_id for row in rows], stage=TEXTS).update(suspended=suspended)
        # Records joined from another report may bring decisions made at its full text.
        policy = policy_in_force(self.project, TEXTS)
        spoken = [row.report_id for row in made if self.facts[row.report_id, TEXTS].decisions or self.facts[row.report_id, TEXTS].rulings]
        keys = {row.report_id: row.random_key for row in made}
        self._caches(TEXTS, {report: state_of(self.facts[report, TEXTS].events(), policy.at(keys[report])) for report in spoken})

    def _retrievals(self, changed: dict[UUID, State]) -> None:
        """Full texts that were assessed elsewhere were obtained; a file of ours says by whom, and what could not be."""
        facts: list[Obtained] = []
        for one, made in self.plans:
            row = self.rows.get((one.report_id, TEXTS))
            if row is None or row.suspended:
                continue
            status = row.retrieval
            for wanted in made.of(RETRIEVAL) if status == ReportStage.Retrieval.SOUGHT else ():
                member = self.w.members[wanted.member]
                facts.append(Obtained(self.fact_id(one, wanted), one.report_id, member, wanted.answer or "", wanted.words))
                status = wanted.answer
                self.bring(facts[-1].id, wanted)
            if one.report_id in changed and status != ReportStage.Retrieval.RETRIEVED and self._spoken_at_text(one):
                taken = Wanted(RETRIEVAL, TEXTS, "", "retrieved")
                words = f"Assessed elsewhere: {self.run.filename}."
                facts.append(Obtained(self.fact_id(one, taken), one.report_id, self.run.by, "retrieved", words))
                self.bring(facts[-1].id, taken)
        self.tally.written[RETRIEVAL] += len(facts)
        contributions.record_obtained(self.project, facts)

    def _spoken_at_text(self, one: OneReport) -> bool:
        facts = self.facts[one.report_id, TEXTS]
        return bool(facts.decisions or facts.rulings)

    def _marked(self) -> None:
        """What tools marked leaves before screening, save what a person has decided on. By the tools that marked it, in one act."""
        by_names: dict[str, list[UUID]] = defaultdict(list)
        back = put_back_among([one.report_id for one, made in self.plans if made.of(MARKED)])
        self.tally.kept += len(back)
        for one, made in self.plans:
            for marked in made.of(MARKED) if one.report_id not in back else ():
                by_names[marked.words].append(one.report_id)
        for names, ids in by_names.items():
            tools = " and ".join(names.split("\n")) or "a tool the file does not name"
            reason = f"Marked as ineligible by {tools}, an automation tool, in {self.run.filename}."
            kind = Removal.Kind.AUTOMATION
            done = remove_reports(by=self.run.by, report_ids=ids, kind=kind, reason=reason, act=self.run.pk)
            self.tally.written[MARKED] += done.n
            self.tally.screened += len(done.refused.pop(DECIDED, ()))
            self.tally.already += len(done.refused.pop(REMOVED_ALREADY, ()))
            self.tally.tell(*done.sentences)

    def _labels(self) -> None:
        wanted: list[tuple[OneReport, Wanted, Label, Membership]] = []
        for one, made in self.plans:
            for label in made.of(LABEL):
                if len(label.label) > LABEL_LENGTH or not label.label:
                    self.tally.tell(self.about(one, f"a label of more than {LABEL_LENGTH} letters was left out."))
                else:
                    member = self.w.members[label.member] if label.member else self.run.by
                    wanted.append((one, label, self._label(label.label), member))
        anchors = {one.carrier(label.n) for one, label, *_ in wanted}
        there = set(Labelling.objects.filter(anchor__in=anchors, project=self.project).values_list("anchor", "label", "by"))
        new = []
        for one, label, name, member in wanted:
            anchor = one.carrier(label.n)
            if (key := (anchor, name.pk, member.pk)) in there:
                self.tally.already += 1
                continue
            there.add(key)
            fact = self.fact_id(one, label)
            new.append(Labelling(id=fact, project=self.project, by=member, report_id=one.report_id, anchor_id=anchor, label=name, on=True))
            self.bring(fact, label)
        copy_objects(new)
        self.tally.written[LABEL] += len(new)

    def _label(self, name: str) -> Label:
        found = self.w.labels.get(name.casefold())
        if found is None:
            found = Label.objects.filter(project=self.project).annotate(key=Lower("name")).filter(key=name.lower()).first()
            self.w.labels[name.casefold()] = found = found or Label.objects.create(project=self.project, name=name)
        return found

    def fact_id(self, one: OneReport, wanted: Wanted) -> UUID:
        return uuid5(self.w.source.pk, f"{one.anchor_id}|{wanted.key}")

    def bring(self, fact: UUID, wanted: Wanted) -> None:
        self.brought.append(BroughtIn(run_id=self.run.pk, fact=fact, said_at=moment(wanted.at)))
