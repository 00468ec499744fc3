"""What the database itself does in the tables of screening, beside what models can say.

It notes which reports' places in the index are due, tallies reports by state, and checks once for all rows of a statement
what thousands of rows point at. All of it happens in the same transaction as the change.
"""

# What was read of a file stays uncompressed: compressing took more time than all else in writing a record or a report.
# Abstracts stay in the row. Words lie beside the rows: most searches only need the row, and a phrase reads its words at once.
STORAGE = """
ALTER TABLE screening_record ALTER COLUMN raw SET STORAGE EXTERNAL, ALTER COLUMN parsed SET STORAGE EXTERNAL;
ALTER TABLE screening_report ALTER COLUMN abstract SET STORAGE EXTERNAL;
ALTER TABLE screening_report SET (toast_tuple_target = 8160);
ALTER TABLE screening_reportwords ALTER COLUMN words SET STORAGE EXTERNAL;
ALTER TABLE screening_reportwords SET (toast_tuple_target = 128);
"""

# What falls behind is noted by the database itself. An upsert that writes takes the row's lock, so a note is never lost to
# whoever is just working it off.
DUE = """
CREATE FUNCTION brolly_index_due_reports_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO screening_indexdue (report_id, project_id, card, words)
    SELECT id, project_id, true, true FROM new_rows WHERE "column" <> 'none' ORDER BY id
    ON CONFLICT (report_id) DO UPDATE SET card = true, words = true;
    RETURN NULL;
END $$;
CREATE FUNCTION brolly_index_due_reports_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO screening_indexdue (report_id, project_id, card, words)
    SELECT n.id, n.project_id, true,
           (n.title, n.authors, n.journal, n.abstract) IS DISTINCT FROM (o.title, o.authors, o.journal, o.abstract)
    FROM new_rows n JOIN old_rows o ON o.id = n.id
    WHERE n."column" <> 'none' OR o."column" <> 'none' ORDER BY n.id
    ON CONFLICT (report_id) DO UPDATE SET card = true, words = screening_indexdue.words OR excluded.words;
    RETURN NULL;
END $$;
CREATE FUNCTION brolly_index_due_placements() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO screening_indexdue (report_id, project_id, card, words)
    SELECT r.id, r.project_id, true, false FROM screening_report r
    WHERE r.id IN (SELECT report_id FROM old_rows UNION SELECT report_id FROM new_rows) ORDER BY r.id
    ON CONFLICT (report_id) DO UPDATE SET card = true;
    RETURN NULL;
END $$;
CREATE FUNCTION brolly_index_due_imports() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO screening_indexdue (report_id, project_id, card, words)
    SELECT DISTINCT p.report_id, e.project_id, true, false
    FROM new_rows e
    JOIN screening_record record ON record.import_run_id = e.import_run_id
    JOIN screening_placement p ON p.record_id = record.id
    -- A note that this very transaction wrote nobody else can have seen, nor worked off.
    WHERE NOT EXISTS (SELECT 1 FROM screening_indexdue d WHERE d.report_id = p.report_id AND d.card AND d.xmin = pg_current_xact_id()::xid)
    ORDER BY p.report_id
    ON CONFLICT (report_id) DO UPDATE SET card = true;
    RETURN NULL;
END $$;
CREATE FUNCTION brolly_index_due_stages_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO screening_indexdue (report_id, project_id, card, words)
    SELECT DISTINCT n.report_id, n.project_id, true, false FROM new_rows n
    WHERE NOT EXISTS (SELECT 1 FROM screening_indexdue d WHERE d.report_id = n.report_id AND d.card AND d.xmin = pg_current_xact_id()::xid)
    ORDER BY n.report_id
    ON CONFLICT (report_id) DO UPDATE SET card = true;
    RETURN NULL;
END $$;
CREATE FUNCTION brolly_index_due_stage_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO screening_indexdue (report_id, project_id, card, words) VALUES (NEW.report_id, NEW.project_id, true, false)
    ON CONFLICT (report_id) DO UPDATE SET card = true;
    RETURN NULL;
END $$;
CREATE TRIGGER index_due_new AFTER INSERT ON screening_report
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION brolly_index_due_reports_new();
CREATE TRIGGER index_due_changed AFTER UPDATE ON screening_report
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION brolly_index_due_reports_changed();
CREATE TRIGGER index_due_moved AFTER UPDATE ON screening_placement
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION brolly_index_due_placements();
CREATE TRIGGER index_due_ended AFTER INSERT ON screening_importevent
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION brolly_index_due_imports();
CREATE TRIGGER index_due_stages AFTER INSERT ON screening_reportstage
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION brolly_index_due_stages_new();
-- Only where a report goes on, or its outcome changes: most decisions touch neither.
CREATE TRIGGER index_due_stage AFTER UPDATE ON screening_reportstage FOR EACH ROW
    WHEN ((OLD.status, OLD.suspended, OLD.retrieval) IS DISTINCT FROM (NEW.status, NEW.suspended, NEW.retrieval))
    EXECUTE FUNCTION brolly_index_due_stage_changed();
"""

