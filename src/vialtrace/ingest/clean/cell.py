"""What a cleaner takes and gives, and the folding that every cleaner starts from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from vialtrace.model.mapping import Reading

_FULL_WIDTH = "".join(chr(code) for code in range(0xFF01, 0xFF5F)) + "\u3000\u00a0"
_HALF_WIDTH = "".join(chr(code) for code in range(0x21, 0x7F)) + "  "
_NEEDS_FOLDING = "[\uff01-\uff5e\u3000\u00a0]"
_INVISIBLE = "[\\x{200b}-\\x{200f}\\x{202a}-\\x{202e}\\x{2060}\\x{feff}\\x{00}-\\x{08}\\x{0b}\\x{0c}\\x{0e}-\\x{1f}\\x{7f}]"
_NOTHING = r"(?i)^(null|none|nil|nan|n/a|#n/a|\(null\)|\\n|[-—–/\\_.~]+|无|空|暂无|不详|未填|未填写|未提供|无记录)$"

LOST_DIGITS = "a spreadsheet rounded it: its last digits are lost; ask for the file as text"


@dataclass(frozen=True)
class Setting:
    """What a cleaner may know beside the value itself.

    ``beside`` is the column that says how to read this one (the platform of a handle, the type of an identifier);
    ``order`` is the order of day and month decided over the whole column.
    """

    reading: Reading
    country: str = "CN"
    time_zone: str = "Asia/Shanghai"
    beside: ir.StringValue | None = None
    order: ir.StringValue | None = None


@dataclass(frozen=True)
class Cell:
    """A cleaned column: ``value``, and ``problem``, which is null where nothing is wrong.

    A problem with a null value means that the text could not be read; with a value, that something was left out.
    """

    value: ir.Value
    problem: ir.StringValue
    is_day_only: ir.BooleanValue | None = None


Cleaner = Callable[[ir.StringValue, Setting], Cell]


def folded(raw: ir.StringValue) -> ir.StringValue:
    """A text with full-width forms made ASCII, invisible characters gone, outer blanks and spreadsheet quotes removed.

    A value that only says that there is none (``null``, ``-``, ``无`` ...) becomes null.
    """
    half = ibis.ifelse(raw.re_search(_NEEDS_FOLDING), raw.translate(_FULL_WIDTH, _HALF_WIDTH), raw)
    seen = ibis.ifelse(half.re_search(_INVISIBLE), half.re_replace(_INVISIBLE, ""), half)
    bare = ibis.ifelse(seen.re_search(r"""^\s|\s$|^['`=]"""), seen.re_replace(r"""^\s*(='?"?|['`])?\s*|"?\s+$""", ""), seen)
    plain = ibis.ifelse(seen.re_search('^="[^"]*"$'), seen.re_replace('^="|"$', ""), bare)
    return ibis.ifelse(plain.re_search(_NOTHING) | (plain == ""), ibis.null("string"), plain)


def compact(text: ir.StringValue) -> ir.StringValue:
    """A folded text without any blanks, upper case, a mask of any sort written as ``*``."""
    return text.re_replace(r"\s+", "").upper().re_replace("[•●×✕✱※■□◆]", "*")


def unmangled(text: ir.StringValue) -> ir.StringValue:
    """A whole number as a spreadsheet writes it, as its digits: ``138.0`` and ``1.38E+2`` both as ``138``.

    Null where the exponent says that there were more digits than are shown.
    """
    plain = ibis.ifelse(text.re_search(r"^\d+\.0+$"), text.re_replace(r"\.0+$", ""), text)
    is_power = plain.re_search(r"^\d(\.\d+)?[eE]\+?\d+$")
    mantissa = plain.re_replace(r"[eE].*$", "").replace(".", "")
    exponent = plain.re_extract(r"[eE]\+?(\d+)$", 1).nullif("").try_cast("int64")
    whole = ibis.ifelse(mantissa.length() == exponent + 1, mantissa, ibis.null("string"))
    return ibis.ifelse(is_power, whole, plain)


def fail(value: ir.Value, text: ir.StringValue, reason: str | ir.StringValue) -> ir.StringValue:
    """The reason where there was a text and no value came of it."""
    return ibis.ifelse(text.notnull() & value.isnull(), reason, ibis.null("string"))
