"""Multiple systems estimation against plain computation, published tables, and simulated lists."""

from __future__ import annotations

import csv
import itertools
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize

from vialtrace.estimate import capture, choosing, loglinear

PUBLISHED = Path(__file__).parents[3] / "shared" / "data" / "mse"


def draw(generator: np.random.Generator, n: int, chances: tuple[float, ...]) -> np.ndarray:
    caught = generator.random((n, len(chances))) < np.array(chances)
    return capture.tabulate(caught[caught.any(axis=1)])


def published(name: str) -> tuple[np.ndarray, int]:
    path = PUBLISHED / f"cran-SparseMSE_{name}.csv"
    if not path.exists():
        pytest.skip(f"the published table {path.name} is not on this machine")
    with path.open(encoding="utf-8") as file:
        return capture.counts_of([[int(value) for value in row] for row in list(csv.reader(file))[1:]])


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
def test_steps_give_the_published_figures(name: str, expected: float) -> None:
    counts, n_lists = published(name)
    found = capture.stepwise(counts, n_lists)
    assert found is not None
    assert found.n_seen + found.unseen == pytest.approx(expected, rel=0.001)


@pytest.mark.parametrize(("name", "expected"), [("UKdat", 12350), ("UKdat_5", 22991), ("NewOrl_5", 1034)])
def test_the_model_of_least_criterion_is_the_published_one(name: str, expected: float) -> None:
    counts, n_lists = published(name)
    found = capture.best(counts, n_lists)
    assert found is not None
    assert found.n_seen + found.unseen == pytest.approx(expected, rel=0.001)


@pytest.mark.slow
def test_the_interval_of_the_steps_is_the_published_one() -> None:
    counts, n_lists = published("UKdat")
    found = capture.spread(counts, n_lists, seed=1, n_replicates=1000, methods=("stepwise",))["stepwise"]
    # Ends of a thousand redrawn samples move by five per cent from seed to seed.
    assert found.low == pytest.approx(9418, rel=0.02)
    assert found.high == pytest.approx(15036, rel=0.02)


def test_methods_are_shown_side_by_side_where_they_disagree() -> None:
    counts, n_lists = published("UKdat_5")
    found = capture.spread(counts, n_lists, n_replicates=10, methods=("stepwise", "best"))
    assert found["stepwise"].value == pytest.approx(11313, rel=0.001)
    assert found["best"].value == pytest.approx(22991, rel=0.001)


def test_branch_and_bound_finds_what_trying_every_model_finds() -> None:
    counts = draw(np.random.default_rng(21), 400, (0.3, 0.1, 0.2, 0.25))
    pairs = capture.all_pairs(4)
    every = [chosen for size in range(7) for chosen in itertools.combinations(pairs, size)]
    fits = [found for chosen in every if (found := capture.fit(counts, 4, chosen)) is not None]
    least = min(each.bic() for each in fits)
    near = {each.pairs for each in fits if each.bic() <= least + 6}
    assert {each.pairs for each in capture.window(counts, 4)} == near


@pytest.mark.parametrize(("n_lists", "n_models"), [(3, 8), (4, 113), (5, 6893)])
def test_there_are_as_many_hierarchical_models_as_there_should_be(n_lists: int, n_models: int) -> None:
    models = choosing.hierarchical(n_lists)
    assert len(models) == len(set(models)) == n_models


def test_a_table_without_an_estimate_is_refused() -> None:
    # The lists overlap, but nobody is on the first alone: a pair's effect and the list's own have no finite estimate.
    counts, n_lists = capture.counts_of(
        [(1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 9), (1, 1, 0, 4), (1, 0, 1, 0), (1, 1, 1, 0)]
    )
    layout = loglinear.lay_out(counts, n_lists, [(0, 1)])
    assert not loglinear.exists(layout, counts)
    assert capture.fit(counts, n_lists, ((0, 1),)) is None


def test_existence_by_linear_programme_agrees_with_whether_effects_run_away() -> None:
    random = np.random.default_rng(30)
    verdicts = []
    for _ in range(60):
        counts = random.poisson(random.choice([0.2, 0.6, 3.0]), 15).astype(float)
        for pairs in ((), ((0, 1),), ((0, 1), (1, 2), (2, 3))):
            layout = loglinear.lay_out(counts, 4, pairs)
            if counts.sum() == 0 or not loglinear.is_identified(layout):
                continue
            keep = layout.possible & layout.seen
            effects, _ = loglinear.poisson(layout.design[keep], counts[keep])
            runs = float((layout.design[keep] @ effects).min()) < -11
            verdicts.append((loglinear.exists(layout, counts), not runs))
    assert sum(exists == stays for exists, stays in verdicts) == len(verdicts)
    assert 10 < sum(exists for exists, _ in verdicts) < len(verdicts) - 10


def test_the_lower_bound_is_chaos_where_lists_reach_alike() -> None:
    # With lists alike, f1 persons on one of t lists and f2 on two, Chao's bound of the unseen is
    # (t - 1) / t * f1 ** 2 / (2 * f2), whoever is on more than two, as long as they are more than chance would have.
    cells = capture.histories(4)
    counts = np.array([0.0, 30.0, 5.0, 3.0, 6.0])[cells.sum(axis=1)]
    found = capture.lower_bound(counts, 4)
    assert found == pytest.approx(counts.sum() + 3 / 4 * 120**2 / (2 * 30), rel=1e-6)


def test_people_of_unequal_reach_are_bounded_from_below() -> None:
    random = np.random.default_rng(31)
    reach = random.beta(1.0, 2.0, 4000)
    caught = random.random((4000, 4)) < reach[:, None] * np.array([0.5, 0.6, 0.7, 0.8])
    counts = capture.tabulate(caught[caught.any(axis=1)])
    independent, bound = capture.fit(counts, 4), capture.lower_bound(counts, 4)
    assert independent is not None
    assert bound is not None
    assert independent.n_seen + independent.unseen < bound < 4000


def test_a_table_that_is_none_says_which_row() -> None:
    with pytest.raises(ValueError, match="Row 2"):
        capture.counts_of([(1, 0, 4), (1, 2, 4)])


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
