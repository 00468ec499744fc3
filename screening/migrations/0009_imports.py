"""An import that brings a withdrawn file back names the earlier one; a record given twice by one search run counts once."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("screening", "0008_removals")]

    operations = [
        migrations.RemoveConstraint(model_name="import", name="one_import_per_file"),
        migrations.RemoveField(model_name="import", name="job"),
        migrations.AddField(
            model_name="import",
            name="readmits",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="readmitted_as", to="screening.import"
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.UniqueConstraint(
                condition=models.Q(("readmits", None)), fields=("source", "sha256"), name="one_import_per_file"
            ),
        ),
        migrations.AddField(model_name="placement", name="repeated", field=models.BooleanField(db_default=False, default=False)),
        migrations.AddIndex(
            model_name="placement",
            index=models.Index(condition=models.Q(("repeated", True)), fields=["report"], name="placement_repeated"),
        ),
    ]
