"""The case folder: sources by their own names, settings, and what a killed process leaves."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vialtrace.errors import BadInput, StorageFailure, Tampered, UnknownName, UnreadableSource, WrongOrder
from vialtrace.kit.clock import SteppingClock
from vialtrace.store import Case, Settings, check_digest, stray_files
from vialtrace.store.settings import read, text_of

_CLOCK = SteppingClock(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case.create(tmp_path / "case", Settings("a case"), who="Wang", clock=_CLOCK)


def _file(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return folder / name


def _take(case: Case, path: Path) -> str:
    with case.writing("add"):
        return case.take(path, sheets=[("", lambda name: f"file: {name}\n")], left=(), who="Wang").name


def test_a_case_holds_its_folders_and_a_key_that_only_its_owner_can_read(case: Case) -> None:
    assert {each.name for each in case.folder.iterdir()} >= {
        "case.toml",
        "sources",
        "mappings",
        "runs",
        "keys",
        "decisions.db",
    }
    assert len(case.pseudonym_key) == 32
    assert stat.S_IMODE((case.folder / "keys" / "pseudonym.key").stat().st_mode) == 0o600


def test_a_folder_with_something_in_it_is_no_place_for_a_case(tmp_path: Path) -> None:
    _file(tmp_path / "full", "letter.txt", "dear")
    with pytest.raises(BadInput, match="not empty"):
        Case.create(tmp_path / "full", Settings("x"), who="Wang", clock=_CLOCK)


def test_a_start_that_was_interrupted_can_be_repeated(case: Case) -> None:
    (case.folder / "case.toml").unlink()
    with pytest.raises(WrongOrder):
        Case.open(case.folder, clock=_CLOCK)
    key = case.pseudonym_key
    again = Case.create(case.folder, Settings("a case"), who="Wang", clock=_CLOCK)
    assert again.pseudonym_key == key
    assert again.ledger.verify() == 1


def test_settings_come_back_as_written(tmp_path: Path) -> None:
    told = Settings('a "case"\n\x7f样本', purpose="why", parameters={"client_payments": {"least_payers": 12}})
    (tmp_path / "case.toml").write_text(text_of(told), encoding="utf-8")
    assert read(tmp_path) == told


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("name = ", BadInput),
        ("colour = 'red'", UnknownName),
        ("name = 3", BadInput),
        ("parameters = 3", BadInput),
        ("time_zone = 'Mars/Olympus'", BadInput),
        ("engine = 'abacus'", UnknownName),
        ("[parameters]\nx = 1", BadInput),
    ],
)
def test_settings_that_cannot_be_used_are_refused(tmp_path: Path, text: str, error: type[Exception]) -> None:
    (tmp_path / "case.toml").write_text(text)
    with pytest.raises(error):
        read(tmp_path)


def test_two_files_of_one_name_both_fit(case: Case, tmp_path: Path) -> None:
    names = [_take(case, _file(tmp_path / place, "orders.csv", place)) for place in ("north", "south")]
    assert names == ["orders.csv", "orders-2.csv"]
    assert [(each.taken[0].source_no, each.taken[0].mapping) for each in case.sources] == [
        (1, "orders.csv.yaml"),
        (2, "orders-2.csv.yaml"),
    ]
    assert case.mapping_text("orders-2.csv.yaml") == "file: orders-2.csv\n"


def test_a_source_is_read_only_and_entered_with_its_digest(case: Case, tmp_path: Path) -> None:
    _take(case, _file(tmp_path, "a.csv", "one"))
    (source,) = case.sources
    assert stat.S_IMODE(case.source_path(source).stat().st_mode) == 0o444
    (entry,) = case.ledger.entries("collection")
    assert entry.payload["sha256"] == source.sha256
    assert entry.who == "Wang"


def test_the_same_bytes_under_another_name_are_taken_in_and_said(case: Case, tmp_path: Path) -> None:
    _take(case, _file(tmp_path, "a.csv", "one"))
    _take(case, _file(tmp_path, "b.csv", "one"))
    assert [each.same_as for each in case.sources] == ["", "a.csv"]


def test_a_file_that_is_called_index_does_not_overwrite_the_index(case: Case, tmp_path: Path) -> None:
    assert _take(case, _file(tmp_path, "index.json", "{}")) == "index-2.json"


def test_a_copy_left_by_a_killed_process_is_adopted_and_its_crumbs_are_cleared(case: Case, tmp_path: Path) -> None:
    path = _file(tmp_path, "a.csv", "one")
    (case.folder / "sources" / "a.csv").write_text("one")
    (case.folder / "sources" / ".a.csv.123.part").write_text("o")
    (case.folder / "runs" / ".partial-0123-123").mkdir()
    assert stray_files(case.folder / "sources", case.sources) == ("a.csv",)
    assert _take(case, path) == "a.csv"
    assert {each.name for each in (case.folder / "sources").iterdir()} == {"a.csv", "index.json"}
    assert not any((case.folder / "runs").iterdir())


def test_a_source_that_never_reached_the_ledger_is_entered_by_the_next_command(case: Case, tmp_path: Path) -> None:
    _take(case, _file(tmp_path, "a.csv", "one"))
    (case.folder / "decisions.db").unlink()
    case.ledger.create()
    with case.writing("check"):
        pass
    assert [entry.payload["name"] for entry in case.ledger.entries("collection")] == ["a.csv"]


def test_one_changed_byte_in_a_source_is_told_by_name(case: Case, tmp_path: Path) -> None:
    _take(case, _file(tmp_path, "a.csv", "one"))
    (source,) = case.sources
    case.source_path(source).chmod(0o644)
    case.source_path(source).write_text("onf")
    with pytest.raises(Tampered, match=r"a\.csv has changed"):
        check_digest(case.folder / "sources", source)


def test_a_case_without_runs_says_how_to_make_one(case: Case) -> None:
    with pytest.raises(WrongOrder, match="vialtrace run"):
        case.run()


def test_a_file_that_cannot_be_read_leaves_the_case_as_it_was(case: Case, tmp_path: Path) -> None:
    with case.writing("add"), pytest.raises(UnreadableSource):
        case.take(tmp_path / "nowhere.csv", sheets=[], left=(), who="Wang")
    assert case.sources == ()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_write_permission_is_said(case: Case) -> None:
    case.folder.chmod(0o500)
    try:
        with pytest.raises(StorageFailure, match="forbidden"), case.writing("run"):
            pass
    finally:
        case.folder.chmod(0o700)
