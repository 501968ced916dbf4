"""Cleaners of identifiers: phones, documents, accounts, registration and waybill numbers.

Check digits: resident identity card GB 11643 (ISO 7064 MOD 11-2), unified social credit code GB 32100, Hong Kong
identity card, bank card ISO/IEC 7812 (Luhn).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import add

import ibis
import ibis.expr.types as ir
import phonenumbers

from vialtrace.ingest.clean.cell import (
    LOST_DIGITS,
    Cell,
    Setting,
    cell_of,
    chain,
    compact,
    folded,
    judged,
    let,
    quickly,
    unmangled,
)
from vialtrace.ingest.clean.words import clean_handle

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC = rf"^[1-9A-Y][{_USCC_ALPHABET}]{{17}}$"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def _is_power(text: ir.StringValue) -> ir.BooleanValue:
    return text.re_search(r"^\d(\.\d+)?E\+?\d+$") & unmangled(text).isnull()


def _bare(text: ir.StringValue, punctuation: str) -> ir.StringValue:
    """A number without blanks and punctuation, null where a spreadsheet took its digits, before or behind these."""
    return let(unmangled(compact(text)).re_replace(punctuation, ""), unmangled)


def _weighted(text: ir.StringValue, alphabet: str, weights: tuple[int, ...]) -> ir.IntegerValue:
    """The sum of weight times place in the alphabet over the first characters."""
    letters = ibis.literal(alphabet)
    return reduce(add, (letters.find(text.substr(place, 1)) * weight for place, weight in enumerate(weights)))


def resident_check(card: ir.StringValue) -> ir.StringValue:
    """The check character of GB 11643 for an identity number of eighteen characters, whichever its last one is."""
    return ibis.literal(_ID_CHECKS).substr(_weighted(card, "0123456789", _ID_WEIGHTS) % 11, 1)


def uscc_holds(code: ir.StringValue) -> ir.BooleanValue:
    """Whether an eighteen-character unified social credit code has the check character of GB 32100."""
    total = _weighted(code, _USCC_ALPHABET, _USCC_WEIGHTS)
    return ibis.literal(_USCC_ALPHABET).substr((31 - total % 31) % 31, 1) == code.right(1)


def luhn_holds(number: ir.StringValue) -> ir.BooleanValue:
    """Whether a number of up to nineteen digits has the check digit of ISO/IEC 7812."""
    padded = number.lpad(19, "0")
    # The last of nineteen digits stands at an even place from the left, so every odd place is doubled.
    doubled = ibis.literal("0516273849")  # each digit stands where its double (less 9 above 9) is
    plain = reduce(add, (padded.substr(place, 1).try_cast("int64") for place in range(0, 19, 2)))
    twice = reduce(add, (doubled.find(padded.substr(place, 1)) for place in range(1, 19, 2)))
    return (plain + twice) % 10 == 0


def clean_phone(raw: ir.StringValue, setting: Setting) -> Cell:
    """A telephone number in E.164; masked digits stay as ``*``.

    A number without a country code is of ``setting.country``: mainland mobiles and landlines are told by their form,
    elsewhere a leading zero is a trunk prefix. Of several numbers in one cell the first is taken, and a note says so.
    """
    own_code = str(phonenumbers.country_code_for_region(setting.country) or 86)

    def made(text: ir.StringValue) -> ir.Value:
        first = text.re_replace(r"(?i)^(tel|phone|mobile|手机|电话)\s*[:：]?\s*", "").re_extract(r"^([^/;,、|\n]+)", 1)
        bare = compact(first.re_replace(r"(?i)(转|ext\.?|extension|#)\s*\d*$", ""))
        dialled = let(
            bare,
            lambda number: ibis.ifelse(
                number.re_search(r"^\d+\.0+$|E\+?\d+$"),
                unmangled(number),
                number.re_replace(r"[\-().·_]", "").replace("X", "*"),
            ),
        ).re_replace("^00", "+")
        return let(
            dialled,
            lambda number: let(
                _e164(number, own_code),
                lambda value: ibis.struct(
                    {
                        "value": value,
                        "problem": ibis.cases(
                            (text.isnull(), ibis.null("string")),
                            (number.isnull(), LOST_DIGITS),
                            (value.isnull(), "not a telephone number"),
                            (
                                text.re_search(r"\d{5,}\s*[/;,、|\n]\D*\d{5,}"),
                                "several numbers in one cell: the first was taken",
                            ),
                            else_=ibis.null("string"),
                        ),
                    }
                ),
            ),
        )

    shortcuts = {r"^\+(861[3-9][\d*]{9}|85[23][2-9]\d{7})$": lambda text: text}
    if own_code == "86":
        shortcuts[r"^1[3-9][\d*]{9}$"] = lambda text: "+86" + text
    return quickly(raw, shortcuts, lambda text: let(folded(text), made), setting)


def _e164(dialled: ir.StringValue, own_code: str) -> ir.StringValue:
    """A dialled number with its country code in front, or null."""
    local = ibis.literal(f"+{own_code}")
    mainland = (
        (dialled.re_search(r"^\+?86(0?[1-9][\d*]{9,10}|[48]00[\d*]{7})$"), "+86" + dialled.re_replace(r"^\+?860?", "")),
        (dialled.re_search(r"^\+[1-9*][\d*]{6,14}$|^\+86([19]\d{3,5}|12[\d*]{3,9})$"), dialled),
        (dialled.re_search(r"^85[23][2-9*][\d*]{7}$"), "+" + dialled),
    )
    if own_code == "86":
        domestic: tuple[tuple[ir.BooleanValue, ir.StringValue], ...] = (
            (dialled.re_search(r"^0?1[3-9*][\d*]{9}$"), local + dialled.re_replace("^0", "")),
            (dialled.re_search(r"^0[1-9][\d*]{8,10}$"), local + dialled.re_replace("^0", "")),
            (dialled.re_search(r"^[48]00[\d*]{7}$|^(1|9)\d{3,5}$|^12[\d*]{3,9}$"), local + dialled),
        )
    else:
        domestic = ((dialled.re_search(r"^0?[1-9*][\d*]{4,11}$"), local + dialled.re_replace("^0", "")),)
    return ibis.cases(*mainland, *domestic, else_=ibis.null("string"))


def clean_document(raw: ir.StringValue, setting: Setting) -> Cell:
    """A passport, identity card or travel permit: upper case, without blanks and brackets, masks as ``*``.

    An eighteen-digit number is a resident identity card or residence permit and must carry the right check digit; a
    fifteen-digit one is the older form and is brought to the newer. A home-return permit (H or M and eight digits) is
    cut to the nine characters that stay with its holder for life. Everything else is taken as issued.
    """
    null = ibis.null("string")

    def made(text: ir.StringValue) -> ir.Value:
        has_bracket = text.re_search(r"\([0-9Aa]\)\s*$")
        return let(_bare(text, r"[()\-/.]"), lambda number: _document(text, number, has_bracket))

    def _document(text: ir.StringValue, bare: ir.StringValue, has_bracket: ir.BooleanValue) -> ir.Value:
        is_card = bare.re_search(r"^\d{17}[\dX]$")
        is_old_card = bare.re_search(r"^[1-8]\d{5}\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}$")
        is_hong_kong = bare.re_search(r"^[A-Z]{1,2}\d{6}[\dA]$") & has_bracket
        card_holds = resident_check(bare) == bare.right(1)
        born = bare.re_replace(r"^\d{6}(\d{4})(\d{2})(\d{2}).*$", r"\1-\2-\3").try_cast("date").notnull()
        fault = ibis.cases(
            (text.isnull(), null),
            (bare.isnull(), LOST_DIGITS),
            (
                is_card,
                ibis.cases(
                    (~card_holds, "an identity number whose check digit does not match"),
                    (~born, "an identity number whose birth date does not exist"),
                    else_=null,
                ),
            ),
            (
                is_hong_kong,
                ibis.ifelse(
                    hong_kong_holds(bare),
                    null,
                    "a Hong Kong identity number whose check digit does not match",
                ),
            ),
            (bare.re_search(r"^[A-Z0-9*]{5,20}$") & bare.re_search(r"[\d*].*[\d*].*[\d*]"), null),
            else_="not a document number: 5 to 20 letters and digits",
        )
        value = ibis.cases(
            (
                is_old_card,
                let(bare.left(6) + "19" + bare.right(9), lambda upgraded: upgraded + resident_check(upgraded + "0")),
            ),
            (bare.re_search(r"^[HM]\d{8}(\d{2})?$"), bare.left(9)),
            else_=bare,
        )
        return let(
            fault,
            lambda problem: ibis.struct(
                {
                    "value": ibis.ifelse(problem.isnull(), value, null),
                    "problem": problem,
                }
            ),
        )

    return quickly(
        raw,
        {
            # Permits and passports; H and M with ten digits are cut, which is the slow way's.
            r"^[CWH]\d{8}$|^M\d{8}$|^[A-Z]{1,2}\d{7,8}$|^\d{9}$": lambda text: text,
        },
        lambda text: let(folded(text), made),
        setting,
    )


def hong_kong_holds(card: ir.StringValue) -> ir.BooleanValue:
    """Whether a Hong Kong identity number (one or two letters, six digits, check) has its check digit."""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ "

    def holds(padded: ir.StringValue) -> ir.BooleanValue:
        return _weighted(padded, letters, (9, 8, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0

    return let(card.lpad(9, " "), holds)


def clean_account(raw: ir.StringValue, setting: Setting) -> Cell:
    """A bank account, card or wallet: any letters and digits without blanks, e-mail addresses in lower case.

    The Luhn check of cards is not asked for: accounts, passbooks and wallets are as long, without it.
    """
    return quickly(
        raw, {r"^\d{4,30}$|^[A-Za-z0-9_*]*[A-DF-Za-df-z_*][A-Za-z0-9_*]{4,30}$": lambda text: text}, _account, setting
    )


def _account(raw: ir.StringValue) -> ir.StructValue:
    return judged(
        folded(raw),
        lambda given: chain(
            given,
            lambda text: unmangled(text.re_replace(r"\s+", "").re_replace("[•●×✕✱※■□◆]", "*")),
            lambda bare: ibis.ifelse(bare.re_search(r"^[\d*\-]+$"), bare.replace("-", ""), bare),
            # Whoever stands beside a holder by name only is written behind the holder's account.
            lambda bare: ibis.ifelse(
                bare.re_search(r"^[\d*\-]+~"),
                bare.re_extract("^([^~]*)~", 1).replace("-", "") + bare.re_extract("(~.*)$", 1),
                bare,
            ),
            lambda bare: ibis.ifelse(bare.contains("@"), bare.lower(), bare),
            lambda bare: ibis.ifelse(bare.re_search(r"[\p{L}\d*]") & (bare.length() <= 64), bare, ibis.null("string")),
        ),
        _lost_or("an account has at most 64 letters and digits"),
    )


def _lost_or(reason: str) -> Callable[[ir.StringValue], ir.StringValue]:
    """Why no value came of a text: a spreadsheet took its digits, or ``reason``."""
    return lambda text: ibis.ifelse(_is_power(text.upper()), LOST_DIGITS, reason)


def clean_org_id(raw: ir.StringValue, setting: Setting) -> Cell:  # noqa: ARG001
    """A registration number; eighteen characters of the GB 32100 alphabet must carry its check character."""

    def made(bare: ir.StringValue) -> ir.Value:
        is_one = bare.re_search(r"^[A-Z0-9*]{3,32}$") & ~bare.re_search("^(NULL|NONE|NIL|NAN)$")
        is_fine = ibis.ifelse(bare.re_search(_USCC), uscc_holds(bare), is_one)
        return ibis.ifelse(is_fine, bare, ibis.null("string"))

    def why(text: ir.StringValue) -> ir.StringValue:
        return ibis.cases(
            (_is_power(text.upper()), LOST_DIGITS),
            (compact(text).re_search(_USCC), "a credit code whose check character does not match"),
            else_="not a registration number: 3 to 32 letters and digits",
        )

    return cell_of(
        judged(folded(raw), lambda text: let(_bare(text, r"[\-()./]"), made), why)
    )


def clean_waybill_no(raw: ir.StringValue, setting: Setting) -> Cell:
    """A parcel's number: upper case letters and digits."""
    return _number_of_letters(raw, setting, r"^[A-Z0-9*]{5,40}$", "not a parcel number: 5 to 40 letters and digits")


