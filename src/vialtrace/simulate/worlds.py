"""The worlds: frozen settings by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from vialtrace.errors import UnknownName
from vialtrace.simulate.trade import Trade


@dataclass(frozen=True)
class Cell:
    """One network: its trade, how many samples at scale 1, when, and how many people in each role."""

    id: str
    trade: Trade
    samples: float
    start: int
    days: int
    organisers: int = 1
    recruiters: int = 3
    collectors: int = 1
    hubs: int = 2
    mules: int = 4
    treasurers: int = 1
    company: str = ""
    regions: int = 23
    interception: float = 0.03
    seizures_least: int = 3
    parcel_seizures: int = 1
    moves: int = 0
    burners: int = 0
    borrowed: int = 0
    permits: int = 0
    declared: float = 0.0


@dataclass(frozen=True)
class World:
    """A world: country, days, networks, usual scale, and the kinds of record handed over (blank: all)."""

    name: str
    help: str
    start: date
    days: int
    cells: tuple[Cell, ...]
    base_scale: float = 1.0
    idle_samples: float = 0.0
    country: str = "CN"
    kinds: tuple[str, ...] = ()


_CHAIN = Trade(
    "samples",
    advert="chain",
    adverts_a_month=6,
    contents="decoy",
    services="chain",
    order_sheets=0.3,
    order_rows=0.6,
    labels=True,
    reach=0.9,
    price=(2000, 2500, 3000),
    price_points=5,
    talks=1.2,
    deposit=0.45,
    cash=0.08,
    in_parcels=0.97,
    in_after=(1, 2, 4),
    gathered=0.3,
    gathered_most=33,
    gather_days=2,
    box=(60, 160, 420),
    unit_weight=12.6,
    units=(0.0, 0.9, 0.1),
    dwell=(0.0, 0.7, 2.0),
    runs=True,
    load=(5, 96, 210),
    trip_pay=(100, 300, 400),
    commission=(0.05, 0.2),
    gather_fee=80,
    wage=(1500, 2500, 4000),
    rent=(1000, 1500, 2500),
    fee=0.6,
    fee_days=7,
    profit=0.6,
)

_MEDIA = Cell(
    "N1",
    replace(_CHAIN, vehicle=0.02),
    70_000,
    372,
    145,
    recruiters=4,
    collectors=2,
    hubs=2,
    mules=5,
    treasurers=1,
    company="front",
    regions=23,
)
_ZHUO = Cell(
    "N2",
    replace(_CHAIN, adverts_a_month=4, price_points=4, together=(0.5, 0.3, 0.2)),
    30_000,
    40,
    487,
    recruiters=3,
    collectors=1,
    hubs=2,
    mules=3,
    regions=19,
)

_ALL = (
    World(
        "reference",
        "Two gangs, 26 suspects, 23 provinces: a fast cell behind a media company, a slow one round a mule organiser.",
        date(2024, 3, 1),
        580,
        (_MEDIA, _ZHUO),
        base_scale=0.05,
    ),
    World(
        "small_slow",
        "One collector and a few mules, 20 to 40 samples a month for a year.",
        date(2024, 9, 1),
        420,
        (
            Cell(
                "N1",
                replace(_CHAIN, adverts_a_month=3, reach=0.6, gathered=0.55, price_points=2),
                360,
                30,
                365,
                recruiters=1,
                collectors=1,
                hubs=1,
                mules=3,
                regions=6,
                interception=0.02,
                seizures_least=2,
            ),
        ),
    ),
    World(
        "fast_company",
        "A thousand and a half samples in four months behind a health consulting company.",
        date(2024, 12, 1),
        300,
        (
            Cell(
                "N1",
                replace(_CHAIN, adverts_a_month=10, vehicle=0.03),
                1500,
                120,
                120,
                recruiters=5,
                collectors=2,
                hubs=2,
                mules=6,
                company="front",
                regions=23,
            ),
        ),
    ),
    World(
        "evasive",
        "Moving hubs, rotating mules, relayed parcels, split payments over borrowed accounts, burner phones.",
        date(2024, 3, 1),
        480,
        (
            Cell(
                "N1",
                replace(
                    _CHAIN,
                    advert="chain_quiet",
                    adverts_a_month=1,
                    talks=1.0,
                    split=0.35,
                    cash=0.2,
                    relay=0.5,
                    is_rotating=True,
                    order_sheets=0.15,
                ),
                1200,
                40,
                400,
                recruiters=3,
                collectors=3,
                hubs=4,
                mules=9,
                moves=3,
                burners=4,
                borrowed=5,
                seizures_least=2,
            ),
        ),
    ),
    World(
        "partial",
        "A usual network of which only waybills, crossings and seizures are at hand.",
        date(2024, 3, 1),
        480,
        (Cell("N1", _CHAIN, 1500, 60, 360, recruiters=3, collectors=2, hubs=2, mules=5),),
        kinds=("waybill", "crossing", "seizure"),
    ),
    World(
        "lawful", "Lawful life only: every kind of business, no network.", date(2024, 3, 1), 480, (), idle_samples=1000
    ),
    World(
        "over_permit",
        "A licensed front with permits that exports beyond, after and outside them, and undeclared consignments.",
        date(2024, 3, 1),
        480,
        (
            Cell(
                "N1",
                replace(
                    _CHAIN,
                    advert="lab",
                    adverts_a_month=4,
                    contents="lab",
                    services="lab",
                    order_sheets=0.5,
                    gathered=0.6,
                ),
                1200,
                60,
                360,
                recruiters=3,
                collectors=3,
                hubs=1,
                mules=4,
                company="export",
                permits=2,
                declared=0.6,
            ),
        ),
    ),
    World(
        "abroad",
        "Another country: English headers, passports, other phones, ports and money.",
        date(2024, 3, 1),
        420,
        (
            Cell(
                "N1", replace(_CHAIN, relay=0.1), 900, 60, 300, recruiters=3, collectors=2, hubs=2, mules=5, regions=10
            ),
        ),
        country="IN",
    ),
)

WORLDS: Mapping[str, World] = MappingProxyType({each.name: each for each in _ALL})


def world_named(name: str) -> World:
    """The world called ``name``.

    Raises:
        UnknownName: with the worlds there are.
    """
    if name not in WORLDS:
        raise UnknownName("world", name, list(WORLDS))
    return WORLDS[name]
