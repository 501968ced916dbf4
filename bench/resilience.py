"""Does a case survive? A run is killed at ten random moments, then finished, and must be what it is undisturbed.

``python -m bench.resilience`` prints one line a kill: when it fell, in which stage, whether the case opened whole, and
ends with the digests. It fails when a case was not whole, a half-made run was taken for a run, or two digests differ.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from vialtrace import actions
from vialtrace.kit.clock import SystemClock
from vialtrace.store import Case, Machine, Run, Settings


def main() -> int:
    """Run the measurement as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--world", default="small_slow")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="resilience-") as place:
        return measure(Path(place), chosen.world, kills=chosen.kills, seed=chosen.seed)


def measure(place: Path, world: str, *, kills: int, seed: int) -> int:
    """Kill, open, repeat; the number of failures is the exit code."""
    records = actions.simulate(world, place / "world", seed=seed).records
    first, took = _run(place / "first", records, threads=1)
    print(f"one thread, undisturbed: {first.digest[:16]} in {took:.1f} s")
    second, took = _run(place / "second", records, threads=2)
    print(f"two threads, undisturbed: {second.digest[:16]} in {took:.1f} s")
    failures = int((first.folder / "manifest.json").read_bytes() != (second.folder / "manifest.json").read_bytes())
    folder = _fresh(place / "killed", records)
    chance = random.Random(seed)  # noqa: S311  no secret depends on it
    for number in range(1, kills + 1):
        failures += _killed(folder, number, chance.uniform(0.5, took))
    last = actions.run(folder, _desk(2)).run
    same = (last.folder / "manifest.json").read_bytes() == (first.folder / "manifest.json").read_bytes()
    told = "the same" if same else "ANOTHER"
    print(f"after {kills} kills: {last.digest[:16]}, {told} manifest; {failures + (not same)} failures")
    return failures + int(not same)


def _killed(folder: Path, number: int, after: float) -> int:
    """Kill one run ``after`` so many seconds, and say whether the case is whole: 1 when it is not."""
    shutil.rmtree(folder / "runs")
    (folder / "runs").mkdir()
    command = [sys.executable, "-m", "vialtrace", "run", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait()
    case = Case.open(folder, clock=SystemClock())
    partial = [each.name for each in (folder / "runs").iterdir()]
    try:
        found = actions.verify(folder, _desk(2), rerun=False)
        whole = found.n_sources == len(case.sources)
    except Exception as failure:  # noqa: BLE001  the point is that nothing at all may go wrong
        print(f"  {type(failure).__name__}: {failure}")
        whole = False
    told = "whole" if whole else "BROKEN"
    print(f"kill {number} after {after:.1f} s: {len(case.runs)} runs, {len(partial)} folders, case {told}")
    return int(not whole)


def _run(folder: Path, records: Path, *, threads: int) -> tuple[Run, float]:
    since = time.monotonic()
    run = actions.run(_fresh(folder, records), _desk(threads)).run
    return run, time.monotonic() - since


def _fresh(folder: Path, records: Path) -> Path:
    actions.new(folder, _desk(1), Settings("resilience"))
    actions.add(folder, actions.survey([records]), _desk(1), best_guess=True)
    return folder


def _desk(threads: int) -> actions.Desk:
    return actions.Desk("bench", machine=Machine.within(threads=threads))


if __name__ == "__main__":
    sys.exit(main())
