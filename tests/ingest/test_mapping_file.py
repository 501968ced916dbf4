"""Mappings as YAML: a round trip, and every problem at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vialtrace import ingest
from vialtrace.errors import BadMapping
from vialtrace.ingest import Mapping, Reading
from vialtrace.model.mapping import Exclusion, Repair
from vialtrace.sources import Sheet

HEADERS = ("运单号", "收寄时间", "yes", "2024-01-01", "重量: kg # heavy")
SHEET = Sheet("f.csv", "", "delimited", "utf-8", ",", 1, None, HEADERS, ())
GOOD = Mapping(
    "waybill",
    "f.csv",
    "",
    HEADERS,
    (
        Reading("waybill_no", "运单号"),
        Reading("accepted_at", "收寄时间", order="dmy"),
        Reading("weight_g", "重量: kg # heavy", scale="1000"),
    ),
    (("currency", "CNY"),),
)
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)


def test_a_mapping_comes_back_from_its_yaml() -> None:
    assert ingest.from_yaml(ingest.to_yaml(GOOD), "f.yaml") == GOOD
    assert ingest.mapping_problems(GOOD, SHEET) == []


@given(TEXT, TEXT, st.lists(TEXT, max_size=4), st.booleans(), st.integers(0, 100))
def test_any_text_survives_the_round_trip(
    file: str, value: str, headers: list[str], is_confirmed: bool, hundredths: int
) -> None:
    mapping = Mapping(
        "post",
        file,
        value,
        tuple(headers),
        # The other headers stand in a comment, as columns that no field takes.
        tuple(Reading(f"f{n}", header or "x") for n, header in enumerate(headers[::2])),
        (("platform", value),),
        confirmed=is_confirmed,
        confidence=hundredths / 100,
    )
    assert ingest.from_yaml(ingest.to_yaml(mapping), "f.yaml") == mapping


def test_everything_a_profile_says_comes_back_from_its_yaml() -> None:
    mapping = Mapping(
        "payment",
        "f.csv",
        "",
        ("时间", "日", "额", "向", "号", "卡", "成否"),
        (
            Reading("paid_at", "日", then=("时间",)),
            Reading("amount", "额", form="unsigned"),
            Reading("own_account", "号", otherwise=("卡",)),
            Reading("flow", "向", words=(("借", "out"), ("", "in"), ("1", "in"), ("no", "out"))),
        ),
        exclusions=(Exclusion("成否", ("否", "0", ""), "it failed"), Exclusion("日", ("总*",), "totals", to_end=True)),
        profile="bank_reply",
    )
    text = ingest.to_yaml(mapping)
    assert ingest.from_yaml(text, "f.yaml") == mapping
    assert ingest.mapping_problems(mapping, replace(SHEET, headers=mapping.headers)) == []
    assert "no field takes" not in text


def test_exclusions_are_checked_with_everything_else() -> None:
    text = "kind: post\ncolumns: {}\nset_aside:\n  - {column: a, is: x}\n  - {column: a, is: [x], reason: r, why: s}\n"
    with pytest.raises(BadMapping) as caught:
        ingest.from_yaml(text, "f.yaml")
    problems = "\n".join(caught.value.problems)
    for what in ("set_aside 1: reason is missing", "set_aside 1: is must be a list", "set_aside 2: unknown key 'why'"):
        assert what in problems
    lost = replace(GOOD, exclusions=(Exclusion("nowhere", ("x",), "r"),))
    assert "set_aside: the file has no column 'nowhere'" in ingest.mapping_problems(lost, SHEET)[0]


def test_a_column_may_be_given_alone() -> None:
    mapping = ingest.from_yaml("kind: waybill\nfile: f.csv\ncolumns:\n  waybill_no: 运单号\n", "f.yaml")
    assert mapping.readings == (Reading("waybill_no", "运单号"),)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("kind: [", "not YAML at line"),
        ("- a\n", "does not hold keys"),
        ("kind: post\ncolums: {}\n", "unknown key 'colums'"),
        ("kind: post\ncolumns:\n  text: {colum: a}\n", "unknown key 'colum'"),
        ("kind: post\ncolumns: {}\ncountry: China\n", "two letters"),
        ("kind: post\ncolumns: []\nconstants: 3\n", "constants must be"),
    ],
)
def test_a_broken_mapping_file_is_refused(text: str, what: str) -> None:
    with pytest.raises(BadMapping) as caught:
        ingest.from_yaml(text, "f.yaml")
    assert any(what in problem for problem in caught.value.problems)


def test_all_problems_of_a_mapping_are_told_together() -> None:
    bad = replace(
        GOOD,
        readings=(
            Reading("sender_nam", "运单号"),
            Reading("waybill_no", "单号"),
            Reading("weight_g", "yes", scale="many"),
            Reading("pieces", "yes", order="dmy"),
            Reading("delivered_at", "2024-01-01", form="day_number"),
        ),
        constants=(("colour", "red"),),
    )
    problems = "\n".join(ingest.mapping_problems(bad, SHEET))
    for what in (
        "unknown field 'sender_nam'; waybill has waybill_no",
        "no column '单号'",
        "scale must be a number",
        "already weight_g",
        "only times have an order",
        "needs an origin",
        "unknown field 'colour'",
        "required field accepted_at",
    ):
        assert what in problems
    assert "required field waybill_no" not in problems


def test_an_unknown_kind_is_told_with_the_known_ones() -> None:
    assert "known: post, order" in ingest.mapping_problems(replace(GOOD, kind="parcel"), SHEET)[0]


def test_a_mapping_for_another_file_is_refused() -> None:
    assert "not those of the file" in ingest.mapping_problems(GOOD, replace(SHEET, headers=(*HEADERS, "new")))[0]


def test_repaired_cells_come_back_from_yaml_and_what_is_wrong_with_them_is_told() -> None:
    mended = replace(GOOD, repairs=(Repair(7, "yes", "no: really", "是"), Repair(8, "2024-01-01", "")))
    text = ingest.to_yaml(mended)
    assert ingest.from_yaml(text, "f.yaml") == mended
    assert ingest.mapping_problems(mended, SHEET) == []
    twice = replace(GOOD, repairs=(Repair(7, "yes", "a"), Repair(7, "yes", "b"), Repair(7, "moon", "c")))
    problems = " ".join(ingest.mapping_problems(twice, SHEET))
    assert "given twice" in problems
    assert "'moon'" in problems
    many = replace(GOOD, repairs=tuple(Repair(row, "yes", "a") for row in range(1, ingest.MOST_REPAIRS + 2)))
    assert "mend the file" in " ".join(ingest.mapping_problems(many, SHEET))
    for wrong in ("row: 0", "row: true", "row: x"):
        with pytest.raises(BadMapping, match="repairs 1"):
            ingest.from_yaml(text.replace("row: 7", wrong), "f.yaml")
