"""What pages to the left of this package show of projects, without importing it."""

from django import template

from projects.ledger import ledger

register = template.Library()


@register.inclusion_tag("projects/_ledger.html", takes_context=True)
def city_ledger(context, city):
    """The promise ledger of the city, as of the page's publication clock."""
    return {"rows": ledger(context["request"].clock.at, city)}
