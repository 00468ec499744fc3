"""Where many reports stand by their decisions, without asking the outcome rule the same thing twice.

Of a hundred thousand reports, most were decided in one of a few hundred ways: the same people with the same answers in
the same order, under the same versions. Each way is put to the rule once. Reports with more to their story (a ruling, a
pilot round, an author, a join of two that were decided on) are read whole, one by one.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection

from screening.decisions.queries import body_in, facts_of_many
from screening.decisions.rules import Decided, Policy, State, other_than_first, state_of
from screening.protocol.rules import order_of

# What makes up a way: who said what, under which version, on this report or on another that was joined to it since.
WAYS = """
SELECT placement.report_id, decision.stage,
       string_agg(concat_ws('|', decision.member_id, coalesce(decision.answer, ''), array_to_string(decision.failed, ','),
                            decision.protocol_version_id, coalesce(decision.primary_reason::text, ''),
                            decision.report_id = placement.report_id), ';' ORDER BY decision.seq),
       array_agg(decision.id::text ORDER BY decision.seq)
FROM screening_decision decision JOIN screening_placement placement ON placement.record_id = decision.anchor_id
WHERE placement.report_id = ANY(%(reports)s) GROUP BY 1, 2
"""
MORE_TO_TELL = """
SELECT placement.report_id, ruling.stage FROM screening_resolution ruling
JOIN screening_placement placement ON placement.record_id = ruling.anchor_id WHERE placement.report_id = ANY(%(reports)s)
UNION
SELECT placement.report_id, round.stage FROM screening_pilotreport held
JOIN screening_placement placement ON placement.record_id = held.anchor_id
JOIN screening_pilotround round ON round.id = held.round_id WHERE placement.report_id = ANY(%(reports)s)
UNION
SELECT placement.report_id, stage FROM screening_authorship author
JOIN screening_placement placement ON placement.record_id = author.anchor_id
CROSS JOIN unnest(ARRAY['title_abstract', 'full_text']) AS stage WHERE placement.report_id = ANY(%(reports)s)
"""
ELSEWHERE = "|f"


class States:
    """The states of a project's reports under the policies in force. One is kept for a whole project: it learns the ways."""

    def __init__(self, policies: Mapping[str, Policy]) -> None:
        self._policies = policies
        self._under: dict[str, list[Policy]] = defaultdict(list)
        self._came_to = cache(self._come_to)

    def of(self, keys: Mapping[UUID, int]) -> Iterator[tuple[UUID, str, State, dict[str, str]]]:
        """(report, stage, state, member -> decision that stands) for each of these of which anything is recorded.

        `keys`: report -> its random key. The state of a report that was decided like another names decisions by their
        places; only the last value names them by their ids.
        """
        asked = {"reports": list(keys)}
        with connection.cursor() as cursor:
            cursor.execute(MORE_TO_TELL, asked)
            whole: dict[str, set[UUID]] = defaultdict(set)
            for report, stage in cursor.fetchall():
                whole[stage].add(report)
            cursor.execute(WAYS, asked)
            ways = cursor.fetchall()
        for report, stage, way, ids in ways:
            if report in whole[stage]:
                continue
            if ELSEWHERE in way:
                whole[stage].add(report)
                continue
            state, standing = self._came_to(stage, self._place(stage, keys[report]), way)
            yield report, stage, state, {member: ids[place] for member, place in standing}
        for stage, reports in whole.items():
            yield from self._whole(sorted(reports), stage, keys)

    def _whole(self, reports: Sequence[UUID], stage: str, keys: Mapping[UUID, int]) -> Iterator[tuple[UUID, str, State, dict[str, str]]]:
        for report, facts in facts_of_many(reports, stage).items():
            state = state_of(facts.events(), self._policies[stage].at(keys[report]))
            yield report, stage, state, {member: decision.id for member, decision in state.standing.items()}

    def _place(self, stage: str, key: int) -> int:
        """The policy of one report, as a number: there are two of a stage at most."""
        policy, known = self._policies[stage].at(key), self._under[stage]
        for place, one in enumerate(known):
            if one is policy:
                return place
        known.append(policy)
        return len(known) - 1

    def _come_to(self, stage: str, policy: int, way: str) -> tuple[State, tuple[tuple[str, int], ...]]:
        state = state_of([_decided(place, said) for place, said in enumerate(way.split(";"))], self._under[stage][policy])
        return state, tuple((member, int(decision.id)) for member, decision in state.standing.items())


def _decided(place: int, said: str) -> Decided:
    member, answer, failed, version, reason, _ = said.split("|")
    marked, order = tuple(failed.split(",")) if failed else (), order_of(body_in(UUID(version)))
    chosen: Any = other_than_first(reason or None, list(marked), order) if len(marked) > 1 else None
    return Decided(seq=place, id=str(place), member=member, answer=answer or None, failed=marked, order=order, report="here", chosen=chosen)
