"""What an import of thousands of records must not do thousands of times: check what another row holds already, keep an index
that another covers, compress, and note twice what is noted."""

import django.db.models.deletion
from django.db import migrations, models

# As with the records themselves: compressing abstracts took longer than all else in writing reports. They stay in the row.
STORAGE = "ALTER TABLE screening_report ALTER COLUMN abstract SET STORAGE EXTERNAL; ALTER TABLE screening_report SET (toast_tuple_target = 8160)"
AS_BEFORE = "ALTER TABLE screening_report ALTER COLUMN abstract SET STORAGE EXTENDED; ALTER TABLE screening_report RESET (toast_tuple_target)"
# A note that this very transaction wrote nobody else can have seen, nor worked off.
NOTED = """
    AND NOT EXISTS (SELECT 1 FROM screening_indexdue d WHERE d.report_id = {0}.report_id AND d.card AND d.xmin = pg_current_xact_id()::xid)
"""
NOTES = """
CREATE OR REPLACE FUNCTION brolly_index_due_imports() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO screening_indexdue (report_id, project_id, card, words)
    SELECT DISTINCT p.report_id, e.project_id, true, false
    FROM new_rows e
    JOIN screening_record record ON record.import_run_id = e.import_run_id
    JOIN screening_placement p ON p.record_id = record.id
    WHERE true {imports}
    ORDER BY p.report_id
    ON CONFLICT (report_id) DO UPDATE SET card = true;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION brolly_index_due_stages_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO screening_indexdue (report_id, project_id, card, words)
    SELECT DISTINCT n.report_id, n.project_id, true, false FROM new_rows n
    WHERE true {stages}
    ORDER BY n.report_id
    ON CONFLICT (report_id) DO UPDATE SET card = true;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('screening', '0021_doi_keys'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='report',
            name='report_identity',
        ),
        migrations.RemoveField(
            model_name='report',
            name='identity_key',
        ),
        migrations.AlterField(
            model_name='join',
            name='by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.membership'),
        ),
        migrations.AlterField(
            model_name='join',
            name='project',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.project'),
        ),
        migrations.AlterField(
            model_name='placement',
            name='join',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.join'),
        ),
        migrations.AlterField(
            model_name='placement',
            name='record',
            field=models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='placement', serialize=False, to='screening.record'),
        ),
        migrations.AlterField(
            model_name='placement',
            name='report',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='screening.report'),
        ),
        migrations.AlterField(
            model_name='record',
            name='import_run',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='records', to='screening.import'),
        ),
        migrations.AlterField(
            model_name='record',
            name='project',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.project'),
        ),
        migrations.AlterField(
            model_name='report',
            name='project',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='screening.project'),
        ),
        migrations.AlterField(
            model_name='reportstage',
            name='project',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.project'),
        ),
        migrations.AlterField(
            model_name='reportstage',
            name='report',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='stages', to='screening.report'),
        ),
        migrations.RunSQL(STORAGE, AS_BEFORE),
        migrations.RunSQL(
            NOTES.format(imports=NOTED.format("p"), stages=NOTED.format("n")), NOTES.format(imports="", stages="")
        ),
    ]
