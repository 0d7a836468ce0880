"""The one door for edits."""

import pytest
from django.core.exceptions import PermissionDenied

from portal.lib.text import Text
from portal.publishing.models import Event, Hand, Translation
from portal.publishing.workflow import Conflict, Refused, begin, editing, take
from tests import make

pytestmark = pytest.mark.django_db


def retitle(version, title, by="ann", seen=None):
    with editing(version, by=make.user(by), seen=seen) as draft:
        draft.title = Text({"en": title, "zh-hans": "标题"})
        draft.save()


def test_edit_records_the_hand_and_the_event():
    draft = make.draft()
    retitle(draft, "New")
    assert Hand.objects.filter(version_id=draft.pk, did="wrote").count() == 1
    assert Event.objects.first().action == "edit"


def test_second_of_two_forms_opened_together_meets_a_conflict():
    draft = make.draft()
    retitle(draft, "First", seen=0)
    with pytest.raises(Conflict) as met:
        retitle(draft, "Second", seen=0)
    assert str(met.value.current.title) == "First"
    draft.refresh_from_db()
    assert (str(draft.title), draft.edits) == ("First", 1)


def save_and_fail(draft):
    with editing(draft, by=make.user("ann")) as locked:
        locked.title = Text("Half")
        locked.save()
        raise RuntimeError


def test_an_error_inside_the_door_undoes_everything():
    draft = make.draft()
    with pytest.raises(RuntimeError):
        save_and_fail(draft)
    draft.refresh_from_db()
    assert (str(draft.title), draft.edits) == ("Title zaozhuang", 0)


def test_only_drafts_are_edited():
    draft = make.draft()
    take("submit", draft, by=make.user("ann"))
    with pytest.raises(Refused):
        retitle(draft, "Late")


@pytest.mark.parametrize("name", ["eve", "rob", "olga"])
def test_only_editors_of_the_city_edit(name):
    draft = make.draft()
    with pytest.raises(PermissionDenied):
        retitle(draft, "Mine", by=name)


def test_address_in_use_is_refused():
    make.draft()
    with pytest.raises(Refused):
        make.draft()


def test_nobody_begins_for_another_city():
    with pytest.raises(PermissionDenied):
        begin(make.CityProfile, city=make.city("zibo"), slug="zibo", by=make.user("ann"), title=Text("Zibo"))


def test_translation_falls_behind_when_the_original_moves_on_and_catches_up_when_confirmed():
    draft = make.draft()
    make.write(draft, Translation, language="en", origin="human")
    behind = Translation.objects.filter(version_id=draft.pk, language="en").values_list("behind", flat=True)
    assert list(behind.all()) == [False]
    with editing(draft, by=make.user("ann")) as locked:
        locked.summary = Text({"zh-hans": "新的一句"})
        locked.save()
    assert list(behind.all()) == [True]
    with editing(draft, by=make.user("ann")) as locked:
        locked.translations.filter(language="en").update(source_digest="")
    assert list(behind.all()) == [False]


def test_translation_does_not_fall_behind_when_only_it_changes():
    draft = make.draft()
    make.write(draft, Translation, language="en", origin="human")
    with editing(draft, by=make.user("ann")) as locked:
        locked.title = Text({**locked.title, "en": "Better English"})
        locked.save()
    assert Translation.objects.get(version_id=draft.pk, language="en").behind is False
