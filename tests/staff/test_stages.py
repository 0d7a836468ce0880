"""A project's next stage in one short form: what is asked, what is refused, and that four eyes still decide."""

import pytest
from django.urls import reverse

from portal.cities.models import Membership, User
from portal.lib.text import Text
from portal.publishing.clock import database_now
from portal.publishing.models import Translation, Version
from portal.publishing.workflow import editing, steps_for, take
from projects.ledger import ledger
from projects.models import Progress, ProjectListing, Stage, StageEvent
from tests import make

pytestmark = pytest.mark.django_db

SAID = {
    "stage": Stage.STARTED.value,
    "when": "2024-05",
    "evidence_en": "Permit 12",
    "evidence_zh-hans": "许可证12",
    "submit": "on",
}


@pytest.fixture
def ann(client):
    client.force_login(make.user("ann"))
    return client


@pytest.fixture
def signed():
    return project((Stage.SIGNED, "2023-06"))


def project(*stages, slug="one", **said):
    draft = make.draft(ProjectListing, slug=slug, **said)
    for stage, when in stages:
        make.stage(draft, stage, when=when)
    make.write(draft, Translation, language="en", origin="human")
    return make.approved(draft)


def address(version):
    return reverse("staff-stage-update", args=[version.entry_id])


def form(client, version):
    return client.get(address(version)).context["form"]


def report(client, version, **said):
    """What a browser would post."""
    opened = form(client, version)["opened"].value()
    data = {"opened": opened, "source": make.source().pk} | SAID | said
    return client.post(address(version), {name: value for name, value in data.items() if value is not None})


def errors(response):
    return set(response.context["form"].errors)


def newest(version):
    return ProjectListing.objects.filter(entry=version.entry).order_by("-number").with_stage().first()


def test_a_stage_is_reported_and_submitted_in_one_step(ann, signed):
    response = report(ann, signed)
    assert response["Location"] == reverse("staff-stages")
    version = newest(signed)
    assert (version.number, version.state, version.stage) == (2, "in_review", Stage.STARTED)
    assert version.note["en"] == "construction started, May 2024"
    assert version.note["zh-hans"].startswith("开工")
    assert version.note["zh-hans"].endswith("2024年5月")
    events = [(event.stage, str(event.when)) for event in version.stage_events.all()]
    assert events == [(Stage.SIGNED, "2023-06"), (Stage.STARTED, "2024-05")]  # what was reported before is kept
    assert version.stage_events.get(stage=Stage.STARTED).evidence == {"en": "Permit 12", "zh-hans": "许可证12"}
    assert not version.translations.filter(behind=True).exists()  # it was said in both languages
    assert Progress.objects.get(version__entry=signed.entry).stage == Stage.SIGNED  # the public page says so still
    take("approve", version, by=make.user("rob"))
    assert Progress.objects.get(version=version).stage == Stage.STARTED


def test_who_reported_it_does_not_approve_it(ann, signed):
    Membership.objects.create(user=make.user("ann"), city=signed.city, role="reviewer")
    make.second_factor(make.user("ann"))
    report(ann, signed)
    assert "approve" not in [step.name for step in steps_for(newest(signed), make.user("ann"))]


def test_evidence_in_one_language_leaves_the_translation_behind(ann, signed):
    report(ann, signed, evidence_en="")
    assert newest(signed).translations.filter(language="en", behind=True).exists()


