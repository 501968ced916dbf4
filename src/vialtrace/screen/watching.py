"""What to watch for: drawn once from a run's networks, small enough for memory however large the run was.

Nothing of a donor or client is in it to be found by. What a donor uses as well as a member is found only beside the
member's own full name.
"""

from __future__ import annotations

from functools import reduce

import ibis
from ibis.expr.types import Table

from vialtrace.kit import names
from vialtrace.screen.sighting import advert, amount, organisation, thing

IDENTIFIERS = ("phone", "document", "account", "handle", "org_id", "vehicle")
_ROWS = 3
_COLUMNS = (
    "network_id",
    "what",
    "value",
    "party_id",
    "member_id",
    "called",
    "role",
    "rule",
    "is_support",
    "n_rows",
    "row_ids",
    "from_on",
    "to_on",
)


def watch(  # noqa: PLR0913, PLR0917  one parameter a table
    member_party: Table,
    party: Table,
    profile: Table,
    belonging: Table,
    address_form: Table,
    shared_identifier: Table,
    protected_party: Table,
    network_place: Table,
    flow_row: Table,
    waybill: Table,
    payment: Table,
    post: Table,
    *,
    least_uses: int = 3,
    least_share: float = 0.05,
) -> Table:
    """List what shows a network in a new record: identifiers, places, parcels, adverts, and traits that only support.

    ``rule`` says which name must stand beside an identifier: ``none``; one that ``fits`` a name of the party, where
    several people use the identifier or it is masked; its ``full`` name, where a protected party uses it too. A trait
    (declared contents, an amount, a port) is watched if at least ``least_uses`` rows and ``least_share`` of the
    network's rows of that sort have it: what was written once is nobody's habit.
    """
    named = _named(_held(member_party, profile, belonging), party, _lent(member_party, flow_row, payment))
    shared = shared_identifier.select(what="identifier_type", value="value").distinct()
    spared = _of_protected(protected_party, profile, belonging, IDENTIFIERS)
    parcels = flow_row.filter(flow_row.flow == "sample_parcel").join(
        waybill.select("row_id", "waybill_no", "contents"), "row_id"
    )
    paid = flow_row.filter(flow_row.flow == "client_payment").join(payment.select("row_id", paid="amount"), "row_id")
    adverts = flow_row.filter(flow_row.flow == "advert").join(post.select("row_id", "text"), "row_id")
    ports = network_place.filter(network_place.role == "port")
    return ibis.union(
        _ruled(named, shared, spared),
        _places(network_place, profile, address_form, shared),
        _things(parcels.mutate(value=parcels.waybill_no), "waybill_no"),
        _things(adverts.mutate(value=advert(adverts.text)), "advert"),
        _habits(parcels.mutate(value=thing(parcels.contents)), "contents", least_uses, least_share),
        _habits(paid.mutate(value=amount(paid.paid)), "amount", least_uses, least_share),
        _of_network(
            ports.select(
                "network_id",
                "from_on",
                "to_on",
                value=thing(ports.address),
                n_rows=ibis.literal(0, type="int64"),
                row_ids=ibis.literal([], type="array<int64>"),
            )
            .filter(lambda t: t.value.notnull())
            .distinct(),
            "port",
            is_support=True,
        ),
    )


def _held(member_party: Table, profile: Table, belonging: Table) -> Table:
    """Profiles of members, under each party that the member is."""
    return profile.join(belonging, "profile_no").join(
        member_party.select("network_id", "party_id", "member_id", "role", lent_what="what"), "party_id"
    )


def _lent(member_party: Table, flow_row: Table, payment: Table) -> Table:
    """The accounts that passed money on to a member in the name of another person, who is not watched for it."""
    lenders = member_party.filter(member_party.what == "account").select("party_id")
    passed = flow_row.select("row_id", party_id="from_id").semi_join(lenders, "party_id")
    paid = passed.join(payment.select("row_id", value=payment.payer_account.cast("string")), "row_id")
    return paid.filter(paid.value.notnull()).select("party_id", "value", what=ibis.literal("account")).distinct()


def _named(held: Table, party: Table, lent: Table) -> Table:
    """Each identifier of each member, with the first of its rows; an organisation's full name is one.

    Of who lent a member an account, the accounts ``lent`` alone.
    """
    kinds = []
    for what in (*IDENTIFIERS, "organisation"):
        value = organisation(held.name) if what == "organisation" else held[what].cast("string")
        usable = ~held.is_name_from_register if what == "organisation" else value.notnull()
        kinds.append(held.mutate(what=ibis.literal(what), value=value).filter(usable))
    every = reduce(
        Table.union,
        [
            each.select(
                "network_id",
                "party_id",
                "member_id",
                "role",
                "lent_what",
                "what",
                "value",
                "n_rows",
                "row_id",
                "first_on",
                "last_on",
            )
            for each in kinds
        ],
    ).filter(lambda t: t.value.notnull())
    is_lenders = every.lent_what == "account"
    every = ibis.union(
        every.filter(~is_lenders), every.filter(is_lenders).semi_join(lent, ["party_id", "what", "value"])
    )
    summed = every.group_by("network_id", "party_id", "member_id", "role", "what", "value").agg(
        n_rows=every.n_rows.sum(),
        row_ids=every.row_id.collect(order_by=every.row_id)[:_ROWS],
        from_on=every.first_on.min(),
        to_on=every.last_on.max(),
    )
    return summed.left_join(party.select(member="party_id", called="name"), summed.member_id == party.party_id).select(
        *summed.columns, "called"
    )


