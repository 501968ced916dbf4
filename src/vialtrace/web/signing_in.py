"""Signing in with a name and a password, where a workbench has accounts."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from vialtrace.store import Case
from vialtrace.web.bench import Bench
from vialtrace.web.rendering import rendered
from vialtrace.web.rights import RIGHTS
from vialtrace.web.sessions import COOKIE

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@router.get("/sign-in")
def door(request: Request) -> Any:
    """The form."""
    return HTMLResponse(rendered("sign_in.html.j2", request, problem=""))


@router.post("/sign-in")
def sign_in(request: Request, name: Annotated[str, Form()], password: Annotated[str, Form()]) -> Any:
    """Begin a session; every refusal reads the same, whatever was wrong."""
    bench: Bench = request.app.state.bench
    if bench.accounts is None:
        return RedirectResponse("/", status_code=HTTPStatus.SEE_OTHER)
    address = request.client.host if request.client else ""
    if not bench.attempts.allow(address):
        page = rendered("sign_in.html.j2", request, problem="sign_in.too_often")
        return HTMLResponse(page, status_code=HTTPStatus.TOO_MANY_REQUESTS)
    account = bench.accounts.check(name, password)
    ledger = Case.open(bench.folder, clock=bench.clock).ledger
    if account is None:
        # The name as typed may be a password in the wrong field: it is not kept.
        ledger.append("consultation", "sign-in refused", who="unknown")
        page = rendered("sign_in.html.j2", request, problem="sign_in.refused")
        return HTMLResponse(page, status_code=HTTPStatus.UNAUTHORIZED)
    ledger.append("consultation", "signed in", who=account.name, payload={"role": account.role})
    # A new key at each sign-in: one that was known before is worth nothing after.
    session = bench.sessions.begin(account.name, account.role)
    answer = RedirectResponse("/" if "case" in RIGHTS[account.role] else "/ledger", status_code=HTTPStatus.SEE_OTHER)
    answer.set_cookie(COOKIE, session.key, httponly=True, samesite="strict", path="/", secure=bench.is_secure)
    return answer
