"""Persons of FEBRL 3 linked by Splink as its documentation teaches it: blocking, EM, one threshold.

    resolve_splink.py dataset3.csv.gz    5,000 records of 2,000 persons, the person in `rec_id`
"""

from __future__ import annotations

import json
import sys

import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on


def main() -> None:
    """Print precision, recall and F1 over pairs at a match probability of 0.95, and the best over thresholds."""
    rows = pd.read_csv(sys.argv[1], dtype=str, skipinitialspace=True)
    rows.columns = [name.strip() for name in rows.columns]
    rows["person"] = rows["rec_id"].str.extract(r"rec-(\d+)")[0]
    api = DuckDBAPI()
    blocking = [
        block_on("soc_sec_id"), block_on("given_name", "surname"), block_on("date_of_birth", "suburb"),
        block_on("postcode", "address_1"), block_on("surname", "date_of_birth"),
    ]
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="rec_id",
        blocking_rules_to_generate_predictions=blocking,
        comparisons=[
            cl.NameComparison("given_name"), cl.NameComparison("surname"),
            cl.LevenshteinAtThresholds("date_of_birth", [1, 2]), cl.LevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number"), cl.JaroWinklerAtThresholds("address_1", [0.9, 0.7]),
            cl.LevenshteinAtThresholds("postcode", [1]), cl.JaroWinklerAtThresholds("suburb", [0.9]),
        ],
    )
    linker = Linker(api.register(rows), settings) if hasattr(api, "register") else Linker(rows, settings, api)
    linker.training.estimate_probability_two_random_records_match([block_on("soc_sec_id")], recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("date_of_birth"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("surname"))
    scored = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
    person = rows.set_index("rec_id")["person"]
    is_true = scored["rec_id_l"].map(person) == scored["rec_id_r"].map(person)
    sizes = rows.groupby("person").size()
    n_true = int((sizes * (sizes - 1) // 2).sum())
    told = {}
    for threshold in (0.5, 0.8, 0.95, 0.99):
        said = scored["match_probability"] >= threshold
        right = int((said & is_true).sum())
        told[str(threshold)] = {
            "precision": right / max(int(said.sum()), 1), "recall": right / n_true,
            "f1": 2 * right / (int(said.sum()) + n_true),
        }
    print(json.dumps({"records": len(rows), "pairs": n_true, "at": told}))


if __name__ == "__main__":
    main()
