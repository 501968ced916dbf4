"""From flows to the tables ``estimate`` and ``network_region``."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.estimate import money, persons
from vialtrace.estimate.clients import caught, from_labels, from_overlap
from vialtrace.estimate.figure import Figure, Share, pool
from vialtrace.estimate.flows import Flows, as_members, detailed, flows_of, in_currency
from vialtrace.estimate.handled import Trips, handled, trips_of
from vialtrace.estimate.inflow import beside, private_parcels, strangers, till_persons, with_tills
from vialtrace.estimate.permitted import beyond, from_permits
from vialtrace.kit.currencies import currency_of

Seen = tuple[float, float, float]
Row = dict[str, object]

_ESTIMATE = pa.schema(
    [
        ("network_id", pa.string()),
        ("party_id", pa.string()),
        ("measure", pa.string()),
        ("method", pa.string()),
        ("value", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("unit", pa.string()),
        ("basis", pa.string()),
        ("n_rows", pa.int64()),
    ]
)
_REGION = pa.schema([("network_id", pa.string()), ("region", pa.string()), ("n_rows", pa.int64())])


@dataclass(frozen=True)
class Further:
    """Persons who paid the clients' accounts without being known otherwise; the hubs' private and strange parcels."""

    payers: float
    private: float
    n_strange: int


@dataclass(frozen=True)
class Caught:
    """What was intercepted of one network: tubes, persons' samples, seizures, labels, and tubes a seizure on foot."""

    tubes: float
    persons: float
    n_seizures: int
    labels: tuple[str, ...]
    mean_tubes: float


def estimates(  # noqa: PLR0913, PLR0917  every source that can speak to an amount is read
    flow_row: pa.Table,
    batch: pa.Table,
    member: pa.Table,
    network: pa.Table,
    seizure: pa.Table,
    specimen: pa.Table,
    order: pa.Table,
    near_waybill: pa.Table,
    near_payment: pa.Table,
    usual_parcels: pa.Table,
    member_party: pa.Table,
    near_mention: pa.Table,
    money_pattern: pa.Table,
    permit_use: pa.Table,
    *,
    jurisdiction: str = "CN",
    seed: int = 0,
    seen_parcels: Seen = (0.6, 0.9, 1.0),
    seen_payments: Seen = (0.55, 0.85, 1.0),
    least_of_most: float = 0.6,
) -> dict[str, pa.Table]:
    """How much each network and member moved, paid and kept, with 95 per cent intervals, and from which regions.

    Args:
        flow_row: what reconstruction says belongs to each network.
        batch: consignments, for trips and what each carried.
        member: who runs each network, with roles.
        network: the networks.
        seizure: interceptions.
        specimen: tubes of interceptions, with labels.
        order: order sheets, for the parcels they name.
        near_waybill: its parcels, for their weight and number.
        near_payment: for what else was paid into the accounts clients paid.
        usual_parcels: for how many parcels anybody receives.
        member_party: every party that is a member, under its own name or another.
        near_mention: for the names that clients' rows bear, and who paid whom.
        money_pattern: shapes of transfers that run through members' hands; told beside the gross, never added to it.
        permit_use: declared exports and the permits they cite: what these cover is taken off the network's samples.
        jurisdiction: the case's; amounts of which no file states the currency are taken to be in its currency.
        seed: of the redrawn samples behind the interval of multiple systems estimation.
        seen_parcels: least, likely and greatest share of parcels that records hold. Courier extracts are asked for by
            phone and address; what is posted otherwise or handed over is missing. An assumption, printed with it.
        seen_payments: the same for payments, where cash and accounts not asked for are missing.
        least_of_most: a source whose figure is less than this share of another's lower end is plainly partial:
            it is printed, and bounds the figure from below, but is not pooled.
    """
    detail = detailed(flow_row, near_waybill, order, near_mention)
    called = member_party.select(["network_id", "party_id", "member_id"])
    detail = beside(detail, near_payment, near_mention, called, network)
    home = currency_of(jurisdiction)
    detail, is_assumed = in_currency(as_members(detail, member_party), home)
    note = f" No file states the currency of some amounts; they are taken to be in {home}." if is_assumed else ""
    rows: list[Row] = []
    regions: list[Row] = []
    for network_id in sorted(network["network_id"].to_pylist()):
        its = member.filter(pc.equal(member["network_id"], network_id)).select(["party_id", "role"])
        roles = dict(sorted(zip(its["party_id"].to_pylist(), its["role"].to_pylist(), strict=True)))
        flows = flows_of(detail, network_id, list(roles))
        held = _held(flows, seizure, specimen)
        trips = trips_of(flows, _batches(batch, network_id))
        paid, sent = persons.paid_for(flows), persons.sent_by(flows)
        further = _further(flows, paid, usual_parcels, network_id)
        sources, floor = _sources(flows, paid, sent, trips, held, further, seed, seen_parcels, seen_payments)
        if sources:
            total = _reconciled(sources, floor, least_of_most)
            covered = from_permits(permit_use, set(roles) | _names_of(member_party, network_id))
            add = _Adder(network_id, rows, note)
            add.all("", "samples", "persons", [*sources, covered, beyond(total, covered)])
            shapes = money.shapes(money_pattern, frozenset(roles))
            _network(add, flows, paid, trips, total, held, roles, seen_payments, shapes)
            _members(add, flows, paid, sent, trips, (total, beyond(total, covered)), roles, seen_payments)
        regions += _regions(detail, network_id)
    key = ("network_id", "party_id", "measure", "method")
    rows.sort(key=lambda row: tuple(str(row[name]) for name in key))
    return {
        "estimate": pa.Table.from_pylist(rows, schema=_ESTIMATE),
        "network_region": pa.Table.from_pylist(regions, schema=_REGION),
    }


