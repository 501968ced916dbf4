"""A small operation with a known number of persons, as the tables the estimator reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import ibis
import numpy as np
import pyarrow as pa

from vialtrace.estimate import near_mention, near_payment, near_waybill, usual_parcels

START = datetime(2025, 1, 1)  # noqa: DTZ001  records hold naive local times


@dataclass
class World:
    """Tables under construction."""

    flow_row: list[dict[str, object]] = field(default_factory=list)
    batch: list[dict[str, object]] = field(default_factory=list)
    member: list[dict[str, object]] = field(default_factory=list)
    seizure: list[dict[str, object]] = field(default_factory=list)
    specimen: list[dict[str, object]] = field(default_factory=list)
    order: list[dict[str, object]] = field(default_factory=list)
    waybill: list[dict[str, object]] = field(default_factory=list)
    mention: list[dict[str, object]] = field(default_factory=list)
    money_pattern: list[dict[str, object]] = field(default_factory=list)
    payment: list[dict[str, object]] = field(default_factory=list)
    parcel_ends: list[dict[str, object]] = field(default_factory=list)
    alias: list[dict[str, object]] = field(default_factory=list)
    permit_use: list[dict[str, object]] = field(default_factory=list)
    next_row: int = 2**32 + 2

    def row(self) -> int:
        self.next_row += 1
        return self.next_row

    def flow(self, kind: str, day: float, **more: object) -> int:
        """One flow row; its row id."""
        row_id = self.row()
        self.flow_row.append(
            {"network_id": "N1", "row_id": row_id, "flow": kind, "at": START + timedelta(days=float(day)), **more}
        )
        return row_id

    def tables(self) -> dict[str, pa.Table]:
        """All tables in the declared form."""
        text, number = pa.string(), pa.float64()
        forms: dict[str, list[tuple[str, pa.DataType]]] = {
            "flow_row": [
                ("network_id", text),
                ("row_id", pa.int64()),
                ("flow", text),
                ("from_id", text),
                ("to_id", text),
                ("place_id", text),
                ("at", pa.timestamp("us")),
                ("amount", number),
                ("currency", text),
                ("quantity", number),
                ("region", text),
            ],
            "batch": [
                ("network_id", text),
                ("batch_no", pa.int64()),
                ("n_mules", pa.int64()),
                ("n_samples", number),
                ("row_ids", pa.list_(pa.int64())),
            ],
            "member": [("network_id", text), ("party_id", text), ("role", text)],
            "seizure": [
                ("row_id", pa.int64()),
                ("seizure_id", text),
                ("waybill_no", text),
                ("quantity", number),
                ("unit", text),
            ],
            "specimen": [("row_id", pa.int64()), ("seizure_id", text), ("label", text)],
            "order": [("row_id", pa.int64()), ("waybill_no", text)],
            "waybill": [("row_id", pa.int64()), ("waybill_no", text), ("weight_g", number)],
            "mention": [("row_id", pa.int64()), ("slot", text), ("party_id", text), ("name_key", text)],
            "payment": [
                ("row_id", pa.int64()),
                ("paid_at", pa.timestamp("us")),
                ("amount", number),
                ("currency", text),
            ],
            "parcel_ends": [
                ("row_id", pa.int64()),
                ("sender_id", text),
                ("receiver_id", text),
                ("receiver_place", text),
                ("sent_on", pa.date32()),
            ],
            "alias": [("network_id", text), ("party_id", text), ("member_id", text)],
            "permit_use": [
                ("row_id", pa.int64()),
                ("exporter_id", text),
                ("consignee_id", text),
                ("quantity", number),
                ("unit", text),
                ("permit_row", pa.int64()),
                ("allowed", number),
                ("allowed_unit", text),
                ("valid_from", pa.date32()),
                ("valid_to", pa.date32()),
                ("holder_id", text),
                ("recipient_id", text),
                ("declared_on", pa.date32()),
            ],
            "money_pattern": [("pattern", text), ("party_ids", pa.list_(text)), ("q_value", number)],
        }
        made = {
            name: pa.Table.from_pylist(
                [{column: row.get(column) for column, _ in form} for row in getattr(self, name)], schema=pa.schema(form)
            )
            for name, form in forms.items()
        }
        own = made["member"].select(["network_id", "party_id"])
        own = own.append_column("member_id", own["party_id"])
        made["member_party"] = pa.concat_tables([own, made.pop("alias")])
        span = [START.date()], [(START + timedelta(days=400)).date()]
        made["network"] = pa.table({"network_id": ["N1"], "from_on": span[0], "to_on": span[1]})
        return _narrowed(made)


def _narrowed(made: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables as estimates read them: what the records hold, narrowed by the recipes to what touches a network."""
    held = {name: ibis.memtable(rows) for name, rows in made.items()}
    narrow = near_mention(held["mention"], held["member_party"], held["flow_row"])
    recipes = {
        "near_mention": narrow,
        "near_waybill": near_waybill(held["waybill"], held["flow_row"]),
        "near_payment": near_payment(held["payment"], narrow),
        "usual_parcels": usual_parcels(held["network"], held["parcel_ends"]),
    }
    engine = ibis.duckdb.connect()
    read = {name: engine.to_pyarrow(recipe) for name, recipe in recipes.items()}
    kept = {name: rows for name, rows in made.items() if name not in {"mention", "waybill", "payment", "parcel_ends"}}
    return kept | read


