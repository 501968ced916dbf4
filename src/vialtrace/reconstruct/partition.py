"""Which members belong to one network, and which to another. The only room that knows the graph library."""

from __future__ import annotations

import numpy as np


def parted(
    n_nodes: int, edges: list[tuple[int, int, float]], *, least_between: float = 0.12, seed: int = 1
) -> list[int]:
    """The network number of each of ``n_nodes`` members, from weighted ``edges`` between them.

    Leiden communities (Traag et al. 2019), then joined again where the links between two are at least ``least_between``
    of the links inside the smaller: modularity splits what is merely large, and one shared courier or laboratory joins
    nobody. One thread and a fixed seed: the same parts every time.
    """
    if not n_nodes:
        return []
    import networkit as nk  # noqa: PLC0415  0.4 s to load, and most commands never need it

    nk.setNumberOfThreads(1)
    nk.setSeed(seed, False)  # noqa: FBT003
    graph = nk.Graph(n_nodes, weighted=True)
    for left, right, weight in edges:
        graph.addEdge(left, right, weight)
    leiden = nk.community.ParallelLeiden(graph, randomize=False)
    leiden.run()
    parts = np.asarray(leiden.getPartition().getVector())
    while True:
        joined = _closest(parts, edges, least_between)
        if joined is None:
            return [int(part) for part in parts]
        keep, drop = joined
        parts = np.where(parts == drop, keep, parts)


def _closest(parts: np.ndarray, edges: list[tuple[int, int, float]], least_between: float) -> tuple[int, int] | None:
    inside: dict[int, float] = {}
    between: dict[tuple[int, int], float] = {}
    for left, right, weight in edges:
        one, other = sorted((int(parts[left]), int(parts[right])))
        if one == other:
            inside[one] = inside.get(one, 0.0) + weight
        else:
            between[one, other] = between.get((one, other), 0.0) + weight
    ranked = sorted(
        (
            (weight / max(min(inside.get(one, 0.0), inside.get(other, 0.0)), 1.0), one, other)
            for (one, other), weight in between.items()
        ),
        key=lambda each: (-each[0], each[1], each[2]),
    )
    if ranked and ranked[0][0] >= least_between:
        return ranked[0][1], ranked[0][2]
    return None
