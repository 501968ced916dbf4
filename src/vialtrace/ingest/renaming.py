"""A guess made under other headers than the file's own, told in the words of the file."""

from __future__ import annotations

from dataclasses import replace

from vialtrace.model.mapping import Guess, Question, Reading, Sheet


def in_words_of(guess: Guess, sheet: Sheet, told: dict[str, str]) -> Guess:
    """A guess in the words of ``sheet``; ``told`` has the file's own name of each header that the guess knows."""
    mapping = guess.mapping
    readings = tuple(_renamed(each, told) for each in mapping.readings)
    rules = tuple(replace(each, column=told[each.column]) for each in mapping.exclusions)
    mapping = replace(mapping, headers=sheet.headers, readings=readings, exclusions=rules)
    return replace(guess, mapping=mapping, unsure=tuple(_asked(each, told) for each in guess.unsure))


def _renamed(reading: Reading, told: dict[str, str]) -> Reading:
    return replace(
        reading,
        column=told[reading.column],
        otherwise=tuple(told[each] for each in reading.otherwise),
        then=tuple(told[each] for each in reading.then),
    )


def _asked(question: Question, told: dict[str, str]) -> Question:
    why = question.why
    for new, old in told.items():
        why = why.replace(repr(new), repr(old))
    return replace(question, candidates=tuple(told.get(each, each) for each in question.candidates), why=why)
