"""Text without what may differ between two ways of writing one identifier: full-width forms, case, blanks."""

from __future__ import annotations

import re
import unicodedata

# The shortest numbers that lead to a person are local telephone numbers of seven digits.
NUMBER = re.compile(r"\+?\d(?:[\s\-‐-―.()（）*_/]*[\d*]){6,}[xX]?")


def fold(text: str) -> str:
    """``text`` without what may differ between two ways of writing one identifier."""
    if text.isascii():
        return "".join(text.split()).casefold()
    return text.translate(FOLDED)


class _Folded(dict[int, str]):
    """Each character folded by itself, worked out when it is first met: there are no more than Unicode has."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = unicodedata.normalize("NFKC", character).casefold()
        self[code] = "" if folded.isspace() or unicodedata.category(character) == "Cf" else folded
        return self[code]


FOLDED = _Folded()


def digits_of(text: str) -> str:
    """The digits of a number, and what is masked in it."""
    return "".join(
        character for character in unicodedata.normalize("NFKC", text) if character.isdigit() or character == "*"
    )
