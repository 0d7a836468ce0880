"""Sources and organisations: an office's own are edited, shared and cited ones are not."""

import pytest
from django.urls import reverse

from clusters.models import ClusterCompany, ClusterProfile, Organisation
from portal.facts.models import Source
from portal.lib.text import Text
from portal.publishing.clock import Clock
from portal.publishing.models import Event
from portal.publishing.workflow import take
from projects.models import CeremonyRecord
from tests import make
from tests.staff.test_edit import hidden, typed

pytestmark = pytest.mark.django_db

DATA = {
    "title_en": "A release",
    "publisher_en": "An agency",
    "kind": "news",
    "language": "en",
    "translated": "original",
}
ADD = ["zaozhuang", "sources"]


@pytest.fixture
def ann(client):
    client.force_login(make.user("ann"))
    return client


def edit(row, what="sources"):
    return reverse("staff-reference", args=[what, row.pk])


def test_a_source_is_added_to_the_city_with_a_code_of_its_own(ann):
    make.source("a-release")
    before = Clock.read().ticks
    for _number in range(2):
        assert (
            ann.post(reverse("staff-reference-add", args=ADD), DATA | {"city": 99, "code": "mine"}).status_code == 302
        )
    assert list(Source.objects.filter(city=make.city()).values_list("code", flat=True).order_by("code")) == [
        "a-release-2",
        "a-release-3",
    ]
    assert Clock.read().ticks > before
    assert [(event.action, event.subject, event.city) for event in Event.objects.all()][:1] == [
        ("begin", "sources a-release-3", "zaozhuang")
    ]


def test_an_organisation_has_other_names_one_a_line(ann):
    make.city()
    data = {"name_en": "Beisen", "kind": "company", "aliases": "Bosen\r\n\r\n 贝森 \r\n"}
    assert ann.post(reverse("staff-reference-add", args=["zaozhuang", "organisations"]), data).status_code == 302
    made = Organisation.objects.get()
    assert (made.aliases, made.slug, made.city) == (["Bosen", "贝森"], "beisen", make.city())
    page = ann.get(edit(made, "organisations"))
    assert page.context["form"]["aliases"].value() == "Bosen\n贝森"


def test_a_shared_source_is_not_an_offices_to_edit(ann):
    make.city()
    shared = make.source("shared", title=Text("Shared one"))
    assert "Shared one" in ann.get(reverse("staff-references", args=["sources"])).content.decode()
    assert ann.get(edit(shared)).status_code == 403
    assert ann.post(edit(shared), DATA).status_code == 403


def test_a_cited_source_stays_as_it_is_and_a_copy_is_offered(ann):
    draft = make.draft(ClusterProfile)
    row = make.source("own", city=draft.city, title=Text("As cited"), contact="someone")
    make.figure(draft, source=row)
    data = typed(ann.get(edit(row)))
    assert ann.post(edit(row), data | {"byline": "while a draft"}).status_code == 302
    late = typed(ann.get(edit(row)))
    make.approved(draft)

    page = ann.get(edit(row))
    assert "A page that is published or in review rests on this" in page.content.decode()
    response = ann.post(edit(row), late | {"byline": "afterwards"})
    assert response.status_code == 409
    row.refresh_from_db()
    assert row.byline == "while a draft"

    copy = reverse("staff-reference-add", args=ADD) + f"?copy={row.pk}"
    assert f'href="{copy}"' in page.content.decode()
    data = typed(ann.get(copy))
    assert (data["title_en"], data["contact"]) == ("As cited", "someone")
    assert ann.post(copy, data | {"contact": "corrected"}).status_code == 302
    assert Source.objects.get(contact="corrected").code == "as-cited"


def test_the_source_of_a_whole_ceremony_is_cited_by_it(ann):
    row = make.source("own", city=make.city())
    late = typed(ann.get(edit(row)))
    make.live(CeremonyRecord, source=row)
    assert ann.post(edit(row), late | {"byline": "afterwards"}).status_code == 409


def test_a_source_under_review_stays_as_the_reviewer_reads_it(ann):
    draft = make.draft(ClusterProfile)
    row = make.source("own", city=draft.city)
    make.figure(draft, source=row)
    late = typed(ann.get(edit(row)))
    take("submit", draft, by=make.user("ann"))
    assert ann.post(edit(row), late | {"byline": "meanwhile"}).status_code == 409
    take("send_back", draft, by=make.user("rob"), reason="Which byline?")
    assert ann.post(edit(row), late | {"byline": "corrected"}).status_code == 302


def test_an_organisation_on_a_published_page_is_not_renamed_by_one_person(ann):
    draft = make.draft(ClusterProfile)
    firm = Organisation.objects.create(slug="firm", city=draft.city, name=Text("As approved"))
    late = typed(ann.get(edit(firm, "organisations")))
    make.write(draft, ClusterCompany, organisation=firm, source=make.source())
    make.approved(draft)
    assert ann.post(edit(firm, "organisations"), late | {"name_en": "Otherwise"}).status_code == 409
    firm.refresh_from_db()
    assert str(firm.name) == "As approved"


def test_a_foreign_source_is_not_copied(ann):
    make.city()
    foreign = make.source("foreign", city=make.city("zibo"), title=Text("Secret"))
    for asked in (foreign.pk, "x", "٣", "9" * 40, "9" * 5000, ""):
        page = ann.get(reverse("staff-reference-add", args=ADD), {"copy": asked})
        assert page.status_code == 200
        assert "Secret" not in page.content.decode()


def test_a_parent_is_of_the_own_city_or_shared(ann):
    Organisation.objects.create(slug="foreign", city=make.city("zibo"), name=Text("Foreign"))
    shared = Organisation.objects.create(slug="shared", name=Text("Shared"))
    make.city()
    page = ann.get(reverse("staff-reference-add", args=["zaozhuang", "organisations"]))
    assert set(page.context["form"].fields["parent"].queryset) == {shared}


def test_of_two_savers_the_second_sees_both_texts(ann):
    row = make.source("own", city=make.city())
    opened = typed(ann.get(edit(row)))
    assert ann.post(edit(row), opened | {"byline": "Theirs"}).status_code == 302
    late = ann.post(edit(row), opened | {"byline": "Mine"})
    assert late.status_code == 409
    assert [tuple(map(str, found[1:])) for found in late.context["differences"]] == [("Byline", "Theirs", "Mine")]
    row.refresh_from_db()
    assert row.byline == "Theirs"
    assert ann.post(edit(row), opened | {"byline": "Mine"} | hidden(late)).status_code == 302
    row.refresh_from_db()
    assert row.byline == "Mine"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org/", "not an address", "http://" + "x" * 600])
def test_an_address_that_is_none_is_refused(ann, url):
    make.city()
    response = ann.post(reverse("staff-reference-add", args=ADD), DATA | {"url": url})
    assert response.context["form"].errors["url"]
    assert not Source.objects.exists()
