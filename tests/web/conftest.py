"""A workbench on a copy of the small case, and a browser-like client that is signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from vialtrace.store import Machine
from vialtrace.web import Bench, application

HOST = "127.0.0.1:8000"


@pytest.fixture
def bench(case_copy: Callable[[], Path]) -> Iterator[Bench]:
    made = Bench(case_copy(), frozenset({HOST}), machine=Machine(2.0, 1))
    yield made
    made.jobs.stop()
    made.jobs.wait(60)


@pytest.fixture
def stranger(bench: Bench) -> TestClient:
    return TestClient(application(bench), base_url=f"http://{HOST}", raise_server_exceptions=False)


@pytest.fixture
def client(bench: Bench, stranger: TestClient) -> TestClient:
    answer = stranger.get(f"/?token={bench.sessions.token('an analyst')}")
    assert answer.status_code == 200
    return stranger
