"""A watch list a person can read: what matches, what does not, and what is said."""

from __future__ import annotations

from typing import Any

import ibis
import pyarrow as pa
import pytest

from vialtrace import screen
from vialtrace.model import table
from vialtrace.screen import Lookup, Sighting, beside, candidates, matches, supports, watching
from vialtrace.screen.telling import _texts
from vialtrace.store.form import arrow_schema

MULE = {"network_id": "N1", "party_id": "P1", "member_id": "P1", "called": "张三丰", "role": "mule"}
NOBODY = {"network_id": "N1", "party_id": "", "member_id": "", "called": None, "role": ""}


def _watched(
    of: dict[str, Any], what: str, value: str, rule: str = "none", *, is_support: bool = False
) -> dict[str, Any]:
    more = {"n_rows": 2, "row_ids": [1, 2], "from_on": None, "to_on": None}
    return {**of, "what": what, "value": value, "rule": rule, "is_support": is_support, **more}


WATCH = pa.Table.from_pylist(
    [
        _watched(MULE, "phone", "+8613812345678"),
        _watched(MULE, "phone", "+8613900000000", "fits"),
        _watched(MULE, "phone", "+8613777777777", "full"),
        _watched(MULE, "account", "6222****1234", "fits"),
        _watched(MULE, "document", "C12345678"),
        _watched({**NOBODY, "role": "hub"}, "address", "深圳市福田区1栋"),
        _watched({**NOBODY, "role": "hub"}, "address", "深圳市快递站", "fits"),
        _watched(NOBODY, "amount", "2500.0000", is_support=True),
    ],
    schema=arrow_schema(table("watch")),
)
NAMES = pa.Table.from_pylist(
    [
        {"network_id": "N1", "party_id": party, "name_key": "张三丰", "starts": None, "ends": None}
        for party in ("P1", "")
    ],
    schema=arrow_schema(table("watch_name")),
)

SEEN = {
    "the very number": (Sighting("receiver_phone", "phone", "+8613812345678", True, None), True),
    "another number": (Sighting("receiver_phone", "phone", "+8613812345679", True, "张三丰"), False),
    "a document in the place of a phone": (
        Sighting("document_no", "document", "+8613812345678", True, None),
        False,
    ),
    "a shared phone and the name": (
        Sighting("sender_phone", "phone", "+8613900000000", True, "张三丰"),
        True,
    ),
    "a shared phone and a masked name that fits": (
        Sighting("sender_phone", "phone", "+8613900000000", True, "张*"),
        True,
    ),
    "a shared phone and another's name": (
        Sighting("sender_phone", "phone", "+8613900000000", True, "李四"),
        False,
    ),
    "a shared phone and no name": (Sighting("sender_phone", "phone", "+8613900000000", True, None), False),
    "a shared phone in an advert": (Sighting("text", "phone", "+8613900000000", False, None), True),
    "a donor's phone and the member's name": (
        Sighting("sender_phone", "phone", "+8613777777777", True, "张三丰"),
        True,
    ),
    "a donor's phone and a name that fits": (
        Sighting("sender_phone", "phone", "+8613777777777", True, "张*"),
        False,
    ),
    "a donor's phone and the donor": (
        Sighting("sender_phone", "phone", "+8613777777777", True, "王五"),
        False,
    ),
    "a donor's phone in an advert": (Sighting("text", "phone", "+8613777777777", False, None), False),
    "a masked phone and the name": (
        Sighting("sender_phone", "phone", "+86138****5678", True, "张三丰"),
        True,
    ),
    "a masked phone and a masked name": (
        Sighting("sender_phone", "phone", "+86138****5678", True, "张*丰"),
        True,
    ),
    "a masked phone alone": (Sighting("sender_phone", "phone", "+86138****5678", True, None), False),
    "a masked phone that shows too little": (
        Sighting("sender_phone", "phone", "+86*******5678", True, "张三丰"),
        False,
    ),
    "a masked phone with another end": (
        Sighting("sender_phone", "phone", "+86138****5679", True, "张三丰"),
        False,
    ),
    "a whole account behind a masked one": (
        Sighting("payee_account", "account", "622200001234", True, "张三丰"),
        True,
    ),
    "the same, longer": (Sighting("payee_account", "account", "6222000001234", True, "张三丰"), False),
    "a hub": (Sighting("receiver_address", "address", "深圳市福田区1栋", True, "王五"), True),
    "a courier station and a stranger": (
        Sighting("receiver_address", "address", "深圳市快递站", True, "王五"),
        False,
    ),
    "a courier station and a member": (
        Sighting("receiver_address", "address", "深圳市快递站", True, "张三丰"),
        True,
    ),
    "a trait alone": (Sighting("amount", "amount", "2500.0000", False, None), False),
}


def _rows(seen: list[tuple[int, Sighting]]) -> pa.Table:
    return pa.table(
        {
            "row_id": pa.array([row for row, _ in seen], pa.int64()),
            **{
                name: pa.array(
                    [getattr(each, name) for _, each in seen], pa.bool_() if name == "has_name" else pa.string()
                )
                for name in ("field", "what", "seen", "has_name", "name")
            },
        }
    )


def _matched(seen: list[tuple[int, Sighting]]) -> pa.Table:
    sightings, watch = ibis.memtable(_rows(seen)), ibis.memtable(WATCH)
    shown = matches(candidates(sightings, watch), ibis.memtable(NAMES))
    found = shown.union(supports(beside(sightings, shown), watch).select(*shown.columns))
    return ibis.duckdb.connect().to_pyarrow(found)


