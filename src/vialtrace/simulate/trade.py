"""What a business is, in numbers: one form for a tea shop, a licensed laboratory and a smuggling chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from vialtrace.simulate.country import Country, Region
from vialtrace.simulate.journal import Journal
from vialtrace.simulate.people import Population
from vialtrace.simulate.rhythm import Ints, Span

Range = tuple[float, float, float]
NOTHING: Range = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Trade:
    """How a business attracts clients, is paid, receives and sends parcels, pays people and sends runners abroad.

    Shares and chances are between 0 and 1; ranges are low, mode, high; money is in yuan, weights in grams, times in
    days. Names of vocabularies are the last part of a key of ``Country.words``.
    """

    name: str
    advert: str = "private"
    adverts_a_month: float = 1.0
    contents: str = "any"
    out_contents: str = "report"
    services: str = ""
    order_sheets: float = 0.0
    order_rows: float = 1.0
    labels: bool = False
    reach: float = 0.9
    price: Range = (100, 300, 900)
    price_points: int = 0
    visits: float = 1.0
    visit_gap: float = 30.0
    talks: float = 0.6
    deposit: float = 0.0
    cash: float = 0.1
    split: float = 0.0
    buys: bool = False
    in_parcels: float = 0.0
    in_after: Range = (1, 2, 4)
    gathered: float = 0.0
    gathered_most: int = 40
    gather_days: int = 1
    box: Range = (60, 160, 420)
    unit_weight: float = 12.6
    units: tuple[float, ...] = (0.0, 1.0)  # chance of 1, 2, 3 ... units a deal
    relay: float = 0.0
    out_parcels: float = 0.0
    out_weight: Range = (80, 400, 1500)
    returns: float = 0.0
    dwell: Range = (0.0, 0.7, 2.0)
    runs: bool = False
    load: Range = (5, 96, 210)
    together: tuple[float, ...] = (0.7, 0.2, 0.1)
    vehicle: float = 0.0
    overnight: float = 0.3
    trip_pay: Range = NOTHING
    declares: float = 0.0
    commission: tuple[float, float] = (0.0, 0.0)
    sellers_collect: float = 0.0
    gather_fee: float = 0.0
    wage: Range = NOTHING
    rent: Range = NOTHING
    fee: float = 0.0
    fee_days: int = 7
    profit: float = 0.5
    is_rotating: bool = False
    lookalike: str = ""


@dataclass(frozen=True)
class Crew:
    """Who runs a business: party numbers by what they do; ``tills`` are (party, account slot)."""

    owner: int
    sellers: tuple[int, ...]
    tills: tuple[tuple[int, int], ...]
    depots: tuple[int, ...] = ()
    gatherers: tuple[int, ...] = ()
    runners: tuple[int, ...] = ()
    partner: int = -1
    landlord: int = -1
    staff: tuple[int, ...] = ()
    relay_places: tuple[str, ...] = ()
    ports: tuple[int, ...] = (0,)
    regions: tuple[int, ...] = ()

    def everyone(self) -> tuple[int, ...]:
        """All parties once, landlord left out."""
        parts = (
            self.owner,
            *self.sellers,
            *(who for who, _ in self.tills),
            *self.depots,
            *self.gatherers,
            *self.runners,
            self.partner,
            *self.staff,
        )
        return tuple(dict.fromkeys(who for who in parts if who >= 0))


@dataclass(frozen=True)
class Stage:
    """Where business is done: the people, the days, the book of events, and who lives where."""

    people: Population
    span: Span
    journal: Journal
    residents: Ints = field(repr=False)  # person numbers sorted by region
    first: Ints = field(repr=False)  # where each region begins in ``residents``
    size: Ints = field(repr=False)
    stations: tuple[tuple[tuple[str, ...], ...], ...] = field(repr=False)  # courier shops by region and city

    def anyone_in(self, rng: np.random.Generator, region: npt.NDArray[np.int64]) -> Ints:
        """A random person of each region."""
        picked: Ints = self.residents[
            self.first[region] + (rng.random(len(region)) * self.size[region]).astype(np.int64)
        ]
        return picked


def stage_for(rng: np.random.Generator, people: Population, span: Span, journal: Journal) -> Stage:
    """A stage with its index of residents by region."""
    region = people.region[: people.n_persons]
    residents = np.argsort(region, kind="stable")
    size = np.bincount(region, minlength=len(people.country.regions))
    first = np.concatenate([[0], np.cumsum(size)[:-1]])
    return Stage(people, span, journal, residents, first, size, courier_shops(rng, people.country))


def courier_shops(rng: np.random.Generator, country: Country) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Three courier shops in each city: addresses at which thousands of strangers take delivery."""
    words = country.word_list("station")

    def shop(region: Region, town: str, districts: tuple[str, ...]) -> str:
        part, street = (
            districts[rng.integers(0, len(districts))],
            country.streets[rng.integers(0, len(country.streets))],
        )
        number, word = rng.integers(1, 300), words[rng.integers(0, len(words))]
        if country.is_family_first:
            return f"{'' if town == region.name else region.name}{town}{part}{street}{number}号{word}"
        return f"{word}, {number} {street}, {part}, {town}, {region.name}"

    return tuple(
        tuple(tuple(shop(region, *city) for _ in range(3)) for city in region.cities) for region in country.regions
    )


@dataclass
class Deals:
    """The deals of one business while they are carried out: arrays by deal, filled step by step."""

    operation: int
    at: Ints
    client: Ints
    seller: Ints  # index into crew.sellers
    gatherer: Ints  # index into crew.gatherers, -1 where the client posts for herself
    price: npt.NDArray[np.float64]
    units: Ints
    till: Ints  # index into crew.tills
    arrived: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    drawn: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    depot: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    number: npt.NDArray[np.object_] = field(default_factory=lambda: np.zeros(0, dtype=object))
    trip: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    trips: Sequence[Trip] = ()

    @property
    def n(self) -> int:
        """How many deals."""
        return len(self.at)


@dataclass(frozen=True)
class Trip:
    """One runner over the border with goods once: who, when, from which port, with how many units."""

    runner: int
    at: int
    port: int
    units: int
    by_vehicle: bool
