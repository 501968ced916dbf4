"""See that a case is what it was: sources, ledger, runs, and that the last run can be made again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vialtrace import pipeline
from vialtrace.actions.desk import Desk
from vialtrace.errors import Tampered
from vialtrace.kit.ids import digest
from vialtrace.store import Case, Run, check_digest, stray_files
from vialtrace.store.run import MANIFEST


@dataclass(frozen=True)
class Verified:
    """What was held against what, and held: numbers, files never taken in, and whether the last run was made again."""

    n_sources: int
    n_entries: int
    n_runs: int
    n_tables: int
    stray: tuple[str, ...]
    is_remade: bool


def verify(folder: Path, desk: Desk, *, rerun: bool = True) -> Verified:
    """Hold every digest of a case against its file, follow the ledger, and make the last run once more.

    Raises:
        Tampered: naming the first place that does not hold.
        OurBug: if the last run, made again, differs.
        WrongOrder: if the last run cannot be made again, because the case or vialtrace has changed since.
    """
    case = desk.open(folder)
    n_entries = case.ledger.verify()
    _check_sources(case)
    runs = case.runs
    n_tables = sum(_check_run(case, each) for each in runs)
    remade = bool(runs) and rerun
    if remade:
        with case.writing("verify"):
            pipeline.remake(case, desk.machine, desk.progress, runs[-1])
    return Verified(
        len(case.sources), n_entries, len(runs), n_tables, stray_files(case.folder / "sources", case.sources), remade
    )


def _check_sources(case: Case) -> None:
    entered = {entry.payload.get("name"): entry.payload for entry in case.ledger.entries("collection")}
    for source in case.sources:
        told = entered.pop(source.name, None)
        if told is None or told.get("sha256") != source.sha256:
            raise Tampered(
                f"The index of sources and the ledger differ on {source.name} (sources/index.json).",
                expected="Each source is entered in the ledger with its digest.",
                way_out="Take the case from a copy that verifies.",
            )
        check_digest(case.folder / "sources", source)
    if entered:
        raise Tampered(
            f"Sources in the ledger are gone from the index: {', '.join(sorted(str(name) for name in entered))}.",
            way_out="Take the case from a copy that verifies.",
        )


def _check_run(case: Case, run: Run) -> int:
    content = digest((run.folder / MANIFEST).read_bytes())
    entered = [entry for entry in case.ledger.entries("combination") if entry.payload.get("run") == run.digest]
    if not any(entry.payload.get("manifest") == content for entry in entered):
        raise Tampered(
            f"The manifest runs/{run.folder.name}/{MANIFEST} is not the one entered in the ledger.",
            expected="The digest the ledger holds.",
            way_out="Make the run anew with `vialtrace run --again`.",
        )
    seq, head = run.record["ledger"]
    entries = case.ledger.entries()
    if seq and (len(entries) < seq or entries[seq - 1].digest != head):
        raise Tampered(
            f"The ledger has lost entries that were there when run {run.folder.name} was made.",
            expected=f"Entry {seq} with digest {head}.",
            way_out="Take the case from a copy that verifies.",
        )
    return run.verify()
