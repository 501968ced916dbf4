"""Headers that are put together from whom a column is about and what it holds: ``Consignor Mobile``, ``寄方手机``.

No list of synonyms holds every pair of the two, so the pairs are made here: a field of a record kind is told by its
role and its attribute, each known by many words in English and Chinese.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

ROLES: dict[str, tuple[str, str]] = {
    "sender": ("sender|send|sndr|shipper|consignor|consigner|origin|despatcher|dispatcher|booker|from", "寄件|寄方|发件|发货|发方|托运|寄递|寄"),
    "receiver": (
        "receiver|recv|rcv|rcvr|recipient|consignee|addressee|destination|delivery|deliver|to",
        "收件|收方|收货|取件|派件|收",
    ),
    "payer": ("payer|remitter|sender|debtor|drawer|from|debit|source", "付款|付方|支付方|汇款|打款|转出|出账"),
    "payee": ("payee|beneficiary|benef|receiver|creditor|to|credit|target", "收款|收方|转入|入账|收"),
    "client": ("client|customer|patient|buyer|mother|guest", "客户|患者|孕妇|受检|顾客|客人|宝妈|孕妈"),
    "agent": ("agent|referrer|referredby|salesperson|seller|rep|broker", "代理|业务员|介绍|中介|销售|渠道"),
    "traveller": ("traveller|traveler|passenger|pax|person", "旅客|乘客|出入境人员|人员|持证人"),
    "carrier": ("carrier|passenger|traveller|suspect|courier|accused|carriedby", "携带|当事人|嫌疑人|旅客"),
    "exporter": ("exporter|shipper|consignor|seller", "发货人|出口商|经营单位|出口单位|境内发货"),
    "consignee": ("consignee|importer|buyer", "收货人|境外收货|进口商"),
    "holder": ("holder|applicant|owner|subscriber|customer|registered|licensee", "持有|申请|机主|开户|户主|登记|持证"),
    "representative": (
        "director|representative|proprietor|legal|ceo|signatory|partner",
        "法定代表|法人|负责人|代表人",
    ),
    "organisation": ("company|firm|organisation|organization|entity|laboratory", "企业|公司|单位|机构"),
}
ATTRIBUTES: dict[str, tuple[str, str]] = {
    "name": ("name|party", "姓名|名称|户名|名字"),
    "phone": ("phone|mobile|mob|cell|cellphone|tel|telephone|contact|msisdn", "手机|电话|联系方式|联系号码"),
    "address": ("address|addr|location", "地址|住址|住所"),
    "account": ("account|acct|ac|iban|vpa|upi|wallet|card", "账号|账户|帐号|帐户|卡号|银行卡"),
    "document": ("passport|document|doc|idcard|aadhaar|nric|travel", "证件|身份证|护照|通行证"),
    "handle": ("wechat|handle|telegram|username", "微信|账号名|网名"),
    "org_id": ("registration|regno|iec|gstin|cin|uscc", "信用代码|注册号|企业代码|海关编码"),
}
# What may stand beside the two words without changing what they say.
_FILLING = frozenset(
    ["overseas", "foreign", "no", "number", "num", "id", "of", "the", "details", "detail", "full", "s", "1", "code"]
)
_FILLING_HAN = "号码编的人方号详细"

FIELDS: dict[tuple[str, str], tuple[str, str]] = {
    **{("order", f"{role}_{what}"): (role, what) for role in ("client", "agent") for what in ("name", "phone", "handle")},
    **{
        ("waybill", f"{role}_{what}"): (role, what)
        for role in ("sender", "receiver")
        for what in ("name", "phone", "address")
    },
    **{("payment", f"{role}_{what}"): (role, what) for role in ("payer", "payee") for what in ("account", "name")},
    ("crossing", "traveller_name"): ("traveller", "name"),
    ("crossing", "document_no"): ("traveller", "document"),
    ("declaration", "exporter_name"): ("exporter", "name"),
    ("declaration", "exporter_id"): ("exporter", "org_id"),
    ("declaration", "consignee_name"): ("consignee", "name"),
    ("permit", "holder_name"): ("holder", "name"),
    ("permit", "holder_id"): ("holder", "org_id"),
    ("permit", "recipient_name"): ("receiver", "name"),
    ("seizure", "carrier_name"): ("carrier", "name"),
    ("seizure", "document_no"): ("carrier", "document"),
    ("organisation", "org_name"): ("organisation", "name"),
    ("organisation", "representative_name"): ("representative", "name"),
    ("organisation", "representative_document"): ("representative", "document"),
    ("organisation", "phone"): ("organisation", "phone"),
    ("organisation", "address"): ("organisation", "address"),
    ("subscriber", "holder_name"): ("holder", "name"),
    ("subscriber", "holder_document"): ("holder", "document"),
    ("subscriber", "address"): ("holder", "address"),
}
"""Which role and which attribute a field is about."""


def put_together(header: str) -> frozenset[tuple[str, str]]:
    """The (kind, field) pairs that a header names by role and attribute; a role alone names whoever plays it.

    Words are told by blanks, punctuation and capitals inside (``SenderPhone``); Chinese by the words it holds. Nothing
    is named where a word is left over.
    """
    folded = unicodedata.normalize("NFKC", header)
    han = "".join(re.findall(r"[\u4e00-\u9fff]", folded))
    if han:
        roles, attributes = _in_han(han)
    else:
        spread = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"(?i)\ba\s*/\s*c\b", "account", folded))
        roles, attributes = _in_words(re.findall(r"[a-z0-9]+", spread.lower()))
    return frozenset(
        pair for pair, (role, attribute) in FIELDS.items() if role in roles and attribute in (attributes or {"name"})
    )


_WHEN = frozenset(["at", "on", "time", "date", "dt", "datetime", "timestamp", "day", "of", "the", "when"])


def moment(header: str) -> str:
    """What happened at the time a Latin header names, without its words for time: ``booked`` for ``Booked At``.

    Empty where the header has no word for time and does not end like something done (``Published``).
    """
    spread = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", header))
    words = re.findall(r"[a-z]+", spread.lower())
    rest = [word for word in words if word not in _WHEN]
    is_time = len(rest) < len(words) or (rest and rest[-1].endswith("ed"))
    return "".join(rest) if is_time and not re.search(r"[^\x00-\x7f]", header) else ""


def _in_words(words: list[str]) -> tuple[set[str], set[str]]:
    roles = {role for role, (latin, _) in ROLES.items() if set(latin.split("|")) & set(words)}
    attributes = {what for what, (latin, _) in ATTRIBUTES.items() if set(latin.split("|")) & set(words)}
    known = _latin() | _FILLING
    return (roles, attributes) if roles and set(words) <= known else (set(), set())


def _in_han(text: str) -> tuple[set[str], set[str]]:
    """The roles and attributes in a Chinese header: the longest word of each, and nothing but filling beside them."""
    role_word = max((word for _, han in ROLES.values() for word in han.split("|") if word in text), key=len, default="")
    rest = text.replace(role_word, "", 1) if role_word else text
    what_word = max(
        (word for _, han in ATTRIBUTES.values() for word in han.split("|") if word in rest), key=len, default=""
    )
    left = rest.replace(what_word, "", 1) if what_word else rest
    filling = _FILLING_HAN + ("信息资料" if what_word else "")
    if not role_word or any(each not in filling for each in left):
        return set(), set()
    roles = {role for role, (_, han) in ROLES.items() if role_word in han.split("|")}
    return roles, {what for what, (_, han) in ATTRIBUTES.items() if what_word and what_word in han.split("|")}


@cache
def _latin() -> frozenset[str]:
    return frozenset(word for latin, _ in (*ROLES.values(), *ATTRIBUTES.values()) for word in latin.split("|"))
