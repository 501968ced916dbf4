"""What is typed wrong is refused with what was expected and the exit code of its kind; nothing is told as our bug."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from vialtrace import actions, errors
from vialtrace.cli import main
from vialtrace.store import Machine, Settings

_WAYBILLS = "运单号,寄件时间,寄件人,收件人\nSF1000000000001,2024-03-01 10:20:30,张三,李四\n"
_TOO_LONG = "a" * 300

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process: exit code, standard output, standard error."""

    def typed(*words: object) -> tuple[int, str, str]:
        code = 0
        try:
            main([str(word) for word in words])
        except SystemExit as left:
            code = int(left.code or 0)
        told = capsys.readouterr()
        return code, told.out, told.err

    return typed


@pytest.fixture
def case(tmp_path: Path) -> Path:
    desk = actions.Desk("a", machine=Machine.within(threads=1))
    actions.new(tmp_path / "case", desk, Settings("a"))
    (tmp_path / "a.csv").write_text(_WAYBILLS)
    return tmp_path / "case"


@pytest.mark.parametrize("words", [("new",), ("simulate", "small_slow"), ("demo",)])
@pytest.mark.parametrize("name", ["a.csv", "a.csv/below", _TOO_LONG])
def test_what_cannot_be_a_folder_is_refused_as_one(
    run: Run, case: Path, tmp_path: Path, words: tuple[str, ...], name: str
) -> None:
    code, _, told = run(*words, tmp_path / name)
    assert code == errors.BadInput.exit_code, told
    assert "cannot be a folder" in told


