"""The door: who gets in, from where, and what every answer carries."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from vialtrace.kit.clock import SteppingClock
from vialtrace.web import Bench
from vialtrace.web.guard import HEADERS
from vialtrace.web.sessions import HOURS, Sessions


def test_nobody_gets_in_without_a_session(stranger: TestClient) -> None:
    for path in ("/", "/sources", "/ledger", "/network/N1", "/api/v1/case", "/api/v1/openapi.json"):
        answer = stranger.get(path)
        assert answer.status_code == 401, path
        assert "small" not in answer.text


def test_a_token_opens_one_browser_once_and_leaves_the_address(bench: Bench, stranger: TestClient) -> None:
    token = bench.sessions.token("an analyst")
    first = stranger.get(f"/?token={token}", follow_redirects=False)
    assert first.status_code == 303
    assert first.headers["location"] == "/"
    cookie = first.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    stranger.cookies.clear()
    assert stranger.get(f"/?token={token}").status_code == 401


def test_a_session_ends(bench: Bench) -> None:
    clock = SteppingClock(datetime(2026, 1, 1, tzinfo=UTC), step=timedelta(0))
    sessions = Sessions(clock)
    session = sessions.exchange(sessions.token("x"))
    assert session
    assert sessions.of(session.key) == session
    clock._step = timedelta(hours=HOURS, seconds=1)
    clock.now()
    assert sessions.of(session.key) is None
    del bench


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:9", "", "localhost"])
def test_another_host_name_gets_nothing(client: TestClient, host: str) -> None:
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"referer": "http://evil.example/x"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_another_site_cannot_write(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/api/v1/run", headers=headers).status_code == 403


def test_a_form_of_another_session_is_refused(client: TestClient) -> None:
    answer = client.post("/run", data={"form_key": "0" * 64})
    assert answer.status_code == 403


def test_every_answer_carries_the_headers(client: TestClient, stranger: TestClient) -> None:
    for path in ("/", "/static/style.css", "/network/none", "/api/v1/case"):
        answer = client.get(path)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, (path, name)
        assert answer.headers["cache-control"] == ("max-age=3600" if path.startswith("/static") else "no-store")


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: TestClient) -> None:
    assert client.post("/decide", headers={"content-length": str(2**50)}, content=b"x").status_code == 413


@pytest.mark.parametrize(
    "path", ["/static/../application.py", "/static/%2e%2e/application.py", "/row/../../etc/passwd:1"]
)
def test_no_path_leads_out_of_the_server(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in {404, 400}
    assert "import" not in answer.text


def test_a_way_back_never_leaves_the_server(client: TestClient) -> None:
    page = client.get("/").text
    found = re.search(r'name="form_key" value="([0-9a-f]{64})"', page)
    assert found
    for to in ("//evil.example", "https://evil.example", "/\\evil.example"):
        answer = client.post("/language", data={"form_key": found[1], "chosen": "zh", "to": to}, follow_redirects=False)
        assert answer.headers["location"] == "/"
