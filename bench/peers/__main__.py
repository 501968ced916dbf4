"""What do other people's tools make of the same records, how fast, and with how much memory?

    python -m bench.peers [--scale 0.02] [--seed 1] [--only notebook ...] [--world DIR] [--envs DIR]

The reference world is written clean, vialtrace takes it from files to findings, and each peer does its part in a
process and a virtual environment of its own. Times are of the whole process: wall seconds, processor seconds, highest
resident memory. What the world's truth calls members and what a tool names are held together by their identifiers.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_DATA = _HERE.parents[1] / ".." / "shared" / "data"

_PACKAGES: dict[str, tuple[str, ...]] = {
    "notebook": ("pandas", "scipy"),
    "graph_networkx": ("networkx", "numpy", "scipy"),
    "ingest_ftm": ("followthemoney",),
    "resolve_splink": ("splink", "duckdb", "pandas"),
    "patterns_snapml": ("snapml", "lightgbm", "pandas", "scikit-learn"),
}
"""What each script needs in its environment."""

_OURS = """
import json, sys
from pathlib import Path
from vialtrace import actions
from vialtrace.store import Machine, Settings
case, desk = Path(sys.argv[2]), actions.Desk("a bench", machine=Machine(8.0, 2))
actions.new(case, desk, Settings("peers"))
actions.add(case, actions.survey([Path(sys.argv[1])]), desk, best_guess=True)
if sys.argv[3] == "run":
    found = actions.run(case, desk).run.findings
    members = [member for network in found["networks"] for member in network["members"]]
    print(json.dumps({"members": [[each["value"] for each in member["identifiers"]] for member in members]}))
else:
    print(json.dumps({}))
