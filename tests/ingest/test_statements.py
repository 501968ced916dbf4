"""Statements of one account holder as banks and wallets send them, against the payments they were written from."""

# ruff: noqa: E501  lines of files stand here as they come
from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from vialtrace import ingest, sources

Take = Callable[..., list[Any]]

HOLDER, CLIENT, CARRIER = "6222020200000000017", "6217000010000000025", "6228480400000000033"

BANK_29 = (
    "交易卡号,交易账号,账户开户名称,开户人证件号码,交易时间,交易金额,交易余额,收付标志,交易对手账卡号,现金标志,对手户名,对手身份证号,"
    "对手开户银行,摘要说明,交易币种,交易网点名称,交易发生地,交易是否成功,传票号,IP地址,MAC地址,对手交易余额,交易流水号,日志号,"
    "凭证种类,凭证号,交易柜员号,备注,查询反馈结果原因"
)


def _bank_row(
    n: int, amount: str, balance: str, flow: str, other: str = CLIENT, done: str = "成功", name: str = "赵六"
) -> str:
    cells = [
        f"\t{HOLDER}", "", "王五", "\t110101199003070011", f"20240305 1422{n:02d}", amount, balance, flow, f"\t{other}", "否", name, "",
        "某银行", "转账", "人民币", "", "", done, "", "", "", "", f"\tL{n:04d}", "", "", "", "", "检测费", "",
    ]  # fmt: skip
    return ",".join(cells)


def _write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_a_bank_reply_in_gb18030_becomes_payments_with_the_holder_on_the_right_side(take: Take, tmp_path: Path) -> None:
    rows = [
        _bank_row(1, "300.00", "1300.00", "进"),
        _bank_row(2, "50.00", "1250.00", "出", CARRIER, name="孙七"),
        _bank_row(3, "80.00", "1250.00", "出", CARRIER, "失败"),
        _bank_row(4, "7.50", "1242.50", "出", "", name="某快递公司"),
        _bank_row(5, "0.50", "1242.00", "出", "", name=""),
    ]
    (sheet,) = take(_write(tmp_path, "交易明细.csv", "\r\n".join([BANK_29, *rows]) + "\r\n", "gb18030"))
    assert sheet.guess.mapping.profile == "bank_reply"
    assert sheet.guess.unsure == ()
    assert sheet.values("payer_account", "payee_account", "amount", "payer_name", "payment_id", "row_no") == [
        (CLIENT, HOLDER, Decimal(300), "赵六", "L0001", 2),
        (HOLDER, CARRIER, Decimal(50), "王五", "L0002", 3),
        (HOLDER, f"{HOLDER}~某快递公司", Decimal("7.5"), "王五", "L0004", 5),
        (HOLDER, f"{HOLDER}~?", Decimal("0.5"), "王五", "L0005", 6),
    ]
    assert sheet.rows[0]["paid_at"] == dt.datetime(2024, 3, 5, 14, 22, 1)  # noqa: DTZ001  local by design
    assert sheet.rows[0]["currency"] == "CNY"
    assert [(row["row_no"], row["reason"]) for row in sheet.set_aside] == [
        (4, "the bank says that the transaction failed")
    ]


@pytest.mark.parametrize("n_columns", [29, 32, 34])
def test_replies_of_any_width_are_known(take: Take, tmp_path: Path, n_columns: int) -> None:
    more = ["终端号", "商户名称", "商户号", "交易类型", "交易网点代码"][: n_columns - 29]
    head = ",".join([BANK_29, *more])
    text = f"{head}\n{_bank_row(1, '300', '1300', '进')}{',' * len(more)}\n"
    (sheet,) = take(_write(tmp_path, "明细.csv", text, "gb18030"))
    assert (sheet.guess.mapping.profile, len(sheet.sheet.headers), len(sheet.rows)) == ("bank_reply", n_columns, 1)


