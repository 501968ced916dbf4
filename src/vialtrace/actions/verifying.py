"""See that a case is what it was: sources, ledger, runs, and that the last run can be made again."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from vialtrace import pipeline
from vialtrace.actions.desk import Desk
from vialtrace.errors import BadInput, Tampered
from vialtrace.kit.ids import canonical, digest
from vialtrace.store import Case, PublicKey, Run, check_bag, check_digest, is_bag, stray_files
from vialtrace.store.bag import PAYLOAD
from vialtrace.store.received import is_index_whole
from vialtrace.store.run import MANIFEST, RECORD


@dataclass(frozen=True)
class Verified:
    """What was held against what, and held: numbers, files never taken in, and whether the last run was made again."""

    n_sources: int
    n_entries: int
    n_runs: int
    n_tables: int
    stray: tuple[str, ...]
    is_remade: bool
    signed_by: str = ""


def verify(folder: Path, desk: Desk, *, rerun: bool = True, key: str = "") -> Verified:
    """Hold every digest of a case, or of a bag, against its file, follow the ledger, and make the last run once more.

    Args:
        folder: a case, or a bag that a case was exported as.
        desk: who works.
        rerun: whether to make the last run once more; that of a bag is made in a copy.
        key: the public key a bag must be signed by, as minisign writes it.

    Raises:
        Tampered: naming the first place that does not hold.
        OurBug: if the last run, made again, differs.
        WrongOrder: if the last run cannot be made again, because the case or vialtrace has changed since.
    """
    if is_bag(folder):
        return _verify_bag(folder, desk, rerun=rerun, key=key)
    if key:
        raise BadInput(
            "A case is not signed; a bag is.", expected="A bag, as made by `vialtrace export --format bagit`."
        )
    return _verify_case(folder, desk, rerun=rerun)


def _verify_bag(folder: Path, desk: Desk, *, rerun: bool, key: str) -> Verified:
    signed_by = check_bag(folder, PublicKey.read(key) if key else None)
    if not rerun:
        return replace(_verify_case(folder / PAYLOAD, desk, rerun=False), signed_by=signed_by.name)
    with tempfile.TemporaryDirectory(prefix="vialtrace-") as aside:
        copy = Path(shutil.copytree(folder / PAYLOAD, Path(aside) / "case"))
        return replace(_verify_case(copy, desk, rerun=True), signed_by=signed_by.name)


def _verify_case(folder: Path, desk: Desk, *, rerun: bool) -> Verified:
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
    if not is_index_whole(case.folder / "sources", case.sources):
        raise Tampered(
            "sources/index.json has changed.",
            expected="The index as vialtrace writes it.",
            way_out="Take the case from a copy that verifies.",
        )
    entered = {entry.payload.get("name"): entry.payload for entry in case.ledger.entries("collection")}
    for source in case.sources:
        told = entered.pop(source.name, None)
        if told is None or canonical(dict(told)) != canonical(asdict(source)):
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
    record = digest((run.folder / RECORD).read_bytes())
    if entered and entered[-1].payload.get("record", record) != record:
        raise Tampered(
            f"The record runs/{run.folder.name}/{RECORD} is not the one entered in the ledger.",
            expected="The digest the ledger holds.",
            way_out="Make the run anew with `vialtrace run --again`.",
        )
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
