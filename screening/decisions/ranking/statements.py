"""The statements of this room that read or write many rows at once."""

# Of each project with open titles in which anything was said since its last fit: what a fit would learn from, and what the
# last one did. The first condition is a few index look-ups; only what passes it is counted.
TO_LEARN_FROM = """
SELECT p.id, coalesce(rule.share, 100), n.relevant, n.irrelevant, n.reports,
       fit.n, fit.relevant, fit.irrelevant, fit.reports, fit.share, fit.recorded_at, fit.seconds
FROM screening_project p
LEFT JOIN LATERAL (SELECT * FROM screening_rankingfit f WHERE f.project_id = p.id ORDER BY f.n DESC LIMIT 1) fit ON true
LEFT JOIN LATERAL (SELECT r.share, r.seq FROM screening_rankingrule r WHERE r.project_id = p.id ORDER BY r.n DESC LIMIT 1) rule ON true
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE status = 'include') AS relevant, count(*) FILTER (WHERE status = 'exclude') AS irrelevant,
         count(*) AS reports
  FROM screening_reportstage rs WHERE rs.project_id = p.id AND rs.stage = 'title_abstract' AND NOT rs.suspended OFFSET 0
) n
WHERE EXISTS (SELECT 1 FROM screening_reportstage o
              WHERE o.project_id = p.id AND o.stage = 'title_abstract' AND o.status = 'open' AND NOT o.suspended)
  AND (fit.seq IS NULL OR rule.seq > fit.seq
       OR EXISTS (SELECT 1 FROM screening_membership m CROSS JOIN LATERAL (
                    SELECT d.seq FROM screening_decision d WHERE d.member_id = m.id AND d.stage = 'title_abstract'
                    ORDER BY d.seq DESC LIMIT 1) said WHERE m.project_id = p.id AND said.seq > fit.seq)
       OR EXISTS (SELECT 1 FROM screening_resolution s WHERE s.project_id = p.id AND s.seq > fit.seq)
       OR EXISTS (SELECT 1 FROM screening_import i JOIN screening_importevent e ON e.import_run_id = i.id
                  WHERE i.project_id = p.id AND e.seq > fit.seq)
       OR EXISTS (SELECT 1 FROM screening_removal v WHERE v.project_id = p.id AND v.seq > fit.seq))
"""

# Every title of a project with what decides its place, and a number that changes with its words.
TITLES_TO_RANK = """
SELECT rs.report_id, rs.status, rs.random_key, hashtextextended(r.title || E'\\n' || r.abstract, 0)
FROM screening_reportstage rs JOIN screening_report r ON r.id = rs.report_id
WHERE rs.project_id = %s AND rs.stage = 'title_abstract' AND NOT rs.suspended ORDER BY rs.report_id
"""
WORDS = """
SELECT r.id, r.title || ' ' || r.abstract, hashtextextended(r.title || E'\\n' || r.abstract, 0)
FROM screening_report r WHERE r.id = ANY(%s::uuid[]) ORDER BY r.id
"""
WRITE_RANKS = """
INSERT INTO screening_rank (project_id, fit, position, report_id)
SELECT %(project)s, %(fit)s, nth - 1, report FROM unnest(%(reports)s::uuid[]) WITH ORDINALITY AS ordered (report, nth)
"""
DROP_RANKS = "DELETE FROM screening_rank WHERE project_id = %(project)s AND fit < %(fit)s"

# The titles somebody has decided on, by their first decision; first those settled without one (agreed elsewhere).
LOOKED_AT = """
SELECT rs.status, min(d.seq) AS first
FROM screening_reportstage rs
LEFT JOIN screening_placement p ON p.report_id = rs.report_id
LEFT JOIN screening_decision d ON d.anchor_id = p.record_id AND d.stage = rs.stage AND d.answer IS NOT NULL
WHERE rs.project_id = %(project)s AND rs.stage = 'title_abstract' AND NOT rs.suspended
GROUP BY rs.report_id, rs.status
HAVING min(d.seq) IS NOT NULL OR rs.status IN ('include', 'exclude')
ORDER BY first NULLS FIRST, rs.report_id
"""
TITLES = "SELECT count(*) FROM screening_reportstage WHERE project_id = %s AND stage = 'title_abstract' AND NOT suspended"

# What makes the titles seen before no sample of those there are now: (in words, number of the last such fact).
ANEW = """
SELECT 'records were imported', max(e.seq) FROM screening_import i JOIN screening_importevent e ON e.import_run_id = i.id
WHERE i.project_id = %(project)s AND e.kind = 'completed'
  AND NOT EXISTS (SELECT 1 FROM screening_importevent w WHERE w.import_run_id = i.id AND w.kind = 'withdrawn')
UNION ALL
SELECT 'decisions were brought in from elsewhere', max(b.seq) FROM screening_bringingin b WHERE b.project_id = %(project)s
UNION ALL
SELECT 'records were put back', max(v.seq) FROM screening_removal v WHERE v.project_id = %(project)s AND v.kind IS NULL
"""

_SPOKEN = """(EXISTS (SELECT 1 FROM screening_placement p JOIN screening_decision d ON d.anchor_id = p.record_id
                     WHERE p.report_id = rs.report_id)
              OR EXISTS (SELECT 1 FROM screening_placement p JOIN screening_resolution s ON s.anchor_id = p.record_id
                         WHERE p.report_id = rs.report_id))"""
LOOKED_AT_AND_OPEN = f"""
SELECT 1 FROM screening_reportstage rs
WHERE rs.project_id = %s AND rs.stage = 'title_abstract' AND NOT rs.suspended AND rs.status IN ('open', 'conflict') AND {_SPOKEN} LIMIT 1
"""  # noqa: S608 (all of it stands above)
UNSEEN = f"""
SELECT rs.report_id FROM screening_reportstage rs JOIN screening_report r ON r.id = rs.report_id
WHERE rs.project_id = %(project)s AND rs.stage = 'title_abstract' AND NOT rs.suspended AND rs.status = 'open' AND NOT {_SPOKEN}
  AND r.removed = '' AND (%(before)s::timestamptz IS NULL OR r.created_at <= %(before)s::timestamptz)
ORDER BY rs.report_id LIMIT %(limit)s
"""  # noqa: S608 (all of it stands above)
LEFT_BY = """
SELECT DISTINCT p.report_id FROM screening_removal v JOIN screening_placement p ON p.record_id = v.anchor_id
JOIN screening_report r ON r.id = p.report_id
WHERE v.act = %(act)s AND r.removed <> '' AND NOT EXISTS (SELECT 1 FROM screening_removal later WHERE later.replaces_id = v.id)
ORDER BY p.report_id LIMIT %(limit)s
"""
