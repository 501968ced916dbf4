"""Every world: its promises about records and truth, kept."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from vialtrace.errors import BadInput, UnknownName
from vialtrace.model import RECORDS
from vialtrace.simulate import WORLDS, simulate

SCALES = {"reference": 0.008}
SMALL = 12.0  # ratio of lawful to unlawful life in these tests: fast, still everyone's mixture


def rows_of(folder: Path, kind: str) -> list[dict[str, str]]:
    """One clean file's rows."""
    with (folder / "records" / f"{kind}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def values(party: dict[str, Any], kind: str) -> set[str]:
    """A party's identifiers of one type."""
    return {each["value"] for each in party["identifiers"] if each["type"] == kind}


@pytest.fixture(scope="module", params=list(WORLDS))
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path, dict[str, Any]]:
    """Each world, small."""
    folder = tmp_path_factory.mktemp(request.param)
    simulate(request.param, folder, scale=SCALES.get(request.param, 0.3), seed=5, lawful_ratio=SMALL)
    return request.param, folder, json.loads((folder / "truth.json").read_text(encoding="utf-8"))


def test_headers_are_the_declared_fields(world: tuple[str, Path, dict[str, Any]]) -> None:
    _, folder, _ = world
    for file in sorted((folder / "records").iterdir()):
        with file.open(encoding="utf-8", newline="") as lines:
            header = next(csv.reader(lines))
        assert set(header) <= set(RECORDS[file.stem].names)
        assert {column.name for column in RECORDS[file.stem].columns if column.required} <= set(header)


def test_required_cells_are_filled(world: tuple[str, Path, dict[str, Any]]) -> None:
    _, folder, _ = world
    for file in sorted((folder / "records").iterdir()):
        required = [column.name for column in RECORDS[file.stem].columns if column.required]
        for row in rows_of(folder, file.stem):
            assert all(row[name] for name in required), (file.stem, row)


def test_a_world_hands_over_the_kinds_it_says(world: tuple[str, Path, dict[str, Any]]) -> None:
    name, folder, truth = world
    kinds = {file.stem for file in (folder / "records").iterdir()}
    assert kinds == (set(WORLDS[name].kinds) or set(RECORDS))
    assert set(truth["withheld"]["kinds"]) == set(RECORDS) - kinds


def test_networks_have_the_people_their_cells_ask_for(world: tuple[str, Path, dict[str, Any]]) -> None:
    name, _, truth = world
    assert [network["id"] for network in truth["networks"]] == [cell.id for cell in WORLDS[name].cells]
    for network, cell in zip(truth["networks"], WORLDS[name].cells, strict=True):
        roles = Counter(member["role"] for member in network["members"] if member["kind"] == "person")
        expected = {
            "organiser": cell.organisers, "recruiter": cell.recruiters, "collector": cell.collectors, "hub": cell.hubs,
            "mule": cell.mules, "treasurer": cell.treasurers,
        }  # fmt: skip
        assert roles == Counter(expected)
        assert [member["kind"] for member in network["members"] if member["role"] == "laboratory"] == ["organisation"]


def test_money_and_samples_add_up(world: tuple[str, Path, dict[str, Any]]) -> None:
    _, _, truth = world
    for network in truth["networks"]:
        by_role = {role: [m for m in network["members"] if m["role"] == role] for role in ("recruiter", "hub", "mule")}
        handled = network["samples_handled"]
        assert sum(member["samples"] for member in by_role["recruiter"]) == handled
        assert sum(member["samples"] for member in by_role["mule"]) <= handled
        assert network["samples"] <= handled <= network["tubes"] <= 3 * handled
        assert 0 < network["kept"] < network["gross_paid"]
        assert all(member["kept"] <= member["received"] for member in network["members"])
        assert network["period"]["from"] < network["period"]["to"]


def test_no_member_is_protected_and_no_lookalike_is_a_member(world: tuple[str, Path, dict[str, Any]]) -> None:
    _, _, truth = world
    members = {v for network in truth["networks"] for member in network["members"] for v in values(member, "document")}
    members |= {v for network in truth["networks"] for member in network["members"] for v in values(member, "org_id")}
    for party in (*truth["protected"], *truth["lookalikes"]):
        assert not members & (values(party, "document") | values(party, "org_id"))


def test_members_show_in_the_records_under_their_true_identifiers(world: tuple[str, Path, dict[str, Any]]) -> None:
    _, folder, truth = world
    documents = {row["document_no"] for row in rows_of(folder, "crossing")}
    phones = {row["receiver_phone"] for row in rows_of(folder, "waybill")}
    for network in truth["networks"]:
        for member in network["members"]:
            if member["role"] == "mule" and member["samples"]:
                assert documents & values(member, "document")
            if member["role"] == "hub" and member["samples"] > 10:
                assert phones & values(member, "phone")


