"""What customs stops: samples of a chain, and a great deal else from people with nothing to do with one."""

from __future__ import annotations

import numpy as np

from vialtrace.simulate.clients import words
from vialtrace.simulate.rhythm import DAY, Ints, days_drawn, moments
from vialtrace.simulate.trade import Deals, Stage


def seizure_keys(rng: np.random.Generator, stage: Stage, at: Ints) -> list[str]:
    """Numbers of seizures: year and a number; the same form for all."""
    years = [stage.span.date_of(second).year for second in at]
    return [
        f"CS{year}{number:07d}" for year, number in zip(years, rng.choice(10**7, len(at), replace=False), strict=True)
    ]


def stop_trips(rng: np.random.Generator, stage: Stage, deals: Deals, rate: float, least: int) -> list[str]:
    """Some runners caught with their load at the port; the seizures' numbers."""
    n = min(len(deals.trips), max(least, round(rate * len(deals.trips))))
    if n == 0:
        return []
    chosen = np.sort(rng.choice(len(deals.trips), n, replace=False))
    trips = [deals.trips[int(index)] for index in chosen]
    at = np.array([trip.at + 900 for trip in trips])
    keys = seizure_keys(rng, stage, at)
    country = stage.people.country
    _seize(
        rng,
        stage,
        at,
        keys,
        who=np.array([trip.runner for trip in trips]),
        quantity=np.array([trip.units for trip in trips], dtype=float),
        port=np.array([country.ports[trip.port] for trip in trips], dtype=object),
        material="seized.chain",
        unit="unit.tube",
        operation=deals.operation,
    )
    for key, index in zip(keys, chosen, strict=True):
        _tubes(rng, stage, deals, np.flatnonzero(deals.trip == index), key)
    return keys


def stop_parcels(rng: np.random.Generator, stage: Stage, deals: Deals, n: int) -> list[str]:
    """Some parcels on their way to a depot opened; the seizures' numbers."""
    numbers = np.unique(deals.number[deals.number != ""].astype(str))
    n = min(n, len(numbers))
    keys: list[str] = []
    for number in rng.choice(numbers, n, replace=False):
        index = np.flatnonzero(deals.number == number)
        at = np.array([deals.arrived[index[0]] - DAY // 2])
        found = seizure_keys(rng, stage, at)
        _seize(
            rng,
            stage,
            at,
            found,
            number=str(number),
            quantity=np.array([float(deals.units[index].sum())]),
            material="seized.chain",
            unit="unit.tube",
            port="",
            operation=deals.operation,
        )
        _tubes(rng, stage, deals, index, found[0])
        keys += found
    return keys


def _seize(
    rng: np.random.Generator, stage: Stage, at: Ints, keys: list[str], material: str, unit: str, **known: object
) -> None:
    """Rows of seizures; ``known`` are the columns that differ (who, number, quantity, port, operation)."""
    n, lists = len(at), stage.people.country.word_list
    is_blood = material == "seized.chain"
    stage.journal.add(
        "seizure",
        n,
        at=at,
        material=words(rng, lists(material), n),
        unit=lists(unit)[0],
        concealment="" if "number" in known else words(rng, lists("concealment"), n),
        condition=words(rng, lists("condition"), n),
        celsius=np.round(rng.uniform(4, 31, n), 1),
        infectious=words(rng, lists("infectious"), n) if is_blood else "",
        key=np.array(keys, dtype=object),
        **known,
    )


def _tubes(rng: np.random.Generator, stage: Stage, deals: Deals, index: Ints, key: str) -> None:
    """The tubes of a seizure, labelled with the women's names, some with phone or number."""
    people, lists = stage.people, stage.people.country.word_list
    of = np.repeat(index, deals.units[index])
    n, client = len(of), deals.client[of]
    form = rng.integers(0, 3, len(deals.at))[of]
    name, phone = people.name[client], people.phone.at(client, deals.drawn[of])
    label = np.where(
        form == 0,
        name,
        np.where(
            form == 1,
            np.char.add(np.char.add(name, " "), phone),
            np.char.add(np.char.add(name, " "), people.resident_no[client]),
        ),
    )
    stage.journal.add(
        "specimen",
        n,
        key=np.array([f"{key}-{i + 1:03d}" for i in range(n)], dtype=object),
        seizure_key=key,
        label=label.astype(object),
        tube=words(rng, lists("tube"), n),
        ml=rng.choice([5.0, 6.0, 8.0, 10.0], n),
        drawn=deals.drawn[of],
        condition=words(rng, lists("condition"), n),
        celsius=np.round(rng.uniform(8, 31, n), 1),
        test=words(rng, lists("test.chain"), n),
        result=words(rng, lists("result"), n),
        operation=deals.operation,
    )


def other_seizures(rng: np.random.Generator, stage: Stage, n: int, n_medical: int) -> None:
    """Phones, milk powder, watches in travellers' bags; and some medical goods with their vials listed."""
    crossings = stage.journal.events("crossing")
    lists, ports = stage.people.country.word_list, np.array(stage.people.country.ports, dtype=object)
    pick = rng.integers(0, len(crossings["at"]), n)
    at = crossings["at"][pick] + 900
    keys = seizure_keys(rng, stage, at)
    quantity = np.round(rng.lognormal(2.2, 1.2, n)) + 1
    medical = np.arange(n) < n_medical
    for mask, material, unit in ((~medical, "seized.other", "unit.piece"), (medical, "seized.medical", "unit.tube")):
        index = np.flatnonzero(mask)
        by_parcel = rng.random(len(index)) < 0.06
        _seize(
            rng,
            stage,
            at[index],
            [keys[i] for i in index],
            who=np.where(by_parcel, -1, crossings["who"][pick[index]]),
            quantity=quantity[index],
            port=ports[crossings["port"][pick[index]]],
            material=material,
            unit=unit,
        )
    for place in range(int(medical.sum())):
        vials = int(min(quantity[place], 60))
        stage.journal.add(
            "specimen",
            vials,
            key=np.array([f"{keys[place]}-{i + 1:03d}" for i in range(vials)], dtype=object),
            seizure_key=keys[place],
            label=np.array([f"{a}-{b}" for a, b in rng.integers(100, 9999, (vials, 2))], dtype=object),
            tube=words(rng, lists("tube"), vials),
            ml=rng.choice([1.0, 2.0, 5.0], vials),
            drawn=np.full(vials, int(at[place]) - 5 * DAY),
            condition=words(rng, lists("condition"), vials),
            celsius=np.round(rng.uniform(-20, 25, vials), 1),
            test=words(rng, lists("test.medical"), vials),
            result=words(rng, lists("result.medical"), vials),
        )


def random_days(rng: np.random.Generator, stage: Stage, n: int, hours: str) -> Ints:
    """``n`` times anywhere in the world's days."""
    return moments(rng, days_drawn(rng, n, stage.span.weights), hours)
