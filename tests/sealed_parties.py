"""A protected party to unseal, and a ledger that takes no entry."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from vialtrace.kit.clock import SystemClock
from vialtrace.kit.ids import pseudonym
from vialtrace.store import Case

WHY = "The court asked for her as a witness."


def somebody(folder: Path) -> tuple[str, list[str]]:
    """The pseudonym of a protected party that has a phone, and its identifiers."""
    case = Case.open(folder, clock=SystemClock())
    tables = case.run().tables
    protected = set(tables["protected_party"]["party_id"].to_pylist())
    rows = [row for row in tables["party_identifier"].to_pylist() if row["party_id"] in protected]
    party = next(row["party_id"] for row in rows if row["identifier_type"] == "phone")
    return pseudonym(case.pseudonym_key, party), [row["value"] for row in rows if row["party_id"] == party]


def refuse_entries(folder: Path) -> None:
    """Make the ledger one that takes no entry, as a full disk would."""
    database = sqlite3.connect(folder / "decisions.db")
    database.execute("CREATE TRIGGER full BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    database.commit()
    database.close()
