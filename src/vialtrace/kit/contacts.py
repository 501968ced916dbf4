"""Telephones and WeChat ids that stand inside the text of an advert.

Advertisers write them so that a platform's filter does not see them: full-width or Chinese digits, blanks between
digits, `V`, `薇` or `威` for WeChat. The first of each is found.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

_NARROW = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz:_-"
# Full-width forms stand 0xFEE0 above the ASCII they repeat (Unicode, Halfwidth and Fullwidth Forms).
_WIDE = "".join(chr(ord(each) + 0xFEE0) for each in _NARROW)
_SPOKEN = "〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖幺①②③④⑤⑥⑦⑧⑨⓪"
_SPOKEN_AS = "00123456789123456789" + "1" + "1234567890"

# A mainland mobile number: 1, then 3 to 9, eleven digits in all, with at most two separators between digits.
_MOBILE = r"(?:^|[^0-9])(?:\+?86[\s\-]?)?(1[\s\-._·*~]{0,2}[3-9](?:[\s\-._·~]{0,2}[0-9]){9})(?:[^0-9]|$)"

# A word for WeChat, at most six characters that cannot be part of an id, then an id: a letter and five to nineteen
# letters, digits, hyphens or underscores (WeChat's own rule). Latin words need a boundary before and after: "v" in
# "video" invites nobody.
_WECHAT = (
    r"(?i)(?:(?:微信|薇信|威信|徽信|微❤|微芯|卫星|绿泡泡|薇|威|v信|[加➕+]\s?v)(?:号|id)?[^A-Za-z0-9]{0,6}"
    r"|(?:^|[^A-Za-z0-9])(?:wechat|weixin|vx|wx)(?:号|id)?[^A-Za-z0-9]{1,6})"
    r"([A-Za-z][-_A-Za-z0-9]{5,19})"
)


def phone(text: ir.StringValue) -> ir.StringValue:
    """The first mainland mobile number in a text, as E.164; null where there is none."""
    digits = text.translate(_WIDE, _NARROW).translate(_SPOKEN, _SPOKEN_AS)
    found = digits.re_extract(_MOBILE, 1).re_replace(r"[^0-9]", "")
    return ibis.ifelse(found.length() == 11, ibis.literal("+86") + found, ibis.null("string"))


def handle(text: ir.StringValue) -> ir.StringValue:
    """The first WeChat id in a text, as ``wechat:id``; null where there is none."""
    found = text.translate(_WIDE, _NARROW).re_extract(_WECHAT, 1).re_replace(r"\s", "").lower()
    return ibis.ifelse(found.length() >= 6, ibis.literal("wechat:") + found, ibis.null("string"))
