"""Work that may take too long, too much memory or its process with it: done in a child that the caller outlives."""

import gc
import os
import resource
import signal
from collections.abc import Callable
from typing import NoReturn

FAILED, SAID = b"-", b"+"
RESERVE = 2_000_000  # bytes


class Failure(Exception):
    """The work was not done. The words begin with "slow", "memory", "disk" or "error" and a colon."""


def in_child(work: Callable[[], str], *, seconds: int, memory: int) -> str:
    """What `work` returns in a child process of bounded time and memory (bytes), however it ends there."""
    # Not multiprocessing: it refuses to start children of a worker's own child processes.
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        bounded(work, writing, seconds, memory)
    os.close(writing)
    with open(reading, "rb") as answer:
        said = answer.read()
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if ended == 0 and said.startswith(SAID):
        return said[1:].decode()
    raise Failure(said[1:].decode(errors="replace") if ended == 0 and said else last_words(ended))


def bounded(work: Callable[[], str], writing: int, seconds: int, memory: int) -> NoReturn:
    """In the child: do it, say how it went, and end without tidying up what is the parent's."""
    ended = 1
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(seconds)  # the kernel ends the process, whatever it is doing and whoever is left
        gc.disable()  # a third faster; the process ends before its garbage matters
        said = within(memory, work)
        with open(writing, "wb", closefd=False) as pipe:
            pipe.write(said)
        ended = 0
    finally:
        os._exit(ended)  # nothing of a failure may run on in the copy of the caller


def within(memory: int, work: Callable[[], str]) -> bytes:
    """What the work says, or how it failed: told when a reserve is given back, for the telling takes memory, too."""
    reserve = [bytearray(RESERVE)]
    resource.setrlimit(resource.RLIMIT_DATA, (memory + RESERVE, memory + RESERVE))
    try:
        return SAID + work().encode()
    except BaseException as error:
        reserve.clear()
        return FAILED + failing(error).encode(errors="replace")[:1000]


def failing(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "memory: more than the limit"
    if isinstance(error, OSError):
        return f"disk: {error.strerror or error}"
    return f"error: {type(error).__name__}: {error}"


def last_words(exitcode: int) -> str:
    if exitcode == -signal.SIGALRM:
        return "slow: more than the limit"
    return f"error: the child process ended with {exitcode}"


def memory_held() -> int:
    """Bytes of data this process holds already, and a child begins with: limits count them."""
    try:
        with open("/proc/self/statm", encoding="ascii") as figures:
            return int(figures.read().split()[5]) * resource.getpagesize()
    except OSError:  # no Linux: no such figure, and no such limit either
        return 0
