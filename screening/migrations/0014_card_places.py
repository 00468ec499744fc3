"""What later rooms say of a report, on its card; what they change is noted by the database as due."""

import django.contrib.postgres.fields
from django.db import migrations, models

DUE = """
CREATE FUNCTION brolly_index_due_stages_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO screening_indexdue (report_id, project_id, card, words)
    SELECT DISTINCT report_id, project_id, true, false FROM new_rows ORDER BY report_id
    ON CONFLICT (report_id) DO UPDATE SET card = true;
    RETURN NULL;
END $$;
CREATE FUNCTION brolly_index_due_stage_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO screening_indexdue (report_id, project_id, card, words) VALUES (NEW.report_id, NEW.project_id, true, false)
    ON CONFLICT (report_id) DO UPDATE SET card = true;
    RETURN NULL;
END $$;
CREATE TRIGGER index_due_stages AFTER INSERT ON screening_reportstage
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION brolly_index_due_stages_new();
-- Only where a report goes on, or its outcome changes: most decisions touch neither.
CREATE TRIGGER index_due_stage AFTER UPDATE ON screening_reportstage FOR EACH ROW
    WHEN ((OLD.status, OLD.suspended, OLD.retrieval) IS DISTINCT FROM (NEW.status, NEW.suspended, NEW.retrieval))
    EXECUTE FUNCTION brolly_index_due_stage_changed();
INSERT INTO screening_indexdue (report_id, project_id, card, words) SELECT report_id, project_id, true, false FROM screening_reportcard
    ON CONFLICT (report_id) DO UPDATE SET card = true;
"""
NOT_DUE = """
DROP TRIGGER index_due_stages ON screening_reportstage;
DROP TRIGGER index_due_stage ON screening_reportstage;
DROP FUNCTION brolly_index_due_stages_new, brolly_index_due_stage_changed;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('screening', '0013_plain_records'),
    ]

    operations = [
        migrations.AddField(
            model_name='reportcard',
            name='places',
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), db_default=[], default=list, help_text='What later rooms say of it, as facet:value.', size=None
            ),
        ),
        migrations.RunSQL(DUE, NOT_DUE),
    ]
