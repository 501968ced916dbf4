"""Shapes of money with snapml's Graph Feature Preprocessor: edges a second, and a LightGBM on what it tells.

    patterns_snapml.py FOLDER    transactions.csv.gz and nodes.csv.gz of an AMLSim set

A transfer is laundering where both its ends are marked. Trained on the first 60 % of the days, measured on the last
40 %, three seeds; once on the transfer alone and once with the shapes around it.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score, f1_score
from snapml import GraphFeaturePreprocessor

_WINDOW, _BATCH = 20, 128


def main() -> None:
    """Print edges a second, F1 and PR-AUC by seed."""
    folder = Path(sys.argv[1])
    edges = pd.read_csv(folder / "transactions.csv.gz").sort_values("time", kind="stable").reset_index(drop=True)
    marked = pd.read_csv(folder / "nodes.csv.gz").set_index("nodeid")["isFraud"] > 0
    target = (edges["sourceNodeId"].map(marked) & edges["targetNodeId"].map(marked)).to_numpy(dtype=int)
    rows = np.column_stack(
        [np.arange(len(edges)), edges["sourceNodeId"], edges["targetNodeId"], edges["time"], edges["value"]]
    ).astype(np.float64)
    made = GraphFeaturePreprocessor()
    made.set_params({
        **made.get_params(), "num_threads": 2, "time_window": _WINDOW, "vertex_stats": True, "fan_tw": _WINDOW,
        "degree_tw": _WINDOW, "scatter-gather_tw": _WINDOW, "temp-cycle_tw": _WINDOW, "lc-cycle": False,
    })
    since = time.perf_counter()
    told = np.vstack([made.transform(rows[at : at + _BATCH]) for at in range(0, len(rows), _BATCH)])
    seconds = time.perf_counter() - since
    split = np.quantile(edges["time"], 0.6)
    train, test = (edges["time"] <= split).to_numpy(), (edges["time"] > split).to_numpy()
    scores: dict[str, list[dict[str, float]]] = {"transfer alone": [], "with shapes": []}
    for name, features in (("transfer alone", rows[:, [4]]), ("with shapes", told[:, 4:])):
        for seed in (1, 2, 3):
            forest = lgb.LGBMClassifier(n_estimators=200, random_state=seed, subsample=0.8, subsample_freq=1,
                                        num_threads=2, verbose=-1)
            forest.fit(features[train], target[train])
            chance = forest.predict_proba(features[test])[:, 1]
            scores[name].append({"f1": f1_score(target[test], chance > 0.5),
                                 "pr_auc": average_precision_score(target[test], chance)})
    print(json.dumps({"edges": len(rows), "seconds": seconds, "window": _WINDOW, "batch": _BATCH,
                      "share_true": float(target[test].mean()), "scores": scores}))


if __name__ == "__main__":
    main()
