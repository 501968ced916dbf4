"""How names are written: script, romanisation, masking, and what marks an organisation.

Everything here is set-based. Single tests are Ibis expressions on a column; what needs a dictionary of characters
(script, romanisation) takes a table of distinct texts and a lookup table, because a ``translate`` with four thousand
characters costs DuckDB a quarter of a millisecond a row, and a join next to nothing.

Sources: the character table of OpenCC (``TSCharacters``, Apache-2.0) and the readings of pypinyin (MIT), both read as
data from the installed packages; the surnames are the common ones of the mainland censuses.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa

_CJK = "[\u3400-\u4dbf\u4e00-\u9fff]"

_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾"
    "夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧"
    "耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简"
    "车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩佘池查麻苑迟邝官封谈匡鞠惠荆"
    "冀郁胥储粟冼蔺楼厉仝区郜阚屠朴盖练廉禹漆狄扈晁芮阙薄雍辜裘亓邰嵇湛戎茅昝"
)
_SURNAME_READINGS = {
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "查": "zha",
    "区": "ou",
    "盖": "ge",
    "任": "ren",
    "朴": "piao",
    "翟": "zhai",
    "缪": "miao",
    "冼": "xian",
    "覃": "qin",
    "薄": "bo",
    "柏": "bai",
    "乐": "yue",
    "员": "yun",
    "种": "chong",
    "召": "shao",
    "秘": "bi",
    "折": "she",
    "繁": "po",
    "黑": "he",
    "宓": "mi",
    "洗": "xian",
    "尹": "yin",
    "纪": "ji",
    "车": "che",
    "沈": "shen",
    "石": "shi",
    "曲": "qu",
    "万": "wan",
    "卜": "bu",
    "费": "fei",
    "褚": "chu",
    "卓": "zhuo",
    "晁": "chao",
    "叶": "ye",
}
_DOUBLE_SURNAMES = {
    "欧阳": "ouyang",
    "司马": "sima",
    "上官": "shangguan",
    "诸葛": "zhuge",
    "夏侯": "xiahou",
    "皇甫": "huangfu",
    "尉迟": "yuchi",
    "公孙": "gongsun",
    "慕容": "murong",
    "令狐": "linghu",
    "长孙": "zhangsun",
    "宇文": "yuwen",
    "司徒": "situ",
    "东方": "dongfang",
    "南宫": "nangong",
    "独孤": "dugu",
    "端木": "duanmu",
    "轩辕": "xuanyuan",
    "万俟": "moqi",
    "澹台": "tantai",
    "呼延": "huyan",
}
_ORGANISATION = (
    "公司|企业|集团|医院|诊所|卫生院|卫生所|实验室|检验所|检测所|研究所|研究院|中心|事务所|工作室|门诊|药房|药店|商店|商行|商贸|贸易|超市|"
    "店$|店[(（]|厂$|行$|大学|学院|学校|中学|小学|幼儿园|局$|委员会|协会|基金会|驿站|快递柜|服务部|经营部|营业部|酒店|宾馆|餐厅|茶庄|合作社|"
    r"\b(ltd|limited|co|inc|corp|corporation|company|laborator(y|ies)|labs?|gmbh|llc|llp|plc|pte|pty|hospital|clinic|cent(er|re)|"
    r"institute|university|school|shop|store|trading|logistics|express|group|holdings|sdn|bhd|s\.?a|ag|bv|department|bureau|office)\b"
)

# A surname with a title, or a familiar form, is a partial name: 王女士 and 小王 are anybody called 王 on that
# telephone, 阿强 anybody whose name ends so, Mrs Sharma anybody of that surname.
_TITLE = r"^([\p{Han}]{1,2})(?:先生|女士|小姐|太太|阿姨|大姐|大哥|老师|医生|经理|老板|总|姐|哥|叔|姨)$"
_FAMILIAR = r"^[小老]([\p{Han}])$"
_COURTESY = r"(?i)^(?:mr|mrs|ms|miss|dr|shri|smt|madam)[.\s]+([a-z'’\-]+)$"
_TITLED_KEY = r"^(?:mr|mrs|ms|miss|shri|smt|madam)[a-z]+$"
_PET = r"^阿([\p{Han}])$"

# What stands between the parts of a name without being part of it.
_SEPARATORS = r"[\s,，.·・'’\-‐]"


@dataclass(frozen=True)
class Shown:
    """What a partial name shows of a full one: how it starts and ends; both null for a full name."""

    is_partial: ir.BooleanValue
    starts: ir.StringValue
    ends: ir.StringValue


def name_key(name: ir.StringValue) -> ir.StringValue:
    """The name without blanks and punctuation, lower case; stars of a mask stay."""
    return name.re_replace(_SEPARATORS, "").lower().nullif("")


def shown(name: ir.StringValue) -> Shown:
    """What a masked name, or a surname with a title, shows of the full name it stands for."""
    key = name_key(name)
    first = ibis.coalesce(name.re_extract(_TITLE, 1).nullif(""), name.re_extract(_FAMILIAR, 1).nullif(""))
    last = ibis.coalesce(name.re_extract(_PET, 1).nullif(""), name_key(name.re_extract(_COURTESY, 1)).nullif(""))
    is_familiar = first.notnull() | last.notnull()
    is_partial = is_masked(name) | is_familiar
    nothing, empty = ibis.null("string"), ibis.literal("")
    starts = ibis.ifelse(is_familiar, first.fill_null(""), key.re_extract(r"^([^*]*)", 1))
    ends = ibis.ifelse(is_familiar, ibis.coalesce(last, empty), key.re_extract(r"([^*]*)$", 1))
    return Shown(is_partial, ibis.ifelse(is_partial, starts, nothing), ibis.ifelse(is_partial, ends, nothing))


def is_full(key: ir.StringValue) -> ir.BooleanValue:
    """Whether a name key is a whole name: no mask, no surname with a title, no familiar form; false for null.

    A key has no blanks, so that an English title is told by the letters no name begins with.
    """
    is_titled = key.re_search(_TITLED_KEY)
    return key.notnull() & ~(shown(key).is_partial | is_titled).fill_null(True)  # noqa: FBT003


def fit(starts: ir.StringValue, ends: ir.StringValue, full_key: ir.StringValue) -> ir.BooleanValue:
    """Whether a full name begins and ends as a partial one shows, with at least one character between or after."""
    return (
        (full_key.length() > starts.length() + ends.length()) & full_key.startswith(starts) & full_key.endswith(ends)
    )


def is_masked(name: ir.StringValue) -> ir.BooleanValue:
    """Whether characters of a name or number were replaced by stars (after cleaning, a mask is always ``*``)."""
    return name.contains("*")


def is_organisation(name: ir.StringValue) -> ir.BooleanValue:
    """Whether a name carries a word that only organisations carry (公司, 医院, Ltd, GmbH ...)."""
    return name.lower().re_search(_ORGANISATION)


def is_han(text: ir.StringValue) -> ir.BooleanValue:
    """Whether a text holds at least one Chinese character."""
    return text.re_search(_CJK)


def is_compatible(masked: ir.StringValue, full: ir.StringValue) -> ir.BooleanValue:
    """Whether an unmasked text could be what a masked one hides: a run of stars stands for one character or more."""
    literal = masked.replace("%", "").replace("_", "")
    return full.like(literal.re_replace(r"\*+", "_%"))


@cache
def script_table() -> pa.Table:
    """Each traditional character beside the simplified one that replaces it."""
    lines = _package_file("opencc", "dictionary/TSCharacters.txt").read_text(encoding="utf-8").splitlines()
    pairs = [(line.split("\t")[0], line.split("\t")[1].split(" ")[0]) for line in lines if "\t" in line]
    pairs = sorted(pair for pair in pairs if pair[0] != pair[1])
    return pa.table({"traditional": [pair[0] for pair in pairs], "simplified": [pair[1] for pair in pairs]})


@cache
def simplifying() -> dict[int, str]:
    """Each traditional character's code to the simplified one, for ``str.translate``."""
    table = script_table()
    pairs = zip(table["traditional"].to_pylist(), table["simplified"].to_pylist(), strict=True)
    return {ord(old): new for old, new in pairs}