def test_bare_debit_and_credit_are_settled_by_the_balance_and_still_asked(take: Take, tmp_path: Path) -> None:
    # A bank that prints its own side: 借 raises the customer's balance.
    rows = [
        _bank_row(1, "100", "1000", "借"),
        _bank_row(2, "300", "1300", "借"),
        _bank_row(3, "50", "1250", "贷", CARRIER),
        _bank_row(4, "40", "1210", "贷", CARRIER),
        _bank_row(5, "90", "1300", "借"),
    ]
    (sheet,) = take(_write(tmp_path, "明细.csv", "\n".join([BANK_29, *rows]) + "\n"))
    (question,) = sheet.guess.unsure
    assert question.what == "flow"
    assert question.candidates == ("words: 借=in, 贷=out", "words: 借=out, 贷=in")
    assert "借 is taken as in, as the balance moves so in 2 of 2 rows" in question.why
    assert [row["payee_account"] == HOLDER for row in sheet.rows] == [True, True, False, False, True]


def test_the_newest_row_first_proves_the_same(take: Take, tmp_path: Path) -> None:
    rows = [_bank_row(n, "30", str(1000 - 30 * n), "O", CARRIER) for n in range(1, 5)]
    (sheet,) = take(_write(tmp_path, "明细.csv", "\n".join([BANK_29, *reversed(rows)]) + "\n"))
    assert sheet.guess.unsure[0].candidates[0] == "words: o=out"
    assert all(row["payer_account"] == HOLDER for row in sheet.rows)


def test_an_unknown_code_without_a_balance_stays_in_quarantine(take: Take, tmp_path: Path) -> None:
    rows = [_bank_row(1, "30", "", "X7"), _bank_row(2, "31", "", "进")]
    (sheet,) = take(_write(tmp_path, "明细.csv", "\n".join([BANK_29, *rows]) + "\n"))
    assert "nothing tells what x7 means" in sheet.guess.unsure[0].why
    assert [(row["row_no"], row["field"], row["raw"]) for row in sheet.quarantine] == [(2, "flow", "X7")]


def test_a_blank_code_goes_the_way_the_balance_goes(take: Take, tmp_path: Path) -> None:
    rows = [_bank_row(1, "30", "970", "出"), *(_bank_row(n, "10", str(960 - 10 * (n - 2)), "") for n in range(2, 5))]
    (sheet,) = take(_write(tmp_path, "明细.csv", "\n".join([BANK_29, *rows]) + "\n"))
    assert sheet.guess.unsure[0].candidates[0] == "words: (blank)=out"
    assert ingest.rule_of("words: (blank)=out") == (("", "out"),)
    assert len(sheet.rows) == 4


def test_card_numbers_a_spreadsheet_rounded_are_not_trusted(take: Take, tmp_path: Path) -> None:
    rows = [_bank_row(1, "30", "", "进", "6.2170E+18"), _bank_row(2, "30", "", "进")]
    (sheet,) = take(_write(tmp_path, "明细.csv", "\n".join([BANK_29, *rows]) + "\n"))
    assert len(sheet.rows) == 1
    assert "last digits are lost" in sheet.quarantine[0]["reason"]


def test_the_siblings_of_a_reply_are_kept_apart_from_its_payments(take: Take, tmp_path: Path) -> None:
    accounts = _write(
        tmp_path,
        "账户信息.csv",
        "账户开户名称,开户人证件号码,交易卡号,交易账号,账户开户时间,账户余额,可用余额,币种,开户网点代码,开户网点,账户状态\n"
        f"王五,\t110101199003070011,\t{HOLDER},,2020-01-02,12.5,12.5,CNY,001,某支行,正常\n",
        "gb18030",
    )
    persons = _write(
        tmp_path,
        "人员信息.csv",
        "客户名称,证照类型,证照号码,单位地址,联系电话,联系手机,单位电话,住宅电话,工作单位,邮箱地址\n"
        "王五,身份证,\t110101199003070011,,,13800138000,,,某公司,\n赵六,身份证,,,,,,,,\n",
        "gb18030",
    )
    (account,) = take(accounts)
    (person,) = take(persons)
    assert [each.guess.mapping.profile for each in (account, person)] == ["bank_accounts", "bank_persons"]
    assert account.values("identifier_type", "identifier", "holder_name") == [("account", HOLDER, "王五")]
    assert person.values("identifier_type", "identifier", "holder_document") == [
        ("phone", "+8613800138000", "110101199003070011")
    ]
    assert [row["field"] for row in person.quarantine] == ["identifier"]


