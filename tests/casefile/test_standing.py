"""Which identifiers may stand in a text: never a no to one that does, whatever way it is written."""

from __future__ import annotations

import pyarrow as pa
import pytest

from vialtrace.casefile.folded import fold
from vialtrace.casefile.scrub import forms
from vialtrace.casefile.standing import Standing

WRITTEN = [
    ("phone", "+8613812345678"),
    ("phone", "+447911123456"),
    ("phone", "+86138****5678"),
    ("handle", "wechat:Lily 2024"),
    ("handle", "xiaohongshu:小鹿妈妈"),
    ("name", "张小雅"),
    ("name", "王芳"),
    ("name", "ZHANG Xiaoya"),
    ("name", "Müller Straße"),
    ("name", "歐陽娜"),
    ("document", "44010119900307123X"),
    ("account", "6222 0200 1111 2222"),
    ("address", "广东省深圳市福田区 88 号"),
    ("org_id", "９１４４０１"),
    ("name", "ﬁona"),
]


def _may_hold(text: str, kind: str, value: str) -> bool:
    told = Standing.of([text]).may_hold(pa.chunked_array([[kind]]), pa.chunked_array([[value]]))
    return bool(told.to_pylist()[0])


@pytest.mark.parametrize(("kind", "value"), WRITTEN)
def test_whatever_way_an_identifier_is_written_it_may_stand_there(kind: str, value: str) -> None:
    for form in forms(kind, value):
        assert _may_hold(f"She paid {form} twice", kind, value), form
        assert _may_hold(f"付给{form.upper()}两次", kind, value), form
    assert _may_hold(f"付给 {value} 两次", kind, value)
    assert fold(value) in fold(f"付给 {value} 两次")


def test_the_figures_of_a_number_that_something_parts_stand_there() -> None:
    assert _may_hold("call 138-1234-5678 at night", "phone", "+8613812345678")


def test_what_shares_no_beginning_with_any_text_does_not_stand_there() -> None:
    assert not _may_hold("12 clients paid {subject} within two weeks", "name", "张小雅")
    assert not _may_hold("12 clients paid {subject} within two weeks", "phone", "+8613812345678")
