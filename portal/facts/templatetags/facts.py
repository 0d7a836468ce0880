"""How facts refer to their evidence. These tags read `evidence` (portal.facts.evidence.Evidence) from the page."""

from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.facts.evidence import Told
from portal.facts.models import Figure, Sourced
from portal.lib import units
from portal.lib.templatetags.text import comma

register = template.Library()


@register.simple_tag(takes_context=True)
def told(context: template.Context, figure: Figure) -> Told:
    """What the figure's card says besides its own fields; nothing where a page has no evidence."""
    evidence = context.get("evidence")
    return evidence.told(figure) if evidence else Told()


@register.simple_tag(takes_context=True)
def cite(context: template.Context, row: Sourced) -> SafeString | str:
    """The number of the row's source in the list at the foot: [3, paragraph 2]."""
    number = context["evidence"].numbers.get(row.source_id)  # type: ignore[attr-defined]
    if not number:
        return ""
    locator = getattr(row, "locator", "")  # a ceremony rests on a source as a whole
    where = comma() + locator if locator else ""
    label = _("Source %(number)d") % {"number": number}
    return format_html(
        '<a class="cite" href="#source-{}" aria-label="{}{}">[{}{}]</a>', number, label, where, number, where
    )


@register.filter
def prior_amount(figure: Figure) -> str:
    """What the growth says the year before was, to three digits; "" when it says nothing."""
    prior = figure.prior_value
    return units.quantity(Decimal(f"{prior:.2e}"), figure.unit) if prior else ""


@register.filter
def signed(percent: Decimal) -> str:
    """A change with its sign: +931.2%, −5%."""
    sign = "+" if percent > 0 else "−" if percent < 0 else ""
    return f"{sign}{units.number(abs(percent))}%"


register.filter("number", units.number)


@register.filter
def share_of(figure: Figure, whole: Figure | None) -> str:
    """ "87.5%", when both are in one unit."""
    return units.share(figure.value_min, whole.value_min) if whole and whole.unit == figure.unit else ""
