"""Which decisions are in force."""

from __future__ import annotations

from typing import Any

from vialtrace.pipeline import Decision, in_force
from vialtrace.pipeline.decisions import tables
from vialtrace.store import Entry


def _entry(seq: int, act: str, subject: str, other: str = "", *, who: str = "Wang", kind: str = "decision") -> Entry:
    payload: dict[str, Any] = {"act": act, "subject": subject, "other": other}
    return Entry(seq, "2026-01-01T00:00:00Z", who, kind, act, "because", payload, "", "")


def test_the_last_word_on_each_subject_counts_and_a_note_decides_nothing() -> None:
    told = [
        _entry(1, "accept", "N1"),
        _entry(2, "reject", "N1"),
        _entry(3, "note", "N1"),
        _entry(4, "accept", "P1", "N1"),
        _entry(5, "consultation", "N2", kind="consultation"),
    ]
    assert in_force(told) == (Decision("N1", "", "reject"), Decision("P1", "N1", "accept"))


def test_a_pair_is_one_pair_whichever_is_named_first() -> None:
    told = [_entry(1, "merge", "P2", "P1"), _entry(2, "split", "P1", "P2")]
    assert in_force(told) == (Decision("P1", "P2", "split"),)


def test_who_decided_does_not_change_what_was_decided() -> None:
    one, other = in_force([_entry(1, "accept", "N1")]), in_force([_entry(9, "accept", "N1", who="Li")])
    assert one == other
    assert one[0].key == other[0].key


def test_decisions_become_tables_even_when_there_are_none() -> None:
    assert {name: table.num_rows for name, table in tables([]).items()} == {"decision": 0, "party_decision": 0}
    made = tables(in_force([_entry(1, "merge", "P2", "P1"), _entry(2, "accept", "N1")]))
    assert made["party_decision"].to_pylist() == [{"party_a": "P1", "party_b": "P2", "act": "merge"}]
    assert made["decision"]["subject_id"].to_pylist() == ["N1"]
