"""Many drafts begun at once are what they would be begun one by one."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from portal.lib.text import Text
from portal.publishing.models import Entry, Event, Hand, Translation, Version
from portal.publishing.workflow import Beginning, Refused, begin, begin_all, take
from projects.models import ProjectListing, StageEvent
from tests import make

pytestmark = pytest.mark.django_db


def beginnings(*slugs):
    said = {"title": Text({"zh-hans": "标题"}), "original_language": "zh-hans", "start_by": "2024-06"}
    source = make.source()
    return [Beginning(slug, dict(said), [StageEvent(stage=40, when="2023", source=source)]) for slug in slugs]


def told(draft):
    """All that is stored of a draft, without keys and times."""
    draft = ProjectListing.objects.get(pk=draft.pk)
    fields = {field.name for field in ProjectListing._meta.concrete_fields} - {
        "id",
        "version_ptr",
        "created_at",
        "entry",
    }
    return (
        {name: getattr(draft, name) for name in fields},
        list(Hand.objects.filter(version=draft).values_list("user", "did")),
        list(Translation.objects.filter(version=draft).values_list("language", "origin", "order")),
    )


def test_drafts_are_as_begin_makes_them():
    said = beginnings("one", "two")
    one, two = begin_all(ProjectListing, said, city=make.city(), by=make.user("ann"))
    alike = begin(ProjectListing, city=make.city(), slug="three", by=make.user("ann"), **said[0].said)
    assert told(one) == told(two) == told(alike)
    assert [str(one.entry), str(two.entry)] == ["project zaozhuang/one", "project zaozhuang/two"]
    assert [(event.stage, event.version_id) for event in StageEvent.objects.order_by("pk")] == [
        (40, one.pk),
        (40, two.pk),
    ]
    assert make.approved(two).is_live()


def test_trail_is_a_chain_as_ever():
    make.draft()
    begin_all(ProjectListing, beginnings("one", "two"), city=make.city(), by=make.user("ann"))
    assert [event.subject for event in Event.objects.order_by("-pk")][:2] == [
        "project zaozhuang/two",
        "project zaozhuang/one",
    ]
    call_command("verify_audit")


def test_taken_address_refuses_all_and_a_discarded_one_goes_on():
    ann = make.user("ann")
    draft = make.draft(ProjectListing, slug="one")
    with pytest.raises(Refused, match="“one” is already in use"):
        begin_all(ProjectListing, beginnings("new", "one"), city=make.city(), by=ann)
    assert Entry.objects.count() == 1
    take("discard", draft, by=ann, reason="anew")
    made = begin_all(ProjectListing, beginnings("new", "one"), city=make.city(), by=ann)
    assert [version.number for version in made] == [1, 2]


def test_who_may_not_write_and_what_may_not_be_said_are_refused():
    with pytest.raises(PermissionDenied):
        begin_all(ProjectListing, beginnings("one"), city=make.city(), by=make.user("eve"))
    bad = beginnings("one", "two")
    bad[1].said["nature"] = "odd"
    with pytest.raises(ValidationError):
        begin_all(ProjectListing, bad, city=make.city(), by=make.user("ann"))
    assert not Version.objects.exists()
