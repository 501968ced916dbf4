"""A cell that a person put right stands with both texts at its row and in the list of such cells; it betrays nobody."""

import io
import json
import re
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import world

from vialtrace import casefile
from vialtrace.casefile import Mended

TABLES, RAW = world.tables()
# The third parcel: its weight, its sender's phone (a donor's) and its receiver's phone (a member's) were misread.
ROW = world.row(3, 2)
OTHER_DONOR = world.DONORS["d-17"][1]["phone"].removeprefix("+86")
WHY = "The courier's letter of 3 March."
RECEIVED = {
    **RAW,
    ROW: {**RAW[ROW], "重量": "0,21o", "寄件人电话": "1385550000O", "收件人电话": OTHER_DONOR, "托寄物内容": ""},
}
CASE = replace(
    world.CASE,
    mended=tuple(
        Mended(ROW, column, text, "Analyst Wu", "2026-03-04", WHY)
        for column, text in (
            ("收件人电话", "13700000016"),
            ("寄件人电话", "13855500000"),
            ("托寄物内容", "茶叶"),
            ("重量", "0.21"),
        )
    ),
)


def row_of(language="en", case=CASE):
    page = casefile.case_file(
        TABLES,
        network_id=world.NETWORK,
        case=case,
        received=lambda rows: {row: RECEIVED[row] for row in rows if row in RECEIVED},
        pseudonym=world.pseudonym,
        fields=world.FIELDS,
        language=language,
    ).page
    shown = re.search(rf'<p class="raw" id="r-[A-Z]-\d+-{ROW}" data-chosen="1">(.*?)</p>', page, re.DOTALL)
    return page, re.sub(r"\s+|&nbsp;|<[^>]+>", " ", shown[1]) if shown else None


@pytest.mark.parametrize(
    ("language", "said"), [("en", "read as 0.21: put right by a person"), ("zh", "按“0.21”读取：经人工更正")]
)
def test_what_was_received_and_what_is_read_stand_side_by_side(language, said):
    page, shown = row_of(language)
    assert shown is not None
    assert f"0,21o {said}" in " ".join(shown.split())
    assert page.count("Analyst Wu") == len(CASE.mended)


def test_a_cell_that_was_empty_is_shown_with_what_is_read():
    _, shown = row_of()
    assert "托寄物内容 read as 茶叶" in " ".join(shown.split())


def test_a_cell_read_as_empty_is_said_so():
    emptied = replace(CASE, mended=(Mended(ROW, "重量", "", "Analyst Wu", "2026-03-04", WHY),))
    assert "0,21o read as empty: put right by a person" in " ".join(row_of(case=emptied)[1].split())


def test_neither_text_of_a_cell_leads_to_a_donor():
    page, shown = row_of()
    assert OTHER_DONOR not in page
    assert "1385550000O" not in page
    assert "13855500000" not in page
    # The member's own number is shown as it is read; what stood there before could be anybody's.
    assert "收件人电话 withheld read as 13700000016: put right by a person" in " ".join(shown.split())


def test_the_list_says_where_by_whom_when_and_why_and_leads_to_the_row():
    page, _ = row_of()
    section = page.split('<section id="sources"')[1].split("</section>")[0]
    places = re.findall(rf'<a href="#r-[A-Z]-\d+-{ROW}">waybills\.csv:2</a>', section)
    assert len(places) == len(CASE.mended)
    assert section.count("2026-03-04") == section.count("courier&#39;s letter") == len(CASE.mended)


@pytest.mark.parametrize(("language", "said"), [("en", "No cell was put right by hand"), ("zh", "无人工更正的单元格")])
def test_a_case_without_such_a_cell_says_so(language, said):
    assert said in row_of(language, world.CASE)[0]


def test_the_defence_is_told_of_every_such_cell():
    held = casefile.dossier(
        TABLES,
        case=CASE,
        received=lambda rows: {row: RECEIVED[row] for row in rows if row in RECEIVED},
        pseudonym=world.pseudonym,
        fields=world.FIELDS,
    )
    with zipfile.ZipFile(io.BytesIO(casefile.exported("disclosure", held))) as packed:
        told = json.loads(packed.read("disclosure.json"))["mended"]
        page = packed.read("disclosure.html").decode()
    assert told[0] == {
        "row": "waybills.csv:2",
        "column": "收件人电话",
        "who": "Analyst Wu",
        "on": "2026-03-04",
        "why": WHY,
    }
    assert page.count("Analyst Wu") == len(CASE.mended)
