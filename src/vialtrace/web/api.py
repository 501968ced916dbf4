"""The API: every page as JSON, and everything a person can do, at the same addresses under /api/v1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, File, Request, UploadFile
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel

from vialtrace import actions
from vialtrace.web import doing, telling
from vialtrace.web.rights import require
from vialtrace.web.telling import PAGES, Page, Told

router = APIRouter()


class Decision(BaseModel):
    """A decision to enter; a procedural status has its day and its source."""

    subject: str
    act: str
    why: str
    other: str = ""
    on: str = ""
    source: str = ""


class Answer(BaseModel):
    """An answer to a question about one sheet of an upload; file and sheet are counted from 0."""

    what: str
    candidate: str
    origin: str = ""
    file: int = 0
    sheet: int = 0


class Fields(BaseModel):
    """How to read one sheet of an upload: its kind, and the field of each column that is read."""

    kind: str
    fields: dict[str, str]
    file: int = 0
    sheet: int = 0


class Otherwise(BaseModel):
    """Another way to read a sheet of the case; an answer is one of a question's choices."""

    kind: str = ""
    fields: dict[str, str] = {}
    answers: dict[str, str] = {}
    origins: dict[str, str] = {}
    why: str = ""

    @property
    def reading(self) -> actions.Reading:
        """The same as the action takes it."""
        return actions.Reading(self.kind, self.fields, dict(self.answers), self.origins)


class Cell(BaseModel):
    """One cell of a sheet put right; without a text it is read as received again."""

    row: int
    column: str
    text: str | None = None
    why: str


class Unsealing(BaseModel):
    """Whom to unseal, and why."""

    pseudonym: str
    why: str


class CaseFile(BaseModel):
    """How to write the case file."""

    language: str = "en"
    pdf: bool = False


class Records(BaseModel):
    """New records of one kind: field names to values, as a file would hold them."""

    kind: str
    records: list[dict[str, str | int | float | None]]


def _answers(page: Page) -> Callable[[Request], Any]:
    def answer(request: Request) -> Any:
        require(request.state.session, page.right)
        asked = {**request.query_params, **request.path_params}
        return jsonable_encoder(page.tell(request.app.state.bench, request.state.session, asked))

    answer.__name__ = page.template.split(".", maxsplit=1)[0]
    answer.__doc__ = page.help
    return answer


for _page in PAGES:
    router.add_api_route(
        _page.path if _page.path != "/" else "/case",
        _answers(_page),
        methods=["GET"],
        summary=_page.help,
        openapi_extra={"parameters": _page.parameters},
    )


@router.get("/graph/{name}", summary="The graph of a network, or of whoever dealt with one member of it.")
def graph(request: Request, name: str, party: str = "", language: str = "en") -> Told:
    """Nodes with places to draw them at, and edges with the evidence on each."""
    require(request.state.session, "case")
    asked = {"name": name, "party": party, "language": language}
    return telling.graph(request.app.state.bench, request.state.session, asked)


@router.post("/decide", summary="Enter a decision into the ledger.")
def decide(request: Request, decision: Annotated[Decision, Body()]) -> Told:
    """Accept, reject, hold, merge, split, grade, give a status, mark, withdraw or note; it is never unwritten."""
    return doing.decide(request.app.state.bench, request.state.session, **decision.model_dump())


@router.post("/run", summary="Run the whole chain in the background.")
def run(request: Request) -> Told:
    """Begin; ask /work how far it is."""
    return doing.run(request.app.state.bench, request.state.session)


@router.post("/stop", summary="Stop the work in the background.")
def stop(request: Request) -> Told:
    """It ends at its next step; the case is as it was before."""
    return doing.stop(request.app.state.bench, request.state.session)


@router.post("/add", summary="Upload files; they wait, and nothing is taken in.")
def upload(request: Request, files: Annotated[list[UploadFile], File()]) -> Told:
    """Look at the files and propose how to read each."""
    sent = [(each.filename or "", each.file) for each in files]
    return doing.upload(request.app.state.bench, request.state.session, sent)


@router.post("/sources/{number}/preview", summary="How a sheet of the case would be read.")
def preview(request: Request, number: int, given: Annotated[Otherwise, Body()]) -> Told:
    """The first rows and the quarantined ones, read so; nothing is changed."""
    told = doing.try_reading(request.app.state.bench, request.state.session, number, given.reading)
    return dict(jsonable_encoder(told))


@router.post("/sources/{number}/mapping", summary="Read a sheet of the case in another way from now on.")
def otherwise(request: Request, number: int, given: Annotated[Otherwise, Body()]) -> Told:
    """Its mapping is rewritten; what it was is entered in the ledger."""
    return doing.read_otherwise(request.app.state.bench, request.state.session, number, given.reading, why=given.why)


@router.post("/sources/{number}/repair", summary="Put one cell of a sheet right; the file stays as it is.")
def repair(request: Request, number: int, given: Annotated[Cell, Body()]) -> Told:
    """Whether its row can be read now; the next run reads it so."""
    return doing.repair(request.app.state.bench, request.state.session, number, **given.model_dump())


@router.post("/add/{key}/answer", summary="Answer a question about an uploaded sheet.")
def answer(request: Request, key: str, given: Annotated[Answer, Body()]) -> Told:
    """What follows from the answer is shown at /add/{key}."""
    at = (given.file, given.sheet)
    return doing.answer(
        request.app.state.bench,
        request.state.session,
        key,
        at,
        what=given.what,
        candidate=given.candidate,
        origin=given.origin,
    )


@router.post("/add/{key}/mapping", summary="Say how to read an uploaded sheet.")
def mapping(request: Request, key: str, given: Annotated[Fields, Body()]) -> Told:
    """Another kind, or other fields for its columns."""
    at = (given.file, given.sheet)
    bench: Any = request.app.state.bench
    return doing.remap(bench, request.state.session, key, at, kind=given.kind, fields=given.fields)


@router.post("/add/{key}/take", summary="Take an upload into the case.")
def take(request: Request, key: str, *, best_guess: bool = False) -> Told:
    """It is refused while questions are open, unless the best guess is asked for."""
    return doing.take(request.app.state.bench, request.state.session, key, best_guess=best_guess)


@router.post("/add/{key}/drop", summary="Remove an upload.")
def drop(request: Request, key: str) -> Told:
    """Nothing of it was taken in."""
    return doing.drop(request.app.state.bench, request.state.session, key)


@router.post("/casefile", summary="Write the case file in the background.")
def casefile(request: Request, given: Annotated[CaseFile, Body()]) -> Told:
    """Its pages are listed at /casefile."""
    return doing.report(request.app.state.bench, request.state.session, language=given.language, pdf=given.pdf)


@router.post("/unseal", summary="Say who stands behind one pseudonym; it is entered first.")
def unseal(request: Request, given: Annotated[Unsealing, Body()]) -> Told:
    """Supervisors only."""
    return doing.unseal(request.app.state.bench, request.state.session, name=given.pseudonym, why=given.why)


@router.post("/screen", summary="Hold new records against the networks found: which match, by what, and why.")
def screen(request: Request, given: Annotated[Records, Body()]) -> Told:
    """Nothing is taken in. Donors and clients never match; what matched is said in English and Chinese."""
    return doing.screen(request.app.state.bench, request.state.session, kind=given.kind, records=given.records)
