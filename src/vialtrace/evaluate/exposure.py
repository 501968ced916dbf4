"""Whether findings show a protected party: a search for every identifier of every donor and client.

The text of the findings is cut into its distinct strings, and each stretch as long as a protected identifier is looked
up in the set of them: the cost grows with the text, not with the number of parties.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from vialtrace.evaluate.matching import identifiers, normal

# "waybills.csv:120331": only the file's name could say anything about a person.
_SOURCE_ROW = re.compile(r"^(.*):\d+$")
_MASK = re.compile(r"[*•]|x{2,}")
_WORD = re.compile(r"\w")


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield str(key)
            yield from _strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _strings(each)
    elif value is not None:
        yield str(value)


def _texts(findings: Mapping[str, Any]) -> list[str]:
    rows_cut = {(found.group(1) if (found := _SOURCE_ROW.match(text)) else text) for text in _strings(findings)}
    # With and without blanks: names keep theirs, every other identifier is compared without.
    return sorted({form for text in rows_cut if text for form in (normal("name", text), normal("", text))})


def _forms(kind: str, value: str) -> set[str]:
    """The ways an identifier can be written: a phone with and without its country code, a handle without platform."""
    forms = {value}
    if kind == "phone" and value.startswith("+"):
        forms.add(value[1:])
        if value.startswith("+86"):
            forms.add(value[3:])
    if kind == "handle" and ":" in value:
        forms.add(value.split(":", 1)[1])
    return {form for form in forms if kind == "name" or len(form) >= 5}


def _may_be_shown(truth: Mapping[str, Any]) -> set[str]:
    """What members, their places and look-alikes bear: a namesake's or a shared family phone exposes nobody."""
    shown = {
        value
        for network in truth.get("networks", ())
        for member in network.get("members", ())
        for kind, value in identifiers(member)
    }
    shown |= {value for party in truth.get("lookalikes", ()) for _, value in identifiers(party)}
    shown |= {
        normal("address", str(place["address"]))
        for network in truth.get("networks", ())
        for place in network.get("places", ())
        if place.get("address")
    }
    return shown


def _stands_alone(text: str, start: int, length: int) -> bool:
    """Whether a name is a word of its own there: 张伟 within 张伟明 is somebody else."""
    before, after = text[start - 1 : start], text[start + length : start + length + 1]
    return not (_WORD.match(before) or _WORD.match(after))


def exposed(findings: Mapping[str, Any], truth: Mapping[str, Any]) -> dict[str, int]:
    """How many protected identifiers of each type stand anywhere in the findings; empty when all is well.

    Args:
        findings: as in the findings schema.
        truth: its ``protected`` list is what is searched for.
    """
    allowed = _may_be_shown(truth)
    wanted: dict[int, dict[str, tuple[str, str]]] = defaultdict(dict)
    for party in truth.get("protected", ()):
        for kind, value in identifiers(party):
            if value in allowed or _MASK.search(value):
                continue
            for form in _forms(kind, value) - allowed:
                wanted[len(form)][form] = (kind, value)
    hits: set[tuple[str, str]] = set()
    for text in _texts(findings):
        for length, values in wanted.items():
            for start in range(len(text) - length + 1):
                found = values.get(text[start : start + length])
                if found and (found[0] != "name" or _stands_alone(text, start, length)):
                    hits.add(found)
    return dict(sorted(Counter(kind for kind, _ in hits).items()))
