"""Is a simulated world fair: does guilt show in nothing but conduct?

Two questions, per world over several seeds, answered from the written records alone:

(a) do identifiers' digits, names, seconds or the order of rows tell members from other parties in business? Every
    area under the ROC curve must be 0.5 within its sampling error, and a naive Bayes classifier of digits and names,
    trained on half the seeds, must not do better than chance on the other half;
(b) does any single count name members? Of the top n parties of a count, n being the number of true members with that
    activity, less than 30 % may be members (over the seeds together).

Run ``python bench/fairness.py [--worlds reference small_slow] [--seeds 5] [--scale 0.02]``; exit code 1 when violated.
"""


from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv

from vialtrace.simulate import WORLDS, simulate

Columns = dict[str, list[str]]
Values = Sequence[float] | npt.NDArray[np.float64]
Z_BOUND = 4.0  # some 20 tests a world, 8 worlds: one false alarm in a hundred runs
PRECISION_BOUND = 0.3
BAND = {"CN": (2000, 3000), "IN": (16000, 24000)}


@dataclass
class Row:
    """One line of the table printed."""

    world: str
    question: str
    value: float
    bound: str
    is_fair: bool
    note: str = ""


@dataclass
class Seen:
    """What one seed of a world gives: sheets, and the identifiers of members and of other parties in business."""

    sheets: dict[str, Columns]
    members: dict[str, set[str]]
    others: dict[str, set[str]]
    roles: dict[str, str] = field(default_factory=dict)
    member_parties: list[dict[str, list[str]]] = field(default_factory=list)
    other_parties: list[dict[str, list[str]]] = field(default_factory=list)


def main() -> int:
    """Print the table; 1 if a world is unfair."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", nargs="*", default=[name for name, world in WORLDS.items() if world.cells])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--scale", type=float, default=None)
    parser.add_argument("--ratio", type=float, default=60.0)
    given = parser.parse_args()
    rows: list[Row] = []
    for world in given.worlds:
        seen = [look(world, seed, given.scale, given.ratio) for seed in range(100, 100 + given.seeds)]
        rows += leaks(world, seen) + counts(world, seen)
    width = max(len(row.question) for row in rows)
    for row in rows:
        verdict = "fair" if row.is_fair else "UNFAIR"
        print(f"{row.world:<13} {row.question:<{width}} {row.value:6.3f}  {row.bound:<14} {verdict:<6}  {row.note}")
    unfair = sum(not row.is_fair for row in rows)
    print(f"{len(rows)} questions, {unfair} unfair")
    return 1 if unfair else 0


def look(world: str, seed: int, scale: float | None, ratio: float) -> Seen:
    """One world made, written and read back."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        simulate(world, folder, scale=scale, seed=seed, lawful_ratio=ratio)
        truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        sheets = {file.stem: read(file) for file in sorted((folder / "records").glob("*.csv"))}
    seen = Seen(sheets, defaultdict(set), defaultdict(set))
    for network in truth["networks"]:
        for member in network["members"]:
            seen.member_parties.append(by_type(member))
            for each in member["identifiers"]:
                seen.members[each["type"]].add(each["value"])
                seen.roles[each["value"]] = member["role"]
    for party in truth["lookalikes"]:
        seen.other_parties.append(by_type(party))
        for each in party["identifiers"]:
            seen.others[each["type"]].add(each["value"])
    return seen


def read(file: Path) -> Columns:
    """A CSV file with every cell as text."""
    names = file.open(encoding="utf-8").readline().strip().replace('"', "").split(",")
    options = pacsv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    columns: Columns = pacsv.read_csv(file, convert_options=options).to_pydict()
    return columns


def by_type(party: dict[str, Any]) -> dict[str, list[str]]:
    """A party's identifiers by type."""
    found: dict[str, list[str]] = defaultdict(list)
    for each in party["identifiers"]:
        found[each["type"]].append(each["value"])
    return found


# (a) what must tell nothing


def area(ours: Values, theirs: Values) -> tuple[float, float]:
    """Area under the ROC curve and its standard error under no difference, ties counted half."""
    values = np.concatenate([np.asarray(ours, float), np.asarray(theirs, float)])
    _, place, size = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(size) - (size - 1) / 2)[place]
    n, m = len(ours), len(theirs)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m)), math.sqrt((n + m + 1) / (12 * n * m))


def tail(width: int) -> Callable[[str], float]:
    """The last digits of an identifier as a number."""
    return lambda text: float("".join(c for c in text if c.isdigit())[-width:] or 0)


IDENTIFIER_FEATURES: tuple[tuple[str, str, Callable[[str], float]], ...] = (
    ("phone: last digit", "phone", tail(1)),
    ("phone: last four digits", "phone", tail(4)),
    ("phone: prefix", "phone", lambda text: float(text[3:6])),
    ("account: last digit", "account", tail(1)),
    ("account: digit sum", "account", lambda text: float(sum(int(c) for c in text if c.isdigit()))),
    ("document: last four digits", "document", tail(4)),
    ("document: digit sum", "document", lambda text: float(sum(int(c) for c in text if c.isdigit()))),
    ("handle: first letter", "handle", lambda text: float(ord(text.split(":")[1][0]))),
    ("vehicle: last three digits", "vehicle", tail(3)),
    ("name: first character", "name", lambda text: float(ord(text[0]))),
    ("name: last character", "name", lambda text: float(ord(text[-1]))),
)


