"""Every address of the portal x who asks x how: what each may, and that who may not learns and changes nothing.

The addresses come from the URLconf. A new one without its row in ROWS fails, and so does a row whose address is gone.
"""

from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLResolver
from django.utils import translation

from clusters.models import ClusterProfile
from portal.briefs.asking import ask
from portal.cities.models import City, User
from portal.facts.models import Source
from portal.publishing.clock import database_now
from portal.publishing.comments import comment
from portal.publishing.models import Translation, Version
from portal.staff.models import Import
from tests import make
from tests.clusters import publications
from tests.follow.test_mails import followed
from tests.inquiries.asking import asked
from tests.media import files

pytestmark = pytest.mark.django_db

#: Zaozhuang is the city asked about. "eve" writes, approves and answers in Zibo; "uma" belongs to no office; "sam" is a
#: superuser without one.
INSIDE = ["ann", "rob", "olga", "lee", "ada"]
OUTSIDE = ["eve", "uma", "sam"]
WHO = ["nobody", *OUTSIDE, *INSIDE]
METHODS = ["get", "head", "post", "put", "patch", "delete"]
FEW = ["nobody", "ann", "sam"]  # who ask for a page that is the same for everybody: a stranger, an editor, who may all
UNWATCHED = {"head", "put", "patch"}  # GET, POST and DELETE are looked at for changes

#: Who may, by the sort of address. Everybody else in the office is refused (403), to others the page does not exist.
MAY = {
    "public": {*WHO},  # the same for everybody
    "login": {*WHO} - {"nobody"},  # one's own things and lists of one's own cities' rows
    "sees": {*INSIDE},
    "writes": {"ann"},
    "reviews": {"rob"},
    "answers": {"olga"},
    "leads": {"lee", "ada", "sam"},
    "officers": {"olga", "eve"},  # a list of the inquiries of one's own cities
    "superuser": {"sam"},
    "administers": {"ada", "sam"},
}


class Row(NamedTuple):
    may: str
    arguments: Any = lambda it: []
    answers: tuple = (200, 302)  # what somebody who may gets, by GET or by POST


DRAFT = lambda it: [it.draft.pk]  # noqa: E731
PAGE = lambda it: ["zaozhuang", "one"]  # noqa: E731
FIGURE = lambda it: [it.draft.pk, "figures", it.figure.pk]  # noqa: E731
CITY = lambda it: ["zaozhuang"]  # noqa: E731
INQUIRY = lambda it: [it.inquiry.number]  # noqa: E731

