"""Which way a code of a one-sided list goes: what a bank's own balance proves, and what only a person knows."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from vialtrace.ingest.directions import legend
from vialtrace.ingest.sides import FLOWS
from vialtrace.model.mapping import (
    BALANCE_HEADERS,
    BY_SIGN,
    UNSIGNED,
    Mapping,
    Question,
    Reading,
    Sheet,
    header_forms,
    normal_header,
)

BANKS_DIFFER = frozenset({"借", "贷", "借方", "贷方", "o", "d", "c", "dr", "cr", "debit", "credit", "i", ""})
"""Codes that one bank reads from its own side and another from its customer's, and the cell left blank."""

AGREED, MIN_ROWS = 0.8, 2
"""A balance proves a code where this share of the rows that it can speak to, and at least so many, agree."""

_OTHER_WAY = {"in": "out", "out": "in", "entry": "exit", "exit": "entry"}
BLANK = "(blank)"
"""How a rule names the cell left blank."""


def with_flow(sheet: Sheet, mapping: Mapping) -> tuple[Mapping, tuple[Question, ...]]:
    """The mapping with a rule for every code of its flow that can be told, and a question where a person must say.

    The rule for a code that banks use differently is what the balance does after it, where the file has a balance;
    else the reading of most banks: 借 and D went out, 贷 and C came in.
    """
    mapping = _unsigned(sheet, mapping)
    reading = mapping.reading("flow")
    if not mapping.is_sided or reading is None or reading.form == BY_SIGN:
        return mapping, ()
    place, known = mapping.position(reading.column), {word.lower() for word, _ in reading.words}
    codes = Counter(_plain(row[place]) for row in sheet.sample if any(cell.strip() for cell in row[: sheet.n_columns]))
    aside = {word.lower() for rule in mapping.exclusions if rule.column == reading.column for word in rule.words}
    usual = {word: way for way, words in FLOWS[mapping.kind].items() for word in words}
    votes = _balance_votes(sheet, mapping, place) if mapping.kind == "payment" else {}
    proven = _won(votes)
    reading = _by_legend(sheet, mapping.kind, reading, [code for code in codes if code not in known])
    mapping = replace(mapping, readings=tuple(reading if each.field == "flow" else each for each in mapping.readings))
    known = {word.lower() for word, _ in reading.words}
    doubted = [
        code
        for code, _ in codes.most_common()
        if code not in aside
        and code not in known
        and (code in BANKS_DIFFER or code not in usual or proven.get(code, usual[code]) != usual[code])
        and (code or codes[""] < sum(codes.values()))
    ]
    # A blank among totals and notes is no code: without a row of its own that the balance speaks to, nobody is asked.
    doubted = [code for code in doubted if code or _is_a_payment(sheet, mapping, place)]
    if not doubted:
        return mapping, ()
    rule = {code: way for code in doubted if (way := proven.get(code) or usual.get(code))}
    said = "; ".join(_said(code, votes.get(code, Counter()), rule) for code in doubted)
    why = f"banks differ in what these codes mean: {said}"
    told = replace(reading, words=(*reading.words, *rule.items()))
    mapping = replace(mapping, readings=tuple(told if each is reading else each for each in mapping.readings))
    swapped = {code: _OTHER_WAY[way] for code, way in rule.items()}
    every = [rule, swapped] if rule else [dict.fromkeys(doubted, "in"), dict.fromkeys(doubted, "out")]
    return mapping, (Question("flow", tuple(candidate_of(each) for each in every), why),)


def _by_legend(sheet: Sheet, kind: str, reading: Reading, codes: list[str]) -> Reading:
    """A flow read by what the file's own legend says of its codes; words that banks use differently say nothing."""
    plain = {way: [word for word in words if word not in BANKS_DIFFER] for way, words in FLOWS[kind].items()}
    listed = {word for words in FLOWS[kind].values() for word in words}
    told = legend(sheet, [code for code in codes if code and code not in listed], plain)
    return replace(reading, words=(*reading.words, *told.items())) if told else reading


def are_sided_amounts(values: Sequence[str]) -> bool:
    """Whether amounts say behind them which way they went: ``1,200.00 Cr``, ``3,000.00 Dr``."""
    filled = [value for value in values if re.search(r"\d", value)]
    return bool(filled) and all(re.search(r"(?i)\d\s*[cd]r\.?\s*$", value) for value in filled)


def candidate_of(rule: dict[str, str]) -> str:
    """A rule as an answer to choose: ``words: 借=out, 贷=in``."""
    return "words: " + ", ".join(f"{code or BLANK}={way}" for code, way in rule.items())


def rule_of(candidate: str) -> tuple[tuple[str, str], ...]:
    """The rule that an answer chooses, as a reading's words."""
    parts = unicodedata.normalize("NFKC", candidate.removeprefix("words: ")).split(",")
    pairs = (part.strip().rpartition("=") for part in parts)
    return tuple(
        ("" if code.strip() == BLANK else code.strip().lower(), way.strip())
        for code, _, way in pairs
        if way.strip() in _OTHER_WAY
    )


