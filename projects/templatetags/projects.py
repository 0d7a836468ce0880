"""What templates say of the promise ledger."""

from django import template

from projects import ledger

register = template.Library()


@register.simple_tag
def ledger_finding(rows) -> str:
    """The rows of `projects.ledger.ledger` in a sentence."""
    return ledger.finding(ledger.total(rows))
