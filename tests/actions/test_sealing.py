"""The donors' key: sealed, on the record, opened by its passphrase only."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from vialtrace import actions
from vialtrace.errors import BadInput, Tampered
from vialtrace.kit.clock import SystemClock
from vialtrace.kit.ids import digest
from vialtrace.store import Case, Machine
from vialtrace.store.sealing import seal, unseal

_DESK = actions.Desk("a tester", machine=Machine(2.0, 1))
_WORDS = "four unrelated words here"


def test_what_is_sealed_opens_with_its_passphrase_only() -> None:
    volume = seal(b"secret", _WORDS)
    assert b"secret" not in volume
    assert unseal(volume, _WORDS) == b"secret"
    with pytest.raises(Tampered):
        unseal(volume, _WORDS + "!")


@pytest.mark.parametrize("place", ["salt", "nonce", "content", "kdf"])
def test_a_changed_volume_does_not_open(place: str) -> None:
    told = json.loads(seal(b"secret", _WORDS))
    told[place] = ("B" if told[place][0] == "A" else "A") + told[place][1:]
    with pytest.raises(Tampered):
        unseal(json.dumps(told).encode(), _WORDS)


def test_the_key_names_every_protected_party_and_is_entered_with_its_reason(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    volume = actions.sealed_key(folder, _DESK, _WORDS, why="Order 12 of the court.")
    told = json.loads(unseal(volume, _WORDS))
    (folder.parent / "donors.key").write_bytes(volume)
    assert actions.opened_key(folder.parent / "donors.key", lambda: _WORDS) == told
    with pytest.raises(BadInput):
        actions.opened_key(folder.parent / "nothing", lambda: pytest.fail("there is nothing to open"))
    with pytest.raises(Tampered):
        actions.opened_key(folder.parent / "donors.key", lambda: _WORDS + "!")
    case = Case.open(folder, clock=SystemClock())
    protected = set(case.run().tables["protected_party"]["party_id"].to_pylist())
    assert {each["party"] for each in told["protected"]} == protected
    assert protected
    entry = case.ledger.entries("disclosure")[-1]
    assert (entry.why, entry.payload["sha256"]) == ("Order 12 of the court.", digest(volume))
    assert entry.payload["n_protected"] == len(protected)


def test_without_a_reason_or_a_fit_passphrase_nothing_is_made(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    for passphrase, why in ((_WORDS, " "), ("short", "Order 12.")):
        with pytest.raises(BadInput):
            actions.sealed_key(folder, _DESK, passphrase, why=why)
    assert not Case.open(folder, clock=SystemClock()).ledger.entries("disclosure")
