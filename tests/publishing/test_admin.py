"""Reference data in Django's admin: whatever is typed is kept right or refused."""

import pytest
from django.urls import reverse

from portal.cities.models import City
from tests import make

pytestmark = pytest.mark.django_db

DATA = {
    "slug": "zaozhuang",
    "name_en": "Zaozhuang",
    "level": "prefecture",
    "code": "370400",
    "time_zone": "Asia/Urumqi",
}


@pytest.fixture
def save(client):
    """Saves the city's form with some fields changed."""
    client.force_login(make.superuser())
    form = reverse("admin:cities_city_change", args=[make.city().pk])
    return lambda **changed: client.post(form, DATA | changed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("", []), ("370401\r\n370402", ["370401", "370402"]), ("NaN", ["NaN"]), ("9" * 5000, ["9" * 5000])],
)
def test_a_list_is_typed_one_a_line(save, typed, kept):
    assert save(former_codes=typed).status_code == 302
    assert City.objects.get().former_codes == kept


def test_a_time_zone_that_is_none_is_refused(save):
    page = save(time_zone="Asia/Zaozhuang")
    assert "There is no time zone of this name." in page.content.decode()
    assert City.objects.get().time_zone == "Asia/Shanghai"
