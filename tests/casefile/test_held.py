"""What is held of a run is what would be read again, within its bounds, and never another run's or another key's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from vialtrace import actions
from vialtrace.casefile.held import Held
from vialtrace.casefile.scrub import scrubber
from vialtrace.casefile.shelf import Shelf
from vialtrace.casefile.veil import veil
from vialtrace.casefile.wording import words
from vialtrace.kit.clock import SystemClock
from vialtrace.kit.ids import pseudonym
from vialtrace.store import Case, Machine


def test_what_was_asked_for_longest_ago_goes_first_and_the_bound_holds() -> None:
    held, made = Held(100), []

    def ask(key: str, n: int = 40) -> str:
        return held.get(key, lambda: made.append(key) or key, lambda _: n)

    assert [ask("a"), ask("b"), ask("a"), ask("c"), ask("a"), ask("b")] == ["a", "b", "a", "c", "a", "b"]
    assert made == ["a", "b", "c", "b"]
    assert held.n_bytes <= 100
    ask("huge", 51)
    ask("huge", 51)
    assert made[-2:] == ["huge", "huge"]
    assert held.n_bytes <= 100


def test_pages_tell_the_same_from_what_is_held_as_from_what_is_read(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    desk, machine = actions.Desk("x", machine=Machine(2.0, 1)), Machine(2.0, 1)
    network = actions.case_told(folder, desk)["networks"][0]["network_id"]
    first = actions.network_told(folder, network, desk)
    n_bytes = desk.held.n_bytes
    assert n_bytes > 0
    member = first["members"][0]["party_id"]
    party = actions.party_told(folder, member, desk)
    for again in (desk, actions.Desk("x", machine=machine)):
        assert actions.network_told(folder, network, again) == first
        assert actions.party_told(folder, member, again) == party


def test_another_run_or_another_key_is_never_answered_from_what_is_held(run_case: Path) -> None:
    case = Case.open(run_case, clock=SystemClock())
    tables, held = case.run().tables, Held()
    one, other = (Shelf(tables, name, held) for name in ("one run", "another run"))
    network = one.arrow("network")["network_id"][0].as_py()
    protected = one.arrow("protected_party")["party_id"].to_pylist()
    held_by = one.rows("party_identifier", "party_id", protected)
    donor, text = next((row["party_id"], row["value"]) for row in held_by if row["identifier_type"] == "phone")
    first = veil(one, network, pseudonym=lambda party: pseudonym(b"k" * 32, party))
    second = veil(one, network, pseudonym=lambda party: pseudonym(b"l" * 32, party))
    assert first.called(donor) != second.called(donor)
    shown = [scrubber(one, each, [donor], words()).scrub(text) for each in (first, second)]
    assert shown[0] != shown[1]
    assert first.called(donor) in shown[0]
    assert veil(one, network, pseudonym=lambda party: pseudonym(b"k" * 32, party)) is first
    assert veil(other, network, pseudonym=lambda party: pseudonym(b"k" * 32, party)) is not first
