"""From pairs to groups: connected components, cut where one group would hold two people.

The graph is bipartite at first (profiles and the identifiers they hold), then plain (groups and likenesses). Both go
through `united`. Components come from scipy in one pass; only those that break a rule (two resident identity numbers,
two dates of birth, two parties a person has ruled apart) are rebuilt edge by edge, strongest first, refusing each edge
that would break it. That is Kruskal's maximum spanning forest under constraints: the weakest bridge is the one cut.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# Heavier than any likeness: the document that stands in the row itself, and above all what a person has decided.
OWN = 1e6
DECIDED = 1e9


@dataclass(frozen=True)
class Edges:
    """Edges between vertices 0 to ``n_vertices`` - 1, in an order that does not depend on threads."""

    n_vertices: int
    left: Integers
    right: Integers
    weight: Floats


@dataclass(frozen=True)
class Rules:
    """What no group may hold: two different ``marks`` of one kind, or both ends of a pair ``apart``."""

    marks: tuple[tuple[Integers, Integers], ...] = ()
    apart: tuple[tuple[int, int], ...] = ()


def united(edges: Edges, rules: Rules) -> tuple[Integers, Flags]:
    """The group number of each vertex, and which edges were kept."""
    shape = (edges.n_vertices, edges.n_vertices)
    matrix = coo_matrix((np.ones(len(edges.left), dtype=np.int8), (edges.left, edges.right)), shape=shape)
    _, labels = connected_components(matrix, directed=False)
    group: Integers = labels.astype(np.int64)
    kept: Flags = np.ones(len(edges.left), dtype=np.bool_)
    broken = _broken(group, rules)
    if not len(broken):
        return group, kept
    at_fault = np.isin(group[edges.left], broken)
    chosen = np.flatnonzero(at_fault)
    order = chosen[np.lexsort((edges.right[chosen], edges.left[chosen], -edges.weight[chosen]))]
    forest = _Forest(rules, np.flatnonzero(np.isin(group, broken)))
    for edge in order.tolist():
        kept[edge] = forest.join(int(edges.left[edge]), int(edges.right[edge]))
    base = int(group.max()) + 1
    for vertex in forest.vertices:
        group[vertex] = base + forest.root(vertex)
    return group, kept


def _broken(group: Integers, rules: Rules) -> Integers:
    """The groups that break a rule."""
    found: list[Integers] = []
    for vertices, values in rules.marks:
        holders = group[vertices]
        order = np.lexsort((values, holders))
        holders, marked = holders[order], values[order]
        # Sorted by group and mark: a group with two marks has two unlike neighbours.
        found.append(holders[1:][(holders[1:] == holders[:-1]) & (marked[1:] != marked[:-1])])
    found.append(np.array([group[a] for a, b in rules.apart if group[a] == group[b]], dtype=np.int64))
    return np.unique(np.concatenate(found))


@dataclass
class _Forest:
    """A union-find that refuses what the rules forbid."""

    rules: Rules
    at_fault: Integers
    parents: dict[int, int] = field(default_factory=dict)
    marks: dict[int, dict[int, int]] = field(default_factory=dict)
    enemies: dict[int, set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Every vertex at fault starts alone, with its own marks and enemies."""
        self.parents = {vertex: vertex for vertex in self.at_fault.tolist()}
        for kind, (vertices, values) in enumerate(self.rules.marks):
            at_fault = np.isin(vertices, self.at_fault)
            for vertex, value in zip(vertices[at_fault].tolist(), values[at_fault].tolist(), strict=True):
                self.marks.setdefault(vertex, {})[kind] = value
        for a, b in self.rules.apart:
            self.enemies.setdefault(a, set()).add(b)
            self.enemies.setdefault(b, set()).add(a)

    @property
    def vertices(self) -> Iterable[int]:
        """The vertices at fault, in order."""
        return sorted(self.parents)

    def root(self, vertex: int) -> int:
        """The vertex that stands for the group of this one."""
        while self.parents[vertex] != vertex:
            self.parents[vertex] = self.parents[self.parents[vertex]]
            vertex = self.parents[vertex]
        return vertex

    def join(self, a: int, b: int) -> bool:
        """Unite two groups unless that breaks a rule; whether they are one group now."""
        first, second = sorted((self.root(a), self.root(b)))
        if first == second:
            return True
        ours, theirs = self.marks.get(first, {}), self.marks.get(second, {})
        if any(kind in ours and ours[kind] != value for kind, value in theirs.items()):
            return False
        if any(self.root(enemy) == second for enemy in self.enemies.get(first, ()) if enemy in self.parents):
            return False
        self.parents[second] = first
        if theirs:
            self.marks[first] = {**ours, **theirs}
        if second in self.enemies:
            self.enemies[first] = self.enemies.get(first, set()) | self.enemies[second]
        return True