ROWS = {
    # What investors and machines read
    **{
        name: Row("public")
        for name in ("home", "about", "privacy", "search", "compare", "api-docs", "api-schema", "project-csv")
    },
    **{name: Row("public") for name in ("robots", "sitemap", "account_login", "account_inactive", "inquiry-new")},
    "security-txt": Row("public", answers=(200, 404)),
    "sitemap-part": Row("public", lambda it: ["city"]),
    **{f"{kind}-list": Row("public") for kind in publications.KINDS},
    **{f"{kind}-detail": Row("public", PAGE) for kind in publications.KINDS if kind != "city"},
    **{name: Row("public") for name in ("chain-list", "supplier-list", "organisation-list")},
    "chain-detail": Row("public", lambda it: ["lithium"]),
    "chain-stage": Row("public", lambda it: ["lithium", "cells"]),
    "organisation-detail": Row("public", lambda it: ["sunwoda"]),
    "city-detail": Row("public", lambda it: ["zaozhuang"]),
    "ledger": Row("public"),
    "ledger-city": Row("public", CITY),
    "search-suggestions": Row("public"),
    "site-card": Row("public"),
    "chart": Row("public", lambda it: ["city", "zaozhuang", "zaozhuang", "history-none", "svg"], (404,)),
    "boundaries": Row("public"),
    "chart-map-cities": Row("public", lambda it: ["svg"]),
    "chart-map-chain": Row("public", lambda it: ["lithium", "svg"]),
    "chart-map-city": Row("public", lambda it: ["zaozhuang", "svg"]),
    "chart-ledger": Row("public", lambda it: ["svg"], (200, 404)),
    "chart-ledger-city": Row("public", lambda it: ["zaozhuang", "svg"], (200, 404)),
    "card": Row("public", lambda it: ["city", "zaozhuang", "zaozhuang"]),
    "brand": Row("public", lambda it: ["seal.svg"], (404,)),
    "shortlist-new": Row("public"),  # without a shortlist it leads to the comparison
    "brief-new": Row("public", lambda it: ["zaozhuang"]),
    "brief-status": Row("public", lambda it: [it.brief.code]),
    "brief-file": Row("public", lambda it: [it.brief.code]),
    "inquiry-done": Row("public", lambda it: [it.inquiry.code]),
    "feed": Row("public"),
    "costs": Row("public"),
    "calendar": Row("public"),
    "calendar-event": Row("public", PAGE),
    "follow-new": Row("public"),
    "follow-asked": Row("public"),
    "follow-stopped": Row("public"),
    "follow-detail": Row("public", lambda it: [it.follow.code]),
    "follow-stop": Row("public", lambda it: [it.follow.code]),
    "qr": Row("public", lambda it: ["ceremony", *PAGE(it)]),
    # One's own account
    **{f"account_reset_password{name}": Row("public") for name in ("", "_done", "_from_key_done")},
    "account_reset_password_from_key": Row("public", lambda it: ["x", "y"]),
    "account_logout": Row("public"),
    "mfa_authenticate": Row("public"),  # between password and log-in; else it leads to the log-in
    "mfa_login_webauthn": Row("public"),
    **{name: Row("login") for name in ("account", "account_change_password", "account_reauthenticate")},
    **{name: Row("login") for name in ("usersessions_list", "mfa_index", "mfa_list_webauthn", "mfa_reauthenticate")},
    **{f"mfa_{name}": Row("login") for name in ("activate_totp", "add_webauthn", "generate_recovery_codes")},
    "mfa_reauthenticate_webauthn": Row("login"),
    "mfa_deactivate_totp": Row("login", answers=(200, 302, 404)),
    "mfa_view_recovery_codes": Row("login", answers=(200, 302, 404)),
    "mfa_edit_webauthn": Row("login", lambda it: [1]),
    "mfa_remove_webauthn": Row("login", lambda it: [1]),
    # The office's people
    "staff-people": Row("login"),  # names the offices one administers
    "staff-office": Row("administers", lambda it: ["zaozhuang"]),
    "staff-invite": Row("administers", lambda it: ["zaozhuang"]),
    "staff-invitation": Row("administers", lambda it: ["zaozhuang", it.invitation.pk]),
    "staff-member": Row("administers", lambda it: ["zaozhuang", User.objects.get(username="ann").pk]),
    "staff-member-factor": Row("administers", lambda it: ["zaozhuang", User.objects.get(username="rob").pk]),
    "invitation": Row("public", lambda it: ["x"], (410,)),
    # The desk
    "staff-inquiry-list": Row("officers"),
    "staff-inquiry-detail": Row("answers", INQUIRY),
    "staff-inquiry-answered": Row("answers", INQUIRY),
    # Files, of which this one is on a public page
    "media-image": Row("public", lambda it: [it.picture.digest, it.picture.names[0]]),
    "media-document": Row("public", lambda it: [it.document.digest]),
    # The workspace
    "staff-start": Row("login"),
    "staff-work": Row("login", lambda it: ["waiting"]),
    "staff-stages": Row("login"),
    "staff-leader": Row("leads"),
    "staff-leader-file": Row("leads"),
    "staff-stage-update": Row("writes", lambda it: [Version.objects.get(entry__kind="project").entry_id]),
    "staff-mend": Row("writes", DRAFT),
    "staff-list": Row("login", lambda it: ["cluster"]),
    "staff-references": Row("login", lambda it: ["sources"]),
    "staff-begin": Row("writes", lambda it: ["zaozhuang", "project"]),
    "staff-reference-add": Row("writes", lambda it: ["zaozhuang", "sources"]),
    "staff-reference": Row("writes", lambda it: ["sources", it.source.pk]),
    "staff-history": Row("sees", lambda it: [it.draft.entry_id]),
    "staff-version": Row("sees", DRAFT),
    "staff-preview": Row("sees", DRAFT),
    "staff-trail": Row("leads"),
    "staff-import-start": Row("login"),
    "staff-import-new": Row("writes", lambda it: ["zaozhuang"]),
    "staff-import-template": Row("writes", lambda it: ["zaozhuang", "projects", "xlsx"]),
    "staff-city-export": Row("sees", lambda it: ["zaozhuang", "figures", "csv"]),
    "staff-import": Row("writes", lambda it: [it.table.pk]),
    "staff-import-confirm": Row("writes", lambda it: [it.table.pk]),
    "staff-step": Row("writes", lambda it: [it.draft.pk, "submit"]),
    "staff-review": Row("sees", DRAFT),
    "staff-review-step": Row("writes", lambda it: [it.draft.pk, "submit"]),
    "staff-comment": Row("sees", DRAFT, (422,)),
    "staff-comment-settle": Row("sees", lambda it: [it.draft.pk, it.comment.pk]),
    "staff-doubts": Row("sees", DRAFT),
    "staff-doubt-answer": Row("writes", DRAFT),
    "staff-doubt-withdraw": Row("writes", DRAFT),
    "staff-main": Row("writes", DRAFT),
    "staff-translation-confirm": Row("writes", lambda it: [it.draft.pk, it.english.pk]),
    "staff-section": Row("sees", lambda it: [it.draft.pk, "figures"]),
    "staff-guests": Row("sees", lambda it: [Version.objects.get(entry__kind="ceremony").pk]),
    "staff-order": Row("writes", lambda it: [it.draft.pk, "figures"], (405, 302)),
    "staff-figures": Row("sees", DRAFT),
    "staff-figure-amount": Row("writes", DRAFT),
    "staff-paste": Row("writes", lambda it: [it.draft.pk, "figures"]),
    "staff-row-add": Row("writes", lambda it: [it.draft.pk, "figures"]),
    "staff-row": Row("writes", FIGURE),
    "staff-row-delete": Row("writes", FIGURE),
    # The media library
    "staff-media-start": Row("login"),
    "staff-media": Row("sees", CITY),
    "staff-media-upload": Row("writes", CITY, (422,)),
    "staff-media-image": Row("sees", lambda it: ["zaozhuang", it.unshown[0].pk]),
    "staff-media-image-delete": Row("writes", lambda it: ["zaozhuang", it.unshown[0].pk]),
    "staff-media-document": Row("sees", lambda it: ["zaozhuang", it.unshown[1].pk]),
    "staff-media-document-delete": Row("writes", lambda it: ["zaozhuang", it.unshown[1].pk]),
}
#: Framework's addresses, by their beginning: all of one sort.
FAMILIES = {"admin:": "superuser"}
#: Addresses of the API have a list and a row, and are read by everybody.
API = {"cities", "clusters", "parks", "policies", "rankings", "projects", "ceremonies"}
ROWS |= {f"{name}-list": Row("public") for name in API}
ROWS |= {f"{name}-detail": Row("public", lambda it: ["zaozhuang/one"]) for name in API - {"cities"}}
ROWS["cities-detail"] = Row("public", lambda it: ["zaozhuang"])
#: Redirects without a name.
UNNAMED = {"favicon.ico", "api/", "(?P<url>.*)$", "<path:object_id>/"}


