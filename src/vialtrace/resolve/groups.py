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
from vialtrace.resolve.graph import DECIDED, OWN, Edges, Floats, Integers, Rules, united
from vialtrace.resolve.ruled import if_any


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
    anchored = nodes.select("node", party=if_any(party_decision, anchor(nodes["node"])))
    ones = anchored.select(node="node", party_a="party")
    others = anchored.select(other_node="node", party_b="party")
    found = party_decision.inner_join(ones, "party_a").inner_join(others, "party_b")
    return found.select("node", "other_node", "act").distinct()


def joint(hold: ir.Table, decided: ir.Table) -> ir.Table:
    """Number the identifiers that can join or forbid a join: shared, decided on, or a person's only one."""
    spoken_of = decided.select("node").union(decided.select(node="other_node"), distinct=True)
    counted = hold.group_by("node").agg(n_profiles=hold.count(), is_marked=hold["person"].notnull().any())
    telling = counted.filter((counted["n_profiles"] > 1) | counted["is_marked"]).select("node")
    nodes = telling.union(spoken_of, distinct=True)
    return nodes.mutate(node_no=ibis.row_number().over(order_by=nodes["node"]))


def link(hold: ir.Table, joint: ir.Table) -> ir.Table:
    """Keep the ties to these identifiers, by number: there are as many as there are records."""
    return hold.inner_join(joint, "node").select("profile_no", "node_no", "weight", "person")


def ruling(decided: ir.Table, joint: ir.Table) -> ir.Table:
    """The pairs of identifiers that a decision joins or keeps apart, by number."""
    other = joint.select(other_node="node", other_node_no="node_no")
    return decided.inner_join(joint, "node").inner_join(other, "other_node").select("node_no", "other_node_no", "act")


def grouping(link: pa.Table, ruling: pa.Table) -> pa.Table:
    """Group the profiles that strong identifiers and decisions hold together; a profile left out is its own group."""
    group, _ = _unite(link, ruling, _NO_LIKENESS)
    return group


def component(link: pa.Table, ruling: pa.Table, likeness: pa.Table) -> Mapping[str, pa.Table]:
    """Group the profiles that identifiers, decisions and likeness hold together.

    Returns the tables ``component`` and ``cut_link``: the ties given up, because they would make one party of two
    people.
    """
    group, cut = _unite(link, ruling, likeness)
    return {"component": group, "cut_link": cut}


def cut_hold(cut_link: ir.Table, joint: ir.Table) -> ir.Table:
    """The ties given up, by their identifiers."""
    return cut_link.inner_join(joint, "node_no").select("profile_no", "node")


def _unite(link: pa.Table, ruling: pa.Table, alike: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Groups of profiles (a group is called by its first profile) and the links that were cut."""
    holder, node = _integers(link["profile_no"]), _integers(link["node_no"])
    ones, others = _integers(alike["profile_no"]), _integers(alike["other_profile_no"])
    n_profiles = int(max(each.max(initial=-1) for each in (holder, ones, others))) + 1
    ends = node + n_profiles  # identifiers come after profiles in one numbering of vertices
    pairs, apart = _decisions(ruling, n_profiles)
    edges = Edges(
        int(max(ends.max(initial=-1), pairs.max(initial=-1), n_profiles - 1)) + 1,
        np.concatenate([holder, ones, pairs[:, 0]]),
        np.concatenate([ends, others, pairs[:, 1]]),
        np.concatenate([_strengths(link), _floats(alike["match_weight"]), np.full(len(pairs), DECIDED)]),
    )
    group, kept = united(edges, Rules(marks=_marks(link, ends), apart=apart))
    profiles = np.unique(np.concatenate([holder, ones, others]))
    table = pa.table({"profile_no": profiles, "group_no": _smallest(group, n_profiles)[profiles]})
    return table, link.filter(pa.array(~kept[:len(link)])).select(["profile_no", "node_no"])


def _smallest(group: Integers, n_profiles: int) -> Integers:
    """For each profile the first profile of its group."""
    first = np.full(int(group.max(initial=-1)) + 1, n_profiles, dtype=np.int64)
    np.minimum.at(first, group[:n_profiles], np.arange(n_profiles))
    return first[group[:n_profiles]]


def _marks(link: pa.Table, ends: Integers) -> tuple[tuple[Integers, Integers], ...]:
    """The dates of birth and the resident numbers that identifiers carry, each value as a number of its own."""
    is_marked = link["person"].is_valid().to_numpy()
    vertices, first = np.unique(ends[is_marked], return_index=True)
    persons = link["person"].filter(pa.array(is_marked)).take(pa.array(first))
    number = pc.replace_substring_regex(persons, r"^[^|]*\|", "")
    with_number = pc.not_equal(number, "").to_numpy()
    return (
        (vertices, _coded(pc.replace_substring_regex(persons, r"\|.*$", ""))),
        (vertices[with_number], _coded(number)[with_number]),
    )


def _coded(texts: pa.ChunkedArray) -> Integers:
    """Each distinct text as a number; which one says nothing."""
    return np.asarray(texts.combine_chunks().dictionary_encode().indices, dtype=np.int64)


def _decisions(ruling: pa.Table, offset: int) -> tuple[Integers, tuple[tuple[int, int], ...]]:
    """Pairs of identifier vertices to unite, and pairs to keep apart."""
    columns = [ruling[name].to_pylist() for name in ("node_no", "other_node_no", "act")]
    known = [(a + offset, b + offset, act) for a, b, act in zip(*columns, strict=True)]
    merges = np.array([(a, b) for a, b, act in known if act == "merge"], dtype=np.int64).reshape(-1, 2)
    return merges, tuple((a, b) for a, b, act in known if act == "split")


def _strengths(link: pa.Table) -> Floats:
    """The weights of links; a row and the document written in it are never taken apart before all else is."""
    return _floats(link["weight"]) + np.where(link["person"].is_valid().to_numpy(), OWN, 0.0)


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(column.to_numpy(), dtype=np.float64)


def _integers(column: pa.ChunkedArray) -> Integers:
    return np.asarray(column.to_numpy(), dtype=np.int64)


_NO_LIKENESS = pa.table({
    "profile_no": pa.array([], pa.int64()), "other_profile_no": pa.array([], pa.int64()),
    "match_weight": pa.array([], pa.float64()),
})


def belonging(profile: ir.Table, component: ir.Table, hold: ir.Table, cut_hold: ir.Table) -> ir.Table:
    """Name each party by its smallest strongest identifier, so that it keeps its name when files are added."""
    grouped = beside(profile.select("profile_no"), component, "profile_no")
    groups = grouped.select("profile_no", group_no=ibis.coalesce(grouped["group_no"], grouped["profile_no"]))
    kept = hold.anti_join(cut_hold, ["profile_no", "node"]).select("profile_no", "node")
    held = groups.inner_join(kept, "profile_no")
    named = held.group_by("group_no").agg(node=held["node"].min())
    joined = groups.inner_join(named, "group_no")
    return joined.select("profile_no", party_id=anchor(joined["node"]))
