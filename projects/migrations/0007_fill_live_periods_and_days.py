"""Copies the end of each listing's period, and reads the day of each ceremony from its words."""

from django.db import migrations
from django.db.models import OuterRef, Subquery

from portal.lib.dates import last_day


def copy_ends(apps, schema_editor):
    Progress, Version = (
        apps.get_model(name)._base_manager.using(schema_editor.connection.alias)
        for name in ("projects.Progress", "publishing.Version")
    )
    ends = Version.filter(pk=OuterRef("pk")).values("live_until")[:1]
    Progress.exclude(version__live_until=None).update(live_until=Subquery(ends))


def read_days(apps, schema_editor):
    ceremonies = apps.get_model("projects", "CeremonyRecord")._base_manager.using(schema_editor.connection.alias)
    for when in list(ceremonies.exclude(when="").order_by().values_list("when", flat=True).distinct()):
        ceremonies.filter(when=when).update(day=last_day(when))


def guards(act):
    def on_postgres(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE projects_ceremonyrecord {act} TRIGGER USER")

    return on_postgres


class Migration(migrations.Migration):
    dependencies = [("projects", "0006_live_periods_and_days")]

    operations = [
        migrations.RunPython(copy_ends, migrations.RunPython.noop),
        migrations.RunPython(guards("DISABLE"), migrations.RunPython.noop),
        migrations.RunPython(read_days, migrations.RunPython.noop),
        migrations.RunPython(guards("ENABLE"), migrations.RunPython.noop),
    ]
