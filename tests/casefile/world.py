"""A hand-made network of eight members, forty donors, a passer-by and a hostile cell, as the tables of a run.

Everything a person would check is written out here: who is who, and what stands in each row as received. ``RAW`` is the
file as it came; ``FIELDS`` its mapping. Two donors share something with a member: one a phone, one a family name.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow as pa

sys.path.insert(0, str(Path(__file__).parent))
import world_claims
import world_records
from world_cast import DONORS, HOSTILE, MEMBERS, NETWORK, OUTSIDERS, World, protected_identifiers, pseudonym, row

from vialtrace.casefile import CaseFacts
from vialtrace.casefile.shelf import arrow_schema

__all__ = [
    "CASE", "DONORS", "FIELDS", "HOSTILE", "MEMBERS", "NETWORK", "OUTSIDERS", "protected_identifiers", "pseudonym",
    "row", "tables",
]  # fmt: skip


def tables(n_parcels: int = 120, n_payers: int = 40) -> tuple[dict[str, pa.Table], dict[int, dict[str, str]]]:
    """The tables of the run and its rows as received.

    Args:
        n_parcels: parcels to the hub; more of them make the speed test.
        n_payers: donors who pay; at most 40.
    """
    world = World()
    world_records.people(world)
    adverts = world_records.adverts(world)
    parcels, payments = world_records.parcels_and_payments(world, n_parcels, n_payers)
    trips, pays = world_records.trips(world)
    seized = world_records.seizures(world)
    world_claims.claims(world, adverts, parcels, payments, trips, pays, seized)
    world_claims.results(world)
    return {name: pa.Table.from_pylist(rows, schema=arrow_schema(name)) for name, rows in world.rows.items()}, world.raw


CASE = CaseFacts(
    name="Luohu courier tip",
    purpose="Preliminary inquiry after an interception at Luohu",
    legal_basis="Customs Law, Article 6",
    owner="Anti-smuggling unit 3",
    jurisdiction="CN",
    run="9f2c" * 16,
    version="0.1.0",
    time_zone="Asia/Shanghai",
    parameters={"client_payments.q_highest": "0.01"},
    made_from=(("duckdb", "1.5.6"), ("mappings", "ab12" * 16)),
)

FIELDS: dict[int, dict[str, str]] = {
    1: {"平台": "platform", "账号": "account", "发布时间": "posted_at", "正文": "text"},
    2: {
        "下单时间": "ordered_at",
        "姓名": "client_name",
        "电话": "client_phone",
        "项目": "service",
        "价格": "price",
        "代理": "agent_name",
        "运单号": "waybill_no",
        "样本标签": "specimen_label",
    },
    3: {
        "运单号": "waybill_no",
        "收寄时间": "accepted_at",
        "寄件人": "sender_name",
        "寄件人电话": "sender_phone",
        "寄件地址": "sender_address",
        "收件人": "receiver_name",
        "收件人电话": "receiver_phone",
        "收件地址": "receiver_address",
        "托寄物内容": "contents",
        "重量": "weight_g",
    },
}
