"""Several people at one workbench: who may do what, who gets in, and where it may listen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sealed_parties import WHY, refuse_entries, somebody
from test_workbench import form_key

from vialtrace.errors import BadInput, WrongOrder
from vialtrace.kit.clock import SystemClock
from vialtrace.store import Case, Machine
from vialtrace.store.accounts import Accounts
from vialtrace.web import Bench, Listening, application, serve
from vialtrace.web.attempts import MOST
from vialtrace.web.telling import PAGES

HOST = "127.0.0.1:8000"
PASSWORD = "a long enough sentence"  # noqa: S105  a test's


@pytest.fixture
def shared(case_copy: Callable[[], Path]) -> Iterator[Bench]:
    folder = case_copy()
    accounts = Accounts.of(Case.open(folder, clock=SystemClock()))
    for name, role in (("Ana", "analyst"), ("Sue", "supervisor"), ("Aud", "auditor"), ("Rea", "read-only")):
        accounts.put(name, PASSWORD, role)
    yield Bench(folder, frozenset({HOST}), machine=Machine(2.0, 1), accounts=accounts, is_secure=True)
    accounts.close()


def visitor(bench: Bench) -> TestClient:
    return TestClient(application(bench), base_url=f"https://{HOST}", raise_server_exceptions=False)


def signed_in(bench: Bench, name: str) -> TestClient:
    client = visitor(bench)
    answer = client.post("/sign-in", data={"name": name, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return client


def test_the_cookie_is_out_of_reach_of_scripts_and_of_plain_connections(shared: Bench) -> None:
    answer = visitor(shared).post("/sign-in", data={"name": "Ana", "password": PASSWORD}, follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "secure", "samesite=strict"))


def test_every_refusal_reads_the_same_and_nobody_is_in(shared: Bench) -> None:
    answers = [
        visitor(shared).post("/sign-in", data={"name": name, "password": password})
        for name, password in (("Ana", "wrong wrong wrong"), ("Nobody", PASSWORD))
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert visitor(shared).get("/", follow_redirects=False).headers["location"] == "/sign-in"
    assert visitor(shared).get("/api/v1/case").status_code == 401


def test_guessing_is_slowed(shared: Bench) -> None:
    client = visitor(shared)
    codes = [
        client.post("/sign-in", data={"name": f"n{n}", "password": "wrong wrong wrong"}).status_code
        for n in range(MOST + 1)
    ]
    assert codes == [401] * MOST + [429]


def test_a_session_that_was_known_before_signing_in_is_worth_nothing_after(shared: Bench) -> None:
    client = visitor(shared)
    client.cookies.set("vialtrace_session", "chosen by somebody else")
    client.post("/sign-in", data={"name": "Ana", "password": PASSWORD})
    assert shared.sessions.of("chosen by somebody else") is None


def test_each_role_opens_its_pages_and_no_other(shared: Bench) -> None:
    able = {
        "Ana": {"case", "ledger", "add"},
        "Sue": {"case", "ledger", "add", "unseal"},
        "Aud": {"ledger"},
        "Rea": {"case"},
    }
    for name, rights in able.items():
        client = signed_in(shared, name)
        for page in PAGES:
            if "{" in page.path:
                continue
            for path in (page.path, f"/api/v1{page.path if page.path != '/' else '/case'}"):
                expected = {200} if page.right in rights else {403}
                assert client.get(path).status_code in expected, (name, path)


def test_an_auditor_reads_no_case_data(shared: Bench) -> None:
    client = signed_in(shared, "Aud")
    for path in ("/network/N1", "/party/P1", "/claim/E1", "/row/waybill.csv:2", "/casefile/index.html", "/search?q=ab"):
        assert client.get(path).status_code == 403, path
        assert client.get(f"/api/v1{path}").status_code in {403, 404}, path


def test_reading_is_not_writing(shared: Bench) -> None:
    client = signed_in(shared, "Rea")
    body = {"subject": "N1", "act": "note", "why": "x"}
    assert client.post("/api/v1/decide", json=body).status_code == 403
    assert client.post("/api/v1/run").status_code == 403
    assert client.post("/api/v1/casefile", json={}).status_code == 403
    assert client.post("/api/v1/add", files=[("files", ("a.csv", b"a"))]).status_code == 403
    key = form_key(client.get("/").text)
    assert client.post("/export", data={"form_key": key, "form": "json"}).status_code == 403
    assert client.post("/unseal", data={"form_key": key, "pseudonym": "x", "why": WHY}).status_code == 403


def test_who_loses_the_account_is_out_at_once(shared: Bench) -> None:
    client = signed_in(shared, "Ana")
    assert client.get("/").status_code == 200
    assert shared.accounts
    shared.accounts.put("Ana", PASSWORD, "read-only")
    assert client.get("/add").status_code == 403
    shared.accounts.remove("Ana")
    assert client.get("/api/v1/case").status_code == 401


def test_a_supervisor_unseals_on_the_record_and_an_analyst_cannot(shared: Bench) -> None:
    name, values = somebody(shared.folder)
    analyst = signed_in(shared, "Ana")
    refused = analyst.post("/api/v1/unseal", json={"pseudonym": name, "why": WHY})
    assert refused.status_code == 403
    told = signed_in(shared, "Sue").post("/api/v1/unseal", json={"pseudonym": name, "why": WHY})
    assert sorted(each["value"] for each in told.json()["identifiers"]) == sorted(values)
    assert Case.open(shared.folder, clock=SystemClock()).ledger.entries("disclosure")[-1].who == "Sue"


def test_where_the_ledger_takes_no_entry_the_page_shows_nothing(shared: Bench) -> None:
    name, values = somebody(shared.folder)
    client = signed_in(shared, "Sue")
    key = form_key(client.get("/unseal").text)
    refuse_entries(shared.folder)
    answer = client.post("/unseal", data={"form_key": key, "pseudonym": name, "why": WHY})
    assert answer.status_code >= 500
    assert not any(value in answer.text for value in values)


@pytest.mark.parametrize(
    "at",
    [
        Listening(host="0.0.0.0", has_users=True),  # noqa: S104
        Listening(host="192.0.2.1"),
        Listening(host="192.0.2.1", has_users=True),
    ],
)
def test_it_listens_to_the_network_only_with_users_an_address_and_a_certificate(run_case: Path, at: Listening) -> None:
    with pytest.raises(BadInput):
        serve(run_case, who="x", say=print, at=at, opens_browser=False)


def test_users_without_an_account_are_told_how_to_make_one(case_copy: Callable[[], Path]) -> None:
    with pytest.raises(WrongOrder) as told:
        serve(case_copy(), who="x", say=print, at=Listening(has_users=True), opens_browser=False)
    assert "vialtrace account" in told.value.way_out
