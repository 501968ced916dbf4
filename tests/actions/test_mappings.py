"""Mappings are versioned with the case, and show what becomes of the first rows of their sheets."""

from __future__ import annotations

from pathlib import Path

import pytest

from vialtrace import actions
from vialtrace.errors import Tampered, UnknownName
from vialtrace.kit.clock import SystemClock
from vialtrace.store import Case, Machine, Settings

_DESK = actions.Desk("a tester", machine=Machine(2.0, 2))
_NAME = "寄件.csv.yaml"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    (tmp_path / "寄件.csv").write_text(
        "运单号,收寄时间,寄件人,寄件电话,收件人,重量(kg)\n"
        "SF1000000000001,02/03/2025,赵小梅,13800010101,黄伟强,0.2\n"
        "SF1000000000002,,钱思雨,13800010102,黄伟强,0.3\n"
        "合计,,,,,0.5\n"
        "SF1000000000004,05/03/2025,孙婷婷,13800010103,黄伟强,0.4\n",
        encoding="utf-8",
    )
    actions.new(tmp_path / "case", _DESK, Settings("mappings"))
    actions.add(tmp_path / "case", actions.survey([tmp_path / "寄件.csv"]), _DESK, best_guess=True)
    return tmp_path / "case"


def _edit(case: Path, old: str, new: str) -> None:
    path = case / "mappings" / _NAME
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_check_shows_three_rows_before_and_after_and_why_one_is_no_record(case: Path) -> None:
    _edit(case, "    column: 收寄时间\n", "    column: 收寄时间\n    order: dmy\n")
    (found,) = actions.check_mappings(case, _DESK)
    assert [row.row_no for row in found.rows] == [2, 3, 4]
    first, second, third = found.rows
    shown = {field: (each.before, each.after) for _, field, each in first.values}
    assert shown["accepted_at"] == ("02/03/2025", "2025-03-02")
    assert shown["weight_g"] == ("0.2", "200")
    assert shown["sender_name"] == ("赵**", "赵**")
    assert first.problem == ""
    assert second.problem.startswith("accepted_at: ")
    assert third.problem == "totals"
    assert not [each for each in ("赵小梅", "13800010101", "钱思雨") if each in repr(found)]
    _edit(case, "order: dmy", "order: mdy")
    ((row, *_),) = [each.rows for each in actions.check_mappings(case, _DESK)]
    assert {field: each.after for _, field, each in row.values}["accepted_at"] == "2025-02-03"


def test_every_version_that_was_used_is_kept_with_what_it_changed(case: Path) -> None:
    first = (case / "mappings" / _NAME).read_text(encoding="utf-8")
    _edit(case, "    column: 收寄时间\n", "    column: 收寄时间\n    order: dmy\n")
    actions.check_mappings(case, actions.Desk("another", machine=Machine(2.0, 2)))
    actions.check_mappings(case, _DESK)  # nothing has changed: no new version
    told = actions.mapping_history(case, _NAME, _DESK)
    assert [(each.number, each.who, each.changes) for each in told] == [
        (1, "a tester", ()),
        (2, "another", ("+    order: dmy",)),
    ]
    assert told[0].text == first
    assert (case / "mappings" / "kept" / f"{told[0].sha256}.yaml").read_text(encoding="utf-8") == first
    ledger = Case.open(case, clock=SystemClock()).ledger
    entered = [entry.what for entry in ledger.entries("alteration") if "mapping" in entry.payload]
    assert entered == [f"mapping {_NAME}, version 1", f"mapping {_NAME}, version 2"]
    # To go back is a version of its own.
    (case / "mappings" / _NAME).write_text(first, encoding="utf-8")
    told = actions.mapping_history(case, _NAME, _DESK)
    assert (len(told), told[2].sha256) == (3, told[0].sha256)


def test_a_version_that_was_changed_afterwards_is_told(case: Path) -> None:
    (version,) = actions.mapping_history(case, _NAME, _DESK)
    (case / "mappings" / "kept" / f"{version.sha256}.yaml").write_text("kind: payment\n")
    with pytest.raises(Tampered, match="Version 1"):
        actions.mapping_history(case, _NAME, _DESK)


def test_a_mapping_that_is_not_there_has_no_history(case: Path) -> None:
    with pytest.raises(UnknownName):
        actions.mapping_history(case, "nothing.yaml", _DESK)