def test_the_next_stage_is_offered(ann):
    for slug, stage, offered in (("a", Stage.SIGNED, 50), ("b", Stage.LAND, 50), ("c", Stage.STARTED, 60)):
        assert form(ann, project((stage, "2023"), slug=slug))["stage"].value() == offered
    assert form(ann, project((Stage.FULL, "2023"), slug="d"))["stage"].value() is None


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"when": ""}, {"when"}),
        ({"when": "soon"}, {"when"}),
        ({"when": "XXXX-05"}, {"when"}),
        ({"when": "2999-01"}, {"when"}),  # in the future
        ({"when": "2023-05"}, {"when"}),  # before it was signed
        ({"when": "2023"}, set()),  # may have been after
        ({"stage": 70, "passes_over": "on", "evidence_en": "", "evidence_zh-hans": ""}, {"evidence"}),
        ({"stage": 80, "passes_over": "on", "evidence_en": "", "evidence_zh-hans": ""}, {"evidence"}),
        ({"evidence_en": "", "evidence_zh-hans": ""}, set()),
        ({"stage": 70}, {"passes_over"}),
        ({"stage": 70, "passes_over": "on"}, set()),
        ({"stage": 48}, set()),  # by the way
        ({"stage": 30}, {"stage"}),  # backwards
        ({"stage": 40}, {"stage"}),
        ({"stage": "x"}, {"stage"}),
        ({"stage": -1}, {"note"}),  # cancelled, without a reason
        ({"stage": -1, "note_en": "The investor withdrew"}, set()),
        ({"source": ""}, {"source"}),
        ({"evidence_en": "x" * 201}, {"evidence"}),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(ann, signed, said, wrong):
    response = report(ann, signed, **said)
    assert (errors(response) if wrong else response.status_code) == (wrong or 302)
    assert newest(signed).number == (1 if wrong else 2)
    if wrong:
        assert "许可证12" in response.content.decode() or "evidence_zh-hans" in said  # nothing is lost


def test_passing_over_is_asked_only_when_it_happens(ann, signed):
    assert "passes_over" not in ann.get(address(signed)).content.decode()
    asked = report(ann, signed, stage=70)
    assert "construction started, under construction" in asked.content.decode()
    assert 'name="passes_over"' in asked.content.decode()


def test_another_offices_source_is_no_choice(ann, signed):
    foreign = make.source("foreign", city=make.city("zibo"))
    assert errors(report(ann, signed, source=foreign.pk)) == {"source"}


def test_kept_as_a_draft_when_asked(ann, signed):
    response = report(ann, signed, submit=None)
    assert response["Location"] == reverse("staff-version", args=[newest(signed).pk])
    assert newest(signed).state == "draft"


def test_somebodys_draft_is_named_and_added_to_only_when_said(ann, signed):
    amy = User.objects.create_user("amy", "amy@example.org", make.PASSWORD)
    Membership.objects.create(user=amy, city=signed.city, role="editor")
    draft = take("revise", signed, by=amy)
    page = ann.get(address(signed))
    assert "begun by amy" in page.content.decode()
    assert page.context["form"]["submit"].value() is False  # another's unfinished words are not submitted by the way
    assert errors(report(ann, signed)) == {"add_to_draft"}
    report(ann, signed, add_to_draft="on", submit=None)
    assert (newest(signed).pk, newest(signed).stage) == (draft.pk, Stage.STARTED)
    assert set(newest(signed).hands.values_list("user__username", flat=True)) == {"amy", "ann"}


def test_what_the_draft_says_already_is_added_to(ann, signed):
    draft = make.revised(signed)
    ProjectListing.objects.filter(pk=draft.pk).update(note={"en": "New name", "zh-hans": "更名"})
    report(ann, signed, add_to_draft="on")
    assert newest(signed).note["en"] == "New name; construction started, May 2024"


def test_a_note_without_room_for_more_stays_as_it_is(ann, signed):
    full = Text({"en": "x" * 195, "zh-hans": "变" * 195})
    with editing(make.revised(signed), by=make.user("ann")) as draft:
        draft.note = full
        draft.save()
    assert report(ann, signed, add_to_draft="on").status_code == 302
    assert (newest(signed).stage, newest(signed).note) == (Stage.STARTED, full)


def test_what_the_draft_says_wrong_elsewhere_is_said(ann, signed):
    with editing(make.revised(signed), by=make.user("ann")) as draft:
        draft.title = Text({"en": "x" * 300})
        draft.save()
    refused = report(ann, signed, add_to_draft="on")
    assert (refused.status_code, errors(refused)) == (422, {"__all__"})
    assert newest(signed).stage == Stage.SIGNED


def test_what_is_submitted_is_waited_for(ann, signed):
    report(ann, signed)
    page = ann.get(address(signed)).content.decode()
    assert "submitted already" in page
    assert 'name="when"' not in page
    response = ann.post(address(signed), SAID | {"stage": 60, "source": make.source().pk})
    assert response.status_code == 409
    assert StageEvent.objects.filter(stage=60).count() == 0


def test_a_second_click_reports_once(ann, signed):
    opened = form(ann, signed)["opened"].value()
    data = SAID | {"opened": opened, "source": make.source().pk}
    for _click in range(2):
        assert ann.post(address(signed), data).status_code == 302
    assert StageEvent.objects.filter(stage=50).count() == 1


