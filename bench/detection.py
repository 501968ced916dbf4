"""How good are the findings? Worlds with known truth, from files to findings, scored seed by seed and world by world.

Each seed is simulated, then goes through the actions a person takes: new, add with the best guess, run. Findings are
held to their schema and to the truth, which stays outside the case.

Run ``python bench/detection.py [--worlds reference lawful] [--seeds 1 2 3] [--scale 0.05] [--messy] [--jobs 1]``; exit
code 1 when a lawful world has a false network, a protected party is exposed or accused, or findings break their schema.
"""


from __future__ import annotations

import argparse
import itertools
import json
import sys
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema

from vialtrace import actions, evaluate
from vialtrace.simulate import WORLDS
from vialtrace.store import Machine, Settings


@dataclass(frozen=True)
class Scored:
    """One seed of one world: its scores, what broke the schema, and how long the run took."""

    world: str
    seed: int
    evaluation: evaluate.Evaluation
    broken: tuple[str, ...]
    n_rows: int
    seconds: float


def schema() -> dict[str, Any]:
    """The schema of findings, as the package ships it."""
    text = (resources.files("vialtrace.casefile") / "findings.schema.json").read_text(encoding="utf-8")
    held: dict[str, Any] = json.loads(text)
    return held


def score(task: tuple[str, int], *, scale: float | None, messy: bool, threads: int, keep: Path | None) -> Scored:
    """Simulate, take in, run and score one seed of one world."""
    world, seed = task
    with tempfile.TemporaryDirectory() as temporary:
        folder = (keep or Path(temporary)) / f"{world}-{seed}"
        made = actions.simulate(world, folder / "world", seed=seed, scale=scale, messy=messy)
        desk = actions.Desk("bench", machine=Machine.within(threads=threads))
        # The country of a world is what its investigator knows; nothing else of the truth reaches the case.
        settings = Settings(name="bench", jurisdiction=WORLDS[world].country)
        actions.new(folder / "case", desk, settings)
        actions.add(folder / "case", actions.survey([made.records]), desk, best_guess=True)
        started = time.perf_counter()
        ran = actions.run(folder / "case", desk)
        seconds = time.perf_counter() - started
        findings, truth = ran.run.findings, json.loads(made.truth.read_text(encoding="utf-8"))
        checker = jsonschema.Draft202012Validator(schema())
        broken = tuple(f"{error.json_path}: {error.message[:160]}" for error in checker.iter_errors(findings))
        return Scored(world, seed, evaluate.evaluate(findings, truth), broken, ran.n_rows, seconds)


def line(scored: Scored) -> str:
    """One seed in one line."""
    found = scored.evaluation
    return (
        f"{scored.world:14} seed {scored.seed:<4} {scored.n_rows:>10,} rows {scored.seconds:6.1f} s  "
        f"P {_share(found.precision)}  R {_share(found.recall)}  roles {_share(found.role_accuracy)}  "
        f"networks {found.networks_found.hits}/{found.n_networks}  false {found.false_networks}  "
        f"split {found.networks_split}  merged {found.networks_merged}  duplicates {found.n_duplicates}  "
        f"look-alikes {sum(found.lookalikes_accused.values())}  exposed {sum(found.protected_exposed.values())}"
        + ("  BREAKS SCHEMA" if scored.broken else "")
    )


def _share(rate: evaluate.Rate) -> str:
    return f"{rate.share:.2f}" if rate.of else "  - "


def failures(scored: Scored) -> list[str]:
    """What must never happen, and did."""
    found, where = scored.evaluation, f"{scored.world}, seed {scored.seed}"
    said = [f"{where}: {problem}" for problem in scored.broken]
    if not found.n_networks and found.n_findings:
        said.append(f"{where}: {found.n_findings} networks in a lawful world")
    if found.protected_exposed or found.protected_accused:
        said.append(
            f"{where}: protected identifiers exposed: {dict(found.protected_exposed)}; "
            f"protected parties accused: {found.protected_accused}"
        )
    return said


def main() -> int:
    """Print a line a seed and a table a world; 1 where something happened that must not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", nargs="*", default=list(WORLDS), choices=list(WORLDS))
    parser.add_argument("--seeds", nargs="*", type=int, default=[101, 102, 103, 104, 105])
    parser.add_argument(
        "--scale", type=float, default=None, help="share of the world's full size; its own default if not given"
    )
    parser.add_argument("--messy", action="store_true", help="many formats, masks, duplicates")
    parser.add_argument("--jobs", type=int, default=1, help="seeds at the same time")
    parser.add_argument("--threads", type=int, default=2, help="threads of each run")
    parser.add_argument("--keep", type=Path, default=None, help="a folder to keep worlds and cases in")
    parser.add_argument("--json", type=Path, default=None, help="a file for all scores")
    given = parser.parse_args()
    tasks = [(world, seed) for world in given.worlds for seed in given.seeds]
    work = partial(score, scale=given.scale, messy=given.messy, threads=given.threads, keep=given.keep)
    by_world: dict[str, list[Scored]] = defaultdict(list)
    wrong: list[str] = []
    with ProcessPoolExecutor(given.jobs) as pool:
        for scored in pool.map(work, tasks) if given.jobs > 1 else map(work, tasks):
            print(line(scored), flush=True)
            by_world[scored.world].append(scored)
            wrong += failures(scored)
    for world, all_scored in by_world.items():
        print(f"\n{world}, {len(all_scored)} seeds")
        for name, value in evaluate.pooled([each.evaluation for each in all_scored]):
            print(f"  {name:34} {value}")
    if given.json:
        held = [
            {"seed": each.seed, "seconds": each.seconds} | each.evaluation.as_dict()
            for each in itertools.chain.from_iterable(by_world.values())
        ]
        given.json.write_text(json.dumps(held, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print("\n" + ("\n".join(wrong) if wrong else "Nothing happened that must not."))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
