"""What a file looks like and how its columns become fields: plain values that `sources` and `ingest` both read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from vialtrace.kit.names import simplifying
from vialtrace.model.headers import moment, put_together
from vialtrace.model.records import RECORDS

DATE_ORDERS = ("ymd", "dmy", "mdy")
NO_YEAR = "no_year"
"""The form of days without a year; its origin is the first day that the list can hold."""

TIME_FORMS = ("auto", "day_number", "excel_serial", "epoch_s", "epoch_ms", NO_YEAR)
UNSIGNED, BY_SIGN = "unsigned", "sign"
"""Forms of an amount whose sign says nothing new, and of a flow that the sign of its column tells."""

PERSONS, FIRMS = "persons", "firms"
"""Forms of a column that holds documents of persons and registration numbers of firms: which of them are read."""

NAME_PART, PHONE_PART, ADDRESS_PART = "name_part", "phone_part", "address_part"
"""Forms of a column whose cells hold a person's name and telephone (and address) together: which of them is read."""

WHOLE_PERSON = (NAME_PART, PHONE_PART, ADDRESS_PART)
SPLIT = (PERSONS, FIRMS, *WHOLE_PERSON)
"""Forms under which a column is read as more than one field."""

_HEADERS_KEPT = 4096
"""Headers whose forms are remembered: files of one folder have the same ones, and layouts are asked for each row."""

LEDGER_FIELDS: dict[str, str] = {
    "own_account": "The account the statement belongs to.",
    "own_name": "The name of its holder.",
    "other_account": "The account on the other side; where it is empty, the own account, ~ and the name there.",
    "other_name": "The name on the other side.",
    "flow": "Whether money came in or went out (进/出, 贷/借, 收入/支出, in/out).",
    "amount_in": "The amount that came in, where in and out have a column each.",
    "amount_out": "The amount that went out.",
}
"""Fields of a one-sided statement of payments; with them payer and payee are worked out row by row."""

JOURNEY_FIELDS: dict[str, str] = {
    "left_country": "The country that was left.",
    "left_port": "The place that was left.",
    "left_at": "When it was left, in its local time.",
    "reached_country": "The country that was reached.",
    "reached_port": "The place that was reached.",
    "reached_at": "When it was reached, in its local time.",
}
"""Fields of a journey from one country to another; direction, time and port of the crossing are worked out from them."""

CALL_FIELDS: dict[str, str] = {
    "own_identifier": "The number the list is about.",
    "other_identifier": "The number on the other side.",
    "flow": "Whether it was dialled or received (主叫/被叫).",
}
"""Fields of a one-sided list of calls; with them caller and called are worked out row by row."""

SIDED: dict[str, dict[str, str]] = {"payment": LEDGER_FIELDS, "contact": CALL_FIELDS}
"""The fields of a one-sided list, for each kind that comes as one."""