class _Adder:
    """Writes figures down as rows of ``estimate``, rounded so that their bytes are stable."""

    def __init__(self, network_id: str, rows: list[Row], money_note: str = "") -> None:
        self._network_id, self._rows, self._money_note = network_id, rows, money_note

    def all(self, party_id: str, measure: str, unit: str, figures: Iterable[Figure | None]) -> None:
        for each in figures:
            if each is not None:
                is_money = unit not in ("persons", "tubes", "trips")
                digits = 2 if is_money else 1
                self._rows.append(
                    {
                        "network_id": self._network_id,
                        "party_id": party_id,
                        "measure": measure,
                        "method": each.method,
                        "value": round(each.value, digits),
                        "low": round(each.low, digits),
                        "high": round(each.high, digits),
                        "unit": unit,
                        "basis": each.basis + (self._money_note if is_money else ""),
                        "n_rows": int(each.n_rows),
                    }
                )


def _names_of(member_party: pa.Table, network_id: str) -> set[str]:
    its = member_party.filter(pc.equal(member_party["network_id"], network_id))
    return set(its["party_id"].to_pylist())


def _batches(batch: pa.Table, network_id: str) -> list[tuple[list[int], float, int]]:
    its = batch.filter(pc.equal(batch["network_id"], network_id)).sort_by("batch_no")
    return [
        (row_ids or [], samples or 0.0, n_mules or 0)
        for row_ids, samples, n_mules in zip(
            its["row_ids"].to_pylist(), its["n_samples"].to_pylist(), its["n_mules"].to_pylist(), strict=True
        )
    ]


