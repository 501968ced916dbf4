"""Mappings as YAML that a person can read and edit, and what can be wrong with one."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import yaml

from vialtrace.errors import BadMapping
from vialtrace.ingest.contact_parts import WHOSE
from vialtrace.ingest.trips import way_of_mapping
from vialtrace.model import RECORDS
from vialtrace.model.mapping import (
    BY_SIGN,
    DATE_ORDERS,
    FIRMS,
    JOURNEY_FIELDS,
    NO_YEAR,
    PERSONS,
    SIDED,
    SPLIT,
    TIME_FORMS,
    UNSIGNED,
    Exclusion,
    Mapping,
    Reading,
    Repair,
    Sheet,
)
from vialtrace.model.records import OWN_TIME
from vialtrace.model.spec import Table

_KEYS = (
    "kind",
    "profile",
    "file",
    "sheet",
    "confirmed",
    "confidence",
    "country",
    "columns",
    "constants",
    "set_aside",
    "repairs",
    "headers",
)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The quick one, where libyaml is at hand: a case of many sheets reads its mappings for every page."""

_READING_KEYS = ("column", "else", "then", "scale", "order", "form", "origin", "words", "confidence")
_EXCLUSION_KEYS = ("column", "is", "reason", "to_end")
_REPAIR_KEYS = ("row", "column", "was", "text")
MOST_REPAIRS = 1_000
"""Cells of one sheet that are put right one by one; with more the file wants mending, or another mapping."""


def to_yaml(mapping: Mapping) -> str:
    """The mapping as YAML, with a comment beside every column that says how sure it is and which columns are unused."""
    lines = [
        "# Which column of the file is which field of the record kind. Edit it, then set confirmed to true.",
        f"# Fields of {mapping.kind}: {', '.join(_fields_of(mapping.kind))}.",
        *_scalars(
            {
                "kind": mapping.kind,
                **({"profile": mapping.profile} if mapping.profile else {}),
                "file": mapping.file,
                "sheet": mapping.sheet,
                "confirmed": mapping.confirmed,
                "confidence": mapping.confidence,
                "country": mapping.country,
            }
        ),
        "columns:" if mapping.readings else "columns: {}",
    ]
    for each in mapping.readings:
        lines.append(f"  {each.field}:  # {_sureness(each.confidence)}")
        given = {
            "column": each.column,
            "else": list(each.otherwise) or "",
            "then": list(each.then) or "",
            "scale": each.scale,
            "order": each.order,
            "form": each.form,
            "origin": each.origin,
            "words": dict(each.words) or "",
            "confidence": each.confidence,
        }
        lines += [f"    {line}" for line in _scalars({key: value for key, value in given.items() if value != ""})]
    lines.append("constants:" if mapping.constants else "constants: {}")
    lines += [f"  {line}" for line in _scalars(dict(mapping.constants))]
    if mapping.exclusions:
        lines.append("set_aside:  # rows that are no record, counted by their reason")
    for rule in mapping.exclusions:
        told = {"column": rule.column, "is": list(rule.words), "reason": rule.reason}
        lines += _item({**told, "to_end": True} if rule.to_end else told)
    if mapping.repairs:
        lines.append("repairs:  # cells that a person put right, by the row's number in the file")
    for cell in mapping.repairs:
        lines += _item({"row": cell.row, "column": cell.column, "was": cell.was, "text": cell.text})
    used = {name for each in mapping.readings for name in each.columns}
    used |= {rule.column for rule in mapping.exclusions}
    unused = [header for header in mapping.headers if header not in used]
    if unused:
        lines.append(f"# Columns that no field takes: {', '.join(_on_a_line(header) for header in unused)}")
    lines.append("# Every header of the file, in order: a column is named as it stands here.")
    lines.append("headers:" if mapping.headers else "headers: []")
    lines += [f"  - {_quoted(header)}" for header in mapping.headers]
    return "\n".join(lines) + "\n"


