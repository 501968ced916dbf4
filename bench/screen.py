"""How fast are new records screened, and in how much memory?

A watch list of 1,000 networks is drawn from nothing but a seed (30 members each with the identifiers that members have,
places, parcels, adverts, traits), and put in the place of the list of a small case that has been run. Against it:

* in bulk, a file of clean waybills and one of payments, a share of which match: records a second from the file on the
  disk to the hits, and the peak memory of the process;
* one at a time, through the action and through POST /api/v1/screen: the median and the 99th percentile.

    python -m bench.screen [--records 500000] [--networks 1000]
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from vialtrace import actions, simulate
from vialtrace.kit.clock import SystemClock
from vialtrace.model import table
from vialtrace.store import Case, Machine, Settings
from vialtrace.store.form import arrow_schema

_SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗"
_GIVEN = "".join(chr(0x4E00 + 17 * k) for k in range(600))
"""Six hundred characters: names as rare as real ones."""
Texts = npt.NDArray[np.str_]
GOALS = {"bulk": 50_000, "single_ms": 5.0, "memory_mb": 1000.0}


def _name(chance: random.Random) -> str:
    return chance.choice(_SURNAMES) + "".join(chance.choice(_GIVEN) for _ in range(2))


def _digits(chance: random.Random, n: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(n))


def _member(chance: random.Random, network: str, number: int) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    party, name = f"P{network[1:]}{number:03d}", _name(chance)
    of = {
        "network_id": network,
        "party_id": party,
        "member_id": party,
        "called": name,
        "role": "mule",
        "is_support": False,
        "n_rows": 9,
        "row_ids": [2**32 + 1, 2**32 + 2],
        "from_on": None,
        "to_on": None,
    }
    values = [
        ("phone", "+861" + chance.choice("3578") + _digits(chance, 9), chance.choice(["none", "none", "fits", "full"]))
    ]
    values += [("account", "62" + _digits(chance, 17), "none") for _ in range(2)]
    values += [("account", f"62{_digits(chance, 4)}*********{_digits(chance, 4)}", "fits")]
    values += [("document", "C" + _digits(chance, 8), "none"), ("handle", f"wechat:wx{_digits(chance, 9)}", "none")]
    named = {"network_id": network, "party_id": party, "name_key": name, "starts": None, "ends": None}
    return [{**of, "what": what, "value": value, "rule": rule} for what, value, rule in values], named


def watch_lists(n_networks: int, seed: int) -> dict[str, pa.Table]:
    """What to watch for of made-up networks: 30 members each, 5 places, 200 parcels, 20 adverts, 300 clients."""
    chance = random.Random(seed)  # noqa: S311  no secret
    watch: dict[tuple[str, str, str, str], dict[str, Any]] = {}
    named: dict[tuple[str, str, str], dict[str, Any]] = {}
    clients = set()
    nobody = {
        "party_id": "",
        "member_id": "",
        "called": None,
        "n_rows": 3,
        "row_ids": [2**32 + 3],
        "from_on": None,
        "to_on": None,
    }
    for number in range(n_networks):
        network = f"N{number:015d}"
        for member in range(30):
            rows, name = _member(chance, network, member)
            watch |= {(network, row["what"], row["value"], row["party_id"]): row for row in rows}
            named[network, name["party_id"], name["name_key"]] = name
            named[network, "", name["name_key"]] = {**name, "party_id": ""}
        things = [
            ("address", f"广东省深圳市福田区{_digits(chance, 4)}路{_digits(chance, 3)}号{_digits(chance, 2)}室", "hub")
            for _ in range(5)
        ]
        things += [("waybill_no", _digits(chance, 13), "") for _ in range(200)]
        things += [("advert", "".join(chance.choice(_GIVEN) for _ in range(30)), "") for _ in range(20)]
        traits = [("amount", f"{chance.choice([2000, 2500, 3000]) + k}.0000", "") for k in range(5)] + [
            ("contents", "茶叶", "")
        ]
        for is_support, several in ((False, things), (True, traits)):
            for what, value, role in several:
                row = {**nobody, "network_id": network, "what": what, "value": value, "role": role}
                watch[network, what, value, ""] = {**row, "rule": "none", "is_support": is_support}
        clients |= {(network, _name(chance)) for _ in range(300)}
    made = {
        "watch": list(watch.values()),
        "watch_name": list(named.values()),
        "watch_client": [{"network_id": network, "client": client} for network, client in sorted(clients)],
        "watch_spared": [{"what": "account", "value": "62" + _digits(chance, 17)} for _ in range(100_000)],
        "network": [
            {"network_id": f"N{number:015d}", "rank": number + 1, "score": 0.9, "score_weight": 3.0, "n_members": 30}
            for number in range(n_networks)
        ],
    }
    return {name: pa.Table.from_pylist(rows, schema=arrow_schema(table(name))) for name, rows in made.items()}


def _case(folder: Path, lists: dict[str, pa.Table]) -> Path:
    """A small case that has been run, with these lists in the place of its own."""
    simulate.simulate("small_slow", folder / "world", seed=3, lawful_ratio=2)
    desk = actions.Desk("a bench", machine=Machine(2.0, 2))
    case = folder / "case"
    actions.new(case, desk, Settings("bench"))
    kinds = ("order", "waybill", "payment", "crossing")
    files = [folder / "world" / "records" / f"{kind}.csv" for kind in kinds]
    actions.add(case, actions.survey(files), desk, best_guess=True)
    made = actions.run(case, desk).run
    for name, rows in lists.items():
        path = made.tables.path(name)
        path.chmod(0o644)
        pq.write_table(rows, path)
    return case


def _files(folder: Path, lists: dict[str, pa.Table], n: int) -> list[Path]:
    """Half waybills, half payments; one in a thousand shows a network."""
    chance = np.random.default_rng(11)
    half = n // 2

    def digits(count: int) -> Texts:
        return np.char.zfill(chance.integers(0, 10**count, half).astype(str), count)

    def names() -> Texts:
        return _joined(*(chance.choice(list(letters), half) for letters in (_SURNAMES, _GIVEN, _GIVEN)))

    def phones() -> Texts:
        return _joined("1", chance.choice(list("3578"), half), digits(9))

    def places() -> Texts:
        return _joined("广东省广州市天河区", digits(4), "路", digits(3), "号")

    def shown(plain: Texts, what: str) -> Texts:
        """``plain``, and one in a thousand that is watched for."""
        watch = lists["watch"].filter((pc.field("what") == what) & (pc.field("rule") == "none"))
        met = chance.integers(0, 1000, half) == 0
        return np.where(met, chance.choice(watch["value"].to_numpy(), half), plain)

    moments = np.datetime64("2025-01-01T00:00:00") + chance.integers(0, 31_000_000, half).astype("timedelta64[s]")
    days = np.char.replace(np.datetime_as_string(moments), "T", " ")
    waybills = {
        "waybill_no": _joined("SF", digits(12)),
        "accepted_at": days,
        "sender_name": names(),
        "sender_phone": phones(),
        "sender_address": places(),
        "receiver_name": names(),
        "receiver_phone": shown(phones(), "phone"),
        "receiver_address": places(),
        "contents": np.full(half, "茶叶"),
        "weight_g": chance.integers(20, 4000, half),
    }
    payments = {
        "paid_at": days,
        "payer_account": _joined("62", digits(17)),
        "payer_name": names(),
        "payee_account": shown(_joined("62", digits(17)), "account"),
        "payee_name": names(),
        "amount": chance.integers(100, 4000, half),
        "currency": np.full(half, "CNY"),
    }
    made = []
    for kind, columns in {"waybill": waybills, "payment": payments}.items():
        path = folder / f"{kind}.csv"
        csv.write_csv(pa.table({name: pa.array(values.tolist()) for name, values in columns.items()}), path)
        made.append(path)
    return made


def _joined(*parts: Texts | str) -> Texts:
    whole = parts[0]
    for part in parts[1:]:
        whole = np.char.add(whole, part)
    return np.asarray(whole)


def _bulk(case: Path, files: list[Path]) -> dict[str, float]:
    """One run of the command in a process of its own."""
    code = (
        "import json, sys, time\nfrom pathlib import Path\nfrom bench.screen import _memory_mb\n"
        "from vialtrace import actions\nfrom vialtrace.store import Machine\n"
        "desk = actions.Desk('a bench', machine=Machine(0.7, 2))\n"
        "wall, cpu = time.perf_counter(), time.process_time()\n"
        "files = [Path(each) for each in sys.argv[2:]]\n"
        "found = actions.screen(Path(sys.argv[1]), actions.survey(files).settled, desk)\n"
        "told = {'records': found.n_records, 'matched': found.n_matched}\n"
        "told |= {'wall': time.perf_counter() - wall, 'cpu': time.process_time() - cpu}\n"
        "print(json.dumps({**told, 'memory_mb': _memory_mb()}))\n"
    )
    command = [sys.executable, "-c", code, str(case), *map(str, files)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def _memory_mb() -> float:
    """The highest resident memory of this process alone; what the one that started it used does not count."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def _single(case: Path, n: int) -> dict[str, float]:
    """Records one at a time, one in a hundred of which matches, through the action and through the API."""
    from fastapi.testclient import TestClient  # noqa: PLC0415  only here

    from vialtrace.web import Bench, application  # noqa: PLC0415

    chance = random.Random(1)  # noqa: S311  no secret
    watch = Case.open(case, clock=SystemClock()).run().tables.path("watch")
    is_plain = (pc.field("what") == "phone") & (pc.field("rule") == "none")
    phones = pq.read_table(watch, columns=["value"], filters=is_plain, partitioning=None)["value"].to_pylist()
    records = [
        {
            "waybill_no": "SF" + _digits(chance, 12),
            "accepted_at": "2025-03-01 10:00:00",
            "sender_name": _name(chance),
            "sender_phone": "1" + chance.choice("3578") + _digits(chance, 9),
            "sender_address": f"廣東省廣州市天河區{_digits(chance, 3)}路",
            "receiver_name": chance.choice([_name(chance), _name(chance)[0] + "*"]),
            "receiver_phone": chance.choice(phones) if number % 100 == 0 else f"138****{_digits(chance, 4)}",
            "receiver_address": f"广东省深圳市福田区{_digits(chance, 4)}路",
            "contents": "茶叶",
        }
        for number in range(n)
    ]
    desk = actions.Desk("a bench", machine=Machine(0.7, 2))
    before = _memory_mb()
    screening = actions.Screening(case)
    begun = time.perf_counter()
    screening.screen("waybill", records[:1], desk)
    cpu = time.process_time()
    for each in records[1:201]:
        screening.screen("waybill", [each], desk)
    own = (time.process_time() - cpu) / 200 * 1000
    told = {"opening_s": time.perf_counter() - begun, "before_mb": before, "action_cpu_ms": own}
    told |= _spread(
        "action", [_timed(lambda record=each: screening.screen("waybill", [record], desk)) for each in records]
    )
    told["memory_mb"] = _memory_mb()
    bench = Bench(case, frozenset({"127.0.0.1:8000"}), machine=Machine(0.7, 2))
    client = TestClient(application(bench), base_url="http://127.0.0.1:8000")
    client.get(f"/?token={bench.sessions.token('a bench')}")
    client.post("/api/v1/screen", json={"kind": "waybill", "records": records[:1]})
    told |= _spread(
        "api",
        [
            _timed(lambda record=each: client.post("/api/v1/screen", json={"kind": "waybill", "records": [record]}))
            for each in records
        ],
    )
    told["entries"] = len(Case.open(case, clock=SystemClock()).ledger.entries("consultation"))
    return told