def _held(flows: Flows, seizure: pa.Table, specimen: pa.Table) -> Caught:
    """What the network's seizures hold."""
    ids = pa.array(flows.row_id[flows.of("seizure")], pa.int64())
    its = seizure.filter(pc.is_in(seizure["row_id"], value_set=ids)).sort_by("row_id")
    listed = specimen.filter(pc.is_in(specimen["seizure_id"], value_set=its["seizure_id"].combine_chunks()))
    counts = {
        row["seizure_id"]: int(row["row_id_count"])
        for row in listed.group_by("seizure_id").aggregate([("row_id", "count")]).to_pylist()
    }
    quantity = np.array([np.nan if each is None else each for each in its["quantity"].to_pylist()], dtype=np.float64)
    units = [each or "" for each in its["unit"].to_pylist()]
    n_specimens = np.array([counts.get(each, 0) for each in its["seizure_id"].to_pylist()], dtype=np.int64)
    tubes, people = persons.tubes_seized(quantity, units, n_specimens)
    on_foot = [
        persons.tubes_seized(quantity[at : at + 1], units[at : at + 1], n_specimens[at : at + 1])[0]
        for at, no in enumerate(its["waybill_no"].to_pylist())
        if not no
    ]
    labels = tuple(sorted({each for each in listed["label"].to_pylist() if each}))
    return Caught(tubes, people, len(its), labels, float(np.mean(on_foot)) if on_foot else 0.0)


def _further(
    flows: Flows,
    paid: persons.Paid,
    usual_parcels: pa.Table,
    network_id: str,
) -> Further:
    """What else came to the network's accounts and addresses."""
    (its,) = usual_parcels.filter(pc.equal(usual_parcels["network_id"], network_id)).to_pylist()
    ordinary = float(its["n_parcels"])
    payers = till_persons(paid, persons.paid_for(flows, "till_payment"))
    return Further(payers, private_parcels(flows, ordinary), len(strangers(flows)))


def _sources(  # noqa: PLR0913, PLR0917  the same
    flows: Flows,
    paid: persons.Paid,
    sent: persons.Sent,
    trips: Trips,
    held: Caught,
    further: Further,
    seed: int,
    seen_parcels: Seen,
    seen_payments: Seen,
) -> tuple[list[Figure], float]:
    """What each source says of the number of persons, and how many different ones were counted."""
    flags, n_rows = caught(with_tills(flows, paid), held.labels)
    n_paid = len(flows.of("client_payment"))
    found = [
        persons.from_orders(flows, seen=seen_payments),
        persons.from_payments(paid, further.payers, n_paid, seen=Share.within(*seen_payments)),
        persons.from_parcels(flows, sent, further.private, further.n_strange, seen=Share.within(*seen_parcels)),
        persons.from_seizures(held.tubes, held.persons, held.n_seizures),
        from_overlap(flags, n_rows, seed=seed),
        from_labels(flags),
        persons.from_trips(len(trips.traveller), (held.mean_tubes, held.n_seizures if held.mean_tubes else 0)),
    ]
    floor = max(
        float(paid.persons.sum()),
        float(sent.persons.sum()) - further.private - 1.96 * math.hypot(sent.deviation, 0.05 * further.n_strange),
        float(len(flows.of("order"))),
        held.persons,
        0.0,
    )
    return [each for each in found if each is not None], floor


def _reconciled(sources: list[Figure], floor: float, least_of_most: float) -> Figure:
    """The sources pooled; order sheets and seizures only bound the figure from below, since nobody has them all."""
    estimators = [each for each in sources if each.method not in ("orders", "seizures")]
    counts = [each.low for each in estimators if each.method in ("payments", "parcels")]
    most = max([*counts, floor])
    pooled = [
        each
        for each in estimators
        if each.method not in ("payments", "parcels", "trips") or each.value >= least_of_most * most
    ]
    pooled = pooled or sources
    value, low, high, shares = pool(pooled)
    said = ", ".join(f"{name.replace('_', ' ')} {share:.0%}" for name, share in shares.items())
    figure = Figure(
        "reconciled",
        value,
        low,
        high,
        f"Pooled by precision: {said}; {floor:,.0f} were counted.",
        max(each.n_rows for each in sources),
    )
    return figure.at_least(floor)


