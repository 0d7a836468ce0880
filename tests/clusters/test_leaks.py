"""What is not public now stands on no page, in no list and in no sitemap."""

import pytest

from clusters.models import Related
from portal.lib.text import Text
from tests import make
from tests.reading import words

from .publications import HIDDEN, KINDS, cite, draft, hide, live

pytestmark = pytest.mark.django_db

SECRET = Text({"en": "Kept back", "zh-hans": "保密"})


def surfaces(kind):
    """Every page of these packages on which something of this kind could appear."""
    plural = {"city": "cities", "policy": "policies", "ceremony": "ceremonies"}.get(kind, f"{kind}s")
    paths = ["", "about/", f"{plural}/", "clusters/zaozhuang/other/", "parks/zaozhuang/other/"]
    paths += [] if kind == "city" else ["cities/zaozhuang/"]
    return [f"/{language}/{path}" for language in ("en", "zh-hans") for path in paths] + ["/sitemap.xml"]


def told(client, kind):
    """All that is said there, addresses included."""
    return "\n".join(client.get(path).content.decode() for path in surfaces(kind))


def something_else_is_public(naming):
    """A city, a cluster and a park, of which the cluster and the park name the entry in question."""
    if naming.kind != "city":
        live("city")
    for kind in ("cluster", "park"):
        other = draft(kind, slug="other")
        make.write(other, Related, entry=naming)
        make.approved(other)


def address(kind):
    return "zaozhuang" if kind == "city" else "hidden-one"


@pytest.mark.parametrize("how", HIDDEN)
@pytest.mark.parametrize("kind", KINDS)
def test_hidden_version_appears_nowhere(client, kind, how):
    version = draft(kind, title=SECRET, slug=address(kind))
    hide(version, how)
    something_else_is_public(naming=version.entry)
    said = told(client, kind)
    assert SECRET["en"] not in said
    assert SECRET["zh-hans"] not in said
    assert version.entry.get_absolute_url() not in said
    for language in ("en", "zh-hans"):
        path = version.entry.get_absolute_url().replace("/en/", f"/{language}/", 1)
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_live_version_appears(client, kind):
    version = live(kind, title=SECRET, slug=address(kind))
    something_else_is_public(naming=version.entry)
    said = told(client, kind)
    assert SECRET["en"] in said
    assert SECRET["zh-hans"] in said
    assert client.get(version.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("visibility", ["investor", "internal"])
@pytest.mark.parametrize("key", [True, False])
def test_figure_that_is_not_public_leaves_no_trace(client, visibility, key):
    city = draft("city")
    secret = make.source("secret", title=Text("Secret paper"))
    hidden = make.figure(city, 987654, source=secret, visibility=visibility, key=key, quote="whispered", as_of="2020")
    part = make.figure(city, 4242, part_of=hidden, supersedes=hidden, metric=make.metric("part"), key=key)
    make.figure(city, 1313)
    cite(hidden, make.source("also-secret", title=Text("Second secret paper")))
    make.approved(city)
    said = words(client.get("/en/cities/zaozhuang/")) + words(client.get("/en/"))
    assert "4,242" in said
    assert part.share_of_whole
    assert part.share_of_whole not in said
    for kept in ("987,654", "987654", "whispered", "ecret paper"):
        assert kept not in said


def test_figure_that_is_public_shows_what_the_other_would_have_told(client):
    """The control: made public, the same rows say all of it."""
    city = draft("city")
    whole = make.figure(city, 987654, source=make.source("open", title=Text("Open paper")), quote="said", as_of="2020")
    part = make.figure(city, 4242, part_of=whole, metric=make.metric("part"))
    cite(whole, make.source("also-open", title=Text("Second paper")))
    make.approved(city)
    said = words(client.get("/en/cities/zaozhuang/"))
    for told in ("987,654", "said", "Open paper", "Second paper", part.share_of_whole):
        assert told in said


def test_newer_draft_of_a_live_page_stays_inside(client):
    from portal.publishing.workflow import editing

    city = live("city")
    newer = make.revised(city)
    with editing(newer, by=make.user("ann")) as locked:
        locked.title = SECRET
        locked.save()
    make.figure(newer, 987654)
    said = words(client.get("/en/cities/zaozhuang/")) + words(client.get("/en/"))
    assert SECRET["en"] not in said
    assert "987,654" not in said


def test_entry_named_by_another_is_no_link_until_it_is_public(client):
    city = live("city")
    park = draft("park", slug="later", title=SECRET)
    cluster = draft("cluster", slug="naming")
    make.write(cluster, Related, entry=park.entry)
    make.approved(cluster)
    page = client.get("/en/clusters/zaozhuang/naming/").content.decode()
    assert "/en/parks/zaozhuang/later/" not in page
    assert SECRET["en"] not in page
    make.approved(park)
    page = client.get("/en/clusters/zaozhuang/naming/").content.decode()
    assert "/en/parks/zaozhuang/later/" in page
    assert str(city.title)
