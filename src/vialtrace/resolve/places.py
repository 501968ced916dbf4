"""The places that addresses stand for."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from vialtrace.kit import regions
from vialtrace.resolve.beside import beside

RECEIVING = ("waybill.receiver",)


def place_id(address: ir.StringValue) -> ir.StringValue:
    """The place of an address in its one form; the same in every run."""
    return ibis.literal("A") + address.hexdigest("md5").substr(0, 15)


def place(profile: ir.Table, belonging: ir.Table) -> ir.Table:
    """List the addresses, where each lies, and how many different parties receive there."""
    addressed = beside(profile.filter(profile["address"].notnull()), belonging, "profile_id")
    counted = addressed.group_by("address").agg(
        n_rows=addressed["n_rows"].sum(),
        n_parties=addressed["party_id"].nunique(where=addressed["slot"].isin(RECEIVING)),
    )
    where = regions.locate(counted.select("address"), ibis.memtable(regions.region_table()))
    located = beside(counted, where, "address")
    return located.select(
        "address", "region", "city", "district", "n_rows", "n_parties", place_id=place_id(located["address"]),
    ).select("place_id", "address", "region", "city", "district", "n_rows", "n_parties")
