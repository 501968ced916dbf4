"""Writing so that nothing is ever half there: whole files appear at once, or not at all.

Every write goes to a file of another name in the same folder, is flushed to the disk, and takes its name by a rename.
A failure of the disk becomes a :class:`StorageFailure` with the way out.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import get_ident

import duckdb

from vialtrace.errors import BadInput, StorageFailure

_WAYS_OUT = {
    errno.ENOSPC: ("The disk is full.", "Free some space, or move the case to a larger disk, and repeat the command."),
    errno.EDQUOT: ("The disk quota is used up.", "Free some space and repeat the command."),
    errno.EFBIG: (
        "The file grew beyond what is allowed here.",
        "Raise the limit on file size (ulimit -f) and repeat the command.",
    ),
    errno.EROFS: ("The disk is read-only.", "Copy the case to a disk that can be written."),
    errno.EACCES: (
        "Writing here is forbidden.",
        "Give yourself write permission, or copy the case to a folder of your own.",
    ),
    errno.EPERM: (
        "Writing here is forbidden.",
        "Give yourself write permission, or copy the case to a folder of your own.",
    ),
    errno.EIO: ("The disk reports an error.", "Check the disk; the case can be verified with `vialtrace verify`."),
}

# What DuckDB and SQLite say instead of an error number.
_SAID = (
    ("no space left", errno.ENOSPC),
    ("disk is full", errno.ENOSPC),
    ("disk full", errno.ENOSPC),
    ("file too large", errno.EFBIG),
    ("read-only file system", errno.EROFS),
    ("permission denied", errno.EACCES),
    ("readonly database", errno.EACCES),
    ("unable to open database", errno.EACCES),
    ("disk i/o error", errno.EIO),
)


def _failure(number: int | None, place: Path, cause: str) -> StorageFailure:
    said, way_out = _WAYS_OUT.get(number or 0, (cause, "See to the disk and repeat the command."))
    return StorageFailure(
        f"{place} cannot be written: {said}", expected="The case is as it was before.", way_out=way_out
    )


@contextmanager
def storage(place: Path) -> Iterator[None]:
    """Turn every failure of the disk inside the block into a :class:`StorageFailure` that names ``place``."""
    try:
        yield
    except duckdb.OutOfMemoryException as failure:
        raise StorageFailure(
            "There is not enough memory for this step.",
            expected="The case is as it was before.",
            way_out="Repeat the command with more --memory or fewer --threads, or free disk space for the spill.",
        ) from failure
    except (duckdb.IOException, duckdb.FatalException, sqlite3.OperationalError) as failure:
        said = str(failure).lower()
        number = next((number for words, number in _SAID if words in said), None)
        if number is None and not isinstance(failure, duckdb.IOException):
            raise
        raise _failure(number, place, str(failure)) from failure
    except OSError as failure:
        if failure.errno in _WAYS_OUT:
            raise _failure(failure.errno, Path(failure.filename or place), str(failure)) from failure
        raise


def make_folder(folder: Path) -> None:
    """Make a folder and those above it; one that is there already stays as it is.

    Raises:
        BadInput: if a file has the name, or no folder can.
        StorageFailure: if the disk forbids it.
    """
    with storage(folder):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as refusal:
            if refusal.errno in _WAYS_OUT:
                raise
            raise BadInput(
                f"{folder} cannot be a folder: {refusal.strerror}.",
                expected="A new folder, or an empty one.",
                way_out="Choose another name.",
            ) from refusal


def flush_folder(folder: Path) -> None:
    """Have the disk remember the names in ``folder``."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_file(path: Path) -> None:
    """Have the disk remember what ``path`` holds."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, content: bytes | str, *, mode: int = 0o644) -> None:
    """Write ``content`` to ``path``, whole or not at all.

    Raises:
        StorageFailure: if the disk is full, read-only, or forbids it.
    """
    # Without the name itself, which may be as long as the disk allows.
    made = path.with_name(f".{os.getpid()}-{get_ident()}.part")
    with storage(path):
        try:
            handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
            with os.fdopen(handle, "wb") as file:
                file.write(content.encode() if isinstance(content, str) else content)
                file.flush()
                os.fsync(file.fileno())
            made.replace(path)
            flush_folder(path.parent)
        finally:
            made.unlink(missing_ok=True)
