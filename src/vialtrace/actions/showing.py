"""Show what stands behind an id: a network, a member, a claim, a row and the like; and enter that it was looked at."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace import ingest, pipeline
from vialtrace.actions.behind import (
    decided_told,
    file_told,
    identifier_told,
    merge_told,
    organisation_told,
    part_told,
    veil_of,
)
from vialtrace.actions.desk import Desk
from vialtrace.actions.judged import graded, judged_told, on
from vialtrace.actions.places import place_in
from vialtrace.actions.previewing import as_read
from vialtrace.actions.reporting import fields_of
from vialtrace.casefile.cells import Notes, RowViewer
from vialtrace.casefile.claims import claims
from vialtrace.casefile.exhibits import twins_of
from vialtrace.casefile.scrub import scrubber
from vialtrace.casefile.shelf import Locator, Shelf
from vialtrace.casefile.veil import Veil
from vialtrace.casefile.wording import words
from vialtrace.errors import BadInput, UnknownName
from vialtrace.kit.ids import row_id
from vialtrace.model import RECORDS
from vialtrace.store import Case, Run

_BESIDE = 3
"""Rows shown on either side of one: enough to see whether it stands out in its file."""

_MERGED = ("merge_id", "explanation", "match_weight", "row_id")

_NOTES = Notes("withheld", "… ({n} characters in all)")


@dataclass(frozen=True)
class Shown:
    """What an id stands for, and what is known of it.

    ``kind`` is ``network``, ``member``, ``claim``, ``row``, ``merge``, ``identifier``, ``part``, ``place``, ``file``,
    ``organisation`` or ``decided``.
    """

    kind: str
    told: dict[str, Any]


def show(folder: Path, name: str, desk: Desk, *, limit: int = 20, language: str = "en") -> Shown:
    """What stands behind any id that is printed, or a row (``file:row``), with at most ``limit`` rows as received.

    Ids are those of networks, members (by any of their parties, and of parts they could be split into), claims,
    merges, identifiers, places of networks, files, and whatever was decided on. Donors and everybody else who is no
    member stand behind pseudonyms.

    Raises:
        UnknownName: if nothing is called so.
        BadInput: if it is the pseudonym of a protected party.
        WrongOrder: if the case has no run.
    """
    case = desk.open(folder)
    if name.startswith(("protected-", "person-")):
        raise BadInput(
            f"{name} stands for somebody who is no suspect.",
            expected="A member, a network, a claim, or another id that is printed.",
            way_out="Whom it stands for is not shown.",
        )
    run = case.run()
    found = _found(case, run, desk.shelf(run), name, limit, language)
    case.ledger.append("consultation", f"{found.kind} shown", who=desk.who, payload={"run": run.digest, "id": name})
    return found


def _found(case: Case, run: Run, shelf: Shelf, name: str, limit: int, language: str) -> Shown:
    networks = run.findings["networks"]
    for network in networks:
        if network["id"] == name:
            return Shown("network", network)
    members = [(network["id"], each) for network in networks for each in network["members"] if each["id"] == name]
    if members:
        network_id, member = members[0]
        told = {
            **member,
            "networks": [each for each, _ in members],
            "claims": _claim_ids(run, network_id, name),
            **_joined(shelf, network_id, name, member),
        }
        return Shown("member", told)
    if shelf.where("evidence", "evidence_id", [name]).num_rows:
        return Shown("claim", _claim(case, run, shelf, name, limit, language))
    if shelf.where("claim", "evidence_id", [name]).num_rows:
        # A rejected claim is evidence of nothing, and can be looked at and judged again all the same.
        as_claimed = {"evidence": run.tables["claim"], "evidence_row": run.tables["claim_row"]}
        return Shown(
            "claim",
            _claim(
                case, run, Shelf(ChainMap(as_claimed, cast("dict[str, pa.Table]", run.tables))), name, limit, language
            ),
        )
    return _of_another_kind(case, run, shelf, name, limit, language)


def _of_another_kind(case: Case, run: Run, shelf: Shelf, name: str, limit: int, language: str) -> Shown:
    """A file or a row, what decisions on identity speak of, a place, or what was judged and is no more."""
    if (file := file_told(case, shelf, name)) is not None:
        return Shown("file", file)
    if ":" in name:
        return Shown("row", _row(case, shelf, name))
    if (merged := merge_told(case, run, shelf, name)) is not None:
        told, hidden, rows = merged
        return Shown("merge", {**told, "as_received": rows_shown(case, shelf, hidden, rows[:limit])})
    members = {row["party_id"] for row in shelf.rows("member_alias", "alias_id", [name])} - {name}
    if members:
        return _found(case, run, shelf, min(members), limit, language)
    others = (
        ("identifier", identifier_told(case, run, shelf, name)),
        ("place", place_in(case, shelf, name, language)),
        ("part", part_told(case, shelf, name)),
        ("organisation", organisation_told(case, run, shelf, name)),
        ("decided", decided_told(case, run, name)),
    )
    for kind, found in others:
        if found is not None:
            return Shown(kind, found)
    raise UnknownName(
        "network, member, claim, merge, identifier, place, file or row",
        name,
        [str(network["id"]) for network in run.findings["networks"]],
        way_out="A row is written file:row.",
    )


def _joined(shelf: Shelf, network_id: str, name: str, member: dict[str, Any]) -> dict[str, Any]:
    """What a decision on identity can speak of: a member's identifiers that are shown, and its merges, by their ids."""
    also = shelf.where("member_alias", "network_id", [network_id]).filter(pc.field("party_id") == name)
    parties = [name, *also["alias_id"].to_pylist()]
    shown = {(each["type"], each["value"]) for each in member["identifiers"]}
    held = {
        row["identifier_id"]: {"id": row["identifier_id"], "type": row["identifier_type"], "value": row["value"]}
        for row in shelf.rows("party_identifier", "party_id", parties)
        if (row["identifier_type"], row["value"]) in shown
    }
    locate = Locator.of(shelf)
    merges = [
        {
            "id": row["merge_id"],
            "explanation": row["explanation"],
            "weight": row["match_weight"],
            "row": locate(row["row_id"]),
        }
        for row in shelf.rows("merge", "party_id", [name], _MERGED)
        if row["row_id"] is not None
    ]
    return {
        "held": list(held.values()),
        "merges": sorted(merges, key=lambda row: (-(row["weight"] or 0), row["row"])),
    }


