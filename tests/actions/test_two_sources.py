"""One transfer from two banks: one record, both rows shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from vialtrace import actions
from vialtrace.store import Machine, Settings

_DESK = actions.Desk("a tester", machine=Machine(2.0, 1))

_PAYER_BANK = """交易时间,付款账号,付款人,收款账号,收款人,金额,交易流水号
2024-03-01 10:00:05,6222020000000000011,张三,6217000000000000293,李四,500,A1
2024-03-01 10:00:05,6222020000000000011,张三,6217000000000000293,李四,500,A2
2024-03-02 11:30:00,6222020000000000011,张三,6217000000000000293,李四,80,A3
"""
_PAYEE_BANK = """交易时间,付款账号,付款人,收款账号,收款人,金额,交易流水号,附言
2024-03-01 10:00:05,6222***********0011,张*,6217000000000000293,李四,500,9001,货款
2024-03-01 10:00:05,6222***********0011,张*,6217000000000000293,李四,500,9002,货款
2024-03-05 09:12:40,6222***********0011,张*,6217000000000000293,李四,75,9003,
"""


@pytest.fixture(scope="module")
def two_banks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("banks")
    (folder / "甲银行.csv").write_text(_PAYER_BANK, encoding="utf-8")
    (folder / "乙银行.csv").write_text(_PAYEE_BANK, encoding="utf-8")
    actions.new(folder / "case", _DESK, Settings("two banks"))
    places = [folder / "甲银行.csv", folder / "乙银行.csv"]
    actions.add(folder / "case", actions.survey(places), _DESK, best_guess=True)
    actions.run(folder / "case", _DESK)
    return folder / "case"


def test_a_transfer_from_two_banks_is_counted_once(two_banks: Path) -> None:
    found = actions.check(two_banks, _DESK)
    assert found.n_rows == 4
    assert [each.counts["n_duplicates"] for each in found.sheets] == [0, 2]


def test_each_source_of_a_record_is_shown_from_the_other(two_banks: Path) -> None:
    kept = actions.show(two_banks, "甲银行.csv:2", _DESK).told
    again = actions.show(two_banks, "乙银行.csv:2", _DESK).told
    assert kept["also_in"] == ["乙银行.csv:2"]
    assert (again["same_as"], again["known_by"], again["kind"]) == ("甲银行.csv:2", "likeness", "payment")
    assert actions.show(two_banks, "甲银行.csv:4", _DESK).told["also_in"] == []
