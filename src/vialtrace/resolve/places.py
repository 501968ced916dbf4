"""The places that addresses stand for: one for every way of writing an address."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from vialtrace.kit import addresses, regions
from vialtrace.resolve.beside import beside

RECEIVING = ("waybill.receiver",)

_WRITTEN = (
    ("waybill", "sender_address"), ("waybill", "receiver_address"), ("organisation", "address"),
    ("subscriber", "address"),
)


def address_form(waybill: ir.Table, organisation: ir.Table, subscriber: ir.Table) -> ir.Table:
    """Give every writing of an address its place, and the writing the place is shown under: the commonest one."""
    records = {"waybill": waybill, "organisation": organisation, "subscriber": subscriber}
    every = ibis.union(*[
        records[kind].filter(records[kind][field].notnull()).select(written=records[kind][field].cast("string"))
        for kind, field in _WRITTEN
    ])
    counted = every.group_by("written").agg(n_rows=every.count())
    normal = counted.mutate(address=addresses.normal(counted["written"]))
    normal = normal.filter(normal["address"].notnull())
    keyed = addresses.keyed(regions.locate(normal.select("address"), ibis.memtable(regions.region_table())))
    placed = beside(normal.rename(form="address"), keyed.rename(form="address"), "form")
    forms = placed.group_by("key", "form").agg(n=placed["n_rows"].sum())
    shown = forms.group_by("key").agg(address=forms["form"].first(order_by=[forms["n"].desc(), forms["form"]]))
    told = beside(placed, shown, "key").mutate(place_id=_place_id)
    return told.select("written", "form", "place_id", "address", "region", "city", "district", "n_rows")


def _place_id(told: ir.Table) -> ir.StringValue:
    """The place of an address, from its key; the same in every run."""
    return ibis.literal("A") + told["key"].hexdigest("md5").substr(0, 15)


def place(profile: ir.Table, belonging: ir.Table, address_form: ir.Table) -> ir.Table:
    """List the places, where each lies, and how many different parties receive there."""
    addressed = beside(profile.filter(profile["place_id"].notnull()), belonging, "profile_no")
    counted = addressed.group_by("place_id").agg(
        n_rows=addressed["n_rows"].sum(),
        n_parties=addressed["party_id"].nunique(where=addressed["slot"].isin(RECEIVING)),
    )
    lies = address_form.group_by("place_id").agg(
        **{column: address_form[column].max() for column in ("address", "region", "city", "district")},
    )
    return counted.inner_join(lies, "place_id").select(
        "place_id", "address", "region", "city", "district", "n_rows", "n_parties",
    )
