"""What the codes of a column stand for that says exit or entry: by the file's own legend, else by a person's word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Words
from dataclasses import replace

from vialtrace.ingest.clean.words import DIRECTIONS
from vialtrace.model.mapping import Mapping, Question, Sheet

MOST_CODES = 4
"""More different words than this are no codes of a direction."""

_USUAL = {"1": "entry", "2": "exit"}
"""How the immigration service numbers them."""


def with_direction(sheet: Sheet, mapping: Mapping) -> tuple[Mapping, tuple[Question, ...]]:
    """The mapping with what every code of its direction stands for, and a question where a person must say."""
    reading = mapping.reading("direction")
    if mapping.kind != "crossing" or reading is None or mapping.is_journey:
        return mapping, ()
    known = {word for words in DIRECTIONS.values() for word in words} | {word.lower() for word, _ in reading.words}
    place = mapping.position(reading.column)
    codes = sorted({_plain(row[place]) for row in sheet.sample} - known - {""})
    if not 0 < len(codes) <= MOST_CODES:
        return mapping, ()
    told = legend(sheet, codes, DIRECTIONS)
    left = [code for code in codes if code not in told]
    usual = {code: _USUAL[code] for code in left if code in _USUAL}
    rule = {**told, **usual}
    if rule:
        read = replace(reading, words=(*reading.words, *rule.items()))
        mapping = replace(mapping, readings=tuple(read if each is reading else each for each in mapping.readings))
    if not left:
        return mapping, ()
    first = usual if len(usual) == len(left) else dict(zip(left, ("entry", "exit") * MOST_CODES, strict=False))
    other = {code: "exit" if way == "entry" else "entry" for code, way in first.items()}
    offered = tuple("words: " + ", ".join(f"{code}={way}" for code, way in each.items()) for each in (first, other))
    why = f"nothing says which of these codes is an exit: {', '.join(left)}"
    return mapping, (Question("direction", offered, why),)


def legend(sheet: Sheet, codes: Sequence[str], words: Words[str, Iterable[str]]) -> dict[str, str]:
    """What the titles above a table say that its codes stand for: ``说明：1-入境 2-出境``, ``D = departure``."""
    text = unicodedata.normalize("NFKC", " ".join(title for _, title in sheet.titles)).lower()
    found: dict[str, set[str]] = {}
    for code in codes:
        for key, names in words.items():
            some = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if len(name) > 1)
            before = rf"(?<![\w.]){re.escape(code)}\s*[-—=:为是.、)]\s*({some})"
            behind = rf"({some})\s*[-—=:为是(]\s*{re.escape(code)}(?![\w.])"
            if re.search(before, text) or re.search(behind, text):
                found.setdefault(code, set()).add(key)
    return {code: keys.pop() for code, keys in found.items() if len(keys) == 1}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().strip("'`").lower()
