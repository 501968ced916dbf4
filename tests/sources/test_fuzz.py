"""Damaged files of every kind: none breaks the reader, hangs it, or loses a row."""

from __future__ import annotations

import gzip
import random
import time
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.fuzz import fuzz, mutated, outcome, seeds
from vialtrace import sources
from vialtrace.errors import UnreadableSource
from vialtrace.sources.compound import goes_in_circles, has_circle


def test_every_seed_is_read_whole(tmp_path: Path) -> None:
    for name, data in seeds().items():
        (tmp_path / name).write_bytes(data)
        assert outcome(tmp_path / name, tmp_path) == "read", name


def test_mutations_are_read_or_refused(tmp_path: Path) -> None:
    ends, failures = fuzz(range(1000), seed=7, place=tmp_path, clean_every=250, walk_every=200)
    assert failures == []
    assert sum(ends.values()) == 1000
    assert {end for _, end in ends} == {"read", "refused"}


def test_a_mutation_changes_the_file() -> None:
    given = seeds()
    chance = random.Random(1)  # noqa: S311  no secret
    changed = [mutated("a.csv", given["a.csv"], chance, list(given.values())) != given["a.csv"] for _ in range(50)]
    assert sum(changed) > 40


def test_a_stray_cell_in_the_last_corner_is_refused_not_fatal(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["金额", "时间"])
    book.active["XFD1048576"] = "x"
    book.save(tmp_path / "corner.xlsx")
    with pytest.raises(UnreadableSource, match="stray cell"):
        sources.sniff(tmp_path / "corner.xlsx")


def test_a_workbook_that_declares_to_unpack_to_gigabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(220):
            part.write(bytes(1 << 20))
    with pytest.raises(UnreadableSource, match="declares"):
        sources.sniff(path)


@pytest.mark.parametrize(("tail", "why"), [(b"", "does not end"), (b"></a>", "damaged XML"), (b"<a>", "damaged XML")])
def test_a_message_in_a_gzip_bomb_is_refused(tmp_path: Path, tail: bytes, why: str) -> None:
    path = tmp_path / "bomb.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(seeds()["epcis.xml"][:-30] + tail)
        for _ in range(40):
            file.write(b" " * (1 << 20))
    with pytest.raises(UnreadableSource, match=why):
        sources.sniff(path)


@pytest.mark.parametrize("depth", [150, 900, 3000, 200_000])
@pytest.mark.parametrize("pair", [("[", "]"), ('{"a":', "}")])
def test_json_nested_without_end_is_refused_or_quarantined(tmp_path: Path, depth: int, pair: tuple[str, str]) -> None:
    deep = pair[0] * depth + "1" + pair[1] * depth
    whole, lines = tmp_path / "deep.json", tmp_path / "deep.jsonl"
    whole.write_text(f'[{{"amount": {deep}}}]', encoding="utf-8")
    lines.write_text(f'{{"amount": "1"}}\n{{"amount": {deep}}}\n{{"amount": "3"}}\n', encoding="utf-8")
    with pytest.raises(UnreadableSource):
        sources.sniff(whole)
    (sheet,) = sources.sniff(lines)
    staged = sources.stage(lines, sheet, tmp_path / "staged.parquet")
    assert (staged.n_rows, staged.n_problems) == (3, 1)


def test_a_cell_of_a_hundred_thousand_digits_does_not_take_for_ever(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("9" * 120_000 + "x,b\n1,2\n", encoding="utf-8")
    began = time.monotonic()
    with pytest.raises(UnreadableSource):
        sources.sniff(tmp_path / "a.csv")
    assert time.monotonic() - began < 10


def test_texts_of_a_parquet_file_that_are_no_utf8_are_kept_with_a_problem(tmp_path: Path) -> None:
    broken = pa.StringArray.from_buffers(2, pa.py_buffer(b"\0\0\0\0\2\0\0\0\5\0\0\0"), pa.py_buffer(b"ok\xe4\xbbx"))
    pq.write_table(pa.table({"memo": broken, "amount": ["1", "2"]}), tmp_path / "a.parquet")
    (sheet,) = sources.sniff(tmp_path / "a.parquet")
    staged = sources.stage(tmp_path / "a.parquet", sheet, tmp_path / "staged.parquet")
    assert (staged.n_rows, staged.n_problems) == (2, 1)
    rows = pq.read_table(tmp_path / "staged.parquet").to_pylist()
    assert [(row["c0"], row["c1"]) for row in rows] == [("ok", "1"), ("\ufffdx", "2")]


def test_a_parquet_file_whose_column_names_are_no_utf8_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"付款账号": ["1"], "b": ["2"]}), tmp_path / "a.parquet", store_schema=False)
    whole = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "a.parquet").write_bytes(whole.replace("款".encode(), b"\xe6\xbb\xf2"))
    with pytest.raises(UnreadableSource, match="damaged Parquet"):
        sources.sniff(tmp_path / "a.parquet")


def test_a_cell_of_ten_megabytes_and_nul_bytes_lose_no_row(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_bytes(b"amount,paid_at,memo\n1,2024-03-04," + b"x" * (10 << 20) + b"\n2,2024\x00-03-05,\x00y\n")
    (sheet,) = sources.sniff(path)
    staged = sources.stage(path, sheet, tmp_path / "staged.parquet")
    assert (staged.n_rows, staged.n_blank, staged.n_problems) == (2, 0, 0)


def test_sectors_that_lead_back_to_themselves_are_told_from_those_that_end() -> None:
    assert not has_circle(np.array([1, 2, 0xFFFFFFFE, 0xFFFFFFFF]))
    assert has_circle(np.array([1, 2, 0]))
    assert has_circle(np.array([0xFFFFFFFE, 1]))
    assert not has_circle(np.array([0xFFFFFFFE, 0, 0, 1]))


@given(st.lists(st.integers(0, 12), min_size=1, max_size=10))
def test_a_circle_is_one_that_walking_finds(following: list[int]) -> None:
    def comes_to_an_end(at: int) -> bool:
        for _ in range(len(following) + 1):
            if at >= len(following):
                return True
            at = following[at]
        return False

    assert has_circle(np.array(following)) == (not all(map(comes_to_an_end, range(len(following)))))


def test_an_old_workbook_whose_sectors_go_in_circles_is_soon_refused(tmp_path: Path) -> None:
    whole = bytearray(seeds()["a.xls"])
    table = 512 * (1 + int.from_bytes(whole[76:80], "little"))
    assert not goes_in_circles(_written(tmp_path / "whole.xls", bytes(whole)))
    # Where a stream ended, its first sector follows again.
    whole[table : table + 512] = whole[table : table + 512].replace(b"\xfe\xff\xff\xff", bytes(4))
    path = _written(tmp_path / "round.xls", bytes(whole))
    assert goes_in_circles(path)
    began = time.monotonic()
    with pytest.raises(UnreadableSource, match="damaged"):
        sources.sniff(path)
    assert time.monotonic() - began < 20


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
