"""Statements over many reports at once: the caches of a batch in four journeys, however many reports it has."""

SEQUENCE = "SELECT nextval('brolly_fact_seq') FROM generate_series(1, %s)"

STAGES = """
UPDATE screening_reportstage rs
SET status = w.status, n = w.n, requests = w.requests, primary_reason = w.reason,
    since = CASE WHEN rs.status = w.status THEN rs.since ELSE clock_timestamp() END
FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::int[], %s::uuid[]) AS w (report, status, n, requests, reason)
WHERE rs.report_id = w.report AND rs.stage = %s
"""
CLEAR = "DELETE FROM screening_standing WHERE report_id = ANY(%s::uuid[]) AND stage = %s"
STAND = """
INSERT INTO screening_standing (member_id, stage, report_id, answer, decision_id)
SELECT member, %s, report, answer, decision
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::uuid[]) AS w (member, report, answer, decision)
"""
