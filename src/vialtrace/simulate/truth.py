"""What really happened, in the words of the findings: for measuring, never handed over with the records."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from vialtrace.simulate.chain import Network, client_samples
from vialtrace.simulate.lawful import Business
from vialtrace.simulate.people import Population
from vialtrace.simulate.rhythm import DAY, Ints
from vialtrace.simulate.trade import Stage

Identifier = dict[str, str]


@dataclass(frozen=True)
class Truth:
    """The truth of one world; ``as_dict`` is what ``truth.json`` holds."""

    world: str
    seed: int
    scale: float
    networks: Sequence[Mapping[str, Any]]
    protected: Sequence[Mapping[str, Any]]
    lookalikes: Sequence[Mapping[str, Any]]
    withheld: Mapping[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """Plain lists and dictionaries."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def write(self, file: Path) -> None:
        """As JSON."""
        file.write_text(json.dumps(self.as_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def identifiers(people: Population, who: int) -> list[Identifier]:
    """All true identifiers of a party, in normal form."""
    found: list[Identifier] = [{"type": "name", "value": str(people.name[who])}]
    if people.is_org(who):
        found.append({"type": "org_id", "value": str(people.org_id[who])})
    else:
        numbers = [str(people.resident_no[who]), *people.document.every(who)]
        found += [{"type": "document", "value": number} for number in numbers]
        found.append({"type": "vehicle", "value": str(people.plate[who])})
    found += [{"type": "phone", "value": phone} for phone in people.phone.every(who)]
    found += [{"type": "account", "value": str(account)} for account in people.accounts[:, who]]
    found.append({"type": "handle", "value": f"{people.country.platforms[people.platform[who]]}:{people.handle[who]}"})
    found += [{"type": "address", "value": address} for address in people.address.every(who)]
    return found


def _day(stage: Stage, second: float) -> str:
    return stage.span.date_of(min(float(second), stage.span.days * DAY - 1)).isoformat()


def _period(stage: Stage, times: Ints) -> dict[str, str] | None:
    return None if len(times) == 0 else {"from": _day(stage, times.min()), "to": _day(stage, times.max())}


def _flows(stage: Stage, network: Network) -> tuple[dict[int, float], dict[int, float]]:
    """What each member received through the network and passed on; lenders' accounts count for the treasurer."""
    events = stage.journal.events("payment")
    own = np.isin(events["operation"], [deals.operation for deals in network.done])
    lenders = {who for who, _ in network.lenders}

    def total(side: str) -> dict[int, float]:
        sums: dict[int, float] = {}
        parties, place = np.unique(events[side][own], return_inverse=True)
        for party, amount in zip(parties, np.bincount(place, weights=events["amount"][own]), strict=True):
            key = network.treasurer if int(party) in lenders else int(party)
            sums[key] = sums.get(key, 0.0) + float(amount)
        return sums

    return total("payee"), total("payer")


def _handled(network: Network, who: int, role: str) -> tuple[int, Ints]:
    """How many samples went through a member's hands, and when."""
    crew, count, times = network.crew, 0, []
    for deals in network.done:
        if role == "recruiter":
            mine = np.array(crew.sellers)[deals.seller] == who
        elif role == "collector":
            mine = np.append(np.array(crew.gatherers), -1)[deals.gatherer] == who
        elif role == "hub":
            mine = np.array(crew.depots)[deals.depot] == who
        elif role == "mule":
            by = np.array([trip.runner for trip in deals.trips] + [-1])
            mine = by[deals.trip] == who
        else:
            mine = np.ones(deals.n, dtype=bool)
        count += int(mine.sum())
        times.append(
            deals.at[mine]
            if role != "mule"
            else np.array([trip.at for trip in deals.trips if trip.runner == who], dtype=np.int64)
        )
    return count, np.concatenate(times)


def network_truth(stage: Stage, network: Network) -> dict[str, Any]:
    """One network: members with roles, amounts and times; places; samples, money, period, regions."""
    people = stage.people
    received, passed = _flows(stage, network)
    members: list[dict[str, Any]] = []
    for who, role in network.roles.items():
        samples, times = _handled(network, who, role)
        names = identifiers(people, who)
        if who == network.treasurer:
            names += [
                {"type": "account", "value": str(people.accounts[slot, lender])} for lender, slot in network.lenders
            ]
        members.append(
            {
                "id": f"{network.cell.id}-{len(members) + 1:02d}",
                "kind": "organisation" if people.is_org(who) else "person",
                "role": role,
                "identifiers": names,
                "samples": samples,
                "received": round(received.get(who, 0.0), 2),
                "kept": round(received.get(who, 0.0) - passed.get(who, 0.0), 2),
                "period": _period(stage, times),
            }
        )
    gross = sum(float(deals.price.sum()) for deals in network.done)
    core = {who for who, role in network.roles.items() if role in ("organiser", "treasurer")}
    n = sum(deals.n for deals in network.done)
    regions = np.unique(people.region[client_samples(network)])
    return {
        "id": network.cell.id,
        "members": members,
        "places": _places(people, network),
        "samples": round(n * network.unlawful),
        "samples_handled": n,
        "tubes": int(sum(deals.units.sum() for deals in network.done)),
        "gross_paid": round(gross, 2),
        "kept": round(sum(received.get(who, 0.0) - passed.get(who, 0.0) for who in core), 2),
        "currency": people.country.currency,
        "period": _period(stage, np.concatenate([deals.at for deals in network.done])),
        "regions": [people.country.regions[region].iso for region in regions],
        "trips": sum(len(deals.trips) for deals in network.done),
        "seizures": list(network.seizures),
    }


def _places(people: Population, network: Network) -> list[dict[str, str]]:
    crew = network.crew
    places = [
        {"role": "hub", "address": address}
        for address in dict.fromkeys(a for hub in crew.depots for a in people.address.every(hub))
    ]
    places += [{"role": "storage", "address": address} for address in crew.relay_places]
    ports = dict.fromkeys(people.country.ports[trip.port] for deals in network.done for trip in deals.trips)
    places += [{"role": "port", "address": port} for port in ports]
    return [*places, {"role": "laboratory", "address": people.address.every(crew.partner)[0]}]


def protected_parties(stage: Stage, networks: Sequence[Network]) -> list[dict[str, Any]]:
    """Every client and donor, and whoever only paid or posted for one."""
    if not networks:
        return []
    members = {who for network in networks for who in network.roles} | {
        who for network in networks for who, _ in network.lenders
    }
    operations = [deals.operation for network in networks for deals in network.done]
    found = {int(who) for network in networks for who in client_samples(network)}
    for kind, side in (("payment", "payer"), ("waybill", "sender")):
        events = stage.journal.events(kind)
        found |= {int(who) for who in np.unique(events[side][np.isin(events["operation"], operations)])}
    return [{"identifiers": identifiers(stage.people, who)} for who in sorted(found - members)]


def lookalikes(people: Population, businesses: Sequence[Business]) -> list[dict[str, Any]]:
    """Every party of every lawful business, by the kind of business."""
    return [
        {
            "kind": business.line.trade.lookalike,
            "business": f"B{business.operation:04d}",
            "identifiers": identifiers(people, who),
        }
        for business in businesses
        for who in business.crew.everyone()
    ]
