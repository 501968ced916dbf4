"""Where an address lies: its ISO 3166-2 region, city and district.

The place names of mainland China are read as data from the installed ``cpca`` package (MIT), a table of the division
codes of GB/T 2260; what it lacks (districts founded later, and those of Hong Kong, Macau and Taiwan) is added here.
Codes are those of ISO 3166-2:CN, Hong Kong, Macau and Taiwan included (CN-HK, CN-MO, CN-TW).

Only ASCII and simplified script are matched: fold and simplify an address first (``ingest`` does).
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from functools import cache, reduce
from importlib.util import find_spec
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa

ISO_3166_2: dict[str, str] = {
    "11": "CN-BJ",
    "12": "CN-TJ",
    "13": "CN-HE",
    "14": "CN-SX",
    "15": "CN-NM",
    "21": "CN-LN",
    "22": "CN-JL",
    "23": "CN-HL",
    "31": "CN-SH",
    "32": "CN-JS",
    "33": "CN-ZJ",
    "34": "CN-AH",
    "35": "CN-FJ",
    "36": "CN-JX",
    "37": "CN-SD",
    "41": "CN-HA",
    "42": "CN-HB",
    "43": "CN-HN",
    "44": "CN-GD",
    "45": "CN-GX",
    "46": "CN-HI",
    "50": "CN-CQ",
    "51": "CN-SC",
    "52": "CN-GZ",
    "53": "CN-YN",
    "54": "CN-XZ",
    "61": "CN-SN",
    "62": "CN-GS",
    "63": "CN-QH",
    "64": "CN-NX",
    "65": "CN-XJ",
    "71": "CN-TW",
    "81": "CN-HK",
    "82": "CN-MO",
}
"""First two digits of a GB/T 2260 division code to its ISO 3166-2 code."""

_ADDED = {  # Divisions younger than the table, or outside it.
    "440309": "龙华区",
    "440310": "坪山区",
    "440311": "光明区",
    "330113": "临平区",
    "330114": "钱塘区",
    "320114": "雨花台区",
    "510116": "双流区",
    "510117": "郫都区",
    "510118": "新津区",
    "370115": "济阳区",
    "350213": "翔安区",
    "131100": "衡水市",
}
_OUTSIDE = {  # code of the region: {city or area: Latin spelling}
    "81": {
        "九龙": "kowloon",
        "新界": "new territories",
        "香港岛": "hong kong island",
        "中西区": "central and western",
        "湾仔": "wan chai",
        "东区": "eastern district",
        "南区": "southern district",
        "油尖旺": "yau tsim mong",
        "深水埗": "sham shui po",
        "九龙城": "kowloon city",
        "黄大仙": "wong tai sin",
        "观塘": "kwun tong",
        "葵青": "kwai tsing",
        "荃湾": "tsuen wan",
        "屯门": "tuen mun",
        "元朗": "yuen long",
        "北区": "north district",
        "大埔": "tai po",
        "沙田": "sha tin",
        "西贡": "sai kung",
        "离岛": "islands district",
        "尖沙咀": "tsim sha tsui",
        "旺角": "mong kok",
        "上水": "sheung shui",
        "铜锣湾": "causeway bay",
        "葵涌": "kwai chung",
        "火炭": "fo tan",
        "科学园": "science park",
        "将军澳": "tseung kwan o",
        "粉岭": "fanling",
    },
    "82": {"氹仔": "taipa", "路环": "coloane", "路氹": "cotai"},
    "71": {
        "台北市": "taipei",
        "新北市": "new taipei",
        "桃园市": "taoyuan",
        "台中市": "taichung",
        "台南市": "tainan",
        "高雄市": "kaohsiung",
        "基隆市": "keelung",
        "新竹市": "hsinchu",
        "嘉义市": "chiayi",
    },
}
_LATIN_REGIONS = {
    "15": ("inner mongolia", "nei mongol", "neimenggu"),
    "54": ("tibet", "xizang"),
    "61": ("shaanxi",),
    "14": ("shanxi",),
    "81": ("hong kong", "hongkong", "xianggang"),
    "82": ("macau", "macao", "aomen"),
    "71": ("taiwan",),
    "65": ("xinjiang",),
    "45": ("guangxi",),
    "64": ("ningxia",),
    "11": ("beijing", "peking"),
    "44": ("guangdong", "canton province"),
}
_CITY_SPELLINGS = {
    "4401": ("canton",),
    "1501": ("hohhot",),
    "6501": ("urumqi",),
    "5401": ("lhasa",),
    "6101": ("xian", "xi an"),
}
# Where two cities share a Latin spelling, the one meant when nothing else tells them apart.
_BETTER_KNOWN = {"suzhou": "3205", "fuzhou": "3501", "taizhou": "3310", "yulin": "6108", "yichun": "3609"}

_PEOPLES = (
    "蒙古族|回族|藏族|维吾尔族?|苗族|彝族|壮族?|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族|黎族|傈僳族|佤族|畲族|高山族|拉祜族|水族|"
    "东乡族|纳西族|景颇族|柯尔克孜族?|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族?|阿昌族|普米族|塔吉克族?|怒族|鄂温克族|德昂族|保安族|"
    "裕固族|独龙族|鄂伦春族|门巴族|珞巴族|基诺族|各族|蒙古"
)
_MUNICIPALITIES = {"CN-BJ": "北京市", "CN-TJ": "天津市", "CN-SH": "上海市", "CN-CQ": "重庆市"}
_SUFFIX = re.compile(rf"(({_PEOPLES})*(自治区|自治州|自治县|自治旗)|特别行政区|地区|省|市|盟|新区|区|县|旗)$")

_LEADING = r"^(ip属地|ip|属地|来自|现居|所在地|地址|中华人民共和国|中国|china|p\.?r\.?\s*china)[\s:：,，]*"
# A place name that names a street: 北京路, 南京东路, 天河大道.
_STREET = "^(东|西|南|北|中|一|二|三|四|五|环)*(路|街|大道|大街|巷|弄|胡同)"


@cache
def region_table() -> pa.Table:
    """Every spelling of every place: ``alias`` to ``region``, ``city``, ``district``; empty where wider."""
    codes = _division_codes()
    rows: set[tuple[str, str, str, str]] = set()
    for code, name in codes.items():
        region = ISO_3166_2[code[:2]]
        city, district = _city_of(code, codes), ""
        if code.endswith("0000"):
            city = ""
        elif not code.endswith("00") and city != name:
            district = name
        short = _short(name)
        rows.add((name, region, city, district))
        if len(short) >= 2 and (district == "" or len(short) >= 3 or name.endswith(("区", "县", "市"))):
            rows.add((short, region, city, district))
    rows = {row for row in rows if row[0] != "九龙"}  # 九龙 is Kowloon before it is a county of Sichuan
    for code, places in _OUTSIDE.items():
        for place, latin in places.items():
            is_city = place.endswith("市")
            found = (ISO_3166_2[code], place if is_city else "", "" if is_city else place)
            rows |= {(place, *found), (latin, *found)}
    rows |= _latin_rows(codes)
    ordered = sorted(rows)
    return pa.table(
        {
            name: [row[position] for row in ordered]
            for position, name in enumerate(("alias", "region", "city", "district"))
        }
    )


def locate(addresses: ir.Table, aliases: ir.Table) -> ir.Table:
    """Each distinct ``address`` beside its ``region``, ``city`` and ``district``; null where nothing tells.

    ``rest`` is what of the address names none of them: its street, building and room.

    ``aliases`` is :func:`region_table` on the same engine. Names are read from the front, widest first, as Chinese
    addresses are written; where the front tells nothing, from the first full name (with 省, 市, 区 ...) inside it.
    Latin addresses are matched by whole words, in any order. A name that several places share counts only if the wider
    places before it tell which is meant.
    """
    distinct = addresses.filter(addresses.address.notnull()).select("address").distinct()
    plain = distinct.mutate(rest=distinct.address.lower().re_replace(_LEADING, "").re_replace(r"^[\s,，.]+", ""))
    han = plain.filter(plain.rest.re_search("[一-鿿]"))
    front = _read_from_front(han, aliases)
    told = front.filter(front.region.notnull())
    untold = han.anti_join(told, "address")
    inside = _read_from_front(_from_first_full_name(untold, aliases), aliases)
    latin = _read_latin(plain.filter(~plain.rest.re_search("[一-鿿]") & plain.rest.re_search("[a-z]")), aliases)
    found = reduce(lambda one, other: one.union(other), (told, inside.filter(inside.region.notnull()), latin))
    found = found.mutate(
        city=ibis.cases(
            *(((found.region == region) & (found.city == ""), name) for region, name in _MUNICIPALITIES.items()),
            else_=found.city,
        )
    )
    found = found.select(
        "address", *(found[name].nullif("").name(name) for name in ("region", "city", "district")), after="rest"
    )
    joined = plain.left_join(found, "address")
    return joined.select(
        "address", "region", "city", "district", rest=ibis.ifelse(joined.region.notnull(), joined.after, joined.rest)
    )


def _read_from_front(texts: ir.Table, aliases: ir.Table) -> ir.Table:
    """Regions, then cities, then districts, each read off the front of ``rest``."""
    known = aliases.filter(aliases["alias"].re_search("[一-鿿]")).mutate(lead=aliases["alias"].left(2))
    state = texts.mutate(
        region=ibis.literal("", type="string"),
        city=ibis.literal("", type="string"),
        district=ibis.literal("", type="string"),
    )
    levels = (
        known.filter((known.city == "") & (known.district == "")),
        known.filter((known.city != "") & (known.district == "")),
        known.filter(known.district != ""),
    )
    for level in levels:
        state = _strip_one(state, level)
    return state.select("address", "region", "city", "district", "rest").mutate(region=state.region.nullif(""))


def _strip_one(state: ir.Table, level: ir.Table) -> ir.Table:
    """Take one place name of this level off the front of ``rest``, where it is there and only one place is meant."""
    names = level.rename(new_region="region", new_city="city", new_district="district").mutate(
        n_places=lambda t: t.count().over(group_by="alias"),
        n_in_region=lambda t: t.count().over(group_by=("alias", "new_region")),
    )
    met = state.mutate(lead=state.rest.left(2)).inner_join(names, "lead")
    met = met.filter(
        met.rest.startswith(met["alias"])
        & (((met.region == "") & (met.n_places == 1)) | (met.region == met.new_region))
        & (((met.city == "") & (met.n_in_region == 1)) | (met.city == met.new_city) | (met.new_city == ""))
    )
    met = met.mutate(
        after=met.rest.substr(met["alias"].length()), is_short=~met["alias"].re_search("(省|市|区|县|州|盟|旗|地区)$")
    )
    met = met.filter(~(met.is_short & met.after.re_search(f"{_STREET}|^[区县镇乡村市州盟旗]")))
    length = met["alias"].length()
    best = met.group_by("address").agg(
        new_region=met.new_region.argmax(length),
        new_city=met.new_city.argmax(length),
        new_district=met.new_district.argmax(length),
        after=met.after.argmax(length),
    )
    joined = state.left_join(best, "address")
    is_met = joined.new_region.notnull()
    return joined.select(
        "address",
        rest=ibis.ifelse(is_met, joined.after.re_replace(r"^[\s,，]+", ""), joined.rest),
        region=ibis.ifelse(is_met, joined.new_region, joined.region),
        city=ibis.ifelse(is_met & (joined.new_city != ""), joined.new_city, joined.city),
        district=ibis.ifelse(is_met & (joined.new_district != ""), joined.new_district, joined.district),
    )


def _from_first_full_name(texts: ir.Table, aliases: ir.Table) -> ir.Table:
    """The same texts, beginning at the first full place name inside them; texts without one are left out."""
    by_name = aliases.filter(
        aliases["alias"].re_search("(省|市|区|县|州|盟|旗)$") | ((aliases.city == "") & (aliases.district == ""))
    )
    full = (
        by_name.filter(by_name["alias"].re_search("[一-鿿]"))
        .select("alias")
        .distinct()
        .mutate(lead=lambda t: t["alias"].left(2))
    )
    placed = texts.mutate(position=ibis.range(1, texts.rest.length().cast("int64")).unnest())
    placed = placed.mutate(lead=placed.rest.substr(placed.position, 2))
    met = placed.inner_join(full, "lead")
    tail = met.rest.substr(met.position)
    met = met.filter(tail.startswith(met["alias"]) & ~tail.substr(met["alias"].length()).re_search(_STREET))
    first = met.group_by("address").agg(rest=met.rest.min(), position=met.position.min())
    return first.select("address", rest=first.rest.substr(first.position))


def _read_latin(texts: ir.Table, aliases: ir.Table) -> ir.Table:
    """Latin addresses: whole-word names, the region's first, then a city and a district inside it."""
    words = texts.mutate(words=texts.rest.re_replace("[^a-z]+", " ").strip())
    known = aliases.filter(~aliases["alias"].re_search("[一-鿿]")).mutate(lead=aliases["alias"].split(" ")[0])
    met = words.mutate(lead=words.words.split(" ").unnest()).distinct().inner_join(known, "lead")
    met = met.filter((" " + met.words + " ").contains(" " + met["alias"] + " "))
    level = ibis.cases(((met.city == "") & (met.district == ""), 1), (met.district == "", 2), else_=3)
    met = met.select("address", "alias", "region", "city", "district", level=level)
    regions = met.group_by("address").agg(
        named=met.region.min(where=met.level == 1),
        n_named=met.region.nunique(where=met.level == 1),
        of_cities=met.region.min(where=met.level == 2),
        n_of_cities=met.region.nunique(where=met.level == 2),
        of_districts=met.region.min(where=met.level == 3),
        n_of_districts=met.region.nunique(where=met.level == 3),
    )
    region = ibis.cases(
        (regions.n_named == 1, regions.named),
        ((regions.n_named == 0) & (regions.n_of_cities == 1), regions.of_cities),
        # Only Hong Kong's, Macau's and Taiwan's districts are known well enough abroad to stand alone.
        (
            (regions.n_named == 0)
            & (regions.n_of_cities == 0)
            & (regions.n_of_districts == 1)
            & regions.of_districts.isin(("CN-HK", "CN-MO")),
            regions.of_districts,
        ),
        else_=ibis.null("string"),
    )
    chosen = regions.select("address", chosen=region)
    inside = met.inner_join(chosen, "address").filter(lambda t: t.region == t.chosen)
    cities = inside.group_by("address").agg(
        region=inside.chosen.min(),
        city=ibis.ifelse(
            inside.city.nunique(where=inside.level == 2) == 1, inside.city.min(where=inside.level == 2), ""
        ),
    )
    fitting = inside.inner_join(cities.select("address", in_city=cities.city), "address")
    fitting = fitting.filter((fitting.level == 3) & ((fitting.in_city == "") | (fitting.in_city == fitting.city)))
    districts = fitting.group_by("address").agg(
        district=ibis.ifelse(fitting.district.nunique() == 1, fitting.district.min(), ""),
        of_city=ibis.ifelse(fitting.city.nunique() == 1, fitting.city.min(), ""),
    )
    both = cities.left_join(districts, "address")
    city = ibis.ifelse(both.city == "", ibis.coalesce(both.of_city, ""), both.city)
    told = both.select("address", "region", city=city, district=ibis.coalesce(both.district, ""))
    return told.left_join(_latin_rest(words, inside), "address").select(*told.columns, "rest")


