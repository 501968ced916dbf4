"""Worlds with known truth: make one, and score findings against one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vialtrace import evaluate as scoring
from vialtrace import simulate as worlds
from vialtrace.errors import BadInput, StorageFailure
from vialtrace.evaluate import Evaluation
from vialtrace.store import make_folder, storage


@dataclass(frozen=True)
class Simulated:
    """A world as written: where its records and its truth stand, and how many networks are in it."""

    records: Path
    truth: Path
    n_files: int
    n_networks: int


def simulate(
    world: str,
    folder: Path,
    *,
    seed: int = 0,
    scale: float | None = None,
    messy: bool = False,
    lossless: bool = False,
) -> Simulated:
    """Make a world: its records in ``folder/records``, and beside them, never among them, the truth.

    Raises:
        UnknownName: if there is no such world.
        BadInput: if the folder holds anything, or ``lossless`` is asked of files that are clean.
        StorageFailure: if it cannot be written.
    """
    make_folder(folder)
    if any(folder.iterdir()):
        raise BadInput(f"{folder} is not empty.", expected="A new folder.", way_out="Choose another name.")
    if lossless and not messy:
        raise BadInput("Clean files lose nothing.", expected="--lossless with --messy.", way_out="Add --messy.")
    with storage(folder):
        worlds.simulate(world, folder, scale=scale, seed=seed, messy=messy, lossless=lossless)
    truth = _read(folder / "truth.json")
    n_files = sum(1 for each in (folder / "records").rglob("*") if each.is_file())
    return Simulated(folder / "records", folder / "truth.json", n_files, len(truth["networks"]))


def evaluate(findings: Path, truth: Path) -> Evaluation:
    """How good findings are, held against the truth.

    Raises:
        BadInput: if a file is missing or is no JSON.
    """
    return scoring.evaluate(_read(findings), _read(truth))


def evaluation_rows(found: Evaluation) -> list[tuple[str, str]]:
    """An evaluation as pairs of a measure and its result, for people."""
    return scoring.table(found)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as refusal:
        raise BadInput(f"There is no file {path}.", expected="A JSON file.", way_out="Check the path.") from refusal
    except PermissionError as refusal:
        raise StorageFailure(f"{path} cannot be read.", expected="Read permission.") from refusal
    except (ValueError, IsADirectoryError) as refusal:
        why = "it is a folder" if isinstance(refusal, IsADirectoryError) else refusal
        raise BadInput(f"{path} is no JSON file: {why}.", expected="Findings or a truth as JSON.") from refusal
    if not isinstance(found, dict) or "networks" not in found:
        raise BadInput(f"{path} holds no networks.", expected="Findings or a truth as JSON.")
    return found
