"""The units of an area are named in the reader's language; the database notices nothing."""

from django.db import migrations, models

from clusters.models.parks import area_units


class Migration(migrations.Migration):
    dependencies = [("clusters", "0006_fill_first_days")]

    operations = [
        migrations.AlterField(
            "plot",
            "area_unit",
            models.CharField(choices=area_units, default="mu", max_length=12, verbose_name="unit of the area"),
        )
    ]
