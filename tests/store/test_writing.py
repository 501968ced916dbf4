"""Nothing is ever half there: whole files, locks, full and forbidden disks."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from vialtrace.errors import CaseBusy, StorageFailure
from vialtrace.kit.clock import SystemClock
from vialtrace.store import storage, write_whole
from vialtrace.store.lock import held


def test_a_file_is_written_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    write_whole(tmp_path / "told.json", "one")
    write_whole(tmp_path / "told.json", "two")
    assert (tmp_path / "told.json").read_text() == "two"
    assert [each.name for each in tmp_path.iterdir()] == ["told.json"]


def test_a_full_disk_is_said_and_the_old_file_stays(tmp_path: Path) -> None:
    write_whole(tmp_path / "told.json", "old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(StorageFailure, match="grew beyond"):
            write_whole(tmp_path / "told.json", "x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (tmp_path / "told.json").read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["told.json"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_no_space_left_is_said_with_the_way_out() -> None:
    with pytest.raises(StorageFailure) as told, storage(Path("case")), Path("/dev/full").open("w") as file:
        file.write("x" * 100_000)
    assert "full" in told.value.given
    assert "Free some space" in told.value.way_out


_HOLDER = """
import sys, time
from pathlib import Path
from vialtrace.kit.clock import SystemClock
from vialtrace.store.lock import held
with held(Path(sys.argv[1]), command="run", clock=SystemClock()):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_process_is_told_who_holds_the_case_and_a_dead_one_holds_nothing(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", _HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline().strip() == "held"
        with pytest.raises(CaseBusy) as told, held(tmp_path, command="add", clock=SystemClock()):
            pass
        assert f"process {holder.pid}" in told.value.given
        assert "`run`" in told.value.given
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()
    with held(tmp_path, command="add", clock=SystemClock()):
        assert json.loads((tmp_path / ".lock").read_text())["pid"] == os.getpid()
