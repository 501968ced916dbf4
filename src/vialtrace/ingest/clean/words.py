"""Cleaners of texts, names, addresses, and of the words that stand for directions and currencies."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from vialtrace.ingest.clean.cell import Cell, Setting, fail, folded

_HAN = "[㐀-䶿一-鿿]"

DIRECTIONS: dict[str, tuple[str, ...]] = {
    "exit": ("出境", "出", "离境", "出关", "离", "exit", "out", "o", "departure", "depart", "outbound", "leave", "leaving", "e"),
    "entry": ("入境", "入", "进境", "进", "入关", "进关", "抵", "entry", "in", "i", "arrival", "arrive", "inbound", "enter", "entering"),
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


def clean_text(raw: ir.StringValue, setting: Setting) -> Cell:  # noqa: ARG001  every cleaner has the same form
    """Free text: folded, outer blanks removed."""
    return Cell(folded(raw), ibis.null("string"))


def clean_name(raw: ir.StringValue, setting: Setting) -> Cell:  # noqa: ARG001
    """A name: folded, inner blanks of Chinese names removed, Latin letters upper case, every mask a star.

    ``张某某``, ``张女士`` and ``张XX`` tell no more than ``张*`` does. Script is simplified afterwards, over distinct names.
    """
    text = folded(raw).re_replace(r"\s+", " ").upper()
    is_han = text.re_search(_HAN)
    closed = ibis.ifelse(is_han, text.re_replace(rf"({_HAN}|\*) +", r"\1").re_replace(rf" +({_HAN})", r"\1"), text)
    starred = closed.re_replace("[•●×✕✱※■□◆]", "*")
    is_short = starred.re_search(rf"^{_HAN}{{1,2}}([X某]{{1,3}}|先生|女士|小姐|太太|老师|医生)$")
    masked = ibis.ifelse(is_short, starred.re_replace("(X|某|先生|女士|小姐|太太|老师|医生)+$", "*"), starred)
    whole = masked.re_replace(rf"^({_HAN}[{_HAN[1:-1]}*·]+)(先生|女士|小姐|太太)$", r"\1")
    value = ibis.ifelse(whole.re_search(r"[\p{L}*]"), whole, ibis.null("string"))
    return Cell(value, fail(value, text, "a name has at least one letter"))


def clean_address(raw: ir.StringValue, setting: Setting) -> Cell:  # noqa: ARG001
    """An address in one line, without blanks between Chinese characters; script is simplified afterwards."""
    text = folded(raw).re_replace(r"[\s|]+", " ")
    closed = ibis.ifelse(text.re_search(_HAN), text.re_replace(rf"({_HAN}) +", r"\1").re_replace(rf" +({_HAN})", r"\1"), text)
    return Cell(closed.nullif(""), ibis.null("string"))


def clean_direction(raw: ir.StringValue, setting: Setting) -> Cell:  # noqa: ARG001
    """``exit`` or ``entry``."""
    text = folded(raw)
    value = looked_up(text, DIRECTIONS)
    return Cell(value, fail(value, text, "neither an exit nor an entry"))


def clean_currency(raw: ir.StringValue, setting: Setting) -> Cell:  # noqa: ARG001
    """An ISO 4217 code; three letters that are no known currency are kept as they are."""
    text = folded(raw)
    known = looked_up(text.re_replace(r"\s+", " "), CURRENCIES)
    code = text.upper().re_extract("^([A-Z]{3})$", 1).nullif("")
    value = ibis.coalesce(known, code)
    return Cell(value, fail(value, text, "no currency is written like this"))


def platform_of(text: ir.StringValue) -> ir.StringValue:
    """A platform's short name, or its own name in lower case without blanks."""
    plain = folded(text)
    return ibis.coalesce(looked_up(plain.re_replace(r"\s+", " "), PLATFORMS), plain.lower().re_replace(r"[\s:]+", "_"))


def clean_handle(raw: ir.StringValue, setting: Setting) -> Cell:
    """A platform account as ``platform:name``; the platform stands in the value, beside it, or in the header."""
    text = folded(raw).lower().re_replace(r"\s+", "")
    own = text.re_extract(r"^([^:/@]{2,20})[:：](.+)$", 1).nullif("")
    told = setting.beside if setting.beside is not None else ibis.null("string")
    in_header = next((key for key, names in PLATFORMS.items() if any(
        len(name) > 1 and name in setting.reading.column.lower() for name in names)), None)
    default = ibis.literal(in_header) if in_header else ibis.null("string")
    platform = ibis.coalesce(platform_of(own), platform_of(told), default, ibis.literal("unknown"))
    name = ibis.ifelse(own.notnull(), text.re_replace(r"^[^:]{2,20}:", ""), text).re_replace("^@", "")
    value = ibis.ifelse(name == "", ibis.null("string"), platform + ":" + name)
    return Cell(value, fail(value, text, "an account has a name"))


def clean_identifier_type(raw: ir.StringValue, setting: Setting) -> Cell:  # noqa: ARG001
    """``phone``, ``account``, ``handle`` or ``vehicle``."""
    words = {
        "phone": ("phone", "mobile", "tel", "telephone", "手机", "手机号", "手机号码", "电话", "电话号码", "号码", "msisdn", "固话"),
        "account": ("account", "bank", "bank account", "card", "wallet", "账户", "账号", "银行卡", "银行账户", "银行账号", "卡号", "银行卡号",
                    "支付账户", "支付宝", "财付通", "alipay", "tenpay"),
        "handle": ("handle", "user", "username", "platform account", "微信", "微信号", "平台账号", "社交账号", "wechat", "qq", "qq号", "昵称",
                   "小红书", "微博", "抖音", "网络账号"),
        "vehicle": ("vehicle", "plate", "车辆", "车牌", "车牌号", "机动车", "car", "vehicle_no"),
    }
    text = folded(raw)
    value = looked_up(text, words)
    return Cell(value, fail(value, text, "an identifier is a phone, an account, a handle or a vehicle"))
