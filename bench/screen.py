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
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from vialtrace import actions, simulate
from vialtrace.kit.clock import SystemClock
from vialtrace.model import table
from vialtrace.store import Case, Machine, Settings
from vialtrace.store.form import arrow_schema

_SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰飞鹏鑫宇"
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
    values = [("phone", "+861" + chance.choice("3578") + _digits(chance, 9), chance.choice(["none", "none", "fits", "full"]))]
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
    nobody = {"party_id": "", "member_id": "", "called": None, "n_rows": 3, "row_ids": [2**32 + 3], "from_on": None, "to_on": None}
    for number in range(n_networks):
        network = f"N{number:015d}"
        for member in range(30):
            rows, name = _member(chance, network, member)
            watch |= {(network, row["what"], row["value"], row["party_id"]): row for row in rows}
            named[network, name["party_id"], name["name_key"]] = name
            named[network, "", name["name_key"]] = {**name, "party_id": ""}
        things = [("address", f"广东省深圳市福田区{_digits(chance, 4)}路{_digits(chance, 3)}号{_digits(chance, 2)}室", "hub") for _ in range(5)]
        things += [("waybill_no", _digits(chance, 13), "") for _ in range(200)]
        things += [("advert", "".join(chance.choice(_GIVEN) for _ in range(30)), "") for _ in range(20)]
        traits = [("amount", f"{chance.choice([2000, 2500, 3000]) + k}.0000", "") for k in range(5)] + [("contents", "茶叶", "")]
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
    session = duckdb.connect()
    session.execute("SET threads = 2")
    watch = lists["watch"]  # noqa: F841  read by name in SQL
    name = "array_extract('{s}', 1 + hash(i, {k}) % {n})"
    letters = {"s": _GIVEN, "n": len(_GIVEN)}
    whole = " || ".join(
        (name.format(s=_SURNAMES, n=len(_SURNAMES), k="{k}1"), name.format(**letters, k="{k}2"), name.format(**letters, k="{k}3"))
    )
    phone = "'1' || array_extract('3578', 1 + hash(i, {k}4) % 4) || lpad((hash(i, {k}5) % 1000000000)::VARCHAR, 9, '0')"
    place = "'广东省广州市天河区' || hash(i, {k}6) % 9999 || '路' || hash(i, {k}7) % 300 || '号'"
    picked = "(SELECT list(value ORDER BY value) FROM watch WHERE what = '{what}' AND rule = 'none')"
    hit = "CASE WHEN hash(i, 9) % 1000 = 0 THEN list_extract({picked}, 1 + (hash(i, 10) % {n})::BIGINT) ELSE {plain} END"
    counts = {
        what: session.execute("SELECT count(*) FROM watch WHERE what = ? AND rule = 'none'", [what]).fetchone()[0]  # type: ignore[index]
        for what in ("phone", "account")
    }
    seen = hit.format(picked=picked.format(what="phone"), n=counts["phone"], plain=phone.format(k=2))
    paid = hit.format(picked=picked.format(what="account"), n=counts["account"], plain="'62' || lpad((hash(i, 30) % 100000000000000000)::VARCHAR, 17, '0')")
    day = "strftime(TIMESTAMP '2025-01-01' + INTERVAL (hash(i, 8) % 31000000) SECOND, '%Y-%m-%d %H:%M:%S')"
    queries = {
        "waybill": f"""SELECT 'SF' || lpad(i::VARCHAR, 12, '0') AS waybill_no, {day} AS accepted_at,
            {whole.format(k=1)} AS sender_name, {phone.format(k=1)} AS sender_phone, {place.format(k=1)} AS sender_address,
            {whole.format(k=2)} AS receiver_name, {seen} AS receiver_phone, {place.format(k=2)} AS receiver_address,
            '茶叶' AS contents, 20 + hash(i, 31) % 4000 AS weight_g FROM range({n // 2}) t(i)""",
        "payment": f"""SELECT {day} AS paid_at, '62' || lpad((hash(i, 32) % 100000000000000000)::VARCHAR, 17, '0') AS payer_account,
            {whole.format(k=3)} AS payer_name, {paid} AS payee_account, {whole.format(k=4)} AS payee_name,
            100 + hash(i, 33) % 4000 AS amount, 'CNY' AS currency FROM range({n // 2}) t(i)""",
    }
    made = []
    for kind, query in queries.items():
        path = folder / f"{kind}.csv"
        session.execute(f"COPY ({query}) TO '{path}' (HEADER)")
        made.append(path)
    return made


