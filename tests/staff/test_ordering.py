"""Rows in their order: a step by a button, all at once by a script; the guests beside the order of protocol."""

import pytest
from django.urls import reverse

from clusters.models import ClusterProfile, ClusterStage
from portal.facts.models import Figure
from portal.lib.text import Text
from portal.publishing.models import Event
from portal.publishing.workflow import take
from projects.models import CeremonyRecord, Participation
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(client):
    client.force_login(make.user("ann"))
    return client


@pytest.fixture
def draft():
    draft = make.draft(ClusterProfile)
    for value in (1, 2, 3):
        make.figure(draft, value)
    return draft


def order(draft, part="figures"):
    return reverse("staff-order", args=[draft.pk, part])


def values():
    return [int(row.value_min) for row in Figure.objects.order_by("order", "pk")]


def keys(draft):
    return list(Figure.of(draft).values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("step", "row", "after"),
    [("up", 2, [1, 3, 2]), ("down", 0, [2, 1, 3]), ("up", 0, [1, 2, 3]), ("down", 2, [1, 2, 3])],
)
def test_a_button_moves_a_row_one_place(ann, draft, step, row, after):
    moved = keys(draft)[row]
    response = ann.post(order(draft), {step: moved})
    assert response.headers["Location"] == f"{reverse('staff-section', args=[draft.pk, 'figures'])}#row-{moved}"
    assert values() == after
    assert Event.objects.first().action == "edit"


def test_all_rows_are_put_in_order_at_once(ann, draft):
    one, two, three = keys(draft)
    answer = ann.post(order(draft), {"rows": f"{three},{one},{two}"}, headers={"accept": "text/plain"})
    assert (answer.status_code, answer.content) == (200, b"The order is saved.")
    assert values() == [3, 1, 2]


@pytest.mark.parametrize("rows", ["", "77", "x,y", "1,2,3,4", "٣", "9" * 40])
def test_an_order_of_other_rows_is_refused(ann, draft, rows):
    before = keys(draft)
    answer = ann.post(order(draft), {"rows": rows}, headers={"accept": "text/plain"})
    assert answer.status_code == 409
    assert ann.post(order(draft), {"up": rows}).status_code == 302
    assert keys(draft) == before
    draft.refresh_from_db()
    assert draft.edits == 3


def test_what_is_submitted_is_not_reordered(ann, draft):
    take("submit", draft, by=make.user("ann"))
    page = ann.post(order(draft), {"up": keys(draft)[2]}, follow=True).content.decode()
    assert "Only a draft can be edited" in page
    assert values() == [1, 2, 3]


def test_who_edits_a_row_that_is_moved_meanwhile_meets_no_conflict(ann, draft):
    from tests.staff.test_edit import typed

    edit = reverse("staff-row", args=[draft.pk, "figures", keys(draft)[0]])
    opened = typed(ann.get(edit))
    ann.post(order(draft), {"down": keys(draft)[0]})
    assert ann.post(edit, opened | {"quote": "Mine"}).status_code == 302
    assert values() == [2, 1, 3]


def test_a_new_row_comes_last(ann):
    draft = make.draft(ClusterProfile)
    make.write(draft, ClusterStage, link=make.link("cells"), strength="gap", source=make.source(), order=7)
    add = reverse("staff-row-add", args=[draft.pk, "stages"])
    ann.post(add, {"seen": 1, "link": make.link("packs").pk, "strength": "gap", "source": make.source().pk})
    assert [row.order for row in ClusterStage.objects.all()] == [7, 8]


# Guests ---------------------------------------------------------------------------------------------------------------


def welcome(draft, *positions):
    for place, words in enumerate(positions, 1):
        said = {
            "name": Text(f"Guest {place}"),
            "position": Text(words),
            "roles": ["attend"],
            "source": make.source(),
            "order": place,
        }
        make.write(draft, Participation, **said)


def guests(client, draft):
    return client.get(reverse("staff-guests", args=[draft.pk]))


def test_guests_stand_beside_the_proposed_order_which_is_taken_by_a_button(ann):
    draft = make.draft(CeremonyRecord)
    welcome(draft, "Mayor", "Vice Mayor", "Party Secretary")
    page = guests(ann, draft)
    assert "1 guest stands elsewhere" in page.content.decode()
    assert "proposed: place 1" in page.content.decode()
    assert ann.post(order(draft, "participations"), {"rows": page.context["proposed"]}).status_code == 302
    assert [str(row.name) for row in Participation.of(draft)] == ["Guest 3", "Guest 1", "Guest 2"]
    assert "The order is the one that protocol proposes." in guests(ann, draft).content.decode()


def test_a_deviating_order_is_no_obstacle(ann):
    draft = make.draft(CeremonyRecord)
    welcome(draft, "Vice Mayor", "Mayor")
    assert take("submit", draft, by=make.user("ann")).state == "in_review"
    assert "Use the proposed order" not in guests(ann, draft).content.decode()


def test_a_guest_is_added_in_one_row_with_the_ceremonys_source(ann):
    draft = make.draft(CeremonyRecord)
    page = guests(ann, draft)
    named = {field.html_name: field.value() for field in page.context["quick"]}
    assert named["source"] == draft.source_id
    data = {
        "name_en": "Ms Li",
        "position_en": "Mayor",
        "side": "government",
        "source": named["source"],
        "seen": named["seen"],
    }
    added = ann.post(reverse("staff-row-add", args=[draft.pk, "participations"]), data)
    assert added.headers["Location"] == reverse("staff-guests", args=[draft.pk])
    assert "Ms Li" in guests(ann, draft).content.decode()


def test_other_kinds_have_no_guests(ann, draft):
    assert guests(ann, draft).status_code == 404


@pytest.mark.parametrize("items", [1, 3])
def test_queries_of_the_guests(ann, items, django_assert_num_queries):
    draft = make.draft(CeremonyRecord)
    welcome(draft, *["Mayor"] * items)
    address = reverse("staff-guests", args=[draft.pk])
    with django_assert_num_queries(13):
        assert ann.get(address).status_code == 200
