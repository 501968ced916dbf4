"""A run: named by what went in, the same on any machine, whole or not there."""

from __future__ import annotations

import csv
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from vialtrace import actions, pipeline
from vialtrace.errors import BadMapping, CaseBusy, StorageFailure, UnknownName
from vialtrace.kit.clock import SystemClock
from vialtrace.kit.ids import row_id
from vialtrace.store import Case, Machine, Settings

_DESK = actions.Desk("a tester", machine=Machine(2.0, 2))


def _case(folder: Path) -> Case:
    return Case.open(folder, clock=SystemClock())


def test_a_run_accounts_for_every_row_of_every_file(run_case: Path, small_world: Path) -> None:
    for row in _case(run_case).run().tables["source"].to_pylist():
        n_lines = len((small_world / "records" / row["file"]).read_bytes().splitlines())
        assert row["n_file_rows"] == n_lines
        assert row["n_header_rows"] + row["n_rows"] + row["n_quarantined"] + row["n_set_aside"] == n_lines


def test_a_run_finds_the_gang_and_keeps_all_its_tables(run_case: Path) -> None:
    run = _case(run_case).run()
    assert len(run.findings["networks"]) == 1
    assert run.verify() == len(run.manifest["tables"])
    assert not (run.folder / "spill").exists()
    assert all(not path.stat().st_mode & 0o222 for path in run.folder.rglob("*") if path.is_file())


def test_what_was_run_before_is_not_run_again(run_case: Path, case_copy: Callable[[], Path]) -> None:
    ran = actions.run(case_copy(), _DESK)
    assert not ran.is_new
    assert ran.run.digest == _case(run_case).run().digest


@pytest.mark.slow
def test_two_threads_and_another_folder_give_the_same_bytes(run_case: Path, small_world: Path, tmp_path: Path) -> None:
    folder = tmp_path / "another-name"
    actions.new(folder, _DESK, Settings("another name"))
    actions.add(folder, actions.survey([small_world / "records"]), _DESK, best_guess=True)
    ran = actions.run(folder, _DESK)
    first = _case(run_case).run()
    assert (ran.run.folder / "manifest.json").read_bytes() == (first.folder / "manifest.json").read_bytes()


@pytest.mark.slow
def test_a_run_killed_at_any_moment_leaves_the_case_whole(run_case: Path, case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    digest = _case(run_case).run().digest
    for made in (folder / "runs", folder / "cache"):
        shutil.rmtree(made)
    for seconds in (2.5, 6.0):
        process = subprocess.Popen(
            [sys.executable, "-m", "vialtrace", "run", str(folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert _case(folder).runs == ()
        assert _case(folder).ledger.verify() > 0
    ran = actions.run(folder, _DESK)
    assert ran.run.digest == digest
    assert ran.run.manifest == _case(run_case).run().manifest
    assert [each.name for each in (folder / "runs").iterdir()] == [ran.run.folder.name]


def test_a_second_run_at_the_same_time_is_told_so(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    with _case(folder).writing("run"), pytest.raises(CaseBusy, match="`run`"):
        actions.run(folder, _DESK)


def test_a_parameter_that_no_recipe_has_is_refused_with_those_there_are(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    with (folder / "case.toml").open("a") as file:
        file.write("\n[parameters.shared_clients]\nleast_colour = 3\n")
    with pytest.raises(UnknownName, match="Known: "):
        actions.run(folder, _DESK)


def test_a_mapping_with_problems_names_all_of_them_and_the_case_stays_as_it_was(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    mapping = folder / "mappings" / "crossing.csv.yaml"
    mapping.write_text(mapping.read_text().replace("  document_no:", "  passport_colour:"))
    with pytest.raises(BadMapping, match="passport_colour"):
        actions.run(folder, _DESK)
    assert len(_case(folder).runs) == 1


def test_a_full_disk_ends_the_run_and_leaves_the_case_as_it_was(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    shutil.rmtree(folder / "cache")
    command = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)); "
        "from vialtrace.cli import main; main(sys.argv[1:])"
    )
    told = subprocess.run(
        [sys.executable, "-c", command, "run", str(folder), "--again"], capture_output=True, text=True, check=False
    )
    assert told.returncode == StorageFailure.exit_code
    assert "The case is as it was before." in told.stderr
    assert "Traceback" not in told.stderr
    assert len(_case(folder).runs) == 1
    assert not list((folder / "runs").glob(".partial-*"))


def test_rows_come_back_as_received(run_case: Path, small_world: Path) -> None:
    case = _case(run_case)
    numbers = {row["file"]: row["source_no"] for row in case.run().tables["source"].to_pylist()}
    wanted = row_id(numbers["crossing.csv"], 5)
    found = pipeline.received(case, [wanted])[wanted]
    with (small_world / "records" / "crossing.csv").open(newline="", encoding="utf-8-sig") as file:
        fourth = list(csv.DictReader(file))[3]
    assert found == {name: text for name, text in fourth.items() if text}


def test_times_and_machine_stand_beside_the_manifest_not_in_it(run_case: Path) -> None:
    run = _case(run_case).run()
    assert run.record["threads"] == 1
    text = json.dumps(run.manifest)
    assert "finished_at" not in text
    assert "threads" not in text
