"""Say who stands behind one pseudonym: to a named person, for a reason, and on the record before anything is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vialtrace.actions.desk import Desk
from vialtrace.casefile.shelf import Shelf
from vialtrace.errors import BadInput, UnknownName
from vialtrace.kit.ids import pseudonym

_SHORTEST_REASON = 10


def unseal(folder: Path, name: str, desk: Desk, *, why: str) -> dict[str, Any]:
    """The identifiers of one protected party, by its pseudonym.

    The entry in the ledger is made first; where it cannot be, nothing is told. It holds the pseudonym, never the
    identifiers.

    Raises:
        BadInput: if the reason is missing or too short to be one.
        UnknownName: if no protected party of the last run has that pseudonym.
        StorageFailure: if the ledger cannot be written.
        WrongOrder: if the case has no run, or came without its pseudonym key.
    """
    if len(why.strip()) < _SHORTEST_REASON:
        raise BadInput(
            "To unseal somebody needs a reason.",
            expected=f"A sentence of at least {_SHORTEST_REASON} characters; it is kept.",
            way_out="Say what it is needed for.",
        )
    case = desk.open(folder)
    made = case.run()
    key = case.pseudonym_key
    shelf = Shelf(made.tables)
    asked = name.strip()
    found = next(
        (each for each in shelf.arrow("protected_party")["party_id"].to_pylist() if pseudonym(key, each) == asked), None
    )
    if found is None:
        raise UnknownName("protected party", asked, [], way_out="Take the pseudonym as the pages show it.")
    case.ledger.append(
        "disclosure", f"unsealed {asked}", who=desk.who, why=why, payload={"run": made.digest, "pseudonym": asked}
    )
    held = shelf.rows("party_identifier", "party_id", [found])
    return {
        "pseudonym": asked,
        "identifiers": [{"type": each["identifier_type"], "value": each["value"]} for each in held],
    }