def test_sub_accounts_are_no_payments(take: Take, tmp_path: Path) -> None:
    text = (
        "账户开户名称,开户人证件号码,主账户账号,子账户账号,子账户类别,账户余额,币种,开户日期\n"
        f"王五,\t110101199003070011,\t{HOLDER},\t{HOLDER[:-2]}00001,定期,1000.00,CNY,2020-01-02\n"
    )
    (sheet,) = take(_write(tmp_path, "子账户信息.csv", text, "gb18030"))
    assert sheet.guess.mapping.profile == "bank_subaccounts"
    assert sheet.values("identifier_type", "identifier", "holder_name", "valid_from") == [
        ("account", f"{HOLDER[:-2]}00001", "王五", dt.date(2020, 1, 2))
    ]


def test_a_tenpay_reply_is_read_in_fen_with_its_duplicate_headers(take: Take, tmp_path: Path) -> None:
    head = (
        "用户ID\t交易单号\t大单号\t用户侧账号名称\t借贷类型\t交易业务类型\t交易用途类型\t交易时间\t交易金额(分)\t账户余额(分)\t用户银行卡号\t"
        "用户侧网银联单号\t网联/银联\t第三方账户名称\t对手方ID\t对手侧账户名称\t对手方银行卡号\t对手侧银行名称\t对手侧网银联单号\t网联/银联\t"
        "第三方账户名称\t基金公司信息\t间联/非间联交易\t对手方接收时间\t对手方接收金额(分)\t备注1\t备注2"
    )

    def row(n: int, flow: str, fen: str, other: str, name: str) -> str:
        cells = [
            "wxid_aaaa01",
            f"1000{n}",
            "",
            "王五",
            flow,
            "转账",
            "",
            f"2024-03-05 10:00:0{n}",
            fen,
            "",
            "",
            "",
            "",
            "",
            other,
            name,
        ]
        return "\t".join([*cells, *[""] * 11])

    text = "\n".join([head, row(1, "入", "30050", "wxid_bbbb02", "赵六"), row(2, "出", "1200", "", "某商户")]) + "\n"
    (sheet,) = take(_write(tmp_path, "TenpayTrades.txt", text))
    assert sheet.guess.mapping.profile == "tenpay_trades"
    assert sheet.guess.unsure == ()
    assert sheet.values("payer_account", "payee_account", "amount") == [
        ("wxid_bbbb02", "wxid_aaaa01", Decimal("300.5")),
        ("wxid_aaaa01", "wxid_aaaa01~某商户", Decimal(12)),
    ]
    registered = _write(
        tmp_path,
        "TenpayRegInfo.txt",
        "账户状态\t账号\t注册姓名\t注册时间\t注册身份证号\t绑定手机\t绑定状态\t开户行信息\t银行账号\n"
        f"正常\twxid_aaaa01\t王五\t2019-05-06 10:00:00\t110101199003070011\t13800138000\t已绑定\t某银行\t{HOLDER}\n",
    )
    (sheet,) = take(registered)
    assert sheet.guess.mapping.profile == "tenpay_registration"
    assert sheet.values("identifier_type", "identifier", "holder_name") == [("account", "wxid_aaaa01", "王五")]


WECHAT = """微信支付账单明细,,,,,,,,
微信昵称：[小林],,,,,,,,
起始时间：[2024-03-01 00:00:00] 终止时间：[2024-04-01 00:00:00],,,,,,,,
导出类型：[全部],,,,,,,,
导出时间：[2024-04-02 10:00:00],,,,,,,,
,,,,,,,,
共6笔记录,,,,,,,,
收入：2笔 2312.50元,,,,,,,,
支出：2笔 50.00元,,,,,,,,
中性交易：1笔 100.00元,,,,,,,,
注：,,,,,,,,
1. 充值/提现/理财通购买/零钱通存取/信用卡还款等交易，将计入中性交易,,,,,,,,
,,,,,,,,
----------------------微信支付账单明细列表--------------------,,,,,,,,
交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注
2024-03-20 10:00:00,转账,赵六,"转账备注:检测",收入,¥2300.00,/,已存入零钱,"4200001\t","1000\t",/
2024-03-19 10:00:00,二维码收款,*三,"/",收入,¥12.50,/,已收钱,"4200002\t","1001\t",/
2024-03-18 10:00:00,商户消费,某快递,"运费",支出,¥20.00,零钱,支付成功,"4200003\t","1002\t",/
2024-03-17 10:00:00,商户消费,某商城,"盒子",支出,¥30.00,零钱,已全额退款,"4200004\t","1003\t",/
2024-03-17 11:00:00,商户消费-退款,某商城,"盒子",收入,¥30.00,/,已全额退款,"4200005\t","1004\t",/
2024-03-16 10:00:00,零钱提现,某银行,"/",/,¥100.00,某银行(0017),提现已到账,"4200006\t","1005\t",/
"""


