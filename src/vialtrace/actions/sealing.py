"""The donors' key as a volume of its own: who stands behind each pseudonym; sealed, on command only, on the record."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.actions.desk import Desk
from vialtrace.errors import BadInput
from vialtrace.kit.ids import canonical, digest, pseudonym
from vialtrace.store import Run, storage
from vialtrace.store.sealing import seal, unseal

KEY = "donors-key"


def sealed_key(folder: Path, desk: Desk, passphrase: str, *, why: str, run: str = "") -> bytes:
    """The key to the pseudonyms of a run's protected parties, sealed to a passphrase.

    That it was made, by whom and why, is entered in the ledger before it is given.

    Raises:
        BadInput: if the reason is missing or the passphrase too short.
        WrongOrder: if the case has no run, or came without its pseudonym key.
    """
    needs_reason(why)
    case = desk.open(folder)
    made = case.run(run)
    key = case.pseudonym_key
    listed = [{"pseudonym": pseudonym(key, party), **told} for party, told in sorted(_protected(made).items())]
    volume = seal(canonical({"run": made.digest, "protected": listed}), passphrase)
    with case.writing("export"):
        case.ledger.append(
            "disclosure",
            "donors' key sealed as a volume of its own",
            who=desk.who,
            why=why,
            payload={"run": made.digest, "n_protected": len(listed), "sha256": digest(volume)},
        )
    return volume


def needs_reason(why: str) -> None:
    """Refuse to go on without a reason, before anybody is asked for a passphrase.

    Raises:
        BadInput: if there is none.
    """
    if not why.strip():
        raise BadInput(
            "The donors' key needs a reason.", expected="A sentence after --why.", way_out="Repeat with --why."
        )


def opened_key(volume: Path, ask: Callable[[], str]) -> dict[str, Any]:
    """What a sealed volume holds: the run it is of, and who stands behind each pseudonym. It needs no case.

    ``ask`` gives the passphrase; nobody is asked for one where there is nothing to open.

    Raises:
        BadInput: if there is no such file.
        Tampered: if the passphrase is another, or a byte has changed.
    """
    if not volume.is_file():
        raise BadInput(f"There is no file {volume}.", expected="A sealed volume.", way_out="Check the path.")
    with storage(volume):
        content = volume.read_bytes()
    told: dict[str, Any] = json.loads(unseal(content, ask()))
    return told


def _protected(made: Run) -> dict[str, dict[str, Any]]:
    """Every protected party of a run with its identifiers."""
    tables = made.tables
    parties = tables["protected_party"]["party_id"]
    held = tables["party_identifier"].select(["party_id", "identifier_type", "value"])
    chosen = held.filter(pc.is_in(held["party_id"], value_set=pa.array(parties.to_pylist(), pa.string())))
    found: dict[str, dict[str, Any]] = {party: {"party": party, "identifiers": []} for party in parties.to_pylist()}
    for row in chosen.sort_by([(name, "ascending") for name in chosen.column_names]).to_pylist():
        found[row["party_id"]]["identifiers"].append([row["identifier_type"], row["value"]])
    return found
