"""Payments to entities with followthemoney's mapping: payer, payee and payment, a row at a time.

    ingest_ftm.py RECORDS    a folder with payment.csv
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

from followthemoney import model

_QUERY = {
    "csv_url": "file:///dev/null",
    "entities": {
        name: {
            "schema": "BankAccount",
            "keys": [f"{name}_account"],
            "properties": {"accountNumber": {"column": f"{name}_account"}, "name": {"column": f"{name}_name"}},
        }
        for name in ("payer", "payee")
    }
    | {
        "payment": {
            "schema": "Payment",
            "keys": ["payment_id"],
            "properties": {
                "date": {"column": "paid_at"},
                "amount": {"column": "amount"},
                "currency": {"column": "currency"},
                "purpose": {"column": "memo"},
                "payerAccount": {"entity": "payer"},
                "beneficiaryAccount": {"entity": "payee"},
            },
        }
    },
}


def main() -> None:
    """Print how many rows became how many entities."""
    mapping = model.make_mapping(_QUERY)
    n_rows = n_entities = 0
    with (Path(sys.argv[1]) / "payment.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            n_rows += 1
            n_entities += sum(bool(entity.to_dict()) for entity in mapping.map(row).values())
    print(json.dumps({"rows": n_rows, "entities": n_entities}))


if __name__ == "__main__":
    main()
