"""Whatever the API is sent, in or out of its form, it answers without a fault of its own."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from vialtrace.errors import OurBug
from vialtrace.store import Machine
from vialtrace.web import Bench, application
from vialtrace.web.sessions import COOKIE

pytestmark = pytest.mark.slow

schemathesis = pytest.importorskip("schemathesis", reason="Schemathesis is not installed: pip install -e .[dev]")

HOST = "127.0.0.1:8000"


@pytest.fixture(scope="module")
def fuzzed(
    run_case: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Any, dict[str, str], Bench]]:
    folder = Path(shutil.copytree(run_case, tmp_path_factory.mktemp("fuzzed") / "case"))
    bench = Bench(folder, frozenset({HOST}), machine=Machine(2.0, 1), most_bytes=1 << 20)
    session = bench.sessions.begin("a fuzzer", "supervisor")
    headers = {"Host": HOST, "Cookie": f"{COOKIE}={session.key}"}
    yield application(bench), headers, bench
    bench.jobs.stop()
    bench.jobs.wait(120)


_BEGIN = {"/api/v1/run", "/api/v1/casefile", "/api/v1/screen"}
"""Long work: it is begun a few times only, and what goes on in the background is stopped after each."""


def test_no_request_makes_the_server_fail(fuzzed: tuple[Any, dict[str, str], Bench]) -> None:
    app, headers, bench = fuzzed
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, headers=headers)
    asked: Counter[str] = Counter()
    failed = []
    for found in schema.get_all_operations():
        operation = found.ok()
        is_long = operation.path in _BEGIN and operation.method.upper() == "POST"

        @given(case=operation.as_strategy())
        @settings(
            max_examples=3 if is_long else 16,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def ask(case: Any) -> None:
            answer = case.call(headers=headers)
            asked[f"{case.method} {case.path}"] += 1
            if answer.status_code >= 500 or answer.status_code == 401:
                failed.append((case.method, case.formatted_path, answer.status_code, answer.text[:300]))
            if case.path in _BEGIN:
                bench.jobs.stop()
                bench.jobs.wait(120)

        ask()
    assert failed == []
    assert {f"POST {path}" for path in _BEGIN} <= set(asked)
    assert [each for each in bench.jobs.all if each.state == "failed" and each.refusal["code"] == OurBug.code] == []
    assert len(asked) >= 25
    assert sum(asked.values()) > 200