@pytest.mark.parametrize("words", [("check",), ("run",), ("verify",), ("show",)])
def test_a_place_that_can_hold_no_case_is_no_case(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    code, _, told = run(*words, tmp_path / _TOO_LONG)
    assert code == errors.WrongOrder.exit_code
    assert "is not a case folder" in told


@pytest.mark.parametrize("name", ["nothing.csv", _TOO_LONG])
def test_a_file_that_is_not_there_is_named(run: Run, case: Path, tmp_path: Path, name: str) -> None:
    code, _, told = run("add", case, tmp_path / name)
    assert code == errors.BadInput.exit_code
    assert name in told


_NO_MACHINE = [("--memory", "nan"), ("--memory", "1e300"), ("--memory", "-1"), ("--threads", "99999")]


@pytest.mark.parametrize("words", _NO_MACHINE)
def test_what_no_machine_has_is_refused_by_every_command(
    run: Run, case: Path, tmp_path: Path, words: tuple[str, str]
) -> None:
    for command in (("add", case, tmp_path / "a.csv", "--dry-run"), ("check", case), ("run", case)):
        code, _, told = run(*command, *words)
        assert code == errors.BadInput.exit_code, told
        assert "0.25 to" in told


@pytest.mark.parametrize("scale", ["0", "-1", "nan", "inf"])
def test_a_world_has_a_size(run: Run, tmp_path: Path, scale: str) -> None:
    code, _, told = run("simulate", "small_slow", tmp_path / "world", "--scale", scale)
    assert code == errors.BadInput.exit_code
    assert "above 0" in told


def test_a_world_goes_into_a_new_folder_only(run: Run, case: Path) -> None:
    code, _, told = run("simulate", "small_slow", case, "--scale", "0.001")
    assert code == errors.BadInput.exit_code
    assert "is not empty" in told
    assert not (case / "records").exists()


def test_a_kind_is_one_of_the_twelve(run: Run, case: Path, tmp_path: Path) -> None:
    for command in ("add", "screen"):
        code, _, told = run(command, case, tmp_path / "a.csv", "--kind", "parcel")
        assert code == errors.UnknownName.exit_code
        assert "waybill" in told


def test_a_file_that_is_not_of_the_kind_that_was_named_says_what_it_lacks(run: Run, case: Path, tmp_path: Path) -> None:
    code, told, _ = run("add", case, tmp_path / "a.csv", "--kind", "payment")
    assert code == errors.UnreadableSource.exit_code
    assert "not those of payment" in told
    assert "paid_at" in told


def test_a_case_does_not_take_in_itself(run: Run, case: Path, tmp_path: Path) -> None:
    assert run("add", case, tmp_path / "a.csv", "--yes")[0] == 0
    for words in ((case,), (case, "--dry-run"), (case / "sources",), (case / "case.toml",)):
        code, _, told = run("add", case, *words, "--yes")
        assert code == errors.BadInput.exit_code
        assert "part of the case itself" in told
    # What somebody laid among the sources may be taken in, as `check` advises.
    (case / "sources" / "stray.csv").write_text(_WAYBILLS.replace("张三", "王五"))
    assert run("add", case, case / "sources" / "stray.csv", "--yes")[0] == 0
    assert run("verify", case, "--quick")[0] == 0


def test_hidden_files_of_a_folder_are_named_as_passed_over(run: Run, case: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "~$a.xlsx").write_text("lock")
    code, _, told = run("add", case, tmp_path / "in")
    assert code == errors.BadInput.exit_code
    assert "holds only hidden files" in told
    (tmp_path / "in" / "a.csv").write_text(_WAYBILLS)
    for words in (("--dry-run",), ()):
        code, told, _ = run("add", case, tmp_path / "in", "--yes", *words)
        assert code == 0
        assert "~$a.xlsx: passed over" in told
    told = run("add", case, tmp_path / "in", "--yes", "--json")[1]
    assert json.loads(told)["passed_over"] == [str(tmp_path / "in" / "~$a.xlsx")]


def test_linked_folders_are_gone_into_once_and_broken_links_are_refused(run: Run, case: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.csv").write_text(_WAYBILLS)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "in" / "round").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "broken.csv").symlink_to(tmp_path / "nowhere")
    code, told, _ = run("add", case, tmp_path / "in", "--yes")
    assert code == errors.UnreadableSource.exit_code
    assert told.count("taken in") == 1
    assert "broken.csv cannot be opened" in told


def test_a_pipe_is_refused_and_not_waited_for(run: Run, case: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    code, told, _ = run("add", case, tmp_path / "pipe.csv")
    assert code == errors.UnreadableSource.exit_code
    assert "pipe.csv is a pipe or a device" in told


def test_an_export_goes_to_a_file_in_a_known_language(run: Run, case_copy: Callable[[], Path], tmp_path: Path) -> None:
    folder = case_copy()
    code, _, told = run("export", folder, "-o", tmp_path)
    assert code == errors.BadInput.exit_code
    assert "is a folder" in told
    assert run("export", folder, "--language", "de")[0] == errors.UnknownName.exit_code
    told = run("export", folder, "--format", "pdf")[2]
    assert "bagit, donors-key" in told
    (tmp_path / "a.csv").write_text(_WAYBILLS)
    assert run("screen", folder, tmp_path / "a.csv", "--language", "de")[0] == errors.UnknownName.exit_code


def test_a_row_that_is_not_there_is_not_the_first_to_come(run: Run, case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    first = next(each.name for each in (folder / "sources").iterdir() if each.suffix == ".csv")
    code, _, told = run("show", folder, f"{first}:1")
    assert code == errors.UnknownName.exit_code
    assert "no such row below its header" in told
    assert "yet" not in told


def test_debugging_can_be_asked_for_where_it_is_advised(run: Run, tmp_path: Path) -> None:
    code, _, told = run("check", tmp_path / "nothing", "--debug")
    assert code == errors.WrongOrder.exit_code
    assert "Traceback" in told


def test_a_role_is_refused_before_a_password_is_asked_for(run: Run, case: Path) -> None:
    assert run("account", case, "bob", "--role", "king")[0] == errors.UnknownName.exit_code


def test_a_terminal_without_chinese_gets_escapes(case: Path, tmp_path: Path) -> None:
    (tmp_path / "寄件.csv").write_text(_WAYBILLS)
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONWARNINGS": ""}

    def typed(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "vialtrace", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)

    told = typed("add", str(case), str(tmp_path / "寄件.csv"), "--yes")
    assert told.returncode == 0, told.stderr
    listed = json.loads(typed("check", str(case), "--json").stdout)["sheets"]
    assert listed[0]["shown"] == "寄件.csv"
    refused = typed("add", str(case), str(tmp_path / "没有.csv"), "--json")
    assert "没有.csv" in json.loads(refused.stderr)["given"]


def test_who_interrupts_is_told_that_the_case_is_whole(case_copy: Callable[[], Path]) -> None:
    # A program that was begun in the background does not hear an interruption; here it does, as at a terminal.
    hearing = "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    hearing += "runpy.run_module('vialtrace', run_name='__main__', alter_sys=True)"
    command = [sys.executable, "-c", hearing, "run", str(case_copy()), "--again"]
    begun = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert begun.stderr is not None
    told = begun.stderr.readline()  # The first stage says that it has begun.
    time.sleep(0.1)
    begun.send_signal(signal.SIGINT)
    told += begun.communicate(timeout=60)[1]
    assert begun.returncode == 130, told
    assert "The case is whole" in told
