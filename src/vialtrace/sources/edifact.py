"""UN/EDIFACT: the segments of an interchange, each with the byte it begins at (ISO 9735).

Real messages are not what the standard says: blanks and line ends between and inside segments, service characters
other than those the ``UNA`` names, no ``UNA``, groups or none. All of it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_DEFAULT = (b":", b"+", b"?", b"'")
_BEGINS = re.compile(rb"\s*(UNA\W.{3,8}?\s*)?UN[BGH][^\w\s]", re.DOTALL)
_STRING_ADVICE = re.compile(rb"UNA([^\w\s].{2,8}?)\s*(?=UN[BGH][^\w\s])", re.DOTALL)


@dataclass(frozen=True)
class Segment:
    """One segment: its tag, its elements as lists of components, and the byte it begins at."""

    tag: str
    elements: tuple[tuple[str, ...], ...]
    at: int

    def get(self, element: int, component: int = 0) -> str:
        """One component, counted from 0 after the tag; empty where the segment is shorter."""
        parts = self.elements[element] if element < len(self.elements) else ()
        return parts[component] if component < len(parts) else ""


def is_edifact(head: bytes) -> bool:
    """Whether a file begins as an interchange, a group or a message does."""
    return _BEGINS.match(head) is not None


def segments(data: bytes) -> Iterator[Segment]:
    """Every segment in order; what follows the last terminator counts as a segment, too."""
    component, element, release, end = _DEFAULT
    at = 0
    while at < len(data):
        if data[at : at + 1].isspace():
            at += 1
            continue
        advice = _STRING_ADVICE.match(data, at)
        if advice is not None:
            component, element, release, end = _advised(advice.group(1), data[advice.end() + 3 : advice.end() + 4])
            at = advice.end()
            continue
        stop = _end_of(data, at, release, end)
        yield _segment(data[at:stop], at, component, element, release)
        at = stop + 1


def _advised(given: bytes, element: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """The service characters that a ``UNA`` means; where a letter is missing from it, those that its use shows."""
    component, end = given[:1], given.rstrip()[-1:]
    release = given[3:4] if len(given) >= 5 else b""
    return component, element, release if release not in (component, element, end, b" ") else b"", end


def _end_of(data: bytes, at: int, release: bytes, end: bytes) -> int:
    """Where the segment that begins ``at`` ends: the next terminator that is not released."""
    stop = data.find(end, at)
    while stop > at and release:
        n_released = 0
        while data[stop - 1 - n_released : stop - n_released] == release and stop - n_released > at:
            n_released += 1
        if n_released % 2 == 0:
            break
        stop = data.find(end, stop + 1)
    return len(data) if stop < 0 else stop


def _segment(data: bytes, at: int, component: bytes, element: bytes, release: bytes) -> Segment:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    text = re.sub(r"[\r\n]+", "", text)
    parts = _split(text, element.decode("latin-1"), release.decode("latin-1"))
    elements = tuple(
        tuple(
            _plain(each, release.decode("latin-1"))
            for each in _split(part, component.decode("latin-1"), release.decode("latin-1"))
        )
        for part in parts
    )
    tag = elements[0][0] if elements and elements[0] else ""
    return Segment(tag.upper(), elements[1:], at)


def _split(text: str, by: str, release: str) -> list[str]:
    """A text at each separator that is not released."""
    if not release or release not in text:
        return text.split(by)
    parts, start, place = [], 0, 0
    while place < len(text):
        if text[place] == release:
            place += 2
            continue
        if text[place] == by:
            parts.append(text[start:place])
            start = place + 1
        place += 1
    return [*parts, text[start:]]


def _plain(text: str, release: str) -> str:
    """A component without its release characters and outer blanks."""
    if release and release in text:
        text = re.sub(re.escape(release) + "(.)", r"\1", text, flags=re.DOTALL)
    return text.strip()