def test_who_saved_first_is_not_written_over(ann, signed):
    draft = make.revised(signed)
    opened = form(ann, signed)["opened"].value()
    make.figure(draft)
    data = SAID | {"opened": opened, "source": make.source().pk, "add_to_draft": "on"}
    late = ann.post(address(signed), data)
    assert late.status_code == 409
    assert "Permit 12" in late.content.decode()
    again = data | {"opened": late.context["form"]["opened"].value()}
    assert ann.post(address(signed), again).status_code == 302


def test_a_doubt_keeps_it_a_draft_and_says_why(ann):
    version = project((Stage.SIGNED, "2023-06"))
    draft = make.revised(version)
    make.figure(draft, as_of="XXXX-08-26")
    response = report(ann, version, add_to_draft="on")
    assert response["Location"] == reverse("staff-version", args=[draft.pk])
    assert newest(version).state == "draft"
    assert "not submitted yet" in ann.get(response["Location"]).content.decode()


def test_a_cancelled_project_is_not_moved_on(ann):
    page = ann.get(address(project((Stage.SIGNED, "2020"), (Stage.CANCELLED, "2021"))))
    assert 'name="when"' not in page.content.decode()


def test_only_public_projects_have_the_form(ann):
    draft = make.draft(ProjectListing)
    assert ann.get(address(draft)).status_code == 404
    assert ann.get(reverse("staff-stage-update", args=[make.live().entry_id])).status_code == 404


# The list -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def four():
    project((Stage.SIGNED, "2020-06"), slug="a", title=make.Text({"en": "Alumina"}))
    project((Stage.SIGNED, "2022"), (Stage.STARTED, "2023"), slug="b", finish_by="2024")
    project((Stage.SIGNED, "2022"), (Stage.PRODUCING, "2023"), slug="c")
    project((Stage.STARTED, "2023"), slug="d")


@pytest.mark.parametrize(
    ("asked", "slugs"),
    [
        ({}, "abcd"),
        ({"reached": "signed"}, "abcd"),
        ({"reached": "started"}, "bcd"),
        ({"reached": "producing"}, "c"),
        ({"reached": "late"}, "ab"),
        ({"year": "2022"}, "bc"),
        ({"year": "none"}, "d"),
        ({"year": "2022", "reached": "started"}, "bc"),
        ({"q": "alumina"}, "a"),
        ({"year": "20x2", "reached": "nonsense"}, "abcd"),
    ],
)
def test_the_list_is_filtered(ann, four, asked, slugs):
    page = ann.get(reverse("staff-stages"), asked).context["page_obj"]
    assert "".join(row.version.entry.slug for row in page.object_list) == slugs
    assert page.paginator.count == len(slugs)


def test_the_lists_numbers_are_the_ledgers(ann, four):
    for row in ledger(database_now(), [make.city()]):
        for column in ("signed", "started", "producing", "cancelled", "unpriced"):
            page = ann.get(reverse("staff-stages"), {"year": row.year or "none", "reached": column})
            assert page.context["page_obj"].paginator.count == getattr(row, column), (row, column)


def test_the_list_is_of_the_own_cities(client, four):
    client.force_login(make.user("eve"))
    assert client.get(reverse("staff-stages")).context["page_obj"].paginator.count == 0


def test_who_does_not_write_sees_no_button(client, four):
    client.force_login(make.user("lee"))
    page = client.get(reverse("staff-stages")).content.decode()
    assert "Alumina" in page
    entry = Version.objects.get(entry__slug="a").entry
    assert reverse("staff-stage-update", args=[entry.pk]) not in page


@pytest.mark.parametrize("items", [1, 3])
def test_the_list_asks_as_often_for_three_as_for_one(ann, items, django_assert_num_queries):
    for number in range(items):
        project((Stage.SIGNED, "2020"), slug=f"p{number}")
    with django_assert_num_queries(13):
        ann.get(reverse("staff-stages"))


@pytest.mark.parametrize("items", [1, 3])
def test_the_form_asks_as_often_for_three_stages_as_for_one(ann, items, django_assert_num_queries):
    version = project(*[(stage, "2020") for stage in (Stage.IN_TALKS, Stage.INTENT, Stage.SIGNED)[:items]])
    with django_assert_num_queries(13):
        ann.get(address(version))