@cache
def _traditional_class() -> str:
    return _class_of(script_table()["traditional"])


def _class_of(characters: pa.ChunkedArray) -> str:
    return "[" + "".join(characters.to_pylist()) + "]"


@cache
def plain_han(without: str = "") -> str:
    """The inside of a character class: the basic Chinese characters that simplified script leaves as they are.

    Save those of ``without``.
    """
    changing = {ord(each) for each in (*script_table()["traditional"].to_pylist(), *without)}
    runs: list[list[int]] = []
    for code in range(0x4E00, 0xA000):
        if code in changing:
            continue
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return "".join(chr(first) if first == last else f"{chr(first)}-{chr(last)}" for first, last in runs)


def has_traditional(text: ir.StringValue) -> ir.BooleanValue:
    """Whether a text holds a character that simplified script writes otherwise."""
    return text.re_search(_traditional_class())


def simplified(texts: ir.Table, script: ir.Table) -> ir.Table:
    """Each distinct ``text`` beside its ``simplified`` form; ``script`` is :func:`script_table` on the same engine."""
    table = script.select(character="traditional", written="simplified")
    return _rewritten(texts, table, _traditional_class()).rename(simplified="written")


def rewritten(texts: ir.Table, characters: pa.Table) -> ir.Table:
    """Each distinct ``text`` beside ``written``: every ``character`` of ``characters`` replaced by its ``written``."""
    return _rewritten(texts, ibis.memtable(characters), _class_of(characters["character"]))


