"""A list of parcels with two sets of the same headers (姓名, 电话, 地址, and again): the sender's and the receiver's.

Such lists put the sender first. Nothing in the file says so unless a header before each set does, so a person is asked.
"""

from __future__ import annotations

import re
from dataclasses import replace

from vialtrace.ingest.renaming import in_words_of
from vialtrace.model.headers import put_together
from vialtrace.model.mapping import Guess, Question, Sheet, normal_header

_ATTRIBUTES: dict[str, frozenset[str]] = {
    what: frozenset(map(normal_header, words.split("|")))
    for what, words in {
        "name": "姓名|名字|名称|联系人|name|full name|contact person",
        "phone": "电话|手机|手机号|手机号码|电话号码|联系电话|联系方式|phone|mobile|tel|telephone|contact|phone number",
        "address": "地址|详细地址|联系地址|address|full address",
    }.items()
}
_LEAST = 2
"""Headers that stand twice, from which on two people are told of."""

_BY_CUSTOM = 0.7
"""How sure it is that the first of two sets is the sender's."""

_AGAIN = re.compile(r" \(2\)$")


def of_ends(sheet: Sheet) -> tuple[Sheet, dict[str, str]] | None:
    """The sheet with the two sets under headers of sender and receiver, and its own name of each; None without two."""
    found: dict[str, list[int]] = {}
    for place, header in enumerate(sheet.headers):
        plain = normal_header(_AGAIN.sub("", header))
        if what := next((what for what, words in _ATTRIBUTES.items() if plain in words), ""):
            found.setdefault(what, []).append(place)
    sets = {what: places for what, places in found.items() if len(places) == 2}
    if len(sets) < _LEAST or len(sets) < len(found):
        return None
    first, second = ([places[end] for places in sets.values()] for end in (0, 1))
    if max(first) >= min(second):
        return None
    told = [_told_before(sheet, min(first), 0), _told_before(sheet, min(second), max(first) + 1)]
    ends = ("receiver", "sender") if told in (["receiver", "sender"], ["receiver", ""]) else ("sender", "receiver")
    names = {places[n]: f"{ends[n]}_{what}" for what, places in sets.items() for n in (0, 1)}
    headers = tuple(names.get(place, header) for place, header in enumerate(sheet.headers))
    if len(set(headers)) < len(headers):
        return None
    return replace(sheet, headers=headers), dict(zip(headers, sheet.headers, strict=True))


def with_ends(guess: Guess, sheet: Sheet, told: dict[str, str]) -> Guess:
    """A guess at the renamed sheet in the words of the file, with the question who stands first where none says it."""
    guess = in_words_of(guess, sheet, told)
    ends = [each for each in told if each.startswith(("sender_", "receiver_"))]
    first = told[ends[0]]
    place = sheet.headers.index(first)
    if _told_before(sheet, place, 0):
        return guess
    other = told[next(each for each in ends if each.partition("_")[2] == ends[0].partition("_")[2] and each != ends[0])]
    why = f"two sets of the same headers: {first!r} and those beside it are taken for the sender's, which come first"
    columns = {told[name] for name in ends}
    readings = tuple(
        replace(each, confidence=min(each.confidence, _BY_CUSTOM)) if each.column in columns else each
        for each in guess.mapping.readings
    )
    asked = (*guess.unsure, Question(ends[0], (first, other), why))
    return replace(guess, mapping=replace(guess.mapping, readings=readings), unsure=asked)


def _told_before(sheet: Sheet, place: int, least: int) -> str:
    """The end that the header right before a set tells of, where nothing stands under it; empty if it tells of none."""
    if place - 1 < least or any(row[place - 1].strip() for row in sheet.sample):
        return ""
    roles = {field.partition("_")[0] for kind, field in put_together(sheet.headers[place - 1]) if kind == "waybill"}
    return roles.pop() if len(roles) == 1 and roles <= {"sender", "receiver"} else ""