def leaks(world: str, seen: list[Seen]) -> list[Row]:
    """Every feature that must tell nothing, members against other parties in business, all seeds together."""
    rows = []
    for question, kind, feature in IDENTIFIER_FEATURES:
        ours = [feature(v) for each in seen for party in persons(each.member_parties) for v in party[kind]]
        theirs = [feature(v) for each in seen for party in persons(each.other_parties) for v in party[kind]]
        rows.append(_area_row(world, question, ours, theirs))
    for kind, time, key, identifier in (
        ("waybill", "accepted_at", "receiver_phone", "phone"),
        ("payment", "paid_at", "payee_account", "account"),
        ("crossing", "crossed_at", "document_no", "document"),
    ):
        ours_s, theirs_s, ours_r, theirs_r = [], [], [], []
        for each in seen:
            if kind not in each.sheets:
                continue
            second, rank, who = (
                _moments(each.sheets[kind][time]),
                _rank_in_hour(each.sheets[kind][time]),
                each.sheets[kind][key],
            )
            mine = np.array([value in each.members[identifier] for value in who])
            other = np.array([value in each.others[identifier] for value in who]) & ~mine
            ours_s.append(second[mine])
            theirs_s.append(second[other])
            ours_r.append(rank[mine])
            theirs_r.append(rank[other])
        if ours_s:
            rows.append(
                _area_row(world, f"{kind}: second of the minute", np.concatenate(ours_s), np.concatenate(theirs_s))
            )
            rows.append(
                _area_row(
                    world, f"{kind}: place among the rows of the hour", np.concatenate(ours_r), np.concatenate(theirs_r)
                )
            )
    return [*rows, _bayes(world, seen)]


def persons(parties: Iterable[dict[str, list[str]]]) -> list[dict[str, list[str]]]:
    """Those with a personal document: companies have names and numbers of another form."""
    return [party for party in parties if party["document"]]


def _area_row(world: str, question: str, ours: Values, theirs: Values) -> Row:
    value, error = area(ours, theirs)
    return Row(
        world,
        question,
        value,
        f"0.5 ± {Z_BOUND * error:.3f}",
        abs(value - 0.5) <= Z_BOUND * error,
        f"{len(ours)} against {len(theirs)}",
    )


def _moments(texts: list[str]) -> npt.NDArray[np.float64]:
    return np.array([float(text[-2:]) for text in texts])


def _rank_in_hour(texts: list[str]) -> npt.NDArray[np.float64]:
    """Place of each row among the rows of its hour, 0 to 1; files are in order of time."""
    _, place, size = np.unique(np.array([text[:13] for text in texts]), return_inverse=True, return_counts=True)
    first = np.cumsum(size) - size
    order = np.argsort(place, kind="stable")
    rank = np.empty(len(texts))
    rank[order] = np.arange(len(texts)) - first[place[order]]
    return (rank + 0.5) / size[place]


def _tokens(party: dict[str, list[str]]) -> list[str]:
    # One identifier of each kind: how many somebody has had is conduct.
    tokens = [f"p{i}{c}" for value in party["phone"][:1] for i, c in enumerate(value[-11:])]
    tokens += [f"a{i}{c}" for value in party["account"][:4] for i, c in enumerate(value[-6:])]
    tokens += [f"d{i}{c}" for value in party["document"][1:2] for i, c in enumerate(value[-6:])]
    return tokens + [f"n{c}" for value in party["name"] for c in value]


def _bayes(world: str, seen: list[Seen]) -> Row:
    """Naive Bayes over digits and characters, trained on half of the parties, tested on the other half."""
    ours, theirs = [
        [_tokens(p) for each in seen for p in persons(getattr(each, side))]
        for side in ("member_parties", "other_parties")
    ]
    known, unknown = Counter(t for p in ours[::2] for t in p), Counter(t for p in theirs[::2] for t in p)
    n, m, size = sum(known.values()), sum(unknown.values()), len(known | unknown)

    def score(tokens: list[str]) -> float:
        odds = (math.log((known[t] + 1) / (n + size)) - math.log((unknown[t] + 1) / (m + size)) for t in tokens)
        return sum(odds) / len(tokens)

    return _area_row(
        world, "classifier of digits and names", [score(t) for t in ours[1::2]], [score(t) for t in theirs[1::2]]
    )


# (b) no single count


