"""Files that are there whole or not at all."""

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path

READABLE = 0o644  # mkstemp's 0600 would keep it from a web server


def put(path: Path, content: bytes) -> str:
    """Write the file in one step, over what stands there. Returns its SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f".{path.stem}-*"):
        left.unlink(missing_ok=True)  # by a process that was killed at this point
    descriptor, name = tempfile.mkstemp(prefix=f".{path.stem}-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, READABLE)
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise
    return hashlib.sha256(content).hexdigest()
