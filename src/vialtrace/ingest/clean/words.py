"""Cleaners of texts, names, addresses, and of the words that stand for directions and currencies."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import ibis
import ibis.expr.types as ir

from vialtrace.ingest.clean.cell import Cell, Setting, cell_of, chain, folded, is_folded, judged, let, quickly
from vialtrace.kit import names

_HAN = "[㐀-䶿一-鿿]"
_COURTESY = "先生|女士|小姐|太太|老师|医生"
# Chinese characters that end in neither a courtesy nor 某, or capital letters: as most names come. The last two
# characters tell a courtesy (王先生) from a name (王梦生); RE2 cannot look behind, so each pair is written out.
# One word of capitals has five letters at least: NULL and NONE are no names.
_PLAIN_NAME = (
    r"^[一-鿿][一-鿿()]{0,40}[^生士姐太师某\x{00}-\x{4dff}\x{a000}-\x{10ffff}]$|"
    r"^[A-Z]{5,}( [A-Z]+)*$|^[A-Z]+( [A-Z]+)+$"
)
_LONGEST_NAME = 42
_NO_HAN = r"\x{00}-\x{4dff}\x{a000}-\x{10ffff}"
_NAME_LIKE_COURTESY = (
    rf"^[一-鿿]{{0,3}}([^先医{_NO_HAN}]生|[^女{_NO_HAN}]士|[^小{_NO_HAN}]姐|[^太{_NO_HAN}]太|[^老{_NO_HAN}]师)$"
)
_COURTESY_ONLY = rf"^[一-鿿]{{1,2}}({_COURTESY})$"
_VEILED = rf"^{_HAN}{{1,2}}([X某]{{1,3}}|{_COURTESY})+$"

DIRECTIONS: dict[str, tuple[str, ...]] = {
    "exit": (
        "出境",
        "出",
        "离境",
        "出关",
        "离",
        "離境",
        "離",
        "出關",
        "exit",
        "out",
        "o",
        "departure",
        "depart",
        "outbound",
        "leave",
        "leaving",
        "e",
        "d",
        "dep",
        "departed",
    ),
    "entry": (
        "入境",
        "入",
        "进境",
        "进",
        "入关",
        "进关",
        "進境",
        "進",
        "入關",
        "進關",
        "抵",
        "entry",
        "in",
        "i",
        "arrival",
        "arrive",
        "inbound",
        "enter",
        "entering",
        "a",
        "arr",
        "arrived",
    ),
}

CURRENCIES: dict[str, tuple[str, ...]] = {
    "CNY": ("人民币", "人民币元", "元", "rmb", "cny", "cnh", "¥", "￥", "156", "01", "142", "yuan"),
    "HKD": ("港币", "港元", "港纸", "hkd", "hk$", "344", "13", "110"),
    "MOP": ("澳门元", "澳门币", "葡币", "mop", "mop$", "446", "81", "121"),
    "TWD": ("新台币", "台币", "twd", "nt$", "ntd", "901"),
    "USD": ("美元", "美金", "usd", "us$", "$", "840", "14", "502", "dollar", "us dollar"),
    "EUR": ("欧元", "eur", "€", "978", "300", "euro"),
    "JPY": ("日元", "日圆", "日币", "jpy", "392", "116"),
    "GBP": ("英镑", "gbp", "£", "826", "303"),
    "THB": ("泰铢", "thb", "฿", "764"),
    "KRW": ("韩元", "韩币", "krw", "₩", "410"),
    "SGD": ("新加坡元", "新币", "sgd", "s$", "702"),
    "INR": ("印度卢比", "inr", "₹", "rs", "356"),
}

PLATFORMS: dict[str, tuple[str, ...]] = {
    "wechat": ("微信", "wechat", "weixin", "wx", "微信公众号", "公众号", "朋友圈"),
    "weibo": ("微博", "新浪微博", "weibo", "sina weibo"),
    "xiaohongshu": ("小红书", "xiaohongshu", "red", "xhs", "rednote"),
    "douyin": ("抖音", "douyin"),
    "kuaishou": ("快手", "kuaishou"),
    "qq": ("qq", "腾讯qq", "qq群", "qq空间"),
    "tieba": ("百度贴吧", "贴吧", "tieba", "baidu tieba"),
    "zhihu": ("知乎", "zhihu"),
    "xianyu": ("闲鱼", "xianyu", "goofish"),
    "taobao": ("淘宝", "taobao"),
    "alipay": ("支付宝", "alipay"),
    "babytree": ("宝宝树", "babytree", "宝宝树孕育"),
    "whatsapp": ("whatsapp", "wa"),
    "telegram": ("telegram", "tg", "电报"),
    "facebook": ("facebook", "fb", "脸书", "脸谱"),
    "instagram": ("instagram", "ig"),
    "line": ("line",),
}


def looked_up(text: ir.StringValue, words: dict[str, tuple[str, ...]]) -> ir.StringValue:
    """The key whose words hold the text, else null."""
    lower = text.lower()
    return ibis.cases(*((lower.isin(names), key) for key, names in words.items()), else_=ibis.null("string"))


def clean_text(raw: ir.StringValue, setting: Setting) -> Cell:
    """Free text: folded, outer blanks removed."""
    if setting.ways == "test":
        return Cell(is_folded(raw), ibis.null("string"))
    if setting.ways == "guarded":
        return Cell(ibis.ifelse(is_folded(raw), raw, ibis.null("string")), ibis.null("string"))
    return Cell(raw if setting.ways == "shortcuts" else folded(raw), ibis.null("string"))


def clean_name(raw: ir.StringValue, setting: Setting) -> Cell:
    """A name: folded, inner blanks of Chinese names removed, Latin letters upper case, every mask a star.

    ``张某某``, ``张女士`` and ``张XX`` tell no more than ``张*`` does. Script is simplified later.
    """

    def whole(text: ir.StringValue) -> ir.Value:
        return chain(
            text.re_replace(r"\s+", " ").upper().re_replace("[•●×✕✱※■□◆]", "*"),
            lambda name: ibis.ifelse(name.re_search(_HAN), _closed(name), name),
            _veiled,
            lambda name: name.re_replace(rf"^({_HAN}[{_HAN[1:-1]}*·]+?)(先生|女士|小姐|太太)+$", r"\1"),
            _veiled,
            lambda name: ibis.ifelse(name.re_search(r"[\p{L}*]"), name, ibis.null("string")),
        )

    shortcuts: dict[str, Callable[[Any], ir.Value]] = {
        f"{_PLAIN_NAME}|{_NAME_LIKE_COURTESY}": lambda text: text,
        _COURTESY_ONLY: lambda text: text.re_replace(f"({_COURTESY})$", "*"),
    }
    if setting.ways == "guarded":
        # Nothing comes after it: what simplified script writes otherwise takes the long way. Most names need one look.
        checked = {form: _if_simplified(use) for form, use in shortcuts.items()}
        shortcuts = {_simplified_name(): _if_short} | checked
    return quickly(raw, shortcuts, lambda text: judged(folded(text), whole, "a name has at least one letter"), setting)


@cache
def _simplified_name() -> str:
    """As most names come: a plain name of any length, without the characters that simplified script writes otherwise.

    A class of so many characters must not be repeated by number: the form would outgrow what an engine keeps of it.
    """
    han, last = names.plain_han(), names.plain_han("生士姐太师某")
    return f"^[{han}][{han}()]*[{last}]$"


def _if_short(text: ir.StringValue) -> ir.StringValue:
    """A name no longer than a plain one may be."""
    return ibis.ifelse(text.length() <= _LONGEST_NAME, text, ibis.null("string"))


def _if_simplified(use: Callable[[Any], ir.Value]) -> Callable[[Any], ir.Value]:
    """``use``, with null for every text that simplified script writes otherwise."""
    return lambda text: ibis.ifelse(names.has_traditional(text), ibis.null("string"), use(text))


def _veiled(name: ir.StringValue) -> ir.StringValue:
    """A surname with a courtesy or a 某 behind it as the surname and a star."""
    return ibis.ifelse(name.re_search(_VEILED), name.re_replace(f"({_COURTESY}|X|某)+$", "*"), name)


def clean_address(raw: ir.StringValue, setting: Setting) -> Cell:
    """An address in one line, without blanks between Chinese characters; script is simplified afterwards."""

    def whole(given: ir.StringValue) -> ir.Value:
        return chain(
            given,
            lambda text: text.re_replace(r"[\s|]+", " "),
            lambda text: ibis.ifelse(text.re_search(_HAN), _closed(text), text),
            folded,
        )

    def slow(given: ir.StringValue) -> ir.StructValue:
        return judged(folded(given), whole, "nothing but strokes where an address belongs")

    # Where nothing comes after it, without the characters that simplified script writes otherwise.
    han = names.plain_han() if setting.ways == "guarded" else "一-鿿"
    return quickly(raw, {rf"^[{han}][{han}0-9A-Za-z#\-]{{3,}}$": lambda text: text}, slow, setting)


def _closed(text: ir.StringValue) -> ir.StringValue:
    return text.re_replace(rf"({_HAN}|\*) +", r"\1").re_replace(rf" +({_HAN})", r"\1")


def clean_direction(raw: ir.StringValue, setting: Setting) -> Cell:  # noqa: ARG001
    """``exit`` or ``entry``."""
    return _word(raw, DIRECTIONS, "neither an exit nor an entry")


def _word(raw: ir.StringValue, words: dict[str, tuple[str, ...]], reason: str) -> Cell:
    return cell_of(judged(folded(raw), lambda text: looked_up(text, words), reason))


def clean_currency(raw: ir.StringValue, setting: Setting) -> Cell:  # noqa: ARG001
    """An ISO 4217 code; three letters that are no known currency are kept as they are."""
    return cell_of(
        judged(
            folded(raw),
            lambda text: ibis.coalesce(
                looked_up(text.re_replace(r"\s+", " "), CURRENCIES),
                text.upper().re_extract("^([A-Z]{3})$", 1).nullif(""),
            ),
            "no currency is written like this",
        )
    )


def platform_of(text: ir.StringValue) -> ir.StringValue:
    """A platform's short name, or its own name in lower case without blanks."""
    return let(
        folded(text),
        lambda plain: ibis.coalesce(
            looked_up(plain.re_replace(r"\s+", " "), PLATFORMS),
            plain.lower().re_replace(r"[\s:]+", "_"),
        ),
    )


