"""What people have decided, as tables that the stages read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pyarrow as pa

from vialtrace.kit.ids import canonical, digest
from vialtrace.model import table
from vialtrace.store import Entry
from vialtrace.store.form import arrow_schema

JUDGEMENTS = ("accept", "reject", "hold")
IDENTITIES = ("merge", "split")
OVERSHARED = "overshared"
STATUS = "status"
PROCEDURAL = ("under_investigation", "detained", "arrest_approved", "charged", "released")
GRADE = "grade"
# The admiralty code as UNODC and Europol use it: how reliable a source is, how far what it says is confirmed.
RELIABILITY = ("A", "B", "C", "D", "X")
CREDIBILITY = ("1", "2", "3", "4", "X")
UNGRADED = "none"
WITHDRAW = "withdraw"
ACTS = (*JUDGEMENTS, *IDENTITIES, OVERSHARED, STATUS, GRADE, WITHDRAW, "note")


@dataclass(frozen=True)
class Grade:
    """A grade as a person gave it: ``B2`` for a source, ``2`` for a claim; by whom, on which day, and why."""

    code: str
    who: str
    on: str
    why: str


@dataclass(frozen=True, order=True)
class Decision:
    """One decision in force: what is done to ``subject``, and to which ``other`` where two are concerned."""

    subject: str
    other: str
    act: str
    kind: str = field(default="", compare=False)

    @property
    def key(self) -> str:
        """A name that depends on what was decided only, not on who did or when."""
        return "D" + digest(canonical([self.subject, self.other, self.act]))[:15]


def in_force(entries: Iterable[Entry]) -> tuple[Decision, ...]:
    """The decisions in force: the last word on each subject counts, and a note decides nothing.

    A decision that was withdrawn is as if it had never been taken; both stay in the ledger.
    """
    last: dict[tuple[str, str, bool], Decision] = {}
    for entry in entries:
        act = str(entry.payload.get("act", ""))
        if entry.kind != "decision" or act not in (*JUDGEMENTS, *IDENTITIES, OVERSHARED, WITHDRAW):
            continue
        subject, other = str(entry.payload["subject"]), str(entry.payload.get("other", ""))
        if act == WITHDRAW:
            one, two = sorted((subject, other))
            for key in ((subject, other, False), (other, subject, False), (one, two, True)):
                last.pop(key, None)
            continue
        if act in IDENTITIES:
            subject, other = sorted((subject, other))
        last[subject, other, act in IDENTITIES] = Decision(
            subject, other, act, str(entry.payload.get("subject_kind", ""))
        )
    return tuple(sorted(last.values()))


def statuses(entries: Iterable[Entry]) -> dict[str, tuple[str, str, str]]:
    """The procedural status of each party as last entered: the status, since which day, and by which source."""
    return {
        str(entry.payload["subject"]): (
            str(entry.payload["other"]),
            str(entry.payload["on"]),
            str(entry.payload["source"]),
        )
        for entry in entries
        if entry.kind == "decision" and entry.payload.get("act") == STATUS
    }


def reasons(entries: Iterable[Entry]) -> dict[tuple[str, str], tuple[str, str, str]]:
    """Who decided last on each subject (and other), when, and why; a note decides nothing."""
    told: dict[tuple[str, str], tuple[str, str, str]] = {}
    for entry in entries:
        if entry.kind != "decision" or entry.payload.get("act") not in (*JUDGEMENTS, *IDENTITIES, OVERSHARED):
            continue
        subject, other = str(entry.payload["subject"]), str(entry.payload.get("other", ""))
        if entry.payload["act"] in IDENTITIES:
            subject, other = sorted((subject, other))
        told[subject, other] = (entry.who, entry.at, entry.why)
    return told


def grades(entries: Iterable[Entry]) -> dict[str, Grade]:
    """The grade of each source and claim as a person last gave it; what nobody graded is not in it."""
    found: dict[str, Grade] = {}
    for entry in entries:
        if entry.kind == "decision" and entry.payload.get("act") == GRADE:
            subject, code = str(entry.payload["subject"]), str(entry.payload["other"])
            found.pop(subject, None)
            if code != UNGRADED:
                found[subject] = Grade(code, entry.who, entry.at[:10], entry.why)
    return found


def tables(decisions: Iterable[Decision]) -> dict[str, pa.Table]:
    """The tables ``decision`` and ``party_decision``."""
    judged = [each for each in decisions if each.act in (*JUDGEMENTS, OVERSHARED)]
    joined = [each for each in decisions if each.act in IDENTITIES]
    return {
        "decision": pa.table(
            [
                [each.key for each in judged],
                [each.act for each in judged],
                [each.kind for each in judged],
                [each.subject for each in judged],
                [each.other for each in judged],
            ],
            schema=arrow_schema(table("decision")),
        ),
        "party_decision": pa.table(
            [[each.subject for each in joined], [each.other for each in joined], [each.act for each in joined]],
            schema=arrow_schema(table("party_decision")),
        ),
    }
