import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('care', '0019_hours_a_draft_adds'),
        ('ground', '0014_told_and_estimated'),
    ]

    operations = [
        migrations.AlterField(
            model_name='reportback',
            name='consent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ground.consent'),
        ),
        migrations.AddField(
            model_name='waiting',
            name='because',
            field=models.CharField(choices=[('no_place', 'No place is free for them'), ('later', 'They want to begin later'), ('coverage', 'Who pays is not settled'), ('first', 'Something else comes first'), ('other', 'Another reason')], default='other', max_length=10),
        ),
        migrations.AlterField(
            model_name='waiting',
            name='reason',
            field=models.CharField(blank=True, default='', help_text='In a few words; always there for another reason', max_length=160),
        ),
        migrations.AddConstraint(
            model_name='waiting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('because', 'other'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='another_reason_to_wait_is_said'),
        ),
    ]
