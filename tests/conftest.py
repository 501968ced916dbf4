"""What several rooms' tests share: a small simulated case that has been run once, and copies of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from vialtrace import actions, simulate
from vialtrace.store import Machine, Settings

# The same examples every time, so that a change is judged by what it changes; `make properties` draws new ones.
# How long an example takes says how busy the machine is.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("new", derandomize=False, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

_KINDS = ("order", "waybill", "payment", "crossing", "seizure")


@pytest.fixture(scope="session")
def small_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world of one small gang, some 14,000 records of five kinds: ``records`` and ``truth.json``."""
    folder = tmp_path_factory.mktemp("world")
    simulate.simulate("small_slow", folder / "all", seed=3, lawful_ratio=5)
    (folder / "records").mkdir()
    for kind in _KINDS:
        shutil.copy(folder / "all" / "records" / f"{kind}.csv", folder / "records")
    shutil.copy(folder / "all" / "truth.json", folder)
    return folder


@pytest.fixture(scope="session")
def run_case(small_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case on that world, run once on one thread. Nobody may change it: take ``case_copy`` for that."""
    folder = tmp_path_factory.mktemp("cases") / "small"
    desk = actions.Desk("a tester", machine=Machine(2.0, 1))
    actions.new(folder, desk, Settings("small"))
    actions.add(folder, actions.survey([small_world / "records"]), desk, best_guess=True)
    actions.run(folder, desk)
    return folder


@pytest.fixture
def case_copy(run_case: Path, tmp_path: Path) -> Callable[[], Path]:
    """Makes copies of the case that has been run."""

    def copy() -> Path:
        return Path(shutil.copytree(run_case, tmp_path / "copy"))

    return copy