@pytest.mark.parametrize("what", SEEN)
def test_a_record_matches_or_does_not_both_ways(what: str) -> None:
    sighting, is_match = SEEN[what]
    assert bool(_matched([(1, sighting)]).num_rows) is is_match
    assert bool(Lookup(WATCH, NAMES)([sighting])) is is_match


def test_a_trait_counts_beside_an_identifier_of_the_same_network_only() -> None:
    amount = Sighting("amount", "amount", "2500.0000", False, None)
    member = Sighting("document_no", "document", "C12345678", True, None)
    found = _matched([(1, amount), (1, member), (2, amount)]).sort_by("what").to_pylist()
    assert [(row["row_id"], row["what"]) for row in found] == [(1, "amount"), (1, "document")]
    assert len(Lookup(WATCH, NAMES)([amount, member])) == 2


def test_clients_who_meet_at_a_new_account_tell_the_account_and_nobody_else() -> None:
    clients = {f"客户{number}": ["N1"] for number in range(20)}
    meeting = [(number, "account", "6222", f"客户{number}") for number in range(5)]
    meeting += [(100 + number, "account", "6333", f"路人{number}") for number in range(400)]
    meeting += [(900, "account", "6333", "客户1"), (901, "account", "6333", "客户2"), (902, "account", "6333", "客户3")]
    counted = screen.met_in_memory(meeting, clients, n_networks=1)
    held = pa.table({
        "row_id": [row for row, *_ in meeting], "what": [what for _, what, _, _ in meeting],
        "value": [value for _, _, value, _ in meeting], "client": [client for *_, client in meeting],
    })  # fmt: skip
    listed = pa.table({"network_id": ["N1"] * 20, "client": list(clients)})
    in_sql = ibis.duckdb.connect().to_pyarrow(screen.met(ibis.memtable(held), ibis.memtable(listed))).to_pylist()
    key = ("network_id", "value")
    assert sorted(counted, key=lambda row: [row[name] for name in key]) == sorted(
        ({name: row[name] for name in counted[0]} for row in in_sql), key=lambda row: [row[name] for name in key]
    )
    found = screen.gatherings(counted, spared=frozenset(), watched=frozenset())
    assert [(each.value, each.n_clients, each.n_names) for each in found] == [("6222", 5, 5)]
    english, chinese = screen.gathered(found[0])
    assert "客户1" not in english + chinese
    assert not screen.gatherings(counted, spared=frozenset({("account", "6222")}), watched=frozenset())
    assert not screen.gatherings(counted, spared=frozenset(), watched=frozenset({("N1", "account", "6222")}))


def test_namesakes_in_a_crowd_say_nothing() -> None:
    """A shop whose customers are one in five namesakes of clients, in a town where everybody is so."""
    clients = {f"名{number}": ["N1"] for number in range(0, 500, 5)}
    meeting = [(number, "account", f"shop {number % 24}", f"名{number}") for number in range(500)]
    counted = screen.met_in_memory(meeting, clients, n_networks=1)
    assert counted
    assert not screen.gatherings(counted, spared=frozenset(), watched=frozenset())


def test_every_sentence_stands_in_both_languages() -> None:
    for name, (english, chinese) in _texts().items():
        assert english, name
        assert any("\u4e00" <= letter <= "\u9fff" or letter == "、" for letter in chinese), name


def _tables(**rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The tables that the watch list is drawn from, empty but for ``rows``."""
    known = (
        "member_party", "party", "profile", "belonging", "address_form", "shared_identifier", "protected_party",
        "network_place", "flow_row", "waybill", "payment", "post",
    )  # fmt: skip
    return {name: pa.Table.from_pylist(rows.get(name, []), schema=arrow_schema(table(name))) for name in known}


def test_who_lent_a_member_an_account_is_watched_for_by_that_account_alone() -> None:
    held = _tables(
        member_party=[
            {"network_id": "N1", "party_id": "Till", "member_id": "Till", "what": "person", "role": "treasurer"},
            {"network_id": "N1", "party_id": "Lender", "member_id": "Till", "what": "account", "role": "treasurer"},
        ],
        party=[{"party_id": "Till", "kind": "person", "name": "李四光"}],
        profile=[
            {"profile_no": 1, "name": "李四光", "phone": "+8613800000001", "n_rows": 2, "row_id": 1},
            {"profile_no": 2, "name": "陈嘉天", "phone": "+8613800000002", "n_rows": 2, "row_id": 2},
            {"profile_no": 3, "name": "陈嘉天", "account": "6222000000000001", "n_rows": 2, "row_id": 3},
            {"profile_no": 4, "name": "陈嘉天", "account": "6222000000000002", "n_rows": 2, "row_id": 4},
        ],
        belonging=[{"profile_no": no, "party_id": "Till" if no == 1 else "Lender"} for no in (1, 2, 3, 4)],
        flow_row=[{"network_id": "N1", "row_id": 9, "flow": "transfer", "from_id": "Lender", "to_id": "Till"}],
        payment=[{"row_id": 9, "payer_account": "6222000000000001"}],
    )
    engine = ibis.duckdb.connect()
    shown = {name: ibis.memtable(rows) for name, rows in held.items()}
    watched = engine.to_pyarrow(watching.watch(**shown))
    assert sorted(watched["value"].to_pylist()) == ["+8613800000001", "6222000000000001"]
    told = engine.to_pyarrow(
        watching.watch_name(*(shown[name] for name in ("member_party", "profile", "belonging")))
    ).to_pylist()
    at_places = {row["name_key"] for row in told if not row["party_id"]}
    assert len(at_places) == 1, "at the network's places the lender's name tells nothing"
