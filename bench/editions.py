"""Does it matter in what manners a world's records arrive? The same world clean, messy without loss, and messy.

``python -m bench.editions`` makes each world three times, runs each, and holds the findings together: a messy edition
that destroys nothing must give the very findings of the clean one, and it fails where it does not. Beside the third,
which has masks, rounded numbers and days for times, stands what was lost.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from vialtrace import actions
from vialtrace.simulate import WORLDS, simulate
from vialtrace.store import Machine, Settings

_FIGURES = ("samples", "proceeds", "kept")


def run(world: str, folder: Path, *, scale: float, seed: int, ratio: float, **manners: bool) -> actions.Ran:
    """One edition, from its files to its findings."""
    desk = actions.Desk("bench", machine=Machine.within())
    simulate(world, folder / "world", scale=scale, seed=seed, lawful_ratio=ratio, **manners)
    actions.new(folder / "case", desk, Settings("bench", jurisdiction=WORLDS[world].country))
    actions.add(folder / "case", actions.survey([folder / "world" / "records"]), desk, best_guess=True)
    return actions.run(folder / "case", desk)


def compared(ran: actions.Ran) -> list[dict[str, Any]]:
    """Findings without what names an edition's own rows, files and claims; scores to three decimals."""
    return [
        {
            "score": round(network["score"], 3),
            "period": network["period"],
            "regions": network["regions"],
            "figures": {name: [network[name][end] for end in ("low", "estimate", "high")] for name in _FIGURES},
            "members": {
                member["id"]: (
                    member["role"],
                    round(member["score"], 3),
                    sorted((each["type"], each["value"]) for each in member["identifiers"]),
                )
                for member in network["members"]
            },
        }
        for network in ran.run.findings["networks"]
    ]


def line(world: str, seed: int, clean: actions.Ran, lossless: actions.Ran, messy: actions.Ran) -> tuple[str, bool]:
    """One seed as a row of a table, and whether its lossless edition gave the findings of the clean one."""
    is_same = compared(clean) == compared(lossless)
    whole = {told["id"]: told["role"] for each in clean.run.findings["networks"] for told in each["members"]}
    less = {told["id"]: told["role"] for each in messy.run.findings["networks"] for told in each["members"]}
    n_masked, n_matched = sum(each.n_masked for each in messy.masked), sum(each.n_matched for each in messy.masked)
    n_courtesies = sum(each.n_masked for each in clean.masked)
    tables = messy.run.tables
    samples = [sum(each.samples["estimate"] for each in ran.networks) for ran in (clean, messy)]
    cells = (
        world,
        str(seed),
        f"{clean.n_rows:,}",
        "the same" if is_same else "DIFFER",
        f"{len(set(whole) & set(less))} of {len(whole)}, {len(set(less) - set(whole))} others",
        f"{sum(less[each] == whole[each] for each in set(whole) & set(less))}",
        f"{samples[0]:,.0f} / {samples[1]:,.0f}",
        f"{n_masked:,} ({n_courtesies:,} of them in the clean edition too)",
        f"{n_matched:,}",
        f"{tables['quarantine'].num_rows:,}",
    )
    return "| " + " | ".join(cells) + " |", is_same


def main() -> int:
    """Run the measurement as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", nargs="*", default=["small_slow", "fast_company"], choices=list(WORLDS))
    parser.add_argument("--seeds", nargs="*", type=int, default=[1, 2, 3])
    parser.add_argument("--scale", type=float, default=0.3)
    parser.add_argument("--ratio", type=float, default=5.0, help="lawful events for one unlawful")
    given = parser.parse_args()
    print(
        "| world | seed | records | messy without loss | members found again | in the same role | samples clean / messy"
        " | arrived partly hidden | still matched | rows quarantined |\n|---|---|---|---|---|---|---|---|---|---|"
    )
    differing = 0
    for world in given.worlds:
        for seed in given.seeds:
            with tempfile.TemporaryDirectory() as temporary:
                made = [
                    run(world, Path(temporary) / name, scale=given.scale, seed=seed, ratio=given.ratio, **manners)
                    for name, manners in (
                        ("clean", {}),
                        ("lossless", {"messy": True, "lossless": True}),
                        ("messy", {"messy": True}),
                    )
                ]
                told, is_same = line(world, seed, *made)
                differing += not is_same
                print(told, flush=True)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
