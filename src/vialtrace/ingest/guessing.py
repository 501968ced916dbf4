"""Which record kind a sheet holds, and which column is which field: a guess, with everything unsure said aloud.

A header that a field's name, label or synonym matches speaks for the field; the values speak for or against it. The
kind is chosen from all columns together. What the file does not settle becomes a question, not a guess in silence.

Longer than a file should be: the fit, the choice between fits and the questions about one read each other's parts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from vialtrace.ingest.asides import records_of
from vialtrace.ingest.contact_parts import with_parts
from vialtrace.ingest.dating import with_years
from vialtrace.ingest.directions import with_direction
from vialtrace.ingest.flows import are_sided_amounts, with_flow
from vialtrace.ingest.likeness import (
    are_parcels,
    is_clocks,
    is_days,
    is_small_integers,
    likeness,
    likeness_under_header,
)
from vialtrace.ingest.names_apart import WHOSE, apart
from vialtrace.ingest.profiles import doubts, recognised
from vialtrace.ingest.recording import BORN, FIRM_CODE
from vialtrace.ingest.standing_in import stand_in
from vialtrace.ingest.trips import in_the_file, of_one_way
from vialtrace.ingest.two_ends import of_ends, with_ends
from vialtrace.ingest.units import reading_of, unit_questions, with_title_unit
from vialtrace.model import RECORDS
from vialtrace.model.mapping import (
    BY_SIGN,
    FIRMS,
    PERSONS,
    SIDED,
    Exclusion,
    Guess,
    Mapping,
    Question,
    Reading,
    Sheet,
    claims_of,
    header_forms,
    named_by,
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
NONE_FITS = "No record kind fits. "
"""How the reason begins that a sheet stays out."""

_NAMED_APART = 0.85
_LEAST_NAMED = 4
"""Columns whose headers are known, below which none is taken for what is left over."""

_TELLING = ("time", "date", "document", "waybill_no", "direction", "identifier_type", "name", "money", "permit_no")
"""Kinds of value that a column shows well enough to be the one required field that is left over."""

_DISTINCTIVE = ("time", "document", "waybill_no", "direction", "identifier_type")
"""Kinds of value that a column shows without a header's help."""

_ONE_SIDED = frozenset((kind, name) for kind, fields in SIDED.items() for name in fields)
_SIDED_KINDS = {
    "own_account": "account",
    "own_name": "name",
    "other_account": "account",
    "other_name": "name",
    "own_identifier": "identifier",
    "other_identifier": "identifier",
    "flow": "text",
    "amount_in": "money",
    "amount_out": "money",
}

_REGION = r"省市区县?|省市县?|省区市|所在地区|所在省市|(?i:\b(province|region|state)[ _/]*(city)?\b)"

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


_STATES = frozenset(
    """交易状态|状态|当前状态|交易是否成功|是否成功|交易结果|处理结果|处理状态|支付状态|资金状态
    status|state|result|transactionstatus|txnstatus|txstatus|trxstatus|paymentstatus""".replace("\n    ", "|").split(
        "|"
    )
)
"""Headers under which a list of payments says that one of them came to nothing."""

_FAILED = tuple(
    """失败*|交易失败|支付失败|转账失败|处理失败|不成功|未成功|交易关闭|已关闭|关闭|已撤销|撤销|已取消|取消|已退款|退款成功
    全额退款|已全额退款|处理中|待支付|等待*|fail|failed|failure|unsuccessful|declined|rejected|reversed|returned|refunded
    cancelled|canceled|void|voided|closed|pending|expired""".replace("\n    ", "|").split("|")
)
"""What it says there. Codes such as 0 and 1 mean one thing at one bank and the other at the next."""


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
    if sheet.way and hint in (None, "crossing"):
        reduced, told = of_one_way(sheet)
        found = _guessed(reduced, "crossing")
        if found.confidence > 0:
            return in_the_file(found, sheet, told)
    ends = of_ends(sheet) if hint in (None, "waybill") else None
    if ends is not None:
        found = _guessed(ends[0], hint)
        if found.confidence > 0 and found.mapping.kind == "waybill":
            return with_ends(found, sheet, ends[1])
    return _guessed(sheet, hint)


