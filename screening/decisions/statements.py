"""The statements a decision is made of, written out: read and written under a lock, or asked at every request.

Each does in one journey what models would do in several. Who may run them, and when, stands in queries and actions.
"""

# The model's columns in their order.
LOCK = """
SELECT report_id, stage, project_id, status, suspended, retrieval, n, primary_reason, requests, round, random_key, since
FROM screening_reportstage WHERE report_id = %s AND stage = %s AND project_id = %s AND NOT suspended FOR UPDATE
"""

# All that is recorded about one report at one stage, in one statement: a writer has to read it while it holds the
# lock, and three or four reads in turn would each cost as much as the decision.
FACTS = """
SELECT facts.* FROM (
WITH placed AS (
  SELECT p.record_id, r.seq, CASE WHEN j.replaces_id IS NOT NULL THEN j.seq END AS joined
  FROM screening_placement p JOIN screening_record r ON r.id = p.record_id JOIN screening_join j ON j.id = p.join_id
  WHERE p.report_id = %(report)s
)
SELECT
  (SELECT coalesce(json_agg(json_build_array(record_id, joined) ORDER BY seq), '[]') FROM placed) AS records,
  (SELECT coalesce(json_agg(json_build_object('seq', d.seq, 'id', d.id, 'member', d.member_id, 'answer', d.answer, 'failed', d.failed,
                                              'version', d.protocol_version_id, 'report', d.report_id, 'anchor', d.anchor_id,
                                              'reason', d.primary_reason)), '[]')
   FROM screening_decision d JOIN placed ON placed.record_id = d.anchor_id WHERE d.stage = %(stage)s) AS decisions,
  (SELECT coalesce(json_agg(json_build_object('seq', r.seq, 'outcome', r.outcome, 'primary_reason', r.primary_reason,
                   'alone', r.origin = 'import' AND r.kind = 'consensus', 'declines', r.kind = 'declined', 'on',
                   ARRAY(SELECT made.decision_id FROM screening_resolutionon made WHERE made.resolution_id = r.id))), '[]')
   FROM screening_resolution r JOIN placed ON placed.record_id = r.anchor_id WHERE r.stage = %(stage)s) AS rulings,
  (SELECT coalesce(json_agg(json_build_array(p.seq, p.round_id, c.seq)), '[]')
   FROM screening_pilotreport p JOIN placed ON placed.record_id = p.anchor_id JOIN screening_pilotround r ON r.id = p.round_id
   LEFT JOIN screening_pilotclosing c ON c.round_id = p.round_id WHERE r.stage = %(stage)s) AS rounds,
  (SELECT coalesce(json_agg(json_build_array(a.seq, a.member_id, a.declared)), '[]')
   FROM screening_authorship a JOIN placed ON placed.record_id = a.anchor_id) AS authors
) facts
"""

FACTS_OF_MANY = (
    "SELECT asked.id AS asked_id, of_one.* FROM unnest(%(reports)s::uuid[]) AS asked (id) CROSS JOIN LATERAL ("  # noqa: S608 (ours)
    f"{FACTS.replace('%(report)s', 'asked.id')}) AS of_one"
)

# The open round in which a member screens at a stage.
OPEN_ROUND = """(SELECT r.id FROM screening_pilotround r
   WHERE r.project_id = %(project)s AND r.stage = %(stage)s AND %(member)s = ANY(r.members)
     AND NOT EXISTS (SELECT 1 FROM screening_pilotclosing c WHERE c.round_id = r.id) ORDER BY r.n DESC LIMIT 1)"""

# What a decision is made under and follows on: the versions in force, the member's own last answer on this very
# report, whether the id is known, and whether they were shown the others' answers.
FOR_DECIDING = FACTS.replace(
    "\nSELECT\n",
    """
SELECT
  (SELECT id FROM screening_policyversion WHERE project_id = %(project)s AND stage = %(stage)s ORDER BY n DESC LIMIT 1) AS policy_id,
  (SELECT id FROM screening_protocolversion WHERE project_id = %(project)s ORDER BY n DESC LIMIT 1) AS protocol_id,
  (SELECT json_build_array(id, answer) FROM screening_decision
   WHERE report_id = %(report)s AND stage = %(stage)s AND member_id = %(member)s ORDER BY seq DESC LIMIT 1) AS mine,
  EXISTS (SELECT 1 FROM screening_decision WHERE id = %(id)s) AS is_known,
  (SELECT for_all FROM screening_rankingrule WHERE project_id = %(project)s ORDER BY n DESC LIMIT 1) AS ranked_for_all,
  (SELECT purpose FROM screening_revelation WHERE report_id = %(report)s AND stage = %(stage)s AND member_id = %(member)s) AS revealed,
  {OPEN_ROUND} AS piloting,
""".replace("{OPEN_ROUND}", OPEN_ROUND),
)

# The fact itself, where there is one to write; its number and moment are the server's.
DECIDED = """
WITH decided AS (
  INSERT INTO screening_decision (id, payload_hash, answer, note, client_time, project_id, by_id, report_id, anchor_id, stage, member_id,
                                  failed, primary_reason, protocol_version_id, policy_version_id, records_shown, replaces_id)
  VALUES (%(id)s, %(payload_hash)s, %(answer)s, %(note)s, %(client_time)s, %(project)s, %(member)s, %(report)s, %(anchor)s, %(stage)s,
          %(member)s, %(failed)s, %(fact_reason)s, %(protocol)s, %(policy)s, %(records)s, %(replaces)s)
  RETURNING seq, recorded_at
), """

# Where the report stands and what each member's answer is now, %(only)s this one's.
CACHES = """stage AS (
  UPDATE screening_reportstage
  SET status = %(status)s, n = %(n)s, requests = %(requests)s, primary_reason = %(primary_reason)s, round = %(round)s, since = %(since)s
  WHERE report_id = %(report)s AND stage = %(stage)s
), gone AS (
  DELETE FROM screening_standing
  WHERE report_id = %(report)s AND stage = %(stage)s AND member_id <> ALL(%(members)s::uuid[])
    AND (%(only)s::uuid IS NULL OR member_id = %(only)s::uuid)
), standing AS (
  INSERT INTO screening_standing (member_id, stage, report_id, answer, decision_id)
  SELECT member, %(stage)s, %(report)s, answer, decision
  FROM unnest(%(members)s::uuid[], %(answers)s::text[], %(decisions)s::uuid[]) AS wanted (member, answer, decision)
  ON CONFLICT (member_id, stage, report_id) DO UPDATE SET answer = EXCLUDED.answer, decision_id = EXCLUDED.decision_id
  WHERE screening_standing.decision_id <> EXCLUDED.decision_id
)
"""
WRITE_CACHES = f"WITH {CACHES} SELECT 1"
WRITE_DECISION = f"{DECIDED}{CACHES} SELECT seq, recorded_at FROM decided"  # noqa: S608 (both stand above)

# The first row of each report that counts in this column and was not removed, at the stage where such reports enter.
PLACE_ANEW = """
INSERT INTO screening_reportstage
  (report_id, stage, project_id, status, suspended, retrieval, n, primary_reason, requests, random_key, since)
SELECT report.id, enters.stage, report.project_id, 'open', false, enters.retrieval, 0, NULL, 0, report.random_key, %(now)s
FROM screening_report report
JOIN unnest(%(columns)s::text[], %(stages)s::text[], %(retrievals)s::text[]) AS enters ("column", stage, retrieval)
  ON enters."column" = report."column"
WHERE report.id = ANY(%(reports)s::uuid[]) AND report.removed = ''
"""
