"""People and the traces they leave: one class of persons and one set of pens for lawful and unlawful acts alike."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from bench.strangers.countries import Country

T = TypeVar("T")
Row = dict[str, str | float]


@dataclass(slots=True)
class Person:
    """A person or an organisation with what it can be known by."""

    uid: int
    name: str
    region: str
    city: str
    phones: list[str]
    accounts: list[str]
    addresses: list[str]
    documents: list[str] = field(default_factory=list)
    handles: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    # Others whose traces are his own, such as a front's straw director: naming them is naming him.
    hands: list[int] = field(default_factory=list)
    resident: str = ""
    org_id: str = ""
    nationality: str = ""
    is_abroad: bool = False
    network: int = -1
    roles: tuple[str, ...] = ()
    is_donor: bool = False


@dataclass(slots=True)
class Trace:
    """One record before it is filtered and written. `at` is in days since the world's first day."""

    kind: str
    at: float
    row: Row
    tied: tuple[int, ...]
    is_chain: bool


class Society:
    """A country during some days: makes persons and writes what they do."""

    def __init__(self, country: Country, rng: np.random.Generator, days: int) -> None:
        """An empty land, that chance, and how many days its records cover."""
        self.country, self.rng, self.days = country, rng, days
        self.people: list[Person] = []
        self.traces: list[Trace] = []
        self.holders: dict[str, str] = {}
        # The first of them stand in the border town; all of them serve everybody there.
        towns = [country.border] * 15 + [self.town() for _ in range(25)]
        self.stations = [self.address(*t) + self.mark(" 快递驿站", " parcel point") for t in towns]
        self.offices = [self.phone() for _ in range(25)]
        # Long holidays still the whole country: first day and length.
        self.holidays = [(self.between(0, days), self.between(3, 8)) for _ in range(1 + days // 120)]

    # Chance -----------------------------------------------------------------------------------------------

    def pick(self, items: Sequence[T]) -> T:
        """One of the items, each as likely."""
        return items[int(self.rng.integers(len(items)))]

    def some(self, items: Sequence[T], n: int) -> list[T]:
        """`n` different items, or all."""
        order = self.rng.permutation(len(items))[: max(0, n)]
        return [items[int(i)] for i in order]

    def chance(self, p: float) -> bool:
        """True with probability p."""
        return bool(self.rng.random() < p)

    def between(self, low: float, high: float) -> float:
        """A number between the two, uniform."""
        return float(self.rng.uniform(low, high))

    def whole(self, low: int, high: int) -> int:
        """A whole number between the two, both included."""
        return int(self.rng.integers(low, high + 1))

    def digits(self, n: int) -> str:
        """`n` random digits."""
        return "".join(map(str, self.rng.integers(0, 10, n)))

    def mark(self, chinese: str, other: str) -> str:
        """Wording for China or for elsewhere."""
        return chinese if self.country.code == "CN" else other

    def works(self, at: float) -> bool:
        """Whether that day is outside the long holidays."""
        return not any(first <= at < first + length for first, length in self.holidays)

    def daytime(self, at: float, low: float = 8.0, high: float = 21.0) -> float:
        """The same day at some hour of the waking day."""
        return float(int(at)) + self.between(low, high) / 24

    # Identifiers ------------------------------------------------------------------------------------------

    def phone(self, *, abroad: bool = False) -> str:
        """A new phone number, E.164."""
        c = self.country
        if abroad:
            return (
                c.abroad_dial
                + {"+852": self.pick("569"), "+971": "5", "+65": self.pick("89"), "+66": "8"}[c.abroad_dial]
                + self.digits(8 if c.abroad_dial in ("+971", "+66") else 7)
            )
        heads = {
            "CN": ("13", "15", "17", "18", "19"),
            "IN": ("98", "97", "88", "70"),
            "PH": ("917", "905", "998"),
            "VN": ("90", "91", "86", "35"),
        }[c.code]
        head = self.pick(heads)
        return c.dial + head + self.digits({"CN": 11, "IN": 10, "PH": 10, "VN": 9}[c.code] - len(head))

    def account(self) -> str:
        """A new bank or wallet account."""
        if self.country.code == "CN":
            return "62" + self.digits(17) if self.chance(0.6) else "wx" + self.digits(12)
        return self.digits(int(self.pick((10, 12, 14))))

    def document(self, *, abroad: bool = False) -> str:
        """A new travel document number."""
        if self.country.code == "CN":
            if abroad:
                return "H" + self.digits(8)
            return "C" + (self.digits(8) if self.chance(0.5) else self.pick("ABCDEF") + self.digits(7))
        letter = {"IN": "PRSTZ", "PH": "P", "VN": "BCN"}[self.country.code]
        return (self.pick("EXK") if abroad else self.pick(letter)) + self.digits(7)

    def resident(self, who: Person) -> str:
        """The number of somebody's identity card, by which the registers know a subscriber."""
        if who.resident:
            return who.resident
        if self.country.code != "CN":
            who.resident = self.digits(12)
        elif who.is_abroad:
            who.resident = self.pick("ABCDEGHKPRVYZ") + self.digits(7)
        else:
            birth = f"{self.whole(1962, 2003)}{self.whole(1, 12):02d}{self.whole(1, 28):02d}"
            body = (
                self.pick(("4401", "3303", "3505", "4301", "4201", "5101", "3601", "4501"))
                + "0"
                + self.pick("2345")
                + birth
                + self.digits(3)
            )
            weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
            who.resident = body + "10X98765432"[sum(int(x) * w for x, w in zip(body, weights, strict=True)) % 11]
        return who.resident

    def handle(self, platform: str = "") -> str:
        """A new platform account."""
        stem = "".join(self.pick("abcdefghijklmnopqrstuvwxyz") for _ in range(self.whole(4, 7)))
        return f"{platform or self.pick(self.country.platforms)}:{stem}{self.digits(self.whole(1, 4))}"

    def name(self) -> str:
        """A name from the pool everybody's comes from; namesakes arise by themselves."""
        c = self.country
        if c.code == "CN":
            given = self.pick(c.givens) + (self.pick(c.givens) if self.chance(0.75) else "")
            return self.pick(c.surnames) + given
        parts = (self.pick(c.surnames), self.pick(c.givens))
        return " ".join(parts if c.family_first else parts[::-1])

    def town(self) -> tuple[str, str]:
        """A region and a town in it."""
        region, towns = self.pick(self.country.regions)
        return region, self.pick(towns)

    def address(self, region: str, city: str, *, abroad: bool = False) -> str:
        """A new address."""
        c = self.country
        if abroad:
            return f"Flat {self.whole(1, 20)}, {self.whole(1, 900)} {self.pick(c.foreign_streets)}, {c.foreign_city}"
        if c.code == "CN":
            head = region if region in ("北京", "上海", "重庆") else region + ("" if region == "广西" else "省")
            return (
                f"{head}{city}{self.pick(c.streets)}{self.whole(1, 399)}号{self.whole(1, 30)}栋{self.whole(101, 2909)}"
            )
        return f"{self.whole(1, 399)} {self.pick(c.streets)}, Block {self.whole(1, 30)}, {city}, {region}"

    def org_no(self) -> str:
        """A new registration number."""
        if self.country.code != "CN":
            return "U" + self.digits(9)
        alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
        body = "9144" + self.digits(4) + "MA5" + "".join(self.pick(alphabet) for _ in range(6))
        total = sum(
            alphabet.index(x) * w
            for x, w in zip(body, (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28), strict=True)
        )
        return body + alphabet[(31 - total % 31) % 31]

    # Persons ----------------------------------------------------------------------------------------------

    def person(self, *, at_border: bool = False, abroad: bool = False) -> Person:
        """A new person; a home abroad gives the foreign form of everything."""
        region, city = self.country.border if at_border else self.town()
        who = Person(
            uid=len(self.people),
            name=self.pick(self.country.foreign_names) if abroad else self.name(),
            region=region,
            city=city,
            phones=[self.phone(abroad=abroad)],
            accounts=[self.account()],
            addresses=[self.address(region, city, abroad=abroad)],
            nationality=self.country.nationality[int(abroad)],
            is_abroad=abroad,
        )
        self.holders[who.accounts[0]] = who.name
        self.people.append(who)
        return who

    def organisation(self, *, lab: bool = False, abroad: bool = False, listed: bool = True) -> Person:
        """A company or laboratory with a representative; `listed` puts it into the register."""
        c = self.country
        org = self.person(at_border=self.chance(0.4), abroad=abroad)
        stem = self.pick(
            ("Grand", "Union", "Bright", "Nova", "Harbour", "Summit", "Apex", "Lotus", "Prime", "Orient")
        ) + self.pick(("well", "gene", "tech", "life", "care", "star"))
        local = "".join(self.some(c.givens, 2)) if c.code == "CN" else stem
        foreign_form = abroad or c.code != "CN"
        shapes = (
            c.lab
            if lab and foreign_form
            else (("{n}医学检验实验室有限公司", "{n}医学检验所有限公司", "{n}生物科技有限公司") if lab else c.company)
        )
        org.name = self.pick(shapes).format(n=stem if foreign_form else org.city[:2] + local)
        org.org_id = self.org_no()
        self.holders[org.accounts[0]] = org.name
        if listed:
            head = self.person(abroad=abroad)
            scope = self.pick(c.lab_scopes if lab and foreign_form else c.company_scopes)
            if lab and not foreign_form:
                scope = "医学检验服务；基因检测技术服务"
            self.register(org, head, scope, licence=lab and not abroad)
            org.hands.append(head.uid)
        return org

    def clinic(self) -> Person:
        """A licensed clinic or hospital ward, in the register or a doctor's own name."""
        who = self.organisation(listed=False) if self.chance(0.7) else self.person()
        if who.org_id:
            stem = (
                "".join(self.some(self.country.givens, 2))
                if self.country.code == "CN"
                else self.pick(self.country.surnames)
            )
            who.name = self.pick(self.mark("妇产医院 门诊部 妇幼保健院", "Clinic Hospital").split())
            who.name = f"{who.city[:2]}{stem}{who.name}" if self.country.code == "CN" else f"{stem} {who.name}"
            self.holders[who.accounts[0]] = who.name
            self.register(who, self.person(), self.mark("医疗服务；妇科、产科门诊", "medical services"), licence=True)
        return who

    def register(self, org: Person, head: Person, scope: str, *, licence: bool = False) -> None:
        """Write the register's entry of a company."""
        if not head.documents:
            head.documents.append(self.document(abroad=head.is_abroad))
        row: Row = {
            "org_name": org.name,
            "org_id": org.org_id,
            "representative_name": head.name,
            "representative_document": head.documents[0],
        }
        row |= {
            "address": org.addresses[0],
            "phone": org.phones[0],
            "business_scope": scope,
            "status": self.mark("存续", "active"),
        }
        row |= {"licence": self.mark("医疗机构执业许可证", "laboratory licence") if licence else ""}
        row["established"] = -self.between(100, 3000)
        self.add("organisation", 0.0, row)

    # Pens -------------------------------------------------------------------------------------------------

    def add(self, kind: str, at: float, row: Row, parties: Sequence[Person] = (), *, chain: bool = False) -> None:
        """Write a record. In a chain's act those of its parties who belong to a network are tied to it."""
        tied = tuple(p.uid for p in parties if p.network >= 0) if chain else ()
        self.traces.append(Trace(kind, at, row, tied, chain))

    def pay(
        self,
        at: float,
        payer: Person,
        payee: Person,
        amount: float,
        memo: str | None = None,
        *,
        chain: bool = False,
        channel: str = "",
    ) -> None:
        """One transfer from one of the payer's accounts to one of the payee's."""
        source, target = self.pick(payer.accounts), self.pick(payee.accounts)
        # Most sums are round, whoever pays them.
        grain = self.pick((0.01, 1, 1, 10, 10)) * self.country.unit
        amount = max(grain, round(amount / grain) * grain)
        row: Row = {
            "payer_account": source,
            "payee_account": target,
            "amount": round(amount, 2),
            "currency": self.country.currency,
        }
        row |= {
            "payer_name": self.holders[source],
            "payee_name": self.holders[target],
            "channel": channel or self.pick(self.country.channels),
        }
        row |= {"memo": self.pick(self.country.memos) if memo is None else memo, "payment_id": self.digits(16)}
        self.add("payment", at, row, (payer, payee), chain=chain)

    def parcel(  # noqa: PLR0913 as many as a waybill has fields
        self,
        at: float,
        sender: Person,
        receiver: Person,
        contents: str,
        grams: float,
        *,
        chain: bool = False,
        pieces: int = 1,
        to: str = "",
        alias: str = "",
        sent_as: str = "",
    ) -> float:
        """One parcel; gives the time it is delivered."""
        c = self.country
        arrived = self.daytime(at + self.pick((1, 1, 2, 2, 3)), 9, 19)
        number = self.mark("SF", "W") + self.digits(13)
        row: Row = {"waybill_no": number, "carrier": self.pick(c.carriers), "delivered_at": arrived}
        row |= {
            "sender_name": sent_as or sender.name,
            "sender_phone": self.pick(sender.phones),
            "sender_address": self.pick(sender.addresses),
        }
        row |= {
            "receiver_name": alias or receiver.name,
            "receiver_phone": self.pick(receiver.phones),
            "receiver_address": to or self.pick(receiver.addresses),
        }
        row |= {"contents": contents, "weight_g": round(grams), "pieces": pieces}
        row |= {"freight": round(self.between(8, 30) * c.unit, 2), "currency": c.currency}
        self.add("waybill", at, row, (sender, receiver), chain=chain)
        return arrived

    def small_goods(self) -> tuple[str, float]:
        """Contents and grams of an everyday parcel."""
        return self.pick(self.country.goods), float(np.clip(self.rng.lognormal(5.7, 0.8), 40, 9000))

    def cross(
        self, at: float, who: Person, direction: str, port: str = "", mode: str = "", *, chain: bool = False
    ) -> None:
        """One traveller over the border once."""
        if not who.documents:
            who.documents.append(self.document(abroad=who.is_abroad))
        # A renewed document follows the old one in time.
        document = who.documents[min(len(who.documents) - 1, int(max(0.0, at) / self.days * len(who.documents)))]
        row: Row = {
            "document_no": document,
            "direction": direction,
            "traveller_name": who.name,
            "nationality": who.nationality,
        }
        row |= {"port": port or self.pick(self.country.ports), "mode": mode or self.pick(self.country.modes)}
        self.add("crossing", at, row, (who,), chain=chain)

    def call(self, at: float, a: Person, b: Person, *, chain: bool = False) -> None:
        """One call or message between two."""
        by_handle = bool(a.handles and b.handles) and self.chance(0.4)
        first, second = (self.pick(x.handles if by_handle else x.phones) for x in (a, b))
        if self.chance(0.5):
            first, second = second, first
        row: Row = {
            "from_identifier": first,
            "to_identifier": second,
            "medium": self.mark("消息", "message") if by_handle else self.mark("通话", "call"),
            "duration_s": 0 if by_handle else round(float(self.rng.lognormal(4, 1))),
        }
        self.add("contact", at, row, (a, b), chain=chain)

    def holder(self, kind: str, identifier: str, who: Person, *, name: str = "") -> None:
        """A line of a subscriber register."""
        row: Row = {
            "identifier_type": kind,
            "identifier": identifier,
            "holder_name": name or who.name,
            "holder_org_id": who.org_id,
        }
        row |= {"holder_document": "" if name or who.org_id else self.resident(who), "address": who.addresses[0]}
        self.add("subscriber", 0.0, row)
