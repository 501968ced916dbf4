"""Bank statements as ISO 20022 sends them (camt.052 reports, camt.053 statements, camt.054 notices), in any version.

A message is one account's view. Its holder is the payee of a credit and the payer of a debit; who stands on the other
side is what the entry's related parties say, and nobody where they say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from vialtrace.errors import UnreadableSource
from vialtrace.model.mapping import Sheet
from vialtrace.sources.markup import Element, elements
from vialtrace.sources.message import Entry, sheet_of

HEADERS = (
    "paid_at",
    "payer_account",
    "payee_account",
    "amount",
    "currency",
    "payment_id",
    "payer_name",
    "payee_name",
    "channel",
    "memo",
)
_ENTRY = frozenset({"Ntry"})
_HELD_IN = ("Stmt", "Rpt", "Ntfctn")
_NO_REFERENCE = frozenset({"", "NOTPROVIDED", "NONREF", "NOREF"})
_UNBOOKED = {"PDNG": "pending", "FUTR": "only expected", "INFO": "only for information"}


def is_statement(root: Element) -> bool:
    """Whether a document is a camt.052, 053 or 054, in an envelope or not."""
    return re.search(r"camt\.05[234]\.", root.space) is not None or root.name in ("BizMsg", "DataPDU", "RequestPayload")


def sniff_statement(path: Path, n_sample: int) -> Sheet:
    """The entries of a statement.

    Raises:
        UnreadableSource: it is damaged, or has no entry.
    """
    sheet = sheet_of(path, "camt", "payment", HEADERS, transfers(path), n_sample)
    if not sheet.n_rows:
        raise UnreadableSource(
            f"{path.name} is a bank message without any entry (Ntry).",
            expected="At least one entry of an account: balances alone are no payments.",
            way_out="Ask the bank for the statement of a period with movements.",
        )
    return sheet


def transfers(path: Path) -> Iterator[Entry]:
    """Each transfer of each entry; its row number is the byte at which its own element begins."""
    for around, entry in elements(path, _ENTRY):
        held = next((each for each in reversed(around) if each.name in _HELD_IN), None)
        account = held.first("Acct") if held else None
        details = [*entry.every("NtryDtls", "TxDtls"), *entry.every("TxDtls")]
        if not details:
            yield _transfer(account, entry, None, n=1)
        for each in details:
            yield _transfer(account, entry, each, n=len(details))


def _transfer(account: Element | None, entry: Element, detail: Element | None, n: int) -> Entry:
    """One transfer as a payment; ``n`` is how many the entry sums up."""
    part = detail or Element("TxDtls", "", {}, entry.at)
    shown = " ".join(filter(None, (_reference(part, entry, n), entry.value("Amt"))))
    way = (part.value("CdtDbtInd") if n > 1 else "") or entry.value("CdtDbtInd")
    status = entry.value("Sts", "Cd") or entry.value("Sts")
    is_reversal = "true" in (entry.value("RvslInd"), part.value("RvslInd")) or entry.value("RvslInd") == "1"
    own_account, own_name = _number(account), account.value("Ownr", "Nm") if account else ""
    other_account, other_name = _other(part, own_account, is_debit=(way == "DBIT") != is_reversal)
    amount, currency = _amount(entry, part, n)
    shown = " ".join(filter(None, (shown, currency, other_name)))
    problem = None
    if way not in ("CRDT", "DBIT"):
        problem = f"neither credit nor debit: {shown}"
    elif status in _UNBOOKED:
        problem = f"the entry is {_UNBOOKED[status]}, not booked: {shown}"
    elif amount is None:
        problem = f"one of {n} transfers booked as one sum, without its own amount: {shown}"
    elif not own_account:
        problem = f"the message does not name the account that it is about: {shown}"
    elif not other_account:
        problem = f"the message does not name the account on the other side{_batch(entry, detail)}: {shown}"
    if problem:
        return Entry(part.at, {}, problem)
    own, other = (own_account, own_name), (other_account, other_name)
    payer, payee = (own, other) if way == "DBIT" else (other, own)
    memo = _memo(entry, part)
    return Entry(
        part.at,
        {
            "paid_at": _moment(entry, part),
            "payer_account": payer[0],
            "payee_account": payee[0],
            "amount": amount or "",
            "currency": currency,
            "payment_id": _reference(part, entry, n),
            "payer_name": payer[1],
            "payee_name": payee[1],
            "channel": _channel(part.first("BkTxCd")) or _channel(entry.first("BkTxCd")),
            "memo": f"reversal of an earlier entry; {memo}".rstrip("; ") if is_reversal else memo,
        },
    )


def _number(account: Element | None) -> str:
    """An account's number, by whichever scheme names it."""
    if account is None:
        return ""
    paths = (("IBAN",), ("Othr", "Id"), ("BBAN",), ("PrtryAcct", "Id"), ("UPIC",))
    return next((value for path in paths if (value := account.value("Id", *path))), "")


