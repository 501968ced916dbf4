"""Findings held against the truth: who was found, accused wrongly, or missed, and by what he could be seen."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Score:
    """One case's result. Counts of persons, save where the name says otherwise."""

    world: str
    seed: int
    rows: int
    true: int = 0
    seen_true: int = 0  # true members with at least two kinds of record in the act
    found: int = 0
    right: int = 0
    recalled: int = 0
    recalled_seen: int = 0
    role_right: int = 0
    networks: int = 0
    true_networks: int = 0
    networks_found: int = 0
    merged: int = 0
    split: int = 0
    false_networks: int = 0
    duplicates: int = 0
    donors: int = 0
    samples: list[str] = field(default_factory=list)
    missed: list[Mapping[str, Any]] = field(default_factory=list)
    accused: list[str] = field(default_factory=list)
    by_role: dict[str, list[int]] = field(default_factory=dict)

    @property
    def precision(self) -> float:
        """Share of found persons who are truly in it; 1 where nobody was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of true members found; 1 where there are none."""
        return self.recalled / self.true if self.true else 1.0

    @property
    def recall_seen(self) -> float:
        """The same among those whom two kinds of record show."""
        return self.recalled_seen / self.seen_true if self.seen_true else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two; 1 where nobody was there and nobody named."""
        p, r = self.precision, self.recall
        return 2 * p * r / (p + r) if p + r else 0.0


def norm(value: str) -> str:
    """One form of an identifier, however it is written: no spaces, marks or case, a phone without its sign."""
    return re.sub(r"[\s\-+·.,，()（）#]", "", value).casefold()


def newest(case: Path) -> Mapping[str, Any]:
    """The newest findings of a case."""
    files = sorted(case.glob("runs/*/findings.json"), key=lambda p: p.stat().st_mtime)
    if not files:
        raise FileNotFoundError(f"{case}: no runs/*/findings.json; run `vialtrace run {case}` first.")
    found: Mapping[str, Any] = json.loads(files[-1].read_text(encoding="utf-8"))
    return found


def _keys(member: Mapping[str, Any]) -> list[str]:
    return [norm(str(i["value"])) for i in member["identifiers"]]


def _owners(members: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Which true member an identifier or a name borne by nobody else belongs to."""
    owners: dict[str, int] = {}
    for m in members:
        for x in (*m["names"], *m["identifiers"]):
            owners[norm(x)] = m["id"]
            # Handles stand with or without their platform.
            if re.match(r"^[a-z]+:", x):
                owners.setdefault(norm(x.split(":", 1)[1]), m["id"])
    return owners


def score(folder: Path, case: Path) -> Score:
    """Hold a case's newest findings against a world's truth."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    findings = newest(case)
    members = {m["id"]: m for m in truth["members"]}
    owners = _owners(truth["members"])
    out = Score(truth["world"], truth["seed"], sum(truth["rows"].values()), true=len(members))
    out.seen_true = sum(m["visible"] >= 2 for m in members.values())
    out.networks, out.true_networks = len(findings["networks"]), len(truth["networks"])
    times: Counter[int] = Counter()
    homes: dict[int, Counter[int]] = defaultdict(Counter)
    right_role: set[int] = set()
    for n, network in enumerate(findings["networks"]):
        inside: Counter[int] = Counter()
        for m in network["members"]:
            hits = Counter(owners[k] for k in _keys(m) if k in owners)
            out.found += 1
            if not hits:
                out.accused.append(
                    f"{m['role']}: " + ", ".join(f"{i['type']} {i['value']}" for i in m["identifiers"][:4])
                )
                continue
            uid = hits.most_common(1)[0][0]
            out.right += 1
            times[uid] += 1
            if m["role"] in members[uid]["roles"]:
                right_role.add(uid)
            inside[members[uid]["network"]] += 1
            homes[members[uid]["network"]][n] += 1
        strong = [k for k, v in inside.items() if v >= max(2, 0.15 * sum(inside.values()))]
        out.merged += len(strong) > 1
        out.false_networks += sum(inside.values()) * 2 < len(network["members"])
    out.networks_found = len(homes)
    out.split = sum(sum(v >= 2 for v in where.values()) > 1 for where in homes.values())
    out.duplicates = sum(v - 1 for v in times.values())
    out.recalled = len(times)
    out.recalled_seen = sum(members[u]["visible"] >= 2 for u in times)
    out.role_right = len(right_role)
    out.missed = sorted(
        (m for u, m in members.items() if u not in times),
        key=lambda m: (-m["visible"], -sum(r["n"] for r in m["records"].values())),
    )
    for m in members.values():
        tally = out.by_role.setdefault(m["roles"][0], [0, 0, 0, 0])
        tally[0] += m["id"] in times
        tally[1] += 1
        tally[2] += m["id"] in times and m["visible"] >= 2
        tally[3] += m["visible"] >= 2
    out.donors = _exposed(truth, findings)
    _estimates(out, truth, findings, homes)
    return out


def _exposed(truth: Mapping[str, Any], findings: Mapping[str, Any]) -> int:
    """Donors whose phone, account, document, handle, home or name that nobody else bears stands in the findings."""
    named = {norm(str(i["value"])) for n in findings["networks"] for m in n["members"] for i in m["identifiers"]}
    text = json.dumps(findings, ensure_ascii=False).casefold()
    return sum(
        any(norm(x) in named for x in (*d["identifiers"], *d["names"]))
        or any(x.casefold().removeprefix("+86") in text for x in d["identifiers"])
        for d in truth["donors"]
    )


def _estimates(
    out: Score, truth: Mapping[str, Any], findings: Mapping[str, Any], homes: Mapping[int, Counter[int]]
) -> None:
    """Samples and proceeds of each true network beside what its best finding says."""
    for true in truth["networks"]:
        if true["id"] not in homes or "samples" not in true:
            continue
        network = findings["networks"][homes[true["id"]].most_common(1)[0][0]]
        for what, key in (("samples", "samples"), ("proceeds", "gross")):
            e = network[what]
            inside = "in" if e["low"] <= true[key] <= e["high"] else "OUT"
            out.samples.append(
                f"{what} {true[key]:,} told {e['estimate']:,.0f} [{e['low']:,.0f}, {e['high']:,.0f}] {inside}"
            )
