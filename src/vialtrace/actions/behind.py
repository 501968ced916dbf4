"""What stands behind the ids that decisions speak of: merges, identifiers, parts, places, files, what was judged.

A network, a member, a claim and a row are told in ``showing``. Whoever may not be named stands behind a pseudonym here
too, and what is known of them by number only is withheld.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from vialtrace import resolve
from vialtrace.actions.judged import graded, judged_told, notes_on, on
from vialtrace.casefile.shelf import Locator, Shelf
from vialtrace.casefile.veil import Veil, veil
from vialtrace.kit.ids import pseudonym
from vialtrace.store import Case, Run

Told = dict[str, Any]

_HELD = ("profile_no", "node", "identifier_type", "value")
_TOLD_OF_A_SHEET = ("sheet", "kind", "n_rows", "n_quarantined", "n_set_aside", "n_duplicates")


def veil_of(case: Case, shelf: Shelf, network_id: str) -> Veil:
    """The veil of a network's pages; of none, where only organisations are named."""
    key = case.pseudonym_key
    return veil(shelf, network_id, pseudonym=lambda party: pseudonym(key, party))


def merge_told(case: Case, run: Run, shelf: Shelf, name: str) -> tuple[Told, Veil, list[int]] | None:
    """Why two groups of rows were taken for one party; with the veil it is told behind, and the rows that show it."""
    found = shelf.rows("merge", "merge_id", [name])
    if not found:
        return None
    row = found[0]
    hidden, networks = _whose(case, shelf, [row["party_id"]])
    is_shown = row["value"] is not None and _is_shown(hidden, [row["party_id"]], row)
    rows = [each for each in (row["row_id"], row["other_row_id"]) if each is not None]
    locate = Locator.of(shelf)
    told = {
        "id": name,
        "party": _party(hidden, row["party_id"]),
        "networks": networks,
        "explanation": row["explanation"],
        "type": row["identifier_type"],
        "value": row["value"] if is_shown else None,
        "weight": row["match_weight"],
        "rows": [locate(each) for each in rows],
        "judged": on(judged_told(case, run), {name}),
        "notes": notes_on(case, {name}),
    }
    return told, hidden, rows


def identifier_told(case: Case, run: Run, shelf: Shelf, name: str) -> Told | None:
    """A number, name or address, and by whom it is used; its value only where somebody uses it who may be named."""
    found = shelf.rows("party_identifier", "identifier_id", [name])
    if not found:
        return None
    hidden, networks = _whose(case, shelf, [each["party_id"] for each in found])
    parties = [each["party_id"] for each in found]
    users = [{**_party(hidden, each["party_id"]), "n_rows": each["n_rows"]} for each in found]
    return {
        "id": name,
        "type": found[0]["identifier_type"],
        "value": found[0]["value"] if _is_shown(hidden, parties, found[0]) else None,
        "networks": networks,
        "parties": sorted(users, key=lambda each: (-(each["n_rows"] or 0), each["name"])),
        "merges": sorted(
            each["merge_id"]
            for each in shelf.rows("merge", "party_id", parties)
            if (each["identifier_type"], each["value"]) == (found[0]["identifier_type"], found[0]["value"])
        ),
        "judged": on(judged_told(case, run), {name}),
        "notes": notes_on(case, {name}),
    }


def file_told(case: Case, shelf: Shelf, name: str) -> Told | None:
    """A file as received: when and by whom it was added, its digest, its sheets, and the grade a person gave it."""
    added = next((each for each in case.sources if each.name == name), None)
    if added is None:
        return None
    sheets = [
        {each: row[each] for each in _TOLD_OF_A_SHEET}
        for row in shelf.all_rows("source")
        if row["file"] in (name, added.origin) and row["sha256"] == added.sha256
    ]
    return {
        "id": name,
        "sha256": added.sha256,
        "n_bytes": added.n_bytes,
        "added_at": added.added_at,
        "added_by": added.added_by,
        "sheets": sheets,
        "grade": graded(case, name),
        "notes": notes_on(case, {name}),
    }


