"""What a file looks like and how its columns become fields: plain values that `sources` and `ingest` both read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from vialtrace.model.records import RECORDS

DATE_ORDERS = ("ymd", "dmy", "mdy")
TIME_FORMS = ("auto", "day_number", "excel_serial", "epoch_s", "epoch_ms")

LEDGER_FIELDS: dict[str, str] = {
    "own_account": "The account the statement belongs to.",
    "own_name": "The name of its holder.",
    "other_account": "The account on the other side.",
    "other_name": "The name on the other side.",
    "flow": "Whether money came in or went out (进/出, 贷/借, 收入/支出, in/out).",
}
"""Fields of a one-sided statement of payments; with them payer and payee are worked out row by row."""

LEDGER_HEADERS: dict[str, tuple[str, ...]] = {
    "own_account": (
        "交易卡号",
        "交易账号",
        "本方账号",
        "本方账户",
        "用户ID",
        "用户银行卡号",
        "own_account",
        "account_no",
        "查询账号",
    ),
    "own_name": (
        "账户开户名称",
        "交易户名",
        "交易方户名",
        "本方户名",
        "本方姓名",
        "用户侧账号名称",
        "own_name",
        "account_name",
    ),
    "other_account": (
        "交易对手账卡号",
        "交易对手账号",
        "对手账号",
        "对方账号",
        "对方账户",
        "对方卡号",
        "对手方ID",
        "对手方银行卡号",
        "counterparty_account",
        "other_account",
    ),
    "other_name": (
        "对手户名",
        "对方户名",
        "对方姓名",
        "对手侧账户名称",
        "交易对方",
        "对手名称",
        "counterparty",
        "counterparty_name",
        "other_name",
    ),
    "flow": (
        "收付标志",
        "借贷标志",
        "借贷类型",
        "收/支",
        "收支",
        "进出标志",
        "借贷方向",
        "资金流向",
        "dc_flag",
        "debit_credit",
        "in_out",
        "flow",
    ),
}


@dataclass(frozen=True)
class Sheet:
    """One readable table in a file: where its header stands, its headers (made unique), and its first rows as text.

    ``sheet`` names it in its file, ``page`` the sheet of a workbook it stands on: one page may hold several tables, each
    from ``first_row`` to ``last_row`` (None for the end) and from ``first_column``, as a spreadsheet counts rows.
    ``titles`` are the rows above the header that say something. ``labels`` are what those rows say in the form of a
    label with its value (``户名: 张三``); each is a column of its own at the end of ``headers``, with one value in every
    row.
    """

    file: str
    sheet: str
    format: str
    encoding: str
    delimiter: str
    header_row: int
    n_rows: int | None
    headers: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    page: str = ""
    first_row: int = 1
    last_row: int | None = None
    first_column: int = 0
    titles: tuple[tuple[int, str], ...] = ()
    labels: tuple[tuple[str, str], ...] = ()

    @property
    def n_columns(self) -> int:
        """How many columns the table itself has, its labels left out."""
        return len(self.headers) - len(self.labels)

    @property
    def n_header_rows(self) -> int:
        """The header and every row above it that belongs to the table."""
        return max(0, self.header_row - self.first_row + 1)


@dataclass(frozen=True)
class Reading:
    """How one field is read: the ``column`` header, and what the column does not say by itself.

    ``scale`` multiplies numbers (``0.01`` for fen, ``1000`` for kilograms of a field in grams); ``order`` is the order
    of day, month and year in numeric dates; ``form`` how a time is written, with ``origin`` as day 0 of a day number.
    """

    field: str
    column: str
    scale: str = ""
    order: str = ""
    form: str = ""
    origin: str = ""
    confidence: float = 1.0


@dataclass(frozen=True)
class Mapping:
    """Which record kind a sheet holds, and which column is which field; ``constants`` are fields with one value.

    ``headers`` are all headers of the sheet in order, so that a header names a position. ``country`` is the ISO code
    that a phone without a country code belongs to.
    """

    kind: str
    file: str
    sheet: str = ""
    headers: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    constants: tuple[tuple[str, str], ...] = ()
    country: str = "CN"
    confirmed: bool = False
    confidence: float = 1.0

    def reading(self, field: str) -> Reading | None:
        """How ``field`` is read, or None where no column holds it."""
        return next((each for each in self.readings if each.field == field), None)

    def position(self, column: str) -> int:
        """Where the column with this header stands, from 0."""
        return self.headers.index(column)

    @property
    def is_ledger(self) -> bool:
        """Whether this is a one-sided statement, where a flow column tells payer from payee."""
        return any(each.field == "flow" for each in self.readings)


@dataclass(frozen=True)
class Question:
    """Something about a mapping that only a person can settle."""

    what: str
    candidates: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Guess:
    """The best mapping found for a sheet; ``confidence`` 0 means that it fits no kind, and ``reason`` says why."""

    mapping: Mapping
    confidence: float
    unsure: tuple[Question, ...] = ()
    alternatives: tuple[tuple[str, float], ...] = ()
    reason: str = ""


def normal_header(text: str) -> str:
    """A header without case, blanks, underscores, punctuation and full-width forms: how synonyms are compared."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", "", folded)


def header_forms(text: str) -> tuple[str, ...]:
    """The normal forms a header may be known by: whole, without its bracket, the bracket, each half of a slash."""
    folded = (
        unicodedata.normalize("NFKC", text).replace("【", "(").replace("】", ")").replace("[", "(").replace("]", ")")
    )
    parts = [folded, re.sub(r"\([^)]*\)", "", folded), *re.findall(r"\(([^)]*)\)", folded)]
    han, latin = re.sub(r"[A-Za-z]+", " ", folded), re.sub(r"[^\x00-\x7f]+", " ", folded)
    if han.strip() and latin.strip():
        parts += [han, re.sub(r"\([^)]*\)", "", latin) or latin, latin]
    parts += re.split(r"[/|\n]", folded)
    forms = (normal_header(part) for part in parts)
    return tuple(dict.fromkeys(form for form in forms if form))


@cache
def known_headers() -> dict[str, frozenset[tuple[str, str]]]:
    """Every normal header to the (kind, field) pairs that claim it, by name, label or synonym."""
    claims: dict[str, set[tuple[str, str]]] = {}
    for kind, table in RECORDS.items():
        for column in table.columns:
            if column.key or column.name == "is_day_only":
                continue
            for name in (column.name, *column.label, *column.synonyms):
                claims.setdefault(normal_header(name), set()).add((kind, column.name))
    for field, names in LEDGER_HEADERS.items():
        for name in names:
            claims.setdefault(normal_header(name), set()).add(("payment", field))
    return {header: frozenset(pairs) for header, pairs in claims.items()}


def claims_of(header: str) -> frozenset[tuple[str, str]]:
    """The (kind, field) pairs that claim a header; its whole form counts before its parts."""
    known = known_headers()
    for form in header_forms(header):
        if form in known:
            return known[form]
    return frozenset()
