"""The networks of a world: their people, cast from everybody else, and their business, run by the common process."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from vialtrace.simulate import exports, interceptions
from vialtrace.simulate.casting import Casting
from vialtrace.simulate.clients import chat
from vialtrace.simulate.commerce import do_business
from vialtrace.simulate.people import Population, new_addresses, new_phones
from vialtrace.simulate.rhythm import DAY, Ints, days_drawn, moments
from vialtrace.simulate.trade import Crew, Deals, Stage, Trade
from vialtrace.simulate.worlds import Cell


@dataclass(frozen=True)
class Network:
    """One network as cast: its cell, crew, roles by party, and lenders of accounts by treasurer."""

    cell: Cell
    crew: Crew
    roles: dict[int, str]
    lenders: tuple[tuple[int, int], ...]  # accounts in other people's names: (holder, slot)
    treasurer: int
    permits: tuple[exports.Permit, ...] = ()
    done: tuple[Deals, ...] = ()
    unlawful: float = 1.0  # share of the samples no permit covers
    seizures: tuple[str, ...] = ()


def cast(rng: np.random.Generator, casting: Casting, cell: Cell, reach: Ints) -> Network:
    """People for a cell: organisers, recruiters, collectors, hub keepers (a couple first), mules, treasurer, lab.

    ``reach`` are the regions clients may come from, in order of preference; recruiters and collectors live in them.
    """
    regions = np.sort(reach[: cell.regions])
    local = casting.from_regions(regions)
    organisers = casting.persons(rng, cell.organisers, casting.home)
    recruiters, collectors = casting.persons(rng, cell.recruiters, local), casting.persons(rng, cell.collectors, local)
    hubs = list(casting.persons(rng, 1, casting.home_border))
    if cell.hubs > 1:
        hubs.append(casting.mate_of(rng, hubs[0]))
        hubs += casting.persons(rng, cell.hubs - 2, casting.home_border)
    mules, treasurers = casting.border_persons(rng, cell.mules), casting.persons(rng, cell.treasurers)
    partner = casting.orgs(rng, "abroad_lab", 1)[0]
    company = casting.orgs(rng, cell.company, 1)[0] if cell.company else -1
    lenders = tuple((who, int(rng.integers(0, 4))) for who in casting.persons(rng, cell.borrowed))
    own = [(who, int(rng.integers(0, 4))) for who in treasurers]
    tills = [(company, 0), *own] if company >= 0 else [*own, (recruiters[0], int(rng.integers(0, 4)))]
    country = casting.people.country
    crew = Crew(
        organisers[0],
        recruiters,
        (*tills, *lenders),
        (company, *hubs) if cell.permits else tuple(hubs),
        collectors,
        mules,
        partner,
        casting.persons(rng, 1)[0],
        ports=tuple(int(port) for port in rng.choice(len(country.ports), min(2, len(country.ports)), replace=False)),
        regions=tuple(int(region) for region in regions),
    )
    roles = {
        who: role
        for role, group in (
            ("organiser", organisers),
            ("recruiter", recruiters),
            ("collector", collectors),
            ("hub", hubs),
            ("mule", mules),
            ("treasurer", treasurers),
            ("laboratory", (partner,)),
        )
        for who in group
    }
    if company >= 0:
        roles[company] = "treasurer"
    return Network(cell, crew, roles, lenders, treasurers[0])


def go_under(rng: np.random.Generator, people: Population, network: Network) -> Population:
    """Burner phones and moving hubs: the same people known by other numbers and at other addresses as time goes on."""
    cell, crew = network.cell, network.crew
    if cell.burners:
        who = np.array([who for who in network.roles if not people.is_org(who)])
        for index in range(cell.burners):
            day = cell.start + (index * cell.days) // cell.burners + rng.integers(0, 10, len(who))
            people = people.with_identities(phone=people.phone.changed(who, day * DAY, new_phones(rng, people, who)))
    if cell.moves:
        who = np.array(crew.depots)
        for index in range(cell.moves):
            day = cell.start + ((index + 1) * cell.days) // (cell.moves + 1) + rng.integers(-6, 7, len(who))
            people = people.with_identities(
                address=people.address.changed(who, day * DAY, new_addresses(rng, people, who))
            )
    return people


def operate(rng: np.random.Generator, stage: Stage, network: Network, scale: float, operation: int) -> Network:
    """The network's whole business; operations ``operation`` and, where part of it is declared, ``operation + 1``."""
    cell, crew = network.cell, network.crew
    if cell.trade.relay > 0:
        people = stage.people
        home = crew.depots[0]
        crew = replace(crew, relay_places=stage.stations[people.region[home]][people.city[home]])
    n = max(40, round(cell.samples * scale))
    window = (cell.start, min(cell.start + cell.days, stage.span.days - 12))
    trade = _affordable(cell.trade, n / cell.days * 30)
    done, permits, unlawful = [], [], 1.0
    if cell.declared:
        share = round(n * cell.declared)
        paper = replace(trade, runs=False, adverts_a_month=trade.adverts_a_month / 2)
        declared = do_business(rng, stage, paper, crew, share, window, operation + 1)
        # Permits for two fifths of what is declared, the last lapsing at three fifths of the time: beyond, and after.
        lapses = window[0] + round((window[1] - window[0]) * 0.6)
        quantity = float(declared.units.sum()) * 0.4
        permits = exports.grant(rng, stage, crew, (window[0], lapses), quantity, cell.permits, operation + 1)
        exports.declare(rng, stage, crew, declared, permits, 5)
        done.append(declared)
        n -= share
        unlawful = 1 - min(quantity / declared.units.mean(), share) / (n + share)
    carried = do_business(rng, stage, trade, crew, n, window, operation)
    done.insert(0, carried)
    seizures = interceptions.stop_trips(rng, stage, carried, cell.interception, cell.seizures_least)
    seizures += interceptions.stop_parcels(rng, stage, carried, cell.parcel_seizures)
    _inside_talk(rng, stage, network, window, operation)
    return replace(
        network, crew=crew, permits=tuple(permits), done=tuple(done), unlawful=unlawful, seizures=tuple(seizures)
    )


def _affordable(trade: Trade, pace: float) -> Trade:
    """Wages and rent a cell of ``pace`` samples a month can bear: below 30 they shrink with it."""
    share = min(1.0, pace / 30)
    low, mode, high = trade.wage
    rent = trade.rent
    return replace(
        trade, wage=(low * share, mode * share, high * share), rent=(rent[0] * share, rent[1] * share, rent[2] * share)
    )


def _inside_talk(
    rng: np.random.Generator, stage: Stage, network: Network, window: tuple[int, int], operation: int
) -> None:
    """Calls along the chain only: compartments do not know each other."""
    crew = network.crew
    up = [(crew.owner, who) for who in (*crew.sellers, network.treasurer, *crew.depots)] + [
        (seller, who) for seller in crew.sellers[:1] for who in crew.gatherers
    ]
    n = int(rng.poisson(len(up) * (window[1] - window[0]) / 10))
    pair = np.array(up)[rng.integers(0, len(up), n)]
    chat(
        rng,
        stage,
        pair[:, 0],
        pair[:, 1],
        moments(rng, days_drawn(rng, n, stage.span.within(*window)), "talk"),
        operation,
    )


def client_samples(network: Network) -> Ints:
    """Every client of a network, one entry a sample."""
    return np.concatenate([deals.client for deals in network.done])