def organisation_told(case: Case, run: Run, shelf: Shelf, name: str) -> Told | None:
    """An organisation that is no member: the networks whose flows touch it, and the claims that speak of it."""
    hidden, _ = _whose(case, shelf, [])
    if name not in hidden.organisations:
        return None
    ends = ("from_id", "to_id"), ("subject_id", "object_id")
    flows, claims = (
        [row[wanted] for end in pair for row in shelf.rows(table, end, [name])]
        for table, wanted, pair in zip(("flow_row", "evidence"), ("network_id", "evidence_id"), ends, strict=True)
    )
    return {
        "id": name,
        "name": hidden.called(name),
        "networks": sorted({str(each) for each in flows}),
        "claims": sorted({str(each) for each in claims}),
        "judged": on(judged_told(case, run), {name}),
        "notes": notes_on(case, {name}),
    }


def decided_told(case: Case, run: Run, name: str) -> Told | None:
    """What people decided on something that is not, or no longer, among what the run found; and their notes on it."""
    judged, notes = on(judged_told(case, run), {name}), notes_on(case, {name})
    if not judged and not notes:
        return None
    return {"id": name, "kind": judged[0]["kind"] if judged else "", "judged": judged, "notes": notes}


def part_told(case: Case, shelf: Shelf, name: str) -> Told | None:
    """The part of a member that a split would make, by the id it would have: what holds it, and whose part it is."""
    for row in shelf.rows("member", "party_id", sorted(set(shelf.arrow("member")["party_id"].to_pylist()))):
        hidden = veil_of(case, shelf, row["network_id"])
        for part in parts(shelf, row["party_id"]):
            if part["part_id"] == name and hidden.may_show(part["type"], part["value"]):
                whose = _party(hidden, row["party_id"])
                return {"id": name, "party": whose, **{each: part[each] for each in ("type", "value", "n_rows")}}
    return None


def parts(tables: Shelf, party_id: str) -> list[dict[str, Any]]:
    """The identifiers that hold a party together, each with the id a part split off at it would have.

    The identifier that names the party is left out: a party cannot be split from itself.
    """
    profiles = tables.where("belonging", "party_id", [party_id], ["profile_no"])["profile_no"].to_pylist()
    counted_rows = tables.rows("profile", "profile_no", profiles, ["profile_no", "n_rows"])
    n_rows = {row["profile_no"]: row["n_rows"] or 0 for row in counted_rows}
    held: dict[str, dict[str, Any]] = {}
    counted: dict[str, int] = defaultdict(int)
    for row in tables.rows("hold", "profile_no", profiles, _HELD):
        counted[row["node"]] += n_rows.get(row["profile_no"], 0)
        if row["value"] is not None:
            held.setdefault(row["node"], {"type": row["identifier_type"], "value": row["value"]})
    found = [{"part_id": resolve.part(node), **each, "n_rows": counted[node]} for node, each in sorted(held.items())]
    return [each for each in found if each["part_id"] != party_id]


def _whose(case: Case, shelf: Shelf, parties: list[str]) -> tuple[Veil, list[str]]:
    """The networks that a party of these is a member of, under any name, and the veil of the first."""
    found = {row["network_id"] for row in shelf.rows("member", "party_id", parties)}
    found |= {row["network_id"] for row in shelf.rows("member_alias", "alias_id", parties)}
    networks = sorted(found)
    return veil_of(case, shelf, networks[0] if networks else ""), networks


def _is_shown(hidden: Veil, parties: list[str], row: Told) -> bool:
    """Whether the value of an identifier may be told: a member uses it, and no donor."""
    is_theirs = any(hidden.as_member(each) in hidden.members for each in parties)
    return is_theirs and hidden.may_show(row["identifier_type"], row["value"])


def _party(hidden: Veil, party_id: str) -> Told:
    """A party as it may be told: a member with the id it is shown by, everybody else without one."""
    member = hidden.as_member(party_id)
    return {"id": member if member in hidden.members else None, "name": hidden.called(party_id)}
