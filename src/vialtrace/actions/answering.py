"""What a person's answer to a question about a sheet does to its mapping; every face asks, this says what follows."""

from __future__ import annotations

import re
from collections.abc import Mapping as Mapping_
from dataclasses import replace
from datetime import date

from vialtrace import ingest
from vialtrace.actions.adding import SheetProposal
from vialtrace.errors import BadInput, BadMapping, UnknownName
from vialtrace.model import RECORDS
from vialtrace.model.mapping import JOURNEY_FIELDS, SIDED, SPLIT, Mapping, Question, Reading
from vialtrace.model.records import OWN_TIME

LEAVE_EMPTY = "(no column)"
"""An answer to a question about a field: none of the columns holds it."""

_RULE, _VALUE = "words: ", "value: "
"""How an answer begins that is a rule for codes, and one that is the same value for every row."""

_CODED = ("flow", "direction")
"""Fields whose codes a person may have to explain: without them a row cannot be read at all."""


def choices(question: Question) -> tuple[str, ...]:
    """The answers that are offered, the best guess first."""
    return question.candidates if question.what in ("kind", *_CODED) else (*question.candidates, LEAVE_EMPTY)


def own_words(sheet: SheetProposal, question: Question) -> str:
    """What else a person may say than what is offered; empty where nothing else can be meant."""
    if question.what in _CODED and question.candidates[0].startswith(_RULE):
        codes, way = dict(ingest.rule_of(question.candidates[0])), "in" if question.what == "flow" else "entry"
        return "or a rule of your own, such as " + ", ".join(f"{code or ingest.BLANK}={way}" for code in codes)
    if _is_constant(sheet.mapping, question.what):
        return "or what it is, the same for every row"
    return ""


def meant(sheet: SheetProposal, question: Question, text: str) -> str:
    """The answer that a person means by a number, by the words of an answer, or by words of their own.

    Raises:
        UnknownName: if nothing is meant.
    """
    offered, said = choices(question), text.strip()
    if said in offered:
        return said
    if said.isascii() and said.isdigit() and 1 <= int(said) <= len(offered):
        return offered[int(said) - 1]
    for own in (said, _RULE + said, _VALUE + said):
        if said and _is_own(sheet, question, own):
            return own
    raise UnknownName("answer", text, offered)


def _is_own(sheet: SheetProposal, question: Question, candidate: str) -> bool:
    """Whether an answer that is not offered answers the question all the same."""
    if question.what in _CODED and candidate.startswith(_RULE):
        rule, asked = dict(ingest.rule_of(candidate)), dict(ingest.rule_of(question.candidates[0]))
        n_parts = len(re.split("[,，]", candidate.removeprefix(_RULE)))
        return rule.keys() == asked.keys() and n_parts == len(rule)
    is_value = candidate.startswith(_VALUE) and bool(candidate.removeprefix(_VALUE).strip())
    return is_value and _is_constant(sheet.mapping, question.what)


def _is_constant(mapping: Mapping, field: str) -> bool:
    return field in dict(mapping.constants) and mapping.reading(field) is None


def needs_origin(candidate: str) -> bool:
    """Whether an answer also needs a date: that of day 0, or the first day of a list without years."""
    return candidate.startswith(("form: day_number", ingest.ASKED_DAY))


def answered(sheet: SheetProposal, question: Question, candidate: str, *, origin: str = "") -> SheetProposal:
    """The proposal after one answer, offered or of a form that :func:`meant` gives; another kind may ask anew.

    Raises:
        UnknownName: if the answer is none of the question's.
        BadInput: if the date of day 0 is needed and missing.
    """
    if candidate not in choices(question) and not _is_own(sheet, question, candidate):
        raise UnknownName("answer", candidate, choices(question))
    left = tuple(each for each in sheet.questions if each != question)
    if question.what == "kind":
        if candidate == sheet.mapping.kind:
            return replace(sheet, questions=left)
        guess = ingest.guess(sheet.sheet, hint=candidate)
        asked = tuple(each for each in guess.unsure if each.what != "kind")
        return SheetProposal(sheet.sheet, guess.mapping, guess.confidence, asked, guess.alternatives)
    if needs_origin(candidate) and not _is_day(origin):
        wanted = "the first day of the list" if candidate == ingest.ASKED_DAY else "the date of day 0"
        raise BadInput(f"This answer needs {wanted}, not {origin!r}.", expected="A date such as 2024-01-01.")
    if candidate == ingest.ASKED_DAY or candidate.startswith(ingest.SINCE):
        return replace(sheet, mapping=_since(sheet, question.what, candidate, origin), questions=left)
    return replace(sheet, mapping=_mapping(sheet.mapping, question.what, candidate, origin), questions=left)


def _since(sheet: SheetProposal, field: str, candidate: str, origin: str) -> Mapping:
    """The mapping with the first day that a column of days without a year can hold."""
    since = candidate.removeprefix(ingest.SINCE) if candidate.startswith(ingest.SINCE) else origin
    mapping = sheet.mapping
    readings = (
        ingest.dated(each, since, [row[mapping.position(each.column)] for row in sheet.sheet.sample])
        if each.field == field
        else each
        for each in mapping.readings
    )
    return replace(mapping, readings=tuple(readings))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _mapping(mapping: Mapping, field: str, candidate: str, origin: str) -> Mapping:
    if candidate == LEAVE_EMPTY:
        readings = tuple(each for each in mapping.readings if each.field != field)
        constants = tuple((name, value) for name, value in mapping.constants if name != field)
        return replace(mapping, readings=readings, constants=constants)
    if candidate.startswith(_VALUE):
        told = {**dict(mapping.constants), field: candidate.removeprefix(_VALUE).strip()}
        return replace(mapping, constants=tuple(sorted(told.items())))
    if (turned := _turned(mapping, field, candidate)) is not None:
        return turned
    return replace(mapping, readings=tuple(_reading(each, field, candidate, origin) for each in mapping.readings))


