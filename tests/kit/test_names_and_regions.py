"""Names and places: script, romanisation, masks, organisations, regions."""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import pyarrow as pa
import pytest

from vialtrace.kit import names, regions


@pytest.fixture(scope="module")
def con() -> Iterator[ibis.BaseBackend]:
    backend = ibis.duckdb.connect()
    yield backend
    backend.disconnect()


def _column(con: ibis.BaseBackend, expression: ibis.Table, key: str, value: str) -> dict[str, str | None]:
    return {row[key]: row[value] for row in con.to_pyarrow(expression).to_pylist()}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("张三丰", "zhang sanfeng"),
        ("張三丰", "zhang sanfeng"),
        ("Zhang Sanfeng", "zhang sanfeng"),
        ("ZHANG, San-Feng", "zhang sanfeng"),
        ("Sanfeng ZHANG", "zhang sanfeng"),
        ("SAN ZHANG", "zhang san"),
        ("单小明", "shan xiaoming"),
        ("欧阳修", "ouyang xiu"),
        ("尉迟恭", "yuchi gong"),
        ("吕布", "lv bu"),
        ("LYU BU", "lv bu"),
        ("John Smith", "john smith"),
        ("张*", None),
        ("某某有限公司", None),
    ],
)
def test_a_name_in_two_scripts_has_one_romanised_key(con: ibis.BaseBackend, name: str, key: str | None) -> None:
    found = names.romanised(ibis.memtable(pa.table({"name": [name]})), ibis.memtable(names.syllable_table()))
    assert _column(con, found, "name", "romanised") == {name: key}


def test_the_order_free_key_ignores_which_part_comes_first(con: ibis.BaseBackend) -> None:
    given = ibis.memtable(pa.table({"name": ["张三", "San Zhang", "ZHANG SAN"]}))
    found = _column(con, names.romanised(given, ibis.memtable(names.syllable_table())), "name", "order_free")
    assert set(found.values()) == {"san zhang"}


def test_script_is_simplified_character_by_character(con: ibis.BaseBackend) -> None:
    given = ibis.memtable(pa.table({"text": ["廣東省深圳市羅湖區", "abc", "张三", "張三"]}))
    found = _column(con, names.simplified(given, ibis.memtable(names.script_table())), "text", "simplified")
    assert found == {"廣東省深圳市羅湖區": "广东省深圳市罗湖区", "abc": "abc", "张三": "张三", "張三": "张三"}


@pytest.mark.parametrize(
    ("masked", "full", "is_compatible"),
    [
        ("张*三", "张小三", True),
        ("张*", "张三", True),
        ("张**", "张三", True),
        ("*三", "李三", True),
        ("张*", "李三", False),
        ("+86138****1234", "+8613800001234", True),
        ("+86138****1234", "+8613800001235", False),
    ],
)
def test_a_mask_is_compatible_with_what_it_could_hide(
    con: ibis.BaseBackend, masked: str, full: str, *, is_compatible: bool
) -> None:
    given = ibis.memtable(pa.table({"masked": [masked], "full": [full]}))
    assert con.to_pyarrow(names.is_compatible(given.masked, given.full)).to_pylist() == [is_compatible]


def test_organisations_are_told_by_the_words_they_carry(con: ibis.BaseBackend) -> None:
    given = [
        "广州某某科技有限公司",
        "深圳市人民医院",
        "Acme Laboratory Ltd",
        "Foo GmbH",
        "张三",
        "Colin Labadie",
        "John Cosgrove",
    ]
    table = ibis.memtable(pa.table({"name": given}))
    assert con.to_pyarrow(names.is_organisation(table.name)).to_pylist() == [True] * 4 + [False] * 3


@pytest.mark.parametrize(
    ("address", "region", "city", "district"),
    [
        ("广东省深圳市罗湖区人民南路1号", "CN-GD", "深圳市", "罗湖区"),
        ("广东深圳罗湖", "CN-GD", "深圳市", "罗湖区"),
        ("深圳市罗湖区", "CN-GD", "深圳市", "罗湖区"),
        ("罗湖区人民南路", "CN-GD", "深圳市", "罗湖区"),
        ("Guangdong", "CN-GD", None, None),
        ("北京市朝阳区建国路", "CN-BJ", "北京市", "朝阳区"),
        ("朝阳区", None, None, None),
        ("吉林市船营区", "CN-JL", "吉林市", "船营区"),
        ("上海南京东路100号", "CN-SH", "上海市", None),
        ("北京路12号", None, None, None),
        ("IP属地：广东", "CN-GD", None, None),
        ("Flat 5, Luohu, Shenzhen, Guangdong, China", "CN-GD", "深圳市", "罗湖区"),
        ("12/F, Nathan Road, Kowloon, Hong Kong", "CN-HK", None, "九龙"),
        ("九龙旺角", "CN-HK", None, "九龙"),
        ("Suzhou", "CN-JS", "苏州市", None),
        ("某某仓库 浙江省杭州市余杭区", "CN-ZJ", "杭州市", "余杭区"),
        ("湖北省仙桃市", "CN-HB", "仙桃市", None),
        ("内蒙古呼和浩特", "CN-NM", "呼和浩特市", None),
        ("河北区中山路", "CN-TJ", "天津市", "河北区"),
        ("台湾台北市", "CN-TW", "台北市", None),
        ("澳门氹仔", "CN-MO", None, "氹仔"),
        ("London", None, None, None),
        ("Chaoyang, Beijing", "CN-BJ", "北京市", "朝阳区"),
    ],
)
def test_an_address_lies_where_it_says(
    con: ibis.BaseBackend,
    address: str,
    region: str | None,
    city: str | None,
    district: str | None,
) -> None:
    found = regions.locate(ibis.memtable(pa.table({"address": [address]})), ibis.memtable(regions.region_table()))
    (told,) = con.to_pyarrow(found).to_pylist()
    assert (told["region"], told["city"], told["district"]) == (region, city, district)


def test_every_region_of_the_country_is_known_by_its_chinese_name() -> None:
    table = regions.region_table()
    wide = {row["region"] for row in table.to_pylist() if not row["city"] and not row["district"]}
    assert wide == set(regions.ISO_3166_2.values())
    assert len(wide) == 34
