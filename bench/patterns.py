"""Do the money patterns find planted alerts among ordinary transfers, and what else do they find?

The sample sets of AMLSim: 20,000 accounts, some 118,000 transfers, 200 planted fans or cycles. The sets mark accounts
and not alerts; an alert is taken to be three accounts and more that hang together by small transfers (under 50;
ordinary ones start at 100) between marked accounts; for cycles by one amount, and closed before the records end, which
most are not.
A planted alert counts as found when one finding holds at least half of its accounts and the
alert is at least half of the finding's. Precision at k: the share of the first k findings, by p-value, that find one.

Run ``python -m bench.patterns``.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import duckdb
import ibis
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from vialtrace.detect import patterns, payments

PUBLISHED = Path(__file__).parents[2] / "shared" / "data" / "amlsim"
SETS = {"20K_fanin200": "fan_in", "20K_cycle200": "cycle"}


def alerts(connection: duckdb.DuckDBPyConnection, pattern: str) -> list[frozenset[str]]:
    """The planted alerts as sets of accounts; a cycle hangs together by one amount, and closes within the records."""
    rows = connection.execute(
        "select distinct from_id, to_id, amount from t join n a on a.nodeid = from_id::int and a.isFraud = 1 "
        "join n b on b.nodeid = to_id::int and b.isFraud = 1 where amount < 50 order by all"
    ).fetchall()
    nodes: dict[tuple[str, float], int] = {}
    ends = []
    for payer, payee, amount in rows:
        key = amount if pattern == "cycle" else 0.0
        ends.append([nodes.setdefault((end, key), len(nodes)) for end in (payer, payee)])
    graph = coo_matrix(([1] * len(ends), tuple(zip(*ends, strict=True))), shape=(len(nodes), len(nodes)))
    _, label = connected_components(graph, directed=pattern == "cycle", connection="strong")
    grouped: dict[int, set[str]] = {}
    for (account, _), number in nodes.items():
        grouped.setdefault(int(label[number]), set()).add(account)
    return [frozenset(each) for each in grouped.values() if len(each) >= 3]


def load(folder: Path) -> tuple[duckdb.DuckDBPyConnection, ibis.BaseBackend]:
    """A set as the tables `payment` and `mention`."""
    connection = duckdb.connect()
    connection.execute("set threads = 1")
    connection.execute(
        "create table t as select row_number() over () as row_id, sourceNodeId::varchar from_id, targetNodeId::varchar "
        "to_id, value amount, timestamp '2024-01-01' + to_days(time::int) paid_at from read_csv(?)",
        [str(folder / "transactions.csv.gz")],
    )
    connection.execute("create table n as select * from read_csv(?)", [str(folder / "nodes.csv.gz")])
    connection.execute("create table payment as select row_id, amount, paid_at, 'USD' currency from t")
    connection.execute(
        "create table mention as select row_id, 'payment.payer' slot, from_id party_id, null::varchar name_key from t "
        "union all select row_id, 'payment.payee', to_id, null from t"
    )
    return connection, ibis.duckdb.from_connection(connection)


def main() -> int:
    """Print recovery and precision of both sets."""
    if not PUBLISHED.exists():
        print("the AMLSim sample sets are not on this machine")
        return 2
    for name, planted_as in SETS.items():
        connection, backend = load(PUBLISHED / name)
        planted = alerts(connection, planted_as)
        start = time.process_time()
        ends = payments.payment_ends(backend.table("payment"), backend.table("mention"))
        backend.create_table("transfer", patterns.transfer(ends))
        backend.create_table("pass_on", patterns.pass_on(backend.table("transfer")))
        backend.create_table("same_amount", patterns.same_amount(backend.table("transfer")))
        tables = (backend.table(table) for table in ("transfer", "pass_on", "same_amount"))
        found = patterns.money_pattern(*tables).execute()
        seconds = time.process_time() - start
        found = found.sort_values(["p_value", "pattern_id"])
        print(f"{name}: {len(planted)} planted alerts, {len(found)} findings, {seconds:.1f} s CPU")
        for pattern, its in [("all", found), *found.groupby("pattern")]:
            hits, caught = [], set()
            for parties in its["party_ids"]:
                held = frozenset(parties)
                match = [n for n, each in enumerate(planted) if 2 * len(held & each) >= max(len(held), len(each))]
                caught.update(match)
                hits.append(bool(match))
            at = " ".join(f"{k}: {sum(hits[:k]) / k:.2f}" for k in (10, 50, 100, 200) if k <= len(hits))
            mark = "  <- planted" if pattern == planted_as else ""
            print(
                f"  {pattern:15} findings {len(hits):5}  decoys {len(hits) - sum(hits):5}  "
                f"alerts found {len(caught):4}  precision at {at}{mark}"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
