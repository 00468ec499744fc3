"""The choice of the next reports. Nothing in it depends on what anybody else answered, only on how many seats are taken."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from threading import Lock
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from screening.decisions.policies import statements as demands
from screening.decisions.queue import statements
from screening.decisions.queue.rules import RANDOM
from screening.decisions.rules import Policy
from screening.decisions.statements import OPEN_ROUND
from screening.projects.models import Membership
from screening.projects.once import once

RANKED_FOR_ALL = "SELECT for_all FROM screening_rankingrule WHERE project_id = %s ORDER BY n DESC LIMIT 1"


def ranked_for_all(project_id: UUID) -> bool:
    """Whether everybody in the project works in the ranked order."""
    with connection.prepared_cursor() as cursor:
        cursor.execute(RANKED_FOR_ALL, [project_id])
        found = cursor.fetchone()
    return bool(found and found[0])


@dataclass(frozen=True)
class Among:
    """The reports a member narrowed their desk to: a condition on the queue's rows (desk/statements.py) and its arguments."""

    condition: str = ""
    arguments: dict[str, Any] = field(default_factory=dict, hash=False)
    bits: int = 0
    """The same as numbers on cards."""


EVERYTHING = Among()


@once
def open_round_of(member: Membership, stage: str) -> UUID | None:
    """The pilot round this member screens in now."""
    with connection.prepared_cursor() as cursor:
        cursor.execute(f"SELECT {OPEN_ROUND}", {"project": member.project_id, "stage": stage, "member": member.pk})
        return cursor.fetchone()[0]


class Reached:
    """How far members' walks have come, in this process: what lies before was not for them and is not gone through again.

    A shortcut and no more. A page of the desk begins at the beginning; what was passed comes at the end all the same.
    """

    MOST = 4096

    def __init__(self) -> None:
        self._at: OrderedDict[tuple[UUID, str, str, int], list[str]] = OrderedDict()
        self._lock = Lock()

    def of(self, walk: tuple[UUID, str, str, int]) -> list[str] | None:
        return self._at.get(walk)

    def keep(self, walk: tuple[UUID, str, str, int], at: list[str] | None) -> None:
        with self._lock:
            self._at.pop(walk, None)
            if at is not None:
                self._at[walk] = at
            while len(self._at) > self.MOST:
                self._at.popitem(last=False)


reached = Reached()


def turn_at(project: UUID, stage: str) -> int:
    """The number of the lock under which seats are taken at a stage."""
    return int.from_bytes(blake2b(project.bytes + stage.encode(), digest_size=8).digest(), signed=True)


def keep_seats(member: Membership, stage: str, report_ids: Sequence[UUID], *, until: datetime, policy: Policy) -> list[UUID]:
    """A seat until then at those of these reports that are still for this member. Returns them. In a transaction."""
    arguments = {
        "project": member.project_id,
        "stage": stage,
        "member": member.pk,
        "held": list(report_ids),
        "without": [],
        "round": open_round_of(member, stage),
        "until": until,
        **demands.arguments(policy),
    }
    with connection.cursor() as cursor:
        cursor.execute(statements.ONE_AT_A_TIME, [turn_at(member.project_id, stage)])
        cursor.execute(statements.HELD.replace(statements.POLICY_HERE, demands.fits(policy, str(member.pk))), arguments)
        return [row[0] for row in cursor.fetchall()]


class Choice:
    """A statement over the choice of the next reports (its `{}`), begun and read in two steps.

    Its rows begin with the report's id and end in how far the walk had come there. At random: fixed, from another place
    for each person, on from their last decision and round to the beginning at the end (`stopped`: the random key of the
    report decided last, for a caller that knows it). In another order: along it from the beginning, or with `onwards`
    from where this member's walk had come; what it leaves out (not ranked yet, or passed while others held it) follows
    in the project's own random order. So each open report comes exactly once. What is left of the pilot round this
    member screens in (`piloting`) comes before all others.
    """

    def __init__(
        self,
        statement: str,
        member: Membership,
        stage: str,
        *,
        limit: int,
        without: Sequence[UUID],
        policy: Policy,
        order: str = RANDOM,
        stopped: int | None = None,
        onwards: bool = False,
        among: Among = EVERYTHING,
        piloting: UUID | None = None,
        **arguments: Any,
    ) -> None:
        self.statement, self.order, self.limit, self.without = statement, order, limit, without
        self.walk = (member.pk, stage, order, hash(among.bits))
        self._turn = turn_at(member.project_id, stage)
        self.arguments = {
            **arguments,
            **among.arguments,
            "project": member.project_id,
            "stage": stage,
            "member": member.pk,
            "lowest": statements.LOWEST,
            "round": piloting,
            **demands.arguments(policy),
            "stopped": stopped,
            "start": int.from_bytes(member.pk.bytes[:8], "big", signed=True),
            "from": reached.of(self.walk) if onwards else None,
        }
        fits = demands.fits(policy, str(member.pk))
        first = statements.NEXT_ONWARDS if order == RANDOM else statements.WALKS[order]
        walked = (first.replace(statements.POLICY_HERE, fits), statements.NEXT_ALL.replace(statements.POLICY_HERE, fits))
        self.texts = [text.replace(statements.AMONG_HERE, among.condition) for text in walked]
        self.walks = order != RANDOM
        self.of_round = [statements.OF_ROUND] if piloting else []
        self._cursor: Any = None

    def begin(self) -> "Choice":
        """Ask for the first of it; other statements may travel along (connection.together).

        Where seats are taken it is one person's turn at a time until the transaction ends, so there must be one.
        """
        if self.limit > 0:
            self._cursor = connection.prepared_cursor()
            self._ask((self.of_round + self.texts)[0], [])
        return self

    def _ask(self, text: str, found: Sequence[tuple[Any, ...]]) -> None:
        if self.statement == statements.OFFER:
            with connection.prepared_cursor() as cursor:
                cursor.execute(statements.ONE_AT_A_TIME, [self._turn])
        without = [*self.without, *(row[0] for row in found)]
        self._cursor.execute(self.statement.format(text), self.arguments | {"without": without, "limit": self.limit - len(found)})

    def rows(self) -> list[tuple[Any, ...]]:
        """What was chosen, at most so many; none where nothing was asked for."""
        if self._cursor is None:
            return []
        found: list[tuple[Any, ...]] = []
        with self._cursor:
            for nth, text in enumerate(self.of_round + self.texts):
                if nth:
                    with transaction.atomic():
                        self._ask(text, found)
                more = self._cursor.fetchall()
                if self.walks and text is self.texts[0]:
                    reached.keep(self.walk, more[0][-1] if more else self.arguments["from"])
                found += more
                if len(found) == self.limit:
                    break
        return found


def chosen_next(statement: str, member: Membership, stage: str, **chosen: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement over the choice, at once; see Choice."""
    return Choice(statement, member, stage, **chosen).begin().rows()