def _guessed(sheet: Sheet, hint: str | None) -> Guess:
    """The best mapping of a table that says nothing of itself."""
    sheet = records_of(sheet)
    known = recognised(sheet, hint=hint)
    columns = {
        header: (claims_of(header), [row[place] for row in sheet.sample[:JUDGED]])
        for place, header in enumerate(sheet.headers)
    }
    if known is not None:
        return _settled(sheet, _completed(sheet, known, _fit(sheet, columns, RECORDS[known.kind])), doubts(known))
    fits = [_fit(sheet, columns, RECORDS[name]) for name in ([hint] if hint else RECORDS)]
    fits.sort(key=lambda fit: (-fit.is_complete, -fit.score, fit.kind))
    best = fits[0]
    if not best.is_complete:
        return Guess(
            Mapping(best.kind, sheet.file, sheet.sheet, sheet.headers, confidence=0.0),
            0.0,
            reason=_why_none(sheet, fits, hint or ""),
        )
    rivals = [fit for fit in fits[1:] if fit.is_complete]
    scores = [score for _, score in best.pairs.values()]
    required = [best.pairs[name][1] for name in _needed(RECORDS[best.kind], best) if name in best.pairs]
    margin = 1.0 if not rivals else min(1.0, 2 * (1 - rivals[0].score / best.score) + 0.5)
    explained = 0.7 + 0.3 * len(best.pairs) / len(sheet.headers)
    confidence = round(min(required) * 0.5 + sum(scores) / len(scores) * 0.5, 3) * margin * explained
    mapping = _mapping(sheet, best, round(confidence, 2))
    asked = _questions(sheet, best, mapping, [] if hint else rivals)
    others = tuple((fit.kind, round(fit.score / best.score, 2)) for fit in rivals[:3])
    return _settled(sheet, mapping, asked, others)


def _completed(sheet: Sheet, known: Mapping, fit: _Fit) -> Mapping:
    """A profile's mapping with the fields that its form of file usually lacks, but this file plainly has."""
    used = {name for each in known.readings for name in each.columns} | {rule.column for rule in known.exclusions}
    have = {each.field for each in known.readings} | set(dict(known.constants))
    both_sides = ("payer_", "payee_", "from_", "to_") if known.is_sided else ()
    more = [
        _reading(sheet, fit, field)[0]
        for field, (header, score) in fit.pairs.items()
        if field not in have and header not in used and score >= SURE and not field.startswith(both_sides)
    ]
    return replace(known, readings=(*known.readings, *more))


def _settled(
    sheet: Sheet, mapping: Mapping, asked: tuple[Question, ...], others: tuple[tuple[str, float], ...] = ()
) -> Guess:
    """A guess with everything about ways, units and holders that the file settles, and questions for the rest."""
    mapping, asked = with_parts(sheet, _with_firms(sheet, with_title_unit(sheet, mapping)), asked)
    mapping, about_holder = _with_holder(sheet, mapping)
    mapping, about_flow = with_flow(sheet, mapping)
    mapping, about_direction = with_direction(sheet, with_years(sheet, mapping))
    asked = (*asked, *about_holder, *about_flow, *about_direction, *unit_questions(sheet, mapping))
    return Guess(mapping, mapping.confidence, asked, others)


def _of_message(sheet: Sheet) -> Mapping:
    """The mapping of a standard message, whose columns are named for the fields they hold."""
    readings = tuple(Reading(header, header) for header in sheet.headers)
    return Mapping(sheet.kind, sheet.file, sheet.sheet, sheet.headers, readings)


def _with_firms(sheet: Sheet, mapping: Mapping) -> Mapping:
    """The mapping of a list of holders that are persons and firms, with the numbers of each in the field of its own."""
    reading = mapping.reading("holder_document")
    if reading is None or mapping.reading("holder_org_id") is not None:
        return mapping
    values = [row[mapping.position(reading.column)].upper() for row in sheet.sample]
    if not any(re.search(FIRM_CODE, value) and not re.search(BORN, value) for value in values):
        return mapping
    firms = replace(reading, field="holder_org_id", form=FIRMS)
    told = (replace(reading, form=PERSONS), firms)
    return replace(mapping, readings=(*(each for each in mapping.readings if each is not reading), *told))


def _with_holder(sheet: Sheet, mapping: Mapping) -> tuple[Mapping, tuple[Question, ...]]:
    """The mapping with the holder of a one-sided list that no column names: by the name of the file or the sheet."""
    own = {"payment": "own_account", "contact": "own_identifier"}.get(mapping.kind, "")
    if not mapping.is_sided or mapping.reading(own) is not None or own in dict(mapping.constants):
        return mapping, ()
    holder = _holder_in_name(sheet)
    return replace(mapping, constants=tuple(sorted({**dict(mapping.constants), own: holder}.items()))), (
        Question(own, (holder,), "no column says whose list this is; it is taken from the name of the file"),
    )


