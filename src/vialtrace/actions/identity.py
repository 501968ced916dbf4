"""A member as one person: why these records are one, what it could be split into, and what was decided about it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from vialtrace import pipeline
from vialtrace.actions.behind import parts
from vialtrace.actions.desk import Desk
from vialtrace.actions.judged import judged_told, notes_on, on
from vialtrace.actions.showing import show
from vialtrace.casefile.claims import claims
from vialtrace.casefile.lens import moved
from vialtrace.casefile.scrub import scrubber
from vialtrace.casefile.shelf import Locator
from vialtrace.casefile.telling import alias, lent
from vialtrace.casefile.veil import veil
from vialtrace.casefile.wording import words
from vialtrace.errors import UnknownName
from vialtrace.kit.ids import pseudonym
from vialtrace.store import Case

_SHOWN_ROWS = 3


def party_told(folder: Path, name: str, desk: Desk, *, language: str = "en") -> dict[str, Any]:
    """A member with its claims as sentences, why its records are one person, and what it can be split or joined with.

    Raises:
        UnknownName: if no member is called so.
        BadInput: if it is the pseudonym of a protected party.
        WrongOrder: if the case has no run.
    """
    case = desk.open(folder)
    made = case.run()
    members = {each["id"]: network for network in made.findings["networks"] for each in network["members"]}
    if name not in members and not name.startswith(("protected-", "person-")):
        raise UnknownName("member", name, list(members))
    told = show(folder, name, desk).told
    network_id = told["networks"][0]
    shelf = desk.shelf(made)
    key = case.pseudonym_key
    hidden = veil(shelf, network_id, pseudonym=lambda party: pseudonym(key, party))
    said = words(language)
    found = claims(shelf, network_id, hidden, scrubber(shelf, hidden, [], said), said)
    locate = Locator.of(shelf)
    listed = [
        {
            **each,
            "sentence": claim.sentence,
            "line": claim.line,
            "rows": [locate(row) for row in claim.row_ids[:_SHOWN_ROWS]],
            "n_rows": len(claim.row_ids),
        }
        for each in told["claims"]
        if (claim := found.get(each["evidence_id"]))
    ]
    listed_ids = [{"id": each["evidence_id"]} for each in listed]
    others = [
        {"party_id": each["id"], "name": hidden.called(each["id"]), "role": each["role"]}
        for each in members[name]["members"]
        if each["id"] != name
    ]
    concerned = {name, *(each["id"] for each in (*told["merges"], *told["held"], *listed_ids))}
    also = [each for each in shelf.rows("member_alias", "network_id", [network_id]) if each["party_id"] == name]
    split = [each for each in parts(shelf, name) if hidden.may_show(each["type"], each["value"])]
    return {
        **told,
        "claims": listed,
        "aliases": [
            {"reason": alias(each["reason"] or "", said), "chance": each["chance"]}
            for each in also
            if each["what"] != "account"
        ],
        "lent": lent([each["reason"] or "" for each in also if each["what"] == "account"], said),
        "judged": on(judged_told(case, made, hidden), concerned, network_id),
        "notes": notes_on(case, {name}),
        "moved": moved(shelf, network_id, name, hidden),
        "status": pipeline.statuses(case.ledger.entries("decision")).get(name),
        "parts": split,
        "others": others,
        "decisions": decisions_on(case, name, {each["part_id"] for each in split}),
    }


def decisions_on(case: Case, name: str, part_ids: set[str]) -> list[dict[str, Any]]:
    """The decisions in force that concern a party or a part of it."""
    concerned = {name} | part_ids
    return [
        asdict(each)
        for each in pipeline.in_force(case.ledger.entries("decision"))
        if {each.subject, each.other} & concerned
    ]