def _claim_ids(run: Run, network_id: str, party_id: str) -> list[dict[str, Any]]:
    """The claims counted for or against a member, by id, weightiest first."""
    counted = run.tables["member_evidence"]
    chosen = counted.filter((pc.field("network_id") == network_id) & (pc.field("party_id") == party_id))
    rows = chosen.select(["evidence_id", "weight", "is_against"]).to_pylist()
    return sorted(rows, key=lambda row: (-abs(row["weight"]), row["evidence_id"]))


def _claim(case: Case, run: Run, shelf: Shelf, name: str, limit: int, language: str) -> dict[str, Any]:
    cited = shelf.where("member_evidence", "evidence_id", [name])["network_id"].to_pylist()
    network_id = min(cited) if cited else ""
    hidden = veil_of(case, shelf, network_id)
    said = words(language)
    found = claims(shelf, network_id, hidden, scrubber(shelf, hidden, [], said), said, also=frozenset({name}))[name]
    told = {key: value for key, value in asdict(found).items() if key not in {"exhibit", "row_ids", "ends"}}
    locate = Locator.of(shelf)
    return {
        **told,
        "networks": sorted(set(cited)),
        "judged": on(judged_told(case, run), {name}),
        "grade": graded(case, name),
        "rows": [locate(each) for each in found.row_ids],
        "as_received": rows_shown(case, shelf, hidden, list(found.row_ids[:limit])),
    }


def _row(case: Case, shelf: Shelf, name: str) -> dict[str, Any]:
    wanted = _row_id(shelf, name)
    twins = shelf.rows("duplicate", "row_id", [wanted])
    kept = twins[0]["same_as"] if twins else wanted
    resting = shelf.where("evidence_row", "row_id", [kept])["evidence_id"].to_pylist()
    cited = shelf.where("member_evidence", "evidence_id", resting)["network_id"].to_pylist()
    hidden = veil_of(case, shelf, min(cited) if cited else "")
    shown = rows_shown(case, shelf, hidden, [wanted])
    if not shown:
        raise UnknownName("row", name, None, way_out="The file has no such row below its header.")
    kinds = [kind for kind in RECORDS if shelf.where(kind, "row_id", [kept]).num_rows]
    quarantined = shelf.rows("quarantine", "row_id", [wanted])
    aside = shelf.rows("set_aside", "row_id", [wanted])
    locate = Locator.of(shelf)
    return {
        **shown[0],
        "source": wanted >> 32,
        "read": _as_read(case, shelf, hidden, wanted, kept),
        "repaired": _repaired(case, wanted),
        "neighbours": _neighbours(case, shelf, hidden, wanted),
        "flows": [
            {"network": row["network_id"], "flow": row["flow"]} for row in shelf.rows("flow_row", "row_id", [kept])
        ],
        "kind": kinds[0] if kinds else "",
        "quarantined": quarantined[0]["reason"] if quarantined else "",
        "set_aside": aside[0]["reason"] if aside else "",
        "same_as": locate(twins[0]["same_as"]) if twins else "",
        "known_by": twins[0]["identity"] if twins else "",
        "also_in": [locate(each) for each in twins_of(shelf, [wanted]).get(wanted, ())],
        "disagrees_in": [row["field"] for row in shelf.rows("disagreement", "row_id", [wanted])],
        "claims": sorted(resting),
    }