def counts(world: str, seen: list[Seen]) -> list[Row]:
    """Every single count, with the share of members among its top n over all seeds."""
    band = BAND[WORLDS[world].country]
    hits: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for each in seen:
        for question, identifier, roles, ranking in _rankings(each, band):
            wanted = sum(value in each.members[identifier] and each.roles[value] in roles for value in ranking)
            top = ranking[:wanted]
            hits[question][0] += sum(value in each.members[identifier] for value in top)
            hits[question][1] += wanted
    return [
        Row(
            world,
            question,
            hit / n if n else 0.0,
            f"< {PRECISION_BOUND}",
            n == 0 or hit / n < PRECISION_BOUND,
            f"{hit} of the top {n}",
        )
        for question, (hit, n) in hits.items()
    ]


def _ranked(score: dict[str, float]) -> list[str]:
    return [key for key, _ in sorted(score.items(), key=lambda item: (-item[1], item[0]))]


def _rankings(seen: Seen, band: tuple[int, int]) -> Iterable[tuple[str, str, tuple[str, ...], list[str]]]:
    """Question, identifier type, the roles that do this, and the parties from most to least."""
    if "waybill" in seen.sheets:
        yield from _parcel_rankings(seen.sheets["waybill"])
    if "crossing" in seen.sheets:
        documents = seen.sheets["crossing"]["document_no"]
        yield "most crossings", "document", ("mule",), _ranked(dict(Counter(documents)))
        days = Counter((d, t[:10]) for d, t in zip(documents, seen.sheets["crossing"]["crossed_at"], strict=True))
        same = Counter(d for (d, _), n in days.items() if n > 1)
        yield "most same-day returns", "document", ("mule",), _ranked({d: float(n) for d, n in same.items()})
    if "payment" in seen.sheets:
        yield from _payment_rankings(seen.sheets["payment"], band)


def _parcel_rankings(sheet: Columns) -> Iterable[tuple[str, str, tuple[str, ...], list[str]]]:
    senders, weights, decoys, towns = defaultdict(set), defaultdict(list), defaultdict(list), defaultdict(set)
    words = {"茶叶", "玩具", "化妆品", "衣服", "书籍", "tea", "toys", "cosmetics", "clothes", "books"}
    rows = zip(
        sheet["receiver_phone"],
        sheet["sender_phone"],
        sheet["weight_g"],
        sheet["contents"],
        sheet["sender_address"],
        strict=True,
    )
    for receiver, sender, weight, contents, address in rows:
        if receiver:
            senders[receiver].add(sender)
            weights[receiver].append(float(weight) if weight else 500.0)
            decoys[receiver].append(contents in words)
            towns[receiver].add(address[:3] if not address.isascii() else address.rsplit(",", 1)[-1])
    busy = {who for who, each in weights.items() if len(each) >= 20}
    hub = ("hub",)
    yield (
        "most parcels received",
        "phone",
        hub,
        _ranked({who: float(len(each)) for who, each in weights.items() if who in busy}),
    )
    yield (
        "most distinct senders",
        "phone",
        hub,
        _ranked({who: float(len(each)) for who, each in senders.items() if who in busy}),
    )
    yield (
        "most sender regions",
        "phone",
        hub,
        _ranked({who: float(len(each)) for who, each in towns.items() if who in busy}),
    )
    yield (
        "lightest parcels",
        "phone",
        hub,
        _ranked({who: -float(np.mean(each)) for who, each in weights.items() if who in busy}),
    )
    yield (
        "decoy contents, number",
        "phone",
        hub,
        _ranked({who: float(sum(each)) for who, each in decoys.items() if who in busy}),
    )
    yield (
        "decoy contents, share",
        "phone",
        hub,
        _ranked({who: float(np.mean(each)) for who, each in decoys.items() if who in busy}),
    )


def _payment_rankings(sheet: Columns, band: tuple[int, int]) -> Iterable[tuple[str, str, tuple[str, ...], list[str]]]:
    equal: dict[str, Counter[str]] = defaultdict(Counter)
    payers, in_band = defaultdict(set), defaultdict(set)
    for payer, payee, amount in zip(sheet["payer_account"], sheet["payee_account"], sheet["amount"], strict=True):
        equal[payee][amount] += 1
        payers[payee].add(payer)
        if band[0] <= float(amount) <= band[1]:
            in_band[payee].add(payer)
    till = ("treasurer", "recruiter")
    busy = {who for who, each in equal.items() if each.total() >= 20}
    yield (
        "most equal payments, number",
        "account",
        till,
        _ranked({who: float(max(each.values())) for who, each in equal.items() if who in busy}),
    )
    yield (
        "most equal payments, share",
        "account",
        till,
        _ranked({w: max(e.values()) / e.total() for w, e in equal.items() if w in busy}),
    )
    yield (
        "most payers",
        "account",
        till,
        _ranked({who: float(len(each)) for who, each in payers.items() if who in busy}),
    )
    yield (
        "payers in the price band, number",
        "account",
        till,
        _ranked({who: float(len(each)) for who, each in in_band.items() if who in busy}),
    )
    yield (
        "payers in the price band, share",
        "account",
        till,
        _ranked({w: len(e) / len(payers[w]) for w, e in in_band.items() if w in busy}),
    )


if __name__ == "__main__":
    sys.exit(main())
