"""The graph of a network: what the server tells of it, and the picture that grows out of it in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from vialtrace.web import Bench

_IS_BUILT = (Path(str(files("vialtrace.web"))) / "static" / "built" / "graph.js").is_file()


def _network(client: TestClient) -> str:
    return str(client.get("/api/v1/case").json()["networks"][0]["network_id"])


def _by_role(client: TestClient, network: str) -> dict[str, str]:
    told = client.get(f"/api/v1/graph/{network}").json()
    return {node["role"]: node["id"] for node in told["nodes"]}


def test_every_tie_tells_the_claims_it_rests_on(client: TestClient) -> None:
    told = client.get(f"/api/v1/graph/{_network(client)}").json()
    ids = {node["id"] for node in told["nodes"]}
    assert all({edge["from"], edge["to"]} <= ids for edge in told["edges"])
    claims = [claim for edge in told["edges"] for claim in edge["claims"]]
    assert claims
    for claim in claims[:3]:
        assert client.get(f"/api/v1/claim/{claim['evidence_id']}").json()["told"]["sentence"] == claim["sentence"]
    # Left to right along the chain.
    at = {node["role"]: node["x"] for node in told["nodes"]}
    assert at["recruiter"] < at["hub"] < at["mule"] < at["laboratory"]


def test_whoever_dealt_with_a_member_stands_behind_a_pseudonym(client: TestClient, bench: Bench) -> None:
    network = _network(client)
    member = _by_role(client, network)["treasurer"]
    answer = client.get(f"/api/v1/graph/{network}", params={"party": member})
    told = answer.json()
    assert told["n"] > 50
    run = bench.desk(bench.sessions.begin("x", "analyst")).open(bench.folder).run()
    protected = run.tables["protected_party"]["party_id"].to_pylist()
    assert protected
    assert not [each for each in protected if each in answer.text]
    paid = [edge for edge in told["edges"] if edge["to"] == member]
    assert sum(edge["n_rows"] for edge in paid) == sum(
        1 for row in run.tables["flow_row"].to_pylist() if row["to_id"] == member and row["flow"] == "client_payment"
    ) + sum(edge["n_rows"] for edge in paid if not edge["from"].startswith("protected-"))
    assert client.get(f"/api/v1/graph/{network}", params={"party": "P0"}).status_code == 404
    assert client.get("/api/v1/graph/N0").status_code == 404


def test_the_way_between_two_members_is_a_page_and_the_same_as_json(client: TestClient) -> None:
    network = _network(client)
    ends = _by_role(client, network)
    asked = {"from": ends["recruiter"], "to": ends["laboratory"]}
    told = client.get(f"/api/v1/network/{network}/path", params=asked).json()
    assert told["steps"]
    page = client.get(f"/network/{network}/path", params=asked).text
    for step in told["steps"]:
        for claim in step["claims"]:
            assert f"/claim/{claim['evidence_id']}" in page
    assert client.get(f"/network/{network}/path", params={**asked, "to": "P0"}).status_code == 404


@pytest.mark.slow
@pytest.mark.skipif(not _IS_BUILT, reason="the pages' scripts are not bundled: make islands")
def test_the_picture_expands_folds_finds_the_way_goes_through_time_and_is_saved(
    run_case: Path, served: Callable[..., str], opened: Callable[..., Any]
) -> None:
    browser = opened(served(run_case))
    page = browser.page
    page.locator("main tbody th a").first.click()
    page.wait_for_selector("[data-drawn]")
    assert page.locator(".graph-stage canvas").count() > 0
    choice = page.locator(".graph-tools select")
    label = page.locator(".graph-tools option", has_text="treasurer").inner_text()
    choice.select_option(label=label)
    assert page.locator(".graph-panel a[href^='/claim/']").count() > 0
    page.get_by_role("button", name="Show who dealt with them").click()
    page.get_by_text("People and organisations around this member:").wait_for()
    assert page.get_by_role("button", name="Put them away").is_visible()

    page.get_by_role("button", name="Show the way").click()
    page.locator(".graph-panel ol li").first.wait_for()
    assert page.url.split("?")[0].endswith(page.locator("[data-graph]").get_attribute("data-graph") or "-")

    slider = page.locator(".graph-tools input[type=range]")
    slider.press("ArrowRight")
    assert re.fullmatch(r"\d{4}-\d\d", page.locator(".graph-tools output").inner_text())
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as SVG").click()
    drawn = Path(saved.value.path()).read_text("utf-8")
    n_then = drawn.count("<circle")
    slider.press("Home")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as SVG").click()
    whole = Path(saved.value.path()).read_text("utf-8")
    assert whole.count("<circle") > n_then
    assert "<script" not in whole
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as PNG").click()
    assert Path(saved.value.path()).read_bytes().startswith(b"\x89PNG")

    # Where one was is there again, until it is put away.
    page.reload()
    page.wait_for_selector("[data-drawn]")
    page.locator(".graph-tools select").select_option(label=label)
    page.get_by_role("button", name="Put them away").click()
    assert page.get_by_role("button", name="Show who dealt with them").is_visible()
    assert browser.complaints == []
