"""POST /api/v1/screen: the same answer as the action gives, for those who may see the case."""

from __future__ import annotations

from fastapi.testclient import TestClient

from vialtrace.kit.clock import SystemClock
from vialtrace.store import Case
from vialtrace.web import Bench


def _watched_document(bench: Bench) -> str:
    rows = Case.open(bench.folder, clock=SystemClock()).run().tables["watch"].to_pylist()
    return str(next(row["value"] for row in rows if row["what"] == "document" and row["rule"] == "none"))


def test_a_member_s_crossing_is_told_with_its_reason(client: TestClient, bench: Bench) -> None:
    sent = {"kind": "crossing", "records": [{"document_no": _watched_document(bench)}, {"document_no": "E00000001"}]}
    answer = client.post("/api/v1/screen", json=sent)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["n_records"], told["n_matched"]) == (2, 1)
    assert {hit["row"] for hit in told["hits"]} == {"1"}
    assert told["hits"][0]["why"]["en"].startswith("Document number")
    assert told["hits"][0]["why"]["zh"].startswith("证件号码")
    assert all(":" in row for hit in told["hits"] for row in hit["rows"])


def test_nobody_without_a_right_to_the_case_may_screen(client: TestClient, stranger: TestClient, bench: Bench) -> None:
    sent = {"kind": "crossing", "records": [{"document_no": "E1"}]}
    client.get(f"/?token={bench.sessions.token('an auditor', 'auditor')}")
    assert client.post("/api/v1/screen", json=sent).status_code == 403
    client.cookies.clear()
    assert client.post("/api/v1/screen", json=sent).status_code in {401, 403}


def test_a_field_nobody_knows_is_refused_with_those_there_are(client: TestClient) -> None:
    answer = client.post("/api/v1/screen", json={"kind": "crossing", "records": [{"passport": "E1"}]})
    assert answer.status_code == 404
    assert "document_no" in answer.json()["expected"]
