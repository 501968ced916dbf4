"""Questions that only a person can answer, asked one at a time."""

from __future__ import annotations

from dataclasses import replace

import typer

from vialtrace.actions import (
    Proposal,
    SheetProposal,
    Survey,
    answered,
    choices,
    examples,
    meant,
    needs_origin,
    own_words,
)
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
    shown = f"{proposal.name}#{sheet.sheet.sheet}" if sheet.sheet.sheet else proposal.name
    _describe(shown, sheet)
    while sheet.questions:
        question = sheet.questions[0]
        say(f"? {question.what}: {question.why}", style="yellow")
        for number, candidate in enumerate(choices(question), start=1):
            say(f"  {number}  {candidate}")
        if hint := own_words(sheet, question):
            say(f"  {hint}")
        try:
            candidate = meant(sheet, question, typer.prompt("Which", default="1"))
            origin = typer.prompt("That day (YYYY-MM-DD)") if needs_origin(candidate) else ""
            sheet = answered(sheet, question, candidate, origin=origin)
        except BadInput as refusal:
            say(str(refusal), style="red")
    return sheet.settled(sheet.mapping)


def _describe(shown: str, sheet: SheetProposal) -> None:
    say(f"{shown}: {sheet.mapping.kind}, {sheet.confidence:.0%} sure", style="bold")
    rows = [
        (each.column, each.field or "–", f"{each.confidence:.0%}", "  ".join(shown.before for shown in each.examples))
        for each in examples(sheet)
    ]
    table(("column", "field", "sure", "received (masked)"), rows)