def test_a_wechat_export_keeps_what_it_states_and_counts_no_refund(take: Take, tmp_path: Path) -> None:
    (sheet,) = take(_write(tmp_path, "微信支付账单.csv", WECHAT, "utf-8-sig"))
    assert sheet.guess.mapping.profile == "wechat_export"
    assert sheet.guess.unsure == ()
    assert sheet.values("payer_account", "payee_account", "amount", "payment_id") == [
        ("小林~赵六", "小林", Decimal(2300), "4200001"),
        ("小林~*三", "小林", Decimal("12.5"), "4200002"),
        ("小林", "小林~某快递", Decimal(20), "4200003"),
    ]
    assert sheet.reasons == [
        "refunded, closed or pending, so no money passed",
        "refunded, closed or pending, so no money passed",
        "neither income nor expense by the file's own word",
    ]
    assert sheet.stated[("count", "", "")] == 6
    assert sheet.stated[("total", "in", "amount")] == Decimal("2312.5")
    assert sheet.stated[("count", "other", "")] == 1


def test_a_wechat_certificate_says_in_out_or_other(take: Take, tmp_path: Path) -> None:
    text = (
        "微信支付交易明细证明,,,,,,,\n姓名：王五,证件号码：110101********0011,微信号：wxid_aaaa01,,,,,\n"
        "交易单号,交易时间,交易类型,收/支/其他,交易方式,金额(元),交易对方,商户单号\n"
        "`4200001,2024-03-20 10:00:00,转账,收入,零钱,2300.00,赵六,`1000\n"
        "`4200002,2024-03-21 10:00:00,商户消费,支出,零钱,20.00,某快递,`1001\n"
        "`4200003,2024-03-22 10:00:00,零钱提现,其他,某银行,100.00,某银行,`1002\n"
    )
    (sheet,) = take(_write(tmp_path, "证明.csv", text))
    assert sheet.guess.mapping.profile == "wechat_export"
    assert sheet.values("payer_account", "payee_account", "amount", "payment_id") == [
        ("wxid_aaaa01~赵六", "wxid_aaaa01", Decimal(2300), "4200001"),
        ("wxid_aaaa01", "wxid_aaaa01~某快递", Decimal(20), "4200002"),
    ]
    assert sheet.reasons == ["neither income nor expense by the file's own word"]


ALIPAY_HEAD = "交易号,商家订单号,交易创建时间,付款时间,最近修改时间,交易来源地,类型,交易对方,商品名称,金额（元）,收/支,交易状态,服务费（元）,成功退款（元）,备注,资金状态"
ALIPAY_ROWS = (
    "2024030522001,,2024-03-05 10:00:00,2024-03-05 10:00:01,,其他,即时到账交易,赵六,转账,300.00,收入,交易成功,0.00,0.00,,已收入",
    "2024030522002,,2024-03-06 10:00:00,2024-03-06 10:00:01,,淘宝,即时到账交易,某商城,盒子,20.00,支出,交易成功,0.00,0.00,,已支出",
    "2024030522003,,2024-03-07 10:00:00,,2024-03-07 10:00:01,淘宝,即时到账交易,某商城,管子,99.00,支出,交易关闭,0.00,0.00,,",
    "2024030522004,,2024-03-08 10:00:00,,,淘宝,即时到账交易,某商城,退款-盒子,20.00,不计收支,退款成功,0.00,20.00,,资金转移",
)
ALIPAY = "\n".join(
    [
        "支付宝交易记录明细查询",
        "账号:[138****8000]",
        "起始日期:[2024-03-01 00:00:00]    终止日期:[2024-04-01 00:00:00]",
        "-" * 33 + "交易记录明细列表" + "-" * 36,
        *(",".join(f"{cell:<20}" for cell in line.split(",")) + "," for line in (ALIPAY_HEAD, *ALIPAY_ROWS)),
        "-" * 84,
        "共4笔记录",
        "已收入:1笔,300.00元",
        "待收入:0笔,0.00元",
        "已支出:1笔,20.00元",
        "待支出:1笔,99.00元",
        "导出时间:[2024-04-02 10:00:00]    用户:王五",
        "",
    ]
)


