"""The pages: each is what it tells with a template, and works without script."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel
from starlette.datastructures import FormData

from vialtrace import actions
from vialtrace.web import doing
from vialtrace.web.rendering import LANGUAGE, language_of, rendered
from vialtrace.web.rights import Forbidden, require
from vialtrace.web.sessions import COOKIE
from vialtrace.web.telling import PAGES, Page, number_of

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Text = Annotated[str, Form()]


def _answers(page: Page) -> Callable[[Request], HTMLResponse]:
    def answer(request: Request) -> HTMLResponse:
        require(request.state.session, page.right)
        asked = {**request.query_params, **request.path_params, "language": language_of(request)}
        told = page.tell(request.app.state.bench, request.state.session, asked)
        return HTMLResponse(rendered(page.template, request, asked=asked, **told))

    return answer


for _page in PAGES:
    router.add_api_route(_page.path, _answers(_page), methods=["GET"], openapi_extra={"parameters": _page.parameters})


def _own(request: Request, form_key: str) -> None:
    """Let a form pass that this session was given."""
    if not request.state.session.owns(form_key):
        raise Forbidden("This form belongs to another session.", way_out="Reload the page and send it again.")


def _back(to: str) -> RedirectResponse:
    # Only to a page of this server: an address that begins with two strokes would leave it.
    safe = to if to.startswith("/") and not to.startswith(("//", "/\\")) else "/"
    return RedirectResponse(safe, status_code=HTTPStatus.SEE_OTHER)


class DecisionForm(BaseModel):
    """A decision as a form sends it, with the page it was taken on."""

    form_key: str
    subject: str
    act: str
    why: str = ""
    other: str = ""
    on: str = ""
    source: str = ""
    to: str = "/"


@router.post("/decide")
def decide(request: Request, given: Annotated[DecisionForm, Form()]) -> Any:
    """Enter a decision and go back to where it was taken."""
    _own(request, given.form_key)
    doing.decide(request.app.state.bench, request.state.session, **given.model_dump(exclude={"form_key", "to"}))
    return _back(given.to)


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


@router.post("/add")
def upload(request: Request, form_key: Text, files: Annotated[list[UploadFile], File()]) -> Any:
    """Keep files aside and show how they would be read."""
    _own(request, form_key)
    sent = [(each.filename or "", each.file) for each in files]
    return _back(f"/add/{doing.upload(request.app.state.bench, request.state.session, sent)['key']}")


@router.post("/add/{key}/answer")
def answer(
    request: Request,
    key: str,
    form_key: Text,
    file: Annotated[int, Form()],
    sheet: Annotated[int, Form()],
    what: Text,
    choice: Annotated[int, Form()],
    origin: Text = "",
) -> Any:
    """Answer a question about a sheet."""
    _own(request, form_key)
    doing.answer(
        request.app.state.bench,
        request.state.session,
        key,
        (file, sheet),
        what=what,
        candidate=choice,
        origin=origin,
    )
    return _back(f"/add/{key}")


@router.post("/add/{key}/mapping")
async def mapping(request: Request, key: str) -> Any:
    """Read a sheet's columns as the fields chosen for them; ``field`` comes once for each column, in order."""
    form = await request.form()
    _own(request, str(form.get("form_key", "")))
    file, sheet = (str(form.get(name, "")) for name in ("file", "sheet"))
    at = (number_of(file), number_of(sheet))
    doing.remap(
        request.app.state.bench,
        request.state.session,
        key,
        at,
        kind=str(form.get("kind", "")),
        fields=[str(each) for each in form.getlist("field")],
    )
    return _back(f"/add/{key}")


def _reading(form: FormData) -> actions.Reading:
    """What a form says of a sheet: ``field`` once for each column, ``answer:FIELD`` and ``origin:FIELD``."""
    texts = {name: str(value) for name, value in form.items()}
    answers = {name.removeprefix("answer:"): text for name, text in texts.items() if name.startswith("answer:")}
    return actions.Reading(
        texts.get("kind", ""),
        [str(each) for each in form.getlist("field")],
        {what: int(text) for what, text in answers.items() if text.isascii() and text.isdigit() and len(text) < 4},
        {name.removeprefix("origin:"): text for name, text in texts.items() if name.startswith("origin:")},
    )


