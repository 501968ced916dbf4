"""Files as staged: text as received, row numbers as a spreadsheet shows them, and no row lost."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlwt
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from vialtrace import sources
from vialtrace.sources import Sheet, Staged
from vialtrace.sources.text import ReadAhead, Utf8Stream

HEADER = "运单号,收寄时间,寄件人\n"


def _staged(path: Path, target: Path) -> tuple[Sheet, Staged, list[dict[str, object]]]:
    (sheet,) = (each for each in sources.sniff(path) if not each.why_not)
    staged = sources.stage(path, sheet, target)
    rows = sorted(pq.read_table(target).to_pylist(), key=lambda row: row["row_no"])
    assert len(rows) + staged.n_blank == staged.n_rows
    return sheet, staged, rows


def _text(tmp_path: Path, content: bytes | str) -> tuple[Sheet, Staged, list[dict[str, object]]]:
    path = tmp_path / "file.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return _staged(path, tmp_path / "staged.parquet")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings_are_told_apart(tmp_path: Path, encoding: str) -> None:
    text = HEADER + "SF123,2024-01-01,张三\n" + "SF124,2024-01-02,李四\n" * 50
    sheet, staged, rows = _text(tmp_path, text.encode(encoding))
    assert sheet.headers == ("运单号", "收寄时间", "寄件人")
    assert (staged.n_rows, rows[0]["c2"]) == (51, "张三")


def test_a_file_of_many_pieces_is_staged_as_it_stands(tmp_path: Path) -> None:
    """Decoding, parsing and writing go on at the same time, each some pieces ahead of the next."""
    rows = [f"SF{number:08d},2024-01-01 08:00:00,张三{'丰' * (number % 40)}" for number in range(120_000)]
    sheet, staged, found = _text(tmp_path, (HEADER + "\n".join(rows)).encode("gb18030"))
    assert staged.n_rows == len(rows)
    assert [f"{row['c0']},{row['c1']},{row['c2']}" for row in found] == rows
    assert [row["row_no"] for row in found] == list(range(sheet.header_row + 1, sheet.header_row + 1 + len(rows)))


@pytest.mark.parametrize("size", [1, 1000, 1 << 20, (1 << 20) + 1, 1 << 23])
def test_what_is_read_ahead_is_what_stands_in_the_file(tmp_path: Path, size: int) -> None:
    text = "采血管,样本\n" * 400_000
    path = tmp_path / "file.csv"
    path.write_text(text, encoding="gb18030")
    with ReadAhead(Utf8Stream(path, "gb18030")) as stream:
        first = stream.read(size)
        # Nothing waits for a thread that is still reading when it is no longer wanted.
        assert text.encode().startswith(first)
        assert len(first) == min(size, len(text.encode()))
        assert size < 1000 or first + stream.read() == text.encode()


def test_gb18030_is_told_from_utf8_by_a_header_alone(tmp_path: Path) -> None:
    text = "主叫,被叫,通话时间\n" + "13800138000,13900139000,2024-01-01 10:00:00\n" * 3000
    assert _text(tmp_path, text.encode("gb18030"))[0].headers == ("主叫", "被叫", "通话时间")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("big5", "姓名,電話,地址\n陳大文,91234567,香港九龍觀塘道388號\n"),
        ("big5hkscs", "單號,寄件人\nSF1,陳啟明\n"),
        ("gb18030", "姓名,電話,地址\n陳大文,91234567,香港九龍觀塘道388號\n"),
        ("gb18030", "姓名,电话\n王,13812345678\n"),
        ("cp1252", "name,amount\nMüller,30\nJosé Peña,40\n"),
        ("utf-8", "name,amount\nMüller,30\n"),
    ],
)
def test_big5_gb18030_and_western_text_are_told_apart(tmp_path: Path, encoding: str, text: str) -> None:
    sheet, _, rows = _text(tmp_path, text.encode(encoding))
    lines = [line.split(",") for line in text.splitlines()]
    assert list(sheet.headers) == lines[0]
    assert [[row[f"c{n}"] for n in range(len(lines[0]))] for row in rows] == lines[1:]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_delimiters_are_sniffed(tmp_path: Path, delimiter: str) -> None:
    text = (HEADER + "SF123,2024-01-01,张三\nSF124,2024-01-02,李四\n").replace(",", delimiter)
    sheet, _, rows = _text(tmp_path, text)
    assert sheet.delimiter == delimiter
    assert [row["c0"] for row in rows] == ["SF123", "SF124"]


def test_the_header_is_found_below_titles_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    text = "运单查询结果\n导出单位: 协查,\n\n" + HEADER + "SF123,2024-01-01,张三\n\nSF124,2024-01-02,李四\n"
    sheet, staged, rows = _text(tmp_path, text)
    assert (sheet.header_row, staged.n_header_rows) == (4, 4)
    assert [row["row_no"] for row in rows] == [5, 7]
    assert (staged.n_rows, staged.n_blank) == (3, 1)


def test_ragged_rows_are_kept_with_what_is_wrong(tmp_path: Path) -> None:
    text = (
        HEADER
        + "SF1,2024-01-01,张三\nSF2,2024-01-01,张三,x,y\nSF3,2024-01-01\nSF4,2024-01-01,李四,,\nSF5,2024-01-02,王五\n"
    )
    _, staged, rows = _text(tmp_path, text)
    assert staged.n_problems == 1
    assert rows[1]["row_no"] == 3
    assert str(rows[1]["problem"]).startswith("expected 3 fields, got 5: SF2")
    assert (rows[2]["c0"], rows[2]["c2"], rows[2]["problem"]) == ("SF3", None, None)
    assert (staged.n_short, rows[2]["short"]) == (1, "expected 3 fields, got 2: SF3,2024-01-01")
    assert (rows[3]["c2"], rows[3]["problem"], rows[3]["short"]) == ("李四", None, None)
    assert rows[4]["row_no"] == 6


def test_rows_of_three_widths_are_held_against_the_header(tmp_path: Path) -> None:
    text = HEADER + "SF1,2024-01-01,张三,x\nSF2,2024-01-01\nSF3,2024-01-02,李四\n"
    sheet, staged, rows = _text(tmp_path, text)
    assert sheet.headers == ("运单号", "收寄时间", "寄件人")
    assert (staged.n_rows, staged.n_problems, staged.n_short) == (3, 1, 1)
    assert str(rows[0]["problem"]).startswith("expected 3 fields, got 4: SF1")
    assert rows[1]["short"] == "expected 3 fields, got 2: SF2,2024-01-01"


def test_a_header_is_found_above_rows_of_which_one_is_torn_into_many(tmp_path: Path) -> None:
    sheet, staged, _ = _text(tmp_path, HEADER + "SF1,2024-01-01,a,b,c,d,e,f\nSF2,2024-01-01\n")
    assert (sheet.headers, staged.n_problems, staged.n_short) == (("运单号", "收寄时间", "寄件人"), 1, 1)


def test_columns_without_a_name_are_read_where_most_rows_have_them(tmp_path: Path) -> None:
    text = HEADER + "SF1,2024-01-01,张三,x\nSF2,2024-01-01,李四,y\nSF3,2024-01-02,王五\n"
    sheet, staged, rows = _text(tmp_path, text)
    assert (sheet.headers[3], staged.n_problems, staged.n_short) == ("column 4", 0, 1)
    assert rows[0]["c3"] == "x"


PAYMENTS = "付款账号,收款账号,交易时间,金额,附言\n"


@pytest.mark.parametrize("end", ["a", ""])
def test_a_comma_in_an_amount_makes_no_smaller_amount(tmp_path: Path, end: str) -> None:
    torn = "".join(f"622202000000000{n},622848000000000{n},2024-03-0{n},{n},200.50,{end}\n" for n in range(1, 4))
    sheet, staged, rows = _text(tmp_path, PAYMENTS + torn)
    assert (sheet.n_columns, staged.n_rows, staged.n_problems) == (5, 3, 3)
    assert str(rows[0]["problem"]).startswith("expected 5 fields, got 6: 6222020000000001")


def test_an_empty_cell_at_the_end_of_rows_parts_no_amount_from_its_balance(tmp_path: Path) -> None:
    text = "账号,时间,金额,余额\n6222020000000001,2024-03-01,100,350.00,\n6222020000000001,2024-03-02,50,300,\n"
    sheet, staged, rows = _text(tmp_path, text)
    assert (sheet.n_columns, staged.n_problems, rows[0]["c2"], rows[0]["c3"]) == (4, 0, "100", "350.00")


def test_quoted_line_breaks_stay_inside_their_cell(tmp_path: Path) -> None:
    _, staged, rows = _text(tmp_path, 'waybill_no,contents,sender_name\nSF1,"tea\nand, toys",Wu\nSF2,x,Li\n')
    assert staged.n_rows == 2
    assert rows[0]["c1"] == "tea\nand, toys"
    assert [row["row_no"] for row in rows] == [2, 3]


@pytest.mark.parametrize("place", [0, 3, 18])
def test_a_stray_quote_loses_no_row(tmp_path: Path, place: int) -> None:
    lines = [f"SF{n:04d},2024-01-01,name{n}" for n in range(20)]
    lines[place] = f'SF{place:04d},"2024-01-01,name{place}'
    _, staged, rows = _text(tmp_path, HEADER + "\n".join(lines) + "\n")
    assert staged.n_rows == 20
    assert [row["c0"] for row in rows] == [f"SF{n:04d}" for n in range(20)]


def test_two_stray_quotes_do_not_swallow_what_lies_between(tmp_path: Path) -> None:
    lines = [f"SF{n:04d},2024-01-01,name{n}" for n in range(20)]
    lines[3], lines[9] = 'SF0003,2024-01-01,"name3', 'SF0009,2024-01-01,name9"'
    _, staged, rows = _text(tmp_path, HEADER + "\n".join(lines) + "\n")
    assert staged.n_rows == 20
    assert len({row["c0"] for row in rows}) == 20


@pytest.mark.parametrize(
    "contents", [pytest.param("'tea, toys'", id="where needed"), pytest.param("'it''s tea, toys'", id="doubled within")]
)
@pytest.mark.parametrize("is_all", [True, False])
def test_cells_in_apostrophes_are_read_without_them(tmp_path: Path, contents: str, *, is_all: bool) -> None:
    quoted = "'{}'".format if is_all else "{}".format
    lines = [["waybill_no", "contents", "sender_name"], *([f"SF{n}", contents, "O'Neil"] for n in range(3))]
    text = "\n".join(
        ",".join(
            cell if cell.startswith("'") else quoted(cell.replace("'", "''") if is_all else cell) for cell in line
        )
        for line in lines
    )
    sheet, staged, rows = _text(tmp_path, text + "\n")
    assert (sheet.quote, sheet.headers, staged.is_damaged) == ("'", ("waybill_no", "contents", "sender_name"), False)
    told = contents[1:-1].replace("''", "'")
    assert [(row["c0"], row["c1"], row["c2"]) for row in rows] == [(f"SF{n}", told, "O'Neil") for n in range(3)]


def test_an_apostrophe_that_keeps_the_digits_of_a_number_is_no_quote(tmp_path: Path) -> None:
    text = "account,name\n" + "'622202000000000000,O'Neil\n" * 5
    sheet, _, rows = _text(tmp_path, text)
    assert (sheet.quote, rows[0]["c0"]) == ('"', "'622202000000000000")


@pytest.mark.parametrize("first", ['{"waybill_no": "SF0", "accepted_at": ', "# exported", "null"])
def test_a_broken_first_line_of_json_is_a_row_that_cannot_be_read(tmp_path: Path, first: str) -> None:
    path = tmp_path / "file.jsonl"
    path.write_text(first + "\n" + '{"waybill_no": "SF1", "accepted_at": "2024-01-01"}\n' * 3)
    sheet, staged, rows = _staged(path, tmp_path / "staged.parquet")
    assert (sheet.format, staged.n_rows, staged.n_problems) == ("jsonl", 4, 1)
    assert (rows[0]["row_no"], str(rows[0]["problem"]).partition(":")[0]) == (1, "not a JSON object")


def test_nul_bytes_are_dropped_and_the_row_kept(tmp_path: Path) -> None:
    _, _, rows = _text(tmp_path, b"waybill_no,accepted_at\nSF1\x00\x00,2024-01-01\nSF2,2024-01-02\n")
    assert rows[0]["c0"] == "SF1"


def test_undecodable_bytes_are_a_problem_of_their_row_only(tmp_path: Path) -> None:
    good = "SF1,2024-01-01,张三\n".encode() * 200
    _, staged, rows = _text(tmp_path, HEADER.encode() + good + b"SF2,2024-01-01,\xff\xfe\n" + good)
    assert (staged.n_rows, staged.n_problems) == (401, 1)
    assert rows[200]["problem"] == "holds bytes that cannot be decoded"


def test_a_cell_of_ten_megabytes_is_kept_whole(tmp_path: Path) -> None:
    big = "x" * (10 << 20)
    _, staged, rows = _text(tmp_path, f"waybill_no,contents\nSF1,tea\nSF2,{big}\nSF3,toys\n")
    assert staged.n_rows == 3
    assert rows[1]["c1"] == big


def test_a_compressed_csv_reads_like_the_plain_one(tmp_path: Path) -> None:
    path = tmp_path / "file.csv.gz"
    path.write_bytes(gzip.compress((HEADER + "SF1,2024-01-01,张三\n").encode()))
    assert _staged(path, tmp_path / "staged.parquet")[2][0]["c2"] == "张三"


def test_repeated_and_empty_headers_are_told_apart(tmp_path: Path) -> None:
    sheet, _, _ = _text(tmp_path, "交易单号,网联/银联,网联/银联,,交易时间\n1,a,b,c,2024-01-01\n")
    assert sheet.headers == ("交易单号", "网联/银联", "网联/银联 (2)", "column 4", "交易时间")


def test_workbook_cells_come_out_as_written(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = openpyxl.Workbook()
    page = book.active
    page.append(["交易明细"])
    page.append(["交易时间", "付款账号", "收款账号", "金额"])
    page.append([dt.datetime(2024, 3, 5, 14, 22, 33), 6222000000000, "6217", 12.5])  # noqa: DTZ001  cells have no zone
    page.append([dt.datetime(2024, 3, 6), "a", "b", 100.0])  # noqa: DTZ001  cells have no zone
    page.append([None, None, None, None])
    page.append(["合计", None, None, 112.5])
    notes = book.create_sheet("notes")
    notes.append(["nothing here"])
    book.save(path)
    sheet, staged, rows = _staged(path, tmp_path / "staged.parquet")
    assert (sheet.sheet, sheet.header_row, staged.n_rows, staged.n_blank) == ("Sheet", 2, 4, 1)
    assert [rows[0][f"c{n}"] for n in range(4)] == ["2024-03-05 14:22:33", "6222000000000", "6217", "12.5"]
    assert (rows[1]["c0"], rows[1]["c3"], rows[2]["row_no"]) == ("2024-03-06", "100", 6)


def test_sheets_of_a_workbook_without_a_table_say_why_they_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["运单号", "收寄时间"])
    book.active.append(["SF1", "2024-01-01"])
    book.create_sheet("说明").append(["本表由某处提供"])
    book.create_sheet("空")
    book.create_chartsheet("图")
    book.save(path)
    assert {each.sheet: each.why_not for each in sources.sniff(path)} == {
        "Sheet": "",
        "说明": "it has one row, which is no row of column names",
        "空": "it holds no cells: an empty sheet, a chart or macros",
        "图": "it holds no cells: an empty sheet, a chart or macros",
    }


def test_a_value_merged_over_rows_stands_in_each_of_them(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = openpyxl.Workbook()
    page = book.active
    page.append(["寄件人", "运单号", "收寄时间"])
    for number in range(3):
        page.append(["张三" if number == 0 else None, f"SF{number}", "2024-01-01"])
    page.merge_cells("A2:A4")
    book.save(path)
    assert [row["c0"] for row in _staged(path, tmp_path / "staged.parquet")[2]] == ["张三"] * 3


def test_old_workbooks_are_read(tmp_path: Path) -> None:
    path = tmp_path / "book.xls"
    book = xlwt.Workbook()
    page = book.add_sheet("流水")
    for row, cells in enumerate([["交易时间", "付款账号", "收款账号", "金额"], ["2024-01-01", "a", "b", 3.0]]):
        for column, cell in enumerate(cells):
            page.write(row, column, cell)
    book.save(str(path))
    sheet, _, rows = _staged(path, tmp_path / "staged.parquet")
    assert (sheet.format, rows[0]["c3"]) == ("xls", "3")


def test_json_lines_keep_numbers_as_written_and_bad_lines_as_problems(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text('{"waybill_no": 12345678901234567890, "weight": 1.50, "sender": {"name": "Wu"}}\n\n{broken\n[1]\n')
    sheet, staged, rows = _staged(path, tmp_path / "staged.parquet")
    assert sheet.headers == ("waybill_no", "weight", "sender.name")
    assert [rows[0][f"c{n}"] for n in range(3)] == ["12345678901234567890", "1.50", "Wu"]
    assert (staged.n_rows, staged.n_blank, staged.n_problems) == (4, 1, 2)
    assert [row["row_no"] for row in rows] == [1, 3, 4]


def test_a_json_array_reads_like_json_lines(tmp_path: Path) -> None:
    records = [{"waybill_no": "SF1", "accepted_at": "2024-01-01"}, {"waybill_no": "SF2"}]
    path = tmp_path / "records.json"
    for text in (json.dumps(records), json.dumps(records, indent=1), json.dumps({"data": records})):
        path.write_text(text)
        sheet, _, rows = _staged(path, tmp_path / "staged.parquet")
        assert sheet.headers == ("waybill_no", "accepted_at")
        assert [(row["c0"], row["c1"]) for row in rows] == [("SF1", "2024-01-01"), ("SF2", None)]


def test_parquet_columns_come_out_as_text(tmp_path: Path) -> None:
    path = tmp_path / "records.parquet"
    pq.write_table(
        pa.table(
            {
                "paid_at": [dt.datetime(2024, 3, 5, 14, 22, 33), None],  # noqa: DTZ001  cells have no zone
                "amount": [12.0, 0.1],
                "n": [1, 2],
                "tags": [["a"], None],
            }
        ),
        path,
    )
    sheet, staged, rows = _staged(path, tmp_path / "staged.parquet")
    assert (sheet.header_row, staged.n_rows, [row["row_no"] for row in rows]) == (0, 2, [1, 2])
    assert str(rows[0]["c0"]).startswith("2024-03-05 14:22:33")
    assert (rows[0]["c1"], rows[1]["c1"], rows[0]["c2"], rows[0]["c3"]) == ("12", "0.1", "1", '["a"]')


CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t,\";'"), max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=12))
def test_any_written_table_reads_back_cell_for_cell(tmp_path: Path, rows: list[list[str]]) -> None:
    # A line inside a value that could be a record is taken for a stray quote's: nobody could tell them apart.
    assume(not any(line.count(",") == 2 for row in rows for cell in row for line in cell.split("\n")[1:-1]))
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    writer.writerow(["waybill_no", "accepted_at", "sender_name"])
    writer.writerows(rows)
    path = tmp_path / "file.csv"
    path.write_bytes(buffer.getvalue().encode())
    sheet = Sheet("file.csv", "", "delimited", "utf-8", ",", 1, None, ("waybill_no", "accepted_at", "sender_name"), ())
    staged = sources.stage(path, sheet, tmp_path / "staged.parquet")
    found = {
        row["row_no"]: [row["c0"], row["c1"], row["c2"]]
        for row in pq.read_table(tmp_path / "staged.parquet").to_pylist()
    }
    expected = {
        number: [cell or None for cell in row]
        for number, row in enumerate(rows, start=2)
        if any(cell.strip() for cell in row)
    }
    assert found == expected
    assert staged.n_rows == len(rows)


PLAIN = st.text(st.sampled_from("ab1 赵9，,\"'-=+\\/"), max_size=8)
NAMES = ("waybill_no", "accepted_at", "sender_name")


def _lines(rows: list[list[str]]) -> bytes:
    return "\n".join(json.dumps(dict(zip(NAMES, row, strict=True)), ensure_ascii=False) for row in rows).encode()


def _array(rows: list[list[str]]) -> bytes:
    return json.dumps([dict(zip(NAMES, row, strict=True)) for row in rows]).encode()


def _arrow(rows: list[list[str]]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({name: [row[place] for row in rows] for place, name in enumerate(NAMES)}), out)
    return out.getvalue()


def _excel(rows: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "a"
    for place, row in enumerate([list(NAMES), *rows], start=1):
        for column, text in enumerate(row, start=1):
            cell = book.active.cell(place, column, text or None)
            cell.data_type = "s" if text else "n"  # not a formula, whatever it begins with
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "written", "form", "header_row"),
    [
        ("a.jsonl", _lines, "json", 0),
        ("a.json", _array, "json", 0),
        ("a.parquet", _arrow, "parquet", 0),
        ("a.xlsx", _excel, "xlsx", 1),
    ],
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(PLAIN, min_size=3, max_size=3), min_size=1, max_size=8))
def test_any_table_reads_back_from_every_format(
    tmp_path: Path, rows: list[list[str]], name: str, written: Callable[..., bytes], form: str, header_row: int
) -> None:
    path = tmp_path / name
    path.write_bytes(written([["SF1", "2024-01-01", "x"], *rows]))
    if form == "xlsx":  # sniffing it would open it in a process of its own, each time
        sheet = Sheet(name, "a", form, "", "", header_row, None, NAMES, ())
    else:
        (sheet,) = sources.sniff(path)
    assert sheet.headers == NAMES
    staged = sources.stage(path, sheet, tmp_path / "staged.parquet")
    # Outer blanks of a cell are the cleaners' business; a workbook's reader may have dropped them.
    found = {
        row["row_no"]: [(row[f"c{place}"] or "").strip() for place in range(3)]
        for row in pq.read_table(tmp_path / "staged.parquet").to_pylist()
    }
    assert found == {
        number: [cell.strip() for cell in row]
        for number, row in enumerate([["SF1", "2024-01-01", "x"], *rows], start=header_row + 1)
        if any(cell.strip() for cell in row)
    }
    assert staged.n_problems == 0


def test_one_stray_control_code_makes_no_small_table_a_binary_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("document_no,crossed_at,direction\nE12345678,2024-05-01\x1f,exit\n")
    (sheet,) = sources.sniff(tmp_path / "a.csv")
    assert sheet.headers == ("document_no", "crossed_at", "direction")
