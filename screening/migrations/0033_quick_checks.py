"""What thousands of rows point at is looked for once for all of them, not once for each.

A foreign key asks about each row by itself when the import is committed: 40,000 questions for 10,000 records. These
triggers ask one question for each statement, at once. As with a foreign key, nothing can point at what is not there,
and a report cannot go while something points at it; records and joins are facts, which cannot go at all.
"""

import django.db.models.deletion
from django.db import migrations, models

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
GONE = """
CREATE FUNCTION brolly_report_pointed_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM screening_join WHERE report_id = OLD.id) OR EXISTS (SELECT FROM screening_reportstage WHERE report_id = OLD.id) THEN
        RAISE foreign_key_violation USING MESSAGE = 'screening_report: joins or stages point at this row';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER pointed_at AFTER DELETE OR UPDATE OF id ON screening_report
    FOR EACH ROW EXECUTE FUNCTION brolly_report_pointed_at();
"""
POINTERS = [("join", "record", "record"), ("join", "report", "report"), ("placement", "join", "join"), ("reportstage", "report", "report")]
SQL = "".join(THERE.format(table=table, field=field, to=to) for table, field, to in POINTERS)
SQL += "".join(THERE_STILL.format(table=table, field=field, to=to) for table, field, to in POINTERS[2:]) + GONE
BACK = "".join(
    f"DROP TRIGGER there_{field} ON screening_{table}; DROP FUNCTION brolly_there_{table}_{field}();" for table, field, _ in POINTERS
)
BACK += "".join(
    f"DROP TRIGGER there_still_{field} ON screening_{table}; DROP FUNCTION brolly_there_still_{table}_{field}();"
    for table, field, _ in POINTERS[2:]
)
BACK += "DROP TRIGGER pointed_at ON screening_report; DROP FUNCTION brolly_report_pointed_at();"


def _to(model: str, related_name: str, *, db_index: bool = True) -> models.ForeignKey:
    return models.ForeignKey(
        db_constraint=False,
        db_index=db_index,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to=f"screening.{model}",
    )


class Migration(migrations.Migration):
    dependencies = [("screening", "0032_protocol_amendments")]

    operations = [
        migrations.AlterField(model_name="join", name="record", field=_to("record", "joins", db_index=False)),
        migrations.AlterField(model_name="join", name="report", field=_to("report", "joins")),
        migrations.AlterField(model_name="placement", name="join", field=_to("join", "+", db_index=False)),
        migrations.AlterField(model_name="reportstage", name="report", field=_to("report", "stages", db_index=False)),
        migrations.RemoveConstraint(model_name="join", name="one_first_join_per_record"),
        # One index finds the joins of a record and allows it one first join.
        migrations.AddConstraint(
            model_name="join",
            constraint=models.UniqueConstraint(fields=["record", "replaces"], nulls_distinct=False, name="one_first_join_per_record"),
        ),
        migrations.RunSQL(SQL, BACK),
    ]
