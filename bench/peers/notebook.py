"""The three tests as a careful analyst writes them with pandas: who, when, how much; two of them name somebody.

    notebook.py RECORDS    a folder with payment.csv, waybill.csv, crossing.csv
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd
from scipy import stats

_WITHIN = pd.Timedelta(days=14)


def bh(p: pd.Series) -> pd.Series:
    """Benjamini-Hochberg q-values."""
    ranked = p.sort_values()
    q = ranked * len(ranked) / pd.Series(range(1, len(ranked) + 1), index=ranked.index)
    return q[::-1].cummin()[::-1].clip(upper=1.0).reindex(p.index)


def who(payments: pd.DataFrame, parcels: pd.DataFrame) -> pd.DataFrame:
    """Accounts and telephones that serve the same names within two weeks more than chance allows."""
    paid = payments[["payee_account", "payer_name", "paid_at"]].dropna()
    sent = parcels[["receiver_phone", "sender_name", "accepted_at"]].dropna()
    for rows, point, name in ((paid, "payee_account", "payer_name"), (sent, "receiver_phone", "sender_name")):
        rows["n_names"] = rows.groupby(point)[name].transform("nunique")
    paid, sent = paid[paid["n_names"] >= 5], sent[sent["n_names"] >= 5]
    met = paid.merge(sent, left_on="payer_name", right_on="sender_name")
    met = met[(met["paid_at"] - met["accepted_at"]).abs() <= _WITHIN]
    pairs = met.groupby(["payee_account", "receiver_phone"])["payer_name"].nunique().rename("shared").reset_index()
    pairs = pairs[pairs["shared"] >= 3]
    n_names = len(set(paid["payer_name"]) | set(sent["sender_name"]))
    left = paid.groupby("payee_account")["payer_name"].nunique()
    right = sent.groupby("receiver_phone")["sender_name"].nunique()
    pairs["p"] = stats.hypergeom.sf(
        pairs["shared"] - 1, n_names, pairs["payee_account"].map(left), pairs["receiver_phone"].map(right)
    )
    return pairs[bh(pairs["p"]) < 0.01]


def when(payments: pd.DataFrame, crossings: pd.DataFrame) -> pd.DataFrame:
    """Payees paid by one payer within two days of trips of a traveller of that name, more than the calendar allows."""
    trips = crossings[crossings["direction"] == "exit"][["traveller_name", "document_no", "crossed_at"]].dropna()
    trips["day"] = trips["crossed_at"].dt.normalize()
    spread = pd.concat([trips.assign(day=trips["day"] + pd.Timedelta(days=lag)) for lag in (0, 1, 2)])
    covered = spread.groupby("document_no")["day"].nunique()
    span = trips.groupby("document_no")["day"].agg(lambda days: (days.max() - days.min()).days + 3)
    paid = payments[["payer_account", "payee_account", "payee_name", "paid_at"]].dropna()
    paid = paid[paid.groupby(["payer_account", "payee_account"])["paid_at"].transform("size") >= 3]
    paid["day"] = paid["paid_at"].dt.normalize()
    people = trips[["traveller_name", "document_no"]].drop_duplicates()
    pairs = paid.merge(people, left_on="payee_name", right_on="traveller_name")
    after = spread[["document_no", "day"]].drop_duplicates().assign(hit=1)
    days = pairs.merge(after, "left", on=["document_no", "day"])
    ends = ["payer_account", "payee_account", "document_no"]
    told = days.groupby(ends)["hit"].agg(n="size", hits="sum").reset_index()
    chance = (told["document_no"].map(covered) / told["document_no"].map(span)).clip(upper=1.0)
    told["p"] = stats.binom.sf(told["hits"] - 1, told["n"], chance)
    return told[(told["hits"] >= 3) & (bh(told["p"]) < 0.01)]


def how_much(payments: pd.DataFrame) -> pd.Series:
    """Accounts with far more one-time payers than their peers, in robust standard deviations."""
    counts = payments.groupby(["payee_account", "payer_account"]).size()
    once = (counts == 1).groupby("payee_account").sum()
    peers = once[once >= 10]
    off = peers - peers.median()
    return off / (1.4826 * off.abs().median() + 0.1)


def main() -> None:
    """Print the identifiers that two of the three tests speak of."""
    records = Path(sys.argv[1])
    payments, parcels, crossings = (
        pd.read_csv(records / f"{kind}.csv", dtype=str) for kind in ("payment", "waybill", "crossing")
    )
    for table, column in ((payments, "paid_at"), (parcels, "accepted_at"), (crossings, "crossed_at")):
        table[column] = pd.to_datetime(table[column])
    shared, paid, odd = who(payments, parcels), when(payments, crossings), how_much(payments)
    lines = [
        set(shared["payee_account"]) | set(shared["receiver_phone"]),
        set(paid["payer_account"]) | set(paid["payee_account"]) | set(paid["document_no"]),
        set(odd[odd > 3].index),
    ]
    named = {each for line in lines for each in line if sum(each in other for other in lines) >= 2}
    print(json.dumps({"any": sorted(set().union(*lines)), "named": sorted(named), "n": [len(line) for line in lines]}))


if __name__ == "__main__":
    main()
