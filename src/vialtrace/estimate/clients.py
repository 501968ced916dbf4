"""Which clients stand on which lists: orders, payments, parcels and seizures, for multiple systems estimation."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from vialtrace.estimate.capture import Population, histories, population, tabulate
from vialtrace.estimate.figure import Figure
from vialtrace.estimate.flows import Flags, Flows, Ints

LISTS = ("orders", "payments", "parcels", "seizures")
_FLOW_OF = {"orders": "order", "payments": "client_payment", "parcels": "sample_parcel"}
_NAME = re.compile(r"[㐀-鿿]{2,4}|[A-Za-z][A-Za-z .'-]{3,}")


def _label_names(label: str) -> set[str]:
    """What in a tube's label could be a name, in the form of ``name_key``."""
    return {"".join(found.split()).lower() for found in _NAME.findall(label)}


def _by_name(name: NDArray[np.object_], day: Ints, party: Ints, kind: Ints, within: int) -> list[tuple[int, int]]:
    """Pairs of neighbouring rows of one full name in different lists, no more than ``within`` days apart.

    A name that two different parties of one list bear in the same stretch is two women's: it joins nobody.
    """
    usable = np.flatnonzero((name != "") & ~np.array(["*" in each for each in name], dtype=bool))
    order = usable[np.lexsort((day[usable], name[usable].astype(str)))]
    if len(order) < 2:
        return []
    new = np.ones(len(order), dtype=bool)
    new[1:] = (name[order][1:] != name[order][:-1]) | (np.diff(day[order]) > within)
    stretch = np.cumsum(new) - 1
    # Distinct (stretch, list, party): more than one party in a list makes the stretch ambiguous.
    triples = np.unique(np.column_stack([stretch, kind[order], party[order]]), axis=0)
    _, counts = np.unique(triples[:, :2], axis=0, return_counts=True)
    pairs = np.unique(triples[:, :2], axis=0)
    ambiguous = set(pairs[counts > 1, 0].tolist())
    return [
        (int(order[place - 1]), int(order[place]))
        for place in np.flatnonzero(~new).tolist()
        if int(stretch[place]) not in ambiguous
    ]


def caught(flows: Flows, seized_labels: Sequence[str], *, within_days: int = 45) -> tuple[Flags, int]:
    """One row of flags a client: on which of ``LISTS`` the client stands; and how many rows were read.

    Rows are one client's when resolve took them for one party, when an order names the parcel, or when they bear the
    same full name within ``within_days`` and no other client of that name is about. Parcels posted by members say
    nothing of single clients and are left out. A label on a seized tube catches the client whose name it bears.
    """
    rows, kinds = [], []
    for number, listed in enumerate(LISTS[:3]):
        found = flows.of(_FLOW_OF[listed])
        found = found[~flows.is_member(flows.giver[found])]
        rows.append(found)
        kinds.append(np.full(len(found), number))
    at, kind = np.concatenate(rows), np.concatenate(kinds).astype(np.int64)
    if not len(at):
        return np.zeros((0, len(LISTS)), dtype=bool), 0
    links = _by_name(flows.name[at], flows.day[at], flows.giver[at], kind, within_days)
    party = np.array([f"P{each}" if each >= 0 else "" for each in flows.giver[at].tolist()], dtype=object)
    for key in (party, flows.parcel[at]):
        order = np.flatnonzero(key != "")
        order = order[np.argsort(key[order].astype(str), kind="stable")]
        same = key[order][1:] == key[order][:-1]
        links += list(zip(order[:-1][same].tolist(), order[1:][same].tolist(), strict=True))
    pairs = np.array(links, dtype=np.int64).reshape(-1, 2)
    graph = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(at), len(at)))
    n_clients, client = connected_components(graph, directed=False)
    flags = np.zeros((n_clients, len(LISTS)), dtype=bool)
    flags[client, kind] = True
    wanted = set().union(*(_label_names(label) for label in seized_labels)) if seized_labels else set()
    on_tube = np.array([each in wanted for each in flows.name[at].tolist()], dtype=bool)
    flags[client[on_tube], 3] = True
    # Whoever is known from a tube alone was seen too.
    known = set(flows.name[at][on_tube].tolist())
    only = sum(1 for label in sorted(set(seized_labels)) if _label_names(label) and not _label_names(label) & known)
    alone = np.zeros((only, len(LISTS)), dtype=bool)
    alone[:, 3] = True
    return np.concatenate([flags, alone]), len(at) + len(seized_labels)


