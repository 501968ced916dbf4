"""The server: pages, API, static files and the guard in front of them."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from vialtrace.errors import OurBug, VialtraceError
from vialtrace.pipeline import build
from vialtrace.web import api, pages, signing_in
from vialtrace.web.bench import Bench
from vialtrace.web.guard import Guard
from vialtrace.web.rendering import rendered
from vialtrace.web.sessions import COOKIE, Session

STATIC = Path(str(files("vialtrace.web") / "static"))
OPEN = ("/static/", "/sign-in", "/favicon.ico")
"""What can be had without a session."""


def application(bench: Bench) -> FastAPI:
    """The workbench of one case."""
    app = FastAPI(title="vialtrace", version=build(), docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json")
    app.state.bench = bench
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_api_route("/favicon.ico", lambda: FileResponse(STATIC / "icon.svg"), include_in_schema=False)
    app.include_router(api.router, prefix="/api/v1")
    app.include_router(pages.router)
    app.include_router(signing_in.router)
    app.middleware("http")(_session)
    app.add_exception_handler(VialtraceError, _refused)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _refused)
    app.add_exception_handler(Exception, _refused)
    app.add_middleware(Guard, hosts=bench.hosts, most_bytes=bench.most_bytes)
    return app


async def _session(request: Request, call_next: Any) -> Response:
    """Give the request its session; who has none gets no further than the door."""
    bench: Bench = request.app.state.bench
    token = request.query_params.get("token")
    if token is not None and request.method == "GET" and not request.url.path.startswith("/api/"):
        return _exchanged(bench, token, request)
    request.state.session = _current(bench, bench.sessions.of(request.cookies.get(COOKIE, "")))
    if request.state.session is None and bench.accounts and not request.url.path.startswith((*OPEN, "/api/")):
        return RedirectResponse("/sign-in", status_code=HTTPStatus.SEE_OTHER)
    if request.state.session is None and not request.url.path.startswith(OPEN):
        return _told(request, HTTPStatus.UNAUTHORIZED, _OUTSIDE)
    answer: Response = await call_next(request)
    return answer


def _current(bench: Bench, session: Session | None) -> Session | None:
    """The session with the role its person has now; whoever lost theirs is out at once."""
    if session is None or bench.accounts is None:
        return session
    role = bench.accounts.role(session.who)
    if role is None:
        bench.sessions.end(session)
        return None
    return replace(session, role=role)


_OUTSIDE = {
    "code": "no-session",
    "given": "You are not signed in.",
    "expected": "The address that `vialtrace serve` printed, with its token; each token opens one browser, once.",
    "way_out": "Start `vialtrace serve` again for a new address.",
}


def _exchanged(bench: Bench, token: str, request: Request) -> Response:
    session = bench.sessions.exchange(token)
    if session is None:
        return _told(request, HTTPStatus.UNAUTHORIZED, _OUTSIDE)
    # The token leaves the address bar, and with it history and bookmarks.
    answer = RedirectResponse("/", status_code=HTTPStatus.SEE_OTHER)
    answer.set_cookie(COOKIE, session.key, httponly=True, samesite="strict", path="/", secure=bench.is_secure)
    return answer


async def _refused(request: Request, refusal: Exception) -> Response:
    """Every refusal in its three parts, as a page or as JSON."""
    if isinstance(refusal, VialtraceError):
        return _told(request, refusal.http_status, refusal.as_dict())
    if isinstance(refusal, HTTPException):
        what = HTTPStatus(refusal.status_code).phrase
        return _told(request, refusal.status_code, _plain("http", f"{what}: {request.url.path[:200]}"))
    if isinstance(refusal, RequestValidationError):
        fields = ", ".join(".".join(str(part) for part in each["loc"]) for each in refusal.errors())
        return _told(request, HTTPStatus.UNPROCESSABLE_ENTITY, _plain("bad-input", f"These do not fit: {fields}."))
    bug = OurBug(f"{type(refusal).__name__} at {request.url.path[:200]}.")
    return _told(request, bug.http_status, bug.as_dict())


def _plain(code: str, given: str) -> dict[str, str]:
    return {"code": code, "given": given, "expected": "", "way_out": ""}


def _told(request: Request, status: int, refusal: dict[str, str]) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse(refusal, status_code=status)
    return HTMLResponse(rendered("refusal.html.j2", request, refusal=refusal), status_code=status)
