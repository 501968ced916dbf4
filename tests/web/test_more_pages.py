"""Places, method, a row among its neighbours, the picture of a test, and a sheet that previews itself."""

from __future__ import annotations

import math
import re
from typing import Any

from fastapi.testclient import TestClient
from scipy import stats

from vialtrace.casefile.charts import chance
from vialtrace.detect.lexicon import TOPICS, lexicon
from vialtrace.web import Bench
from vialtrace.web.rendering import _told_as, words


def _network(client: TestClient) -> dict[str, Any]:
    name = client.get("/api/v1/case").json()["networks"][0]["network_id"]
    return dict(client.get(f"/api/v1/network/{name}").json())


def test_a_place_tells_who_receives_there_and_what_is_claimed_and_names_no_donor(
    client: TestClient, bench: Bench
) -> None:
    network = _network(client)
    hub = next(each for each in network["places"] if each["role"] == "hub")
    told = client.get(f"/api/v1/place/{hub['place_id']}").json()["told"]
    (used,) = told["networks"]
    assert told["address"] == hub["address"]
    assert used["receivers"][0]["id"] in {each["party_id"] for each in network["members"]}
    assert used["n_senders"] > 50
    assert sum(each["n"] for each in used["months"]) == used["n"]
    assert used["claims"]
    answer = client.get(f"/place/{hub['place_id']}")
    run = bench.desk(bench.sessions.begin("x", "analyst")).open(bench.folder).run()
    assert not [each for each in run.tables["protected_party"]["party_id"].to_pylist() if each in answer.text]
    assert client.get("/place/L0").status_code == 404


def test_the_method_lists_every_question_and_threshold_in_both_languages(client: TestClient) -> None:
    told = client.get("/api/v1/method").json()
    assert len(told["questions"]) > 20
    assert {each["recipe"] for each in told["thresholds"]} >= {"networks", "hold"}
    page = client.get("/method").text
    assert all(each["detector"] in page for each in told["questions"])
    client.cookies.set("vialtrace_language", "zh")
    assert "检验的问题" in client.get("/method").text


def test_a_row_stands_among_its_neighbours_and_says_where_it_is_used(client: TestClient) -> None:
    told = client.get("/api/v1/row/waybill.csv:7").json()["told"]
    assert [each["row"] for each in told["neighbours"]] == [f"waybill.csv:{number}" for number in range(4, 11)]
    assert next(each for each in told["neighbours"] if each["row"] == told["row"])["cells"] == told["cells"]
    first = client.get("/api/v1/row/waybill.csv:2").json()["told"]
    assert first["neighbours"][0]["row"] == "waybill.csv:2"
    network = _network(client)
    row = network["goods"]["lines"][0]["rows"][0]
    used = client.get(f"/api/v1/row/{row}").json()["told"]
    assert network["network"]["network_id"] in {each["network"] for each in used["flows"]}


def test_a_claim_that_was_tested_shows_what_chance_alone_would_give(client: TestClient) -> None:
    network = _network(client)
    tested = [
        each["evidence_id"]
        for each in network["claims"]
        if (told := client.get(f"/api/v1/claim/{each['evidence_id']}").json()["told"])["p_value"] is not None
        and told["n_expected"]
    ]
    assert tested
    page = client.get(f"/claim/{tested[0]}").text
    assert 'class="seen"' in page
    assert 'class="bar"' in page


def test_the_bars_are_a_poisson_distribution_and_the_line_stands_where_it_belongs() -> None:
    drawn = str(chance(12.0, 4.0, title="t", description="d", told_observed="12", told_expected="4"))
    heights = [float(each) for each in re.findall(r'height="([\d.]+)"', drawn)]
    lefts = [float(each) for each in re.findall(r'<rect x="([\d.]+)"', drawn)]
    wide = lefts[1] - lefts[0]
    counts = [round((left - 20.0) / wide) for left in lefts]
    expected = [float(stats.poisson.pmf(each, 4.0)) for each in counts]
    assert all(
        math.isclose(height / 100.0, share / max(expected), abs_tol=0.002)
        for height, share in zip(heights, expected, strict=True)
    )
    (line,) = re.findall(r'<line x1="([\d.]+)"[^>]*class="seen"', drawn)
    assert math.isclose(float(line), 20.0 + 12.5 * wide, abs_tol=0.2)
    for observed, mean in ((0.0, 1e6), (1e7, 0.3), (3.0, 1e-9)):
        assert len(str(chance(observed, mean, title="t", description="d", told_observed="", told_expected=""))) < 20_000
    assert chance(3.0, 0.0, title="t", description="d", told_observed="", told_expected="") is None


