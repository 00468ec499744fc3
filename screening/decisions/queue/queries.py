"""The choice of the next reports. Nothing in it depends on what anybody else answered, only on how many seats are taken."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from uuid import UUID

from django.db import connection

from screening.decisions.policies import statements as demands
from screening.decisions.queue import statements
from screening.decisions.queue.rules import RANDOM
from screening.decisions.rules import Policy
from screening.decisions.statements import OPEN_ROUND
from screening.projects.models import Membership

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


def chosen_next(
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
) -> list[tuple[Any, ...]]:
    """Run a statement over the choice (its `{}`); its rows begin with the report's id and end in how far the walk had come there.

    At random: fixed, from another place for each person, on from their last decision and round to the beginning at the
    end (`stopped`: the random key of the report decided last, for a caller that knows it). In another order: along it
    from the beginning, or with `onwards` from where this member's walk had come; what it leaves out (not ranked yet,
    or passed while others held it) follows in the project's own random order. So each open report comes exactly once.
    What is left of the pilot round this member screens in (`piloting`) comes before all others.
    """
    walk = (member.pk, stage, order, hash(among.bits))
    arguments |= among.arguments
    arguments |= {
        "project": member.project_id,
        "stage": stage,
        "member": member.pk,
        "without": list(without),
        "limit": limit,
        "lowest": statements.LOWEST,
        "round": piloting,
        **demands.arguments(policy),
        "stopped": stopped,
        "start": int.from_bytes(member.pk.bytes[:8], "big", signed=True),
        "from": reached.of(walk) if onwards else None,
    }
    walked = False
    first = statements.NEXT_ONWARDS if order == RANDOM else statements.WALKS[order]
    fits = demands.fits(policy, str(member.pk))
    texts = [
        one.replace(statements.POLICY_HERE, fits).replace(statements.AMONG_HERE, among.condition) for one in (first, statements.NEXT_ALL)
    ]
    found: list[tuple[Any, ...]] = []
    with connection.prepared_cursor() as cursor:
        for text in ([statements.OF_ROUND] if piloting else []) + texts:
            arguments |= {"without": [*without, *(row[0] for row in found)], "limit": limit - len(found)}
            cursor.execute(statement.format(text), arguments)
            more = cursor.fetchall()
            if order != RANDOM and text is not statements.OF_ROUND and not walked:
                reached.keep(walk, more[0][-1] if more else arguments["from"])
                walked = True
            found += more
            if len(found) == limit:
                break
    return found