# Each row belongs to one key, by its own values alone, so the sum is right whatever runs beside it. A decision that
# changes no status writes nothing here.
TALLY = """
CREATE FUNCTION brolly_tally_reports_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO screening_tally (project_id, what, key, n)
    SELECT project_id, 'report', "column" || '|' || removed, count(*) FROM new_rows GROUP BY 1, 3;
    RETURN NULL;
END $$;
CREATE FUNCTION brolly_tally_reports_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO screening_tally (project_id, what, key, n)
    SELECT project_id, 'report', "column" || '|' || removed, -count(*) FROM old_rows GROUP BY 1, 3;
    RETURN NULL;
END $$;
CREATE FUNCTION brolly_tally_reports_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO screening_tally (project_id, what, key, n)
    SELECT project_id, 'report', "column" || '|' || removed, sum(one)
    FROM (SELECT project_id, "column", removed, 1 AS one FROM new_rows
          UNION ALL SELECT project_id, "column", removed, -1 FROM old_rows) AS changed
    GROUP BY 1, 3 HAVING sum(one) <> 0;
    RETURN NULL;
END $$;
CREATE FUNCTION brolly_stage_key(stage text, status text, retrieval text, reason uuid, suspended boolean) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT stage || '|' || status || '|' || retrieval || '|' || coalesce(reason::text, '')
        || '|' || CASE WHEN suspended THEN 't' ELSE '' END
$$;
CREATE FUNCTION brolly_tally_stages_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO screening_tally (project_id, what, key, n)
    SELECT project_id, 'stage', brolly_stage_key(stage, status, retrieval, primary_reason, suspended), count(*)
    FROM new_rows GROUP BY 1, 3;
    RETURN NULL;
END $$;
CREATE FUNCTION brolly_tally_stages_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO screening_tally (project_id, what, key, n)
    SELECT project_id, 'stage', brolly_stage_key(stage, status, retrieval, primary_reason, suspended), -count(*)
    FROM old_rows GROUP BY 1, 3;
    RETURN NULL;
END $$;
CREATE FUNCTION brolly_tally_stage_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO screening_tally (project_id, what, key, n) VALUES
        (OLD.project_id, 'stage', brolly_stage_key(OLD.stage, OLD.status, OLD.retrieval, OLD.primary_reason, OLD.suspended), -1),
        (NEW.project_id, 'stage', brolly_stage_key(NEW.stage, NEW.status, NEW.retrieval, NEW.primary_reason, NEW.suspended), 1);
    RETURN NULL;
END $$;
CREATE TRIGGER tally_new AFTER INSERT ON screening_report
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION brolly_tally_reports_new();
CREATE TRIGGER tally_gone AFTER DELETE ON screening_report
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION brolly_tally_reports_gone();
CREATE TRIGGER tally_changed AFTER UPDATE ON screening_report
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION brolly_tally_reports_changed();
CREATE TRIGGER tally_new AFTER INSERT ON screening_reportstage
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION brolly_tally_stages_new();
CREATE TRIGGER tally_gone AFTER DELETE ON screening_reportstage
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION brolly_tally_stages_gone();
CREATE TRIGGER tally_changed AFTER UPDATE ON screening_reportstage FOR EACH ROW
    WHEN ((OLD.status, OLD.suspended, OLD.retrieval, OLD.primary_reason)
          IS DISTINCT FROM (NEW.status, NEW.suspended, NEW.retrieval, NEW.primary_reason))
    EXECUTE FUNCTION brolly_tally_stage_changed();
"""

