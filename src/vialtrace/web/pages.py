"""The pages: each is what it tells with a template, and works without script."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from vialtrace.web import doing
from vialtrace.web.rendering import LANGUAGE, rendered
from vialtrace.web.rights import Forbidden, require
from vialtrace.web.sessions import COOKIE
from vialtrace.web.telling import PAGES, Page

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Text = Annotated[str, Form()]


def _answers(page: Page) -> Callable[[Request], HTMLResponse]:
    def answer(request: Request) -> HTMLResponse:
        require(request.state.session, page.right)
        asked = {**request.query_params, **request.path_params}
        told = page.tell(request.app.state.bench, request.state.session, asked)
        return HTMLResponse(rendered(page.template, request, asked=asked, **told))

    return answer


for _page in PAGES:
    router.add_api_route(_page.path, _answers(_page), methods=["GET"])


def _own(request: Request, form_key: str) -> None:
    """Let a form pass that this session was given."""
    if not request.state.session.owns(form_key):
        raise Forbidden("This form belongs to another session.", way_out="Reload the page and send it again.")


def _back(to: str) -> RedirectResponse:
    # Only to a page of this server: an address that begins with two strokes would leave it.
    safe = to if to.startswith("/") and not to.startswith(("//", "/\\")) else "/"
    return RedirectResponse(safe, status_code=HTTPStatus.SEE_OTHER)


@router.post("/decide")
def decide(
    request: Request, form_key: Text, subject: Text, act: Text, why: Text = "", other: Text = "", to: Text = "/"
) -> Any:
    """Enter a decision and go back to where it was taken."""
    _own(request, form_key)
    doing.decide(request.app.state.bench, request.state.session, subject=subject, act=act, why=why, other=other)
    return _back(to)


@router.post("/run")
def run(request: Request, form_key: Text) -> Any:
    """Begin a run and show how far it is."""
    _own(request, form_key)
    doing.run(request.app.state.bench, request.state.session)
    return _back("/work")


@router.post("/stop")
def stop(request: Request, form_key: Text) -> Any:
    """Stop what is being worked on."""
    _own(request, form_key)
    doing.stop(request.app.state.bench, request.state.session)
    return _back("/work")


@router.post("/sign-out")
def sign_out(request: Request, form_key: Text) -> Any:
    """End the session."""
    _own(request, form_key)
    request.app.state.bench.sessions.end(request.state.session)
    answer = _back("/")
    answer.delete_cookie(COOKIE)
    return answer


@router.post("/language")
def language(request: Request, form_key: Text, chosen: Text, to: Text = "/") -> Any:
    """Change the language of the pages."""
    _own(request, form_key)
    answer = _back(to)
    answer.set_cookie(LANGUAGE, "zh" if chosen == "zh" else "en", httponly=True, samesite="strict", max_age=31_536_000)
    return answer
