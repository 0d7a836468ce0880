"""The rows of the promise ledger: projects signed, and how many of them were started, produce and were paid for."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal.lib import units
from portal.lib.text import bracketed
from projects import ledger
from projects.ledger import Rate

from .lining import Ends, Row, Sense, Statement, line_up
from .things import Thing


def rows(things: Sequence[Thing], at: datetime, today: date) -> list[Row]:
    counts = ledger.by_city(ledger.ledger_by_city(at, today, [thing.city for thing in things]))

    def row(name: str, label: str, better: str, say: Callable[[Thing, ledger.Row], Statement | None]) -> Row:
        told = [say(thing, counts[thing.city.pk]) if thing.city.pk in counts else None for thing in things]
        said = [[one] if one else [] for one in told]
        return line_up(name, label, said, better=better, key=(True,))

    return [
        row("signed", _("Projects signed and listed here"), "neither", count),
        row("agreed", _("Investment agreed for them"), "neither", agreed),
        row("started", _("Of those signed, construction started"), "more", share("started")),
        row("producing", _("Of those signed, in production or beyond"), "more", share("producing")),
        row("overdue", _("Of those signed, behind the day agreed"), "less", share("overdue")),
        row("paid", _("Of the agreed investment, paid in"), "more", paid),
    ]


def exact(value: Decimal, unit: str, words: str, thing: Thing, reached: str, why: str = "") -> Statement:
    """A number worked out by the portal, alike for every city; `why`: the reason why it does not count."""
    url = f"{reverse('project-list')}?{urlencode({'city': thing.city.slug, 'reached': reached})}"
    senses = {"count": Sense(None if why else True, why=why)}
    return Statement(value, unit, senses, Ends(value, value), said=words, url=url)


def count(thing: Thing, row: ledger.Row) -> Statement:
    return exact(Decimal(row.signed), "project", units.quantity(Decimal(row.signed), "project"), thing, "signed")


def agreed(thing: Thing, row: ledger.Row) -> Statement | None:
    if not row.agreed_amount:
        return None
    words = _("%(amount)s agreed for %(count)d of them") % {"amount": row.agreed, "count": row.signed - row.unpriced}
    return exact(row.agreed_amount, "CNY", words, thing, "signed")


def share(name: str) -> Callable[[Thing, ledger.Row], Statement]:
    def say(thing: Thing, row: ledger.Row) -> Statement:
        part = getattr(row, name)
        words = _("%(part)d of %(whole)d") % {"part": part, "whole": row.signed}
        return rated(Rate(Decimal(part), Decimal(row.signed), row.is_enough), words, thing, name)

    return say


def paid(thing: Thing, row: ledger.Row) -> Statement | None:
    if not row.with_both:
        return None
    words = _("%(part)s of %(whole)s") % {"part": row.paid_words, "whole": row.to_be_paid_words}
    return rated(row.paid, words, thing, "signed")


def rated(rate: Rate, words: str, thing: Thing, reached: str) -> Statement:
    """A rate; of a few projects only its numbers."""
    percent = Decimal(rate.percent or 0)
    if rate.percent is None:
        few = _("fewer than %(least)d projects are no rate") % {"least": settings.LEDGER_SMALLEST_COHORT}
        return exact(percent, "percent", words, thing, reached, few)
    return exact(percent, "percent", f"{rate.shown}{bracketed(words)}", thing, reached)
