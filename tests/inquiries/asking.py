"""How tests ask: through the form, as a browser would."""

from clusters.models import CityProfile
from portal.inquiries.models import Inquiry
from tests import make

FORM = "/en/inquiry/"
SAID = {
    "name": "Ivy Investor",
    "email": "ivy@example.com",
    "organisation": "Ivy & Co",
    "message": "How much is the land?\nAnd the power?",
    "language": "en",
    "size": "",
    "timing": "",
    "country": "",
}


def open_city(slug="zaozhuang", officer="olga"):
    """A city that is public and has an officer."""
    make.live(CityProfile, at=slug)
    return make.user(officer)


def form(client, address=FORM):
    return client.get(address).context["form"]


def filled(client, address=FORM, **said):
    """What a browser would post: the form's hidden token, a tick under the words shown, and what was typed."""
    shown = form(client, address)
    ticked = {"token": str(shown["token"].value()), "consent": shown.fields["consent"].consent.version}
    city = {"city": "zaozhuang"} if "city" in shown.fields else {}
    return SAID | ticked | city | said


def ask(client, address=FORM, **said):
    return client.post(address, filled(client, address, **said))


def asked(client, address=FORM, **said) -> Inquiry:
    response = ask(client, address, **said)
    assert response.status_code == 302, response.context["form"].errors
    return Inquiry.objects.get(code=response.url.rstrip("/").rpartition("/")[2])