def addresses(resolver=None, space=""):
    """The name of every address, with its namespace."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from addresses(pattern, space + inner)
        elif pattern.name:
            yield space + pattern.name
        else:
            assert str(pattern.pattern) in UNNAMED, f"an address without a name: {pattern.pattern}"


NAMES = sorted(set(addresses()))
FAMILY = [name for name in NAMES if name.startswith(tuple(FAMILIES))]


def row(name):
    return ROWS.get(name) or Row(FAMILIES[name.partition(":")[0] + ":"])


@pytest.fixture(scope="module")
def it(django_db_setup, django_db_blocker, tmp_path_factory):
    """Made once, since every answer is undone."""
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), media, translation.override("en"), transaction.atomic():
        people()
        yield world()
        transaction.set_rollback(True)


def people():
    for name in (*INSIDE, "eve"):
        make.user(name)
    User.objects.create_user("uma", "uma@example.org", make.PASSWORD)
    make.second_factor(User.objects.create_superuser("sam", "sam@example.org", make.PASSWORD))


def world():
    """A published city with an inquiry and a brief, and a draft of a cluster whose words are nobody else's."""
    make.city()
    City.objects.update(latitude="34.8", longitude="117.3")
    picture, guide = files.image(), files.document()
    make.approved(files.showing(files.showing(make.draft(), picture), guide))
    for kind in publications.KINDS[1:]:
        if kind != "cluster":
            publications.live(kind)
    cluster = make.draft(ClusterProfile)
    publications.company(cluster, "sunwoda", stage=publications.stage(cluster, "cells"))
    make.approved(cluster)
    draft = make.draft(ClusterProfile, slug="secret", title=make.Text("Secret cluster"))
    source = make.source("own", city=draft.city, title=make.Text("Secret source"))
    figure = make.figure(draft, source=source)
    english = make.write(draft, Translation, language="en", origin="human")
    draft.refresh_from_db()
    sent = {"asked_at": database_now(), "next_try": database_now(), "what": "projects", "language": "en"}
    table = Import.objects.create(city=draft.city, by=make.user("ann"), name="Secret table.csv", **sent)
    it = SimpleNamespace(
        table=table,
        draft=draft,
        source=source,
        figure=figure,
        english=english,
        comment=comment(draft, section="figures", text="Secret remark", by=make.user("rob")),
        inquiry=asked(Client(), name="Secret investor"),
        follow=followed(Client()),
        invitation=make.invitation(),
        brief=ask(draft.city, "en", database_now()),
        picture=picture,
        document=guide,
        unshown=[
            files.image(content=files.jpeg(9, 9), name="Secret.jpg"),
            files.document(content=files.PDF * 2, name="Secret.pdf"),
        ],
    )
    it.stored = stored()
    return it


