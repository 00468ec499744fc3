"""What is wanted about one report at one stage, against what is there: a fact written, passed over, or left out with a sentence."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime

from screening.decisions.bringing.queries import OneReport
from screening.decisions.bringing.rules import Wanted
from screening.decisions.carried import DECISION, RULING
from screening.decisions.models import Decision, Origin, Resolution, ResolutionOn
from screening.decisions.queries import Facts
from screening.decisions.rules import Policy, state_of
from screening.projects.facts import fingerprint


class OneStage:
    """What is wanted about one report at one stage, against what is there."""

    def __init__(self, batch: Any, one: OneReport, stage: str, wanted: Sequence[Wanted], facts: Facts, policy: Policy) -> None:
        self.batch, self.one, self.stage, self.wanted, self.facts, self.policy = batch, one, stage, wanted, facts, policy
        self.known = {fact["id"] for fact in (*facts.decisions, *facts.rulings)}
        self.before = {decision["member"]: decision["id"] for decision in facts.decisions}
        self.last: dict[str, UUID] = {}
        self.places: dict[int, str] = {}
        self.foreign = bool(self.known - batch.ours)
        self.told: set[str] = set()

    def write(self) -> None:
        for wanted in self.wanted:
            if wanted.kind == DECISION:
                self._decision(wanted)
            else:
                self._ruling(wanted)

    def _decision(self, wanted: Wanted) -> None:
        batch, fact = self.batch, self.batch.fact_id(self.one, wanted)
        self.places[wanted.n] = str(fact)
        if str(fact) in self.known or self.before.get(wanted.member) in batch.ours:
            batch.tally.already += 1
            return
        if wanted.member in self.before:
            batch.tally.kept += 1
            self._once(f"{batch.w.members[wanted.member].shown_name} has decided here already; that stands.")
            return
        anchor = self.one.carrier(wanted.n)
        decision = Decision(
            id=fact,
            seq=next(batch.numbers),
            project_id=batch.project.pk,
            by_id=batch.run.by_id,
            payload_hash=fingerprint({"run": str(batch.run.pk), "key": wanted.key}),
            report_id=self.one.report_id,
            anchor_id=anchor,
            stage=self.stage,
            member_id=batch.w.members[wanted.member].pk,
            answer=wanted.answer,
            note=wanted.words,
            failed=[UUID(criterion) for criterion in sorted(wanted.failed)],
            primary_reason=_primary(wanted, batch.w.reasons),
            protocol_version_id=batch.w.protocol.pk,
            policy_version_id=batch.w.policies[self.stage].pk,
            records_shown=[anchor],
            client_time=moment(wanted.at),
            origin=Origin.IMPORT.value,
            replaces_id=self.last.get(wanted.member),
        )
        self.last[wanted.member] = fact
        batch.decisions.append(decision)
        batch.bring(fact, wanted)
        batch.tally.written[DECISION] += 1
        self.facts.decisions.append(
            {
                "seq": decision.seq,
                "id": str(fact),
                "member": wanted.member,
                "answer": wanted.answer,
                "failed": [str(criterion) for criterion in decision.failed],
                "version": str(batch.w.protocol.pk),
                "report": str(self.one.report_id),
                "anchor": str(anchor),
                "reason": str(decision.primary_reason) if decision.primary_reason else None,
            }
        )

    def _ruling(self, wanted: Wanted) -> None:
        batch, fact = self.batch, self.batch.fact_id(self.one, wanted)
        if str(fact) in self.known:
            batch.tally.already += 1
            return
        on = self._made_on(wanted)
        if on is None:
            return
        resolution = Resolution(
            id=fact,
            seq=next(batch.numbers),
            project=batch.project,
            by=batch.w.members[wanted.member] if wanted.member else batch.run.by,
            payload_hash=fingerprint({"run": str(batch.run.pk), "key": wanted.key}),
            report_id=self.one.report_id,
            anchor_id=self.one.anchor_id,
            stage=self.stage,
            outcome=wanted.answer,
            primary_reason=_primary(wanted, batch.w.reasons) if wanted.answer == "exclude" else None,
            why=wanted.words or f"Agreed on elsewhere: {batch.run.filename}.",
            kind=wanted.form,
            origin=Origin.IMPORT.value,
        )
        batch.rulings.append(resolution)
        batch.made_on += [ResolutionOn(resolution=resolution, decision_id=UUID(decision)) for decision in sorted(on)]
        batch.bring(fact, wanted)
        batch.tally.written[RULING] += 1
        self.facts.rulings.append(
            {
                "seq": resolution.seq,
                "id": str(fact),
                "outcome": wanted.answer,
                "primary_reason": str(resolution.primary_reason) if resolution.primary_reason else None,
                "on": sorted(on),
                "alone": resolution.is_alone,
                "declines": resolution.kind == Resolution.Kind.DECLINED,
            }
        )

    def _made_on(self, wanted: Wanted) -> set[str] | None:
        """The decisions a ruling is made on; None where it is not to be written."""
        if wanted.on is not None:
            there = {fact["id"] for fact in self.facts.decisions}
            on = {self.places.get(n, "") for n in wanted.on}
            if self.foreign or not on <= there:
                self.batch.tally.kept += 1
                self._once("the decisions its ruling was made on are not all here, so the ruling was left out.")
                return None
            return on
        state = state_of(self.facts.events(), self.policy)
        if state.settled:
            self.batch.tally.already += state.status == wanted.answer
            if state.status != wanted.answer:
                self.batch.tally.kept += 1
                self._once("it is settled otherwise here, so what was agreed on elsewhere was left out.")
            return None
        return {decision.id for decision in state.in_force.values()}

    def _once(self, sentence: str) -> None:
        if sentence not in self.told:
            self.told.add(sentence)
            self.batch.tally.tell(self.batch.about(self.one, sentence))


def _primary(wanted: Wanted, reasons: Sequence[str]) -> str | None:
    """What the file calls the reason, else the first criterion, in protocol order, of those that are not met."""
    return wanted.primary or (next((reason for reason in reasons if reason in wanted.failed), None) if wanted.failed else None)


def moment(text: str) -> datetime | None:
    """A moment as a file writes it; without a zone it is taken as UTC, and what is no moment is none."""
    try:
        found = parse_datetime(text.strip()) if text else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found
