"""The same records give the same tables: in any order, on any number of threads; ids outlive added files."""

from __future__ import annotations

import random

import ibis
from hand_made_world import CROSSING, ORDER, SUBSCRIBER, WAYBILL, WORLD, at
from resolved_world import SOURCE, Resolved, Rows, run

from vialtrace.model import RECORDS, table
from vialtrace.resolve import RECIPES
from vialtrace.resolve.groups import anchor
from vialtrace.resolve.namings import SLOTS, mention, profile
from vialtrace.store import form

MADE = ("mention", "party", "party_identifier", "shared_identifier", "merge", "place")


def test_one_thread_and_rows_in_reverse_give_the_same_tables(world: Resolved) -> None:
    other = run(WORLD, threads=1, reverse=True)
    for name in MADE:
        assert other.tables[name].equals(world.tables[name]), name


def test_absent_kinds_and_a_row_that_names_nobody_give_empty_tables() -> None:
    nothing = run({"order": [{"row_id": ORDER + 1, "ordered_at": at(2025, 1, 1), "service": "x"}]})
    assert all(nothing.tables[name].num_rows == 0 for name in MADE)


def test_a_file_added_later_leaves_the_ids_of_those_already_known(world: Resolved) -> None:
    more = {**WORLD, "waybill": [*WORLD["waybill"], {
        "row_id": 77 * SOURCE, "waybill_no": "X", "accepted_at": at(2025, 5, 5), "sender_name": "王小梅",
        "sender_phone": "+8613700000000", "receiver_name": "陈大文", "receiver_phone": "+8613900000001",
    }]}
    later = run(more)
    before = {(row["row_id"], row["slot"]): row["party_id"] for row in world.rows("mention")}
    after = {(row["row_id"], row["slot"]): row["party_id"] for row in later.rows("mention")}
    assert {place: after[place] for place in before} == before


def test_a_person_can_join_two_parties_and_part_one(world: Resolved) -> None:
    zhang, li = world.party(WAYBILL + 1, "waybill.sender"), world.party(WAYBILL + 3, "waybill.sender")
    joined = run({**WORLD, "party_decision": [{"party_a": zhang, "party_b": li, "act": "merge"}]})
    assert joined.one_party((WAYBILL + 1, "waybill.sender"), (WAYBILL + 3, "waybill.sender"))
    backend = ibis.duckdb.connect()
    node = backend.to_pyarrow(anchor(ibis.literal("0|document|CB7654321|"))).as_py()
    carrier = world.party(CROSSING + 1, "crossing.traveller")
    parted = run({**WORLD, "party_decision": [{"party_a": carrier, "party_b": node, "act": "split"}]})
    assert not parted.one_party((CROSSING + 1, "crossing.traveller"), (CROSSING + 3, "crossing.traveller"))
    assert parted.party(CROSSING + 3, "crossing.traveller") == node


def test_two_resident_numbers_are_two_people_whatever_else_they_share() -> None:
    rows: Rows = [
        {"row_id": SUBSCRIBER + number, "identifier_type": kind, "identifier": value, "holder_name": "张三",
         "holder_document": document}
        for number, (kind, value, document) in enumerate([
            ("phone", "+8613800138000", "110101199001011237"), ("account", "A1", "110101199001011237"),
            ("phone", "+8613800138000", "110101197001011234"), ("account", "A2", "110101197001011234"),
        ])
    ]
    made = run({"subscriber": rows})
    assert made.party(SUBSCRIBER, "subscriber.holder") != made.party(SUBSCRIBER + 2, "subscriber.holder")
    for party in made.rows("party"):
        documents = [row for row in made.of("party_identifier", party_id=party["party_id"])
                     if row["identifier_type"] == "document"]
        assert len(documents) == 1


