"""Reads each figure's day from its date. Approved figures are frozen: PostgreSQL's trigger rests meanwhile.

On SQLite `migrate` lifts the triggers itself, and puts them back when it is done.
"""

from django.db import migrations

from portal.lib.dates import last_day


def fill(apps, schema_editor):
    figures = apps.get_model("facts", "Figure")._base_manager.using(schema_editor.connection.alias)
    for period, as_of in list(figures.order_by().values_list("period", "as_of").distinct()):
        if day := last_day(period or as_of):
            figures.filter(period=period, as_of=as_of).update(day=day)


def guards(act):
    def on_postgres(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE facts_figure {act} TRIGGER USER")

    return on_postgres


class Migration(migrations.Migration):
    dependencies = [("facts", "0002_figure_day_metric_compared")]

    operations = [
        migrations.RunPython(guards("DISABLE"), migrations.RunPython.noop),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(guards("ENABLE"), migrations.RunPython.noop),
    ]
