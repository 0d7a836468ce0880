"""A child process says how its work failed, even when it has no memory left to say it with."""

import os

import pytest

from portal.lib import children


def filling_up():
    """To the last byte, and nothing is given back: what does not fit any more is tried again in smaller pieces."""
    global kept
    kept = None
    for size in (1_000_000, 50_000, 5_000, 400, 200, 100, 50, 10):
        try:
            while True:
                kept = (kept, bytes(size))
        except MemoryError:
            continue
    raise MemoryError


@pytest.mark.parametrize("most", [8_000_000, 20_000_000, 33_000_000, 50_000_000])
def test_work_that_used_the_last_of_its_memory_says_so(most):
    with pytest.raises(children.Failure, match="memory: more than the limit"):
        children.in_child(filling_up, seconds=20, memory=children.memory_held() + most)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (OSError(28, "No space left"), "disk: No space left"),
        (ValueError("x"), "error: ValueError: x"),
        (SystemExit(0), "error"),
    ],
)
def test_whatever_the_work_raises_is_said_and_nothing_runs_on(error, says):
    def work():
        raise error

    here = os.getpid()
    with pytest.raises(children.Failure, match=says):
        children.in_child(work, seconds=5, memory=children.memory_held() + 50_000_000)
    assert os.getpid() == here


def test_what_the_work_returns_comes_back():
    assert children.in_child(lambda: "灯塔", seconds=5, memory=children.memory_held() + 50_000_000) == "灯塔"
