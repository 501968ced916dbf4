"""Answers that a person has written down: the same questions about the next files need not be asked again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from vialtrace.actions.adding import Proposal, SheetProposal, Survey
from vialtrace.actions.answering import answered, choices, meant, needs_origin
from vialtrace.errors import BadInput
from vialtrace.model.mapping import Question

_DAY_0 = "day_0"


@dataclass(frozen=True)
class SavedAnswers:
    """Answers by the file they are for (its name, ``name#sheet``, or a pattern such as ``工行*.csv``) and question."""

    path: str
    by_file: Mapping[str, Mapping[str, Any]]


def read_answers(path: Path) -> SavedAnswers:
    """The answers in a YAML file: file to question to answer.

    Raises:
        BadInput: if there is no such file, or it is of another form.
    """
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as refusal:
        raise BadInput(
            f"The answers {path} cannot be read.", expected="A YAML file in UTF-8.", way_out="Check the path."
        ) from refusal
    is_form = isinstance(told, dict) and all(isinstance(each, dict) for each in told.values())
    if not is_form:
        raise BadInput(
            f"{path.name} holds no answers.",
            expected="A file's name, and under it each question with its answer, like flow: {借: out, 贷: in}.",
            way_out="Mend the file.",
        )
    return SavedAnswers(
        path.name, {str(name): {str(what): said for what, said in each.items()} for name, each in told.items()}
    )


def with_answers(found: Survey, saved: SavedAnswers) -> tuple[Survey, tuple[str, ...]]:
    """The survey with the saved answers given, and those that no question asked for.

    Raises:
        UnknownName: if an answer is none of its question's.
        BadInput: if the date of day 0 is needed and missing.
    """
    used: set[tuple[str, str]] = set()
    proposals = tuple(
        replace(each, sheets=tuple(_settled(each, sheet, saved, used) for sheet in each.sheets))
        for each in found.proposals
    )
    every = [(name, what) for name, answers in saved.by_file.items() for what in answers]
    unused = tuple(f"{name}: {what}" for name, what in every if (name, what) not in used)
    return replace(found, proposals=proposals), unused


def _settled(
    proposal: Proposal, sheet: SheetProposal, saved: SavedAnswers, used: set[tuple[str, str]]
) -> SheetProposal:
    names = (f"{proposal.name}#{sheet.sheet.sheet}", proposal.name)
    if not sheet.questions:
        return sheet
    while (asked := _next(sheet, names, saved)) is not None:
        question, name = asked
        used.add((name, question.what))
        sheet = _answered(sheet, question, saved.by_file[name][question.what], f"{saved.path}, {name}")
    return sheet if sheet.questions else sheet.settled(sheet.mapping)


def _next(sheet: SheetProposal, names: tuple[str, str], saved: SavedAnswers) -> tuple[Question, str] | None:
    """The first open question that is answered, and under which name; an exact name before a pattern."""
    ordered = sorted(saved.by_file, key=lambda pattern: pattern not in names)
    for question in sheet.questions:
        for pattern in ordered:
            is_for = pattern in names or any(fnmatchcase(name, pattern) for name in names)
            if is_for and question.what in saved.by_file[pattern]:
                return question, pattern
    return None


def _answered(sheet: SheetProposal, question: Question, said: Any, where: str) -> SheetProposal:
    origin = ""
    if isinstance(said, dict) and _DAY_0 in said:
        day = said[_DAY_0]
        origin = day.isoformat() if isinstance(day, date) else str(day)
        text = next((each for each in choices(question) if needs_origin(each)), "")
    elif isinstance(said, dict):
        text = ", ".join(f"{code}={way}" for code, way in said.items())
    else:
        text = str(said)
    try:
        return answered(sheet, question, meant(sheet, question, text), origin=origin)
    except BadInput as refusal:
        raise BadInput(
            f"The answer to {question.what} in {where} does not fit: {refusal}", way_out="Mend the answer."
        ) from refusal
