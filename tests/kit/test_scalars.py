"""Expressions worked out in Python give what DuckDB gives."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vialtrace.errors import OurBug
from vialtrace.ingest import CLEANERS, Reading
from vialtrace.ingest.clean import Setting
from vialtrace.kit import addresses, contacts, names
from vialtrace.kit.scalars import compiled, pattern

KINDS = (
    "text",
    "money",
    "phone",
    "document",
    "account",
    "handle",
    "org_id",
    "waybill_no",
    "address",
    "name",
    "currency",
    "direction",
)

PIECES = st.sampled_from(
    [
        "138",
        "1234",
        "5678",
        "****",
        "*",
        "+86",
        " ",
        "-",
        "张",
        "三",
        "女士",
        "王某某",
        "小李",
        "ZHANG",
        "san",
        "１３８",
        "（",
        ")",
        "X",
        "E+10",
        ".00",
        "¥",
        "1,234.50",
        "万",
        "广东省",
        "深圳市",
        "1栋",
        "，",
        "HK",
        "M1234567",
        "11010519491231002X",
        "91350100M000100Y43",
        "SF",
        "null",
        "无",
        "\u200b",
        "'",
        '="',
        '"',
        "@",
        "wx",
        "微信",
        ":",
        "\u3000",
        "a@b.cn",
        "(8)",
        "出境",
        "rmb",
        "港币",
        "12.5",
        "Ⅷ",
        "é",
        "公司",
        "Ltd",
        "-5",
        "\t",
    ]
)
TEXTS = st.lists(PIECES, max_size=5).map("".join)


def _both_ways(expression: ibis.Value, rows: ibis.Table, held: pa.Table) -> tuple[list[object], list[object]]:
    found = ibis.duckdb.connect().to_pyarrow(rows.select(found=expression))["found"].to_pylist()
    of_row = compiled(expression)
    return found, [of_row(row) for row in held.to_pylist()]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=60))
def test_every_cleaner_reads_a_value_alone_as_it_does_in_a_file(pairs: list[tuple[str, str]]) -> None:
    held = pa.table({"x": [one for one, _ in pairs], "beside": [other for _, other in pairs]})
    rows = ibis.memtable(held)
    for kind in KINDS:
        setting = Setting(Reading("f", ""), beside=rows.beside if kind == "handle" else None)
        in_duckdb, in_python = _both_ways(CLEANERS[kind](rows.x, setting).value, rows, held)
        assert in_python == in_duckdb, kind


@settings(max_examples=25, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=60))
def test_names_addresses_and_contacts_in_texts_are_read_alike(texts: list[str]) -> None:
    held = pa.table({"x": texts})
    rows = ibis.memtable(held)
    shown = names.shown(rows.x)
    for expression in (
        names.name_key(rows.x),
        shown.is_partial,
        shown.starts,
        shown.ends,
        names.is_organisation(rows.x),
        addresses.normal(rows.x),
        contacts.phone(rows.x),
        contacts.handle(rows.x),
    ):
        in_duckdb, in_python = _both_ways(expression, rows, held)
        assert in_python == in_duckdb, expression


@pytest.mark.parametrize(
    ("written", "text", "is_found"),
    [
        (r"^\d+$", "１２", False),
        (r"^\d+$", "12\n", False),
        (r"\bpm\b", "下午pm到", True),
        (r"\p{Han}", "〇", True),
        (r"[\p{L}\d]", "Ⅷ", False),
        (r"[^\x{4e00}-\x{9fff}]", "张", False),
        (r"(?i)RMB", "rmb", True),
        (r"\s", "\u3000", False),
    ],
)
def test_patterns_mean_what_they_mean_to_re2(written: str, text: str, is_found: bool) -> None:
    in_duckdb = ibis.duckdb.connect().to_pyarrow(ibis.literal(text).re_search(written)).as_py()
    assert bool(in_duckdb) is is_found
    assert (pattern(written).search(text) is not None) is is_found


def test_what_needs_other_rows_is_refused() -> None:
    rows = ibis.table({"x": "string"}, name="rows")
    with pytest.raises(OurBug):
        compiled(rows.x.max())
