"""Multiple systems estimation against plain computation, published tables, and simulated lists."""

from __future__ import annotations

import csv
import itertools
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize

from vialtrace.estimate import capture

PUBLISHED = Path(__file__).parents[3] / "shared" / "data" / "mse"


def draw(generator: np.random.Generator, n: int, chances: tuple[float, ...]) -> np.ndarray:
    caught = generator.random((n, len(chances))) < np.array(chances)
    return capture.tabulate(caught[caught.any(axis=1)])


def published(name: str) -> tuple[np.ndarray, int]:
    path = PUBLISHED / f"cran-SparseMSE_{name}.csv"
    if not path.exists():
        pytest.skip(f"the published table {path.name} is not on this machine")
    with path.open(encoding="utf-8") as file:
        rows = [[int(value) for value in row] for row in list(csv.reader(file))[1:]]
    n_lists = len(rows[0]) - 1
    counts = np.zeros(2**n_lists - 1)
    for *history, count in rows:
        counts[sum(flag << place for place, flag in enumerate(history)) - 1] += count
    return counts, n_lists


def test_two_lists_give_chapmans_figure() -> None:
    found = capture.population(np.array([30.0, 20.0, 10.0]), 2)
    assert found is not None
    assert found.value == pytest.approx(41 * 31 / 11 - 1)
    assert found.n_seen == 60
    assert found.low < found.value < found.high


def test_the_fit_is_the_maximum_that_a_general_optimiser_finds() -> None:
    counts = draw(np.random.default_rng(3), 800, (0.4, 0.3, 0.5))
    pairs = ((0, 1),)
    cells = capture.histories(3)
    design = np.column_stack([np.ones(7), cells, cells[:, 0] * cells[:, 1]])
    best = optimize.minimize(
        lambda b: np.exp(design @ b).sum() - counts @ (design @ b),
        np.zeros(5),
        method="BFGS",
        options={"gtol": 1e-8, "maxiter": 2000},
    )
    found = capture.fit(counts, 3, pairs)
    assert found is not None
    assert found.unseen == pytest.approx(math.exp(best.x[0]), rel=1e-4)


def test_the_independent_model_of_three_lists_solves_its_likelihood_equations() -> None:
    counts = draw(np.random.default_rng(5), 1000, (0.3, 0.4, 0.2))
    found = capture.fit(counts, 3)
    assert found is not None
    total = counts.sum() + found.unseen
    cells = capture.histories(3)
    margins = counts @ cells
    # Under independence the unseen share is the product of the misses (Darroch 1958).
    assert found.unseen / total == pytest.approx(float(np.prod(1 - margins / total)), rel=1e-6)


def test_lists_that_share_nobody_do_not_run_off() -> None:
    counts = draw(np.random.default_rng(8), 600, (0.3, 0.3, 0.4))
    cells = capture.histories(3)
    counts[(cells[:, 0] & cells[:, 1]).astype(bool)] = 0
    found = capture.fit(counts, 3, ((0, 1),))
    assert found is not None
    assert 0 < found.unseen < 5000
    assert capture.population(np.array([10.0, 12.0, 0.0]), 2) is None


def test_a_model_the_counts_cannot_tell_is_refused() -> None:
    counts = np.zeros(7)
    counts[[0, 1, 3]] = 20  # three lists that never overlap
    assert capture.fit(counts, 3) is None or capture.fit(counts, 3, capture.all_pairs(3)) is None
    assert capture.population(counts, 3) is None


@pytest.mark.parametrize(
    ("name", "expected"), [("UKdat", 11418), ("UKdat_5", 11313), ("NewOrl", 1184), ("NewOrl_5", 1034)]
)
def test_forward_selection_gives_the_published_figures(name: str, expected: float) -> None:
    counts, n_lists = published(name)
    found = capture.stepwise(counts, n_lists)
    assert found is not None
    assert counts.sum() + found.unseen == pytest.approx(expected, rel=0.001)


def test_the_best_model_of_five_lists_is_the_published_one() -> None:
    counts, n_lists = published("UKdat_5")
    pairs = capture.all_pairs(n_lists)
    models = [chosen for size in range(6) for chosen in itertools.combinations(pairs, size)]
    found = capture.averaged(counts, n_lists, models)
    assert found is not None
    assert counts.sum() + found[1].unseen == pytest.approx(22991, rel=0.001)


def test_intervals_cover_about_as_often_as_they_say() -> None:
    hits = 0
    for seed in range(40):
        counts = draw(np.random.default_rng(1000 + seed), 500, (0.35, 0.5, 0.4))
        found = capture.population(counts, 3, seed=seed, n_replicates=100)
        assert found is not None
        hits += found.low <= 500 <= found.high
    assert hits >= 34  # 95 % of 40 is 38; fewer than 34 has a chance of 1 in 70 at 93 %


def test_dependent_lists_are_seen_to_be_so() -> None:
    generator = np.random.default_rng(11)
    caught = generator.random((3000, 3)) < 0.4
    caught[:, 1] = np.where(generator.random(3000) < 0.6, caught[:, 0], caught[:, 1])
    counts = capture.tabulate(caught[caught.any(axis=1)])
    naive, found = capture.fit(counts, 3), capture.population(counts, 3, n_replicates=60)
    assert naive is not None
    assert found is not None
    assert abs(found.value - 3000) < abs(counts.sum() + naive.unseen - 3000)


def test_the_same_seed_gives_the_same_interval() -> None:
    counts = draw(np.random.default_rng(2), 300, (0.3, 0.4, 0.2))
    assert capture.population(counts, 3, seed=4, n_replicates=50) == capture.population(
        counts, 3, seed=4, n_replicates=50
    )
