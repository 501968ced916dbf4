"""Which record kind a sheet holds, and which column is which field: a guess, with everything unsure said aloud.

A header that a field's name, label or synonym matches speaks for the field; the values speak for or against it. The
kind is chosen from all columns together. What the file does not settle becomes a question, not a guess in silence.
"""

from __future__ import annotations

from dataclasses import dataclass

from vialtrace.ingest.likeness import is_small_integers, likeness
from vialtrace.ingest.units import reading_of, unit_questions
from vialtrace.model import RECORDS
from vialtrace.model.mapping import (
    LEDGER_FIELDS,
    Guess,
    Mapping,
    Question,
    Reading,
    Sheet,
    claims_of,
    header_forms,
    normal_header,
)
from vialtrace.model.spec import Table

SURE = 0.6
"""A pair of column and field below this is asked about: a known header with values that do not fit comes to 0.4."""

CLOSE = 0.85
"""A second kind that explains this share of what the first explains is asked about."""

JUDGED = 120
"""Rows of the sample that values are judged by."""

_BY_VALUES_ALONE = 0.35
_DISTINCTIVE = ("time", "document", "waybill_no", "direction", "identifier_type")
"""Kinds of value that a column shows without a header's help."""

_ONE_SIDED = frozenset(("payment", name) for name in LEDGER_FIELDS)

_FILE_WORDS: dict[str, tuple[str, ...]] = {
    "post": ("post", "advert", "帖", "广告", "发布", "网帖"),
    "order": ("order", "订单", "客户登记", "下单", "预约"),
    "waybill": ("waybill", "parcel", "courier", "express", "运单", "快递", "寄递", "物流"),
    "payment": ("payment", "transaction", "transfer", "流水", "交易", "账单", "转账", "支付"),
    "crossing": ("crossing", "border", "出入境", "通关", "过关"),
    "declaration": ("declaration", "报关", "申报", "customs"),
    "permit": ("permit", "许可", "审批", "批件"),
    "seizure": ("seizure", "查获", "扣押", "缉获"),
    "specimen": ("specimen", "tube", "样本", "采血管"),
    "organisation": ("organisation", "company", "企业", "工商", "登记", "机构"),
    "subscriber": ("subscriber", "机主", "开户", "持有人"),
    "contact": ("contact", "call", "通话", "话单", "通联", "聊天"),
}


@dataclass(frozen=True)
class _Fit:
    """How well a sheet fits one kind: field to (column, score), what is missing, and the sum of scores."""

    kind: str
    pairs: dict[str, tuple[str, float]]
    missing: tuple[str, ...]
    score: float

    @property
    def is_complete(self) -> bool:
        return not self.missing


def guess(sheet: Sheet, *, hint: str | None = None) -> Guess:
    """The best mapping of a sheet; ``hint`` is a record kind a person names, which is then not doubted.

    Confidence 0 means that the sheet fits no kind, and ``reason`` says which came nearest and what they lack.
    """
    if sheet.why_not:
        return Guess(Mapping("", sheet.file, sheet.sheet, sheet.headers, confidence=0.0), 0.0, reason=sheet.why_not)
    if sheet.kind and hint in (None, sheet.kind):
        return Guess(_of_message(sheet), 1.0)
    columns = {
        header: (claims_of(header), [row[place] for row in sheet.sample[:JUDGED]])
        for place, header in enumerate(sheet.headers)
    }
    fits = [_fit(sheet, columns, RECORDS[name]) for name in ([hint] if hint else RECORDS)]
    fits.sort(key=lambda fit: (-fit.is_complete, -fit.score, fit.kind))
    best = fits[0]
    if not best.is_complete:
        return Guess(
            Mapping(best.kind, sheet.file, sheet.sheet, sheet.headers, confidence=0.0),
            0.0,
            reason=_why_none(sheet, fits),
        )
    rivals = [fit for fit in fits[1:] if fit.is_complete]
    scores = [score for _, score in best.pairs.values()]
    required = [best.pairs[name][1] for name in _needed(RECORDS[best.kind], best) if name in best.pairs]
    margin = 1.0 if not rivals else min(1.0, 2 * (1 - rivals[0].score / best.score) + 0.5)
    explained = 0.7 + 0.3 * len(best.pairs) / len(sheet.headers)
    confidence = round(min(required) * 0.5 + sum(scores) / len(scores) * 0.5, 3) * margin * explained
    mapping = _mapping(sheet, best, round(confidence, 2))
    asked = _questions(sheet, best, mapping, [] if hint else rivals)
    return Guess(
        mapping,
        mapping.confidence,
        asked,
        tuple((fit.kind, round(fit.score / best.score, 2)) for fit in rivals[:3]),
    )


