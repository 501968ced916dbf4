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
from vialtrace.sources.writing import Staged

_STAGERS = {
    "delimited": stage_delimited,
    "xlsx": stage_workbook,
    "xls": stage_workbook,
    "jsonl": stage_json,
    "json": stage_json,
    "parquet": stage_parquet,
    "paxlst": stage_message,
    "camt": stage_message,
    "epcis": stage_message,
    "epcis_xml": stage_message,
    "ftm": stage_message,
}


def stage(path: Path, sheet: Sheet, target: Path) -> Staged:
    """Copy the rows of ``sheet`` into the Parquet file ``target``: ``row_no``, cells as text, and any problem.

    Row numbers are the file's own, header and title rows included, as a spreadsheet shows them. Blank rows are counted
    and left out. Memory is bounded for every format but workbooks, which hold at most a million rows anyhow.

    Raises:
        UnreadableSource: the file turns out to be damaged further on than ``sniff`` looked.
    """
    if sheet.format not in _STAGERS:
        raise OurBug(f"No way to stage the format {sheet.format!r}.")
    return _STAGERS[sheet.format](path, sheet, target)
