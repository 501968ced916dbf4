"""What people decided, beside what the evidence makes of it: who, when, why, and whether it was heeded already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from vialtrace import pipeline
from vialtrace.casefile.shelf import Shelf
from vialtrace.casefile.veil import Veil
from vialtrace.store import Case, Run

Told = dict[str, Any]


def judged_told(case: Case, made: Run | None, hidden: Veil | None = None) -> list[Told]:
    """Every judgement in force: what it is on, by whom, why, and the tool's own assessment beside it.

    ``is_heeded`` says whether the last run was made with it. With ``hidden``, a party is called as that veil calls it.
    """
    entries = case.ledger.entries("decision")
    said = pipeline.reasons(entries)
    weighed = {row["decision_id"]: row for row in Shelf(made.tables).all_rows("judged")} if made else {}
    heeded = set(Shelf(made.tables).arrow("decision")["decision_id"].to_pylist()) if made else set()
    told = []
    for each in pipeline.in_force(entries):
        if each.act not in (*pipeline.JUDGEMENTS, pipeline.OVERSHARED):
            continue
        row = weighed.get(each.key, {})
        who, at, why = said[each.subject, each.other]
        told.append(
            {
                "act": each.act,
                "kind": each.kind or row.get("subject_kind") or "",
                "subject": each.subject,
                "other": each.other,
                "called": hidden.called(each.subject) if hidden and each.kind == "party" else each.subject,
                "network": row.get("network_id") or each.other or None,
                "role": row.get("role"),
                "score": row.get("score"),
                "weight": row.get("score_weight"),
                "is_left_out": bool(row.get("is_left_out")),
                "is_heeded": each.key in heeded,
                "who": who,
                "at": at,
                "why": why,
            }
        )
    return told


def graded(case: Case, name: str) -> Told | None:
    """The grade that a person gave a source or a claim; None where nobody did."""
    found = pipeline.grades(case.ledger.entries("decision")).get(name)
    return asdict(found) if found else None


def on(told: Iterable[Told], names: Iterable[str], network_id: str = "") -> list[Told]:
    """The judgements on any of ``names``; of those on a party in one network, that network's."""
    wanted = set(names)
    return [
        each for each in told if each["subject"] in wanted and (not network_id or each["other"] in ("", network_id))
    ]


def notes_on(case: Case, names: Iterable[str]) -> list[Told]:
    """The notes people left on any of ``names``, the last first."""
    wanted = set(names)
    return [
        {"who": entry.who, "at": entry.at, "why": entry.why, "subject": str(entry.payload["subject"])}
        for entry in reversed(case.ledger.entries("decision"))
        if entry.payload.get("act") == "note" and entry.payload.get("subject") in wanted
    ]
