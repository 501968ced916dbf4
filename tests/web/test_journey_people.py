"""Several people, each in a browser of their own: a donor is unsealed and an auditor sees it; two work at once."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sealed_parties import WHY, somebody

from vialtrace.kit.clock import SystemClock
from vialtrace.store import Case
from vialtrace.store.accounts import Accounts

pytestmark = pytest.mark.slow

PASSWORD = "a long enough sentence"  # noqa: S105  a test's


def given_accounts(folder: Path, address: str = "", **roles: str) -> None:
    accounts = Accounts.of(Case.open(folder, clock=SystemClock()), address)
    for name, role in roles.items():
        accounts.put(name, PASSWORD, role)
    accounts.close()


def sign_in(page: Any, name: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()
    assert page.locator("header .who").get_by_text(name, exact=True).is_visible()


def test_a_supervisor_unseals_one_donor_and_an_auditor_sees_it(
    case_copy: Callable[[], Path], served: Callable[..., str], opened: Callable[..., Any]
) -> None:
    folder = case_copy()
    name, values = somebody(folder)
    given_accounts(folder, Sue="supervisor", Aud="auditor")
    address = served(folder, "--users")

    supervisor = opened(address)
    sign_in(supervisor.page, "Sue")
    supervisor.page.get_by_role("link", name="Unseal").click()
    supervisor.page.get_by_label("Pseudonym").fill(name)
    supervisor.page.get_by_label("What it is needed for").fill(WHY)
    supervisor.page.get_by_role("button", name="Unseal").click()
    shown = supervisor.page.locator("main table").inner_text()
    assert all(value in shown for value in values)

    auditor = opened(address)
    sign_in(auditor.page, "Aud")
    assert auditor.page.url.endswith("/ledger")
    row = auditor.page.locator("tbody tr").filter(has_text=f"unsealed {name}")
    assert "Sue" in row.inner_text()
    assert WHY in row.inner_text()
    everything = auditor.page.content()
    assert not any(value in everything for value in values)
    # No case data: neither offered nor given.
    assert auditor.page.get_by_role("navigation").get_by_role("link").all_inner_texts() == ["vialtrace", "Ledger"]
    assert auditor.page.request.get(address.replace("/sign-in", "/sources")).status == 403
    assert supervisor.complaints == auditor.complaints == []


@pytest.fixture
def postgresql(tmp_path: Path) -> Iterator[str]:
    """The address of a PostgreSQL of its own, gone after the test."""
    places = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    initdb = shutil.which("initdb", path=os.pathsep.join([*map(str, places), os.environ.get("PATH", "")]))
    if initdb is None:
        pytest.skip("no PostgreSQL server on this machine: `apt-get install postgresql` brings one on Debian")
    as_whom = []
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root.
        if shutil.which("runuser") is None:
            pytest.skip("PostgreSQL cannot be started as root, and there is no runuser")
        as_whom = ["runuser", "-u", "nobody", "--"]
    place = Path("/tmp") / f"vialtrace-pg-{os.getpid()}"  # noqa: S108  short: a socket's path has at most 107 bytes
    subprocess.run([*as_whom, "mkdir", "-m", "700", str(place)], check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    control = str(Path(initdb).with_name("pg_ctl"))
    data = str(place / "data")
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={place}"
    try:
        subprocess.run([*as_whom, initdb, "-D", data, "-U", "me", "-A", "trust"], check=True, capture_output=True)
        begin = [*as_whom, control, "-D", data, "-w", "-l", str(place / "log"), "-o", options, "start"]
        subprocess.run(begin, check=True, stdout=subprocess.DEVNULL)
        yield f"postgresql+pg8000://me@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*as_whom, control, "-D", data, "-m", "immediate", "stop"], check=False, capture_output=True)
        shutil.rmtree(place, ignore_errors=True)


def test_two_people_work_at_once_with_their_accounts_on_postgresql(
    case_copy: Callable[[], Path], served: Callable[..., str], opened: Callable[..., Any], postgresql: str
) -> None:
    folder = case_copy()
    given_accounts(folder, postgresql, Ana="analyst", Ben="analyst")
    address = served(folder, "--users", "--accounts", postgresql)
    browsers = {name: opened(address) for name in ("Ana", "Ben")}
    for name, browser in browsers.items():
        sign_in(browser.page, name)
    # Both open the same member, then both decide.
    for browser in browsers.values():
        browser.page.locator("main tbody th a").first.click()
        browser.page.locator("section[aria-labelledby=members] tbody th a").first.click()
    for name, browser in browsers.items():
        form = browser.page.locator("section[aria-labelledby=decide-title] form")
        form.get_by_label("note", exact=True).check()
        form.locator("textarea").fill(f"Seen by {name}.")
        with browser.page.expect_navigation():
            form.get_by_role("button").click()
    ledger = Case.open(folder, clock=SystemClock()).ledger
    assert [(each.who, each.why) for each in ledger.entries("decision")] == [
        ("Ana", "Seen by Ana."),
        ("Ben", "Seen by Ben."),
    ]
    assert ledger.verify()
    # One signs out; the other is still in.
    browsers["Ana"].page.get_by_role("button", name="Sign out").click()
    browsers["Ana"].page.wait_for_url("**/sign-in")
    browsers["Ben"].page.reload()
    assert browsers["Ben"].page.locator("header .who").get_by_text("Ben", exact=True).is_visible()
    assert all(browser.complaints == [] for browser in browsers.values())