def _holder_in_name(sheet: Sheet) -> str:
    """The longest number of six digits and more in the name of the sheet or file, else the name without its ending."""
    stem = sheet.file.rsplit(".", 1)[0] or sheet.file
    numbers = re.findall(r"\d{6,30}", f"{sheet.page} {stem}")
    return max(numbers, key=len) if numbers else stem[:60]


def _fit(sheet: Sheet, columns: dict[str, tuple[frozenset[tuple[str, str]], list[str]]], form: Table) -> _Fit:
    """The best one-to-one pairing of columns with the fields of one kind, greedily from the surest pair."""
    fields = {
        column.name: column.kind_name for column in form.columns if not column.key and column.name != "is_day_only"
    }
    claimed = {field for claims, _ in columns.values() for kind, field in claims if kind == form.name}
    sided_amount = _sided_amount(columns, form) if "flow" not in claimed else ""
    is_sided = form.name in SIDED and bool("flow" in claimed or {"amount_in", "amount_out"} <= claimed or sided_amount)
    fields |= {name: _SIDED_KINDS[name] for name in SIDED[form.name]} if is_sided else {}
    labels = dict(sheet.labels)
    candidates = []
    for place, (header, (claims, values)) in enumerate(columns.items()):
        # An entry written upright: the names of fields stand where names of people and firms are looked for.
        has_headers = any(fields[field] == "name" for kind, field in claims if kind == form.name and field in fields)
        has_headers = has_headers and _are_headers(values)
        for order, (field, kind_name) in enumerate(fields.items()):
            # Beside a flow column, 交易卡号 is the account of the statement, not the payer's.
            is_two_sided = field.startswith(("payer_", "payee_", "from_", "to_"))
            if (is_sided and is_two_sided and claims & _ONE_SIDED) or (has_headers and kind_name == "name"):
                continue
            if (form.name, field) in claims:
                score = _header_weight(header, form, field) * (0.4 + 0.6 * likeness_under_header(kind_name, values))
                # What a title says of the whole table yields to a column that says it of each row.
                score *= 0.8 if header in labels else 1.0
                # A header of any number (单号) over numbers of parcels names the parcel.
                score += 0.004 if kind_name == "waybill_no" and are_parcels(values) else 0.0
            elif (
                header not in labels
                and kind_name in _DISTINCTIVE
                and not claims
                and any(values)
                and likeness(kind_name, values) >= 0.95
            ):
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
    if left := _left_over(sheet, columns, form, pairs):
        field, header = left
        pairs[field] = (header, _BY_VALUES_ALONE)
    if sided_amount and pairs.get("amount", ("",))[0] == sided_amount:
        pairs["flow"] = (sided_amount, pairs["amount"][1])
    if (name := WHOSE.get(form.name)) and name not in pairs and (parts := apart(sheet.headers)):
        pairs[name] = (parts[0], _NAMED_APART)
    missing = _missing(sheet, form, pairs)
    if stands := stand_in(form, pairs, missing, SURE):
        pairs[stands[0]] = (stands[1], _BY_VALUES_ALONE)
        missing = ()
    in_name = any(word in sheet.file.lower() for word in _FILE_WORDS[form.name])
    score = sum(score for _, score in pairs.values()) + 0.5 * in_name
    return _Fit(form.name, pairs, missing, score)


def _sided_amount(columns: dict[str, tuple[frozenset[tuple[str, str]], list[str]]], form: Table) -> str:
    """The column of amounts that say behind them which way they went, in a list of payments; else empty."""
    found = (
        header
        for header, (claims, values) in columns.items()
        if form.name == "payment" and ("payment", "amount") in claims and are_sided_amounts(values)
    )
    return next(found, "")


def _missing(sheet: Sheet, form: Table, pairs: dict[str, tuple[str, float]]) -> tuple[str, ...]:
    """The fields a kind cannot do without that neither a column nor the file's name gives."""
    needed = _needed(form, _Fit(form.name, pairs, (), 0.0))
    labels = dict(sheet.labels)
    if len(sheet.sample) > 1 and pairs and all(pairs[name][0] in labels for name in needed if name in pairs):
        return needed  # What stands above a table is no table: its rows have nothing of their own.
    return tuple(name for name in needed if name not in pairs and name not in _constants_of(sheet, form.name))


