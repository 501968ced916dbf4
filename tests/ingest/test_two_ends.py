"""Two sets of the same headers in a list of parcels are read as sender and receiver."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingest.conftest import Take

_RECEIVER = "李四,13900139000,香港九龙弥敦道1号"
_ROWS = (
    f"SF1000000000001,2024-03-01 10:20:30,张三,13800138000,广东省深圳市福田区福华路1号,{_RECEIVER},茶叶\n"
    f"SF1000000000002,2024-03-02 10:20:30,王五,13800138001,广东省深圳市福田区福华路2号,{_RECEIVER},玩具\n"
)
_FIELDS = ("sender_name", "sender_phone", "receiver_name", "receiver_phone", "contents")
_TRUTH = [
    ("张三", "+8613800138000", "李四", "+8613900139000", "茶叶"),
    ("王五", "+8613800138001", "李四", "+8613900139000", "玩具"),
]


@pytest.mark.parametrize(
    "header",
    [
        "运单号,寄件时间,姓名,电话,地址,姓名,电话,地址,物品\n",
        "waybill no,date,name,phone,address,name,phone,address,contents\n",
        "运单号,寄件时间,联系人,联系电话,详细地址,联系人,联系电话,详细地址,物品\n",
    ],
)
def test_the_first_of_two_sets_is_taken_for_the_senders_and_asked_about(
    take: Take, tmp_path: Path, header: str
) -> None:
    (tmp_path / "a.csv").write_text(header + _ROWS)
    (taken,) = take(tmp_path / "a.csv")
    assert taken.values(*_FIELDS) == _TRUTH
    assert [(each.what, len(each.candidates)) for each in taken.guess.unsure] == [("sender_name", 2)]
    assert taken.guess.mapping.reading("sender_name").confidence == 0.7  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "header",
    [
        "运单号,寄件时间,寄件人信息,,,收件人信息,,,物品\n,,姓名,电话,地址,姓名,电话,地址,\n",
        ",,寄件方,,,收件方,,,\n运单号,寄件时间,姓名,电话,地址,姓名,电话,地址,物品\n",
        "运单号,寄件时间,寄件人姓名,寄件人电话,寄件人地址,收件人姓名,收件人电话,收件人地址,物品\n",
    ],
)
def test_a_header_above_the_sets_that_says_whose_they_are_leaves_no_question(
    take: Take, tmp_path: Path, header: str
) -> None:
    (tmp_path / "a.csv").write_text(header + _ROWS)
    (taken,) = take(tmp_path / "a.csv")
    assert (taken.values(*_FIELDS), taken.guess.unsure) == (_TRUTH, ())


@pytest.mark.parametrize("first", ["收件", "收件人"])
def test_a_blank_column_before_each_set_says_whose_it_is(take: Take, tmp_path: Path, first: str) -> None:
    second = first.replace("收", "寄")
    rows = [line.split(",") for line in _ROWS.splitlines()]
    parted = "\n".join(",".join([*row[:2], "", *row[2:5], "", *row[5:]]) for row in rows)
    (tmp_path / "a.csv").write_text(f"运单号,日期,{first},姓名,电话,地址,{second},姓名,电话,地址,物品\n{parted}\n")
    (taken,) = take(tmp_path / "a.csv")
    assert taken.values("receiver_name", "sender_name") == [("张三", "李四"), ("王五", "李四")]
    assert not [each for each in taken.guess.unsure if each.what == "sender_name"]
