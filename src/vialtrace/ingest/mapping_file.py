"""Mappings as YAML that a person can read and edit, and what can be wrong with one."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import yaml

from vialtrace.errors import BadMapping
from vialtrace.model import RECORDS
from vialtrace.model.mapping import DATE_ORDERS, JOURNEY_FIELDS, LEDGER_FIELDS, TIME_FORMS, Mapping, Reading, Sheet

_KEYS = ("kind", "file", "sheet", "confirmed", "confidence", "country", "columns", "constants", "headers")
_READING_KEYS = ("column", "scale", "order", "form", "origin", "confidence")


def to_yaml(mapping: Mapping) -> str:
    """The mapping as YAML, with a comment beside every column that says how sure it is and which columns are unused."""
    lines = [
        "# Which column of the file is which field of the record kind. Edit it, then set confirmed to true.",
        f"# Fields of {mapping.kind}: {', '.join(_fields_of(mapping.kind))}.",
        *_scalars(
            {
                "kind": mapping.kind,
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
            "scale": each.scale,
            "order": each.order,
            "form": each.form,
            "origin": each.origin,
            "confidence": each.confidence,
        }
        lines += [f"    {line}" for line in _scalars({key: value for key, value in given.items() if value != ""})]
    lines.append("constants:" if mapping.constants else "constants: {}")
    lines += [f"  {line}" for line in _scalars(dict(mapping.constants))]
    used = {each.column for each in mapping.readings}
    unused = [header for header in mapping.headers if header not in used]
    if unused:
        lines.append(f"# Columns that no field takes: {', '.join(' '.join(header.split()) for header in unused)}")
    lines.append("# Every header of the file, in order: a column is named as it stands here.")
    lines.append("headers:" if mapping.headers else "headers: []")
    lines += [f"  - {_quoted(header)}" for header in mapping.headers]
    return "\n".join(lines) + "\n"


def from_yaml(text: str, name: str) -> Mapping:
    """The mapping written in a YAML text; ``name`` is the file's, for messages.

    Raises:
        BadMapping: with everything that is wrong with its form; what it says is judged by :func:`mapping_problems`.
    """
    try:
        loaded = yaml.safe_load(text)
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
    headers = loaded.get("headers") or []
    for key, value, form in (("columns", columns, dict), ("constants", constants, dict), ("headers", headers, list)):
        if not isinstance(value, form):
            problems.append(f"{key} must be {'a list' if form is list else 'fields and their columns'}")
    readings = []
    for field, value in columns.items() if isinstance(columns, dict) else ():
        given = {"column": value} if not isinstance(value, dict) else value
        unknown = [key for key in given if key not in _READING_KEYS]
        problems += [f"{field}: unknown key {key!r}; known: {', '.join(_READING_KEYS)}" for key in unknown]
        if given.get("column") in (None, ""):
            problems.append(f"{field}: names no column")
        readings.append(_reading(str(field), given))
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
    )


def mapping_problems(mapping: Mapping, sheet: Sheet) -> list[str]:
    """Everything that keeps a mapping from being used on a sheet, all together; empty if nothing does."""
    if mapping.kind not in RECORDS:
        return [f"unknown record kind {mapping.kind!r}; known: {', '.join(RECORDS)}"]
    form, fields, problems = RECORDS[mapping.kind], _fields_of(mapping.kind), []
    seen: dict[str, str] = {}
    for each in mapping.readings:
        if each.field not in fields:
            problems.append(f"unknown field {each.field!r}; {mapping.kind} has {', '.join(fields)}")
        if each.column not in sheet.headers:
            problems.append(f"{each.field}: the file has no column {each.column!r}; it has {', '.join(sheet.headers)}")
        elif each.column in seen and seen[each.column] != each.field:
            problems.append(f"{each.field}: the column {each.column!r} is already {seen[each.column]}")
        seen.setdefault(each.column, each.field)
        problems += _reading_problems(each, mapping.kind)
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


_BESIDE: dict[str, tuple[str, ...]] = {"payment": tuple(LEDGER_FIELDS), "crossing": tuple(JOURNEY_FIELDS)}


def _fields_of(kind: str) -> tuple[str, ...]:
    if kind not in RECORDS:
        return ()
    own = tuple(column.name for column in RECORDS[kind].columns if not column.key and column.name != "is_day_only")
    return (*own, *_BESIDE.get(kind, ()))


def _is_worked_out(field: str, have: set[str]) -> bool:
    """Whether a one-sided statement or a journey supplies the field."""
    if field in ("crossed_at", "direction") and set(JOURNEY_FIELDS) <= have:
        return True
    return field in ("payer_account", "payee_account") and {"flow", "own_account", "other_account"} <= have


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
    if each.form and each.form not in TIME_FORMS:
        problems.append(f"{each.field}: form must be one of {', '.join(TIME_FORMS)}, not {each.form!r}")
    if (each.order or each.form or each.origin) and kind_name not in ("time", "date"):
        problems.append(f"{each.field}: only times have an order, a form or an origin")
    if each.form == "day_number" and not each.origin:
        problems.append(f"{each.field}: form day_number needs an origin, the date of day 0")
    if each.origin and not _is_day(each.origin):
        problems.append(f"{each.field}: origin must be a date like 2024-01-31, not {each.origin!r}")
    return problems


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
        confidence=_number(given.get("confidence", 1.0)),
    )


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


def _quoted(value: Any) -> str:
    """One YAML scalar on one line; texts are quoted where YAML would read them as something else."""
    if isinstance(value, str) and not value.isprintable():
        # YAML folds some line ends that are no newline to anybody else: they are escaped.
        return yaml.safe_dump(value, default_style='"', width=10**6).removesuffix("\n")
    dumped: str = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=10**6)
    return dumped.removesuffix("\n").removesuffix("\n...")


def _sureness(confidence: float) -> str:
    word = "sure" if confidence >= 0.9 else "likely" if confidence >= 0.6 else "unsure: please look"
    return f"{word} ({confidence:.2f})"
