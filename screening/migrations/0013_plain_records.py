"""Keep what was read of a file uncompressed: PostgreSQL's compression took more time than all else in writing a record."""

from django.db import migrations

TABLE = "ALTER TABLE screening_record ALTER COLUMN raw SET STORAGE {0}, ALTER COLUMN parsed SET STORAGE {0}"


class Migration(migrations.Migration):
    dependencies = [("screening", "0012_common_words")]

    operations = [migrations.RunSQL(TABLE.format("EXTERNAL"), TABLE.format("EXTENDED"))]
