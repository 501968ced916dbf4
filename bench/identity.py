"""Who is who: how often two places of one simulated person are one party, and places of two people never.

``python -m bench.identity`` prints, a world a line, clean and with masks: pairwise precision and recall over all
places that name somebody, and the recall that the records allow at all. The last is the share of pairs that a
reader who knew every person could still chain by something they have in common (the same identifier, or the same
name with the same address or date of birth); what no chain reaches, no method can join but by luck.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
import typing
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from vialtrace.model import RECORDS, table
from vialtrace.model.recipe import Recipe
from vialtrace.resolve import RECIPES
from vialtrace.resolve.sharing import RESIDENT
from vialtrace.simulate import making, registers, render
from vialtrace.simulate.worlds import world_named
from vialtrace.store import form

WORLDS = ("small_slow", "fast_company", "evasive", "abroad")

# Rows are numbered from the source's number times this (model.kinds, `row_id`).
_SOURCE = 2**32

_WRITTEN: Mapping[str, tuple[Any, Mapping[str, str]]] = {
    "waybill": (render.waybills, {"sender": "sender", "receiver": "receiver"}),
    "payment": (render.payments, {"payer": "payer", "payee": "payee"}),
    "crossing": (render.crossings, {"traveller": "who"}),
    "order": (render.orders, {"client": "client", "agent": "agent"}),
    "contact": (render.contacts, {"from": "caller", "to": "called"}),
    "seizure": (render.seizures, {"carrier": "who"}),
}
"""Record kind: how it is written down, and which event column holds the person of which slot."""

Place = tuple[int, str]


def main() -> int:
    """Run the measurement as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", nargs="+", default=list(WORLDS))
    parser.add_argument("--seeds", nargs="+", type=int, default=[401])
    parser.add_argument("--scale", type=float, default=0.05)
    parser.add_argument("--masked", nargs="+", type=float, default=[0.0, 0.2],
                        help="shares of waybills whose names and telephones are masked")
    parser.add_argument("--wrong", type=int, default=0, help="print so many of the parties that hold several people")
    chosen = parser.parse_args()
    print("world            seed  masked  places  precision  recall  possible  CPU s")
    for world in chosen.worlds:
        for seed in chosen.seeds:
            for masked in chosen.masked:
                measure(world, seed, chosen.scale, masked, n_wrong=chosen.wrong)
    return 0


def measure(world: str, seed: int, scale: float, masked: float, *, n_wrong: int = 0) -> tuple[float, float, float]:
    """Print one line, and give precision, recall and the recall possible."""
    records, truth = rows_and_truth(world, seed, scale, masked)
    since = time.process_time()
    tables = resolved(records)
    took = time.process_time() - since
    named = [(truth[place], party) for place, party in _places(tables["mention"], "party_id") if place in truth]
    both = _pairs(named)
    of_party, of_person = _pairs(party for _, party in named), _pairs(who for who, _ in named)
    precision, recall = both / max(of_party, 1), both / max(of_person, 1)
    possible = _possible(tables, truth) / max(of_person, 1)
    told = f"{precision:9.4f}  {recall:6.4f}  {possible:8.4f}  {took:5.1f}"
    print(f"{world:15}  {seed:4}  {masked:6.2f}  {len(named):6}  {told}")
    if n_wrong:
        _tell_wrong(named, n_wrong)
    return precision, recall, possible


def rows_and_truth(
    world: str, seed: int, scale: float, masked: float,
) -> tuple[dict[str, pa.Table], dict[Place, int]]:
    """A world's rows, blanks and masks included, and who stands where."""
    made = making.make_world(world_named(world), scale, seed, 10.0)
    chance = np.random.default_rng(seed)
    records: dict[str, pa.Table] = {}
    truth: dict[Place, int] = {}
    sheets: dict[str, render.Sheet] = {}
    for number, (kind, (write, slots)) in enumerate(_WRITTEN.items(), start=1):
        sheet = render.blanked(chance, kind, write(np.random.default_rng([seed, number]), made.stage))
        events = render._kept(np.random.default_rng([seed, number]), made.stage, kind)  # noqa: SLF001  who is behind a row
        if kind == "waybill":
            chosen = chance.random(len(sheet["sender_name"])) < masked
            for column in ("sender_name", "sender_phone", "receiver_name", "receiver_phone"):
                sheet[column] = _masked(sheet[column], chosen, is_phone=column.endswith("phone"))
        sheets[kind] = sheet
        records[kind] = _typed(kind, sheet, number)
        for slot, column in slots.items():
            truth |= {(number * _SOURCE + place, f"{kind}.{slot}"): int(who)
                      for place, who in enumerate(events[column]) if who >= 0}

    def column_of(kind: str, name: str) -> pa.ChunkedArray:
        return pa.chunked_array([pa.array(sheets[kind][name], pa.string())])

    register = registers.subscribers(np.random.default_rng([seed, 9]), made.stage, column_of)
    records["subscriber"] = _typed("subscriber", register, 9)
    people = made.stage.people
    known = {str(people.org_id[who]): who for who in range(people.n_persons, people.n)}
    for who in range(people.n_persons):
        known |= dict.fromkeys((str(people.resident_no[who]), *people.document.every(who)), who)
    holders = zip(register["holder_org_id"], register["holder_document"], strict=True)
    truth |= {(9 * _SOURCE + place, "subscriber.holder"): known[key]
              for place, (org_id, document) in enumerate(holders) if (key := str(org_id or document)) in known}
    return records, truth


