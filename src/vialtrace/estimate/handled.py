"""How many persons' samples each member had a hand in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vialtrace.estimate.figure import Figure
from vialtrace.estimate.flows import Floats, Flows, Ints
from vialtrace.estimate.persons import Paid, Sent

# Who pays so many of a network's people pays for what all of them do.
_PAYS = 3


@dataclass(frozen=True)
class Trips:
    """Members' trips: traveller and persons' samples carried, one entry a trip."""

    traveller: Ints
    samples: Floats


def trips_of(flows: Flows, batches: list[tuple[list[int], float, int]]) -> Trips:
    """Who crossed with which batch, from rows, samples and number of travellers of each batch.

    A traveller's exit and return belong to one trip. Trip rows in no batch count as trips that carried nothing known,
    one a traveller and two neighbouring days.
    """
    rows = flows.of("trip")
    place = {int(row): int(at) for row, at in zip(flows.row_id[rows], rows, strict=True)}
    travellers: list[int] = []
    carried: list[float] = []
    used: set[int] = set()
    for row_ids, samples, n_mules in batches:
        mine = [place[row] for row in row_ids if row in place]
        used.update(mine)
        crew = sorted({int(flows.giver[at]) for at in mine} - {-1})
        travellers += crew
        carried += [samples / max(n_mules, len(crew), 1)] * len(crew)
    lone = sorted((int(flows.giver[at]), int(flows.day[at])) for at in rows.tolist() if at not in used)
    previous = (-2, -2)
    for traveller, day in lone:
        if traveller != previous[0] or day - previous[1] > 1:
            travellers.append(traveller)
            carried.append(0.0)
        previous = (traveller, day)
    return Trips(np.array(travellers, dtype=np.int64), np.array(carried, dtype=np.float64))


def handled(role: str, party: int, flows: Flows, paid: Paid, sent: Sent, trips: Trips, total: Figure) -> Figure | None:
    """How many persons' samples passed through one member, assuming unseen ones are spread like those seen.

    Recruiters by the clients who paid or ordered with them, collectors by what they posted, hubs by what reached them,
    mules by their share of each batch, treasurers by the clients who paid them; organisers, laboratories and treasurers
    who pay ``_PAYS`` others and more of the network stand for the whole of it. Where a member's own source is silent,
    the one that shows most is taken. A mule's batches may have been shared with, or carried by, others whom no record
    shows: the lower end is a third of the figure.
    """
    if role in ("organiser", "laboratory"):
        return Figure("reconciled", total.value, total.low, total.high, "The whole network's samples.", total.n_rows)
    orders = flows.of("order")
    n_paid = len(np.unique(flows.taker[flows.given_by(party, "commission", "pay", "laboratory_fee", "profit")]))
    paid_to, ordered = float(paid.persons[paid.taker == party].sum()), len(flows.taken_by(party, "order"))
    posted, got = float(sent.persons[sent.giver == party].sum()), float(sent.persons[sent.taker == party].sum())
    carried = float(trips.samples[trips.traveller == party].sum())
    shares = {
        "paid for": (paid_to, float(paid.persons.sum())),
        "ordered": (float(ordered), float(len(orders))),
        "posted": (posted, float(sent.persons.sum())),
        "received in parcels": (got, float(sent.persons.sum())),
        "carried over the border": (carried, float(trips.samples.sum())),
    }
    if role == "treasurer" and n_paid >= _PAYS:
        return Figure(
            "reconciled",
            total.value,
            min(max(paid_to * 0.9, 1.0), total.value),
            total.high,
            f"The whole network's samples, {n_paid} of whose people this member paid; "
            f"{paid_to:,.0f} women visibly paid this member.",
            total.n_rows,
        )
    own = {
        "recruiter": ("paid for", "ordered"),
        "collector": ("posted", "ordered"),
        "hub": ("received in parcels",),
        "mule": ("carried over the border",),
        "treasurer": ("paid for",),
    }.get(role, ())
    how = max((key for key in own if shares[key][0] > 0), key=lambda key: shares[key][0], default="")
    how = how or max(shares, key=lambda key: shares[key][0])
    if shares[how][0] <= 0 and role == "mule":
        return _by_trips(party, trips, total)
    count, of = shares[how]
    if count <= 0:
        return None
    scale = max(1.0, total.value / of)
    most = min(total.high, count * max(scale, total.high / of))
    # Order sheets are in hand for some recruiters only: how many of this one's are missing, the others do not tell.
    value = min(count * (min(scale, 1.5) if how == "ordered" else scale), total.high)
    low = value / 3 if how == "carried over the border" else min(count * 0.9, value)
    return Figure(
        "reconciled",
        value,
        low,
        max(most, value),
        f"{count:,.0f} persons' samples visibly {how} by way of this member.",
        int(count),
    )


def _by_trips(party: int, trips: Trips, total: Figure) -> Figure | None:
    """A mule whose batches show no load: the share of all trips, each trip taken as equal."""
    mine = int((trips.traveller == party).sum())
    if not mine:
        return None
    share = mine / len(trips.traveller)
    return Figure(
        "reconciled",
        total.value * share,
        total.low * share * 0.5,
        min(total.high, total.high * share * 2),
        f"{mine} of {len(trips.traveller)} trips were this member's.",
        mine,
    )
