"""Messy files hold the same facts as clean ones, in worse manners."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from vialtrace.model import RECORDS
from vialtrace.simulate import simulate
from vialtrace.simulate.dirt import STYLES


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same world clean and messy."""
    clean, messy = tmp_path_factory.mktemp("clean"), tmp_path_factory.mktemp("messy")
    simulate("small_slow", clean, seed=9, lawful_ratio=10.0)
    simulate("small_slow", messy, seed=9, lawful_ratio=10.0, messy=True)
    return clean / "records", messy / "records"


def cells(file: Path, encoding: str) -> list[list[str]]:
    """All rows of a delimited or Excel file, or the objects of a JSON Lines file as rows of values."""
    if file.suffix == ".xlsx":
        book = openpyxl.load_workbook(file)
        return [["" if cell is None else str(cell) for cell in row] for row in book.active.iter_rows(values_only=True)]
    text = file.read_text(encoding=encoding)
    if file.suffix == ".jsonl":
        return [[], *(list(json.loads(line).values()) for line in text.splitlines())]
    return list(csv.reader(io.StringIO(text), delimiter="\t" if file.suffix == ".tsv" else ","))


def test_every_waybill_is_in_some_file_once_or_as_a_known_repeat(folders: tuple[Path, Path]) -> None:
    clean, messy = folders
    numbers = {row[0] for row in cells(clean / "waybill.csv", "utf-8")[1:]}
    found: list[str] = []
    for style in STYLES["waybill"]:
        if (messy / style.file).exists():
            rows = cells(messy / style.file, style.encoding)[1 + len(style.title) :]
            found += [row[0] for row in (rows[:-1] if style.has_totals else rows)]
    assert set(found) == numbers
    assert 0 < len(found) - len(numbers) < 0.02 * len(numbers)


def test_gb18030_files_are_not_utf8(folders: tuple[Path, Path]) -> None:
    _, messy = folders
    for styles in STYLES.values():
        for style in styles:
            if style.encoding == "gb18030" and (messy / style.file).exists():
                with pytest.raises(UnicodeDecodeError):
                    (messy / style.file).read_text(encoding="utf-8")


def test_a_workbook_has_title_rows_headers_and_totals(folders: tuple[Path, Path]) -> None:
    _, messy = folders
    rows = cells(messy / "交易明细.xlsx", "")
    assert rows[0][0] == "交易明细"
    assert rows[2][0] == "交易时间"
    assert rows[-1][0] == "合计"
    amount = rows[2].index("金额")
    assert float(rows[-1][amount]) == pytest.approx(sum(float(row[amount]) for row in rows[3:-1]))


def test_a_file_handed_over_twice_has_the_same_bytes(folders: tuple[Path, Path]) -> None:
    _, messy = folders
    assert (messy / "运单查询.xlsx").read_bytes() == (messy / "运单查询(1).xlsx").read_bytes()


def test_weights_in_kilograms_are_a_thousandth(folders: tuple[Path, Path]) -> None:
    clean, messy = folders
    rows = cells(clean / "waybill.csv", "utf-8")
    grams = {row[0]: row[rows[0].index("weight_g")] for row in rows[1:]}
    heavy = cells(messy / "快递甲_寄递数据.csv", "gb18030")
    place = heavy[0].index("重量(kg)")
    weighed = [row for row in heavy[1:] if row[place]]
    assert weighed
    assert all(float(row[place]) * 1000 == pytest.approx(float(grams[row[0]])) for row in weighed)


def test_masks_signs_and_mangled_accounts_occur(folders: tuple[Path, Path]) -> None:
    _, messy = folders
    masked = cells(messy / "快递乙_导出.tsv", "utf-8-sig")
    assert any("****" in cell for row in masked for cell in row)
    bank = cells(messy / "银行流水.csv", "gb18030")
    assert all(row[3].startswith("¥") for row in bank[1:])
    assert any("E+" in row[1] for row in [*bank, *cells(messy / "交易明细.xlsx", "")])


def test_headers_of_messy_files_are_known_synonyms(folders: tuple[Path, Path]) -> None:
    _, messy = folders
    for kind, styles in STYLES.items():
        known = {name for column in RECORDS[kind].columns for name in (column.name, *column.label, *column.synonyms)}
        for style in styles:
            if (messy / style.file).exists() and not style.file.endswith(".jsonl"):
                header = cells(messy / style.file, style.encoding)[len(style.title)]
                assert set(header) <= known, style.file
