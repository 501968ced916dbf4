"""Questions that only a person can answer, asked one at a time."""

from __future__ import annotations

from dataclasses import replace

import typer

from vialtrace.actions import Proposal, SheetProposal, Survey
from vialtrace.cli.screen import say, table


def answers(found: Survey) -> Survey:
    """The survey with each open question answered: yes to the guess, or the file left out."""
    return replace(found, proposals=tuple(each for each in map(_asked, found.proposals) if each is not None))


def _asked(proposal: Proposal) -> Proposal | None:
    if not proposal.questions:
        return proposal
    settled = []
    for sheet in proposal.sheets:
        if not sheet.questions:
            settled.append(sheet)
            continue
        _describe(proposal, sheet)
        if typer.confirm("Read it so? (no leaves the sheet out)", default=False):
            settled.append(sheet.settled(sheet.mapping))
    return replace(proposal, sheets=tuple(settled)) if settled else None


def _describe(proposal: Proposal, sheet: SheetProposal) -> None:
    shown = f"{proposal.path.name}#{sheet.sheet.sheet}" if sheet.sheet.sheet else proposal.path.name
    say(f"{shown}: {sheet.mapping.kind}, {sheet.confidence:.0%} sure", style="bold")
    examples = {
        header: [row[place] for row in sheet.sheet.sample if place < len(row) and row[place]]
        for place, header in enumerate(sheet.sheet.headers)
    }
    table(
        ("column", "field", "sure", "examples"),
        [
            (each.column, each.field, f"{each.confidence:.0%}", ", ".join(examples.get(each.column, [])[:3]))
            for each in sheet.mapping.readings
        ],
    )
    for question in sheet.questions:
        candidates = f" ({', '.join(question.candidates)})" if question.candidates else ""
        say(f"  ? {question.what}{candidates}: {question.why}", style="yellow")