def _on_a_line(header: str) -> str:
    """A header as a comment can hold it: YAML knows no escapes there, and refuses what cannot be printed."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in " ".join(header.split()))


def from_yaml(text: str, name: str) -> Mapping:
    """The mapping written in a YAML text; ``name`` is the file's, for messages.

    Raises:
        BadMapping: with everything that is wrong with its form; what it says is judged by :func:`mapping_problems`.
    """
    try:
        loaded = yaml.load(text, Loader=_LOADER)  # noqa: S506  either is a safe one
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark is not None else ""
        raise BadMapping(name, [f"it is not YAML{where}: {getattr(error, 'problem', error)}"]) from error
    if not isinstance(loaded, dict):
        raise BadMapping(name, ["it does not hold keys and values"])
    problems = [f"unknown key {key!r}; known: {', '.join(_KEYS)}" for key in loaded if key not in _KEYS]
    problems += [f"the key {key!r} is missing" for key in ("kind", "columns") if key not in loaded]
    columns = loaded.get("columns") or {}
    constants = loaded.get("constants") or {}
    headers, rules = loaded.get("headers") or [], loaded.get("set_aside") or []
    mended = loaded.get("repairs") or []
    forms = {
        "columns": (columns, dict),
        "constants": (constants, dict),
        "headers": (headers, list),
        "set_aside": (rules, list),
        "repairs": (mended, list),
    }
    for key, (value, form) in forms.items():
        if not isinstance(value, form):
            problems.append(f"{key} must be {'a list' if form is list else 'fields and their columns'}")
    readings, wrong = _readings(columns)
    problems += wrong
    exclusions = []
    for place, value in enumerate(rules if isinstance(rules, list) else (), start=1):
        wrong = _exclusion_faults(value)
        problems += [f"set_aside {place}: {fault}" for fault in wrong]
        exclusions += [] if wrong else [_exclusion(value)]
    repairs = []
    for place, value in enumerate(mended if isinstance(mended, list) else (), start=1):
        wrong = _repair_faults(value)
        problems += [f"repairs {place}: {fault}" for fault in wrong]
        repairs += [] if wrong else [_repair(value)]
    country, sureness = str(loaded.get("country") or "CN"), _number(loaded.get("confidence", 1.0))
    if not isinstance(loaded.get("confirmed", False), bool):
        problems.append("confirmed must be true or false")
    if not re.fullmatch("[A-Z]{2}", country):
        problems.append(f"country must be an ISO code of two letters, not {country!r}")
    if problems:
        raise BadMapping(name, problems)
    return Mapping(
        kind=_text(loaded["kind"]),
        file=_text(loaded.get("file")),
        sheet=_text(loaded.get("sheet")),
        headers=tuple(_text(header) for header in headers),
        readings=tuple(readings),
        constants=tuple(sorted((str(field), _text(value)) for field, value in constants.items())),
        country=country,
        confirmed=loaded.get("confirmed", False),
        confidence=sureness,
        exclusions=tuple(exclusions),
        profile=_text(loaded.get("profile")),
        repairs=tuple(repairs),
    )


def _readings(columns: Any) -> tuple[list[Reading], list[str]]:
    """The readings under ``columns``, and what is wrong with the form of any of them."""
    readings: list[Reading] = []
    problems: list[str] = []
    for field, value in columns.items() if isinstance(columns, dict) else ():
        given = {"column": value} if not isinstance(value, dict) else value
        wrong = [f"unknown key {key!r}; known: {', '.join(_READING_KEYS)}" for key in given if key not in _READING_KEYS]
        if given.get("column") in (None, ""):
            wrong.append("names no column")
        wrong += [f"{key} must be a list of columns" for key in ("else", "then") if not _is_list(given.get(key))]
        if not isinstance(given.get("words") or {}, dict):
            wrong.append("words must say what each word stands for, like 借: out")
        problems += [f"{field}: {each}" for each in wrong]
        if not wrong:
            readings.append(_reading(str(field), given))
    return readings, problems


def mapping_problems(mapping: Mapping, sheet: Sheet) -> list[str]:
    """Everything that keeps a mapping from being used on a sheet, all together; empty if nothing does."""
    if mapping.kind not in RECORDS:
        return [f"unknown record kind {mapping.kind!r}; known: {', '.join(RECORDS)}"]
    form, fields, problems = RECORDS[mapping.kind], _fields_of(mapping.kind), []
    if sheet.way and mapping.kind == "crossing" and way_of_mapping(mapping) not in ("", sheet.way):
        problems.append(f"it reads the {way_of_mapping(mapping)} of each row, and this is the list of {sheet.sheet}")
    seen: dict[str, str] = {}
    for each in mapping.readings:
        if each.field not in fields:
            problems.append(f"unknown field {each.field!r}; {mapping.kind} has {', '.join(fields)}")
        problems += [
            f"{each.field}: the file has no column {name!r}; it has {', '.join(sheet.headers)}"
            for name in each.columns
            if name not in sheet.headers
        ]
        if each.form in (BY_SIGN, *SPLIT):
            problems += _reading_problems(each, mapping.kind)
            continue  # These share a column with another field.
        if _is_shared(form, each.field, seen.get(each.column, "")):
            continue
        if each.column in seen and seen[each.column] != each.field and each.column in sheet.headers:
            problems.append(f"{each.field}: the column {each.column!r} is already {seen[each.column]}")
        seen.setdefault(each.column, each.field)
        problems += _reading_problems(each, mapping.kind)
    problems += [
        f"set_aside: the file has no column {rule.column!r}; it has {', '.join(sheet.headers)}"
        for rule in mapping.exclusions
        if rule.column not in sheet.headers
    ]
    problems += _repair_problems(mapping, sheet)
    names = [each.field for each in mapping.readings]
    problems += [f"{name}: given twice" for name in dict.fromkeys(names) if names.count(name) > 1]
    constants = dict(mapping.constants)
    problems += [
        f"constant for unknown field {name!r}; {mapping.kind} has {', '.join(fields)}"
        for name in constants
        if name not in fields
    ]
    have = {*names, *constants}
    for column in form.columns:
        if column.required and column.name not in have and not _is_worked_out(column.name, have):
            problems.append(
                f"the required field {column.name} ({column.help.rstrip('.')}) has no column and no constant"
            )
    if form.one_of and not have & set(form.one_of):
        problems.append(f"one of the fields {', '.join(form.one_of)} needs a column or a constant")
    if mapping.headers and mapping.headers != sheet.headers:
        problems.append(
            "the headers listed are not those of the file: it has changed, or the mapping is for another file"
        )
    return problems


def _repair_problems(mapping: Mapping, sheet: Sheet) -> list[str]:
    cells = [(each.row, each.column) for each in mapping.repairs]
    problems = [
        f"repairs: the file has no column {column!r}; it has {', '.join(sheet.headers)}"
        for column in dict.fromkeys(column for _, column in cells)
        if column not in sheet.headers
    ]
    problems += [
        f"repairs: row {row}, column {column!r} is given twice"
        for row, column in dict.fromkeys(cells)
        if cells.count((row, column)) > 1
    ]
    if len(cells) > MOST_REPAIRS:
        problems.append(f"repairs: {len(cells)} cells, at most {MOST_REPAIRS}: mend the file and add it again")
    return problems


def _fields_of(kind: str) -> tuple[str, ...]:
    if kind not in RECORDS:
        return ()
    own = tuple(column.name for column in RECORDS[kind].columns if not column.key and column.name != "is_day_only")
    journey = tuple(JOURNEY_FIELDS) if kind == "crossing" else ()
    return (*own, *SIDED.get(kind, ()), *journey)


def _is_worked_out(field: str, have: set[str]) -> bool:
    """Whether a one-sided list or a journey supplies the field."""
    if field in ("crossed_at", "direction"):
        return set(JOURNEY_FIELDS) <= have
    columns = bool(have & {"amount_in", "amount_out"})
    if field == "amount":
        return columns
    return (field in ("payer_account", "payee_account") and "own_account" in have and ("flow" in have or columns)) or (
        field in ("from_identifier", "to_identifier") and {"flow", "own_identifier", "other_identifier"} <= have
    )


def _reading_problems(each: Reading, kind: str) -> list[str]:
    problems = []
    known = RECORDS[kind].names
    kind_name = RECORDS[kind].column(each.field).kind_name if each.field in known else ""
    if each.scale and not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", each.scale):
        problems.append(f"{each.field}: scale must be a number like 0.01 or 1000, not {each.scale!r}")
    elif each.scale and kind_name not in ("money", "number", "integer"):
        problems.append(f"{each.field}: only amounts and quantities have a scale")
    if each.order and each.order not in DATE_ORDERS:
        problems.append(f"{each.field}: order must be one of {', '.join(DATE_ORDERS)}, not {each.order!r}")
    parts = {field: (form,) for of in WHOSE.get(kind, {}).values() for form, field in of.items()}
    forms = {
        "flow": (BY_SIGN,),
        "amount": (UNSIGNED,),
        "holder_document": (PERSONS,),
        "holder_org_id": (FIRMS,),
        **parts,
    }.get(each.field, TIME_FORMS)
    if each.form and each.form not in forms:
        problems.append(f"{each.field}: form must be one of {', '.join(forms)}, not {each.form!r}")
    is_time = kind_name in ("time", "date")
    if not is_time and (each.order or each.origin or (each.form and forms == TIME_FORMS)):
        problems.append(f"{each.field}: only times have an order, a form or an origin")
    if each.form == "day_number" and not each.origin:
        problems.append(f"{each.field}: form day_number needs an origin, the date of day 0")
    if each.form == NO_YEAR and not each.origin:
        problems.append(f"{each.field}: form no_year needs an origin, the first day that the list can hold")
    if each.origin and not _is_day(each.origin):
        problems.append(f"{each.field}: origin must be a date like 2024-01-31, not {each.origin!r}")
    return problems


def _is_shared(form: Table, field: str, other: str) -> bool:
    """Whether two fields may be read from one column: a record's own time, and another time that stands for it."""
    pair = {field, other}
    own = OWN_TIME[form.name]
    return own in pair and len(pair) == 2 and all(
        name in form.names and form.column(name).kind_name in ("time", "date") for name in pair
    )


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _reading(field: str, given: dict[str, Any]) -> Reading:
    return Reading(
        field=field,
        column=_text(given.get("column")),
        scale=_text(given.get("scale")),
        order=_text(given.get("order")),
        form=_text(given.get("form")),
        origin=_text(given.get("origin")),
        otherwise=tuple(_text(name) for name in given.get("else") or ()),
        then=tuple(_text(name) for name in given.get("then") or ()),
        words=tuple((_text(word), _text(value)) for word, value in (given.get("words") or {}).items()),
        confidence=_number(given.get("confidence", 1.0)),
    )


