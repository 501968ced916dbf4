"""What readers of standard messages share: entries, the sheet they make, and how they are staged.

A message names its own fields, so its sheet has the fields of a record kind as headers. A row's number is where its
entry stands: the byte it begins at in EDIFACT and XML, its place in the list or its line in JSON.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from vialtrace.errors import UnreadableSource
from vialtrace.model.mapping import Sheet
from vialtrace.sources.text import MAX_EXPANSION, broken_gzip, is_gzip, open_bytes
from vialtrace.sources.writing import Staged, StagedWriter

MAX_MESSAGE = 1 << 29
"""Messages that are held whole in memory may be this long: passenger lists come one flight at a time."""

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Entry:
    """One entry of a message: where it stands, its values by header, and what is wrong with it.

    A problem is the reason, then what the row says after a colon.
    """

    row_no: int
    cells: Mapping[str, str]
    problem: str | None = None
    table: str = ""


Reader = Callable[[Path], Iterator[Entry]]


def sheet_of(
    path: Path, form: str, kind: str, headers: tuple[str, ...], entries: Iterable[Entry], n_sample: int, name: str = ""
) -> Sheet:
    """The sheet of a message that holds one record kind; its entries are read to the end, so that damage shows now."""
    sample: list[tuple[str, ...]] = []
    n_rows = 0
    for entry in entries:
        n_rows += 1
        if len(sample) < n_sample and entry.problem is None:
            sample.append(tuple(entry.cells.get(header, "") for header in headers))
    return Sheet(path.name, name, form, "", "", 0, n_rows, headers, tuple(sample), kind=kind)


def no_kind(path: Path, form: str, name: str, why: str, n_rows: int) -> Sheet:
    """A sheet that holds no record kind, and why."""
    return Sheet(path.name, name, form, "", "", 0, n_rows, ("entry",), (), why_not=why)


def stage_entries(entries: Iterable[Entry], sheet: Sheet, target: Path) -> Staged:
    """Stage the entries that belong to ``sheet``."""
    with StagedWriter(target, len(sheet.headers), 0) as writer:
        for entry in entries:
            if entry.table == sheet.sheet:
                cells = [entry.cells.get(header, "").replace("\x00", "") or None for header in sheet.headers]
                writer.add(entry.row_no, cells, entry.problem)
    return writer.staged


def chunks_of(path: Path) -> Iterator[bytes]:
    """A file's decompressed bytes, in pieces.

    Raises:
        UnreadableSource: it is damaged gzip, or grows like a decompression bomb.
    """
    allowed = max(MAX_MESSAGE, MAX_EXPANSION * path.stat().st_size) if is_gzip(path) else None
    n_bytes = 0
    try:
        with open_bytes(path) as file:
            while chunk := file.read(_CHUNK):
                n_bytes += len(chunk)
                if allowed is not None and n_bytes > allowed:
                    raise UnreadableSource(
                        f"{path.name} grows more than {MAX_EXPANSION} times when decompressed.",
                        expected="A compressed message grows 5 to 100 times.",
                        way_out="If you trust it, decompress it yourself and add the result.",
                    )
                yield chunk
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise broken_gzip(path) from error


def whole(path: Path) -> bytes:
    """A file's decompressed bytes.

    Raises:
        UnreadableSource: there are more than a message may have.
    """
    parts: list[bytes] = []
    n_bytes = 0
    for chunk in chunks_of(path):
        n_bytes += len(chunk)
        if n_bytes > MAX_MESSAGE:
            raise UnreadableSource(
                f"{path.name} is one message of more than {MAX_MESSAGE >> 20} MB.",
                expected="A message of one flight, one statement or one shipment.",
                way_out="Split it where one message ends and the next begins.",
            )
        parts.append(chunk)
    return b"".join(parts)
