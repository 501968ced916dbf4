"""Laboratories licensed to export: honest ones everywhere, and one that exports beyond its permit."""

from dataclasses import dataclass

from bench.strangers.society import Person, Row, Society

WAYS = ("over", "expired", "undeclared", "carried")


@dataclass(frozen=True, slots=True)
class Exporter:
    """What a licensed exporter does; `way` is empty for an honest one."""

    way: str
    clinics: int
    rate: float  # tubes a clinic sends on a working day
    step: int  # days between consignments
    excess: float  # exported over permitted, where it is beyond
    hides: float  # share of consignments that are not declared, or carried


def exporter(s: Society, way: str) -> Exporter:
    """Draw one."""
    # Beyond is what is beyond by many consignments; a single one would be a slip.
    step = s.pick((2, 3, 5) if way else (3, 7, 7, 14))
    return Exporter(way, s.whole(4, 12), s.between(0.5, 1.6), step, s.between(1.4, 4.0), s.between(0.3, 0.7))


class Licensed:
    """One licensed exporter in a society; `work` writes its records."""

    def __init__(self, s: Society, habits: Exporter, number: int = -1) -> None:
        """In that society, by those habits; an honest one belongs to no network."""
        self.s, self.h, self.number = s, habits, number
        c = s.country
        self.firm = s.organisation(lab=True, listed=False)
        self.head = s.person()
        s.register(self.firm, self.head, s.mark("医学检验服务；基因检测技术服务", "medical laboratory"), licence=True)
        self.partner = s.organisation(lab=True, abroad=True, listed=s.chance(0.7))
        self.clerk = s.person(at_border=True)
        self.runners: list[Person] = []
        self.unit = s.mark("支", "tubes")
        self.goods = s.mark("人体血液样本（NIPT）", "human blood samples")
        self.destination = c.foreign_city
        if habits.way == "carried":
            self.runners = [s.person(at_border=True) for _ in range(s.whole(1, 4))]
        if habits.way:
            self._blame()

    def _blame(self) -> None:
        """The firm, its head, the partner and whoever moves what is beyond the permit make the network."""
        for p, roles in [
            (self.firm, ("organiser", "hub", "treasurer")),
            (self.head, ("organiser",)),
            (self.partner, ("laboratory",)),
        ]:
            p.network, p.roles = self.number, roles
        for p in self.runners:
            p.network, p.roles = self.number, ("mule",)
            p.documents.append(self.s.document())
        if self.h.way in ("undeclared", "carried"):
            self.clerk.network, self.clerk.roles = self.number, ("hub",)

    def work(self) -> None:
        """Write permits, tubes in, consignments out, declarations, money."""
        s, h = self.s, self.h
        days = max(1, s.days - 4)
        expected = round(h.clinics * h.rate * days * 0.75)
        permitted = round(expected / h.excess if h.way == "over" else expected * s.between(1.05, 1.8))
        self._permits(permitted)
        price = s.pick((800, 1200, 1800)) * s.country.unit
        clinics = [s.clinic() for _ in range(h.clinics)]
        stock = 0
        for d in range(days):
            if d % 7 < 6 and s.works(d):
                stock += sum(self._tubes_in(clinic, d, price) for clinic in clinics)
            if d % h.step == h.step - 1 and stock:
                self._consign(s.daytime(d, 10, 17), stock)
                stock = 0
        for month in range(1, 1 + days // 30):
            at = month * 30 + 0.5
            s.pay(at, self.firm, self.partner, expected / max(1, days // 30) * price * 0.4, chain=bool(h.way))
            s.pay(at, self.firm, self.clerk, 7000 * s.country.unit, s.mark("工资", "salary"))
            for clinic in clinics:
                s.pay(at, clinic, self.firm, expected / h.clinics * price * 0.5 / max(1, days // 30))
        for _ in range(s.whole(3, 20)):
            s.call(s.daytime(s.between(0, days)), self.head, s.pick((self.partner, self.clerk)), chain=bool(h.way))

    def _permits(self, quantity: int) -> None:
        """One permit for the time, or two that follow each other; some recipients are written differently."""
        s, h = self.s, self.h
        self.permit_no = s.mark("国科遗办审字〔2025〕CJ", "EXP/2025/") + s.digits(4)
        end = s.between(0.3, 0.6) * s.days if h.way == "expired" else s.days + s.between(5, 200)
        row: Row = {
            "permit_no": self.permit_no,
            "holder_name": self.firm.name,
            "holder_id": self.firm.org_id,
            "material": self.goods,
            "quantity": quantity,
        }
        row |= {
            "unit": self.unit,
            "valid_to": end,
            "recipient_name": self.partner.name,
            "destination": self.destination,
            "authority": s.mark("国家卫生健康委员会", "Ministry of Health"),
        }
        s.add("permit", -s.between(1, 40), row, (self.firm, self.partner), chain=bool(h.way))

    def _tubes_in(self, clinic: Person, day: int, price: float) -> int:
        s = self.s
        n = int(s.rng.poisson(self.h.rate))
        if n:
            s.parcel(s.daytime(day, 15, 20), clinic, self.firm, s.pick(s.country.medical), n * s.between(15, 40) + 200)
        if n and s.chance(0.15):
            s.pay(s.daytime(day), s.person(), clinic, price)
        return n

    def _consign(self, at: float, tubes: int) -> None:
        """One consignment to the partner: declared by waybill, or not, or carried."""
        s, h = self.s, self.h
        hidden = h.way in ("undeclared", "carried") and s.chance(h.hides)
        if hidden and h.way == "carried":
            runner = s.pick(self.runners)
            s.call(at - 0.3, self.clerk, runner, chain=True)
            s.cross(at, runner, "exit", chain=True)
            s.cross(at + s.between(0.1, 0.4), runner, "entry", chain=True)
            s.pay(at + 0.6, self.clerk, runner, s.pick((300, 400, 500)) * s.country.unit, chain=True)
            return
        bad = bool(h.way) and (hidden or h.way in ("over", "expired"))
        sender = self.clerk if hidden and s.chance(0.6) else self.firm
        s.parcel(
            at,
            sender,
            self.partner,
            s.pick(s.country.goods if hidden else s.country.medical),
            tubes * s.between(13, 25) + 600,
            chain=bad,
        )
        if hidden:
            return
        number = str(s.traces[-1].row["waybill_no"])
        # Rounding and late paper are slips of honest and dishonest alike.
        told = tubes if s.chance(0.9) else round(tubes * s.between(0.97, 1.03))
        row: Row = {
            "declaration_no": s.digits(18),
            "goods": self.goods,
            "hs_code": "3002120000",
            "exporter_name": self.firm.name,
            "exporter_id": self.firm.org_id,
        }
        row |= {
            "consignee_name": self.partner.name,
            "destination": self.destination,
            "quantity": told,
            "unit": self.unit,
            "value": round(told * 90 * s.country.unit),
            "currency": s.country.currency,
        }
        row |= {"permit_no": self.permit_no, "port": s.pick(s.country.ports), "waybill_no": number}
        s.add(
            "declaration", at + (0.1 if s.chance(0.95) else s.between(1, 5)), row, (self.firm, self.partner), chain=bad
        )


def other_declarations(s: Society, n: int) -> None:
    """Exports of ordinary goods by companies of the register."""
    firms = [s.organisation() for _ in range(max(3, n // 12))]
    for _ in range(n):
        firm = s.pick(firms)
        row: Row = {
            "declaration_no": s.digits(18),
            "goods": s.pick(s.country.goods),
            "hs_code": s.digits(10),
            "exporter_name": firm.name,
            "exporter_id": firm.org_id,
        }
        row |= {
            "consignee_name": s.pick(s.country.foreign_names) + " Trading",
            "destination": s.country.foreign_city,
            "quantity": s.whole(10, 5000),
            "unit": s.mark("件", "pieces"),
        }
        row |= {
            "value": s.whole(1000, 400000) * s.country.unit,
            "currency": s.country.currency,
            "port": s.pick(s.country.ports),
        }
        s.add("declaration", s.daytime(s.between(0, s.days - 1)), row)