def test_accounts_and_documents_join_as_a_plain_union_find_does() -> None:
    chance = random.Random(4)  # noqa: S311  a test's dice
    # Twenty small worlds that share no number, in one run.
    holders = [(f"A{world}x{chance.randrange(12)}", f"E{world:04d}{chance.randrange(10):04d}")
               for world in range(20) for _ in range(14)]
    made = run({"subscriber": [
        {"row_id": SUBSCRIBER + number, "identifier_type": "account", "identifier": account,
         "holder_document": document}
        for number, (account, document) in enumerate(holders)
    ]})
    groups: list[set[str]] = []
    for pair in holders:
        met = [group for group in groups if group & set(pair)]
        groups = [group for group in groups if group not in met] + [set(pair).union(*met)]
    party = {row["row_id"] - SUBSCRIBER: row["party_id"] for row in made.rows("mention")}
    plain = {number: next(place for place, group in enumerate(groups) if account in group)
             for number, (account, _) in enumerate(holders)}
    assert len(set(party.values())) == len(groups)
    assert len({(party[number], plain[number]) for number in plain}) == len(groups)


def test_every_output_has_its_declared_columns_before_any_data() -> None:
    given = (*RECORDS, "party_decision", "decision", "address_form", "profile", "belonging")
    tables = {name: ibis.table(table(name).storage(), name=name) for name in given}
    for recipe in (mention, profile):
        names = [parameter for parameter in recipe.__annotations__ if parameter != "return"]
        made = recipe(*[tables[name] for name in names])
        assert form.problems(table(recipe.__name__), made.schema()) == []


def test_no_column_of_nationality_or_origin_is_read() -> None:
    read = {slot.column(what) for slot in SLOTS for what in ("name", "phone", "document", "account", "handle", "org_id",
                                                            "address", "birth_on")}
    assert not read & {"nationality", "region", "client_region", "goods"}
    assert {column for column in read if column and "birth" in column} == {"birth_date"}


def test_every_place_that_can_name_a_party_is_declared_once() -> None:
    assert len({slot.name for slot in SLOTS}) == len(SLOTS) == 19
    for slot in SLOTS:
        record = table(slot.table)
        assert slot.day in record.names
        for what in ("name", "phone", "document", "account", "handle", "org_id", "address", "birth_on"):
            assert slot.column(what) in ("", *record.names)


def test_recipes_are_named_for_declared_tables() -> None:
    for recipe in RECIPES:
        for name in getattr(recipe, "makes", None) or (recipe.__name__,):  # type: ignore[union-attr]
            assert table(name).made_by == "resolve"


def _decided(act: str, subject: str) -> dict[str, object]:
    return {"decision_id": "D1", "act": act, "subject_kind": "", "subject_id": subject, "other_id": ""}


def test_an_identifier_marked_as_over_shared_joins_nobody() -> None:
    places = [(WAYBILL + number, "waybill.sender") for number in (5, 6, 7, 8)]
    before = run(WORLD)
    assert before.one_party(*places)
    party = before.party(*places[0])
    (phone,) = [
        row for row in before.of("party_identifier", party_id=party, identifier_type="phone") if "*" not in row["value"]
    ]
    after = run({**WORLD, "decision": [_decided("overshared", phone["identifier_id"])]})
    assert not after.one_party(*places)
    (told,) = after.of("shared_identifier", value=phone["value"])
    assert "by a person" in told["reason"]
    assert not [row for row in after.rows("merge") if row["value"] == phone["value"]]
    # It still identifies whoever used it, and what it did not hold together stands as before.
    assert after.of("party_identifier", value=phone["value"])
    assert after.one_party((WAYBILL + 1, "waybill.sender"), (WAYBILL + 2, "waybill.sender"))


def test_a_rejected_merge_joins_nobody_and_the_others_stand() -> None:
    before = run(WORLD)
    for row in before.rows("merge"):
        after = run({**WORLD, "decision": [_decided("reject", row["merge_id"])]})
        left = {each["merge_id"] for each in after.rows("merge")}
        assert row["merge_id"] not in left
        # Every other reason stands, but those that only followed from this one.
        assert {each["merge_id"] for each in before.rows("merge") if each["party_id"] != row["party_id"]} <= left
        assert {each["party_id"] for each in after.rows("mention")} - {None} >= {
            each["party_id"] for each in before.rows("mention") if each["party_id"] != row["party_id"]
        } - {None}
