"""Notes how far each listing approved so far has come. Those rows are frozen; this reads them only."""

from django.db import migrations

from projects.models import reached


def note(apps, schema_editor):
    Event, Figure, Listing, Progress = (
        apps.get_model(name)._base_manager.using(schema_editor.connection.alias)
        for name in ("projects.StageEvent", "facts.Figure", "projects.ProjectListing", "projects.Progress")
    )
    events, agreed = {}, {}
    for version, stage, when in Event.filter(version__state="approved").values_list("version", "stage", "when"):
        events.setdefault(version, []).append((stage, when))
    figures = Figure.filter(
        version__state="approved", metric__code="total-investment", basis="agreed", unit="CNY", subject={},
        visibility="public",
    ).exclude(verification="superseded")  # fmt: skip
    for version, value in figures.order_by("order", "pk").values_list("version", "value_min"):
        agreed.setdefault(version, value)
    approved = Listing.filter(state="approved").values_list("pk", flat=True)
    Progress.bulk_create(
        (Progress.model(version_id=pk, agreed=agreed.get(pk), **reached(events.get(pk, []))) for pk in approved),
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("projects", "0002_agreed_days_and_progress"), ("facts", "0001_initial")]

    operations = [migrations.RunPython(note, migrations.RunPython.noop)]
