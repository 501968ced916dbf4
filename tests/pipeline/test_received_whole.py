"""Whatever a cell of a row that was read holds, it can be had back as it was received, by file, sheet and row."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from vialtrace import actions, pipeline
from vialtrace.kit.ids import row_id
from vialtrace.store import Machine, Settings

_DESK = actions.Desk("a", machine=Machine.within(threads=1))
_KNOWN = ("document_no", "crossed_at", "direction")
_MORE = ("remark", "备注", "extra 3")
# Control codes throughout are what tells a binary file from a text; a few are read (see tests/sources).
_LETTERS = st.characters(codec="utf-8", exclude_characters="\ufffd", exclude_categories=("Cc", "Cs"))
_CELLS = st.text(_LETTERS, max_size=20) | st.sampled_from(
    ["", " ", '"', '""', "a,b", "a;b", "a\tb", "a|b", "'x'", "=1+1", "0012", "1e5", "NULL", "张三\n李四", "a\\"]
)
_ROWS = st.lists(st.tuples(_CELLS, _CELLS, _CELLS), min_size=2, max_size=12)


def _table(rows: list[tuple[str, str, str]]) -> list[tuple[str, ...]]:
    return [(f"E{n:08d}", f"2024-05-{n + 1:02d} 08:00:00", "exit", *row) for n, row in enumerate(rows)]


def _delimited(rows: list[tuple[str, ...]], delimiter: str, encoding: str, *, is_quoted: bool) -> bytes:
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if is_quoted else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=delimiter, quoting=quoting).writerows([(*_KNOWN, *_MORE), *rows])
    return out.getvalue().encode(encoding)


def _held(folder: Path, name: str, content: bytes) -> list[dict[str, str]]:
    """The rows of a file as received, from a case of its own, in the file's order."""
    (folder / name).write_bytes(content)
    case = actions.new(folder / "case", _DESK, Settings("a"))
    added = actions.add(folder / "case", actions.survey([folder / name]), _DESK, best_guess=True)
    (sheet,) = added.taken[0].taken
    held = pipeline.received(case, [row_id(sheet.source_no, number) for number in range(1, 2000)])
    return [held[each] for each in sorted(held)]


def _given(rows: list[tuple[str, ...]]) -> list[dict[str, str]]:
    return [{name: cell for name, cell in zip((*_KNOWN, *_MORE), row, strict=True) if cell} for row in rows]


_SOME = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@_SOME
@given(_ROWS, st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]), st.booleans())
def test_of_delimited_text(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str, str]],
    delimiter: str,
    encoding: str,
    is_quoted: bool
) -> None:
    table = _table(rows)
    content = _delimited(table, delimiter, encoding, is_quoted=is_quoted)
    assert _held(tmp_path_factory.mktemp("a"), "a.csv", content) == _given(table)


@_SOME
@given(_ROWS)
def test_of_json_lines(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]) -> None:
    table = _table(rows)
    lines = (json.dumps(dict(zip((*_KNOWN, *_MORE), row, strict=True)), ensure_ascii=False) for row in table)
    assert _held(tmp_path_factory.mktemp("a"), "a.jsonl", "\n".join(lines).encode()) == _given(table)


@_SOME
@given(_ROWS)
def test_of_parquet(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]) -> None:
    table = _table(rows)
    out = io.BytesIO()
    names = (*_KNOWN, *_MORE)
    pq.write_table(pa.table({name: [row[n] for row in table] for n, name in enumerate(names)}), out)
    assert _held(tmp_path_factory.mktemp("a"), "a.parquet", out.getvalue()) == _given(table)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_ROWS)
def test_of_workbooks(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]) -> None:
    # What a workbook cannot hold, or holds as a formula, was never in it; its reader takes a cell of blanks for none.
    table = [
        tuple("" if cell.isspace() else ILLEGAL_CHARACTERS_RE.sub("", cell).lstrip("=") for cell in row)
        for row in _table(rows)
    ]
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in ((*_KNOWN, *_MORE), *table):
        book.active.append(row)
    book.save(out)
    assert _held(tmp_path_factory.mktemp("a"), "a.xlsx", out.getvalue()) == _given(table)
