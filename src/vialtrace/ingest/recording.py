"""From a staged sheet to one table of records, with everything that could not be read beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from vialtrace.ingest.asides import looks_aside, with_exclusions
from vialtrace.ingest.clean import CLEANERS, Cell, Setting, folded, order_of
from vialtrace.ingest.contact_parts import part_of
from vialtrace.ingest.journeys import with_journey
from vialtrace.ingest.sides import NO_WAY, once, with_sides
from vialtrace.kit import names
from vialtrace.model import record
from vialtrace.model.mapping import FIRMS, PERSONS, SPLIT, UNSIGNED, WHOLE_PERSON, Mapping, Reading
from vialtrace.model.records import OWN_TIME
from vialtrace.model.spec import Table

ROW_BITS = 32
"""A row's id is its source's number times 2^32 plus its number in the file."""

TORN = ", and it lacks what a row cannot do without, or a value does not fit its column: mend the row in the file"
"""What is wrong with a row of too few fields that may have lost any of them."""


@dataclass(frozen=True)
class Cleaned:
    """The four tables that a sheet becomes. Rows, quarantine and what was set aside share no row and leave none out."""

    rows: ir.Table
    quarantine: ir.Table
    set_aside: ir.Table
    issues: ir.Table


FIRM_CODE = r"^[\s'`]*(1[1-39]|5[1239]|9[123]|[AN]1|Y1)\d{6}[0-9A-Z]{10}\s*$"
BORN = r"^[\s'`]*\d{6}(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dXx]\s*$"
"""A unified social credit code, and an identity number, whose birth date tells it from a code of digits only."""

TESTED = frozenset(
    {"text", "time", "date", "money", "number", "phone", "document", "account", "waybill_no", "name", "address"}
)
"""Kinds whose cleaners have shortcuts."""


def plain_fields(staged: ir.Table, mapping: Mapping, *, time_zone: str) -> ir.Table:
    """One row, a flag for each field: whether every text of its column fits a shortcut of its cleaner.

    Such a column needs none of the slow ways written out, which is what most of the time of a clean file goes into.
    """
    form = record(mapping.kind)
    base, columns = prepared(staged.mutate(row_id=staged.row_no), mapping, "")
    tests: dict[str, ir.BooleanValue] = {}
    for name, raw in columns.items():
        if name not in form.names or form.column(name).kind_name not in TESTED or name in dict(mapping.constants):
            continue
        kind = form.column(name).kind_name
        setting = Setting(mapping.reading(name) or Reading(name, ""), mapping.country, time_zone, ways="test")
        fits = CLEANERS[kind](raw, setting).value
        if not fits.type().is_boolean():
            continue
        if kind in ("name", "address"):
            fits = fits & (raw.isnull() | ~names.has_traditional(raw))
        tests[name] = fits.all()
    return base.agg(**tests) if tests else base.agg(row_id=ibis.literal(False))  # noqa: FBT003  a literal's value


def judged_rows(
    staged: ir.Table,
    mapping: Mapping,
    *,
    source_no: int,
    time_zone: str,
    jurisdiction: str = "",
    plain: frozenset[str] = frozenset(),
) -> ir.Table:
    """Every row of a staged sheet, cleaned as ``mapping`` says: its values, what was wrong with each, what the row is.

    ``jurisdiction`` is the country whose border a journey crosses; ``plain`` names the fields that :func:`plain_fields`
    found true. This is where the cost lies: a store works it out once and draws the four tables from it with
    :func:`parted`.
    """
    form = record(mapping.kind)
    base = staged.mutate(row_id=(ibis.literal(source_no, type="int64") * 2**ROW_BITS + staged.row_no).cast("int64"))
    base = with_exclusions(_with_orders(base, mapping, form, plain), mapping, form, plain)
    base, columns = prepared(base, mapping, jurisdiction)
    return _wide(base, mapping, cells_of(base, columns, mapping, form, time_zone, plain), columns, form)


def parted(wide: ir.Table, mapping: Mapping, *, plain: frozenset[str] = frozenset()) -> Cleaned:
    """The four tables that the rows of :func:`judged_rows` become.

    A row whose required fields cannot all be read goes to quarantine with the first field at fault; an optional field
    that cannot be read is null in its row, and its text is kept in ``issues``. So is the text of a row that has fewer
    fields than its sheet, where it can be read without those at its end. Totals, repeated headers and dividing lines
    are set aside.
    """
    form = record(mapping.kind)
    cells = [column.name for column in form.columns if f"problem_{column.name}" in wide.columns]
    kept = simplified(wide.filter(wide.is_read), form, [name for name in cells if name not in plain])
    rows = records_in(kept, form, cells)
    set_aside = wide.filter(wide.aside.notnull()).select("row_id", reason=wide.aside)
    return Cleaned(rows, _quarantine(wide, mapping), set_aside, _issues(wide, mapping, cells))


def records_in(kept: ir.Table, form: Table, cells: list[str]) -> ir.Table:
    """Cleaned rows, with ``own_day_only`` beside them, as records: the fields that no column holds are null."""
    is_day_only = ibis.coalesce(kept.own_day_only, False)
    if form.column(OWN_TIME[form.name]).kind_name == "date" and OWN_TIME[form.name] in cells:
        is_day_only = kept[OWN_TIME[form.name]].notnull()
    return kept.select(
        **{
            name: is_day_only
            if name == "is_day_only"
            else kept[name].cast(storage)
            if name in cells or name == "row_id"
            else ibis.null(storage)
            for name, storage in form.storage().items()
        }
    )


def cells_of(
    base: ir.Table,
    columns: dict[str, ir.StringValue],
    mapping: Mapping,
    form: Table,
    time_zone: str,
    plain: frozenset[str],
    *,
    guarded: bool = False,
) -> dict[str, Cell]:
    """Field name to its cleaned column; ``guarded`` ones are null for every text that fits no shortcut."""
    constants = dict(mapping.constants)
    cells: dict[str, Cell] = {}
    beside: dict[str, ir.StringValue | None] = {}
    for column in form.columns:
        if column.key or column.name == "is_day_only":
            continue
        kind = column.kind_name
        reading = mapping.reading(column.name) or Reading(column.name, "")
        raw = columns.get(column.name)
        constant = constants.get(column.name)
        if raw is None and constant is None:
            continue
        fixed = ibis.literal(constant, type="string") if constant is not None else None
        text = fixed if raw is None else (raw if fixed is None else ibis.coalesce(folded(raw), fixed))
        order = base[f"order_{column.name}"] if f"order_{column.name}" in base.columns else None
        if kind == "handle":
            beside[column.name] = columns.get("platform", _literal(constants.get("platform")))
        elif kind == "identifier" and "identifier_type" in form.names:
            beside[column.name] = cells["identifier_type"].value if "identifier_type" in cells else None
        setting = Setting(
            reading,
            mapping.country,
            time_zone,
            beside.get(column.name),
            order,
            "shortcuts" if column.name in plain else "guarded" if guarded and constant is None else "all",
        )
        cells[column.name] = CLEANERS[kind](text, setting)
    return cells


def _with_orders(base: ir.Table, mapping: Mapping, form: Table, plain: frozenset[str]) -> ir.Table:
    """Every row with the order of day and month that each time column as a whole proves, if the mapping has none.

    Plain columns write the year first.
    """
    proven = _orders(base, mapping, form, plain)
    return base if proven is None else base.cross_join(proven)


def _orders(base: ir.Table, mapping: Mapping, form: Table, plain: frozenset[str]) -> ir.Table | None:
    """One row: ``order_`` and the field, for each time column whose order is not told; None where all are."""
    undecided = [
        each
        for each in mapping.readings
        if each.field in form.names
        and each.field not in plain
        and form.column(each.field).kind_name in ("time", "date")
        and not each.order
    ]
    if not undecided:
        return None
    return base.agg(
        **{f"order_{each.field}": order_of(base[f"c{mapping.position(each.column)}"], each.form) for each in undecided}
    )


def proven_orders(staged: ir.Table, mapping: Mapping) -> ir.Table | None:
    """What whole columns prove of the order of day and month, for a part of a sheet to be read as the whole is.

    One row with a column ``order_`` and the field for each time column whose order the mapping does not tell (null
    where it proves nothing); None where there is no such column.
    """
    return _orders(staged, mapping, record(mapping.kind), frozenset())


def _literal(text: str | None) -> ir.StringValue | None:
    return None if text is None else ibis.literal(text)


def prepared(base: ir.Table, mapping: Mapping, jurisdiction: str) -> tuple[ir.Table, dict[str, ir.StringValue]]:
    """The rows with everything that the mapping puts together from several columns; field name to its text."""
    made = {
        each.field: _put_together(base, mapping, each)
        for each in mapping.readings
        if each.otherwise or each.then or each.words or each.form in (UNSIGNED, *SPLIT)
    }
    if made:
        base = once(base.mutate(**{f"read_{name}": text for name, text in made.items()}))
    names = {
        each.field: f"read_{each.field}" if each.field in made else f"c{mapping.position(each.column)}"
        for each in mapping.readings
    }
    if mapping.is_sided:
        base = with_sides(base, mapping, {field: base[name] for field, name in names.items()})
    if mapping.is_journey:
        base = with_journey(base, mapping, jurisdiction)
    if mapping.is_sided or mapping.is_journey:
        names |= {name.removeprefix("side_"): name for name in base.columns if name.startswith("side_")}
    return base, {field: base[name] for field, name in names.items()}


def _put_together(base: ir.Table, mapping: Mapping, reading: Reading) -> ir.StringValue:
    """The text of a reading that takes more than one column, or another word for what stands there."""
    columns = [base[f"c{mapping.position(name)}"] for name in (reading.column, *reading.otherwise)]
    text = columns[0] if len(columns) == 1 else ibis.coalesce(*(folded(column) for column in columns))
    for name in reading.then:
        behind = base[f"c{mapping.position(name)}"]
        text = ibis.ifelse(behind.isnull() | (behind.strip() == ""), text, text.strip() + " " + behind.strip())
    if reading.form == UNSIGNED:
        text = text.re_replace(r"^\s*([¥￥]?)\s*[-−+(]+", r"\1").re_replace(r"\)\s*$", "")
        text = text.re_replace(r"(?i)(\d)\s*[cd]r\.?\s*$", r"\1")
    if reading.form in (PERSONS, FIRMS):
        is_firm = text.upper().re_search(FIRM_CODE) & ~text.re_search(BORN)
        text = ibis.ifelse(is_firm if reading.form == FIRMS else ~is_firm, text, ibis.null("string"))
    if reading.form in WHOLE_PERSON:
        text = part_of(text, reading.form)
    if reading.words:
        plain = ibis.coalesce(folded(text), "").lower()
        text = ibis.cases(*((plain == word.lower(), value) for word, value in reading.words), else_=text)
    return text


def _wide(
    base: ir.Table,
    mapping: Mapping,
    cells: dict[str, Cell],
    columns: dict[str, ir.StringValue],
    form: Table,
) -> ir.Table:
    """Every row with its values, beside each the text it came from and what was wrong with it, and what the row is."""
    own = cells.get(OWN_TIME[form.name])
    null = ibis.null("string")
    wide = base.mutate(
        **{name: cell.value for name, cell in cells.items()},
        **{f"problem_{name}": cell.problem for name, cell in cells.items()},
        **{f"raw_{name}": columns.get(name, null) for name in cells},  # nulled below where nothing is wrong
        own_day_only=own.is_day_only if own is not None and own.is_day_only is not None else ibis.null("boolean"),
    )
    wide = once(wide)
    wide = once(wide.mutate(**_fault(wide, form, cells, columns if mapping.is_sided else {})))
    # What a row looks like is asked only of those that cannot be read: it looks at every cell.
    looks = ibis.ifelse(wide.fault_reason.notnull() & wide.problem.isnull(), looks_aside(wide, mapping), null)
    aside = ibis.coalesce(looks, wide.excluded)
    return wide.select(
        "row_id",
        *cells,
        *(f"problem_{name}" for name in cells),
        # The text of a value that was read is in the source; here it would only take room.
        *(
            ibis.ifelse(wide[f"problem_{name}"].notnull(), wide[f"raw_{name}"], null).name(f"raw_{name}")
            for name in cells
        ),
        "own_day_only",
        "short",
        "fault_field",
        "fault_raw",
        "fault_reason",
        aside=aside,
        is_read=wide.fault_reason.isnull() & wide.excluded.isnull(),
    )


def _fault(
    wide: ir.Table, form: Table, cells: dict[str, Cell], sided: dict[str, ir.StringValue]
) -> dict[str, ir.StringValue]:
    """The first thing that makes a row unreadable: its field, its text, and the reason; all null where nothing does.

    ``sided`` are the texts of a one-sided list, whose rows must say which way they went.
    """
    null = ibis.null("string")
    checks: list[tuple[ir.BooleanValue, str, ir.StringValue, ir.StringValue]] = []
    # A problem of the whole row comes as "reason: text of the row".
    checks.append(
        (
            wide.problem.notnull(),
            "",
            _text_of(wide.problem),
            _reason_of(wide.problem),
        )
    )
    if sided:
        told = wide[sided["flow"].get_name()] if "flow" in sided else null
        checks.append((wide.went.isnull(), "flow", told, ibis.literal(NO_WAY)))
    for column in form.columns:
        if column.required:
            if column.name not in cells:
                checks.append((ibis.literal(True), column.name, null, ibis.literal("no column holds this field")))  # noqa: FBT003
                continue
            reason = ibis.coalesce(wide[f"problem_{column.name}"], "empty, and a row cannot do without it")
            checks.append((wide[column.name].isnull(), column.name, wide[f"raw_{column.name}"], reason))
    if form.one_of:
        present = [wide[name].notnull() for name in form.one_of if name in cells]
        is_missing = ~reduce(lambda one, other: one | other, present) if present else ibis.literal(True)  # noqa: FBT003
        checks.append(
            (is_missing, form.one_of[0], null, ibis.literal(f"one of {', '.join(form.one_of)} must be filled"))
        )
    # Where cells are missing within a row, those behind stand in other columns: what does not fit its column shows it.
    is_unfit = reduce(
        or_, [is_bad for is_bad, *_ in checks[1:]] + [wide[f"problem_{name}"].notnull() for name in cells]
    )
    unfit = (wide.short.notnull() & ibis.coalesce(is_unfit, False), "", _text_of(wide.short))
    checks.insert(1, (*unfit, _reason_of(wide.short) + TORN))
    return {
        "fault_field": ibis.cases(*((is_bad, field) for is_bad, field, _, _ in checks), else_=null),
        "fault_raw": ibis.cases(*((is_bad, raw) for is_bad, _, raw, _ in checks), else_=null),
        "fault_reason": ibis.cases(*((is_bad, reason) for is_bad, _, _, reason in checks), else_=null),
    }


def _reason_of(told: ir.StringValue) -> ir.StringValue:
    return told.re_extract("^([^:]*)", 1)


def _text_of(told: ir.StringValue) -> ir.StringValue:
    return told.re_replace(r"^[^:]*:?\s?", "").nullif("")


def simplified(wide: ir.Table, form: Table, cells: list[str]) -> ir.Table:
    """The same rows with names and addresses in simplified script.

    Worked out once over the distinct texts that hold a traditional character, which are few, and joined back.
    """
    written = [name for name in cells if form.column(name).kind_name in ("name", "address")]
    if not written:
        return wide
    texts = [wide.filter(names.has_traditional(wide[name])).select(text=wide[name]) for name in written]
    distinct = reduce(lambda one, other: one.union(other), texts).distinct()
    script = names.simplified(distinct, ibis.memtable(names.script_table()))
    for name in written:
        forms = script.rename(**{f"before_{name}": "text", f"after_{name}": "simplified"})
        wide = wide.left_join(forms, wide[name] == forms[f"before_{name}"])
        wide = wide.mutate(**{name: ibis.coalesce(wide[f"after_{name}"], wide[name])}).drop(
            f"before_{name}", f"after_{name}"
        )
    return wide


def _quarantine(wide: ir.Table, mapping: Mapping) -> ir.Table:
    unread = wide.filter(~wide.is_read & wide.aside.isnull())
    return unread.select(
        "row_id",
        kind=ibis.literal(mapping.kind),
        field=unread.fault_field,
        raw=unread.fault_raw,
        reason=unread.fault_reason,
    )


def _issues(wide: ir.Table, mapping: Mapping, cells: list[str]) -> ir.Table:
    """One row per optional value that could not be read whole, and per row that ends early, of rows that were kept."""
    kept = wide.filter(wide.is_read)
    entries = [
        ibis.struct({"field": ibis.literal(name), "raw": kept[f"raw_{name}"], "reason": kept[f"problem_{name}"]})
        for name in cells
    ]
    short = {"field": ibis.literal(""), "raw": _text_of(kept.short), "reason": _reason_of(kept.short)}
    entries.append(ibis.struct(short))
    said = kept.select("row_id", issue=ibis.array(entries).filter(lambda issue: issue.reason.notnull()).unnest())
    return said.select(
        "row_id",
        kind=ibis.literal(mapping.kind),
        field=said.issue.field,
        raw=said.issue.raw,
        reason=said.issue.reason,
    )