def reconfirmed(sheet: Sheet, mapping: Mapping) -> tuple[Question, ...]:
    """What to ask where a mapping confirmed for one file is used for the next: whether its bank means the same.

    The reply of every bank has the same columns, and one bank's 借 is another's 贷. The rule stands without a question
    where the balance of this file proves it.
    """
    reading = mapping.reading("flow")
    saved = {word: way for word, way in reading.words if word.lower() in BANKS_DIFFER} if reading else {}
    if reading is None or not saved:
        return ()
    bare = replace(reading, words=tuple(each for each in reading.words if each[0] not in saved))
    _, asked = with_flow(
        sheet, replace(mapping, readings=tuple(bare if each is reading else each for each in mapping.readings))
    )
    if not asked:
        return ()
    kept = {code: saved.get(code, way) for code, way in rule_of(asked[0].candidates[0])}
    proven = _proven(sheet, mapping)
    if all(proven.get(code) == way for code, way in kept.items()):
        return ()
    offered = dict.fromkeys([candidate_of(kept), *asked[0].candidates])
    why = f"the rule for these codes was confirmed for {mapping.file}; is this the same bank? {asked[0].why}"
    return (Question("flow", tuple(offered), why),)


def _proven(sheet: Sheet, mapping: Mapping) -> dict[str, str]:
    """Code to the way that the balance of a statement proves."""
    reading = mapping.reading("flow")
    if reading is None or mapping.kind != "payment":
        return {}
    return _won(_balance_votes(sheet, mapping, mapping.position(reading.column)))


def _won(votes: dict[str, Counter[str]]) -> dict[str, str]:
    return {code: way for code, counted in votes.items() if (way := _winner(counted))}


def _said(code: str, counted: Counter[str], rule: dict[str, str]) -> str:
    shown, way = code or "a blank cell", rule.get(code)
    if way is None:
        return f"nothing tells what {shown} means, and its rows stay in quarantine until a person says"
    total = sum(counted.values())
    if _winner(counted):
        return f"{shown} is taken as {way}, as the balance moves so in {counted[way]} of {total} rows"
    return f"{shown} is taken as {way}, as most banks use it; no balance proves it"


def _winner(counted: Counter[str]) -> str | None:
    total = sum(counted.values())
    way, most = counted.most_common(1)[0] if counted else ("", 0)
    return way if total >= MIN_ROWS and most >= AGREED * total else None


def _balance_votes(sheet: Sheet, mapping: Mapping, place: int) -> dict[str, Counter[str]]:
    """Code to how often the balance rose (``in``) or fell (``out``) by the row's amount, in the file's better order."""
    balance = next((header for header in sheet.headers if _is_balance(header)), None)
    amount, own, paid = (mapping.reading(field) for field in ("amount", "own_account", "paid_at"))
    if balance is None or amount is None:
        return {}
    rows = [
        (
            _plain(row[place]),
            row[mapping.position(own.column)].strip() if own else "",
            _number(row[mapping.position(amount.column)]),
            _number(row[mapping.position(balance)]),
        )
        for row in sheet.sample
    ]
    times = [row[mapping.position(paid.column)].strip() for row in sheet.sample] if paid else []
    if times and times[0] != times[-1]:
        # Times of one column are written alike: the text that is greater is later, or the file proves it by itself.
        rows = rows if times[0] < times[-1] else rows[::-1]
        return _moves(rows)
    return max(_moves(rows), _moves(rows[::-1]), key=lambda votes: sum(counted.total() for counted in votes.values()))


def _moves(rows: Sequence[tuple[str, str, Decimal | None, Decimal | None]]) -> dict[str, Counter[str]]:
    votes: dict[str, Counter[str]] = {}
    for (_, before_own, _, before), (code, own, amount, after) in pairwise(rows):
        if own != before_own or before is None or after is None or not amount:
            continue
        change = after - before
        if abs(change) == abs(amount):
            votes.setdefault(code, Counter())["in" if change > 0 else "out"] += 1
    return votes


def _unsigned(sheet: Sheet, mapping: Mapping) -> Mapping:
    """The same mapping with its amounts read without their sign, where the sign only repeats the flow.

    Where the minus marks but a few of the rows that went out, it marks what was taken back, and stays.
    """
    amount, flow = mapping.reading("amount"), mapping.reading("flow")
    if not mapping.is_sided or amount is None or (flow is None or amount.form):
        return mapping
    place, code = mapping.position(amount.column), mapping.position(flow.column)
    signed = [(row[place].strip().startswith(("-", "−", "(")), row[code]) for row in sheet.sample if row[place].strip()]
    minus = [text for is_minus, text in signed if is_minus]
    alike = [is_minus for is_minus, text in signed if text in set(minus)]
    is_repeated = flow.form == BY_SIGN or (bool(minus) and sum(alike) >= AGREED * len(alike))
    if not is_repeated:
        return mapping
    told = replace(amount, form=UNSIGNED)
    return replace(mapping, readings=tuple(told if each is amount else each for each in mapping.readings))


def _is_a_payment(sheet: Sheet, mapping: Mapping, place: int) -> bool:
    """Whether a row with a blank code has a time and an amount like any payment."""
    needed = [
        mapping.position(each.column)
        for each in mapping.readings
        if each.field in ("paid_at", "amount", "contacted_at")
    ]
    return any(not row[place].strip() and all(row[each].strip() for each in needed) for row in sheet.sample)


def _is_balance(header: str) -> bool:
    return any(form in {normal_header(name) for name in BALANCE_HEADERS} for form in header_forms(header)[:2])


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().strip("'`").lower()


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(re.sub(r"[¥￥,\s'`]", "", unicodedata.normalize("NFKC", text)))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