def test_seizures_of_samples_are_in_the_records(world: tuple[str, Path, dict[str, Any]]) -> None:
    _, folder, truth = world
    seen = {row["seizure_id"] for row in rows_of(folder, "seizure")}
    for network in truth["networks"]:
        assert len(network["seizures"]) >= 2
        assert set(network["seizures"]) <= seen


def test_files_are_in_order_of_time(world: tuple[str, Path, dict[str, Any]]) -> None:
    _, folder, _ = world
    for kind, field in (("waybill", "accepted_at"), ("crossing", "crossed_at")):
        times = [row[field] for row in rows_of(folder, kind)]
        assert times == sorted(times)


def test_the_lawful_world_has_every_business_and_no_network(tmp_path: Path) -> None:
    truth = simulate("lawful", tmp_path, scale=0.3, seed=2, lawful_ratio=SMALL)
    assert not truth.networks
    assert not truth.protected
    assert {party["kind"] for party in truth.lookalikes} >= {
        "licensed_laboratory", "permitted_exporter", "visa_agency", "repair_shop", "parallel_trader", "landlord",
        "tutor", "tea_shop", "toy_shop", "live_stream_seller", "second_hand_dealer", "forwarding_warehouse",
        "group_buying_organiser", "hospital",
    }  # fmt: skip


def test_the_reference_case_has_26_suspects_in_23_regions(tmp_path: Path) -> None:
    truth = simulate("reference", tmp_path, scale=0.02, seed=1, lawful_ratio=5.0)
    people = [m for network in truth.networks for m in network["members"] if m["kind"] == "person"]
    assert len(people) == 26
    assert len({region for network in truth.networks for region in network["regions"]}) == 23
    assert sum(network["samples"] for network in truth.networks) == 2000


def test_over_permit_exports_beyond_its_permits(tmp_path: Path) -> None:
    truth = simulate("over_permit", tmp_path, scale=0.5, seed=4, lawful_ratio=SMALL)
    (network,) = truth.networks
    front = next(m for m in network["members"] if m["kind"] == "organisation" and m["role"] == "treasurer")
    (holder,) = values(front, "org_id")
    permitted = sum(float(row["quantity"]) for row in rows_of(tmp_path, "permit") if row["holder_id"] == holder)
    name = next(iter(values(front, "name")))
    declared = [row for row in rows_of(tmp_path, "declaration") if row["exporter_name"] == name]
    last = max(row["valid_to"] for row in rows_of(tmp_path, "permit") if row["holder_id"] == holder)
    assert 0 < permitted < sum(float(row["quantity"]) for row in declared)
    assert any(row["declared_at"][:10] > last for row in declared)
    assert network["samples"] < network["samples_handled"]


def test_lawful_exporters_stay_within_their_permits(tmp_path: Path) -> None:
    simulate("lawful", tmp_path, scale=0.5, seed=4, lawful_ratio=SMALL)
    permits = {row["permit_no"]: row for row in rows_of(tmp_path, "permit")}
    used: Counter[str] = Counter()
    for row in rows_of(tmp_path, "declaration"):
        if row["permit_no"]:
            used[row["permit_no"]] += round(float(row["quantity"]))
            permit = permits[row["permit_no"]]
            assert permit["valid_from"] <= row["declared_at"][:10] <= permit["valid_to"]
    assert used
    assert all(count <= float(permits[number]["quantity"]) for number, count in used.items())


def test_lawful_life_is_fifty_times_the_unlawful(tmp_path: Path) -> None:
    truth = simulate("small_slow", tmp_path, seed=8)
    (network,) = truth.networks
    hubs = {v for member in network["members"] if member["role"] == "hub" for v in values(member, "phone")}
    parcels = rows_of(tmp_path, "waybill")
    ours = sum(row["receiver_phone"] in hubs for row in parcels)
    assert 50 * ours <= len(parcels)


def digests(folder: Path) -> dict[str, str]:
    """The digest of every file."""
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.rglob("*")) if file.is_file()
    }


@pytest.mark.parametrize("messy", [False, True])
def test_the_same_arguments_give_the_same_bytes(tmp_path: Path, messy: bool) -> None:
    for name in ("a", "b"):
        simulate("small_slow", tmp_path / name, scale=0.4, seed=3, lawful_ratio=5.0, messy=messy)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    simulate("small_slow", tmp_path / "c", scale=0.4, seed=4, lawful_ratio=5.0, messy=messy)
    assert digests(tmp_path / "a") != digests(tmp_path / "c")


def test_an_unknown_world_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="small_slow"):
        simulate("smal_slow", tmp_path)


def test_a_scale_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="above 0"):
        simulate("small_slow", tmp_path, scale=0)
