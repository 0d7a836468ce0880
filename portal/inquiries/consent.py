"""What an inquirer agrees to. A text is kept as it was shown; its version is drawn from its words."""

import hashlib

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from portal.lib.context import absolute
from portal.lib.text import Text

from .models import ConsentText


def terms() -> list[tuple[str, str]]:
    """Heading and words of each point, in the reader's language."""
    months = settings.INQUIRY_RETENTION_MONTHS
    return [
        (_("What is kept"), _("What you enter in this form, and when you sent it.")),
        (_("What for"), _("Only so that the city you ask can answer you. It is not used for anything else.")),
        (
            _("Who keeps it"),
            _(
                "%(site)s keeps it for the city you ask. That city's investment officers read it, and those who run "
                "this site see it as far as running it requires."
            )
            % {"site": Text(settings.SITE_NAME)},
        ),
        (
            _("How long"),
            ngettext(
                "It is erased %(months)d month after you sent it.",
                "It is erased %(months)d months after you sent it.",
                months,
            )
            % {"months": months},
        ),
        (
            _("Your rights"),
            _(
                "You may withdraw your consent at any time, and ask to see, correct or erase what is kept: %(how)s. "
                "Withdrawing does not make unlawful what was done before it."
            )
            % {"how": how_to_ask()},
        ),
    ]


def how_to_ask() -> str:
    if settings.CONTACT_EMAIL:
        return _("write to %(contact)s and name your case number") % {"contact": settings.CONTACT_EMAIL}
    return _("send another inquiry to the same city that names your case number")


def agreement() -> str:
    return _("I agree that the city I ask keeps and uses what I enter here to answer me, as set out above.")


def current() -> ConsentText:
    """The consent an inquirer is asked for now, in the reader's language; not saved."""
    return as_shown(terms(), agreement())


def as_shown(terms: list[tuple[str, str]], agreement: str) -> ConsentText:
    points = [f"{heading}: {words}" for heading, words in terms]
    text = "\n".join([*points, agreement, absolute(reverse("privacy"))])
    language = get_language() or settings.LANGUAGE_CODE
    version = hashlib.sha256(f"{language}\n{text}".encode()).hexdigest()[:12]
    return ConsentText(version=version, language=language, text=text)
