"""Answers to criteria, documents, and attempts to obtain a full text, which now follow their record."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import screening.projects.facts
import uuid
from django.db import migrations, models


# Until now a retrieval stood on its report alone: it goes to the record that was first put behind that report.
ANCHORED = """
ALTER TABLE screening_retrieval DISABLE TRIGGER USER;
UPDATE screening_retrieval SET anchor_id = (
  SELECT record_id FROM screening_join WHERE screening_join.report_id = screening_retrieval.report_id ORDER BY seq LIMIT 1
);
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE screening_retrieval ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('screening', '0015_desk'),
    ]

    operations = [
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField(db_default=screening.projects.facts.NextSequence(), editable=False)),
                ('recorded_at', models.DateTimeField(db_default=screening.projects.facts.ClockTimestamp(), editable=False)),
                ('payload_hash', models.CharField(blank=True, default='', max_length=64)),
                ('questions', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('follows_reason', models.UUIDField(null=True)),
                ('reason_why', models.TextField(blank=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AssessmentDraft',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('body', models.JSONField(default=dict)),
                ('saved_at', models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name='CriterionAnswer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField(db_default=screening.projects.facts.NextSequence(), editable=False)),
                ('recorded_at', models.DateTimeField(db_default=screening.projects.facts.ClockTimestamp(), editable=False)),
                ('payload_hash', models.CharField(blank=True, default='', max_length=64)),
                ('criterion', models.UUIDField()),
                ('question', models.UUIDField(null=True)),
                ('answer', models.CharField(choices=[('yes', 'Yes'), ('no', 'No'), ('unclear', 'Unclear')], max_length=7)),
                ('quote', models.TextField(blank=True)),
                ('page', models.CharField(blank=True, max_length=40)),
                ('met', models.PositiveIntegerField(null=True)),
                ('unclear', models.PositiveIntegerField(null=True)),
                ('total', models.PositiveIntegerField(null=True)),
                ('how', models.CharField(blank=True, choices=[('stated', 'Stated by the review'), ('counted', 'Counted, every study'), ('sampled', 'Sampled, some of the studies')], max_length=7)),
                ('looked_at', models.PositiveIntegerField(null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField(db_default=screening.projects.facts.NextSequence(), editable=False)),
                ('recorded_at', models.DateTimeField(db_default=screening.projects.facts.ClockTimestamp(), editable=False)),
                ('payload_hash', models.CharField(blank=True, default='', max_length=64)),
                ('sha256', models.CharField(max_length=64)),
                ('filename', models.CharField(max_length=255)),
                ('size', models.PositiveBigIntegerField()),
                ('stored_file', models.CharField(max_length=255)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DocumentPage',
            fields=[
                ('pk', models.CompositePrimaryKey('document', 'n', blank=True, editable=False, primary_key=True, serialize=False)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.document')),
                ('n', models.PositiveIntegerField()),
                ('text', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='DocumentPlacing',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField(db_default=screening.projects.facts.NextSequence(), editable=False)),
                ('recorded_at', models.DateTimeField(db_default=screening.projects.facts.ClockTimestamp(), editable=False)),
                ('payload_hash', models.CharField(blank=True, default='', max_length=64)),
                ('how', models.CharField(choices=[('doi', 'by the DOI in it'), ('title', 'by the title in it'), ('name', "by the file's name"), ('hand', 'by hand')], max_length=5)),
                ('reason', models.TextField(blank=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.RemoveIndex(
            model_name='retrieval',
            name='retrieval_by_report',
        ),
        migrations.AddField(
            model_name='retrieval',
            name='anchor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.record'),
        ),
        migrations.RunSQL(ANCHORED, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='retrieval',
            name='anchor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.record'),
        ),
        migrations.AddField(
            model_name='retrieval',
            name='link',
            field=models.URLField(blank=True, db_default='', default='', max_length=1000),
        ),
        migrations.AddField(
            model_name='retrieval',
            name='tried_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='retrieval',
            name='way',
            field=models.CharField(blank=True, choices=[('publisher', 'Publisher or journal'), ('repository', 'Repository or open copy'), ('library', 'Library'), ('loan', 'Interlibrary loan'), ('authors', 'Asked the authors'), ('other', 'Another way')], db_default='', default='', max_length=10),
        ),
        migrations.AlterField(
            model_name='retrieval',
            name='status',
            field=models.CharField(choices=[('retrieved', 'Obtained'), ('sought', 'Tried, still sought'), ('not_retrieved', 'Not retrieved')], max_length=13),
        ),
        migrations.AddIndex(
            model_name='retrieval',
            index=models.Index(fields=['anchor', 'seq'], name='retrieval_by_anchor'),
        ),
        migrations.AddField(
            model_name='assessment',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.membership'),
        ),
        migrations.AddField(
            model_name='assessment',
            name='decision',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.decision'),
        ),
        migrations.AddField(
            model_name='assessment',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.project'),
        ),
        migrations.AddField(
            model_name='assessmentdraft',
            name='anchor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.record'),
        ),
        migrations.AddField(
            model_name='assessmentdraft',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.membership'),
        ),
        migrations.AddField(
            model_name='criterionanswer',
            name='assessment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.assessment'),
        ),
        migrations.AddField(
            model_name='criterionanswer',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.membership'),
        ),
        migrations.AddField(
            model_name='criterionanswer',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.project'),
        ),
        migrations.CreateModel(
            name='DocumentText',
            fields=[
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='screening.document')),
                ('state', models.CharField(choices=[('waiting', 'Waiting to be read'), ('read', 'Read'), ('empty', 'Without text'), ('failed', 'Could not be read')], default='waiting', max_length=7)),
                ('sentence', models.CharField(blank=True, max_length=300)),
                ('pages', models.PositiveIntegerField(default=0)),
                ('guesses', models.JSONField(default=list)),
            ],
        ),
        migrations.AddField(
            model_name='document',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.membership'),
        ),
        migrations.AddField(
            model_name='document',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.project'),
        ),
        migrations.AddField(
            model_name='documentplacing',
            name='anchor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.record'),
        ),
        migrations.AddField(
            model_name='documentplacing',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.membership'),
        ),
        migrations.AddField(
            model_name='documentplacing',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.document'),
        ),
        migrations.AddField(
            model_name='documentplacing',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.project'),
        ),
        migrations.AddField(
            model_name='documentplacing',
            name='report',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.report'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assessment',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0aa3b71022d2f4e72a4d5dfc6829db42317b621e', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_4919d', table='screening_assessment', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='assessmentdraft',
            constraint=models.UniqueConstraint(fields=('member', 'anchor'), name='one_draft'),
        ),
        migrations.AddConstraint(
            model_name='criterionanswer',
            constraint=models.UniqueConstraint(fields=('assessment', 'criterion', 'question'), name='one_answer', nulls_distinct=False),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='criterionanswer',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='caef12d3d640803e714201156c76692328b2c692', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_5d4df', table='screening_criterionanswer', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(fields=('project', 'sha256'), name='one_document'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ceae7be1c8862496e3859e0f18932219670a7f4c', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_c7fb9', table='screening_document', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='documentpage',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('text', config='simple'), name='document_words'),
        ),
        migrations.AddIndex(
            model_name='documentplacing',
            index=models.Index(fields=['document', '-seq'], name='placing_by_document'),
        ),
        migrations.AddIndex(
            model_name='documentplacing',
            index=models.Index(fields=['anchor'], name='placing_by_anchor'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='documentplacing',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ade0274d23992d480abc3aead7b64171bd501e39', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_eb167', table='screening_documentplacing', when='BEFORE')),
        ),
    ]
