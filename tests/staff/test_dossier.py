"""The dossier: a version as its public page, with a pencil at each section and what is missing there."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from clusters.models import CityProfile, ClusterProfile, Contact
from portal.lib.text import Text
from portal.publishing.models import Version
from portal.staff.completeness import EXPECTED, MAIN, completeness
from portal.staff.sections import sections
from projects.models import ProjectListing
from tests import make
from tests.staff.test_preview import draft_of

pytestmark = pytest.mark.django_db

kinds = pytest.mark.parametrize("kind", Version.kinds().values(), ids=Version.kinds())


def dossier(client, version, name="ann"):
    client.force_login(make.user(name))
    return client.get(reverse("staff-version", args=[version.pk])).content.decode()


def loaded(version):
    return type(version).objects.with_parts().get(pk=version.pk)


@kinds
def test_every_section_of_a_draft_has_its_place_and_its_way_in(client, kind):
    draft = draft_of(kind)
    page = dossier(client, draft)
    places = re.findall(r'id="edit-(\w+)"', page)
    assert sorted(places) == sorted([MAIN, *sections(kind)])
    assert re.findall(r'href="#edit-(\w+)"', page)[: len(places)] == list(dict.fromkeys(places_in_order(kind)))
    assert f'href="{reverse("staff-main", args=[draft.pk])}"' in page
    for word in sections(kind):
        assert f'href="{reverse("staff-section", args=[draft.pk, word])}"' in page


def places_in_order(kind):
    return [*(wanted.section for wanted in EXPECTED[kind.kind]), *sections(kind)]


@kinds
def test_the_table_of_what_is_expected_names_what_there_is(kind):
    for wanted in EXPECTED[kind.kind]:
        model = kind if wanted.section == MAIN else sections(kind)[wanted.section]
        for name in wanted.fields:
            assert model._meta.get_field(name).editable


@kinds
def test_public_pages_and_previews_have_nothing_of_the_office(client, kind):
    version = make.approved(draft_of(kind))
    address = version.get_absolute_url()
    client.force_login(make.user("ann"))
    preview = client.get(reverse("staff-preview", args=[version.pk])).content.decode()
    public = client.get(address).content.decode()
    assert public == Client().get(address).content.decode()
    for page in (public, preview):
        assert 'class="pencil"' not in page
        assert "/main/" not in page


def test_only_who_may_edit_a_draft_gets_the_pencils(client):
    draft = make.draft()
    make.write(draft, Contact, purpose=Text("All"), name=Text("Ms Li"), phone="1")
    main, rows = reverse("staff-main", args=[draft.pk]), f"/versions/{draft.pk}/contacts/"
    written = dossier(client, draft)
    assert main in written
    assert "Edit" in written
    read = dossier(client, draft, "lee")
    assert main not in read
    assert "Edit" not in read
    assert rows in read


def test_what_is_published_is_shown_as_it_was_and_leads_to_the_draft(client):
    version = make.live(title=Text("As published"))
    draft = make.revised(version)
    page = dossier(client, version)
    assert "As published" in page
    assert reverse("staff-version", args=[draft.pk]) in page
    assert "Edit" not in page


def test_a_page_is_complete_by_what_is_expected_of_its_kind():
    draft = make.draft(ProjectListing, slug="works", title=Text("Only English"))
    bare = completeness(loaded(draft))
    assert "1 text is not in Simplified Chinese" in bare.missing[MAIN]
    assert bare.missing["figures"] == ["expected here, but nothing yet"]
    assert "claims" not in bare.missing
    make.figure(draft)
    make.figure(draft, locator="paragraph 2")
    more = completeness(loaded(draft))
    assert more.missing["figures"] == ["“where in it” is empty in 1 row"]
    assert (more.filled - bare.filled, more.expected - bare.expected) == (3, 3)
    assert 0 < bare.percent < more.percent < 100


def test_too_few_rows_are_counted():
    draft = make.draft(CityProfile)
    make.figure(draft, locator="1")
    assert completeness(loaded(draft)).missing["figures"] == ["5 or more are expected"]


@pytest.mark.parametrize("items", [1, 3])
def test_completeness_of_a_loaded_version_asks_nothing(items, django_assert_num_queries):
    draft = make.draft(ClusterProfile)
    for number in range(items):
        make.figure(draft, number + 1)
    version = loaded(draft)
    with django_assert_num_queries(0):
        completeness(version)