# A foreign key asks about each row by itself when the import is committed: 40,000 questions for 10,000 records. These
# triggers ask one question for each statement, at once. As with a foreign key, nothing can point at what is not there,
# and a report cannot go while something points at it; records and joins are facts, which cannot go at all.
THERE = """
CREATE FUNCTION brolly_there_{table}_{field}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows n WHERE NOT EXISTS (SELECT FROM screening_{to} there WHERE there.id = n.{field}_id)) THEN
        RAISE foreign_key_violation USING MESSAGE = 'screening_{table}.{field}_id: no such row in screening_{to}';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER there_{field} AFTER INSERT ON screening_{table}
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION brolly_there_{table}_{field}();
"""
# One row at a time, and only where it comes to point elsewhere. Joins are facts and never do.
THERE_STILL = """
CREATE FUNCTION brolly_there_still_{table}_{field}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM screening_{to} there WHERE there.id = NEW.{field}_id) THEN
        RAISE foreign_key_violation USING MESSAGE = 'screening_{table}.{field}_id: no such row in screening_{to}';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER there_still_{field} AFTER UPDATE ON screening_{table} FOR EACH ROW
    WHEN (NEW.{field}_id IS DISTINCT FROM OLD.{field}_id) EXECUTE FUNCTION brolly_there_still_{table}_{field}();
"""
# Asked at the end: a sandbox goes with all its rows, in any order.
GONE = """
CREATE FUNCTION brolly_report_pointed_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM screening_report WHERE id = OLD.id)
       AND (EXISTS (SELECT FROM screening_join WHERE report_id = OLD.id)
            OR EXISTS (SELECT FROM screening_reportstage WHERE report_id = OLD.id)) THEN
        RAISE foreign_key_violation USING MESSAGE = 'screening_report: joins or stages point at a row that went';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER pointed_at AFTER DELETE OR UPDATE OF id ON screening_report
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION brolly_report_pointed_at();
"""
POINTERS = [("join", "record", "record"), ("join", "report", "report"), ("placement", "join", "join"), ("reportstage", "report", "report")]

SQL = STORAGE + DUE + TALLY
SQL += "".join(THERE.format(table=table, field=field, to=to) for table, field, to in POINTERS)
SQL += "".join(THERE_STILL.format(table=table, field=field, to=to) for table, field, to in POINTERS[2:]) + GONE

# Triggers fall with the functions they call.
FUNCTIONS = [
    *(f"brolly_index_due_{what}" for what in ("reports_new", "reports_changed", "placements", "imports", "stages_new", "stage_changed")),
    *(f"brolly_tally_{what}" for what in ("reports_new", "reports_gone", "reports_changed", "stages_new", "stages_gone", "stage_changed")),
    *(f"brolly_there_{table}_{field}" for table, field, _ in POINTERS),
    *(f"brolly_there_still_{table}_{field}" for table, field, _ in POINTERS[2:]),
    "brolly_stage_key",
    "brolly_report_pointed_at",
]
WITHOUT = f"DROP FUNCTION {', '.join(FUNCTIONS)} CASCADE"