def address(name, it):
    arguments = row(name).arguments(it)
    if name.startswith("admin:"):
        one_row = name.rpartition("_")[2] in {"change", "delete", "history"} and name != "admin:password_change"
        arguments = {"admin:app_list": ["facts"], "admin:view_on_site": [1, 1]}.get(name, ["1"] if one_row else [])
    return reverse(name, args=arguments)


def asks(who, method, where, it=None):
    """The answer, as it would be: whatever it changed is undone."""
    client = Client(raise_request_exception=False)
    if who != "nobody":
        client.force_login(User.objects.get(username=who))
    with transaction.atomic():
        response = getattr(client, method)(where, {"seen": it.draft.edits} if it and method == "post" else None)
        changed = it is not None and method not in UNWATCHED and stored() != it.stored
        transaction.set_rollback(True)
    return response, changed


TABLES = [model._meta.db_table for model in apps.get_models() if model._meta.label != "sessions.Session"]


def stored():
    """How many rows each table has, and how far the versions are."""
    counts = ", ".join(f"(SELECT COUNT(*) FROM {connection.ops.quote_name(table)})" for table in TABLES)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}")
        found = cursor.fetchone()
    versions = list(Version.objects.order_by("pk").values_list("pk", "state", "edits", "live_until"))
    return found, versions, list(Source.objects.order_by("pk").values_list("title", flat=True))


def test_every_address_has_its_row():
    assert set(NAMES) - set(FAMILY) == set(ROWS)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_who_may(name, it):
    """Those who may get an answer for some method, the others for none."""
    where, may = address(name, it), MAY[row(name).may]
    wrong = []
    first = next(who for who in WHO if who in may)
    for who in FEW if row(name).may == "public" else WHO:
        methods = METHODS if who not in may or who == first else ["get", "post"]  # one tries all, for those who may
        answers = {method: asks(who, method, where, it) for method in methods}
        codes = {method: response.status_code for method, (response, _changed) in answers.items()}
        if max(codes.values()) >= 500:
            wrong.append((who, "an error", codes))
        if who in may:
            if not {*row(name).answers} & {codes["get"], codes["post"]}:
                wrong.append((who, "may, and got no answer", codes))
            continue
        if any(changed for _response, changed in answers.values()):
            wrong.append((who, "changed something", codes))
        if any(b"Secret" in response.content for response, _changed in answers.values()):
            wrong.append((who, "read a secret", codes))
        wrong += [(who, method, code) for method, code in codes.items() if not refusal(who, answers[method][0], where)]
    assert not wrong


def refusal(who, response, where):
    """Whether one is turned away as one should be: to log in, as from no page at all, or told that one may not."""
    if who == "nobody":
        back = (where, reverse("staff-start"))  # an address that takes forms only is none to come back to
        to_log_in = response.headers.get("Location", "").endswith(tuple(f"{login()}?next={page}" for page in back))
        return response.status_code == 405 or (response.status_code == 302 and to_log_in)
    return response.status_code in ({403, 404, 405} if who in INSIDE else {404, 405})


def login():
    return reverse("account_login")


def is_the_door(where):
    """The log-in; or the admin's front page, where logging out leads and which sends one there."""
    return where.startswith((login(), "/admin/login/")) or where == "/admin/"


@pytest.mark.parametrize("name", FAMILY)
def test_the_admin_is_for_superusers(name, it):
    where = address(name, None)
    for who in WHO:
        if who not in MAY["superuser"]:
            for method in ("get", "post"):
                response, _changed = asks(who, method, where)
                assert response.status_code in {302, 403, 404, 405}, (who, method)
                assert response.status_code != 302 or is_the_door(response.headers["Location"]), (who, method)


@pytest.mark.parametrize("name", sorted(name for name in ROWS if name.startswith("staff-")))
def test_what_staff_read_is_never_kept(name, it):
    who = sorted(MAY[row(name).may])[-1]
    response, _changed = asks(who, "get", address(name, it), it)
    assert "no-store" in response.headers.get("Cache-Control", ""), (who, response.status_code)


@pytest.mark.parametrize("name", sorted(name for name, row in ROWS.items() if row.may == "login"))
def test_lists_show_each_reader_the_own_cities_rows_only(name, it):
    for who in OUTSIDE:
        response, _changed = asks(who, "get", address(name, it), it)
        assert b"Secret" not in response.content, who
