"""The way between two members, and the people around one: on small graphs, with networkx as the second answer."""

from __future__ import annotations

import math
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vialtrace.casefile.graph_seen import best_way, spread

_ENDS = st.sampled_from("ABCDEFG")


def _edge(one: str, other: str, weight: float) -> dict[str, Any]:
    return {"from": one, "to": other, "weight": weight}


def test_two_strong_steps_go_before_one_weak_one() -> None:
    edges = [_edge("A", "C", 0.0), _edge("A", "B", 6.0), _edge("C", "B", 6.0)]
    assert [each["weight"] for each in best_way(edges, "A", "C")] == [6.0, 6.0]
    assert best_way(edges, "C", "A") == list(reversed(best_way(edges, "A", "C")))


def test_where_no_evidence_leads_there_is_no_way() -> None:
    assert best_way([_edge("A", "B", 3.0)], "A", "C") == []
    assert best_way([_edge("A", "B", 3.0)], "A", "A") == []


@given(st.lists(st.tuples(_ENDS, _ENDS, st.floats(-3, 12)), max_size=20), _ENDS, _ENDS)
def test_the_way_is_the_shortest_by_networkx(told: list[tuple[str, str, float]], one: str, other: str) -> None:
    edges = [_edge(*each) for each in told]

    def cost(weight: float) -> float:
        return 1.0 / (0.2 + max(weight, 0.0))

    graph = nx.MultiGraph()
    graph.add_nodes_from("ABCDEFG")
    for left, right, weight in told:
        graph.add_edge(left, right, cost=cost(weight))
    way = best_way(edges, one, other)
    if one == other or not nx.has_path(graph, one, other):
        assert way == []
        return
    assert sum(cost(each["weight"]) for each in way) == pytest.approx(
        nx.shortest_path_length(graph, one, other, weight="cost")
    )
    at = one
    for each in way:
        assert at in (each["from"], each["to"])
        at = each["to"] if each["from"] == at else each["from"]
    assert at == other


def test_five_thousand_places_are_apart_and_the_same_each_time() -> None:
    places = spread(5_000)
    assert places == spread(5_000)
    assert len(set(places)) == 5_000
    near = min(math.dist(places[0], each) for each in places[1:])
    assert near > 0.005
    assert max(math.hypot(*each) for each in places) < 0.8
