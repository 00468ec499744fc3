"""All tables of extraction, as they stood when the first migrations were put together."""

import uuid

import django.db.models.deletion
from django.db import migrations, models
from pgtrigger.compiler import Trigger, UpsertTriggerSql

import screening.projects.facts
from screening.migrations._tables import Tables


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("extraction", "0001_initial"),
        ("extraction", "0002_initial"),
        ("extraction", "0003_study_title"),
        ("extraction", "0004_doi_keys"),
    ]
    dependencies = [
        ("screening", "0001_squashed_0034_reports_go_with_all"),
    ]
    operations = [
        Tables([
            migrations.CreateModel(
                name='Citation',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('seq', models.BigIntegerField(db_default=screening.projects.facts.NextSequence(), editable=False)),
                    ('recorded_at', models.DateTimeField(db_default=screening.projects.facts.ClockTimestamp(), editable=False)),
                    ('ordinal', models.PositiveIntegerField()),
                    ('raw', models.TextField()),
                    ('author', models.TextField(blank=True)),
                    ('year', models.IntegerField(null=True)),
                    ('title', models.TextField(blank=True)),
                    ('doi', models.TextField(blank=True)),
                    ('citation_list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='citations', to='extraction.citationlist')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('citation_list', 'ordinal'), name='citation_ordinal')],
                    'triggers': [
                        Trigger(name='written_once', sql=UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='97299a28391aa4a9ef2fbd58541c63e6f8c1b35b', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_6e49a', table='extraction_citation', when='BEFORE')),
                    ],
                },
            ),
            migrations.CreateModel(
                name='CitationList',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('seq', models.BigIntegerField(db_default=screening.projects.facts.NextSequence(), editable=False)),
                    ('recorded_at', models.DateTimeField(db_default=screening.projects.facts.ClockTimestamp(), editable=False)),
                    ('payload_hash', models.CharField(blank=True, default='', max_length=64)),
                    ('filename', models.CharField(blank=True, max_length=255)),
                    ('raw', models.TextField()),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.membership')),
                    ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.project')),
                    ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='citation_lists', to='screening.includedreview')),
                ],
                options={
                    'triggers': [
                        Trigger(name='written_once', sql=UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='82b6bc84d14943103adcb6e085dc59c8217d9a12', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_113eb', table='extraction_citationlist', when='BEFORE')),
                    ],
                },
            ),
            migrations.CreateModel(
                name='CitationListEvent',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('seq', models.BigIntegerField(db_default=screening.projects.facts.NextSequence(), editable=False)),
                    ('recorded_at', models.DateTimeField(db_default=screening.projects.facts.ClockTimestamp(), editable=False)),
                    ('payload_hash', models.CharField(blank=True, default='', max_length=64)),
                    ('reason', models.TextField()),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.membership')),
                    ('citation_list', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawn', to='extraction.citationlist')),
                    ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.project')),
                ],
                options={
                    'triggers': [
                        Trigger(name='written_once', sql=UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='289bc4682d4281ebc3e68758753d6d3c0ccc2c0f', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_3855c', table='extraction_citationlistevent', when='BEFORE')),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Extraction',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('seq', models.BigIntegerField(db_default=screening.projects.facts.NextSequence(), editable=False)),
                    ('recorded_at', models.DateTimeField(db_default=screening.projects.facts.ClockTimestamp(), editable=False)),
                    ('payload_hash', models.CharField(blank=True, default='', max_length=64)),
                    ('template', models.CharField(max_length=40)),
                    ('template_version', models.PositiveSmallIntegerField()),
                    ('values', models.JSONField()),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.membership')),
                    ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.project')),
                    ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='extraction.extraction')),
                    ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.includedreview')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('replaces', None)), fields=('review',), name='one_first_extraction')],
                    'triggers': [
                        Trigger(name='written_once', sql=UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2e29a55ade8b03c6ee231098072e53b266d15ed0', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_40094', table='extraction_extraction', when='BEFORE')),
                    ],
                },
            ),
            migrations.CreateModel(
                name='PrimaryStudy',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('label', models.TextField()),
                    ('year', models.IntegerField(null=True)),
                    ('doi_key', models.TextField(blank=True)),
                    ('identity_key', models.TextField(blank=True)),
                    ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='primary_studies', to='screening.project')),
                    ('title', models.TextField(blank=True, default='')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('doi_key', ''), _negated=True), fields=['project', 'doi_key'], name='study_doi'), models.Index(condition=models.Q(('identity_key', ''), _negated=True), fields=['project', 'identity_key'], name='study_identity')],
                },
            ),
            migrations.CreateModel(
                name='StudyMatch',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('seq', models.BigIntegerField(db_default=screening.projects.facts.NextSequence(), editable=False)),
                    ('recorded_at', models.DateTimeField(db_default=screening.projects.facts.ClockTimestamp(), editable=False)),
                    ('payload_hash', models.CharField(blank=True, default='', max_length=64)),
                    ('reason', models.TextField()),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.membership')),
                    ('citation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matches', to='extraction.citation')),
                    ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.project')),
                    ('study', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matches', to='extraction.primarystudy')),
                ],
                options={
                    'triggers': [
                        Trigger(name='written_once', sql=UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f3d73352730e31033b723cceab6d09ec33679ffb', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_049ae', table='extraction_studymatch', when='BEFORE')),
                    ],
                },
            ),
        ]),
    ]
