"""How a gang works: every habit is drawn anew for each gang, over the breadth of what real cases show."""

from dataclasses import dataclass

from bench.strangers.society import Society

BREADTH = ("reference", "small_slow", "fast_company", "evasive", "partial", "abroad")


@dataclass(frozen=True, slots=True)
class Habits:
    """What one gang is like. Shares are 0 to 1, times in days, money in the country's unit."""

    first: float
    length: float
    samples: int
    collectors: int
    recruiters: int
    mules: int
    hubs: int
    hub_move: float  # days between changes of address; 0 for never
    hub_station: float  # share of hubs that receive at a courier station
    client_posts: float  # share of parcels the client posts herself
    bundle: float  # days a collector gathers before posting; 0 for each sample at once
    cadence: float  # days between batches
    threshold: int  # samples that start a batch early; 0 for none
    load: int  # tubes a carrier takes in a trip
    tubes: int
    overnight: float
    courier_to_lab: float  # share of batches a mule hands to a person who did not cross
    price: float
    deposit: float  # share of the price paid ahead; 0 for one payment
    payee: str  # who the client pays: recruiter, collector, treasurer, company
    cash: float  # share of clients who pay cash
    collector_pay: str  # batch, weekly, monthly, skim
    paid_by: str  # hub, treasurer, recruiter, organiser
    mule_pay: str  # trip, weekly, cash
    treasurers: int
    organiser_is_treasurer: bool
    lab_listed: bool
    lab_paid: str  # weekly, monthly, never
    seizures: int
    orders: float  # share of orders on a seized sheet
    order_agent: str  # collector, recruiter, none
    plain_words: float  # share of adverts and services that say it outright
    careless: float  # share of parcels whose contents are named for what they are
    advert_contact: str  # phone, handle, both
    adverts: int
    aliases: float  # share of parcels to the hub that bear another name
    phones: int  # phones a member has
    borrowed: int  # borrowed accounts a member who takes money has
    renewals: float  # share of mules with a second travel document
    helpers: int  # a hub's second hands
    company: bool
    regions: int


def _length(s: Society, world: str) -> float:
    """How long the gang works, in days."""
    return {"small_slow": s.between(300, 350), "fast_company": s.between(20, 56)}.get(
        world, s.between(min(70.0, s.days * 0.6), s.days * 0.9)
    )


def _sizes(s: Society, world: str, scale: float) -> tuple[int, int]:
    """Samples and collectors of a gang."""
    if world == "small_slow":
        return s.whole(60, 200), s.whole(10, 18)
    collectors = round(min(120.0, max(10.0, float(s.rng.lognormal(3.3, 0.6)))))
    samples = round(max(120, min(420, collectors * s.between(5, 14))) * scale)
    return samples, min(collectors, samples // 3)


def draw(s: Society, world: str, scale: float) -> Habits:
    """The habits of one gang of a world."""
    evasive, fast = world == "evasive", world == "fast_company"
    samples, collectors = _sizes(s, world, scale)
    length = min(_length(s, world), s.days - 2.0)
    small = world == "small_slow"
    treasurers = s.pick((1, 1, 2)) if small else s.pick((0, 1, 1, 2, 3))
    company = fast or (not small and not evasive and s.chance(0.3))
    payees = (
        ["recruiter", "collector"]
        + (["treasurer"] * 2 if treasurers else [])
        + (["company"] * (6 if fast else 2) if company else [])
    )
    mule_pay = s.pick(("cash", "cash", "trip") if evasive else ("trip", "trip", "weekly", "cash"))
    lab_paid = s.pick(("monthly", "never") if evasive else ("weekly", "monthly", "monthly", "never"))
    return Habits(
        first=s.between(1, max(1.1, s.days - length - 1)),
        length=length,
        samples=samples,
        collectors=collectors,
        recruiters=s.whole(1, 2) if small else s.whole(1, 6),
        mules=s.whole(1, 3) if small else s.whole(3, 14),
        hubs=1 if small else (s.whole(2, 5) if evasive else s.pick((1, 1, 2, 2, 3))),
        hub_move=s.between(25, 90) if evasive or s.chance(0.3) else 0.0,
        hub_station=0.5 if evasive else s.pick((0.0, 0.0, 0.3, 0.6)),
        client_posts=s.pick((0.0, 0.2, 0.5, 0.8, 1.0)),
        bundle=s.pick((0.0, 0.0, 2.0, 4.0, 7.0)),
        cadence=s.between(6, 16) if small else s.pick((1.0, 2.0, 3.0, 4.0, 7.0)),
        threshold=s.pick((0, 0, 12, 25)),
        load=s.pick((20, 40, 96, 96, 150)),
        tubes=s.pick((2, 2, 2, 3)),
        overnight=s.pick((0.0, 0.1, 0.5)) if s.country.code == "CN" else s.pick((0.3, 0.7, 1.0)),
        courier_to_lab=s.pick((0.0, 0.3, 0.9)),
        price=s.pick((1800, 2200, 2600, 3000, 3600, 4200)) * s.country.unit,
        deposit=s.pick((0.0, 0.0, 0.12, 0.3, 0.5)),
        payee=s.pick(payees),
        cash=s.pick((0.1, 0.3, 0.5) if evasive else (0.0, 0.0, 0.1, 0.3)),
        collector_pay=s.pick(("batch", "weekly", "weekly", "monthly", "skim")),
        paid_by=s.pick(("hub", "treasurer", "recruiter", "organiser")),
        mule_pay=mule_pay,
        treasurers=treasurers,
        organiser_is_treasurer=treasurers == 0 or s.chance(0.25),
        lab_listed=s.chance(0.6),
        lab_paid=lab_paid,
        seizures=s.pick((0, 1, 2)) if small or fast else s.whole(0, 6),
        orders=s.pick((0.0, 0.3, 0.6, 1.0)),
        order_agent=s.pick(("collector", "recruiter", "recruiter", "none")),
        plain_words=s.pick((0.0, 0.1, 0.3) if evasive else (0.1, 0.3, 0.6)),
        careless=s.pick((0.0, 0.0, 0.02, 0.1)),
        advert_contact=s.pick(("phone", "handle", "both")),
        adverts=s.whole(4, 15) if small else s.whole(8, 60),
        aliases=s.between(0.3, 0.9) if evasive else s.pick((0.0, 0.0, 0.2)),
        phones=s.whole(2, 4) if evasive else s.pick((1, 1, 2)),
        borrowed=s.whole(1, 3) if evasive else s.pick((0, 0, 0, 1)),
        renewals=s.pick((0.0, 0.3)) if not evasive else 0.4,
        helpers=0 if small else s.pick((0, 1, 2)),
        company=company,
        regions=s.whole(2, 5) if small else s.whole(6, 20),
    )
