"""Whom payments and parcels tie together, with networkx: components, communities, and the largest go-betweens.

    graph_networkx.py RECORDS    a folder with payment.csv and waybill.csv
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections import Counter
from pathlib import Path

import networkx as nx


def main() -> None:
    """Print the size of the graph, the seconds of each part, and the communities."""
    records, seconds = Path(sys.argv[1]), {}
    since, edges = time.perf_counter(), Counter[tuple[str, str]]()
    for kind, one, other in (
        ("payment", "payer_account", "payee_account"),
        ("waybill", "sender_phone", "receiver_phone"),
    ):
        with (records / f"{kind}.csv").open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                if row[one] and row[other] and "*" not in row[one] + row[other]:
                    edges[row[one], row[other]] += 1
    graph = nx.Graph()
    graph.add_weighted_edges_from((one, other, n) for (one, other), n in edges.items())
    seconds["load"] = time.perf_counter() - since
    since = time.perf_counter()
    n_components = nx.number_connected_components(graph)
    seconds["components"] = time.perf_counter() - since
    since = time.perf_counter()
    communities = nx.community.louvain_communities(graph, seed=1)
    seconds["louvain"] = time.perf_counter() - since
    told = {
        "nodes": graph.number_of_nodes(),
        "edges": graph.number_of_edges(),
        "components": n_components,
        "communities": [sorted(each) for each in communities],
        "seconds": seconds,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
