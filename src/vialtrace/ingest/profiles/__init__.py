"""Known forms of file: each one YAML table beside this file, compiled into a mapping that a person can edit.

A profile says by which headers a form is known (``known_by``: one of each line must be there; ``unless``: none of
these), which headers are which field (the first that is there; with ``fill`` the others where it is empty), what words
stand for, and which rows are no records and why. Nothing about a form of file stands anywhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from vialtrace.ingest.likeness import is_clocks, is_days, likeness
from vialtrace.ingest.units import reading_of
from vialtrace.model import RECORDS
from vialtrace.model.mapping import SIDED, Exclusion, Mapping, Question, Reading, Sheet, header_forms, normal_header

MIN_LIKENESS = 0.4
"""A required column with fewer values than this of its kind is not what its header says, whatever the form."""


@dataclass(frozen=True)
class Field:
    """Where a profile finds one field: ``headers`` in the order of preference."""

    name: str
    headers: tuple[str, ...]
    fill: bool = False
    then: tuple[str, ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    form: str = ""
    scale: str = ""
    doubtful: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Profile:
    """A known form of file, as its YAML table tells it."""

    name: str
    about: str
    kind: str
    known_by: tuple[tuple[str, ...], ...]
    unless: tuple[str, ...]
    fields: tuple[Field, ...]
    exclusions: tuple[tuple[tuple[str, ...], Exclusion], ...]
    constants: tuple[tuple[str, str], ...]


@cache
def profiles() -> tuple[Profile, ...]:
    """Every profile there is, by name."""
    found = [each for each in files(__name__).iterdir() if each.name.endswith(".yaml")]
    return tuple(_loaded(yaml.safe_load(each.read_text("utf-8"))) for each in sorted(found, key=lambda each: each.name))


def _loaded(told: dict[str, Any]) -> Profile:
    exclusions = tuple(
        (_split(rule["headers"]), Exclusion("", _words(rule["is"]), rule["reason"], rule.get("to_end", False)))
        for rule in told.get("set_aside", ())
    )
    return Profile(
        told["name"],
        told["about"],
        told["kind"],
        tuple(_split(line) for line in told["known_by"]),
        _split(told.get("unless", "")),
        tuple(_field(name, given) for name, given in told["fields"].items()),
        exclusions,
        tuple(told.get("constants", {}).items()),
    )


def _field(name: str, given: str | dict[str, Any]) -> Field:
    if isinstance(given, str):
        return Field(name, _split(given))
    return Field(
        name,
        _split(given["headers"]),
        given.get("fill", False),
        _split(given.get("then", "")),
        tuple((str(word), str(value)) for word, value in given.get("words", {}).items()),
        given.get("form", ""),
        str(given.get("scale", "")),
        tuple(given.get("doubtful", {}).items()),
    )


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)


def _words(given: list[Any]) -> tuple[str, ...]:
    return tuple("" if word is None else str(word) for word in given)


def recognised(sheet: Sheet, *, hint: str | None = None) -> Mapping | None:
    """The mapping by the profile that knows most of the sheet's headers, or None where none knows it.

    The values have a say: where those of a required column do not fit, the header is not believed.
    """
    best: tuple[int, Mapping] | None = None
    for profile in profiles():
        if hint is not None and profile.kind != hint:
            continue
        mapping = compiled(profile, sheet)
        if mapping is None:
            continue
        n_known = len({name for each in mapping.readings for name in each.columns}) + len(mapping.exclusions)
        if best is None or (n_known, len(profile.known_by)) > (best[0], 0):
            best = n_known, mapping
    return best[1] if best else None


def compiled(profile: Profile, sheet: Sheet) -> Mapping | None:
    """The profile as a mapping for a sheet, or None where it does not know the sheet."""
    places = _places(sheet)
    if any(not _present(names, places) for names in profile.known_by) or _present(profile.unless, places):
        return None
    readings, constants, taken = [], dict(profile.constants), set[str]()
    form = RECORDS[profile.kind]
    for field in profile.fields:
        there = [column for column in _present(field.headers, places) if column not in taken or field.form == "sign"]
        if not there:
            continue
        used = there if field.fill else there[:1]
        used, then = _day_and_clock(sheet, used, there, _present(field.then, places)) if field.then else (used, ())
        values = _values(sheet, used)
        reading = Reading(
            field.name, used[0], field.scale, form=field.form, otherwise=tuple(used[1:]), then=then, words=field.words
        )
        reading, told = reading_of(reading, values)
        reading = replace(reading, confidence=_sureness(profile.kind, field.name, values))
        if reading.confidence < MIN_LIKENESS and _is_required(profile.kind, field.name):
            return None
        readings.append(reading)
        taken |= {*used, *then}
        constants |= {name: value for name, value in told.items() if name in form.names and name not in constants}
    labels = dict(sheet.labels)
    needed = [each for each in readings if _is_required(profile.kind, each.field) or each.field in form.one_of]
    if len(sheet.sample) > 1 and all(each.column in labels for each in needed):
        return None  # The rows of the table itself hold nothing that a record needs.
    given = {each.field for each in readings}
    constants = {name: value for name, value in constants.items() if name not in given}
    exclusions = tuple(
        replace(rule, column=column) for headers, rule in profile.exclusions for column in _present(headers, places)[:1]
    )
    scores = [each.confidence for each in readings]
    sure = 0.5 * min(scores) + 0.5 * sum(scores) / len(scores) if scores else 0.0
    return Mapping(
        profile.kind,
        sheet.file,
        sheet.sheet,
        sheet.headers,
        tuple(readings),
        tuple(sorted(constants.items())),
        confidence=round(sure, 2),
        exclusions=exclusions,
        profile=profile.name,
    )


def doubts(mapping: Mapping) -> tuple[Question, ...]:
    """What the profile of a mapping says only a person knows about the columns it took."""
    profile = next((each for each in profiles() if each.name == mapping.profile), None)
    asked = []
    for field in profile.fields if profile else ():
        reading = mapping.reading(field.name)
        why = dict(field.doubtful).get(reading.column) if reading else None
        if reading and why:
            asked.append(Question(field.name, (reading.column,), why))
    return tuple(asked)


def _places(sheet: Sheet) -> dict[str, str]:
    """Normal form of a header, whole or without its bracket, to the header; the first of equal ones counts."""
    places: dict[str, str] = {}
    for whole in (True, False):
        for header in sheet.headers:
            form = normal_header(header) if whole else next(iter(header_forms(header)[1:2]), "")
            places.setdefault(form, header)
    return places


def _present(names: tuple[str, ...], places: dict[str, str]) -> list[str]:
    """The sheet's headers among these names, each once, in the order of the names."""
    return list(dict.fromkeys(places[normal_header(name)] for name in names if normal_header(name) in places))


