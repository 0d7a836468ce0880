import pytest
from django.core.management import CommandError, call_command

from portal.publishing.models import Event
from tests import make

pytestmark = pytest.mark.django_db


def test_every_step_leaves_a_row():
    make.live()
    assert list(Event.objects.order_by("pk").values_list("action", "actor")) == [
        ("begin", "ann"),
        ("submit", "ann"),
        ("approve", "rob"),
    ]


def test_unbroken_trail_passes(capsys):
    make.live()
    call_command("verify_audit")
    assert capsys.readouterr().out == "3 events, unbroken.\n"


@pytest.mark.parametrize("tamper", [lambda rows: rows.update(actor="eve"), lambda rows: rows.delete()])
def test_changed_or_missing_row_is_found(tamper):
    make.live()
    middle = Event.objects.order_by("pk")[1].pk
    tamper(Event.objects.filter(pk=middle))
    with pytest.raises(CommandError):
        call_command("verify_audit")
