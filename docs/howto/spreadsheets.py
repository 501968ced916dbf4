"""Ten simulated spreadsheets as strangers send them, for the first how-to. Nobody in them exists.

``python -m docs.howto.spreadsheets DIR`` writes them; the same bytes every time.
"""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl

_NEVER = (1980, 1, 1, 0, 0, 0)
_CLIENTS = ("赵小梅", "钱思雨", "孙婷婷", "李佳怡", "周雅文", "吴晓芳", "郑心怡", "王子涵")
_PHONES = tuple(f"1380001{n:04d}" for n in range(101, 109))
_CARDS = tuple(f"62170000100000{n:05d}" for n in range(201, 209))
_HOLDER, _OTHER_HOLDER = "6222020200000000017", "6228480400000000033"
_HUB, _HUB_PHONE = "黄伟", "13700000016"
_HUB_ADDRESS = "广东省深圳市罗湖区人民南路12号3栋502室"

Rows = Sequence[Sequence[object]]


def _text(rows: Rows, delimiter: str, encoding: str) -> bytes:
    lines = (delimiter.join("" if cell is None else str(cell) for cell in row) for row in rows)
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def _book(sheets: dict[str, Rows], merged: Iterable[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
    for place in merged:
        book.worksheets[0].merge_cells(place)
    made, out = io.BytesIO(), io.BytesIO()
    book.save(made)
    # A workbook holds the moment it was saved, in its parts and in the archive.
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in sorted(old.namelist()):
            content = old.read(part) if part != "docProps/core.xml" else _CORE
            new.writestr(zipfile.ZipInfo(part, _NEVER), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


_CORE = (
    b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>vialtrace</dc:creator></cp:coreProperties>'
)


def files() -> dict[str, bytes]:
    """The ten files by name."""
    n = range(8)
    day = [f"2025-03-{each + 3:02d}" for each in n]
    serial = [45719 + each + 0.4375 for each in n]  # 2025-03-03 10:30 and on
    parcels = [
        [
            f"SF1000000000{each:03d}",
            day[each],
            "顺丰速运" if each % 4 == 0 else None,
            _CLIENTS[each],
            _PHONES[each],
            _HUB,
            _HUB_PHONE,
            "日用品",
            0.2 + each / 100,
        ]
        for each in n
    ]
    return {
        # Titles above the header, one carrier over several rows, kilograms, a total below.
        "快递查询结果.xlsx": _book(
            {
                "查询结果": [
                    ["寄递协查结果"],
                    ["查询单位: 协查", None, "导出时间: 2025-04-02"],
                    ["运单号", "收寄日期", "快递公司", "寄件人", "寄件电话", "收件人", "收件电话", "品名", "重量(kg)"],
                    *parcels,
                    ["合计", None, None, None, None, None, None, None, 1.88],
                ]
            },
            ("C4:C7", "C8:C11"),
        ),
        # A bank's reply: GB18030, tabs glued to long numbers, codes that say whose side they are only at this bank.
        "流水_甲行.csv": _text(
            [
                ["交易卡号", "账户开户名称", "交易时间", "交易金额", "收付标志", "交易对手账卡号", "对手户名"],
                *(
                    [
                        f"\t{_HOLDER}",
                        "王五",
                        f"{day[each].replace('-', '')} 1022{each:02d}",
                        f"{2380 + each}.00",
                        "贷",
                        f"\t{_CARDS[each]}",
                        _CLIENTS[each],
                    ]
                    for each in n
                ),
                [f"\t{_HOLDER}", "王五", "20250312 090000", "9000.00", "借", f"\t{_OTHER_HOLDER}", "孙七"],
            ],
            ",",
            "gb18030",
        ),
        # One holder's statement: named in a title, what came in and what went out in a column each.
        "对账单.xlsx": _book(
            {
                "对账单": [
                    ["户名：孙七", None, f"账号：{_OTHER_HOLDER}", None, None, None],
                    ["交易日期", "摘要", "借方发生额", "贷方发生额", "余额", "对方户名", "对方账号"],
                    ["2025-03-12", "转账", None, 9000, 9500, "王五", _HOLDER],
                    ["2025-03-13", "劳务", 1500, None, 8000, "陈大文", "6230000000000000041"],
                    ["2025-03-14", "劳务", 1500, None, 6500, "林小玉", "6230000000000000058"],
                    ["合计", None, 3000, 9000, None, None, None],
                ]
            }
        ),
        # Ten thousands of yuan, subtotals by week, dates as a spreadsheet counts them.
        "货款汇总.xlsx": _book(
            {
                "三月": [
                    ["检测费汇总表", None, None, "单位：万元"],
                    ["付款时间", "付款账号", "收款账号", "金额"],
                    *([serial[each], _CARDS[each], _HOLDER, 0.238] for each in range(4)),
                    ["小计", None, None, 0.952],
                    *([serial[each], _CARDS[each], _HOLDER, 0.248] for each in range(4, 8)),
                    ["小计", None, None, 0.992],
                    ["合计", None, None, 1.944],
                ]
            }
        ),
        # English, and no date in it tells day from month.
        "shipments.csv": _text(
            [
                ["Tracking number", "Ship date", "Carrier", "Sender name", "Sender phone", "Receiver name", "Contents"],
                *(
                    [
                        f"HK20000{each:04d}",
                        f"0{each + 2}/03/2025",
                        "Harbour Express",
                        "WONG TAI",
                        "+85291230001",
                        "HARBOUR GENE DIAGNOSTICS LTD",
                        "documents",
                    ]
                    for each in range(5)
                ),
            ],
            ",",
            "utf-8",
        ),
        # Days without times, as border control lists them.
        "出入境记录.csv": _text(
            [
                ["证件号码", "姓名", "出生日期", "出入境日期", "出入境类型", "口岸"],
                ["C12345678", "卓志明", "1987-05-06", "2025/3/5", "出境", "罗湖"],
                ["C12345678", "卓志明", "1987-05-06", "2025/3/5", "入境", "罗湖"],
                ["C12345678", "卓志明", "1987-05-06", "2025/3/9", "出境", "福田"],
                ["H09876543", "陈大文", "1990-11-12", "2025/3/9", "出境", "福田"],
                ["以上共4条"],
            ],
            ",",
            "gb18030",
        ),
        # Two tables on one sheet, one below the other.
        "汇总表.xlsx": _book(
            {
                "汇总": [
                    ["一、寄件"],
                    ["运单号", "收寄时间", "寄件人", "收件人", "收件电话"],
                    *(
                        [f"YT3000000000{each:03d}", f"{day[each]} 09:1{each}", _CLIENTS[each], _HUB, _HUB_PHONE]
                        for each in range(3)
                    ),
                    [],
                    ["二、付款"],
                    ["交易时间", "付款账号", "收款账号", "金额"],
                    *([f"{day[each]} 21:0{each}:00", _CARDS[each], _OTHER_HOLDER, 2600] for each in range(3)),
                    ["合计", None, None, 7800],
                ]
            }
        ),
        # A customer list in English: a title, a blank row, serial dates, and a sheet of notes.
        "customers.xlsx": _book(
            {
                "Orders": [
                    ["Customer orders, March"],
                    [],
                    ["Order no", "Order date", "Client name", "Client phone", "Service", "Agent", "Price (CNY)"],
                    *(
                        [f"R-{each + 1:03d}", serial[each], _CLIENTS[each], f"+86{_PHONES[each]}", "NIPT", "ZT", 2380]
                        for each in range(6)
                    ),
                    ["Total", None, None, None, None, None, 14280],
                ],
                "Notes": [["For office use only"]],
            }
        ),
        # The calls of one telephone, which stands nowhere in the list itself.
        "13700000016_calls.txt": _text(
            [
                ["呼叫类型", "对方号码", "通话时间", "时长(秒)"],
                *(
                    ["被叫" if each % 2 else "主叫", _PHONES[each], f"{day[each]} 08:3{each}:00", 40 + each]
                    for each in n
                ),
            ],
            "\t",
            "utf-16",
        ),
        # Firms: a header over two rows, and one number whose check character is wrong.
        "企业登记.xlsx": _book(
            {
                "登记": [
                    ["企业名称", "统一社会信用代码", "成立日期", "法定代表人", None, "联系人", None],
                    [None, None, None, "姓名", "证件号码", "姓名", "电话"],
                    [
                        "深圳市晨光文化传播有限公司",
                        "9144030079TD8R7CKL",
                        "2019-06-01",
                        "李国栋",
                        "440107197803120182",
                        "周婷",
                        _HUB_PHONE,
                    ],
                    [
                        "深圳市远帆商务有限公司",
                        "91440300H20TPRGRA7",
                        "2021-02-11",
                        "黄伟强",
                        "440208198507239230",
                        "周婷",
                        _HUB_PHONE,
                    ],
                ]
            }
        ),
    }


def write(folder: Path) -> None:
    """Write the ten files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
