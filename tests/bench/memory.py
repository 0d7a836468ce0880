"""Memory of this process and what it started, from Linux's /proc: shared pages are counted once."""

import os
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

EVERY = 0.03  # seconds
#: Whose memory it is, by how the program's name begins.
OWNERS = {"python": "brief", "chrom": "chromium"}


def peak_of(work: Callable[[], None]) -> dict[str, float]:
    """Most megabytes each owner's processes held together while `work` ran."""
    done, peaks = threading.Event(), Counter()

    def watch() -> None:
        while not done.wait(EVERY):
            for owner, size in held().items():
                peaks[owner] = max(peaks[owner], size)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        work()
    finally:
        done.set()
        watcher.join()
    return dict(peaks)


def held() -> Counter:
    sizes: Counter = Counter()
    for pid in family(os.getpid()):
        try:
            name = Path(f"/proc/{pid}/comm").read_text()
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue  # it has ended
        owner = next((owner for begins, owner in OWNERS.items() if name.startswith(begins)), None)
        if owner:
            sizes[owner] += proportional(rollup)
    return sizes


def proportional(rollup: str) -> float:
    """Megabytes a process holds, each shared page divided among those that share it."""
    line = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) / 1000


def family(root: int) -> list[int]:
    """A process and all that descend from it."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found