"""


_WORLD = """
import sys
from pathlib import Path
from vialtrace import simulate
simulate.simulate("reference", Path(sys.argv[1]), seed=int(sys.argv[2]), scale=float(sys.argv[3]))
"""


@dataclass(frozen=True)
class Ran:
    """One process: what it printed, and what it took."""

    told: dict[str, Any]
    wall: float
    cpu: float
    peak_gb: float

    def __str__(self) -> str:
        """Its cost in one line."""
        return f"{self.wall:8.1f} s wall {self.cpu:8.1f} s of processors {self.peak_gb:6.2f} GB"


def ran(python: Path | str, arguments: Sequence[str | Path]) -> Ran:
    """Run a program to its end and measure it.

    Raises:
        CalledProcessError: if it fails.
    """
    with tempfile.TemporaryFile() as out:
        since = time.perf_counter()
        process = subprocess.Popen([str(python), *map(str, arguments)], stdout=out)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - since
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, [str(each) for each in arguments][:1])
        out.seek(0)
        lines = out.read().decode().splitlines()
    told = json.loads(lines[-1])
    return Ran(told, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024**2)


def environment(name: str, envs: Path) -> Path:
    """The Python of a peer's own environment, made if it is not there; its versions are printed.

    Raises:
        CalledProcessError: if something cannot be installed.
    """
    python = envs / name / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", envs / name], check=True)
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *_PACKAGES[name]]
    subprocess.run(install, check=True, capture_output=True)
    shown = subprocess.run([python, "-m", "pip", "list", "--format=json"], check=True, capture_output=True)
    versions = {each["name"].lower(): each["version"] for each in json.loads(shown.stdout)}
    print(f"{name}: " + ", ".join(f"{each} {versions.get(each, '?')}" for each in _PACKAGES[name]))
    return python


def truth_of(world: Path) -> list[set[str]]:
    """The identifiers of each true member, but for names, which others bear too."""
    held = json.loads((world / "truth.json").read_text(encoding="utf-8"))
    members = [member for network in held["networks"] for member in network["members"]]
    return [{each["value"] for each in member["identifiers"] if each["type"] != "name"} for member in members]


def rated(named: Sequence[set[str]], members: Sequence[set[str]]) -> str:
    """Precision and recall in words: of what is named, how much belongs to a member; of the members, how many are."""
    right = sum(any(each & member for member in members) for each in named)
    found = sum(any(each & member for each in named) for member in members)
    share = right / max(len(named), 1)
    return f"{right} of {len(named)} named are members' ({share:.2f}); {found} of {len(members)} members found"


def notebook(python: Path, world: Path) -> None:
    """The three tests in pandas."""
    made = ran(python, [_HERE / "notebook.py", world / "records"])
    members = truth_of(world)
    print(f"notebook, three tests   {made}")
    for told, of in (("two tests", "named"), ("any test", "any")):
        print(f"  by {told}: " + rated([{each} for each in made.told[of]], members))


def graph_networkx(python: Path, world: Path) -> None:
    """Components and communities in networkx."""
    made = ran(python, [_HERE / "graph_networkx.py", world / "records"])
    told, members = made.told, truth_of(world)
    known = set().union(*members)
    best = max(told["communities"], key=lambda each: len(known.intersection(each)))
    found = sum(bool(member.intersection(best)) for member in members)
    print(f"networkx                {made}")
    print(f"  {told['nodes']:,} nodes, {told['edges']:,} edges, {told['components']:,} components; "
          + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in told["seconds"].items()))
    print(f"  the community with most of the members holds {len(best):,} nodes and {found} of {len(members)} members")


def ingest_ftm(python: Path, world: Path) -> None:
    """Payments to entities with followthemoney."""
    made = ran(python, [_HERE / "ingest_ftm.py", world / "records"])
    n = made.told["rows"]
    print(f"followthemoney mapping  {made}\n  {n:,} payments, {n / made.cpu:,.0f} rows a second of processor")


def resolve_splink(python: Path, world: Path) -> None:  # noqa: ARG001  it links persons of another file
    """Persons of FEBRL 3 with Splink alone."""
    path = _DATA / "er" / "dataset3.csv.gz"
    if not path.exists():
        print(f"resolve_splink: no {path.name} in the shared data: nothing measured.")
        return
    made = ran(python, [_HERE / "resolve_splink.py", path])
    print(f"Splink, FEBRL 3         {made}")
    for threshold, found in made.told["at"].items():
        print(f"  at {threshold}: " + ", ".join(f"{name} {value:.3f}" for name, value in found.items()))


def patterns_snapml(python: Path, world: Path) -> None:  # noqa: ARG001  it reads transfers of another file
    """Shapes of money with snapml."""
    folder = _DATA / "amlsim"
    if not folder.exists():
        print("patterns_snapml: no amlsim in the shared data: nothing measured.")
        return
    for name in ("20K_fanin200", "20K_cycle200"):
        made = ran(python, [_HERE / "patterns_snapml.py", folder / name])
        told = made.told
        print(f"snapml, {name:<15} {made}\n  {told['edges'] / told['seconds']:,.0f} edges a second of features "
              f"(window {told['window']}, batch {told['batch']}); {told['share_true']:.4f} of the transfers are marked")
        for features, scores in told["scores"].items():
            print(f"  {features}: F1 " + ", ".join(f"{each['f1']:.3f}" for each in scores)
                  + "; PR-AUC " + ", ".join(f"{each['pr_auc']:.3f}" for each in scores))


def ours(world: Path, folder: Path) -> None:
    """vialtrace on the same world: files to records, and files to findings."""
    taken = ran(sys.executable, ["-c", _OURS, world / "records", folder / "case-add", "add"])
    lines = sum(path.read_bytes().count(b"\n") - 1 for path in (world / "records").glob("*.csv"))
    print(f"vialtrace, add          {taken}")
    print(f"  {lines:,} rows of all kinds, {lines / taken.cpu:,.0f} rows a second of processor")
    made = ran(sys.executable, ["-c", _OURS, world / "records", folder / "case-run", "run"])
    print(f"vialtrace, add and run  {made}")
    named = [set(each) for each in made.told["members"]]
    print("  members: " + rated(named, truth_of(world)))


def main() -> int:
    """Print what each makes of the same records."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=0.02)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", choices=[*_PACKAGES, "ours"], default=["ours", *_PACKAGES])
    parser.add_argument("--world", type=Path, help="a reference world made before, with records and truth.json")
    parser.add_argument("--envs", type=Path, default=Path(".venv-peers"), help="where the peers' environments are")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vialtrace-peers-") as beside:
        world = asked.world or Path(beside) / "world"
        if not asked.world:
            subprocess.run([sys.executable, "-c", _WORLD, world, str(asked.seed), str(asked.scale)], check=True)
        if "ours" in asked.only:
            ours(world, Path(beside))
        for name in _PACKAGES:
            if name not in asked.only:
                continue
            try:
                globals()[name](environment(name, asked.envs), world)
            except (subprocess.CalledProcessError, OSError) as failure:
                print(f"{name} could not be run: {failure}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
