"""A place of a network: what it is for, who receives there, what came when and from where, what is claimed of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.actions.behind import veil_of
from vialtrace.actions.desk import Desk
from vialtrace.casefile.claims import claims
from vialtrace.casefile.flows import network_flows
from vialtrace.casefile.places import addresses
from vialtrace.casefile.scrub import scrubber
from vialtrace.casefile.shelf import Locator, Shelf
from vialtrace.casefile.veil import Veil
from vialtrace.casefile.wording import words
from vialtrace.errors import UnknownName
from vialtrace.store import Case

_MOST_ROWS = 40

Told = dict[str, Any]


def place_told(folder: Path, name: str, desk: Desk, *, language: str = "en") -> Told:
    """One place, with what hangs on it in each network that uses it; it is entered that it was looked at.

    An address that is a donor's home and no member's is shown by its city and district only; senders are counted, and
    nobody who may not be named is.

    Raises:
        UnknownName: if no network has a place called so.
        WrongOrder: if the case has no run.
    """
    case = desk.open(folder)
    made = case.run()
    shelf = desk.shelf(made)
    told = place_in(case, shelf, name, language)
    if told is None:
        raise UnknownName("place of a network", name, sorted(set(shelf.arrow("network_place")["place_id"].to_pylist())))
    case.ledger.append("consultation", "place shown", who=desk.who, payload={"run": made.digest, "id": name})
    return told


def place_in(case: Case, shelf: Shelf, name: str, language: str) -> Told | None:
    """One place as ``place_told`` tells it; None where no network has one called so."""
    used = shelf.rows("network_place", "place_id", [name])
    if not used:
        return None
    veils = {row["network_id"]: veil_of(case, shelf, row["network_id"]) for row in used}
    shown = {addresses(shelf, [name], hidden).get(name, "–") for hidden in veils.values()}
    known = shelf.rows("place", "place_id", [name])
    return {
        "id": name,
        # Where the networks' veils differ, the one that shows less.
        "address": min(shown, key=len),
        "region": known[0]["region"] if known else None,
        "networks": [_used(shelf, row, name, veils[row["network_id"]], language) for row in used],
    }


def _used(shelf: Shelf, row: Told, place_id: str, hidden: Veil, language: str) -> Told:
    network_id = row["network_id"]
    flows = network_flows(shelf, network_id, hidden)
    here = flows.filter(pc.fill_null(pc.equal(flows["place_id"], place_id), False))  # noqa: FBT003  the fill
    about = set()
    for end in ("subject_id", "object_id"):
        about |= set(shelf.where("evidence", end, [place_id])["evidence_id"].to_pylist())
    said = words(language)
    found = claims(shelf, network_id, hidden, scrubber(shelf, hidden, [], said), said, also=frozenset(about))
    locate = Locator.of(shelf)
    return {
        "network": network_id,
        "role": row["role"],
        "weight": row["weight"],
        "from_on": row["from_on"],
        "to_on": row["to_on"],
        "n": here.num_rows,
        "n_senders": pc.count_distinct(here["from_id"]).as_py(),
        "receivers": _receivers(here, hidden),
        "months": _counted(pc.strftime(pc.drop_null(here["at"]), format="%Y-%m")),
        "regions": _counted(pc.drop_null(here["region"])),
        "claims": [
            {
                "evidence_id": each.evidence_id,
                "sentence": each.sentence,
                "line": each.line,
                "weight": each.weight,
                "n_rows": len(each.row_ids),
            }
            for each in sorted(found.values(), key=lambda each: (-abs(each.weight), each.evidence_id))
            if each.evidence_id in about
        ],
        "rows": [locate(each) for each in sorted(here["row_id"].to_pylist())[:_MOST_ROWS]],
    }


def _receivers(here: pa.Table, hidden: Veil) -> list[Told]:
    """Who receives there: members by name, everybody else behind a pseudonym."""
    told = [
        {
            "id": each["values"] if each["values"] in hidden.members else None,
            "name": hidden.called(each["values"]),
            "n": each["counts"],
        }
        for each in pc.value_counts(pc.drop_null(here["to_id"])).to_pylist()
    ]
    return sorted(told, key=lambda each: (-each["n"], each["name"]))


def _counted(values: pa.ChunkedArray) -> list[Told]:
    counted = pc.value_counts(values).to_pylist()
    return sorted(({"value": each["values"], "n": each["counts"]} for each in counted), key=lambda each: each["value"])
