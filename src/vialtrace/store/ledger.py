"""The ledger of a case: what was done to it, by whom, when and why; rows are added, never changed.

Each entry carries the digest of the one before it, so that a changed, missing or inserted entry breaks the chain at
its place. The kinds of entry are those that Directive (EU) 2016/680, Article 25, asks to be logged, and decisions.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vialtrace.errors import OurBug, Tampered
from vialtrace.kit.clock import Clock, stamp
from vialtrace.kit.ids import canonical, digest, file_digest
from vialtrace.store.atomic import storage, write_whole

KINDS = ("collection", "alteration", "consultation", "disclosure", "combination", "erasure", "decision")

_FIRST = "0" * 64

_FORM = """
CREATE TABLE IF NOT EXISTS entry (
    seq INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, kind TEXT NOT NULL, what TEXT NOT NULL,
    why TEXT NOT NULL, payload TEXT NOT NULL, previous TEXT NOT NULL, digest TEXT NOT NULL UNIQUE
) STRICT;
CREATE TRIGGER IF NOT EXISTS entry_is_not_changed BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER IF NOT EXISTS entry_is_not_removed BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
"""

_COLUMNS = "seq, at, who, kind, what, why, payload, previous, digest"


@dataclass(frozen=True)
class Entry:
    """One thing done: its place in the ledger, when, who, which kind, what, why, and its particulars."""

    seq: int
    at: str
    who: str
    kind: str
    what: str
    why: str
    payload: Mapping[str, Any]
    previous: str
    digest: str


class Ledger:
    """The ledger in ``path``; reading it never writes."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Name the file and the clock; nothing is opened yet."""
        self.path = path
        self._clock = clock

    def create(self) -> None:
        """Make the file, empty."""
        with storage(self.path), self._open() as database:
            database.executescript(_FORM)

    def append(
        self, kind: str, what: str, *, who: str, why: str = "", payload: Mapping[str, Any] | None = None
    ) -> Entry:
        """Add one entry at the end of the chain.

        Raises:
            StorageFailure: if the file cannot be written.
            Tampered: if it is no ledger any more.
        """
        if kind not in KINDS:
            raise OurBug(f"The ledger knows no entries of kind {kind!r}.", expected=", ".join(KINDS))
        with self._sound(), storage(self.path), self._open() as database:
            # The lock is taken before the last entry is read: two processes can never chain to the same one.
            database.execute("BEGIN IMMEDIATE")
            last = database.execute("SELECT seq, digest FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
            seq, previous = (last[0] + 1, last[1]) if last else (1, _FIRST)
            told = (
                seq,
                stamp(self._clock.now()),
                who,
                kind,
                what,
                why,
                canonical(dict(payload or {})).decode(),
                previous,
            )
            found = _digest(told)
            database.execute(f"INSERT INTO entry ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*told, found))  # noqa: S608
            database.execute("COMMIT")
        self._seal(seq, found)
        return _entry((*told, found))

    @property
    def seal(self) -> Path:
        """The file beside the ledger that holds the digest of all its bytes after the last entry."""
        return self.path.with_suffix(".seal")

    def _seal(self, seq: int, head: str) -> None:
        """Note the digest of the whole file: the chain covers its entries, this its every byte."""
        with storage(self.seal):
            write_whole(self.seal, f"{file_digest(self.path)} {seq} {head}\n")

    @contextmanager
    def _sound(self) -> Iterator[None]:
        """Tell of a file that was cut or overwritten as damage: no command can go on with it."""
        try:
            yield
        except sqlite3.DatabaseError as damage:
            said = str(damage).lower()
            if any(words in said for words in ("no such table", "no such column", "malformed", "not a database")):
                raise self._damaged(damage) from damage
            raise

    def _damaged(self, damage: Exception) -> Tampered:
        return Tampered(f"{self.path} is damaged: {damage}.", way_out="Take the case from a copy that verifies.")

    def entries(self, kind: str | None = None) -> tuple[Entry, ...]:
        """The entries in order, or those of one kind."""
        if not self.path.exists():
            return ()
        with self._sound(), storage(self.path), self._open(read_only=True) as database:
            rows = database.execute(f"SELECT {_COLUMNS} FROM entry ORDER BY seq").fetchall()  # noqa: S608
        return tuple(_entry(row) for row in rows if kind is None or row[3] == kind)

    def head(self) -> tuple[int, str]:
        """The place and the digest of the last entry."""
        entries = self.entries()
        return (entries[-1].seq, entries[-1].digest) if entries else (0, _FIRST)

    def verify(self) -> int:
        """Follow the chain from its first entry to its last, and give their number.

        Raises:
            Tampered: naming the first entry that does not hold.
        """
        try:
            entries = self.entries()
        except (sqlite3.DatabaseError, ValueError) as damage:
            raise self._damaged(damage) from damage
        previous = _FIRST
        for place, entry in enumerate(entries, start=1):
            told = (
                entry.seq,
                entry.at,
                entry.who,
                entry.kind,
                entry.what,
                entry.why,
                canonical(entry.payload).decode(),
                entry.previous,
            )
            if entry.seq != place or entry.previous != previous or entry.digest != _digest(told):
                raise Tampered(
                    f"The ledger of the case does not hold at entry {place} ({self.path.name}).",
                    expected="Each entry carries the digest of its own content and of the entry before it.",
                    way_out="Compare with a copy of the case; what follows that entry cannot be relied on.",
                )
            previous = entry.digest
        self._check_seal(entries)
        return len(entries)

    def _check_seal(self, entries: tuple[Entry, ...]) -> None:
        """Hold every byte of the file against the seal; a seal of an earlier entry was left by a killed process."""
        if not entries or not self.seal.exists():
            return
        last = entries[-1]
        expected = f"{file_digest(self.path)} {last.seq} {last.digest}\n".encode()
        found = self.seal.read_bytes()
        is_older = any(found.endswith(f" {each.seq} {each.digest}\n".encode()) for each in entries[:-1])
        if found != expected and not (is_older and len(found) == len(expected)):
            raise Tampered(
                f"The ledger's file {self.path.name} is not the one that {self.seal.name} holds the digest of.",
                expected="The same bytes; every entry in it is whole, what lies between them has changed.",
                way_out="Take the case from a copy that verifies.",
            )

    @contextmanager
    def _open(self, *, read_only: bool = False) -> Iterator[sqlite3.Connection]:
        # A journal left by a killed process has to be rolled back, which only a writer may do.
        how = "?mode=ro" if read_only and not self.path.with_name(self.path.name + "-journal").exists() else "?mode=rwc"
        database = sqlite3.connect(self.path.absolute().as_uri() + how, uri=True, isolation_level=None, timeout=30)
        try:
            database.execute("PRAGMA synchronous = FULL")
            yield database
        finally:
            database.close()


def _digest(told: tuple[Any, ...]) -> str:
    return digest(canonical(list(told)))


def _entry(row: tuple[Any, ...]) -> Entry:
    seq, at, who, kind, what, why, payload, previous, found = row
    try:
        told = json.loads(payload)
    except (TypeError, ValueError) as damage:
        raise _unreadable(seq, damage) from damage
    texts = (at, who, kind, what, why, previous, found)
    if not (isinstance(seq, int) and isinstance(told, dict) and all(isinstance(each, str) for each in texts)):
        raise _unreadable(seq, "it is not in the form entries have")
    return Entry(seq, at, who, kind, what, why, told, previous, found)


def _unreadable(seq: object, damage: object) -> Tampered:
    return Tampered(
        f"The ledger of the case is damaged at entry {seq}: {damage}.",
        way_out="Take the case from a copy that verifies.",
    )
