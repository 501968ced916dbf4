"""What somebody tries who wants more than their role gives, or wants the server to fail."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from test_people import shared, signed_in  # noqa: F401  a fixture
from test_workbench import form_key

from vialtrace.kit.clock import SteppingClock
from vialtrace.web import Bench, api, application, pages, signing_in
from vialtrace.web.sessions import IDLE_MINUTES, Sessions

_VALUES: dict[str, Any] = {
    "decision": {"subject": "N1", "act": "note", "why": "x"},
    "/api/v1/casefile": {},
    "/api/v1/unseal": {"pseudonym": "protected-A", "why": "x"},
    "/api/v1/screen": {"kind": "crossing", "records": []},
    "/api/v1/decide": {"subject": "N1", "act": "note", "why": "x"},
    "/api/v1/sources/1/preview": {},
    "/api/v1/sources/1/mapping": {"why": "x"},
    "/api/v1/sources/1/repair": {"row": 2, "column": "a", "text": "b", "why": "x"},
    "/api/v1/add/k/answer": {"what": "a", "candidate": "b"},
    "/api/v1/add/k/mapping": {"kind": "crossing", "fields": {}},
}
"""A body for each act that needs one."""

_FORMS: dict[str, dict[str, str]] = {
    "/decide": {"subject": "N1", "act": "note", "why": "x"},
    "/sources/1/repair": {"row": "2", "column": "0", "text": "b", "why": "x"},
    "/add/k/answer": {"file": "0", "sheet": "0", "what": "a", "choice": "0"},
    "/export": {"form": "json"},
    "/unseal": {"pseudonym": "protected-A", "why": "x"},
}


def routes() -> list[tuple[str, str]]:
    """Every method and address of the server, with something in each of its places."""
    places = {"{number}": "1", "{key}": "k", "{name:path}": "waybill.csv:2", "{name}": "N1"}
    found = []
    for before, router in (("/api/v1", api.router), ("", pages.router), ("", signing_in.router)):
        for each in router.routes:
            assert isinstance(each, APIRoute)
            path = before + each.path
            for place, value in places.items():
                path = path.replace(place, value)
            found += [(method, path) for method in sorted(each.methods)]
    return found


_OWN = {"/ledger", "/api/v1/ledger", "/sign-in", "/sign-out", "/language", "/favicon.ico"}
"""What an auditor may open: the ledger, and what is no part of a case."""


def test_an_auditor_gets_nothing_but_the_ledger_from_any_address(shared: Bench) -> None:  # noqa: F811
    client = signed_in(shared, "Aud")
    key = form_key(client.get("/ledger").text)
    every = routes()
    assert len(every) > 50
    for method, path in every:
        if path in _OWN:
            continue
        given: dict[str, Any] = {"json": _VALUES.get(path)} if path.startswith("/api/") else {}
        if method == "POST" and not given:
            given = {"data": {"form_key": key, **_FORMS.get(path, {})}}
        if path in {"/add", "/api/v1/add"} and method == "POST":
            given = {"data": {"form_key": key}, "files": [("files", ("a.csv", b"a"))]}
        answer = client.request(method, path, **given)
        assert answer.status_code == 403, (method, path, answer.status_code, answer.text[:200])


def test_who_may_only_read_can_do_nothing_at_any_address(shared: Bench) -> None:  # noqa: F811
    client = signed_in(shared, "Rea")
    key = form_key(client.get("/").text)
    for method, path in routes():
        if method != "POST" or path in _OWN or path == "/api/v1/screen":
            continue
        given: dict[str, Any] = {"json": _VALUES.get(path)} if path.startswith("/api/") else {}
        given = given or {"data": {"form_key": key, **_FORMS.get(path, {})}}
        if path in {"/add", "/api/v1/add"}:
            given = {"data": {"form_key": key}, "files": [("files", ("a.csv", b"a"))]}
        answer = client.request(method, path, **given)
        assert answer.status_code == 403, (method, path, answer.status_code, answer.text[:200])


@pytest.mark.parametrize("number", ["²", "٣", "9" * 5000, "-1", "1e3", "%00"])
def test_what_looks_like_a_number_and_is_none_is_refused(client: TestClient, number: str) -> None:
    for path in ("/ledger?after={}", "/work?number={}", "/sources/{}", "/row/waybill.csv:{}", "/api/v1/work?number={}"):
        answer = client.get(path.format(number))
        assert answer.status_code < 500, (path, answer.text[:200])


def test_a_form_key_that_is_no_key_is_refused_and_nothing_fails(client: TestClient) -> None:
    for key in ("é" * 64, "", "\x00", "0" * 10_000):
        assert client.post("/run", data={"form_key": key}).status_code in {403, 422}


@pytest.mark.parametrize("origin", ["http://[evil", "http://127.0.0.1:8000@evil.example", "http://127.0.0.1:8000.evil.example"])
def test_an_origin_that_only_looks_like_this_server_cannot_write(client: TestClient, origin: str) -> None:
    assert client.post("/api/v1/run", headers={"origin": origin}).status_code == 403
    assert client.post("/api/v1/run", headers={"referer": origin + "/"}).status_code == 403


@pytest.mark.parametrize("length", ["²", "-1", "1e9", "9" * 6000])
def test_a_length_that_is_no_number_is_refused(client: TestClient, length: str) -> None:
    headers = {"content-length": length.encode("latin-1")}
    assert client.post("/decide", headers=headers, content=b"x").status_code == 413


def test_a_name_with_a_null_character_signs_nobody_in(shared: Bench) -> None:  # noqa: F811
    client = TestClient(application(shared), base_url="https://127.0.0.1:8000", raise_server_exceptions=False)
    answer = client.post("/sign-in", data={"name": "Ana\0", "password": "a long enough sentence"})
    assert answer.status_code == 401


def test_a_session_nobody_uses_ends_after_half_an_hour() -> None:
    clock = SteppingClock(datetime(2026, 1, 1, tzinfo=UTC), step=timedelta(0))
    sessions = Sessions(clock, idle_seconds=IDLE_MINUTES * 60.0)
    session = sessions.begin("x", "analyst")
    for _ in range(3):
        clock._step = timedelta(minutes=IDLE_MINUTES - 1)
        clock.now()
        clock._step = timedelta(0)
        assert sessions.of(session.key) == session
    clock._step = timedelta(minutes=IDLE_MINUTES + 1)
    clock.now()
    clock._step = timedelta(0)
    assert sessions.of(session.key) is None


def test_every_test_that_the_safety_page_names_is_there() -> None:
    root = Path(__file__).parents[2]
    page = (root / "docs" / "safety.md").read_text("utf-8")
    named = re.findall(r"`(?:(tests/[\w/]+\.py))?(?:::(test_\w+))?`", page)
    file = ""
    n_checked = 0
    for path, test in named:
        file = path or file
        if test:
            assert f"def {test}(" in (root / file).read_text("utf-8"), (file, test)
            n_checked += 1
    assert n_checked > 25
