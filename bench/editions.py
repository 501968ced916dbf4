"""Does it matter in what manners a world's records arrive? The same world clean, messy without loss, and messy.

``python -m bench.editions`` makes each world three times, runs each, and holds the findings together: a messy edition
that destroys nothing must give the very findings of the clean one, and it fails where it does not. Beside the third,
which has masks, rounded numbers and days for times, stands what was lost.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from vialtrace import actions
from vialtrace.model.records import OWN_TIME
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
    times = set(OWN_TIME.values())
    n_days = sum(each.n_masked for each in messy.masked if each.field in times)
    n_masked = sum(each.n_masked for each in messy.masked if each.field not in times)
    n_matched = sum(each.n_matched for each in messy.masked)
    n_courtesies = sum(each.n_masked for each in clean.masked if each.field not in times)
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
        f"{n_days:,}",
        f"{tables['quarantine'].num_rows:,}",
    )
    return "| " + " | ".join(cells) + " |", is_same


def lost(clean: actions.Ran, messy: actions.Ran) -> list[str]:
    """Each member that the messy edition does not name, with the claims about it that only the clean one could make."""
    found = {told["id"] for each in messy.run.findings["networks"] for told in each["members"]}
    told = []
    for network in clean.run.findings["networks"]:
        for member in network["members"]:
            if member["id"] in found:
                continue
            had, has = (_claims(ran, member["id"]) for ran in (clean, messy))
            gone = "; ".join(f"{name} {had[name]}, now {has[name]}" for name in sorted(had) if has[name] < had[name])
            told.append(f"{member['role']} {member['id']} is not found again: of its claims, {gone or 'all remain'}")
    return told


def _claims(ran: actions.Ran, party: str) -> Counter[str]:
    rows = ran.run.tables["claim"].select(["detector", "subject_id", "object_id"]).to_pylist()
    return Counter(each["detector"] for each in rows if party in (each["subject_id"], each["object_id"]))


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
        " | arrived partly hidden | still matched | moments that came as days | rows quarantined |\n|" + 11 * "---|"
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
                for each in lost(made[0], made[2]):
                    print(f"  {each}", flush=True)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
