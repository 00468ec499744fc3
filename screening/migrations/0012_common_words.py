"""Words that are common in a project, for phrases made of them."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('screening', '0011_bringing_in'),
    ]

    operations = [
        migrations.AddField(
            model_name='reportindex',
            name='common',
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), help_text='Words that many reports hold; side by side they are indexed as pairs.', null=True, size=None
            ),
        ),
    ]
