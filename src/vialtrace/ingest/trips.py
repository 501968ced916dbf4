"""A list in which each row tells a whole trip: read once for its exits and once for its entries.

Each reading accounts for every row: one without a moment of that way is set aside, for nobody crossed there and then.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from vialtrace.ingest.renaming import in_words_of
from vialtrace.model.mapping import Exclusion, Guess, Mapping, Sheet, claims_of
from vialtrace.model.trips import is_moment, way_of

_NOT_TOLD = {"exit": "no exit in this row", "entry": "no entry in this row"}
_BOTH = (
    (re.compile(r"[出离]境|[入进]境"), "出入境"),
    (re.compile(r"(?i)\b(exit|entry|exited|entered)\b|(exit|entry)(?=_)"), "crossing"),
)
"""What makes a header of one way one of any way, which the record kind knows."""

_PLACE = re.compile(r"口岸|地点|关口|(?i:port|place|point|checkpoint|post)")


def of_one_way(sheet: Sheet) -> tuple[Sheet, dict[str, str]]:
    """The sheet with only the columns of its way, under headers that name no way, and the file's own name of each."""
    kept = [place for place, header in enumerate(sheet.headers) if way_of(header) in ("", sheet.way)]
    own = [sheet.headers[place] for place in kept]
    headers = tuple(_plain(header, own) for header in own)
    told = dict(zip(headers, own, strict=True))
    sample = tuple(tuple(row[place] for place in kept) for row in sheet.sample)
    labels = tuple((label, value) for label, value in sheet.labels if label in own)
    return replace(sheet, headers=headers, sample=sample, labels=labels), told


def _plain(header: str, headers: Sequence[str]) -> str:
    if not way_of(header):
        return header
    named = header.replace("_", " ")
    for words, both in _BOTH:
        named = words.sub(both, named)
    field = "crossed_at" if is_moment(header) else "port" if _PLACE.search(header) else ""
    if field and ("crossing", field) not in claims_of(named):
        named = field
    return header if named in headers else named


def in_the_file(guess: Guess, sheet: Sheet, told: dict[str, str]) -> Guess:
    """A guess at one way of a sheet, in the words of the file, and with rows set aside that tell nothing of it."""
    guess = in_words_of(guess, sheet, told)
    time = guess.mapping.reading("crossed_at")
    if time is None:
        return guess
    rules = (*guess.mapping.exclusions, Exclusion(time.column, ("",), _NOT_TOLD[sheet.way]))
    return replace(guess, mapping=replace(guess.mapping, exclusions=rules))


def way_of_mapping(mapping: Mapping) -> str:
    """The way that a mapping of crossings reads, where every row has the same."""
    return dict(mapping.constants).get("direction", "") if mapping.kind == "crossing" else ""
