"""How many persons' samples the rows of one source stand for: parcels, payments, orders, seizures, trips.

What is assumed here comes from published cases of this trade and is stated in the basis of every figure: two tubes a
woman as a rule, three at times; 12.6 g a filled tube (7.9 kg for 625 tubes in one seizure); a median of 96 tubes a
traveller on foot over seventeen seizures, from 5 to 208; one full payment, or a deposit of an eighth and a balance.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from vialtrace.estimate.figure import Figure, Share, counted
from vialtrace.estimate.flows import Flags, Floats, Flows, Ints

TUBES_A_WOMAN = (2.0, 2.15, 3.0)
TUBE_GRAMS = 12.6

_TUBES = re.compile(r"支|管|瓶|tube|vial", re.IGNORECASE)
_PERSONS = re.compile(r"人|例|person|sample|样", re.IGNORECASE)


@dataclass(frozen=True)
class Paid:
    """Payments of clients gathered person by person: who paid, whom, how much in all, for how many persons."""

    payer: Ints
    taker: Ints
    total: Floats
    persons: Floats
    typical: float
    currency: str


def paid_for(flows: Flows, flow: str = "client_payment", *, within_days: int = 60, complete_share: float = 0.6) -> Paid:
    """Payments of one payer no more than ``within_days`` apart as one person's, or several where the total says so.

    A deposit and its balance are days apart and a second pregnancy most of a year, so 60 days parts them. The typical
    price is the total at which most money was paid (within 15 per cent); a total of 1.6 times that and more stands
    for several persons, one below ``complete_share`` of it for one whose other payment no record shows.
    """
    rows = flows.of(flow)
    currency = _main_currency(flows, rows)
    rows = rows[(flows.currency[rows] == currency) & (flows.amount[rows] > 0)]
    # Who pays without being told apart is told apart by the row: each such payment is a person of its own.
    payer = np.where(flows.giver[rows] >= 0, flows.giver[rows], -1 - np.arange(len(rows)))
    order = np.lexsort((flows.row_id[rows], flows.day[rows], payer))
    rows, payer = rows[order], payer[order]
    day = flows.day[rows]
    starts = np.ones(len(rows), dtype=bool)
    starts[1:] = (payer[1:] != payer[:-1]) | (day[1:] - day[:-1] > within_days)
    group = np.cumsum(starts) - 1
    total = np.bincount(group, weights=flows.amount[rows]).astype(np.float64)
    # The first part, usually the deposit, goes to whoever won the client.
    taker = flows.taker[rows][starts]
    typical = _main_mode(total)
    whole = np.where(total > 1.6 * typical, np.round(total / max(typical, 1e-9)), 1.0)
    is_whole = total >= complete_share * typical
    usual = float((total[is_whole] / whole[is_whole]).mean()) if is_whole.any() else typical
    return Paid(payer[starts], taker, total, whole, usual, currency)


def _main_currency(flows: Flows, rows: Ints) -> str:
    if not len(rows):
        return ""
    names, place = np.unique(flows.currency[rows].astype(str), return_inverse=True)
    return str(names[np.bincount(place, weights=np.maximum(flows.amount[rows], 1e-6)).argmax()])


def _main_mode(total: Floats) -> float:
    """The total around which (15 per cent either way) the most money was paid."""
    if not len(total):
        return 0.0
    ranked = np.sort(total)
    summed = np.concatenate([[0.0], np.cumsum(ranked)])
    around = (
        summed[np.searchsorted(ranked, ranked * 1.15, "right")] - summed[np.searchsorted(ranked, ranked * 0.85, "left")]
    )
    best = ranked[int(around.argmax())]
    near = ranked[(ranked >= best * 0.85) & (ranked <= best * 1.15)]
    return float(np.median(near))


@dataclass(frozen=True)
class Sent:
    """Sample parcels by who posted them to whom: how many, and how many persons they stand for, with the error."""

    giver: Ints
    taker: Ints
    parcels: Ints
    persons: Floats
    deviation: float


def sent_by(flows: Flows, *, box_grams: tuple[float, float] = (200.0, 90.0), often: int = 3) -> Sent:
    """Persons per pair of sender and receiver of sample parcels.

    A row whose quantity is known counts for that. Otherwise a sender seen fewer than ``often`` times posts her own: one
    person a parcel. Whoever posts often, or is a member, posts for several: what the parcels weigh over a parcel for
    one is tubes of 12.6 g. A parcel for one is the median of the single senders' parcels where there are five, else
    ``box_grams`` (mean and deviation of a small box with two tubes). Weights are summed over a pair before they are
    divided, since the boxes of single parcels differ by more than a woman's tubes weigh.
    """
    rows = flows.of("sample_parcel")
    if not len(rows):
        return Sent(*(np.zeros(0, np.int64),) * 3, np.zeros(0), 0.0)
    giver, taker = flows.giver[rows], flows.taker[rows]
    unknown = giver < 0
    key = np.where(unknown, -1 - np.arange(len(rows)), giver) * (len(flows.parties) + 2) + taker + 1
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    parcels = np.bincount(group)
    posts = np.bincount(np.where(unknown, 0, giver + 1), minlength=len(flows.parties) + 1)
    single = unknown | ((posts[giver + 1] < often) & ~flows.is_member(giver))
    weight, quantity = flows.weight[rows], flows.quantity[rows]
    known = weight[single & (weight > 0)]
    usual, spread = (float(known.mean()), float(known.std())) if len(known) >= 5 else box_grams
    own = TUBES_A_WOMAN[1] * TUBE_GRAMS
    has_quantity = quantity > 0
    weighed = ~single & ~has_quantity & (weight > 0)
    beyond = np.where(weighed, weight - usual, 0.0)
    bound = 3 * max(spread, usual / 4)
    heavy = np.maximum(beyond - bound, 0.0)
    light = np.maximum(np.bincount(group, weights=beyond - heavy), 0) / own
    # Where a sender's own packing shows, its own boxes are the measure. Whether what they weigh beyond the lightest is
    # more women or only different boxes, no row tells, nor how much of a heavy parcel is coolant and padding: half of
    # it is taken, anything from none to all being as likely.
    habit, has_habit = _own_boxes(group, np.where(weighed, weight, 0.0), len(parcels), usual, (spread, bound))
    open_ = np.where(has_habit, habit, np.bincount(group, weights=heavy)) / own
    several = np.where(has_habit, 0.0, light) + open_ / 2
    persons = np.bincount(group, weights=np.where(has_quantity, np.nan_to_num(quantity), 1.0)) + several
    n_usual = int((weighed & ~has_habit[group]).sum())
    # Box noise over the parcels measured by the usual box, and the same doubt about that box in all of them.
    noise = math.hypot(math.sqrt(n_usual) * spread, n_usual * spread / math.sqrt(max(len(known), 5))) / own
    doubt = math.hypot(light[~has_habit].sum() * 0.1, open_.sum() / math.sqrt(12))
    return Sent(np.where(unknown, -1, giver)[first], taker[first], parcels, persons, math.hypot(noise, doubt))


def _own_boxes(
    group: Ints, weight: Floats, n_groups: int, usual: float, bounds: tuple[float, float], *, least: int = 6
) -> tuple[Floats, Flags]:
    """Grams beyond the lightest tenth of a regular sender's own parcels, summed over each sender's; and whose they are.

    Only where a habit of packing shows. Either ``least`` parcels were weighed, the lightest no heavier than the
    ``usual`` box, and they differ less among themselves than single senders' boxes do (the first of ``bounds``). Or the
    lightest is so much heavier (the second) that it is another sort of box, with a coolant say, and the usual one tells
    nothing.
    """
    alike, far = bounds
    beyond, has_habit = np.zeros(n_groups), np.zeros(n_groups, dtype=bool)
    for number in np.unique(group[weight > 0]):
        its = weight[(group == number) & (weight > 0)]
        low, high = np.quantile(its, [0.1, 0.9])
        if low > usual + far or (len(its) >= least and low <= usual and high - low < alike):
            has_habit[number] = True
            beyond[number] = float(np.maximum(its - low, 0).sum())
    return beyond, has_habit


def from_orders(flows: Flows, *, seen: tuple[float, float, float]) -> Figure | None:
    """How many persons the order sheets name, assuming each order is one test of one person."""
    rows = flows.of("order")
    if not len(rows):
        return None
    quantity = flows.quantity[rows]
    count = float(np.where(quantity > 1, quantity, 1.0).sum())
    return counted(
        "orders",
        count,
        f"{count:.0f} tests stand on order sheets; sheets that are not in hand are not in it.",
        len(rows),
        seen=seen,
    )


def from_payments(paid: Paid, further: float, n_rows: int, *, seen: Share) -> Figure | None:
    """How many persons the visible payments stand for, assuming one price, in full or as deposit and balance.

    ``further`` persons paid the same accounts without being known from another source.
    """
    known = float(paid.persons.sum())
    if not known:
        return None
    count = known + further
    error = math.hypot(seen.deviation / seen.mean, 0.1 * further / count, 1 / math.sqrt(count))
    spread = math.exp(1.96 * error)
    value = count / seen.mean
    return Figure(
        "payments",
        value,
        max(value / spread, known),
        value * spread,
        f"{known:.0f} known clients paid, usually {_said(paid.typical, paid.currency)}, and {further:.0f} others paid "
        f"the same accounts alike; {seen.mean:.0%} of all clients are taken to pay where records show it.",
        n_rows,
    )


def _said(amount: float, currency: str) -> str:
    return f"{amount:,.0f} {currency}".rstrip()


def from_parcels(flows: Flows, sent: Sent, private: float, n_strange: int, *, seen: Share) -> Figure | None:
    """How many persons the visible parcels stand for, by number and weight, corrected for parcels no record shows.

    ``private`` of the parcels are taken off as the keepers' own. ``seen`` is what is assumed of the share of parcels in
    hand; parcels named on order sheets tell more, each found or missing among those in hand.
    """
    n_parcels = int(sent.parcels.sum())
    count = float(sent.persons.sum()) - private
    if count <= 0:
        return None
    # What is private is known to a half at best, and whether a stranger's parcel held a sample to one in twenty.
    deviation = math.hypot(sent.deviation, private / 2, 0.05 * n_strange)
    in_hand = set(flows.parcel[flows.of("sample_parcel", "relay")].tolist()) - {""}
    named = flows.parcel[flows.of("order")]
    named = named[named != ""]
    hits = sum(number in in_hand for number in named.tolist())
    share = seen.told(hits, len(named) - hits)
    value = count / share.mean
    error = math.hypot(share.deviation / share.mean, deviation / count, 1 / math.sqrt(n_parcels))
    spread = math.exp(1.96 * max(error, 0.03))
    told = f"; of {len(named)} parcels named on order sheets {hits} are among them" if len(named) else ""
    return Figure(
        "parcels",
        value,
        min(max(count - 1.96 * deviation, value / spread, 1.0), value),
        value * spread,
        f"{n_parcels} parcels, {n_strange} of them of senders known from nothing else, stand for {count:.0f} persons, "
        f"{private:.0f} taken off as the keepers' own{told}; {share.mean:.0%} of all parcels are taken to be in hand.",
        n_parcels,
    )


def tubes_seized(quantity: Floats, unit: list[str], n_specimens: Ints) -> tuple[float, float]:
    """Tubes and persons' samples in seizures: by their unit, else by the specimens listed under them."""
    tubes = persons = 0.0
    for amount, word, listed in zip(quantity.tolist(), unit, n_specimens.tolist(), strict=True):
        if _TUBES.search(word) or not _PERSONS.search(word):
            held = max(0.0 if math.isnan(amount) or not (_TUBES.search(word) or listed) else amount, float(listed))
            tubes, persons = tubes + held, persons + held / TUBES_A_WOMAN[1]
        else:
            held = 0.0 if math.isnan(amount) else amount
            persons, tubes = persons + held, tubes + max(held * TUBES_A_WOMAN[1], float(listed))
    return tubes, persons