def _of_message(sheet: Sheet) -> Mapping:
    """The mapping of a standard message, whose columns are named for the fields they hold."""
    readings = tuple(Reading(header, header) for header in sheet.headers)
    return Mapping(sheet.kind, sheet.file, sheet.sheet, sheet.headers, readings)


def _fit(sheet: Sheet, columns: dict[str, tuple[frozenset[tuple[str, str]], list[str]]], form: Table) -> _Fit:
    """The best one-to-one pairing of columns with the fields of one kind, greedily from the surest pair."""
    fields = {
        column.name: column.kind_name for column in form.columns if not column.key and column.name != "is_day_only"
    }
    fields |= dict.fromkeys(LEDGER_FIELDS, "account") if form.name == "payment" else {}
    fields |= {"own_name": "name", "other_name": "name", "flow": "text"} if form.name == "payment" else {}
    has_flow = any(("payment", "flow") in claims for claims, _ in columns.values())
    candidates = []
    for place, (header, (claims, values)) in enumerate(columns.items()):
        for order, (field, kind_name) in enumerate(fields.items()):
            # Beside a flow column, 交易卡号 is the account of the statement, not the payer's.
            is_two_sided = field.startswith(("payer_", "payee_"))
            if has_flow and is_two_sided and claims & _ONE_SIDED:
                continue
            if (form.name, field) in claims:
                score = _header_weight(header, form, field) * (0.4 + 0.6 * likeness(kind_name, values))
            elif kind_name in _DISTINCTIVE and not claims and any(values) and likeness(kind_name, values) >= 0.95:
                score = _BY_VALUES_ALONE
            else:
                continue
            candidates.append((-score, place, order, header, field))
    pairs: dict[str, tuple[str, float]] = {}
    taken: set[str] = set()
    for negative, _, _, header, field in sorted(candidates):
        wants = any(column.required for column in form.columns if column.name == field)
        if field in pairs or header in taken or (-negative == _BY_VALUES_ALONE and not wants):
            continue
        pairs[field] = (header, -negative)
        taken.add(header)
    in_name = any(word in sheet.file.lower() for word in _FILE_WORDS[form.name])
    score = sum(score for _, score in pairs.values()) + 0.5 * in_name
    found = _Fit(form.name, pairs, (), score)
    missing = tuple(
        name for name in _needed(form, found) if name not in pairs and name not in _constants_of(sheet, form.name)
    )
    return _Fit(form.name, pairs, missing, score)


def _header_weight(header: str, form: Table, field: str) -> float:
    """How plainly a header names a field: its own name or label most, a synonym or a part of the header less."""
    whole = normal_header(header)
    if field in LEDGER_FIELDS and field not in form.names:
        return 0.95 if header_forms(header)[0] == whole else 0.85
    column = form.column(field)
    if whole in {normal_header(name) for name in (field, *column.label)}:
        return 1.0
    if whole in {normal_header(name) for name in column.synonyms}:
        return 0.95
    return 0.85


def _needed(form: Table, fit: _Fit) -> tuple[str, ...]:
    """The fields a kind cannot do without; a one-sided statement needs the other account and the flow instead."""
    needed = [column.name for column in form.columns if column.required]
    if form.one_of:
        needed.append(next((name for name in form.one_of if name in fit.pairs), form.one_of[0]))
    if form.name == "payment" and "flow" in fit.pairs and "other_account" in fit.pairs:
        replaced = ("payer_account", "payee_account")
        needed = [name for name in needed if name not in replaced] + ["own_account", "other_account", "flow"]
    return tuple(needed)


