"""What a patient reader with names, sums and dates would make of a Chinese world: a floor of what records can tell.

He starts from who is tied to the matter by adverts, orders and seized blood, and adds, round by round, whoever
shares their clients, and whoever deals with them for weeks and with few others for so long.
"""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

ADVERT = re.compile(r"验男女|查胎儿性别|验性别|寄血验子|裙子|🍓|小棉袄|小公主|开盲盒|xing别")
WARNING = re.compile(r"违法|举报|衣服|取名|筛查")
SERVICE = re.compile(r"性别|男女|Y染色体|套餐|早知道|基础款|港检|T21\+")
BLOOD = re.compile(r"血")
# What ties two names in one record: the kind, the fields of the names, the field of the time.
PAIRS = (("payment", "payer_name", "payee_name", "paid_at"), ("waybill", "sender_name", "receiver_name", "accepted_at"))

Tie = tuple[str, str, str, datetime]


def _rows(folder: Path, kind: str) -> list[dict[str, str]]:
    path = folder / "records" / f"{kind}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as f:
        return list(csv.DictReader(f))


def _phones(folder: Path) -> dict[str, str]:
    """Whose phone it is, where one name stands beside it."""
    beside: dict[str, set[str]] = defaultdict(set)
    for kind, name, phone in (
        ("waybill", "sender_name", "sender_phone"),
        ("waybill", "receiver_name", "receiver_phone"),
        ("order", "client_name", "client_phone"),
        ("order", "agent_name", "agent_phone"),
        ("subscriber", "holder_name", "identifier"),
    ):
        for r in _rows(folder, kind):
            if r.get(name) and r.get(phone):
                beside[r[phone]].add(r[name])
    return {phone: next(iter(names)) for phone, names in beside.items() if len(names) == 1}


def _seeds(folder: Path, owner: dict[str, str]) -> set[str]:
    """Names, phones and handles tied to the matter itself."""
    seeds = set()
    for r in _rows(folder, "post"):
        if ADVERT.search(r["text"]) and not WARNING.search(r["text"]):
            found = ["+86" + x for x in re.findall(r"1\d{10}", r["text"])]
            seeds |= {owner.get(x, x) for x in [*found, r["account"]]}
    for r in _rows(folder, "order"):
        if SERVICE.search(r["service"]) and r.get("agent_name"):
            seeds.add(r["agent_name"])
    seeds |= {r["carrier_name"] for r in _rows(folder, "seizure") if BLOOD.search(r["material"])}
    return seeds


def _ties(folder: Path, owner: dict[str, str]) -> list[Tie]:
    ties = [
        (kind, r[a], r[b], datetime.fromisoformat(r[at]))
        for kind, a, b, at in PAIRS
        for r in _rows(folder, kind)
        if r[a] and r[b]
    ]
    for r in _rows(folder, "contact"):
        a, b = r["from_identifier"], r["to_identifier"]
        ties.append(("contact", owner.get(a, a), owner.get(b, b), datetime.fromisoformat(r["contacted_at"])))
    return ties


def _days(dealt: list[tuple[str, datetime]]) -> int:
    """From the first to the last of some dealings."""
    times = [t for _, t in dealt]
    return (max(times) - min(times)).days


def _grown(seeds: set[str], ties: Iterable[Tie], *, rounds: int = 5, share: float = 0.25) -> set[str]:
    """The seeds and, round by round, those who serve their clients or deal with them for weeks."""
    of: dict[str, dict[str, list[tuple[str, datetime]]]] = defaultdict(lambda: defaultdict(list))
    for kind, a, b, at in ties:
        of[a][b].append((kind, at))
        of[b][a].append((kind, at))
    span = {
        who: max(t for x in of[who].values() for _, t in x) - min(t for x in of[who].values() for _, t in x)
        for who in of
    }
    group = set(seeds)
    for _ in range(rounds):
        # Whoever deals with the group for days only, and hardly with anybody else who is not in it.
        clients = {w for g in group & of.keys() for w in of[g] if w not in group and span[w].days < 21}
        more = set()
        for who, dealt in of.items():
            if who in group or span[who].days < 14:
                continue
            inside = [t for g in dealt.keys() & group for t in dealt[g]]
            lasting = [w for w, x in dealt.items() if w in group or (w not in clients and _days(x) >= 10)]
            served = dealt.keys() & clients
            if len(served) >= 4 and len(served) >= 0.3 * len(dealt):
                more.add(who)
            elif len(inside) >= 3 and sum(w in group for w in lasting) >= share * len(lasting):
                lasted = (max(t for _, t in inside) - min(t for _, t in inside)).days
                if lasted >= 14 and (len({k for k, _ in inside}) > 1 or len(dealt.keys() & group) > 1):
                    more.add(who)
        group |= more
    return group


def read(folder: Path, case: Path) -> None:
    """Write the reader's findings as a case whose newest run they are."""
    owner = _phones(folder)
    group = _grown(_seeds(folder, owner), _ties(folder, owner))
    nothing = {"estimate": 0, "low": 0, "high": 0}
    phones: dict[str, list[str]] = defaultdict(list)
    for phone, name in owner.items():
        phones[name].append(phone)
    told = [
        {"role": "collector", "identifiers": [{"type": "name", "value": x} for x in (n, *phones[n])]}
        for n in sorted(group)
    ]
    networks = [{"members": told, "samples": nothing, "proceeds": nothing}] if told else []
    at = case / "runs" / "0"
    at.mkdir(parents=True, exist_ok=True)
    (at / "findings.json").write_text(json.dumps({"networks": networks}, ensure_ascii=False), encoding="utf-8")
