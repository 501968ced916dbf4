"""Lawful life, drawn from the same pools: much of it has the very shape of the trade one looks for."""

from collections import Counter
from collections.abc import Callable, Mapping

from bench.strangers.society import Person, Row, Society


class Commons:
    """Writes lawful records of every kind until each has reached its number."""

    def __init__(self, s: Society) -> None:
        """In that society."""
        self.s = s
        self.u = s.country.unit
        self.public: list[Person] = []
        self.travellers: list[Person] = []

    def fill(self, targets: Mapping[str, int]) -> None:
        """Write until the society has `targets` lawful records of each kind, about."""
        s = self.s
        # Those of the chain buy, sell and telephone like everybody else.
        self.public = [p for p in s.people if not p.org_id and not p.is_abroad]
        s.rng.shuffle(self.public)
        self.public = self.public[: 60 + len(self.public) // 2]
        for _ in range(s.whole(2, 6)):
            self.carrying_trade()
        for _ in range(s.whole(1, 3)):
            self.laboratory()
        for _ in range(s.whole(1, 2)):
            self.kit_seller()
        parcels = (self.shop, self.shop, self.shop, self.daigou, self.returns, self.family)
        self._until("waybill", targets, parcels)
        self._until("payment", targets, (self.employer, self.family, self.family, self.eatery))
        self._until("crossing", targets, (self.commuter, self.tripper, self.tripper, self.tripper, self.daigou))
        self._until("contact", targets, (self.office, self.family, self.driver))
        self._until("order", targets, (self.laboratory,))
        self._until("post", targets, (self.poster,))
        self._until("seizure", targets, (self.seized,))
        self._until("organisation", targets, (self.listed,))

    def _until(self, kind: str, targets: Mapping[str, int], ways: tuple[Callable[[], None], ...]) -> None:
        have = Counter(t.kind for t in self.s.traces if not t.is_chain)[kind]
        seen = len(self.s.traces)
        while have < targets.get(kind, 0):
            self.s.pick(ways)()
            have += sum(t.kind == kind for t in self.s.traces[seen:])
            seen = len(self.s.traces)

    def someone(self) -> Person:
        """Somebody who is about already, or newly so."""
        if self.public and self.s.chance(0.6):
            return self.s.pick(self.public)
        self.public.append(self.s.person())
        return self.public[-1]

    def day(self) -> float:
        """Some time in the world, in waking hours."""
        return self.s.daytime(self.s.between(0, self.s.days - 1))

    def traveller(self) -> Person:
        """Somebody by the border with a travel document, at times of the other side."""
        s = self.s
        p = s.person(at_border=True)
        p.is_abroad = s.chance(0.35)
        p.nationality = s.country.nationality[int(p.is_abroad)]
        p.documents += [s.document(abroad=p.is_abroad) for _ in range(2 if s.chance(0.1) else 1)]
        self.travellers.append(p)
        return p

    def _firm(self) -> Person:
        """A shop: a person, or a registered company with an office phone of its house."""
        s = self.s
        firm = s.organisation() if s.chance(0.4) else s.person(at_border=s.chance(0.3))
        if s.chance(0.3):
            firm.phones.append(s.pick(s.offices))
        if s.chance(0.4):
            firm.handles.append(s.handle())
        if s.chance(0.2):
            firm.accounts.append(s.account())
            s.holders[firm.accounts[-1]] = s.name()
        return firm

    # Parcels and payments -----------------------------------------------------------------------------------

    def shop(self) -> None:
        """An online seller: strangers pay, small parcels go out; some come back."""
        s, firm = self.s, self._firm()
        price = s.between(30, 3000) * self.u
        same = s.chance(0.4)
        for _ in range(s.whole(10, 160)):
            buyer, at = self.someone(), self.day()
            if s.chance(0.8):
                s.pay(at, buyer, firm, price if same else price * s.between(0.5, 2))
            contents, grams = s.small_goods()
            s.parcel(
                s.daytime(at + s.between(0, 1)),
                firm,
                buyer,
                contents,
                grams,
                to=s.pick(s.stations) if s.chance(0.25) else "",
            )
            if s.chance(0.05):
                s.parcel(at + 6, buyer, firm, contents, grams)
            if s.chance(0.1):
                s.call(at, buyer, firm)
        self._staff(firm, s.whole(0, 4))

    def returns(self) -> None:
        """Strangers post small parcels to one address and are paid or charged: buy-back, repair, printing, papers."""
        s, firm = self.s, self._firm()
        price = s.between(80, 3500) * self.u
        charges = s.chance(0.6)
        for _ in range(s.whole(15, 130)):
            buyer, at = self.someone(), self.day()
            contents, grams = s.small_goods()
            came = s.parcel(at, buyer, firm, contents, grams, to=s.pick(s.stations) if s.chance(0.1) else "")
            if s.chance(0.75):
                first, second = (buyer, firm) if charges else (firm, buyer)
                s.pay(at + s.between(-1, 4), first, second, price * s.pick((1, 1, 1, 0.9, 1.2)))
            if s.chance(0.5):
                s.parcel(s.daytime(came + s.between(2, 9)), firm, buyer, contents, grams)
            if s.chance(0.3):
                s.call(at, buyer, firm)
        self._staff(firm, s.whole(0, 5))

    def _staff(self, firm: Person, n: int) -> None:
        """Wages of a firm, weekly or monthly, equal or by the piece."""
        s = self.s
        step = s.pick((7, 30))
        for worker in [s.person() for _ in range(n)]:
            for i in range(s.days // step):
                s.pay(
                    s.daytime((i + 1) * step - 0.5),
                    firm,
                    worker,
                    s.pick((600, 900, 1200, 1500)) * self.u * (step / 7) * s.between(0.8, 1.2),
                )

    def carrying_trade(self) -> None:
        """Watches, gems or papers of strangers carried over the border by paid runners, and lawfully."""
        s, firm = self.s, self._firm()
        first, last = sorted((s.between(0, s.days / 2), s.between(s.days / 2, s.days - 1)))
        runners = [self.traveller() for _ in range(s.whole(1, 5))]
        agents = [s.person() for _ in range(s.whole(0, 12))]
        workshop = s.organisation(abroad=True, listed=s.chance(0.5))
        firm.handles = firm.handles or [s.handle()]
        contents = s.pick(s.country.goods)
        price = s.pick((900, 1500, 2200, 2800, 3500)) * self.u
        waiting: list[float] = []
        for _ in range(s.whole(60, 240)):
            at = s.daytime(s.between(first, last))
            buyer = self.someone()
            agent = s.pick(agents) if agents and s.chance(0.7) else firm
            s.pay(at, buyer, agent if s.chance(0.4) else firm, price * s.pick((1, 1, 0.8, 1.3)))
            waiting.append(
                s.parcel(s.daytime(at + 1), buyer if s.chance(0.5) else agent, firm, contents, s.between(80, 500))
            )
            if s.chance(0.4):
                s.call(at, buyer, agent)
            if s.chance(0.7):
                s.parcel(s.daytime(at + s.between(9, 20)), firm, buyer, contents, s.between(80, 500))
        step = s.pick((1, 2, 3, 7))
        for d in range(int(first), int(last), step):
            if any(d - step <= w < d for w in waiting):
                self._run_over(firm, s.pick(runners), d + 0.4)
        for d in range(int(first) + 30, int(last), 30):
            s.pay(d + 0.5, firm, workshop, price * s.between(4, 12))
            for agent in agents:
                s.pay(d + s.between(0, 1), firm, agent, s.pick((200, 300, 450)) * self.u * s.whole(1, 5))
        self._adverts(firm, s.whole(2, 12), s.country.honest_posts)

    def _run_over(self, firm: Person, runner: Person, at: float) -> None:
        s = self.s
        if s.chance(0.6):
            s.call(at - 0.2, firm, runner)
        self._there_and_back(runner, at, s.between(0.1, 0.35))
        if s.chance(0.7):
            s.pay(at + s.between(0.4, 1), firm, runner, s.pick((200, 300, 300, 400)) * self.u)

    def _there_and_back(self, who: Person, at: float, stay: float) -> None:
        port = self.s.pick(self.s.country.ports)
        self.s.cross(at, who, "exit", port)
        self.s.cross(at + stay, who, "entry", port if self.s.chance(0.8) else "")

    def daigou(self) -> None:
        """A parallel trader: over the border several times a week, parcels and payments of many strangers."""
        s, who = self.s, self.traveller()
        who.handles.append(s.handle())
        for d in range(s.whole(0, 6), s.days - 2, s.pick((1, 2, 3, 4, 7))):
            if not s.works(d) and s.chance(0.5):
                continue
            self._there_and_back(who, s.daytime(d, 7, 14), s.between(0.1, 0.4))
            for _ in range(s.whole(0, 4)):
                buyer = self.someone()
                s.pay(s.daytime(d), buyer, who, s.between(100, 2500) * self.u)
                contents, grams = s.small_goods()
                s.parcel(s.daytime(d + 1), who, buyer, contents, grams)
        self._adverts(who, s.whole(0, 5), s.country.honest_posts)

    def family(self) -> None:
        """Kin who pay, post and telephone one another."""
        s = self.s
        kin = [self.someone() for _ in range(s.whole(2, 5))]
        for _ in range(s.whole(3, 25)):
            a, b = s.some(kin, 2)
            if a.uid == b.uid:
                continue
            at, what = self.day(), s.rng.random()
            if what < 0.4:
                s.pay(at, a, b, s.pick((100, 200, 500, 1000, 2000, 3000)) * self.u)
            elif what < 0.6:
                contents, grams = s.small_goods()
                s.parcel(at, a, b, contents, grams)
            else:
                s.call(at, a, b)

    def employer(self) -> None:
        """Weekly or monthly wages to many."""
        self._staff(self._firm(), self.s.whole(5, 40))

    def eatery(self) -> None:
        """A counter with many small takings."""
        firm = self._firm()
        for _ in range(self.s.whole(20, 150)):
            self.s.pay(self.day(), self.someone(), firm, self.s.between(10, 300) * self.u)

    # Blood, lawfully ----------------------------------------------------------------------------------------

    def laboratory(self) -> None:
        """A licensed laboratory and the clinics that send it tubes every day."""
        s, c = self.s, self.s.country
        lab = s.organisation(lab=True)
        clinics = [s.clinic() for _ in range(s.whole(3, 10))]
        riders = [s.person() for _ in range(s.whole(1, 3))]
        price = s.pick((800, 1200, 1800, 2400)) * self.u
        for clinic in clinics:
            sent = 0
            for d in range(s.whole(0, 3), s.days - 2, s.pick((1, 2, 3))):
                n = int(s.rng.poisson(0.7))
                for _ in range(n):
                    patient, at = self.someone(), s.daytime(d, 8, 16)
                    row: Row = {
                        "service": s.pick(c.services_lawful),
                        "order_id": s.digits(10),
                        "client_name": patient.name,
                        "client_phone": patient.phones[0],
                    }
                    row |= {
                        "client_region": patient.region,
                        "price": price,
                        "currency": c.currency,
                        "agent_name": clinic.name,
                        "agent_phone": clinic.phones[0],
                    }
                    if s.chance(0.35):
                        s.add("order", at, row)
                    if s.chance(0.6):
                        s.pay(at, patient, clinic, price)
                sent += n
                if n:
                    s.parcel(
                        s.daytime(d, 16, 20),
                        clinic,
                        lab,
                        s.pick(c.medical),
                        n * s.between(15, 40) + s.between(150, 900),
                    )
                    if s.chance(0.1):
                        s.call(d + 0.6, clinic, s.pick(riders))
            for d in range(30, s.days, 30):
                s.pay(d + 0.5, clinic, lab, price * 0.4 * max(1, sent // max(1, s.days // 30)))
        self._adverts(lab, s.whole(0, 4), c.hospital_posts)
        self._staff(lab, s.whole(2, 8))

    def kit_seller(self) -> None:
        """A genetic test by post: strangers pay a company and post it their own samples; all stays in the country."""
        s, c, firm = self.s, self.s.country, self.s.organisation(lab=True)
        price = s.pick((300, 700, 1500, 2200)) * self.u
        for _ in range(s.whole(40, 160)):
            buyer, at = self.someone(), self.day()
            s.pay(at, buyer, firm, price)
            s.parcel(s.daytime(at + 0.5), firm, buyer, s.pick(c.goods), s.between(100, 300))
            s.parcel(
                s.daytime(at + 5), buyer, firm, s.pick(c.medical if s.chance(0.6) else c.goods), s.between(60, 250)
            )
            if s.chance(0.3):
                s.call(at, buyer, firm)
        self._adverts(firm, s.whole(2, 8), c.hospital_posts)

    # Border, talk, adverts ----------------------------------------------------------------------------------

    def commuter(self) -> None:
        """Over the border every working day, with a monthly wage."""
        s, who = self.s, self.traveller()
        port = s.pick(s.country.ports)
        work = s.pick(self.public) if self.public else s.person()
        days = s.pick((2, 4, 5, 5))
        step = 1 if s.country.code == "CN" else 5
        for d in range(0, s.days - 1, step):
            if d % 7 < days and s.works(d) and s.chance(0.6):
                s.cross(s.daytime(d, 6, 9), who, "exit", port)
                s.cross(s.daytime(d, 16, 22), who, "entry", port)
        for d in range(28, s.days, 30):
            s.pay(d + 0.5, work, who, s.between(5000, 20000) * self.u)

    def tripper(self) -> None:
        """Shopping, kin, schooling: now and then."""
        s, who = self.s, self.traveller() if self.s.chance(0.9) else self.someone()
        for _ in range(s.whole(1, 6)):
            self._there_and_back(who, self.day(), s.pick((0.2, 0.3, 1.2, 3.0, 6.0)))

    def office(self) -> None:
        """One line for a whole house, called by many."""
        s = self.s
        host = s.person()
        host.phones = [s.pick(s.offices)]
        for _ in range(s.whole(20, 120)):
            s.call(self.day(), self.someone(), host)

    def driver(self) -> None:
        """A courier who rings everybody he delivers to."""
        s, who = self.s, self.s.person()
        for _ in range(s.whole(30, 200)):
            s.call(self.day(), who, self.someone())

    def _adverts(self, who: Person, n: int, texts: tuple[str, ...]) -> None:
        s = self.s
        who.handles = who.handles or [s.handle()]
        for _ in range(n):
            handle = s.pick(who.handles)
            told = who.phones[0].removeprefix(s.country.dial) if s.chance(0.5) else handle.split(":")[1]
            row: Row = {
                "platform": handle.split(":")[0],
                "account": handle,
                "text": s.pick(texts).format(c=told),
                "post_id": s.digits(12),
            }
            s.add("post", self.day(), row | {"region": who.region if s.chance(0.4) else ""})

    def poster(self) -> None:
        """Adverts for baby clothes, jobs, repairs, hospitals."""
        c = self.s.country
        self._adverts(self.someone(), self.s.whole(1, 10), c.hospital_posts if self.s.chance(0.2) else c.honest_posts)

    def seized(self) -> None:
        """Something else found on a traveller."""
        s, c = self.s, self.s.country
        who = s.pick(self.travellers) if self.travellers else self.traveller()
        at = self.day()
        if s.chance(0.7):
            s.cross(at - 0.01, who, "exit")
        row: Row = {
            "seizure_id": "Q" + s.digits(9),
            "port": s.pick(c.ports),
            "document_no": who.documents[-1],
            "carrier_name": who.name,
        }
        row |= {
            "material": s.pick(c.seized_other),
            "quantity": s.whole(1, 300),
            "unit": s.mark("件", "pieces"),
            "concealment": s.pick(c.hidden),
        }
        s.add("seizure", at, row)

    def listed(self) -> None:
        """One more company in the register."""
        self.s.organisation(lab=self.s.chance(0.1))
