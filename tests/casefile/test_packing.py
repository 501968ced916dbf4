"""A packed PDF is the document it was: an outside reader finds every object, every page, every text and every tag."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
from pypdf.generic import ContentStream, DictionaryObject, NameObject

from vialtrace.casefile import packing, pdf


def plain(n_pages: int) -> bytes:
    """A small file as older writers made them: each object in the clear, one table of cross-references."""
    written = pypdf.PdfWriter()
    for number in range(n_pages):
        page = written.add_blank_page(200, 200)
        content = ContentStream(None, written)
        content.set_data(b"BT 20 100 Td (page %d) Tj ET" % number)
        page[NameObject("/Contents")] = written._add_object(content)
    for number in range(900):
        written._add_object(DictionaryObject({NameObject("/Type"): NameObject(f"/Tag{number}")}))
    out = io.BytesIO()
    written.write(out)
    return out.getvalue()


def objects(content: bytes) -> dict[int, str]:
    """Every object that an outside reader finds, but the packings themselves."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    found = {}
    for number in {*reader.xref.get(0, {}), *reader.xref_objStm}:
        held = reader.get_object(number)
        if isinstance(held, DictionaryObject) and held.get("/Type") in ("/ObjStm", "/XRef"):
            continue
        # An address in the reader's memory is no part of the document.
        data = held.get_data().hex() if hasattr(held, "get_data") else ""
        found[number] = re.sub(r", \d{6,}\)", ")", repr(held)) + data
    return found


def test_every_object_and_page_is_found_again() -> None:
    before = plain(3)
    after = packing.packed(before)
    assert after.startswith(b"%PDF-1.5")
    assert len(after) < len(before) / 3
    assert objects(after) == objects(before)
    contents = [page.get_contents() for page in pypdf.PdfReader(io.BytesIO(after)).pages]
    assert [f"(page {number})".encode() in each.get_data() for number, each in enumerate(contents)] == [True] * 3
    assert after == packing.packed(before)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 torn", packing.packed(plain(1)), plain(1)[:-40]])
def test_a_file_of_another_form_is_left_as_it_is(content: bytes) -> None:
    assert packing.packed(content) == content


@pytest.mark.slow
@pytest.mark.skipif(pdf.program() is None, reason="no Chromium is installed")
def test_a_printed_page_keeps_its_tags_links_and_texts() -> None:
    text = "<html lang=en><title>t</title><h1 id=a>Head</h1><p>Text <a href=#a>link</a></p>"
    text += "<table><tr><th>x</th></tr>" + "<tr><td>cell</td></tr>" * 200 + "</table>"
    reader = pypdf.PdfReader(io.BytesIO(pdf.printed(text)))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is not None
    assert root["/Lang"] == "en"
    kinds = [
        held.get("/S")
        for number in reader.xref_objStm
        if isinstance(held := reader.get_object(number), DictionaryObject) and held.get("/Type") == "/StructElem"
    ]
    assert kinds.count("/TD") == 200
    assert {"/H1", "/P", "/TH", "/Table"} <= set(kinds)
    assert reader.pages[0]["/Annots"]
    assert "Head" in reader.pages[0].extract_text()
