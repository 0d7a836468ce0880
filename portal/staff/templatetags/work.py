"""What waits, and since when."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.staff.work import awaiting

register = template.Library()


@register.simple_tag
def awaiting_count(user) -> int:
    """How many versions wait for this very person."""
    return awaiting(user)


@register.filter
def days_since(then: datetime | date | None) -> str:
    """ "since today", "for 3 days"; nothing when nobody knows."""
    days = days_between(then)
    if days is None:
        return ""
    return ngettext("for %(days)d day", "for %(days)d days", days) % {"days": days} if days > 0 else _("since today")


@register.filter
def days_late(day: date) -> str:
    """How long ago that day was."""
    days = days_between(day)
    if days >= 730:
        return ngettext("%(years)d year late", "%(years)d years late", days // 365) % {"years": days // 365}
    return ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days}


def days_between(then: datetime | date | None) -> int | None:
    if then is None:
        return None
    day = timezone.localdate(then) if isinstance(then, datetime) else then
    return (timezone.localdate() - day).days
