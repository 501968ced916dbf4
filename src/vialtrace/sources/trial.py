"""Open a workbook first in a process of its own, whose memory is bounded.

A damaged workbook, or one with a stray cell in its last row and column, can make its reader ask for hundreds of
gigabytes; that ends the whole process, and no refusal can be given any more.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from vialtrace.errors import UnreadableSource
from vialtrace.sources.compound import goes_in_circles

MEMORY = 5 << 30
"""A sheet of a million rows and thirty columns takes about 2 GB."""

SHORT_MEMORY = 256 << 20
"""For an old workbook whose sectors lead back to themselves: its reader would fill whatever it is given."""

SECONDS = 600
"""The largest sheets take a minute."""

_CODE = """
import sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
except (ImportError, ValueError, OSError):
    pass
import python_calamine as calamine
try:
    workbook = calamine.CalamineWorkbook.from_path(sys.argv[1])
    for name in workbook.sheet_names:
        try:
            sheet = workbook.get_sheet_by_name(name)
            merged = sheet.merged_cell_ranges
            for row in sheet.iter_rows():
                pass
        except (calamine.CalamineError, ValueError):
            pass
except (calamine.CalamineError, OSError):
    pass
"""


def refuse_what_breaks(path: Path) -> None:
    """Read a workbook to its end elsewhere; one that its reader refuses politely is left to the reader here.

    Raises:
        UnreadableSource: reading it takes more memory or time than any workbook should, or ends the reader.
    """
    memory = SHORT_MEMORY if goes_in_circles(path) else MEMORY
    command = [sys.executable, "-c", _CODE, str(path.resolve()), str(memory)]
    # Nobody reads how a broken workbook broke its reader, and to find it out takes longer than to read one.
    environment = {**os.environ, "RUST_BACKTRACE": "0"}
    try:
        ended = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False, env=environment)  # noqa: S603
        is_whole = ended.returncode == 0
    except subprocess.TimeoutExpired:
        is_whole = False
    if not is_whole:
        raise UnreadableSource(
            f"{path.name} cannot be read: it is damaged, or needs more than {MEMORY >> 30} GB of memory or "
            f"{SECONDS // 60} minutes, as a sheet with a stray cell in its last row and column does.",
            expected="A complete workbook, whose cells begin at the top left.",
            way_out="Open it in a spreadsheet program, copy the table to a new one or save it as CSV, and add that.",
        )
