"""How long the case file of a large network takes, how much memory it needs, and how large it becomes.

    python -m bench.casefile [CASE] [--parcels 100000] [--pdf]

The largest network of a case that was run is grown: its records, its clients and what ties them to it are laid down
again and again, each time with rows and people of their own, until so many parcels reached it. Members, claims and
estimates stay what they are; the page, its exhibits and its list of rows have to hold all that was added. The tables
are written to a disk and read as the case file reads those of a run. Without a case a small one is simulated first.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.small_case import DESK, KINDS, small_case
from vialtrace import casefile, pipeline
from vialtrace.actions.reporting import facts_of, fields_of
from vialtrace.store import Case, Run
from vialtrace.store.run import TablesOf

GOAL_SECONDS, GOAL_BYTES = 60.0, 50e6
_BY_ROW = (*KINDS, "mention", "flow_row", "evidence_row")
_OF_PARTIES = ("party", "party_identifier", "protected_party")
# Rows of a copy stand this far from those of the one before; no file of a small case is as long.
_APART = 1 << 22


def grown(tables: TablesOf, network_id: str, n_parcels: int, target: Path) -> int:
    """Write the tables with a network's records laid down so often that ``n_parcels`` reach it; how many do."""
    flows = tables["flow_row"].filter(pc.equal(tables["flow_row"]["network_id"], network_id))
    rows = pc.unique(flows["row_id"])
    sent = pc.equal(flows["flow"], "sample_parcel")
    n_own = pc.count_distinct(flows.filter(sent)["row_id"]).as_py()
    copies = max(-(-n_parcels // n_own) - 1, 0)
    clients = tables["protected_party"]["party_id"]
    target.mkdir(parents=True)
    for name in tables:
        whole = tables[name]
        if name in _BY_ROW:
            own = whole.filter(pc.is_in(whole["row_id"], value_set=rows))
            if name == "flow_row":
                own = own.filter(pc.equal(own["network_id"], network_id))
            whole = pa.concat_tables([whole, *(_again(own, clients, number) for number in range(1, copies + 1))])
        elif name in _OF_PARTIES:
            own = whole.filter(pc.is_in(whole["party_id"], value_set=clients.combine_chunks()))
            whole = pa.concat_tables([whole, *(_again(own, clients, number) for number in range(1, copies + 1))])
        elif name == "batch":
            own = whole.filter(pc.equal(whole["network_id"], network_id))
            whole = pa.concat_tables([whole, *(_batches(own, number) for number in range(1, copies + 1))])
        pq.write_table(whole, target / f"{name}.parquet", row_group_size=1 << 17)
    return int(n_own * (copies + 1))


def _again(own: pa.Table, clients: pa.ChunkedArray, number: int) -> pa.Table:
    """The same rows once more: other rows of the same files, and in the place of each client another."""
    known = clients.combine_chunks()
    for name in own.column_names:
        column = own[name]
        if name == "row_id":
            made = pc.add(column, number * _APART)
        elif name.endswith("_id") and pa.types.is_string(column.type):
            made = pc.if_else(pc.is_in(column, value_set=known), _called(column, number), column)
        elif name in ("value", "name") and "party_id" in own.column_names:
            made = pc.if_else(pc.is_in(own["party_id"], value_set=known), _called(column, number), column)
        else:
            continue
        own = own.set_column(own.column_names.index(name), name, made)
    return own


def _called(column: pa.ChunkedArray, number: int) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(column, pa.scalar(str(number)), "~")


def _batches(own: pa.Table, number: int) -> pa.Table:
    rows = own.to_pylist()
    for row in rows:
        row["batch_no"] += number * len(rows)
        row["row_ids"] = [each + number * _APART for each in row["row_ids"] or ()]
    return pa.Table.from_pylist(rows, schema=own.schema)


def _received(case: Case, row_ids: list[int]) -> dict[int, dict[str, str]]:
    """Rows as received: a row that was laid down again shows what the first one shows."""
    first = {each: ((each >> 32) << 32) + (each & 0xFFFFFFFF) % _APART for each in row_ids}
    shown = pipeline.received(case, sorted(set(first.values())))
    return {each: shown[one] for each, one in first.items() if one in shown}


def measured(case: Case, made: Run, n_parcels: int, aside: Path, *, pdf: bool) -> dict[str, Any]:
    """What the case file of a network of so many parcels takes."""
    network_id = str(made.findings["networks"][0]["id"])
    reached = grown(made.tables, network_id, n_parcels, aside / "tables")
    began, used = time.perf_counter(), time.process_time()
    done = casefile.case_file(
        TablesOf(aside / "tables"),
        network_id=network_id,
        case=facts_of(case, made),
        received=lambda rows: _received(case, rows),
        pseudonym=lambda party: f"protected-{party[-12:]}",
        fields=fields_of(case),
    )
    told = {
        "parcels": reached,
        "page, s": round(time.perf_counter() - began, 1),
        "page, s of processor": round(time.process_time() - used, 1),
        "page, MB": round(len(done.page.encode()) / 1e6, 1),
        "sheets of exhibits": len(done.sheets),
        "sheets, MB": round(sum(len(each.encode()) for each in done.sheets) / 1e6, 1),
        "list of rows, MB": round(len(done.rows) / 1e6, 1),
        "memory, MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3),
    }
    if pdf:
        began = time.perf_counter()
        printed = casefile.printed(done.page)
        told |= {"PDF, s": round(time.perf_counter() - began, 1), "PDF, MB": round(len(printed) / 1e6, 1)}
    return told


def main() -> int:
    """Measure and print; the exit code is 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("case", nargs="?", type=Path)
    parser.add_argument("--parcels", type=int, default=100_000)
    parser.add_argument("--pdf", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vialtrace-") as place:
        case = DESK.open(asked.case or small_case(Path(place))[0])
        told = measured(case, case.run(), asked.parcels, Path(place), pdf=asked.pdf)
    for name, value in told.items():
        print(f"{name:22} {value}")
    seconds = told["page, s"] + told.get("PDF, s", 0.0)
    size = 1e6 * sum(told.get(name, 0.0) for name in ("page, MB", "sheets, MB", "list of rows, MB", "PDF, MB"))
    is_met = seconds < GOAL_SECONDS and size < GOAL_BYTES
    print(f"goal: under {GOAL_SECONDS:.0f} s and {GOAL_BYTES / 1e6:.0f} MB: {'met' if is_met else 'MISSED'}")
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
