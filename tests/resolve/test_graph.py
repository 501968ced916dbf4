"""Components and their cuts, beside a union-find a person can check."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vialtrace.resolve.graph import Edges, Rules, united

PAIRS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 5)), max_size=25)


def _edges(pairs: list[tuple[int, int, int]]) -> Edges:
    left, right, weight = (np.array([pair[place] for pair in pairs], dtype=np.int64) for place in range(3))
    return Edges(10, left, right, weight.astype(np.float64))


def _plain(pairs: list[tuple[int, int, int]]) -> list[int]:
    """Union-find, the slow way."""
    groups = [{vertex} for vertex in range(10)]
    for a, b, _ in pairs:
        one = next(group for group in groups if a in group)
        other = next(group for group in groups if b in group)
        if one is not other:
            groups.remove(other)
            one |= other
    return [min(next(group for group in groups if vertex in group)) for vertex in range(10)]


@given(PAIRS)
def test_without_rules_groups_are_those_of_a_plain_union_find(pairs: list[tuple[int, int, int]]) -> None:
    group, kept = united(_edges(pairs), Rules())
    plain = _plain(pairs)
    assert kept.all()
    assert all((group[a] == group[b]) == (plain[a] == plain[b]) for a, b in combinations(range(10), 2))


@given(PAIRS)
def test_no_group_holds_two_people_and_every_cut_would_have_made_one(pairs: list[tuple[int, int, int]]) -> None:
    marks = {0: 1, 3: 2, 7: 1}
    rules = Rules(((np.array(list(marks)), np.array(list(marks.values()))),), apart=((1, 2),))
    group, kept = united(_edges(pairs), rules)
    assert all(group[a] != group[b] for a, b in combinations(marks, 2) if marks[a] != marks[b])
    assert group[1] != group[2]
    for (a, b, _), is_kept in zip(pairs, kept, strict=True):
        assert is_kept == (group[a] == group[b])


def test_the_weakest_bridge_is_the_one_cut() -> None:
    pairs = [(0, 1, 5), (1, 2, 1), (2, 3, 5)]
    rules = Rules(((np.array([0, 3]), np.array([1980, 1990])),))
    group, kept = united(_edges(pairs), rules)
    assert kept.tolist() == [True, False, True]
    assert group[0] == group[1] != group[2] == group[3]


@given(PAIRS, st.randoms(use_true_random=False))
def test_distinct_weights_make_the_order_of_edges_irrelevant(pairs: list[tuple[int, int, int]], random) -> None:  # type: ignore[no-untyped-def]
    ranked = [(a, b, rank) for rank, (a, b, _) in enumerate(pairs)]
    shuffled = ranked.copy()
    random.shuffle(shuffled)
    rules = Rules(((np.array([0, 3, 7]), np.array([5, 6, 7])),))
    one, other = united(_edges(ranked), rules)[0], united(_edges(shuffled), rules)[0]
    assert all((one[a] == one[b]) == (other[a] == other[b]) for a, b in combinations(range(10), 2))
