"""Reads the first day of what has a validity from its words, as 0004 reads the last."""

from django.db import migrations

from portal.lib.dates import UncertainDate

VALID = ("Cost", "Incentive", "LogisticsLink", "Plot")


def fill(apps, schema_editor):
    for name in VALID:
        rows = apps.get_model("clusters", name)._base_manager.using(schema_editor.connection.alias)
        for since in list(rows.exclude(valid_from="").order_by().values_list("valid_from", flat=True).distinct()):
            rows.filter(valid_from=since).update(first_day=UncertainDate(since).earliest)


def guards(act):
    def on_postgres(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for name in VALID:
                schema_editor.execute(f"ALTER TABLE clusters_{name.lower()} {act} TRIGGER USER")

    return on_postgres


class Migration(migrations.Migration):
    dependencies = [("clusters", "0005_first_days")]

    operations = [
        migrations.RunPython(guards("DISABLE"), migrations.RunPython.noop),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(guards("ENABLE"), migrations.RunPython.noop),
    ]
