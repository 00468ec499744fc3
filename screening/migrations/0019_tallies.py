"""Bit sets of the list of reports, kept; and how many reports are in each state, tallied by the database as they change."""

import django.db.models.deletion
from django.db import migrations, models

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
    SELECT stage || '|' || status || '|' || retrieval || '|' || coalesce(reason::text, '') || '|' || CASE WHEN suspended THEN 't' ELSE '' END
$$;
CREATE FUNCTION brolly_tally_stages_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO screening_tally (project_id, what, key, n)
    SELECT project_id, 'stage', brolly_stage_key(stage, status, retrieval, primary_reason, suspended), count(*) FROM new_rows GROUP BY 1, 3;
    RETURN NULL;
END $$;
CREATE FUNCTION brolly_tally_stages_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO screening_tally (project_id, what, key, n)
    SELECT project_id, 'stage', brolly_stage_key(stage, status, retrieval, primary_reason, suspended), -count(*) FROM old_rows GROUP BY 1, 3;
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
INSERT INTO screening_tally (project_id, what, key, n)
SELECT project_id, 'report', "column" || '|' || removed, count(*) FROM screening_report GROUP BY 1, 3
UNION ALL
SELECT project_id, 'stage', brolly_stage_key(stage, status, retrieval, primary_reason, suspended), count(*)
FROM screening_reportstage GROUP BY 1, 3;
"""
NO_TALLY = """
DROP TRIGGER tally_new ON screening_report;
DROP TRIGGER tally_gone ON screening_report;
DROP TRIGGER tally_changed ON screening_report;
DROP TRIGGER tally_new ON screening_reportstage;
DROP TRIGGER tally_gone ON screening_reportstage;
DROP TRIGGER tally_changed ON screening_reportstage;
DROP FUNCTION brolly_tally_reports_new, brolly_tally_reports_gone, brolly_tally_reports_changed,
    brolly_tally_stages_new, brolly_tally_stages_gone, brolly_tally_stage_changed, brolly_stage_key;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('screening', '0018_policies'),
    ]

    operations = [
        migrations.CreateModel(
            name='FacetBits',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='screening.project')),
                ('facet', models.TextField()),
                ('value', models.TextField(help_text='As it stands on the cards.')),
                ('bits', models.BinaryField()),
            ],
        ),
        migrations.AddConstraint(
            model_name='facetbits',
            constraint=models.UniqueConstraint(fields=('project', 'facet', 'value'), name='one_bit_set_per_value'),
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project_id', models.UUIDField(db_index=True)),
                ('what', models.CharField(max_length=6)),
                ('key', models.TextField()),
                ('n', models.BigIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name='reportindex',
            name='kept',
            field=models.BigIntegerField(db_default=-1, default=-1, help_text='The revision whose bits are kept in FacetBits; -1: none.'),
        ),
        migrations.AddField(
            model_name='reportindex',
            name='since',
            field=models.IntegerField(db_default=0, default=0, help_text='Cards written since then.'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('removed', ''), _negated=True), fields=['project', 'title_key', 'id'], name='report_removed'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('column', 'other')), fields=['project', 'id'], name='report_other'),
        ),
        migrations.RunSQL(TALLY, NO_TALLY),
    ]