def _rewritten(texts: ir.Table, table: ir.Table, changing: str) -> ir.Table:
    distinct = texts.filter(texts.text.notnull()).select("text").distinct()
    read = _characters(distinct.filter(distinct.text.re_search(changing))).left_join(table, "character")
    changed = (
        read.mutate(now=ibis.coalesce(read.written, read.character))
        .group_by("text")
        .agg(written=lambda t: t.now.group_concat(sep="", order_by=t.position))
    )
    unchanged = distinct.filter(~distinct.text.re_search(changing))
    return changed.union(unchanged.mutate(written=unchanged.text))


@cache
def syllable_table() -> pa.Table:
    """Each Chinese character beside its usual reading and its reading as a surname, without tones (ü as v)."""
    from pypinyin.pinyin_dict import pinyin_dict  # noqa: PLC0415  0.2 s to load, and most commands never need it

    rows = []
    for code, readings in sorted(pinyin_dict.items()):
        if 0x3400 <= code <= 0x9FFF:
            character, usual = chr(code), _toneless(readings.split(",")[0])
            rows.append((character, usual, _SURNAME_READINGS.get(character, usual)))
    return pa.table(
        {
            "character": [row[0] for row in rows],
            "syllable": [row[1] for row in rows],
            "surname": [row[2] for row in rows],
        }
    )


@cache
def _surname_readings() -> tuple[str, ...]:
    table = syllable_table()
    readings = dict(zip(table["character"].to_pylist(), table["surname"].to_pylist(), strict=True))
    return tuple(sorted({readings[each] for each in _SURNAMES} | set(_DOUBLE_SURNAMES.values())))


def romanised(names: ir.Table, syllables: ir.Table) -> ir.Table:
    """Each distinct ``name`` beside ``romanised``, surname first, and ``order_free``, equal whichever part comes first.

    "张三丰", "Zhang Sanfeng", "ZHANG, San-Feng" and "Sanfeng ZHANG" all give ``zhang sanfeng``. Masked names and
    organisations give null: neither can be ordered. A Latin name without a Chinese surname keeps its words in order.
    Cantonese and Wade-Giles spellings are other spellings and stay what they are.
    """
    distinct = names.filter(names.name.notnull()).select("name").distinct()
    readable = distinct.filter(~is_masked(distinct.name) & ~is_organisation(distinct.name))
    han = _romanised_han(readable.filter(readable.name.re_search(f"^{_CJK}{{2,6}}$")), syllables)
    latin = _romanised_latin(readable.filter(readable.name.re_search("[A-Za-z]") & ~is_han(readable.name)))
    found = han.union(latin)
    joined = distinct.left_join(found, "name")
    return joined.select("name", "romanised", "order_free")