def test_an_alipay_web_export_counts_neither_refunds_nor_closed_rows(take: Take, tmp_path: Path) -> None:
    (sheet,) = take(_write(tmp_path, "alipay_record.csv", ALIPAY, "gb18030"))
    assert sheet.guess.mapping.profile == "alipay_web"
    assert sheet.values("payer_account", "payee_account", "amount", "paid_at") == [
        ("138****8000~赵六", "138****8000", Decimal(300), dt.datetime(2024, 3, 5, 10, 0, 1)),  # noqa: DTZ001
        ("138****8000", "138****8000~某商城", Decimal(20), dt.datetime(2024, 3, 6, 10, 0, 1)),  # noqa: DTZ001
    ]
    assert sheet.quarantine == []
    assert sheet.stated[("count", "", "")] == 4
    assert sheet.stated[("total", "out", "amount")] == 20


@pytest.mark.parametrize("is_turned", [False, True])
def test_alipay_mobile_exports_are_read_in_any_order_of_columns(take: Take, tmp_path: Path, *, is_turned: bool) -> None:
    head = [
        "收/支",
        "交易对方",
        "对方账号",
        "商品说明",
        "收/付款方式",
        "金额",
        "交易状态",
        "交易分类",
        "交易订单号",
        "商家订单号",
        "交易时间",
    ]
    rows = [
        [
            "收入",
            "赵六",
            "abc***@example.com",
            "检测",
            "余额",
            "300.00",
            "交易成功",
            "转账红包",
            "\t20240305",
            "",
            "2024-03-05 10:00:00",
        ],
        [
            "支出",
            "某商城",
            "/",
            "盒子",
            "余额",
            "20.00",
            "等待付款",
            "日用百货",
            "\t20240306",
            "",
            "2024-03-06 10:00:00",
        ],
        [
            "不计收支",
            "余额宝",
            "/",
            "收益",
            "",
            "1.00",
            "交易成功",
            "投资理财",
            "\t20240307",
            "",
            "2024-03-07 10:00:00",
        ],
    ]
    lines = [",".join(row[::-1] if is_turned else row) for row in (head, *rows)]
    text = (
        "支付宝（中国）网络技术有限公司 电子客户回单\n姓名：王五\n支付宝账户：wangwu@example.com\n共3笔记录\n收入：1笔 300.00元\n"
        + "\n".join(lines)
    )
    (sheet,) = take(_write(tmp_path, "支付宝交易明细.csv", text + "\n", "gb18030"))
    assert sheet.guess.mapping.profile == "alipay_mobile"
    assert sheet.values("payer_account", "payee_account", "payee_name", "amount") == [
        ("abc***@example.com", "wangwu@example.com", "王五", Decimal(300))
    ]
    assert len(sheet.set_aside) == 2
    assert sheet.stated == {
        ("count", "", ""): 3, ("count", "in", ""): 1, ("total", "in", "amount"): 300
    }  # fmt: skip


def test_a_merchant_bill_ends_at_its_totals(take: Take, tmp_path: Path) -> None:
    text = (
        "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,"
        "商品名称,手续费,费率,订单金额\n"
        "`2024-03-05 10:00:00,`wxapp01,`1900000109,`0,`,`42000001,`A1,`oAbc_1,`JSAPI,`SUCCESS,`OTHERS,`CNY,`300.00,`检测,`1.80,`0.60%,`300.00\n"
        "`2024-03-05 11:00:00,`wxapp01,`1900000109,`0,`,`42000002,`A2,`oAbc_2,`JSAPI,`REFUND,`OTHERS,`CNY,`0.00,`检测,`0.00,`0.60%,`300.00\n"
        "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\n"
        "`2,`300.00,`300.00,`0.00,`1.80,`600.00,`300.00\n"
    )
    (sheet,) = take(_write(tmp_path, "1900000109All2024-03-05.csv", text))
    assert sheet.guess.mapping.profile == "wechat_merchant_bill"
    assert sheet.values("payer_account", "payee_account", "amount", "currency") == [
        ("oAbc_1", "1900000109", Decimal(300), "CNY")
    ]
    assert sheet.reasons == ["refunded, closed or pending, so no money passed", "totals", "totals"]
    assert sheet.stated == {("count", "", ""): 2, ("total", "", "amount"): 300}


