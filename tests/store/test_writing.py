"""Nothing is ever half there: whole files, locks, full and forbidden disks."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from vialtrace.errors import CaseBusy, StorageFailure
from vialtrace.kit.clock import SystemClock
from vialtrace.store import Case, storage, write_whole
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


def test_part_of_a_table_on_disk_is_what_the_whole_holds_of_it(run_case: Path) -> None:
    tables = Case.open(run_case, clock=SystemClock()).run().tables
    whole = tables["mention"]
    some = pa.array(sorted(set(whole["party_id"].drop_null().to_pylist()))[:50:7], pa.string())
    wanted = whole.filter(pc.fill_null(pc.is_in(whole["party_id"], value_set=some), fill_value=False))
    assert tables.where("mention", "party_id", some).equals(wanted)
    assert tables.where("mention", "party_id", some, ["row_id", "slot"]).equals(wanted.select(["row_id", "slot"]))
    rows = pa.array([-1, whole["row_id"][0].as_py(), whole["row_id"][-1].as_py()], pa.int64())
    assert tables.where("mention", "row_id", rows).equals(whole.filter(pc.is_in(whole["row_id"], value_set=rows)))
    assert tables.where("mention", "row_id", pa.array([], pa.int64())).num_rows == 0
    assert tables.columns("mention", ["slot"]).equals(whole.select(["slot"]))
    assert tables.count("mention") == whole.num_rows
    assert "mention" in tables
    assert "moon" not in tables