def _neighbours(case: Case, shelf: Shelf, hidden: Veil, wanted: int) -> list[dict[str, Any]]:
    """The rows before and after one in its file, veiled as it is, itself among them."""
    first = wanted - wanted % 2**32
    near = [each for each in range(wanted - _BESIDE, wanted + _BESIDE + 1) if each > first]
    return rows_shown(case, shelf, hidden, near)


def _row_id(shelf: Shelf, name: str) -> int:
    place, _, number = name.rpartition(":")
    files = {Locator.of(shelf).file(row_id(row["source_no"], 1)): row["source_no"] for row in shelf.all_rows("source")}
    if place not in files:
        raise UnknownName("source", place, sorted(files))
    if not (number.isascii() and number.isdigit() and len(number) <= 10) or not 0 < int(number) < 2**32:
        raise BadInput(f"{number!r} is no row number.", expected="file:row, such as waybill.csv:120.")
    return row_id(files[place], int(number))


def _viewer(case: Case, shelf: Shelf, hidden: Veil, row_ids: Sequence[int]) -> RowViewer:
    kept = [row["same_as"] for row in shelf.rows("duplicate", "row_id", row_ids)]
    named = set(shelf.where("mention", "row_id", [*row_ids, *kept], ["party_id"])["party_id"].to_pylist()) - {None}
    fields = fields_of(case, {each >> 32 for each in row_ids})
    return RowViewer(shelf, hidden, scrubber(shelf, hidden, named, words()), list(row_ids), fields=fields, notes=_NOTES)


def _as_read(case: Case, shelf: Shelf, hidden: Veil, wanted: int, kept: int) -> list[dict[str, str]]:
    """Each column of a row that is read: its header, its field, and the value as read; veiled where its cell is."""
    (found,) = [shelf.records_of([kept]).get(kept)]
    if found is None:
        return []
    kind, record = found
    viewer, fields = _viewer(case, shelf, hidden, [wanted]), fields_of(case, {wanted >> 32}).get(wanted >> 32, {})
    raw = pipeline.received(case, [wanted])[wanted]
    told = []
    for cell in viewer.show(wanted, raw):
        field = fields.get(cell.header, "")
        value = record.get(field)
        if cell.is_replaced or value is None:
            continue
        text = as_read(value, cell.text)
        # Free text is veiled; what was read as it stands in the file stands there veiled already.
        is_free = RECORDS[kind].column(field).kind_name == "text"
        shown = cell.text if text == raw.get(cell.header) else viewer.text(wanted, text) if is_free else text
        told.append({"column": cell.header, "field": field, "value": shown})
    return told


def _repaired(case: Case, wanted: int) -> list[str]:
    """The columns of a row in which a person put a cell right."""
    taken = {each.source_no: each for _, each in pipeline.sheets_of(case)}[wanted >> 32]
    mapping = ingest.from_yaml(case.mapping_text(taken.mapping), taken.mapping)
    return [each.column for each in mapping.repairs if each.row == wanted % 2**32]


def rows_shown(case: Case, shelf: Shelf, hidden: Veil, row_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Rows as received, with everybody who may not be named behind a pseudonym."""
    raw = pipeline.received(case, row_ids)
    viewer = _viewer(case, shelf, hidden, row_ids)
    locate = Locator.of(shelf)
    return [
        {"row": locate(each), "cells": {cell.header: cell.text for cell in viewer.show(each, raw[each])}}
        for each in row_ids
        if each in raw
    ]
