"""Evaluation against hand-made findings a person can read."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from vialtrace.evaluate import Rate, evaluate, exposed, table


def party(**identifiers: str | list[str]) -> list[dict[str, str]]:
    return [
        {"type": kind, "value": value}
        for kind, values in identifiers.items()
        for value in ([values] if isinstance(values, str) else values)
    ]


TRUTH: dict[str, Any] = {
    "world": "hand",
    "seed": 1,
    "networks": [
        {
            "id": "T1",
            "samples": 100,
            "gross_paid": 250000.0,
            "kept": 100000.0,
            "period": {"from": "2025-01-01", "to": "2025-06-30"},
            "regions": ["CN-GD", "CN-HN"],
            "places": [{"role": "hub", "address": "广东省深圳市罗湖区人民路1号"}, {"role": "port", "address": "罗湖"}],
            "members": [
                {
                    "id": "a",
                    "role": "organiser",
                    "received": 1000.0,
                    "identifiers": party(name="李一", phone="+8613800000001"),
                },
                {"id": "b", "role": "mule", "identifiers": party(name="王二", document="H12345678"), "samples": 50},
                {
                    "id": "c",
                    "role": "hub",
                    "identifiers": party(name="赵三", phone="+8613800000003", account="62220001"),
                },
            ],
        }
    ],
    "protected": [
        {"identifiers": party(name="孙小妹", phone="+8613900000009", account="62229999")},
        {"identifiers": party(name="李一", phone="+8613900000010")},
    ],
    "lookalikes": [{"kind": "tea_shop", "identifiers": party(name="好茶店", phone="+8613700000007", org_id="91X")}],
}


def member(role: str, **identifiers: str | list[str]) -> dict[str, Any]:
    return {
        "id": "P",
        "kind": "person",
        "role": role,
        "score": 0.9,
        "identifiers": party(**identifiers),
        "evidence": [{"claim": "x", "weight": 1.0, "rows": ["a.csv:2"]}],
    }


def findings(*members: dict[str, Any]) -> dict[str, Any]:
    return {
        "case": "c",
        "run": "r",
        "networks": [
            {
                "id": "N1",
                "rank": 1,
                "score": 0.9,
                "members": list(members),
                "places": [{"role": "hub", "address": "广东省深圳市罗湖区人民路1号 302室"}],
                "samples": {"estimate": 110, "low": 90, "high": 130},
                "proceeds": {"estimate": 1e5, "low": 9e4, "high": 1.1e5},
                "period": {"from": "2025-01-03", "to": "2025-06-30"},
                "regions": ["CN-GD", "CN-ZJ"],
            }
        ],
    }


def test_perfect_members_score_one() -> None:
    result = evaluate(
        findings(
            member("organiser", phone="+8613800000001"),
            member("mule", document="H12345678"),
            member("hub", account="62220001"),
        ),
        TRUTH,
    )
    assert (result.precision, result.recall, result.role_accuracy) == (Rate(3, 3), Rate(3, 3), Rate(3, 3))
    assert result.false_networks == result.networks_merged == result.networks_split == 0
    assert result.protected_exposed == {}
    assert result.f1 == 1.0


def test_a_second_entry_for_one_person_is_a_duplicate_not_a_false_name() -> None:
    result = evaluate(findings(member("hub", phone="+8613800000003"), member("hub", account="62220001")), TRUTH)
    assert result.n_duplicates == 1
    assert result.precision == Rate(1, 1)
    assert result.recall == Rate(1, 3)


def test_a_lookalike_is_named_by_its_kind_and_a_stranger_is_a_bystander() -> None:
    result = evaluate(
        findings(member("hub", org_id="91x"), member("mule", document="X9"), member("mule", document="H12345678")),
        TRUTH,
    )
    assert result.lookalikes_accused == {"tea_shop": 1}
    assert result.n_bystanders == 1
    assert result.false_networks == 1


def test_an_accused_client_is_counted_as_accused_and_as_exposed() -> None:
    result = evaluate(findings(member("recruiter", account="62229999")), TRUTH)
    assert result.protected_accused == 1
    assert result.protected_exposed == {"account": 1}


def test_a_name_decides_only_where_no_other_identifier_could_have() -> None:
    by_name = evaluate(findings(member("mule", name="王二")), TRUTH)
    assert by_name.recall == Rate(1, 3)
    other_document = evaluate(findings(member("mule", name="王二", document="H99999999")), TRUTH)
    assert other_document.recall == Rate(0, 3)
    assert other_document.n_bystanders == 1
    namesake_of_a_client = evaluate(findings(member("organiser", name="李一")), TRUTH)
    assert namesake_of_a_client.recall == Rate(0, 3)


@pytest.mark.parametrize(
    ("claim", "kinds"),
    [
        ("paid by 孙小妹 twice", {"name": 1}),
        ("called 13900000009", {"phone": 1}),
        ("called +86 139 0000 0009", {"phone": 1}),
        ("to account 62229999.", {"account": 1}),
        ("by 孙小妹妹", {}),
        ("李一 has a namesake who is a client", {}),
    ],
)
def test_a_protected_identifier_is_found_wherever_it_stands(claim: str, kinds: dict[str, int]) -> None:
    shown = findings(member("mule", document="H12345678"))
    shown["networks"][0]["members"][0]["evidence"][0]["claim"] = claim
    assert exposed(shown, TRUTH) == kinds


def test_hubs_regions_period_and_estimates_are_measured() -> None:
    result = evaluate(findings(member("mule", document="H12345678")), TRUTH)
    (check,) = result.networks
    assert check.hubs == Rate(1, 1)
    assert (check.days_off_start, check.days_off_end) == (2, 0)
    assert (check.regions_found, check.regions_right) == (Rate(1, 2), Rate(1, 2))
    samples, gross = result.estimates
    assert samples.is_covered
    assert samples.error == pytest.approx(0.1)
    assert not gross.is_covered


def test_splits_and_mergers_are_counted() -> None:
    truth = copy.deepcopy(TRUTH)
    second = copy.deepcopy(TRUTH["networks"][0])
    second["id"] = "T2"
    second["members"] = [{"id": "d", "role": "mule", "identifiers": party(document=f"C0000000{n}")} for n in range(4)]
    truth["networks"].append(second)
    everything = findings(
        member("organiser", phone="+8613800000001"),
        member("hub", account="62220001"),
        *(member("mule", document=f"C0000000{n}") for n in range(4)),
    )
    assert evaluate(everything, truth).networks_merged == 1
    halves = findings(*(member("mule", document=f"C0000000{n}") for n in range(2)))
    halves["networks"].append(
        {**halves["networks"][0], "id": "N2", "members": [member("mule", document=f"C0000000{n}") for n in (2, 3)]}
    )
    result = evaluate(halves, truth)
    assert (result.networks_split, result.networks_merged) == (1, 0)


def test_a_laboratory_that_serves_two_networks_counts_in_each() -> None:
    truth = copy.deepcopy(TRUTH)
    laboratory = {"id": "lab", "role": "laboratory", "identifiers": party(name="Fine Lab Ltd")}
    truth["networks"].append({**copy.deepcopy(TRUTH["networks"][0]), "id": "T2", "members": [laboratory]})
    truth["networks"][0]["members"].append(laboratory)
    shown = findings(member("mule", document="H12345678"), member("laboratory", name="FINE LAB LTD"))
    shown["networks"].append(
        {**shown["networks"][0], "id": "N2", "members": [member("laboratory", name="Fine Lab Ltd")]}
    )
    result = evaluate(shown, truth)
    assert result.recall == Rate(3, 5)
    assert result.n_duplicates == 0


def test_a_lawful_world_without_findings_is_quiet() -> None:
    result = evaluate({"case": "c", "run": "r", "networks": []}, {"world": "lawful", "seed": 0, "networks": []})
    assert result.false_networks == 0
    assert dict(table(result))["member precision"] == "none to find"