def operation(
    seed: int,
    *,
    n: int = 600,
    seen_orders: float = 0.4,
    seen_payments: float = 0.8,
    seen_parcels: float = 0.9,
    gathered: float = 0.3,
    price: float = 2500.0,
) -> World:
    """``n`` women, each with an order, a payment or two, and tubes in a parcel; records miss their stated shares."""
    rng = np.random.default_rng(seed)
    world = World()
    world.member = [
        {"network_id": "N1", "party_id": party, "role": role}
        for party, role in (
            ("organiser", "organiser"),
            ("recruiter", "recruiter"),
            ("collector", "collector"),
            ("hub", "hub"),
            ("mule", "mule"),
            ("till", "treasurer"),
            ("lab", "laboratory"),
        )
    ]
    day = np.sort(rng.uniform(0, 300, n))
    through = rng.random(n) < gathered
    regions = np.array(["CN-GD", "CN-HN", "CN-ZJ"])[rng.integers(0, 3, n)]
    parcel_of = {int(woman): f"W{woman}" for woman in np.flatnonzero(~through)}
    together = np.flatnonzero(through)
    groups = [together[place : place + 5] for place in range(0, len(together), 5)]
    for number, group in enumerate(groups):
        parcel_of |= {int(woman): f"G{number}" for woman in group}
    for woman in range(n):
        if rng.random() < seen_orders:
            row = world.flow(
                "order",
                day[woman],
                from_id=f"client{woman}",
                to_id="recruiter",
                amount=price,
                currency="CNY",
                region=str(regions[woman]),
            )
            world.order.append({"row_id": row, "waybill_no": parcel_of[woman]})
            world.mention.append({"row_id": row, "slot": "order.client", "name_key": f"姓名{woman}"})
        if rng.random() < seen_payments:
            parts = (0.12 * price, 0.88 * price) if rng.random() < 0.5 else (price,)
            for place, amount in enumerate(parts):
                row = world.flow(
                    "client_payment",
                    day[woman] + 3 * place,
                    from_id=f"account{woman}",
                    to_id="till",
                    amount=amount,
                    currency="CNY",
                )
                world.mention.append({"row_id": row, "slot": "payment.payer", "name_key": f"姓名{woman}"})
        if not through[woman] and rng.random() < seen_parcels:
            row = world.flow(
                "sample_parcel", day[woman] + 2, from_id=f"client{woman}", to_id="hub", region=str(regions[woman])
            )
            world.mention.append({"row_id": row, "slot": "waybill.sender", "name_key": f"姓名{woman}"})
            world.waybill.append({"row_id": row, "waybill_no": f"W{woman}", "weight_g": rng.uniform(100, 300) + 25.2})
    for number, group in enumerate(groups):
        if rng.random() < seen_parcels:
            row = world.flow("sample_parcel", day[group[0]] + 2, from_id="collector", to_id="hub", region="CN-GD")
            world.waybill.append(
                {"row_id": row, "waybill_no": f"G{number}", "weight_g": rng.uniform(100, 300) + 25.2 * len(group)}
            )
    for number in range(30):
        row = world.flow("trip", 10.0 * number + 5, from_id="mule")
        pay = world.flow("pay", 10.0 * number + 6, from_id="till", to_id="mule", amount=300.0, currency="CNY")
        world.batch.append(
            {"network_id": "N1", "batch_no": number + 1, "n_mules": 1, "n_samples": n / 30, "row_ids": [row, pay]}
        )
        world.flow(
            "laboratory_fee", 10.0 * number + 7, from_id="till", to_id="lab", amount=n / 30 * 600.0, currency="CNY"
        )
    return world
