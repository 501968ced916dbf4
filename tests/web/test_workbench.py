"""The workbench: every page is what the API says, decisions reach the ledger, work runs in the background."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from vialtrace import actions
from vialtrace.kit.clock import SystemClock
from vialtrace.store import Case
from vialtrace.web import Bench
from vialtrace.web.telling import PAGES


def told(client: TestClient, path: str) -> Any:
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def addresses(client: TestClient) -> dict[str, str]:
    network = told(client, "/case")["networks"][0]["network_id"]
    seen = told(client, f"/network/{network}")
    member, other = (each["party_id"] for each in seen["members"][:2])
    place = seen["places"][0]["place_id"]
    party = told(client, f"/party/{member}")["told"]
    return {
        "/": "/",
        "/network/{name}": f"/network/{network}",
        "/network/{name}/path": f"/network/{network}/path?from={member}&to={other}",
        "/place/{name}": f"/place/{place}",
        "/sources/{number}": "/sources/1",
        "/party/{name}": f"/party/{member}",
        "/claim/{name}": f"/claim/{party['claims'][0]['evidence_id']}",
        "/row/{name:path}": f"/row/{party['claims'][0]['rows'][0]}",
    }


def form_key(page: str) -> str:
    found = re.search(r'name="form_key" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_opens_in_both_languages_and_holds_no_script_of_its_own(
    client: TestClient, bench: Bench, language: str
) -> None:
    client.get(f"/?token={bench.sessions.token('a supervisor', 'supervisor')}")
    client.cookies.set("vialtrace_language", language)
    sent = client.post(
        "/api/v1/add", files=[("files", ("a.csv", b"document_no,crossed_at,direction,port\nE1,2025-01-02,exit,x\n"))]
    )
    known = {**addresses(client), "/add/{name}": f"/add/{sent.json()['key']}"}
    for page in PAGES:
        answer = client.get(known.get(page.path, page.path))
        assert answer.status_code == 200, (page.path, answer.text)
        assert f'<html lang="{"zh-Hans" if language == "zh" else "en"}">' in answer.text
        assert re.findall(r"<script(?![^>]*src=)", answer.text) == []
        assert " style=" not in answer.text


@pytest.mark.parametrize(("asked", "told"), [("zh", "zh-Hans"), ("en", "en"), ("xx", "zh-Hans"), ("", "zh-Hans")])
def test_a_page_is_whole_in_the_language_its_address_asks_for(client: TestClient, asked: str, told: str) -> None:
    path = addresses(client)["/network/{name}"]
    client.cookies.set("vialtrace_language", "zh")
    answer = client.get(f"{path}?language={asked}")
    assert answer.status_code == 200
    client.cookies.set("vialtrace_language", "zh" if told == "zh-Hans" else "en")
    assert f'<html lang="{told}">' in answer.text
    # Heading, graph and table alike: the page is that of somebody who chose the language.
    assert _words_of(answer.text) == _words_of(client.get(path).text)


def _words_of(page: str) -> list[str]:
    return re.sub(r"<[^>]*>", " ", page).split()


def test_the_page_of_a_claim_or_a_row_tells_of_no_id_of_another_kind(client: TestClient) -> None:
    known = addresses(client)
    network, claim = (known[each].rpartition("/")[2] for each in ("/network/{name}", "/claim/{name}"))
    for path in (f"/claim/{network}", f"/row/{claim}", f"/claim/{known['/party/{name}'].rpartition('/')[2]}"):
        assert client.get(path).status_code == 404
        assert client.get(f"/api/v1{path}").status_code == 404


def test_a_page_and_the_api_tell_the_same_numbers(client: TestClient) -> None:
    path = addresses(client)["/network/{name}"]
    network = told(client, path)
    page = client.get(path).text
    assert f"<b>{network['found']['samples']['estimate']:,.0f}</b>" in page
    for member in network["members"]:
        assert f"/party/{member['party_id']}" in page


def test_a_month_a_region_and_a_member_filter_what_moved(client: TestClient) -> None:
    path = addresses(client)["/network/{name}"]
    whole = told(client, path)
    moved = sum(line["n_rows"] for line in whole["money"]["lines"] + whole["goods"]["lines"])
    by_month = [told(client, f"{path}?month={each['month']}") for each in whole["months"]]
    assert moved == sum(line["n_rows"] for each in by_month for line in each["money"]["lines"] + each["goods"]["lines"])
    member = whole["members"][0]["party_id"]
    seen = told(client, f"{path}?member={member}")
    assert all(member in {line["from_id"], line["to_id"]} for line in seen["money"]["lines"] + seen["goods"]["lines"])
    region = whole["regions"][0]
    there = told(client, f"{path}?region={region['region']}")
    assert there["charts"]["links"]
    assert client.get(f"{path}?region={region['region']}&month={whole['months'][0]['month']}").status_code == 200


def test_a_decision_taken_in_a_form_stands_in_the_ledger_with_its_reason(client: TestClient, bench: Bench) -> None:
    path = addresses(client)["/network/{name}"]
    page = client.get(path).text
    reason = "seen <b>twice</b>"
    answer = client.post(
        "/decide",
        data={
            "form_key": form_key(page),
            "subject": path.rpartition("/")[2],
            "act": "accept",
            "why": reason,
            "to": path,
        },
    )
    assert answer.status_code == 200
    assert str(answer.url).endswith(path)
    entry = Case.open(bench.folder, clock=SystemClock()).ledger.entries("decision")[-1]
    assert (entry.who, entry.why) == ("an analyst", reason)
    assert html.escape(reason) in client.get("/ledger").text


def test_a_decision_without_a_reason_is_refused_in_three_parts(client: TestClient) -> None:
    network = told(client, "/case")["networks"][0]["network_id"]
    answer = client.post("/api/v1/decide", json={"subject": network, "act": "accept", "why": " "})
    assert answer.status_code == 400
    assert answer.json()["given"] == "A decision needs a reason."


def test_a_run_in_the_background_gives_what_the_action_gives(client: TestClient, bench: Bench) -> None:
    started = client.post("/api/v1/run").json()["job"]
    assert started["state"] == "running"
    bench.jobs.wait(300)
    job = told(client, "/work")["job"]
    assert job["state"] == "done", job
    there = actions.overview(bench.folder, actions.Desk("a tester"))
    assert job["result"]["run"] == there.run.digest


def test_work_that_is_stopped_leaves_the_case_as_it_was(client: TestClient, bench: Bench) -> None:
    subject = told(client, "/case")["networks"][0]["network_id"]
    client.post("/api/v1/decide", json={"subject": subject, "act": "hold", "why": "to make the next run a new one"})
    before = told(client, "/case")["run"]
    client.post("/api/v1/run")
    client.post("/api/v1/stop")
    bench.jobs.wait(300)
    assert told(client, "/work")["job"]["state"] == "cancelled"
    assert told(client, "/case")["run"] == before
    assert not list((Path(bench.folder) / "runs").glob(".partial*"))


def test_an_unknown_name_is_a_page_that_says_what_there_is(client: TestClient) -> None:
    answer = client.get("/network/N0000")
    assert answer.status_code == 404
    assert "No network is called" in answer.text
