"""The strangers' worlds are repeatable, whole and fair, and their scoring counts as a person would."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from bench.strangers.scoring import score
from bench.strangers.worlds import WORLDS, make


def rows(folder: Path, kind: str) -> list[dict[str, str]]:
    with (folder / "records" / f"{kind}.csv").open(encoding="utf-8") as f:
        return list(csv.DictReader(f))


def findings(folder: Path, *networks: list[dict[str, object]]) -> Path:
    at = folder / "case" / "runs" / "0"
    at.mkdir(parents=True, exist_ok=True)
    nothing = {"estimate": 0, "low": 0, "high": 0}
    told = [{"id": str(i), "members": m, "samples": nothing, "proceeds": nothing} for i, m in enumerate(networks)]
    (at / "findings.json").write_text(json.dumps({"networks": told}), encoding="utf-8")
    return folder / "case"


def named(member: dict[str, object], role: str = "") -> dict[str, object]:
    value = member["identifiers"][0]  # type: ignore[index]
    return {"role": role or member["roles"][0], "identifiers": [{"type": "phone", "value": value}]}  # type: ignore[index]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    make("reference", 5, folder, scale=0.3)
    return folder


def test_the_same_seed_writes_the_same_bytes(world: Path, tmp_path: Path) -> None:
    make("reference", 5, tmp_path, scale=0.3)
    for file in (world / "records").iterdir():
        assert file.read_bytes() == (tmp_path / "records" / file.name).read_bytes()


@pytest.mark.parametrize("name", WORLDS)
def test_every_world_is_mostly_lawful(name: str, tmp_path: Path) -> None:
    make(name, 3, tmp_path, scale=0.2)
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert truth["chain_rows"] * 6 < sum(truth["rows"].values())
    assert bool(truth["members"]) == (name != "lawful")


def test_rows_are_in_order_of_time(world: Path) -> None:
    times = [r["paid_at"] for r in rows(world, "payment")]
    assert times == sorted(times)


def test_all_true_members_named_once_is_a_full_score(world: Path) -> None:
    members = json.loads((world / "truth.json").read_text(encoding="utf-8"))["members"]
    two = [[named(m) for m in members if m["network"] == n] for n in (0, 1)]
    result = score(world, findings(world, *two))
    assert (result.precision, result.recall, result.duplicates, result.merged, result.split) == (1.0, 1.0, 0, 0, 0)
    assert result.role_right == len(members)


def test_two_gangs_in_one_finding_are_merged_and_an_honest_person_is_false(world: Path) -> None:
    members = json.loads((world / "truth.json").read_text(encoding="utf-8"))["members"]
    own = {x for m in members for x in m["identifiers"]}
    seen = Counter(r["sender_phone"] for r in rows(world, "waybill"))
    honest = next(p for p, _ in seen.most_common() if p not in own)
    stranger = {"role": "hub", "identifiers": [{"type": "phone", "value": honest}]}
    result = score(world, findings(world, [*map(named, members), stranger, named(members[0])]))
    assert result.merged == 1
    assert result.accused
    assert result.duplicates == 1


def test_a_donor_named_is_exposed(world: Path) -> None:
    truth = json.loads((world / "truth.json").read_text(encoding="utf-8"))
    donor = {"role": "collector", "identifiers": [{"type": "phone", "value": truth["donors"][0]["identifiers"][0]}]}
    assert score(world, findings(world, [donor])).donors == 1