def _left_over(
    sheet: Sheet,
    columns: dict[str, tuple[frozenset[tuple[str, str]], list[str]]],
    form: Table,
    pairs: dict[str, tuple[str, float]],
) -> tuple[str, str] | None:
    """The one required field no header names, where nearly all else is known, and the first column it may stand in.

    All else is known where at least half of the columns are paired, and more than one needed field is among them; the
    column is one that nothing else claims and whose values are of the field's kind throughout.
    """
    named = {field for field, (_, score) in pairs.items() if score >= SURE}
    needed = _needed(form, _Fit(form.name, pairs, (), 0.0))
    missing = _missing(sheet, form, pairs)
    if len(missing) != 1 or missing[0] not in form.names or len(named & set(needed)) < min(2, len(needed) - 1):
        return None
    if 2 * len(named) < len(sheet.headers) or len(named) < _LEAST_NAMED:
        return None
    kind_name = form.column(missing[0]).kind_name
    taken = {header for header, _ in pairs.values()}
    free = (
        (header, values)
        for header, (claims, values) in columns.items()
        if header not in taken and header not in dict(sheet.labels) and not any(kind == form.name for kind, _ in claims)
    )
    return next(((missing[0], header) for header, values in free if _is_such(kind_name, values)), None)


def _is_such(kind_name: str, values: list[str]) -> bool:
    """Whether a column without a known header is plainly of a kind; a column of names holds more than one."""
    is_one = kind_name == "name" and len({*values} - {""}) < 2
    return kind_name in _TELLING and any(values) and likeness(kind_name, values) >= 0.95 and not is_one


def _are_headers(values: list[str]) -> bool:
    """Whether most of a column's first values are themselves names of fields, of three and more different ones."""
    first = [value for value in values[:20] if value.strip()]
    named = [value for value in first if named_by(value)]
    return len(set(named)) > 2 and 2 * len(named) > len(first)


def _header_weight(header: str, form: Table, field: str) -> float:
    """How plainly a header names a field: its own name or label most, a synonym or a part of the header less."""
    whole = normal_header(header)
    if field not in form.names:
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
    ways = {"flow", "amount_in", "amount_out"} & set(fit.pairs)
    if form.name == "payment" and ways:
        replaced = {"payer_account", "payee_account", *(("amount",) if ways - {"flow"} else ())}
        needed = [name for name in needed if name not in replaced]
        needed += [] if "other_name" in fit.pairs or "memo" in fit.pairs else ["other_account"]
    elif form.name == "contact" and "flow" in fit.pairs and "other_identifier" in fit.pairs:
        needed = [name for name in needed if name not in ("from_identifier", "to_identifier")]
    return tuple(needed)


def _constants_of(sheet: Sheet, kind: str) -> dict[str, str]:
    """Fields that no column holds but the file's name gives away, or the way that a list of trips is read for."""
    if kind == "crossing" and sheet.way:
        return {"direction": sheet.way}
    if kind != "post":
        return {}
    from vialtrace.ingest.clean.words import PLATFORMS  # noqa: PLC0415  only posts need it

    name = sheet.file.lower()
    found = [key for key, words in PLATFORMS.items() if any(len(word) > 2 and word in name for word in words)]
    return {"platform": found[0]} if len(found) == 1 else {}


def _mapping(sheet: Sheet, fit: _Fit, confidence: float) -> Mapping:
    form = RECORDS[fit.kind]
    order = [*form.names, *SIDED.get(form.name, ())]
    readings: list[Reading] = []
    constants: dict[str, str] = {}
    for field in sorted(fit.pairs, key=order.index):
        reading, told = _reading(sheet, fit, field)
        readings.append(reading)
        constants |= {name: value for name, value in told.items() if name in form.names and name not in fit.pairs}
    constants |= {name: value for name, value in _constants_of(sheet, fit.kind).items() if name not in fit.pairs}
    used = {name for each in readings for name in each.columns}
    return Mapping(
        fit.kind,
        sheet.file,
        sheet.sheet,
        sheet.headers,
        tuple(readings),
        tuple(sorted(constants.items())),
        confidence=confidence,
        exclusions=tuple(
            Exclusion(header, _FAILED, "no money passed: it failed, was closed, refunded or is pending")
            for header in sheet.headers
            if fit.kind == "payment" and header not in used and normal_header(header) in _STATES
        ),
    )


def _reading(sheet: Sheet, fit: _Fit, field: str) -> tuple[Reading, dict[str, str]]:
    """How the column paired with a field is read, and the constants that it tells."""
    header, score = fit.pairs[field]
    values = [row[sheet.headers.index(header)] for row in sheet.sample]
    region = _region_beside(sheet, fit, field)
    if field == "flow" and header == fit.pairs.get("amount", ("",))[0]:
        return Reading(field, header, form=BY_SIGN, confidence=round(score, 2)), {}
    parts = apart(sheet.headers)
    if parts and header == parts[0] and field == WHOSE.get(fit.kind):
        return Reading(field, header, then=(parts[1],), confidence=round(score, 2)), {}
    if region:
        return Reading(field, region, then=(header,), confidence=round(score, 2)), {}
    reading = Reading(field, header, then=_clock_beside(sheet, fit, field), confidence=round(score, 2))
    return reading_of(reading, values)


