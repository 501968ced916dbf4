"""One writer at a time: an advisory lock on a file of the case, let go by the system when its holder dies."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vialtrace.errors import CaseBusy
from vialtrace.kit.clock import Clock, stamp
from vialtrace.store.atomic import storage

NAME = ".lock"


@contextmanager
def held(folder: Path, *, command: str, clock: Clock) -> Iterator[None]:
    """Hold the case at ``folder`` for writing while the block runs.

    Raises:
        CaseBusy: if another process holds it; the message says which, since when, and what it does.
        StorageFailure: if the folder cannot be written.
    """
    path = folder / NAME
    with storage(path):
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as refusal:
            raise _busy(folder, path) from refusal
        about = {"pid": os.getpid(), "since": stamp(clock.now()), "command": command}
        with storage(path):
            os.ftruncate(handle, 0)
            os.pwrite(handle, json.dumps(about).encode(), 0)
        yield
    finally:
        os.close(handle)


def _busy(folder: Path, path: Path) -> CaseBusy:
    try:
        about = json.loads(path.read_text())
        holder = f"process {about['pid']} (`{about['command']}`, since {about['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        # The holder is between taking the lock and writing who it is.
        holder = "another process"
    return CaseBusy(
        f"The case {folder} is in use by {holder}.",
        expected="One process at a time may change a case.",
        way_out="Wait until it is done, or end it, and repeat the command; nothing was touched.",
    )