def _turned(mapping: Mapping, field: str, candidate: str) -> Mapping | None:
    """The mapping with sender and receiver in each other's place, where the column chosen for one is the other's."""
    other = next((each.field for each in mapping.readings if each.column == candidate), "")
    ends = [name.partition("_")[0] for name in (field, other)]
    if sorted(ends) != ["receiver", "sender"]:
        return None
    turn = dict(zip(ends, reversed(ends), strict=True))
    names = {each.field: each.field.partition("_") for each in mapping.readings}
    return replace(
        mapping,
        readings=tuple(
            replace(each, field=turn[end] + bar + what, confidence=1.0) if end in turn else each
            for each in mapping.readings
            for end, bar, what in [names[each.field]]
        ),
    )


def _reading(reading: Reading, field: str, candidate: str, origin: str) -> Reading:  # noqa: PLR0911  one a form of answer
    if reading.field != field:
        return reading
    if candidate.startswith(_RULE):
        told = ingest.rule_of(candidate)
        kept = tuple((word, way) for word, way in reading.words if word not in dict(told))
        return replace(reading, words=(*kept, *told), confidence=1.0)
    setting, colon, value = candidate.partition(": ")
    if needs_origin(candidate):
        return replace(reading, form="day_number", origin=origin, confidence=1.0)
    chosen = value.split(" ")[0]
    if colon and setting == "scale":
        return replace(reading, scale=chosen, confidence=1.0)
    if colon and setting == "order":
        return replace(reading, order=chosen, confidence=1.0)
    if colon and setting == "form":
        return replace(reading, form=chosen, confidence=1.0)
    return replace(reading, column=candidate, confidence=1.0)


def remapped(sheet: SheetProposal, chosen: Mapping_[str, str]) -> SheetProposal:
    """The proposal with each column read as the field a person chose for it; a column left out is not read.

    How a field is written (scale, order, form) stays where its column stays; a field that moved to another column is
    asked about anew.

    Raises:
        BadMapping: with everything that does not fit.
    """
    before = {(each.column, each.field): each for each in sheet.mapping.readings}
    readings = tuple(
        before.get((column, field), Reading(field, column))
        for column in sheet.mapping.headers
        if (field := chosen.get(column, ""))
    )
    mapping = replace(sheet.mapping, readings=(*_standing_in(sheet, chosen), *readings, *_parts(sheet, readings)))
    problems = ingest.mapping_problems(mapping, sheet.sheet)
    if problems:
        raise BadMapping(sheet.sheet.file, problems, way_out="Choose other fields.")
    kept = {each.field for each in readings if (each.column, each.field) in before}
    asked = tuple(each for each in sheet.questions if each.what in kept and not set(each.candidates) & {*chosen})
    asked += tuple(each for each in ingest.unit_questions(sheet.sheet, mapping) if each.what not in kept)
    return replace(sheet, mapping=mapping, questions=asked)


def _parts(sheet: SheetProposal, chosen: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """The other fields of columns whose cells hold several, where the one that was seen stays as it was."""
    split = {each.column for each in chosen if each.form in SPLIT and each in sheet.mapping.readings}
    taken = {each.field for each in chosen}
    return tuple(
        each
        for each in sheet.mapping.readings
        if each.column in split and each.form in SPLIT and each.field not in taken
    )


def _standing_in(sheet: SheetProposal, chosen: Mapping_[str, str]) -> tuple[Reading, ...]:
    """The reading of the record's own time from a column of another time, where that column is still read as it was."""
    own = sheet.mapping.reading(OWN_TIME[sheet.mapping.kind])
    others = {each.field for each in sheet.mapping.readings if own is not None and each.column == own.column}
    if own is None or own.field in chosen.values() or chosen.get(own.column, "") not in others - {own.field}:
        return ()
    return (own,)


def rekinded(sheet: SheetProposal, kind: str) -> SheetProposal:
    """The proposal read as another record kind, its columns guessed anew.

    Raises:
        UnknownName: if there is no such kind.
        BadInput: if the sheet has not what that kind requires.
    """
    if kind not in RECORDS:
        raise UnknownName("record kind", kind, list(RECORDS))
    guess = ingest.guess(sheet.sheet, hint=kind)
    if guess.confidence <= 0:
        raise BadInput(f"{sheet.sheet.file} is no {kind}: {guess.reason}", way_out="Choose another kind.")
    asked = tuple(each for each in guess.unsure if each.what != "kind")
    # A cell that was put right is right whatever its row is taken for.
    mapping = replace(guess.mapping, repairs=sheet.mapping.repairs)
    return SheetProposal(sheet.sheet, mapping, guess.confidence, asked, guess.alternatives)


def fields_for(kind: str) -> tuple[str, ...]:
    """The fields that a column of a record kind can be read as."""
    own = tuple(each.name for each in RECORDS[kind].columns if not each.key and each.name != "is_day_only")
    return own + tuple(SIDED.get(kind, ())) + (tuple(JOURNEY_FIELDS) if kind == "crossing" else ())
