"""What is frozen is compared as a person would: noise is not news, twice as slow is."""

from __future__ import annotations

import json
from pathlib import Path

from bench.frozen import Stage, doubled, last, moved, together


def test_the_median_and_the_spread_of_five_runs() -> None:
    runs = [{"detect": (cost, peak)} for cost, peak in ((1.0, 0.5), (2.0, 0.7), (3.0, 0.6), (4.0, 0.5), (50.0, 0.5))]
    found = together(runs)["detect"]
    assert found.median == 3.0
    assert found.peak_gb == 0.7
    assert found.spread > 1.0


def test_noise_and_small_change_are_not_told_and_a_change_beyond_both_is() -> None:
    one = Stage(1.0, 0.0, 1.0)
    before = {"a": Stage(10.0, 1.0, 1.0), "b": Stage(10.0, 0.01, 1.0), "c": Stage(10.0, 0.01, 1.0), "old": one}
    after = {"a": Stage(12.0, 1.0, 1.0), "b": Stage(10.5, 0.01, 1.0), "c": Stage(14.0, 0.01, 1.0), "new": one}
    assert moved(before, after) == ["c: 10.00 L before, 14.00 L now", "new: new, 1.00 L", "old: gone"]


def test_twice_as_slow_is_found_and_what_hardly_takes_time_is_left_alone() -> None:
    before = {"a": Stage(10.0, 1.0, 1.0), "b": Stage(0.01, 0.0, 1.0), "c": Stage(3.0, 0.1, 1.0)}
    after = {"a": Stage(19.0, 1.0, 1.0), "b": Stage(0.1, 0.0, 1.0), "c": Stage(6.2, 0.1, 1.0)}
    assert doubled(before, after) == ["c: 3.00 L before, 6.20 L now"]


def test_only_the_newest_result_of_the_same_world_is_held_against(tmp_path: Path) -> None:
    for name, scale in (("2026-01-01T0000", 0.5), ("2026-02-01T0000", 0.5), ("2026-03-01T0000", 1.0)):
        held = {"scale": scale, "seed": 1, "stages": {"a": {"median": scale, "spread": 0.0, "peak_gb": 1.0}}}
        (tmp_path / f"{name}.json").write_text(json.dumps(held))
    assert last(0.5, 1, tmp_path) == ("2026-02-01T0000", {"a": Stage(0.5, 0.0, 1.0)})
    assert last(0.5, 2, tmp_path) is None
