"""The typefaces inside a printed PDF, with the letters the document uses and no others.

Chromium leaves out the letters that no page shows. Of many Chinese letters (about nine hundred) it fails to, and puts
the typeface in whole: five megabytes, with the collection of typefaces that it lies in, which no PDF may hold. Where a
typeface has no bold letters it draws them as outlines to a hundred thousandth of a point. Here the letters that no page
shows are emptied (their numbers stay, for pages name letters by number, ISO 32000-1, 9.7.4.2), and outlines are drawn
to the whole unit of their grid, of which the height of a letter has two thousand.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

_WHOLE = 1_000_000
"""A typeface of more bytes than this came in whole; to find its letters all pages must be read."""

_TABLES = (b"cvt ", b"fpgm", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp", b"prep")
"""What a typeface in a PDF needs (ISO 32000-1, 9.9); letters are named by number, and need no names or encodings."""

_OUTLINE = frozenset((b"d1", b"m", b"l", b"c", b"v", b"y", b"h", b"f"))
_FINE_GRID = re.compile(rb"/FontMatrix \[\.000\d+ 0 0 -?\.000\d+ 0 0\]")
_BELOW_ONE, _FRACTION = re.compile(rb"(?<!\d)-?\.\d+"), re.compile(rb"\.\d+")
_OPERATOR = re.compile(rb"[A-Za-z][A-Za-z0-9*]*")
_REFERENCE = re.compile(rb" (\d+) 0 R")
_SHOWN = re.compile(rb"<([0-9A-Fa-f]+)> Tj")
_BASE_FONT = re.compile(rb"/BaseFont /(?:[A-Z]{6}\+)?(\S+)")
_NAMED = re.compile(rb"/F(\d+) (\d+) 0 R")

_POST_SCRIPT_NAME = 6

# The parts of a letter that is made of others (OpenType 1.9, glyf): what follows each, and whether another follows.
_WORDS, _SCALE, _MORE, _TWO_SCALES, _MATRIX = 0x1, 0x8, 0x20, 0x40, 0x80
_PART, _HEAD = struct.Struct(">HH"), struct.Struct(">4sIII")


def slimmed(objects: Mapping[int, bytes]) -> dict[int, bytes]:
    """The objects of a PDF by number, with its typefaces slimmed; what is of another form stays as it is."""
    changed = dict(objects)
    for number in _outlines(objects):
        plain = _inflated(objects[number])
        if plain is not None and frozenset(_OPERATOR.findall(plain)) <= _OUTLINE:
            changed[number] = _stream(b"", _FRACTION.sub(b"", _BELOW_ONE.sub(b"0", plain)))
    whole = _whole(objects)
    for (file, name), letters in (_letters(objects, whole) if whole else {}).items():
        content = _inflated(objects[file])
        trimmed = _trimmed(content, name, letters) if content else None
        if trimmed is not None:
            changed[file] = _stream(b"/Length1 %d" % len(trimmed), trimmed)
    return changed


def _outlines(objects: Mapping[int, bytes]) -> set[int]:
    """The objects that are letters drawn as outlines on a fine grid."""
    found: set[int] = set()
    for body in objects.values():
        if b"/Subtype /Type3" in body[:200] and _FINE_GRID.search(body):
            procs = body[body.find(b"/CharProcs") :]
            found |= {int(each) for each in _REFERENCE.findall(procs[: procs.find(b">>")])}
    return found & objects.keys()


def _whole(objects: Mapping[int, bytes]) -> dict[int, tuple[int, bytes]]:
    """The fonts whose typeface came in whole, each with the object that holds it and what it is called."""
    found = {}
    for number, body in objects.items():
        if b"/Subtype /Type0" not in body[:200] or b"/Identity-H" not in body:
            continue
        descendant = _referred(objects, body, b"/DescendantFonts [")
        file = _referred(objects, _referred_body(objects, descendant, b"/FontDescriptor"), b"/FontFile2")
        size = re.search(rb"/Length1 (\d+)", objects.get(file, b"")[:200])
        if size and int(size[1]) > _WHOLE and b"/CIDToGIDMap /Identity" in objects.get(descendant, b""):
            named = _BASE_FONT.search(body)
            found[number] = file, named[1] if named else b""
    return found


def _referred(objects: Mapping[int, bytes], body: bytes, name: bytes) -> int:
    """The object that an entry refers to; 0 where there is none."""
    place = body.find(name)
    found = re.match(rb" ?(\d+) 0 R", body[place + len(name) :]) if place >= 0 else None
    return int(found[1]) if found and int(found[1]) in objects else 0


def _referred_body(objects: Mapping[int, bytes], number: int, name: bytes) -> bytes:
    return objects.get(_referred(objects, objects.get(number, b""), name), b"")


def _letters(objects: Mapping[int, bytes], whole: Mapping[int, tuple[int, bytes]]) -> dict[tuple[int, bytes], set[int]]:
    """The letters of each of these typefaces that a page shows; nothing where a page may name its fonts otherwise."""
    shown: dict[int, set[bytes]] = {font: set() for font in whole}
    for body in objects.values():
        if any(name != number for name, number in _NAMED.findall(body[: body.find(b"stream")])):
            return {}
        plain = _inflated(body) if b"/Type" not in body[:200] and b"/Length1" not in body[:200] else None
        if plain is None or b" Tf" not in plain:
            continue
        for part in plain.split(b"\n/F")[1:]:
            name = part[: part.find(b" ")]
            if name.isdigit() and int(name) in shown:
                shown[int(name)].update(_SHOWN.findall(part))
    letters: dict[tuple[int, bytes], set[int]] = {}
    for font, codes in shown.items():
        letters.setdefault(whole[font], set()).update(
            int(code[at : at + 4], 16) for code in codes for at in range(0, len(code), 4)
        )
    return letters


def _faces(content: bytes) -> Iterator[dict[bytes, bytes]]:
    """The tables of a TrueType file, or of each typeface of a collection."""
    starts: tuple[int, ...] = (0,) if content[:4] == b"\0\1\0\0" else ()
    if content[:4] == b"ttcf":
        starts = struct.unpack_from(f">{struct.unpack_from('>I', content, 8)[0]}I", content, 12)
    for start in starts:
        n_tables = struct.unpack_from(">H", content, start + 4)[0]
        heads = [_HEAD.unpack_from(content, start + 12 + 16 * place) for place in range(n_tables)]
        yield {tag: content[at : at + size] for tag, _, at, size in heads}


def _post_script_name(tables: Mapping[bytes, bytes]) -> bytes:
    """What a typeface is called in a PDF (OpenType 1.9, name 6); empty where it does not say so."""
    named = tables.get(b"name", b"")
    n_names, texts = struct.unpack_from(">HH", named, 2) if named else (0, 0)
    for place in range(n_names):
        platform, _, _, name_id, size, at = struct.unpack_from(">6H", named, 6 + 12 * place)
        if name_id == _POST_SCRIPT_NAME:
            name: bytes = named[texts + at : texts + at + size]
            return name if platform == 1 else name.replace(b"\0", b"")
    return b""


def _trimmed(content: bytes, name: bytes, letters: Iterable[int]) -> bytes | None:
    """The typeface called ``name`` with only ``letters`` drawn, under the numbers they had; None of another form."""
    tables = next((face for face in _faces(content) if _post_script_name(face) in (name, b"")), {})
    if not {b"glyf", b"head", b"loca", b"maxp"} <= tables.keys():
        return None
    is_long = struct.unpack_from(">h", tables[b"head"], 50)[0]
    n_letters = struct.unpack_from(">H", tables[b"maxp"], 4)[0]
    places = struct.unpack_from(f">{n_letters + 1}{'I' if is_long else 'H'}", tables[b"loca"])
    drawn = [tables[b"glyf"][at:end] if is_long else tables[b"glyf"][2 * at : 2 * end] for at, end in pairwise(places)]
    kept, wanted = set(), {0, *letters}
    while wanted:
        letter = wanted.pop()
        if letter not in kept and letter < n_letters:
            kept.add(letter)
            wanted.update(_parts(drawn[letter]))
    starts, made = [0], bytearray()
    for letter, outline in enumerate(drawn):
        if letter in kept:
            made += outline + b"\0" * (-len(outline) % 4)
        starts.append(len(made))
    tables[b"glyf"] = bytes(made)
    tables[b"loca"] = struct.pack(f">{n_letters + 1}I", *starts)
    head = bytearray(tables[b"head"])
    struct.pack_into(">I", head, 8, 0)
    struct.pack_into(">h", head, 50, 1)
    tables[b"head"] = bytes(head)
    return _together({tag: tables[tag] for tag in _TABLES if tag in tables})


def _parts(outline: bytes) -> set[int]:
    """The letters that a letter is made of."""
    if len(outline) < 10 or struct.unpack_from(">h", outline)[0] >= 0:
        return set()
    found, at, more = set(), 10, True
    while more:
        flags, letter = _PART.unpack_from(outline, at)
        found.add(letter)
        at += 4 + (4 if flags & _WORDS else 2)
        at += 2 if flags & _SCALE else 4 if flags & _TWO_SCALES else 8 if flags & _MATRIX else 0
        more = bool(flags & _MORE)
    return found


def _together(tables: Mapping[bytes, bytes]) -> bytes:
    """A TrueType file of these tables (OpenType 1.9, the font file)."""
    power = len(tables).bit_length() - 1
    head = struct.pack(">IHHHH", 0x00010000, len(tables), 16 << power, power, 16 * (len(tables) - (1 << power)))
    at, entries, body = 12 + 16 * len(tables), b"", b""
    for tag, content in tables.items():
        padded = content + b"\0" * (-len(content) % 4)
        entries += _HEAD.pack(tag, _sum(padded), at + len(body), len(content))
        body += padded
    made = bytearray(head + entries + body)
    adjustment = (0xB1B0AFBA - _sum(bytes(made))) & 0xFFFFFFFF
    struct.pack_into(">I", made, at + _offset(tables, b"head") + 8, adjustment)
    return bytes(made)


def _offset(tables: Mapping[bytes, bytes], wanted: bytes) -> int:
    """Where a table begins after the list of tables."""
    at = 0
    for tag, content in tables.items():
        if tag == wanted:
            break
        at += len(content) + -len(content) % 4
    return at


def _sum(padded: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF


def _inflated(body: bytes) -> bytes | None:
    """What a compressed stream holds; None of anything else."""
    place = body.find(b"stream\n")
    if place < 0 or b"/FlateDecode" not in body[:place]:
        return None
    return zlib.decompress(body[place + len(b"stream\n") :])


def _stream(entries: bytes, content: bytes) -> bytes:
    made = zlib.compress(content, 6)
    return b"<<%b /Filter /FlateDecode /Length %d>>\nstream\n%b\nendstream" % (entries, len(made), made)
