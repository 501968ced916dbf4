"""What does every step of a run cost, in time and memory, and in L?

L is DuckDB reading the same CSV files once, typed, each into an in-memory table, with the threads the run has, in the
same process and minute. Given are wall seconds, processor seconds (which other work on the machine disturbs less), L
by processor time, and the highest resident memory of the process during the step (Linux resets and tells it).

    python -m bench.scale [--scale 0.05] [--worlds 1] [--copies 0] [--keep DIR] [--further]

The reference world is written clean; with ``--worlds`` as many of them, each of a seed of its own, are the records of
one case: at scale 1 each has about 22 million rows, and takes 8 GB and nine minutes to write. With ``--copies`` the
lawful traffic of another world stands in it that many times more, each time under other identities: waybills, payments
and crossings only, made by DuckDB from a seeded hash, so that a small world's guilty rows lie in a background of tens
of millions. A copied traveller crosses within three hours of the original, each day by as much: else every copy would
cross in the company of all others.

With ``--further`` the case is run twice more: with a further file of one per cent of the records, and with another
threshold for networks. Each is then made anew from nothing, and held against it.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from vialtrace import actions, simulate
from vialtrace.pipeline import asking, running
from vialtrace.store import Machine, Settings

_CLEAR = Path("/proc/self/clear_refs")
_STATUS = Path("/proc/self/status")


@dataclass
class Costs:
    """Wall seconds, processor seconds and peak memory in GB of each step, in order."""

    steps: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    questions: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    _peaks: list[float] = field(default_factory=list)

    @contextmanager
    def of(self, name: str, *, is_question: bool = False) -> Iterator[None]:
        """Measure what is done inside; a question is part of the step it is asked in."""
        # Linux remembers one highest mark: what is measured inside another measure must not lower the outer one's.
        self._peaks = [max(each, _peak()) for each in self._peaks]
        _CLEAR.write_text("5")
        self._peaks.append(0.0)
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        peak = max(self._peaks.pop(), _peak())
        self._peaks = [max(each, peak) for each in self._peaks]
        told = self.questions if is_question else self.steps
        told[name] = (time.perf_counter() - wall, time.process_time() - cpu, peak)


def _peak() -> float:
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024**2


def load(records: Path, threads: int) -> int:
    """Read every CSV file once, typed, into memory, one after the other; the number of rows."""
    session = duckdb.connect()
    session.execute(f"SET threads = {threads}")
    n = 0
    for path in sorted(records.glob("*.csv")):
        session.execute("CREATE OR REPLACE TABLE held AS FROM read_csv(?)", [str(path)])
        (counted,) = session.execute("SELECT count(*) FROM held").fetchone() or (0,)
        n += counted
    session.close()
    return n


_POOL = "".join(chr(0x4E00 + 37 * k) for k in range(500))
_FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "waybill": {
        "number": ("waybill_no",),
        "phone": ("sender_phone", "receiver_phone"),
        "name": ("sender_name", "receiver_name"),
        "address": ("sender_address", "receiver_address"),
    },
    "payment": {
        "number": ("payment_id",),
        "account": ("payer_account", "payee_account"),
        "name": ("payer_name", "payee_name"),
    },
    "crossing": {"document": ("document_no",), "name": ("traveller_name",), "day": ("crossed_at",)},
}


def _digits(column: str, n: int, salt: int) -> str:
    return f"lpad((hash({column}, k, {salt}) % {10**n}::UBIGINT)::VARCHAR, {n}, '0')"


def _other(sort: str, column: str) -> str:
    """What another person of the same sort has in the place of a value, by a hash of the value and the copy ``k``."""
    letter = f"substr('{_POOL}', 1 + (hash({column}, k, {{salt}}) % {len(_POOL)})::BIGINT, 1)"
    made = {
        "number": f"'BK' || {_digits(column, 9, 1)} || {_digits(column, 5, 2)}",
        "phone": f"left({column}, length({column}) - 8) || {_digits(column, 8, 1)}",
        "account": f"left({column}, 2) || {_digits(column, 9, 1)} || {_digits(column, 8, 2)}",
        "document": f"left({column}, 1) || {_digits(column, 8, 1)}",
        "name": f"CASE WHEN length({column}) <= 3 THEN left({column}, 1) || {letter.format(salt=1)} || "
        f"{letter.format(salt=2)} ELSE {column} END",
        "day": f"strftime({column}::TIMESTAMP + to_minutes((hash(document_no, left({column}, 10), k) % 361)::INT "
        "- 180), '%Y-%m-%d %H:%M:%S')",
        "address": f"regexp_replace({column}, '[0-9]+号', (hash({column}, k, 1) % 99999)::VARCHAR || '号')",
    }[sort]
    masked = f"contains({column}, '*')" if sort not in {"address", "day"} else "false"
    return f"CASE WHEN {column} IS NULL OR {column} = '' OR {masked} THEN {column} ELSE {made} END AS {column}"


def crowd(records: Path, lawful: Path, copies: int) -> None:
    """Write the lawful traffic ``copies`` times, under other identities each time, as further files of the records."""
    session = duckdb.connect()
    session.execute("SET preserve_insertion_order = false")
    for kind, sorts in _FIELDS.items():
        source, target = lawful / f"{kind}.csv", records / f"{kind}_background.csv"
        changed = [_other(sort, column) for sort, columns in sorts.items() for column in columns]
        session.execute(
            f"COPY (SELECT * EXCLUDE (k) REPLACE ({', '.join(changed)}) "  # noqa: S608  names are of this file
            f"FROM read_csv('{source}', all_varchar = true), range({copies}) t(k)) TO '{target}' (HEADER)"
        )


def _world(folder: Path, scale: float, worlds: int, copies: int, seed: int) -> Path:
    simulate.simulate("reference", folder / "world", seed=seed, scale=scale)
    records = folder / "world" / "records"
    for number in range(2, worlds + 1):
        beside = folder / f"world_{number}"
        simulate.simulate("reference", beside, seed=seed + number - 1, scale=scale)
        for path in sorted((beside / "records").iterdir()):
            path.rename(records / f"{path.stem}_{number}{path.suffix}")
    if copies:
        simulate.simulate("lawful", folder / "lawful", seed=seed + 1)
        crowd(records, folder / "lawful" / "records", copies)
    return records


@contextmanager
def measured(costs: Costs) -> Iterator[None]:
    """See that each step of a run, its gathering and its findings are measured inside."""
    run: Any = running  # its parts are exchanged for measured ones
    perform, take_in, findings = run.perform, run.take_in, run.casefile.findings
    asked: Any = asking
    answer = asked._answer  # noqa: SLF001  each question is measured where it is computed

    def measured_step(step: Any, *rest: Any) -> None:
        with costs.of(f"{step.stage}: {step.name}"):
            perform(step, *rest)

    def measured_reading(*rest: Any, **more: Any) -> Any:
        with costs.of("ingest: clean"):
            return take_in(*rest, **more)

    def measured_findings(*rest: Any, **more: Any) -> Any:
        with costs.of("casefile: findings"):
            return findings(*rest, **more)

    def measured_question(engine: Any, given: Any, name: str) -> Any:
        with costs.of(name, is_question=True):
            return answer(engine, given, name)

    asked._answer = measured_question  # noqa: SLF001
    run.perform, run.take_in = measured_step, measured_reading
    run.casefile.findings = measured_findings
    try:
        yield
    finally:
        run.perform, run.take_in, run.casefile.findings, asked._answer = perform, take_in, findings, answer  # noqa: SLF001


def further_file(records: Path, n_rows: int) -> Path:
    """A file of so many parcels of other people, beside the records."""
    target = records.parent / "further" / "waybill_further.csv"
    target.parent.mkdir(exist_ok=True)
    changed = [_other(sort, column) for sort, columns in _FIELDS["waybill"].items() for column in columns]
    duckdb.execute(
        f"COPY (SELECT * EXCLUDE (k) REPLACE ({', '.join(changed)}) FROM (SELECT *, 7 AS k "  # noqa: S608  of this file
        f"FROM read_csv('{records}/waybill.csv', all_varchar = true) LIMIT {n_rows})) TO '{target}' (HEADER)"
    )
    return target


def _further(case: Path, records: Path, n_rows: int, full: float, desk: actions.Desk) -> None:
    """Print what the next run costs after a small change, beside a full one."""

    def again(what: str, change: Any) -> None:
        start = time.process_time()
        change()
        ran = actions.run(case, desk)
        cost, reused = time.process_time() - start, ran.run.record["reused"]
        print(f"{what}: {cost:.1f} s, {cost / full:.0%} of the full run; {len(reused)} steps taken over")
        actions.run(case, desk, again=True)
        print("the same as from nothing", flush=True)

    path = further_file(records, n_rows // 100)
    again(
        f"a further file of {n_rows // 100:,} rows",
        lambda: actions.add(case, actions.survey([path]), desk, best_guess=True),
    )
    settings = case / "case.toml"
    told = settings.read_text() + "\n[parameters.networks]\nleast_members = 3\n"
    again("another threshold of the networks", lambda: settings.write_text(told))


def _print(costs: Costs, unit: tuple[float, float], n_rows: int) -> None:
    wall_unit, cpu_unit = unit
    print(f"{n_rows:,} rows; L = {wall_unit:.2f} s wall, {cpu_unit:.2f} s of processors")
    stages: dict[str, list[tuple[float, float, float]]] = {}
    for name, cost in costs.steps.items():
        stages.setdefault(name.split(":", maxsplit=1)[0], []).append(cost)
    print(f"{'':<36}{'wall s':>9}{'cpu s':>9}{'L':>8}{'peak GB':>9}")
    told = [
        (name, (sum(c[0] for c in each), sum(c[1] for c in each), max(c[2] for c in each)))
        for name, each in stages.items()
    ]
    told.append(("all", (sum(c[1][0] for c in told), sum(c[1][1] for c in told), max(c[1][2] for c in told))))
    dearest = [sorted(each.items(), key=lambda one: -one[1][1]) for each in (costs.steps, costs.questions)]
    for name, (wall, cpu, peak) in (*told, *dearest[0], ("of the claims:", (0.0, 0.0, 0.0)), *dearest[1]):
        print(f"{name:<36}{wall:>9.2f}{cpu:>9.2f}{cpu / cpu_unit:>8.2f}{peak:>9.2f}")


def main() -> None:
    """Print the table of a run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=0.05)
    parser.add_argument("--worlds", type=int, default=1)
    parser.add_argument("--copies", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--memory", type=float, default=8.0)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--further", action="store_true")
    asked = parser.parse_args()
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="vialtrace-bench-"))
    try:
        records = folder / "world" / "records"
        if not records.exists():
            records = _world(folder, asked.scale, asked.worlds, asked.copies, asked.seed)
        desk = actions.Desk("a bench", machine=Machine(asked.memory, 2))
        costs = Costs()
        wall, cpu = time.perf_counter(), time.process_time()
        n_rows = load(records, desk.machine.threads)
        unit = time.perf_counter() - wall, time.process_time() - cpu
        case = folder / "case"
        shutil.rmtree(case, ignore_errors=True)
        actions.new(case, desk, Settings("scale"))
        with costs.of("add: survey"):
            found = actions.survey([records])
        with costs.of("add: copy, hash and stage"):
            actions.add(case, found, desk, best_guess=True)
        with measured(costs):
            ran = actions.run(case, desk)
        with costs.of("casefile: pages"):
            actions.report(case, desk)
        _print(costs, unit, n_rows)
        print(f"{len(ran.networks)} networks; run {ran.run.digest[:16]}", flush=True)
        if asked.further:
            _further(case, records, n_rows, sum(each[1] for each in costs.steps.values()), desk)
    finally:
        if asked.keep is None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