def resolved(records: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Every table of the stage, made as the pipeline makes it: in order, in its declared form, sorted by its key."""
    backend = ibis.duckdb.connect(threads=1)
    tables: dict[str, pa.Table] = {}

    def put(name: str, made: pa.Table) -> None:
        declared = table(name)
        keys = [(column, "ascending") for column in declared.key]
        tables[name] = form.arrow_cast(declared, made).sort_by(keys)
        backend.con.register(name, tables[name])

    for name in (*RECORDS, "party_decision", "decision"):
        put(name, records.get(name, form.arrow_schema(table(name)).empty_table()))
    for recipe in RECIPES:
        function = recipe.function if isinstance(recipe, Recipe) else recipe
        makes = recipe.makes if isinstance(recipe, Recipe) else (recipe.__name__,)
        hints = typing.get_type_hints(function)
        needs = [name for name in hints if name in tables]
        result: Any = function(*[tables[name] if hints[name] is pa.Table else backend.table(name) for name in needs])
        for name, one in (result if isinstance(result, Mapping) else {makes[0]: result}).items():
            put(name, one if isinstance(one, pa.Table) else backend.to_pyarrow(one))
    backend.disconnect()
    return tables


def _masked(texts: np.ndarray, chosen: np.ndarray, *, is_phone: bool) -> np.ndarray:
    """Stars as couriers print them: 张** and 138****1234."""
    changed = texts.copy()
    for place in np.flatnonzero(chosen):
        text = str(texts[place])
        if is_phone:
            changed[place] = f"{text[:6]}****{text[-4:]}" if text else ""
        elif 1 < len(text) < 5:
            changed[place] = text[0] + "*" * (len(text) - 1)
    return changed


def _typed(kind: str, sheet: render.Sheet, number: int) -> pa.Table:
    """A sheet of texts as the table that ingest would make of it."""
    n = len(next(iter(sheet.values())))
    schema = form.arrow_schema(table(kind))
    columns = []
    for field in schema:
        if field.name == "row_id":
            columns.append(pa.array(number * _SOURCE + np.arange(n)))
        elif field.name in sheet:
            texts = pa.array([str(each) or None for each in sheet[field.name]], pa.string())
            texts = texts.cast(pa.timestamp("s")) if pa.types.is_timestamp(field.type) else texts
            columns.append(texts.cast(field.type))
        else:
            columns.append(pa.nulls(n, field.type))
    return pa.table(columns, schema=schema)


def _places(mentions: pa.Table, column: str) -> list[tuple[Place, str]]:
    rows = zip(*[mentions[each].to_pylist() for each in ("row_id", "slot", column)], strict=True)
    return [((row_id, slot), value) for row_id, slot, value in rows if value]


def _pairs(values: Iterable[Hashable]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(values).values())


def _possible(tables: Mapping[str, pa.Table], truth: Mapping[Place, int]) -> int:
    """How many pairs of places of one person are chained by what they have in common."""
    profiles = {row["profile_id"]: row for row in tables["profile"].to_pylist()}
    spellings = {row["name"]: row for row in tables["spelling"].to_pylist()}
    parties = {place for place, _ in _places(tables["mention"], "party_id")}
    placed = [(truth[place], profiles[profile_id]) for place, profile_id in _places(tables["naming"], "profile_id")
              if place in truth and place in parties]
    numbers: dict[Hashable, int] = {}
    ends: list[tuple[int, int]] = []
    for vertex, (who, row) in enumerate(placed):
        common = _common(row, spellings.get(row["name"]))
        ends += [(vertex, len(placed) + numbers.setdefault((who, *each), len(numbers))) for each in common]
    n = len(placed) + len(numbers)
    left, right = np.array(ends, dtype=np.int64).reshape(-1, 2).T
    chained, labelled = connected_components(coo_matrix((np.ones(len(ends)), (left, right)), shape=(n, n)))
    assert chained > 0
    return _pairs(labelled[:len(placed)].tolist())


def _common(row: Mapping[str, Any], spelling: Mapping[str, Any] | None) -> list[tuple[Hashable, ...]]:
    """What this place may have in common with another of the same person."""
    found: list[tuple[Hashable, ...]] = [
        (each, row[each]) for each in ("phone", "document", "account", "handle", "org_id") if row[each]
    ]
    label = spelling["label"] if spelling else None
    if not spelling or not label:
        return found
    resident = re.match(RESIDENT, row["document"] or "")
    born = f"{row['birth_on']:%Y%m%d}" if row["birth_on"] else row["document"][6:14] if resident else None
    told = [row["address"], born, row["context"] if row["slot"] == "order.agent" else None,
            "organisation" if spelling["is_organisation"] else None]
    return found + [("named", label, each) for each in told if each]


def _tell_wrong(named: list[tuple[int, str]], most: int) -> None:
    """The parties with most pairs of two people, and the people with most pairs of two parties."""
    for what, key in (("party of several people", 1), ("person of several parties", 0)):
        held: dict[Hashable, Counter[Hashable]] = {}
        for pair in named:
            held.setdefault(pair[key], Counter())[pair[1 - key]] += 1
        worst = sorted(held.items(), key=lambda each: -(each[1].total() ** 2 - sum(n * n for n in each[1].values())))
        for one, inside in worst[:most]:
            print(f"  {what}: {one}: {inside.most_common(6)}")


if __name__ == "__main__":
    sys.exit(main())
