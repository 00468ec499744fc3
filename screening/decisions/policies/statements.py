"""What a policy asks of a report before it is offered: the same as `rules.may_be_offered` and `may_screen`, for the database.

Each fragment is a condition on `rs`, the report's row at the stage. The texts depend on the kind of policy alone, so that
each is planned once; what it says in numbers and names are arguments.
"""

import json
from functools import lru_cache
from typing import Any

from screening.decisions.policies.rules import Policy

IN_SAMPLE = "((rs.random_key & 65535) * 100) >> 16 < %(pilot)s"
SHARE_PLACE = "(((rs.random_key >> 16) & 65535) * 100) >> 16"
REQUIRED = f"CASE WHEN {IN_SAMPLE} THEN %(required)s ELSE %(otherwise)s END"

# Seats others hold at this report and have not used yet.
LEASES = """FROM screening_seat seat
    WHERE seat.report_id = rs.report_id AND seat.stage = rs.stage AND seat.member_id <> %(member)s
      AND seat.lease_until > clock_timestamp()
      AND NOT EXISTS (SELECT 1 FROM screening_standing t
                      WHERE t.member_id = seat.member_id AND t.stage = rs.stage AND t.report_id = rs.report_id)"""
LEASED = f"(SELECT count(*) {LEASES})"
EXPERT_DECIDED = """EXISTS (SELECT 1 FROM screening_standing x
    WHERE x.report_id = rs.report_id AND x.stage = rs.stage AND x.member_id = ANY(%(experts)s::uuid[]))"""
EXPERT_SEATED = f"EXISTS (SELECT 1 {LEASES} AND seat.member_id = ANY(%(experts)s::uuid[]))"

# The first part that holds the report says whose it is; a part with too few people who screen today is everybody's.
PART = f"""coalesce((
    SELECT %(member)s = ANY(part.members)
        OR (SELECT count(*) FROM screening_membership m WHERE m.id = ANY(part.members) AND 'reviewer' = ANY(m.roles)) < %(required)s
    FROM jsonb_to_recordset(%(parts)s::jsonb) AS part(nth int, source uuid, low int, high int, members uuid[])
    WHERE {SHARE_PLACE} >= part.low AND {SHARE_PLACE} < part.high
      AND (part.source IS NULL OR EXISTS (
        SELECT 1 FROM screening_placement placed JOIN screening_record record ON record.id = placed.record_id
        JOIN screening_import run ON run.id = record.import_run_id
        WHERE placed.report_id = rs.report_id AND run.source_id = part.source))
    ORDER BY part.nth LIMIT 1), true)"""  # noqa: S608 (stands above)

# Reports a member is an author of, as last declared: asked once for a statement.
AUTHORED = """ARRAY(SELECT placed.report_id FROM screening_authorship a JOIN screening_placement placed ON placed.record_id = a.anchor_id
    WHERE a.member_id = %(member)s GROUP BY placed.report_id HAVING (array_agg(a.declared ORDER BY a.seq DESC))[1])"""


@lru_cache(maxsize=32)
def _fits(way: str, expert: bool, parts: bool, is_expert: bool, leases: bool) -> str:
    leased = LEASED if leases else "0"
    free = f"rs.n + {leased} < {REQUIRED}"
    if expert:
        has = f"({EXPERT_DECIDED} OR {EXPERT_SEATED})" if leases else EXPERT_DECIDED
        kept = f"(NOT {has} AND {IN_SAMPLE})"
        free = f"({free} OR {kept})" if is_expert else f"(rs.n + {leased} + CASE WHEN {kept} THEN 1 ELSE 0 END < {REQUIRED})"
    if way == "one_include" and leases:
        free = f"{free} AND {leased} = 0"
    return f"{free} AND {PART}" if parts else free


def fits(policy: Policy, member: str, *, leases: bool = True) -> str:
    """The condition that a report may be offered to this member now; without `leases`, as if no seat were taken."""
    return _fits(policy.way, policy.expert, bool(policy.parts), member in policy.experts, leases)


@lru_cache(maxsize=64)
def arguments(policy: Policy) -> dict[str, Any]:
    """What the conditions of a policy name, save `member`."""
    parts = [
        {"nth": nth, "source": part.source or None, "low": part.low, "high": part.high, "members": part.members}
        for nth, part in enumerate(policy.parts)
    ]
    return {
        "required": policy.required,
        # All reports where there is no pilot; the others are nobody's until it is over, and one person's then.
        "pilot": policy.pilot or 100,
        "otherwise": 1 if policy.single else 0,
        "experts": list(policy.experts),
        "parts": json.dumps(parts),
    }