def _region_beside(sheet: Sheet, fit: _Fit, field: str) -> str:
    """The column with the province and town of an address, where a table has these apart from street and house."""
    form, taken = RECORDS[fit.kind], {name for name, _ in fit.pairs.values()}
    if field not in form.names or form.column(field).kind_name != "address":
        return ""
    for each in sheet.headers:
        named = re.sub(_REGION, "地址", each)
        if each not in taken and named != each and (fit.kind, field) in claims_of(named):
            return each
    return ""


def _clock_beside(sheet: Sheet, fit: _Fit, field: str) -> tuple[str, ...]:
    """The column with the time of day that belongs to a column of days, where a table has them apart."""
    header, _ = fit.pairs[field]
    form = RECORDS[fit.kind]
    if field not in form.names or form.column(field).kind_name != "time" or not is_days(_column(sheet, header)):
        return ()
    taken = {name for name, _ in fit.pairs.values()}
    # A column that stands for a time nobody tells has its clock where the time it holds has it.
    fields = {(fit.kind, name) for name, (each, _) in fit.pairs.items() if each == header}
    return tuple(
        each
        for each in sheet.headers
        if each not in taken and fields & claims_of(each) and is_clocks(_column(sheet, each))
    )[:1]


def _column(sheet: Sheet, header: str) -> list[str]:
    return [row[sheet.headers.index(header)] for row in sheet.sample[:JUDGED]]


def _questions(sheet: Sheet, fit: _Fit, mapping: Mapping, rivals: list[_Fit]) -> tuple[Question, ...]:
    """Everything about the guess that the file does not settle."""
    asked = []
    if rivals and rivals[0].score >= CLOSE * fit.score:
        kinds = (fit.kind, *(rival.kind for rival in rivals if rival.score >= CLOSE * fit.score))
        asked.append(Question("kind", kinds, "several record kinds explain the columns about as well"))
    form = RECORDS[fit.kind]
    for field, (header, score) in fit.pairs.items():
        others = [each for each in sheet.headers if (fit.kind, field) in claims_of(each) and each != header]
        used = {name for each in mapping.readings for name in each.columns}
        free = [each for each in others if each not in used]
        values = [row[sheet.headers.index(header)] for row in sheet.sample]
        if field in form.names and form.column(field).kind_name in ("time", "date") and is_small_integers(values):
            continue  # Asked below as a question of its form.
        stands_for = next((name for name, (each, _) in fit.pairs.items() if each == header and name != field), "")
        if field == "flow" and stands_for:
            continue  # The amounts say it behind them.
        if stands_for and score == _BY_VALUES_ALONE:
            why = f"no column says it; {header!r} ({stands_for}) stands for it"
            asked.append(Question(field, (header, *free), why))
        elif score < SURE:
            asked.append(
                Question(field, (header, *free), f"the header {header!r} or its values do not fit {field} well")
            )
        elif field in form.names and form.column(field).required and any(_differ(sheet, header, each) for each in free):
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
    return tuple(asked)


def _differ(sheet: Sheet, header: str, other: str) -> bool:
    """Whether two columns say different things of any row that has both."""
    pairs = zip(_column(sheet, header), _column(sheet, other), strict=True)
    return any(one != two for one, two in pairs if one.strip() and two.strip()) or not any(_column(sheet, header))


def _why_none(sheet: Sheet, fits: list[_Fit], hint: str = "") -> str:
    """Which kinds came nearest, or what the kind that a person named lacks."""
    if hint:
        found = ", ".join(fits[0].pairs) or "nothing"
        return f"{NONE_FITS}Its columns are not those of {hint}: found {found}; lacks {', '.join(fits[0].missing)}."
    nearest = sorted(fits, key=lambda fit: (-fit.score, fit.kind))[:3]
    if nearest[0].score < 0.5:
        shown = ", ".join(sheet.headers[:12])
        return f"{NONE_FITS}None of the headers ({shown}) is known, and a mapping has to say what they are."
    parts = [
        f"{fit.kind} (found {', '.join(fit.pairs) or 'nothing'}; lacks {', '.join(fit.missing)})"
        for fit in nearest
        if fit.score > 0.5
    ]
    return f"{NONE_FITS}Nearest: " + "; ".join(parts) + "."
