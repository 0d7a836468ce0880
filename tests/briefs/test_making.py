"""The job: claimed by one, tried three times, ended at its limits, never half a file."""

import errno
import os
import signal
import time

import pytest

from portal.briefs import drawing, making
from portal.briefs.models import Brief
from portal.lib.jobs import State
from portal.publishing.clock import database_now

from . import asking

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def files(settings):
    return sorted(path.name for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())


def now_due():
    Brief.objects.update(next_try=database_now(), lease_until=database_now())


def test_a_brief_is_made(settings):
    brief = asking.brief()
    assert making.make_next() is False
    brief.refresh_from_db()
    assert (brief.state, brief.tries, brief.error) == (State.DONE, 1, "")
    assert files(settings) == [f"{brief.code}.pdf"]


def test_a_second_delivery_finds_nothing_to_do():
    brief = asking.brief()
    making.make_next()
    written = brief.path.stat().st_mtime_ns
    making.make_next()
    assert brief.path.stat().st_mtime_ns == written
    assert Brief.objects.get().tries == 1


def test_a_claimed_brief_is_nobody_elses():
    asking.brief()
    assert Brief.objects.claim_next(database_now())
    assert Brief.objects.claim_next(database_now()) is None
    now_due()  # its lease has ended
    assert Brief.objects.claim_next(database_now()).tries == 2


def test_the_longest_waiting_comes_first():
    first, second = asking.brief(), asking.brief("zh-hans", of=Brief.objects.get().city)
    assert making.make_next() is True
    assert [Brief.objects.get(pk=one.pk).state for one in (first, second)] == [State.DONE, State.QUEUED]


def test_a_late_worker_changes_nothing():
    asking.brief()
    late = Brief.objects.claim_next(database_now())
    now_due()
    asking_again = Brief.objects.claim_next(database_now())
    assert not late.fail("late", database_now())
    assert asking_again.finish(digest="x")
    assert Brief.objects.get().state == State.DONE


def test_a_poison_brief_is_parked_and_the_next_one_made():
    poison = asking.brief()
    Brief.objects.update(snapshot=poison.snapshot | {"chart": {"poison": True}})
    for _try in range(5):
        making.make_next()
        now_due()
    poison.refresh_from_db()
    assert (poison.state, poison.tries) == (State.FAILED, 3)
    assert poison.error.startswith("error: KeyError")
    other = asking.brief("zh-hans", of=poison.city)
    making.make_next()
    other.refresh_from_db()
    assert other.state == State.DONE


def test_a_brief_whose_workers_were_stopped_is_made_all_the_same():
    brief = asking.brief()
    for _try in range(5):
        assert Brief.objects.claim_next(database_now())
        now_due()
    making.make_next()
    brief.refresh_from_db()
    assert (brief.state, brief.tries) == (State.DONE, 6)


def test_a_brief_whose_workers_always_die_is_parked():
    brief = asking.brief()
    for _try in range(Brief.most_tries):
        assert Brief.objects.claim_next(database_now())
        now_due()
    assert Brief.objects.claim_next(database_now()) is None
    brief.refresh_from_db()
    assert brief.state == State.FAILED
    assert brief.reason == "The server was interrupted each time it drew it."


def test_a_full_disk_leaves_no_part_of_a_file(settings, monkeypatch):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    brief = asking.brief()
    monkeypatch.setattr(os, "fsync", full)
    making.make_next()
    brief.refresh_from_db()
    assert (brief.state, brief.error) == (State.QUEUED, "disk: No space left on device")
    assert brief.reason == "The server has no room to store the file."
    assert files(settings) == []
    monkeypatch.undo()
    now_due()
    making.make_next()
    brief.refresh_from_db()
    assert brief.state == State.DONE


def test_what_a_killed_process_left_is_removed(settings):
    brief = asking.brief()
    brief.path.parent.mkdir()
    (brief.path.parent / f".{brief.code}-left").write_text("half")
    making.make_next()
    assert files(settings) == [f"{brief.code}.pdf"]


def test_drawing_is_ended_at_its_time(settings):
    settings.BRIEF_SECONDS = 1
    began = time.monotonic()
    with pytest.raises(drawing.Failure, match="slow"):
        drawing.in_child(lambda: time.sleep(30))
    assert time.monotonic() - began < 5


def test_drawing_is_ended_at_its_memory(settings):
    settings.BRIEF_MEMORY = 400_000_000
    with pytest.raises(drawing.Failure, match="memory"):
        drawing.in_child(lambda: str(len(bytearray(600_000_000))))


def test_a_crash_of_the_renderer_is_an_error():
    with pytest.raises(drawing.Failure, match="ended with -9"):
        drawing.in_child(lambda: str(os.kill(os.getpid(), signal.SIGKILL)))
