"""Make worlds, score cases, or do both: `python -m bench.strangers make|score|run`."""

import argparse
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bench.strangers.analyst import read
from bench.strangers.scoring import Score, score
from bench.strangers.worlds import WORLDS, make

COLUMNS = (
    ("prec", 6),
    ("rec", 6),
    ("rec2+", 6),
    ("F1", 6),
    ("role", 6),
    ("found", 6),
    ("true", 5),
    ("seen", 5),
    ("nets", 6),
)
TALLIES = (("false", 6), ("merge", 6), ("split", 6), ("dup", 4), ("donor", 6), ("sec", 6))
HEAD = f"{'world':<13}{'seed':>5}{'rows':>7}" + "".join(f"{name:>{width}}" for name, width in (*COLUMNS, *TALLIES))


def line(s: Score, seconds: float) -> str:
    """One row of the table."""
    role = s.role_right / s.recalled if s.recalled else 1.0
    return (
        f"{s.world:<13}{s.seed:>5}{s.rows:>7}{s.precision:>6.2f}{s.recall:>6.2f}{s.recall_seen:>6.2f}{s.f1:>6.2f}{role:>6.2f}{s.found:>6}{s.true:>5}{s.seen_true:>5}"
        f"{f'{s.networks_found}/{s.true_networks}':>6}{s.false_networks:>6}{s.merged:>6}{s.split:>6}{s.duplicates:>4}{s.donors:>6}{seconds:>6.0f}"
    )


def details(s: Score) -> list[str]:
    """Roles, estimates, the wrongly accused, and each missed member with the records that show him."""
    out = [
        "  by role (found/true, of those with two kinds): "
        + "; ".join(f"{r} {a}/{b}, {c}/{d}" for r, (a, b, c, d) in sorted(s.by_role.items()))
    ]
    out += [f"  {x}" for x in s.samples]
    out += [f"  accused wrongly: {x}" for x in s.accused]
    for m in s.missed:
        shown = ", ".join(f"{k} {v['n']} ({' '.join(v['first'][:3])})" for k, v in m["records"].items()) or "nothing"
        out.append(
            f"  missed {'/'.join(m['roles'])} {m['name']} of network {m['network']}, by {m['visible']} kinds: {shown}"
        )
    return out


def _vialtrace(*words: str) -> None:
    done = subprocess.run([sys.executable, "-m", "vialtrace", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(
            f"vialtrace {' '.join(words)} gave {done.returncode}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        )


def run(world: str, seed: int, work: Path, scale: float, *, guess: bool = False) -> tuple[Score, float]:
    """Make a world, take it through the program as a user would, and score it; gives the seconds the program took."""
    folder = work / f"{world}-{seed}"
    shutil.rmtree(folder, ignore_errors=True)
    make(world, seed, folder, scale=scale)
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    case, started = str(folder / "case"), time.monotonic()
    _vialtrace("new", case, "--jurisdiction", truth["jurisdiction"], "--time-zone", truth["zone"])
    if (folder / "mappings").exists() and not guess:
        for file in sorted((folder / "records").iterdir()):
            _vialtrace("add", case, str(file), "--mapping", str(folder / "mappings" / f"{file.stem}.yaml"))
    else:
        _vialtrace("add", case, str(folder / "records"), "--yes")
    _vialtrace("run", case)
    return score(folder, Path(case)), time.monotonic() - started


def tell(result: Score, seconds: float, *, verbose: bool) -> None:
    """Print one row of the table, and what stands behind it if asked."""
    print("\n".join([line(result, seconds), *(details(result) if verbose else [])]), flush=True)


def main() -> None:
    """The command line."""
    p = argparse.ArgumentParser(prog="bench.strangers", description=__doc__)
    sub = p.add_subparsers(dest="verb", required=True)
    m = sub.add_parser("make")
    m.add_argument("world", choices=WORLDS)
    m.add_argument("seed", type=int)
    m.add_argument("dir", type=Path)
    c = sub.add_parser("score")
    c.add_argument("dir", type=Path)
    c.add_argument("case", type=Path)
    n = sub.add_parser("analyst", help="score what a patient reader of names and dates makes of a world, as a floor")
    n.add_argument("dir", type=Path)
    r = sub.add_parser("run")
    r.add_argument("worlds", nargs="+", choices=WORLDS)
    r.add_argument("--seeds", nargs="+", type=int, default=[1, 2])
    r.add_argument("--work", type=Path, required=True, help="where worlds and cases are put")
    r.add_argument("--guess", action="store_true", help="leave foreign headers to the program's guess")
    for q in (m, r):
        q.add_argument("--scale", type=float, default=1.0)
    for q in (c, n, r):
        q.add_argument("-v", "--verbose", action="store_true")
    a = p.parse_args()
    if a.verb == "make":
        print(dict(make(a.world, a.seed, a.dir, scale=a.scale)))
        return
    print(HEAD)
    if a.verb == "analyst":
        read(a.dir, a.dir / "analyst")
        tell(score(a.dir, a.dir / "analyst"), 0.0, verbose=a.verbose)
        return
    if a.verb == "score":
        tell(score(a.dir, a.case), 0.0, verbose=a.verbose)
        return
    for world in a.worlds:
        for seed in a.seeds:
            tell(*run(world, seed, a.work, a.scale, guess=a.guess), verbose=a.verbose)


if __name__ == "__main__":
    main()
