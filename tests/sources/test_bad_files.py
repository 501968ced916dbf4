"""Files that cannot be taken in: each is refused with what it is, what was expected and the way out."""

from __future__ import annotations

import gzip
import random
import struct
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vialtrace import sources
from vialtrace.errors import UnreadableSource


def _refusal(path: Path) -> UnreadableSource:
    with pytest.raises(UnreadableSource) as caught:
        sources.sniff(path)
    assert path.name in caught.value.given
    assert caught.value.expected
    return caught.value


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")
    assert "0 bytes" in _refusal(path).given


def test_a_file_of_blanks_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "blank.csv"
    path.write_bytes(b" \r\n\r\n\t\n")
    assert "blanks" in _refusal(path).given


@pytest.mark.parametrize("seed", range(8))
def test_random_bytes_are_refused(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "noise.csv"
    path.write_bytes(random.Random(seed).randbytes(5000))  # noqa: S311  noise, no secret
    assert "not text" in _refusal(path).given


def test_a_workbook_with_a_password_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "locked.xlsx"
    # What matters of an encrypted workbook: a compound file whose directory names the encrypted package.
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1016 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 480
    )
    refusal = _refusal(path)
    assert "password" in refusal.given
    assert "remove the protection" in refusal.way_out


def test_a_zip_cut_short_is_refused(tmp_path: Path) -> None:
    whole = tmp_path / "whole.zip"
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>" * 100)
    path = tmp_path / "cut.xlsx"
    path.write_bytes(whole.read_bytes()[:60])
    assert "damaged archive" in _refusal(path).given


def test_a_zip_of_other_files_is_refused_by_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "bundle.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("notes.txt", "hello")
    assert "notes.txt" in _refusal(path).given


def test_a_zip_bomb_is_refused_by_its_declared_size(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"")
    content = bytearray(path.read_bytes())
    # Only the declared size matters: nothing is unpacked to find out.
    place = content.rfind(b"PK\x01\x02")
    struct.pack_into("<I", content, place + 24, 0xF0000000 - 1)
    struct.pack_into("<I", content, place + 20, 2)
    path.write_bytes(bytes(content))
    assert "declares" in _refusal(path).given


def test_a_parquet_cut_short_is_refused(tmp_path: Path) -> None:
    whole = tmp_path / "whole.parquet"
    pq.write_table(pa.table({"waybill_no": ["SF1"] * 100}), whole)
    path = tmp_path / "cut.parquet"
    path.write_bytes(whole.read_bytes()[:-40])
    assert "cut short" in _refusal(path).way_out


def test_a_gzip_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(gzip.compress(b"waybill_no,accepted_at\n" + b"SF1234567,2024-01-01\n" * 5000)[:-20])
    with pytest.raises(UnreadableSource, match="damaged gzip"):
        sources.stage(path, sources.sniff(path)[0], tmp_path / "staged.parquet")


@pytest.mark.parametrize(
    ("content", "what"), [(b"%PDF-1.7 ...", "PDF"), (b"Rar!\x1a\x07", "RAR"), (b"\x89PNG\r\n\x1a\n", "picture")]
)
def test_well_known_foreign_files_are_named(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    assert what in _refusal(path).given


@pytest.mark.parametrize(
    "begin",
    [
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="gb2312"></head><body>',
        "\ufeff<!DOCTYPE html>\n<body>",
        "",
        "MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html>",
    ],
)
def test_a_web_page_saved_as_a_workbook_is_named_with_what_a_spreadsheet_would_lose(tmp_path: Path, begin: str) -> None:
    path = tmp_path / "pay.xls"
    table = "<table><tr><th>付款账号</th><th>金额</th></tr><tr><td>6222020000000001</td><td>1</td></tr></table>"
    path.write_text(begin + table, "utf-8")
    refusal = _refusal(path)
    assert "web page" in refusal.given
    assert "more than fifteen digits" in refusal.way_out


@pytest.mark.parametrize("text", ["hello\nworld\n", "1,2,3\n4,5,6\n7,8,9\n", "Dear Sir,\nplease find attached\n"])
def test_a_text_without_a_header_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "plain.txt"
    path.write_text(text)
    assert "no header" in _refusal(path).given


def test_damaged_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "records.json"
    path.write_text('[\n {"waybill_no": "SF1"},\n {"waybill_no": ')
    assert "damaged JSON" in _refusal(path).given


def test_json_without_objects_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "records.json"
    path.write_text("[\n 1, 2, 3\n]")
    assert "no objects" in _refusal(path).given