def _other(part: Element, own: str, *, is_debit: bool) -> tuple[str, str]:
    """Account and name of the other side: the creditor of what the holder paid, else the debtor.

    A party whose account is the holder's own is not the other side, whatever its role.
    """
    parties = part.first("RltdPties") or part
    sides = ("Cdtr", "Dbtr") if is_debit else ("Dbtr", "Cdtr")
    number = _number(parties.first(f"{sides[0]}Acct"))
    name = _named(parties, sides[0])
    if number and number == own:
        turned = _number(parties.first(f"{sides[1]}Acct"))
        return (turned, _named(parties, sides[1])) if turned and turned != own else ("", name)
    return number, name


def _named(parties: Element, role: str) -> str:
    """A party's name; it stands in ``Pty`` since version 8."""
    return parties.value(role, "Pty", "Nm") or parties.value(role, "Nm")


def _amount(entry: Element, part: Element, n: int) -> tuple[str | None, str]:
    """The amount and its currency: the entry's where it is one transfer, else the transfer's own."""
    own = part.first("Amt") or part.first("AmtDtls", "TxAmt", "Amt")
    held = entry.first("Amt") if n == 1 else own
    if held is None or not held.text.strip():
        return None, ""
    return held.text.strip(), held.attributes.get("Ccy", "")


def _batch(entry: Element, detail: Element | None) -> str:
    listed = entry.first("NtryDtls", "Btch") or entry.first("Btch")
    n = listed.value("NbOfTxs") if listed and detail is None else ""
    return f" ({n[:10]} transfers booked as one sum, not itemised)" if n else ""


def _reference(part: Element, entry: Element, n: int) -> str:
    """The transfer's own number; the bank's before the payer's, who may use one for every month's rent."""
    paths = (("Refs", "UETR"), ("Refs", "AcctSvcrRef"), ("Refs", "TxId"))
    given = [part.value(*path) for path in paths]
    given += [entry.value("AcctSvcrRef")] if n == 1 else []
    given += [part.value("Refs", "EndToEndId"), part.value("Refs", "InstrId"), entry.value("NtryRef")]
    return next((value for value in given if value.upper() not in _NO_REFERENCE), "")


def _moment(entry: Element, part: Element) -> str:
    """When the transfer was made, else accepted, else booked, else valued; a day stays a day."""
    dates = part.first("RltdDts") or part
    given = [dates.value("TxDtTm"), dates.value("AccptncDtTm")]
    for name in ("BookgDt", "ValDt"):
        given += [entry.value(name, "DtTm"), entry.value(name, "Dt")]
    found = next((value for value in given if value), "")
    return re.sub(r"^(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)$", r"\1", found)


def _channel(code: Element | None) -> str:
    if code is None:
        return ""
    parts = (code.value("Domn", "Cd"), code.value("Domn", "Fmly", "Cd"), code.value("Domn", "Fmly", "SubFmlyCd"))
    return "-".join(part for part in parts if part) or code.value("Prtry", "Cd")


def _memo(entry: Element, part: Element) -> str:
    """What the payer wrote, else a structured reference, else what the bank wrote."""
    told = [" ".join(each.value() for each in part.every("RmtInf", "Ustrd"))]
    told += [part.value("RmtInf", "Strd", "CdtrRefInf", name) for name in ("Ref", "CdtrRef")]
    told += [part.value("AddtlTxInf"), entry.value("AddtlNtryInf")]
    return next((text for text in told if text), "")
