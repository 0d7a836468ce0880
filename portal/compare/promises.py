"""The rows of the promise ledger: projects signed, and how many of them were started and produce."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.lib import units
from projects.ledger import PRODUCING, STARTED, signed_projects

from .lining import Ends, Row, Sense, Statement, line_up
from .things import Thing

FEWEST = 5  # signed projects that make a rate


def rows(things: Sequence[Thing], at: datetime) -> list[Row]:
    counts = counted(things, at)
    signed = [[count(thing, counts)] if thing.city.pk in counts else [] for thing in things]
    shares = [
        ("started", _("Of these, construction started")),
        ("producing", _("Of these, in production or beyond")),
    ]
    return [
        line_up("signed", _("Projects signed and listed here"), signed, better="neither", key=()),
        *(
            line_up(
                name,
                label,
                [[share(thing, counts, name)] if thing.city.pk in counts else [] for thing in things],
                better="more",
                key=(True,),
            )
            for name, label in shares
        ),
    ]


def counted(things: Sequence[Thing], at: datetime) -> dict[int, dict[str, int]]:
    """By city: how many projects are signed, started and producing."""
    found = (
        signed_projects(at, [thing.city for thing in things])
        .values("version__entry__city")
        .annotate(signed=Count("pk"), started=Count("pk", STARTED), producing=Count("pk", PRODUCING))
    )
    return {row["version__entry__city"]: row for row in found.order_by()}


def count(thing: Thing, counts: dict[int, dict[str, int]]) -> Statement:
    signed = Decimal(counts[thing.city.pk]["signed"])
    return Statement(signed, "project", units.quantity(signed, "project"), {}, Ends(signed, signed), url=listed(thing))


def share(thing: Thing, counts: dict[int, dict[str, int]], name: str) -> Statement:
    """The share of those signed; of a few, only the numbers."""
    signed, reached = counts[thing.city.pk]["signed"], counts[thing.city.pk][name]
    percent = round(Decimal(100 * reached) / signed, 1)
    enough = signed >= FEWEST
    words = _("%(reached)d of %(signed)d") % {"reached": reached, "signed": signed}
    if enough:
        words = f"{units.quantity(percent, 'percent')} ({words})"
    sense = Sense(True if enough else None, why=_("fewer than %(least)d signed") % {"least": FEWEST})
    return Statement(percent, "percent", words, {"count": sense}, Ends(percent, percent), url=listed(thing))


def listed(thing: Thing) -> str:
    return f"{reverse('project-list')}?city={thing.city.slug}"
