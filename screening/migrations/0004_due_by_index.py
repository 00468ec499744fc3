"""What an import or new stages leave due in the index is looked up by key, whatever the statistics say.

Notes come by the ten thousand and go again, and that a note is this transaction's own is expected of hardly any. So the database went
through all notes anew for each record of an import: two to four seconds of its time for 10,000 records, instead of a fiftieth of one,
and a hundred times that for 100,000.
"""

from django.db import migrations

# OFFSET 0 keeps the question one of its own for each row: no join of all rows with all notes.
UNLESS_NOTED = """NOT EXISTS (
        SELECT 1 FROM screening_indexdue d WHERE d.report_id = {report} AND d.card AND d.xmin = pg_current_xact_id()::xid OFFSET 0)"""
FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql {how} AS $$
BEGIN
    INSERT INTO screening_indexdue (report_id, project_id, card, words)
    {select}
    WHERE {unless}
    ORDER BY 1
    ON CONFLICT (report_id) DO UPDATE SET card = true;
    RETURN NULL;
END $$;
"""
SELECTED = {
    "brolly_index_due_imports": (
        "p.report_id",
        """SELECT DISTINCT p.report_id, e.project_id, true, false
    FROM new_rows e
    JOIN screening_record record ON record.import_run_id = e.import_run_id
    JOIN screening_placement p ON p.record_id = record.id""",
    ),
    "brolly_index_due_stages_new": ("n.report_id", "SELECT DISTINCT n.report_id, n.project_id, true, false FROM new_rows n"),
}


def functions(how: str, unless: str) -> str:
    made = []
    for name, (report, select) in SELECTED.items():
        made.append(FUNCTION.format(name=name, how=how, select=select, unless=unless.format(report=report)))
    return "".join(made)


class Migration(migrations.Migration):
    dependencies = [("screening", "0003_files_and_words_left")]

    operations = [
        migrations.RunSQL(functions("SET enable_seqscan = off", UNLESS_NOTED), functions("", UNLESS_NOTED.replace(" OFFSET 0", "")))
    ]
