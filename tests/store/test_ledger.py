"""The ledger: append-only, chained, and telling where it was touched."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vialtrace.errors import Tampered
from vialtrace.kit.clock import SteppingClock
from vialtrace.store import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(tmp_path / "decisions.db", SteppingClock(datetime(2026, 1, 1, tzinfo=UTC)))
    made.create()
    for number in range(5):
        made.append(
            "decision", f"accept N{number}", who="Wang", why="seen the parcels", payload={"subject": f"N{number}"}
        )
    return made


def _touch(ledger: Ledger, statement: str) -> None:
    database = sqlite3.connect(ledger.path)
    for name in ("entry_is_not_changed", "entry_is_not_removed"):
        database.execute(f"DROP TRIGGER {name}")
    database.execute(statement)
    database.commit()
    database.close()


def test_entries_come_back_as_they_were_entered(ledger: Ledger) -> None:
    assert [entry.what for entry in ledger.entries("decision")] == [f"accept N{number}" for number in range(5)]
    assert ledger.entries()[0].at == "2026-01-01T00:00:01Z"
    assert ledger.verify() == 5


@pytest.mark.parametrize(
    "statement", ["UPDATE entry SET why = 'no reason' WHERE seq = 3", "DELETE FROM entry WHERE seq = 3"]
)
def test_the_database_itself_refuses_changes(ledger: Ledger, statement: str) -> None:
    database = sqlite3.connect(ledger.path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        database.execute(statement)
    database.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET why = 'no reason' WHERE seq = 3",
        "UPDATE entry SET at = '2020-01-01T00:00:00Z' WHERE seq = 3",
        """UPDATE entry SET payload = '{"subject":"N9"}' WHERE seq = 3""",
        "DELETE FROM entry WHERE seq = 3",
    ],
)
def test_a_changed_or_missing_entry_breaks_the_chain_at_its_place(ledger: Ledger, statement: str) -> None:
    _touch(ledger, statement)
    with pytest.raises(Tampered, match="entry 3"):
        ledger.verify()


@pytest.mark.parametrize("column", ["payload", "why", "digest"])
@pytest.mark.parametrize("value", ["NULL", "X'a0ff'", "7"])
def test_an_entry_with_a_column_of_another_kind_is_named(ledger: Ledger, column: str, value: str) -> None:
    rows = "seq, at, who, kind, what, why, payload, previous, digest"
    told = ", ".join(value if each == column else each for each in rows.split(", "))
    _touch(ledger, f"CREATE TABLE other AS SELECT {rows} FROM entry")  # noqa: S608
    database = sqlite3.connect(ledger.path)
    database.execute("DROP TABLE entry")
    choice = f"SELECT {rows} FROM other WHERE seq <> 3 UNION ALL SELECT {told} FROM other WHERE seq = 3"  # noqa: S608
    database.execute(f"CREATE TABLE entry AS {choice}")
    database.commit()
    database.close()
    with pytest.raises(Tampered, match="entry 3"):
        ledger.verify()


def test_a_damaged_file_is_told_and_not_read(ledger: Ledger) -> None:
    ledger.path.write_bytes(b"\xff" * 8192)
    with pytest.raises(Tampered, match="damaged"):
        ledger.verify()


@pytest.mark.parametrize("left", [b"", b"no ledger at all, but a text of some length" * 30])
def test_a_ledger_that_was_overwritten_is_told_as_damage_by_whoever_reads_or_writes_it(
    tmp_path: Path, left: bytes
) -> None:
    made = Ledger(tmp_path / "decisions.db", SteppingClock(datetime(2026, 1, 1, tzinfo=UTC)))
    made.create()
    made.path.write_bytes(left)
    for act in (made.entries, made.head, made.verify, lambda: made.append("decision", "x", who="a tester")):
        with pytest.raises(Tampered, match="is damaged"):
            act()
