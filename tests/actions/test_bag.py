"""A case handed over as a bag: others can read it, and one changed byte anywhere is named."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import bagit
import pytest

from vialtrace import actions
from vialtrace.errors import BadInput, Tampered
from vialtrace.kit.clock import SteppingClock, SystemClock
from vialtrace.kit.ids import file_digest
from vialtrace.store import Case, Machine, PublicKey

_DESK = actions.Desk("a tester", clock=SteppingClock(datetime(2026, 1, 1, tzinfo=UTC)), machine=Machine(2.0, 1))


@pytest.fixture(scope="module")
def bagged(run_case: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bag of the small case, made from a copy of it."""
    folder = tmp_path_factory.mktemp("bags")
    case = Path(shutil.copytree(run_case, folder / "case"))
    actions.report(case, _DESK)
    return actions.bag(case, _DESK, folder / "bag").folder


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _flip(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.chmod(0o644)
    path.write_bytes(bytes(content))


def test_the_bagit_library_finds_the_bag_valid(bagged: Path) -> None:
    assert bagit.Bag(str(bagged)).is_valid()


def test_the_bag_holds_the_case_without_its_keys(bagged: Path) -> None:
    names = {path.relative_to(bagged / "data").parts[0] for path in _files(bagged / "data")}
    assert names >= {"case.toml", "sources", "mappings", "runs", "reports", "decisions.db", "ro-crate-metadata.json"}
    assert not names & {"keys", "cache"}
    assert not list(bagged.rglob("*.key"))


def test_the_description_names_every_file_with_its_digest(bagged: Path) -> None:
    graph = json.loads((bagged / "data" / "ro-crate-metadata.json").read_text())["@graph"]
    about = {each["@id"]: each for each in graph}
    assert about["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    said = {name: each["sha256"] for name, each in about.items() if each["@type"] == "File"}
    payload = bagged / "data"
    there = {path.relative_to(payload).as_posix(): file_digest(path) for path in _files(payload)}
    del there["ro-crate-metadata.json"]
    assert said == there
    assert {each["@id"] for each in about["./"]["hasPart"]} == set(said)


def test_a_bag_verifies_with_the_key_it_was_signed_by_and_no_other(bagged: Path) -> None:
    key = (bagged / "signed-by.pub").read_text()
    found = actions.verify(bagged, _DESK, rerun=False, key=key)
    assert found.signed_by == PublicKey.read(key).name
    assert (found.n_sources, found.n_runs) == (5, 1)
    other = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"
    with pytest.raises(Tampered, match="another key"):
        actions.verify(bagged, _DESK, rerun=False, key=other)


@pytest.mark.slow
def test_the_run_in_a_bag_can_be_made_again_and_the_bag_stays_as_it_is(bagged: Path) -> None:
    before = {path: file_digest(path) for path in _files(bagged)}
    assert actions.verify(bagged, _DESK).is_remade
    assert {path: file_digest(path) for path in _files(bagged)} == before


def test_the_same_case_gives_the_same_bag(bagged: Path, run_case: Path, tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        case = Path(shutil.copytree(bagged.parent / "case", tmp_path / name / "case"))
        actions.bag(case, _DESK, tmp_path / name / "bag")
        made.append({path.relative_to(tmp_path / name): file_digest(path) for path in _files(tmp_path / name / "bag")})
    assert made[0] == made[1]


def test_that_a_bag_was_handed_out_is_in_the_ledger_with_what_was_signed(bagged: Path) -> None:
    case = Case.open(bagged.parent / "case", clock=SystemClock())
    entry = case.ledger.entries("disclosure")[-1]
    assert entry.payload["tagmanifest_sha256"] == file_digest(bagged / "tagmanifest-sha256.txt")
    assert case.ledger.verify()


def test_a_folder_that_exists_is_not_written_over(bagged: Path) -> None:
    with pytest.raises(BadInput, match="exists"):
        actions.bag(bagged.parent / "case", _DESK, bagged)


def test_a_case_takes_no_key(run_case: Path) -> None:
    with pytest.raises(BadInput, match="not signed"):
        actions.verify(run_case, _DESK, rerun=False, key="RWQ")


@pytest.mark.parametrize("seed", range(50))
def test_one_random_flipped_bit_in_a_bag_is_named(bagged: Path, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  which byte is flipped is no secret
    copy = Path(shutil.copytree(bagged, tmp_path / "bag"))
    path = chance.choice(_files(copy))
    _flip(path, chance)
    with pytest.raises(Tampered) as told:
        actions.verify(copy, _DESK, rerun=False)
    lists = {"manifest-sha256.txt", "tagmanifest-sha256.txt", "signed-by.pub"}
    assert path.name in str(told.value) or path.name in lists, str(told.value)


@pytest.mark.parametrize("seed", range(50))
def test_one_random_flipped_bit_in_a_source_a_run_or_the_ledger_is_named(
    case_copy: Callable[[], Path], seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311  which byte is flipped is no secret
    folder = case_copy()
    places = (*folder.glob("sources/*"), *folder.glob("runs/*/*.json"), *folder.glob("runs/*/tables/*"))
    path = chance.choice(sorted((*places, *[folder / "decisions.db"] * 20)))
    _flip(path, chance)
    with pytest.raises(Tampered) as told:
        actions.verify(folder, _DESK, rerun=False)
    said = str(told.value)
    assert path.name in said or path.name.split(".")[0] in said or "ledger" in said, said


@pytest.mark.parametrize("name", ["bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"])
def test_a_file_that_makes_a_bag_a_bag_is_missed_by_name(bagged: Path, tmp_path: Path, name: str) -> None:
    copy = Path(shutil.copytree(bagged, tmp_path / "bag"))
    (copy / name).unlink()
    with pytest.raises(Tampered, match=name):
        actions.verify(copy, _DESK, rerun=False)


def test_a_file_slipped_into_a_bag_is_named(bagged: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(bagged, tmp_path / "bag"))
    (copy / "data" / "sources" / "more.csv").write_text("a,b\n")
    with pytest.raises(Tampered, match=r"more\.csv"):
        actions.verify(copy, _DESK, rerun=False)
