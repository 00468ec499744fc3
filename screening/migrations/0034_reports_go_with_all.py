"""Whether something still points at a report that went is asked at the end: a sandbox goes with all its rows, in any order."""

from django.db import migrations

ASKED_AT_THE_END = """
DROP TRIGGER pointed_at ON screening_report;
CREATE OR REPLACE FUNCTION brolly_report_pointed_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM screening_report WHERE id = OLD.id)
       AND (EXISTS (SELECT FROM screening_join WHERE report_id = OLD.id) OR EXISTS (SELECT FROM screening_reportstage WHERE report_id = OLD.id)) THEN
        RAISE foreign_key_violation USING MESSAGE = 'screening_report: joins or stages point at a row that went';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER pointed_at AFTER DELETE OR UPDATE OF id ON screening_report
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION brolly_report_pointed_at();
"""
AT_ONCE = """
DROP TRIGGER pointed_at ON screening_report;
CREATE TRIGGER pointed_at AFTER DELETE OR UPDATE OF id ON screening_report
    FOR EACH ROW EXECUTE FUNCTION brolly_report_pointed_at();
"""


class Migration(migrations.Migration):
    dependencies = [("screening", "0033_quick_checks")]

    operations = [migrations.RunSQL(ASKED_AT_THE_END, AT_ONCE)]
