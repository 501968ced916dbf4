"""How fast does a file go in? `add` and `check` of a CSV of parcels, beside DuckDB reading the same file as text.

``python -m bench.intake`` writes a million waybills (GB18030, Chinese headers; ``--rows`` says another number), takes
them into a case, reads, types, cleans and stores them as a run would, and in the same run lets DuckDB read the same
file into a table of text columns. DuckDB reads no GB18030 by itself: iconv makes the file UTF-8 first, and the ratio is
printed with that and without. It fails above ``--most`` times with it, or above ``--memory`` GB of the process that
took the file in.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np

from vialtrace import actions
from vialtrace.store import Machine, Settings

_HEADERS = (
    "运单号",
    "快递公司",
    "收寄时间",
    "寄件人",
    "寄件电话",
    "寄件地址",
    "收件人",
    "收件电话",
    "收件地址",
    "品名",
    "重量(kg)",
    "运费",
)
_CARRIERS = ("顺丰速运", "圆通速递", "中通快递", "京东物流")
_FAMILY, _GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂"
_CITIES = (
    "广东省深圳市罗湖区人民南路",
    "四川省成都市锦江区春熙路",
    "浙江省杭州市西湖区文三路",
    "湖北省武汉市江汉区解放大道",
)
_CONTENTS = ("日用品", "文件", "服装", "食品", "样品")
_BATCH = 100_000


def write(path: Path, n_rows: int, *, seed: int = 1) -> None:
    """A file of made-up parcels; the same bytes for the same seed."""
    rng = np.random.default_rng(seed)
    with path.open("w", encoding="gb18030", newline="") as file:
        file.write(",".join(_HEADERS) + "\r\n")
        for first in range(0, n_rows, _BATCH):
            n = min(_BATCH, n_rows - first)
            names = [
                [f"{_FAMILY[a]}{_GIVEN[b]}{_GIVEN[c]}" for a, b, c in zip(*rng.integers(0, 20, (3, n)), strict=True)]
                for _ in range(2)
            ]
            phones = [[f"13{each:09d}" for each in rng.integers(0, 10**9, n)] for _ in range(2)]
            places = [
                [
                    f"{_CITIES[a]}{b}号{c}室"
                    for a, b, c in zip(rng.integers(0, 4, n), *rng.integers(1, 999, (2, n)), strict=True)
                ]
                for _ in range(2)
            ]
            moments = np.datetime64("2024-01-01T08:00:00") + rng.integers(0, 500 * 86_400, n).astype("timedelta64[s]")
            times = [str(each).replace("T", " ") for each in moments]
            rest = zip(rng.integers(0, 4, n), rng.integers(0, 5, n), rng.integers(20, 5000, n), strict=True)
            for place, (carrier, content, grams) in enumerate(rest):
                file.write(
                    f"SF{first + place:013d},{_CARRIERS[carrier]},{times[place]},{names[0][place]},{phones[0][place]},"
                    f"{places[0][place]},{names[1][place]},{phones[1][place]},{places[1][place]},{_CONTENTS[content]},"
                    f"{grams / 1000:.3f},{8 + grams // 1000 * 3}.00\r\n"
                )


class _Bars:
    """What was told of each kind of work, and when."""

    def __init__(self) -> None:
        self.told: dict[str, list[tuple[float, float]]] = {}

    def __call__(self, stage: str, done: int, total: int, _doing: str = "", /) -> None:
        self.told.setdefault(stage, []).append((time.perf_counter(), done / max(1, total)))

    def judged(self, stage: str) -> tuple[float, float, float]:
        """Seconds from a bar's beginning to its end, its greatest distance from the time passed, longest standstill."""
        told = self.told[stage]
        began, ended = told[0][0], told[-1][0]
        spent = max(ended - began, 1e-9)
        moved, still, off = began, 0.0, 0.0
        for (_, before), (moment, share) in pairwise(told):
            # A bar stands where it stood until it is told anew.
            off = max(off, *(abs((moment - began) / spent - each) for each in (before, share)))
            if share > before:
                still, moved = max(still, moment - moved), moment
        return spent, off, still


