"""A small case for measurements that need one: simulated, taken in and run once."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from vialtrace import actions, simulate
from vialtrace.kit.clock import SteppingClock
from vialtrace.store import Machine, Settings

KINDS = ("order", "waybill", "payment", "crossing", "seizure")
DESK = actions.Desk("a bench", clock=SteppingClock(datetime(2026, 1, 1, tzinfo=UTC)), machine=Machine(2.0, 2))


def small_case(folder: Path) -> tuple[Path, actions.Ran]:
    """A small case in ``folder``, and what its one run found."""
    simulate.simulate("small_slow", folder / "all", seed=3, lawful_ratio=5)
    (folder / "records").mkdir()
    for kind in KINDS:
        shutil.copy(folder / "all" / "records" / f"{kind}.csv", folder / "records")
    case = folder / "case"
    actions.new(case, DESK, Settings("small"))
    actions.add(case, actions.survey([folder / "records"]), DESK, best_guess=True)
    return case, actions.run(case, DESK)
