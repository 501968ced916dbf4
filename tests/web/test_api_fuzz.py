"""Whatever pages and API are sent, in or out of their form, they answer without a fault of their own."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from copy import copy
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from vialtrace.errors import OurBug
from vialtrace.store import Machine
from vialtrace.web import Bench, application, pages, signing_in
from vialtrace.web.sessions import COOKIE

pytestmark = pytest.mark.slow

schemathesis = pytest.importorskip("schemathesis", reason="Schemathesis is not installed: pip install -e .[dev]")

HOST = "127.0.0.1:8000"
PAGES_SCHEMA = "/pages.json"

_LONG = {"/api/v1/run", "/api/v1/casefile", "/api/v1/screen", "/run", "/casefile", "/export"}
"""Long work: it is begun a few times only, and what goes on in the background is stopped after each."""


@pytest.fixture(scope="module")
def fuzzed(run_case: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FastAPI, Bench]]:
    folder = Path(shutil.copytree(run_case, tmp_path_factory.mktemp("fuzzed") / "case"))
    bench = Bench(folder, frozenset({HOST}), machine=Machine(2.0, 1), most_bytes=1 << 20)
    app = application(bench)
    # Pages are no part of the API and not in its schema; here they are stated all the same, with their forms.
    stated = [copy(each) for router in (pages.router, signing_in.router) for each in router.routes]
    for each in stated:
        each.include_in_schema = True
    schema = get_openapi(title="pages", version="1", routes=stated)
    app.add_api_route(PAGES_SCHEMA, lambda: schema, include_in_schema=False)
    yield app, bench
    bench.jobs.stop()
    bench.jobs.wait(120)


def begun(bench: Bench) -> dict[str, str]:
    """A session of somebody who may do everything, as headers."""
    return {"Host": HOST, "Cookie": f"{COOKIE}={bench.sessions.begin('a fuzzer', 'supervisor').key}"}


def fuzz(
    fuzzed: tuple[FastAPI, Bench], address: str, amend: Callable[[Any, str], None]
) -> tuple[Counter[str], Counter[int], list[Any]]:
    """Ask every operation of a schema; how often each was asked, what was answered, and what failed."""
    app, bench = fuzzed
    headers = begun(bench)
    cookies = dict([headers["Cookie"].split("=", 1)])
    schema = schemathesis.openapi.from_asgi(address, app, headers=headers)
    asked: Counter[str] = Counter()
    answered: Counter[int] = Counter()
    failed: list[Any] = []
    for found in schema.get_all_operations():
        operation = found.ok()
        is_long = operation.path in _LONG and operation.method.upper() == "POST"

        def ask(case: Any) -> None:
            amend(case, cookies[COOKIE])
            # As a cookie and no header, so that it goes along where an answer leads elsewhere.
            answer = case.call(headers={"Host": HOST}, cookies=cookies)
            asked[f"{case.method} {case.path}"] += 1
            answered[answer.status_code] += 1
            if answer.status_code >= 500 or answer.status_code == 401:
                failed.append((case.method, case.formatted_path, answer.status_code, answer.text[:300]))
            if case.path in _LONG:
                bench.jobs.stop()
                bench.jobs.wait(120)

        as_often = settings(
            max_examples=3 if is_long else 16,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        as_often(given(case=operation.as_strategy())(ask))()
    return asked, answered, failed


def test_no_request_makes_the_api_fail(fuzzed: tuple[FastAPI, Bench]) -> None:
    asked, answered, failed = fuzz(fuzzed, "/api/v1/openapi.json", lambda case, key: None)
    assert failed == []
    assert {f"POST {path}" for path in _LONG if path.startswith("/api/")} <= set(asked)
    _, bench = fuzzed
    assert [each for each in bench.jobs.all if each.state == "failed" and each.refusal["code"] == OurBug.code] == []
    assert len(asked) >= 25
    assert sum(asked.values()) > 200
    assert answered[200] > 20


def test_no_request_makes_a_page_fail(fuzzed: tuple[FastAPI, Bench]) -> None:
    _, bench = fuzzed

    def signed(case: Any, key: str) -> None:
        """Most forms carry the key of their session, so that they get as far as what they do; signing out does not."""
        session = bench.sessions.of(key)
        if isinstance(case.body, dict) and session and case.path != "/sign-out" and len(case.body) % 4:
            case.body["form_key"] = session.form_key

    asked, answered, failed = fuzz(fuzzed, PAGES_SCHEMA, signed)
    assert failed == []
    assert [each for each in bench.jobs.all if each.state == "failed" and each.refusal["code"] == OurBug.code] == []
    assert len(asked) >= 35
    assert sum(asked.values()) > 400
    assert answered[200] > 40


@given(
    data=st.data(),
    form=st.dictionaries(
        st.sampled_from(("kind", "why", "file", "sheet", "answer:kind", "answer:amount", "origin:amount")), st.text()
    ),
    fields=st.lists(st.one_of(st.text(max_size=20), st.sampled_from(("amount", "payment_id", ""))), max_size=12),
)
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_no_form_about_a_sheet_makes_a_page_fail(
    fuzzed: tuple[FastAPI, Bench], data: Any, form: dict[str, str], fields: list[str]
) -> None:
    app, bench = fuzzed
    headers = begun(bench)
    session = bench.sessions.of(headers["Cookie"].partition("=")[2])
    assert session
    client = TestClient(app, base_url=f"http://{HOST}", raise_server_exceptions=False)
    place = data.draw(st.sampled_from(("/sources/{}/preview", "/sources/{}/mapping", "/add/{}/mapping")))
    number = data.draw(st.sampled_from(("1", "3", "99", "x", "-1")))
    kinds = data.draw(st.sampled_from(("payment", "waybill", "no kind")))
    sent = {"form_key": session.form_key, "kind": kinds, **form, "field": fields}
    answer = client.post(place.format(number), data=sent, headers=headers, follow_redirects=False)
    assert answer.status_code < 500, (place, sent, answer.text[:300])
