"""The middle of a business: parcels in from clients and gatherers, parcels out, returns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vialtrace.simulate.checkdigits import waybill_numbers
from vialtrace.simulate.clients import words
from vialtrace.simulate.rhythm import DAY, Floats, Ints, moments, triangular
from vialtrace.simulate.trade import Crew, Deals, Stage, Trade

_CARRIER_SHARES = np.array([0.24, 0.18, 0.2, 0.14, 0.1, 0.06, 0.08])


@dataclass(frozen=True)
class Parcels:
    """Parcels to be sent: between whom, what is declared, how heavy, and where delivered if not at the receiver's."""

    sender: Ints
    receiver: Ints
    contents: npt.NDArray[np.object_]
    weight: Floats
    place: npt.NDArray[np.object_] | str = ""


def send(
    rng: np.random.Generator, stage: Stage, day: Floats, parcels: Parcels, operation: int
) -> tuple[npt.NDArray[np.str_], Ints]:
    """Post parcels on their days: their numbers and when they are delivered."""
    n, country = len(day), stage.people.country
    share = _CARRIER_SHARES[: len(country.carriers)]
    carrier = rng.choice(len(share), n, p=share / share.sum()).astype(np.int64)
    at = moments(rng, day.astype(np.int64), "post")
    near = stage.people.region[parcels.sender] == stage.people.region[parcels.receiver]
    transit = 1 + (rng.random(n) < 0.3) + ~near * (rng.random(n) < 0.7)
    delivered = moments(rng, at // DAY + transit, "deliver")
    number = waybill_numbers(rng, carrier, country.carriers)
    stage.journal.add(
        "waybill",
        n,
        at=at,
        delivered=delivered,
        sender=parcels.sender,
        receiver=parcels.receiver,
        receiver_place=parcels.place,
        contents=parcels.contents,
        weight=np.round(parcels.weight),
        pieces=1 + (rng.random(n) < 0.03),
        carrier=carrier,
        number=number.astype(object),
        operation=operation,
    )
    return number, delivered


def take_in(
    rng: np.random.Generator, stage: Stage, trade: Trade, crew: Crew, deals: Deals, window: tuple[int, int]
) -> None:
    """What clients post to the business, one by one or several together through a gatherer; sets when it arrived."""
    n, people = deals.n, stage.people
    drawn = deals.at / DAY + triangular(rng, trade.in_after, n)
    deals.drawn = moments(rng, drawn.astype(np.int64), "office")
    deals.number = np.full(n, "", dtype=object)
    deals.depot = _depots(rng, trade, crew, deals, window)
    deals.arrived = (drawn.astype(np.int64) + 1) * DAY
    if trade.in_parcels <= 0 or not crew.depots:
        return
    posts = (rng.random(n) < trade.in_parcels) | (deals.gatherer >= 0)
    index = np.flatnonzero(posts)
    group = _groups(rng, trade, deals, drawn, index)
    n_parcels = int(group.max()) + 1 if len(index) else 0
    first = np.full(n_parcels, n)
    np.minimum.at(first, group, index)
    tubes = np.bincount(group, weights=deals.units[index].astype(float), minlength=n_parcels)
    client = deals.client[first]
    # An acquaintance who drew the blood, or anyone of the household, may post it.
    helper = stage.anyone_in(rng, people.region[client])
    by = rng.random(n_parcels)
    sender = np.where(by < 0.1, helper, np.where(by < 0.2, people.head[client], client))
    if crew.gatherers:
        sender = np.where(deals.gatherer[first] >= 0, np.array(crew.gatherers)[deals.gatherer[first]], sender)
    receiver = np.array(crew.depots)[deals.depot[first]]
    contents = words(rng, people.country.word_list(f"contents.{trade.contents}"), n_parcels)
    weight = triangular(rng, trade.box, n_parcels) + tubes * trade.unit_weight
    posted = Parcels(sender, receiver, contents, weight, _places(rng, trade, crew, n_parcels))
    number, delivered = send(rng, stage, drawn[first] + rng.uniform(0, 0.6, n_parcels), posted, deals.operation)
    deals.number[index] = number[group]
    deals.arrived[index] = delivered[group]


def _groups(rng: np.random.Generator, trade: Trade, deals: Deals, drawn: Floats, index: Ints) -> Ints:
    """For each posted deal the number of its parcel: a gatherer's deals of the same days and depot go together."""
    gatherer = deals.gatherer[index]
    round_ = (drawn[index] // trade.gather_days).astype(np.int64)
    size = rng.integers(2, trade.gathered_most + 1, len(deals.at))
    key = np.where(
        gatherer >= 0, (gatherer + 1) * 10_000_000 + round_ * 100 + deals.depot[index] % 100, -1 - np.arange(len(index))
    )
    _, group = np.unique(key, return_inverse=True)
    order = np.argsort(group, kind="stable")
    ranked = group[order]
    place = np.arange(len(index)) - np.searchsorted(ranked, ranked)
    cut = np.zeros(len(index), dtype=np.int64)
    cut[order] = place // np.maximum(size[ranked % len(size)], 2)
    _, final = np.unique(group * 1_000 + cut, return_inverse=True)
    numbers: Ints = final.astype(np.int64)
    return numbers


def _depots(rng: np.random.Generator, trade: Trade, crew: Crew, deals: Deals, window: tuple[int, int]) -> Ints:
    """Where each deal's parcel goes: the seller's usual depot, or one after the other where they rotate."""
    count = max(1, len(crew.depots))
    if trade.is_rotating:
        usual = ((deals.at // DAY - window[0]) * count // max(1, window[1] - window[0])).clip(0, count - 1)
    else:
        usual = deals.seller % count
    return np.where(rng.random(deals.n) < 0.85, usual, rng.integers(0, count, deals.n))


def _places(rng: np.random.Generator, trade: Trade, crew: Crew, n: int) -> npt.NDArray[np.object_]:
    """A courier shop's address on relayed parcels, blank elsewhere."""
    place = np.full(n, "", dtype=object)
    if crew.relay_places and trade.relay > 0:
        relayed = rng.random(n) < trade.relay
        place[relayed] = np.array(crew.relay_places, dtype=object)[
            rng.integers(0, len(crew.relay_places), int(relayed.sum()))
        ]
    return place


def send_out(rng: np.random.Generator, stage: Stage, trade: Trade, crew: Crew, deals: Deals) -> None:
    """Goods, repaired things or papers posted to clients, and what comes back of them."""
    if trade.out_parcels <= 0 or not crew.depots:
        return
    out = np.flatnonzero(rng.random(deals.n) < trade.out_parcels)
    base = (
        deals.arrived[out] / DAY + 2 if trade.in_parcels > 0.3 else deals.at[out] / DAY + rng.exponential(0.8, len(out))
    )
    vocabulary = stage.people.country.word_list
    depot = np.array(crew.depots)[deals.depot[out]]
    kept = base < stage.span.days - 1
    out, base, depot = out[kept], base[kept], depot[kept]
    contents = words(rng, vocabulary(f"contents.{trade.out_contents}"), len(out))
    sent = Parcels(depot, deals.client[out], contents, triangular(rng, trade.out_weight, len(out)))
    _, delivered = send(rng, stage, base, sent, deals.operation)
    back = np.flatnonzero(rng.random(len(out)) < trade.returns)
    weight = triangular(rng, trade.out_weight, len(back))
    returned = Parcels(deals.client[out[back]], depot[back], contents[back], weight)
    send(rng, stage, delivered[back] / DAY + rng.uniform(1, 6, len(back)), returned, deals.operation)
