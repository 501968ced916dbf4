"""How good and how fast names are compared, beside nomenklatura's LogicV2 on the same labelled pairs.

``python -m bench.linkage`` reads ``../shared/data/names/name_pairs.csv``. Pairs are split in two by the digest of
their text: errors were looked at on the building half only, and the other half is the measure. (Forty pairs drawn
from the whole file were read before the rules were written, to see what kinds of name it holds.) The threshold was
set before the first measurement and never changed; the peer is shown at its usual one and at the best for the
building half. nomenklatura is a peer, no part of vialtrace: it is installed into an environment of its own that is
thrown away, or taken from ``--peer``; where that cannot be, its published figures are quoted as such.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from vialtrace.kit import name_likeness

_PAIRS = Path(__file__).parents[1] / ".." / "shared" / "data" / "names" / "name_pairs.csv"
_COMPANIES = frozenset({"Company", "Organization", "LegalEntity", "Vessel"})

# Published for LogicV2 on such pairs: F1 0.80 at 7.5 ms a pair.
_QUOTED = "nomenklatura LogicV2 (published, not measured here): F1 0.80 at 7.5 ms a pair"

# A comparison that gives every pair the same score has not compared them; such figures are not a peer's.
_MIN_SCORES = 10

_PEER = """
import csv, json, sys, time
from followthemoney import model
from nomenklatura.matching import LogicV2
config, scores = LogicV2.default_config(), []
# It remembers what it read of an entity by the entity's id: every one needs an id of its own.
def made(place, row, side):
    names = {"name": [row["name" + side]]}
    return model.get_proxy({"id": f"{place}-{side}", "schema": row["schema"], "properties": names})
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8")))
pairs = [(made(place, row, "1"), made(place, row, "2")) for place, row in enumerate(rows)]
LogicV2.compare(made("first", rows[0], "1"), made("first", rows[0], "2"), config)
since = time.process_time()
scores = [LogicV2.compare(one, other, config).score for one, other in pairs]
print(json.dumps({"scores": scores, "ms": (time.process_time() - since) / len(pairs) * 1000}))
"""


@dataclass(frozen=True)
class Pair:
    """Two names, whether they are one, and whether the pair may be looked at while building."""

    one: str
    other: str
    is_company: bool
    is_match: bool
    is_building: bool


def main() -> int:
    """Run the measurement as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=Path, default=_PAIRS)
    parser.add_argument("--peer", type=Path, help="a Python in which nomenklatura is installed")
    parser.add_argument("--errors", action="store_true", help="print the errors of the building half")
    chosen = parser.parse_args()
    if not chosen.pairs.exists():
        print(f"No labelled pairs at {chosen.pairs}: nothing measured.")
        return 0
    pairs = read(chosen.pairs)
    name_likeness.likeness("张三", "Zhang San")  # loads the table of readings, which is no part of comparing
    since = time.process_time()
    scores = [name_likeness.likeness(pair.one, pair.other, is_company=pair.is_company) for pair in pairs]
    milliseconds = (time.process_time() - since) / len(pairs) * 1000
    _tell("vialtrace", pairs, scores, name_likeness.ALIKE, milliseconds)
    if chosen.errors:
        for pair, score in zip(pairs, scores, strict=True):
            if pair.is_building and (score >= name_likeness.ALIKE) != pair.is_match:
                print(f"  {score:.2f} {'missed' if pair.is_match else 'wrong '} {pair.one} | {pair.other}")
    _peer(chosen.pairs, pairs, chosen.peer)
    return 0


def read(path: Path) -> list[Pair]:
    """The labelled pairs, in the order of the file."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [Pair(row["name1"], row["name2"], row["schema"] in _COMPANIES, row["is_match"] == "true",
                 hashlib.sha256(f"{row['name1']}|{row['name2']}".encode()).digest()[0] % 2 == 0) for row in rows]


def f1(pairs: Sequence[Pair], is_alike: Callable[[int], bool], *, building: bool) -> tuple[float, float, float]:
    """F1, precision and recall on one half."""
    half = [place for place, pair in enumerate(pairs) if pair.is_building == building]
    right = sum(is_alike(place) and pairs[place].is_match for place in half)
    said, true = sum(is_alike(place) for place in half), sum(pairs[place].is_match for place in half)
    return 2 * right / (said + true), right / max(said, 1), right / true


def _tell(who: str, pairs: Sequence[Pair], scores: Sequence[float], threshold: float, milliseconds: float) -> None:
    for building in (True, False):
        found = f1(pairs, lambda place: scores[place] >= threshold, building=building)
        half = "building half" if building else "measured half"
        print(f"{who:12} {half}: F1 {found[0]:.3f}  precision {found[1]:.3f}  recall {found[2]:.3f}"
              f"  at {threshold:.2f}, {milliseconds:.4f} ms CPU a pair")


def _peer(path: Path, pairs: Sequence[Pair], python: Path | None) -> None:
    """LogicV2 on the same pairs at its own recommended threshold, and at the best one on the building half."""
    with tempfile.TemporaryDirectory(prefix="peer-") as place:
        try:
            found = subprocess.run([python or _installed(Path(place)), "-c", _PEER, path], check=True,
                                   capture_output=True, text=True)
        except (subprocess.CalledProcessError, OSError) as failure:
            print(f"nomenklatura could not be run ({type(failure).__name__}).\n{_QUOTED}")
            return
    made = json.loads(found.stdout.splitlines()[-1])
    scores = made["scores"]
    if len(set(scores)) < _MIN_SCORES:
        print(f"LogicV2 gave {len(set(scores))} different scores: it was not asked rightly.\n{_QUOTED}")
        return
    _tell("LogicV2", pairs, scores, 0.7, made["ms"])  # the cut-off its own screening service starts with
    best = max((each / 100 for each in range(30, 100, 5)), key=lambda threshold: f1(
        pairs, lambda place: scores[place] >= threshold, building=True)[0])
    _tell("LogicV2", pairs, scores, best, made["ms"])


def _installed(place: Path) -> Path:
    """A Python with nomenklatura, in an environment of its own."""
    subprocess.run([sys.executable, "-m", "venv", place / "peer"], check=True, capture_output=True)
    python = place / "peer" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "nomenklatura"], check=True, capture_output=True)
    return python


if __name__ == "__main__":
    sys.exit(main())
