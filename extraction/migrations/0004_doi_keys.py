"""The keys of primary studies by the one rule for DOIs. A cache of their first citation, worked out anew."""

from django.db import migrations

from screening.references.dedupe.fold import doi_key


def by_the_rule(apps, schema_editor):
    """A kept key is a DOI still: what the rule makes of it is what it makes of the citation."""
    study = apps.get_model("extraction", "PrimaryStudy")
    changed = []
    for one in study.objects.exclude(doi_key="").only("doi_key").iterator(chunk_size=5000):
        key = doi_key(one.doi_key)
        if key != one.doi_key:
            one.doi_key = key
            changed.append(one)
    study.objects.bulk_update(changed, ["doi_key"], batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("extraction", "0003_study_title"), ("screening", "0021_doi_keys")]

    operations = [migrations.RunPython(by_the_rule, migrations.RunPython.noop)]
