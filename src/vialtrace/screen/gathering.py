"""Where do a network's clients meet anew? A new account they pay, a new address they post to.

No client is a reason to look at anybody. Several at one place that serves few others are a reason to look at the
place: whoever holds it serves the same clients. The test is the binomial one, with the rate at which names of the same
batch are clients' names (namesakes included), times the number of places and networks asked about (Bonferroni): a
crowd of namesakes says nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import ibis
from ibis.expr.types import Table

from vialtrace.kit import addresses, names
from vialtrace.kit.scalars import compiled
from vialtrace.screen.sighting import Sighting

LEAST_CLIENTS = 3
MOST_CHANCE = 0.01
_ROWS = 3

MEETING = {
    "waybill": (("address", "receiver_address", "sender_name"),),
    "payment": (("account", "payee_account", "payer_name"),),
}
"""For each kind where clients can meet: what the place is, its field, and the field with the client's name."""


@dataclass(frozen=True)
class Gathering:
    """An account or address at which clients of a network meet, who are counted and not named."""

    network_id: str
    what: str
    value: str
    n_clients: int
    n_names: int
    n_expected: float
    p_value: float
    row_ids: tuple[int, ...]


def meetings(kind: str, read: Table) -> Table | None:
    """Who met where in cleaned rows: ``what``, ``value``, ``client``, and the first ``row_id``; full names only."""
    parts = []
    for what, field, name in MEETING.get(kind, ()):
        client = read[name]
        rows = read.filter(client.notnull() & ~names.is_masked(client) & read[field].notnull())
        kept = rows.select(
            "row_id",
            what=ibis.literal(what),
            value=addresses.normal(rows[field]) if what == "address" else rows[field],
            client=names.name_key(rows[name]),
        )
        parts.append(kept.group_by("what", "value", "client").agg(row_id=kept.row_id.min()))
    return parts[0] if parts else None


def met(meeting: Table, watch_client: Table) -> Table:
    """For each place with clients enough: how many of a network's clients, how many names, and how many in all."""
    places = meeting.group_by("what", "value").agg(n_names=meeting.count())
    everybody = meeting.client.nunique().as_scalar()
    asked = (
        places.filter(places.n_names >= LEAST_CLIENTS).count().as_scalar()
        * watch_client.network_id.nunique().as_scalar()
    )
    clients = meeting.join(watch_client, "client")
    known = clients.group_by("network_id").agg(n_known=clients.client.nunique())
    counted = clients.group_by("network_id", "what", "value").agg(
        n_clients=clients.count(), row_ids=clients.row_id.collect(order_by=clients.row_id)[:_ROWS]
    )
    enough = counted.filter(counted.n_clients >= LEAST_CLIENTS)
    return enough.join(places, ["what", "value"]).join(known, "network_id").mutate(n_everybody=everybody, n_asked=asked)


def met_of(
    kind: str, read: Mapping[str, Any], seen: Sequence[Sighting], row_id: int
) -> list[tuple[int, str, str, str]]:
    """Who met where in one record of `sighting.reader`, as ``meetings`` has it for many."""
    at = {(each.what, each.field): each for each in seen}
    found = []
    for what, field, name in MEETING.get(kind, ()):
        place = at.get((what, field))
        client = _client_key(kind)(read) if place is not None else None
        if place is not None and client is not None and read.get(name):
            found.append((row_id, what, place.seen, client))
    return found


@cache
def _client_key(kind: str) -> Callable[[Mapping[str, Any]], Any]:
    """The key of a full name in the field that names the client; null for a partial one."""
    ((_, _, name),) = MEETING[kind]
    row = ibis.table({name: "string"}, name=f"client_{kind}")
    return compiled(ibis.ifelse(names.is_masked(row[name]), ibis.null("string"), names.name_key(row[name])))


def met_in_memory(
    meeting: Iterable[tuple[int, str, str, str]], clients: Mapping[str, Sequence[str]], *, n_networks: int
) -> list[dict[str, Any]]:
    """The same over ``(row_id, what, value, client)``; ``clients`` are the networks of each client's name."""
    first: dict[tuple[str, str, str], int] = {}
    for row_id, what, value, client in meeting:
        key = (what, value, client)
        first[key] = min(first.get(key, row_id), row_id)
    places: dict[tuple[str, str], int] = defaultdict(int)
    at: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    known: dict[str, set[str]] = defaultdict(set)
    for (what, value, client), row_id in first.items():
        places[what, value] += 1
        for network in clients.get(client, ()):
            known[network].add(client)
            at[network, what, value].append(row_id)
    n_everybody = len({client for _, _, client in first})
    n_asked = sum(n >= LEAST_CLIENTS for n in places.values()) * n_networks
    return [
        {
            "network_id": network,
            "what": what,
            "value": value,
            "n_clients": len(rows),
            "row_ids": sorted(rows)[:_ROWS],
            "n_names": places[what, value],
            "n_known": len(known[network]),
            "n_everybody": n_everybody,
            "n_asked": n_asked,
        }
        for (network, what, value), rows in at.items()
        if len(rows) >= LEAST_CLIENTS
    ]


def gatherings(
    counted: Iterable[Mapping[str, Any]],
    *,
    spared: frozenset[tuple[str, str]],
    watched: frozenset[tuple[str, str, str]],
) -> list[Gathering]:
    """The places where more clients meet than chance allows.

    ``spared`` are accounts and addresses of protected parties; ``watched`` (network, what, value) are known to be the
    network's, and matched as such.
    """
    from scipy.stats import binom  # noqa: PLC0415  half a second to load, and most commands never need it

    found = []
    for row in counted:
        n, of = int(row["n_clients"]), int(row["n_names"])
        # Those met here do not count for how common clients are; one is added, so that a lone place proves nothing.
        others, clients = int(row["n_everybody"]) - of, int(row["n_known"]) - n
        rate = min(1.0, (clients + 1) / (others + 1))
        chance = min(1.0, float(binom.sf(n - 1, of, rate)) * int(row["n_asked"]))
        where = (str(row["what"]), str(row["value"]))
        if chance <= MOST_CHANCE and where not in spared and (row["network_id"], *where) not in watched:
            found.append(Gathering(row["network_id"], *where, n, of, of * rate, chance, tuple(row["row_ids"])))
    return sorted(found, key=lambda each: (each.p_value, each.network_id, each.what, each.value))
