"""A record's own text may stay in the uploaded file: from one byte to before another. What was read of it stays in its row.

Written a second time it was a fifth of what an import gives the database to do.
"""

from django.db import migrations, models

ROWS = "ALTER TABLE screening_record SET (toast_tuple_target = 8160)"


class Migration(migrations.Migration):
    dependencies = [("screening", "0004_due_by_index")]

    operations = [
        migrations.AddField("record", "raw_from", models.PositiveBigIntegerField(null=True)),
        migrations.AddField("record", "raw_to", models.PositiveBigIntegerField(null=True)),
        migrations.AlterField("record", "raw", models.TextField(blank=True)),
        migrations.RunSQL(ROWS, "ALTER TABLE screening_record RESET (toast_tuple_target)"),
    ]
