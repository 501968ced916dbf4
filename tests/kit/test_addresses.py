"""One address is one key, however it is written; two addresses are two."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pytest

from vialtrace.kit import addresses, regions


def _keys(*written: str) -> list[str]:
    con = ibis.duckdb.connect()
    table = ibis.memtable(pa.table({"raw": list(written)}))
    normal = table.mutate(address=addresses.normal(table.raw))
    located = regions.locate(normal.select("address"), ibis.memtable(regions.region_table()))
    keyed = addresses.keyed(located)
    found = con.to_pyarrow(normal.join(keyed, "address").select("raw", "key")).to_pylist()
    told = {row["raw"]: row["key"] for row in found}
    return [told[each] for each in written]


@pytest.mark.parametrize(
    "written",
    [
        ("广东省深圳市南山区科苑路12号3栋502室", "广东深圳南山区科苑路12号3栋502", "深圳市南山区科苑路12-3-502"),
        ("广东省深圳市南山区科苑路１２号", "深圳市南山区科苑路 12号", "中国广东省深圳市南山区科苑路12号"),
        ("湖北省武汉市洪山区珞喻路88号3层", "武汉市洪山区珞喻路88号3楼"),
        ("12 MG Road, Flat 4B, Bengaluru", "Flat 4B, 12 M.G. Rd., Bengaluru", "12, MG Rd, Apt 4b, Bengaluru"),
        ("Room 502, 12 Nathan Road, Kowloon, Hong Kong", "12 Nathan Rd, Rm 502, Kowloon, Hong Kong"),
    ],
)
def test_the_same_address_is_one_key(written: tuple[str, ...]) -> None:
    assert len(set(_keys(*written))) == 1


@pytest.mark.parametrize(
    "written",
    [
        ("广东省深圳市南山区科苑路12号3栋502室", "广东省深圳市南山区科苑路12号3栋503室"),
        ("广东省深圳市南山区科苑路12号", "广东省深圳市南山区科苑路12号502室"),
        ("广东省深圳市南山区人民路12号", "广东省深圳市福田区人民路12号"),
        ("广东省深圳市", "深圳市"),
        ("广东省深圳市南山区***号", "广东省深圳市南山区**号"),
        ("12 MG Road, Flat 4B, Bengaluru", "4 MG Road, Flat 12B, Bengaluru"),
    ],
)
def test_two_addresses_are_two_keys(written: tuple[str, ...]) -> None:
    assert len(set(_keys(*written))) == len(written)


def test_a_district_left_out_is_the_one_the_case_knows() -> None:
    whole, short, city = _keys("广东省深圳市南山区科苑路12号", "广东省深圳市科苑路12号", "广东深圳科苑路12")
    assert whole == short == city


def test_a_district_left_out_stays_open_where_the_case_knows_two() -> None:
    one, other, short = _keys("广东省深圳市南山区人民路12号", "广东省深圳市福田区人民路12号", "深圳市人民路12号")
    assert len({one, other, short}) == 3
