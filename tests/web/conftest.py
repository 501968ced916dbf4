"""A workbench on a copy of the small case, and a browser-like client that is signed in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A real Chromium without a window."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: pip install -e .[dev]")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: make pdf-tools installs one on Debian")
    with playwright.sync_playwright() as started:
        # Chromium refuses to run as root inside its own sandbox; the pages here are ours.
        browser = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
        )
        yield browser
        browser.close()


@dataclass
class Browser:
    """One person's browser: whatever it complains of, and whatever runs that should not, fails the test."""

    page: Any
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )
        self.page.on("dialog", lambda dialog: (self.complaints.append("a dialog"), dialog.dismiss()))


@pytest.fixture
def opened(chromium: Any) -> Iterator[Callable[..., Browser]]:
    """Opens a browser of its own at an address."""
    contexts = []

    def open_at(address: str, **options: Any) -> Browser:
        context = chromium.new_context(viewport={"width": 1280, "height": 900}, **options)
        context.set_default_timeout(60_000)
        contexts.append(context)
        browser = Browser(context.new_page())
        browser.page.goto(address)
        return browser

    yield open_at
    for each in contexts:
        each.close()


@pytest.fixture
def served() -> Iterator[Callable[..., str]]:
    """Starts ``vialtrace serve`` as a person would, and gives the address it prints."""
    started: list[subprocess.Popen[str]] = []

    def serve(folder: Path, *options: str) -> str:
        command = [sys.executable, "-m", "vialtrace", "serve", str(folder), "--no-browser", "--threads", "1", *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "300"})
        started.append(process)
        assert process.stdout
        return process.stdout.readline().strip()

    yield serve
    for each in started:
        each.terminate()
        each.wait(30)
        assert each.stdout
        each.stdout.close()
