"""Reads the last day of each cost's validity from its words, as 0003 of facts does for figures."""

from django.db import migrations

from portal.lib.dates import last_day


def fill(apps, schema_editor):
    costs = apps.get_model("clusters", "Cost")._base_manager.using(schema_editor.connection.alias)
    for until in list(costs.exclude(valid_until="").order_by().values_list("valid_until", flat=True).distinct()):
        costs.filter(valid_until=until).update(last_day=last_day(until))


def guards(act):
    def on_postgres(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE clusters_cost {act} TRIGGER USER")

    return on_postgres


class Migration(migrations.Migration):
    dependencies = [("clusters", "0003_offers_and_validity")]

    operations = [
        migrations.RunPython(guards("DISABLE"), migrations.RunPython.noop),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(guards("ENABLE"), migrations.RunPython.noop),
    ]
