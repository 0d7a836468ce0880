"""Every kind of page keeps WCAG 2.2 A and AA as far as a machine can tell, and is no wider than its window."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.utils.translation import override
from django.views.defaults import bad_request, permission_denied, server_error
from playwright.sync_api import expect

from portal.cities.models import User
from portal.facts.models import Source
from portal.publishing.clock import database_now
from portal.publishing.models import Version
from portal.publishing.workflow import take

from .conftest import Words
from .faults import faults

pytestmark = pytest.mark.browser

said = Words("zh-hans")

NARROW = {"width": 320, "height": 640}

PAGES = [
    "?at=2024-06-01",
    "cities/",
    "cities/?view=table",
    "cities/zaozhuang/",
    "cities/zouping/",
    "cities/zaozhuang/brief/",
    "clusters/",
    "clusters/zaozhuang/lithium-batteries/",
    "clusters/zouping/fine-alumina/",
    "chains/",
    "chains/lithium-batteries/",
    "chains/lithium-batteries/applications/",
    "suppliers/",
    "organisations/",
    "organisations/?kind=company",
    "organisations/sunwoda/",
    "projects/",
    "projects/zaozhuang/sunwoda-30gwh/",
    "projects/?stage=signed&city=zouping",
    "projects/?view=table&city=zaozhuang",
    "projects/?q=qqqqqq",
    "ledger/",
    "ledger/zaozhuang/",
    "ceremonies/",
    "ceremonies/zaozhuang/sunwoda-signing-2021/",
    "parks/",
    "parks/zaozhuang/high-tech-zone/",
    "policies/",
    "policies/zaozhuang/lithium-regulations/",
    "rankings/",
    "rankings/china/lithium-cities-2025/",
    "search/",
    "search/?q=锂电",
    "search/?q=lithum",
    "search/?q=qqqqqq",
    "inquiry/",
    "inquiry/?about=city/zaozhuang/zaozhuang",
    "follow/",
    "follow/?city=zaozhuang",
    "follow/asked/",
    "follow/stopped/",
    "compare/",
    "compare/?city=zaozhuang",
    "compare/?project=zaozhuang/sunwoda-30gwh&project=zaozhuang/nowhere",
    "compare/?city=zaozhuang&city=zibo&city=yichun&city=ningde&city=zouping",
    "compare/?cluster=zaozhuang/lithium-batteries&cluster=ningde/lithium-batteries",
    "compare/brief/?city=zaozhuang&city=zibo",
    "costs/",
    "costs/?city=zibo&city=zaozhuang&gas=500000&staff=20&own_gas=3.2",
    "about/",
    "privacy/",
    "open-data/",
    "accounts/login/",
]
STAFF_PAGES = [
    "kinds/cluster/",
    "kinds/city/",
    "sources/",
    "organisations/",
    "sources/{source}/",
    "cities/zaozhuang/project/new/",
    "versions/{draft}/",
    "versions/{draft}/main/",
    "versions/{draft}/figures/",
    "versions/{draft}/figures/add/",
    "versions/{draft}/figures/paste/",
    "versions/{draft}/stages/add/",
    "versions/{draft}/preview/",
    "entries/{entry}/history/",
]

#: A wide window by day in one language, the smallest at night in the other: what differs between them meets each page.
looks = pytest.mark.parametrize(
    ("language", "look"),
    [
        ("en", {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}),
        ("zh-hans", {"viewport": NARROW, "color_scheme": "dark"}),
    ],
    ids=["en-wide-light", "zh-narrow-dark"],
)


@pytest.fixture
def narrow(open_page):
    return open_page(viewport=NARROW)


@looks
def test_pages_for_the_public(open_page, language, look):
    page, found = open_page(**look), []
    for path in ["", *PAGES]:
        assert page.goto(f"/{language}/{path}").status == 200, path
        found += faults(page)
    assert found == []


def test_the_checks_find_what_is_wrong(page):
    page.goto("/en/about/")
    page.evaluate("""document.querySelector("main").innerHTML += `<h1>Two</h1><p><img src="/static/img/seal.svg">
      <input><a href="#a"></a><pre>${"wide ".repeat(400)}</pre>`""")
    found = {fault.split(": ")[1].split()[-1] for fault in faults(page)}
    assert found == {"image-alt", "label", "link-name", "window", "level"}


def test_an_open_figure_and_a_brief_in_the_making(narrow):
    narrow.goto("/zh-hans/clusters/zaozhuang/lithium-batteries/")
    narrow.locator("details.figure summary").first.click()
    expect(narrow.locator(".figure-card").first).to_be_visible()
    assert faults(narrow) == []
    narrow.goto("/zh-hans/cities/zaozhuang/brief/")
    narrow.get_by_role("button", name=said("Make the brief")).click()
    expect(narrow.locator(".job-status")).to_be_visible()
    assert faults(narrow) == []


def test_an_inquiry_refused_sent_and_read(narrow, log_in):
    narrow.goto("/zh-hans/inquiry/?about=city/zaozhuang/zaozhuang")
    for name, typed in {"message": "?", "name": "Ivy", "organisation": "Ivy Ltd", "email": "ivy@example.org"}.items():
        narrow.locator(f"#id_{name}").fill(typed)
    narrow.get_by_role("button", name=said("Send the inquiry")).click()
    expect(narrow.locator(".error-summary")).to_be_focused()
    assert faults(narrow) == []
    narrow.locator("#id_consent").check()
    narrow.get_by_role("button", name=said("Send the inquiry")).click()
    expect(narrow.get_by_role("heading", level=1)).to_have_text(said("We have your inquiry"))
    assert faults(narrow) == []
    olga = log_in("olga", said, viewport=NARROW)
    olga.goto("/zh-hans/staff/inquiries/")
    assert faults(olga) == []
    olga.locator("main table a").click()
    expect(olga.get_by_role("button", name=said("Note as answered"))).to_be_visible()
    assert faults(olga) == []


def test_a_log_in_refused_and_a_form_too_old(narrow):
    narrow.goto("/zh-hans/accounts/login/")
    button = narrow.get_by_role("main").get_by_role("button", name=said("Log in"), exact=True)
    narrow.locator("#id_login").fill("ann")
    narrow.locator("#id_password").fill("wrong")
    button.click()
    expect(narrow.locator(".error-summary")).to_be_focused()
    assert faults(narrow) == []
    narrow.context.clear_cookies()
    button.click()
    expect(narrow.get_by_role("heading", level=1)).to_have_text(said("This form could not be accepted"))
    assert faults(narrow) == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("no-such-page/", 404),
        ("projects/?stage=nonsense", 400),
        ("costs/?city=zibo&gas=many", 400),
        ("projects/?page=99", 404),
    ],
)
def test_an_address_that_means_nothing(narrow, path, status):
    assert narrow.goto(f"/zh-hans/{path}").status == status
    assert faults(narrow) == []


@pytest.mark.parametrize(
    "fault",
    [
        lambda request: bad_request(request, None),
        lambda request: permission_denied(request, PermissionDenied()),
        server_error,
    ],
    ids=["400", "403", "500"],
)
def test_pages_of_faults(narrow, fault):
    """Drawn by Django's own views, which no public address leads to, and shown in place of a page."""
    with override("zh-hans"):
        body = fault(RequestFactory().get("/zh-hans/broken/")).content.decode()
    narrow.route("**/zh-hans/broken/", lambda route: route.fulfill(content_type="text/html", body=body))
    narrow.goto("/zh-hans/broken/")
    assert faults(narrow) == []


@looks
def test_pages_of_the_workspace(log_in, language, look):
    cluster = Version.objects.live(database_now()).get(entry__kind="cluster", entry__city__slug="zaozhuang")
    draft = take("revise", cluster, by=User.objects.get(username="ann"))
    named = {"draft": draft.pk, "entry": draft.entry_id, "source": Source.objects.filter(city=draft.city)[0].pk}
    page, found = log_in("ann", Words(language), **look), []
    for path in ["", *STAFF_PAGES]:
        answer = page.goto(f"/{language}/staff/{path.format(**named)}")
        assert answer.status == 200, path
        found += faults(page)
    assert found == []
