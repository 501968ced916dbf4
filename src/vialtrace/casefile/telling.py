"""What some stage wrote in English, in the language of the page.

English is the detectors' own sentence. Chinese is made from the catalogue: by detector, with the numbers of the English
sentence in their order. A sentence with fewer numbers than its Chinese needs is told by its counts instead, so that a
detector can change what it says and nothing wrong is printed.
"""

from __future__ import annotations

import re

from vialtrace.casefile.shelf import Row
from vialtrace.casefile.wording import Words, count, plain

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
# Detectors write for any number; of one parcel it is said so.
_COUNTED = "parcel|post|client|payment|payer|member|order|trip|day|week|test"
_ONE = re.compile(rf"(?<![\d,.])1 ((?:other |public |different )?(?:{_COUNTED}))s\b")
_NEEDED = re.compile(r"\{n(\d)\}")


def sentence(row: Row, words: Words, n_rows: int) -> str:
    """A claim as a sentence, with {subject} and {object} for its two ends."""
    english = str(row["claim"] or "")
    if words.language == "en":
        return _ONE.sub(r"1 \1", english)
    numbers = {f"n{place}": each for place, each in enumerate(_NUMBER.findall(english), start=1)}
    key = f"claim.{row['detector']}"
    needed = (
        max((int(place) for place in _NEEDED.findall(words.texts[key][1])), default=0) if key in words.texts else -1
    )
    is_told = 0 <= needed <= len(numbers)
    there = words("and.object", object="{object}") if row["object_id"] is not None else ""
    given = {
        "subject": "{subject}",
        "object": "{object}" if is_told else there,
        "rows": count(n_rows),
        "observed": plain(row["n_observed"]),
        "expected": plain(row["n_expected"]),
        "line": words.line(row["line"]),
    }
    return words(key if is_told else "claim.other", **given, **numbers)


def basis(row: Row, words: Words) -> str:
    """What an estimate was counted from and assumes."""
    if words.language == "en":
        return str(row["basis"] or "")
    key = f"basis.{row['method']}"
    return words(key if key in words.texts else "basis.other", rows=count(row["n_rows"]))


def alias(reason: str, words: Words) -> str:
    """Why another party of the records is the same person as a member."""
    return reason if words.language == "en" else words("cast.alias.reason")


def question(row: Row, words: Words) -> str:
    """The question of a detector that could not be asked."""
    if words.language == "en":
        return str(row["question"] or row["detector"])
    return words.known("question", row["detector"])
