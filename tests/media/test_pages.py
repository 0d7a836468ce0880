"""Pictures and downloads on the pages that the public reads."""

import re

import pytest

from portal.lib.text import Text
from portal.media.models import Picture
from portal.publishing.models import Version
from tests import make
from tests.clusters import publications

from .files import BOTH, document, image, jpeg, showing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def page(client, version, language="en"):
    return client.get(version.get_absolute_url().replace("/en/", f"/{language}/")).content.decode()


@pytest.mark.parametrize("kind", publications.KINDS)
def test_every_kind_of_page_shows_its_pictures_and_downloads(client, kind):
    draft = publications.draft(kind)
    wide, tall, guide = image(content=jpeg(1200, 800)), image(content=jpeg(300, 600)), document()
    showing(showing(showing(draft, wide, order=1), tall, order=2), guide)
    said = page(client, make.approved(draft))
    assert re.findall(r'srcset="([^"]+)"', said) == [wide.srcset, tall.srcset]
    assert f'<a href="{guide.get_absolute_url()}" download>' in said
    assert 'style="' not in said


def test_a_picture_comes_in_sizes_with_its_words(client):
    kept = image(content=jpeg(2000, 1000))
    row = {"caption": BOTH, "alt": BOTH, "credit": Text({"en": "Ms Li"})}
    version = make.approved(showing(make.draft(), kept, **row))
    assert kept.srcset == ", ".join(f"{kept.url(f'{width}.webp')} {width}w" for width in (480, 960, 1600))
    said = page(client, version)
    assert f'src="{kept.fallback}" width="2000" height="1000" alt="The lake"' in said
    assert 'fetchpriority="high"' in said
    assert "Ms Li" in said
    chinese = page(client, version, "zh-hans")
    assert 'alt="湖"' in chinese


def test_a_text_in_the_other_language_only_is_marked(client):
    version = make.approved(
        showing(make.draft(), image(), alt=Text({"zh-hans": "湖"}), caption=Text({"zh-hans": "湖"}))
    )
    said = page(client, version)
    assert 'alt="湖" lang="zh-Hans"' in said
    assert "in Chinese only" in said


def test_words_are_escaped(client):
    evil = Text({"en": '"><script>alert(1)</script>'})
    version = make.approved(showing(make.draft(), image(), alt=evil, caption=evil, credit=evil))
    assert "<script>alert" not in page(client, version)


def test_a_page_without_pictures_loads_nothing_for_them(client):
    said = page(client, make.live())
    assert "picture.css" not in said
    assert "<picture" not in said


@pytest.mark.parametrize("count", [1, 3])
def test_pictures_cost_a_page_one_query(django_assert_num_queries, count):
    draft = make.draft()
    for number in range(count):
        showing(draft, image(content=jpeg(60 + number, 50)))
    version = make.approved(draft)
    with django_assert_num_queries(2):
        found = type(version).objects.prefetch_related(Picture.prefetch()).get(pk=version.pk)
        assert len([row.image.srcset for row in found.pictures.all()]) == count


def test_pictures_are_frozen_with_their_version():
    version = make.approved(showing(make.draft(), image()))
    row = Picture.objects.get(version=version.pk)
    row.caption = BOTH
    with pytest.raises(Exception, match="never changes"):
        row.save()


def test_library_words_count_when_a_translation_falls_behind():
    kept = image()
    draft = showing(make.draft(), kept, caption=BOTH)
    assert "湖" in list(Version.objects.get(pk=draft.pk).texts("zh-hans"))
