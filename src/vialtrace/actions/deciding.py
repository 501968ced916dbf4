"""Decide what a run found: accept, reject, hold, merge, split, mark as over-shared, note; or withdraw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.compute as pc

from vialtrace.actions.behind import parts
from vialtrace.actions.desk import Desk
from vialtrace.errors import BadInput, UnknownName
from vialtrace.pipeline import (
    ACTS,
    CREDIBILITY,
    GRADE,
    IDENTITIES,
    JUDGEMENTS,
    OVERSHARED,
    PROCEDURAL,
    RELIABILITY,
    STATUS,
    UNGRADED,
    WITHDRAW,
    in_force,
)
from vialtrace.store import Case, Entry

_SUBJECTS = (
    ("network", "network_id", "network"),
    ("party", "party_id", "party"),
    ("evidence", "evidence_id", "evidence"),
    ("claim", "evidence_id", "evidence"),
    ("merge", "merge_id", "merge"),
    ("party_identifier", "identifier_id", "identifier"),
    ("judged", "subject_id", ""),
)
"""Where the id of each kind of subject stands; what was rejected stands among what was judged."""


@dataclass(frozen=True)
class Decided:
    """A decision as entered, and what it takes effect on."""

    entry: Entry
    takes_effect: str


def decide(
    folder: Path, subject: str, act: str, desk: Desk, *, other: str = "", why: str = "", on: str = "", source: str = ""
) -> Decided:
    """Enter a decision into the ledger: who, when, on what, and why. It is never changed; a later one may overrule it.

    ``accept``, ``reject`` and ``hold`` judge a network, a party (in the network ``other``, or everywhere), a claim, or
    a merge (why two records were taken for one party); ``overshared`` says that too many people use an identifier, so
    that it may join nobody;
    ``merge`` and ``split`` say that two parties are one, or not, and a party can be split from one of its own
    identifiers (by the id its part would have); ``withdraw`` undoes what is in force between two; ``status`` gives a
    party's procedural status (in ``other``) with its day and source; ``grade`` gives a source its reliability and the
    credibility of what it says (in ``other``: ``B2``), or a claim its credibility alone (``2``), and ``none`` takes a
    grade back; ``note`` only adds a remark.

    Raises:
        UnknownName: if the act, or what it names, is not known.
        BadInput: if a reason or the other party is missing.
    """
    if act not in ACTS:
        raise UnknownName("decision", act, ACTS)
    if not why.strip():
        raise BadInput(
            "A decision needs a reason.", expected="A sentence after --why.", way_out="Repeat the command with --why."
        )
    if act == STATUS:
        _check_status(other, on, source)
    if act in IDENTITIES and (not other or other == subject):
        raise BadInput(
            f"To {act} takes two different parties.", expected=f"vialtrace decide CASE PARTY {act} OTHER --why REASON"
        )
    case = desk.open(folder)
    # What a withdrawn decision spoke of may be gone from the last run.
    kind = "decision" if act == WITHDRAW else _graded(case, subject, other) if act == GRADE else _kind_of(case, subject)
    _check_kind(subject, kind, act)
    is_part = (
        other in {each["part_id"] for each in parts(desk.shelf(case.run()), subject)}
        if kind == "party" and other
        else False
    )
    if other and act not in (STATUS, GRADE, WITHDRAW) and not (is_part and act == "split"):
        other_kind = _kind_of(case, other)
        if other_kind != ("party" if act in IDENTITIES else "network"):
            raise BadInput(
                f"{other} is a {other_kind}.",
                expected="A party to merge or split, or the network a party is judged in.",
            )
    if act == WITHDRAW and not _in_force(case, subject, other):
        raise BadInput(
            f"Nothing is decided on {subject}{' and ' + other if other else ''}.", expected="A decision in force."
        )
    payload = {"act": act, "subject": subject, "subject_kind": kind, "other": other, "run": case.run().digest}
    payload |= {"on": on, "source": source} if act == STATUS else {}
    with case.writing("decide"):
        entry = case.ledger.append(
            "decision", f"{act} {subject}{' ' + other if other else ''}", who=desk.who, why=why, payload=payload
        )
    return Decided(
        entry,
        {"note": "at once", STATUS: "with the next report", GRADE: "with the next report"}.get(
            act, "with the next run"
        ),
    )


def _check_kind(subject: str, kind: str, act: str) -> None:
    """See that what is decided can be decided of such a thing."""
    if act in (*IDENTITIES, STATUS) and kind != "party":
        raise BadInput(f"{subject} is a {kind}.", expected="A party." if act == STATUS else f"Two parties to {act}.")
    if act == OVERSHARED and kind != "identifier":
        raise BadInput(
            f"{subject} is a {kind}.", expected="An identifier, by its id as `vialtrace show PARTY` lists it."
        )
    if act in JUDGEMENTS and kind == "identifier":
        raise BadInput(
            f"{subject} is an identifier.", expected=f"`{OVERSHARED}`, `withdraw` or `note` for an identifier."
        )


def _check_status(status: str, on: str, source: str) -> None:
    """See that a procedural status is one of those there are, and has its day and source: it is never inferred."""
    if status not in PROCEDURAL:
        raise UnknownName("procedural status", status, PROCEDURAL)
    try:
        date.fromisoformat(on)
    except ValueError as refusal:
        raise BadInput(f"{on!r} is no day.", expected="--on YYYY-MM-DD, the day of the status.") from refusal
    if not source.strip():
        raise BadInput("A procedural status needs its source.", expected="--source, the paper that says so.")


def _graded(case: Case, subject: str, code: str) -> str:
    """What is graded: a source, by its file's name, or a claim; and that the grade is one there is for it."""
    if any(each.name == subject for each in case.sources):
        known = [f"{letter}{number}" for letter in RELIABILITY for number in CREDIBILITY]
        kind = "source"
    elif (kind := _kind_of(case, subject)) == "evidence":
        known = list(CREDIBILITY)
    else:
        raise BadInput(
            f"{subject} is a {kind}.", expected="A source, by the name of its file, or a claim.", way_out="Grade those."
        )
    if code not in (*known, UNGRADED):
        raise UnknownName("grade", code, [*known, UNGRADED])
    return kind


def _in_force(case: Case, subject: str, other: str) -> bool:
    """Whether a decision stands between the two, whichever is named first."""
    return any({each.subject, each.other} == {subject, other} for each in in_force(case.ledger.entries("decision")))


def _kind_of(case: Case, name: str) -> str:
    """What an id names in the last run."""
    tables = case.run().tables
    for table, column, kind in _SUBJECTS:
        hits = pc.equal(tables[table][column], name)
        if pc.any(hits).as_py():
            return kind or str(tables[table].filter(hits)["subject_kind"][0].as_py())
    # What a decision in force took out of the run may be spoken of all the same.
    for entry in case.ledger.entries("decision"):
        if entry.payload.get("subject") == name:
            return str(entry.payload.get("subject_kind", ""))
    raise UnknownName(
        "network, party, claim, merge or identifier",
        name,
        [str(each) for each in tables["network"]["network_id"].to_pylist()],
    )
