"""A network with many exhibits: its page stays small, the others follow on sheets, and every link still arrives."""

from __future__ import annotations

import csv
import io
import itertools
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import world

from vialtrace import casefile
from vialtrace.casefile import page as page_module
from vialtrace.casefile import paging

TABLES, RAW = world.tables()


def made(language: str = "en", **given: Any) -> casefile.CaseFile:
    return casefile.case_file(
        TABLES,
        network_id=world.NETWORK,
        case=world.CASE,
        received=lambda rows: {row_id: RAW[row_id] for row_id in rows if row_id in RAW},
        pseudonym=world.pseudonym,
        fields=world.FIELDS,
        language=language,
        **given,
    )


def files(found: casefile.CaseFile) -> dict[str, str]:
    return dict(zip(found.names.values(), (found.page, *found.sheets), strict=True))


def exhibits(text: str) -> dict[str, str]:
    """Each exhibit with its inside, links shorn of their files."""
    return {
        number: re.sub(r'href="[^"#]*#', 'href="#', inside)
        for number, inside in re.findall(r'<article class="exhibit" id="([A-Z]-\d+)"(.*?)</article>', text, re.DOTALL)
    }


def test_a_small_network_stands_on_its_page_alone() -> None:
    assert made().sheets == ()
    assert list(made().names) == [0]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_exhibit_stands_once_and_is_the_same_wherever_it_stands(language: str) -> None:
    whole, cut = made(language), made(language, most_on_page=1)
    there = [exhibits(text) for text in files(cut).values()]
    assert len(there) > 1
    assert sum(map(len, there)) == len(exhibits(whole.page))
    assert {number: inside for each in there for number, inside in each.items()} == exhibits(whole.page)
    assert max(sum(n.startswith(f"{letter}-") for n in there[0]) for letter in "CFPTBDRWIL") == 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_link_of_page_and_sheets_leads_to_an_anchor_of_the_file_it_names(language: str) -> None:
    texts = files(made(language, most_on_page=1))
    ids = {name: set(re.findall(r'\bid="([^"]+)"', text)) for name, text in texts.items()}
    astray = [
        (name, link)
        for name, text in texts.items()
        for link in re.findall(r'href="([^"]+)"', text)
        if (file := link.partition("#")[0] or name) not in ids
        or (link.partition("#")[2] and link.partition("#")[2] not in ids[file])
    ]
    assert astray == []


def test_sheets_are_of_bounded_size_and_in_the_order_of_the_exhibits() -> None:
    numbers = [f"B-{number}" for number in range(1, 1300)] + ["C-1"]
    found = paging.sheets(numbers, most=100)
    assert "B-100" not in found
    assert "C-1" not in found
    assert list(found) == numbers[100:-1]
    assert max(list(found.values()).count(sheet) for sheet in set(found.values())) == paging.MOST_ON_SHEET


def test_a_list_of_rows_too_long_for_a_spreadsheet_is_packed_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(csv.reader(io.StringIO(made().rows.decode("utf-8-sig"))))
    monkeypatch.setattr(page_module, "LONGEST_LIST", 50)
    packed, again = made(), made()
    assert packed.is_packed
    assert packed.rows == again.rows
    with zipfile.ZipFile(io.BytesIO(packed.rows)) as found:
        names = sorted(found.namelist(), key=lambda name: int(re.findall(r"\d+", name)[0]))
        parts = [list(csv.reader(io.StringIO(found.read(name).decode("utf-8-sig")))) for name in names]
    assert max(map(len, parts)) == 51
    assert [row for part in parts for row in part[1:]] == whole[1:]
    assert {tuple(part[0]) for part in parts} == {tuple(whole[0])}


def test_beyond_the_longest_draw_rows_stand_as_in_their_files_and_none_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def listed() -> dict[str, list[list[str]]]:
        rows: dict[str, list[list[str]]] = {}
        for exhibit, *row in csv.reader(io.StringIO(made().rows.decode("utf-8-sig"))):
            rows.setdefault(exhibit, []).append(row)
        return rows

    whole = listed()
    monkeypatch.setattr(page_module, "LONGEST_DRAW", 3)
    cut = listed()
    assert max(map(len, whole.values())) > 10
    for exhibit, rows in cut.items():
        assert rows[:3] == whole[exhibit][:3]
        assert sorted(row[1:] for row in rows) == sorted(row[1:] for row in whole[exhibit])
        assert {draw for draw, *_ in rows[3:]} <= {""}
        by_file = [(file, int(row)) for _, file, row in rows[3:]]
        assert all(one[0] != next_[0] or one[1] < next_[1] for one, next_ in itertools.pairwise(by_file))
