"""What somebody agrees to who wants mails."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.inquiries.consent import as_shown
from portal.inquiries.models import ConsentText
from portal.lib.text import Text


def terms() -> list[tuple[str, str]]:
    """Heading and words of each point, in the reader's language."""
    days = settings.FOLLOW_CONFIRM_DAYS
    return [
        (
            _("What is kept"),
            _("Your e-mail address, what you follow, how often and in which language, and when you asked for it."),
        ),
        (
            _("What for"),
            _("Only to mail you what is new. Nothing is noted of whether you open a mail or what you read."),
        ),
        (_("Who keeps it"), _("%(site)s. No city's office sees it.") % {"site": Text(settings.SITE_NAME)}),
        (
            _("How long"),
            ngettext(
                "Until you stop it: every mail has a link for that. Unconfirmed, it is erased after %(days)d day.",
                "Until you stop it: every mail has a link for that. Unconfirmed, it is erased after %(days)d days.",
                days,
            )
            % {"days": days},
        ),
        (
            _("Your rights"),
            _(
                "The link in every mail shows all that is kept about you, and there you change or erase it at any "
                "time. Stopping does not make unlawful what was done before it."
            ),
        ),
    ]


def agreement() -> str:
    return _("I agree that my address is kept and used to mail me what is new, as set out above.")


def current() -> ConsentText:
    return as_shown(terms(), agreement())