@router.post("/sources/{number}/preview")
async def preview_mapping(request: Request, number: str) -> Any:
    """Show how a sheet would be read; nothing is changed."""
    form = await request.form()
    _own(request, str(form.get("form_key", "")))
    bench, session = request.app.state.bench, request.state.session
    told = await run_in_threadpool(doing.try_reading, bench, session, number_of(number), _reading(form))
    return HTMLResponse(rendered("sheet.html.j2", request, asked={}, **told))


@router.post("/sources/{number}/mapping")
async def keep_mapping(request: Request, number: str) -> Any:
    """Read a sheet so from now on."""
    form = await request.form()
    _own(request, str(form.get("form_key", "")))
    bench, session = request.app.state.bench, request.state.session
    why = str(form.get("why", ""))
    await run_in_threadpool(lambda: doing.read_otherwise(bench, session, number_of(number), _reading(form), why=why))
    return _back(f"/sources/{number_of(number)}")


@router.post("/sources/{number}/repair")
def repair(
    request: Request,
    number: str,
    form_key: Text,
    row: Text,
    column: Annotated[int, Form()],
    why: Text = "",
    text: Text = "",
    undo: Text = "",
) -> Any:
    """Put one cell right and show what its row reads as; a column goes by its place, for forms mend line ends."""
    _own(request, form_key)
    require(request.state.session, "add")
    bench, session, sheet_no = request.app.state.bench, request.state.session, number_of(number)
    headers = [each["column"] for each in actions.sheet_told(bench.folder, sheet_no, bench.desk(session))["columns"]]
    named = headers[column] if 0 <= column < len(headers) else ""
    put = None if undo else text
    done = doing.repair(bench, session, sheet_no, row=number_of(row), column=named, text=put, why=why)
    told = actions.sheet_told(bench.folder, sheet_no, bench.desk(session))
    return HTMLResponse(rendered("sheet.html.j2", request, asked={}, repaired=done, **told))


@router.post("/add/{key}/take")
def take(request: Request, key: str, form_key: Text, best_guess: Text = "") -> Any:
    """Take an upload in; show the sources, or the progress where it takes long."""
    _own(request, form_key)
    told = doing.take(request.app.state.bench, request.state.session, key, best_guess=bool(best_guess))
    return _back("/sources" if told["job"]["state"] == "done" else "/work")


@router.post("/add/{key}/drop")
def drop(request: Request, key: str, form_key: Text) -> Any:
    """Remove an upload."""
    _own(request, form_key)
    doing.drop(request.app.state.bench, request.state.session, key)
    return _back("/add")


@router.post("/casefile")
def report(request: Request, form_key: Text, language: Text = "en", pdf: Text = "") -> Any:
    """Write the case file, and show it or how far it is."""
    _own(request, form_key)
    told = doing.report(request.app.state.bench, request.state.session, language=language, pdf=bool(pdf))
    return _back("/casefile" if told["job"]["state"] == "done" else "/work")


_CASE_FILE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; font-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; sandbox allow-same-origin"
)
"""A written case file is one page with its own styles; of what it carries nothing may run."""


@router.get("/casefile/{name}")
def case_file(request: Request, name: str) -> Response:
    """A page of the case file as written."""
    require(request.state.session, "case")
    bench = request.app.state.bench
    content, media_type = actions.report_page(bench.folder, name, bench.desk(request.state.session))
    return Response(content, media_type=media_type, headers={"Content-Security-Policy": _CASE_FILE_POLICY})


_ENDINGS = {"ftm": "json", "ftm-statements": "csv", "case-uco": "jsonld", "csv": "zip"}


@router.post("/export")
def export(request: Request, form_key: Text, form: Text, language: Text = "en") -> Response:
    """The findings as a file to keep."""
    _own(request, form_key)
    content = doing.export(request.app.state.bench, request.state.session, form=form, language=language)
    named = f'attachment; filename="vialtrace-{form}.{_ENDINGS.get(form, form)}"'
    return Response(content, media_type="application/octet-stream", headers={"Content-Disposition": named})


@router.post("/unseal")
def unseal(request: Request, form_key: Text, pseudonym: Text, why: Text = "") -> Any:
    """Show who stands behind a pseudonym, once: the page cannot be loaded again."""
    _own(request, form_key)
    found = doing.unseal(request.app.state.bench, request.state.session, name=pseudonym, why=why)
    return HTMLResponse(rendered("unseal.html.j2", request, found=found, asked={}))