def clean_permit_no(raw: ir.StringValue, setting: Setting) -> Cell:  # noqa: ARG001
    """An approval's number, upper case, without blanks; Chinese characters, brackets and dashes belong to it."""
    return cell_of(
        judged(
            folded(raw),
            lambda text: chain(
                text.re_replace(r"\s+", "").upper().re_replace(r"[〔【\[]", "(").re_replace(r"[〕】\]]", ")"),
                unmangled,
                lambda number: ibis.ifelse(number.re_search(r"[\p{L}\d]"), number, ibis.null("string")),
            ),
            _lost_or("not an approval's number"),
        )
    )


def _number_of_letters(raw: ir.StringValue, setting: Setting, form: str, reason: str) -> Cell:
    def slow(given: ir.StringValue) -> ir.StructValue:
        return judged(
            folded(given),
            lambda text: let(
                _bare(text, r"[\-_./]"),
                lambda bare: ibis.ifelse(bare.re_search(form), bare, ibis.null("string")),
            ),
            _lost_or(reason),
        )

    return quickly(raw, {r"^[A-Z]{2}[A-Z0-9]{6,28}$|^\d{8,30}$": lambda text: text}, slow, setting)


def clean_identifier(raw: ir.StringValue, setting: Setting) -> Cell:
    """An identifier in the normal form of the type beside it; without one, a phone if it looks so, else a handle."""
    phone, account, handle = clean_phone(raw, setting), clean_account(raw, setting), clean_handle(raw, _alone(setting))
    null = ibis.null("string")
    if setting.beside is None:
        is_phone = ~folded(raw).re_search(r"\p{L}")
        return Cell(
            ibis.ifelse(is_phone, phone.value, handle.value), ibis.ifelse(is_phone, phone.problem, handle.problem)
        )
    vehicle = compact(folded(raw)).re_replace("[·.-]", "")
    kinds = {"phone": phone, "account": account, "handle": handle}
    value = ibis.cases(*((setting.beside == name, cell.value) for name, cell in kinds.items()), else_=vehicle)
    problem = ibis.cases(*((setting.beside == name, cell.problem) for name, cell in kinds.items()), else_=null)
    return Cell(value, problem)


def _alone(setting: Setting) -> Setting:
    """The same setting without the column beside, which names a type here and no platform."""
    return Setting(setting.reading, setting.country, setting.time_zone)


__all__ = [
    "clean_account",
    "clean_document",
    "clean_identifier",
    "clean_org_id",
    "clean_permit_no",
    "clean_phone",
    "clean_waybill_no",
    "hong_kong_holds",
    "luhn_holds",
    "resident_check",
    "uscc_holds",
]