def test_a_sheet_previews_another_reading_and_keeps_it_only_when_told(client: TestClient) -> None:
    told = client.get("/api/v1/sources/1").json()
    page = client.get("/sources/1").text
    key = re.search(r'name="form_key" value="([^"]+)"', page)
    assert key
    fields = [each["field"] for each in told["columns"]]
    optional = next(place for place, each in enumerate(fields) if each in {"currency", "channel", "port", "pieces"})
    fields[optional] = ""
    data = {"form_key": key[1], "kind": told["kind"], "field": fields}
    previewed = client.post("/sources/1/preview", data=data)
    assert previewed.status_code == 200
    assert "Not kept yet" in previewed.text
    assert client.get("/api/v1/sources/1").json()["columns"] == told["columns"]
    assert client.post("/sources/1/preview", data={**data, "form_key": "x"}).status_code == 403
    assert client.post("/sources/1/mapping", data=data).status_code == 400
    kept = client.post("/sources/1/mapping", data={**data, "why": "another thing"})
    assert kept.status_code == 200
    assert [each["field"] for each in client.get("/api/v1/sources/1").json()["columns"]] == fields
    assert client.get("/sources/0").status_code == 404
    assert client.get("/sources/x").status_code == 404
    refused = client.post("/api/v1/sources/1/preview", json={"fields": {"nothing": "currency"}})
    assert refused.status_code in (400, 422)


def test_a_merge_and_an_identifier_are_judged_in_the_browser_and_the_judgement_withdrawn(client: TestClient) -> None:
    network = _network(client)
    parties = [client.get(f"/api/v1/party/{each['party_id']}").json()["told"] for each in network["members"]]
    told = next(each for each in parties if each["merges"] and each["held"])
    page = client.get(f"/party/{told['id']}").text
    key = re.search(r'name="form_key" value="([^"]+)"', page)
    assert key
    for subject, act in ((told["merges"][0]["id"], "reject"), (told["held"][0]["id"], "overshared")):
        data = {"form_key": key[1], "subject": subject, "act": act, "why": f"because of {subject}", "to": "/"}
        overview = client.post("/decide", data=data)
        assert overview.status_code == 200
        assert f"because of {subject}" in overview.text
        assert "from the next run on" in overview.text
        mine = client.get(f"/api/v1/party/{told['id']}").json()["told"]["judged"]
        assert (subject, act, False) in {(each["subject"], each["act"], each["is_heeded"]) for each in mine}
        undone = client.post("/decide", data={**data, "act": "withdraw", "why": "no"})
        assert f"because of {subject}" not in undone.text
    assert client.get("/api/v1/case").json()["judged"] == []


def _key(page: str) -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', page)
    assert found
    return found[1]


def test_one_cell_is_put_right_on_its_sheet_with_a_reason_and_can_be_taken_back(client: TestClient) -> None:
    told = client.get("/api/v1/sources/1").json()
    column = next(place for place, each in enumerate(told["columns"]) if each["field"])
    key = _key(client.get("/sources/1").text)
    data = {"form_key": key, "row": "2", "column": str(column), "text": "<b>other</b>", "why": "The paper says so."}
    assert client.post("/sources/1/repair", data={**data, "form_key": "0" * 64}).status_code == 403
    assert client.post("/sources/1/repair", data={**data, "why": ""}).status_code == 400
    assert client.post("/sources/1/repair", data={**data, "column": "9999"}).status_code == 404
    shown = client.post("/sources/1/repair", data=data)
    assert shown.status_code == 200
    assert "<b>other" not in shown.text
    (cell,) = client.get("/api/v1/sources/1").json()["repairs"]
    assert (cell["row_no"], cell["column"]) == (2, told["columns"][column]["column"])
    ledger = client.get("/ledger").text
    assert "The paper says so." in ledger
    row = client.get(f"/row/{cell['row']}").text
    assert "repaired, from the next run on" in row
    back = client.post("/api/v1/sources/1/repair", json={"row": 2, "column": cell["column"], "why": "No, it does not."})
    assert back.status_code == 200, back.text
    assert client.get("/api/v1/sources/1").json()["repairs"] == []


