"""A printed PDF holds the letters it shows and no others, and shows what it did."""

from __future__ import annotations

import io
import itertools
import re
import shutil
import struct
import subprocess
import zlib

import pypdf
import pytest

from vialtrace.casefile import packing, pdf, typefaces

_HEADS = struct.Struct(">4sIII")


def outline(size: int) -> bytes:
    """A letter of one contour, of so many bytes."""
    return struct.pack(">hhhhh", 1, 0, 0, 9, 9) + bytes(size - 10)


def composed(*letters: int) -> bytes:
    """A letter made of others, each scaled, with words for places; the last says that no more follow."""
    parts = b"".join(
        struct.pack(">HHhhh", 0x1 | 0x8 | (0x20 if letter != letters[-1] else 0), letter, 0, 0, 1) for letter in letters
    )
    return struct.pack(">hhhhh", -1, 0, 0, 9, 9) + parts


def tables(name: str, letters: list[bytes]) -> dict[bytes, bytes]:
    """The tables of a typeface with these letters, all of even length, told by short places."""
    starts = [sum(map(len, letters[:place])) // 2 for place in range(len(letters) + 1)]
    called = name.encode("utf-16-be")
    return {
        b"GSUB": b"what no PDF needs",
        b"glyf": b"".join(letters),
        b"head": bytes(50) + struct.pack(">hh", 0, 0),
        b"loca": struct.pack(f">{len(starts)}H", *starts),
        b"maxp": struct.pack(">IH", 0x00010000, len(letters)),
        b"name": struct.pack(">HHH6H", 0, 1, 18, 3, 1, 0x409, 6, len(called), 0) + called,
    }


def collection(*faces: dict[bytes, bytes]) -> bytes:
    """Several typefaces in one file, as they are installed."""
    at, starts, body = 12 + 4 * len(faces), [], b""
    for face in faces:
        starts.append(at)
        place = at + 12 + 16 * len(face)
        heads = b""
        for tag, content in face.items():
            heads += _HEADS.pack(tag, 0, place, len(content))
            place += len(content)
        body += struct.pack(">IHHHH", 0x00010000, len(face), 0, 0, 0) + heads + b"".join(face.values())
        at = place
    return b"ttcf" + struct.pack(f">II{len(faces)}I", 0x00010000, len(faces), *starts) + body


def read(content: bytes) -> tuple[dict[bytes, bytes], list[bytes]]:
    """The tables of a file, and its letters."""
    heads = [_HEADS.unpack_from(content, 12 + 16 * place) for place in range(struct.unpack_from(">H", content, 4)[0])]
    found = {tag: content[at : at + size] for tag, _, at, size in heads}
    places = struct.unpack(f">{len(found[b'loca']) // 4}I", found[b"loca"])
    return found, [found[b"glyf"][at:end] for at, end in itertools.pairwise(places)]


def test_letters_keep_their_numbers_and_what_they_are_made_of_and_the_others_are_emptied():
    letters = [outline(12), outline(20), outline(16), composed(1, 4), composed(2), outline(24)]
    made = typefaces._trimmed(collection(tables("Other", [outline(12)] * 6), tables("Han", letters)), b"Han", [3])
    assert made is not None
    found, drawn = read(made)
    assert [bool(each) for each in drawn] == [True, True, True, True, True, False]
    assert drawn[3].rstrip(b"\0") == letters[3].rstrip(b"\0")
    assert b"GSUB" not in found
    assert b"name" not in found
    assert struct.unpack_from(">h", found[b"head"], 50) == (1,)
    words = struct.unpack(f">{len(made) // 4}I", made + b"\0" * (-len(made) % 4))
    assert sum(words) & 0xFFFFFFFF == 0xB1B0AFBA


@pytest.mark.parametrize("content", [b"OTTO" + bytes(8), collection(tables("Other", [outline(12)])), b""])
def test_a_typeface_of_another_form_or_name_is_left_as_it_is(content):
    assert typefaces._trimmed(content, b"Han", [0]) is None


def test_outlines_lie_on_their_grid_and_pictures_are_left_as_they_are():
    def body(content: bytes) -> bytes:
        made = zlib.compress(content)
        return b"<</Filter /FlateDecode /Length %d>>\nstream\n%b\nendstream" % (len(made), made)

    font = b"<</Type /Font\n/Subtype /Type3\n/FontMatrix [.00048828125 0 0 -.00048828125 0 0]\n"
    objects = {
        1: font + b"/CharProcs <</g1 2 0 R\n/g2 3 0 R>>>>",
        2: body(b"2048 0 42 -16 19 21 d1\n489.19513 -.6504 m\n-12.9 .5 l\nh\nf"),
        3: body(b"2048 0 d0\n.24 0 0 .24 0 0 cm\n/X4 Do"),
    }
    slim = typefaces.slimmed(objects)
    assert typefaces._inflated(slim[2]) == b"2048 0 42 -16 19 21 d1\n489 0 m\n-12 0 l\nh\nf"
    assert (slim[1], slim[3]) == (objects[1], objects[3])


@pytest.mark.slow
@pytest.mark.skipif(pdf.program() is None, reason="no Chromium is installed")
def test_a_page_of_many_letters_holds_them_all_and_no_whole_typeface(monkeypatch):
    letters = "".join(map(chr, range(0x4E00, 0x9FA5, 14)))
    as_printed: list[bytes] = []
    packed = packing.packed
    monkeypatch.setattr(pdf, "packed", lambda content: as_printed.append(content) or packed(content))
    made = pdf.printed(f"<html lang=zh><title>t</title><p>{letters}</p><p><b>{letters[:80]}</b></p></html>")
    assert made == packed(as_printed[0])
    for page in pypdf.PdfReader(io.BytesIO(made)).pages:
        for font in page["/Resources"]["/Font"].values():
            file = font.get_object().get("/DescendantFonts", [{}])[0].get("/FontDescriptor", {}).get("/FontFile2")
            assert file is None or file.get_data()[:4] == b"\0\1\0\0"
    assert len(made) < 1_500_000
    if shutil.which("pdftoppm"):
        before, after = (
            subprocess.run(["pdftoppm", "-gray", "-r", "50"], input=each, capture_output=True, check=True).stdout
            for each in (as_printed[0], made)
        )
        assert len(before) == len(after)
        # A few pixels at the edges of bold letters are a shade lighter; a letter that is missing is a hundred.
        assert sum(abs(one - other) > 64 for one, other in zip(before, after, strict=True)) < 20
    said = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages)
    assert not [each for each in letters[:80] if each not in re.sub(r"\s", "", said)]
