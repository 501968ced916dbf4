"""Telephones and WeChat ids inside adverts."""

from __future__ import annotations

import ibis
import pytest

from vialtrace.kit import contacts


def _read(text: str) -> tuple[str | None, str | None]:
    literal = ibis.literal(text)
    frame = ibis.duckdb.connect()
    return frame.to_pyarrow(contacts.phone(literal)).as_py(), frame.to_pyarrow(contacts.handle(literal)).as_py()


@pytest.mark.parametrize(("text", "phone"), [
    ("咨询电话13800138000", "+8613800138000"),
    ("电话：１３８００１３８０００", "+8613800138000"),
    ("打 138-0013-8000", "+8613800138000"),
    ("一三八零零一三八零零零", "+8613800138000"),
    ("+86 138 0013 8000", "+8613800138000"),
    ("订单号 2138001380001", None),
    ("12800138000", None),
])
def test_mobile_numbers_are_found_however_they_are_written(text: str, phone: str | None) -> None:
    assert _read(text)[0] == phone


@pytest.mark.parametrize(("text", "handle"), [
    ("加V：abc_12345", "wechat:abc_12345"),
    ("加微信号 Baby2024x 咨询", "wechat:baby2024x"),
    ("➕薇❤ ｔｅｓｔ＿ｌａｂ９", "wechat:test_lab9"),
    ("vx: hello-2023", "wechat:hello-2023"),
    ("a video about wool sweaters", None),
    ("微信支付更方便", None),
    ("微信 abc", None),
])
def test_wechat_ids_are_found_behind_the_words_that_announce_them(text: str, handle: str | None) -> None:
    assert _read(text)[1] == handle
