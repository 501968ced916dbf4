"""One transfer from two banks and one parcel from two extracts, as they arrive: one record, each source shown."""

# ruff: noqa: E501  lines of files stand here as they come
from __future__ import annotations

from pathlib import Path

import pytest

from vialtrace import actions
from vialtrace.store import Machine, Settings

_DESK = actions.Desk("a tester", machine=Machine(2.0, 1))
_PAYER, _PAYEE = "6222020200000000017", "6217000010000000025"
_BANK = "交易卡号,账户开户名称,交易时间,交易金额,交易余额,收付标志,交易对手账卡号,对手户名,摘要说明,交易币种,交易是否成功,交易流水号"
_PAYERS_BANK = f"""{_BANK}
\t{_PAYER},王五,20240305 142201,300.00,700.00,出,\t{_PAYEE},赵六,转账,人民币,成功,\tA0001
\t{_PAYER},王五,20240305 142210,80.00,620.00,出,\t{_PAYEE},赵六,转账,人民币,失败,\tA0002
\t{_PAYER},王五,20240306 090000,50.00,570.00,出,\t6228480400000000033,孙七,转账,人民币,成功,\tA0003
"""
_PAYEES_BANK = f"""{_BANK}
\t{_PAYEE},赵六,20240305 142201,300.00,1300.00,进,\t{_PAYER},王五,检测费,人民币,成功,\t900001
\t{_PAYEE},赵六,20240307 110000,20.00,1280.00,出,\t6228480400000000041,周八,转账,人民币,成功,\t900002
"""
_SENDERS = """运单号,月结账号,寄件时间,寄件人,寄件人电话,寄件地址,收件人,收件人电话,收件地址,托寄物,下单重量(kg),原寄地代码
SF1000000000001,7550000001,2024-03-05 10:11:12,张三,13800138000,湖南省长沙市某路1号,李*,139****9000,广东省深圳市某街2号,茶叶,0.2,731
SF1000000000002,7550000001,2024-03-06 10:11:12,张三,13800138000,湖南省长沙市某路1号,李*,139****9000,广东省深圳市某街2号,茶叶,0.2,731
"""
_RECEIVERS = """运单编号,收寄时间,寄件人姓名,寄件人手机,收件人姓名,收件人手机,收件详细地址,网点代码
SF1000000000001,2024-03-05 10:11:12,张*,138****8000,李四,13900139000,广东省深圳市某街2号,755A
SF1000000000003,2024-03-07 10:11:12,张*,138****8000,李四,13900139000,广东省深圳市某街2号,755A
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sides")
    told = {"付款行.csv": _PAYERS_BANK, "收款行.csv": _PAYEES_BANK, "寄件.csv": _SENDERS, "派件.csv": _RECEIVERS}
    for name, text in told.items():
        (folder / name).write_bytes(text.encode("gb18030"))
    actions.new(folder / "case", _DESK, Settings("two sides"))
    actions.add(folder / "case", actions.survey([folder / name for name in told]), _DESK, best_guess=True)
    actions.run(folder / "case", _DESK)
    return folder / "case"


def test_nothing_that_two_sent_is_counted_twice(case: Path) -> None:
    found = actions.check(case, _DESK)
    counts = {each.shown: (each.counts["n_duplicates"], each.counts["n_set_aside"]) for each in found.sheets}
    assert counts == {"付款行.csv": (0, 1), "收款行.csv": (1, 0), "寄件.csv": (0, 0), "派件.csv": (1, 0)}
    assert found.n_rows == 3 + 3


@pytest.mark.parametrize(
    ("kept", "again", "kind"), [("付款行.csv:2", "收款行.csv:2", "payment"), ("寄件.csv:2", "派件.csv:2", "waybill")]
)
def test_each_source_is_shown_from_the_other(case: Path, kept: str, again: str, kind: str) -> None:
    assert actions.show(case, kept, _DESK).told["also_in"] == [again]
    told = actions.show(case, again, _DESK).told
    assert (told["same_as"], told["kind"]) == (kept, kind)
