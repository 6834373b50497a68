import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ground', '0013_what_a_consent_holds'),
    ]

    operations = [
        migrations.CreateModel(
            name='Estimate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('lines', models.JSONField()),
                ('total_cents', models.PositiveIntegerField()),
                ('diagnosis', models.CharField(blank=True, default='', help_text='Code and words, where one is known', max_length=200)),
                ('numbers', models.CharField(blank=True, default='', help_text='NPI and tax number of the program', max_length=120)),
                ('for_from', models.DateField()),
                ('for_until', models.DateField()),
                ('asked_on', models.DateField(blank=True, help_text='When they asked for it themselves', null=True)),
                ('how', models.CharField(choices=[('paper', 'On paper, handed over'), ('mail', 'By letter'), ('electronic', 'Electronically, as they wished')], max_length=12)),
                ('given_on', models.DateField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ground.staff')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='estimates', to='ground.client')),
            ],
            options={
                'ordering': ['-given_on', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('for_until__gte', models.F('for_from'))), name='estimate_until_not_before_from')],
            },
        ),
        migrations.CreateModel(
            name='CourtOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('court', models.CharField(max_length=160)),
                ('number', models.CharField(max_length=80)),
                ('recipient', models.CharField(help_text='Who may receive it, as the order says', max_length=160)),
                ('data_classes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), size=None)),
                ('ordered_on', models.DateField()),
                ('until', models.DateField(blank=True, help_text='First day on which it holds no more', null=True)),
                ('read_by', models.CharField(help_text='Who read the order and knows the law', max_length=120)),
                ('at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_why', models.CharField(blank=True, default='', max_length=200)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ground.staff')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='court_orders', to='ground.client')),
            ],
            options={
                'ordering': ['-ordered_on', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('recipient', ''), _negated=True), models.Q(('data_classes', []), _negated=True), models.Q(('number', ''), _negated=True)), name='court_order_names_reader_and_data'), models.UniqueConstraint(fields=('client', 'court', 'number'), name='court_order_kept_once')],
            },
        ),
        migrations.CreateModel(
            name='Told',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('what', models.CharField(choices=[('report', 'What came of the request'), ('letter', 'Letter of a referral'), ('talk', 'Talk about a referral'), ('answers', 'Answers to a questionnaire'), ('scores', 'Scores over time')], max_length=10)),
                ('detail', models.CharField(blank=True, default='', max_length=160)),
                ('to_name', models.CharField(max_length=160)),
                ('data_classes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), size=None)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ground.staff')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='told', to='ground.client')),
                ('consent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='told', to='ground.consent')),
                ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='told', to='ground.courtorder')),
            ],
            options={
                'ordering': ['-at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('to_name', ''), _negated=True), models.Q(('data_classes', []), _negated=True)), name='told_to_somebody'), models.CheckConstraint(condition=models.Q(('consent__isnull', True), ('order__isnull', True), _connector='XOR'), name='told_on_one_ground')],
            },
        ),
    ]
