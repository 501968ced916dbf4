"""Who is in a gang: its persons, their phones, accounts, documents, and the roles that one person may join."""

from dataclasses import dataclass, field

from bench.strangers.habits import Habits
from bench.strangers.society import Person, Society


@dataclass(slots=True)
class Cast:
    """Who is in the gang."""

    organiser: Person
    laboratory: Person
    lab_hand: Person
    company: Person | None
    recruiters: list[Person] = field(default_factory=list)
    collectors: list[Person] = field(default_factory=list)
    hubs: list[list[Person]] = field(default_factory=list)
    hub_towns: list[tuple[str, str]] = field(default_factory=list)
    mules: list[Person] = field(default_factory=list)
    treasurers: list[Person] = field(default_factory=list)

    def everyone(self) -> list[Person]:
        """All of them."""
        some = [self.organiser, self.laboratory, *self.recruiters, *self.collectors, *self.mules, *self.treasurers]
        firm = [self.company] if self.company else []
        return list({p.uid: p for p in [*some, *firm, *(h for hub in self.hubs for h in hub)]}.values())


class Hiring:
    """Makes the persons of one gang."""

    def __init__(self, s: Society, habits: Habits, number: int) -> None:
        """Of that society, by those habits, for the network of that number."""
        self.s, self.h, self.number = s, habits, number

    def _member(self, *roles: str, at_border: bool = False, who: Person | None = None) -> Person:
        """A new member, or one more role for one who is there."""
        p = who or self.s.person(at_border=at_border)
        p.network, p.roles = self.number, (*p.roles, *roles)
        if who is None:
            p.phones += [self.s.phone() for _ in range(self.h.phones - 1)]
        return p

    def _borrow(self, p: Person) -> None:
        """Accounts in other persons' names."""
        for _ in range(self.h.borrowed):
            account, lender = self.s.account(), self.s.name()
            self.s.holders[account] = lender
            p.accounts.append(account)
            p.aliases.append(lender)

    def cast(self) -> Cast:
        """The whole gang."""
        s, h = self.s, self.h
        organiser = self._member("organiser", at_border=s.chance(0.6))
        lab = self._member("laboratory", who=s.organisation(lab=True, abroad=True, listed=h.lab_listed))
        cast = Cast(organiser, lab, s.person(abroad=True), None)
        lab.hands.append(cast.lab_hand.uid)
        if h.company:
            cast.company = self._member("organiser", "treasurer", who=s.organisation(listed=False))
            head = organiser if s.chance(0.5) else s.person()
            s.register(cast.company, head, s.pick(s.country.company_scopes))
            if head is not organiser:
                cast.company.hands.append(head.uid)
        cast.recruiters = [self._member("recruiter") for _ in range(h.recruiters)]
        if h.recruiters == 1 and s.chance(0.4):
            cast.recruiters = [self._member("recruiter", who=organiser)]
        for r in cast.recruiters:
            r.handles += [s.handle() for _ in range(s.whole(1, 3))]
        cast.collectors = [self._member("collector") for _ in range(h.collectors)]
        for _ in range(h.hubs):
            cast.hubs.append([self._member("hub", at_border=True) for _ in range(1 + s.whole(0, h.helpers))])
            cast.hub_towns.append(s.country.border if s.chance(0.7) else s.town())
        cast.mules = [self._member("mule", at_border=True) for _ in range(h.mules)]
        for m in cast.mules:
            # Some carriers live on the other side.
            m.is_abroad = s.chance(0.35)
            m.nationality = s.country.nationality[int(m.is_abroad)]
            m.documents += [s.document(abroad=m.is_abroad) for _ in range(2 if s.chance(h.renewals) else 1)]
        cast.treasurers = [self._member("treasurer") for _ in range(h.treasurers)]
        if h.organiser_is_treasurer:
            cast.treasurers.append(self._member("treasurer", who=organiser))
        for p in {q.uid: q for q in [*cast.treasurers, *cast.recruiters, organiser]}.values():
            self._borrow(p)
        return cast