def _romanised_han(names: ir.Table, syllables: ir.Table) -> ir.Table:
    characters = _characters(names.select(text=names.name))
    read = characters.inner_join(syllables, "character")
    two = ibis.literal(",".join(_DOUBLE_SURNAMES))
    is_double = (read.text.length() > 2) & two.contains(read.text.left(2))
    length = ibis.ifelse(is_double, 2, 1)
    spoken = ibis.ifelse((read.position == 0) & ~is_double, read.surname, read.syllable)
    parts = (
        read.mutate(surname_length=length, spoken=spoken)
        .group_by("text")
        .agg(
            surname=lambda t: t.spoken.group_concat(sep="", order_by=t.position, where=t.position < t.surname_length),
            given=lambda t: t.spoken.group_concat(sep="", order_by=t.position, where=t.position >= t.surname_length),
        )
    )
    # The double surnames that a character-wise reading gets wrong (尉迟, 万俟, 长孙, 澹台).
    double = ibis.cases(
        *((parts.text.left(2) == written, reading) for written, reading in _DOUBLE_SURNAMES.items()),
        else_=parts.surname,
    )
    surname = ibis.ifelse(parts.text.length() > 2, double, parts.surname)
    return _ordered(parts.select(name=parts.text, surname=surname, given=parts.given))


def _romanised_latin(names: ir.Table) -> ir.Table:
    lower = names.name.lower().re_replace(r"['’`.\-]", "")
    words = (
        lower.re_replace("[^a-zà-ÿ]+", " ")
        .strip()
        .split(" ")
        .map(lambda word: ibis.cases((word == "lyu", "lv"), (word == "nyu", "nv"), else_=word))
    )
    known = _surname_readings()
    split = names.select(
        "name",
        words=words,
        has_comma=names.name.re_search("[A-Za-z][,，]"),
        n=words.length(),
    ).filter(lambda t: t.words[0] != "")
    first, last = split.words[0], split.words[split.n - 1]
    is_last = ~split.has_comma & last.isin(known) & ~first.isin(known)
    is_chinese = split.has_comma | first.isin(known) | last.isin(known)
    rest = ibis.ifelse(is_last, split.words[: split.n - 1], split.words[1 : split.n])
    given = ibis.ifelse(is_chinese, rest.join(""), rest.join(" "))
    return _ordered(split.select("name", surname=ibis.ifelse(is_last, last, first), given=given))


def _ordered(parts: ir.Table) -> ir.Table:
    whole = (parts.surname + " " + ibis.coalesce(parts.given, "")).strip()
    return parts.select("name", romanised=whole, order_free=whole.split(" ").sort().join(" "))


def _characters(texts: ir.Table) -> ir.Table:
    """One row per character of each ``text``: its ``position`` from 0 and the ``character``."""
    placed = texts.select("text", position=ibis.range(0, texts.text.length().cast("int64")).unnest())
    return placed.mutate(character=placed.text.substr(placed.position, 1))


def _toneless(reading: str) -> str:
    plain = unicodedata.normalize(
        "NFD", reading.replace("ü", "v").replace("ǖ", "v").replace("ǘ", "v").replace("ǚ", "v").replace("ǜ", "v")
    )
    return "".join(letter for letter in plain if letter.isascii() and letter.isalpha())


def _package_file(package: str, inside: str) -> Path:
    """The path of a data file inside an installed package, without importing the package."""
    spec = find_spec(package)
    assert spec is not None and spec.submodule_search_locations  # noqa: S101, PT018  a declared dependency
    return Path(spec.submodule_search_locations[0]) / inside
