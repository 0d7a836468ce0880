"""What things cost: on the city's page and in the API, each with how long it holds; what has expired is no offer."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from clusters.models import Cost, ParkProfile
from portal.lib.text import Text
from portal.publishing import clock
from tests import make
from tests.clusters import publications
from tests.reading import page

pytestmark = pytest.mark.django_db

CITY = "/en/cities/zaozhuang/"


def cost(version, price="0.67", **said):
    return publications.cost(version, price, **{"what": Text("flat, 110 kV"), "source": make.source("tariff")} | said)


def published(**said):
    draft = make.draft()
    cost(draft, **said)
    return make.approved(draft)


def test_page_lists_costs_with_where_they_hold_how_long_and_on_what_source(client):
    park = make.live(ParkProfile, slug="high-tech", title=Text("High-tech park"))
    published(price_max="0.72", tax="included", valid_from="2024-01", valid_until="2099", park=park.entry)
    said = page(client, CITY)
    for words in (
        "Electricity flat, 110 kV",
        "0.67–0.72 RMB/kWh (tax included)",
        "from January 2024 until 2099",
        "High-tech park",
    ):
        assert words in said
    assert 'href="/en/parks/zaozhuang/high-tech/"' in client.get(CITY).content.decode()
    assert "0.67–0.72元/千瓦时" in page(client, CITY.replace("/en/", "/zh-hans/"))


def test_park_without_a_public_page_is_not_named(client):
    park = make.draft(ParkProfile, slug="kept-back", title=Text("Secret park"))
    published(park=park.entry)
    answer = client.get(CITY).content.decode()
    assert "one park" in answer
    assert "ecret park" not in answer
    assert "kept-back" not in answer


def test_city_without_costs_says_so(client):
    make.live()
    assert "What land, power, water and work cost here is not published yet." in page(client, CITY)


@pytest.mark.parametrize(("until", "expired"), [(-1, True), (0, False), (1, False)])
def test_cost_expires_after_its_last_day(client, until, expired):
    day = localdate() + timedelta(days=until)
    published(valid_until=day.isoformat())
    assert ("expired" in page(client, CITY)) is expired


def test_kept_page_says_that_a_cost_expired_though_nothing_was_published_since(client, monkeypatch):
    published(valid_until=localdate().isoformat())
    assert "expired" not in page(client, CITY)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    monkeypatch.setattr(clock, "database_now", lambda: tomorrow)
    clock.Clock.forget()
    assert "expired: held until" in page(client, CITY)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"price_max": Decimal("0.5")}, "price_max"),
        ({"valid_from": "2024", "valid_until": "2023-12"}, "valid_until"),
        ({"valid_until": "soon"}, "valid_until"),
        ({"unit": "CNY/furlong"}, "unit"),
    ],
)
def test_impossible_costs_are_refused(said, field):
    with pytest.raises(ValidationError) as refused:
        cost(make.draft(), **said)
    assert field in refused.value.message_dict


def test_database_refuses_a_range_that_goes_backwards():
    row = cost(make.draft())
    with pytest.raises(IntegrityError), transaction.atomic():
        Cost.objects.filter(pk=row.pk).update(price_max=Decimal("0.1"))


def test_costs_are_copied_frozen_and_in_the_api(client):
    version = published(valid_until="2099")
    [told] = client.get("/api/cities/zaozhuang/").json()["costs"]
    assert (told["category"], told["price"], told["unit"], told["valid_until"], told["source"]["code"]) == (
        "electricity",
        "0.670000",
        "CNY/kWh",
        "2099",
        "tariff",
    )
    newer = make.revised(version)
    assert Cost.objects.filter(version=newer.pk).count() == 1
    with pytest.raises(Exception, match=r"frozen|approved"), transaction.atomic():
        Cost.objects.filter(version=version.pk).update(price=1)


def test_section_form_offers_it_to_the_editor(client):
    draft = make.draft()
    client.force_login(make.user("ann"))
    data = {"seen": draft.edits, "category": "water", "what_en": "industrial", "price": "3.6", "unit": "CNY/m3"}
    data |= {"source": make.source().pk, "order": 1, "valid_until": "2099"}
    assert client.post(f"/en/staff/versions/{draft.pk}/costs/add/", data).status_code == 302
    assert str(Cost.objects.get()) == "water · industrial"
