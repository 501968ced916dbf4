"""Why records are taken for one party, in the language of the page: English is the sentence that `resolve` wrote."""

from __future__ import annotations

import re

from vialtrace.casefile.wording import Words

_STANDS = re.compile(
    r"The same (?P<what>.+?) stands in (?P<places>.+?)(?P<beside>, (?:too rare|under one|without a) .+)?\.", re.DOTALL
)
_PLACE = re.compile(r"(?:(?P<n>\d+) rows|one row) of (?P<rows>.+)", re.DOTALL)
_NEXT = re.compile(r"(?:, | and )(?=\d+ rows of |one row of )")


def merge_told(explanation: str, said: Words) -> str:
    """The reason of a merge; a reason of another form is told as it was written."""
    if said.language == "en":
        return explanation
    found = _STANDS.fullmatch(explanation)
    if found is None:
        parts = explanation.removesuffix(".").split("; ")
        return "；".join(said.known("likeness", part[:1].lower() + part[1:]) for part in parts) + "。"
    places = [_place(each, said) for each in _NEXT.split(found["places"])]
    beside = said.known("merge_beside", found["beside"].removeprefix(", ")) if found["beside"] else ""
    return said(
        "merge.stands", places="、".join(places), what=said.known("merge_what", found["what"]), beside=beside
    )


def _place(told: str, said: Words) -> str:
    found = _PLACE.fullmatch(told)
    return said("merge.place", n=found["n"] or "1", rows=said.known("merge_rows", found["rows"])) if found else told
