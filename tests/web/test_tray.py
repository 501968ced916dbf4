"""Uploads: kept under clean names, shown before anything is taken in, and seen by whoever sent them only."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from test_workbench import form_key, told

from vialtrace.kit.clock import SystemClock
from vialtrace.store import Case, Machine
from vialtrace.web import Bench, application
from vialtrace.web.tray import MOST_FILES, cleaned_name

CROSSING = b"document_no,crossed_at,direction,port\nE12345678,2025-01-02 10:00:00,exit,x\n"
PARCEL = (
    "单号,寄件时间,寄件人,寄件人电话,收件人,收件人电话,收件地址,重量\n"
    "SF1,2025-01-20,甲,13800138000,乙,13900139000,深圳,0.3\n"
)


def sent(client: TestClient, *files: tuple[str, bytes]) -> str:
    answer = client.post("/api/v1/add", files=[("files", each) for each in files])
    assert answer.status_code == 200, answer.text
    return str(answer.json()["key"])


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\运单.csv", "运单.csv"),
        (".htaccess", "htaccess"),
        ("a\u202egpj.csv", "agpj.csv"),
        ("con.csv", "_con.csv"),
        ("a\0b\n.csv", "ab.csv"),
        ("..", "file"),
        ('<script>"x".csv', "_script__x_.csv"),
    ],
)
def test_a_name_is_cleaned(given_name: str, kept: str) -> None:
    assert cleaned_name(given_name) == kept


@given(st.text(max_size=400))
def test_no_name_leads_elsewhere_or_is_too_long(name: str) -> None:
    kept = cleaned_name(name)
    assert kept
    assert kept not in {".", ".."}
    assert not set(kept) & set('/\\\0:*?"<>|')
    assert len(kept.encode()) <= 200
    assert not kept.startswith(".")


def test_an_upload_changes_nothing_until_it_is_taken_in(client: TestClient, bench: Bench) -> None:
    before = sorted((bench.folder / "sources").iterdir())
    key = sent(client, ("../crossing 2.csv", CROSSING))
    assert sorted((bench.folder / "sources").iterdir()) == before
    shown = told(client, f"/add/{key}")
    assert shown["files"][0]["file"] == "crossing 2.csv"
    assert shown["files"][0]["sheets"][0]["kind"] == "crossing"
    job = client.post(f"/api/v1/add/{key}/take").json()["job"]
    bench.jobs.wait(60)
    assert told(client, "/work")["job"]["result"]["taken"] == ["crossing 2.csv"], job
    assert Case.open(bench.folder, clock=SystemClock()).sources[-1].added_by == "an analyst"
    assert client.get(f"/add/{key}").status_code == 404
    assert not list((bench.folder / "cache" / "tray").iterdir())


def test_what_is_unsure_is_asked_and_not_taken_in_before_it_is_answered(client: TestClient, bench: Bench) -> None:
    key = sent(client, ("w.csv", PARCEL.encode()))
    assert client.post(f"/api/v1/add/{key}/take").status_code == 400
    asked = told(client, f"/add/{key}")["files"][0]["sheets"][0]["questions"]
    assert "weight_g" in {each["what"] for each in asked}
    for each in asked:
        body = {"what": each["what"], "candidate": each["choices"][0]["text"]}
        assert client.post(f"/api/v1/add/{key}/answer", json=body).status_code == 200
    assert client.post(f"/api/v1/add/{key}/take").status_code == 200
    bench.jobs.wait(60)
    case = Case.open(bench.folder, clock=SystemClock())
    assert "confirmed: true" in case.mapping_text(case.sources[-1].taken[0].mapping)


def test_an_answer_that_was_not_offered_is_refused(client: TestClient) -> None:
    key = sent(client, ("w.csv", PARCEL.encode()))
    wrong = {"what": "weight_g", "candidate": "scale: 7"}
    assert client.post(f"/api/v1/add/{key}/answer", json=wrong).status_code == 404
    assert client.post(f"/api/v1/add/{key}/answer", json={**wrong, "what": "moon"}).status_code == 404
    assert client.post(f"/api/v1/add/{key}/answer", json={**wrong, "file": 9}).status_code == 404


def test_a_person_says_which_column_is_which_field(client: TestClient) -> None:
    key = sent(client, ("c.csv", CROSSING))
    page = client.get(f"/add/{key}").text
    fields = ["document_no", "crossed_at", "direction", "mode"]
    form = {"form_key": form_key(page), "file": "0", "sheet": "0", "kind": "crossing", "field": fields}
    assert client.post(f"/add/{key}/mapping", data=form).status_code == 200
    columns = told(client, f"/add/{key}")["files"][0]["sheets"][0]["columns"]
    assert [each["field"] for each in columns] == fields
    # A required field left out is refused, and the mapping stays.
    missing = client.post(f"/add/{key}/mapping", data={**form, "field": ["", *fields[1:]]})
    assert missing.status_code == 422
    assert told(client, f"/add/{key}")["files"][0]["sheets"][0]["columns"] == columns


def test_a_file_that_fits_nothing_is_refused_with_the_reason(client: TestClient) -> None:
    key = sent(client, ("note.txt", b"hello\n"), ("c.csv", CROSSING))
    shown = told(client, f"/add/{key}")
    assert [each["file"] for each in shown["refused"]] == ["note.txt"]
    assert shown["refused"][0]["given"]
    assert client.get(f"/add/{key}").status_code == 200


def test_another_person_does_not_see_an_upload(client: TestClient, bench: Bench) -> None:
    key = sent(client, ("c.csv", CROSSING))
    other = TestClient(application(bench), base_url=client.base_url)
    other.get(f"/?token={bench.sessions.token('somebody else')}")
    assert other.get(f"/api/v1/add/{key}").status_code == 404
    assert other.post(f"/api/v1/add/{key}/take").status_code == 404


def test_too_many_files_and_none_are_refused(client: TestClient) -> None:
    many = [("files", (f"{n}.csv", b"a")) for n in range(MOST_FILES + 1)]
    assert client.post("/api/v1/add", files=many).status_code == 400
    assert client.post("/api/v1/add").status_code == 422


def test_a_body_without_an_end_is_cut_off(bench: Bench) -> None:
    small = Bench(bench.folder, bench.hosts, machine=Machine(2.0, 1), most_bytes=10_000)
    client = TestClient(application(small), base_url="http://127.0.0.1:8000", raise_server_exceptions=False)
    client.get(f"/?token={small.sessions.token('x')}")
    body = io.BytesIO(b"x" * 20_000)
    assert client.post("/api/v1/add", files=[("files", ("a.csv", body))]).status_code == 413
    assert not Path(bench.folder / "cache" / "tray").exists()


def test_the_case_file_is_written_and_read_and_nothing_in_it_runs(client: TestClient, bench: Bench) -> None:
    assert client.post("/api/v1/casefile", json={"language": "en"}).status_code == 200
    bench.jobs.wait(120)
    pages = told(client, "/casefile")["pages"]
    assert {"index.html"} < {each["name"] for each in pages}
    for each in pages:
        answer = client.get(f"/casefile/{each['name']}")
        assert answer.status_code == 200
        assert "script-src" not in answer.headers["content-security-policy"]
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert client.get("/casefile/..%2f..%2fcase.toml").status_code == 404
    entries = Case.open(bench.folder, clock=SystemClock()).ledger.entries("consultation")
    assert entries[-1].what == "case file read"


def test_an_export_is_a_download_and_is_entered(client: TestClient, bench: Bench) -> None:
    page = client.get("/casefile").text
    answer = client.post("/export", data={"form_key": form_key(page), "form": "json"})
    assert answer.headers["content-disposition"] == 'attachment; filename="vialtrace-json.json"'
    assert Case.open(bench.folder, clock=SystemClock()).ledger.entries("disclosure")[-1].who == "an analyst"
