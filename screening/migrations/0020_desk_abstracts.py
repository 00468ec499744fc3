"""Whether abstracts stand on the cards of one's list."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("screening", "0019_tallies")]

    operations = [
        migrations.AddField(model_name="deskview", name="show_abstracts", field=models.BooleanField(default=True)),
    ]
