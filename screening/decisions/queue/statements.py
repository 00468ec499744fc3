"""The queue's statements: what may be offered to a member, and the indexes it is walked along.

Each takes the first so many that fit, along an index, and sorts nothing. Plans are made once for any arguments, so the
walks say by LATERAL and OFFSET 0 that one row after the other is looked at, until there are enough.
"""

from screening.decisions.desk import statements as desk
from screening.decisions.policies.statements import AUTHORED

# Stands where the condition goes that a member narrowed their desk by, and where the policy's (policies/statements.py).
AMONG_HERE = "/* among */"
POLICY_HERE = "/* policy */"

# Open, not decided by this member nor shown to them nor written by them. `rs` is the report's row at the stage.
# OFFSET 0 again: else a plan made while a member has decided little reads all they have decided for each report it passes.
MINE = f"""rs.stage = %(stage)s AND rs.status = 'open' AND NOT rs.suspended
  AND (rs.stage <> 'full_text' OR rs.retrieval = 'retrieved')
  AND rs.report_id <> ALL(%(without)s::uuid[])
  AND NOT EXISTS (SELECT 1 FROM screening_standing s
                  WHERE s.member_id = %(member)s AND s.stage = rs.stage AND s.report_id = rs.report_id OFFSET 0)
  AND NOT EXISTS (SELECT 1 FROM screening_revelation v
                  WHERE v.member_id = %(member)s AND v.stage = rs.stage AND v.report_id = rs.report_id OFFSET 0)
  AND rs.report_id <> ALL({AUTHORED})"""  # noqa: S608 (stands in policies/statements.py)
# The same with a seat free for them; a report in a pilot round is its members' alone.
FITS = f"""{MINE} AND rs.round IS NULL AND {POLICY_HERE}
  {AMONG_HERE}"""

NEXT = f"""
SELECT rs.report_id, NULL::text[] AS reached
FROM screening_reportstage rs
WHERE rs.project_id = %(project)s AND rs.random_key > {{after}}
  AND {FITS}
ORDER BY rs.random_key, rs.report_id
LIMIT %(limit)s
"""  # noqa: S608 (all of it stands above)

# Where this member stopped: what lies before it they have decided or skipped, so it is not gone through again.
WHERE_I_STOPPED = """coalesce(%(stopped)s, (SELECT report.random_key FROM screening_decision d
    JOIN screening_report report ON report.id = d.report_id
    WHERE d.member_id = %(member)s AND d.stage = %(stage)s ORDER BY d.seq DESC LIMIT 1), %(start)s)"""

NEXT_ONWARDS = NEXT.format(after=WHERE_I_STOPPED)
# The project's own random order, from its beginning: the same for everybody.
NEXT_ALL = NEXT.format(after="%(lowest)s")
LOWEST = -(2**63)

_WALK = f"""
SELECT walk.report_id, walk.reached
FROM ({{walk}}) walk
CROSS JOIN LATERAL (SELECT 1 FROM screening_reportstage rs WHERE rs.report_id = walk.report_id AND {FITS} OFFSET 0) fits
ORDER BY {{order}}
LIMIT %(limit)s
"""  # noqa: S608 (all of it stands above)

# `from`: how far the walk has come before, as `reached` says it; NULL for the beginning. A place in an older fit is none.
_RANKED = """
  SELECT r.report_id, r.position, ARRAY[r.fit::text, r.position::text] AS reached FROM screening_rank r
  WHERE r.project_id = %(project)s
    AND r.fit = (SELECT n FROM screening_rankingfit WHERE project_id = %(project)s ORDER BY n DESC LIMIT 1)
    AND r.position >= (SELECT CASE WHEN max(n)::text = (%(from)s::text[])[1] THEN ((%(from)s::text[])[2])::int ELSE 0 END
                       FROM screening_rankingfit WHERE project_id = %(project)s)"""