def _joined(names: Sequence[str]) -> Flags:
    """Histories that no row stands for alone: a payment or parcel of nobody known else may be an unjoined client's."""
    cells = histories(len(names)).astype(bool)
    on = {name: cells[:, place] for place, name in enumerate(names)}
    shown: Flags = on["orders"] | (on["payments"] & on["parcels"])
    return ~shown


def from_overlap(flags: Flags, n_rows: int, *, seed: int = 0, doubt: float = 0.1) -> Figure | None:
    """How many clients there are, assuming orders, payments and parcels miss them independently but for pairs of lists.

    A payment or a parcel that joins to nothing else is read twice. As a client of its own: too many, since a relative
    may have paid or a name was masked, and one client counts as two. As nobody's, the number seen on one list alone
    being estimated like that seen on none: too few, since only rows that join count. The figure is the geometric mean
    of the two readings, its interval reaches from the one to the other, and ``doubt`` is a deviation on the log scale
    beyond that: clients of members who were not found stand on no list at all. Each list needs five clients.
    """
    seen = flags[:, :3]
    if (seen.sum(axis=0) < 5).any():
        return None
    counts = tabulate(seen[seen.any(axis=1)])
    few = population(counts, 3, hidden=_joined(LISTS[:3]), seed=seed)
    many = population(counts, 3, seed=seed)
    if few is None or many is None:
        return None
    value = math.sqrt(few.value * many.value)
    apart = abs(math.log(many.value / few.value)) / 2
    own = max(_deviation(few), _deviation(many))
    wide = math.exp(math.hypot(apart, 1.96 * math.hypot(own, doubt)))
    basis = (
        f"{few.n_seen} clients stand on order sheets, or on both payments and parcels, and {many.n_seen - few.n_seen} "
        f"on one of these alone; without the latter {_spread(few)}, with them {_spread(many)}."
    )
    return Figure("multiple_systems", value, max(float(few.n_seen), value / wide), value * wide, basis, n_rows)


def _deviation(found: Population) -> float:
    """The deviation on the log scale that a population's interval stands for."""
    return math.log(found.high / max(found.low, 1.0)) / (2 * 1.96)


def from_labels(flags: Flags, *, doubt: float = 0.3) -> Figure | None:
    """How many clients there are, assuming customs stopped tubes without regard to who is known from other records.

    Chapman's estimator on two lists: clients known from orders, payments or parcels, and names on seized tubes. Tubes
    are stopped by the batch and not one by one, hence the ``doubt``, a deviation on the log scale.
    """
    known, labelled = flags[:, :3].any(axis=1), flags[:, 3]
    both = float((known & labelled).sum())
    if both < 5:
        return None
    found = population(np.array([(known & ~labelled).sum(), (~known & labelled).sum(), both], dtype=np.float64), 2)
    if found is None:
        return None
    wide = np.exp(1.96 * doubt)
    basis = (
        f"Of {int(labelled.sum())} women named on seized tubes, {both:.0f} are among {int(known.sum())} clients "
        "known otherwise."
    )
    return Figure(
        "tube_labels",
        found.value,
        max(float(found.n_seen), found.low / wide),
        found.high * wide,
        basis,
        int(labelled.sum()),
    )


def _spread(found: Population) -> str:
    said = {name.replace("_", " "): value for name, value in found.by_model.items()}
    listed = ", ".join(f"{name} model {value:,.0f}" for name, value in said.items())
    return f"{found.value:,.0f} from how the lists overlap ({listed})"
