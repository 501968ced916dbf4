"""Questions that only a person can answer, asked one at a time."""

from __future__ import annotations

from dataclasses import replace

import typer

from vialtrace.actions import Proposal, SheetProposal, Survey, answered, choices, needs_origin
from vialtrace.cli.screen import say, table
from vialtrace.errors import BadInput


def answers(found: Survey) -> Survey:
    """The survey with each open question answered."""
    return replace(found, proposals=tuple(map(_asked, found.proposals)))


def _asked(proposal: Proposal) -> Proposal:
    return replace(proposal, sheets=tuple(_settled(proposal, sheet) for sheet in proposal.sheets))


def _settled(proposal: Proposal, sheet: SheetProposal) -> SheetProposal:
    """One sheet, asked about until nothing is open."""
    if not sheet.questions:
        return sheet
    shown = f"{proposal.path.name}#{sheet.sheet.sheet}" if sheet.sheet.sheet else proposal.path.name
    _describe(shown, sheet)
    while sheet.questions:
        question = sheet.questions[0]
        offered = choices(question)
        say(f"? {question.what}: {question.why}", style="yellow")
        for number, candidate in enumerate(offered, start=1):
            say(f"  {number}  {candidate}")
        candidate = offered[_number(len(offered)) - 1]
        origin = typer.prompt("Date of day 0 (YYYY-MM-DD)") if needs_origin(candidate) else ""
        try:
            sheet = answered(sheet, question, candidate, origin=origin)
        except BadInput as refusal:
            say(str(refusal), style="red")
    return sheet.settled(sheet.mapping)


def _number(most: int) -> int:
    """A number from 1 to ``most``, asked for until one is given."""
    while True:
        number: int = typer.prompt("Which", default=1, type=int)
        if 1 <= number <= most:
            return number


def _describe(shown: str, sheet: SheetProposal) -> None:
    say(f"{shown}: {sheet.mapping.kind}, {sheet.confidence:.0%} sure", style="bold")
    examples = {
        header: [row[place] for row in sheet.sheet.sample if place < len(row) and row[place]]
        for place, header in enumerate(sheet.sheet.headers)
    }
    rows = [
        (each.column, each.field, f"{each.confidence:.0%}", ", ".join(examples.get(each.column, [])[:3]))
        for each in sheet.mapping.readings
    ]
    table(("column", "field", "sure", "examples"), rows)