def test_debit_and_credit_in_a_column_each_need_no_code(take: Take, tmp_path: Path) -> None:
    text = (
        "户名：王五,账号：6222020200000000017,,,,\n交易日期,交易时间,借方发生额,贷方发生额,余额,对方户名,对方账号\n"
        f"2024-03-05,10:22:33,,300.00,1300.00,赵六,{CLIENT}\n2024-03-05,11:22:33,50.00,0.00,1250.00,孙七,{CARRIER}\n合计,,50.00,300.00,,,\n"
    )
    (sheet,) = take(_write(tmp_path, "对账单.csv", text))
    assert sheet.guess.mapping.kind == "payment"
    assert sheet.values("payer_account", "payee_account", "amount", "paid_at") == [
        (CLIENT, HOLDER, Decimal(300), dt.datetime(2024, 3, 5, 10, 22, 33)),  # noqa: DTZ001
        (HOLDER, CARRIER, Decimal(50), dt.datetime(2024, 3, 5, 11, 22, 33)),  # noqa: DTZ001
    ]
    assert sheet.reasons == ["totals"]


def test_a_minus_that_repeats_the_flow_is_dropped_and_one_that_takes_back_is_kept(take: Take, tmp_path: Path) -> None:
    head = "账号,交易时间,收支,金额,对方账号\n"
    rows = [f"{HOLDER},2024-03-0{n} 10:00:00,支出,-{n}0.00,{CARRIER}" for n in range(1, 5)]
    (sheet,) = take(_write(tmp_path, "流水.csv", head + "\n".join(rows) + "\n"))
    assert [row["amount"] for row in sheet.rows] == [10, 20, 30, 40]
    rows = [f"{HOLDER},2024-03-0{n} 10:00:00,支出,{'-' if n == 3 else ''}{n}0.00,{CARRIER}" for n in range(1, 5)]
    (sheet,) = take(_write(tmp_path, "流水2.csv", head + "\n".join(rows) + "\n"))
    assert [row["amount"] for row in sheet.rows] == [10, 20, -30, 40]


def test_a_statement_that_names_no_holder_is_asked_about_and_named_by_its_file(take: Take, tmp_path: Path) -> None:
    text = f"交易时间,收支,金额,对方账号,对方户名\n2024-03-05 10:00:00,收入,30,{CLIENT},赵六\n"
    (sheet,) = take(_write(tmp_path, f"{HOLDER}流水.csv", text))
    assert [(each.what, each.candidates) for each in sheet.guess.unsure] == [("own_account", (HOLDER,))]
    assert sheet.values("payer_account", "payee_account") == [(CLIENT, HOLDER)]


def test_a_profile_needs_its_values_and_not_only_its_headers(tmp_path: Path) -> None:
    text = BANK_29 + "\n" + ",".join(["x y z!"] * 29) + "\n"
    guess = ingest.guess(sources.sniff(_write(tmp_path, "明细.csv", text))[0])
    assert guess.mapping.profile == ""


def test_payments_that_came_to_nothing_are_set_aside_whoever_sends_the_list(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "6225880212345678.csv"
    path.write_text(
        "交易时间,客户账号,收支标志,交易金额,对方账号,对方户名,交易状态\n"
        "2025-03-03 10:00:00,6225880212345678,收入,2380,6217000010000000201,赵小梅,成功\n"
        "2025-03-04 10:00:00,6225880212345678,收入,2381,6217000010000000202,钱思雨,失败(余额不足)\n"
        "2025-03-05 10:00:00,6225880212345678,支出,300,6230000000000000041,陈大文,已退款\n",
        encoding="utf-8",
    )
    (taken,) = take(path)
    assert taken.values("amount") == [(Decimal(2380),)]
    assert [row["row_no"] for row in taken.set_aside] == [3, 4]
    assert set(taken.reasons) == {"no money passed: it failed, was closed, refunded or is pending"}
