"""What arrived masked is counted by file and field, and what of it the other records could still tell."""

from __future__ import annotations

import datetime as dt

from resolved_world import SOURCE, run

from vialtrace.resolve import TIMED, masked_fields

WHEN = dt.datetime(2025, 3, 4, 10)  # noqa: DTZ001  local by design
HOME = "广东省深圳市罗湖区人民南路12号3栋502室"


def _parcel(row_id: int, name: str | None, phone: str | None, address: str | None) -> dict[str, object]:
    return {
        "row_id": row_id, "waybill_no": f"SF{row_id}", "carrier": "甲", "accepted_at": WHEN, "is_day_only": False,
        "sender_name": name, "sender_phone": phone, "sender_address": address,
        "receiver_name": "孙七", "receiver_phone": "+8613500000001", "receiver_address": None,
    }  # fmt: skip


WORLD = {
    "waybill": [
        _parcel(SOURCE + 2, "王小红", "+8613812341234", HOME),
        _parcel(2 * SOURCE + 2, "王*红", "+8613812341234", HOME),  # the same telephone tells who it is
        _parcel(2 * SOURCE + 3, "王小红", "+86138****1234", HOME),  # the name, the house and the visible digits do
        _parcel(2 * SOURCE + 4, "李*", "+86139****0000", None),  # nobody else is that
        _parcel(2 * SOURCE + 5, None, None, "四川省成都市锦江区春熙路1号"),
    ],
}


def test_masked_values_are_counted_with_what_could_be_matched_and_the_first_that_could_not() -> None:
    found = run(WORLD)
    counted = {(row["source_no"], row["field"]): row for row in found.rows("masking_loss")}
    assert set(counted) == {(2, "sender_name"), (2, "sender_phone")}
    name, phone = counted[2, "sender_name"], counted[2, "sender_phone"]
    assert (name["n_values"], name["n_masked"], name["n_matched"]) == (3, 2, 1)
    assert (phone["n_values"], phone["n_masked"], phone["n_matched"]) == (3, 2, 1)
    assert name["first_lost"] == phone["first_lost"] == 2 * SOURCE + 4
    assert {row["kind"] for row in counted.values()} == {"waybill"}


def test_every_masked_value_stands_with_its_row_and_place() -> None:
    told = [(row["row_id"], row["field"], row["identifier_type"]) for row in run(WORLD).rows("masked_value")]
    assert told == [
        (2 * SOURCE + 2, "sender_name", "name"),
        (2 * SOURCE + 3, "sender_phone", "phone"),
        (2 * SOURCE + 4, "sender_name", "name"),
        (2 * SOURCE + 4, "sender_phone", "phone"),
    ]


def test_a_case_without_masks_has_lost_nothing() -> None:
    assert run({"waybill": WORLD["waybill"][:1]}).rows("masking_loss") == []


def test_moments_that_arrived_as_days_are_counted_and_nothing_tells_their_time() -> None:
    crossings = [
        {
            "row_id": source * SOURCE + row, "document_no": "C12345678", "direction": "exit",
            "crossed_at": WHEN.replace(hour=0), "is_day_only": is_day_only,
        }
        for source, row, is_day_only in ((4, 2, False), (4, 3, False), (5, 2, False), (5, 3, True), (5, 4, True))
    ]  # fmt: skip
    assert run({**WORLD, "crossing": crossings}).rows("masking_loss")[-1] == {
        "source_no": 5, "field": "crossed_at", "kind": "crossing", "n_values": 3, "n_masked": 2, "n_matched": 0,
        "first_lost": 5 * SOURCE + 3,
    }  # fmt: skip
    assert "permit" not in TIMED
    assert {"crossing", "payment", "waybill", "contact"} <= set(TIMED)


def test_the_fields_that_can_be_masked_are_those_that_name_somebody() -> None:
    assert masked_fields("payment") == ("payer_name", "payer_account", "payee_name", "payee_account")
    assert masked_fields("contact") == ("from_identifier", "to_identifier")
    assert "identifier" in masked_fields("subscriber")
    assert masked_fields("specimen") == ()
