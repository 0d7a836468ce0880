"""Small words of the templates: links that know where the reader is, and how a number is set."""

import re
from decimal import Decimal

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from portal.lib.text import bracketed
from portal.lib.units import quantity

register = template.Library()

# Only what has happened is set firmly; see the legend in components/basis_legend.html.
FIRMNESS = {
    "achieved": "is-done",
    "reported_flow": "is-done",
    "paid_in": "is-done",
    "derived": "is-derived",
    "agreed": "is-agreed",
}
NBSP = "\N{NO-BREAK SPACE}"
LONGEST_IN_A_ROW = 14  # characters of digits that fit a narrow column
AMOUNT = re.compile(r"(?P<before>\D*)(?P<digits>\d[\d.,]*(?:–\d[\d.,]*)?(?:%| (?:bn|m)\b)?)(?P<unit>[^\d]*)")


@register.simple_tag(takes_context=True)
def nav_link(context: template.Context, name: str, label: str) -> SafeString | str:
    """An item of the main navigation, marked when the reader is in that part of the site."""
    try:
        url = reverse(name)
    except NoReverseMatch:
        return ""
    path = context["request"].path if "request" in context else ""
    current = ' aria-current="page"' if path == url else ' aria-current="true"' if path.startswith(url) else ""
    return format_html('<li><a href="{}"{}>{}</a></li>', url, SafeString(current), label)


@register.filter
def firmness(basis: str) -> str:
    """The class of a number by how firmly it stands: is-done, is-derived, is-agreed or is-hoped."""
    return FIRMNESS.get(str(basis), "is-hoped")


@register.filter
def measured(amount: str) -> SafeString | str:
    """An amount with what follows its digits set apart, and a long one allowed to break between its groups:
    100 <span class="unit">enterprises</span>."""
    found = AMOUNT.fullmatch(amount)
    if not found:
        return amount
    before, digits = found["before"].replace(" ", NBSP), found["digits"].replace(" ", NBSP)
    if len(digits) > LONGEST_IN_A_ROW:
        groups = format_html_join(SafeString("<wbr>"), "{}", ((group,) for group in re.findall(r"[^,–]+[,–]?", digits)))
        before, digits = "", format_html('<span class="is-long">{}{}</span>', before, groups)
    unit = format_html('<span class="unit">{}</span>', found["unit"]) if found["unit"].strip() else ""
    return format_html("{}{}{}", before, digits, unit)


@register.filter
def initial(name: str) -> str:
    """The first letter or character of a name, for the round mark beside it."""
    return str(name).strip()[:1].upper()


@register.filter
def per_mille(part: float | None, whole: float | None) -> int:
    """How many thousandths of the whole, between 0 and 1000: the length of a bar."""
    return max(0, min(1000, round(1000 * part / whole))) if part and whole else 0


@register.filter
def grouped(number: int | None) -> str:
    """A count as it is read: 100,019. Never for years or keys."""
    return "" if number is None else f"{number:,}"


@register.filter
def amount(number: Decimal | None, unit: str) -> str:
    """A number worked out from published ones, as it is read: "0.66 RMB/kWh", "400,000 RMB/mu"; "" for none."""
    return "" if number is None else quantity(round(number, 2 if number < 100 else 0), unit)


@register.filter
def as_options(options) -> SafeString:
    """Hundreds of choices with their counts, for a box: too many for a template's loop."""
    before, after = bracketed("\n").split("\n")
    drawn = (
        f'<option value="{escape(one.value)}">{escape(one.label)}{before}{grouped(one.count)}{after}</option>'
        for one in options
    )
    return mark_safe("".join(drawn))  # all escaped; a template's own way takes three times as long


@register.filter
def page_range(paginator, page) -> list[int | str]:
    """The numbers a reader may go to, with "…" where some are left out."""
    return list(paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.filter
def at(found: dict, key):
    """What stands in the dictionary under a key that is a variable: {{ profiles|at:entry.city_id }}."""
    return found.get(key)