def _of_protected(protected_party: Table, profile: Table, belonging: Table, kinds: tuple[str, ...]) -> Table:
    """Every identifier of these kinds that a protected party uses."""
    held = profile.join(belonging, "profile_no").semi_join(protected_party, "party_id")
    return reduce(
        Table.union,
        [
            held.filter(held[what].notnull()).select(what=ibis.literal(what), value=held[what].cast("string"))
            for what in kinds
        ],
    ).distinct()


def _ruled(named: Table, shared: Table, spared: Table) -> Table:
    marks = named.left_join(shared.mutate(is_shared=True), ["what", "value"]).select(*named.columns, "is_shared")
    marks = marks.left_join(spared.mutate(is_spared=True), ["what", "value"]).select(*marks.columns, "is_spared")
    rule = ibis.cases(
        (marks.is_spared.notnull(), "full"),
        ((marks.is_shared.notnull() & (marks.what == "phone")) | marks["value"].contains("*"), "fits"),
        else_="none",
    )
    return marks.mutate(rule=rule, is_support=ibis.literal(False)).select(*_COLUMNS)  # noqa: FBT003


def _places(network_place: Table, profile: Table, address_form: Table, shared: Table) -> Table:
    """Hubs, stores and laboratories in every writing; where many people receive, only beside the name of a member."""
    places = network_place.filter(network_place.role != "port")
    rows = (
        profile.semi_join(places, "place_id")
        .group_by("place_id")
        .agg(
            n_rows=lambda t: t.n_rows.sum(),
            row_ids=lambda t: t.row_id.collect(order_by=t.row_id)[:_ROWS],
        )
    )
    forms = address_form.select("place_id", "form", shown="address").distinct()
    known = (
        places.select("network_id", "role", "place_id", "from_on", "to_on")
        .join(forms, "place_id")
        .left_join(rows, "place_id")
        .select("network_id", "role", "from_on", "to_on", "n_rows", "row_ids", "shown", value="form")
    )
    crowds = shared.filter(shared.what == "address").select(shown="value", is_shared=ibis.literal(True))  # noqa: FBT003
    marks = known.left_join(crowds, "shown").select(*known.columns, "is_shared")
    return marks.mutate(
        what=ibis.literal("address"),
        party_id=ibis.literal(""),
        member_id=ibis.literal(""),
        called=ibis.null("string"),
        rule=ibis.ifelse(marks.is_shared.notnull(), "fits", "none"),
        is_support=ibis.literal(False),  # noqa: FBT003
        n_rows=marks.n_rows.fill_null(0),
        row_ids=marks.row_ids.fill_null(ibis.literal([], type="array<int64>")),
    ).select(*_COLUMNS)


def _things(rows: Table, what: str) -> Table:
    """Parcels and adverts of a network by what is written on them."""
    counted = _counted(rows)
    return _of_network(counted, what, is_support=False)


def _habits(rows: Table, what: str, least_uses: int, least_share: float) -> Table:
    """Traits that enough of the network's rows have."""
    counted = _counted(rows)
    totals = counted.group_by("network_id").agg(n_all=counted.n_rows.sum())
    met = counted.join(totals, "network_id")
    often = met.filter((met.n_rows >= least_uses) & (met.n_rows >= least_share * met.n_all))
    return _of_network(often.drop("n_all"), what, is_support=True)


def _counted(rows: Table) -> Table:
    told = rows.filter(rows.value.notnull())
    return told.group_by("network_id", "value").agg(
        n_rows=told.count(),
        row_ids=told.row_id.collect(order_by=told.row_id)[:_ROWS],
        from_on=told["at"].min().date(),
        to_on=told["at"].max().date(),
    )


def _of_network(rows: Table, what: str, *, is_support: bool) -> Table:
    return rows.mutate(
        what=ibis.literal(what),
        party_id=ibis.literal(""),
        member_id=ibis.literal(""),
        called=ibis.null("string"),
        role=ibis.literal(""),
        rule=ibis.literal("none"),
        is_support=ibis.literal(is_support),
    ).select(*_COLUMNS)


def watch_name(member_party: Table, profile: Table, belonging: Table) -> Table:
    """List the names of each member, whole or partial, and again under no party, for places of the network."""
    held = _held(member_party, profile, belonging).filter(lambda t: t.name.notnull())
    shown = names.shown(held.name)
    each = held.select(
        "network_id", "party_id", "lent_what", name_key=names.name_key(held.name), starts=shown.starts, ends=shown.ends
    ).filter(lambda t: t.name_key.notnull())
    # Who lent an account is no member to be met at the network's places.
    at_places = each.filter(each.lent_what != "account").mutate(party_id=ibis.literal(""))
    return ibis.union(each, at_places, distinct=True).drop("lent_what")


def watch_client(client_of: Table, party: Table) -> Table:
    """List the clients of each network by full name; one without a whole name cannot be told from others."""
    known = client_of.anti_join(party, client_of.client == party.party_id)
    return known.filter(~known.client.contains("*") & (known.client.length() >= 2)).select("network_id", "client")


def watch_spared(protected_party: Table, profile: Table, belonging: Table, address_form: Table) -> Table:
    """List accounts and addresses of protected parties: none of them is ever told as a place where clients meet."""
    spared = _of_protected(protected_party, profile, belonging, ("account", "place_id"))
    forms = address_form.select("place_id", "form").distinct()
    homes = spared.filter(spared.what == "place_id").join(forms, [spared["value"] == forms.place_id])
    return (
        spared.filter(spared.what != "place_id")
        .union(homes.select(what=ibis.literal("address"), value="form"))
        .distinct()
    )