def from_seizures(tubes: float, persons: float, n_rows: int) -> Figure | None:
    """How many persons' samples were intercepted, assuming two tubes a woman and at times three."""
    if persons <= 0:
        return None
    return Figure(
        "seizures",
        persons,
        tubes / TUBES_A_WOMAN[2],
        max(tubes / TUBES_A_WOMAN[0], persons),
        f"{tubes:.0f} tubes were intercepted in {n_rows} seizures; this is the part that was caught.",
        n_rows,
    )


def from_trips(n_trips: int, tubes_a_trip: tuple[float, int]) -> Figure | None:
    """How many persons' samples the trips could hold, assuming each carried what travellers on foot were caught with.

    The mean of seventeen foot seizures is about 110 tubes; one network's own habit differs from it by a factor of two
    and more, which is why this figure weighs little. ``tubes_a_trip`` is the network's own mean and number of seizures.
    """
    if not n_trips:
        return None
    own, n_own = tubes_a_trip
    # The published mean counts as two seizures beside the network's own.
    mean = math.exp((2 * math.log(110.0) + n_own * math.log(max(own, 1.0))) / (2 + n_own))
    value = n_trips * mean / TUBES_A_WOMAN[1]
    spread = math.exp(1.96 * 1.1 / math.sqrt(1 + n_own / 4))
    return Figure(
        "trips",
        value,
        value / spread,
        value * spread,
        f"{n_trips} trips at about {mean:.0f} tubes each, {TUBES_A_WOMAN[1]:g} tubes a woman.",
        n_trips,
    )