_NEWEST = """
  SELECT c.report_id, c.newest, c.title_key, ARRAY[c.newest::text, c.title_key, c.report_id::text] AS reached FROM screening_reportcard c
  WHERE c.project_id = %(project)s AND c.counted
    AND (c.newest, c.title_key, c.report_id) >= (coalesce(((%(from)s::text[])[1])::smallint, '-32768'::smallint),
         coalesce((%(from)s::text[])[2], ''), coalesce(((%(from)s::text[])[3])::uuid, '00000000-0000-0000-0000-000000000000'))"""
_TITLE = """
  SELECT c.report_id, c.title_key, ARRAY[c.title_key, c.report_id::text] AS reached FROM screening_reportcard c
  WHERE c.project_id = %(project)s AND c.counted
    AND (c.title_key, c.report_id) >= (coalesce((%(from)s::text[])[1], ''),
         coalesce(((%(from)s::text[])[2])::uuid, '00000000-0000-0000-0000-000000000000'))"""

WALKS: dict[str, str] = {
    "ranked": _WALK.format(walk=_RANKED, order="walk.position"),
    "newest": _WALK.format(walk=_NEWEST, order="walk.newest, walk.title_key, walk.report_id"),
    "title": _WALK.format(walk=_TITLE, order="walk.title_key, walk.report_id"),
}

# What is left to this member of the pilot round they screen in: it comes first, and needs no seat.
OF_ROUND = f"""
SELECT rs.report_id, NULL::text[] AS reached
FROM screening_reportstage rs
WHERE rs.project_id = %(project)s AND rs.round = %(round)s AND {MINE}
  AND rs.report_id IN (SELECT placed.report_id FROM screening_pilotreport p
                       JOIN screening_placement placed ON placed.record_id = p.anchor_id WHERE p.round_id = %(round)s)
ORDER BY rs.random_key, rs.report_id
LIMIT %(limit)s
"""  # noqa: S608 (all of it stands above)

# Reports a member has on their screen, a seat at each for longer: of those a seat was lost at, where one is free again.
# In a pilot round a seat is nobody else's.
HELD = f"""
WITH chosen AS MATERIALIZED (
  SELECT rs.report_id FROM screening_reportstage rs
  WHERE rs.project_id = %(project)s AND rs.report_id = ANY(%(held)s::uuid[]) AND {MINE}
    AND CASE WHEN rs.round IS NULL THEN {POLICY_HERE} ELSE rs.round = %(round)s END
)
INSERT INTO screening_seat (report_id, stage, member_id, lease_until)
SELECT report_id, %(stage)s, %(member)s, %(until)s FROM chosen ORDER BY report_id
ON CONFLICT (report_id, stage, member_id) DO UPDATE SET lease_until = EXCLUDED.lease_until
RETURNING report_id
"""  # noqa: S608 (all of it stands above)

# The choice as it is, in its order.
CHOSEN = "SELECT * FROM ({}) chosen"

# Held to the end of the transaction by whoever is about to take seats at a stage: two who choose at the same moment would
# both find the last seat at a report free. A statement of its own, since each sees what was there when it began.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(%s)"

# The choice, a seat at each, and what the desk shows of them.
OFFER = """
WITH chosen AS MATERIALIZED (SELECT q.*, row_number() OVER () AS nth FROM ({}) q), seated AS (
  INSERT INTO screening_seat (report_id, stage, member_id, lease_until)
  SELECT report_id, %(stage)s, %(member)s, %(until)s FROM chosen ORDER BY report_id
  ON CONFLICT (report_id, stage, member_id) DO UPDATE SET lease_until = EXCLUDED.lease_until
  -- One that has most of its time left stays as it is: the same twenty are asked for again after each decision.
  WHERE screening_seat.lease_until < EXCLUDED.lease_until - interval '5 minutes'
)
SELECT {columns}, chosen.reached
FROM chosen JOIN screening_report ON id = chosen.report_id ORDER BY nth
""".replace("{columns}", desk.COLUMNS)
OFFERED = (*desk.OFFERED, "reached")
