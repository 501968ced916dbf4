"""One sheet of a file, copied as received into the form `ingest` reads."""

from __future__ import annotations

from pathlib import Path

from vialtrace.errors import OurBug
from vialtrace.model.mapping import Sheet
from vialtrace.sources.columnar import stage_parquet
from vialtrace.sources.delimited import stage_delimited
from vialtrace.sources.json_lines import stage_json
from vialtrace.sources.standard import stage_message
from vialtrace.sources.workbook import stage_workbook
from vialtrace.sources.writing import Follower, Staged

_FOLLOWED = {"delimited": stage_delimited, "parquet": stage_parquet}
"""What comes by the million rows."""

_STAGERS = {
    "xlsx": stage_workbook,
    "xls": stage_workbook,
    "jsonl": stage_json,
    "json": stage_json,
    "paxlst": stage_message,
    "camt": stage_message,
    "epcis": stage_message,
    "epcis_xml": stage_message,
    "ftm": stage_message,
}


def stage(path: Path, sheet: Sheet, target: Path, follower: Follower | None = None) -> Staged:
    """Copy the rows of ``sheet`` into the Parquet file ``target``: ``row_no``, cells as text, and any problem.

    Row numbers are the file's own, header and title rows included, as a spreadsheet shows them. Blank rows are counted
    and left out. Memory is bounded for every format but workbooks, which hold at most a million rows anyhow. A
    ``follower`` is given the rows of a delimited text or a Parquet file while they are read.

    Raises:
        UnreadableSource: the file turns out to be damaged further on than ``sniff`` looked.
    """
    if follower is not None:
        follower.begin(sheet)
    if sheet.format in _FOLLOWED:
        return _FOLLOWED[sheet.format](path, sheet, target, follower)
    if sheet.format not in _STAGERS:
        raise OurBug(f"No way to stage the format {sheet.format!r}.")
    return _STAGERS[sheet.format](path, sheet, target)
