"""Decisions of the demonstration, and the fixed numbers it is invented by: a fresh copy is always the same."""

import hashlib
from collections.abc import Sequence
from uuid import UUID, uuid5

from screening.decisions import actions as decisions
from screening.projects.models import Membership
from screening.references.models import Report

OURS = UUID("6f6d1f5e-0d55-4bb5-a4a5-b7011ad0e110")
Team = dict[str, Membership]


def number_of(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")


def is_made_up(report: Report) -> bool:
    """Whether the record was made for the demonstration, rather than one of the ten real reviews."""
    return report.title.casefold().startswith("demonstration record")


def decision_id(member: Membership, report: Report, stage: str) -> UUID:
    return uuid5(OURS, f"{report.pk} {stage} {member.pk}")


def decide(member: Membership, report: Report, answer: str, stage: str, failed: Sequence[str] = (), note: str = "") -> None:
    """A decision without answers to criteria."""
    decisions.decide(
        by=member,
        report_id=report.pk,
        stage=stage,
        answer=answer,
        failed=[UUID(criterion) for criterion in failed],
        note=note,
        decision_id=decision_id(member, report, stage),
    )
