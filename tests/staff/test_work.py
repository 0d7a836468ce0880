"""The worklist: every group finds what it says, each number is its list's, and nobody sees another office's work."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clusters.models import CityProfile, ClusterProfile, ParkProfile
from portal.cities.models import City, Membership, User
from portal.facts.models import Metric
from portal.lib.text import Text
from portal.publishing import permissions
from portal.publishing.clock import database_now
from portal.publishing.models import Translation, Version
from portal.publishing.workflow import take
from portal.staff.work import GROUPS, awaiting
from projects.models import ProjectListing, Stage
from tests import make
from tests.inquiries.asking import asked

pytestmark = pytest.mark.django_db

#: Who sees the group, and the titles of its rows in order, of the work in `everything`.
FOUND = {
    "sent-back": ("ann", ["Sent back"]),
    "review": ("rob", ["In review"]),
    "sign-off": ("lee", ["Reviewed"]),
    "inquiries": ("olga", None),
    "mine": ("ann", ["Mine", "Half", "Doubtful"]),
    "doubts": ("ann", ["Doubtful"]),
    "overdue": ("ann", ["Forgotten"]),
    "figures": ("ann", ["enterprises: more than 100 enterprises"]),
    "missing": ("ann", ["GDP"]),
    "translations": ("ann", ["Half"]),
    "others": ("ann", ["Theirs"]),
    "in-work": ("lee", ["Sent back", "Mine", "Half", "Doubtful", "Theirs", "In review", "Reviewed"]),
    "waiting": ("ann", ["In review", "Reviewed"]),
    "scheduled": ("ann", ["To come"]),
}


def colleague(name="amy", role="editor"):
    user = User.objects.create_user(name, f"{name}@example.org", make.PASSWORD)
    Membership.objects.create(user=user, city=make.city(), role=role)
    return user


def titled(title, kind=ParkProfile, **said):
    return make.draft(kind, slug=title.lower().replace(" ", "-"), title=Text({"en": title, "zh-hans": title}), **said)


@pytest.fixture
def everything(client):
    """Something for each group, and the same of another office where that is quickly done."""
    ann, rob = make.office("zaozhuang")
    for name in ("lee", "olga"):
        make.user(name)
    amy = colleague()
    back = titled("Sent back")
    take("submit", back, by=ann)
    take("send_back", back, by=rob, reason="Which year?")
    titled("Mine")
    make.draft(ParkProfile, slug="half", title=Text({"en": "Half"}))
    make.figure(titled("Doubtful"), as_of="XXXX-08-26")
    titled("Theirs", by=amy)
    take("submit", titled("In review"), by=ann)
    City.objects.update(sign_off=True)
    reviewed = titled("Reviewed")
    take("submit", reviewed, by=ann)
    take("approve", reviewed, by=rob)
    City.objects.update(sign_off=False)
    make.approved(titled("To come"), at=database_now() + timedelta(days=3))
    late = titled("Forgotten", ProjectListing)
    make.stage(late, Stage.SIGNED, when="2020-06")
    make.approved(late)
    profile = titled("City", CityProfile)
    make.figure(profile, qualifier="more_than", as_of="2023-05-12")
    make.approved(profile)
    make.metric("gdp", name=Text("GDP"), unit="CNY", compared=True)
    Metric.objects.filter(code="enterprises").update(compared=True)  # of this one there is a public figure
    asked(Client())
    for number in range(2):
        make.draft(ParkProfile, at="zibo", slug=f"zibo-{number}")
    return client


def test_every_group_is_tried():
    assert set(FOUND) == set(GROUPS)


@pytest.mark.parametrize("code", GROUPS)
def test_a_group_finds_its_rows_and_its_number_is_the_lists(everything, code):
    who, titles = FOUND[code]
    everything.force_login(make.user(who))
    [on_start] = [found for found in everything.get("/en/staff/").context["groups"] if found["group"].code == code]
    alone = everything.get(reverse("staff-work", args=[code])).context["page_obj"]
    assert on_start["count"] == alone.paginator.count == len(alone.object_list) == len(titles or [1])
    if titles:
        assert [said(row) for row in alone.object_list] == titles


def said(row):
    if hasattr(row, "title"):
        return str(row.title)
    metric_or_project = getattr(row, "metric", None) or row.version.title
    return str(row) if hasattr(row, "value_min") else str(metric_or_project)


@pytest.mark.parametrize("code", GROUPS)
def test_a_group_shows_another_office_nothing(everything, code):
    everything.force_login(make.user("eve"))
    shown = everything.get(reverse("staff-work", args=[code])).context["page_obj"].object_list
    assert all(row.city.slug == "zibo" for row in shown)
    assert len(shown) == {"others": 0, "mine": 2, "translations": 0}.get(code, 0)


def test_a_group_that_is_none_does_not_exist(client):
    client.force_login(make.user("ann"))
    assert client.get("/en/staff/work/nothing/").status_code == 404


def test_the_reason_stands_with_what_was_sent_back(everything):
    everything.force_login(make.user("ann"))
    assert "Which year?" in everything.get("/en/staff/").content.decode()


def test_inquiries_are_for_officers_only(everything):
    for who in ("ann", "rob", "lee"):
        everything.force_login(make.user(who))
        assert "inquiries" not in {found["group"].code for found in everything.get("/en/staff/").context["groups"]}


def test_a_city_is_chosen_and_a_foreign_one_does_not_exist(client):
    ann = make.user("ann")
    Membership.objects.create(user=ann, city=make.city("zibo"), role="editor")
    titled("Here")
    make.draft(ParkProfile, at="zibo", by=ann, slug="there")
    City.objects.create(slug="foreign", name=Text("Foreign"), code="110000", level="province")
    client.force_login(ann)
    counts = {}
    for city in ("", "zaozhuang", "zibo"):
        groups = client.get("/en/staff/", {"city": city}).context["groups"]
        counts[city] = {found["group"].code: found["count"] for found in groups}["mine"]
    assert counts == {"": 2, "zaozhuang": 1, "zibo": 1}
    assert client.get("/en/staff/", {"city": "foreign"}).status_code == 404


def test_a_new_office_is_told_where_to_begin(client):
    client.force_login(make.user("ann"))
    page = client.get("/en/staff/")
    assert page.context["groups"] == []
    assert reverse("staff-begin", args=["zaozhuang", "city"]) in page.content.decode()
    make.live(CityProfile)
    assert "Well done" in client.get("/en/staff/").content.decode()


def test_a_long_group_shows_a_dozen_and_the_way_to_all(client):
    client.force_login(make.user("ann"))
    for number in range(14):
        titled(f"Draft {number}")
    page = client.get("/en/staff/")
    [mine] = page.context["groups"]
    assert (mine["count"], len(mine["rows"])) == (14, 12)
    assert f'href="{reverse("staff-work", args=["mine"])}"' in page.content.decode()


def test_a_behind_translation_waits_until_somebody_confirms_it(client):
    page = titled("Page")
    make.write(page, Translation, language="en", origin="human")
    make.approved(page)
    client.force_login(make.user("ann"))
    address = reverse("staff-work", args=["translations"])
    assert client.get(address).context["page_obj"].paginator.count == 0
    revised = make.revised(page)
    Translation.objects.filter(version=revised).update(behind=True)
    [row] = client.get(address).context["page_obj"].object_list
    assert (row.pk, row.behind) == (revised.pk, True)  # once, though the public version is the same entry


# Who may, in SQL ------------------------------------------------------------------------------------------------------


def test_the_rules_over_many_are_the_rules_over_one(everything):
    versions = list(Version.objects.all())
    for name in ("ann", "rob", "lee", "olga", "eve", "zoe"):
        user = make.user(name)
        for many, one in (
            (permissions.approvable, permissions.can_approve),
            (permissions.signable, permissions.can_sign_off),
        ):
            found = {version.pk for version in many(user, Version.objects.all())}
            assert found == {version.pk for version in versions if one(user, version)}, (name, one)


@pytest.mark.parametrize(("name", "count"), [("ann", 1), ("rob", 1), ("lee", 1), ("olga", 0), ("eve", 0)])
def test_the_badge_counts_what_waits_for_one(everything, name, count, django_assert_num_queries):
    user = make.user(name)
    with django_assert_num_queries(1):
        assert awaiting(user) == count


# From what is public to its form --------------------------------------------------------------------------------------


def mend(client, version, **said):
    return client.post(reverse("staff-mend", args=[version.pk]), said)


def test_mending_a_figure_opens_its_copy_in_a_new_draft(client):
    page = titled("Page")
    make.figure(page, 1)
    figure = make.figure(page, 2)
    page = make.approved(page)
    client.force_login(make.user("ann"))
    response = mend(client, page, part="figures", row=figure.pk)
    draft = Version.objects.get(state="draft")
    copy = draft.figures.get(value_min=2)
    assert response["Location"] == reverse("staff-row", args=[draft.pk, "figures", copy.pk])
    again = mend(client, page, part="figures", row=figure.pk)
    assert again["Location"] == response["Location"]  # and no second draft
    assert Version.objects.filter(state="draft").count() == 1


def test_mending_without_a_row_opens_the_section_or_the_page(client):
    page = make.live(ParkProfile)
    client.force_login(make.user("ann"))
    response = mend(client, page, part="figures")
    draft = Version.objects.get(state="draft")
    assert response["Location"] == reverse("staff-section", args=[draft.pk, "figures"])
    for nonsense in ({}, {"part": "nothing"}, {"part": "nothing", "row": "x"}):
        assert mend(client, page, **nonsense)["Location"] == reverse("staff-version", args=[draft.pk])


def test_what_is_missing_is_added_with_its_metric_filled_in(client):
    page, gdp = make.live(CityProfile), make.metric("gdp", unit="CNY", compared=True)
    client.force_login(make.user("ann"))
    response = client.post(reverse("staff-mend", args=[page.pk]), {"part": "figures", "metric": gdp.pk}, follow=True)
    assert str(response.context["form"]["metric"].value()) == str(gdp.pk)
    assert response.context["form"].instance.version_id == Version.objects.get(state="draft").pk


def test_mending_waits_for_what_is_submitted(client):
    page = make.live(ParkProfile)
    revised = make.revised(page)
    take("submit", revised, by=make.user("ann"))
    client.force_login(make.user("ann"))
    response = client.post(reverse("staff-mend", args=[page.pk]), {"part": "figures"}, follow=True)
    assert response.redirect_chain == [(reverse("staff-version", args=[revised.pk]), 302)]
    assert "decided on first" in response.content.decode()


# Lists ----------------------------------------------------------------------------------------------------------------


def listed(client, kind="park", **asked_for):
    page = client.get(reverse("staff-list", args=[kind]), asked_for)
    assert page.status_code == 200
    return [str(version.title) for version in page.context["page_obj"].object_list]


@pytest.fixture
def parks(client):
    for title in ("Draft only", "Public", "Revised", "Gone", "To come"):
        draft = titled(title)
        if title == "To come":
            make.approved(draft, at=database_now() + timedelta(days=3))
        elif title != "Draft only":
            make.approved(draft)
        if title == "Revised":
            make.revised(draft)
        if title == "Gone":
            take("withdraw", draft, by=make.user("rob"), reason="wrong")
    client.force_login(make.user("ann"))
    return client


@pytest.mark.parametrize(
    ("asked_for", "titles"),
    [
        ({}, ["Draft only", "Gone", "Public", "Revised", "To come"]),
        ({"sort": "newest"}, ["To come", "Gone", "Revised", "Public", "Draft only"]),
        ({"state": "draft"}, ["Draft only", "Revised"]),
        ({"state": "live"}, ["Public", "Revised"]),
        ({"state": "scheduled"}, ["To come"]),
        ({"state": "not_live"}, ["Draft only", "Gone", "To come"]),
        ({"q": "vis"}, ["Revised"]),
        ({"q": "gone"}, ["Gone"]),  # by its address
        ({"q": "nothing at all"}, []),
        (
            {"state": "nonsense", "sort": "nonsense", "page": "x"},
            ["Draft only", "Gone", "Public", "Revised", "To come"],
        ),
    ],
)
def test_a_list_is_filtered_and_sorted(parks, asked_for, titles):
    order = sorted if asked_for.get("sort") != "newest" else list
    assert order(listed(parks, **asked_for)) == titles


def test_a_lists_counts_are_what_their_links_show(parks):
    counts = parks.get(reverse("staff-list", args=["park"])).context["counts"]
    assert {state: count for state, _label, count in counts} == {"draft": 2, "live": 2, "scheduled": 1}
    for state, _label, count in counts:
        assert len(listed(parks, state=state)) == count


def test_a_discarded_revision_hides_no_page(client):
    page = make.live(ParkProfile)
    revised = make.revised(page)
    take("discard", revised, by=make.user("ann"), reason="no")
    client.force_login(make.user("ann"))
    [row] = client.get(reverse("staff-list", args=["park"])).context["page_obj"].object_list
    assert (row.pk, row.standing) == (page.pk, "public")


def test_projects_are_listed_by_stage(client):
    for slug, stage in (("a", Stage.SIGNED), ("b", Stage.STARTED)):
        draft = titled(slug, ProjectListing)
        make.stage(draft, stage, when="2022")
        make.approved(draft)
    client.force_login(make.user("ann"))
    assert listed(client, "project", stage=Stage.STARTED.value) == ["b"]
    assert listed(client, "project", stage=Stage.CANCELLED.value) == []


# Speed ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("items", [1, 3])
def test_the_worklist_asks_as_often_for_three_as_for_one(client, items, django_assert_num_queries):
    ann = make.user("ann")
    for number in range(items):
        titled(f"Draft {number}")
        make.draft(ClusterProfile, slug=f"half-{number}", title=Text({"en": "Half"}))
        late = titled(f"Late {number}", ProjectListing)
        make.stage(late, Stage.SIGNED, when="2020")
        make.figure(late, as_of="2020")
        make.approved(late)
        make.metric(f"metric-{number}", compared=True)
    make.live(CityProfile)
    client.force_login(ann)
    client.get("/en/staff/")
    with django_assert_num_queries(30):
        assert len(client.get("/en/staff/").context["groups"]) == 5


@pytest.mark.parametrize("items", [1, 3])
def test_a_list_of_projects_asks_as_often_for_three_as_for_one(client, items, django_assert_num_queries):
    for number in range(items):
        draft = titled(f"Project {number}", ProjectListing)
        make.stage(draft, Stage.SIGNED, when="2020")
        make.approved(draft)
    client.force_login(make.user("ann"))
    with django_assert_num_queries(15):
        client.get(reverse("staff-list", args=["project"]), {"state": "live", "stage": 40, "q": "project"})


def test_ages_are_said(everything):
    everything.force_login(make.user("ann"))
    page = everything.get(reverse("staff-work", args=["overdue"])).content.decode()
    years = (timezone.localdate() - date(2021, 6, 30)).days // 365
    assert f"{years} years late" in page


def test_what_is_counted_once_is_counted_anew_when_something_is_published(client):
    client.force_login(make.user("ann"))
    for number in (1, 2):
        late = titled(f"Late {number}", ProjectListing)
        make.stage(late, Stage.SIGNED, when="2020")
        make.approved(late)
        for _twice in range(2):
            page = client.get(reverse("staff-work", args=["overdue"])).context["page_obj"]
            assert page.paginator.count == len(page.object_list) == number


@pytest.mark.parametrize("slug", ["\0", "zaozhuang\0", "1" * 5000, "枣庄"])
def test_rubbish_in_the_place_of_a_city_is_no_city(client, slug):
    client.force_login(make.user("lee"))
    addresses = [
        "/en/staff/",
        "/en/staff/work/mine/",
        "/en/staff/glance/",
        "/en/staff/stages/",
        "/en/staff/kinds/city/",
    ]
    assert {client.get(address, {"city": slug}).status_code for address in addresses} == {404}