def _timed(act: Any) -> tuple[float, bool]:
    since = time.perf_counter()
    answer = act()
    took = (time.perf_counter() - since) * 1000
    return took, bool((answer if isinstance(answer, dict) else answer.json())["n_hits"])


def _spread(name: str, taken: list[tuple[float, bool]]) -> dict[str, float]:
    """Of records without a hit, and of those with one, which is entered into the ledger before it is told."""
    told = {}
    for what, is_hit in (("", False), ("_hit", True)):
        every = sorted(took for took, was_hit in taken if was_hit is is_hit)
        told[f"{name}{what}_median_ms"] = every[len(every) // 2]
        told[f"{name}{what}_p99_ms"] = every[min(len(every) - 1, int(len(every) * 0.99))]
    return told


def main() -> None:
    """Print each figure beside its goal."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=500_000)
    parser.add_argument("--networks", type=int, default=1000)
    parser.add_argument("--singles", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--single", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.single:
        print(json.dumps(_single(asked.single, asked.singles)))
        return
    folder = Path(tempfile.mkdtemp(prefix="vialtrace-bench-"))
    try:
        lists = watch_lists(asked.networks, seed=7)
        n_things, n_clients = lists["watch"].num_rows, lists["watch_client"].num_rows
        print(f"watched for: {n_things:,} things of {asked.networks:,} networks, and {n_clients:,} clients")
        case, files = _case(folder, lists), _files(folder, lists, asked.records)
        runs = sorted((_bulk(case, files) for _ in range(asked.runs)), key=lambda run: run["wall"])
        median = runs[len(runs) // 2]
        rate, by_cpu = median["records"] / median["wall"], median["records"] / median["cpu"] * 2
        print(f"bulk: {median['records']:,} records, {median['matched']:,} matched, {asked.runs} runs")
        print(f"  records a second, wall      {rate:10,.0f}   goal {GOALS['bulk']:,}")
        print(f"  the same by processor time  {by_cpu:10,.0f}   two processors, undisturbed")
        print(f"  peak memory, MB             {median['memory_mb']:10,.0f}   goal {GOALS['memory_mb']:,.0f}")
        alone = [sys.executable, "-m", "bench.screen", "--single", str(case), "--singles", str(asked.singles)]
        done = subprocess.run(alone, check=True, capture_output=True, text=True)
        for name, value in json.loads(done.stdout.splitlines()[-1]).items():
            print(f"  {name:<28}{value:10,.2f}" + (f"   goal {GOALS['single_ms']}" if name.endswith("p99_ms") else ""))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
