"""The worlds: which chains live in which society, and how much lawful life lies around them."""

from collections import Counter
from pathlib import Path

import numpy as np

from bench.strangers.commons import Commons
from bench.strangers.countries import ABROAD, CHINA
from bench.strangers.gang import Gang
from bench.strangers.habits import draw
from bench.strangers.licensed import WAYS, Licensed, exporter, other_declarations
from bench.strangers.society import Society
from bench.strangers.writing import write

WORLDS = ("reference", "small_slow", "fast_company", "evasive", "partial", "over_permit", "abroad", "lawful")
GANGS = {
    "reference": 2,
    "small_slow": 1,
    "fast_company": 1,
    "evasive": 1,
    "partial": 1,
    "abroad": 1,
    "over_permit": 0,
    "lawful": 0,
}
# Lawful records for each unlawful one, before what is shown to the investigator is drawn.
SURROUND = (10.0, 22.0)
# Rows at scale 1 before coverage, least and most: a run stays within a minute or two.
SIZE = (16_000, 48_000)


def make(world: str, seed: int, folder: Path, *, scale: float = 1.0) -> Counter[str]:
    """Write one world into a folder; gives the rows of each kind. The same arguments give the same bytes."""
    rng = np.random.default_rng([seed, WORLDS.index(world), 77_003])
    country = ABROAD[seed % len(ABROAD)] if world == "abroad" else CHINA
    days = {"small_slow": 360, "fast_company": int(rng.integers(60, 120))}.get(world, int(rng.integers(110, 260)))
    s = Society(country, rng, days)
    gangs = [Gang(s, draw(s, world, scale), i) for i in range(GANGS[world])]
    for gang in gangs:
        gang.work()
    networks: list[dict[str, object]] = [
        {"id": i, "samples": g.sent, "gross": round(g.gross), "habits": str(g.h)} for i, g in enumerate(gangs)
    ]
    honest = s.whole(1, 3)
    exporters = [Licensed(s, exporter(s, "")) for _ in range(honest)]
    if world == "over_permit":
        way = s.pick(WAYS)
        exporters.append(Licensed(s, exporter(s, way), 0))
        networks.append({"id": 0, "way": way})
    for i in rng.permutation(len(exporters)):
        exporters[int(i)].work()
    unlawful = sum(t.is_chain for t in s.traces)
    total = min(SIZE[1], max(SIZE[0], unlawful * s.between(*SURROUND))) * scale
    Commons(s).fill(_targets(s, total))
    other_declarations(s, round(total * s.between(0.005, 0.02)))
    return write(s, world, seed, folder, networks)


def _targets(s: Society, total: float) -> dict[str, int]:
    """Lawful records of each kind: about its usual part, and ten times what the chains left of it."""
    parts = {"waybill": 0.34, "payment": 0.33, "crossing": 0.13, "contact": 0.14, "order": 0.03, "post": 0.025}
    left = Counter(t.kind for t in s.traces if t.is_chain)
    targets = {k: round(total * p * s.between(0.7, 1.3)) for k, p in parts.items()}
    for kind in ("waybill", "payment", "crossing", "contact", "post"):
        targets[kind] = max(targets[kind], 8 * left[kind])
    return targets | {"seizure": s.whole(15, 60), "organisation": s.whole(60, 200)}
