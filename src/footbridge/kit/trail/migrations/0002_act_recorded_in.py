"""The guard asks whether an act is under way, not only whether there is one of that number."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trail", "0001_initial")]

    operations = [migrations.AddField("act", "recorded_in", models.BigIntegerField(editable=False, null=True))]
