"""The API: every page as JSON, and everything a person can do, at the same addresses under /api/v1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel

from vialtrace.web import doing
from vialtrace.web.rights import require
from vialtrace.web.telling import PAGES, Page, Told

router = APIRouter()


class Decision(BaseModel):
    """A decision to enter."""

    subject: str
    act: str
    why: str
    other: str = ""


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
        _page.path if _page.path != "/" else "/case", _answers(_page), methods=["GET"], summary=_page.help
    )


@router.post("/decide", summary="Enter a decision into the ledger.")
def decide(request: Request, decision: Annotated[Decision, Body()]) -> Told:
    """Accept, reject, hold, merge, split or note; it is never unwritten."""
    return doing.decide(request.app.state.bench, request.state.session, **decision.model_dump())


@router.post("/run", summary="Run the whole chain in the background.")
def run(request: Request) -> Told:
    """Begin; ask /work how far it is."""
    return doing.run(request.app.state.bench, request.state.session)


@router.post("/stop", summary="Stop the work in the background.")
def stop(request: Request) -> Told:
    """It ends at its next step; the case is as it was before."""
    return doing.stop(request.app.state.bench, request.state.session)