def _taken(path: str, folder: str) -> tuple[float, float, float, int, float, dict[str, tuple[float, float, float]]]:
    """Seconds of `add` and of `check`, processor seconds, rows read, peak memory in GB, and how true the bars were.

    In a process of its own.
    """
    bars = _Bars()
    desk = actions.Desk("bench", machine=Machine.within(), progress=bars)
    case = Path(folder) / "case"
    actions.new(case, desk, Settings("bench"))
    began, worked = time.perf_counter(), time.process_time()
    actions.add(case, actions.survey([Path(path)]), desk, best_guess=True)
    added = time.perf_counter()
    judged = {stage: bars.judged(stage) for stage in bars.told}
    bars.told = {}
    found = actions.check(case, desk)
    checked = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    judged["store"] = bars.judged("store")
    return added - began, checked - added, time.process_time() - worked, found.n_rows, peak, judged


def _as_text(path: str, folder: str) -> tuple[float, float, float]:
    """Seconds to make the file UTF-8, and seconds and processor seconds in which DuckDB reads that as texts."""
    plain = Path(folder) / "utf8.csv"
    began = time.perf_counter()
    with plain.open("wb") as made:
        subprocess.run(["iconv", "-f", "GB18030", "-t", "UTF-8", path], stdout=made, check=True)
    recoded = time.perf_counter()
    worked = time.process_time()
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    connection.execute("CREATE TABLE t AS SELECT * FROM read_csv($1, all_varchar=true, header=true)", [str(plain)])
    return recoded - began, time.perf_counter() - recoded, time.process_time() - worked


def main() -> int:
    """Run the measurement as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--most", type=float, default=4.0, help="times the wall time of DuckDB at most")
    parser.add_argument("--memory", type=float, default=4.0, help="GB of peak memory at most")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="intake-") as folder:
        path = Path(folder) / "运单.csv"
        write(path, given.rows)
        spawn = multiprocessing.get_context("spawn")
        with spawn.Pool(1, maxtasksperchild=1) as pool:
            added, checked, worked, n_rows, peak, judged = pool.apply(_taken, (str(path), folder))
        with spawn.Pool(1, maxtasksperchild=1) as pool:
            recoded, text, text_worked = pool.apply(_as_text, (str(path), folder))
        spent = added + checked
        print(f"{path.stat().st_size / 1e6:,.0f} MB, {n_rows:,} of {given.rows:,} rows read")
        print(f"add (copy, digest, type, clean)   {added:7.1f} s  {n_rows / added:>10,.0f} rows/s")
        print(f"check (gather, store, count)      {checked:7.1f} s  {n_rows / checked:>10,.0f} rows/s")
        print(f"the file made UTF-8 by iconv      {recoded:7.1f} s  {n_rows / recoded:>10,.0f} rows/s")
        print(f"DuckDB, all columns as text       {text:7.1f} s  {n_rows / text:>10,.0f} rows/s")
        print(f"processor time {worked:.1f} s beside {text_worked:.1f} s: ratio {worked / text_worked:.1f}")
        for stage, (lasted, off, still) in judged.items():
            print(
                f"bar of {stage:<6} {lasted:6.1f} s, at most {100 * off:.0f} points from the time passed, "
                f"still for at most {still:.1f} s"
            )
        print(f"ratio to the UTF-8 read alone {spent / text:.1f}")
        whole = recoded + text
        print(f"ratio to the same file {spent / whole:.1f} (goal: at most {given.most:g}); peak memory {peak:.2f} GB")
    return 0 if n_rows == given.rows and spent <= given.most * whole and peak <= given.memory else 1


if __name__ == "__main__":
    sys.exit(main())
