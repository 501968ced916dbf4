"""Lawful businesses: the same process as a chain's, with other parameters.

Each line is one kind of business: its trade, how many of them in a world of 1,500 samples, what share of all lawful
deals they do, and who runs them. Many have the shape of a chain: strangers pay, post a small parcel, somebody carries
it over a border. None is unlawful.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from vialtrace.simulate.casting import Casting
from vialtrace.simulate.commerce import do_business
from vialtrace.simulate.people import Population
from vialtrace.simulate.rhythm import Floats
from vialtrace.simulate.trade import Crew, Deals, Stage, Trade


@dataclass(frozen=True)
class Line:
    """A kind of business: how many, their share of deals, the people in each; ``org`` is a kind of company or blank."""

    trade: Trade
    businesses: float
    share: float
    org: str = ""
    sellers: int = 1
    depots: int = 1
    gatherers: int = 0
    runners: int = 0
    staff: int = 0
    partner: str = ""
    spread: float = 0.8


# Shares of deals and sizes are set so that, of every single count, lawful businesses lead (bench/fairness.py).
LINES: tuple[Line, ...] = (
    Line(
        Trade(
            "licensed_laboratory", advert="lab", adverts_a_month=4, contents="lab", services="lab", order_sheets=0.95,
            labels=True, price=(200, 1200, 3000), price_points=4, talks=0.4, cash=0.05, in_parcels=0.96, gathered=0.3,
            box=(40, 140, 400), units=(0.1, 0.7, 0.2), out_parcels=0.15, commission=(0.0, 0.15),
            wage=(4000, 6000, 9000), rent=(5000, 12000, 30000), lookalike="licensed_laboratory",
        ),
        10, 0.18, "lab", 3, 1, 8, staff=4, spread=0.5,
    ),
    Line(
        Trade(
            "hospital", advert="hospital", adverts_a_month=14, contents="lab", services="hospital", order_sheets=0.95,
            labels=True, reach=0.15, price=(1800, 2300, 2900), price_points=2, talks=0.3, in_parcels=0.1,
            units=(0.5, 0.5), deposit=0.02, cash=0.15, lookalike="hospital",
        ),
        6, 0.07, "hospital", 2, 1, 0, staff=6,
    ),
    Line(
        Trade(
            "sample_exporter", advert="export", adverts_a_month=3, contents="lab", services="export", order_sheets=0.4,
            labels=True, price=(800, 2500, 6000), price_points=3, cash=0.01, in_parcels=0.95, gathered=0.8,
            box=(80, 300, 900), units=(0.2, 0.6, 0.2), dwell=(0, 2, 6), declares=1.0, fee=0.4,
            wage=(5000, 8000, 12000), lookalike="permitted_exporter",
        ),
        6, 0.03, "export", 2, 1, 6, staff=3, partner="abroad_lab", spread=0.5,
    ),
    Line(
        Trade(
            "paternity_laboratory", advert="paternity", adverts_a_month=8, contents="lab", services="paternity",
            order_sheets=0.9, labels=True, price=(2000, 2400, 3000), price_points=2, deposit=0.35, in_parcels=0.9,
            gathered=0.15, box=(30, 90, 250), units=(0.2, 0.6, 0.2), out_parcels=0.5, commission=(0.05, 0.2),
            wage=(4000, 6000, 9000), lookalike="paternity_laboratory",
        ),
        6, 0.04, "paternity", 3, 1, 3, staff=2,
    ),
    Line(
        Trade(
            "tea_shop", advert="tea", adverts_a_month=6, contents="tea", out_contents="tea", price=(60, 200, 900),
            out_parcels=0.95, returns=0.16, out_weight=(150, 500, 2500), cash=0.02, lookalike="tea_shop",
        ),
        14, 0.05, "shop", 1, 1, staff=1,
    ),
    Line(
        Trade(
            "toy_shop", advert="toy", adverts_a_month=6, contents="toy", out_contents="toy", price=(30, 120, 600),
            out_parcels=0.96, returns=0.18, out_weight=(100, 400, 2000), cash=0.02, lookalike="toy_shop",
        ),
        14, 0.05, "shop", 1, 1, staff=1,
    ),
    Line(
        Trade(
            "live_stream_seller", advert="cosmetics", adverts_a_month=14, contents="cosmetics",
            out_contents="cosmetics", price=(40, 180, 900), price_points=5, out_parcels=0.95, returns=0.25,
            out_weight=(60, 250, 900), cash=0.0, commission=(0.05, 0.2), lookalike="live_stream_seller",
        ),
        12, 0.06, "front", 3, 1, staff=2, spread=1.0,
    ),
    Line(
        Trade(
            "baby_clothes_shop", advert="clothes", adverts_a_month=8, contents="clothes", out_contents="clothes",
            price=(50, 150, 500), out_parcels=0.95, returns=0.25, out_weight=(100, 350, 1200), cash=0.02,
            lookalike="baby_clothes_shop",
        ),
        14, 0.05, "shop", 1, 1, staff=1, spread=1.0,
    ),
    Line(
        Trade(
            "returns_desk", advert="rental", adverts_a_month=3, contents="returns", price=(30, 90, 300),
            price_points=3, in_parcels=0.97, in_after=(2, 6, 12), box=(70, 190, 600), unit_weight=0, talks=0.2,
            cash=0.0, wage=(3500, 5000, 7000), lookalike="returns_desk",
        ),
        4, 0.08, "shop", 1, 1, staff=2, spread=0.4,
    ),
    Line(
        Trade(
            "rental_library", advert="rental", adverts_a_month=5, contents="returns", out_contents="returns",
            price=(60, 150, 400), price_points=3, in_parcels=0.96, in_after=(3, 8, 15), box=(60, 170, 500),
            unit_weight=0, out_parcels=0.5, out_weight=(80, 250, 900), visits=2, cash=0.0, lookalike="rental_library",
        ),
        6, 0.05, "", 2, 1, spread=0.6,
    ),
    Line(
        Trade(
            "second_hand_dealer", advert="used", adverts_a_month=7, contents="used", price=(50, 900, 4000),
            in_parcels=0.95, in_after=(1, 2, 5), box=(80, 350, 1500), unit_weight=0, buys=True, cash=0.03,
            lookalike="second_hand_dealer",
        ),
        14, 0.06, "", 2, 1, spread=1.0,
    ),
    Line(
        Trade(
            "repair_shop", advert="repair", adverts_a_month=7, contents="repair", out_contents="repair",
            price=(200, 1500, 4000), deposit=0.3, in_parcels=0.95, box=(60, 180, 500), unit_weight=0, units=(1.0,),
            out_parcels=0.93, out_weight=(80, 250, 700), lookalike="repair_shop",
        ),
        12, 0.05, "", 2, 1, spread=1.0,
    ),
    Line(
        Trade(
            "repair_abroad", advert="repair", adverts_a_month=7, contents="repair", out_contents="repair",
            price=(800, 2300, 4500), price_points=4, deposit=0.4, in_parcels=0.95, gathered=0.15, gathered_most=12,
            box=(60, 150, 400), unit_weight=30, units=(0.9, 0.1), out_parcels=0.9, out_weight=(80, 250, 700), runs=True,
            load=(4, 18, 60), trip_pay=(100, 250, 400), commission=(0.05, 0.15), fee=0.5, profit=0.4,
            lookalike="repair_shop",
        ),
        7, 0.03, "service", 3, 2, 2, 5, partner="abroad",
    ),
    Line(
        Trade(
            "grading_service", advert="repair", adverts_a_month=5, contents="any", out_contents="repair",
            price=(150, 400, 2500), price_points=4, in_parcels=0.95, gathered=0.2, gathered_most=15,
            box=(50, 120, 350), unit_weight=20, units=(0.5, 0.3, 0.2), out_parcels=0.9, out_weight=(80, 200, 500),
            runs=True, load=(10, 60, 150), trip_pay=(100, 250, 400), fee=0.55, lookalike="grading_service",
        ),
        6, 0.02, "", 2, 1, 2, 4, partner="abroad",
    ),
    Line(
        Trade(
            "visa_agency", advert="visa", adverts_a_month=8, contents="papers", out_contents="papers",
            price=(500, 1800, 3200), price_points=4, deposit=0.4, talks=1.2, in_parcels=0.92, gathered=0.2,
            gathered_most=20, box=(50, 110, 260), unit_weight=25, units=(0.7, 0.2, 0.1), out_parcels=0.9,
            out_weight=(60, 130, 260), runs=True, load=(5, 40, 120), trip_pay=(100, 250, 400), commission=(0.05, 0.2),
            fee=0.35, wage=(3500, 5000, 7000), rent=(3000, 5000, 9000), lookalike="visa_agency",
        ),
        10, 0.06, "service", 4, 2, 3, 6, staff=1, partner="abroad",
    ),
    Line(
        Trade(
            "parallel_trader", advert="trade", adverts_a_month=7, contents="imports", out_contents="imports",
            price=(150, 600, 2800), talks=1.0, in_parcels=0.05, out_parcels=0.92, returns=0.03,
            out_weight=(200, 900, 3000), runs=True, load=(4, 12, 30), units=(0.7, 0.3), together=(0.3, 0.4, 0.3),
            trip_pay=(100, 250, 400), dwell=(0, 0.5, 1), fee=0.6, lookalike="parallel_trader",
        ),
        8, 0.03, "", 2, 1, 0, 10, partner="abroad",
    ),
    Line(
        Trade(
            "forwarding_warehouse", advert="forward", adverts_a_month=4, contents="any", out_contents="any",
            price=(30, 90, 500), in_parcels=0.97, gathered=0.1, gathered_most=10, in_after=(1, 3, 8),
            box=(80, 450, 2500), unit_weight=0, out_parcels=0.3, out_weight=(500, 2500, 9000), cash=0.0,
            wage=(3500, 5000, 7000), rent=(3000, 8000, 20000), lookalike="forwarding_warehouse",
        ),
        7, 0.07, "service", 2, 1, 2, staff=3,
    ),
    Line(
        Trade(
            "group_buying", advert="group", adverts_a_month=6, reach=0.02, price=(20, 60, 300), price_points=2,
            visits=6, visit_gap=12, talks=0.4, cash=0.05, lookalike="group_buying_organiser",
        ),
        24, 0.04, "", 1, 0,
    ),
    Line(
        Trade(
            "landlord", advert="landlord", adverts_a_month=1, reach=0.1, price=(1500, 2500, 3500), price_points=1,
            visits=9, visit_gap=30.4, talks=0.3, cash=0.05, lookalike="landlord",
        ),
        40, 0.02, "", 1, 0,
    ),
    Line(
        Trade(
            "tutor", advert="tutor", adverts_a_month=3, reach=0.15, price=(300, 2200, 3000), price_points=1, visits=5,
            visit_gap=30, talks=0.6, out_contents="books", out_parcels=0.1, cash=0.05, lookalike="tutor",
        ),
        40, 0.03, "", 1, 1,
    ),
    Line(
        Trade(
            "training_school", advert="school", adverts_a_month=6, reach=0.7, price=(2000, 2500, 3000), price_points=1,
            deposit=0.25, talks=0.8, out_contents="books", out_parcels=0.2, cash=0.03, commission=(0.05, 0.2),
            wage=(4000, 6000, 9000), lookalike="training_school",
        ),
        4, 0.08, "front", 3, 1, staff=2, spread=0.5,
    ),
    Line(
        Trade(
            "phone_seller", advert="phones", adverts_a_month=6, price=(1900, 2500, 3100), price_points=4, deposit=0.1,
            out_contents="phones", out_parcels=0.95, returns=0.05, out_weight=(200, 400, 700), cash=0.02,
            lookalike="phone_seller",
        ),
        5, 0.06, "", 2, 1, spread=0.6,
    ),
    Line(
        Trade(
            "ticket_agent", advert="tickets", adverts_a_month=6, price=(600, 2400, 3200), price_points=3, deposit=0.2,
            out_parcels=0.8, out_contents="papers", out_weight=(40, 90, 160), lookalike="ticket_agent",
        ),
        8, 0.02, "front", 2, 1,
    ),
    Line(
        Trade(
            "supplies_shop", advert="supplies", adverts_a_month=3, price=(40, 200, 900), out_parcels=0.96,
            out_contents="supplies", returns=0.03, out_weight=(200, 800, 3000), lookalike="supplies_shop",
        ),
        5, 0.01, "shop", 1, 1,
    ),
)  # fmt: skip


def crew_for(rng: np.random.Generator, casting: Casting, line: Line) -> Crew:
    """The people of one business of a line."""
    near = casting.home_border if line.runners else casting.home
    owner = casting.persons(rng, 1, near)[0]
    company = casting.orgs(rng, line.org, 1)[0] if line.org else -1
    sellers = casting.persons(rng, line.sellers - 1, near) if line.sellers > 1 else ()
    face = company if company >= 0 and rng.random() < 0.7 else owner
    lab_desk = line.trade.contents == "lab"  # samples go to the company's own door
    tills: tuple[tuple[int, int], ...]
    if company >= 0:
        tills = ((company, 0),) if rng.random() < 0.75 else ((company, 0), (owner, int(rng.integers(0, 4))))
    else:
        tills = tuple((who, int(rng.integers(0, 4))) for who in (owner, *sellers)[: int(rng.integers(1, 3))])
    others = casting.persons(rng, max(0, line.depots - 1), near)
    depots = ((company if lab_desk and company >= 0 else face), *others)[: line.depots]
    partner = casting.orgs(rng, line.partner, 1)[0] if line.partner else -1
    n_ports = len(casting.people.country.ports)
    return Crew(
        owner,
        (face, *sellers),
        tills,
        depots,
        casting.persons(rng, line.gatherers, casting.home),
        casting.border_persons(rng, int(rng.integers(max(2, line.runners // 2), line.runners + 3)))
        if line.runners
        else (),
        partner,
        casting.persons(rng, 1)[0] if line.trade.rent[2] > 0 else -1,
        casting.persons(rng, line.staff),
        ports=tuple(int(port) for port in rng.choice(n_ports, min(2, n_ports), replace=False)),
    )


def organisations_needed(size: float) -> dict[str, int]:
    """How many organisations of each kind the lawful businesses of a world of ``size`` take, with some to spare."""
    needed: dict[str, int] = {}
    for line in LINES:
        for kind in (line.org, line.partner):
            if kind:
                needed[kind] = needed.get(kind, 0) + businesses_of(line, size)
    return {kind: count + 6 + count // 5 for kind, count in needed.items()}


def businesses_of(line: Line, size: float) -> int:
    """How many businesses of a line a world of ``size`` (in 1,500 samples) has: more, and bigger, in a bigger world."""
    growth: float = size**0.25
    return max(2, round(line.businesses * growth))


@dataclass(frozen=True)
class Business:
    """A lawful business as it was run: its line, people, deals and number."""

    line: Line
    crew: Crew
    deals: Deals
    operation: int
    window: tuple[int, int]


def lawful_life(
    rng: np.random.Generator, stage: Stage, casting: Casting, n_deals: float, size: float, first: int
) -> list[Business]:
    """All lawful businesses of a world, together about ``n_deals`` deals; operations are numbered from ``first``."""
    done: list[Business] = []
    adverts = 0.22 * min(1.0, size) ** 0.5  # lawful adverts some sixty times a chain's
    for line in LINES:
        count = businesses_of(line, size)
        weights: Floats = rng.lognormal(0, line.spread, count)
        sizes = np.maximum(np.round(weights / weights.sum() * n_deals * line.share), 5).astype(int)
        for deals in sizes:
            window = _window(rng, stage.span.days)
            crew = crew_for(rng, casting, line)
            operation = first + len(done)
            trade = replace(line.trade, adverts_a_month=line.trade.adverts_a_month * adverts)
            done.append(
                Business(
                    line, crew, do_business(rng, stage, trade, crew, int(deals), window, operation), operation, window
                )
            )
    return done


def _window(rng: np.random.Generator, days: int) -> tuple[int, int]:
    """Half the businesses are there all along; the others open late, close early, or last some months."""
    if rng.random() < 0.5:
        return 0, days - 6
    length = int(rng.integers(min(100, days // 2), days - 6))
    start = int(rng.integers(0, days - 5 - length))
    return start, start + length


def desk_of(people: Population, crew: Crew) -> str:
    """The address of a business's first depot, or of its owner."""
    return people.address.every(crew.depots[0] if crew.depots else crew.owner)[-1]
