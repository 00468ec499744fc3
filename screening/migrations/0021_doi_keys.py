"""The keys of reports by the one rule for DOIs: encoded brackets decoded, entities resolved. A cache, worked out anew."""

from django.db import migrations

from screening.references.dedupe.fold import doi_key

AT_ONCE = 1000


def by_the_rule(apps, schema_editor):
    """Write the key of every report whose DOI says another one than was kept."""
    report = apps.get_model("screening", "Report")
    changed = []
    for one in report.objects.exclude(doi="", doi_key="").only("doi", "doi_key").iterator(chunk_size=5000):
        key = doi_key(one.doi)
        if key != one.doi_key:
            one.doi_key = key
            changed.append(one)
    report.objects.bulk_update(changed, ["doi_key"], batch_size=AT_ONCE)


class Migration(migrations.Migration):
    dependencies = [("screening", "0020_desk_abstracts")]

    operations = [migrations.RunPython(by_the_rule, migrations.RunPython.noop)]
