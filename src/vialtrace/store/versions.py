"""Every version of a mapping that a case has used: kept under its digest, and entered in the ledger in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vialtrace.errors import Tampered
from vialtrace.kit.ids import digest
from vialtrace.store.atomic import storage, write_whole
from vialtrace.store.ledger import Entry, Ledger

KEPT = "kept"


@dataclass(frozen=True)
class MappingVersion:
    """One version: its number from 1, when and by whom it was first met, its digest, its text, and why, if told."""

    number: int
    at: str
    who: str
    sha256: str
    text: str
    why: str = ""


def keep(folder: Path, names: Sequence[str], ledger: Ledger, *, who: str, why: str = "") -> None:
    """Keep mappings as they stand, save those whose last version they are already; the caller holds the case.

    Who edits a file by hand is not known to anybody: what is entered is who first used it so, and ``why`` if told.
    """
    entered: dict[str, list[str]] = {}
    for entry in ledger.entries("alteration"):
        if "mapping" in entry.payload:
            entered.setdefault(str(entry.payload["mapping"]), []).append(str(entry.payload["sha256"]))
    for name in names:
        path, before = folder / name, entered.setdefault(name, [])
        if not path.exists():
            continue
        with storage(path):
            content = path.read_bytes()
        sha256 = digest(content)
        if before and before[-1] == sha256:
            continue
        kept = _path(folder, sha256)
        if not kept.exists():
            with storage(folder):
                kept.parent.mkdir(exist_ok=True)
            write_whole(kept, content)
        before.append(sha256)
        ledger.append(
            "alteration",
            f"mapping {name}, version {len(before)}",
            who=who,
            why=why,
            payload={"mapping": name, "sha256": sha256},
        )


def history(folder: Path, name: str, ledger: Ledger) -> tuple[MappingVersion, ...]:
    """The versions of a mapping, the first first.

    Raises:
        Tampered: if a version is gone or is not what was entered.
    """
    found = []
    for number, entry in enumerate(_entries(ledger, name), start=1):
        sha256 = str(entry.payload["sha256"])
        path = _path(folder, sha256)
        with storage(path):
            content = path.read_bytes() if path.exists() else b""
        if digest(content) != sha256:
            raise Tampered(
                f"Version {number} of the mapping {name} is not what was entered in the ledger.",
                expected=f"{path} with the SHA-256 digest {sha256}.",
                way_out="Take the case from a copy that is whole.",
            )
        text = content.decode("utf-8", errors="replace")
        found.append(MappingVersion(number, entry.at, entry.who, sha256, text, entry.why))
    return tuple(found)


def _entries(ledger: Ledger, name: str) -> list[Entry]:
    return [entry for entry in ledger.entries("alteration") if entry.payload.get("mapping") == name]


def _path(folder: Path, sha256: str) -> Path:
    return folder / KEPT / f"{sha256}.yaml"