def _bulk(case: Path, files: list[Path]) -> dict[str, float]:
    """One run of the command in a process of its own."""
    code = (
        "import json, resource, sys, time\nfrom pathlib import Path\nfrom vialtrace import actions\n"
        "from vialtrace.store import Machine\n"
        "desk = actions.Desk('a bench', machine=Machine(0.7, 2))\n"
        "wall, cpu = time.perf_counter(), time.process_time()\n"
        "found = actions.screen(Path(sys.argv[1]), actions.survey([Path(each) for each in sys.argv[2:]]).settled, desk)\n"
        "print(json.dumps({'wall': time.perf_counter() - wall, 'cpu': time.process_time() - cpu, 'records': found.n_records,"
        " 'matched': found.n_matched, 'memory_mb': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))\n"
    )
    command = [sys.executable, "-c", code, str(case), *map(str, files)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def _single(case: Path, lists: dict[str, pa.Table], n: int) -> dict[str, float]:
    """Records one at a time, one in a hundred of which matches, through the action and through the API."""
    from fastapi.testclient import TestClient  # noqa: PLC0415  only here

    from vialtrace.web import Bench, application  # noqa: PLC0415

    chance = random.Random(1)  # noqa: S311  no secret
    phones = [row["value"] for row in lists["watch"].slice(0, 20_000).to_pylist() if row["what"] == "phone" and row["rule"] == "none"]
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
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    screening = actions.Screening(case)
    begun = time.perf_counter()
    screening.screen("waybill", records[:1], desk)
    told = {"opening_s": time.perf_counter() - begun, "before_mb": before}
    told |= _spread("action", [_timed(lambda record=each: screening.screen("waybill", [record], desk)) for each in records])
    bench = Bench(case, frozenset({"127.0.0.1:8000"}), machine=Machine(0.7, 2))
    client = TestClient(application(bench), base_url="http://127.0.0.1:8000")
    client.get(f"/?token={bench.sessions.token('a bench')}")
    client.post("/api/v1/screen", json={"kind": "waybill", "records": records[:1]})
    told |= _spread(
        "api", [_timed(lambda record=each: client.post("/api/v1/screen", json={"kind": "waybill", "records": [record]})) for each in records]
    )
    told["entries"] = len(Case.open(case, clock=SystemClock()).ledger.entries("consultation"))
    return {**told, "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _timed(act: Any) -> tuple[float, bool]:
    since = time.perf_counter()
    answer = act()
    took = (time.perf_counter() - since) * 1000
    return took, bool((answer if isinstance(answer, dict) else answer.json())["n_hits"])


def _spread(name: str, taken: list[tuple[float, bool]]) -> dict[str, float]:
    every, hits = sorted(took for took, _ in taken), sorted(took for took, is_hit in taken if is_hit)
    return {
        f"{name}_median_ms": every[len(every) // 2],
        f"{name}_p99_ms": every[int(len(every) * 0.99)],
        f"{name}_hit_median_ms": hits[len(hits) // 2],
    }


def main() -> None:
    """Print each figure beside its goal."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=500_000)
    parser.add_argument("--networks", type=int, default=1000)
    parser.add_argument("--singles", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="vialtrace-bench-"))
    try:
        lists = watch_lists(asked.networks, seed=7)
        print(f"watched for: {lists['watch'].num_rows:,} things of {asked.networks:,} networks, {lists['watch_client'].num_rows:,} clients")
        case, files = _case(folder, lists), _files(folder, lists, asked.records)
        runs = sorted((_bulk(case, files) for _ in range(asked.runs)), key=lambda run: run["wall"])
        median = runs[len(runs) // 2]
        rate, by_cpu = median["records"] / median["wall"], median["records"] / median["cpu"] * 2
        print(f"bulk: {median['records']:,} records, {median['matched']:,} matched, {asked.runs} runs")
        print(f"  records a second, wall      {rate:10,.0f}   goal {GOALS['bulk']:,}")
        print(f"  the same by processor time  {by_cpu:10,.0f}   two processors, undisturbed")
        print(f"  peak memory, MB             {median['memory_mb']:10,.0f}   goal {GOALS['memory_mb']:,.0f}")
        alone = subprocess.run(
            [sys.executable, "-m", "bench.screen", "--single", str(case)], check=True, capture_output=True, text=True
        ) if False else None
        del alone
        for name, value in _single(case, lists, asked.singles).items():
            print(f"  {name:<28}{value:10,.2f}" + (f"   goal {GOALS['single_ms']}" if name.endswith("p99_ms") else ""))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