def _constants_of(sheet: Sheet, kind: str) -> dict[str, str]:
    """Fields that no column holds but the file's name gives away."""
    if kind != "post":
        return {}
    from vialtrace.ingest.clean.words import PLATFORMS  # noqa: PLC0415  only posts need it

    name = sheet.file.lower()
    found = [key for key, words in PLATFORMS.items() if any(len(word) > 2 and word in name for word in words)]
    return {"platform": found[0]} if len(found) == 1 else {}


def _mapping(sheet: Sheet, fit: _Fit, confidence: float) -> Mapping:
    form = RECORDS[fit.kind]
    order = [*form.names, *LEDGER_FIELDS]
    readings: list[Reading] = []
    constants: dict[str, str] = {}
    for field in sorted(fit.pairs, key=order.index):
        header, score = fit.pairs[field]
        values = [row[sheet.headers.index(header)] for row in sheet.sample]
        reading, told = reading_of(Reading(field, header, confidence=round(score, 2)), values)
        readings.append(reading)
        constants |= {name: value for name, value in told.items() if name in form.names and name not in fit.pairs}
    constants |= {name: value for name, value in _constants_of(sheet, fit.kind).items() if name not in fit.pairs}
    return Mapping(
        fit.kind,
        sheet.file,
        sheet.sheet,
        sheet.headers,
        tuple(readings),
        tuple(sorted(constants.items())),
        confidence=confidence,
    )


def _questions(sheet: Sheet, fit: _Fit, mapping: Mapping, rivals: list[_Fit]) -> tuple[Question, ...]:
    """Everything about the guess that the file does not settle."""
    asked = []
    if rivals and rivals[0].score >= CLOSE * fit.score:
        kinds = (fit.kind, *(rival.kind for rival in rivals if rival.score >= CLOSE * fit.score))
        asked.append(Question("kind", kinds, "several record kinds explain the columns about as well"))
    form = RECORDS[fit.kind]
    for field, (header, score) in fit.pairs.items():
        others = [each for each in sheet.headers if (fit.kind, field) in claims_of(each) and each != header]
        free = [each for each in others if each not in {pair[0] for pair in fit.pairs.values()}]
        values = [row[sheet.headers.index(header)] for row in sheet.sample]
        if field in form.names and form.column(field).kind_name in ("time", "date") and is_small_integers(values):
            continue  # Asked below as a question of its form.
        if score < SURE:
            asked.append(
                Question(field, (header, *free), f"the header {header!r} or its values do not fit {field} well")
            )
        elif free and field in form.names and form.column(field).required:
            asked.append(Question(field, (header, *free), "several columns could be this field"))
    imports = [header for header in sheet.headers if "import" in header.lower() or "进口" in header]
    if fit.kind == "declaration" and imports:
        asked.append(
            Question(
                "kind",
                ("declaration",),
                f"columns like {imports[0]!r} speak of imports: are these export declarations?",
            )
        )
    if "platform" in dict(mapping.constants):
        asked.append(
            Question("platform", (dict(mapping.constants)["platform"],), "the platform was taken from the file's name")
        )
    return (*asked, *unit_questions(sheet, mapping))


def _why_none(sheet: Sheet, fits: list[_Fit]) -> str:
    """Which kinds came nearest, and the required fields each of them lacks."""
    nearest = sorted(fits, key=lambda fit: (-fit.score, fit.kind))[:3]
    if nearest[0].score < 0.5:
        shown = ", ".join(sheet.headers[:12])
        return f"No record kind fits: none of the headers ({shown}) is known, and a mapping has to say what they are."
    parts = [
        f"{fit.kind} (found {', '.join(fit.pairs) or 'nothing'}; lacks {', '.join(fit.missing)})"
        for fit in nearest
        if fit.score > 0.5
    ]
    return "No record kind fits. Nearest: " + "; ".join(parts) + "."
