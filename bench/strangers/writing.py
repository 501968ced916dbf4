"""From traces to files: what an investigator got of all that happened, and the truth beside it."""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bench.strangers.headers import ABROAD_HEADERS
from bench.strangers.society import Person, Society, Trace

WHEN = {
    "post": "posted_at",
    "order": "ordered_at",
    "waybill": "accepted_at",
    "payment": "paid_at",
    "crossing": "crossed_at",
    "declaration": "declared_at",
    "permit": "valid_from",
    "seizure": "seized_at",
    "contact": "contacted_at",
}
DAYS = {"valid_to", "established", "valid_from"}
INSTANTS = {"delivered_at", "drawn_at"}
GROUP = {"waybill": "carrier", "payment": "channel", "crossing": "port", "post": "platform", "contact": "medium"}


def subscribers(s: Society, share: float) -> None:
    """Lines of the subscriber registers: every identifier in the land has the same chance to have been asked for."""
    for p in s.people:
        for phone in p.phones:
            if s.chance(share) and phone not in s.offices:
                s.holder("phone", phone, p)
        for account in p.accounts:
            if s.chance(share):
                s.holder("account", account, p, name=s.holders[account] if s.holders[account] != p.name else "")
        for handle in p.handles:
            if s.chance(share * 0.5):
                s.holder("handle", handle, p)


def covered(s: Society, world: str) -> list[Trace]:
    """The traces that reached the investigator: each kind in its share, evenly or by carrier, bank and port."""
    share = {k: s.between(0.3, 1.0) for k in ("post", "order", "waybill", "payment", "crossing", "contact")}
    share |= {"organisation": s.between(0.6, 1.0), "seizure": s.between(0.8, 1.0)}
    if world in ("over_permit", "lawful"):
        # Of what was exported the regulator holds nearly everything; otherwise every honest exporter would seem beyond.
        share["waybill"] = s.between(0.8, 1.0)
    kinds = set(WHEN) | {"specimen", "organisation", "subscriber"}
    if world == "partial":
        kinds = {"waybill", "crossing", "seizure", "specimen"} if s.chance(0.5) else {"payment", "waybill"}
    by_group = {k: s.chance(0.5) for k in share}
    of_group: dict[tuple[str, str], float] = {}
    kept, lost_seizures = [], set()
    for t in s.traces:
        if t.kind not in kinds or (t.kind == "specimen" and t.row["seizure_id"] in lost_seizures):
            continue
        p = share.get(t.kind, 1.0)
        if by_group.get(t.kind) and t.kind in GROUP:
            key = (t.kind, str(t.row.get(GROUP[t.kind], "")))
            if key not in of_group:
                of_group[key] = min(1.0, max(0.0, p + s.between(-0.35, 0.35)))
            p = of_group[key]
        if s.chance(p):
            kept.append(t)
        elif t.kind == "seizure":
            lost_seizures.add(t.row["seizure_id"])
    return kept


def _mask(s: Society, traces: list[Trace]) -> None:
    """In some worlds one carrier stars the senders' phones and names."""
    if s.country.code != "CN" or not s.chance(0.3):
        return
    carrier = s.pick(s.country.carriers)
    for t in traces:
        if t.kind == "waybill" and t.row["carrier"] == carrier:
            phone, name = str(t.row["sender_phone"]).removeprefix("+86"), str(t.row["sender_name"])
            t.row["sender_phone"] = phone[:3] + "****" + phone[-4:]
            t.row["sender_name"] = name[:1] + "*" * (len(name) - 1)


