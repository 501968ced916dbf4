"""Files with names and contents that nobody expects are taken in and shown, or refused with a reason."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.cli.test_wrong_words import Run, case, run
from vialtrace import errors

__all__ = ["case", "run"]

_HEADERS = "运单号,寄件时间,寄件人,收件人\n"
_WAYBILLS = _HEADERS + "SF1000000000001,2024-03-01 10:20:30,张三,李四\n"


@pytest.mark.parametrize(
    "name",
    [
        "a" * 250 + ".csv",
        "名" * 80 + ".csv",
        "new\nline.csv",
        "turned\u202egnp.csv",
        "\x1b[2J.csv",
        "[bold]a[red].csv",
        "-dash.csv",
        "50% #1 a b.csv",
        ".a.part",
        os.fsdecode("运单.csv".encode("gb18030")),
        os.fsdecode(b"bad\xff\xffname.csv"),
    ],
)
def test_any_name_that_a_disk_takes_goes_in(run: Run, case: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(_WAYBILLS)
    assert run("add", case, "--dry-run", "--", tmp_path / name)[0] == 0
    code, told, error = run("add", case, "--yes", "--json", "--", tmp_path / name)
    assert code == 0, error
    (source,) = json.loads(told)["taken"]
    kept = source["name"]
    assert kept.isprintable()
    assert (case / "sources" / kept).read_text() == _WAYBILLS
    assert run("add", case, "--yes", "--", tmp_path / name)[1].startswith("there")
    code, told, _ = run("check", case, "--columns")
    assert code == 0
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert json.loads(run("check", case, "--json")[1])["sheets"][0]["shown"] == kept
    assert run("verify", case, "--quick")[0] == 0


def test_a_name_in_gb18030_is_read_as_one(run: Run, case: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / os.fsdecode("三月运单.csv".encode("gb18030"))).write_text(_WAYBILLS)
    told = run("add", case, tmp_path / "in", "--yes", "--json")[1]
    names = [each["name"] for each in json.loads(told)["taken"]]
    assert "三月运单.csv" in names


def test_sheets_whose_names_differ_in_what_no_file_name_holds_have_mappings_of_their_own(
    run: Run, case: Path, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    for number, name in enumerate(("a<b", "a>b", "a_b")):
        page = book.create_sheet(name)
        page.append(_HEADERS.strip().split(","))
        page.append([f"SF100000000000{number}", "2024-03-01 10:20:30", "张三", "李四"])
    book.remove(book.worksheets[0])
    book.save(tmp_path / "a.xlsx")
    told = run("add", case, tmp_path / "a.xlsx", "--yes", "--json")[1]
    mappings = [sheet["mapping"] for sheet in json.loads(told)["taken"][0]["taken"]]
    assert len(set(mappings)) == 3
    assert json.loads(run("mapping", "check", case, "--json")[1])[1]["problems"] == []


def test_half_a_character_in_json_does_not_stop_its_file(run: Run, case: Path, tmp_path: Path) -> None:
    row = {"运单号": "SF1000000000001", "寄件时间": "2024-03-01 10:20:30", "寄件人": "张三", "内件": "茶\ud83d"}
    (tmp_path / "a.jsonl").write_text(json.dumps(row) + "\n" + json.dumps({**row, "运单号": "SF1000000000002"}))
    assert run("add", case, tmp_path / "a.jsonl", "--dry-run", "--json")[0] == 0
    assert run("add", case, tmp_path / "a.jsonl", "--yes")[0] == 0
    (sheet,) = json.loads(run("check", case, "--json")[1])["sheets"]
    assert sheet["counts"]["n_rows"] == 2


def test_a_control_code_in_a_header_does_not_reach_the_terminal(run: Run, case: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(_WAYBILLS.replace("收件人", "[/x]收\x1b[31m件"))
    run("add", case, tmp_path / "a.csv", "--yes")
    told = run("check", case, "--columns")[1]
    assert "\x1b" not in told
    assert "U+001B" in told


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("add", "CASE", "FILE", "--yes"), errors.UnreadableSource.exit_code, "cannot be opened: Permission denied"),
        (("screen", "CASE", "FILE"), errors.UnreadableSource.exit_code, "cannot be opened"),
        (("add", "CASE", "OTHER", "--mapping", "FILE"), errors.BadInput.exit_code, "The mapping"),
        (("add", "CASE", "OTHER", "--answers", "FILE"), errors.BadInput.exit_code, "The answers"),
        (("evaluate", "FILE", "FILE"), errors.StorageFailure.exit_code, "cannot be read"),
        (("check", "FOLDER"), errors.StorageFailure.exit_code, "cannot be read"),
    ],
)
def test_what_may_not_be_opened_is_refused_with_what_was_expected(
    case: Path, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    barred, folder, other = tmp_path / "a.csv", tmp_path / "folder", tmp_path / "b.csv"
    barred.write_text(_WAYBILLS)
    other.write_text(_WAYBILLS)
    folder.mkdir()
    (folder / "case.toml").write_text("")
    # Root may open everything, unless that right is taken from it.
    setpriv = shutil.which("setpriv")
    if os.geteuid() == 0 and setpriv is None:
        pytest.skip("root may read everything, and there is no setpriv to take that right from it")
    rights = [str(setpriv), "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    called = {"CASE": str(case), "FILE": str(barred), "OTHER": str(other), "FOLDER": str(folder)}
    barred.chmod(0)
    folder.chmod(0)
    try:
        told = subprocess.run(
            [*rights, sys.executable, "-m", "vialtrace", *(called.get(word, word) for word in words)],
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        folder.chmod(0o700)
    assert said in " ".join((told.stdout + told.stderr).split())
    assert "xpected: " in told.stdout + told.stderr
    assert told.returncode == code


def test_rows_of_too_few_fields_are_told_everywhere(run: Run, case: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        _WAYBILLS + "SF1000000000002,2024-03-02 10:20:30,王五\nSF1000000000003\nSF1000000000004,2024-03-02 10:20:30\n"
    )
    code, told, _ = run("add", case, tmp_path / "a.csv", "--dry-run")
    assert code == errors.UnreadableSource.exit_code
    assert "a.csv: expected 4 fields, got 3 (1 row, read with its end empty, first a.csv:3" in told
    code, told, _ = run("add", case, tmp_path / "a.csv", "--yes")
    assert code == errors.UnreadableSource.exit_code
    assert "3 read, 1 in quarantine" in told
    assert "damaged    a.csv: 1 row does not have the form of the file, first row 4: expected 4 fields, got 1" in told
    assert "short      a.csv: 2 rows end before the last field, first row 3: expected 4 fields, got 3" in told
    told = run("check", case)[1]
    assert "expected 4 fields, got 3 (1 row, read with its end empty" in told
    (sheet,) = json.loads(run("check", case, "--json")[1])["sheets"]
    assert (sheet["n_damaged"], sheet["n_short"], sheet["counts"]["n_field_issues"]) == (1, 2, 0)


def test_a_file_of_which_no_row_is_read_is_told_in_the_exit_code(run: Run, case: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(_HEADERS + "SF1000000000001,never,张三,李四\n")
    assert run("add", case, tmp_path / "a.csv", "--dry-run", "--kind", "waybill")[0] == 5
    code, told, _ = run("add", case, tmp_path / "a.csv", "--yes", "--kind", "waybill")
    assert code == errors.UnreadableSource.exit_code
    assert "not read   a.csv: not one of its rows" in told


def test_a_refusal_in_one_line_reads_as_sentences(run: Run, case: Path, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"a": 1}, {')
    assert "Expected: a list of objects, or one object a line. Fetch" in run("add", case, tmp_path / "a.json")[1]
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4 ...")
    told = run("add", case, tmp_path / "b.pdf")[1]
    assert "is a PDF. Expected: CSV, TSV, Excel, JSON Lines or Parquet. Export the" in told


def test_an_answer_turns_the_ends_of_a_list_with_two_sets_of_headers(run: Run, case: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "运单号,寄件时间,姓名,电话,姓名,电话\nSF1000000000001,2024-03-01 10:20:30,张三,13800138000,李四,13900139000\n"
    )
    code, _, error = run("add", case, tmp_path / "a.csv")
    assert code == errors.BadInput.exit_code
    assert "sender_name (姓名, 姓名 (2)): two sets of the same headers" in error
    (tmp_path / "answers.yaml").write_text("a.csv:\n  sender_name: 姓名 (2)\n")
    code, told, error = run("add", case, tmp_path / "a.csv", "--answers", tmp_path / "answers.yaml")
    assert (code, "1 read" in told) == (0, True), error
    (sheet,) = json.loads(run("check", case, "--columns", "--json")[1])["sheets"]
    read = {each["column"]: each["field"] for each in sheet["columns"]}
    assert [read[name] for name in ("姓名", "电话", "姓名 (2)", "电话 (2)")] == [
        "receiver_name",
        "receiver_phone",
        "sender_name",
        "sender_phone",
    ]
    assert sheet["is_confirmed"]