def _network(  # noqa: PLR0913, PLR0917  the same
    add: _Adder,
    flows: Flows,
    paid: persons.Paid,
    trips: Trips,
    total: Figure,
    held: Caught,
    roles: dict[str, str],
    seen: Seen,
    shapes: str,
) -> None:
    low, mode, high = persons.TUBES_A_WOMAN
    add.all(
        "",
        "tubes",
        "tubes",
        [
            Figure(
                "reconciled",
                total.value * mode,
                max(total.low * low, held.tubes),
                max(total.high * (mode + high) / 2, held.tubes),
                f"{total.value:,.0f} persons at {low:g} tubes as a rule, {high:g} at times; "
                f"{held.tubes:,.0f} were intercepted.",
                total.n_rows,
            )
        ],
    )
    n_trips = len(trips.traveller)
    add.all(
        "",
        "trips",
        "trips",
        [Figure("reconciled", n_trips, n_trips, n_trips / 0.7, f"{n_trips} trips stand in border records.", n_trips)]
        if n_trips
        else [],
    )
    gross = money.gross(total, paid, flows)
    if gross is None:
        return
    currency = paid.currency or next(iter(sorted({*flows.currency[flows.of("order")].tolist()} - {""})), "")
    visible = float(paid.total.sum())
    add.all(
        "",
        "gross_paid",
        currency,
        [
            replace(gross, basis=gross.basis + shapes),
            Figure("payments", visible, visible, visible, "What visibly came in.", len(flows.of("client_payment")))
            if visible
            else None,
        ],
    )
    laboratories = frozenset(place for place, party in enumerate(flows.parties) if roles.get(party) == "laboratory")
    add.all("", "kept", currency, [money.network_kept(gross, flows, laboratories, currency, seen=seen)])


def _members(
    add: _Adder,
    flows: Flows,
    paid: persons.Paid,
    sent: persons.Sent,
    trips: Trips,
    totals: tuple[Figure, Figure],
    roles: dict[str, str],
    seen: Seen,
) -> None:
    """What each member had a hand in; ``totals`` are all samples, and those beyond permits, which mules carried."""
    total, beyond_permits = totals
    number = {party: place for place, party in enumerate(flows.parties)}
    for party_id, role in roles.items():
        party = number[party_id]
        add.all(
            party_id,
            "samples",
            "persons",
            [handled(role, party, flows, paid, sent, trips, beyond_permits if role == "mule" else total)],
        )
        n_trips = int((trips.traveller == party).sum())
        add.all(
            party_id,
            "trips",
            "trips",
            [Figure("reconciled", n_trips, n_trips, n_trips / 0.7, f"{n_trips} trips.", n_trips)] if n_trips else [],
        )
        account = money.account_of(flows, party)
        if account is not None:
            got = money.received(account, total, paid, seen=seen)
            add.all(party_id, "received", account.currency, [got])
            add.all(party_id, "kept", account.currency, [money.kept(replace(got), account, seen=seen)])


def _regions(detail: pa.Table, network_id: str, *, enough: int = 2, few: int = 20) -> list[Row]:
    """Regions that clients' samples came from: shown by ``enough`` rows, or by one where there are at most ``few``.

    One row among thousands may be a mistaken address or a parcel that is none of the network's.
    """
    flows = pa.array(["sample_parcel", "order", "client_payment"])
    its = detail.filter(
        pc.and_(
            pc.equal(detail["network_id"], network_id),
            pc.and_(pc.is_in(detail["flow"], value_set=flows), pc.is_valid(detail["region"])),
        )
    )
    counts = its.group_by("region").aggregate([("row_id", "count")]).to_pylist()
    need = 1 if len(its) <= few else enough
    return [
        {"network_id": network_id, "region": row["region"], "n_rows": row["row_id_count"]}
        for row in sorted(counts, key=lambda row: str(row["region"]))
        if row["region"] and row["row_id_count"] >= need
    ]
