"""The rule packs as data: every rule has a source and a reviewer field, dates bind, both languages are there."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from importlib import resources
from typing import Any

import pytest
import yaml

from tests.assess.test_assess import rows, world
from vialtrace.assess import pack, packs, provision
from vialtrace.assess.pack import KINDS, Pack, Rule
from vialtrace.assess.predicates import PREDICATES

FOLDER = resources.files("vialtrace.assess") / "packs"
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Citations may be English in both languages; these are said in Chinese all the same.
_ALL_DETECTORS = tuple(sorted({name for each in PREDICATES.values() for name in each.detectors}))


def held(jurisdiction: str) -> Pack:
    found = pack(jurisdiction)
    assert found is not None
    return found


RULES = [(code, rule) for code in packs() for rule in held(code).rules]
_NAMED = [pytest.param(code, rule, id=rule.id) for code, rule in RULES]


def entries(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))["rules"]
    return found


@pytest.mark.parametrize("name", ["cn.yaml", "hk.yaml", "in.yaml", "us.yaml", "_template.yaml"])
def test_every_rule_has_a_source_a_grade_and_a_reviewer_field(name: str) -> None:
    for entry in entries(name):
        assert entry["source"].strip(), entry["id"]
        assert entry["grade"] in {"L", "V", "K", "D"}, entry["id"]
        assert isinstance(entry["reviewer"], str), entry["id"]
        assert entry["kind"] in KINDS
        assert entry["liable"].strip()
        assert "valid_from" in entry
        assert "valid_to" in entry
        assert entry["valid_from"] or entry["dates_note"], f"{entry['id']}: no first day, and no word why"
        assert entry["elements"]


def test_the_template_is_no_pack_and_has_the_keys_of_one() -> None:
    assert packs() == ("CN", "HK", "IN", "US")
    (example,) = entries("_template.yaml")
    for code, rule in RULES:
        told = next(each for each in entries(f"{code.lower()}.yaml") if each["id"] == rule.id)
        assert set(told) <= set(example) | {"region"}


def test_no_two_rules_share_an_id() -> None:
    assert len({rule.id for _, rule in RULES}) == len(RULES)


@pytest.mark.parametrize(("code", "rule"), _NAMED)
def test_acts_outside_a_rules_days_never_meet_it(code: str, rule: Rule) -> None:
    spans = []
    if rule.valid_from:
        spans.append((rule.valid_from - timedelta(days=400), rule.valid_from - timedelta(days=1)))
    if rule.valid_to:
        spans.append((rule.valid_to + timedelta(days=1), rule.valid_to + timedelta(days=400)))
    for first, last in spans:
        acts = world(first, last, detectors=_ALL_DETECTORS)
        assert rows(acts, rule.id, jurisdiction=code) == []


@pytest.mark.parametrize(("code", "rule"), [each for each in _NAMED if each.values[1].valid_from])  # type: ignore[union-attr]
def test_acts_on_both_sides_of_a_rules_first_day_speak_to_it_only_from_that_day(code: str, rule: Rule) -> None:
    assert rule.valid_from is not None
    before, after = rule.valid_from - timedelta(days=30), rule.valid_from + timedelta(days=30)
    flows = [
        {"network_id": "N1", "row_id": number, "flow": flow, "at": datetime.combine(at, time())}
        for number, (flow, at) in enumerate(
            (flow, day) for flow in ("trip", "sample_parcel", "order", "laboratory_fee") for day in (before, after)
        )
    ]
    for row in rows(world(before, after, flow_row=flows), rule.id, jurisdiction=code):
        assert row["from_on"] is None or row["from_on"] >= rule.valid_from


def test_an_export_from_india_has_another_answer_two_days_later() -> None:
    answers = []
    for day in (date(2024, 3, 10), date(2024, 3, 12)):
        acts = world(day, day, detectors=("undeclared_export",))
        answers.append({row["rule_id"] for row in provision(**acts, jurisdiction="IN").to_pylist()})
    assert answers[0] - answers[1] == {"IN-DGFT-19-2015"}
    assert answers[1] - answers[0] == {"IN-DGFT-72-2023"}


def test_an_exit_is_held_against_the_text_of_its_day() -> None:
    answers = []
    for day in (date(2019, 6, 30), date(2024, 4, 30), date(2024, 5, 1)):
        acts = world(day, day, detectors=("undeclared_export",))
        answers.append(
            {row["rule_id"] for row in provision(**acts, jurisdiction="CN").to_pylist() if "HGR-27" in row["rule_id"]}
        )
    assert answers == [set(), {"CN-HGR-27-SCIENCE"}, {"CN-HGR-27"}]


def test_a_number_of_persons_never_decides_an_element() -> None:
    for _, rule in RULES:
        for each in (*rule.elements, *rule.exemptions):
            assert "persons_count" not in (*each.supports, *each.contradicts), rule.id


def test_a_threshold_the_united_states_state_is_told_and_left_open() -> None:
    acts = world(date(2025, 5, 1), date(2025, 6, 1), detectors=_ALL_DETECTORS)
    told = [row for row in rows(acts, "US-28CFR202-303", jurisdiction="US") if "more than 100" in row["element"]]
    assert [row["verdict"] for row in told] == ["not_addressed"]


@pytest.mark.parametrize("code", packs())
def test_every_text_of_a_provision_is_there_in_both_languages(code: str) -> None:
    acts = world(date(2025, 5, 1), date(2025, 6, 1), detectors=_ALL_DETECTORS)
    found = provision(**acts, jurisdiction=code).to_pylist()
    assert found
    for row in found:
        for name in ("citation", "element", "explanation"):
            assert _CHINESE.search(row[f"{name}_zh"]), (row["rule_id"], name)
            assert not _CHINESE.search(row[name]), (row["rule_id"], name)


@pytest.mark.parametrize(("code", "rule"), _NAMED)
def test_no_rule_reaches_the_donor(code: str, rule: Rule) -> None:
    assert not re.search(r"^(the )?(pregnant )?wom[ae]n\b(?! .*protected)", rule.liable, re.IGNORECASE)
