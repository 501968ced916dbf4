"""A run takes over what an earlier one made from the same, and is byte for byte what it would be from nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from vialtrace import actions
from vialtrace.store import Machine

_DESK = actions.Desk("a tester", machine=Machine(2.0, 2))
_LATE = "\n[parameters.networks]\nleast_members = 3\n"


def _changed(folder: Path) -> Path:
    with (folder / "case.toml").open("a") as file:
        file.write(_LATE)
    return folder


@pytest.mark.slow
def test_a_late_threshold_changed_leaves_what_comes_before_it_as_it_was(case_copy: Callable[[], Path]) -> None:
    ran = actions.run(_changed(case_copy()), _DESK)
    reused = set(ran.run.record["reused"])
    assert {"address_form", "profile", "mention", "visit", "claim"} <= reused
    assert "networks" not in reused
    # Made anew it takes nothing over, and is held against what was there.
    assert actions.run(ran.run.folder.parent.parent, _DESK, again=True).run.record["reused"] == []


@pytest.mark.slow
def test_what_was_altered_in_an_earlier_run_is_not_taken_over(case_copy: Callable[[], Path]) -> None:
    folder = _changed(case_copy())
    (earlier,) = (folder / "runs").iterdir()
    tables = earlier / "tables"
    told = (tables / "visit.parquet").stat().st_mode
    (tables / "visit.parquet").chmod(0o644)
    shutil.copyfile(tables / "parcel_tie.parquet", tables / "visit.parquet")
    (tables / "visit.parquet").chmod(told)
    reused = actions.run(folder, _DESK).run.record["reused"]
    assert "mention" in reused
    assert "visit" not in reused
    assert actions.run(folder, _DESK, again=True).run.record["reused"] == []
