"""Search a run for a name, a number (whole or masked), a handle or a word; who may not be named stays a pseudonym."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.actions.desk import Desk
from vialtrace.actions.showing import rows_shown
from vialtrace.casefile.shelf import Locator, Shelf
from vialtrace.casefile.veil import Veil, veil
from vialtrace.errors import BadInput
from vialtrace.kit.ids import pseudonym
from vialtrace.kit.names import script_table
from vialtrace.model import RECORDS
from vialtrace.store import Case

_SHORTEST = 2
_LONGEST = 200
_MASKS = "*＊?？•·x×X"

_TEXTS = (
    ("post", "text"),
    ("waybill", "waybill_no"),
    ("waybill", "contents"),
    ("order", "order_id"),
    ("order", "service"),
    ("payment", "payment_id"),
    ("payment", "memo"),
    ("seizure", "seizure_id"),
    ("seizure", "material"),
    ("declaration", "declaration_no"),
    ("declaration", "goods"),
    ("permit", "permit_no"),
)
"""Columns of records that tell of things, not of persons; persons are found by their identifiers."""


def search(folder: Path, query: str, desk: Desk, *, limit: int = 50) -> dict[str, Any]:
    """Parties, places and rows that ``query`` is found in; that it was asked is entered, without what was asked.

    A star stands for one hidden character (``138****5678``), in the query and in the records alike; capitals, full
    width and traditional forms make no difference.

    Raises:
        BadInput: if the query is too short or too long.
        WrongOrder: if the case has no run.
    """
    asked = unicodedata.normalize("NFKC", query).strip()
    if not _SHORTEST <= len(asked) <= _LONGEST:
        raise BadInput(
            f"{len(asked)} characters are {'too few' if len(asked) < _SHORTEST else 'too many'} to search for.",
            expected=f"{_SHORTEST} to {_LONGEST} characters.",
        )
    case = desk.open(folder)
    made = case.run()
    shelf = desk.shelf(made)
    networks = sorted(shelf.arrow("network")["network_id"].to_pylist())
    key = case.pseudonym_key
    veils = [veil(shelf, each, pseudonym=lambda party: pseudonym(key, party)) for each in networks or [""]]
    case.ledger.append(
        "consultation",
        "searched",
        who=desk.who,
        # What was asked may be a donor's name: the ledger keeps only what can be held against a known query.
        payload={"run": made.digest, "query": pseudonym(case.pseudonym_key, asked)},
    )
    parties = _parties(shelf, asked, veils)
    texts, n_texts = _texts(case, shelf, asked, veils[0], limit)
    return {
        "parties": parties[:limit],
        "n_parties": len(parties),
        "places": _places(shelf, asked)[:limit],
        "rows": texts,
        "n_rows": n_texts,
    }


def pattern(asked: str) -> str:
    """The query as a regular expression: stars are single characters, blanks and dashes in numbers do not count."""
    folded = unicodedata.normalize("NFKC", asked)
    is_number = bool(re.fullmatch(rf"[+\d\s\-{re.escape(_MASKS)}]+", folded)) and any(map(str.isdigit, folded))
    if is_number:
        return "".join("." if letter in _MASKS else re.escape(letter) for letter in re.sub(r"[\s\-]", "", folded))
    written = _ways_of_writing()
    return "".join("." if letter in "*＊" else written.get(letter) or re.escape(letter) for letter in folded)


@cache
def _ways_of_writing() -> dict[str, str]:
    """A character to the class of itself and its traditional and simplified forms."""
    alike: dict[str, set[str]] = defaultdict(set)
    for row in script_table().to_pylist():
        alike[row["simplified"]] |= {row["traditional"], row["simplified"]}
    return {letter: f"[{''.join(sorted(letters))}]" for letters in alike.values() for letter in letters}


def _found(column: pa.ChunkedArray, asked: str) -> pa.ChunkedArray:
    """Where the query stands in a text column, or a masked value could be what was asked for."""
    plain = pc.match_substring_regex(column, pattern(asked), ignore_case=True)
    masked = pc.match_substring(column, "*")
    if not pc.any(masked).as_py() or "*" in asked:
        return plain
    digits = re.sub(r"[\s\-]", "", asked)
    values = pc.unique(column.filter(masked)).to_pylist()
    could_be = [value for value in values if _may_be(value, digits)]
    return pc.or_(plain, pc.is_in(column, value_set=pa.array(could_be, pa.string())))


def _may_be(masked: str, asked: str) -> bool:
    """Whether a masked value, whose stars are single hidden characters, could be what was asked for.

    >>> _may_be("+86138****5678", "13812345678"), _may_be("138****5678", "8613812345678")
    (True, False)
    """
    value, whole = masked.removeprefix("+86").casefold(), asked.removeprefix("+86").casefold()
    return len(value) == len(whole) and all(one in ("*", other) for one, other in zip(value, whole, strict=True))


def _parties(shelf: Shelf, asked: str, veils: list[Veil]) -> list[dict[str, Any]]:
    held = shelf.columns("party_identifier", ["party_id", "identifier_type", "value"])
    hits = held.filter(pc.fill_null(_found(held["value"], asked), fill_value=False))
    matched: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for party_id, *identifier in zip(*(hits[name].to_pylist() for name in hits.column_names), strict=True):
        matched[party_id].add((identifier[0], identifier[1]))
    told = [_party(party_id, identifiers, veils) for party_id, identifiers in sorted(matched.items())]
    order = ("member", "organisation", "person", "protected")
    return sorted(told, key=lambda each: (order.index(each["sort"]), each["name"]))


def _party(party_id: str, matched: set[tuple[str, str]], veils: list[Veil]) -> dict[str, Any]:
    """A hit as it may be shown: by name where some network's veil lets it, else by pseudonym and without its id.

    Who lent a member an account is found as the member by that account, and by all else as somebody who is not named.
    """
    types = sorted({kind for kind, _ in matched})
    chosen = next((each for each in veils if each.as_member(party_id) in each.members), None)
    if chosen is not None and party_id in chosen.lenders:
        lent = sorted({kind for kind, value in matched if chosen.may_show(kind, value)})
        if not lent:
            return {"sort": "person", "id": None, "name": chosen.unnamed(party_id), "matched": types}
        types = lent
    if chosen is not None and not chosen.is_protected(party_id):
        member = chosen.as_member(party_id)
        return {"sort": "member", "id": member, "name": chosen.called(member), "matched": types}
    clear = next((each for each in veils if each.is_clear(party_id)), None)
    if clear is not None:
        return {"sort": "organisation", "id": None, "name": clear.called(party_id), "matched": types}
    sort = "protected" if veils[0].is_protected(party_id) else "person"
    return {"sort": sort, "id": None, "name": veils[0].called(party_id), "matched": types}


def _places(shelf: Shelf, asked: str) -> list[dict[str, Any]]:
    """Places of networks only: any other address may be a donor's home."""
    known = shelf.rows("place", "place_id", shelf.arrow("network_place")["place_id"].to_pylist())
    networks = {row["place_id"]: row["network_id"] for row in shelf.all_rows("network_place")}
    fits = re.compile(pattern(asked), re.IGNORECASE)
    return [
        {"address": row["address"], "network": networks[row["place_id"]]}
        for row in known
        if row["address"] and fits.search(row["address"])
    ]


def _texts(case: Case, shelf: Shelf, asked: str, hidden: Veil, limit: int) -> tuple[list[dict[str, Any]], int]:
    """Rows whose texts hold the query, as received and with everybody who may not be named behind a pseudonym."""
    found = sorted(set(_text_rows(shelf, asked)))
    kinds = dict(found)
    locate = Locator.of(shelf)
    shown = {each["row"]: each["cells"] for each in rows_shown(case, shelf, hidden, [row for row, _ in found[:limit]])}
    return [
        {"row": locate(row), "kind": kinds[row], "cells": shown.get(locate(row), {})} for row, _ in found[:limit]
    ], len(found)


def _text_rows(shelf: Shelf, asked: str) -> Iterator[tuple[int, str]]:
    for kind, name in _TEXTS:
        if kind not in RECORDS or name not in RECORDS[kind].names:
            continue
        table = shelf.columns(kind, ["row_id", name])
        column = table[name].cast(pa.string())
        hits = table.filter(pc.fill_null(_found(column, asked), fill_value=False))
        yield from ((row, kind) for row in hits["row_id"].to_pylist())
