"""Trips, batches and seizures of a network, each with the rows that record it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.casefile import sampling
from vialtrace.casefile.flows import in_slot
from vialtrace.casefile.shelf import Row, Shelf
from vialtrace.casefile.veil import Veil

# What a reader takes in; the totals by traveller cover every trip.
MOST_TRIPS = 40
MOST_BATCHES = 40


@dataclass(frozen=True)
class Trip:
    """One crossing of a member."""

    row_id: int
    at: datetime | None
    is_day_only: bool
    party_id: str
    direction: str
    port: str
    quantity: float | None


@dataclass(frozen=True)
class Traveller:
    """All trips of one member."""

    party_id: str
    n_trips: int
    row_ids: tuple[int, ...]
    first_at: datetime | None
    last_at: datetime | None
    ports: tuple[str, ...]


@dataclass(frozen=True)
class Batch:
    """Parcels gathered, a crossing out, and pay, rebuilt as one consignment."""

    number: int
    crossed_on: date | None
    n_mules: int
    n_parcels: int
    n_samples: float | None
    pay: Decimal | None
    currency: str | None
    port: str
    row_ids: tuple[int, ...]


@dataclass(frozen=True)
class BatchTotal:
    """All batches of one month, or of all: their numbers, and what their rows add up to, pay by currency."""

    month: str
    exhibits: tuple[str, ...]
    n_parcels: int
    n_samples: float | None
    pay: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True)
class Seizure:
    """One interception, with the state of what was found and what its tubes showed."""

    row_id: int
    seizure_id: str
    at: datetime | None
    is_day_only: bool
    port: str
    carrier_id: str
    material: str
    quantity: float | None
    unit: str
    concealment: str
    condition: str
    storage_celsius: float | None
    infectious_result: str
    n_specimens: int
    specimen_conditions: tuple[tuple[str, int], ...]
    specimen_results: tuple[tuple[str, int], ...]
    coldest: float | None
    warmest: float | None
    tube_rows: tuple[int, ...] = ()


def trips(shelf: Shelf, flows: pa.Table, veil: Veil) -> tuple[list[Trip], list[Traveller]]:
    """Every trip of a network in order of time, and the totals by traveller."""
    chosen = flows.filter(pc.equal(flows["flow"], "trip")).to_pylist()
    row_ids = [row["row_id"] for row in chosen]
    who = in_slot(shelf, row_ids, "crossing.traveller")
    records = {row["row_id"]: row for row in shelf.rows("crossing", "row_id", row_ids)}
    found = [
        _trip(row, veil.as_member(who.get(row["row_id"]) or row["from_id"] or ""), records.get(row["row_id"], {}))
        for row in chosen
    ]
    found.sort(key=lambda trip: (trip.at or datetime.max, trip.row_id))  # noqa: DTZ901  local times by declaration
    by_party: dict[str, list[Trip]] = {}
    for trip in found:
        by_party.setdefault(trip.party_id, []).append(trip)
    totals = [
        Traveller(
            party_id,
            len(each),
            tuple(trip.row_id for trip in each),
            each[0].at,
            each[-1].at,
            tuple(sorted({trip.port for trip in each if trip.port})),
        )
        for party_id, each in by_party.items()
    ]
    return found, sorted(totals, key=lambda total: (-total.n_trips, total.party_id))


def _trip(row: Row, party_id: str, record: Row) -> Trip:
    return Trip(
        row["row_id"],
        row["at"],
        bool(record.get("is_day_only")),
        party_id,
        record.get("direction") or "",
        record.get("port") or "",
        row["quantity"],
    )


def batches(shelf: Shelf, network_id: str) -> list[Batch]:
    """The batches of a network in order of time."""
    return [
        Batch(
            row["batch_no"],
            row["crossed_on"],
            row["n_mules"] or 0,
            row["n_parcels"] or 0,
            row["n_samples"],
            row["pay"],
            row["currency"],
            row["port"] or "",
            tuple(sorted(row["row_ids"] or ())),
        )
        for row in shelf.rows("batch", "network_id", [network_id])
    ]


def batch_totals(every: Sequence[Batch]) -> list[BatchTotal]:
    """What the batches of each month add up to, and last what all do."""
    by_month: dict[str, list[Batch]] = {}
    for batch in every:
        by_month.setdefault(f"{batch.crossed_on:%Y-%m}" if batch.crossed_on else "", []).append(batch)
    return [*(_total(month, by_month[month]) for month in sorted(by_month)), _total("", every)]


def _total(month: str, some: Sequence[Batch]) -> BatchTotal:
    pay: dict[str, Decimal] = {}
    for batch in some:
        if batch.pay is not None:
            pay[batch.currency or ""] = pay.get(batch.currency or "", Decimal(0)) + batch.pay
    known = [batch.n_samples for batch in some if batch.n_samples is not None]
    return BatchTotal(
        month,
        tuple(f"B-{batch.number}" for batch in some),
        sum(batch.n_parcels for batch in some),
        sum(known) if known else None,
        tuple(sorted(pay.items())),
    )


def drawn_batches(every: Sequence[Batch], seed: str) -> list[Batch]:
    """All batches, or as many as a reader takes in: drawn by chance, in the order of their numbers."""
    by_number = {batch.number: batch for batch in every}
    order = sampling.in_order(list(by_number), seed=seed, exhibit="batches", locate=lambda number: f"B-{number}")
    return [by_number[number] for number in sorted(order[:MOST_BATCHES])]


def carried(travellers: Iterable[Traveller], every: Iterable[Batch]) -> dict[str, tuple[Batch, ...]]:
    """The batches that each member carried over the border, by the rows of its trips."""
    who = {row_id: each.party_id for each in travellers if each.party_id for row_id in each.row_ids}
    found: dict[str, list[Batch]] = {}
    for batch in every:
        for party_id in sorted({who[row_id] for row_id in batch.row_ids if row_id in who}):
            found.setdefault(party_id, []).append(batch)
    return {party_id: tuple(found[party_id]) for party_id in sorted(found)}


def seizures(shelf: Shelf, flows: pa.Table, veil: Veil) -> list[Seizure]:
    """The seizures of a network in order of time, each with its specimens counted."""
    row_ids = set(flows.filter(pc.equal(flows["flow"], "seizure"))["row_id"].to_pylist())
    records = shelf.rows("seizure", "row_id", row_ids)
    who = in_slot(shelf, row_ids, "seizure.carrier")
    tubes: dict[str, list[Row]] = {}
    for row in shelf.rows("specimen", "seizure_id", {record["seizure_id"] for record in records}):
        tubes.setdefault(row["seizure_id"], []).append(row)
    found = [
        _seizure(record, veil.as_member(who.get(record["row_id"], "")), tubes.get(record["seizure_id"], []))
        for record in records
    ]
    return sorted(found, key=lambda seizure: (seizure.at or datetime.max, seizure.row_id))  # noqa: DTZ901


def _seizure(record: Row, carrier_id: str, tubes: list[Row]) -> Seizure:
    temperatures = [tube["temperature_celsius"] for tube in tubes if tube["temperature_celsius"] is not None]
    return Seizure(
        record["row_id"],
        record["seizure_id"] or "",
        record["seized_at"],
        bool(record["is_day_only"]),
        record["port"] or "",
        carrier_id,
        record["material"] or "",
        record["quantity"],
        record["unit"] or "",
        record["concealment"] or "",
        record["condition"] or "",
        record["storage_celsius"],
        record["infectious_result"] or "",
        len(tubes),
        _tally(tubes, "condition"),
        _tally(tubes, "result"),
        min(temperatures, default=None),
        max(temperatures, default=None),
        tuple(sorted(tube["row_id"] for tube in tubes)),
    )


def _tally(tubes: list[Row], column: str) -> tuple[tuple[str, int], ...]:
    counted = Counter(tube[column] for tube in tubes if tube[column])
    return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))
