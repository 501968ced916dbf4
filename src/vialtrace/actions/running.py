"""Run the whole chain, and tell which networks it found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vialtrace import pipeline
from vialtrace.actions.desk import Desk
from vialtrace.store import Run

_ROLES = ("organiser", "treasurer", "recruiter", "collector", "hub", "mule", "laboratory")


@dataclass(frozen=True)
class NetworkLine:
    """One network in one line: counts and amounts, nobody is named."""

    network_id: str
    score: float
    roles: tuple[tuple[str, int], ...]
    n_members: int
    samples: dict[str, Any]
    proceeds: dict[str, Any]
    period: dict[str, str]
    regions: tuple[str, ...]


@dataclass(frozen=True)
class MaskingLoss:
    """How many values of a field arrived masked, in all files that have it, and how many could still be matched."""

    kind: str
    field: str
    n_values: int
    n_masked: int
    n_matched: int


@dataclass(frozen=True)
class Ran:
    """A run and the networks in it; ``is_new`` is false where the same inputs had been run before."""

    run: Run
    networks: tuple[NetworkLine, ...]
    is_new: bool
    n_rows: int
    unasked: tuple[str, ...]
    masked: tuple[MaskingLoss, ...] = ()


def run(folder: Path, desk: Desk, *, again: bool = False) -> Ran:
    """Run the whole chain: from sources to networks with members, roles, amounts and provisions.

    What was run before on the same sources, mappings, decisions, parameters and version is not run twice, unless
    ``again`` asks for it; then the two are held against each other.

    Raises:
        WrongOrder: if the case has no sources.
        BadMapping: if a mapping does not fit its sheet.
        CaseBusy: if another process holds the case.
        StorageFailure: if the disk or the memory is not enough.
    """
    case = desk.open(folder)
    with case.writing("run"):
        case.keep_mappings(desk.who)
        before = {each.digest for each in case.runs}
        made = pipeline.make(case, desk.machine, desk.progress, who=desk.who, again=again)
    return told(made, is_new=again or made.digest not in before)


def overview(folder: Path, desk: Desk) -> Ran:
    """The networks of the last run.

    Raises:
        WrongOrder: if the case has no run.
    """
    return told(desk.open(folder).run(), is_new=True)


def told(made: Run, *, is_new: bool = False) -> Ran:
    """A run as its networks in one line each."""
    accounts = made.tables["source"]
    n_rows = sum(accounts["n_rows"].to_pylist()) - sum(accounts["n_duplicates"].to_pylist())
    networks = tuple(_line(network) for network in made.findings["networks"])
    return Ran(made, networks, is_new, n_rows, tuple(made.manifest["unasked"]), _masked(made))


def _masked(made: Run) -> tuple[MaskingLoss, ...]:
    """What arrived masked, a line for each field; a run of an older version did not count it."""
    if "masking_loss" not in made.tables:
        return ()
    names = ("n_values", "n_masked", "n_matched")
    counted = made.tables["masking_loss"].group_by(["kind", "field"]).aggregate([(name, "sum") for name in names])
    ordered = counted.sort_by([("kind", "ascending"), ("field", "ascending")]).to_pylist()
    return tuple(MaskingLoss(row["kind"], row["field"], *(row[f"{name}_sum"] for name in names)) for row in ordered)


def _line(network: dict[str, Any]) -> NetworkLine:
    counted = Counter(member["role"] for member in network["members"])
    return NetworkLine(
        network["id"],
        network["score"],
        tuple((role, counted[role]) for role in _ROLES if counted[role]),
        len(network["members"]),
        network["samples"],
        network["proceeds"],
        network["period"],
        tuple(network["regions"]),
    )
