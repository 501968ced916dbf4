"""What is measured again and again: a small world from files to findings, five times, held against the last time.

    python -m bench.frozen [--runs 5] [--scale 0.005] [--seed 1] [--check]

A frozen result is a file in ``bench/results``: machine, versions, and of each stage the median of processor seconds in
L (DuckDB reading the same files once, in the same run), its spread (half the distance of the quartiles) and the
highest memory. What is held against the last file is the ratio to L, which another machine or a busy one changes
little. What moved by more than three spreads, and by more than a tenth, is said. ``--check`` writes nothing, and fails
where a stage takes more than twice what it took.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import scale as whole
from vialtrace import actions, simulate
from vialtrace.pipeline.version import libraries
from vialtrace.store import Machine, Settings

_RESULTS = Path(__file__).parent / "results"
_THREADS, _MEMORY = 2, 4.0

# Less than this part of L is lost in the clock's grain.
_LEAST = 0.2


@dataclass(frozen=True)
class Stage:
    """One stage over all runs: the median and spread of its cost in L, and the highest memory in GB."""

    median: float
    spread: float
    peak_gb: float


def once(records: Path, folder: Path) -> dict[str, tuple[float, float]]:
    """The cost in L and the peak of each stage of one run from files to findings."""
    costs = whole.Costs()
    units = []
    for _ in range(3):
        since = time.process_time()
        whole.load(records, _THREADS)
        units.append(time.process_time() - since)
    unit = statistics.median(units)
    desk = actions.Desk("a bench", machine=Machine(_MEMORY, _THREADS))
    with whole.measured(costs):
        actions.new(folder, desk, Settings("frozen"))
        with costs.of("add: all"):
            actions.add(folder, actions.survey([records]), desk, best_guess=True)
        actions.run(folder, desk)
        with costs.of("casefile: pages"):
            actions.report(folder, desk)
    stages: dict[str, tuple[float, float]] = {}
    for name, (_, cpu, peak) in costs.steps.items():
        stage = name.split(":", maxsplit=1)[0]
        before = stages.get(stage, (0.0, 0.0))
        stages[stage] = before[0] + cpu / unit, max(before[1], peak)
    stages["all"] = sum(cost for cost, _ in stages.values()), max(peak for _, peak in stages.values())
    return stages


def together(runs: Sequence[Mapping[str, tuple[float, float]]]) -> dict[str, Stage]:
    """Each stage over all runs."""
    made = {}
    for name in runs[0]:
        costs = [run[name][0] for run in runs]
        quartiles = statistics.quantiles(costs, n=4) if len(costs) > 1 else [costs[0]] * 3
        spread = (quartiles[2] - quartiles[0]) / 2
        peak = max(run[name][1] for run in runs)
        made[name] = Stage(round(statistics.median(costs), 3), round(spread, 3), round(peak, 2))
    return made


def moved(before: Mapping[str, Stage], after: Mapping[str, Stage]) -> list[str]:
    """What moved by more than noise, in words."""
    said = []
    for name, now in after.items():
        then = before.get(name)
        if then is None:
            said.append(f"{name}: new, {now.median:.2f} L")
        elif abs(now.median - then.median) > max(3 * max(now.spread, then.spread), then.median / 10, _LEAST):
            said.append(f"{name}: {then.median:.2f} L before, {now.median:.2f} L now")
    return said + [f"{name}: gone" for name in before if name not in after]


def doubled(before: Mapping[str, Stage], after: Mapping[str, Stage]) -> list[str]:
    """The stages that take more than twice what they took."""
    return [
        f"{name}: {before[name].median:.2f} L before, {now.median:.2f} L now"
        for name, now in after.items()
        if name in before and now.median > 2 * max(before[name].median, _LEAST)
    ]


def last(scale: float, seed: int, results: Path = _RESULTS) -> tuple[str, dict[str, Stage]] | None:
    """The name and the stages of the newest frozen result of the same world."""
    for path in sorted(results.glob("*.json"), reverse=True):
        held = json.loads(path.read_text(encoding="utf-8"))
        if (held["scale"], held["seed"]) == (scale, seed):
            return path.stem, {name: Stage(**each) for name, each in held["stages"].items()}
    return None


def _machine() -> dict[str, Any]:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    model = named[0] if named else platform.processor()
    return {"processor": model, "system": platform.platform(), "threads": _THREADS, "memory_gb": _MEMORY}


def main() -> int:
    """Measure, say what moved, and freeze; 1 where ``--check`` finds a stage doubled."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--scale", type=float, default=0.005)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a stage takes twice as long")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vialtrace-frozen-") as beside:
        world = Path(beside) / "world"
        simulate.simulate("reference", world, seed=asked.seed, scale=asked.scale)
        # The first run loads modules and tables of characters, which no later one does.
        runs = [once(world / "records", Path(beside) / f"case-{place}") for place in range(asked.runs + 1)][1:]
    stages, before = together(runs), last(asked.scale, asked.seed)
    print(f"{'':<14}{'L':>8}{'spread':>8}{'peak GB':>9}")
    for name, each in stages.items():
        print(f"{name:<14}{each.median:>8.2f}{each.spread:>8.2f}{each.peak_gb:>9.2f}")
    if before:
        changes = "; ".join(moved(before[1], stages)) or "nothing moved by more than noise"
        print(f"Held against {before[0]}: {changes}.")
    if asked.check:
        worse = doubled(before[1], stages) if before else []
        print("Twice as slow: " + "; ".join(worse) if worse else "Nothing takes twice as long.")
        return 1 if worse else 0
    _RESULTS.mkdir(exist_ok=True)
    stamp = time.strftime("%Y-%m-%dT%H%M", time.gmtime())
    told = {
        "machine": _machine(), "versions": libraries(), "runs": asked.runs, "scale": asked.scale, "seed": asked.seed,
        "stages": {name: vars(each) for name, each in stages.items()},
    }
    path = _RESULTS / f"{stamp}.json"
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print(f"Frozen in {path}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
