"""A member's own decisions, the latest first: their list, their undo, and where their queue goes on."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('screening', '0002_stages'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['member', 'stage', '-seq'], name='decision_by_member'),
        ),
    ]