def _told(value: str | float, name: str, start: datetime) -> str:
    """A field as it stands in the file."""
    if isinstance(value, str):
        return value
    if name in DAYS:
        return (start + timedelta(days=value)).strftime("%Y-%m-%d")
    if name in INSTANTS:
        return (start + timedelta(days=value)).strftime("%Y-%m-%d %H:%M:%S")
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def write(s: Society, world: str, seed: int, folder: Path, networks: Sequence[Mapping[str, object]]) -> Counter[str]:
    """Write records and truth; gives rows per kind."""
    start = datetime(s.pick((2023, 2024, 2025)), s.whole(1, 12), s.whole(1, 28))  # noqa: DTZ001 local time, as records have it
    subscribers(s, s.between(0.1, 0.5))
    kept = covered(s, world)
    _mask(s, kept)
    dated_only = s.chance(0.4)
    seen: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    counts: Counter[str] = Counter()
    (folder / "records").mkdir(parents=True, exist_ok=True)
    for kind in sorted({t.kind for t in kept}):
        form = "%Y-%m-%d" if kind == "permit" or (kind == "crossing" and dated_only) else "%Y-%m-%d %H:%M:%S"
        lines = []
        for t in (t for t in kept if t.kind == kind):
            row = {k: _told(v, k, start) for k, v in t.row.items()}
            if kind in WHEN:
                row[WHEN[kind]] = (start + timedelta(days=t.at)).strftime(form)
            lines.append((row.get(WHEN.get(kind, ""), ""), float(s.rng.random()), row, t.tied))
        lines.sort(key=lambda x: x[:2])
        names = list(dict.fromkeys(k for _, _, row, _ in lines for k in row))
        headers = ABROAD_HEADERS[kind] if s.country.code != "CN" else {}
        with (folder / "records" / f"{kind}.csv").open("w", newline="", encoding="utf-8") as f:
            out = csv.writer(f)
            out.writerow([headers.get(n, n) for n in names])
            for i, (_, _, row, tied) in enumerate(lines):
                out.writerow([row.get(n, "") for n in names])
                for uid in tied:
                    seen[uid][kind].append(f"{kind}.csv:{i + 2}")
        counts[kind] = len(lines)
    if s.country.code != "CN":
        _mappings(folder)
    truth = _truth(s, seen) | {
        "world": world,
        "seed": seed,
        "zone": s.country.zone,
        "jurisdiction": s.country.code,
        "networks": list(networks),
        "rows": dict(counts),
    }
    truth["chain_rows"] = sum(t.is_chain for t in kept)
    (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1), encoding="utf-8")
    return counts


def _mappings(folder: Path) -> None:
    """The mappings a person would write for files whose headers the program may not know."""
    (folder / "mappings").mkdir(exist_ok=True)
    for file in sorted((folder / "records").iterdir()):
        field_of = {header: name for name, header in ABROAD_HEADERS[file.stem].items()}
        with file.open(encoding="utf-8") as f:
            headers = next(csv.reader(f))
        columns = {field_of[h]: {"column": h} for h in headers}
        # JSON is YAML.
        mapping = {
            "kind": file.stem,
            "file": file.name,
            "sheet": "",
            "confirmed": True,
            "columns": columns,
            "constants": {},
            "headers": headers,
        }
        (folder / "mappings" / f"{file.stem}.yaml").write_text(json.dumps(mapping), encoding="utf-8")


def _identifiers(p: Person, shared: set[str]) -> list[str]:
    """What the person alone can be known by."""
    known = [*p.phones, *p.accounts, *p.documents, *p.handles, *p.addresses, *(x for x in (p.org_id, p.resident) if x)]
    return [x for x in known if x not in shared]


def _truth(s: Society, seen: Mapping[int, Mapping[str, list[str]]]) -> dict[str, object]:
    """Who was in it, by what each can be known, and by what kinds of record each is seen in the act."""
    borne = Counter(n for p in s.people for n in {p.name, *p.aliases})
    shared = {
        x
        for x, n in Counter(x for p in s.people for x in {*p.phones, *p.addresses, *p.accounts, *p.documents}).items()
        if n > 1
    }
    shared |= {*s.offices, *s.stations}
    members = []
    for p in s.people:
        if p.network < 0:
            continue
        same = [p, *(s.people[uid] for uid in p.hands)]
        names = [n for x in same for n in (x.name, *x.aliases)]
        records = dict(sorted(seen.get(p.uid, {}).items()))
        members.append(
            {
                "id": p.uid,
                "name": p.name,
                "names": [n for n in names if borne[n] == 1],
                "identifiers": [x for one in same for x in _identifiers(one, shared)],
                "roles": list(dict.fromkeys(p.roles)),
                "network": p.network,
                "visible": len(records),
                "records": {k: {"n": len(v), "first": v[:4]} for k, v in records.items()},
            }
        )
    donors = [
        {"names": [p.name] if borne[p.name] == 1 else [], "identifiers": _identifiers(p, shared)}
        for p in s.people
        if p.is_donor
    ]
    return {"members": members, "donors": donors}
