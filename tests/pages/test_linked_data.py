"""What pages say to machines: schema.org in their heads, and the pictures beside links to them."""

import io
import json
import re

import pytest
from PIL import Image

from clusters.models import CityProfile, ClusterProfile, Contact
from portal.lib.text import Text
from portal.publishing.linked_data import DESCRIBED
from portal.publishing.workflow import take
from projects.models import CeremonyRecord
from tests import make
from tests.clusters.publications import KINDS, company, live

pytestmark = pytest.mark.django_db
ABOUT = {"city": "City", "cluster": "Organization", "park": "Place", "policy": "Legislation"}
ABOUT |= {"ranking": "Dataset", "ceremony": "Event", "project": "Project"}


def graph(client, address):
    """What the page says, by type."""
    (said,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get(address).content.decode())
    return {thing["@type"]: thing for thing in json.loads(said)["@graph"]}


@pytest.mark.parametrize("kind", KINDS)
def test_page_says_what_it_is_about_and_the_way_to_it(client, settings, kind):
    settings.BASE_URL = "https://invest.example.org"
    address = live(kind).get_absolute_url()
    said = graph(client, address)
    assert said["WebPage"]["url"] == f"https://invest.example.org{address}"
    assert said["WebPage"]["mainEntity"]["@id"] == said[ABOUT[kind]]["@id"]
    steps = said["BreadcrumbList"]["itemListElement"]
    assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
    assert steps[-1]["item"] == f"https://invest.example.org{address}"


def test_every_kind_says_what_it_is():
    assert {*DESCRIBED} == {*KINDS}


def test_nothing_in_a_title_ends_the_script(client):
    hostile = "</script><script>alert(1)</script><!-- & 枣庄"
    draft = make.draft(CityProfile, title=Text(hostile))
    make.write(draft, Contact, name=Text("Wang Wei"), purpose=Text("Investors"), email="wang@example.org")
    make.approved(draft)
    said = graph(client, "/en/cities/zaozhuang/")
    assert said["WebPage"]["name"] == hostile
    assert said["City"]["contactPoint"][0]["email"] == "wang@example.org"


def test_what_is_not_known_of_a_company_is_not_said(client):
    draft = make.draft(ClusterProfile)
    company(draft, "sunwoda")
    make.approved(draft)
    said = graph(client, "/en/clusters/zaozhuang/one/")["Organization"]
    assert said["member"] == [{"@type": "Organization", "name": "Sunwoda"}]
    assert said["location"] == {"@type": "City", "name": "Zaozhuang", "identifier": "370400"}


def test_ceremony_without_a_year_has_no_date_for_machines(client):
    make.live(CeremonyRecord, slug="one", when="XXXX-08-26")
    assert "startDate" not in graph(client, "/en/ceremonies/zaozhuang/one/")["Event"]


def test_link_to_a_page_has_a_picture_of_the_stated_size_while_it_is_public(client):
    city = make.draft(CityProfile, title=Text({"en": "W" * 200, "zh-hans": "枣" * 200}))
    make.figure(city, 99999999999999, key=True, unit="CNY")
    version = make.approved(city)
    for language in ("en", "zh-hans"):
        page = client.get(f"/{language}/cities/zaozhuang/").content.decode()
        address = re.search('property="og:image" content="[^"]*?(/[a-z-]+/cards/[^"]*)"', page)[1]
        assert address == f"/{language}/cards/city/zaozhuang/zaozhuang.png"
        picture = client.get(address)
        assert picture["Content-Type"] == "image/png"
        assert Image.open(io.BytesIO(picture.content)).size == (1200, 630)
    take("withdraw", version, by=make.user("rob"), reason="wrong")
    assert client.get(address).status_code == 404


def test_other_pages_share_one_picture(client):
    page = client.get("/en/about/").content.decode()
    assert '/en/cards/site.png">' in page
    assert client.get("/en/cards/site.png").status_code == 200
