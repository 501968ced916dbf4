"""Values as a person may see them before anybody is known: enough to tell whether a column is read rightly.

Whose values a file holds is not known before it is taken in; so every field that could identify somebody is masked,
whoever it may turn out to be.
"""

from __future__ import annotations

import re
import unicodedata

from vialtrace.casefile.cells import is_guarded
from vialtrace.kit.visible import visible
from vialtrace.model import RECORDS

_LONGEST = 32
_LEFT_OPEN = {
    "phone": 5,
    "document": 2,
    "account": 4,
    "org_id": 4,
    "handle": 3,
    "address": 6,
    "name": 1,
    "identifier": 3,
}
"""How many characters stay: the country or network of a number, a province, a surname; none of them names anybody."""

_STANDS_FOR = {
    "own_account": "payer_account",
    "other_account": "payee_account",
    "own_name": "payer_name",
    "other_name": "payee_name",
    "own_identifier": "from_identifier",
    "other_identifier": "to_identifier",
    "amount_in": "amount",
    "amount_out": "amount",
}
"""Fields of one-sided lists, and the field of the record that each becomes."""

_FREE = frozenset({"memo", "contents", "text"})
"""Free text, in which anybody may be named: only its first characters stay."""


def masked(kind: str, field: str, text: str) -> str:
    """A value of a field, masked where the field could identify a person; of an unknown field, only its shape."""
    told = visible(" ".join(text.split()))
    field = _STANDS_FOR.get(field, field)
    if field == "flow":
        return _cut(told)
    if field not in RECORDS[kind].names:
        return _shape(told)
    column = RECORDS[kind].column(field)
    if is_guarded(kind, column):
        left = _LEFT_OPEN.get(column.kind_name, 0)
        # A short value is masked by half at least.
        return _starred(told, min(left, len(told) // 2))
    if field in _FREE and (kind, field) != ("post", "text"):
        return _starred(told, min(4, len(told) // 2))
    # Long numbers in a text lead to somebody, whatever the column is called.
    is_thing = column.kind_name != "text"
    return _cut(told if is_thing else re.sub(r"\d{5,}", lambda found: _starred(found[0], 2), told))


def masked_person(text: str) -> str:
    """A cell that holds a person's name, telephone and address together: its first letter stays, as of a name."""
    return _starred(visible(" ".join(text.split())), 1)


def _starred(text: str, left: int) -> str:
    return _cut(text[:left] + "".join("*" if each.isalnum() else each for each in text[left:]))


def _shape(text: str) -> str:
    """Digits as 9, letters as a, other scripts as 字: what stands in a column, without what it says."""
    told = unicodedata.normalize("NFKC", text)
    return _cut(
        "".join(
            "9" if c.isdigit() else "a" if c.isascii() and c.isalpha() else "字" if c.isalpha() else c for c in told
        )
    )


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
