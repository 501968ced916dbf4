"""What would become of files is shown before anything is decided, and nothing is changed by looking."""

from __future__ import annotations

from pathlib import Path

import pytest

from vialtrace import actions
from vialtrace.store import Machine, Settings

_DESK = actions.Desk("a tester", machine=Machine(2.0, 1))
_HEADER = "交易时间,付款账号,付款人,收款账号,收款人,金额,交易流水号,附言"
_FIRST = f"""{_HEADER}
2024-03-01 10:00:05,6222020000000000011,张三丰,6217000000000000293,李四光,"1,500.00",A1,货款13812345678
2024-03-02 11:30:00,6.22202E+18,张三丰,6217000000000000293,李四光,80,A2,
合计,,,,,1580,,
"""
_SECOND = f"{_HEADER}\n2024-03-01 10:00:05,6222***********0011,张*丰,6217000000000000293,李四光,1500,901,\n"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    (tmp_path / "甲.csv").write_text(_FIRST, encoding="utf-8")
    (tmp_path / "乙.csv").write_text(_SECOND, encoding="utf-8")
    actions.new(tmp_path / "case", _DESK, Settings("a case"))
    found = actions.survey([tmp_path / "甲.csv"])
    (proposal,) = found.proposals
    (sheet,) = proposal.sheets
    settled = actions.Proposal(proposal.path, (sheet.settled(sheet.mapping),))
    actions.add(tmp_path / "case", actions.Survey((settled,), ()), _DESK)
    return tmp_path / "case"


def _content(folder: Path) -> dict[str, bytes]:
    return {str(each): each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file()}


def test_a_dry_run_changes_nothing_and_shows_what_the_case_holds_already(case: Path) -> None:
    before = _content(case)
    found = actions.survey([case.parent / "甲.csv", case.parent / "乙.csv"], known=actions.confirmed(case, _DESK))
    seen = actions.preview(case, found, _DESK)
    assert _content(case) == before
    assert seen.known == ("甲.csv",)
    (sheet,) = seen.sheets
    assert (sheet.like, sheet.is_confirmed) == ("甲.csv", True)
    assert [(each.other, each.n_rows, each.identity) for each in sheet.overlaps] == [("甲.csv", 1, "likeness")]
    assert [(each.before, each.after) for c in sheet.columns if c.field == "amount" for each in c.examples] == [
        ("1500", "1500")
    ]


def test_faults_and_stated_totals_are_told_and_nobody_is_named(case: Path) -> None:
    (sheet,) = actions.check(case, _DESK).sheets
    assert [(each.field, each.n_rows, each.first) for each in sheet.faults] == [("payer_account", 1, "甲.csv:3")]
    totals = [(each.stated, each.agrees) for each in sheet.stated if each.measure == "total"]
    assert totals == [("1580", False)]
    told = repr(sheet)
    assert not [each for each in ("张三丰", "李四光", "6222020000000000011", "13812345678") if each in told]


def test_all_problems_of_all_mappings_are_told_together(case: Path) -> None:
    assert [(each.kind, each.problems) for each in actions.check_mappings(case, _DESK)] == [("payment", ())]
    path = case / "mappings" / "甲.csv.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  amount:", "  amuont:").replace("column: 附言", "column: 备注"), encoding="utf-8")
    (found,) = actions.check_mappings(case, _DESK, name="甲.csv.yaml")
    assert len(found.problems) == 3  # an unknown field, an unknown column, and the required field that is gone


def test_before_a_run_what_arrived_hidden_is_counted_by_the_rows_of_its_own_file_only(tmp_path: Path) -> None:
    """Masked names and days without times; a file that was added before is not counted with it."""
    header = "证件号码,姓名,出入境时间,出入境类型,口岸"
    (tmp_path / "a.csv").write_text(
        f"{header}\nC12345678,卓*明,2025-03-05 10:20:30,出境,罗湖\nC12345679,卓志明,2025-03-06 11:20:30,入境,罗湖\n",
        encoding="utf-8",
    )
    (tmp_path / "b.csv").write_text(
        f"{header}\nC22345678,卓志明,2025-04-05,出境,罗湖\nC22345679,陈*,2025-04-06,入境,罗湖\nC22345670,,2025-04-07,入境,罗湖\n",
        encoding="utf-8",
    )
    actions.new(tmp_path / "case", _DESK, Settings("a case"))
    actions.add(tmp_path / "case", actions.survey([tmp_path / "a.csv", tmp_path / "b.csv"]), _DESK, best_guess=True)
    told = {
        sheet.shown: [(e.field, e.n_values, e.n_masked, e.n_matched, e.first) for e in sheet.masked]
        for sheet in actions.check(tmp_path / "case", _DESK).sheets
    }
    assert told == {
        "a.csv": [("traveller_name", 2, 1, None, "a.csv:2")],
        "b.csv": [("traveller_name", 2, 1, None, "b.csv:3"), ("crossed_at", 3, 3, None, "b.csv:2")],
    }
