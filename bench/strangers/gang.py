"""A gang at work: from advert to laboratory, day by day, with whatever habits were drawn for it."""

from dataclasses import dataclass

import numpy as np

from bench.strangers.cast import Hiring
from bench.strangers.habits import Habits
from bench.strangers.society import Person, Row, Society


@dataclass(slots=True)
class Sample:
    """One woman's sample on its way."""

    client: Person
    collector: Person
    recruiter: Person
    at: float
    arrived: float = 0.0
    hub: int = 0


class Gang:
    """One gang in a society; `work` writes all its records."""

    def __init__(self, s: Society, habits: Habits, number: int) -> None:
        """Of that society, by those habits, as the network of that number."""
        self.s, self.h, self.number = s, habits, number
        self.cast = Hiring(s, habits, number).cast()
        self.home = s.some(s.country.regions, habits.regions)
        self.tubes_of: dict[int, list[float]] = {}
        self.trips_of: dict[int, list[float]] = {}
        self.takings: dict[int, list[tuple[float, float]]] = {}
        self.tested: list[float] = []
        self.sent = 0
        self.seized = 0
        self.gross = 0.0

    def _payer(self, name: str) -> Person:
        """Who pays the people below."""
        c, s = self.cast, self.s
        if name == "hub":
            return c.hubs[0][0]
        if name == "recruiter":
            return s.pick(c.recruiters)
        if name == "treasurer":
            return c.company if c.company is not None and s.chance(0.5) else s.pick(c.treasurers or [c.organiser])
        return c.organiser

    # What they do ---------------------------------------------------------------------------------------

    def work(self) -> None:
        """Write every record of the gang."""
        self._advertise()
        samples = self._collect()
        self._ship(samples)
        self.sent = sum(x.arrived > 0 for x in samples)
        self._carry(samples)
        self._settle()
        self._talk()

    def _advertise(self) -> None:
        s, h, c = self.s, self.h, self.s.country
        for _ in range(h.adverts):
            r = s.pick(self.cast.recruiters)
            handle = s.pick(r.handles)
            told = {"phone": r.phones[0], "handle": s.pick(r.handles).split(":")[1]}.get(
                h.advert_contact
            ) or f"{r.phones[0]} / {handle.split(':')[1]}"
            told = told.removeprefix(c.dial)
            text = s.pick(c.plain if s.chance(h.plain_words) else c.sly).format(c=told)
            at = s.daytime(h.first + s.between(-10, h.length * 0.9), 9, 24)
            row: Row = {
                "platform": handle.split(":")[0],
                "account": handle,
                "text": text,
                "post_id": s.digits(12),
                "region": r.region if s.chance(0.4) else "",
            }
            s.add("post", max(0.0, at), row, (r,), chain=True)

    def _collect(self) -> list[Sample]:
        """Clients ask, order, pay and have their blood drawn."""
        s, h, cast = self.s, self.h, self.cast
        weights = s.rng.pareto(1.3, len(cast.collectors)) + 0.4
        weights /= weights.sum()
        towns = {p.uid: s.pick(self.home) for p in cast.collectors}
        for p in cast.collectors:
            region, cities = towns[p.uid]
            p.region, p.city = region, s.pick(cities)
            p.addresses = [s.address(p.region, p.city)]
        samples = []
        starts = np.sort(s.rng.uniform(h.first, h.first + h.length, h.samples))
        for at in starts:
            when = s.daytime(float(at), 9, 23)
            if not s.works(when) and s.chance(0.85):
                continue
            collector = cast.collectors[int(s.rng.choice(len(cast.collectors), p=weights))]
            recruiter = s.pick(cast.recruiters)
            client = self._client(collector)
            samples.append(Sample(client, collector, recruiter, when))
            if s.chance(0.6):
                s.call(when - s.between(0.05, 2), client, recruiter, chain=True)
            if s.chance(0.4):
                s.call(when + s.between(0, 0.5), client, collector, chain=True)
            self._order(samples[-1])
            self._charge(samples[-1])
        return samples

    def _client(self, collector: Person) -> Person:
        """A woman near the collector mostly, sometimes from anywhere."""
        s = self.s
        client = s.person()
        client.is_donor = True
        if s.chance(0.75):
            client.region, client.city = collector.region, collector.city
            client.addresses = [s.address(client.region, client.city)]
        if s.chance(0.5):
            client.handles.append(s.handle())
        return client

    def _order(self, x: Sample) -> None:
        s, h, c = self.s, self.h, self.s.country
        row: Row = {
            "service": s.pick(c.services_plain if s.chance(h.plain_words) else c.services_sly),
            "order_id": s.digits(10),
        }
        row |= {
            "client_name": x.client.name,
            "client_phone": x.client.phones[0],
            "client_region": x.client.region,
            "price": h.price,
            "currency": c.currency,
        }
        agent = {"collector": x.collector, "recruiter": x.recruiter}.get(h.order_agent)
        parties = (x.client,)
        if agent is not None:
            row |= {"agent_name": agent.name, "agent_phone": s.pick(agent.phones) if s.chance(0.7) else ""}
            row["agent_handle"] = s.pick(agent.handles) if agent.handles else ""
            parties = (x.client, agent)  # type: ignore[assignment]
        if s.chance(h.orders):
            s.add("order", x.at, row, parties, chain=True)

    def _charge(self, x: Sample) -> None:
        s, h, cast = self.s, self.h, self.cast
        who = {"recruiter": x.recruiter, "collector": x.collector, "company": cast.company}.get(h.payee) or s.pick(
            cast.treasurers or [cast.organiser]
        )
        price = h.price * s.pick((0.8, 0.9, 1.0, 1.0, 1.0, 1.1, 1.25))
        self.gross += price
        if s.chance(h.cash):
            return
        parts = [price] if h.deposit == 0 else [round(price * h.deposit, -1), price - round(price * h.deposit, -1)]
        for i, part in enumerate(parts):
            s.pay(x.at + s.between(0.01, 0.4) + i * s.between(2, 7), x.client, who, part, chain=True)
            self.takings.setdefault(who.uid, []).append((x.at, part))

    def _hub_address(self, hub: int, at: float) -> str:
        """Where the hub receives at that time; its keeper's addresses grow as it moves."""
        keeper = self.cast.hubs[hub][0]
        period = int((at - self.h.first) // self.h.hub_move) if self.h.hub_move else 0
        while len(keeper.addresses) < period + 2:
            keeper.addresses.append(self.s.address(*self.cast.hub_towns[hub]))
        return keeper.addresses[period + 1]

    def _post(self, group: list[Sample], at: float) -> None:
        """One parcel with the samples of a group."""
        s, h, c = self.s, self.h, self.s.country
        first = group[0]
        by_client = len(group) == 1 and s.chance(h.client_posts)
        sender = first.client if by_client else first.collector
        hub = first.collector.uid % len(self.cast.hubs) if s.chance(0.8) else s.whole(0, len(self.cast.hubs) - 1)
        hands = self.cast.hubs[hub]
        keeper = s.pick(hands)
        place = self._hub_address(hub, at)
        if s.chance(h.hub_station):
            place = s.stations[(hub + self.number * 7) % 15]
        alias = ""
        if s.chance(h.aliases):
            if len(keeper.aliases) < 4:
                keeper.aliases.append(s.name())
            alias = s.pick(keeper.aliases)
        # A collector may write the client's name as sender and leave his own phone.
        sent_as = first.client.name if not by_client and s.chance(0.15) else ""
        contents = s.pick(c.medical if s.chance(h.careless) else c.goods)
        grams = len(group) * h.tubes * s.between(10, 15) + s.between(60, 420)
        arrived = s.parcel(at, sender, keeper, contents, grams, chain=True, to=place, alias=alias, sent_as=sent_as)
        for x in group:
            x.arrived, x.hub = arrived, hub
        if s.chance(0.25) and not by_client:
            s.call(at + s.between(0.0, 0.3), first.collector, keeper, chain=True)

    def _ship(self, samples: list[Sample]) -> None:
        """From the draw to the hub, singly or gathered."""
        s, h = self.s, self.h
        waiting: dict[int, list[Sample]] = {}
        for x in samples:
            drawn = x.at + s.between(0.3, 3)
            if h.bundle == 0 or s.chance(0.2):
                self._post([x], s.daytime(drawn + s.between(0, 1), 9, 20))
                continue
            group = waiting.setdefault(x.collector.uid, [])
            if group and x.at - group[0].at > h.bundle:
                self._post(group, s.daytime(group[0].at + h.bundle + 1, 9, 20))
                waiting[x.collector.uid] = group = []
            group.append(x)
        for group in waiting.values():
            if group:
                self._post(group, s.daytime(group[0].at + h.bundle + 1, 9, 20))

    def _carry(self, samples: list[Sample]) -> None:
        """Batches over the border, whenever cadence or threshold says."""
        s, h = self.s, self.h
        for hub in range(len(self.cast.hubs)):
            queue = sorted((x for x in samples if x.hub == hub and x.arrived > 0), key=lambda x: x.arrived)
            batch: list[Sample] = []
            due = h.first + s.between(1, h.cadence + 1)
            for x in queue:
                while x.arrived > due or (h.threshold and len(batch) >= h.threshold):
                    if batch:
                        self._batch(hub, batch, max(due if x.arrived > due else batch[-1].arrived, batch[-1].arrived))
                    batch = []
                    due = max(due, due + h.cadence * s.between(0.7, 1.4)) if x.arrived > due else due
                batch.append(x)
            if batch:
                self._batch(hub, batch, batch[-1].arrived + s.between(0.2, h.cadence))

    def _batch(self, hub: int, batch: list[Sample], at: float) -> None:
        s, h = self.s, self.h
        size = max(1, h.load // h.tubes)
        loads = [batch[i : i + size] for i in range(0, len(batch), size)]
        keeper = s.pick(self.cast.hubs[hub])
        crew = s.some(self.cast.mules, len(loads)) or self.cast.mules
        start = s.daytime(at + 1, 6, 17)
        for i, load in enumerate(loads):
            self._trip(keeper, crew[i % len(crew)], load, start + s.between(0, 0.08))
        for x in batch:
            pay = self.tubes_of.setdefault(x.collector.uid, [])
            pay.append(start)

    def _trip(self, keeper: Person, mule: Person, load: list[Sample], at: float) -> None:
        s, h, cast = self.s, self.h, self.cast
        back = at + (s.between(0.6, 1.6) if s.chance(h.overnight) else s.between(0.08, 0.3))
        port = s.pick(s.country.ports[:4])
        if s.chance(0.7):
            s.call(at - s.between(0.05, 0.6), keeper, mule, chain=True)
        s.cross(at, mule, "exit", port, chain=True)
        if self.seized < h.seizures and s.chance(h.seizures / max(6.0, h.length / h.cadence)):
            self.seized += 1
            self._seize(mule, load, at + 0.01, port)
            return
        s.cross(back, mule, "entry", port if s.chance(0.6) else "", chain=True)
        if s.chance(h.courier_to_lab):
            s.call(at + 0.05, mule, cast.lab_hand, chain=True)
        elif s.chance(0.3):
            s.call(at + 0.06, mule, cast.laboratory, chain=True)
        self.tested += [at] * len(load)
        self.trips_of.setdefault(mule.uid, []).append(at)
        if h.mule_pay == "trip":
            payer = keeper if h.paid_by in ("hub", "recruiter") else self._payer(h.paid_by)
            s.pay(
                back + s.between(0.02, 0.9), payer, mule, s.pick((200, 250, 300, 300, 380)) * s.country.unit, chain=True
            )

    def _seize(self, mule: Person, load: list[Sample], at: float, port: str) -> None:
        s, h, c = self.s, self.h, self.s.country
        number = "Q" + s.digits(9)
        row: Row = {
            "seizure_id": number,
            "port": port,
            "document_no": mule.documents[-1]
            if len(mule.documents) == 1
            else mule.documents[min(len(mule.documents) - 1, int(at / s.days * len(mule.documents)))],
        }
        row |= {
            "carrier_name": mule.name,
            "material": s.pick(c.seized_blood),
            "quantity": len(load) * h.tubes,
            "unit": s.mark("支", "tubes"),
        }
        row |= {
            "concealment": s.pick(c.hidden),
            "storage_celsius": round(s.between(4, 33), 1),
            "condition": s.pick((s.mark("完好", "intact"), s.mark("渗漏", "leaking"), s.mark("破损", "broken"))),
        }
        s.add("seizure", at, row, (mule,), chain=True)
        for x in load:
            for t in range(h.tubes):
                tube: Row = {
                    "specimen_id": f"{number}-{s.digits(5)}",
                    "seizure_id": number,
                    "tube_type": "EDTA",
                    "volume_ml": s.pick((5, 6, 8)),
                    "drawn_at": x.at + 1,
                }
                tube |= {
                    "label": x.client.name if s.chance(0.7) else s.digits(6),
                    "test": s.pick(c.services_plain) if s.chance(h.plain_words) and t == 0 else "",
                }
                s.add("specimen", at, tube)

    # Money and talk -------------------------------------------------------------------------------------

    def _paydays(self, days: list[float], every: str) -> list[tuple[float, int]]:
        """When pay falls due and for how many tubes or trips."""
        if every == "batch":
            found, counts = np.unique(np.floor(days), return_counts=True)
            return [(float(d) + self.s.between(0.6, 1.5), int(n)) for d, n in zip(found, counts, strict=True)]
        step = 7.0 if every == "weekly" else 30.0
        found, counts = np.unique(np.floor(np.array(days) / step), return_counts=True)
        return [((float(d) + 1) * step + self.s.between(0.4, 0.9), int(n)) for d, n in zip(found, counts, strict=True)]

    def _settle(self) -> None:
        s, h, cast = self.s, self.h, self.cast
        rate = s.pick((100, 150, 200, 300, 400)) * s.country.unit
        by_id = {p.uid: p for p in cast.everyone()}
        boss = self._payer(h.paid_by)
        if h.collector_pay != "skim" and h.payee != "collector":
            for uid, days in self.tubes_of.items():
                for at, n in self._paydays(days, h.collector_pay):
                    s.pay(at, boss if s.chance(0.8) else self._payer(h.paid_by), by_id[uid], n * rate, chain=True)
        if h.mule_pay == "weekly":
            for uid, days in self.trips_of.items():
                for at, n in self._paydays(days, "weekly"):
                    s.pay(at, boss, by_id[uid], n * 300 * s.country.unit, chain=True)
        self._pass_up(by_id)
        if h.lab_paid != "never" and self.tested:
            top = cast.company or s.pick(cast.treasurers or [cast.organiser])
            for at, n in self._paydays(self.tested, h.lab_paid):
                s.pay(at, top, cast.laboratory, n * h.price * 0.25, chain=True)
        for hub in cast.hubs:
            landlord = s.person()
            for month in range(int(h.length // 30)):
                s.pay(h.first + 30 * month, hub[0], landlord, 3200 * s.country.unit, s.mark("房租", "rent"))

    def _pass_up(self, by_id: dict[int, Person]) -> None:
        """Takings go up, every one or two weeks, less what is kept."""
        s, h, cast = self.s, self.h, self.cast
        step = s.pick((7.0, 14.0))
        above = cast.treasurers or [cast.organiser]
        for uid, taken in self.takings.items():
            who = by_id[uid]
            target = s.pick(above)
            if target.uid == uid:
                target = cast.organiser
            if target.uid == uid:
                continue
            sums: dict[int, float] = {}
            for at, part in taken:
                sums[int(at // step)] = sums.get(int(at // step), 0) + part
            for period, total in sums.items():
                s.pay((period + 1) * step + s.between(0, 0.9), who, target, total * s.between(0.5, 0.9), chain=True)
        for t in cast.treasurers:
            if t.uid != cast.organiser.uid:
                for month in range(1, 1 + int(h.length // 30)):
                    s.pay(
                        h.first + 30 * month + s.between(0, 3),
                        t,
                        cast.organiser,
                        h.price * s.between(3, 20),
                        chain=True,
                    )

    def _talk(self) -> None:
        """Orders from above: compartments hold, so only some pairs ever speak."""
        s, h, cast = self.s, self.h, self.cast
        pairs = [(cast.organiser, hub[0]) for hub in cast.hubs] + [(cast.organiser, r) for r in cast.recruiters]
        pairs += [(cast.organiser, cast.laboratory)] * 2 + [(cast.organiser, t) for t in cast.treasurers]
        pairs += [(a, b) for hub in cast.hubs for a in hub[:1] for b in hub[1:]]
        rate = s.pick((0.1, 0.3, 0.6))
        for a, b in pairs:
            if a.uid == b.uid:
                continue
            for _ in range(int(s.rng.poisson(rate * min(h.length, 120)))):
                s.call(s.daytime(h.first + s.between(0, h.length)), a, b, chain=True)
        for collector in cast.collectors:
            for _ in range(int(s.rng.poisson(1.5))):
                s.call(s.daytime(h.first + s.between(0, h.length)), s.pick(cast.recruiters), collector, chain=True)