def _day_and_clock(
    sheet: Sheet, used: list[str], there: list[str], clocks: list[str]
) -> tuple[list[str], tuple[str, ...]]:
    """The column of days with that of the times of day beside it, where a form has them apart."""
    for clock in clocks:
        days = [each for each in there if each != clock and is_days(_values(sheet, [each]))]
        if days and is_clocks(_values(sheet, [clock])):
            return days[:1], (clock,)
    return used, ()


def _values(sheet: Sheet, columns: list[str]) -> list[str]:
    """The first filled value of each row of the sample."""
    places = [sheet.headers.index(column) for column in columns]
    return [next((row[place] for place in places if row[place].strip()), "") for row in sheet.sample[:120]]


def _sureness(kind: str, field: str, values: list[str]) -> float:
    form = RECORDS[kind]
    sided = {"account": "account", "name": "name", "identifier": "identifier", "in": "money", "out": "money"}
    name = form.column(field).kind_name if field in form.names else sided.get(field.rsplit("_", 1)[-1], "text")
    # An empty column proves nothing, but a known form of file has it where it belongs.
    return round(likeness(name, values), 2) if any(value.strip() for value in values) else 0.9


def _is_required(kind: str, field: str) -> bool:
    form = RECORDS[kind]
    return form.column(field).required if field in form.names else field in SIDED.get(kind, {}) and "other" not in field
