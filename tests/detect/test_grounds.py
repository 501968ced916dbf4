"""Registers, permits and declarations, in worlds of a few rows: what is allowed, and what goes beyond it."""

from __future__ import annotations

import pytest
from hand_tables import World, about

REGISTER = """
row | org_name         | itself   | representative | established | business_scope     | licence
1   | 仁爱检验所       | Lab      | Dr Good        | 2015-01-01  | 医学检验           | 医疗机构执业许可证
2   | 星光传媒有限公司 | Media    | Li             | 2024-01-01  | 广告设计、文化传播 | 无
3   | 蓝海基因科技     | Genes    | Li             | 2024-06-01  | 基因检测技术服务   |
4   | 老王茶行         | Tea      | Wang           | 2010-01-01  | 茶叶销售           | 食品经营许可证
5   | 独资商行         | Sole     | Sole           | 2011-01-01  | 百货               |
"""


@pytest.fixture(scope="module")
def register() -> World:
    return World(organisation=REGISTER)


def test_the_register_names_who_stands_behind_which_organisation(register: World) -> None:
    found = register.ask("register_ties")
    assert about(found) == [("Dr Good", "Lab"), ("Li", "Genes"), ("Li", "Media"), ("Wang", "Tea")]
    assert {each["facet"] for each in found} == {"chain"}


def test_a_medical_licence_speaks_against_and_a_food_licence_says_nothing(register: World) -> None:
    found = register.ask("licensed_activity")
    assert about(found) == [("Lab",)]
    assert found[0]["weight"] < 0
    assert found[0]["rows"] == ["organisation:1"]


def test_what_tests_specimens_is_told_by_name_scope_or_licence_and_is_no_matter_by_itself(register: World) -> None:
    found = register.ask("testing_organisation")
    assert about(found) == [("Genes",), ("Lab",)]
    assert {each["facet"] for each in found} == {"chain"}


PERMITS = """
row | permit_no | holder | recipient | material | quantity | unit | valid_from | valid_to
1   | P1        | Over   | Abroad    | 人体血样 | 100      | 管   | 2025-01-01 | 2025-06-30
2   | P2        | Slip   | Abroad    | 人体血样 | 100      | 管   | 2025-01-01 | 2025-06-30
3   | P3        | Good   | Abroad    | 人体血样 | 100      | 管   | 2025-01-01 | 2025-06-30
4   | P4        | Late   | Abroad    | 人体血样 | 100      | 管   | 2025-01-01 | 2025-06-30
5   | P5        | Units  | Abroad    | 人体血样 | 100      | 管   | 2025-01-01 | 2025-06-30
"""
DECLARATIONS = """
row | declaration_no | declared_at | goods    | exporter | consignee | quantity | unit | permit_no
1   | E1             | 2025-02-01  | 人体血样 | Over     | Abroad    | 80       | 管   | P1
2   | E2             | 2025-03-01  | 人体血样 | Over     | Abroad    | 80       | 管   | P1
3   | E3             | 2025-02-01  | 人体血样 | Slip     | Abroad    | 104      | 管   | P2
4   | E4             | 2025-07-05  | 人体血样 | Slip     | Abroad    | 0        | 管   | P2
5   | E5             | 2025-02-01  | 人体血样 | Good     | Abroad    | 50       | 管   | P3
6   | E6             | 2025-03-01  | 人体血样 | Good     | Abroad    | 50       | 管   | P3
7   | E7             | 2025-08-01  | 人体血样 | Late     | Abroad    | 10       | 管   | P4
8   | E8             | 2025-08-09  | 人体血样 | Late     | Abroad    | 10       | 管   | P4
9   | E9             | 2025-02-01  | 人体血样 | Units    | Abroad    | 400      | 毫升 | P5
10  | E10            | 2025-02-01  | 人体血样 | Bare     | Abroad    | 10       | 管   |
11  | E11            | 2025-02-09  | 人体血样 | Bare     | Abroad    | 10       | 管   |
12  | E12            | 2025-02-09  | 人体血样 | Once     | Abroad    | 10       | 管   |
13  | E13            | 2025-02-09  | 茶叶     | Tea      | Abroad    | 900      | 千克 |
14  | E14            | 2025-02-10  | 茶叶     | Tea      | Abroad    | 900      | 千克 |
15  | E15            | 2025-02-09  | 人体血样 | Borrower | Abroad    | 10       | 管   | P3
16  | E16            | 2025-02-11  | 人体血样 | Borrower | Abroad    | 10       | 管   | P3
"""


@pytest.fixture(scope="module")
def exports() -> World:
    return World(permit=PERMITS, declaration=DECLARATIONS)


def test_exports_beyond_after_or_under_anothers_permit_are_told_and_slips_are_not(exports: World) -> None:
    found = exports.ask("permit_exceeded")
    assert about(found) == [("Borrower",), ("Late",), ("Over",)]
    by_subject = {each["subject_id"]: each["rows"] for each in found}
    assert by_subject["Over"] == ["declaration:1", "declaration:2", "permit:1"]
    assert by_subject["Late"] == ["declaration:7", "declaration:8", "permit:4"]
    assert by_subject["Borrower"] == ["declaration:15", "declaration:16", "permit:3"]


def test_quantities_in_different_units_are_never_added(exports: World) -> None:
    assert ("Units",) not in about(exports.ask("permit_exceeded"))


def test_specimens_declared_again_and_again_without_a_permit_are_told_and_tea_is_not(exports: World) -> None:
    found = exports.ask("undeclared_export")
    assert about(found) == [("Bare",)]
    assert found[0]["weight"] < 1, "a permit that is not in the case may exist"


def test_exports_within_their_own_permit_speak_against(exports: World) -> None:
    found = exports.ask("declared_export_cover")
    assert {("Good",), ("Over",), ("Slip",), ("Units",)} == set(about(found))
    assert all(each["weight"] < 0 for each in found)


def test_who_is_sent_specimens_again_and_again_is_linked_to_the_exporter_and_a_single_consignee_is_not() -> None:
    thrice = DECLARATIONS.strip() + "\n20 | E20 | 2025-03-09 | 人体血样 | Over | Abroad | 5 | 管 | P1\n"
    found = World(permit=PERMITS, declaration=thrice).ask("declared_consignees")
    assert about(found) == [("Over", "Abroad")]
    assert found[0]["facet"] == "chain"
    assert found[0]["rows"] == ["declaration:1", "declaration:2", "declaration:20"]
