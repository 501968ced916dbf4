"""Do files nobody here wrote go in whole, and accuse nobody? Customs declarations and simulated bank transfers.

The files stand in a folder of shared data beside the checkout (``--data``); what is absent is skipped with a reason.
Each set goes through new, add, check and run. Every row of every file must be accounted for, and no network be found:
there are no human samples in these records.

Run ``python bench/real.py [--data ../shared/data]``; exit code 1 when a row is unaccounted for or a network is found.
"""


from __future__ import annotations

import argparse
import csv
import gzip
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from vialtrace import actions
from vialtrace.errors import VialtraceError
from vialtrace.model.mapping import Mapping, Reading
from vialtrace.store import Settings

SETS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "customs declarations",
        ("customs_declarations/df_syn_train_eng.csv.gz", "customs_declarations/df_syn_valid_eng.csv.gz"),
        "declaration",
    ),
    ("transfers with fan-ins", ("amlsim/20K_fanin200/transactions.csv.gz",), "payment"),
    ("transfers with cycles", ("amlsim/20K_cycle200/transactions.csv.gz",), "payment"),
)
ORIGIN = "2024-01-01"  # day 0 of the transfers' day numbers: their makers give none, any date will do


def rows_in(path: Path) -> int:
    """Rows below the header, counted without the program under test."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def _dated(mapping: Mapping) -> Mapping:
    """The mapping of a set of transfers as a person would complete it: their time is a day number."""
    readings = tuple(each for each in mapping.readings if each.field != "paid_at")
    return replace(mapping, readings=(*readings, Reading("paid_at", "time", form="day_number", origin=ORIGIN)))


def surveyed(files: Sequence[Path], kind: str) -> actions.Survey:
    """The files with a mapping each, completed by what only a person can know."""
    found = actions.survey(files, kind=kind)
    if kind != "payment":
        return found
    proposals = tuple(
        replace(each, sheets=tuple(sheet.settled(_dated(sheet.mapping)) for sheet in each.sheets))
        for each in found.proposals
    )
    return replace(found, proposals=proposals)


def go(name: str, files: Sequence[Path], kind: str) -> list[str]:
    """One set from files to findings; what went wrong."""
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as temporary:
        case, desk = Path(temporary) / "case", actions.Desk("bench")
        actions.new(case, desk, Settings(name=name))
        started = time.perf_counter()
        added = actions.add(case, surveyed(files, kind), desk, best_guess=True)
        wrong += [f"{name}: {each.path.name} was refused: {each.reason}" for each in added.refused]
        checked = actions.check(case, desk)
        ran = actions.run(case, desk)
        seconds = time.perf_counter() - started
        by_file = {path.name: rows_in(path) for path in files}
        held = 0
        for sheet in checked.sheets:
            counts = sheet.counts
            accounted = counts["n_rows"] + counts["n_quarantined"] + counts["n_set_aside"]
            held += accounted
            print(
                f"  {sheet.shown}: {sheet.kind}, {counts['n_rows']:,} read ({counts['n_duplicates']:,} duplicates), "
                f"{counts['n_quarantined']:,} quarantined, {counts['n_set_aside']:,} set aside, "
                f"{counts['n_field_issues']:,} field issues"
            )
            if sheet.kind != kind:
                wrong.append(f"{name}: {sheet.shown} was taken for {sheet.kind}")
        if held != sum(by_file.values()):
            wrong.append(f"{name}: {sum(by_file.values()):,} rows in the files, {held:,} accounted for")
        if ran.networks:
            wrong.append(f"{name}: {len(ran.networks)} networks where there are no samples")
        print(
            f"{name}: {held:,} of {sum(by_file.values()):,} rows accounted for, "
            f"{len(ran.networks)} networks, {seconds:.1f} s",
            flush=True,
        )
    return wrong


def main() -> int:
    """Print what became of each set; 1 where something went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    given = parser.parse_args()
    wrong: list[str] = []
    for name, paths, kind in SETS:
        files = [given.data / path for path in paths]
        absent = [str(path) for path in files if not path.exists()]
        if absent:
            print(f"{name}: skipped, not on this machine: {', '.join(absent)}")
            continue
        try:
            wrong += go(name, files, kind)
        except VialtraceError as refusal:
            wrong.append(f"{name}: {refusal}")
    print("\n".join(wrong) if wrong else "Every row accounted for; nobody accused.")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
