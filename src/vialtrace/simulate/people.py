"""The people and organisations of a world, and what they are known by over time.

Everybody lives in a household, may share its phone, changes number or document now and then, and has namesakes. Who
will run a chain is drawn from these same people afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from vialtrace.simulate import checkdigits
from vialtrace.simulate.checkdigits import Texts
from vialtrace.simulate.country import Country
from vialtrace.simulate.rhythm import DAY, Ints

_REACH = 1 << 28  # more seconds than any world has


@dataclass(frozen=True)
class Timeline:
    """What each party was known by at each time: flat, sorted by party and start."""

    keys: Ints
    values: Texts

    def at(self, who: npt.NDArray[np.int64], when: npt.NDArray[np.int64]) -> Texts:
        """The value each party had at each time."""
        key = who.astype(np.int64) * _REACH + np.clip(when, 0, _REACH - 1)
        return self.values[np.searchsorted(self.keys, key, side="right") - 1]

    def every(self, who: int) -> list[str]:
        """All values one party ever had, in order, without blanks."""
        low, high = np.searchsorted(self.keys, [who * _REACH, (who + 1) * _REACH])
        return [str(value) for value in dict.fromkeys(self.values[low:high].tolist()) if value]

    def starts(self) -> tuple[Ints, Ints]:
        """The party and the start of every entry."""
        return self.keys // _REACH, self.keys % _REACH

    def changed(self, who: npt.NDArray[np.int64], start: npt.NDArray[np.int64], values: Texts) -> Timeline:
        """The same with later values added."""
        keys = np.concatenate([self.keys, who.astype(np.int64) * _REACH + np.clip(start, 1, _REACH - 1)])
        order = np.argsort(keys, kind="stable")
        return Timeline(keys[order], np.concatenate([self.values, values])[order])


def _fixed(values: Texts) -> Timeline:
    return Timeline(np.arange(len(values), dtype=np.int64) * _REACH, values)


@dataclass(frozen=True)
class Population:
    """Persons first, organisations after them; every array is by party number."""

    country: Country
    n_persons: int
    name: Texts
    region: Ints
    city: Ints
    is_near: npt.NDArray[np.bool_]
    birth: npt.NDArray[np.datetime64]
    head: Ints
    phone: Timeline
    address: Timeline
    document: Timeline
    accounts: npt.NDArray[np.str_]
    slot: Ints
    resident_no: Texts
    platform: Ints
    handle: Texts
    org_id: Texts
    org_kind: npt.NDArray[np.object_]
    representative: Ints
    established: npt.NDArray[np.datetime64]
    plate: Texts
    is_driver: npt.NDArray[np.bool_]

    @property
    def n(self) -> int:
        """How many parties there are."""
        return len(self.name)

    def is_org(self, who: int) -> bool:
        """Whether a party is an organisation."""
        return who >= self.n_persons

    def with_identities(self, *, phone: Timeline | None = None, address: Timeline | None = None) -> Population:
        """The same people with other phones or addresses."""
        return replace(self, phone=phone or self.phone, address=address or self.address)


def _person_names(rng: np.random.Generator, country: Country, n: int) -> Texts:
    rank = np.arange(1, len(country.surnames) + 1)
    share = 1 / (rank + 4.0)
    family = np.array(country.surnames)[rng.choice(len(rank), n, p=share / share.sum())]
    given = np.array(country.given)
    first, second = (given[rng.integers(0, len(given), n)] for _ in range(2))
    if not country.is_family_first:
        return np.char.add(np.char.add(first, " "), family)
    return np.char.add(family, np.char.add(first, np.where(rng.random(n) < 0.8, second, "")))


def _org_names(rng: np.random.Generator, country: Country, kinds: list[str], cities: list[str]) -> Texts:
    stems = country.word_list("org.stem")
    names = []
    for kind, city in zip(kinds, cities, strict=True):
        ends = country.word_list(f"org.{kind}")
        stem = ("" if country.is_family_first else " ").join(
            stems[i] for i in rng.integers(0, len(stems), 2 + int(rng.random() < 0.3))
        )
        end = ends[rng.integers(0, len(ends))]
        names.append(
            f"{'' if kind.startswith('abroad') else city}{stem}{end}" if country.is_family_first else f"{stem} {end}"
        )
    return np.array(names)


def _addresses(
    rng: np.random.Generator, country: Country, region: Ints, city: Ints, is_near: npt.NDArray[np.bool_]
) -> Texts:
    n = len(region)
    district, street = rng.random(n), rng.integers(0, len(country.streets), n)
    number, block, room = (
        rng.integers(1, 300, n),
        rng.integers(1, 30, n),
        rng.integers(1, 33, n) * 100 + rng.integers(1, 9, n),
    )
    near = rng.integers(0, len(country.near_places), n)
    lines = []
    for i in range(n):
        if is_near[i]:
            lines.append(_line(country, country.near_places[near[i]], number[i], room[i]))
            continue
        place = country.regions[region[i]]
        town, districts = place.cities[city[i]]
        part = districts[int(district[i] * len(districts))]
        if country.is_family_first:
            province = "" if town == place.name else place.name
            lines.append(f"{province}{town}{part}{country.streets[street[i]]}{number[i]}号{block[i]}栋{room[i]}室")
        else:
            lines.append(f"{number[i]}/{block[i]} {country.streets[street[i]]}, {part}, {town}, {place.name}")
    return np.array(lines)


def _line(country: Country, place: str, number: int, room: int) -> str:
    return f"{place}{number}号{room}室" if country.is_family_first else f"{number}-{room} {place}"


def _documents(rng: np.random.Generator, country: Country, is_near: npt.NDArray[np.bool_]) -> Texts:
    n = len(is_near)
    letters = np.array(list("ABCDEFGHJKLMNPRSTUVWXYZ"))[rng.integers(0, 23, n)]
    if country.document_form == "passport":
        own = np.char.add(letters, checkdigits.digits(rng, n, 7))
        near = np.char.add(letters, checkdigits.digits(rng, n, 8))
    else:
        own = np.where(
            rng.random(n) < 0.5,
            np.char.add("C", checkdigits.digits(rng, n, 8)),
            np.char.add(np.char.add("C", letters), checkdigits.digits(rng, n, 7)),
        )
        near = np.char.add("H", checkdigits.digits(rng, n, 8))
    return np.where(is_near, near, own)


def _phones(rng: np.random.Generator, country: Country, is_near: npt.NDArray[np.bool_]) -> Texts:
    n = len(is_near)
    width = 11 if country.code == "CN" else 10
    near = np.char.add(
        country.near_dial, np.char.add(np.where(rng.random(n) < 0.5, "6", "9"), checkdigits.digits(rng, n, 7))
    )
    return np.where(
        is_near, near, np.char.add(country.dial, checkdigits.mobiles(rng, n, country.mobile_prefixes, width))
    )


def _resident_numbers(
    rng: np.random.Generator, country: Country, prefixes: Texts, births: npt.NDArray[np.datetime64]
) -> Texts:
    if country.code == "CN":
        return checkdigits.resident_numbers(rng, prefixes, births)
    return checkdigits.digits(rng, len(births), 12)


def _org_ids(rng: np.random.Generator, country: Country, prefixes: Texts) -> Texts:
    if country.code == "CN":
        return checkdigits.credit_codes(rng, prefixes)
    head = np.char.add(np.char.add("U", checkdigits.digits(rng, len(prefixes), 5)), prefixes)
    return np.char.add(
        np.char.add(head, "20"),
        np.char.add(
            checkdigits.digits(rng, len(prefixes), 2), np.char.add("PTC", checkdigits.digits(rng, len(prefixes), 6))
        ),
    )


def _accounts(rng: np.random.Generator, is_near: npt.NDArray[np.bool_]) -> npt.NDArray[np.str_]:
    n = len(is_near)
    near = np.char.add(np.array(["004", "012", "024", "388"])[rng.integers(0, 4, n)], checkdigits.digits(rng, n, 9))
    first, second = (np.where(is_near, near, checkdigits.bank_cards(rng, n)) for _ in range(2))
    wallet = np.char.add("2088", checkdigits.digits(rng, n, 12))
    chat = np.char.add("wxid_", checkdigits.letters_and_digits(rng, n, 14))
    return np.stack([each.astype("<U19") for each in (first, wallet, chat, second)])


def _households(rng: np.random.Generator, n: int) -> Ints:
    """For each person the number of the head of the household: households of one to four, next to each other."""
    sizes = rng.choice([1, 2, 3, 4], n, p=[0.3, 0.3, 0.25, 0.15])
    starts = np.concatenate([[0], np.cumsum(sizes)])
    return starts[np.searchsorted(starts, np.arange(n), side="right") - 1].astype(np.int64)


def populate(
    rng: np.random.Generator, country: Country, n_persons: int, orgs: dict[str, int], days: int, first_day: str
) -> Population:
    """People and organisations of a country; ``orgs`` says how many of each kind."""
    kinds = [kind for kind, count in sorted(orgs.items()) for _ in range(count)]
    n_orgs, n = len(kinds), n_persons + len(kinds)
    weights = np.array([each.weight for each in country.regions])
    region = rng.choice(len(weights), n, p=weights / weights.sum())
    city = np.array([rng.integers(0, len(country.regions[r].cities)) for r in region])
    is_near = rng.random(n) < 0.04
    is_near[n_persons:] = [kind.startswith("abroad") for kind in kinds]
    head = np.concatenate([_households(rng, n_persons), np.arange(n_persons, n)])
    region, city, is_near = region[head], city[head], is_near[head]
    births = np.datetime64("1955-01-01") + rng.integers(0, 365 * 50, n)
    cities = [country.regions[region[i]].cities[city[i]][0].removesuffix("市") for i in range(n_persons, n)]
    prefixes = np.array([each.prefix for each in country.regions])[region]
    shares_phone = (rng.random(n) < 0.08) & (head != np.arange(n))
    phone = _phones(rng, country, is_near)
    phone = np.where(shares_phone, phone[head], phone)
    address = _addresses(rng, country, region, city, is_near)[head]
    population = Population(
        country,
        n_persons,
        name=np.concatenate([_person_names(rng, country, n_persons), _org_names(rng, country, kinds, cities)]),
        region=region,
        city=city,
        is_near=is_near,
        birth=births.astype("datetime64[D]"),
        head=head,
        phone=_fixed(phone),
        address=_fixed(address),
        document=_fixed(_documents(rng, country, is_near)),
        accounts=_accounts(rng, is_near),
        slot=rng.choice(4, n, p=[0.45, 0.25, 0.25, 0.05]),
        resident_no=_resident_numbers(rng, country, prefixes, births.astype("datetime64[D]")),
        platform=rng.integers(0, len(country.platforms), n),
        handle=checkdigits.letters_and_digits(rng, n, 10),
        org_id=np.concatenate([np.full(n_persons, "", dtype="<U21"), _org_ids(rng, country, prefixes[n_persons:])]),
        org_kind=np.array([""] * n_persons + kinds, dtype=object),
        representative=np.concatenate([np.full(n_persons, -1), rng.integers(0, n_persons, n_orgs)]),
        established=(np.datetime64(first_day) - rng.integers(-days // 3, 365 * 12, n)).astype("datetime64[D]"),
        plate=np.char.add(
            np.array(country.vehicle_prefixes)[rng.integers(0, len(country.vehicle_prefixes), n)],
            checkdigits.digits(rng, n, 5),
        ),
        is_driver=rng.random(n) < 0.08,
    )
    return _aged(rng, population, days)


def _aged(rng: np.random.Generator, population: Population, days: int) -> Population:
    """People change phone (12 % in a world's time), move (6 %) and renew a travel document (8 %)."""
    country, timelines = population.country, {}
    makers = {"phone": (0.12, _phones), "document": (0.08, _documents)}
    for field, (share, maker) in makers.items():
        who = np.flatnonzero(rng.random(population.n) < share)
        if field == "document" and country.document_form == "permit":
            who = who[~population.is_near[who]]  # a home-return permit's number is for life
        start = rng.integers(1, days, len(who)) * DAY
        timelines[field] = getattr(population, field).changed(who, start, maker(rng, country, population.is_near[who]))
    who = np.flatnonzero(rng.random(population.n) < 0.06)
    moved = new_addresses(rng, population, who)
    address = population.address.changed(who, rng.integers(1, days, len(who)) * DAY, moved)
    return replace(population, address=address, **timelines)


def new_addresses(rng: np.random.Generator, population: Population, who: Ints) -> Texts:
    """Another address in the same city for each of ``who``."""
    return _addresses(rng, population.country, population.region[who], population.city[who], population.is_near[who])


def new_phones(rng: np.random.Generator, population: Population, who: Ints) -> Texts:
    """Another phone for each of ``who``."""
    return _phones(rng, population.country, population.is_near[who])
