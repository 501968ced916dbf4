"""What a person's answer to a question about a sheet does to its mapping; every face asks, this says what follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from vialtrace import ingest
from vialtrace.actions.adding import SheetProposal
from vialtrace.errors import BadInput, UnknownName
from vialtrace.model.mapping import Mapping, Question, Reading

LEAVE_EMPTY = "(no column)"
"""An answer to any question about a field: none of the columns holds it."""


def choices(question: Question) -> tuple[str, ...]:
    """The answers a question can be given, the best guess first."""
    return question.candidates if question.what == "kind" else (*question.candidates, LEAVE_EMPTY)


def needs_origin(candidate: str) -> bool:
    """Whether an answer also needs the date of day 0."""
    return candidate.startswith("form: day_number")


def answered(sheet: SheetProposal, question: Question, candidate: str, *, origin: str = "") -> SheetProposal:
    """The proposal after one answer; answering the kind guesses the columns anew, and may ask anew.

    Raises:
        UnknownName: if the answer is none of the question's.
        BadInput: if the date of day 0 is needed and missing.
    """
    if candidate not in choices(question):
        raise UnknownName("answer", candidate, choices(question))
    left = tuple(each for each in sheet.questions if each != question)
    if question.what == "kind":
        if candidate == sheet.mapping.kind:
            return replace(sheet, questions=left)
        guess = ingest.guess(sheet.sheet, hint=candidate)
        asked = tuple(each for each in guess.unsure if each.what != "kind")
        return SheetProposal(sheet.sheet, guess.mapping, guess.confidence, asked, guess.alternatives)
    if needs_origin(candidate) and not _is_day(origin):
        raise BadInput(f"Day numbers need the date of day 0, not {origin!r}.", expected="A date such as 2024-01-01.")
    return replace(sheet, mapping=_mapping(sheet.mapping, question.what, candidate, origin), questions=left)


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
    return replace(mapping, readings=tuple(_reading(each, field, candidate, origin) for each in mapping.readings))


def _reading(reading: Reading, field: str, candidate: str, origin: str) -> Reading:  # noqa: PLR0911  one a form of answer
    if reading.field != field:
        return reading
    if candidate.startswith("words: "):
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
