"""Search finds what is there, whole or masked, and names nobody who may not be named."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyarrow.compute as pc
import pytest

from vialtrace import actions
from vialtrace.actions.searching import pattern
from vialtrace.errors import BadInput
from vialtrace.kit.clock import SystemClock
from vialtrace.store import Case, Machine

_DESK = actions.Desk("a tester", machine=Machine(2.0, 1))


def test_a_member_is_found_by_each_of_its_identifiers_and_by_a_masked_number(run_case: Path) -> None:
    members = Case.open(run_case, clock=SystemClock()).run().findings["networks"][0]["members"]
    seen = 0
    for member in members[:4]:
        for each in member["identifiers"]:
            found = actions.search(run_case, each["value"], _DESK)["parties"]
            assert member["id"] in {party["id"] for party in found}, each["type"]
            if each["type"] == "phone":
                seen += 1
                masked = each["value"][:-8] + "****" + each["value"][-4:]
                assert member["id"] in {party["id"] for party in actions.search(run_case, masked, _DESK)["parties"]}
    assert seen


def test_a_protected_party_is_found_and_only_its_pseudonym_is_told(run_case: Path) -> None:
    case = Case.open(run_case, clock=SystemClock())
    tables = case.run().tables
    protected = set(tables["protected_party"]["party_id"].to_pylist())
    held = tables["party_identifier"]
    phones = held.filter(pc.equal(held["identifier_type"], "phone")).to_pylist()
    tried = [row for row in phones if row["party_id"] in protected][:5]
    assert tried
    for row in tried:
        found = actions.search(run_case, row["value"], _DESK)
        hits = [each for each in found["parties"] if each["sort"] == "protected"]
        assert hits
        told = json.dumps(found, ensure_ascii=False)
        assert row["value"] not in told
        assert row["party_id"] not in told
        assert all(each["id"] is None and each["name"].startswith("protected-") for each in hits)
        assert row["value"] not in json.dumps([each.payload for each in case.ledger.entries()], ensure_ascii=False)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("138****5678", "+8613812345678"),
        ("138 1234-5678", "+8613812345678"),
        ("張三", "张三"),
        ("张三", "張三"),
        ("ＡＢＣ", "xabcx"),
        ("a.c", "a.c"),
        ("(", "a(b"),
    ],
)
def test_a_query_fits_what_it_means(asked: str, text: str) -> None:
    assert re.search(pattern(asked), text, re.IGNORECASE)
    assert not re.search(pattern("a.c"), "abc")


def test_a_word_in_an_advert_or_memo_leads_to_its_row(run_case: Path) -> None:
    found = actions.search(run_case, "日用品", _DESK)
    assert found["n_rows"] > 0
    assert all("日用品" in " ".join(each["cells"].values()) for each in found["rows"])


@pytest.mark.parametrize("asked", ["", " ", "x", "y" * 201])
def test_too_short_and_too_long_is_refused(run_case: Path, asked: str) -> None:
    with pytest.raises(BadInput):
        actions.search(run_case, asked, _DESK)
