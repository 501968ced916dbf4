"""Provisions on a hand-made network a person can read."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pyarrow as pa
import pytest

from vialtrace.assess import RECIPES, pack, packs, provision
from vialtrace.assess.predicates import PREDICATES
from vialtrace.detect import DETECTORS
from vialtrace.model import table

ARROW = {
    "string": pa.string(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp(6)": pa.timestamp("us"),
    "decimal(20, 4)": pa.decimal128(20, 4),
    "array<string>": pa.list_(pa.string()),
    "array<int64>": pa.list_(pa.int64()),
}
# Records hold naive local times.
MARCH = datetime(2025, 3, 1)  # noqa: DTZ001
READ = (
    "network",
    "member",
    "member_evidence",
    "evidence",
    "evidence_row",
    "flow_row",
    "network_place",
    "estimate",
    "seizure",
    "specimen",
    "permit",
    "declaration",
    "near_waybill",
    "reading",
    "near_mention",
)


def made(**rows: list[dict[str, Any]]) -> dict[str, pa.Table]:
    """All tables a provision reads, in their declared form; those not given are empty."""
    return {
        name: pa.Table.from_pylist(
            [{column.name: row.get(column.name) for column in table(name).columns} for row in rows.get(name, [])],
            schema=pa.schema([(column.name, ARROW[column.storage]) for column in table(name).columns]),
        )
        for name in READ
    }


def claim(number: int, detector: str, first: date, last: date, **more: Any) -> dict[str, Any]:
    return {
        "evidence_id": f"E{number}",
        "detector": detector,
        "subject_kind": "party",
        "subject_id": "P1",
        "weight": 2.0,
        "first_on": first,
        "last_on": last,
        "n_rows": 3,
    } | more


def world(
    first: date = date(2025, 2, 1),
    last: date = date(2025, 6, 30),
    *,
    detectors: tuple[str, ...] = (),
    **more: list[dict[str, Any]],
) -> dict[str, pa.Table]:
    claims = [claim(number, name, first, last) for number, name in enumerate(detectors)]
    given: dict[str, list[dict[str, Any]]] = {
        "network": [{"network_id": "N1", "rank": 1, "score": 0.9, "from_on": first, "to_on": last}],
        "member": [
            {"network_id": "N1", "party_id": "P1", "role": "mule"},
            {"network_id": "N1", "party_id": "P2", "role": "hub"},
        ],
        "evidence": claims,
        "member_evidence": [
            {
                "network_id": "N1",
                "party_id": "P1",
                "evidence_id": each["evidence_id"],
                "weight": 2.0,
                "is_against": False,
            }
            for each in claims
        ],
    }
    return made(**(given | more))


def rows(tables: dict[str, pa.Table], rule: str, **more: Any) -> list[dict[str, Any]]:
    return [row for row in provision(**tables, **more).to_pylist() if row["rule_id"] == rule]


def test_the_pack_is_whole_and_names_only_known_facts() -> None:
    rules = pack("CN")
    assert rules is not None
    assert packs() == ("CN", "HK", "IN", "US")
    assert len({rule.id for rule in rules.rules}) == len(rules.rules)
    for rule in rules.rules:
        assert rule.summary, rule.id
        assert rule.liable, rule.id
        assert rule.source, rule.id
        assert rule.elements, rule.id
        assert rule.valid_from or rule.dates_note, f"{rule.id} has neither a date nor a word on why not"
        assert rule.grade in {"L", "V"}, f"{rule.id}: what was not read does not belong in a pack"


def test_every_instrument_of_the_field_is_there() -> None:
    rules = pack("CN")
    assert rules is not None
    asked = [
        "334-1",
        "336",
        "334(1)",
        "332",
        "151",
        "156",
        "253-1",
        "191",
        "312",
        "25-27",
        "Criminal Law, Art. 17",
        "Biosecurity Law, Art. 56(1)(4)",
        "Art. 56(4)",
        "Art. 79",
        "Art. 80",
        "Art. 85(8)",
        "Arts 7, 41",
        "Arts 10, 42, 43",
        "Arts 9, 12",
        "Arts 27, 38",
        "Art. 32",
        "Art. 40",
        "Rules 2023",
        "Notice 153",
        "Arts 22, 46",
        "Art. 23",
        "Art. 11",
        "Order 281",
        "Arts 47, 82-84",
        "Art. 6(5)",
        "Arts 7(2), 9",
        "Art. 10",
        "Art. 20",
        "Arts 36, 40, 42",
        "Arts 39, 40(2)",
        "Arts 32, 37",
        "1 May 2016",
        "Guangdong",
        "Henan",
        "Express",
        "Arts 28, 29, 38",
        "Arts 34, 41, 55",
    ]
    citations = [rule.citation for rule in rules.rules]
    assert [each for each in asked if not any(each in citation for citation in citations)] == []


def test_every_detector_that_predicates_name_is_one_of_detect_or_planned() -> None:
    there = {each.name for each in DETECTORS}
    named = {name for predicate in PREDICATES.values() for name in predicate.detectors}
    planned = {"declared_contents", "money_upward", "laboratory_fees", "contact_ties"}
    assert named - there <= planned


def test_the_table_has_its_declared_columns() -> None:
    found = provision(**world(detectors=("seized_carriers",)))
    assert RECIPES[0].makes == ("provision",)
    assert tuple(found.column_names) == table("provision").names
    key = [(row["network_id"], row["rule_id"], row["element_no"]) for row in found.to_pylist()]
    assert key == sorted(set(key))


def test_an_element_is_supported_with_the_claims_that_speak_for_it() -> None:
    first, second, *_ = rows(world(detectors=("seized_carriers", "hub_mule_coupling")), "CN-CL-334-1")
    assert first["verdict"] == "supported"
    assert first["evidence_ids"] == ["E0"]
    assert second["evidence_ids"] == ["E0", "E1"]
    assert (second["from_on"], second["to_on"]) == (date(2025, 2, 1), date(2025, 6, 30))


def test_an_act_before_a_rule_was_in_force_never_meets_it() -> None:
    old = world(date(2020, 1, 1), date(2021, 2, 28), detectors=("seized_carriers",))
    assert rows(old, "CN-CL-334-1") == []
    assert rows(old, "CN-FQL-22") == []
    assert rows(old, "CN-HGR-27") == []
    assert rows(old, "CN-HGR-27-SCIENCE")[0]["verdict"] == "supported"


def test_only_the_acts_in_its_time_speak_to_a_rule() -> None:
    tables = world(
        date(2020, 6, 1),
        date(2021, 6, 1),
        flow_row=[
            {"network_id": "N1", "row_id": 1, "flow": "trip", "at": datetime.combine(date(2020, 7, 1), time())},
            {"network_id": "N1", "row_id": 2, "flow": "trip", "at": datetime.combine(date(2021, 5, 1), time())},
            {
                "network_id": "N1",
                "row_id": 3,
                "flow": "sample_parcel",
                "at": datetime.combine(date(2020, 7, 1), time()),
            },
        ],
    )
    material, acts, *_ = rows(tables, "CN-CL-334-1")
    assert material["verdict"] == "not_addressed"
    assert acts["verdict"] == "supported"
    assert acts["from_on"] == acts["to_on"] == date(2021, 5, 1)
    assert "1 row" in acts["explanation"]


def test_the_authority_that_had_to_approve_changes_with_the_date_of_the_act() -> None:
    before = world(date(2024, 1, 1), date(2024, 4, 25), detectors=("seized_carriers",))
    after = world(date(2024, 4, 26), date(2024, 9, 1), detectors=("seized_carriers",))
    assert rows(before, "CN-BSL-56-1-4-SCIENCE") != []
    assert rows(before, "CN-BSL-56-1-4") == []
    assert rows(after, "CN-BSL-56-1-4-SCIENCE") == []
    assert rows(after, "CN-BSL-56-1-4") != []


def test_a_rule_applies_in_its_jurisdiction_only() -> None:
    assert provision(**world(detectors=("seized_carriers",)), jurisdiction="ZA").num_rows == 0


def test_a_provincial_rule_asks_for_acts_in_its_province() -> None:
    flow = {"network_id": "N1", "row_id": 1, "flow": "order", "at": MARCH, "region": "CN-GD"}
    assert rows(world(flow_row=[flow]), "CN-GD-FPR-41")[0]["verdict"] == "supported"
    assert rows(world(flow_row=[flow]), "CN-HA-SEX-18")[0]["verdict"] == "not_addressed"


def test_no_permit_in_the_records_is_not_the_same_as_no_records_of_permits() -> None:
    silent = rows(world(), "CN-HGR-27")[1]
    assert silent["verdict"] == "not_addressed"
    others = world(permit=[{"row_id": 9, "permit_no": "X", "holder_name": "else"}])
    assert rows(others, "CN-HGR-27")[1]["verdict"] == "supported"


def test_a_permit_of_a_member_contradicts_that_there_was_none() -> None:
    held = world(
        permit=[{"row_id": 9, "permit_no": "X", "holder_name": "it"}],
        near_mention=[{"row_id": 9, "slot": "permit.holder", "party_id": "P2"}],
    )
    element = rows(held, "CN-HGR-27")[1]
    assert element["verdict"] == "contradicted"
    assert "holds an export permit" in element["explanation"]


def test_an_exceeded_permit_supports_although_a_permit_is_held_and_both_sides_are_named() -> None:
    held = world(detectors=("permit_exceeded", "declared_export_cover"))
    element = rows(held, "CN-HGR-27")[1]
    assert element["verdict"] == "supported"
    assert "Speaks for it" in element["explanation"]
    assert "Speaks against it" in element["explanation"]


def test_the_clinical_exemption_is_printed_with_what_speaks_either_way() -> None:
    lawful = world(detectors=("licensed_activity",))
    (exemption,) = [row for row in rows(lawful, "CN-BSL-56-1-4") if row["is_exemption"]]
    assert exemption["verdict"] == "supported"
    trade = world(detectors=("soliciting_adverts",))
    (exemption,) = [row for row in rows(trade, "CN-BSL-56-1-4") if row["is_exemption"]]
    assert exemption["verdict"] == "contradicted"


def test_an_open_threshold_is_never_computed() -> None:
    grave = world(
        detectors=("seized_carriers",),
        estimate=[
            {
                "network_id": "N1",
                "party_id": "",
                "measure": "samples",
                "method": "reconciled",
                "value": 1e5,
                "low": 9e4,
                "high": 2e5,
                "unit": "persons",
            }
        ],
    )
    (serious,) = [row for row in rows(grave, "CN-CL-334-1") if "open-textured" in row["element"]]
    assert serious["verdict"] == "not_addressed"
    assert "at least 90,000 persons" in serious["explanation"]


@pytest.mark.parametrize(
    ("result", "verdict"),
    [
        ("乙肝表面抗原阳性", "supported"),
        ("HIV positive", "supported"),
        ("登革热阳性", "not_addressed"),
        ("阴性", "not_addressed"),
        ("HBV negative, HCV negative", "not_addressed"),
        ("HBsAg non-reactive", "not_addressed"),
        (None, "not_addressed"),
    ],
)
def test_only_the_four_listed_agents_make_blood_unfit(result: str | None, verdict: str) -> None:
    seizure = {"row_id": 5, "seizure_id": "S", "seized_at": MARCH, "infectious_result": result}
    flow = {"network_id": "N1", "row_id": 5, "flow": "seizure", "at": MARCH}
    assert rows(world(seizure=[seizure], flow_row=[flow]), "CN-CL-334")[1]["verdict"] == verdict


def test_what_a_seizure_states_reaches_the_elements() -> None:
    seizure = {
        "row_id": 5,
        "seizure_id": "S",
        "seized_at": MARCH,
        "concealment": "绑在腰间",
        "condition": "部分渗漏",
    }
    tables = world(
        detectors=("seized_carriers",),
        seizure=[seizure],
        evidence_row=[{"evidence_id": "E0", "row_id": 5}],
        specimen=[{"row_id": 7, "specimen_id": "a", "seizure_id": "S", "label": "somebody", "condition": "破裂"}],
    )
    assert rows(tables, "CN-PENALTY-20")[1]["verdict"] == "contradicted"
    assert "leaked or broke" in rows(tables, "CN-CL-334-1")[3]["explanation"]
    assert rows(tables, "CN-PIPL-28")[0]["verdict"] == "supported"


def test_contents_that_say_tea_are_declared_as_something_else() -> None:
    parcel = {"row_id": 3, "waybill_no": "W", "accepted_at": MARCH, "contents": "茶叶"}
    honest = parcel | {"row_id": 4, "contents": "血样"}
    tables = world(
        near_waybill=[parcel, honest],
        flow_row=[{"network_id": "N1", "row_id": number, "flow": "sample_parcel", "at": MARCH} for number in (3, 4)],
        reading=[{"text": "茶叶", "topic": "other"}, {"text": "血样", "topic": "sample"}],
    )
    element = rows(tables, "CN-EXPRESS-22")[1]
    assert element["verdict"] == "supported"
    assert "1 row" in element["explanation"]


def test_every_rule_ends_with_who_is_liable_and_that_a_lawyer_decides() -> None:
    found = provision(**world(detectors=("seized_carriers",))).to_pylist()
    last = {row["rule_id"]: row for row in found}
    assert all("a lawyer decides" in row["explanation"] and "Who is liable" in row["element"] for row in last.values())
    assert all("not reviewed by a lawyer" in row["explanation"] for row in last.values())


def test_a_network_of_nothing_supports_nothing() -> None:
    assert {row["verdict"] for row in provision(**world(member=[])).to_pylist()} == {"not_addressed"}


def test_row_order_does_not_change_a_byte() -> None:
    tables = world(detectors=("seized_carriers", "hub_mule_coupling", "sample_orders", "two_way_trade"))
    turned = {
        name: found.take(pa.array(range(found.num_rows - 1, -1, -1), pa.int64())) for name, found in tables.items()
    }
    assert provision(**tables).equals(provision(**turned))