def _exclusion_faults(value: Any) -> list[str]:
    if not isinstance(value, dict):
        return ["it must have column, is and reason"]
    faults = [
        f"unknown key {key!r}; known: {', '.join(_EXCLUSION_KEYS)}" for key in value if key not in _EXCLUSION_KEYS
    ]
    faults += [f"{key} is missing" for key in ("column", "is", "reason") if value.get(key) in (None, "", [])]
    if not _is_list(value.get("is")):
        faults.append("is must be a list of words")
    if not isinstance(value.get("to_end", False), bool):
        faults.append("to_end must be true or false")
    return faults


def _exclusion(value: dict[str, Any]) -> Exclusion:
    words = tuple(_text(word) for word in value["is"])
    return Exclusion(_text(value["column"]), words, _text(value["reason"]), value.get("to_end", False))


def _repair_faults(value: Any) -> list[str]:
    if not isinstance(value, dict):
        return ["it must have row, column and text"]
    faults = [f"unknown key {key!r}; known: {', '.join(_REPAIR_KEYS)}" for key in value if key not in _REPAIR_KEYS]
    faults += [f"{key} is missing" for key in ("row", "column", "text") if value.get(key) is None]
    row = value.get("row")
    if row is not None and (not isinstance(row, int) or isinstance(row, bool) or not 0 < row < 2**32):
        faults.append(f"row must be a row's number in the file, not {row!r}")
    return faults