LEDGER_HEADERS: dict[str, tuple[str, ...]] = {
    "own_account": (
        "交易卡号",
        "交易账号",
        "本方账号",
        "本方账户",
        "本方卡号",
        "用户ID",
        "用户银行卡号",
        "own_account",
        "account_no",
        "account_number",
        "查询账号",
        "查询卡号",
        "卡号",
        "账号",
        "账户",
        "客户账号",
        "我方账号",
        "银行卡号",
        "card_no",
        "account",
        "iban",
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
        "户名",
        "账户名称",
        "客户名称",
        "客户姓名",
        "开户名",
        "account_holder",
        "我方户名",
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
        "对方帐号",
        "对手卡号",
        "交易对手卡号",
        "对方账卡号",
        "对手账户",
        "counterparty_iban",
        "对手账卡号",
        "counterparty_ac",
        "counterparty_ac_no",
        "counterparty_account_no",
        "counterparty_account_number",
        "counterparty_card",
        "other_account_no",
        "对方账户号",
        "对方银行账号",
        "对方卡号/账号",
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
        "对方名称",
        "交易对手",
        "交易对手名称",
        "交易对手户名",
        "对手姓名",
        "对方账户名称",
        "payee_payer",
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
        "借贷",
        "收支类型",
        "收/支/其他",
        "借/贷",
        "收付",
        "进出",
        "交易方向",
        "借贷标识",
        "收付方向",
        "dr_cr",
        "direction",
        "收支标志",
    ),
    "amount_in": (
        "贷方发生额",
        "贷方金额",
        "收入金额",
        "存入金额",
        "收入",
        "存入",
        "贷方",
        "credit",
        "credit_amount",
        "deposit",
        "deposits",
        "转入金额",
        "贷方发生额（收入）",
        "money_in",
        "paid_in",
        "收方金额",
    ),
    "amount_out": (
        "借方发生额",
        "借方金额",
        "支出金额",
        "支取金额",
        "支出",
        "支取",
        "借方",
        "debit",
        "debit_amount",
        "withdrawal",
        "withdrawals",
        "转出金额",
        "借方发生额（支取）",
        "money_out",
        "paid_out",
        "付方金额",
    ),
}
CALL_HEADERS: dict[str, tuple[str, ...]] = {
    "own_identifier": (
        "本机号码",
        "机主号码",
        "用户号码",
        "查询号码",
        "own_number",
        "subscriber_number",
        "本方号码",
        "计费号码",
        "服务号码",
        "手机号码",
    ),
    "other_identifier": (
        "对方号码",
        "对端号码",
        "对方电话",
        "other_number",
        "other_party",
        "对方手机号",
        "通话对方",
        "对方手机号码",
    ),
    "flow": (
        "呼叫类型",
        "主被叫",
        "通话类型",
        "call_type",
        "call_direction",
        "通信类型",
        "状态类型",
        "呼叫方式",
        "主叫/被叫",
        "话单类型",
    ),
}
SIDED_HEADERS: dict[str, dict[str, tuple[str, ...]]] = {"payment": LEDGER_HEADERS, "contact": CALL_HEADERS}
"""Headers of one-sided lists seen in real files."""

BALANCE_HEADERS = (
    "交易余额",
    "余额",
    "账户余额",
    "balance",
    "交易后余额",
    "账户余额(分)",
    "余额(元)",
    "running_balance",
    "本次余额",
    "closing_balance",
    "available_balance",
    "balance_after",
    "结余",
    "账面余额",
    "联机余额",
    "当前余额",
)
"""Headers of the balance after each payment: no field holds it, but it proves which way money went."""


