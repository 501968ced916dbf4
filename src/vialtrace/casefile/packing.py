"""A printed PDF made small: what Chromium writes out object by object is packed into compressed object streams.

A page read aloud has a tag for every cell and sentence; Chromium writes fifty thousand of them in plain text, two
thirds of the file. PDF 1.5 (ISO 32000-1, 7.5.7 and 7.5.8) packs such objects, tags and all; nothing that a page shows
or says is left out.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from vialtrace.casefile.typefaces import slimmed

_A_STREAM = 400
"""Objects packed together: more compress no better, and a reader unpacks all to see one."""

_HEAD = re.compile(rb"(\d+) (\d+) obj\s")
_SECTION = re.compile(rb"(\d+) (\d+)\s+")
_IN_USE = re.compile(rb"(\d{10}) (\d{5}) n")
_ENTRY = 20


class _Plain(NamedTuple):
    """A file as Chromium writes it: each object by its number, in the order of the file, and the trailer's entries."""

    version: bytes
    objects: Mapping[int, bytes]
    trailer: bytes


def packed(content: bytes) -> bytes:
    """The same document with its objects packed; a file of another form than the one known here is left as it is."""
    found = _read(content)
    if found is None:
        return content
    objects = slimmed(found.objects)
    streams = {number for number, body in objects.items() if body.endswith(b"endstream")}
    small = [number for number in objects if number not in streams]
    out = bytearray(b"%PDF-1.5" + found.version)
    places: dict[int, tuple[int, int, int]] = {}
    for number in (each for each in objects if each in streams):
        places[number] = (1, len(out), 0)
        out += _object(number, objects[number])
    following = max(objects) + 1
    for at in range(0, len(small), _A_STREAM):
        chosen = small[at : at + _A_STREAM]
        places |= {number: (2, following, index) for index, number in enumerate(chosen)}
        places[following] = (1, len(out), 0)
        out += _object(following, _together({number: objects[number] for number in chosen}))
        following += 1
    places[following] = (1, len(out), 0)
    begins = len(out)
    out += _object(following, _crossings(places, following + 1, found.trailer))
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % begins


def _read(content: bytes) -> _Plain | None:
    """The objects of a file with one plain table of cross-references, or None."""
    tail = content.rfind(b"startxref")
    numbers = re.match(rb"startxref\s+(\d+)", content[tail:])
    begins = int(numbers[1]) if numbers else -1
    trailer = content.rfind(b"trailer", 0, tail)
    if content[begins : begins + 4] != b"xref" or trailer < begins or b"/Prev" in content[trailer:tail]:
        return None
    offsets: dict[int, int] = {}
    at = begins + 4
    while section := _SECTION.match(content[at:trailer].lstrip()):
        at += len(content[at:trailer]) - len(content[at:trailer].lstrip()) + section.end()
        for number in range(int(section[1]), int(section[1]) + int(section[2])):
            entry = _IN_USE.match(content[at : at + _ENTRY])
            if entry and int(entry[2]):
                return None
            if entry:
                offsets[number] = int(entry[1])
            at += _ENTRY
    ends = dict(zip(sorted(offsets.values()), [*sorted(offsets.values())[1:], begins], strict=True))
    objects: dict[int, bytes] = {}
    for number, offset in sorted(offsets.items(), key=lambda pair: pair[1]):
        body = content[offset : ends[offset]]
        head, end = _HEAD.match(body), body.rfind(b"endobj")
        if not head or int(head[1]) != number or end < 0:
            return None
        objects[number] = body[head.end() : end].strip()
    entries = re.sub(rb"/Size \d+", b"", content[trailer + len(b"trailer") : tail].strip()[2:-2])
    first_line = content.find(b"\n")
    binary = content[first_line : content.find(b"\n", first_line + 1) + 1]
    return _Plain(binary, objects, entries.strip())


def _object(number: int, body: bytes) -> bytes:
    return b"%d 0 obj\n%b\nendobj\n" % (number, body)


def _together(bodies: Mapping[int, bytes]) -> bytes:
    """An object stream: the number and place of each object, then the objects."""
    heads, at = [], 0
    for number, body in bodies.items():
        heads.append(b"%d %d" % (number, at))
        at += len(body) + 1
    head = b" ".join(heads) + b"\n"
    entries = b"/Type /ObjStm /N %d /First %d" % (len(bodies), len(head))
    return _stream(entries, head + b"\n".join(bodies.values()))


def _crossings(places: Mapping[int, tuple[int, int, int]], size: int, trailer: bytes) -> bytes:
    """The cross-references as a stream: what sort of entry, where, and which of a stream's objects."""
    table = np.zeros((size, 7), np.uint8)
    sorts = np.array([places.get(number, (0, 0, 0xFFFF)) for number in range(size)], np.uint32)
    table[:, 0] = sorts[:, 0]
    table[:, 1:5] = sorts[:, 1].astype(">u4").view(np.uint8).reshape(size, 4)
    table[:, 5:] = sorts[:, 2].astype(">u2").view(np.uint8).reshape(size, 2)
    # Each as what it differs by from the one before (ISO 32000-1, 7.4.4.4): most differ by little.
    differences = np.diff(table, axis=0, prepend=np.zeros((1, 7), np.uint8))
    rows = np.hstack([np.full((size, 1), 2, np.uint8), differences])
    entries = b"/Type /XRef /Size %d /W [1 4 2] /DecodeParms <</Predictor 12 /Columns 7>> %b" % (size, trailer)
    return _stream(entries, rows.tobytes())


def _stream(entries: bytes, content: bytes) -> bytes:
    made = zlib.compress(content, 6)
    return b"<<%b /Filter /FlateDecode /Length %d>>\nstream\n%b\nendstream" % (entries, len(made), made)
