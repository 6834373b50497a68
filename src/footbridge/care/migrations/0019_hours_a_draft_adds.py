from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("care", "0018_mendings")]

    operations = [
        migrations.AddField(
            model_name="draftmeeting",
            name="adds",
            field=models.BooleanField(default=False, help_text="The step adds this hour; its meeting holds on no day until it is published"),
        ),
        migrations.RemoveConstraint(model_name="pairing", name="nobody_paired_with_themselves"),
        migrations.AddConstraint(
            model_name="pairing",
            constraint=models.CheckConstraint(
                name="nobody_paired_with_themselves",
                condition=models.Q(("one", models.F("other")), _negated=True) | models.Q(("ended_at__isnull", False)),
            ),
        ),
    ]
