"""Groups of profiles: first by strong identifiers, then with the likenesses and a person's decisions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vialtrace.resolve.beside import beside
from vialtrace.resolve.graph import DECIDED, OWN, Edges, Floats, Integers, Rules, codes, united


def anchor(node: ir.StringValue) -> ir.StringValue:
    """The party id that an identifier would give: the same in every run that holds it."""
    return ibis.literal("P") + node.hexdigest("md5").substr(0, 15)


def part(node: str) -> str:
    """The same for one identifier in hand: the id of the party that a split at it leaves."""
    return "P" + hashlib.md5(node.encode(), usedforsecurity=False).hexdigest()[:15]


def decided(hold: ir.Table, party_decision: ir.Table) -> ir.Table:
    """Find the identifiers that a person's decisions speak of.

    A decision names parties; a party's id is the anchor of one of its identifiers, and so is the id a split-off part
    would have. Speaking of identifiers, a decision outlives the run it was made on.
    """
    nodes = hold.select("node").distinct()
    anchored = nodes.select("node", party=anchor(nodes["node"]))
    ones = anchored.select(node="node", party_a="party")
    others = anchored.select(other_node="node", party_b="party")
    found = party_decision.inner_join(ones, "party_a").inner_join(others, "party_b")
    return found.select("node", "other_node", "act").distinct()


def link(hold: ir.Table, decided: ir.Table) -> ir.Table:
    """Keep the ties that can join or forbid a join: identifiers shared, decided on, or a person's only one."""
    spoken_of = decided.select("node").union(decided.select(node="other_node")).distinct()
    degree = hold.group_by("node").agg(n_profiles=hold.count())
    shared = degree.filter(degree["n_profiles"] > 1).select("node").union(spoken_of, distinct=True)
    joining = hold.semi_join(shared, "node")
    marked = hold.anti_join(shared, "node").filter(ibis._.person.notnull())
    kept = joining.union(marked)
    return kept.select("profile_id", "node", "weight", "person")


def grouping(link: pa.Table, decided: pa.Table) -> pa.Table:
    """Group the profiles that strong identifiers and decisions hold together; a profile left out is its own group."""
    group, _ = _unite(link, decided, None)
    return group


def component(link: pa.Table, decided: pa.Table, likeness: pa.Table) -> Mapping[str, pa.Table]:
    """Group the profiles that identifiers, decisions and likeness hold together.

    Returns the tables ``component`` and ``cut_hold``: the ties given up, because they would make one party of two
    people.
    """
    group, cut = _unite(link, decided, likeness)
    return {"component": group, "cut_hold": cut}


def _unite(link: pa.Table, decided: pa.Table, likeness: pa.Table | None) -> tuple[pa.Table, pa.Table]:
    """Groups of profiles (a group is called by its first profile) and the links that were cut."""
    alike = likeness if likeness is not None else _NO_LIKENESS
    held = len(link)
    profile_no, profiles = codes(pa.chunked_array(
        [*link["profile_id"].chunks, *alike["profile_id"].chunks, *alike["other_profile_id"].chunks], pa.string(),
    ))
    node_no, nodes = codes(link["node"])
    ends = node_no + len(profiles)  # identifiers come after profiles in one numbering of vertices
    pairs, apart = _decisions(decided, nodes, len(profiles))
    n_alike = len(alike)
    edges = Edges(
        len(profiles) + len(nodes),
        np.concatenate([profile_no[:held + n_alike], pairs[:, 0]]),
        np.concatenate([ends, profile_no[held + n_alike:], pairs[:, 1]]),
        np.concatenate([_strengths(link), _floats(alike["match_weight"]), np.full(len(pairs), DECIDED)]),
    )
    group, kept = united(edges, Rules(marks=_marks(link, ends), apart=apart))
    smallest = _smallest(group, len(profiles))
    table = pa.table({"profile_id": profiles, "group_id": profiles.take(pa.array(smallest))})
    return table, link.filter(pa.array(~kept[:held])).select(["profile_id", "node"])


def _smallest(group: Integers, n_profiles: int) -> Integers:
    """For each profile the first profile of its group; profiles are numbered in text order."""
    first = np.full(int(group.max(initial=-1)) + 1, n_profiles, dtype=np.int64)
    np.minimum.at(first, group[:n_profiles], np.arange(n_profiles))
    return first[group[:n_profiles]]


def _marks(link: pa.Table, ends: Integers) -> tuple[tuple[Integers, tuple[str, ...]], ...]:
    """The dates of birth and the resident numbers that identifiers carry."""
    is_marked = link["person"].is_valid().to_numpy()
    vertices, first = np.unique(ends[is_marked], return_index=True)
    persons = link["person"].filter(pa.array(is_marked)).take(pa.array(first)).to_pylist()
    born = [person.partition("|")[0] for person in persons]
    numbers = [person.partition("|")[2] for person in persons]
    with_number = np.array([bool(number) for number in numbers], dtype=np.bool_)
    return (
        (vertices, tuple(born)),
        (vertices[with_number], tuple(number for number in numbers if number)),
    )


def _decisions(decided: pa.Table, nodes: pa.Array, offset: int) -> tuple[Integers, tuple[tuple[int, int], ...]]:
    """Pairs of identifier vertices to unite, and pairs to keep apart."""
    one = pc.index_in(decided["node"], nodes).to_pylist()
    other = pc.index_in(decided["other_node"], nodes).to_pylist()
    acts = decided["act"].to_pylist()
    known = [(a + offset, b + offset, act) for a, b, act in zip(one, other, acts, strict=True)
             if a is not None and b is not None]
    merges = np.array([(a, b) for a, b, act in known if act == "merge"], dtype=np.int64).reshape(-1, 2)
    return merges, tuple((a, b) for a, b, act in known if act == "split")


def _strengths(link: pa.Table) -> Floats:
    """The weights of links; a row and the document written in it are never taken apart before all else is."""
    return _floats(link["weight"]) + np.where(link["person"].is_valid().to_numpy(), OWN, 0.0)


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(column.to_numpy(), dtype=np.float64)


_NO_LIKENESS = pa.table({
    "profile_id": pa.array([], pa.string()), "other_profile_id": pa.array([], pa.string()),
    "match_weight": pa.array([], pa.float64()),
})


def belonging(profile: ir.Table, component: ir.Table, hold: ir.Table, cut_hold: ir.Table) -> ir.Table:
    """Name each party by its smallest strongest identifier, so that it keeps its name when files are added."""
    grouped = beside(profile.select("profile_id"), component, "profile_id")
    groups = grouped.select("profile_id", group_id=ibis.coalesce(grouped["group_id"], grouped["profile_id"]))
    kept = hold.anti_join(cut_hold, ["profile_id", "node"]).select("profile_id", "node")
    held = groups.inner_join(kept, "profile_id")
    named = held.group_by("group_id").agg(node=held["node"].min())
    joined = groups.inner_join(named, "group_id")
    return joined.select("profile_id", party_id=anchor(joined["node"]))