@dataclass(frozen=True)
class Sheet:
    """One readable table in a file: where its header stands, its headers (made unique), and its first rows as text.

    ``sheet`` names it in its file, ``page`` the sheet of a workbook it stands on: one page may hold several tables, each
    from ``first_row`` to ``last_row`` (None for the end), as a spreadsheet counts rows, and from ``first_column``, with
    ``n_beside`` columns of other tables to its right.
    ``titles`` are the rows above the header that say something. ``labels`` are what those rows say in the form of a
    label with its value (``户名: 张三``); each is a column of its own at the end of ``headers``, with one value in every
    row.

    A standard message says itself what it holds: ``kind`` is its record kind, with fields as headers, or ``why_not``
    says why it is none. A table whose rows tell whole trips is two of these, which differ in ``way`` (exit, entry).
    ``quote`` is what stands around the cells of a text that may hold its delimiter.
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
    n_beside: int = 0
    titles: tuple[tuple[int, str], ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    kind: str = ""
    why_not: str = ""
    way: str = ""
    quote: str = '"'

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
    of day, month and year in numeric dates; ``form`` how a time is written, with ``origin`` as day 0 of a day number,
    or as the first day of a list whose days have no year (or ``unsigned`` for an amount, ``sign`` for a flow told by an
    amount's sign, ``name_part`` and the like for one part of what a cell holds). Columns in ``otherwise`` are looked at where ``column`` is empty; those in ``then`` are written behind
    it with a blank between (a day and its time). ``words`` says what a word in the column stands for.
    """

    field: str
    column: str
    scale: str = ""
    order: str = ""
    form: str = ""
    origin: str = ""
    confidence: float = 1.0
    otherwise: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    words: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column it reads."""
        return (self.column, *self.otherwise, *self.then)


@dataclass(frozen=True)
class Exclusion:
    """Rows that are no record of the kind, told by a word in one column; they are set aside and counted by reason.

    A word that ends in ``*`` is a beginning; the empty word is an empty cell. With ``to_end`` the first such row ends the
    table: it and all rows below are set aside.
    """

    column: str
    words: tuple[str, ...]
    reason: str
    to_end: bool = False


@dataclass(frozen=True)
class Repair:
    """One cell that a person put right: what is read in its place; the file itself stays as it was received.

    ``row`` is the row's number in its file, ``column`` a header, ``text`` what is read (empty for nothing), ``was`` what
    stands in the file.
    """

    row: int
    column: str
    text: str
    was: str = ""


@dataclass(frozen=True)
class Mapping:
    """Which record kind a sheet holds, and which column is which field; ``constants`` are fields with one value.

    ``headers`` are all headers of the sheet in order, so that a header names a position. ``country`` is the ISO code
    that a phone without a country code belongs to. Rows that an exclusion tells are set aside. ``profile`` names the
    known form of file that the mapping came from.
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
    exclusions: tuple[Exclusion, ...] = ()
    profile: str = ""
    repairs: tuple[Repair, ...] = ()

    def reading(self, field: str) -> Reading | None:
        """How ``field`` is read, or None where no column holds it."""
        return next((each for each in self.readings if each.field == field), None)

    def position(self, column: str) -> int:
        """Where the column with this header stands, from 0."""
        return self.headers.index(column)

    @property
    def is_sided(self) -> bool:
        """Whether this is a one-sided list, where a flow tells payer from payee, or caller from called."""
        names = {each.field for each in self.readings}
        return self.kind in SIDED and ("flow" in names or bool(names & {"amount_in", "amount_out"}))

    @property
    def is_journey(self) -> bool:
        """Whether rows tell where a journey went, and the case's jurisdiction tells exit from entry."""
        return {"left_country", "reached_country"} <= {each.field for each in self.readings}


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
    """A header without case, blanks, punctuation, full-width and traditional forms: how synonyms are compared."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if not folded.isascii():
        folded = folded.translate(simplifying())
    return re.sub(r"[\W_]+", "", folded)


@lru_cache(_HEADERS_KEPT)
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
    parts += _nested(folded)
    forms = (normal_header(part) for part in parts)
    return tuple(dict.fromkeys(form for form in forms if form))


_WHO = frozenset({"id", "uid", "nick", "nickname", "name", "screenname", "handle"})


def _nested(header: str) -> list[str]:
    """Of a name with dots, as nested JSON gives it, the last part; before it whoever it identifies (``user.id``)."""
    if not re.fullmatch(r"\w{2,}(\.\w{2,})+", header):
        return []
    *_, above, last = header.split(".")
    return [above, last] if normal_header(last) in _WHO else [last]


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
    for kind, sided in SIDED_HEADERS.items():
        for field, names in sided.items():
            for name in names:
                claims.setdefault(normal_header(name), set()).add((kind, field))
    return {header: frozenset(pairs) for header, pairs in claims.items()}


@lru_cache(_HEADERS_KEPT)
def claims_of(header: str) -> frozenset[tuple[str, str]]:
    """The (kind, field) pairs that claim a header, by its name or by what happened at the time it names."""
    return named_by(header) | _moments().get(moment(header), frozenset())


def named_by(header: str) -> frozenset[tuple[str, str]]:
    """The (kind, field) pairs a text is a name of: its whole form before its parts, and what it is put together from."""
    known = known_headers()
    listed = next((known[form] for form in header_forms(header) if form in known), frozenset())
    return listed | put_together(header)


@cache
def _moments() -> dict[str, frozenset[tuple[str, str]]]:
    """What happened, as headers of times say it, to the (kind, field) pairs that hold when."""
    claims: dict[str, set[tuple[str, str]]] = {}
    for kind, table in RECORDS.items():
        for column in table.columns:
            if column.kind_name in ("time", "date"):
                for name in (column.name, *column.synonyms):
                    if what := moment(name):
                        claims.setdefault(what, set()).add((kind, column.name))
    return {what: frozenset(pairs) for what, pairs in claims.items()}
