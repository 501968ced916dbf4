"""Does multiple systems estimation say what the reference packages say, and how far do methods differ?

Without arguments: the four published tables of human-trafficking victims beside the figures that SparseMSE (stepwise)
and Rcapture (best BIC) publish for them. With files: any table of capture histories, a header of list names and a last
column of counts, one row a history.

Run ``python -m bench.mse [TABLE.csv ...] [--replicates 1000]``; exit code 1 when a published figure is missed by more
than two per cent.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from pathlib import Path

from vialtrace.estimate import capture

PUBLISHED = Path(__file__).parents[2] / "shared" / "data" / "mse"
EXPECTED = {
    "UKdat": {"stepwise": 11418, "best": 12350},
    "UKdat_5": {"stepwise": 11313, "best": 22991},
    "NewOrl": {"stepwise": 1184},
    "NewOrl_5": {"stepwise": 1034, "best": 1034},
}
UK_INTERVAL = (9418, 15036)


def read(path: Path) -> list[list[int]]:
    """Rows of a table of capture histories."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [[int(value) for value in row] for row in list(csv.reader(file))[1:] if row]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="*", type=Path)
    parser.add_argument("--replicates", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    tables = options.tables or [PUBLISHED / f"cran-SparseMSE_{name}.csv" for name in EXPECTED]
    missing = [path for path in tables if not path.exists()]
    if missing:
        print(f"not on this machine: {', '.join(path.name for path in missing)}")
        return 2
    worst = 0.0
    print(f"{'table':12} {'method':12} {'value':>8} {'95% interval':>18} {'published':>10}")
    for path in tables:
        name = path.stem.removeprefix("cran-SparseMSE_")
        counts, n_lists = capture.counts_of(read(path))
        start = time.process_time()
        answers = capture.spread(counts, n_lists, seed=options.seed, n_replicates=options.replicates)
        for method, found in answers.items():
            published = EXPECTED.get(name, {}).get(method)
            worst = max(worst, abs(found.value / published - 1) if published else 0.0)
            interval = f"{found.low:,.0f} to {found.high:,.0f}"
            print(f"{name:12} {method:12} {found.value:8,.0f} {interval:>18} {published or '':>10}")
            if (name, method) == ("UKdat", "stepwise"):
                worst = max(worst, *(abs(a / b - 1) for a, b in zip((found.low, found.high), UK_INTERVAL, strict=True)))
        values = [found.value for found in answers.values()]
        if values:
            spread = max(values) / min(values)
            print(f"{name:12} methods differ by a factor of {spread:.2f}; {time.process_time() - start:.0f} s")
    if not options.tables:
        print(f"largest difference from a published figure: {worst:.1%}")
    return int(worst > 0.02)


if __name__ == "__main__":
    sys.exit(main())
