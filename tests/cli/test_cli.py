"""The command line: exit codes, JSON, and clear words for bad input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from vialtrace import errors

_COMMANDS = (
    "new",
    "add",
    "check",
    "run",
    "show",
    "decide",
    "report",
    "export",
    "verify",
    "simulate",
    "evaluate",
    "demo",
)


def _typed(*words: str, **given: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONWARNINGS": "", "COLUMNS": "200", **given}
    return subprocess.run(
        [sys.executable, "-m", "vialtrace", *words], capture_output=True, text=True, check=False, env=environment
    )


@pytest.fixture
def case(tmp_path: Path) -> Path:
    assert _typed("new", str(tmp_path / "case"), "--name", "a case").returncode == 0
    return tmp_path / "case"


def test_help_names_every_command_and_each_has_its_own() -> None:
    told = _typed("--help")
    assert told.returncode == 0
    assert all(command in told.stdout for command in _COMMANDS)
    for command in ("add", "demo"):
        assert _typed(command, "--help").returncode == 0


def test_the_version_says_which_code_it_is() -> None:
    assert _typed("--version").stdout.startswith("vialtrace 0.")


def test_a_case_that_is_not_there_is_said_in_three_parts(tmp_path: Path) -> None:
    told = _typed("run", str(tmp_path))
    assert told.returncode == errors.WrongOrder.exit_code
    assert "is not a case folder" in told.stderr
    assert "vialtrace new" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_refusal_is_json_where_a_script_asks(tmp_path: Path) -> None:
    told = _typed("check", str(tmp_path), "--json")
    assert json.loads(told.stderr)["code"] == "wrong-order"


_BAD_FILES: dict[str, bytes] = {
    "empty.csv": b"",
    "random.csv": bytes(range(256)) * 40,
    "letter.csv": b"dear,sir\nplease,call\n",
    "broken.xlsx": b"PK\x03\x04" + b"\0" * 400,
}


@pytest.mark.parametrize("name", _BAD_FILES)
def test_a_file_that_cannot_be_taken_in_is_named_and_the_case_stays_as_it_was(
    case: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(_BAD_FILES[name])
    told = _typed("add", str(case), str(tmp_path / name), "--yes")
    assert told.returncode == errors.UnreadableSource.exit_code
    assert name in told.stdout + told.stderr
    assert "Traceback" not in told.stderr
    assert not (case / "sources" / name).exists()


def test_rows_without_the_form_of_their_file_are_told_and_the_others_go_in(case: Path, tmp_path: Path) -> None:
    good = "E1234567{0},2024-05-0{0} 08:00:00,exit\n"
    (tmp_path / "a.csv").write_text(
        "document_no,crossed_at,direction\n" + good.format(1) + good.format(2).strip() + ",x,y\n" + good.format(3)
    )
    for words in (["--dry-run"], []):
        told = _typed("add", str(case), str(tmp_path / "a.csv"), "--yes", *words)
        assert told.returncode == errors.UnreadableSource.exit_code, told.stderr
        assert "expected 3 fields, got 5" in told.stdout
    assert "first row 3: " in told.stdout
    told = _typed("check", str(case))
    assert told.returncode == 0, told.stderr
    assert "expected 3 fields, got 5 (1 row, first a.csv:3" in told.stdout
    assert _typed("verify", str(case)).returncode == 0


def test_a_mapping_that_names_an_unknown_field_lists_its_problems(case: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("document_no,crossed_at,direction\nE12345678,2024-05-01 08:00:00,exit\n")
    assert _typed("add", str(case), str(tmp_path / "a.csv"), "--yes").returncode == 0
    mapping = case / "mappings" / "a.csv.yaml"
    mapping.write_text(mapping.read_text().replace("document_no:", "passport_colour:"))
    told = _typed("run", str(case))
    assert told.returncode == errors.BadMapping.exit_code
    assert "passport_colour" in told.stderr


def test_what_is_typed_wrong_is_a_usage_error() -> None:
    told = _typed("run")
    assert told.returncode == 2
    assert "CASE" in told.stderr


def test_an_unknown_decision_lists_those_there_are(case_copy: Callable[[], Path]) -> None:
    told = _typed("decide", str(case_copy()), "N1", "hang", "--why", "x")
    assert told.returncode == errors.UnknownName.exit_code
    assert "accept" in told.stderr


def test_networks_are_a_table_for_people_and_json_for_scripts(case_copy: Callable[[], Path]) -> None:
    folder = case_copy()
    told = _typed("show", str(folder))
    assert told.returncode == 0
    assert "score" in told.stdout
    assert "samples" in told.stdout
    listed = json.loads(_typed("show", str(folder), "--json").stdout)["networks"]
    assert listed[0]["network_id"] in told.stdout


def test_findings_go_to_standard_output_or_to_a_file(case_copy: Callable[[], Path], tmp_path: Path) -> None:
    folder = case_copy()
    told = _typed("export", str(folder), "--format", "json")
    assert json.loads(told.stdout)["case"] == "small"
    assert _typed("export", str(folder), "-o", str(tmp_path / "out.json")).returncode == 0
    assert json.loads((tmp_path / "out.json").read_text()) == json.loads(told.stdout)


def test_what_nobody_foresaw_is_told_as_our_bug_without_a_traceback(case: Path) -> None:
    (case / "sources" / "index.json").mkdir()
    told = _typed("check", str(case))
    assert told.returncode == errors.OurBug.exit_code
    assert "--debug" in told.stderr
    assert "Traceback" not in told.stderr
    assert "Traceback" in _typed("--debug", "check", str(case)).stderr


def test_completion_answers_for_the_shell() -> None:
    told = _typed(_VIALTRACE_COMPLETE="complete_bash", COMP_WORDS="vialtrace ver", COMP_CWORD="1")
    assert "verify" in told.stdout
