"""Every address of the workspace: what a stranger, a colleague from another city and the office itself meet there.

The addresses come from the URLconf: one without its row in ROWS fails.
"""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from clusters.models import ClusterProfile
from portal.facts.models import Source
from portal.publishing.models import Event, Translation, Version
from portal.staff.urls import urlpatterns
from tests import make

pytestmark = pytest.mark.django_db

# name: (arguments, method, who may, what that answers). "eve" belongs to Zibo and to nothing here.
ROWS = {
    "staff-start": (lambda it: [], "get", "lee", 200),
    "staff-list": (lambda it: ["cluster"], "get", "lee", 200),
    "staff-references": (lambda it: ["sources"], "get", "lee", 200),
    "staff-begin": (lambda it: ["zaozhuang", "project"], "get", "ann", 200),
    "staff-reference-add": (lambda it: ["zaozhuang", "sources"], "get", "ann", 200),
    "staff-reference": (lambda it: ["sources", it.source.pk], "get", "ann", 200),
    "staff-history": (lambda it: [it.draft.entry_id], "get", "lee", 200),
    "staff-version": (lambda it: [it.draft.pk], "get", "lee", 200),
    "staff-preview": (lambda it: [it.draft.pk], "get", "lee", 200),
    "staff-step": (lambda it: [it.draft.pk, "submit"], "post", "ann", 302),
    "staff-main": (lambda it: [it.draft.pk], "get", "ann", 200),
    "staff-translation-confirm": (lambda it: [it.draft.pk, it.english.pk], "get", "ann", 200),
    "staff-section": (lambda it: [it.draft.pk, "figures"], "get", "lee", 200),
    "staff-row-add": (lambda it: [it.draft.pk, "figures"], "get", "ann", 200),
    "staff-row": (lambda it: [it.draft.pk, "figures", it.figure.pk], "get", "ann", 200),
    "staff-row-delete": (lambda it: [it.draft.pk, "figures", it.figure.pk], "get", "ann", 200),
}
#: Addresses that name nothing of one city: they exist for everybody, and show each reader only the own cities' rows.
SHARED = {"staff-start", "staff-list", "staff-references"}
#: Addresses at which an office's leader, who writes nothing, is refused.
WRITING = {name for name, (_arguments, _method, who, _status) in ROWS.items() if who == "ann"}

names = pytest.mark.parametrize("name", sorted(ROWS))
methods = pytest.mark.parametrize("method", ["get", "post"])


@pytest.fixture
def it():
    draft = make.draft(ClusterProfile, title=make.Text("Secret cluster"))
    source = make.source("own", city=draft.city, title=make.Text("Secret source"))
    figure = make.figure(draft, source=source)
    english = make.write(draft, Translation, language="en", origin="human")
    make.user("lee")
    draft.refresh_from_db()
    return SimpleNamespace(draft=draft, source=source, figure=figure, english=english)


def address(name, it):
    return reverse(name, args=ROWS[name][0](it))


def test_every_staff_url_has_its_row():
    assert {pattern.name for pattern in urlpatterns} == set(ROWS)


@names
@methods
def test_anonymous_is_sent_to_log_in(client, it, name, method):
    response = getattr(client, method)(address(name, it))
    assert response.status_code == 302
    assert response.headers["Location"] == f"{reverse('account_login')}?next={address(name, it)}"


@names
@methods
def test_wrong_city_finds_nothing(client, it, name, method):
    client.force_login(make.user("eve"))
    before = Event.objects.count(), Source.objects.count()
    response = getattr(client, method)(address(name, it), {"seen": it.draft.edits})
    if name in SHARED:
        assert response.status_code == (200 if method == "get" else 405)
        assert b"Secret" not in response.content
    else:
        assert response.status_code == (405 if (name, method) == ("staff-history", "post") else 404)
    assert (Event.objects.count(), Source.objects.count()) == before


@names
def test_works(client, it, name):
    _arguments, method, who, status = ROWS[name]
    client.force_login(make.user(who))
    response = getattr(client, method)(address(name, it))
    assert response.status_code == status
    assert "no-store" in response.headers["Cache-Control"]
    if name not in {"staff-begin", "staff-reference-add", "staff-step"}:
        assert b"Secret" in response.content


@pytest.mark.parametrize("name", sorted(WRITING))
@methods
def test_who_does_not_write_is_refused(client, it, name, method):
    client.force_login(make.user("lee"))
    response = getattr(client, method)(address(name, it), {"seen": it.draft.edits})
    assert response.status_code == (405 if (name, method) == ("staff-step", "get") else 403)
    assert Version.objects.get().edits == it.draft.edits


@pytest.mark.parametrize("part", ["nothing", "stage_events"])  # the second: a part of another kind
def test_a_part_the_kind_has_not_does_not_exist(client, it, part):
    client.force_login(make.user("ann"))
    for name, more in {"staff-section": [], "staff-row-add": [], "staff-row": [1], "staff-row-delete": [1]}.items():
        for method in (client.get, client.post):
            answer = method(reverse(name, args=[it.draft.pk, part, *more]))
            assert answer.status_code in {404, 405}


def test_numbers_no_database_has_are_not_found(client, it):
    client.force_login(make.user("ann"))
    huge = 10**30
    for name, args in {
        "staff-version": [huge],
        "staff-history": [huge],
        "staff-row": [it.draft.pk, "figures", huge],
        "staff-reference": ["sources", huge],
        "staff-translation-confirm": [it.draft.pk, huge],
    }.items():
        assert client.get(reverse(name, args=args)).status_code == 404