def _latin_rest(words: ir.Table, inside: ir.Table) -> ir.Table:
    """Each Latin address that lies somewhere, without the words that say where."""
    names = (
        inside.mutate(word=inside["alias"].split(" ").unnest())
        .group_by("address")
        .agg(named=lambda t: t.word.collect())
    )
    met = words.inner_join(names, "address")
    parts = met.rest.re_replace("[^a-z0-9/]+", " ").split(" ")
    kept = met.mutate(word=parts.unnest(), place=ibis.range(0, parts.length()).unnest())
    kept = kept.filter((kept.word != "") & ~kept.named.contains(kept.word))
    return kept.group_by("address").agg(rest=kept.word.group_concat(sep=" ", order_by=kept.place))


def _latin_rows(codes: dict[str, str]) -> set[tuple[str, str, str, str]]:
    from pypinyin import lazy_pinyin  # noqa: PLC0415  0.2 s to load, and most commands never need it

    def spelt(name: str) -> str:
        return "".join(lazy_pinyin(_short(name))).replace("lv", "lu").replace("zhaoyang", "chaoyang")

    rows: set[tuple[str, str, str, str]] = set()
    cities = {code: name for code, name in codes.items() if _city_of(code, codes) == name and not code.endswith("0000")}
    shared = Counter(spelt(name) for name in cities.values())
    for code, name in codes.items():
        region = ISO_3166_2[code[:2]]
        if code.endswith("0000"):
            for latin in _LATIN_REGIONS.get(code[:2], (spelt(name),)):
                rows.add((latin, region, "", ""))
        elif code in cities:
            latin = spelt(name)
            if shared[latin] == 1 or _BETTER_KNOWN.get(latin, code[:4]) == code[:4]:
                rows |= {(each, region, name, "") for each in (latin, *_CITY_SPELLINGS.get(code[:4], ()))}
        elif name.endswith("区") and len(_short(name)) >= 2:
            rows.add((spelt(name), region, _city_of(code, codes), name))
    return rows


def _short(name: str) -> str:
    """A name as people say it: 广东 for 广东省, 恩施 for 恩施土家族苗族自治州."""
    return "内蒙古" if name == "内蒙古自治区" else _SUFFIX.sub("", name)


def _city_of(code: str, codes: dict[str, str]) -> str:
    """The city a division lies in: its prefecture, the municipality itself, or itself where it has no prefecture."""
    if code[:2] in ("11", "12", "31", "50"):
        return codes[f"{code[:2]}0000"]
    if code[2:4] == "90":
        return codes[code]
    return codes.get(f"{code[:4]}00", "")


def _division_codes() -> dict[str, str]:
    """Six-digit division code to name, without the rows that name no place (市辖区, 县 ...)."""
    spec = find_spec("cpca")
    assert spec is not None and spec.submodule_search_locations  # noqa: S101, PT018  a declared dependency
    path = Path(spec.submodule_search_locations[0]) / "resources" / "adcodes.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        codes = {row["adcode"][:6]: row["name"] for row in csv.DictReader(lines)}
    codes |= {code: name for code, name in _ADDED.items() if name not in codes.values()}
    nameless = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "城区", "郊区", "矿区")
    return {code: name for code, name in sorted(codes.items()) if name not in nameless}
