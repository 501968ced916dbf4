"""Sources as received: read-only copies by their own names, and an index of what they are and where they came from."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from vialtrace.errors import Tampered, UnreadableSource
from vialtrace.kit.file_names import given_name, plain_name
from vialtrace.kit.ids import file_digest
from vialtrace.store.atomic import flush_folder, storage, write_whole

INDEX = "index.json"

_CHUNK = 1 << 20

_FLUSHED = 64 << 20
"""Bytes after which the disk is asked to keep what was written: it does so while more is read."""


@dataclass(frozen=True)
class SheetTaken:
    """One sheet that goes into the runs: its number as a source, its name in a workbook, its mapping's file name."""

    source_no: int
    sheet: str
    mapping: str


@dataclass(frozen=True)
class SheetLeft:
    """One sheet that fits no record kind, and why."""

    sheet: str
    reason: str


@dataclass(frozen=True)
class SourceFile:
    """One file as received; ``origin`` is the name it came under, ``same_as`` an earlier file with the same bytes."""

    name: str
    sha256: str
    n_bytes: int
    added_by: str
    added_at: str
    origin: str
    taken: tuple[SheetTaken, ...]
    left: tuple[SheetLeft, ...] = ()
    same_as: str = ""


@dataclass(frozen=True)
class Copied:
    """A file as copied into the case: the name it got there, its digest and its size."""

    name: str
    sha256: str
    n_bytes: int


def read_index(folder: Path) -> tuple[SourceFile, ...]:
    """The files taken in, in order.

    Raises:
        Tampered: if the index cannot be read.
    """
    path = folder / INDEX
    if not path.exists():
        return ()
    try:
        files = json.loads(path.read_text(encoding="utf-8"))["files"]
        return tuple(
            SourceFile(
                **{
                    **each,
                    "taken": tuple(SheetTaken(**sheet) for sheet in each["taken"]),
                    "left": tuple(SheetLeft(**sheet) for sheet in each["left"]),
                }
            )
            for each in files
        )
    except (ValueError, KeyError, TypeError) as damage:
        raise Tampered(f"{path} is damaged: {damage}.", way_out="Take the case from a copy that verifies.") from damage


def _index_text(files: Sequence[SourceFile]) -> str:
    return json.dumps({"files": [asdict(each) for each in files]}, ensure_ascii=False, indent=1) + "\n"


def write_index(folder: Path, files: Sequence[SourceFile]) -> None:
    """Write the index of the files taken in."""
    write_whole(folder / INDEX, _index_text(files))


def is_index_whole(folder: Path, files: Sequence[SourceFile]) -> bool:
    """Whether the index is to the byte what it must be for these files; a case without sources has none."""
    path = folder / INDEX
    return not files if not path.exists() else path.read_bytes() == _index_text(files).encode()


def copy_in(
    path: Path, folder: Path, known: Sequence[SourceFile], told: Callable[[int], None] = lambda _: None
) -> Copied:
    """Copy a file into ``folder``, read-only, under its own name, or with a number where that name is taken.

    What no name on a disk should hold (line breaks, hidden characters, more than 200 bytes) is left out of the name.
    ``told`` hears how many bytes are copied.

    Raises:
        UnreadableSource: if the file cannot be read.
        StorageFailure: if the copy cannot be written.
    """
    made = folder / f".{os.getpid()}.part"
    try:
        source = path.open("rb")
    except OSError as refusal:
        raise UnreadableSource(
            f"{path} cannot be read: {refusal.strerror}.", expected="A file with read permission."
        ) from refusal
    with source, storage(folder):
        try:
            with made.open("wb") as target:
                sha256, size = _copied(source, target, told)
                target.flush()
                os.fsync(target.fileno())
            made.chmod(0o444)
            name = _free_name(plain_name(given_name(path)), folder, {each.name for each in known}, sha256)
            made.replace(folder / name)
            flush_folder(folder)
        finally:
            made.unlink(missing_ok=True)
    return Copied(name, sha256, size)


def _copied(source: BinaryIO, target: BinaryIO, told: Callable[[int], None]) -> tuple[str, int]:
    """Copy all of ``source``, and give its digest and size.

    The digest of a piece is worked out while it is written and the next is read, and what was written goes to the disk.
    """
    found, size, n_flushed = hashlib.sha256(), 0, 0
    digesting: Future[None] | None = None
    flushing: Future[None] | None = None
    with ThreadPoolExecutor(max_workers=2) as beside:
        while piece := source.read(_CHUNK):
            if digesting is not None:
                digesting.result()
            digesting = beside.submit(found.update, piece)
            target.write(piece)
            size += len(piece)
            told(size)
            if size - n_flushed >= _FLUSHED and (flushing is None or flushing.done()):
                if flushing is not None:
                    flushing.result()
                flushing, n_flushed = beside.submit(os.fsync, target.fileno()), size
        for each in (digesting, flushing):
            if each is not None:
                each.result()
    return found.hexdigest(), size


def _free_name(name: str, folder: Path, known: set[str], sha256: str) -> str:
    """``name``, or ``name-2`` and on: never over another file, save the same bytes left by an interrupted command."""
    stem, dot, suffix = name.partition(".") if not name.startswith(".") else (name, "", "")
    tried, number = name, 1
    while tried == INDEX or tried in known or ((folder / tried).exists() and file_digest(folder / tried) != sha256):
        number += 1
        tried = f"{stem}-{number}{dot}{suffix}"
    return tried


def check_digest(folder: Path, source: SourceFile) -> None:
    """See that a source is what it was when it was taken in.

    Raises:
        Tampered: if it is missing or changed.
    """
    path = folder / source.name
    if not path.exists():
        raise Tampered(
            f"The source {source.name} is missing.", expected=f"SHA-256 {source.sha256}.", way_out="Put the file back."
        )
    found = file_digest(path)
    if found != source.sha256:
        raise Tampered(
            f"The source {source.name} has changed since it was taken in: its SHA-256 is {found}.",
            expected=f"{source.sha256}, as of {source.added_at}.",
            way_out="Put back the file as received, or start a new case.",
        )


def stray_files(folder: Path, known: Sequence[SourceFile]) -> tuple[str, ...]:
    """Files in ``folder`` that were never taken in, by name."""
    names = {each.name for each in known} | {INDEX}
    return tuple(
        sorted(each.name for each in folder.iterdir() if each.name not in names and not each.name.startswith("."))
    )


def remove_leftovers(folder: Path) -> None:
    """Remove what killed processes left half-written; only the holder of the case's lock may call this."""
    for each in folder.glob(".*.part"):
        if each.is_dir():
            shutil.rmtree(each, ignore_errors=True)
        else:
            each.unlink(missing_ok=True)
