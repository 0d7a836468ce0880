"""Notes of each listing approved so far what Progress now holds too. The rows it is read from are frozen."""

from django.db import migrations
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from portal.lib.dates import UncertainDate
from projects.models import days_taken


def copy(apps, schema_editor):
    Figure, Listing, Progress = (
        apps.get_model(name)._base_manager.using(schema_editor.connection.alias)
        for name in ("facts.Figure", "projects.ProjectListing", "projects.Progress")
    )
    listing = Listing.filter(pk=OuterRef("pk"))
    invested = Figure.filter(
        version=OuterRef("pk"), metric__code="total-investment", unit="CNY", subject={}, visibility="public"
    ).exclude(verification="superseded")  # fmt: skip
    Progress.update(
        city=Subquery(listing.values("entry__city")[:1]),
        investment=Subquery(invested.order_by("order", "pk").values("value_min")[:1]),
        cooperation=Coalesce(Subquery(listing.values("cooperation")[:1]), Value("")),
        **{name: Subquery(listing.values(name)[:1]) for name in ("industry", "link", "park", "live_from")},
    )


def note(apps, schema_editor):
    Event, Figure, Progress = (
        apps.get_model(name)._base_manager.using(schema_editor.connection.alias)
        for name in ("projects.StageEvent", "facts.Figure", "projects.Progress")
    )
    events, paid = {}, {}
    for version, stage, when in Event.filter(version__state="approved").values_list("version", "stage", "when"):
        events.setdefault(version, []).append((stage, UncertainDate(when)))
    figures = Figure.filter(
        version__state="approved", metric__code="total-investment", basis="paid_in", unit="CNY", subject={},
        visibility="public",
    ).exclude(verification="superseded").exclude(as_of="")  # fmt: skip
    for version, value in figures.order_by("-day", "pk").values_list("version", "value_min"):
        paid.setdefault(version, value)
    known = {pk: {"paid_in": paid.get(pk), **days_taken(events.get(pk, []))} for pk in {*events, *paid}}
    rows = [Progress.model(pk=pk, **said) for pk, said in known.items() if any(one is not None for one in said.values())]
    Progress.bulk_update(rows, ["paid_in", *days_taken([])], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("projects", "0004_progress_in_full"), ("facts", "0003_fill_figure_day")]

    operations = [migrations.RunPython(part, migrations.RunPython.noop) for part in (copy, note)]
