"""What is read beside a report for the desk, written out: a part of the statement that offers the next reports (queue/)."""

FIELDS = ("id", "title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "pmid", "url", "abstract", "flags")

# The words in force to be marked, whether the project keeps authors from the desk, and whether there is anything more
# to read beside reports. Read with the report: a journey of its own would cost more.
BESIDE = """
  (SELECT list.id FROM screening_termlist list WHERE list.project_id = %(project)s ORDER BY list.n DESC LIMIT 1) AS terms,
  (SELECT rule.hide_authors FROM screening_deskrule rule WHERE rule.project_id = %(project)s ORDER BY rule.n DESC LIMIT 1) AS hides,
  EXISTS (SELECT 1 FROM screening_contentnote WHERE project_id = %(project)s)
    OR EXISTS (SELECT 1 FROM screening_labelling WHERE by_id = %(member)s) AS more
"""

# What is said before each report is read, and the member's own labels on it. Asked only where `more` says so: preparing
# it for every decision would cost a tenth of offering the next report.
MORE = """
SELECT report.id,
  ARRAY(SELECT note.words FROM screening_contentnote note
        WHERE note.project_id = %(project)s AND note.words <> ''
          AND NOT EXISTS (SELECT 1 FROM screening_contentnote later WHERE later.replaces_id = note.id)
          AND EXISTS (SELECT 1 FROM screening_placement placed
                      JOIN screening_record record ON record.id = placed.record_id
                      JOIN screening_import run ON run.id = record.import_run_id
                      WHERE placed.report_id = report.id AND (note.anchor_id = record.id OR note.source_id = run.source_id))
        ORDER BY note.seq) AS care,
  ARRAY(SELECT DISTINCT label.id FROM screening_placement placed
        JOIN screening_labelling said ON said.anchor_id = placed.record_id AND said.by_id = %(member)s AND said."on"
        JOIN screening_label label ON label.id = said.label_id AND NOT label.removed
        WHERE placed.report_id = report.id
          AND NOT EXISTS (SELECT 1 FROM screening_labelling later WHERE later.replaces_id = said.id)) AS labels
FROM screening_report report WHERE report.id = ANY(%(reports)s::uuid[]) AND report.project_id = %(project)s
"""
OFFERED = (*FIELDS, "terms", "hides", "more")
COLUMNS = f"{', '.join(f'screening_report.{name}' for name in FIELDS)}, {BESIDE}"

# The same of reports that are asked for by name.
ON_DESK = f"SELECT {COLUMNS} FROM screening_report WHERE id = ANY(%(reports)s::uuid[]) AND project_id = %(project)s"  # noqa: S608

# What a member narrowed their desk to, as a condition on the queue's rows (rs): few reports by their ids, many as bits by
# the number on their card.
AMONG = "\n  AND rs.report_id = ANY(%(among)s::uuid[])"
AMONG_BITS = """
  AND EXISTS (SELECT 1 FROM screening_reportcard card WHERE card.report_id = rs.report_id
              AND CASE WHEN card.n < %(size)s THEN get_bit(%(bits)s::bytea, card.n) = 1 ELSE false END)"""