def _repair(value: dict[str, Any]) -> Repair:
    return Repair(value["row"], _text(value["column"]), _text(value["text"]), _text(value.get("was")))


def _is_list(value: Any) -> bool:
    return value is None or isinstance(value, list)


def _text(value: Any) -> str:
    """A scalar as text: YAML turns dates and numbers into values of their own."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


def _scalars(values: dict[str, Any]) -> list[str]:
    return [f"{key}: {_quoted(value)}" for key, value in values.items()]


def _item(values: dict[str, Any]) -> list[str]:
    """One entry of a list of keys and values."""
    first, *rest = _scalars(values)
    return [f"  - {first}", *(f"    {line}" for line in rest)]


def _quoted(value: Any) -> str:
    """One YAML scalar on one line; texts are quoted where YAML would read them as something else."""
    if isinstance(value, str) and not value.isprintable():
        # YAML folds some line ends that are no newline to anybody else: they are escaped.
        return yaml.safe_dump(value, default_style='"', width=10**6).removesuffix("\n")
    dumped: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, default_flow_style=True, width=10**6)
    return dumped.removesuffix("\n").removesuffix("\n...")


def _sureness(confidence: float) -> str:
    word = "sure" if confidence >= 0.9 else "likely" if confidence >= 0.6 else "unsure: please look"
    return f"{word} ({confidence:.2f})"