def test_a_source_a_claim_and_a_member_are_graded_and_given_a_status_in_the_browser(client: TestClient) -> None:
    file = client.get("/api/v1/sources/1").json()["file"]
    key = _key(client.get("/sources/1").text)
    graded = {"form_key": key, "subject": file, "act": "grade", "other": "B2", "why": "A bank.", "to": "/sources/1"}
    page = client.post("/decide", data=graded)
    assert "mostly reliable" in page.text
    assert client.get("/api/v1/sources").json()["sources"][0]["grade"] == "B2"
    assert client.post("/decide", data={**graded, "other": "Z9"}).status_code == 404
    network = _network(client)
    claim = network["claims"][0]["evidence_id"]
    client.post("/decide", data={**graded, "subject": claim, "other": "3", "to": f"/claim/{claim}"})
    assert client.get(f"/api/v1/claim/{claim}").json()["told"]["grade"]["code"] == "3"
    member = network["members"][0]["party_id"]
    status = {"form_key": key, "subject": member, "act": "status", "other": "detained", "why": "Read.", "to": "/"}
    assert client.post("/decide", data=status).status_code == 400
    client.post("/decide", data={**status, "on": "2026-01-02", "source": "warrant 7"})
    assert client.get(f"/api/v1/party/{member}").json()["told"]["status"] == ["detained", "2026-01-02", "warrant 7"]
    assert "warrant 7" in client.get(f"/party/{member}").text


def test_a_member_shows_what_it_did_and_what_it_was_paid(client: TestClient) -> None:
    network = _network(client)
    moved = [client.get(f"/api/v1/party/{each['party_id']}").json()["told"]["moved"] for each in network["members"]]
    of_network = sum(line["n_rows"] for line in network["money"]["lines"])
    assert sum(line["n_rows"] for each in moved for line in each["money_in"]["lines"]) > 0
    assert max(line["n_rows"] for each in moved for line in each["money_in"]["lines"]) <= of_network
    for member, each in zip(network["members"], moved, strict=True):
        assert all(line["to_id"] == member["party_id"] for line in each["money_in"]["lines"])
        assert all(line["from_id"] == member["party_id"] for line in each["money_out"]["lines"])
    assert sum(each["n_trips"] for each in moved) >= network["n_trips"] > 0


def test_a_row_tells_beside_what_was_received_what_was_read(client: TestClient) -> None:
    told = client.get("/api/v1/row/waybill.csv:7").json()["told"]
    read = {each["field"]: each["value"] for each in told["read"]}
    assert read["waybill_no"] == told["cells"]["waybill_no"]
    shown = {each["column"] for each in told["read"]}
    # What stands behind a pseudonym as received stands behind it as read.
    assert all(each["value"] not in {"", "None"} for each in told["read"])
    hidden = [header for header, text in told["cells"].items() if text.startswith(("protected-", "person-"))]
    assert hidden
    assert not shown & set(hidden)


def test_every_meaning_of_the_lexicon_and_topic_is_told_in_chinese() -> None:
    entries = words("zh")
    for each in (*lexicon().words, *({"means": means} for _, _, means in lexicon().signs)):
        means = each["means"] if isinstance(each, dict) else each.means
        told = entries.known("meaning", means)
        assert means == "DNA" or re.search("[\u4e00-\u9fff]", told), means
        assert words("en").known("meaning", means) == means
    for topic in (*TOPICS, "sign"):
        assert re.search("[\u4e00-\u9fff]", entries.known("topic", topic)), topic


def test_why_something_is_asked_is_told_in_the_language_of_the_page() -> None:
    why = "'重量' names no unit; its values look like kilograms"
    assert _told_as(why, words("en"), "asked") == why
    assert _told_as(why, words("zh"), "asked") == "'重量' 未注明单位；数值似为千克"
    assert _told_as("unsealed protected-A", words("zh"), "entry") == "解封 protected-A"
    assert _told_as("something else", words("zh"), "asked") == "something else"