def clean_handle(raw: ir.StringValue, setting: Setting) -> Cell:
    """A platform account as ``platform:name``; the platform stands in the value, beside it, or in the header."""
    header = setting.reading.column.lower()
    in_header = next(
        (key for key, names in PLATFORMS.items() if any(len(name) > 1 and name in header for name in names)), None
    )
    default = ibis.literal(in_header or "unknown")
    told = default if setting.beside is None else ibis.coalesce(platform_of(setting.beside), default)

    def made(text: ir.StringValue) -> ir.Value:
        own = text.re_extract(r"^([^:/@]{1,20}):.+$", 1).nullif("")
        name = text.re_replace(r"^([^:/@]{1,20}):", "").re_replace("^[@:]+", "").nullif("")
        return ibis.ifelse(own.notnull(), platform_of(own), told) + ":" + name

    return cell_of(judged(folded(raw).lower().re_replace(r"\s+", ""), made, "an account has a name"))


def clean_identifier_type(raw: ir.StringValue, setting: Setting) -> Cell:  # noqa: ARG001
    """``phone``, ``account``, ``handle`` or ``vehicle``."""
    words = {
        "phone": (
            "phone",
            "mobile",
            "tel",
            "telephone",
            "手机",
            "手机号",
            "手机号码",
            "电话",
            "电话号码",
            "号码",
            "msisdn",
            "固话",
        ),
        "account": (
            "account",
            "bank",
            "bank account",
            "card",
            "wallet",
            "账户",
            "账号",
            "银行卡",
            "银行账户",
            "银行账号",
            "卡号",
            "银行卡号",
            "支付账户",
            "支付宝",
            "财付通",
            "alipay",
            "tenpay",
        ),
        "handle": (
            "handle",
            "user",
            "username",
            "platform account",
            "微信",
            "微信号",
            "平台账号",
            "社交账号",
            "wechat",
            "qq",
            "qq号",
            "昵称",
            "小红书",
            "微博",
            "抖音",
            "网络账号",
        ),
        "vehicle": ("vehicle", "plate", "车辆", "车牌", "车牌号", "机动车", "car", "vehicle_no"),
    }
    return _word(raw, words, "an identifier is a phone, an account, a handle or a vehicle")
