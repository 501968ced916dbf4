"""A world from its settings to its files: people, networks, lawful life, records, truth."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import inf
from pathlib import Path

import numpy as np

from vialtrace.errors import BadInput
from vialtrace.simulate import chain, daily, exports, interceptions, lawful, registers, render, truth
from vialtrace.simulate.casting import Casting
from vialtrace.simulate.china import CHINA
from vialtrace.simulate.country import Country
from vialtrace.simulate.india import INDIA
from vialtrace.simulate.journal import Journal
from vialtrace.simulate.people import populate
from vialtrace.simulate.rhythm import make_span
from vialtrace.simulate.shelf import Shelf
from vialtrace.simulate.trade import Stage, stage_for
from vialtrace.simulate.truth import Truth
from vialtrace.simulate.worlds import World, world_named
from vialtrace.simulate.write import write_clean, write_messy


@dataclass(frozen=True)
class Made:
    """A world as made: its stage, its networks and lawful businesses."""

    world: World
    stage: Stage
    networks: tuple[chain.Network, ...]
    businesses: tuple[lawful.Business, ...]


def simulate(
    world: str,
    folder: Path,
    *,
    scale: float | None = None,
    seed: int = 0,
    messy: bool = False,
    lossless: bool = False,
    lawful_ratio: float = 60.0,
) -> Truth:
    """Make a world: its records in ``folder/records``, its truth in ``folder/truth.json``.

    ``scale`` multiplies the samples of the networks (``reference`` at 1.0 has 100,000) and lawful life with them;
    ``lawful_ratio`` is how many lawful events there are for one unlawful. A messy world that is ``lossless`` has
    all the manners of messy files but those that destroy information. The same arguments give the same bytes.

    Raises:
        UnknownName: if there is no such world.
        BadInput: if scale or ratio is not above zero.
    """
    settings = world_named(world)
    chosen = settings.base_scale if scale is None else scale
    if not 0 < chosen < inf or not 0 < lawful_ratio < inf:
        raise BadInput(
            f"Scale {chosen} and ratio {lawful_ratio} make no world.",
            expected="Both must be above 0, and no more than a machine can hold.",
            way_out="Leave out --scale for the usual size.",
        )
    made = make_world(settings, chosen, seed, lawful_ratio)
    rng = np.random.default_rng([seed, 2])
    records = folder / "records"
    records.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".sheets-", dir=folder) as beside:
        shelf = make_sheets(rng, made, Path(beside))
        kinds = [kind for kind in shelf.kinds() if not settings.kinds or kind in settings.kinds]
        if messy:
            is_english = made.stage.people.country.code != "CN"
            write_messy(rng, shelf, kinds, records, is_english=is_english, is_lossless=lossless)
        else:
            write_clean(shelf, kinds, records)
    told = make_truth(made, chosen, seed)
    told.write(folder / "truth.json")
    return told


def country_of(world: World) -> Country:
    """The country a world is in."""
    return {"CN": CHINA, "IN": INDIA}[world.country]


def make_world(world: World, scale: float, seed: int, ratio: float) -> Made:
    """Everybody and everything that happens."""
    rng = np.random.default_rng([seed, 1])
    samples = sum(cell.samples for cell in world.cells) * scale or world.idle_samples * scale
    samples = max(samples, 60.0)
    size = max(0.35, samples / 1500)
    country = country_of(world)
    orgs = lawful.organisations_needed(size)
    orgs = {**orgs, "employer": max(120, round(0.03 * ratio * samples**0.8)), "front": orgs["front"] + 40}
    people = populate(rng, country, max(6000, round(8 * samples)), orgs, world.days, world.start.isoformat())
    casting = Casting(people)
    share = np.array([region.weight for region in country.regions])
    reach = rng.choice(len(share), len(share), replace=False, p=share / share.sum())
    networks = [chain.cast(rng, casting, cell, reach) for cell in world.cells]
    for network in networks:
        people = chain.go_under(rng, people, network)
    stage = stage_for(rng, people, make_span(world.start, world.days, country.holidays), Journal())
    networks = [chain.operate(rng, stage, network, scale, 2 * index) for index, network in enumerate(networks)]
    businesses = lawful.lawful_life(rng, stage, casting, 0.6 * ratio * samples, size, 100)
    _papers(rng, stage, businesses)
    _ordinary(rng, stage, casting, samples * ratio)
    return Made(world, stage, tuple(networks), tuple(businesses))


def _papers(rng: np.random.Generator, stage: Stage, businesses: list[lawful.Business]) -> None:
    """Permits and declarations of the lawful exporters: enough, valid, kept."""
    for business in businesses:
        if business.line.trade.declares > 0:
            quantity = float(business.deals.units.sum()) * 1.25
            window = (max(0, business.window[0] - 5), business.window[1] + 40)
            count = max(1, (window[1] - window[0]) // 180)
            permits = exports.grant(rng, stage, business.crew, window, quantity * 1.3, count, business.operation)
            exports.declare(rng, stage, business.crew, business.deals, permits, int(rng.integers(2, 8)))


def _ordinary(rng: np.random.Generator, stage: Stage, casting: Casting, weight: float) -> None:
    """Daily life up to the volumes wanted; ``weight`` is samples times ratio."""
    journal, sociable = stage.journal, casting.sociable(rng)
    daily.parcels(rng, stage, max(2000, round(0.89 * weight) - journal.count("waybill")), sociable)
    daily.money(rng, stage, max(3000, round(1.48 * weight) - journal.count("payment")), sociable)
    daily.travel(rng, stage, max(2000, round(0.6 * weight) - journal.count("crossing")), casting.near_border)
    daily.talk(rng, stage, max(2000, round(1.1 * weight) - journal.count("contact")), sociable)
    daily.posts(rng, stage, max(500, round(0.04 * weight)))
    exports.ordinary_goods(rng, stage, max(200, round(0.01 * weight)))
    interceptions.other_seizures(rng, stage, max(120, round(0.0022 * weight)), max(10, round(0.0002 * weight)))


def make_sheets(rng: np.random.Generator, made: Made, folder: Path) -> Shelf:
    """All twelve kinds of record, kept in ``folder``; the large ones are made a column at a time."""
    stage, shelf = made.stage, Shelf(folder)
    makers: dict[str, Callable[..., Iterable[tuple[str, render.Objects]]]] = {
        "post": _all_at_once(render.posts),
        "order": _all_at_once(render.orders),
        "waybill": render.waybill_columns,
        "payment": render.payment_columns,
        "crossing": render.crossing_columns,
        "declaration": _all_at_once(render.declarations),
        "permit": _all_at_once(render.permits),
        "seizure": _all_at_once(render.seizures),
        "specimen": _all_at_once(render.specimens),
        "organisation": _all_at_once(registers.organisations),
        "contact": render.contact_columns,
    }
    for kind, make in makers.items():
        shelf.put(kind, make(rng, stage))
    shelf.put("subscriber", registers.subscribers(rng, stage, shelf.column).items())
    shelf.leave_blank(rng)
    return shelf


def _all_at_once(make: Callable[..., render.Sheet]) -> Callable[..., Iterable[tuple[str, render.Objects]]]:
    return lambda rng, stage: make(rng, stage).items()


def make_truth(made: Made, scale: float, seed: int) -> Truth:
    """The truth of a world as made."""
    stage, world = made.stage, made.world
    events = {kind: stage.journal.events(kind) for kind in ("order", "payment")}
    ours = [deals.operation for network in made.networks for deals in network.done]
    hidden = {
        f"{kind}s_without_a_record": int(each["hidden"][np.isin(each["operation"], ours)].sum())
        for kind, each in events.items()
    }
    withheld = {
        "kinds": [kind for kind in render.BLANKS if world.kinds and kind not in world.kinds],
        "share_of_rows_missing": {kind: round(1 - share, 2) for kind, share in render.COVERAGE.items()},
        **hidden,
    }
    return Truth(
        world.name,
        seed,
        scale,
        [truth.network_truth(stage, network) for network in made.networks],
        truth.protected_parties(stage, made.networks),
        truth.lookalikes(stage.people, made.businesses),
        withheld,
    )
